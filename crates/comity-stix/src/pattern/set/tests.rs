//! A set says of each pattern what it says alone.

use std::fmt::Write as _;

use proptest::prelude::*;

use super::PatternSet;
use crate::limits::Limits;
use crate::pattern::solve::tests::{expression, objects, seen};
use crate::pattern::{Bare, Budget, Match, Matcher, Observations, Pattern};

/// Comparisons of each kind of probe, over the properties of [`object`].
fn comparison() -> impl Strategy<Value = String> {
    let path = prop::sample::select(vec![
        "x:s",
        "x:n",
        "x:b",
        "x:t",
        "x:ip",
        "x:a_hex",
        "x:l[*]",
        "x:l[1]",
        "x:d.k",
        "x:o_ref.s",
        "x:o_refs[*].n",
        "x:o_refs[*].o_ref.s",
        "y:s",
        "x:type",
        "x:none",
    ]);
    let text =
        prop::sample::select(vec!["a", "ab", "abcd", "abcde", "xabcdx", "", "d\u{323}", "x"]);
    let like = prop::sample::select(vec!["a%", "%abcd%", "abcd_", "%", "_b%", "%bc", "a_c%e"]);
    let regex = prop::sample::select(vec![
        "abcd",
        "^a.*d",
        "b|c",
        "(?i)ABCD",
        "(?i)BCDE$",
        "abcde$",
        "",
        "abc[d]",
    ]);
    let network = prop::sample::select(vec![
        "10.0.0.0/8",
        "10.0.0.1",
        "10.0.0.0/30",
        "0.0.0.0/0",
        "2001:db8::/32",
        "2001:db8::1",
    ]);
    let number = prop::sample::select(vec!["1", "1.0", "2.5", "-3", "10"]);
    let other = prop::sample::select(vec![
        "true",
        "false",
        "h'6162'",
        "b'YQ=='",
        "t'2026-01-31T08:00:00Z'",
    ]);
    let constant = prop_oneof![
        4 => text.prop_map(|text| format!("'{text}'")),
        3 => number.prop_map(str::to_owned),
        2 => other.prop_map(str::to_owned),
    ];
    let order = prop::sample::select(vec!["=", "!=", "<", "<=", ">", ">="]);
    let rest = prop_oneof![
        5 => (order, constant.clone()).prop_filter_map("truth has no order", |(order, constant)| {
            let truth = constant == "true" || constant == "false";
            (!truth || order.ends_with('=') && !order.starts_with(['<', '>']))
                .then(|| format!("{order} {constant}"))
        }),
        1 => constant.prop_map(|constant| format!("IN ({constant})")),
        1 => like.prop_map(|like| format!("LIKE '{like}'")),
        1 => regex.prop_map(|regex| format!("MATCHES '{regex}'")),
        1 => (prop::sample::select(vec!["ISSUBSET", "ISSUPERSET"]), network)
            .prop_map(|(operator, network)| format!("{operator} '{network}'")),
    ];
    prop_oneof![
        9 => (path.clone(), prop::bool::weighted(0.2), rest)
            .prop_map(|(path, not, rest)| format!("{path} {}{rest}", if not { "NOT " } else { "" })),
        1 => (path, any::<bool>())
            .prop_map(|(path, not)| format!("{}EXISTS {path}", if not { "NOT " } else { "" })),
    ]
}

fn pattern() -> impl Strategy<Value = String> {
    let one =
        prop::collection::vec((comparison(), prop::sample::select(vec![" AND ", " OR "])), 1..4);
    let brackets = one.prop_map(|parts| {
        let mut text = String::new();
        for (at, (part, operator)) in parts.iter().enumerate() {
            text.push_str(if at == 0 { "" } else { operator });
            text.push_str(part);
        }
        format!("[{text}]")
    });
    let operator = prop::sample::select(vec![" AND ", " OR ", " FOLLOWEDBY "]);
    (prop::collection::vec(brackets, 1..3), operator)
        .prop_map(|(parts, operator)| parts.join(operator))
}

fn value() -> impl Strategy<Value = String> {
    prop::sample::select(vec![
        r#""a""#,
        r#""ab""#,
        r#""abcd""#,
        r#""abcde\n""#,
        r#""xabcdx""#,
        r#""""#,
        "\"\u{1e0d}\"",
        "1",
        "1.0",
        "25e-1",
        "-3",
        "true",
        "false",
        "null",
        r#""2026-01-31T08:00:00.0Z""#,
        r#""10.0.0.1""#,
        r#""10.0.0.0/24""#,
        r#""2001:db8::1""#,
        r#"["a",1]"#,
        r#"{"k":"ab"}"#,
        r#""6162""#,
    ])
    .prop_map(str::to_owned)
}

fn object() -> impl Strategy<Value = String> {
    let name = prop::sample::select(vec!["s", "n", "b", "t", "ip", "a_hex", "l", "d"]);
    let own = prop::collection::btree_map(name, value(), 0..5);
    let refs = prop::collection::vec(0_u8..3, 0..3);
    let type_ = prop::sample::select(vec!["x", "x", "y"]);
    (type_, own, proptest::option::of(0_u8..3), refs).prop_map(|(type_, own, one, refs)| {
        let mut text = format!(r#"{{"type":"{type_}""#);
        for (name, value) in own {
            write!(text, r#","{name}":{value}"#).unwrap();
        }
        if let Some(one) = one {
            write!(text, r#","o_ref":"{one}""#).unwrap();
        }
        let refs: Vec<_> = refs.iter().map(|one| format!(r#""{one}""#)).collect();
        text + &format!(r#","o_refs":[{}]}}"#, refs.join(","))
    })
}

fn observed() -> impl Strategy<Value = String> {
    (prop::collection::vec(object(), 1..4), 0_u8..9).prop_map(|(objects, second)| {
        let objects: Vec<_> =
            objects.iter().enumerate().map(|(at, object)| format!(r#""{at}":{object}"#)).collect();
        let time = format!("2026-01-31T08:00:0{second}Z");
        format!(
            r#"{{"type":"observed-data","first_observed":"{time}","last_observed":"{time}","objects":{{{}}}}}"#,
            objects.join(",")
        )
    })
}

fn of(objects: &[String]) -> Observations<'_> {
    Observations::of(objects.iter().map(String::as_bytes), Bare::Ignored, &Limits::default())
        .unwrap()
}

fn alone(patterns: &[(usize, Pattern)], observations: &Observations<'_>) -> Vec<(usize, Match)> {
    let find = |pattern| Matcher::new(pattern).find(observations, &Budget::default()).unwrap();
    patterns.iter().filter_map(|(at, pattern)| Some((*at, find(pattern)?))).collect()
}

proptest! {
    #[test]
    fn a_set_finds_what_each_pattern_finds_alone(
        patterns in prop::collection::vec(pattern(), 1..12),
        observed in prop::collection::vec(observed(), 1..4),
        removed in prop::collection::vec(any::<bool>(), 12),
    ) {
        let patterns: Vec<(usize, Pattern)> =
            patterns.iter().filter_map(|text| text.parse().ok()).enumerate().collect();
        let observations = of(&observed);
        let mut set = PatternSet::new();
        for (at, pattern) in &patterns {
            prop_assert!(!set.insert(*at, pattern));
        }
        let found = set.find_all(&observations, &Budget::default());
        prop_assert_eq!(found.undecided, Vec::<usize>::new());
        prop_assert_eq!(found.matches, alone(&patterns, &observations));
        let (gone, kept): (Vec<_>, Vec<_>) = patterns.into_iter().partition(|(at, _)| removed[*at]);
        for (at, _) in &gone {
            prop_assert!(set.remove(at));
        }
        prop_assert_eq!(set.len(), kept.len());
        prop_assert_eq!(set.find_all(&observations, &Budget::default()).matches, alone(&kept, &observations));
        for (at, _) in &kept {
            set.remove(at);
        }
        prop_assert!(set.is_empty() && set.index.of_type("x").is_none() && set.index.of_type("y").is_none());
    }

    #[test]
    fn qualifiers_and_operators_hold_in_a_set_as_they_do_alone(
        expressions in prop::collection::vec(expression(), 1..5),
        all in prop::collection::vec(seen(), 1..4),
    ) {
        let objects = objects(&all);
        let observations = of(&objects);
        let read = |text: String| text.parse::<Pattern>().ok();
        let patterns: Vec<_> =
            expressions.iter().filter_map(|one| read(one.to_string())).enumerate().collect();
        let mut set = PatternSet::new();
        for (at, pattern) in &patterns {
            set.insert(*at, pattern);
        }
        prop_assert_eq!(set.find_all(&observations, &Budget::default()).matches, alone(&patterns, &observations));
    }
}

fn set(patterns: &[&str]) -> PatternSet<usize> {
    let mut set = PatternSet::new();
    for (at, pattern) in patterns.iter().enumerate() {
        set.insert(at, &pattern.parse().unwrap());
    }
    set
}

#[test]
fn each_kind_of_comparison_is_found_by_its_constant() {
    let object = r#"{"type":"x","s":"one text","n":5,"t":"2026-01-31T08:00:00Z","b":true,"a_hex":"00ff","ip":"10.1.2.0/24","l":["p","q"],"o_ref":"0"}"#;
    let objects = [format!(r#"{{"type":"observed-data","objects":{{"0":{object}}}}}"#)];
    let comparisons = [
        "x:s = 'one text'",
        "x:s IN ('a', 'one text')",
        "x:s > 'one'",
        "x:s <= 'one text'",
        "x:s = h'6f6e652074657874'",
        "x:s LIKE 'one%'",
        "x:s LIKE 'o%'",
        "x:s LIKE '%text'",
        "x:s LIKE '%e_t%'",
        "x:s MATCHES 'text$'",
        "x:s MATCHES '(?i)TEXT'",
        "x:s MATCHES 't.xt'",
        "x:s != 'two'",
        "x:s NOT = 'two'",
        "EXISTS x:s",
        "x:n = 5.0",
        "x:n >= 5",
        "x:n < 5.5",
        "x:b = true",
        "x:t = t'2026-01-31T08:00:00.0Z'",
        "x:t > t'2026-01-31T07:59:59Z'",
        "x:a_hex = b'AP8='",
        "x:a_hex LIKE '%\u{ff}'",
        "x:a_hex > h'00'",
        "x:ip ISSUBSET '10.1.2.0/24'",
        "x:ip ISSUBSET '10.0.0.0/8'",
        "x:ip ISSUBSET '0.0.0.0/0'",
        "x:ip ISSUPERSET '10.1.2.0/24'",
        "x:ip ISSUPERSET '10.1.2.255'",
        "x:l[*] = 'q'",
        "x:l[1] = 'q'",
        "x:o_ref.s = 'one text'",
    ];
    let patterns: Vec<String> = comparisons.iter().map(|one| format!("[{one}]")).collect();
    let patterns: Vec<&str> = patterns.iter().map(String::as_str).collect();
    let found = set(&patterns).find_all(&of(&objects), &Budget::default());
    let missing: Vec<_> = (0..comparisons.len())
        .filter(|at| !found.matches.iter().any(|(key, _)| key == at))
        .map(|at| comparisons[at])
        .collect();
    assert_eq!(missing, Vec::<&str>::new());
}

#[test]
fn a_pattern_takes_the_place_of_the_one_under_its_key() {
    let objects = [r#"{"type":"observed-data","objects":{"0":{"type":"x","s":"a"}}}"#.to_owned()];
    let mut set = set(&["[x:s = 'a']", "[x:s = 'a']"]);
    assert!(set.insert(0, &"[x:s = 'b']".parse().unwrap()));
    assert_eq!((set.len(), set.contains(&0), set.contains(&2)), (2, true, false));
    let found = set.find_all(&of(&objects), &Budget::default());
    assert_eq!(found.matches, [(1, Match { observations: vec![0] })]);
    assert!(!set.remove(&2));
    assert!(set.keys().eq(&[0, 1]));
}

#[test]
fn a_pattern_that_spends_its_budget_is_named_and_the_others_are_decided() {
    let seen = |n: usize| {
        format!(
            r#"{{"type":"observed-data","first_observed":"2026-01-31T08:00:0{}Z","last_observed":"2026-01-31T08:00:0{}Z","number_observed":999999999,"objects":{{"0":{{"type":"x","s":"a"}}}}}}"#,
            n % 5,
            n % 5 + 1
        )
    };
    let objects: Vec<String> = (0..20).map(seen).collect();
    let hard = "([x:s = 'a'] FOLLOWEDBY [x:s LIKE 'a']) REPEATS 9999999 TIMES";
    let found =
        set(&["[x:s = 'a']", hard, "[x:s = 'b']"]).find_all(&of(&objects), &Budget::steps(100_000));
    assert_eq!(found.undecided, [1]);
    assert_eq!(found.matches, [(0, Match { observations: vec![0] })]);
}

#[test]
fn a_look_up_that_spends_its_budget_leaves_undecided_what_it_did_not_reach() {
    let list = vec!["1"; 5_000].join(",");
    let objects =
        [format!(r#"{{"type":"observed-data","objects":{{"0":{{"type":"x","l":[{list}]}}}}}}"#)];
    let set = set(&["[x:l[*] = 2]", "[y:l[*] = 1]", "[x:s = 'a']"]);
    let found = set.find_all(&of(&objects), &Budget::steps(1_000));
    assert_eq!((found.matches, found.undecided), (vec![], vec![0, 2]));
}

#[test]
fn an_observation_that_shares_nothing_wakes_nothing() {
    let objects = [r#"{"type":"observed-data","objects":{"0":{"type":"x","s":"abcdef","n":3,"ip":"192.0.2.1"}}}"#.to_owned()];
    let mut patterns = PatternSet::new();
    for at in 0..1_000_usize {
        let text = match at % 6 {
            0 => format!("[x:s = 'v{at}' AND x:n = 3]"),
            1 => format!("[x:s LIKE 'start{at}%']"),
            2 => format!("[x:s LIKE '%inside{at}%' AND x:n > 1]"),
            3 => format!("[x:s MATCHES 'literal{at}.*$' AND x:s MATCHES '^a']"),
            4 => format!("[x:ip ISSUBSET '10.{}.0.0/16']", at % 256),
            _ => format!("[x:n = {} OR x:s = 'w{at}']", at + 10),
        };
        patterns.insert(at, &text.parse().unwrap());
    }
    let observations = of(&objects);
    let observed = observations.get(0).unwrap();
    let mut hits = Vec::new();
    let mut meter = crate::pattern::budget::Meter::new(Budget::default());
    let (type_, object) = observed.objects().next().unwrap();
    patterns.index.of_type(type_).unwrap().hits(observed, object, &mut hits, &mut meter).unwrap();
    assert_eq!(hits, Vec::<usize>::new());
}

#[test]
fn sets_and_matchers_can_be_shared_between_threads() {
    fn shared<T: Send + Sync>() {}
    shared::<PatternSet<String>>();
    shared::<Matcher>();
    shared::<Observations<'_>>();
}
