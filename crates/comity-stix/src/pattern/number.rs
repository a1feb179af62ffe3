//! Numbers of patterns (section 9.2): kept as they are written, compared by value and exactly.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt;

use super::ast::Number;
use super::values::decimal::Decimal;

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
        Some(Decimal::parse(&self.0)?.cmp(&Decimal::parse(json)?))
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
