//! What the commands about pouches answer.

use serde::Deserialize;

/// `pouch export`.
#[derive(Debug, Deserialize)]
pub(in crate::demo) struct Carried {
    pub(in crate::demo) written: u64,
}

/// `pouch import`.
#[derive(Debug, Deserialize)]
pub(in crate::demo) struct Brought {
    pub(in crate::demo) consumed: u64,
}
