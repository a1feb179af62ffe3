//! What a node says to bad input from a partner: `mx` runs, and the test plays `us` with its real keys over
//! the real link. Everything is refused with a stated code, stands in the journal, and changes nothing else.

mod agreement;
mod archive;
mod foothold;
mod inbox;
mod link;
mod matrix;
mod object;
mod parties;
mod place;
mod pouch;
mod statement;

use comity_exchange::ports::PouchState;
use comity_model::Digest;
use comity_testkit::Forged;

use crate::support::{Rival, Serving, Terms, TwoNodes, View};

/// A running `mx` and a hostile `us`.
struct Case {
    nodes: TwoNodes,
    mx: Serving,
    us: Rival,
}

impl Case {
    async fn new() -> Self {
        Self::with(Terms::default()).await
    }

    async fn with(terms: Terms) -> Self {
        Self::between(TwoNodes::with(terms).await).await
    }

    /// Between nodes of which neither runs.
    async fn between(nodes: TwoNodes) -> Self {
        let mx = nodes.mx.serve().await;
        let us = Rival::of(&nodes);
        let case = Self { nodes, mx, us };
        crate::support::until("us is known to the link", async || {
            case.us.connects().await.then_some(())
        })
        .await;
        case
    }

    async fn view(&self) -> View {
        View::of(&self.nodes.mx).await
    }

    /// The pouch is refused with this code, which stands in the journal; nothing else changes.
    async fn refuses(&self, pouch: &[u8], code: &str) {
        let before = self.view().await;
        self.says_no(pouch, code).await;
        before.unchanged(&self.nodes.mx).await;
    }

    /// The same, but the pouch is kept as evidence.
    async fn refuses_and_keeps(&self, pouch: &[u8], code: &str) {
        let before = self.view().await;
        self.says_no(pouch, code).await;
        before.with_pouch(&Digest::of(pouch)).unchanged(&self.nodes.mx).await;
    }

    async fn says_no(&self, pouch: &[u8], code: &str) {
        let fate = self.us.deliver_bytes(pouch.to_vec()).await;
        assert_eq!(fate, (PouchState::Refused, Some(code.to_owned())));
        self.journalled("pouch-refused", &Digest::of(pouch), code).await;
    }

    /// The statement is refused with this code, which stands in the journal, and uses its place; it is
    /// answered, and nothing else changes.
    async fn consumes(&mut self, forged: &Forged, code: &str) {
        let before = self.view().await;
        let fate = self.us.deliver(forged).await;
        assert_eq!(fate, (PouchState::Consumed, Some(code.to_owned())));
        self.journalled("statement-consumed", &forged.digest, code).await;
        self.us.went(forged);
        before.only_used(&self.nodes.mx, 1).await;
    }

    /// The statement is taken in: what was refused before stands in nobody's way.
    async fn takes(&mut self, forged: &Forged) {
        assert_eq!(self.us.deliver(forged).await, (PouchState::Consumed, None));
        self.us.went(forged);
    }

    /// The next honest statement is taken in.
    async fn goes_on(&mut self) {
        let seed = format!("afterwards {}", self.us.said.len());
        let honest = self.us.forge(&self.us.proposal(&seed));
        self.takes(&honest).await;
    }

    async fn journalled(&self, event: &str, subject: &Digest, code: &str) {
        let lines = self.nodes.mx.journal(event).await;
        let line = lines.iter().find(|line| line["subject"] == subject.to_string());
        let line = line.unwrap_or_else(|| panic!("no `{event}` of {subject} in {lines:?}"));
        assert_eq!(line["details"]["code"], code, "{line}");
    }
}
