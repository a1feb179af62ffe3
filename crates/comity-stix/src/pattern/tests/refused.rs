//! What is no pattern, and where the error points.

use proptest::prelude::*;

use crate::finding::Lang;
use crate::pattern::{Pattern, PatternCode, PatternError, PatternLimits};

fn refused(text: &str) -> PatternError {
    Pattern::parse(text, &PatternLimits::default()).expect_err(text)
}

/// The text, the code, and what the error points at: between `«` and `»`, which are not part of the text.
const REFUSED: &[(&str, PatternCode)] = &[
    (" «»", PatternCode::Empty),
    ("«// only a comment»", PatternCode::Comment),
    ("[file:name = 'a' «/* in */»]", PatternCode::Comment),
    ("[file:name = 'a'] «// behind»\n", PatternCode::Comment),
    ("«file»:size = 1280", PatternCode::MissingBrackets),
    ("[file:size = 1] OR «file»:size = 2", PatternCode::MissingBrackets),
    ("«5»", PatternCode::Unexpected),
    ("[«]»", PatternCode::Unexpected),
    ("[file:size = «]»", PatternCode::Unexpected),
    ("[file:size = 1«»", PatternCode::Cut),
    ("[file:size«»", PatternCode::Cut),
    ("([file:size = 1]«»", PatternCode::Cut),
    ("[file:size = 1] AND«»", PatternCode::Cut),
    ("[(file:size = 1«]»", PatternCode::Unexpected),
    ("[file:size = 1]«]»", PatternCode::Unexpected),
    ("[file:size = 1] «[»file:size = 2]", PatternCode::Unexpected),
    ("[file:size = 1 FOLLOWEDBY file:size = 2]", PatternCode::Unexpected),
    ("[file «size» = 1]", PatternCode::Unexpected),
    ("[file:«=» 1]", PatternCode::Unexpected),
    ("[file:a.«[»0] = 1]", PatternCode::Unexpected),
    ("[file:size «1»]", PatternCode::Unexpected),
    ("[file:size NOT «NOT» = 1]", PatternCode::Unexpected),
    ("[file:size NOT «EXISTS»]", PatternCode::Unexpected),
    ("[file:name LIKE «5»]", PatternCode::Unexpected),
    ("[file:name LIKE «null»]", PatternCode::Unexpected),
    ("[file:name MATCHES «h'00'»]", PatternCode::Unexpected),
    ("[file:name IN «'a'»]", PatternCode::Unexpected),
    ("[file:name IN ('a' «'b'»)]", PatternCode::Unexpected),
    ("[file:name IN ('a',«)»]", PatternCode::Unexpected),
    ("[file:name IN («,»'a')]", PatternCode::Unexpected),
    ("[file:a[«x»] = 1]", PatternCode::Unexpected),
    ("[file:a[1 «b»] = 1]", PatternCode::Unexpected),
    ("[«AND»:a = 1]", PatternCode::Unexpected),
    ("[file:size = 1] WITHIN 5 «HOURS»]", PatternCode::Unexpected),
    ("[file:size = 1] WITHIN «SECONDS»", PatternCode::Unexpected),
    ("[file:size = 1] REPEATS 5 «SECONDS»", PatternCode::Unexpected),
    ("[file:size = 1] START t'2026-01-31T08:30:00Z'«»", PatternCode::Cut),
    ("[file:size = 1] START «5» STOP 6", PatternCode::Unexpected),
    ("[file:size = 1] «#»", PatternCode::UnexpectedCharacter),
    ("[file:name MATCHES «/».*\\.dll/]", PatternCode::UnexpectedCharacter),
    ("[file:size = «-» 5]", PatternCode::UnexpectedCharacter),
    ("[file:name = «\"»a\"]", PatternCode::QuotationMarks),
    ("[file:name = «“»a”]", PatternCode::QuotationMarks),
    ("[file:name = «'»a]", PatternCode::UnendedText),
    ("[file:name = «'»a\\']", PatternCode::UnendedText),
    ("[file:name = «t'»2026]", PatternCode::UnendedText),
    ("[file:name = 'C:«\\W»indows']", PatternCode::BadEscape),
    ("[file:name = 'ñ«\\ñ»']", PatternCode::BadEscape),
    ("[file:name = 'a'] «/* never»", PatternCode::Comment),
    ("[file:size «==» 1]", PatternCode::ForeignOperator),
    ("[file:size «<>» 1]", PatternCode::ForeignOperator),
    ("[file:size = 1 «&&» file:size = 1]", PatternCode::ForeignOperator),
    ("[file:size = 1] «||» [file:size = 1]", PatternCode::ForeignOperator),
    ("[«!»(file:size = 1)]", PatternCode::ForeignOperator),
    ("[file:size = 1 «and» file:size = 1]", PatternCode::KeywordCase),
    ("[file:size = 1] «Or» [file:size = 1]", PatternCode::KeywordCase),
    ("[file:name «like» 'a']", PatternCode::KeywordCase),
    ("[file:name «not» LIKE 'a']", PatternCode::KeywordCase),
    ("[«exists» file:name]", PatternCode::KeywordCase),
    ("[file:x = «TRUE»]", PatternCode::KeywordCase),
    ("[file:size = 1] within 5 seconds", PatternCode::KeywordCase),
    ("[«NOT» file:size = 1]", PatternCode::MisplacedNot),
    ("[«NOT» (file:size = 1)]", PatternCode::MisplacedNot),
    ("[file:hashes.«SHA-256» = 'a']", PatternCode::UnquotedName),
    ("[file:«größe» = 1]", PatternCode::UnquotedName),
    ("[file:«''» = 1]", PatternCode::EmptyName),
    ("[file:hashes.MD5 = «cead3f77»]", PatternCode::UnquotedText),
    ("[file:name = «null»]", PatternCode::UnquotedText),
    (
        "[a:b = 1] START «'2026-01-31T08:30:00Z'» STOP '2026-02-01T00:00:00Z'",
        PatternCode::PlainTimestamp,
    ),
    ("[a:b = «+5»]", PatternCode::PlusSign),
    ("[a:b = «05»]", PatternCode::NumberForm),
    ("[a:b = «5.»]", PatternCode::NumberForm),
    ("[a:b = «1e-5»]", PatternCode::NumberForm),
    ("[a:b = «5abc»]", PatternCode::NumberForm),
    ("[a:b = «9007199254740992»]", PatternCode::IntegerRange),
    ("[a:b[«-1»] = 1]", PatternCode::IndexForm),
    ("[a:b[«1.5»] = 1]", PatternCode::IndexForm),
    ("[a:b[«01»] = 1]", PatternCode::IndexForm),
    ("[a:b[«99999999999999999999»] = 1]", PatternCode::IndexForm),
    ("[a:b = «h'abc'»]", PatternCode::HexForm),
    ("[a:b = «h'zz'»]", PatternCode::HexForm),
    ("[a:b = «h'FF'»]", PatternCode::HexUppercase),
    ("[a:b = «b'===='»]", PatternCode::BinaryForm),
    ("[a:b = «b'ABI'»]", PatternCode::BinaryForm),
    ("[a:b = «b'AB I='»]", PatternCode::BinaryForm),
    ("[a:b = «t'2026-01-31t08:30:00Z'»]", PatternCode::TimestampForm),
    ("[a:b = «t'2026-01-31T08:30:00.Z'»]", PatternCode::TimestampForm),
    ("[a:b = «t'2026-02-29T08:30:00Z'»]", PatternCode::TimestampNoSuchTime),
    ("[a:b IN (1, 2.2, «true»)]", PatternCode::MixedSet),
    ("[a:b IN (h'00', «b'AA=='»)]", PatternCode::MixedSet),
    ("[a:b = 1 AND «c:d = 2»]", PatternCode::NoCommonType),
    (
        "[(a:b = 1 OR c:d = 1) AND «(e:f = 2 OR g:h NOT IN (3))» AND a:b = 1]",
        PatternCode::NoCommonType,
    ),
    ("[EXISTS a:b AND «EXISTS c:d[*]»]", PatternCode::NoCommonType),
    ("[(a:b = 1 OR c:d = 1) AND a:b = 2 AND «c:d = 2»]", PatternCode::NoCommonType),
    ("[a:b = 1] WITHIN 5 SECONDS «WITHIN» 6 SECONDS", PatternCode::DuplicateQualifier),
    ("([a:b = 1] REPEATS 2 TIMES «REPEATS» 3 TIMES)", PatternCode::DuplicateQualifier),
    ("[a:b = 1] WITHIN «0» SECONDS", PatternCode::NotPositive),
    ("[a:b = 1] WITHIN «-123.367» SECONDS", PatternCode::NotPositive),
    ("[a:b = 1] REPEATS «0» TIMES", PatternCode::NotPositive),
    ("[a:b = 1] REPEATS «2.5» TIMES", PatternCode::NotWhole),
    ("[a:b MATCHES 'a(b«»']", PatternCode::BadExpression),
    ("[a:b MATCHES 'ñandú «\\\\p»']", PatternCode::BadExpression),
    ("[a:b MATCHES 'it\\'s «\\\\p»']", PatternCode::BadExpression),
    ("[a:b MATCHES 'a«(?|b)»']", PatternCode::Unsupported),
    ("[a:b ISSUBSET «'198.51.100.0/33'»]", PatternCode::BadAddress),
    ("[a:b ISSUBSET «'198.51.100.0/'»]", PatternCode::BadAddress),
    ("[a:b ISSUPERSET «'example.com'»]", PatternCode::BadAddress),
    ("[ipv4-addr:value ISSUBSET «'2001:db8::/32'»]", PatternCode::BadAddress),
    ("[ipv6-addr:value ISSUBSET «'198.51.100.0/24'»]", PatternCode::BadAddress),
];

#[test]
fn an_error_points_at_what_is_wrong() {
    for (marked, code) in REFUSED {
        let text = marked.replace(['«', '»'], "");
        let error = refused(&text);
        assert_eq!(error.code, *code, "{marked}: {error}");
        if let Some((before, rest)) = marked.split_once('«') {
            let (meant, _) = rest.split_once('»').unwrap();
            assert_eq!(text.get(error.span.clone()), Some(meant), "{marked}: {error}");
            assert_eq!(error.span.start, before.len(), "{marked}: {error}");
            assert_eq!((error.line, error.column), (1, before.chars().count() + 1), "{marked}");
        }
    }
}

#[test]
fn line_and_column_are_counted_in_characters() {
    let error = refused("[a:b = 'ñandú'\r\n  OR a:'ñ' = 'é' and a:b = 1]");
    assert_eq!((error.line, error.column, error.code), (2, 18, PatternCode::KeywordCase));
    let error = refused("\n\n[a:b = 1");
    assert_eq!((error.line, error.column, error.code), (3, 9, PatternCode::Cut));
}

#[test]
fn an_error_names_the_section_to_read() {
    for (text, section) in [
        ("file:size = 1", "9.5"),
        ("[file:size = 1] WITHIN 5", "9.5.1"),
        ("[file:size 1]", "9.6.1"),
        ("[file:size = ]", "9.2"),
        ("[file:a-b = 1]", "9.7"),
        ("[file:a[] = 1]", "9.7.2"),
        ("[file:size = 9007199254740992]", "2.10"),
        ("[file:ctime = t'2026']", "2.16"),
    ] {
        assert_eq!(refused(text).section, section, "{text}");
    }
}

#[test]
fn a_message_says_how_to_mend_the_pattern_in_both_languages() {
    let error = refused("[file:hashes.SHA-256 = 'a']");
    assert!(error.message.ends_with("write 'SHA-256'"), "{error}");
    assert!(error.message_in(Lang::Es).ends_with("escriba 'SHA-256'"));
    assert_eq!(error.to_string(), format!("line 1, column 14: {}", error.message));
    for (marked, _) in REFUSED {
        let error = refused(&marked.replace(['«', '»'], ""));
        let (english, spanish) = (error.message_in(Lang::En), error.message_in(Lang::Es));
        assert_eq!(english, error.message);
        assert_ne!(english, spanish);
        for message in [english, spanish] {
            assert!(!message.contains(['{', '}']) && !message.ends_with('.'), "{message}");
            assert!(!message.contains("``"), "{message}");
            assert!(!message.chars().next().unwrap().is_uppercase(), "{message}");
        }
    }
}

#[test]
fn every_code_has_its_own_name_and_all_but_bounds_are_in_the_table() {
    let mut names = std::collections::BTreeSet::new();
    for code in PatternCode::ALL {
        let name = code.as_str();
        assert!(names.insert(name), "`{name}` twice");
        assert!(name.starts_with("pattern-"), "{name}");
        assert!(name.bytes().all(|b| b.is_ascii_lowercase() || b == b'-'), "{name}");
        let bound = code.section().starts_with("docs") || *code == PatternCode::FloatRange;
        assert!(bound || REFUSED.iter().any(|(_, refused)| refused == code), "{name}");
    }
}

#[test]
fn a_message_cannot_move_the_cursor_of_who_reads_it() {
    let error = refused(&format!("[a:b = c\u{1b}[2J\u{202e}{}", "x".repeat(5_000)));
    assert!(error.to_string().len() < 300);
    let error = refused(&format!("[a:'\u{1b}[2J`\u{202e}{}\\x' = 1]", "x".repeat(5_000)));
    assert!(!error.to_string().contains(['\u{1b}', '\u{202e}']), "{error}");
    let error = refused(&format!("[a:b ISSUBSET '\u{1b}[2J`\u{202e}{}']", "x".repeat(5_000)));
    assert!(!error.to_string().contains(['\u{1b}', '\u{202e}']), "{error}");
    assert!(error.to_string().len() < 300);
}

#[test]
fn bounds_are_kept_before_the_work_is_done() {
    let small =
        PatternLimits { bytes: 100, depth: 3, comparisons: 2, expressions: 1, expression_bytes: 5 };
    for (text, code) in [
        (format!("[a:b = '{}']", "ñ".repeat(50)), PatternCode::TooLong),
        ("((([a:b = 1])))".to_owned(), PatternCode::TooDeep),
        ("[((( a:b = 1 )))]".to_owned(), PatternCode::TooDeep),
        ("[a:b.c.d.e = 1]".to_owned(), PatternCode::TooDeep),
        ("[a:b = 1 OR a:b = 2 OR a:b = 3]".to_owned(), PatternCode::TooManyComparisons),
        ("[a:b IN (1, 2, 3)]".to_owned(), PatternCode::TooManyComparisons),
        ("[a:b MATCHES 'a' OR a:b MATCHES 'b']".to_owned(), PatternCode::TooManyExpressions),
        ("[a:b MATCHES 'abcdef']".to_owned(), PatternCode::ExpressionTooLarge),
    ] {
        let error = Pattern::parse(&text, &small).expect_err(&text);
        assert_eq!(error.code, code, "{text}");
        assert_eq!(error.section, "docs/protocol.md 5");
        assert!(text.get(error.span).is_some(), "{text}");
    }
    for text in [
        "(([a:b = 1]))",
        "[((a:b = 1))]",
        "[a:b.c.d = 1]",
        "[a:b IN (1, 2)]",
        "[a:b MATCHES 'abcde']",
    ] {
        assert!(Pattern::parse(text, &small).is_ok(), "{text}");
    }
}

#[test]
fn a_hostile_regular_expression_is_refused_at_a_bounded_cost() {
    for expression in
        ["\\\\w{1000}{1000}", "((((((a{99}){99}){99}){99}){99}){99})", "(?<a>\\\\g<a>b)"]
    {
        let error = refused(&format!("[a:b MATCHES '{expression}']"));
        assert!(
            matches!(
                error.code,
                PatternCode::ExpressionTooLarge
                    | PatternCode::BadExpression
                    | PatternCode::Unsupported
            ),
            "{error}"
        );
    }
}

#[test]
fn set_operators_take_addresses_and_networks_and_nothing_like_them() {
    let read = |text: &str| format!("[a:b ISSUBSET '{text}']").parse::<Pattern>();
    for text in [
        "198.51.100.7",
        "198.51.100.7/24",
        "0.0.0.0/0",
        "198.51.100.7/32",
        "::1",
        "2001:db8::/32",
        "2001:0DB8:dead:beef:dead:beef:dead:0001/128",
    ] {
        assert!(read(text).is_ok(), "{text}");
    }
    for text in [
        "",
        "/",
        "198.51.100",
        "198.51.100.256",
        "010.51.100.7",
        " 198.51.100.7",
        "198.51.100.7/024",
        "198.51.100.7/+8",
        "198.51.100.7/255.255.255.0",
        "198.51.100.7/24/24",
        "::1/129",
        "fe80::1%eth0",
        "%",
    ] {
        assert_eq!(read(text).unwrap_err().code, PatternCode::BadAddress, "{text}");
    }
}

#[test]
fn the_deepest_nesting_is_refused_and_not_followed() {
    let boundless = PatternLimits { depth: usize::MAX, ..PatternLimits::default() };
    for (open, close) in [("(", ")"), ("[(", ")]")] {
        let text = format!("{}{}", open.repeat(100_000), close.repeat(100_000));
        assert!(Pattern::parse(&text, &boundless).is_err());
    }
    let deep = format!("{}[a:b = 1]{}", "(".repeat(127), " WITHIN 1 SECONDS)".repeat(127));
    let pattern = Pattern::parse(&deep, &boundless).unwrap();
    assert_eq!(Pattern::parse(&pattern.to_string(), &boundless).unwrap(), pattern);
    let deep = format!("(([{}a:b = 1{}]))", "(a:c = 1 OR ".repeat(120), ")".repeat(120));
    assert!(Pattern::parse(&deep, &boundless).is_ok());
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused_with_its_place(text in ".{0,60}") {
        if let Err(error) = text.parse::<Pattern>() {
            prop_assert!(text.get(error.span).is_some());
        }
    }

    #[test]
    fn words_of_the_language_in_any_order_are_read_or_refused_with_their_place(
        words in proptest::collection::vec(
            proptest::sample::select(&[
                "[", "]", "(", ")", "a:b", ":", ".", ",", "=", "!=", "<", "1", "-0.5", "'x'", "t'2026-01-31T08:30:00Z'",
                "h'00'", "b''", "true", "AND", "OR", "NOT", "FOLLOWEDBY", "IN", "LIKE", "MATCHES", "ISSUBSET", "EXISTS",
                "WITHIN", "REPEATS", "START", "STOP", "SECONDS", "TIMES", "*", "/*", "*/", "//", "\n", "\\", "ñ",
                "[a:b = 1]", "a:b = 1",
            ][..]),
            0..12,
        ),
    ) {
        let text = words.join(" ");
        match text.parse::<Pattern>() {
            Ok(pattern) => {
                prop_assert_eq!(pattern.to_string().parse::<Pattern>().unwrap(), pattern);
            }
            Err(error) => prop_assert!(text.get(error.span).is_some()),
        }
    }
}
