//! The canonical form of RFC 8785, of values that lie in a document.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt::Write as _;

use super::text::plain_run;
use super::{Kind, Value};

/// Deeper values have no canonical form here, so that no document can exhaust the stack.
const DEEPEST: usize = 128;

/// Appends the canonical form of a value. `None` where there is none: a number beyond the range of doubles, or a value
/// that is nested deeper than 128 levels.
pub(crate) fn write(value: Value<'_, '_>, out: &mut String) -> Option<()> {
    at_depth(value, out, DEEPEST)
}

fn at_depth(value: Value<'_, '_>, out: &mut String, left: usize) -> Option<()> {
    match value.kind() {
        Kind::Null | Kind::Boolean => out.push_str(value.raw()),
        Kind::Number => number(value.raw(), out)?,
        Kind::Text => string(&value.text()?, out),
        Kind::List => {
            let left = left.checked_sub(1)?;
            out.push('[');
            for (at, member) in value.members().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                at_depth(member, out, left)?;
            }
            out.push(']');
        }
        Kind::Object => {
            let members = value.members().map(|member| (member.key().unwrap_or_default(), member));
            object(members.collect(), out, left.checked_sub(1)?)?;
        }
    }
    Some(())
}

/// Appends an object of these members, whatever their order.
pub(crate) fn members(members: Vec<(Cow<'_, str>, Value<'_, '_>)>, out: &mut String) -> Option<()> {
    object(members, out, DEEPEST)
}

fn object(
    mut members: Vec<(Cow<'_, str>, Value<'_, '_>)>,
    out: &mut String,
    left: usize,
) -> Option<()> {
    members.sort_by(|(one, _), (other, _)| by_units(one, other));
    out.push('{');
    for (at, (key, value)) in members.into_iter().enumerate() {
        if at > 0 {
            out.push(',');
        }
        string(&key, out);
        out.push(':');
        at_depth(value, out, left)?;
    }
    out.push('}');
    Some(())
}

/// The order of UTF-16 code units (section 3.2.3), which beyond ASCII is not that of the bytes.
pub(crate) fn by_units(one: &str, other: &str) -> Ordering {
    if one.is_ascii() && other.is_ascii() {
        return one.cmp(other);
    }
    one.encode_utf16().cmp(other.encode_utf16())
}

/// A string with the escapes of ECMAScript and no others (section 3.2.2.2).
pub(crate) fn string(text: &str, out: &mut String) {
    out.push('"');
    let (plain, rest) = text.split_at_checked(plain_run(text.as_bytes())).unwrap_or((text, ""));
    out.push_str(plain);
    for character in rest.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\u{8}' => out.push_str("\\b"),
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            '\u{c}' => out.push_str("\\f"),
            '\r' => out.push_str("\\r"),
            '\0'..='\u{1f}' => {
                // Writing to a string cannot fail.
                let _ = write!(out, "\\u{:04x}", u32::from(character));
            }
            other => out.push(other),
        }
    }
    out.push('"');
}

/// Whether a number of JSON is written as ECMAScript prints it: whole, and so small that a double holds every digit.
fn is_plain(written: &str) -> bool {
    const EXACT: u64 = 1 << 53;
    let whole: Option<i64> = written.parse().ok();
    whole.is_some_and(|number| number.unsigned_abs() <= EXACT) && written != "-0"
}

/// A number as ECMAScript prints a double (section 3.2.2.3).
fn number(written: &str, out: &mut String) -> Option<()> {
    if is_plain(written) {
        out.push_str(written);
        return Some(());
    }
    let double: f64 = written.parse().ok().filter(|double: &f64| double.is_finite())?;
    if double == 0.0 {
        out.push('0');
        return Some(());
    }
    if double < 0.0 {
        out.push('-');
    }
    let scientific = format!("{:e}", double.abs());
    let (mantissa, exponent) = scientific.split_once('e')?;
    let mut digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    if let Some(even) = to_even(double.abs(), &digits) {
        digits = even;
    }
    // The point stands after this many digits.
    let point: i32 = exponent.parse::<i32>().ok()? + 1;
    let count = i32::try_from(digits.len()).ok()?;
    let zeros = |count: i32| "0".repeat(usize::try_from(count).unwrap_or(0));
    if (1..=21).contains(&point) {
        if count <= point {
            out.push_str(&digits);
            out.push_str(&zeros(point - count));
        } else {
            let (whole, fraction) = digits.split_at_checked(usize::try_from(point).ok()?)?;
            let _ = write!(out, "{whole}.{fraction}");
        }
    } else if (-5..=0).contains(&point) {
        let _ = write!(out, "0.{}{digits}", zeros(-point));
    } else {
        let (first, rest) = digits.split_at_checked(1)?;
        let point_and_rest = if rest.is_empty() { String::new() } else { format!(".{rest}") };
        let sign = if point > 0 { "+" } else { "-" };
        let _ = write!(out, "{first}{point_and_rest}e{sign}{}", (point - 1).abs());
    }
    Some(())
}

/// Of two shortest texts that lie equally near the double, ECMAScript takes the one whose last digit is even.
fn to_even(double: f64, digits: &str) -> Option<String> {
    let last = digits.chars().last()?.to_digit(10).filter(|last| last % 2 == 1)?;
    let exact = format!("{double:.40e}");
    let exact: String = exact.split_once('e')?.0.chars().filter(char::is_ascii_digit).collect();
    let (front, rest) = exact.split_at_checked(digits.len())?;
    let halfway = rest.strip_prefix('5')?.bytes().all(|byte| byte == b'0');
    // Halfway below an odd digit lies the even one that the exact text starts with.
    let below = front.chars().last()?.to_digit(10)? + 1 == last;
    (halfway && below).then(|| front.to_owned())
}

#[cfg(test)]
mod tests {
    use super::{number, write};
    use crate::Limits;
    use crate::json::Document;

    fn canonical(text: &str) -> Option<String> {
        let document = Document::parse(text.as_bytes(), &Limits::default()).unwrap();
        let mut out = String::new();
        write(document.root(), &mut out).map(|()| out)
    }

    /// The examples of RFC 8785 sections 3.2.2 and 3.2.3.
    #[test]
    fn the_examples_of_the_standard_come_out() {
        let text = "{\"numbers\": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001], \"string\": \"\\u20ac$\\u000F\\u000aA'\\u0042\\u0022\\u005c\\\\\\\"\\/\", \"literals\": [null, true, false]}";
        let expected = "{\"literals\":[null,true,false],\"numbers\":[333333333.3333333,1e+30,4.5,0.002,1e-27],\"string\":\"€$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}";
        assert_eq!(canonical(text).unwrap(), expected);
        let keys = "{\"\\u20ac\":0,\"\\r\":1,\"\\ufb33\":2,\"1\":3,\"\\ud83d\\ude00\":4,\"\\u0080\":5,\"\\u00f6\":6}";
        assert_eq!(
            canonical(keys).unwrap(),
            "{\"\\r\":1,\"1\":3,\"\u{80}\":5,\"ö\":6,\"€\":0,\"😀\":4,\"\u{fb33}\":2}"
        );
    }

    /// RFC 8785 appendix B.
    #[test]
    fn numbers_are_printed_as_ecmascript_prints_them() {
        for (bits, expected) in [
            (0x0000_0000_0000_0000, "0"),
            (0x8000_0000_0000_0000, "0"),
            (0x0000_0000_0000_0001, "5e-324"),
            (0x7fef_ffff_ffff_ffff, "1.7976931348623157e+308"),
            (0xc340_0000_0000_0000, "-9007199254740992"),
            (0x4430_0000_0000_0000, "295147905179352830000"),
            (0x44b5_2d02_c7e1_4af5, "9.999999999999997e+22"),
            (0x44b5_2d02_c7e1_4af6, "1e+23"),
            (0x444b_1ae4_d6e2_ef4f, "999999999999999900000"),
            (0x444b_1ae4_d6e2_ef50, "1e+21"),
            (0x3eb0_c6f7_a0b5_ed8d, "0.000001"),
            (0x3eb0_c6f7_a0b5_ed8c, "9.999999999999997e-7"),
            (0x41b3_de43_5555_5553, "333333333.3333332"),
            (0x4314_3ff3_c1cb_0959, "1424953923781206.2"),
        ] {
            let written = format!("{:e}", f64::from_bits(bits));
            let mut out = String::new();
            number(&written, &mut out).unwrap();
            assert_eq!(out, expected);
        }
        assert!(canonical("1e999").is_none());
        for (written, expected) in [
            ("-0", "0"),
            ("0", "0"),
            ("-17", "-17"),
            ("9007199254740991", "9007199254740991"),
            ("-9007199254740992", "-9007199254740992"),
            ("9007199254740993", "9007199254740992"),
            ("170.0", "170"),
        ] {
            assert_eq!(canonical(written).unwrap(), expected);
        }
    }

    #[test]
    fn what_is_nested_too_deep_has_no_canonical_form() {
        let deep = format!("{}1{}", "[".repeat(200), "]".repeat(200));
        let limits = Limits { depth: 500, ..Limits::default() };
        let document = Document::parse(deep.as_bytes(), &limits).unwrap();
        assert!(write(document.root(), &mut String::new()).is_none());
    }
}
