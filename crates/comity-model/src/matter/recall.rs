//! What a recall asks for beside another, and what corrects (docs/protocol.md section 3.16).

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::RecallAction;

impl RecallAction {
    /// Whether an open recall that asks for this leaves nothing to ask for to one of the same objects that asks for `other`:
    /// only a purge asks for more than a correction or a replacement, in which something stays.
    #[must_use]
    pub const fn covers(self, other: Self) -> bool {
        matches!((self, other), (Self::Purge, _) | (_, Self::Correct | Self::Replace))
    }
}

/// Whether a release corrects what is recalled: it brings one of the objects in another version, and not in an earlier one
/// where the versions are times. Both are given as ids with versions, as [`crate::Holding`] names them.
pub fn corrects<'a>(
    recalled: impl IntoIterator<Item = (&'a str, &'a str)>,
    brings: impl IntoIterator<Item = (&'a str, &'a str)>,
) -> bool {
    let mut versions: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (id, version) in recalled {
        versions.entry(id).or_default().push(version);
    }
    brings.into_iter().any(|(id, version)| {
        versions.get(id).is_some_and(|wrong| wrong.iter().any(|it| follows(it, version)))
    })
}

/// Whether a version comes after another; of those that are no times, whether it is another.
fn follows(first: &str, next: &str) -> bool {
    match (first.parse::<Timestamp>(), next.parse::<Timestamp>()) {
        (Ok(first), Ok(next)) => next > first,
        _ => next != first,
    }
}
