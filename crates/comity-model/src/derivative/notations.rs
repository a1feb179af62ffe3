//! Times and dates as people and programs write them, in folded text: `2026-11-20 08:31`, `20261120T083117Z`,
//! `img_20261120_083117`, `20/11/2026, 8:31 a.m.`, `20 de noviembre de 2026`, seconds since 1970.

use std::collections::BTreeSet;

use jiff::civil::Date;

mod beside;

/// Minutes of a day.
pub(super) const DAY: i64 = 1_440;
/// The day from which seconds are counted.
const EPOCH: Date = Date::constant(1970, 1, 1);

/// What a text says of times.
#[derive(Debug, Default)]
pub(super) struct Times {
    /// Every time, in the order of the text.
    pub(super) times: Vec<Written>,
    /// Every day that it may name, since 1970.
    pub(super) days: BTreeSet<i64>,
}

/// A time in a text.
#[derive(Debug)]
pub(super) struct Written {
    /// Where it begins, without its date.
    pub(super) start: usize,
    pub(super) end: usize,
    /// Whether it is written on to its date, so that the date alone stays.
    pub(super) is_joined: bool,
    pub(super) said: Said,
}

/// What a time may be: 8:31 may be of the morning and of the evening, 05/06 of May and of June.
#[derive(Debug)]
pub(super) enum Said {
    /// Minutes since 1970.
    Minutes(Vec<i64>),
    /// Minutes of some day.
    OfDay(Vec<i64>),
}

/// Reads the times and dates in a folded text.
pub(super) fn read(folded: &str) -> Times {
    let text = Text(folded);
    let (mut found, mut at) = (Times::default(), 0);
    // where the last time ended
    let mut last = None;
    while at < folded.len() {
        let digits = text.digits(at);
        if digits == 0 {
            at += 1;
            continue;
        }
        let mut end = at + digits;
        if let Some(dated) = dated(text, at, digits) {
            end = dated.end;
            found.days.extend(dated.days);
            last = dated.time.as_ref().map(|it| it.end).or(last);
            found.times.extend(dated.time);
        } else if let Some((seconds, end_of_it)) = seconds(text, at, digits) {
            end = end_of_it;
            let said = Said::Minutes(vec![seconds.div_euclid(60)]);
            // midnight says no more than its day
            if seconds % (60 * DAY) != 0 {
                found.times.push(Written { start: at, end, is_joined: false, said });
            }
        } else if !text.is_within_a_word(at)
            && let Some(clock) = clock(text, at, false)
            && (!clock.is_bare || text.is_beside_a_time(at, clock.end, last))
        {
            end = clock.next;
            last = Some(clock.end);
            let said = Said::OfDay(clock.minutes());
            found.times.push(Written { start: at, end: clock.end, is_joined: false, said });
        }
        at = end;
    }
    found
}

/// A date, with the time behind it.
struct Dated {
    days: Vec<i64>,
    time: Option<Written>,
    end: usize,
}

fn dated(text: Text<'_>, at: usize, digits: usize) -> Option<Dated> {
    if let Some(dated) = stamp(text, at, digits) {
        return Some(dated);
    }
    let (days, end) = date(text, at, digits)?;
    let bare = |days| Some(Dated { days, time: None, end });
    let between = text.count(end, 4, |it| b" _-.,;:/@(".contains(&it));
    // the letter of RFC 3339
    let letter = usize::from(between == 0 && text.get(end) == Some(b't'));
    let start =
        text.past(end + between + letter, &["at ", "a las ", "a la ", "desde las ", "from "]);
    if start == end || date(text, start, text.digits(start)).is_some() {
        return bare(days);
    }
    let Some(clock) = clock(text, start, true) else { return bare(days) };
    let parted = (end..start).any(|it| text.get(it).is_some_and(|it| b" ,;(".contains(&it)));
    let written = Written {
        start: if parted { start } else { end },
        end: clock.end,
        is_joined: !parted,
        said: Said::Minutes(clock.on(&days)),
    };
    Some(Dated { days, time: Some(written), end: clock.next })
}

/// `202611200831`, `20261120083117`, `2611200831`, and `261120_083117`.
fn stamp(text: Text<'_>, at: usize, digits: usize) -> Option<Dated> {
    let mut minutes = Vec::new();
    let mut days = Vec::new();
    let (mut end, mut start) = (at + digits, at + digits);
    // the digits of the year, and those of the whole
    for (year, whole) in [(4, 12), (4, 14), (4, 17), (2, 10), (2, 12)] {
        if whole != digits {
            continue;
        }
        let Some(day) = text.day(at, year) else { continue };
        let Some(minute) = text.hour_and_minute(at + year + 4) else { continue };
        start = start.min(at + year + 4);
        days.push(day);
        minutes.push(day * DAY + minute);
    }
    if digits == 6 && matches!(text.get(end), Some(b'_' | b'-' | b't')) {
        let (day, rest) = (text.day(at, 2)?, text.digits(end + 1));
        let minute = text.hour_and_minute(end + 1).filter(|_| matches!(rest, 4 | 6))?;
        days.push(day);
        minutes.push(day * DAY + minute);
        end += 1 + rest;
    }
    // ten digits are rather seconds
    let both = seconds(text, at, digits).filter(|_| !days.is_empty());
    minutes.extend(both.map(|(seconds, _)| seconds.div_euclid(60)));
    let said = Said::Minutes(minutes);
    (!days.is_empty()).then(|| Dated {
        days: if both.is_some() { Vec::new() } else { days },
        time: Some(Written {
            start: if both.is_some() { at } else { start },
            end: text.zone(end).1,
            is_joined: both.is_none(),
            said,
        }),
        end,
    })
}

/// A date at a run of digits, as every day that it may be, and where it ends.
fn date(text: Text<'_>, at: usize, digits: usize) -> Option<(Vec<i64>, usize)> {
    let end = at + digits;
    match digits {
        8 => {
            let european =
                day_of(text.number(at + 4, 4)?, text.number(at + 2, 2)?, text.number(at, 2)?);
            let american =
                day_of(text.number(at + 4, 4)?, text.number(at, 2)?, text.number(at + 2, 2)?);
            let days: Vec<i64> =
                [text.day(at, 4), european, american].into_iter().flatten().collect();
            (!days.is_empty()).then_some((days, end))
        }
        4 => {
            let mark = text.get(end).filter(|it| b"-/._ ".contains(it))?;
            let (month, end) = text.one_or_two(end + 1)?;
            (text.get(end) == Some(mark)).then_some(())?;
            let (day, end) = text.one_or_two(end + 1)?;
            Some((vec![day_of(text.number(at, 4)?, month, day)?], end))
        }
        1 | 2 => {
            let first = text.number(at, digits)?;
            by_name(text, at, end, first).or_else(|| {
                let mark = text.get(end).filter(|it| b"-/._".contains(it))?;
                let (second, end) = text.one_or_two(end + 1)?;
                (text.get(end) == Some(mark) && text.digits(end + 1) == 4).then_some(())?;
                let year = text.number(end + 1, 4)?;
                let days = [day_of(year, second, first), day_of(year, first, second)];
                let days: Vec<i64> = days.into_iter().flatten().collect();
                (!days.is_empty()).then_some((days, end + 5))
            })
        }
        _ => None,
    }
}

/// `20 de noviembre de 2026`, `20-nov-2026`, `November 20th, 2026`.
fn by_name(text: Text<'_>, at: usize, end: usize, day: i64) -> Option<(Vec<i64>, usize)> {
    let behind = || {
        let (month, end) = text.month(text.past(end, &["th", "st", "nd", "rd"]))?;
        text.year(end).map(|(year, end)| (year, month, end))
    };
    let before = || {
        let month = text.month_before(at)?;
        text.year(text.past(end, &["th", "st", "nd", "rd"])).map(|(year, end)| (year, month, end))
    };
    let (year, month, end) = behind().or_else(before)?;
    Some((vec![day_of(year, month, day)?], end))
}

/// Seconds since 1970, or thousandths, millionths or billionths of them; and where they end.
fn seconds(text: Text<'_>, at: usize, digits: usize) -> Option<(i64, usize)> {
    matches!(digits, 10 | 13 | 16 | 19).then_some(())?;
    let mut end = at + digits;
    if text.get(end) == Some(b'.') && text.digits(end + 1) > 0 {
        end += 1 + text.digits(end + 1);
    }
    Some((text.number(at, 10)?, end))
}

/// A time of day.
struct Clock {
    /// The minutes that it may be, by the clock that it was read from.
    said: Vec<i64>,
    /// That clock's offset from UTC in minutes, where one is said.
    offset: i64,
    /// Whether it may as well be a ratio: `1:10`.
    is_bare: bool,
    end: usize,
    /// Where to read on: `08:31-09:15` may be no offset.
    next: usize,
}

impl Clock {
    /// The minutes of a day that it may be, with the offset and without.
    fn minutes(&self) -> Vec<i64> {
        let all = self.said.iter().flat_map(|it| [*it, (it - self.offset).rem_euclid(DAY)]);
        all.collect()
    }

    /// The minutes since 1970 that it may be on these days.
    fn on(&self, days: &[i64]) -> Vec<i64> {
        let local = days.iter().flat_map(|day| self.said.iter().map(move |it| day * DAY + it));
        local.flat_map(|it| [it, it - self.offset]).collect()
    }
}

/// A time of day: `8:31`, `08:31:17.5Z`, `8h31`, `0831z`, `8.31 a.m.`; behind a date also `08.31`, `08-31-17`, `083117`.
fn clock(text: Text<'_>, at: usize, behind_a_date: bool) -> Option<Clock> {
    let digits = text.digits(at);
    let (hour, minute, mut end, is_whole, is_told) = match digits {
        1 | 2 => {
            let mark = text.get(at + digits)?;
            let minutes = at + digits + 1;
            let is_told = matches!(mark, b':' | b'h');
            if !is_told && mark != b'.' && !(behind_a_date && b"-_ ".contains(&mark)) {
                return None;
            }
            (text.digits(minutes) == 2).then_some(())?;
            let end = minutes + 2;
            let is_whole = text.get(end) == Some(mark) && text.digits(end + 1) == 2;
            let end = if is_whole { end + 3 } else { end };
            (text.number(at, digits)?, text.number(minutes, 2)?, end, is_whole, is_told)
        }
        4 | 6 => (text.number(at, 2)?, text.number(at + 2, 2)?, at + digits, digits == 6, false),
        7..=15 if behind_a_date => {
            (text.number(at, 2)?, text.number(at + 2, 2)?, at + digits, false, true)
        }
        _ => return None,
    };
    if hour > 23 || minute > 59 {
        return None;
    }
    if is_whole && matches!(text.get(end), Some(b'.' | b',')) {
        let fraction = text.digits(end + 1);
        end += if fraction > 0 { 1 + fraction } else { 0 };
    }
    let half = text.half(end);
    let unit = text.unit(half.map_or(end, |it| it.1));
    let (offset, zone) = text.zone(unit);
    let is_utc = zone > end && offset == Some(0);
    if !(is_told || behind_a_date || half.is_some() || is_utc || unit > end)
        || text.is_going_on(zone)
    {
        return None;
    }
    let said = match half {
        Some((afternoon, _)) if hour <= 12 => {
            vec![(hour % 12 + if afternoon { 12 } else { 0 }) * 60 + minute]
        }
        None if digits == 1 && hour > 0 => vec![hour * 60 + minute, (hour + 12) * 60 + minute],
        _ => vec![hour * 60 + minute],
    };
    let is_bare = digits == 1
        && text.get(at + 1) == Some(b':')
        && !(behind_a_date || is_whole || half.is_some() || offset.is_some() || unit > end);
    Some(Clock { said, offset: offset.unwrap_or(0), is_bare, end: zone, next: unit })
}

/// Days since 1970; `None` of what is no date, or of a year in which nobody watched.
fn day_of(year: i64, month: i64, day: i64) -> Option<i64> {
    let years = 1900..2100;
    years.contains(&year).then_some(())?;
    let date =
        Date::new(year.try_into().ok()?, month.try_into().ok()?, day.try_into().ok()?).ok()?;
    EPOCH.until((jiff::Unit::Day, date)).ok().map(|it| i64::from(it.get_days()))
}

/// The months of English and Spanish, by their first letters; the word goes on with these or ends.
const MONTHS: [(&str, &str, i64); 19] = [
    ("jan", "uary", 1),
    ("ene", "ro", 1),
    ("feb", "ruary", 2),
    ("feb", "rero", 2),
    ("mar", "ch", 3),
    ("mar", "zo", 3),
    ("apr", "il", 4),
    ("abr", "il", 4),
    ("may", "o", 5),
    ("jun", "e", 6),
    ("jun", "io", 6),
    ("jul", "y", 7),
    ("jul", "io", 7),
    ("aug", "ust", 8),
    ("ago", "sto", 8),
    ("sep", "tember", 9),
    ("oct", "ober", 10),
    ("nov", "ember", 11),
    ("dec", "ember", 12),
];
/// Those that the table above has no place for.
const OTHER_MONTHS: [(&str, i64); 8] = [
    ("sept", 9),
    ("septiembre", 9),
    ("setiembre", 9),
    ("set", 9),
    ("octubre", 10),
    ("noviembre", 11),
    ("diciembre", 12),
    ("dic", 12),
];

/// The month that a word names.
fn month_of(word: &str) -> Option<i64> {
    let known = MONTHS.iter().find(|(first, rest, _)| {
        word.strip_prefix(first).is_some_and(|it| it.is_empty() || it == *rest)
    });
    let other = || OTHER_MONTHS.iter().find(|(name, _)| *name == word).map(|it| it.1);
    known.map(|it| it.2).or_else(other)
}

/// A folded text, looked at by its bytes.
#[derive(Clone, Copy)]
struct Text<'t>(&'t str);

impl Text<'_> {
    fn get(self, at: usize) -> Option<u8> {
        self.0.as_bytes().get(at).copied()
    }

    /// How many bytes from here on are so, at most.
    fn count(self, at: usize, most: usize, is_so: impl Fn(u8) -> bool) -> usize {
        self.0.as_bytes().iter().skip(at).take(most).take_while(|it| is_so(**it)).count()
    }

    /// Digits from here on.
    fn digits(self, at: usize) -> usize {
        self.count(at, usize::MAX, |it| it.is_ascii_digit())
    }

    /// A number of so many digits.
    fn number(self, at: usize, digits: usize) -> Option<i64> {
        let text = self.0.get(at..at.checked_add(digits)?)?;
        text.bytes().all(|it| it.is_ascii_digit()).then_some(())?;
        text.parse().ok()
    }

    /// A number of one or two digits, and where it ends.
    fn one_or_two(self, at: usize) -> Option<(i64, usize)> {
        let digits = self.digits(at);
        (1..=2).contains(&digits).then_some(())?;
        Some((self.number(at, digits)?, at + digits))
    }

    /// A day as year, month and day, the year in two or four digits.
    fn day(self, at: usize, year: usize) -> Option<i64> {
        let (month, day) = (self.number(at + year, 2)?, self.number(at + year + 2, 2)?);
        let year = self.number(at, year)?;
        day_of(if year < 100 { 2000 + year } else { year }, month, day)
    }

    /// The minute of the day of an hour and a minute of two digits each.
    fn hour_and_minute(self, at: usize) -> Option<i64> {
        let (hour, minute) = (self.number(at, 2)?, self.number(at + 2, 2)?);
        (hour < 24 && minute < 60).then_some(hour * 60 + minute)
    }

    /// Whether what stands here goes on from before, as in an address: `x8:31`, `10.8:31`, `db8:8:31`, `::8:31`.
    fn is_within_a_word(self, at: usize) -> bool {
        let Some(before) = self.0.get(..at) else { return false };
        match before.chars().next_back() {
            Some(mark @ (':' | '.')) => {
                let before = before.trim_end_matches(mark);
                let word = before.trim_end_matches(|it: char| it.is_ascii_hexdigit());
                let part = before.len() - word.len();
                let is_alone = !word.ends_with(|it: char| it.is_alphanumeric());
                is_alone && ((1..=4).contains(&part) || part == 0 && mark == ':')
            }
            last => last.is_some_and(char::is_alphanumeric),
        }
    }

    /// Whether what ended here goes on: `8:31:ab`, `8:31x`. With a colon and a blank it does not.
    fn is_going_on(self, at: usize) -> bool {
        let rest = self.0.get(at..).unwrap_or_default();
        let rest = rest.strip_prefix(':').map_or(rest, |it| it.strip_prefix(':').unwrap_or(it));
        rest.starts_with(char::is_alphanumeric)
    }

    /// Behind one of these words, where one stands here.
    fn past(self, at: usize, words: &[&str]) -> usize {
        let found = words.iter().find(|word| self.is_at(at, word));
        found.map_or(at, |word| at + word.len())
    }

    fn is_at(self, at: usize, word: &str) -> bool {
        self.0.get(at..).is_some_and(|it| it.starts_with(word))
    }

    /// Behind blanks, marks and the words that stand between the parts of a date.
    fn past_marks(self, at: usize) -> usize {
        let mut at = at;
        loop {
            let next = at + self.count(at, 2, |it| b" ,.-/".contains(&it));
            let next = self.past(next, &["de ", "del ", "of "]);
            if next == at {
                return at;
            }
            at = next;
        }
    }

    /// A month by its name, and where that ends.
    fn month(self, at: usize) -> Option<(i64, usize)> {
        let at = self.past_marks(at);
        let end = at + self.count(at, 12, |it| it.is_ascii_lowercase());
        let month = month_of(self.0.get(at..end)?)?;
        Some((month, end))
    }

    /// The month whose name ends before here.
    fn month_before(self, at: usize) -> Option<i64> {
        let before = self.0.get(..at)?.trim_end_matches([' ', '.']);
        let word = before.trim_end_matches(|it: char| it.is_ascii_lowercase());
        month_of(before.get(word.len()..)?)
    }

    /// A year of four digits, and where it ends.
    fn year(self, at: usize) -> Option<(i64, usize)> {
        let at = self.past_marks(at);
        (self.digits(at) == 4).then_some(())?;
        Some((self.number(at, 4)?, at + 4))
    }

    /// Whether it is said to be of the second half of the day, and where that ends.
    fn half(self, at: usize) -> Option<(bool, usize)> {
        /// What is said, and whether it is the second half.
        const HALVES: [(&str, bool); 14] = [
            ("a.m.", false),
            ("p.m.", true),
            ("a. m.", false),
            ("p. m.", true),
            ("a.m", false),
            ("p.m", true),
            ("am", false),
            ("pm", true),
            ("de la manana", false),
            ("de la madrugada", false),
            ("de la tarde", true),
            ("de la noche", true),
            ("in the morning", false),
            ("in the evening", true),
        ];
        let at = at + self.count(at, 1, |it| it == b' ');
        let ends = |word: &str| at + word.len();
        let is_whole = |word: &str| self.is_at(at, word) && !self.is_going_on(ends(word));
        let (word, afternoon) = HALVES.iter().find(|(word, _)| is_whole(word))?;
        Some((*afternoon, ends(word)))
    }

    /// Behind the word for hours, where one stands here.
    fn unit(self, at: usize) -> usize {
        let word = at + self.count(at, 1, |it| it == b' ');
        let end = self.past(word, &["horas", "hours", "hrs.", "hrs", "hs", "h"]);
        if end == word || self.is_going_on(end) { at } else { end }
    }

    /// The offset from UTC that is said here, in minutes, and where that ends.
    fn zone(self, at: usize) -> (Option<i64>, usize) {
        let word = at + self.count(at, 1, |it| it == b' ');
        let end = self.past(word, &["z", "utc", "gmt"]);
        if end > word && !self.is_going_on(end) && !matches!(self.get(end), Some(b'+' | b'-')) {
            return (Some(0), end);
        }
        let sign = match self.get(end) {
            Some(b'+') => 1,
            Some(b'-') => -1,
            _ => return (None, at),
        };
        let hours = end + 1;
        let (minutes, digits) = match (self.digits(hours), self.get(hours + 2)) {
            (2, Some(b':')) if self.digits(hours + 3) == 2 => (self.number(hours + 3, 2), 5),
            (2, _) => (Some(0), 2),
            (4, _) => (self.number(hours + 2, 2), 4),
            _ => return (None, at),
        };
        match (self.number(hours, 2), minutes) {
            (Some(whole @ 0..=14), Some(minutes @ 0..=59)) => {
                (Some(sign * (whole * 60 + minutes)), hours + digits)
            }
            _ => (None, at),
        }
    }
}

#[cfg(test)]
mod tests;
