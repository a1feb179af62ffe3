//! What an object says now where it lost something before.

use comity_stix::Limits;
use comity_stix::json::Document;

use super::folded::said;
use super::fragments::words;
use super::hidden::leaves;
use super::{Change, How, at_path};

/// The texts, folded, that the version of an object that goes says at a property of which an earlier one lost something.
#[derive(Default)]
pub(super) struct Given(Vec<String>);

impl Given {
    /// What goes at a property of an object with these changes: nothing where they take something out of it.
    pub(super) fn of(object: &Document<'_>, changes: &[Change], property: &str) -> Self {
        let within = |one: &str, other: &str| {
            one.strip_prefix(other).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        };
        let is_lost = changes
            .iter()
            .filter(|it| it.how != How::Mask)
            .any(|change| within(&change.property, property) || within(property, &change.property));
        if is_lost {
            return Self::default();
        }
        let mut found = Vec::new();
        at_path(object.root(), property, &mut |value| leaves(value, &mut found));
        Self(found.into_iter().filter_map(said).collect())
    }

    /// Whether some of them say this.
    pub(super) fn says(&self, folded: &str) -> bool {
        self.0.iter().any(|text| text.contains(folded))
    }

    /// Whether some of them say this as a word.
    pub(super) fn has_word(&self, word: &str) -> bool {
        self.0.iter().any(|text| words(text).any(|it| it.text == word))
    }
}

/// An object as it is read for [`Given::of`]; `None` if it can't be.
pub(super) fn read(object: &[u8]) -> Option<Document<'_>> {
    Document::parse(object, &Limits::default()).ok()
}
