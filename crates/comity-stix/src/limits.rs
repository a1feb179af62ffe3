//! What one object may cost.

/// Bounds on one object, checked before work is done or memory taken. The defaults are those of
/// docs/protocol.md section 5; what that section leaves open is bounded here by the object's size.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// How many containers may be open at once, the object itself being the first.
    pub depth: usize,
    /// Size of one object, in bytes, from its opening to its closing brace.
    pub object_bytes: usize,
    /// Properties and list elements of one object, all levels counted together.
    pub properties: usize,
    /// Size of one string as it is written between its quotes, in bytes.
    pub string_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { depth: 64, object_bytes: 1 << 20, properties: 100_000, string_bytes: 1 << 20 }
    }
}
