//! Numbers that people write in groups, as telephone numbers: told from their digits alone.

use std::collections::{BTreeMap, BTreeSet};

use super::fragments::{Word, words};
use super::hidden::Found;

/// Digits that are enough to tell a number.
const LEAST: usize = 7;
/// Digits at the end of a number that are all of it: what stands before says of which country it is.
const MOST: usize = 10;
/// Characters that stand between two groups at most.
const APART: usize = 3;

/// The digits of numbers that must stand in no text of a release.
#[derive(Default)]
pub(super) struct Numbers {
    /// With whose each is.
    all: BTreeMap<String, u32>,
}

impl Numbers {
    /// Adds the numbers of a folded value of the object with number `of`, but for those that are given: the whole of each, or
    /// every part that is long enough; and gives the bytes that they take.
    pub(super) fn add(
        &mut self,
        folded: &str,
        of: u32,
        whole: bool,
        given: &dyn Fn(&str) -> bool,
    ) -> usize {
        let mut bytes = 0;
        for digits in sought(folded, whole, given) {
            bytes += digits.len();
            self.all.entry(digits).or_insert(of);
        }
        bytes
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.all.len()
    }

    /// Adds every place of one in a folded text, whole groups: `free` says of a range that it tells nothing.
    pub(super) fn find<'h>(
        &'h self,
        folded: &str,
        free: &dyn Fn(usize, usize) -> bool,
        found: &mut Vec<Found<'h>>,
    ) {
        if self.all.is_empty() {
            return;
        }
        each(folded, &mut |digits, start, end| {
            if let Some(of) = self.all.get(digits).filter(|_| !free(start, end)) {
                found.push(Found { start, end, name: None, of: *of });
            }
        });
    }
}

/// The digits by which the numbers of a folded value are looked for, but for those of numbers that are given as they are written.
pub(super) fn sought(folded: &str, whole: bool, given: &dyn Fn(&str) -> bool) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for number in numbers(folded) {
        let written = |(first, last): (&Word<'_>, &Word<'_>)| folded.get(first.start..last.end);
        let is_given = number.first().zip(number.last()).and_then(written).is_some_and(given);
        let digits: String = number.iter().map(|group| group.text).collect();
        let is_decimal = number.len() == 2 && is_dotted(folded, &number);
        if is_given || is_decimal || digits.len() < LEAST {
            continue;
        }
        if whole {
            found.extend(digits.get(digits.len().saturating_sub(MOST)..).map(ToOwned::to_owned));
        } else {
            let parts = (0..digits.len()).filter_map(|at| digits.get(at..at + LEAST));
            found.extend(parts.map(ToOwned::to_owned));
        }
    }
    found
}

/// Every part of the numbers of a folded text by which one may be looked for, with the range of the groups that it is in.
pub(super) fn each(folded: &str, found: &mut dyn FnMut(&str, usize, usize)) {
    for number in numbers(folded) {
        let digits: String = number.iter().map(|group| group.text).collect();
        // for each digit the range of its group
        let groups: Vec<(usize, usize)> = number
            .iter()
            .flat_map(|it| std::iter::repeat_n((it.start, it.end), it.text.len()))
            .collect();
        for at in 0..digits.len() {
            for end in at + LEAST..=at + MOST {
                let range = groups.get(at).zip(groups.get(end - 1));
                if let Some((part, (first, last))) = digits.get(at..end).zip(range) {
                    found(part, first.0, last.1);
                }
            }
        }
    }
}

/// The groups of digits of each number of a folded text: what stands together but for blanks and the marks of numbers. Dates
/// and addresses of four numbers with points between them are none.
fn numbers(folded: &str) -> Vec<Vec<Word<'_>>> {
    let mut all: Vec<Vec<Word<'_>>> = Vec::new();
    let mut before: Option<usize> = None;
    for word in words(folded) {
        if !word.text.bytes().all(|it| it.is_ascii_digit()) {
            before = None;
            continue;
        }
        let between = before.and_then(|end| folded.get(end..word.start));
        let goes_on = between.is_some_and(|it| it.len() <= APART && it.chars().all(is_mark));
        match all.last_mut().filter(|_| goes_on) {
            Some(number) => number.push(word),
            None => all.push(vec![word]),
        }
        before = Some(word.end);
    }
    all.iter()
        .flat_map(|number| without_dates(number))
        .filter(|it| it.len() != 4 || !is_dotted(folded, it))
        .collect()
}

const fn is_mark(it: char) -> bool {
    matches!(it, ' ' | '-' | '.' | '(' | ')' | '/' | '+' | '_' | '\u{2010}')
}

/// Whether nothing but a point stands between the groups of a number.
fn is_dotted(folded: &str, number: &[Word<'_>]) -> bool {
    number
        .iter()
        .zip(number.iter().skip(1))
        .all(|(one, next)| folded.get(one.end..next.start) == Some("."))
}

/// What is left of groups of digits around the dates among them.
fn without_dates<'t>(groups: &[Word<'t>]) -> Vec<Vec<Word<'t>>> {
    let value = |at: Option<usize>| {
        let group = groups.get(at?).filter(|it| it.text.len() <= 2)?;
        group.text.parse::<u8>().ok()
    };
    let mut is_date = vec![false; groups.len()];
    for (at, group) in groups.iter().enumerate() {
        if group.text.len() != 4 || !matches!(group.text.get(..2), Some("19" | "20")) {
            continue;
        }
        let is_day = |at: Option<usize>| value(at).is_some_and(|it| (1..=31).contains(&it));
        let is_month = |at: Option<usize>| value(at).is_some_and(|it| (1..=12).contains(&it));
        let (one, two) = (at.checked_sub(1), at.checked_sub(2));
        let range = if is_month(Some(at + 1)) && is_day(Some(at + 2)) {
            at..at + 3
        } else if is_day(one) && is_day(two) {
            at - 2..at + 1
        } else {
            continue;
        };
        is_date.get_mut(range).into_iter().flatten().for_each(|it| *it = true);
    }
    let marked: Vec<(Word<'t>, bool)> = groups.iter().copied().zip(is_date).collect();
    let rest = marked.split(|(_, is_date)| *is_date).filter(|it| !it.is_empty());
    rest.map(|it| it.iter().map(|(word, _)| *word).collect()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(value: &str, whole: bool, text: &str) -> Vec<String> {
        let mut numbers = Numbers::default();
        numbers.add(value, 0, whole, &|_| false);
        let mut found = Vec::new();
        numbers.find(text, &|_, _| false, &mut found);
        let start = found.iter().map(|it| it.start).min();
        let end = found.iter().map(|it| it.end).max();
        let range = start.zip(end).and_then(|(start, end)| text.get(start..end));
        range.map(ToOwned::to_owned).into_iter().collect()
    }

    #[test]
    fn a_telephone_number_is_told_from_its_digits_in_any_groups() {
        for text in [
            "667-123-4567",
            "6671234567",
            "66 71 23 45 67",
            "667) 123.45.67",
            "667 (123) 4567",
            "526671234567",
        ] {
            for whole in [false, true] {
                for value in ["667 123 4567", "tel. +52 667 123 4567, jose@example.org"] {
                    let all = format!("call {text}, please");
                    assert_eq!(found(value, whole, &all), [text], "{value}");
                }
            }
        }
        // a part of one, but for the whole
        assert_eq!(found("667 123 4567", false, "ends in 123-45-67"), ["123-45-67"]);
        assert!(found("667 123 4567", true, "ends in 123-45-67").is_empty());
        assert_eq!(found("55 1987 2345", true, "5519872345"), ["5519872345"]);
    }

    #[test]
    fn dates_addresses_decimals_and_other_numbers_are_no_such_number() {
        for (value, text) in [
            ("on 2026-04-12 and 12/04/2026", "on 2026-04-13, 20260412 or 12/04/2026"),
            ("187.190.10.25", "187.190.10.3"),
            ("667 123 4567", "667 123 and 4567, 668-123-4568"),
            ("19.432608", "19 432 608"),
            ("667123", "667 123"),
            ("66 712 345", "a66712345"),
        ] {
            assert!(found(value, false, text).is_empty(), "{value} in {text}");
        }
        assert_eq!(found("2026-04-12 667 123 4567", true, "6671234567"), ["6671234567"]);
    }
}
