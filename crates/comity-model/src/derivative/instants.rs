//! Exact times that were cut to their day, as other texts repeat them or parts of them.

use std::collections::BTreeMap;

use comity_stix::json::Value;

use super::hidden::Found;
use super::times;

/// Bytes of a date, which stays.
const DATE: usize = 10;
/// Bytes of a stretch of a time.
const LENGTH: usize = 6;
/// Where the first stretch begins in a time that says something beyond its date: `-12t10`.
const FIRST: usize = 7;

/// The stretches of times (RFC 3339), folded, that say more than their dates, and must stand in no text of a release, each
/// with the number of the object whose it is.
#[derive(Default)]
pub(super) struct Instants(BTreeMap<String, u32>);

impl Instants {
    /// Adds a time of the object with number `of` that is finer than its day, and gives the bytes that it takes.
    pub(super) fn add(&mut self, value: Value<'_, '_>, of: u32) -> usize {
        let Some(text) = value.text() else { return 0 };
        if times::to_day(&text).is_none_or(|day| day == *text) {
            return 0;
        }
        let folded = text.to_ascii_lowercase();
        let ends = FIRST + LENGTH..=folded.len();
        let stretches = ends.filter_map(|end| folded.get(end - LENGTH..end));
        let mut bytes = 0;
        for stretch in stretches.filter(|it| it.bytes().any(is_mark) && tells(it)) {
            bytes += if self.0.insert(stretch.to_owned(), of).is_none() { LENGTH } else { 0 };
        }
        bytes
    }

    /// Whether there are none.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether a part of one of them stands in a folded text.
    pub(super) fn stand_in(&self, folded: &str) -> bool {
        self.places(folded).next().is_some()
    }

    /// Adds every place of a part of them in a folded text. Of a date before it the day stays.
    pub(super) fn find<'h>(&'h self, folded: &str, found: &mut Vec<Found<'h>>) {
        found.extend(self.places(folded).map(|(at, of)| {
            let (start, end) = token(folded, at);
            let is_dated = folded.get(start..end).is_some_and(|it| date(it).is_some());
            match start.checked_add(DATE).filter(|_| is_dated) {
                Some(start) => Found { start, end, name: Some(""), of },
                None => Found { start, end, name: None, of },
            }
        }));
    }

    /// Where the stretches stand, and whose they are.
    fn places(&self, folded: &str) -> impl Iterator<Item = (usize, u32)> {
        let bytes = folded.as_bytes();
        let digit =
            |at: Option<usize>| at.and_then(|at| bytes.get(at)).is_some_and(u8::is_ascii_digit);
        let marks = bytes.iter().enumerate().filter(move |(at, byte)| {
            is_mark(**byte) && digit(at.checked_sub(1)) && digit(at.checked_add(1))
        });
        let around = marks
            .filter(|_| !self.0.is_empty())
            .flat_map(|(at, _)| at.saturating_sub(LENGTH - 1)..=at);
        around.filter_map(|start| {
            let stretch = folded.get(start..start.saturating_add(LENGTH))?;
            self.0.get(stretch).map(|of| (start, *of))
        })
    }
}

/// What stands between the parts of a time and not between those of a date.
const fn is_mark(byte: u8) -> bool {
    matches!(byte, b':' | b't' | b'.')
}

/// Whether a stretch says something: midnight does not.
fn tells(stretch: &str) -> bool {
    let (_, time) = stretch.split_once('t').unwrap_or(("", stretch));
    time.bytes().any(|it| matches!(it, b'1'..=b'9'))
}

/// The time around a place, with the date that it is written with.
fn token(folded: &str, at: usize) -> (usize, usize) {
    let belongs =
        |it: &char| it.is_ascii_digit() || matches!(it, ':' | '.' | 't' | 'z' | '-' | '+');
    let (before, behind) = folded.split_at_checked(at).unwrap_or((folded, ""));
    let left: usize = before.chars().rev().take_while(belongs).map(char::len_utf8).sum();
    let right: usize = behind.chars().take_while(belongs).map(char::len_utf8).sum();
    let (start, end) = (at.saturating_sub(left), at.saturating_add(right));
    // from its first digit to its last, and the letter of UTC
    let digits = |it: char| !it.is_ascii_digit();
    let text = folded.get(start..end).unwrap_or_default();
    let first = text.len() - text.trim_start_matches(digits).len();
    let last = text.trim_end_matches(digits).len();
    let zone = usize::from(text.get(last..).is_some_and(|it| it.starts_with('z')));
    (start.saturating_add(first), start.saturating_add(last + zone))
}

/// The date with which a text begins.
fn date(text: &str) -> Option<jiff::civil::Date> {
    text.get(..DATE)?.parse().ok()
}
