//! What the commands about evidence, views and origins answer.

use serde::Deserialize;

/// `release evidence`.
#[derive(Debug, Deserialize)]
pub(in crate::demo) struct Written {
    /// Whether receipt and cosignature are in it.
    pub(in crate::demo) whole: bool,
}

/// `verify`, of several files.
#[derive(Debug, Deserialize)]
pub(in crate::demo) struct AllVerified {
    pub(in crate::demo) files: Vec<Verdict>,
}

/// What one of them proves.
#[derive(Debug, Deserialize)]
pub(in crate::demo) struct Verdict {
    pub(in crate::demo) verdict: String,
}

/// `holdings corroboration`.
#[derive(Debug, Deserialize)]
pub(in crate::demo) struct Corroborated {
    /// How many distinct origins there are.
    pub(in crate::demo) count: u64,
}

/// `holdings views`.
#[derive(Debug, Deserialize)]
pub(in crate::demo) struct Views {
    pub(in crate::demo) parties: Vec<View>,
}

/// What one party says of an object.
#[derive(Debug, Deserialize)]
pub(in crate::demo) struct View {
    pub(in crate::demo) party: String,
    pub(in crate::demo) own: bool,
    pub(in crate::demo) said: Vec<Opinion>,
}

/// An opinion or a note.
#[derive(Debug, Deserialize)]
pub(in crate::demo) struct Opinion {
    pub(in crate::demo) opinion: Option<String>,
}
