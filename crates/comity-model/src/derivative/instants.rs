//! Exact times that were cut to their day, as other texts repeat them.

use std::collections::BTreeSet;

use comity_stix::json::Value;

use super::hidden::Found;
use super::times;

/// Bytes of a date, which is what stands in the place of an exact time.
const DATE: usize = 10;

/// Times that must stand in no text of a release as they were written (RFC 3339), folded.
#[derive(Default)]
pub(super) struct Instants(BTreeSet<String>);

impl Instants {
    /// Adds a time that is finer than its day, and gives the bytes that it takes.
    pub(super) fn add(&mut self, value: Value<'_, '_>) -> usize {
        let Some(text) = value.text() else { return 0 };
        if times::to_day(&text).is_none_or(|day| day == *text) {
            return 0;
        }
        if self.0.insert(text.to_ascii_lowercase()) { text.len() } else { 0 }
    }

    /// Whether there are none.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether one of them stands in a folded text.
    pub(super) fn stand_in(&self, folded: &str) -> bool {
        self.places(folded).next().is_some()
    }

    /// Adds every place of them in a folded text, with the day.
    pub(super) fn find<'h>(&'h self, folded: &str, found: &mut Vec<Found<'h>>) {
        found.extend(self.places(folded).map(|(start, instant)| Found {
            start,
            end: start + instant.len(),
            name: instant.get(..DATE),
        }));
    }

    fn places<'h>(&'h self, folded: &str) -> impl Iterator<Item = (usize, &'h str)> {
        // every time has its only `t` behind its date, and ends with the `z` after that
        let marks = folded.match_indices('t').filter(|_| !self.0.is_empty());
        marks.filter_map(move |(at, _)| {
            let start = at.checked_sub(DATE)?;
            let rest = folded.get(at..)?;
            let length =
                rest.bytes().skip(1).position(|it| !matches!(it, b'0'..=b'9' | b':' | b'.'))?;
            // the `t`, what follows it, and the `z`
            let instant = folded.get(start..at.checked_add(length)?.checked_add(2)?)?;
            Some((start, self.0.get(instant)?.as_str()))
        })
    }
}
