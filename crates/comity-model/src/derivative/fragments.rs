//! Parts of values: the words of a name, names of short words, and runs of words that are quoted from a text.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use super::common;
use super::grams::GAP;
use super::hidden::{Found, TooMany};

/// Letters and digits that a word of a name has at least.
const SHORTEST_WORD: usize = 4;
/// Letters and digits that a name of one word has at least.
const SHORTEST_NAME: usize = 3;
/// Words that a run has.
const RUN: usize = 4;
/// Runs that are looked for in one release.
const MOST_RUNS: usize = 16 << 20;

/// Words that pseudonyms are made of: looked for, they would be found in what replaces them.
const OF_PSEUDONYMS: [&str; 3] = ["invalid", "person", "pseudonym"];

/// The words of names and the runs of words that must stand in no text of a release.
#[derive(Default)]
pub(super) struct Fragments {
    /// What each folded word is replaced by; nothing in particular where it is of several names.
    words: BTreeMap<String, Option<String>>,
    /// Names of which a word is too short to be looked for by itself: by their first word, the words behind it, in both
    /// orders, and what replaces them.
    names: BTreeMap<String, BTreeMap<Vec<String>, String>>,
    /// Hashes of runs, in order once they are looked for. A run that is none but has the hash of one is replaced too.
    runs: Vec<u64>,
}

/// A word of a folded text.
#[derive(Clone, Copy)]
pub(super) struct Word<'t> {
    pub(super) text: &'t str,
    pub(super) start: usize,
    pub(super) end: usize,
}

impl Fragments {
    /// Adds the words of a folded name, and gives the bytes that they take.
    pub(super) fn add_name(&mut self, folded: &str, name: &str) -> usize {
        let mut bytes = self.add_short(folded, name);
        for word in words(folded) {
            if word.text.chars().count() < SHORTEST_WORD
                || !word.text.chars().any(char::is_alphabetic)
                || OF_PSEUDONYMS.contains(&word.text)
            {
                continue;
            }
            if let Some(known) = self.words.get_mut(word.text) {
                *known = known.take().filter(|known| known == name);
            } else {
                bytes += word.text.len();
                self.words.insert(word.text.to_owned(), Some(name.to_owned()));
            }
        }
        bytes
    }

    /// Adds a name with words that are not looked for by themselves, in either order.
    fn add_short(&mut self, folded: &str, name: &str) -> usize {
        let mut all: Vec<String> = words(folded).map(|word| word.text.to_owned()).collect();
        let is_short = |word: &String| word.chars().count() < SHORTEST_WORD;
        let alone = all.len() == 1;
        let telling =
            |word: &String| word.chars().count() >= SHORTEST_NAME && !common::is_common(word);
        if !all.iter().any(is_short) || alone && !all.iter().all(telling) {
            return 0;
        }
        let mut bytes = 0;
        for _ in 0..2 {
            if let Some((first, rest)) = all.split_first() {
                bytes += folded.len();
                let of_it = self.names.entry(first.clone()).or_default();
                of_it.entry(rest.to_vec()).or_insert_with(|| name.to_owned());
            }
            all.reverse();
        }
        bytes
    }

    /// Adds the runs of a folded text.
    pub(super) fn add_runs(&mut self, folded: &str) -> Result<(), TooMany> {
        for (_, hash) in runs(folded) {
            if self.runs.len() >= MOST_RUNS {
                return Err(TooMany);
            }
            self.runs.push(hash);
        }
        Ok(())
    }

    /// Makes them ready to be looked for.
    pub(super) fn ready(&mut self) {
        self.runs.sort_unstable();
        self.runs.dedup();
    }

    /// Words of names, and names.
    pub(super) fn len(&self) -> usize {
        self.words.len() + self.names.len()
    }

    /// Whether there are none.
    pub(super) fn is_empty(&self) -> bool {
        self.words.is_empty() && self.names.is_empty() && self.runs.is_empty()
    }

    /// Whether a word of a name, or a name of short words, stands in a folded text.
    pub(super) fn has_word(&self, folded: &str) -> bool {
        let mut found = Vec::new();
        self.find_names(folded, &mut found);
        !found.is_empty()
    }

    /// Whether a run stands in a folded text of which some word tells something: `free` says of a range that it does not.
    pub(super) fn has_run(&self, folded: &str, free: &dyn Fn(usize, usize) -> bool) -> bool {
        let mut found = Vec::new();
        self.find_runs(folded, free, &mut found);
        !found.is_empty()
    }

    /// Adds every place of the words of names and of names of short words in a folded text.
    pub(super) fn find_names<'h>(&'h self, folded: &str, found: &mut Vec<Found<'h>>) {
        if self.words.is_empty() && self.names.is_empty() {
            return;
        }
        let mut rest = words(folded);
        while let Some(word) = rest.next() {
            if let Some(name) = self.words.get(word.text) {
                let name = name.as_deref();
                found.push(Found { start: word.start, end: word.end, name });
            }
            for (behind, name) in self.names.get(word.text).into_iter().flatten() {
                let mut end = word.end;
                let mut follows = rest.clone();
                let whole = behind.iter().all(|wanted| {
                    follows.next().is_some_and(|next| {
                        end = next.end;
                        next.text == wanted
                    })
                });
                if whole {
                    found.push(Found { start: word.start, end, name: Some(name) });
                }
            }
        }
    }

    /// Adds every place of a run in a folded text of which some word tells something.
    pub(super) fn find_runs<'h>(
        &'h self,
        folded: &str,
        free: &dyn Fn(usize, usize) -> bool,
        found: &mut Vec<Found<'h>>,
    ) {
        if self.runs.is_empty() {
            return;
        }
        for (run, hash) in runs(folded) {
            if !self.is_run(hash) || run.iter().all(|word| free(word.start, word.end)) {
                continue;
            }
            let [first, .., last] = run;
            found.push(Found { start: first.start, end: last.end, name: None });
        }
    }

    fn is_run(&self, hash: u64) -> bool {
        self.runs.binary_search(&hash).is_ok()
    }
}

/// The words of a folded text: letters and digits that stand together.
pub(super) fn words(folded: &str) -> impl Iterator<Item = Word<'_>> + Clone {
    let mut at = 0;
    folded.split(|it: char| !it.is_alphanumeric()).filter_map(move |text| {
        // what ends a word stands behind it
        let start = at;
        let end = start + text.len();
        at = end + folded.get(end..)?.chars().next().map_or(0, char::len_utf8);
        (!text.is_empty()).then_some(Word { text, start, end })
    })
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
