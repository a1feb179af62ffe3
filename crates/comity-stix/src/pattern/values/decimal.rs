//! Numbers by value, exactly, whatever their size and spelling.

use std::cmp::Ordering;

/// A decimal number in its normal form: `0.d1d2d3... * 10^exponent`, with neither leading nor trailing zeros.
/// `1`, `1.0` and `10e-1` are one number. Exponents beyond 2^62 are taken for 2^62.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Decimal {
    negative: bool,
    exponent: i64,
    /// Values of the digits, 0 to 9; none of zero.
    digits: Box<[u8]>,
}

/// The farthest a point may be moved.
const FARTHEST: i64 = 1 << 62;

impl Decimal {
    /// Reads a number of JSON (RFC 8259 section 6), which one of a pattern is as well; `None` of anything else.
    pub(crate) fn parse(written: &str) -> Option<Self> {
        let (negative, unsigned) = match written.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, written),
        };
        let (mantissa, power) = match unsigned.split_once(['e', 'E']) {
            Some((mantissa, power)) => (mantissa, exponent(power)?),
            None => (unsigned, 0),
        };
        let (whole, fraction) = match mantissa.split_once('.') {
            Some((_, "")) => return None,
            Some(parts) => parts,
            None => (mantissa, ""),
        };
        if whole.is_empty() || whole.len() > 1 && whole.starts_with('0') {
            return None;
        }
        let mut digits = Vec::with_capacity(whole.len() + fraction.len());
        for byte in whole.bytes().chain(fraction.bytes()) {
            if !byte.is_ascii_digit() {
                return None;
            }
            digits.push(byte - b'0');
        }
        let leading = digits.iter().take_while(|digit| **digit == 0).count();
        let trailing = digits.iter().rev().take_while(|digit| **digit == 0).count();
        if leading == digits.len() {
            return Some(Self { negative: false, exponent: 0, digits: Box::default() });
        }
        digits.truncate(digits.len() - trailing);
        digits.drain(..leading);
        let point = i64::try_from(whole.len()).ok()? - i64::try_from(leading).ok()?;
        let exponent = power.saturating_add(point).clamp(-FARTHEST, FARTHEST);
        Some(Self { negative, exponent, digits: digits.into() })
    }

    /// How many digits it has in its normal form.
    pub(crate) fn digits(&self) -> usize {
        self.digits.len()
    }

    /// The number in units of `10^-places`, what is finer being cut; the nearest end where it does not fit.
    pub(crate) fn scaled(&self, places: i64) -> i128 {
        let shown = self.exponent.saturating_add(places);
        let size = self
            .digits
            .iter()
            .copied()
            .chain(std::iter::repeat(0))
            .take(usize::try_from(shown.clamp(0, 40)).unwrap_or_default())
            .fold(0_i128, |sum, digit| sum.saturating_mul(10).saturating_add(i128::from(digit)));
        if self.negative { -size } else { size }
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        let sign = |number: &Self| match (number.digits.is_empty(), number.negative) {
            (true, _) => 0,
            (false, true) => -1,
            (false, false) => 1,
        };
        let size = |a: &Self, b: &Self| a.exponent.cmp(&b.exponent).then(a.digits.cmp(&b.digits));
        sign(self)
            .cmp(&sign(other))
            .then_with(|| if self.negative { size(other, self) } else { size(self, other) })
    }
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

fn exponent(written: &str) -> Option<i64> {
    let (negative, digits) = match written.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, written.strip_prefix('+').unwrap_or(written)),
    };
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let size = digits
        .bytes()
        .fold(0_i64, |sum, digit| sum.saturating_mul(10).saturating_add(i64::from(digit - b'0')));
    Some(if negative { -size.min(FARTHEST) } else { size.min(FARTHEST) })
}
