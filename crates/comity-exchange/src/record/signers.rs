//! Who signed the statements of a channel: each is judged by the descriptor in force at its place (docs/protocol.md
//! section 1.4).

use std::sync::Arc;

use comity_model::ChannelId;
use comity_pouch::dsse::{self, Envelope};
use jiff::Timestamp;

use super::Wrong;
use crate::descriptor::{self, InForce};
use crate::dispatch::blocking;
use crate::error::Result;
use crate::node::Node;
use crate::partner::Partner;

/// Verifies the signatures of a channel's statements, a page at a time.
pub(super) struct Signers<'a> {
    node: &'a Node,
    channel: ChannelId,
    in_force: Option<InForce>,
    waiting: Vec<Signed>,
    verified: u64,
}

/// A statement whose signatures are not verified yet.
struct Signed {
    at: u64,
    by: Arc<Partner>,
    issued_at: Timestamp,
    envelope: Envelope,
}

impl Signed {
    fn holds(&self) -> bool {
        let keys = self.by.statement_keys(self.issued_at);
        keys.iter().any(|key| self.envelope.verify(dsse::STATEMENT, key).is_ok())
    }
}

impl<'a> Signers<'a> {
    pub(super) const fn new(node: &'a Node, channel: ChannelId) -> Self {
        Self { node, channel, in_force: None, waiting: Vec::new(), verified: 0 }
    }

    /// Takes the statement at `at`; statements come in order.
    pub(super) async fn add(
        &mut self,
        at: u64,
        issued_at: Timestamp,
        envelope: Envelope,
    ) -> Result<()> {
        let judges = |it: &InForce| it.until.is_none_or(|(until, _)| at < until);
        let in_force = match self.in_force.take().filter(judges) {
            Some(known) => known,
            None => descriptor::in_force(self.node, self.channel, at).await?,
        };
        let by = Arc::clone(&in_force.partner);
        self.in_force = Some(in_force);
        self.waiting.push(Signed { at, by, issued_at, envelope });
        Ok(())
    }

    /// Verifies what was taken since the last time. Gives the first of it that its sender did not sign.
    pub(super) async fn verify(&mut self) -> Result<Option<Wrong>> {
        let waiting = std::mem::take(&mut self.waiting);
        let count = waiting.len() as u64;
        let bad = blocking(move || Ok(waiting.iter().find(|it| !it.holds()).map(|it| it.at)));
        let bad = bad.await?;
        self.verified += if bad.is_none() { count } else { 0 };
        Ok(bad.map(Wrong::Signer))
    }

    /// Statements of which both signatures were verified.
    pub(super) const fn verified(&self) -> u64 {
        self.verified
    }
}
