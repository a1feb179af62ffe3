//! What `comity proposal` and `comity contact` answer.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// `proposal put`.
#[derive(Debug, Deserialize)]
pub(in crate::demo) struct Put {
    pub(in crate::demo) folio: String,
}

/// `proposal show`.
#[derive(Debug, Deserialize)]
pub(in crate::demo) struct Proposal {
    pub(in crate::demo) subject: String,
    pub(in crate::demo) decision: Option<Decision>,
}

/// What was decided about a proposal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::demo) struct Decision {
    pub(in crate::demo) folio: String,
    #[serde(rename = "decision")]
    pub(in crate::demo) decided: String,
    pub(in crate::demo) office: String,
    pub(in crate::demo) legal_basis: Vec<String>,
    pub(in crate::demo) reasons: Vec<String>,
    pub(in crate::demo) text: String,
    pub(in crate::demo) statement: String,
}

/// `proposal history`.
#[derive(Debug, Deserialize)]
pub(in crate::demo) struct History {
    pub(in crate::demo) events: Vec<Event>,
}

/// Something that happened to a subject: a statement, or a contact that stays in one node.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::demo) struct Event {
    pub(in crate::demo) at: Timestamp,
    #[serde(rename = "event")]
    pub(in crate::demo) what: String,
    pub(in crate::demo) by: String,
    pub(in crate::demo) folio: String,
    pub(in crate::demo) statement: Option<String>,
    pub(in crate::demo) contact: Option<String>,
}

/// `contact add`.
#[derive(Debug, Deserialize)]
pub(in crate::demo) struct Contact {
    pub(in crate::demo) folio: String,
}

/// `contact report`.
#[derive(Debug, Deserialize)]
pub(in crate::demo) struct Report {
    pub(in crate::demo) due: Option<Timestamp>,
    pub(in crate::demo) recorded: bool,
}
