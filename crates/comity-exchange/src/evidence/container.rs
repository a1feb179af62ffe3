//! The outer form of files of evidence: a line with the format and the SHA-256 of all that follows, then a zlib stream
//! (RFC 1950) of one JSON document (docs/protocol.md section 9.2).
//!
//! Compression is not unique, so the digest is over the compressed bytes: whatever byte is changed, it is noticed. It tells
//! damage, and proves nothing; that is what the signatures inside are for.

use comity_model::Digest;
use miniz_oxide::deflate::compress_to_vec_zlib;
use miniz_oxide::inflate::TINFLStatus;
use miniz_oxide::inflate::core::{DecompressorOxide, decompress, inflate_flags};

/// Bytes of the longest document inside a file.
pub(super) const DOCUMENT_LIMIT: usize = 16 << 20;
/// How hard the compressor tries, 0 to 10.
const LEVEL: u8 = 9;
/// Hexadecimal digits of a digest.
const DIGITS: usize = 64;

/// A file that is not of its format, or a damaged one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FileError {
    /// The file, or what is in it, is longer than any of the format.
    #[error("the file is longer than any that this format has; ask for it again")]
    TooLarge,
    /// It is not of the format.
    #[error("not a file of the format `{format}`: {why}")]
    Malformed {
        /// The format that was due.
        format: &'static str,
        /// What is wrong.
        why: String,
    },
    /// What follows the first line is not what was written.
    #[error(
        "the file was changed or damaged: the digest in its first line is of other bytes; ask for it again"
    )]
    Damaged,
    /// It says the same in other bytes than the format has for it.
    #[error("the file is not in its one form, first at `{0}`; ask for it again")]
    NotCanonical(String),
}

impl FileError {
    /// A stable word for it.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::TooLarge => "evidence-too-large",
            Self::Malformed { .. } => "evidence-malformed",
            Self::Damaged => "evidence-damaged",
            Self::NotCanonical(_) => "evidence-not-canonical",
        }
    }
}

/// The file of a document.
pub(super) fn pack(format: &str, document: &[u8]) -> Vec<u8> {
    let body = compress_to_vec_zlib(document, LEVEL);
    let mut file = format!("{format} {}\n", Digest::of(&body).hex()).into_bytes();
    file.extend_from_slice(&body);
    file
}

/// The document of a file of `format`, of at most `limit` bytes as a file and [`DOCUMENT_LIMIT`] bytes inside.
pub(super) fn unpack(
    format: &'static str,
    file: &[u8],
    limit: usize,
) -> Result<Vec<u8>, FileError> {
    if file.len() > limit {
        return Err(FileError::TooLarge);
    }
    let malformed = |why: &str| FileError::Malformed { format, why: why.to_owned() };
    let rest = file.strip_prefix(format.as_bytes()).and_then(|rest| rest.strip_prefix(b" "));
    let rest = rest.ok_or_else(|| malformed("its first line names another format"))?;
    let (digest, rest) =
        rest.split_at_checked(DIGITS).ok_or_else(|| malformed("its first line is cut short"))?;
    let body = rest
        .strip_prefix(b"\n")
        .ok_or_else(|| malformed("its first line is not a format and a digest"))?;
    if Digest::of(body).hex().as_bytes() != digest {
        return Err(FileError::Damaged);
    }
    inflate(body)
        .ok_or_else(|| malformed("what follows its first line is not compressed as it must be"))
}

/// The JSON document inside a file of either format, whatever it says; `None` where there is none. For people who want to
/// read it.
pub fn document(file: &[u8]) -> Option<Vec<u8>> {
    let formats = [super::FORMAT, super::equivocation::FORMAT];
    formats.into_iter().find_map(|format| unpack(format, file, super::FILE_LIMIT).ok())
}

/// What a zlib stream holds that ends where the bytes end.
fn inflate(body: &[u8]) -> Option<Vec<u8>> {
    let flags = inflate_flags::TINFL_FLAG_PARSE_ZLIB_HEADER
        | inflate_flags::TINFL_FLAG_COMPUTE_ADLER32
        | inflate_flags::TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF;
    let mut state = Box::<DecompressorOxide>::default();
    let mut out = vec![0; body.len().saturating_mul(4).clamp(4096, DOCUMENT_LIMIT)];
    let (mut read, mut written) = (0, 0);
    loop {
        let rest = body.get(read..)?;
        let (status, taken, made) = decompress(&mut state, rest, &mut out, written, flags);
        read += taken;
        written += made;
        match status {
            TINFLStatus::Done if read == body.len() => {
                out.truncate(written);
                return Some(out);
            }
            TINFLStatus::HasMoreOutput if out.len() < DOCUMENT_LIMIT => {
                out.resize(out.len().saturating_mul(2).min(DOCUMENT_LIMIT), 0);
            }
            _ => return None,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const FORMAT: &str = "comity-proof/1";
    const LIMIT: usize = 1 << 20;

    #[test]
    fn every_changed_or_missing_byte_of_a_file_is_noticed() {
        let document: Vec<u8> = (0..5_000_u32).flat_map(u32::to_le_bytes).collect();
        let file = pack(FORMAT, &document);
        assert_eq!(unpack(FORMAT, &file, LIMIT).as_deref(), Ok(document.as_slice()));
        for at in 0..file.len() {
            for bit in 0..8 {
                let mut other = file.clone();
                other[at] ^= 1 << bit;
                assert!(unpack(FORMAT, &other, LIMIT).is_err(), "bit {bit} of byte {at}");
            }
            assert!(unpack(FORMAT, &file[..at], LIMIT).is_err(), "cut at {at}");
        }
        assert!(unpack(FORMAT, &[file.as_slice(), b"x"].concat(), LIMIT).is_err());
        assert_eq!(
            unpack("comity-equivocation/1", &file, LIMIT).map_err(|it| it.code()),
            Err("evidence-malformed")
        );
        assert_eq!(unpack(FORMAT, &file, 100), Err(FileError::TooLarge));
    }

    #[test]
    fn a_bomb_and_a_tail_under_a_mended_digest_are_refused() {
        let mend = |body: &[u8]| {
            [format!("{FORMAT} {}\n", Digest::of(body).hex()).as_bytes(), body].concat()
        };
        let bomb = compress_to_vec_zlib(&vec![b'a'; DOCUMENT_LIMIT + 1], LEVEL);
        assert!(bomb.len() < 100_000);
        assert!(unpack(FORMAT, &mend(&bomb), LIMIT).is_err());
        let body = compress_to_vec_zlib(b"{}", LEVEL);
        assert_eq!(unpack(FORMAT, &mend(&body), LIMIT).as_deref(), Ok(b"{}".as_slice()));
        assert!(unpack(FORMAT, &mend(&[body.as_slice(), b"x"].concat()), LIMIT).is_err());
        assert!(unpack(FORMAT, &mend(&body[..body.len() - 1]), LIMIT).is_err());
    }

    proptest! {
        #[test]
        fn a_document_comes_out_as_it_went_in(document in proptest::collection::vec(any::<u8>(), 0..20_000)) {
            prop_assert_eq!(unpack(FORMAT, &pack(FORMAT, &document), LIMIT), Ok(document));
        }

        #[test]
        fn whatever_bytes_come_reading_ends(bytes in proptest::collection::vec(any::<u8>(), 0..2_000)) {
            let _ = inflate(&bytes);
            let _ = unpack(FORMAT, &bytes, LIMIT);
        }
    }
}
