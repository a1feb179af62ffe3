//! What parties said of themselves, and from where on it counts (docs/protocol.md section 1.4).

use comity_model::Digest;
use jiff::Timestamp;

/// A descriptor that was taken in here. None is ever forgotten: what was signed under it stays judged by it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DescriptorRow {
    /// Its serial.
    pub serial: u64,
    /// The signed envelope, as text.
    pub envelope: String,
    /// When it was taken in.
    pub taken_at: Timestamp,
}

/// From where on a descriptor is in force in a channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DescriptorPlace {
    /// The first sequence that is judged by it.
    pub sequence: u64,
    /// Its serial.
    pub serial: u64,
    /// The `descriptor` statement before it that brought it; `None` where the channel began with it or a file brought it.
    pub statement: Option<Digest>,
    /// In a channel of this party, the checkpoint of the size `sequence`, signed by the keys before: what they said is
    /// proved under it.
    pub checkpoint: Option<String>,
}

/// This party's next descriptor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnDescriptor {
    /// Its serial, one above the one before; a file may pass over some.
    pub serial: u64,
    /// The signed envelope, as text.
    pub envelope: String,
    /// When it was made.
    pub at: Timestamp,
    /// Whether partners get it as a file alone, because the keys that would have to announce it are lost: then it is in
    /// force from the first statement of each channel that is not signed yet.
    pub by_file: bool,
}
