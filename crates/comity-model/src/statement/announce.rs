//! What a `descriptor` says (docs/protocol.md section 3.17).

use serde::{Deserialize, Serialize};

use crate::Digest;

/// A `descriptor`: what the sender says of itself from the next sequence of this channel on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DescriptorBody {
    /// The descriptor: a DSSE envelope as text, signed by the sender's root.
    pub descriptor: String,
    /// What the channel goes on from, in the first statement of an epoch above 1 and nowhere else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub continues: Option<Continues>,
}

/// Where an epoch takes up what the one before left (docs/protocol.md section 2.3).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Continues {
    /// The epoch before.
    pub epoch: u32,
    /// How many of its statements both parties have.
    pub size: u64,
    /// The digest of the last of them; left out where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digest: Option<Digest>,
    /// A checkpoint of that log, or of one after it, that the receiver cosigned, as a signed note: the largest that the sender
    /// knows of. Left out where the receiver cosigned none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub checkpoint: Option<String>,
}
