//! What the commands about units, legal holds and recalls answer.

use serde::{Deserialize, Serialize};

/// `unit give`.
#[derive(Debug, Deserialize)]
pub(in crate::demo) struct Bundle {
    pub(in crate::demo) objects: u64,
}

/// `legal-hold add`.
#[derive(Debug, Deserialize)]
pub(in crate::demo) struct Hold {
    pub(in crate::demo) number: u64,
    pub(in crate::demo) rows: u64,
}

/// `purge run --dry-run`.
#[derive(Debug, Deserialize)]
pub(in crate::demo) struct Sweep {
    pub(in crate::demo) purged: u64,
}

/// `recall send`.
#[derive(Debug, Deserialize)]
pub(in crate::demo) struct Recalls {
    pub(in crate::demo) recalls: Vec<Sent>,
}

/// One recall that was sent.
#[derive(Debug, Deserialize)]
pub(in crate::demo) struct Sent {
    pub(in crate::demo) folio: String,
}

/// `recall show`.
#[derive(Debug, Deserialize)]
pub(in crate::demo) struct Recall {
    pub(in crate::demo) state: String,
    pub(in crate::demo) said: Vec<Answer>,
}

/// What was said in a recall: the recall itself has no figures.
#[derive(Debug, Deserialize)]
pub(in crate::demo) struct Answer {
    pub(in crate::demo) statement: String,
    pub(in crate::demo) body: Figures,
}

/// The figures of an answer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(in crate::demo) struct Figures {
    pub(in crate::demo) purged: u64,
    pub(in crate::demo) held: u64,
    /// Units that had any of it.
    pub(in crate::demo) units: u64,
    /// Those of them that were told.
    pub(in crate::demo) told: u64,
}

/// `recall notices` and `recall told`.
#[derive(Debug, Deserialize)]
pub(in crate::demo) struct Notices {
    pub(in crate::demo) units: Vec<Notice>,
}

/// A unit that had something of what is recalled.
#[derive(Debug, Deserialize)]
pub(in crate::demo) struct Notice {
    pub(in crate::demo) unit: String,
    pub(in crate::demo) told_at: Option<jiff::Timestamp>,
}

/// `purge list`.
#[derive(Debug, Deserialize)]
pub(in crate::demo) struct Purges {
    pub(in crate::demo) purges: Vec<PurgeLine>,
}

/// A purge statement.
#[derive(Debug, Deserialize)]
pub(in crate::demo) struct PurgeLine {
    pub(in crate::demo) folio: String,
    pub(in crate::demo) from: String,
}
