//! Matters as a node keeps them: every statement of a request, a proposal, a consent, a recall, a purge or a piece of advice.

use comity_model::matter::{self, Clock, Entry, MatterBody, MatterError, Stage};
use comity_model::{AgreementId, Digest, Folio, MatterId, MatterKind, PartyRoot};

use super::StoredPart;

/// A matter with everything that was said in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MatterRow {
    /// Which.
    pub id: MatterId,
    /// Under which agreement.
    pub agreement: AgreementId,
    /// The party that opened it.
    pub opener: PartyRoot,
    /// The other.
    pub other: PartyRoot,
    /// Whether either party terminated the agreement.
    pub terminated: bool,
    /// What was said, in order; never empty.
    pub entries: Vec<MatterEntry>,
}

impl MatterRow {
    /// What was said, as the rules see it: without what the other party refused.
    pub fn said(&self) -> Vec<Entry> {
        self.entries.iter().filter(|it| !it.refused).map(|it| it.said.clone()).collect()
    }

    /// Whether a party may say `body` next, as it had the matter when it spoke.
    pub fn accepts(&self, from: PartyRoot, body: &MatterBody) -> Result<(), MatterError> {
        let heard = matter::as_heard(&self.said(), from);
        match (heard.is_empty(), matter::accepts(&heard, from, body)) {
            // an id stays used also where the statement that opened the matter was refused
            (true, Ok(())) => Err(MatterError::Exists),
            (_, judged) => judged,
        }
    }

    /// How it stands.
    pub fn stage(&self) -> Stage {
        let stage = matter::stage(&self.said()).unwrap_or(Stage::NotTaken);
        if self.terminated { stage.after_termination(self.id.kind()) } else { stage }
    }

    /// Which party is to speak next, if one is.
    pub fn awaits(&self) -> Option<PartyRoot> {
        if self.stage() == Stage::Ended { None } else { matter::awaits(&self.said()) }
    }

    /// Its clock, where it has one and the partner received it.
    pub fn clock(&self) -> Option<Clock> {
        matter::clock(&self.said())
    }

    /// The statement that opened it.
    pub fn opening(&self) -> Option<&MatterEntry> {
        self.entries.first()
    }

    /// The party of the two that is not `own`.
    pub fn partner(&self, own: PartyRoot) -> PartyRoot {
        if self.opener == own { self.other } else { self.opener }
    }
}

/// One statement of a matter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MatterEntry {
    /// Who said what to whom, and when.
    pub said: Entry,
    /// Its number at the party that said it.
    pub folio: Folio,
    /// Its text, where it has one.
    pub text: Option<String>,
    /// The files that travelled with it, each under its salt.
    pub attachments: Vec<StoredPart>,
    /// Whether the other party refused it: it was not said then.
    pub refused: bool,
}

impl MatterEntry {
    /// What it says.
    pub const fn body(&self) -> &MatterBody {
        &self.said.body
    }

    /// The statement.
    pub const fn statement(&self) -> Digest {
        self.said.statement
    }
}

/// Which matters to list. Every condition must hold.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct MatterQuery {
    /// Of this kind.
    pub kind: Option<MatterKind>,
    /// With this partner.
    pub partner: Option<PartyRoot>,
    /// Under this agreement.
    pub agreement: Option<AgreementId>,
    /// Open ones, or closed ones.
    pub open: Option<bool>,
    /// At most so many, newest first.
    pub limit: u32,
}
