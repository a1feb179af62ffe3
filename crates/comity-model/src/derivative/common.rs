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
/// Verbs of English and Spanish, as dictionaries have them.
const VERBS: &str = include_str!("verbs.txt");
/// Names of controlled substances and of what they are made of; lines that begin with `#` say where they come from.
const SUBSTANCES: &str = include_str!("substances.txt");

/// Letters that the stem of a verb has at least for its forms to be told from other words.
const STEM: usize = 3;
/// Endings of the verbs of English, which may take an `e` with them or double the letter before them.
const ENGLISH: [&str; 4] = ["ed", "ing", "er", "ers"];
/// Endings of the forms of Spanish verbs in `ar`.
const FIRST: [&str; 33] = [
    "a", "aba", "aban", "abamos", "ada", "adas", "ado", "ados", "amos", "an", "ando", "ara",
    "aran", "aremos", "aria", "arian", "arla", "arlas", "arle", "arles", "arlo", "arlos", "aron",
    "arse", "as", "ase", "asen", "aste", "e", "emos", "en", "andose", "o",
];
/// Endings of the forms of Spanish verbs in `er` and `ir`.
const OTHER: [&str; 36] = [
    "a", "amos", "an", "e", "emos", "en", "era", "eran", "eria", "erian", "erla", "erlas", "erlo",
    "erlos", "erse", "ia", "ian", "ida", "idas", "ido", "idos", "iendo", "iendose", "iera",
    "ieran", "ieron", "imos", "io", "ira", "iran", "iria", "irian", "irlo", "irlos", "irse", "o",
];

/// Whether a folded word tells nothing by itself: an ordinary word of English or Spanish (as `common.txt` lists them, or
/// with an ending), a form of a verb, the name of a controlled substance, a word of the standard's types, properties and
/// vocabularies or of the domain's definitions, a number of one or two digits, or a year of our time.
pub(super) fn is_common(word: &str) -> bool {
    if word.bytes().all(|it| it.is_ascii_digit()) {
        return word.len() <= 2 || word.len() == 4 && matches!(word.get(..2), Some("19" | "20"));
    }
    if ALL.contains(word) {
        return true;
    }
    let mut bare = ["s", "es"].into_iter().filter_map(|ending| word.strip_suffix(ending));
    bare.any(|bare| bare.len() >= 4 && ALL.contains(bare)) || is_form(word)
}

/// Whether a folded word is a regular form of a verb.
fn is_form(word: &str) -> bool {
    let stem = |ending: &&str| word.strip_suffix(*ending).filter(|stem| stem.len() >= STEM);
    let is_verb = |stem: &str, endings: &[&str]| {
        endings.iter().any(|ending| ALL_VERBS.contains(format!("{stem}{ending}").as_str()))
    };
    if word
        .strip_suffix("ied")
        .or_else(|| word.strip_suffix("ies"))
        .is_some_and(|it| is_verb(it, &["y"]))
    {
        return true;
    }
    let mut english = ENGLISH.iter().filter_map(stem);
    english.any(|stem| {
        let mut letters = stem.chars();
        let last = letters.next_back();
        let is_double = last.is_some() && letters.next_back() == last;
        is_verb(stem, &["", "e"])
            || is_double && is_verb(stem.get(..stem.len() - 1).unwrap_or_default(), &[""])
    }) || FIRST.iter().filter_map(stem).any(|stem| is_verb(stem, &["ar"]))
        || OTHER.iter().filter_map(stem).any(|stem| is_verb(stem, &["er", "ir"]))
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

static ALL_VERBS: LazyLock<BTreeSet<&str>> = LazyLock::new(|| VERBS.split_whitespace().collect());

static ALL: LazyLock<BTreeSet<String>> = LazyLock::new(|| {
    let mut all = BTreeSet::new();
    let mut note = |text: &str| all.extend(words(&fold(text)).map(|word| word.text.to_owned()));
    note(WORDS);
    note(VERBS);
    SUBSTANCES.lines().filter(|line| !line.starts_with('#')).for_each(&mut note);
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
        let words = "laboratory laboratorios the malware marzo 12 2026 informe metanfetamina carfentanil safrole seizes \
                     embarcaron incautados verifying notified transferred desmantelada recibieron shipping";
        for word in words.split_whitespace() {
            assert!(is_common(word), "{word}");
        }
        for word in [
            "nopaltepec",
            "555",
            "2126",
            "xylidine",
            "colima",
            "contreras",
            "a1b2",
            "tarado",
            "rosario",
            "moreno",
        ] {
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
    fn every_word_of_the_lists_stands_there_once_and_as_it_is_compared() {
        let substances = SUBSTANCES.lines().filter(|line| !line.starts_with('#'));
        let substances: Vec<&str> = substances.flat_map(str::split_whitespace).collect();
        for list in
            [WORDS.split_whitespace().collect(), VERBS.split_whitespace().collect(), substances]
        {
            let mut seen = BTreeSet::new();
            for word in list {
                assert!(word.chars().all(char::is_alphabetic) && fold(word) == word, "{word}");
                assert!(seen.insert(word), "{word} twice");
            }
            assert!(seen.len() > 300, "{}", seen.len());
        }
    }
}
