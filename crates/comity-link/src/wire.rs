//! What both ends of the link write and read: paths, headers and ranges (docs/protocol.md section 5).

use std::fmt;

use comity_model::{AgreementId, Digest};

/// Bytes of the pouch that are on the receiver's disk.
pub(crate) const OFFSET: &str = "comity-offset";
/// What became of the pouch, as the word of [`comity_exchange::ports::PouchState`].
pub(crate) const STATE: &str = "comity-state";
/// The media type of a refusal (RFC 9457).
pub(crate) const PROBLEM_JSON: &str = "application/problem+json";

/// The two kinds of resource on the link. There is no third.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Route {
    /// A pouch, by the SHA-256 of its bytes: `/link/v1/pouches/<64 hexadecimal digits>`.
    Pouch(Digest),
    /// The head of the caller's own channel: `/link/v1/channels/<agreement uuid>.<epoch>/head`.
    Head {
        /// The agreement.
        agreement: AgreementId,
        /// The epoch, from 1.
        epoch: u32,
    },
}

impl Route {
    /// Reads a path. Every resource has one spelling; everything else is `None`.
    pub fn parse(path: &str) -> Option<Self> {
        let rest = path.strip_prefix("/link/v1/")?;
        if let Some(digest) = rest.strip_prefix("pouches/") {
            return Digest::from_hex(digest).ok().map(Self::Pouch);
        }
        let (uuid, epoch) =
            rest.strip_prefix("channels/")?.strip_suffix("/head")?.split_once('.')?;
        let agreement = format!("agreement--{uuid}").parse().ok()?;
        let epoch = u32::try_from(number(epoch)?).ok().filter(|epoch| *epoch > 0)?;
        Some(Self::Head { agreement, epoch })
    }
}

impl fmt::Display for Route {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Pouch(digest) => write!(f, "/link/v1/pouches/{}", digest.hex()),
            Self::Head { agreement, epoch } => {
                write!(f, "/link/v1/channels/{}.{epoch}/head", agreement.uuid().as_hyphenated())
            }
        }
    }
}

/// A `Content-Range` (RFC 9110 section 14.4) with all three numbers known: `bytes first-last/total`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ContentRange {
    first: u64,
    last: u64,
    total: u64,
}

/// A `Content-Range` that is not of the form `bytes first-last/total` with `first <= last < total`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "the header `Content-Range` must be written `bytes first-last/total`, last smaller than total"
)]
pub struct RangeError;

impl ContentRange {
    /// The range of `len` bytes from `first` on in a pouch of `total` bytes; `None` if it is empty or goes past the end.
    pub const fn new(first: u64, len: u64, total: u64) -> Option<Self> {
        match first.checked_add(len) {
            Some(end) if len > 0 && end <= total => Some(Self { first, last: end - 1, total }),
            _ => None,
        }
    }

    /// Reads the header's value. Numbers have no sign and no leading zeros.
    pub fn parse(text: &str) -> Result<Self, RangeError> {
        let parse = || {
            let (range, total) = text.strip_prefix("bytes ")?.split_once('/')?;
            let (first, last) = range.split_once('-')?;
            let (first, last, total) = (number(first)?, number(last)?, number(total)?);
            (first <= last && last < total).then_some(Self { first, last, total })
        };
        parse().ok_or(RangeError)
    }

    /// Where it begins, in bytes.
    pub const fn first(&self) -> u64 {
        self.first
    }

    /// Its length in bytes, at least 1.
    pub const fn length(&self) -> u64 {
        self.last - self.first + 1
    }

    /// The size of the whole pouch in bytes.
    pub const fn total(&self) -> u64 {
        self.total
    }
}

impl fmt::Display for ContentRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "bytes {}-{}/{}", self.first, self.last, self.total)
    }
}

/// A decimal number in its one spelling.
pub(crate) fn number(text: &str) -> Option<u64> {
    let plain = text.bytes().all(|byte| byte.is_ascii_digit());
    let canonical = text.len() == 1 || !text.starts_with('0');
    (plain && canonical).then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_range_reads_back_as_it_is_written(first in 0..u64::MAX / 4, len in 1..u64::MAX / 4, more in 0..u64::MAX / 4) {
            let range = ContentRange::new(first, len, first + len + more).unwrap();
            prop_assert_eq!(ContentRange::parse(&range.to_string()), Ok(range));
            prop_assert_eq!(range.length(), len);
        }

        #[test]
        fn what_is_read_as_a_range_has_this_one_spelling(text in "(bytes )?[0-9+*]{0,4}-?[0-9]{0,4}/?[0-9*]{0,4}") {
            if let Ok(range) = ContentRange::parse(&text) {
                prop_assert_eq!(range.to_string(), text);
                prop_assert!(range.first() + range.length() <= range.total());
            }
        }

        #[test]
        fn what_is_read_as_a_route_has_this_one_spelling(text in "/link/v1/(pouches|channels)/[0-9a-fA-F./-]{0,80}(/head)?") {
            if let Some(route) = Route::parse(&text) {
                prop_assert_eq!(route.to_string(), text);
            }
        }
    }

    #[test]
    fn there_are_two_routes_and_no_other() {
        let digest = Digest::of(b"a pouch");
        let agreement: AgreementId =
            "agreement--5d0b6f1e-3c0e-4e59-8a52-6d1f0c6e2b11".parse().unwrap();
        for route in [Route::Pouch(digest), Route::Head { agreement, epoch: 3 }] {
            assert_eq!(Route::parse(&route.to_string()), Some(route));
        }
        let hex = digest.hex();
        for path in [
            "/".to_owned(),
            "/link/v1/pouches".to_owned(),
            format!("/link/v1/pouches/{}", hex.to_uppercase()),
            format!("/link/v1/pouches/{hex}/"),
            format!("/link/v2/pouches/{hex}"),
            format!("/link/v1/pouches/../pouches/{hex}"),
            "/link/v1/channels/5d0b6f1e-3c0e-4e59-8a52-6d1f0c6e2b11.0/head".to_owned(),
            "/link/v1/channels/5d0b6f1e-3c0e-4e59-8a52-6d1f0c6e2b11.01/head".to_owned(),
            "/link/v1/channels/5d0b6f1e-3c0e-4e59-8a52-6d1f0c6e2b11.4294967296/head".to_owned(),
            "/link/v1/channels/5d0b6f1e-3c0e-4e59-8a52-6d1f0c6e2b11/head".to_owned(),
        ] {
            assert_eq!(Route::parse(&path), None, "{path}");
        }
    }

    #[test]
    fn a_range_must_lie_inside_the_pouch() {
        for text in [
            "bytes 0-10/10",
            "bytes 5-4/10",
            "bytes 0-0/0",
            "bytes */10",
            "bytes 0-9/*",
            "bytes +0-9/10",
            "bytes 00-9/10",
            "bytes  0-9/10",
            "Bytes 0-9/10",
            "bytes 0-9/10 ",
            "0-9/10",
            "bytes 0-9/99999999999999999999",
        ] {
            assert_eq!(ContentRange::parse(text), Err(RangeError), "{text}");
        }
        assert_eq!(ContentRange::new(u64::MAX, 1, u64::MAX), None);
        assert_eq!(ContentRange::new(0, 0, 10), None);
    }
}
