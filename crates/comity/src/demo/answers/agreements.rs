//! What `comity agreement` answers.

use serde::{Deserialize, Serialize};

/// `agreement explain`.
#[derive(Debug, Deserialize)]
pub(in crate::demo) struct Explained {
    pub(in crate::demo) digest: String,
    pub(in crate::demo) text: String,
}

/// `agreement test`.
#[derive(Debug, Deserialize)]
pub(in crate::demo) struct Tried {
    pub(in crate::demo) ok: bool,
    pub(in crate::demo) examples: Vec<serde::de::IgnoredAny>,
}

/// `agreement diff`.
#[derive(Debug, Deserialize)]
pub(in crate::demo) struct Compared {
    pub(in crate::demo) widened: Vec<Change>,
    pub(in crate::demo) narrowed: Vec<Change>,
    pub(in crate::demo) changed: Vec<Change>,
}

/// One difference between two texts.
#[derive(Debug, Deserialize, Serialize)]
pub(in crate::demo) struct Change {
    pub(in crate::demo) term: String,
    pub(in crate::demo) en: String,
    pub(in crate::demo) es: String,
}

/// `agreement amend`.
#[derive(Debug, Deserialize)]
pub(in crate::demo) struct Amended {
    pub(in crate::demo) version: u32,
    pub(in crate::demo) text: String,
}

/// `agreement show`, `activate`, `suspend`, `lift` and `terminate`.
#[derive(Debug, Deserialize)]
pub(in crate::demo) struct Phase {
    pub(in crate::demo) phase: String,
    pub(in crate::demo) active: u32,
}
