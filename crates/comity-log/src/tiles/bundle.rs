//! Bundles of entries (C2SP tlog-tiles, Log entries).

/// The most bytes that one entry has: its length is written in two.
pub const MAX_ENTRY_BYTES: usize = 65_535;

/// Why bytes are not a bundle, or entries do not go into one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BundleError {
    /// An entry over [`MAX_ENTRY_BYTES`].
    #[error("an entry is over {MAX_ENTRY_BYTES} bytes; a tiled log can't hold it")]
    TooLong,
    /// Bytes that end inside an entry, or go on after the last one.
    #[error("the bundle is cut or has bytes after its last entry; fetch it again")]
    Shape,
}

impl BundleError {
    /// The stable name of this error.
    pub const fn code(self) -> &'static str {
        match self {
            Self::TooLong => "entry-too-long",
            Self::Shape => "entry-bundle-shape",
        }
    }
}

/// The bytes of a bundle: each entry after its length in two big-endian bytes.
pub fn entry_bundle<'a>(
    entries: impl IntoIterator<Item = &'a [u8]>,
) -> Result<Vec<u8>, BundleError> {
    let mut bytes = Vec::new();
    for entry in entries {
        let length = u16::try_from(entry.len()).map_err(|_| BundleError::TooLong)?;
        bytes.extend_from_slice(&length.to_be_bytes());
        bytes.extend_from_slice(entry);
    }
    Ok(bytes)
}

/// The entries of a bundle of exactly `width` of them, 1 to 256. Nothing is copied.
pub fn parse_bundle(bytes: &[u8], width: u64) -> Result<Vec<&[u8]>, BundleError> {
    let mut entries = Vec::new();
    let mut rest = bytes;
    for _ in 0..width {
        let (length, after) = rest.split_first_chunk::<2>().ok_or(BundleError::Shape)?;
        let length = usize::from(u16::from_be_bytes(*length));
        let (entry, after) = after.split_at_checked(length).ok_or(BundleError::Shape)?;
        entries.push(entry);
        rest = after;
    }
    if rest.is_empty() { Ok(entries) } else { Err(BundleError::Shape) }
}
