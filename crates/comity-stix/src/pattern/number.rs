//! Numbers of patterns (section 9.2): kept as they are written, compared by value and exactly.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt;

use super::ast::Number;

/// Why a text is no number of a pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NumberError {
    /// It is not written in the usual fashion.
    #[error(
        "a number is digits without leading zeros, with at most a minus sign and a point: write it so"
    )]
    Form,
    /// It has a plus sign.
    #[error("a positive number has no plus sign: leave it out")]
    Plus,
    /// It is an integer outside the range of section 2.10.
    #[error(
        "an integer lies within 9007199254740991 on both sides of zero: write one of that range"
    )]
    IntegerRange,
    /// It is larger than a double can be (section 2.6).
    #[error("a float is no larger than a double-precision number can be: write a smaller one")]
    FloatRange,
}

impl NumberError {
    /// A stable name in kebab case.
    pub fn code(self) -> &'static str {
        match self {
            Self::Form => "number-form",
            Self::Plus => "number-plus-sign",
            Self::IntegerRange => "number-integer-range",
            Self::FloatRange => "number-float-range",
        }
    }
}

impl Number {
    /// Reads a number as patterns write it (section 9.2): an integer of section 2.10, or digits with a point.
    ///
    /// It is kept in one spelling: a digit before the point, no zeros at the end of the fraction but the one that
    /// makes it a float, no minus sign before zero. An integer and a float of one value are equal by
    /// [`cmp_value`](Self::cmp_value), and not by `==`, which compares what is written.
    pub fn parse(written: &str) -> Result<Self, NumberError> {
        const LARGEST: u64 = (1 << 53) - 1;
        let (negative, digits) = match written.strip_prefix('-') {
            Some(digits) => (true, digits),
            None if written.starts_with('+') => return Err(NumberError::Plus),
            None => (false, written),
        };
        let (whole, fraction) = match digits.split_once('.') {
            Some((whole, fraction)) => (whole, Some(fraction)),
            None => (digits, None),
        };
        let whole = if whole.is_empty() && fraction.is_some() { "0" } else { whole };
        let is_digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        let leading_zero = whole.len() > 1 && whole.starts_with('0');
        if !is_digits(whole) || leading_zero || !fraction.is_none_or(is_digits) {
            return Err(NumberError::Form);
        }
        let Some(fraction) = fraction else {
            if !whole.parse().is_ok_and(|value: u64| value <= LARGEST) {
                return Err(NumberError::IntegerRange);
            }
            let sign = if negative && whole != "0" { "-" } else { "" };
            return Ok(Self(Cow::Owned(format!("{sign}{whole}"))));
        };
        let fraction = match fraction.trim_end_matches('0') {
            "" => "0",
            kept => kept,
        };
        if !written.parse().is_ok_and(f64::is_finite) {
            return Err(NumberError::FloatRange);
        }
        let sign = if negative && (whole, fraction) != ("0", "0") { "-" } else { "" };
        Ok(Self(Cow::Owned(format!("{sign}{whole}.{fraction}"))))
    }

    /// The number as it is kept, which is also a number of JSON.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is written without a point.
    pub fn is_integer(&self) -> bool {
        !self.0.contains('.')
    }

    /// Whether it is more than zero.
    pub fn is_positive(&self) -> bool {
        self.cmp_value("0") == Some(Ordering::Greater)
    }

    /// How it compares by value with a number of JSON (RFC 8259 section 6), whatever the size and spelling of that:
    /// 1, 1.0 and 10e-1 are equal, and nothing is rounded. None if the text is no number of JSON.
    pub fn cmp_value(&self, json: &str) -> Option<Ordering> {
        Some(Decimal::read(&self.0)?.compare(&Decimal::read(json)?))
    }
}

impl From<u32> for Number {
    fn from(number: u32) -> Self {
        Self(Cow::Owned(number.to_string()))
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A number of JSON as sign, digits and the place of its point.
struct Decimal<'a> {
    negative: bool,
    whole: &'a str,
    fraction: &'a str,
    /// How many digits stand before the point, counted from the first that is not 0 and with the exponent applied;
    /// less than 1 where the point comes before it, None for zero.
    magnitude: Option<i64>,
}

impl<'a> Decimal<'a> {
    fn read(json: &'a str) -> Option<Self> {
        let (negative, unsigned) =
            json.strip_prefix('-').map_or((false, json), |unsigned| (true, unsigned));
        let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, read_exponent(exponent)?),
            None => (unsigned, 0),
        };
        let (whole, fraction) = match mantissa.split_once('.') {
            Some((_, "")) => return None,
            Some(parts) => parts,
            None => (mantissa, ""),
        };
        let is_digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
        if whole.is_empty() || whole.len() > 1 && whole.starts_with('0') {
            return None;
        }
        if !is_digits(whole) || !is_digits(fraction) {
            return None;
        }
        let leading = whole.bytes().chain(fraction.bytes()).position(|digit| digit != b'0');
        let magnitude = leading.map(|leading| {
            let shift = |length: usize| i64::try_from(length).unwrap_or(i64::MAX);
            shift(whole.len()).saturating_sub(shift(leading)).saturating_add(exponent)
        });
        Some(Self { negative, whole, fraction, magnitude })
    }

    /// From the first digit that is not zero.
    fn digits(&self) -> impl Iterator<Item = u8> {
        self.whole.bytes().chain(self.fraction.bytes()).skip_while(|&digit| digit == b'0')
    }

    fn compare(&self, other: &Self) -> Ordering {
        let sign = |decimal: &Self| match (decimal.magnitude, decimal.negative) {
            (None, _) => 0,
            (Some(_), true) => -1,
            (Some(_), false) => 1,
        };
        let size = || {
            self.magnitude.cmp(&other.magnitude).then_with(|| {
                let length = |decimal: &Self| decimal.whole.len() + decimal.fraction.len();
                let padded = |decimal| Self::digits(decimal).chain(std::iter::repeat(b'0'));
                let longest = length(self).max(length(other));
                padded(self).take(longest).cmp(padded(other).take(longest))
            })
        };
        match sign(self).cmp(&sign(other)) {
            Ordering::Equal if sign(self) < 0 => size().reverse(),
            Ordering::Equal => size(),
            unequal => unequal,
        }
    }
}

/// An exponent; one too large to count is as good as the largest.
fn read_exponent(written: &str) -> Option<i64> {
    let (negative, digits) = match written.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, written.strip_prefix('+').unwrap_or(written)),
    };
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    // Half of the range, so that the length of any text can be added.
    let size = digits.parse().unwrap_or(i64::MAX).min(i64::MAX / 2);
    Some(if negative { -size } else { size })
}
