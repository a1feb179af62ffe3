use std::cmp::Ordering;

use super::decimal::Decimal;
use super::network::Network;
use super::{from_hex, octets};
use proptest::prelude::*;

fn number(written: &str) -> Decimal {
    Decimal::parse(written).unwrap()
}

#[test]
fn numbers_are_equal_by_value_and_not_by_spelling() {
    for (left, right) in [
        ("1", "1.0"),
        ("1", "10e-1"),
        ("0", "-0.00"),
        ("120", "1.2E+2"),
        ("0.5", "0.50"),
        ("-7", "-0.7e1"),
        ("0e999999999999999999999", "0"),
    ] {
        assert_eq!(number(left), number(right), "{left} {right}");
    }
}

#[test]
fn no_integer_is_squeezed_through_a_float() {
    assert_ne!(number("18446744073709551617"), number("18446744073709551618"));
    assert!(number("18446744073709551617") < number("18446744073709551617.5"));
    assert!(number("-18446744073709551617") > number("-18446744073709551618"));
    assert!(number("1e99999999999999999999") > number("9".repeat(400).as_str()));
}

#[test]
fn what_is_no_number_is_none() {
    for written in
        ["", "-", ".", ".5", "1.", "01", "e1", "1e", "1e+", "+1", "1.2.3", "0x1", "1 ", "--1", "١"]
    {
        assert_eq!(Decimal::parse(written), None, "{written}");
    }
}

#[test]
fn networks_hold_each_other_by_their_bits() {
    let network = |text| Network::parse(text).unwrap();
    for (wide, narrow) in [
        ("198.51.100.0/24", "198.51.100.0/27"),
        ("11.22.33.44/20", "11.22.41.123/20"),
        ("0.0.0.0/0", "255.255.255.255"),
        ("2001:db8::/32", "2001:db8:1::/48"),
        ("::/0", "::1/128"),
        ("10.0.0.1", "10.0.0.1/32"),
    ] {
        assert!(network(wide).contains(&network(narrow)), "{wide} {narrow}");
    }
    for (left, right) in
        [("198.51.100.0/27", "198.51.100.0/24"), ("0.0.0.0/0", "::1"), ("::/0", "10.0.0.1")]
    {
        assert!(!network(left).contains(&network(right)), "{left} {right}");
    }
    for text in ["", "10.0.0", "10.0.0.1/33", "::1/129", "10.0.0.1/", "10.0.0.1/+8", "10.0.0.1/-1"]
    {
        assert_eq!(Network::parse(text), None, "{text}");
    }
}

#[test]
fn octets_are_code_points_below_256() {
    assert_eq!(octets("a\u{ff}"), Some(vec![0x61, 0xff]));
    assert_eq!(octets("\u{100}"), None);
    assert_eq!(from_hex("fFc3"), Some(vec![0xff, 0xc3]));
    assert_eq!(from_hex("fff"), None);
    assert_eq!(from_hex("zz"), None);
}

proptest! {
    #[test]
    fn integers_are_ordered_as_integers(a: i64, b: i64) {
        prop_assert_eq!(number(&a.to_string()).cmp(&number(&b.to_string())), a.cmp(&b));
    }

    #[test]
    fn floats_are_ordered_as_floats(a in -1e300_f64..1e300, b in -1e300_f64..1e300) {
        let order = number(&format!("{a}")).cmp(&number(&format!("{b:e}")));
        prop_assert_eq!(order, a.partial_cmp(&b).unwrap_or(Ordering::Equal));
    }

    #[test]
    fn scaling_cuts(value in -1_000_000_000_i64..1_000_000_000, places in 0_u32..9) {
        let written = format!("{value}e-{places}");
        prop_assert_eq!(number(&written).scaled(i64::from(places)), i128::from(value));
    }

    #[test]
    fn a_hostile_text_is_read_quietly(text in ".{0,30}") {
        let _ = (Decimal::parse(&text), Network::parse(&text), from_hex(&text));
    }
}
