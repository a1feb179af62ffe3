//! What is legal in an agreement and probably not meant.

use comity_model::Lang;
use comity_policy::{Agreement, WarningCode};

use crate::support::{FULL, altered};

fn warnings(text: &str) -> Vec<(WarningCode, String)> {
    let agreement = Agreement::parse(text).unwrap_or_else(|errors| panic!("{errors:?}"));
    agreement.warnings().into_iter().map(|it| (it.code, it.message)).collect()
}

/// The clauses that a red line with this condition is said to forbid, all or in part, or of which it forbids some.
fn under(when: &str) -> Vec<String> {
    let literal = serde_json::to_string(when).unwrap();
    let found = warnings(&altered("'resource.labels.contains(\"minor\")'", &literal));
    let named = found.into_iter().map(|(code, message)| {
        assert_eq!(code, WarningCode::ClauseUnderRedLine, "{message}");
        assert!(message.contains("red line 1 `Nothing about a natural person under 18`"));
        let how = if message.contains("everything") {
            ""
        } else if message.contains(" forbids every ") {
            " in part"
        } else {
            " some"
        };
        message.split('`').nth(1).unwrap().to_owned() + how
    });
    named.collect()
}

#[test]
fn a_clause_that_a_red_line_forbids_is_named_with_it() {
    let [precursors, overdoses, actors] =
        ["precursors-south some", "overdoses-north some", "actors-south some"];
    let cases: [(&str, &[&str]); 25] = [
        ("resource.kind == \"observed-data\"", &["overdoses-north in part"]),
        (
            "[\"observed-data\", \"report\", \"location\"].contains(resource.kind)",
            &["precursors-south in part", "overdoses-north", "actors-south in part"],
        ),
        ("context.clause == \"overdoses-north\"", &["overdoses-north"]),
        ("context.purpose == \"public-health\"", &[precursors, "overdoses-north"]),
        ("resource.tlp.rank < 2", &[precursors, "overdoses-north", actors]),
        ("resource.tlp.rank >= 2", &[precursors, actors]),
        ("resource.tlp.rank > 0", &[precursors, overdoses, actors]),
        ("resource.tlp.label == \"amber+strict\"", &[precursors]),
        ("resource.natural_person", &[precursors, actors]),
        ("resource.natural_person && resource.kind == \"identity\"", &[precursors, actors]),
        ("resource.kind like \"ind*\"", &[precursors]),
        ("resource.from_partner", &[precursors, overdoses]),
        ("resource has pap && resource.pap.rank > 0", &[actors]),
        ("resource has country && resource.country == \"GT\"", &[actors]),
        ("resource has grade && resource.grade.reliability == \"C\"", &[precursors]),
        ("resource has grade && resource.grade.reliability == \"D\"", &[]),
        ("resource has age_days && resource.age_days < 731", &["actors-south"]),
        ("!resource.from_partner", &[precursors, overdoses, "actors-south"]),
        ("resource.labels.containsAny([\"precursor\", \"fentanyl\", \"x\"])", &["actors-south"]),
        ("!resource.labels.isEmpty()", &["actors-south"]),
        ("resource has grade && resource.grade.credibility <= 3", &["precursors-south"]),
        (
            "resource.revoked || !resource.labels.contains(\"sealed\")",
            &[precursors, overdoses, "actors-south"],
        ),
        ("resource.labels.contains(\"fentanyl\")", &[actors]),
        ("resource.labels.contains(\"sealed\")", &[]),
        ("resource.revoked", &[]),
    ];
    for (when, expected) in cases {
        assert_eq!(under(when), expected, "{when}");
    }
}

#[test]
fn what_a_clause_would_give_is_told_as_an_object_in_both_languages() {
    let when = "'resource.tlp.rank >= 2 && resource.natural_person'";
    let text = altered("'resource.labels.contains(\"minor\")'", when);
    let found = Agreement::parse(&text).unwrap().warnings();
    let warning = found.first().unwrap();
    let (en, es) = (warning.text(Lang::En), warning.text(Lang::Es));
    assert!(
        en.contains(
            "as type `identity` for `precursor-control`, TLP:AMBER, about a natural person;"
        ),
        "{en}"
    );
    assert!(
        es.contains("el tipo `identity` para `precursor-control`, TLP:AMBER, referente a una persona física;"),
        "{es}"
    );
}

#[test]
fn a_red_line_that_can_never_hold_is_named() {
    let never = [
        "resource.kind == \"report\" && resource.kind == \"note\"",
        "resource.tlp.rank > 4",
        "context.purpose == \"trade\" && resource.revoked",
        "resource.labels.contains(\"a\") && !resource.labels.contains(\"a\")",
        "resource has age_days && resource.age_days < 0",
    ];
    for when in never {
        let literal = serde_json::to_string(when).unwrap();
        let found = warnings(&altered("'resource.labels.contains(\"minor\")'", &literal));
        let [(WarningCode::RedLineNeverApplies, message)] = found.as_slice() else {
            panic!("{when}: {found:?}")
        };
        assert!(message.starts_with("red line 1 `Nothing about a natural person"), "{message}");
    }
    // a type that no clause gives may come with the next one
    assert_eq!(under("resource.kind == \"malware\""), Vec::<String>::new());
}

#[test]
fn a_red_line_that_names_a_clause_which_is_not_there_is_named_with_it() {
    let conditions = [
        "context.clause == \"chemicals\" && resource.kind == \"report\"",
        "[\"overdoses-north\", \"chemicals\"].contains(context.clause) && resource.revoked",
        "resource.revoked && context.clause != \"chemicals\" && resource.labels.contains(\"x\")",
    ];
    for when in conditions {
        let literal = serde_json::to_string(when).unwrap();
        let found = warnings(&altered("'resource.labels.contains(\"minor\")'", &literal));
        let [(WarningCode::RedLineUnknownClause, message)] = found.as_slice() else {
            panic!("{when}: {found:?}")
        };
        assert!(message.contains("red line 1 ") && message.contains("`chemicals`"), "{message}");
    }
}

#[test]
fn a_scope_in_which_nothing_can_be_given_is_named() {
    let found =
        warnings(&altered("\"intelligence\", \"technical-support\"", "\"technical-support\""));
    assert_eq!(found.iter().map(|it| it.0).collect::<Vec<_>>(), [WarningCode::ScopeGivesNothing]);
}

/// [`FULL`] with another clause after `overdoses-north`: that one, altered.
fn beside(changes: &[(&str, &str)]) -> String {
    let start = FULL.find("[[clause]]\nid = \"overdoses-north\"").unwrap();
    let end = FULL.find("[[clause]]\nid = \"actors-south\"").unwrap();
    let mut twin = FULL.get(start..end).unwrap().replace("overdoses-north", "overdoses-again");
    for (from, to) in changes {
        assert!(twin.contains(from), "the clause has no `{from}`:\n{twin}");
        twin = twin.replacen(from, to, 1);
    }
    format!("{}{twin}{}", FULL.get(..end).unwrap(), FULL.get(end..).unwrap())
}

const KINDS: &str = "kinds = [\"observed-data\", \"report\", \"location\"]";

#[test]
fn clauses_that_share_objects_under_different_terms_are_named_with_the_terms() {
    assert_eq!(warnings(&beside(&[])), []);
    let with = |line: &str| format!("{KINDS}\n{line}");
    let cases = [
        ("one-person".to_owned(), "two-person".to_owned(), "approval"),
        ("retention_days = 36500".to_owned(), "retention_days = 365".to_owned(), "retention_days"),
        (KINDS.to_owned(), with("persons = \"withhold\""), "persons"),
        (KINDS.to_owned(), with("descriptions = \"withhold\""), "descriptions"),
        (KINDS.to_owned(), with("redact = [\"report.description\"]"), "redact"),
        (KINDS.to_owned(), with("precision = { location = \"country\" }"), "precision.location"),
        (KINDS.to_owned(), with("precision = { time = \"day\" }"), "precision.time"),
        (KINDS.to_owned(), with("min_grade = \"B2\""), "min_grade"),
        (KINDS.to_owned(), with("max_pap = \"green\""), "max_pap"),
        (KINDS.to_owned(), with("max_age_days = 30"), "max_age_days"),
        (KINDS.to_owned(), with("origin = \"own\""), "origin"),
        // only a part of the types is shared
        (KINDS.to_owned(), "kinds = [\"report\"]\nmin_grade = \"B2\"".to_owned(), "min_grade"),
    ];
    for (from, to, term) in cases {
        let found = warnings(&beside(&[(&from, &to)]));
        let [(WarningCode::ClausesOverlap, message)] = found.as_slice() else {
            panic!("{term}: {found:?}")
        };
        assert!(message.contains("`overdoses-north` and `overdoses-again`"), "{message}");
        assert!(message.contains(&format!("forbids in `{term}`;")), "{message}");
    }
    let several = beside(&[("one-person", "two-person"), ("36500", "365")]);
    let [(_, message)] = warnings(&several).try_into().unwrap();
    assert!(message.contains("in `approval` and `retention_days`;"), "{message}");
}

#[test]
fn clauses_that_share_no_object_are_not_said_to_overlap() {
    let apart = [
        (KINDS.to_owned(), "kinds = [\"sighting\"]".to_owned()),
        ("purposes = [\"public-health\"]".to_owned(), "purposes = [\"prosecution\"]".to_owned()),
    ];
    for (from, to) in apart {
        let found = warnings(&beside(&[("one-person", "two-person"), (&from, &to)]));
        assert_eq!(found, [], "{to}");
    }
    let both = |one: &str, other: &str| {
        let text = beside(&[("one-person", "two-person"), (KINDS, &format!("{KINDS}\n{other}"))]);
        warnings(&text.replacen(KINDS, &format!("{KINDS}\n{one}"), 1)).len()
    };
    assert_eq!(both("countries = [\"US\"]", "countries = [\"MX\"]"), 0);
    assert_eq!(both("countries = [\"US\"]", "countries = [\"US\", \"MX\"]"), 1);
    assert_eq!(both("labels = { any = [\"a\"] }", "labels = { none = [\"a\"] }"), 0);
    assert_eq!(both("labels = { any = [\"a\"] }", "labels = { any = [\"b\"] }"), 0);
    assert_eq!(both("labels = { any = [\"a\"] }", "labels = { any = [\"a\", \"b\"] }"), 1);
}

#[test]
fn each_pair_of_clauses_that_overlap_has_a_warning_in_both_languages() {
    let one = beside(&[("one-person", "two-person")]);
    let again = beside(&[("36500", "365"), ("overdoses-again", "overdoses-more")]);
    let start = again.find("[[clause]]\nid = \"overdoses-more\"").unwrap();
    let end = again.find("[[clause]]\nid = \"actors-south\"").unwrap();
    let place = one.find("[[clause]]\nid = \"actors-south\"").unwrap();
    let text = format!(
        "{}{}{}",
        one.get(..place).unwrap(),
        again.get(start..end).unwrap(),
        one.get(place..).unwrap()
    );
    let found = Agreement::parse(&text).unwrap().warnings();
    let pairs = [
        ("overdoses-north", "overdoses-again"),
        ("overdoses-north", "overdoses-more"),
        ("overdoses-again", "overdoses-more"),
    ];
    assert_eq!(found.len(), pairs.len());
    for (warning, (one, other)) in found.iter().zip(pairs) {
        assert!(warning.text(Lang::En).contains(&format!("`{one}` and `{other}`")), "{warning}");
        assert!(warning.text(Lang::Es).contains(&format!("`{one}` y `{other}`")), "{warning:?}");
        assert!(
            warning.text(Lang::Es).contains("una permite lo que la otra impide"),
            "{warning:?}"
        );
    }
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
