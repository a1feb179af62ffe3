//! The one form of a document: what stands in no signature has one place and one writing too, so that nothing in a file can
//! be moved, doubled or slipped in (docs/protocol.md section 9.2).

use std::fmt;
use std::marker::PhantomData;

use comity_pouch::dsse::SIGNATURES_LIMIT;
use serde::de::{Error, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use super::container::FileError;
use super::file::{DESCRIPTORS, Signed};

/// Reads a document that must be written as it would be written again.
///
/// # Errors
/// [`FileError::NotCanonical`] names the first place that differs, as `document:` and an offset in bytes.
pub(super) fn read<T>(format: &'static str, document: &[u8]) -> Result<T, FileError>
where
    T: Serialize + for<'de> Deserialize<'de>,
{
    let malformed = |why: String| FileError::Malformed { format, why };
    let text = str::from_utf8(document).map_err(|_| malformed("it is not UTF-8".to_owned()))?;
    let value: T = serde_json::from_str(text).map_err(|error| {
        malformed(format!("no such document, at line {} column {}", error.line(), error.column()))
    })?;
    let again = serde_json::to_vec(&value).map_err(|error| malformed(error.to_string()))?;
    if again == document {
        return Ok(value);
    }
    let same = again.iter().zip(document).take_while(|(one, other)| one == other).count();
    Err(FileError::NotCanonical(format!("document:{same}")))
}

/// Checks that the signatures of a document stand by their key ids, no key's twice. `place` is a path into the document.
pub(super) fn in_order(place: fmt::Arguments<'_>, signed: &Signed) -> Result<(), FileError> {
    if signed.signatures.is_sorted_by(|(one, _), (other, _)| one < other) {
        return Ok(());
    }
    Err(FileError::NotCanonical(format!("{place}.signatures")))
}

/// The same of the members of a list.
pub(super) fn all_in_order(name: &str, list: &[Signed]) -> Result<(), FileError> {
    list.iter().enumerate().try_for_each(|(at, it)| in_order(format_args!("{name}[{at}]"), it))
}

/// A list of descriptors, of which more than a file may have are not read.
pub(super) fn descriptors<'de, D: Deserializer<'de>>(list: D) -> Result<Vec<Signed>, D::Error> {
    list.deserialize_seq(AtMost(DESCRIPTORS, PhantomData))
}

/// A list of signatures, of which more than an envelope may have are not read.
pub(super) fn signatures<'de, D>(list: D) -> Result<Vec<(String, String)>, D::Error>
where
    D: Deserializer<'de>,
{
    list.deserialize_seq(AtMost(SIGNATURES_LIMIT, PhantomData))
}

/// The two things of which only one can be, or none.
pub(super) fn two<'de, D, T>(list: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    list.deserialize_seq(AtMost(2, PhantomData))
}

/// Reads a list, and refuses the element after so many before it is kept.
struct AtMost<T>(usize, PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for AtMost<T> {
    type Value = Vec<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a list of at most {}", self.0)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Vec<T>, A::Error> {
        let mut read = Vec::new();
        while let Some(element) = list.next_element()? {
            if read.len() == self.0 {
                return Err(A::Error::custom(format_args!("more than {}", self.0)));
            }
            read.push(element);
        }
        Ok(read)
    }
}
