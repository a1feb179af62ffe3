//! Runs of words that are quoted from a text.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use super::fragments::{Word, words};
use super::grams::GAP;
use super::hidden::{Found, TooMany};

/// Words that a run has.
pub(super) const RUN: usize = 4;
/// Runs that are looked for in one release.
const MOST: usize = 16 << 20;

/// The runs of words that must stand in no text of a release.
#[derive(Default)]
pub(super) struct Runs {
    /// Hashes of runs, each with whose it is; in order once they are looked for. A run that is none but has the hash of one is
    /// replaced too.
    all: Vec<(u64, u32)>,
}

impl Runs {
    /// Adds the runs of a folded text of the object with number `of`, but for those that are given.
    pub(super) fn add(
        &mut self,
        folded: &str,
        of: u32,
        given: &dyn Fn(&str) -> bool,
    ) -> Result<(), TooMany> {
        for (run, hash) in runs(folded) {
            let [first, .., last] = run;
            if folded.get(first.start..last.end).is_some_and(given) {
                continue;
            }
            if self.all.len() >= MOST {
                return Err(TooMany);
            }
            self.all.push((hash, of));
        }
        Ok(())
    }

    /// Makes them ready to be looked for.
    pub(super) fn ready(&mut self) {
        self.all.sort_unstable();
        self.all.dedup_by_key(|(hash, _)| *hash);
    }

    /// Whether there are none.
    pub(super) fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// Whether a run stands in a folded text of which some word tells something: `free` says of a range that it does not.
    pub(super) fn stand_in(&self, folded: &str, free: &dyn Fn(usize, usize) -> bool) -> bool {
        let mut found = Vec::new();
        self.find(folded, free, &mut found);
        !found.is_empty()
    }

    /// Adds every place of a run in a folded text of which some word tells something.
    pub(super) fn find<'h>(
        &'h self,
        folded: &str,
        free: &dyn Fn(usize, usize) -> bool,
        found: &mut Vec<Found<'h>>,
    ) {
        if self.all.is_empty() {
            return;
        }
        for (run, hash) in runs(folded) {
            let Some(of) = self.of(hash) else { continue };
            if run.iter().all(|word| free(word.start, word.end)) {
                continue;
            }
            let [first, .., last] = run;
            found.push(Found { start: first.start, end: last.end, name: None, of });
        }
    }

    /// Whose run has a hash.
    fn of(&self, hash: u64) -> Option<u32> {
        let at = self.all.binary_search_by_key(&hash, |(hash, _)| *hash).ok()?;
        self.all.get(at).map(|(_, of)| *of)
    }
}

/// The runs of a folded text, each with its hash: from every word on as many as make one. What stands between two words
/// makes no difference.
fn runs(folded: &str) -> impl Iterator<Item = ([Word<'_>; RUN], u64)> {
    let all: Vec<Word<'_>> = words(folded).collect();
    (0..all.len()).filter_map(move |at| {
        let run: [Word<'_>; RUN] = all.get(at..at.checked_add(RUN)?)?.try_into().ok()?;
        let mut hasher = DefaultHasher::new();
        let mut end = None;
        for word in run {
            let between = end.map_or("", |end| folded.get(end..word.start).unwrap_or_default());
            if between.contains(GAP) {
                return None;
            }
            end = Some(word.end);
            word.text.hash(&mut hasher);
        }
        Some((run, hasher.finish()))
    })
}
