//! Times as clients write them: RFC 3339, section 5.6, of every year from 0 to 9999.

use jiff::Timestamp;
use jiff::civil::Date;

/// Reads a time of RFC 3339: any number of digits after the point, which are cut to nanoseconds, any offset, small letters too.
/// A leap second is the first second of the next day. What lies beyond the last instant that can be reckoned with here, late
/// on 9999-12-30, is taken for that instant, as it is where objects are held.
pub(super) fn read(text: &str) -> Option<Timestamp> {
    let (date, time) = text.split_once(['T', 't'])?;
    let (clock, offset) = match time.strip_suffix(['Z', 'z']) {
        Some(clock) => (clock, 0),
        None => offset(time)?,
    };
    let (clock, fraction) = match clock.split_once('.') {
        None => (clock, ""),
        Some((_, "")) => return None,
        Some(parts) => parts,
    };
    let [year, month, day] = numbers(date, '-', [4, 2, 2])?;
    let [hour, minute, second] = numbers(clock, ':', [2, 2, 2])?;
    let small = |it: i64| i8::try_from(it).ok();
    let date = Date::new(i16::try_from(year).ok()?, small(month)?, small(day)?).ok()?;
    let days = date.duration_since(Date::new(1970, 1, 1).ok()?).as_hours() / 24;
    if hour > 23 || minute > 59 || second > 60 || !fraction.bytes().all(|it| it.is_ascii_digit()) {
        return None;
    }
    let seconds = days * 86_400 + hour * 3_600 + minute * 60 + second - offset;
    if second == 60 && seconds.rem_euclid(86_400) != 0 {
        return None;
    }
    let digits = fraction.bytes().chain(std::iter::repeat(b'0')).take(9);
    let nanoseconds = digits.fold(0, |sum, digit| sum * 10 + i32::from(digit - b'0'));
    Some(Timestamp::new(seconds, nanoseconds).unwrap_or(Timestamp::MAX))
}

/// What stands before an offset, and the offset in seconds.
fn offset(time: &str) -> Option<(&str, i64)> {
    let at = time.rfind(['+', '-'])?;
    let (clock, offset) = time.split_at_checked(at)?;
    let (sign, offset) = offset.split_at_checked(1)?;
    let [hours, minutes] = numbers(offset, ':', [2, 2])?;
    let seconds = hours * 3_600 + minutes * 60;
    (hours < 24 && minutes < 60).then_some((clock, if sign == "-" { -seconds } else { seconds }))
}

/// Numbers of exactly so many digits.
fn numbers<const N: usize>(text: &str, between: char, digits: [usize; N]) -> Option<[i64; N]> {
    let mut numbers = [0; N];
    let mut parts = text.split(between);
    for (number, digits) in numbers.iter_mut().zip(digits) {
        let part = parts.next()?;
        let is_plain = part.len() == digits && part.bytes().all(|it| it.is_ascii_digit());
        *number = part.parse().ok().filter(|_| is_plain)?;
    }
    parts.next().is_none().then_some(numbers)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_time_of_rfc_3339_is_read_and_nothing_else() {
        for (text, time) in [
            ("2026-02-01T10:00:00Z", "2026-02-01T10:00:00Z"),
            ("2026-02-01t10:00:00.123456789123z", "2026-02-01T10:00:00.123456789Z"),
            ("2026-02-01T00:30:00.5+01:00", "2026-01-31T23:30:00.5Z"),
            ("2026-02-01T23:30:00-23:59", "2026-02-02T23:29:00Z"),
            ("2026-02-01T10:00:00-00:00", "2026-02-01T10:00:00Z"),
            ("2016-12-31T23:59:60Z", "2017-01-01T00:00:00Z"),
            ("2017-01-01T00:59:60+01:00", "2017-01-01T00:00:00Z"),
            ("2024-02-29T00:00:00Z", "2024-02-29T00:00:00Z"),
            ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"),
            ("9999-12-30T21:59:59Z", "9999-12-30T21:59:59Z"),
        ] {
            assert_eq!(read(text), Some(time.parse().unwrap()), "{text}");
        }
        for forever in ["9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59-23:59"] {
            assert_eq!(read(forever), Some(Timestamp::MAX), "{forever}");
        }
        for text in [
            "",
            "T",
            "2026-02-01",
            "2026-02-01 10:00:00Z",
            "2026-02-01T10:00Z",
            "2026-02-01T10:00:00",
            "2026-02-01T10:00:00.Z",
            "2026-02-01T10:00:00,5Z",
            "2026-02-01T10:00:00+0100",
            "2026-02-01T10:00:00+24:00",
            "2026-02-01T10:00:00Z[UTC]",
            "2026-02-30T10:00:00Z",
            "2026-13-01T10:00:00Z",
            "2026-02-01T24:00:00Z",
            "2026-02-01T10:00:60Z",
            "2026-02-01T10:60:00Z",
            "+2026-02-01T10:00:00Z",
            "10000-01-01T00:00:00Z",
            "２026-02-01T10:00:00Z",
            "2026-02-01T10:00:00é",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_is_read_is_what_was_written(
            seconds in -62_135_596_800_i64..253_402_200_000,
            nanoseconds in 0..1_000_000_000,
            any in "\\PC{0,40}",
        ) {
            let time = Timestamp::new(seconds, nanoseconds).unwrap();
            prop_assert_eq!(read(&time.to_string()), Some(time));
            let _ = read(&any);
        }
    }
}
