//! Printing, and reading what was printed.

use proptest::prelude::*;

use super::arbitrary;
use crate::pattern::{Pattern, PatternLimits};

fn read(text: &str) -> Pattern {
    Pattern::parse(text, &PatternLimits::default())
        .unwrap_or_else(|error| panic!("{text}: {error}"))
}

#[test]
fn what_means_the_same_is_printed_the_same() {
    for (canonical, spellings) in [
        (
            "[a:b = 1]",
            &["[a:b=1]", " [ a : b\u{a0}=\n1 ] ", "([a:b = 1])", "(([(((a:b = 1)))]))"][..],
        ),
        ("[a:b = 1]", &["\u{2003}[a:b\r\n= 1]\u{85}", "[a\t:'b' = 1]"]),
        ("[a:b > true]", &["[a:b>true]"]),
        (
            "[a:b = 1] START t'2026-01-31T08:30:00Z' STOP t'2026-01-31T08:29:59Z'",
            &["[a:b=1]START t'2026-01-31T08:30:00Z' STOP t'2026-01-31T08:29:59Z'"],
        ),
        (
            "[a:b = 1 AND a:c = 2 AND a:d = 3]",
            &["[(a:b = 1 AND a:c = 2) AND a:d = 3]", "[a:b = 1 AND (a:c = 2 AND a:d = 3)]"],
        ),
        ("[a:b = 1 AND a:c = 2 OR d:e = 3]", &["[(a:b = 1 AND a:c = 2) OR d:e = 3]"]),
        ("[a:b = 1 AND (a:c = 2 OR a:d = 3)]", &["[(a:b = 1) AND ((a:c = 2) OR a:d = 3)]"]),
        (
            "[a:b = 1] AND [a:b = 2] OR [a:b = 3] FOLLOWEDBY [a:b = 4]",
            &["((([a:b = 1] AND [a:b = 2]) OR [a:b = 3]) FOLLOWEDBY [a:b = 4])"],
        ),
        ("[a:b = 1] AND ([a:b = 2] OR ([a:b = 3] FOLLOWEDBY [a:b = 4]))", &[]),
        (
            "[a:b = 1] FOLLOWEDBY [a:b = 2] FOLLOWEDBY [a:b = 3]",
            &["[a:b = 1] FOLLOWEDBY ([a:b = 2] FOLLOWEDBY [a:b = 3])"],
        ),
        (
            "[a:b = 1] REPEATS 5 TIMES WITHIN 1800 SECONDS",
            &["([a:b = 1] REPEATS 5 TIMES) WITHIN 1800 SECONDS"],
        ),
        ("([a:b = 1] REPEATS 2 TIMES) REPEATS 3 TIMES", &[]),
        (
            "(([a:b = 1] WITHIN 1 SECONDS REPEATS 2 TIMES) WITHIN 3 SECONDS REPEATS 4 TIMES) REPEATS 5 TIMES",
            &[
                "((([a:b = 1] WITHIN 1 SECONDS REPEATS 2 TIMES) WITHIN 3 SECONDS) REPEATS 4 TIMES) REPEATS 5 TIMES",
            ],
        ),
        (
            "[a:b = 1] AND [a:c = 2] WITHIN 5 SECONDS",
            &["[a:b = 1] AND ([a:c = 2] WITHIN 5 SECONDS)"],
        ),
        (
            "([a:b = 1] AND [a:c = 2]) WITHIN 0.5 SECONDS",
            &["([a:b = 1] AND [a:c = 2]) WITHIN .500 SECONDS"],
        ),
        (
            "[a:b = 1] START t'2026-01-31T08:30:00Z' STOP t'2026-01-31T08:30:00.5Z'",
            &["[a:b=1]START t'2026-01-31T08:30:00.000Z'STOP t'2026-01-31T08:30:00.50Z'"],
        ),
        (
            "[file:hashes.'SHA-256' = 'a' AND file:hashes.MD5 = 'b']",
            &["[file:'hashes'.'SHA-256' = 'a' AND file:hashes.'MD5' = 'b']"],
        ),
        ("[a:'x.y'.'it\\'s'[*].c[0][1] = 1]", &["[a:'x.y' . 'it\\'s' [ * ] . c [ 0 ] [ 1 ] = 1]"]),
        ("[a:'IN'.'true'.'5'.t NOT IN ()]", &["[a:IN.true.5.t NOT IN( )]"]),
        (
            "[a:b NOT = 1 AND NOT EXISTS a:c AND EXISTS a:d]",
            &["[a:b NOT=1 AND NOT EXISTS a:c AND EXISTS a:d]"],
        ),
        ("[a:b IN (-1, 0, 0.0, 2.5, 7.0)]", &["[a:b IN (-1,-0,-.00,2.50,7.000)]"]),
        (
            "[a:b = b'ABI=' OR a:b = h'ff03' OR a:b = '']",
            &["[a:b = b'AB\nI=\n' OR a:b = h'ff03' OR a:b = '']"],
        ),
        ("[a:b = 'C:\\\\Windows\\\\it\\'s \"here\"\n']", &[]),
        ("[a:b ISSUBSET '198.51.100.7/24' AND a:b NOT ISSUPERSET '2001:db8::1']", &[]),
    ] {
        let pattern = read(canonical);
        assert_eq!(pattern.to_string(), canonical);
        for spelling in spellings {
            assert_eq!(read(spelling).to_string(), canonical, "{spelling}");
            assert_eq!(read(spelling), pattern, "{spelling}");
        }
    }
}

#[test]
fn what_does_not_mean_the_same_stays_apart() {
    for (one, other) in [
        ("[a:b != 1]", "[a:b NOT = 1]"),
        ("[a:b = 1 OR a:c = 2]", "[a:c = 2 OR a:b = 1]"),
        ("[a:b = 1 OR a:c = 2]", "[a:b = 1] OR [a:c = 2]"),
        ("[a:b = 1 AND (a:c = 2 OR a:d = 3)]", "[a:b = 1 AND a:c = 2 OR a:d = 3]"),
        (
            "[a:b = 1] FOLLOWEDBY [a:c = 2] REPEATS 5 TIMES",
            "([a:b = 1] FOLLOWEDBY [a:c = 2]) REPEATS 5 TIMES",
        ),
        (
            "[a:b = 1] REPEATS 2 TIMES WITHIN 5 SECONDS",
            "[a:b = 1] WITHIN 5 SECONDS REPEATS 2 TIMES",
        ),
        ("[a:b = h'00']", "[a:b = b'AA==']"),
        ("[a:b.c = 1]", "[a:'b.c' = 1]"),
        ("[a:b[0] = 1]", "[a:b.'0' = 1]"),
        ("[a:b = 7]", "[a:b = 7.0]"),
    ] {
        assert_ne!(read(one), read(other), "{one}");
        assert_ne!(read(one).to_string(), read(other).to_string(), "{one}");
    }
}

#[test]
fn comparisons_joined_by_and_need_one_type_that_satisfies_them_all() {
    for text in [
        "[(a:b = 1 OR c:d = 1) AND c:d = 2]",
        "[(a:b = 1 OR c:d = 1) AND (e:f = 1 OR c:d = 2 AND c:e = 3)]",
        "[a:b = 1 AND a:c = 2 OR d:e = 3 AND d:f = 4]",
        "[network-traffic:src_ref.type = 'ipv4-addr' AND network-traffic:dst_port = 53]",
        "[a:b = 1] AND [c:d = 1]",
    ] {
        assert_eq!(read(text).to_string(), text);
    }
}

#[test]
fn a_pattern_tells_its_types_and_paths_in_order() {
    let pattern = read(
        "[file:name = 'a' AND (file:size > 1 OR EXISTS file:hashes.MD5)] WITHIN 5 SECONDS \
         OR ([x-parcel:seals[*] = 1 OR file:name = 'b'] AND [url:value = 'c'])",
    );
    assert_eq!(pattern.object_types().into_iter().collect::<Vec<_>>(), ["file", "url", "x-parcel"]);
    let paths: Vec<_> = pattern.paths().map(ToString::to_string).collect();
    let expected = [
        "file:name",
        "file:size",
        "file:hashes.MD5",
        "x-parcel:seals[*]",
        "file:name",
        "url:value",
    ];
    assert_eq!(paths, expected);
    let parts: Vec<_> = pattern.expression().observations().map(ToString::to_string).collect();
    assert_eq!(parts.len(), 3);
    assert_eq!(parts[2], "[url:value = 'c']");
}

proptest! {
    #[test]
    fn what_is_printed_reads_back_the_same(expression in arbitrary::expression()) {
        let printed = expression.to_string();
        let pattern = Pattern::parse(&printed, &PatternLimits::default())
            .map_err(|error| TestCaseError::fail(format!("{printed}: {error}")))?;
        prop_assert_eq!(pattern.expression(), &expression, "{}", &printed);
        prop_assert_eq!(pattern.to_string(), printed);
    }
}
