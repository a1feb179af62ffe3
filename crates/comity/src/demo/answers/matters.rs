//! What the commands about matters answer.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What a command answers that said something in a matter.
#[derive(Debug, Deserialize)]
pub(in crate::demo) struct Spoken {
    pub(in crate::demo) folio: String,
}

/// `consent ask`.
#[derive(Debug, Deserialize)]
pub(in crate::demo) struct Asked {
    pub(in crate::demo) asked: Vec<Spoken>,
}

/// `consent show`.
#[derive(Debug, Deserialize)]
pub(in crate::demo) struct Consent {
    pub(in crate::demo) state: String,
}

/// `request show` and `advice show`.
#[derive(Debug, Deserialize)]
pub(in crate::demo) struct Matter {
    pub(in crate::demo) stage: String,
    /// When the other party received what opened it.
    pub(in crate::demo) received_at: Option<Timestamp>,
    pub(in crate::demo) due: Option<Timestamp>,
    pub(in crate::demo) closed_at: Option<Timestamp>,
    pub(in crate::demo) overdue: bool,
    pub(in crate::demo) said: Vec<Said>,
}

/// One thing that was said in a matter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::demo) struct Said {
    pub(in crate::demo) folio: String,
    pub(in crate::demo) from: String,
    pub(in crate::demo) kind: String,
    pub(in crate::demo) at: Timestamp,
    pub(in crate::demo) statement: String,
    pub(in crate::demo) text: Option<String>,
    pub(in crate::demo) attachments: Vec<File>,
}

/// A file that came with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::demo) struct File {
    pub(in crate::demo) name: String,
    pub(in crate::demo) bytes: u64,
}

/// `release open`.
#[derive(Debug, Deserialize)]
pub(in crate::demo) struct Opened {
    pub(in crate::demo) derivative: String,
}

/// `verify`.
#[derive(Debug, Deserialize)]
pub(in crate::demo) struct Verified {
    pub(in crate::demo) verdict: String,
    pub(in crate::demo) flaw: Option<Flaw>,
}

/// What does not hold in a file of evidence.
#[derive(Debug, Deserialize)]
pub(in crate::demo) struct Flaw {
    pub(in crate::demo) member: String,
    pub(in crate::demo) code: String,
}
