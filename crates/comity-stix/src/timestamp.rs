//! Timestamps: `YYYY-MM-DDTHH:mm:ss[.s+]Z` (section 2.16).

use std::borrow::Cow;
use std::cmp::Ordering;

use jiff::{Timestamp, civil};

/// A timestamp of the standard: the text as written, and the time it says. It is ordered and compared
/// by time, with every digit that was written: `...:00Z` and `...:00.000Z` are equal.
#[derive(Debug, Clone)]
pub struct Stamp<'a> {
    written: Cow<'a, str>,
    /// Since 1970, without the fraction.
    seconds: i64,
}

/// Why a text is no timestamp of the standard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TimestampError {
    /// It is not written `YYYY-MM-DDTHH:mm:ss[.s+]Z`.
    #[error("a timestamp is written like 2026-01-31T08:30:00.000Z, in UTC: write it so")]
    Form,
    /// There is no such day or no such time of day.
    #[error("there is no such date or time of day: correct it")]
    NoSuchTime,
}

impl TimestampError {
    /// A stable name in kebab case.
    pub fn code(self) -> &'static str {
        match self {
            Self::Form => "timestamp-form",
            Self::NoSuchTime => "timestamp-no-such-time",
        }
    }
}

impl<'a> Stamp<'a> {
    /// Reads a timestamp (section 2.16.1). Capital `T` and `Z` are required. A leap second is taken
    /// at the end of a day and counts as the first second of the next.
    pub fn parse(written: impl Into<Cow<'a, str>>) -> Result<Self, TimestampError> {
        let written = written.into();
        let seconds = seconds(written.as_bytes())?;
        Ok(Self { written, seconds })
    }

    /// The text it was read from.
    pub fn written(&self) -> &str {
        &self.written
    }

    /// The time it says, cut to nanoseconds. What is later than the last instant jiff knows (late on
    /// 9999-12-30) is taken for that instant.
    pub fn time(&self) -> Timestamp {
        let nanoseconds = self
            .fraction()
            .bytes()
            .chain(std::iter::repeat(b'0'))
            .take(9)
            .fold(0, |sum, digit| sum * 10 + i32::from(digit - b'0'));
        Timestamp::new(self.seconds, nanoseconds).unwrap_or(Timestamp::MAX)
    }

    /// The time it says in attoseconds since 1970, which is as fine as eighteen digits after the point.
    pub(crate) fn attoseconds(&self) -> i128 {
        let digits = self.fraction().bytes().chain(std::iter::repeat(b'0')).take(18);
        let fraction = digits.fold(0_i128, |sum, digit| sum * 10 + i128::from(digit - b'0'));
        i128::from(self.seconds) * 1_000_000_000_000_000_000 + fraction
    }

    /// How many digits stand after the point.
    pub fn precision(&self) -> usize {
        self.written_fraction().len()
    }

    /// The same, owning its text.
    pub fn into_owned(self) -> Stamp<'static> {
        Stamp { written: Cow::Owned(self.written.into_owned()), seconds: self.seconds }
    }

    fn written_fraction(&self) -> &str {
        self.written.get(20..).and_then(|rest| rest.strip_suffix('Z')).unwrap_or_default()
    }

    fn fraction(&self) -> &str {
        self.written_fraction().trim_end_matches('0')
    }
}

impl PartialEq for Stamp<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Stamp<'_> {}

impl PartialOrd for Stamp<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Stamp<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        // Without trailing zeros, fractions are ordered as their digits are.
        self.seconds.cmp(&other.seconds).then_with(|| self.fraction().cmp(other.fraction()))
    }
}

/// A time as STIX writes it, with three digits after the point, cut and not rounded. Times before the
/// year 0, which the standard cannot write, become its first instant.
pub fn format(time: Timestamp) -> String {
    /// 0000-01-01T00:00:00Z.
    const FIRST: i64 = -62_167_219_200;
    let time =
        if time.as_second() < FIRST { Timestamp::from_second(FIRST).unwrap_or(time) } else { time };
    let milliseconds = time.as_nanosecond().rem_euclid(1_000_000_000) / 1_000_000;
    let second = time.as_nanosecond().div_euclid(1_000_000_000);
    let whole = i64::try_from(second).ok().and_then(|s| Timestamp::from_second(s).ok());
    let date_time = whole.unwrap_or(time).strftime("%Y-%m-%dT%H:%M:%S");
    format!("{date_time}.{milliseconds:03}Z")
}

/// Checks form and calendar; gives the seconds since 1970.
fn seconds(written: &[u8]) -> Result<i64, TimestampError> {
    let Some((date_time, rest)) = written.split_first_chunk::<19>() else {
        return Err(TimestampError::Form);
    };
    let [y1, y2, y3, y4, b'-', o1, o2, b'-', d1, d2, b'T', h1, h2, b':', m1, m2, b':', s1, s2] =
        *date_time
    else {
        return Err(TimestampError::Form);
    };
    let fraction = match rest {
        [b'Z'] => &[][..],
        [b'.', digits @ .., b'Z'] if !digits.is_empty() => digits,
        _ => return Err(TimestampError::Form),
    };
    if !fraction.iter().all(u8::is_ascii_digit) {
        return Err(TimestampError::Form);
    }
    let pair = |tens: u8, ones: u8| -> Result<i8, TimestampError> {
        if !tens.is_ascii_digit() || !ones.is_ascii_digit() {
            return Err(TimestampError::Form);
        }
        i8::try_from((tens - b'0') * 10 + (ones - b'0')).map_err(|_| TimestampError::Form)
    };
    let year = i16::from(pair(y1, y2)?) * 100 + i16::from(pair(y3, y4)?);
    let (month, day) = (pair(o1, o2)?, pair(d1, d2)?);
    let (hour, minute, second) = (pair(h1, h2)?, pair(m1, m2)?, pair(s1, s2)?);
    let leap = (hour, minute, second) == (23, 59, 60);
    if hour > 23 || minute > 59 || second > 59 && !leap {
        return Err(TimestampError::NoSuchTime);
    }
    let date = civil::Date::new(year, month, day).map_err(|_| TimestampError::NoSuchTime)?;
    let days = i64::from(days_since_1970(date));
    Ok(days * 86_400 + i64::from(hour) * 3_600 + i64::from(minute) * 60 + i64::from(second))
}

/// Days from 1970-01-01; counted by years and leap days, since jiff's instants end before the last
/// day a STIX timestamp can name.
fn days_since_1970(date: civil::Date) -> i32 {
    let before = i32::from(date.year()) - 1;
    let leap_days = before.div_euclid(4) - before.div_euclid(100) + before.div_euclid(400);
    // 719 162 days lie before 1970-01-01, counted from 0001-01-01.
    before * 365 + leap_days - 719_162 + i32::from(date.day_of_year()) - 1
}

#[cfg(test)]
mod tests {
    use super::{Stamp, TimestampError, format};
    use jiff::{Timestamp, civil};
    use proptest::prelude::*;

    #[test]
    fn a_timestamp_keeps_its_text_and_says_its_time() {
        for (written, precision, plain) in [
            ("2016-01-20T12:31:12.123Z", 3, "2016-01-20T12:31:12.123Z"),
            ("2016-01-20T12:31:12Z", 0, "2016-01-20T12:31:12Z"),
            ("2000-02-29T23:59:59.123456789987Z", 12, "2000-02-29T23:59:59.123456789Z"),
            ("1969-12-31T23:59:59.5Z", 1, "1969-12-31T23:59:59.5Z"),
            ("2016-12-31T23:59:60Z", 0, "2017-01-01T00:00:00Z"),
        ] {
            let stamp = Stamp::parse(written).unwrap();
            assert_eq!(stamp.written(), written);
            assert_eq!(stamp.precision(), precision);
            assert_eq!(stamp.time(), plain.parse::<Timestamp>().unwrap(), "{written}");
        }
    }

    #[test]
    fn the_last_day_of_the_calendar_is_a_timestamp_although_jiff_ends_before() {
        let forever = Stamp::parse("9999-12-31T23:59:59.999Z").unwrap();
        assert_eq!(forever.time(), Timestamp::MAX);
        assert!(forever > Stamp::parse("9999-12-31T23:59:59Z").unwrap());
    }

    #[test]
    fn what_is_no_timestamp_is_refused() {
        for written in [
            "",
            "2016-01-20",
            "2016-01-20T12:31:12",
            "2016-01-20T12:31:12.Z",
            "2016-01-20t12:31:12Z",
            "2016-01-20T12:31:12z",
            "2016-01-20T12:31:12+00:00",
            "2016-01-20T12:31:12.12+Z",
            "2016-01-20 12:31:12Z",
            "16-01-20T12:31:12.000Z",
            "2016-01-20T12:31:12.1ñZ",
            "-016-01-20T12:31:12Z",
        ] {
            assert_eq!(Stamp::parse(written), Err(TimestampError::Form), "{written}");
        }
        for written in [
            "2016-13-12T08:17:27Z",
            "2016-11-31T08:17:27Z",
            "2017-02-29T08:17:27Z",
            "2016-03-12T24:00:00Z",
            "2016-03-12T08:60:27Z",
            "2016-03-12T08:17:60Z",
            "2016-00-12T08:17:27Z",
            "2016-01-00T08:17:27Z",
        ] {
            assert_eq!(Stamp::parse(written), Err(TimestampError::NoSuchTime), "{written}");
        }
    }

    #[test]
    fn order_looks_at_every_digit_written() {
        let stamp = |text| Stamp::parse(text).unwrap();
        assert_eq!(stamp("2020-01-01T00:00:00Z"), stamp("2020-01-01T00:00:00.000Z"));
        assert!(stamp("2020-01-01T00:00:00.1Z") > stamp("2020-01-01T00:00:00.09Z"));
        assert!(stamp("2020-01-01T00:00:00.0000000001Z") > stamp("2020-01-01T00:00:00Z"));
        assert!(stamp("2019-12-31T23:59:59.999Z") < stamp("2020-01-01T00:00:00Z"));
    }

    #[test]
    fn formatting_cuts_and_never_rounds_up() {
        let written = |text: &str| format(text.parse().unwrap());
        assert_eq!(written("2026-01-31T08:30:00.9999Z"), "2026-01-31T08:30:00.999Z");
        assert_eq!(written("1969-12-31T23:59:59.9999Z"), "1969-12-31T23:59:59.999Z");
        assert_eq!(written("2026-01-31T08:30:00Z"), "2026-01-31T08:30:00.000Z");
        assert_eq!(format(Timestamp::MIN), "0000-01-01T00:00:00.000Z");
    }

    proptest! {
        #[test]
        fn what_is_formatted_reads_back_to_the_millisecond(ms in -62_167_219_200_000_i64..253_402_207_200_000) {
            let time = Timestamp::from_millisecond(ms).unwrap();
            prop_assert_eq!(Stamp::parse(format(time)).unwrap().time(), time);
        }

        #[test]
        fn every_day_of_the_calendar_is_taken_and_no_other(year in 0_i16..=9999, month in 0_i8..=13, day in 0_i8..=32) {
            let text = format!("{year:04}-{month:02}-{day:02}T00:00:00Z");
            prop_assert_eq!(Stamp::parse(text).is_ok(), civil::Date::new(year, month, day).is_ok());
        }

        #[test]
        fn hostile_text_is_refused_quietly(text in ".{0,40}") {
            let _ = Stamp::parse(text);
        }
    }
}
