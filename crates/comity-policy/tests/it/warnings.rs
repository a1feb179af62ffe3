//! What is legal in an agreement and probably not meant.

use comity_policy::{Agreement, WarningCode};

use crate::support::{FULL, altered};

fn warnings(text: &str) -> Vec<(WarningCode, String)> {
    let agreement = Agreement::parse(text).unwrap_or_else(|errors| panic!("{errors:?}"));
    agreement.warnings().into_iter().map(|it| (it.code, it.message)).collect()
}

/// The clauses that a red line with this condition is said to forbid, all or in part.
fn under(when: &str) -> Vec<String> {
    let literal = serde_json::to_string(when).unwrap();
    let found = warnings(&altered("'resource.labels.contains(\"minor\")'", &literal));
    let named = found.into_iter().map(|(code, message)| {
        assert_eq!(code, WarningCode::ClauseUnderRedLine, "{message}");
        assert!(message.contains("red line 1 `Nothing about a natural person under 18`"));
        message.split('`').nth(1).unwrap().to_owned()
            + if message.contains("everything") { "" } else { " in part" }
    });
    named.collect()
}

#[test]
fn a_clause_that_a_red_line_always_forbids_is_named_with_it() {
    let cases: [(&str, &[&str]); 14] = [
        ("resource.kind == \"observed-data\"", &["overdoses-north in part"]),
        (
            "[\"observed-data\", \"report\", \"location\"].contains(resource.kind)",
            &["precursors-south in part", "overdoses-north", "actors-south in part"],
        ),
        ("context.clause == \"overdoses-north\"", &["overdoses-north"]),
        ("context.purpose == \"public-health\"", &["overdoses-north"]),
        ("resource.tlp.rank < 2", &["overdoses-north"]),
        ("resource has age_days && resource.age_days < 731", &["actors-south"]),
        ("!resource.from_partner", &["actors-south"]),
        ("resource.labels.containsAny([\"precursor\", \"fentanyl\", \"x\"])", &["actors-south"]),
        ("!resource.labels.isEmpty()", &["actors-south"]),
        ("resource has grade && resource.grade.credibility <= 3", &["precursors-south"]),
        ("resource.revoked || !resource.labels.contains(\"sealed\")", &["actors-south"]),
        ("resource.labels.contains(\"fentanyl\")", &[]),
        ("resource.labels.contains(\"sealed\")", &[]),
        ("resource.revoked", &[]),
    ];
    for (when, expected) in cases {
        assert_eq!(under(when), expected, "{when}");
    }
}

#[test]
fn clauses_that_give_the_same_under_different_terms_are_named_with_the_terms() {
    let start = FULL.find("[[clause]]\nid = \"overdoses-north\"").unwrap();
    let end = FULL.find("[[clause]]\nid = \"actors-south\"").unwrap();
    let clause = FULL.get(start..end).unwrap();
    let with =
        |other: &str| format!("{}{other}{}", FULL.get(..end).unwrap(), FULL.get(end..).unwrap());
    let twin = clause.replace("overdoses-north", "overdoses-again");
    assert_eq!(warnings(&with(&twin)), []);
    let longer = twin.replace("36500", "365").replace("one-person", "two-person");
    let found = warnings(&with(&longer));
    let [(WarningCode::ClausesOverlap, message)] = found.as_slice() else { panic!("{found:?}") };
    assert!(message.contains("`overdoses-north` and `overdoses-again`"), "{message}");
    assert!(message.contains("`approval`, `retention_days`"), "{message}");
    let apart = longer.replace("\"observed-data\", ", "");
    assert_eq!(warnings(&with(&apart)), []);
}

#[test]
fn a_clause_that_can_give_nothing_is_named_with_why() {
    let cases = [
        ("none = [\"sealed\"]", "none = [\"fentanyl\", \"precursor\"]", "actors-south"),
        (
            "[\"email-addr\", \"identity\", \"location\", \"note\", \"opinion\", \"threat-actor\", \"user-account\"]",
            "[\"note\", \"language-content\"]",
            "actors-south",
        ),
        (
            "[\"observed-data\", \"report\", \"location\"]",
            "[\"location\"]\nredact = [\"location.country\", \"location.region\", \"location.latitude\"]",
            "overdoses-north",
        ),
    ];
    for (from, to, clause) in cases {
        let found = warnings(&altered(from, to));
        let [(WarningCode::ClauseReleasesNothing, message)] = found.as_slice() else {
            panic!("{found:?}")
        };
        assert!(message.starts_with(&format!("clause `{clause}` ")), "{message}");
    }
    assert_eq!(warnings(&altered("none = [\"sealed\"]", "none = [\"fentanyl\"]")), []);
}
