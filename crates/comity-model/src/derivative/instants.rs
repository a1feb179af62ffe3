//! Exact times that were cut to their day, as other texts repeat them or parts of them.

use std::collections::BTreeMap;

use comity_stix::json::Value;

use super::hidden::Found;
use super::notations::{self, DAY, Said};
use super::times;

/// Bytes of a date, which stays.
const DATE: usize = 10;
/// Bytes of a stretch of a time.
const LENGTH: usize = 6;
/// Where the first stretch begins in a time that says something beyond its date: `-12t10`.
const FIRST: usize = 7;

/// Times that were cut to their day, and must be told by no text of a release, each with the number of the object whose it
/// is.
#[derive(Default)]
pub(super) struct Instants {
    /// Their stretches in RFC 3339, folded, that say more than their dates.
    stretches: BTreeMap<String, u32>,
    /// Their minutes since 1970.
    minutes: BTreeMap<i64, u32>,
    /// Their minutes of the day, but for midnight.
    clocks: BTreeMap<i64, u32>,
}

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
            let known = self.stretches.insert(stretch.to_owned(), of);
            bytes += if known.is_none() { LENGTH } else { 0 };
        }
        if let Some(minute) = times::minute(&text)
            && self.minutes.insert(minute, of).is_none()
        {
            let clock = minute.rem_euclid(DAY);
            self.clocks.extend(Some((clock, of)).filter(|_| clock != 0));
            bytes += 2 * size_of::<i64>();
        }
        bytes
    }

    /// Whether there are none.
    pub(super) fn is_empty(&self) -> bool {
        self.stretches.is_empty() && self.minutes.is_empty()
    }

    /// Whether a folded text tells one of them.
    pub(super) fn stand_in(&self, folded: &str) -> bool {
        self.places(folded).next().is_some() || !self.told(folded).is_empty()
    }

    /// Whether a text within a folded one may tell one of them: what day a time is of depends on the whole text, and here
    /// others stand around it.
    pub(super) fn may_stand_in(&self, folded: &str) -> bool {
        let may = |said: &Said| match said {
            Said::Minutes(all) => all.iter().any(|it| self.minutes.contains_key(it)),
            Said::OfDay(all) => all.iter().any(|it| self.clocks.contains_key(it)),
        };
        !self.minutes.is_empty() && notations::read(folded).times.iter().any(|it| may(&it.said))
    }

    /// Adds every place of a part of them in a folded text, and every time that is one of them in other notations. Of a date
    /// before it the day stays.
    pub(super) fn find<'h>(&'h self, folded: &str, found: &mut Vec<Found<'h>>) {
        found.extend(self.places(folded).map(|(at, of)| {
            let (start, end) = token(folded, at);
            let is_dated = folded.get(start..end).is_some_and(|it| date(it).is_some());
            match start.checked_add(DATE).filter(|_| is_dated) {
                Some(start) => Found { start, end, name: Some(""), of },
                None => Found { start, end, name: None, of },
            }
        }));
        found.extend(self.told(folded));
    }

    /// Where a text tells the minute of one of them. A time without a date is of every day that the text names, and of any
    /// where it names none.
    fn told(&self, folded: &str) -> Vec<Found<'static>> {
        if self.minutes.is_empty() {
            return Vec::new();
        }
        let notations::Times { times, days } = notations::read(folded);
        let whose = |said: &Said| match said {
            Said::Minutes(all) => all.iter().find_map(|it| self.minutes.get(it)).copied(),
            Said::OfDay(all) if days.is_empty() => {
                all.iter().find_map(|it| self.clocks.get(it)).copied()
            }
            Said::OfDay(all) => {
                let of_day = |minute: &&i64| self.clocks.contains_key(minute);
                let on = |minute: &i64| {
                    days.iter().find_map(|day| self.minutes.get(&(day * DAY + minute))).copied()
                };
                all.iter().filter(of_day).find_map(on)
            }
        };
        let told = times.into_iter().filter_map(|it| {
            let of = whose(&it.said)?;
            let name = it.is_joined.then_some("");
            Some(Found { start: it.start, end: it.end, name, of })
        });
        told.collect()
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
            .filter(|_| !self.stretches.is_empty())
            .flat_map(|(at, _)| at.saturating_sub(LENGTH - 1)..=at);
        around.filter_map(|start| {
            let end = start.saturating_add(LENGTH);
            let of = self.stretches.get(folded.get(start..end)?)?;
            (!is_in_an_address(folded, start, end)).then_some((start, *of))
        })
    }
}

/// What stands between the parts of a time and not between those of a date.
const fn is_mark(byte: u8) -> bool {
    matches!(byte, b':' | b't' | b'.')
}

/// Whether a range is part of an address of a network or a device, whose groups are no hours and minutes: `00:13:10:07:aa:bb`,
/// `2001:db8::13:10:7`, `10.8.17.250`.
fn is_in_an_address(folded: &str, start: usize, end: usize) -> bool {
    let around = |belongs: fn(&char) -> bool| {
        let (before, behind) = (folded.get(..start)?, folded.get(end..)?);
        let left: usize = before.chars().rev().take_while(belongs).map(char::len_utf8).sum();
        let right: usize = behind.chars().take_while(belongs).map(char::len_utf8).sum();
        folded.get(start.saturating_sub(left)..end.saturating_add(right))
    };
    let is_group = |it: &str| it.len() <= 4 && it.bytes().all(|byte| byte.is_ascii_hexdigit());
    let in_colons = around(|it| it.is_alphanumeric() || *it == ':').is_some_and(|run| {
        let run = run.trim_end_matches(':');
        let groups = run.split(':').count();
        // `2026:11:20:13:10:07` is a date with its time
        let is_dated = groups == 6 && run.split(':').next().is_some_and(|it| it.len() == 4);
        run.split(':').all(is_group) && (run.contains("::") || groups >= 6 && !is_dated)
    });
    let in_stops = around(|it| it.is_alphanumeric() || *it == '.').is_some_and(|run| {
        let run = run.trim_end_matches('.');
        let is_part = |it: &str| (1..=3).contains(&it.len()) && it.parse::<u8>().is_ok();
        run.split('.').count() == 4 && run.split('.').all(is_part)
    });
    in_colons || in_stops
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
