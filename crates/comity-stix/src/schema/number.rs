//! Numbers as they are written: compared digit by digit, never through floating point.

use std::cmp::Ordering;

/// A decimal number of any length. Exponents beyond ±2^61 count as that.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Decimal {
    negative: bool,
    /// Without zeros at either end; empty for zero.
    digits: String,
    /// The power of ten that the last digit counts.
    exponent: i64,
}

/// A divisor whose digits fit a word.
#[derive(Debug)]
pub(super) struct Divisor {
    digits: u64,
    exponent: i64,
    /// The number as it was written.
    pub(super) written: String,
}

impl Decimal {
    const FAR: i64 = 1 << 61;

    /// Reads a number of JSON (RFC 8259 section 6).
    pub(super) fn of(written: &str) -> Self {
        let (mantissa, exponent) = written.split_once(['e', 'E']).unwrap_or((written, "0"));
        let (negative, mantissa) = match mantissa.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, mantissa),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let all = format!("{whole}{fraction}");
        let kept = all.trim_end_matches('0');
        let dropped = length(&all) - length(kept);
        let digits = kept.trim_start_matches('0').to_owned();
        if digits.is_empty() {
            return Self { negative: false, digits, exponent: 0 };
        }
        let exponent = read_exponent(exponent) - length(fraction) + dropped;
        Self { negative, digits, exponent }
    }

    /// Whether it has no fraction, as `1.0` and `2e3` have none.
    pub(super) fn is_whole(&self) -> bool {
        self.exponent >= 0
    }

    /// The number where it is whole, not negative and fits.
    pub(super) fn to_count(&self) -> Option<u64> {
        if self.negative || !self.is_whole() {
            return None;
        }
        if self.digits.is_empty() {
            return Some(0);
        }
        let power = 10_u64.checked_pow(u32::try_from(self.exponent).ok()?)?;
        self.digits.parse::<u64>().ok()?.checked_mul(power)
    }

    /// One text for all ways to write the same number.
    pub(super) fn canonical(&self) -> String {
        let sign = if self.negative { "-" } else { "" };
        format!("{sign}{}e{}", self.digits, self.exponent)
    }

    fn magnitude(&self, other: &Self) -> Ordering {
        match (self.digits.is_empty(), other.digits.is_empty()) {
            (false, false) => {
                let height = |number: &Self| number.exponent + length(&number.digits);
                // Without zeros at the ends, digits of one height are ordered as texts are.
                height(self).cmp(&height(other)).then_with(|| self.digits.cmp(&other.digits))
            }
            (mine, others) => others.cmp(&mine),
        }
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self.negative, other.negative) {
            (false, false) => self.magnitude(other),
            (true, true) => other.magnitude(self),
            (mine, others) => others.cmp(&mine),
        }
    }
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Divisor {
    /// A divisor above zero of at most 18 significant digits.
    pub(super) fn of(written: &str) -> Option<Self> {
        let number = Decimal::of(written);
        if number.negative || number.digits.is_empty() || number.digits.len() > 18 {
            return None;
        }
        let digits = number.digits.parse().ok()?;
        Some(Self { digits, exponent: number.exponent, written: written.to_owned() })
    }

    /// Whether a number is a whole multiple of it.
    pub(super) fn divides(&self, number: &Decimal) -> bool {
        if number.digits.is_empty() {
            return true;
        }
        // The number has no zero at its end, so a divisor that ends further left cannot divide it.
        let Ok(shift) = u64::try_from(number.exponent - self.exponent) else { return false };
        let modulus = u128::from(self.digits);
        let rest = number
            .digits
            .bytes()
            .fold(0, |rest, digit| (rest * 10 + u128::from(digit - b'0')) % modulus);
        (rest * power_of_ten(shift, modulus)).is_multiple_of(modulus)
    }
}

/// Ten to that power, modulo a number below 2^60.
fn power_of_ten(mut power: u64, modulus: u128) -> u128 {
    let (mut result, mut base) = (1 % modulus, 10 % modulus);
    while power > 0 {
        if power & 1 == 1 {
            result = result * base % modulus;
        }
        base = base * base % modulus;
        power >>= 1;
    }
    result
}

/// The exponent of a number as it is written, cut to what can be counted with.
fn read_exponent(written: &str) -> i64 {
    let far = if written.starts_with('-') { -Decimal::FAR } else { Decimal::FAR };
    let written = written.strip_prefix('+').unwrap_or(written);
    written.parse().unwrap_or(far).clamp(-Decimal::FAR, Decimal::FAR)
}

/// Lengths of texts are far below 2^61.
fn length(text: &str) -> i64 {
    i64::try_from(text.len()).unwrap_or(Decimal::FAR)
}

#[cfg(test)]
mod tests {
    use super::{Decimal, Divisor};
    use proptest::prelude::*;

    #[test]
    fn one_number_written_in_many_ways_is_one_number() {
        for (one, other) in [
            ("1", "1.0"),
            ("100", "1e2"),
            ("0", "-0.00e7"),
            ("-12.5", "-1250E-2"),
            ("123456789012345678901234567890", "1.2345678901234567890123456789E+29"),
        ] {
            assert_eq!(Decimal::of(one), Decimal::of(other), "{one} {other}");
            assert_eq!(Decimal::of(one).canonical(), Decimal::of(other).canonical());
        }
    }

    #[test]
    fn numbers_that_floating_point_confuses_are_told_apart() {
        let number = Decimal::of;
        assert!(number("9007199254740993") > number("9007199254740992"));
        assert!(number("0.1000000000000000000001") > number("0.1"));
        assert!(number("-1e400") < number("-1e399"));
        assert!(number("1e-400") > number("0"));
        assert!(number("1e99999999999999999999") > number("9e9999"));
        assert!(!number("1.5").is_whole() && number("15e-1").cmp(&number("1.5")).is_eq());
    }

    #[test]
    fn multiples_are_exact() {
        let holds = |number: &str, of: &str| Divisor::of(of).unwrap().divides(&Decimal::of(number));
        assert!(holds("0.3", "0.1") && holds("19.99", "0.01") && !holds("1e300", "7e299"));
        assert!(holds("0", "7") && holds("-14", "7") && !holds("15", "7"));
        assert!(holds("123456789012345678901234567892", "4"));
        assert!(!holds("123456789012345678901234567891", "2"));
        assert!(!holds("0.05", "0.1") && !holds("1e308", "0.123e-10"));
        for bad in ["0", "-1", "1234567890123456789"] {
            assert!(Divisor::of(bad).is_none(), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn order_and_multiples_are_those_of_whole_numbers(a in any::<i64>(), b in any::<i64>(), d in 1_i64..1_000) {
            let (one, other) = (Decimal::of(&a.to_string()), Decimal::of(&b.to_string()));
            prop_assert_eq!(one.cmp(&other), a.cmp(&b));
            prop_assert_eq!(Divisor::of(&d.to_string()).unwrap().divides(&one), a % d == 0);
        }

        #[test]
        fn order_is_that_of_small_fractions(a in -10_000_i32..10_000, b in -10_000_i32..10_000) {
            let written = |n: i32| format!("{n}e-2");
            prop_assert_eq!(Decimal::of(&written(a)).cmp(&Decimal::of(&written(b))), a.cmp(&b));
        }
    }
}
