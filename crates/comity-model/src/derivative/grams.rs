//! Stretches of six characters: where a text shares one with a value that a release loses.

use super::common;
use super::fragments::{Word, words};
use super::hidden::{Found, TooMany};

/// Characters of a stretch.
const LENGTH: usize = 6;
/// So many numbers of a digit or two in a row are one number, and no date.
pub(super) const ROW: usize = 3;
/// So many of them are enough where a text shares some of them.
pub(super) const LEAST: usize = 2;
/// Stretches that are looked for in one release, each counted once for a value.
const MOST: usize = 16 << 20;
/// Characters from which on a word is not masked whole: scripts without blanks write sentences as one.
const LONG: usize = 24;
/// What stands in the place of a value, folded: no stretch goes over it.
pub(super) const GAP: &str = "[...]";
/// By which the hash of a stretch rolls on.
const BASE: u64 = 0x9e37_79b9_7f4a_7c15;
/// What the first character of a stretch is multiplied by.
const FIRST: u64 = {
    let (mut power, mut at) = (1_u64, 1);
    while at < LENGTH {
        power = power.wrapping_mul(BASE);
        at += 1;
    }
    power
};

/// The stretches of values, by their hashes. A stretch that is none but has the hash of one is taken for it.
#[derive(Default)]
pub(super) struct Grams {
    /// With whose each is, as they were added.
    added: Vec<(u64, u32)>,
    /// In order, to be looked for.
    hashes: Vec<u64>,
    /// Whose each of them is.
    of: Vec<u32>,
    /// Says of most others that they are not among them, without a search.
    bits: Vec<u64>,
}

impl Grams {
    /// Adds the stretches of a folded value of the object with number `of`, but for those within words that everybody uses
    /// and those that are given.
    pub(super) fn add(
        &mut self,
        folded: &str,
        of: u32,
        given: &dyn Fn(&str) -> bool,
    ) -> Result<(), TooMany> {
        telling(folded, ROW, &mut |stretch, hash| {
            if !given(stretch) {
                self.added.push((hash, of));
            }
        });
        if self.added.len() > MOST {
            self.settle();
        }
        if self.added.len() > MOST { Err(TooMany) } else { Ok(()) }
    }

    /// Makes them ready to be looked for.
    pub(super) fn ready(&mut self) {
        self.settle();
        (self.hashes, self.of) = std::mem::take(&mut self.added).into_iter().unzip();
        let size = (self.hashes.len() / 4).next_power_of_two();
        self.bits = vec![0; size];
        for hash in &self.hashes {
            let (at, bit) = place(*hash, size);
            if let Some(word) = self.bits.get_mut(at) {
                *word |= bit;
            }
        }
    }

    fn settle(&mut self) {
        self.added.sort_unstable();
        self.added.dedup_by_key(|(hash, _)| *hash);
    }

    /// Whether there are none.
    pub(super) fn is_empty(&self) -> bool {
        self.added.is_empty() && self.hashes.is_empty()
    }

    /// The words of a folded text that a stretch touches and that are not free, in order, each as often as there are objects
    /// whose stretches touch it; of words as long as sentences only what is shared. `free` says of a range that it tells
    /// nothing.
    pub(super) fn places(
        &self,
        folded: &str,
        free: &dyn Fn(usize, usize) -> bool,
    ) -> Vec<Found<'static>> {
        let shared = self.shared(folded);
        if shared.is_empty() {
            return Vec::new();
        }
        let mut places = Vec::new();
        let mut first = 0;
        // what it shares is telling already: two of a row may be all that is left of it
        let telling = common::telling(words(folded).map(|it| it.text), LEAST);
        for (word, telling) in words(folded).zip(telling) {
            while shared.get(first).is_some_and(|it| it.end <= word.start) {
                first += 1;
            }
            let rest = shared.get(first..).unwrap_or_default().iter();
            let mut touching = rest.take_while(|it| it.start < word.end).peekable();
            if touching.peek().is_none() || !telling || free(word.start, word.end) {
                continue;
            }
            let is_long = word.text.chars().count() >= LONG;
            for it in touching {
                let (start, end) = if is_long {
                    (it.start.max(word.start), it.end.min(word.end))
                } else {
                    (word.start, word.end)
                };
                let place = |of: &u32| Found { start, end, name: None, of: *of };
                places.extend(it.of.iter().map(place));
            }
        }
        places
    }

    /// Where a folded text shares stretches, those that overlap together.
    fn shared(&self, folded: &str) -> Vec<Shared> {
        let mut shared: Vec<Shared> = Vec::new();
        if self.hashes.is_empty() {
            return shared;
        }
        for (start, end, hash) in stretches(folded) {
            let (at, bit) = place(hash, self.bits.len());
            if self.bits.get(at).is_none_or(|word| word & bit == 0) {
                continue;
            }
            let Ok(at) = self.hashes.binary_search(&hash) else { continue };
            let of = self.of.get(at).copied().unwrap_or_default();
            match shared.last_mut().filter(|last| start < last.end) {
                Some(last) => {
                    last.end = end;
                    if !last.of.contains(&of) {
                        last.of.push(of);
                    }
                }
                None => shared.push(Shared { start, end, of: vec![of] }),
            }
        }
        shared
    }
}

/// What a text shares, and with which objects.
struct Shared {
    start: usize,
    end: usize,
    of: Vec<u32>,
}

/// Every stretch of a folded text that is not within words that everybody uses, with its hash. Numbers of a digit or two tell
/// something from `row` on in a row.
pub(super) fn telling(folded: &str, row: usize, found: &mut dyn FnMut(&str, u64)) {
    for part in folded.split(GAP) {
        let telling = common::telling(words(part).map(|it| it.text), row);
        let words: Vec<(Word<'_>, bool)> = words(part).zip(telling).collect();
        let mut first = 0;
        for (start, end, hash) in stretches(part) {
            while words.get(first).is_some_and(|(word, _)| word.end <= start) {
                first += 1;
            }
            let touched = words.get(first..).unwrap_or_default().iter();
            let mut touched = touched.take_while(|(word, _)| word.start < end);
            if touched.any(|(_, telling)| *telling) {
                found(part.get(start..end).unwrap_or_default(), hash);
            }
        }
    }
}

/// The word and the bit of a filter of so many words, a power of two, that stand for a hash.
fn place(hash: u64, words: usize) -> (usize, u64) {
    let mixed = (hash ^ (hash >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let at = usize::try_from(mixed >> 38).unwrap_or(0) & words.saturating_sub(1);
    (at, 1 << (mixed & 63))
}

/// Every stretch of a folded text, with its range and its hash.
pub(super) fn stretches(folded: &str) -> impl Iterator<Item = (usize, usize, u64)> {
    let mut starts = folded.char_indices();
    let mut hash = 0_u64;
    folded.char_indices().enumerate().filter_map(move |(number, (at, character))| {
        hash = hash.wrapping_mul(BASE).wrapping_add(u64::from(character));
        if number + 1 < LENGTH {
            return None;
        }
        let whole = hash;
        let (start, first) = starts.next()?;
        // what leaves on the left does not count in the next
        hash = hash.wrapping_sub(u64::from(first).wrapping_mul(FIRST));
        Some((start, at + character.len_utf8(), whole))
    })
}
