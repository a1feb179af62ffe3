use super::Expression;
use super::outline::Outline;
use crate::pattern::budget::{Budget, Meter};
use proptest::prelude::*;

fn meter() -> Meter {
    Meter::new(Budget::default())
}

fn found(expression: &str, text: &str) -> bool {
    Expression::new(expression, false).unwrap().matches_text(text, &mut meter()).unwrap()
}

fn found_in(expression: &str, bytes: &[u8]) -> bool {
    Expression::new(expression, true).unwrap().matches_bytes(bytes, &mut meter()).unwrap()
}

#[test]
fn the_search_may_start_anywhere_and_a_point_is_any_character() {
    assert!(found(".lo$", "hello"));
    assert!(found("a.b", "xa\nbx"));
    assert!(!found("^b", "ab"));
    assert!(found("", ""));
}

#[test]
fn the_end_is_also_before_a_last_line_feed() {
    assert!(found("lo$", "hello\n"));
    assert!(!found("lo$", "hello\n\n"));
    assert!(found("(?m)lo$", "hello\nb"));
    assert!(found("[$]", "a$\n"));
    assert!(!found("[$]", "a\n"));
    assert!(found("\\$\\z", "a$"));
    assert!(!found("lo\\z", "hello\n"));
}

#[test]
fn what_pcre_has_beyond_regular_languages_is_there() {
    assert!(found("(a+)b\\1", "aabaa"));
    assert!(found("foo(?!bar)", "foobaz"));
    assert!(!found("foo(?!bar)", "foobar"));
}

#[test]
fn octets_are_matched_as_octets() {
    assert!(found_in("\\xd4\\xc3\\xb2\\xa1\\x02\\x00", b"\xd4\xc3\xb2\xa1\x02\x00\x04"));
    assert!(found_in("^\u{d4}.\u{ff}$", b"\xd4\n\xff"));
    assert!(found_in("[\u{80}-\u{ff}]", b"\xa0"));
    assert!(!found_in("\\w", b"\xe9"));
    assert!(found("\\w", "\u{e9}"));
    assert!(Expression::new("\u{103}lice", true).is_none());
}

#[test]
fn an_engine_that_gives_up_has_not_said_no() {
    let expression = Expression::new("^(?=(a+)+$)(a|aa)+\\1!$", false).unwrap();
    assert!(expression.matches_text(&"a".repeat(2_000), &mut meter()).is_err());
}

#[test]
fn literals_are_claimed_only_where_they_are_certain() {
    for (expression, literal) in [
        (".+\\@example\\.com$", "@example.com"),
        ("^Final Report.+\\.exe$", "Final Report"),
        ("abc?d", "ab"),
        ("abcd|e", ""),
        ("(abcd)?ef", "ef"),
        ("(?i)aBc", "aBc"),
        ("(?i)abc\u{e9}de", "abc"),
        ("(?i)abSde", "ab"),
        ("(?i)a(?x)b", ""),
        ("a(?i)bc", ""),
        ("(?s)abc", ""),
        ("abc{0}d", "ab"),
        ("1}{|", ""),
        ("a{1, 2}bcd", ""),
        ("a[bcd]efg", "efg"),
        ("a[]b]cd", "cd"),
        ("a[^]b]cd", "cd"),
        ("\\x41\\x42", ""),
        ("\\w+abc", "abc"),
        ("ab+c", "ab"),
        ("(?:x|y)abc", "abc"),
    ] {
        assert_eq!(Outline::of(expression).literal, literal, "{expression}");
    }
}

proptest! {
    #[test]
    fn everything_that_matches_holds_the_literal(
        expression in "(\\(\\?i\\))?[abK.?*+()|\\[\\]^$\\\\{}1,]{0,12}", text in "[abAk\u{212a}]{0,12}",
    ) {
        if let Some(compiled) = Expression::new(&expression, false)
            && compiled.matches_text(&text, &mut meter()) == Ok(true)
        {
            let (text, literal) = (text.to_ascii_lowercase(), compiled.literal().to_ascii_lowercase());
            prop_assert!(text.contains(&literal), "{expression} {text}");
        }
    }

    #[test]
    fn the_other_end_says_the_same_of_what_ends_in_no_line_feed(
        expression in "[ab.?*+()|\\[\\]^$]{0,12}", text in "[ab\n]{0,10}[ab]",
    ) {
        if let Some(compiled) = Expression::new(&expression, false)
            && let Some((written, _)) = &compiled.before_line_feed
            && let Some(other) = super::compile(written, false)
        {
            let plain = compiled.plain.is_match(text.as_str()).unwrap_or_default();
            prop_assert_eq!(plain, other.is_match(text.as_str()).unwrap_or_default());
        }
    }
}
