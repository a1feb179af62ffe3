//! Which values are sentences, and which are names, codes and identifiers.

use std::borrow::Cow;

use comity_stix::json::{Kind as Json, Value};

use super::fragments::words;
use super::{Change, How, common, grams, kinds};

/// Properties in which people write sentences, those of the standard's types first.
const SENTENCES: [&str; 13] = [
    "abstract",
    "body",
    "content",
    "contents",
    "description",
    "explanation",
    "objective",
    "statement",
    "subject",
    "comment",
    "comments",
    "remarks",
    "summary",
];

/// Types whose names are titles, which people write like sentences.
const TITLED: [&str; 4] = ["grouping", "note", "opinion", "report"];

/// Properties that say where a place lies, as texts about anything else do.
const AREAS: [&str; 6] =
    ["administrative_area", "city", "country", "name", "postal_code", "region"];

/// Characters, folded, from which on a value is taken for sentences, wherever it stands.
const LONG: usize = 100;

/// Digits of the longest of the standard's hashes.
const LONGEST_HASH: usize = 128;

/// Digits behind the point of a number from which on more of them make it no other number.
const EXACT: usize = 4;

/// Whether a value, folded so, is a name, a code or an identifier, and no sentences.
pub(super) fn is_structured(value: Value<'_, '_>, folded: &str) -> bool {
    let length = folded.chars().count();
    if length > LONG && (length > LONGEST_HASH || !kinds::is_coded(kinds::kind_of(value))) {
        return false;
    }
    let mut around = std::iter::successors(Some(value), Value::parent);
    !around.any(|it| it.key().is_some_and(|key| SENTENCES.contains(&&*key)))
}

/// Whether a value, folded so, is what its object is called or what classifies it: the name of an organization, a place or a
/// substance, a country, a code; no label, and no title.
pub(super) fn is_called(value: Value<'_, '_>, folded: &str) -> bool {
    if !is_structured(value, folded) || holds(value, &["labels", "external_references"]) {
        return false;
    }
    let is_titled = root_type(value).is_some_and(|of| TITLED.contains(&of.as_str()));
    !(is_titled && holds(value, &["name"]))
}

/// Whether a value, folded so, is looked for in every later release too: what became a pseudonym, and a name or an identifier
/// that was taken out. Not labels, titles and the names of towns, which many texts have that say nothing of the object; nor a
/// common word, as whoever knows no name writes in its place, nor more of them where no pseudonym stands for them.
pub(super) fn lasts(value: Value<'_, '_>, folded: &str, change: &Change) -> bool {
    let all = || words(folded).map(|word| word.text);
    let tells = || common::telling(all(), grams::ROW).contains(&true);
    match change.how {
        How::Pseudonym => all().count() > 1 || tells(),
        How::Remove => {
            let is_area = holds(value, &AREAS) && root_type(value).as_deref() == Some("location");
            is_called(value, folded) && !is_area && tells()
        }
        How::Coarsen | How::ToDay | How::Mask => false,
    }
}

/// Whether a value, folded so, that is looked for in later releases is another one where a word goes on behind or before it;
/// a number with more digits behind it is the same, only more exact.
pub(super) fn has_bounds(value: Value<'_, '_>, folded: &str) -> bool {
    let last = folded.rsplit('.').next().unwrap_or_default();
    value.kind() == Json::Text || last.len() < EXACT
}

/// Whether a value stands in one of these properties of its object.
fn holds(value: Value<'_, '_>, properties: &[&str]) -> bool {
    let around = std::iter::successors(Some(value), Value::parent);
    around.filter_map(|it| it.key()).last().is_some_and(|key| properties.contains(&&*key))
}

/// The type of the object that a value is in.
fn root_type(value: Value<'_, '_>) -> Option<String> {
    let root = std::iter::successors(Some(value), Value::parent).last()?;
    root.child("type").and_then(|it| it.text()).map(Cow::into_owned)
}
