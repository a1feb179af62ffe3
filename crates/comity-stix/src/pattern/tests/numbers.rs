//! Numbers compare by value, exactly.

use std::cmp::Ordering;

use proptest::prelude::*;

use super::arbitrary;
use crate::pattern::{Number, NumberError};

#[test]
fn numbers_compare_by_value_whatever_their_spelling() {
    for (number, json, expected) in [
        ("1", "1.0", Ordering::Equal),
        ("1", "10e-1", Ordering::Equal),
        ("1.0", "0.0000001E+7", Ordering::Equal),
        ("1", "1.5", Ordering::Less),
        ("0", "-0.0e99", Ordering::Equal),
        ("0.0", "0", Ordering::Equal),
        ("-2", "-1", Ordering::Less),
        ("-1", "-1.5", Ordering::Greater),
        ("-1", "1", Ordering::Less),
        ("12", "9", Ordering::Greater),
        ("9007199254740991", "9007199254740991.00000000000000001", Ordering::Less),
        ("9007199254740991", "18446744073709551618", Ordering::Less),
        ("18446744073709551617.0", "18446744073709551617", Ordering::Equal),
        ("18446744073709551617.0", "18446744073709551618", Ordering::Less),
        ("18446744073709551617.0", "18446744073709551616", Ordering::Greater),
        ("5", "1e999999999999999999999999", Ordering::Less),
        ("5", "-1e999999999999999999999999", Ordering::Greater),
        ("0.1", "1e-999999999999999999999999", Ordering::Greater),
    ] {
        let number = Number::parse(number).unwrap();
        assert_eq!(number.cmp_value(json), Some(expected), "{number} {json}");
    }
    for json in ["", "-", "+1", "01", "1.", ".5", "1e", "1e+", "one", "1 ", "0x1", "\"1\"", "--1"] {
        assert_eq!(Number::from(1).cmp_value(json), None, "{json}");
    }
}

#[test]
fn a_number_outside_the_standard_is_refused() {
    let large = format!("1{}.0", "0".repeat(400));
    for (written, error) in [
        ("+1", NumberError::Plus),
        ("9007199254740992", NumberError::IntegerRange),
        ("-9007199254740992", NumberError::IntegerRange),
        ("99999999999999999999999999", NumberError::IntegerRange),
        (large.as_str(), NumberError::FloatRange),
        ("", NumberError::Form),
        ("-", NumberError::Form),
        (".", NumberError::Form),
        ("5.", NumberError::Form),
        ("007", NumberError::Form),
        ("00.5", NumberError::Form),
        ("1e5", NumberError::Form),
        ("1.2.3", NumberError::Form),
        ("--1", NumberError::Form),
        ("1_000", NumberError::Form),
        ("١", NumberError::Form),
    ] {
        assert_eq!(Number::parse(written), Err(error), "{written}");
    }
}

proptest! {
    #[test]
    fn order_is_that_of_whole_numbers(one in -99_999_i64..=99_999, other in any::<i64>()) {
        let number = Number::parse(&one.to_string()).unwrap();
        prop_assert_eq!(number.cmp_value(&other.to_string()), Some(one.cmp(&other)));
        prop_assert_eq!(number.cmp_value(&format!("{other}.0e0")), Some(one.cmp(&other)));
    }

    #[test]
    fn a_number_is_kept_in_one_spelling_of_its_value(number in arbitrary::number()) {
        prop_assert_eq!(&Number::parse(number.as_str()).unwrap(), &number);
        prop_assert_eq!(number.cmp_value(number.as_str()), Some(Ordering::Equal));
    }

    #[test]
    fn hostile_numbers_are_refused_quietly(text in ".{0,12}", number in arbitrary::number()) {
        let _ = Number::parse(&text);
        let _ = number.cmp_value(&text);
    }
}
