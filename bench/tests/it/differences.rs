//! The list of what peers hold otherwise, and the comparison with it.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use crate::cases::lines;

/// What two judges said of one case.
pub(crate) struct Pair {
    pub(crate) case: String,
    pub(crate) ours: bool,
    pub(crate) theirs: bool,
    /// The reasons of both, for whoever looks into a new difference.
    pub(crate) why: String,
}

/// Fails unless the cases on which the two differ are exactly those that `tests/data/differences.jsonl` lists for the
/// peer. Vectors may not be at hand; of all other listed cases there has to be one to ask about.
#[track_caller]
pub(crate) fn agree_but_for_the_listed(peer: &str, pairs: &[Pair]) {
    let listed: BTreeMap<String, bool> = lines("differences.jsonl")
        .iter()
        .filter(|line| line["peer"] == peer)
        .map(|line| (text(line, "case"), line["ours"].as_bool().unwrap()))
        .collect();
    let mut wrong = Vec::new();
    for Pair { case, ours, theirs, why } in pairs {
        match listed.get(case) {
            None if ours != theirs => {
                wrong.push(format!("not listed: {case}: ours {ours}, theirs {theirs}: {why}"));
            }
            Some(_) if ours == theirs => {
                wrong.push(format!("listed, and no difference any more: {case}: both {ours}"));
            }
            Some(expected) if expected != ours => {
                wrong.push(format!("the other way round than listed: {case}: ours {ours}: {why}"));
            }
            _ => {}
        }
    }
    for case in listed.keys().filter(|case| !case.starts_with("vector")) {
        if !pairs.iter().any(|pair| pair.case == *case) {
            wrong.push(format!("listed, and there is no such case: {case}"));
        }
    }
    assert!(
        wrong.is_empty(),
        "{peer}: {} of {} cases\n{}",
        wrong.len(),
        pairs.len(),
        wrong.join("\n")
    );
}

#[test]
fn each_listed_difference_names_the_section_that_decides_it_and_says_why() {
    let lines = lines("differences.jsonl");
    let mut seen = std::collections::BTreeSet::new();
    for line in &lines {
        assert!(seen.insert((text(line, "peer"), text(line, "case"))), "listed twice: {line}");
        assert_ne!(line["ours"], line["theirs"], "no difference: {line}");
        let section = text(line, "section");
        assert!(section.starts_with(|first: char| first.is_ascii_digit()), "{line}");
        assert!(text(line, "why").len() > 20, "{line}");
    }
}

fn text(line: &Json, key: &str) -> String {
    line[key].as_str().unwrap_or_else(|| panic!("no `{key}` in {line}")).to_owned()
}
