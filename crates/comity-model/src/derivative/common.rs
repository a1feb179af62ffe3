//! Words that everybody uses, which by themselves tell nothing of a redacted value.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use comity_stix::types::{self, vocabulary};

use super::folded::fold;
use super::fragments::words;
use super::kinds;
use crate::domain;

/// Ordinary words of English and Spanish, without accents, and no names.
const WORDS: &str = include_str!("common.txt");

/// Whether a folded word tells nothing by itself: an ordinary word of English or Spanish (as `common.txt` lists them, or
/// with an ending), a word of the standard's types, properties and vocabularies or of the domain's definitions, a number of
/// one or two digits, or a year of our time.
pub(super) fn is_common(word: &str) -> bool {
    if word.bytes().all(|it| it.is_ascii_digit()) {
        return word.len() <= 2 || word.len() == 4 && matches!(word.get(..2), Some("19" | "20"));
    }
    if ALL.contains(word) {
        return true;
    }
    let mut bare = ["s", "es"].into_iter().filter_map(|ending| word.strip_suffix(ending));
    bare.any(|bare| bare.len() >= 4 && ALL.contains(bare))
}

/// Which of the words of a text, in their order, tell something by themselves or with those beside them: numbers that say nothing one by
/// one do from `least` on in a row, as a telephone number is written, unless a year is among them.
pub(super) fn telling<'a>(words: impl Iterator<Item = &'a str>, least: usize) -> Vec<bool> {
    let mut telling = Vec::new();
    let mut row = 0;
    for word in words {
        let is_number = word.len() <= 2 && word.bytes().all(|it| it.is_ascii_digit());
        row = if is_number { row + 1 } else { 0 };
        telling.push(!is_common(word));
        if row >= least {
            telling.iter_mut().rev().take(row).for_each(|it| *it = true);
        }
    }
    telling
}

static ALL: LazyLock<BTreeSet<String>> = LazyLock::new(|| {
    let mut all = BTreeSet::new();
    let mut note = |text: &str| all.extend(words(&fold(text)).map(|word| word.text.to_owned()));
    note(WORDS);
    for name in kinds::property_names() {
        note(name);
    }
    for type_ in types::all() {
        note(type_.name);
        type_.relationships.iter().for_each(|it| note(it.name));
    }
    vocabulary::ALL.iter().flat_map(|list| list.values).for_each(|term| note(term));
    for (_, bytes) in domain::FILES {
        note(&String::from_utf8_lossy(bytes));
    }
    all
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_words_are_common_and_names_numbers_and_rare_words_are_not() {
        for word in
            ["laboratory", "laboratorios", "the", "malware", "marzo", "12", "2026", "informe"]
        {
            assert!(is_common(word), "{word}");
        }
        for word in ["nopaltepec", "555", "2126", "xylidine", "colima", "contreras", "a1b2"] {
            assert!(!is_common(word), "{word}");
        }
    }

    #[test]
    fn numbers_in_a_row_tell_what_each_alone_does_not() {
        let of = |text: &'static str| telling(text.split(' '), 3);
        assert_eq!(
            of("call 55 12 34 56 78 at once"),
            [false, true, true, true, true, true, false, false]
        );
        assert_eq!(of("on 20 11 2026 at 8"), [false; 6]);
    }

    #[test]
    fn every_word_of_the_list_stands_there_once_and_as_it_is_compared() {
        let mut seen = BTreeSet::new();
        for word in WORDS.split_whitespace() {
            assert!(word.chars().all(char::is_alphabetic), "{word}");
            assert!(seen.insert(fold(word)), "{word} twice");
        }
        assert!(seen.len() > 800, "{}", seen.len());
    }
}
