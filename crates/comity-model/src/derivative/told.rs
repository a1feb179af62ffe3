//! What a release says by itself, so that it is no secret of a text that repeats it.

use std::collections::BTreeSet;

use comity_stix::Limits;
use comity_stix::json::{Document, Kind as Json, Value};

use super::folded::fold;
use super::hidden::is_no_prose;
use super::{Change, kinds, places, prose};

/// Characters that what an observable is has at least, folded, to be no secret elsewhere.
const SHORTEST_OBSERVED: usize = 6;
/// Characters that a name or a code has at least.
const SHORTEST_CALLED: usize = 3;

/// What the objects of a release are, as far as it goes whole, folded.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Told {
    /// What observables are: addresses, names of files.
    pub(super) observed: BTreeSet<String>,
    /// What else objects are called, and their codes.
    pub(super) called: BTreeSet<String>,
}

impl Told {
    /// Adds an object that goes with these changes.
    pub fn add(&mut self, object: &[u8], changes: &[Change]) {
        let Ok(document) = Document::parse(object, &Limits::default()) else { return };
        let goes = |value: Value<'_, '_>| {
            let path = places::path_of(value);
            let within = |lost: &str| path.strip_prefix(lost).is_some_and(is_end);
            !changes.iter().any(|change| within(&change.property))
        };
        for value in document.values().filter(|value| value.kind() == Json::Text) {
            let Some(text) = value.text().filter(|text| !is_no_prose(text)) else { continue };
            let folded = fold(&text);
            let length = folded.chars().count();
            let is_observed = length >= SHORTEST_OBSERVED && kinds::is_observed(value);
            let is_called = length >= SHORTEST_CALLED && prose::is_called(value, &folded);
            if !is_observed && !is_called || !goes(value) {
                continue;
            }
            if !is_observed {
                self.called.insert(folded);
            } else if !kinds::is_term(kinds::kind_of(value), &folded) {
                self.observed.insert(folded);
            }
        }
    }

    /// Whether all of it is in another.
    pub fn is_within(&self, other: &Self) -> bool {
        self.observed.is_subset(&other.observed) && self.called.is_subset(&other.called)
    }
}

/// Whether what stands behind a property in a path goes on within it.
fn is_end(rest: &str) -> bool {
    rest.is_empty() || rest.starts_with('.')
}
