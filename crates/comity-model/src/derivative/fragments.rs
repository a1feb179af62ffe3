//! Parts of values: the words of a name, and runs of words that are quoted from a text.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use super::hidden::{Found, TooMany};

/// Letters and digits that a word of a name has at least.
const SHORTEST_WORD: usize = 4;
/// Words that a run has at least, if they have fewer characters than [`LONG`] together.
const RUN: usize = 4;
/// Characters that make a run of fewer words, with a blank between two of them.
const LONG: usize = 24;
/// Runs that are looked for in one release.
const MOST_RUNS: usize = 16 << 20;

/// Words that pseudonyms are made of: looked for, they would be found in what replaces them.
const OF_PSEUDONYMS: [&str; 3] = ["invalid", "person", "pseudonym"];
/// What stands in the place of a value, folded: no run goes over it.
const GAP: &str = "[...]";

/// The words of names and the runs of words that must stand in no text of a release.
#[derive(Default)]
pub(super) struct Fragments {
    /// What each folded word is replaced by; nothing in particular where it is of several names.
    words: BTreeMap<String, Option<String>>,
    /// Hashes of runs, in order once they are looked for. A run that is none but has the hash of one is replaced too.
    runs: Vec<u64>,
}

/// A word of a folded text.
#[derive(Clone, Copy)]
struct Word<'t> {
    text: &'t str,
    start: usize,
    end: usize,
}

impl Fragments {
    /// Adds the words of a folded name, and gives the bytes that they take.
    pub(super) fn add_name(&mut self, folded: &str, name: &str) -> usize {
        let mut bytes = 0;
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

    /// Adds the runs of a folded text.
    pub(super) fn add_runs(&mut self, folded: &str) -> Result<(), TooMany> {
        for (_, _, hash) in runs(folded) {
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

    /// Words of names.
    pub(super) fn len(&self) -> usize {
        self.words.len()
    }

    /// Whether there are none.
    pub(super) fn is_empty(&self) -> bool {
        self.words.is_empty() && self.runs.is_empty()
    }

    /// Whether a word of a name stands in a folded text.
    pub(super) fn has_word(&self, folded: &str) -> bool {
        !self.words.is_empty() && words(folded).any(|word| self.words.contains_key(word.text))
    }

    /// Whether a run stands in a folded text.
    pub(super) fn has_run(&self, folded: &str) -> bool {
        !self.runs.is_empty() && runs(folded).any(|(_, _, hash)| self.is_run(hash))
    }

    /// Adds every place of them in a folded text.
    pub(super) fn find<'h>(&'h self, folded: &str, found: &mut Vec<Found<'h>>) {
        if !self.words.is_empty() {
            found.extend(words(folded).filter_map(|word| {
                let name = self.words.get(word.text)?.as_deref();
                Some(Found { start: word.start, end: word.end, name })
            }));
        }
        if !self.runs.is_empty() {
            let runs = runs(folded).filter(|(_, _, hash)| self.is_run(*hash));
            found.extend(runs.map(|(start, end, _)| Found { start, end, name: None }));
        }
    }

    fn is_run(&self, hash: u64) -> bool {
        self.runs.binary_search(&hash).is_ok()
    }
}

/// The words of a folded text: letters and digits that stand together.
fn words(folded: &str) -> impl Iterator<Item = Word<'_>> {
    let mut at = 0;
    folded.split(|it: char| !it.is_alphanumeric()).filter_map(move |text| {
        // what ends a word stands behind it
        let start = at;
        let end = start + text.len();
        at = end + folded.get(end..)?.chars().next().map_or(0, char::len_utf8);
        (!text.is_empty()).then_some(Word { text, start, end })
    })
}

/// The shortest runs of a folded text, each with its range and hash: from every word on as many as make one, and within
/// a long word, as scripts without blanks have them, every stretch of [`LONG`] characters. What stands between two words
/// makes no difference.
fn runs(folded: &str) -> impl Iterator<Item = (usize, usize, u64)> {
    let all: Vec<Word<'_>> = words(folded).collect();
    (0..all.len()).flat_map(move |at| {
        let rest = all.get(at..).unwrap_or_default();
        match rest.first() {
            Some(word) if word.text.len() >= LONG && word.text.chars().count() >= LONG => {
                stretches(*word).collect()
            }
            _ => Vec::from_iter(run(folded, rest)),
        }
    })
}

/// The run that begins with the first of these words.
fn run(folded: &str, words: &[Word<'_>]) -> Option<(usize, usize, u64)> {
    let first = words.first()?;
    let (mut characters, mut end) = (0, first.start);
    let mut hasher = DefaultHasher::new();
    for (number, word) in (1..=RUN).zip(words) {
        if number > 1 && folded.get(end..word.start)?.contains(GAP) {
            return None;
        }
        end = word.end;
        characters += word.text.chars().count() + usize::from(number > 1);
        word.text.hash(&mut hasher);
        if number == RUN || characters >= LONG {
            return Some((first.start, end, hasher.finish()));
        }
    }
    None
}

/// Every stretch of [`LONG`] characters of a word.
fn stretches(word: Word<'_>) -> impl Iterator<Item = (usize, usize, u64)> {
    let ends = word.text.char_indices().skip(LONG).map(|(at, _)| at).chain([word.text.len()]);
    word.text.char_indices().zip(ends).filter_map(move |((start, _), end)| {
        let mut hasher = DefaultHasher::new();
        word.text.get(start..end)?.hash(&mut hasher);
        Some((word.start + start, word.start + end, hasher.finish()))
    })
}
