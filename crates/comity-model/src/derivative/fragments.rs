//! Parts of values: the words of a name, and names and values of short words.

use std::collections::BTreeMap;

use super::common;
use super::hidden::Found;

/// Letters and digits that a word of a name has at least.
const SHORTEST_WORD: usize = 4;
/// Letters and digits that a name of one word has at least.
const SHORTEST_NAME: usize = 3;

/// Words that pseudonyms are made of: looked for, they would be found in what replaces them.
const OF_PSEUDONYMS: [&str; 3] = ["invalid", "person", "pseudonym"];

/// The words of names that must stand in no text of a release.
#[derive(Default)]
pub(super) struct Fragments {
    words: BTreeMap<String, Instead>,
    /// Names of which a word is too short to be looked for by itself: by their first word, the words behind it, in both
    /// orders; and other values that are short.
    names: BTreeMap<String, BTreeMap<Vec<String>, Instead>>,
}

/// What stands in the place of a word.
struct Instead {
    /// A pseudonym; nothing in particular where it is of several names, or of none.
    name: Option<String>,
    /// The number of the object whose it is.
    of: u32,
}

/// A word of a folded text.
#[derive(Clone, Copy)]
pub(super) struct Word<'t> {
    pub(super) text: &'t str,
    pub(super) start: usize,
    pub(super) end: usize,
}

impl Fragments {
    /// Adds the words of a folded name of the object with number `of`, but for those that are given, and gives the bytes that
    /// they take. A name of common words alone is looked for as a whole; `lasting` says that no common word is one by itself.
    pub(super) fn add_name(
        &mut self,
        folded: &str,
        name: &str,
        of: u32,
        lasting: bool,
        given: &dyn Fn(&str) -> bool,
    ) -> usize {
        let all = parts(folded);
        let is_short = |word: &String| word.chars().count() < SHORTEST_WORD;
        let telling =
            |word: &String| word.chars().count() >= SHORTEST_NAME && !common::is_common(word);
        let alone = all.len() == 1;
        let is_plain = all.iter().all(|word| common::is_common(word));
        let as_whole = lasting || is_plain && !alone;
        let mut bytes = 0;
        if (is_plain || all.iter().any(is_short)) && (!alone || all.iter().all(telling)) {
            bytes += self.add_sequence(all, Some(name), of);
        }
        let words = words_of_name(folded).filter(|word| !given(word));
        for word in words.filter(|word| !as_whole || !common::is_common(word)) {
            if let Some(known) = self.words.get_mut(word) {
                known.name = known.name.take().filter(|known| known == name);
            } else {
                bytes += word.len();
                self.words.insert(word.to_owned(), Instead { name: Some(name.to_owned()), of });
            }
        }
        bytes
    }

    /// Adds a folded value that is too short to be looked for within words, as the sequence of its words, if it tells
    /// something; and gives the bytes that it takes.
    pub(super) fn add_short(&mut self, folded: &str, name: Option<&str>, of: u32) -> usize {
        if tells_shortly(folded) { self.add_sequence(parts(folded), name, of) } else { 0 }
    }

    /// Adds the sequence of words, in both orders.
    fn add_sequence(&mut self, mut all: Vec<String>, name: Option<&str>, of: u32) -> usize {
        let mut bytes = 0;
        for _ in 0..2 {
            if let Some((first, rest)) = all.split_first() {
                bytes += all.iter().map(String::len).sum::<usize>();
                let of_it = self.names.entry(first.clone()).or_default();
                let instead = || Instead { name: name.map(ToOwned::to_owned), of };
                of_it.entry(rest.to_vec()).or_insert_with(instead);
            }
            all.reverse();
        }
        bytes
    }

    /// Words of names, and names.
    pub(super) fn len(&self) -> usize {
        self.words.len() + self.names.len()
    }

    /// Whether there are none.
    pub(super) fn is_empty(&self) -> bool {
        self.words.is_empty() && self.names.is_empty()
    }

    /// Whether a word of a name, or a name of short words, stands in a folded text.
    pub(super) fn has_word(&self, folded: &str) -> bool {
        let mut found = Vec::new();
        self.find(folded, &mut found);
        !found.is_empty()
    }

    /// Adds every place of the words of names and of names of short words in a folded text.
    pub(super) fn find<'h>(&'h self, folded: &str, found: &mut Vec<Found<'h>>) {
        if self.is_empty() {
            return;
        }
        let mut rest = words(folded);
        while let Some(word) = rest.next() {
            if let Some(instead) = self.words.get(word.text) {
                found.push(instead.at(word.start, word.end));
            }
            for (behind, instead) in self.names.get(word.text).into_iter().flatten() {
                let mut end = word.end;
                let mut follows = rest.clone();
                let whole = behind.iter().all(|wanted| {
                    follows.next().is_some_and(|next| {
                        end = next.end;
                        next.text == wanted
                    })
                });
                if whole {
                    found.push(instead.at(word.start, end));
                }
            }
        }
    }
}

impl Instead {
    fn at(&self, start: usize, end: usize) -> Found<'_> {
        Found { start, end, name: self.name.as_deref(), of: self.of }
    }
}

/// The words of a folded name that are looked for by themselves.
pub(super) fn words_of_name(folded: &str) -> impl Iterator<Item = &str> {
    words(folded).map(|word| word.text).filter(|word| {
        word.chars().count() >= SHORTEST_WORD
            && word.chars().any(char::is_alphabetic)
            && !OF_PSEUDONYMS.contains(word)
    })
}

/// Whether a short value says something by itself: three letters or digits, and no ordinary words alone.
fn tells_shortly(folded: &str) -> bool {
    let letters = folded.chars().filter(|it| it.is_alphanumeric()).count();
    letters >= SHORTEST_NAME && words(folded).any(|word| !common::is_common(word.text))
}

fn parts(folded: &str) -> Vec<String> {
    words(folded).map(|word| word.text.to_owned()).collect()
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

/// Whether a range of a folded text goes on as a word on neither side. Scripts without blanks have no such bounds.
pub(super) fn is_bounded(folded: &str, start: usize, end: usize) -> bool {
    let within = |at: usize| {
        let before = folded.get(..at).and_then(|it| it.chars().next_back());
        let after = folded.get(at..).and_then(|it| it.chars().next());
        let is_word = |it: char| it.is_alphanumeric() && !has_no_blanks(it);
        before.zip(after).is_some_and(|(before, after)| is_word(before) && is_word(after))
    };
    !within(start) && !within(end)
}

/// Whether a character is of a script that puts no blanks between words.
const fn has_no_blanks(it: char) -> bool {
    matches!(it, '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' | '\u{2e80}'..='\u{d7ff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..)
}
