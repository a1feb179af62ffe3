//! Patterns: whether they are patterns, and whether observations match them.

use comity_bench::corpus;
use comity_bench::peers::judge;
use comity_stix::Limits;
use comity_stix::pattern::{Bare, Budget, Matcher, Observations, Pattern, PatternLimits};
use serde_json::{Value as Json, json};

use crate::cases::{lines, shared};
use crate::differences::{Pair, agree_but_for_the_listed};

/// A pattern, and where the standard is known to say, what it says.
struct Case {
    name: String,
    pattern: String,
    expected: Option<bool>,
}

/// Whether it is a pattern, and the reason if not.
fn reads(pattern: &str) -> (bool, String) {
    match Pattern::parse(pattern, &PatternLimits::default()) {
        Ok(_) => (true, String::new()),
        Err(error) => (false, error.to_string()),
    }
}

/// Patterns of our own: those of `patterns.jsonl` with their verdicts, and all that are to match.
fn own() -> Vec<Case> {
    let case = |line: &Json, expected: bool| {
        let pattern = text(line, "pattern");
        Case { name: pattern.clone(), pattern, expected: Some(expected) }
    };
    let good = lines("matches.jsonl");
    let others = lines("patterns.jsonl");
    let good = good.iter().map(|line| case(line, true));
    good.chain(others.iter().map(|line| case(line, line["valid"] == true))).collect()
}

/// Those, the ones that the benches work on, and the vectors of the OASIS pattern validator where they are at hand.
fn everything() -> Vec<Case> {
    let mut cases = own();
    for (at, pattern) in corpus::patterns(300, 3, 20).into_iter().enumerate() {
        cases.push(Case { name: format!("made {at}"), pattern, expected: None });
    }
    if let Some(file) = shared("vectors/stix-patterns/vectors.json") {
        for (at, vector) in file["validator"].as_array().unwrap().iter().enumerate() {
            if vector["stix_version"] == "2.1" {
                let pattern = text(vector, "pattern");
                cases.push(Case { name: format!("vector {at}"), pattern, expected: None });
            }
        }
    }
    cases
}

#[test]
fn what_section_9_allows_is_read_and_what_it_does_not_is_refused() {
    let mut wrong = Vec::new();
    for case in own() {
        let (verdict, why) = reads(&case.pattern);
        if Some(verdict) != case.expected {
            wrong.push(format!("{}: {verdict} {why}", case.pattern));
        }
    }
    assert!(wrong.is_empty(), "{} patterns\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn the_oasis_pattern_validator_reads_what_we_read_but_for_the_listed_patterns() {
    let cases = everything();
    let asked: Vec<_> = cases.iter().map(|case| json!({ "pattern": case.pattern })).collect();
    let verdicts = judge("stix2-patterns", &asked).unwrap_or_else(|error| panic!("{error}"));
    let pair = |(case, theirs): (&Case, comity_bench::peers::Verdict)| {
        let (ours, why) = reads(&case.pattern);
        let why = format!("we say [{why}], they say [{}]: {}", theirs.why, case.pattern);
        Pair { case: case.name.clone(), ours, theirs: theirs.yes, why }
    };
    let pairs: Vec<Pair> = cases.iter().zip(verdicts).map(pair).collect();
    agree_but_for_the_listed("stix2-patterns", &pairs);
}

#[test]
fn rstix_reads_what_we_read_but_for_the_listed_patterns() {
    let pair = |case: &Case| {
        let (ours, why) = reads(&case.pattern);
        let theirs = rstix::Pattern::parse(&case.pattern);
        let because = theirs.as_ref().err().map(ToString::to_string).unwrap_or_default();
        let why = format!("we say [{why}], they say [{because}]: {}", case.pattern);
        Pair { case: case.name.clone(), ours, theirs: theirs.is_ok(), why }
    };
    let pairs: Vec<Pair> = everything().iter().map(pair).collect();
    agree_but_for_the_listed("rstix patterns", &pairs);
}

/// Whether the observations of the bundles match.
fn matches(pattern: &str, bundles: &[Json]) -> bool {
    let Ok(pattern) = Pattern::parse(pattern, &PatternLimits::default()) else { return false };
    let objects: Vec<String> = bundles
        .iter()
        .flat_map(|bundle| bundle["objects"].as_array().unwrap())
        .map(Json::to_string)
        .collect();
    let bytes = objects.iter().map(String::as_bytes);
    let observations = Observations::of(bytes, Bare::Ignored, &Limits::default()).unwrap();
    Matcher::new(&pattern).find(&observations, &Budget::default()).unwrap().is_some()
}

#[test]
fn observations_match_as_section_9_says() {
    let observations = lines("observations.jsonl");
    let mut wrong = Vec::new();
    for line in lines("matches.jsonl") {
        let pattern = text(&line, "pattern");
        let matched = matches(&pattern, &observations);
        if matched != line["matches"] {
            wrong.push(format!("{pattern} (section {}): {matched}", line["section"]));
        }
    }
    assert!(wrong.is_empty(), "{} patterns\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn the_oasis_matcher_finds_what_we_find_but_for_the_listed_cases() {
    let mut cases: Vec<(String, String, Vec<Json>)> = Vec::new();
    let observations = lines("observations.jsonl");
    for line in lines("matches.jsonl") {
        let pattern = text(&line, "pattern");
        cases.push((pattern.clone(), pattern, observations.clone()));
    }
    // A small world, in which about every third pattern matches.
    for (at, pattern) in corpus::patterns(200, 5, 6).into_iter().enumerate() {
        let observations = corpus::observations(12, at as u64, 6);
        let bundles = observations.iter().map(|line| serde_json::from_str(line).unwrap());
        cases.push((format!("made {at}"), pattern, bundles.collect()));
    }
    if let Some(file) = shared("vectors/stix-patterns/vectors.json") {
        for (at, vector) in file["matcher"].as_array().unwrap().iter().enumerate() {
            if vector["stix_version"] == "2.1" {
                let bundles = vector["observations"].as_array().unwrap().clone();
                cases.push((format!("vector {at}"), text(vector, "pattern"), bundles));
            }
        }
    }
    let ask = |(_, pattern, bundles): &(String, String, Vec<Json>)| json!({ "pattern": pattern, "bundles": bundles });
    let asked: Vec<Json> = cases.iter().map(ask).collect();
    let verdicts = judge("stix2-matcher", &asked).unwrap_or_else(|error| panic!("{error}"));
    let mut matched = 0;
    let mut pairs = Vec::new();
    for ((name, pattern, bundles), theirs) in cases.into_iter().zip(verdicts) {
        let ours = matches(&pattern, &bundles);
        matched += usize::from(ours && name.starts_with("made"));
        let why = format!("they say [{}]: {pattern}", theirs.why);
        pairs.push(Pair { case: name, ours, theirs: theirs.yes, why });
    }
    assert!((40..160).contains(&matched), "{matched} of the made ones match: they say little");
    agree_but_for_the_listed("stix2-matcher", &pairs);
}

fn text(line: &Json, key: &str) -> String {
    line[key].as_str().unwrap_or_else(|| panic!("no `{key}` in {line}")).to_owned()
}
