//! Each paragraph of sections 9.5 to 9.7, by the smallest objects that show it.

use super::test::{Compiled, Predicate};
use crate::limits::Limits;
use crate::pattern::{Bare, Budget, BudgetSpent, Match, Matcher, Observations, Pattern};

fn find_in(pattern: &str, objects: &[&str], bare: Bare) -> Option<Match> {
    let pattern: Pattern = pattern.parse().unwrap();
    let objects = objects.iter().map(|object| object.as_bytes());
    let observations = Observations::of(objects, bare, &Limits::default()).unwrap();
    Matcher::new(&pattern).find(&observations, &Budget::default()).unwrap()
}

/// Whether one observation of these objects, given by their keys, matches.
fn matches(pattern: &str, objects: &str) -> bool {
    let seen = r#""first_observed":"2026-01-31T08:00:00Z","last_observed":"2026-01-31T08:00:00Z""#;
    let observed = format!(r#"{{"type":"observed-data",{seen},"objects":{{{objects}}}}}"#);
    find_in(pattern, &[&observed], Bare::Ignored).is_some()
}

#[track_caller]
fn all(object: &str, expected: bool, comparisons: &[&str]) {
    let objects = format!(r#""0":{{"type":"x",{object}}}"#);
    for comparison in comparisons {
        assert_eq!(
            matches(&format!("[{comparison}]"), &objects),
            expected,
            "{comparison} {object}"
        );
    }
}

#[test]
fn numbers_compare_by_value() {
    let object = r#""i":5,"f":1.5,"w":1.0e1,"big":9007199254740993"#;
    all(
        object,
        true,
        &["x:i = 5", "x:i = 5.0", "x:i > 4.9", "x:w = 10", "x:f != 1", "x:i IN (4, 5.0)"],
    );
    all(object, true, &["x:i NOT != 5", "x:i NOT < 5", "x:i >= 5", "x:i <= 5", "x:f > 1"]);
    all(
        object,
        false,
        &["x:f = 1", "x:i < 5", "x:i > 5", "x:i NOT IN (5)", "x:big = 9007199254740992.0"],
    );
    all(object, true, &["x:big = 9007199254740993.0", "x:big > 9007199254740992.0"]);
}

#[test]
fn texts_compare_by_code_points_and_are_not_normalised() {
    let order = ["o", "oz", "o\u{300}", "z", "\u{f2}"];
    for (at, text) in order.iter().enumerate() {
        let object = format!(r#""s":"{text}""#);
        for (other_at, other) in order.iter().enumerate() {
            all(&object, at < other_at, &[&format!("x:s < '{other}'")]);
            all(&object, at >= other_at, &[&format!("x:s >= '{other}'")]);
            all(
                &object,
                at == other_at,
                &[&format!("x:s = '{other}'"), &format!("x:s IN ('', '{other}')")],
            );
            all(&object, at != other_at, &[&format!("x:s != '{other}'")]);
        }
    }
}

#[test]
fn like_and_matches_normalise_both_sides() {
    let object =
        "\"nfc\":\"\u{1e0d}\u{307}\",\"nfd\":\"d\u{323}\u{307}\",\"alt\":\"\u{1e0b}\u{323}\"";
    for path in ["nfc", "nfd", "alt"] {
        for text in ["\u{1e0d}\u{307}", "d\u{323}\u{307}", "\u{1e0b}\u{323}"] {
            all(
                object,
                true,
                &[&format!("x:{path} LIKE '{text}'"), &format!("x:{path} MATCHES '^{text}$'")],
            );
        }
    }
}

#[test]
fn types_that_do_not_go_together_are_unequal_and_nothing_else() {
    let object = r#""i":5,"b":true,"s":"hello","n":null,"l":[5],"o":{"p":5}"#;
    let values = ["5", "true", "'hello'", "t'2026-01-31T08:00:00Z'", "h'00ff'", "b'AQ=='"];
    for (path, same) in
        [("i", "5"), ("b", "true"), ("s", "'hello'"), ("n", ""), ("l", ""), ("o", "")]
    {
        for value in values.iter().filter(|value| **value != same) {
            all(
                object,
                true,
                &[&format!("x:{path} != {value}"), &format!("x:{path} NOT = {value}")],
            );
            all(
                object,
                false,
                &[&format!("x:{path} = {value}"), &format!("x:{path} IN ({value})")],
            );
        }
    }
    all(object, false, &["x:i LIKE '5'", "x:i MATCHES '5'", "x:i ISSUBSET '0.0.0.0/0'", "x:b = 1"]);
    all(
        object,
        true,
        &["x:i NOT LIKE '5'", "x:i NOT MATCHES '5'", "x:b NOT ISSUPERSET '10.0.0.1'"],
    );
    all(object, false, &["x:i > 'a'", "x:n > 'a'", "x:s > 1", "x:s < t'2026-01-31T08:00:00Z'"]);
}

#[test]
fn timestamps_compare_as_times() {
    let object = r#""t":"2026-01-31T08:00:00.10Z""#;
    all(object, true, &["x:t = t'2026-01-31T08:00:00.1Z'", "x:t > t'2026-01-31T08:00:00.09Z'"]);
    all(object, true, &["x:t IN (t'2020-01-01T00:00:00Z', t'2026-01-31T08:00:00.100Z')"]);
    all(object, true, &["x:t != '2026-01-31T08:00:00.1Z'", "x:t = '2026-01-31T08:00:00.10Z'"]);
    all(object, false, &["x:t < t'2026-01-31T08:00:00.1Z'", "x:t != t'2026-01-31T08:00:00.1Z'"]);
}

#[test]
fn octets_compare_as_octets_whatever_writes_them() {
    let object =
        r#""a_bin":"dGhpcyBpcyBhIHRlc3Q=","b_hex":"00FFc3","plain":"this is a test","u":"\u0103""#;
    all(object, true, &["x:a_bin = 'this is a test'", "x:a_bin = b'dGhpcyBpcyBhIHRlc3Q='"]);
    all(
        object,
        true,
        &["x:a_bin = h'7468697320697320612074657374'", "x:plain = b'dGhpcyBpcyBhIHRlc3Q='"],
    );
    all(object, false, &["x:a_bin = 'dGhpcyBpcyBhIHRlc3Q='"]);
    all(
        object,
        true,
        &["x:b_hex = h'00ffc3'", "x:b_hex = '\u{0}\u{ff}\u{c3}'", "x:b_hex > h'00fe'"],
    );
    all(object, true, &["x:b_hex > h'00ff'", "x:b_hex < h'01'", "x:b_hex IN (h'00', h'00ffc3')"]);
    all(
        object,
        true,
        &[
            "x:a_bin LIKE 'this%test'",
            "x:a_bin MATCHES 'is\\\\x20a'",
            "x:b_hex MATCHES '^\\\\x00.\\\\xc3$'",
        ],
    );
    // A text beyond U+00FF is no octets.
    all(
        object,
        false,
        &["x:a_bin = '\u{103}'", "x:a_bin > '\u{103}'", "x:u = h'03'", "x:u < b'////'"],
    );
    all(object, true, &["x:a_bin != '\u{103}'", "x:u != h'03'"]);
    all(object, false, &["x:a_bin MATCHES '\u{103}?'"]);
}

#[test]
fn octets_that_cannot_be_decoded_cannot_be_obtained() {
    let object = r#""a_hex":"0","b_bin":"%""#;
    all(object, false, &["x:a_hex = '0'", "x:a_hex != '0'", "x:a_hex NOT = '0'", "x:b_bin != '%'"]);
    all(object, true, &["EXISTS x:a_hex"]);
}

#[test]
fn a_path_that_leads_nowhere_is_false_with_every_operator() {
    let object = r#""a":{"b":1},"l":[1,2]"#;
    for path in
        ["x:none", "x:a.none", "x:a.b.c", "x:l[2]", "x:a[0]", "x:a[*]", "x:l.b", "y:a", "x:l[*].b"]
    {
        for rest in [
            "= 1",
            "!= 1",
            "NOT = 1",
            "NOT != 1",
            "> 1",
            "NOT IN (1)",
            "NOT LIKE 'a'",
            "NOT MATCHES 'a'",
        ] {
            all(object, false, &[&format!("{path} {rest}")]);
        }
        all(object, false, &[&format!("EXISTS {path}"), &format!("NOT EXISTS {path}")]);
    }
}

#[test]
fn what_the_tables_know_for_a_string_is_no_timestamp_and_the_other_way_round() {
    let test = |text: &str| {
        let pattern: Pattern = format!("[{text}]").parse().unwrap();
        let test = pattern.expression().observations().next().unwrap().0.tests().next().unwrap();
        Compiled::new(test).unwrap().predicate
    };
    let never = |text: &str| match test(text) {
        Predicate::Never | Predicate::Unequal(None) => true,
        Predicate::OneOf(keys) => keys.is_empty(),
        _ => false,
    };
    let time = "2026-01-31T08:00:00Z";
    for (path, is_time, is_text) in [
        ("file:name", false, true),
        ("file:ctime", true, false),
        ("file:hashes.MD5", false, true),
        ("network-traffic:protocols[*]", false, true),
        ("file:parent_directory_ref.ctime", true, true),
        ("file:x_seen", true, true),
        ("x:seen", true, true),
    ] {
        for operator in ["=", "!=", "<", ">="] {
            assert_eq!(!never(&format!("{path} {operator} t'{time}'")), is_time, "{path}");
            assert_eq!(!never(&format!("{path} {operator} '{time}'")), is_text, "{path}");
        }
    }
}

#[test]
fn truth_has_no_order() {
    let object = r#""a":true,"b":false"#;
    all(object, false, &["x:a > false", "x:a >= true", "x:b < true", "x:b <= false"]);
    all(object, true, &["x:a NOT > false", "x:a = true"]);
}

#[test]
fn exists_asks_for_presence_alone() {
    let object = r#""a":null,"l":[],"parent_ref":"7""#;
    all(object, true, &["EXISTS x:a", "EXISTS x:l", "EXISTS x:parent_ref"]);
    all(object, false, &["EXISTS x:b", "EXISTS x:l[*]", "EXISTS x:parent_ref.name"]);
}

#[test]
fn sets_of_addresses_hold_each_other() {
    let object = r#""ip":"11.22.33.44","net":"11.22.33.44/20","v6":"2001:db8::/48","s":"hello""#;
    all(object, true, &["x:ip ISSUBSET '11.22.41.123/20'", "x:ip ISSUBSET '11.22.33.44'"]);
    all(object, true, &["x:net ISSUPERSET '11.22.41.123/29'", "x:net ISSUBSET '11.22.32.0/20'"]);
    all(object, true, &["x:ip NOT ISSUBSET '11.22.123.41/20'", "x:v6 ISSUBSET '2001:DB8::/32'"]);
    all(object, true, &["x:s NOT ISSUBSET '0.0.0.0/0'", "x:v6 ISSUPERSET '2001:db8::1'"]);
    all(object, false, &["x:ip ISSUBSET '11.22.123.41/20'", "x:net ISSUPERSET '11.22.33.44/13'"]);
    all(object, false, &["x:v6 ISSUBSET '0.0.0.0/0'", "x:s ISSUBSET '0.0.0.0/0'"]);
}

#[test]
fn a_list_is_matched_by_index_or_by_any_of_its_elements() {
    let object = r#""l":["a","b"],"o":[{"n":1},{"n":2}],"none":[]"#;
    all(object, true, &["x:l[0] = 'a'", "x:l[*] = 'b'", "x:o[*].n > 1", "x:l[*] != 'a'"]);
    all(
        object,
        false,
        &["x:l = 'a'", "x:l[0] = 'b'", "x:l[*] = 'c'", "x:l[9] = 'a'", "x:none[*] != 'a'"],
    );
    // `NOT` turns the whole comparison round.
    all(object, true, &["x:l[*] NOT = 'c'"]);
    all(object, false, &["x:l[*] NOT = 'a'", "x:none[*] NOT = 'a'"]);
}

#[test]
fn dictionaries_and_extensions_are_followed_by_their_keys() {
    let object =
        r#""hashes":{"SHA-256":"ab"},"extensions":{"x-ext":{"sections":[{"entropy":7.1}]}}"#;
    all(
        object,
        true,
        &["x:hashes.'SHA-256' = 'ab'", "x:extensions.'x-ext'.sections[*].entropy > 7.0"],
    );
    all(object, false, &["x:hashes.'SHA-1' = 'ab'"]);
    let escaped = r#""a\u0062":"\u0063""#;
    all(escaped, true, &["x:ab = 'c'"]);
}

#[test]
fn references_are_followed_within_the_observation() {
    let objects = r#""0":{"type":"net","src_ref":"1","all_refs":["1","2"],"other":"1"},
        "1":{"type":"ip","value":"a","net_ref":"0"},"2":{"type":"ip","value":"b"}"#;
    for (pattern, expected) in [
        ("[net:src_ref.value = 'a']", true),
        ("[net:src_ref.type = 'ip']", true),
        ("[net:all_refs[*].value = 'b']", true),
        ("[net:all_refs[1].value = 'a']", false),
        ("[net:other.value = 'a']", false),
        ("[ip:net_ref.src_ref.net_ref.src_ref.value = 'a']", true),
        ("[net:src_ref = '1']", true),
        ("[net:src_ref.value = 'b']", false),
    ] {
        assert_eq!(matches(pattern, objects), expected, "{pattern}");
    }
}

#[test]
fn only_listed_objects_can_be_followed() {
    let file = r#"{"type":"file","id":"file--1","parent_directory_ref":"directory--1"}"#;
    let directory = r#"{"type":"directory","id":"directory--1","path":"/tmp"}"#;
    let seen = |refs: &str| format!(r#"{{"type":"observed-data","object_refs":[{refs}]}}"#);
    let pattern = "[file:parent_directory_ref.path = '/tmp']";
    let (alone, both) = (seen(r#""file--1""#), seen(r#""file--1","directory--1""#));
    assert!(find_in(pattern, &[file, directory, &alone], Bare::Observed).is_none());
    assert!(find_in(pattern, &[file, directory, &both], Bare::Ignored).is_some());
    assert!(find_in(pattern, &[file, directory], Bare::Observed).is_some());
}

#[test]
fn all_comparisons_in_brackets_start_from_one_object() {
    let objects = r#""0":{"type":"net","src_ref":"1"},"1":{"type":"ip","value":"a"},
        "2":{"type":"net","dst_ref":"3"},"3":{"type":"ip","value":"b"}"#;
    assert!(!matches("[net:src_ref.value = 'a' AND net:dst_ref.value = 'b']", objects));
    assert!(matches("[net:src_ref.value = 'a' OR net:dst_ref.value = 'x']", objects));
    assert!(matches("[net:src_ref.value = 'x' OR ip:value = 'b']", objects));
    assert!(matches(
        "[net:src_ref.value = 'a' AND net:src_ref.type = 'ip' OR ip:value = 'z']",
        objects
    ));
}

/// Observed-data of one text each, at a second each, with how often it was seen.
fn seen(values: &[(&str, u8, u8, u32)]) -> Vec<String> {
    let object = |(value, first, last, number): &(&str, u8, u8, u32)| {
        format!(
            r#"{{"type":"observed-data","first_observed":"2026-01-31T08:00:{first:02}Z","last_observed":"2026-01-31T08:00:{last:02}Z","number_observed":{number},"objects":{{"0":{{"type":"x","v":"{value}"}}}}}}"#
        )
    };
    values.iter().map(object).collect()
}

#[track_caller]
fn found(pattern: &str, values: &[(&str, u8, u8, u32)], expected: Option<&[usize]>) {
    let pattern = pattern
        .replace("[a]", "[x:v = 'a']")
        .replace("[b]", "[x:v = 'b']")
        .replace("[c]", "[x:v = 'c']");
    let objects = seen(values);
    let objects: Vec<&str> = objects.iter().map(String::as_str).collect();
    let found = find_in(&pattern, &objects, Bare::Ignored);
    assert_eq!(found.as_ref().map(|found| found.observations.as_slice()), expected, "{pattern}");
}

const ABC: [(&str, u8, u8, u32); 3] = [("a", 0, 0, 1), ("b", 5, 5, 1), ("c", 10, 10, 1)];

#[test]
fn joined_brackets_need_different_observations() {
    found("[a] AND [b]", &ABC, Some(&[0, 1]));
    found("[a] AND [a]", &ABC, None);
    found("[a] AND [a]", &[("a", 0, 0, 2)], Some(&[0]));
    found("[a] OR [c]", &ABC, Some(&[0]));
    found("[c] OR ([a] AND [a])", &ABC, Some(&[2]));
    found("[x:v MATCHES ''] REPEATS 3 TIMES", &ABC, Some(&[0, 1, 2]));
    found("[x:v MATCHES ''] REPEATS 4 TIMES", &ABC, None);
    found(
        "([a] REPEATS 2 TIMES) REPEATS 2 TIMES",
        &[("a", 0, 0, 2), ("a", 1, 1, 3)],
        Some(&[0, 1]),
    );
}

#[test]
fn what_follows_is_not_before() {
    found("[a] FOLLOWEDBY [b]", &ABC, Some(&[0, 1]));
    found("[b] FOLLOWEDBY [a]", &ABC, None);
    found("[a] FOLLOWEDBY [b]", &[("a", 3, 3, 1), ("b", 3, 3, 1)], Some(&[0, 1]));
    found("[a] FOLLOWEDBY [b]", &[("a", 3, 9, 1), ("b", 0, 3, 1)], Some(&[0, 1]));
    found("([a] FOLLOWEDBY [c]) AND [b]", &ABC, Some(&[0, 1, 2]));
    found("[a] FOLLOWEDBY [b] REPEATS 2 TIMES", &[("a", 0, 0, 1), ("b", 5, 5, 2)], Some(&[0, 1]));
    found("([a] FOLLOWEDBY [b]) REPEATS 2 TIMES", &[("a", 0, 0, 1), ("b", 5, 5, 2)], None);
}

#[test]
fn within_is_less_than_the_time_given() {
    found("([a] AND [b]) WITHIN 5.1 SECONDS", &ABC, Some(&[0, 1]));
    found("([a] AND [b]) WITHIN 5 SECONDS", &ABC, None);
    found("[a] WITHIN 0.0001 SECONDS", &ABC, Some(&[0]));
    found("([a] OR [b]) WITHIN 1 SECONDS", &ABC, Some(&[0]));
    let long = [("a", 0, 2, 1), ("b", 4, 6, 1)];
    found("([a] AND [b]) WITHIN 2.5 SECONDS", &long, Some(&[0, 1]));
    found("([a] AND [b]) WITHIN 2 SECONDS", &long, None);
}

#[test]
fn start_is_included_and_stop_is_not() {
    let between = |start: u8, stop: u8| {
        format!("START t'2026-01-31T08:00:{start:02}Z' STOP t'2026-01-31T08:00:{stop:02}Z'")
    };
    found(&format!("[b] {}", between(5, 6)), &ABC, Some(&[1]));
    found(&format!("[b] {}", between(0, 5)), &ABC, None);
    found(&format!("([a] AND [b]) {}", between(0, 6)), &ABC, Some(&[0, 1]));
    found(&format!("([a] AND [b]) {}", between(1, 6)), &ABC, None);
    found(&format!("[a] OR [b] {}", between(20, 30)), &ABC, Some(&[0]));
    found(&format!("[x:v LIKE '_'] REPEATS 2 TIMES {}", between(0, 10)), &ABC, Some(&[0, 1]));
    found(&format!("[a] {}", between(2, 3)), &[("a", 0, 2, 1)], Some(&[0]));
    found(&format!("[a] {}", between(2, 2)), &[("a", 0, 9, 1)], None);
    found(&format!("[a] {}", between(6, 2)), &[("a", 0, 9, 1)], None);
}

#[test]
fn whatever_asks_for_a_time_is_false_of_bare_observables() {
    let objects = [r#"{"type":"x","id":"x--1","v":"a"}"#, r#"{"type":"x","id":"x--2","v":"b"}"#];
    let one = "[x:v = 'a']";
    let two = "([x:v = 'a'] AND [x:v = 'b'])";
    assert!(find_in(one, &objects, Bare::Ignored).is_none());
    assert!(find_in(one, &objects, Bare::Observed).is_some());
    assert!(find_in(two, &objects, Bare::Observed).is_some());
    for timed in [
        format!("{one} WITHIN 9 SECONDS"),
        format!("{two} WITHIN 9 SECONDS"),
        format!("{one} START t'0001-01-01T00:00:00Z' STOP t'9999-01-01T00:00:00Z'"),
        "[x:v = 'a'] FOLLOWEDBY [x:v = 'b']".to_owned(),
    ] {
        assert!(find_in(&timed, &objects, Bare::Observed).is_none(), "{timed}");
    }
}

#[test]
fn references_in_circles_come_to_an_end() {
    let names: Vec<String> = (0..9).map(|n| format!(r#""{n}""#)).collect();
    let objects: Vec<String> = names
        .iter()
        .map(|name| format!(r#"{name}:{{"type":"x","all_refs":[{}]}}"#, names.join(",")))
        .collect();
    let observed = format!(r#"{{"type":"observed-data","objects":{{{}}}}}"#, objects.join(","));
    let path = "all_refs[*].".repeat(20);
    let pattern: Pattern = format!("[x:{path}type = 'y']").parse().unwrap();
    let observations =
        Observations::of([observed.as_bytes()], Bare::Ignored, &Limits::default()).unwrap();
    let matcher = Matcher::new(&pattern);
    assert_eq!(matcher.find(&observations, &Budget::steps(100_000)), Ok(None));
    assert_eq!(matcher.find(&observations, &Budget::steps(100)), Err(BudgetSpent));
    assert_eq!(BudgetSpent.code(), "pattern-budget-spent");
}

#[test]
fn a_budget_is_for_each_observation_and_not_for_how_many_there_are() {
    let mut values = vec![("a", 0, 0, 1); 3_000];
    values.push(("b", 1, 1, 1));
    let objects = seen(&values);
    let objects = objects.iter().map(String::as_bytes);
    let observations = Observations::of(objects, Bare::Ignored, &Limits::default()).unwrap();
    for pattern in
        ["[x:v = 'b']", "[x:v = 'a'] FOLLOWEDBY [x:v = 'b']", "[x:v = 'a'] REPEATS 2000 TIMES"]
    {
        let matcher = Matcher::new(&pattern.parse().unwrap());
        assert!(matcher.find(&observations, &Budget::steps(100)).unwrap().is_some(), "{pattern}");
    }
}
