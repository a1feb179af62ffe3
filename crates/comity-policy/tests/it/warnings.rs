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
    let mut named: Vec<String> = Vec::new();
    for (code, message) in found {
        assert_eq!(code, WarningCode::ClauseUnderRedLine, "{message}");
        assert!(message.contains("red line 1 `Nothing about a natural person under 18`"));
        let how = if message.contains("everything") {
            ""
        } else if message.contains(" forbids every ") {
            " in part"
        } else {
            " some"
        };
        let (clauses, _) = message.split_once(" red line ").unwrap();
        named.extend(clauses.split('`').skip(1).step_by(2).map(|id| format!("{id}{how}")));
    }
    // in the order of the text
    named.sort_by_key(|it| ["prec", "over", "acto"].iter().position(|id| it.starts_with(id)));
    named
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
fn what_is_so_of_several_clauses_is_said_once_and_names_them_all() {
    let says = |text: &str, code: WarningCode| -> Vec<String> {
        let found = warnings(text).into_iter().filter(|it| it.0 == code);
        found.map(|it| it.1).collect()
    };
    let under = |when: &str| {
        let literal = serde_json::to_string(when).unwrap();
        says(
            &altered("'resource.labels.contains(\"minor\")'", &literal),
            WarningCode::ClauseUnderRedLine,
        )
    };
    let [some] = under("resource.natural_person").try_into().unwrap();
    assert!(
        some.starts_with("clauses `precursors-south` and `actors-south` would give "),
        "{some}"
    );
    assert!(some.contains("`precursors-south` for one as type `identity` for"), "{some}");
    let [all] = under("context.purpose != \"x\"").try_into().unwrap();
    assert!(
        all.starts_with("clauses ") && all.contains("everything that they would give"),
        "{all}"
    );
    assert_eq!(all.matches("-south`").count() + all.matches("-north`").count(), 3, "{all}");

    // three that overlap in the same, and one that overlaps in something else
    let clause = |id: &str, kinds: &str, days: u32| {
        format!(
            "[[clause]]\nid = \"{id}\"\nfrom = \"us\"\nto = \"mx\"\npurposes = [\"trade\"]\nkinds = [{kinds}]\n\
             max_tlp = \"green\"\nonward = \"never\"\nuse = [\"intelligence-only\"]\nretention_days = {days}\n\
             approval = \"one-person\"\nlabels = {{ any = [\"x\"], none = [\"y\"] }}\n"
        )
    };
    let more = [
        clause("a", "\"malware\"", 10),
        clause("b", "\"malware\"", 20),
        clause("c", "\"malware\"", 30),
        clause("d", "\"malware\", \"tool\"", 40),
        clause("e", "\"tool\"", 50),
    ];
    let text = [FULL, "\n", &more.concat()].concat();
    let found = says(&text, WarningCode::ClausesOverlap);
    let [three, two] = found.as_slice() else { panic!("{found:#?}") };
    assert!(
        three.starts_with("clauses `a`, `b`, `c` and `d` all give `malware` for `trade`"),
        "{three}"
    );
    assert!(two.starts_with("clauses `d` and `e` both give `tool` for `trade`"), "{two}");

    let none = text.replace("labels = { any = [\"x\"]", "labels = { any = [\"y\"]");
    let [nothing] = says(&none, WarningCode::ClauseReleasesNothing).try_into().unwrap();
    assert!(
        nothing.starts_with("clauses `a`, `b`, `c`, `d` and `e` can give nothing"),
        "{nothing}"
    );
}

#[test]
fn a_red_line_about_a_country_that_no_object_has_is_named_with_what_was_meant() {
    for (when, written, meant) in [
        ("resource has country && resource.country == \"mx\"", "`mx`", "write `MX`"),
        (
            "resource has country && [\"GT\", \"us\"].contains(resource.country)",
            "`us`",
            "write `US`",
        ),
        ("resource has country && resource.country != \"Mexico\"", "`Mexico`", "capital letters"),
        ("resource has country && resource.country == \"XX\"", "`XX`", "capital letters"),
    ] {
        let literal = serde_json::to_string(when).unwrap();
        let found = warnings(&altered("'resource.labels.contains(\"minor\")'", &literal));
        let said = found.iter().find(|it| it.0 == WarningCode::RedLineUnknownCountry);
        let (_, said) = said.unwrap_or_else(|| panic!("{when}: {found:?}"));
        assert!(said.contains("red line 1 ") && said.contains(written), "{said}");
        assert!(said.contains(meant) && !said.contains("`GT`"), "{said}");
    }
    let right = altered(
        "'resource.labels.contains(\"minor\")'",
        "'resource has country && resource.country == \"GT\"'",
    );
    let found = warnings(&right);
    assert!(found.iter().all(|it| it.0 != WarningCode::RedLineUnknownCountry), "{found:?}");
}

#[test]
fn a_red_line_about_a_type_that_nobody_writes_is_named_with_what_was_meant() {
    let named = |when: &str| {
        let literal = serde_json::to_string(when).unwrap();
        let text = altered("'resource.labels.contains(\"minor\")'", &literal);
        let agreement = Agreement::parse(&text).unwrap();
        let known = ["consignment", "indicator", "infrastructure", "tool"];
        let found = agreement.unwritten_kinds(|kind| kind.starts_with("x-"), &known);
        let told = found.iter().map(|it| {
            assert_eq!(it.code, WarningCode::RedLineUnknownKind);
            it.text(Lang::En).to_owned() + it.text(Lang::Es)
        });
        told.collect::<Vec<_>>().concat()
    };
    for (when, said) in [
        ("resource.kind == \"consigment\"", "`consigment` (did you mean `consignment`?)"),
        ("resource.kind == \"consigment\"", "`consigment` (¿quiso decir `consignment`?)"),
        ("[\"tool\", \"toll\"].contains(resource.kind)", "`toll` (did you mean `tool`?)"),
        ("resource.kind != \"shipment\" && resource.revoked", "the type `shipment`, which"),
        ("resource.kind == \"lndicatr\"", "did you mean `indicator`"),
    ] {
        assert!(named(when).contains(said), "{}", named(when));
    }
    for right in [
        "resource.kind == \"consignment\"",
        "resource.kind == \"x-mine\"",
        "context.purpose == \"x\"",
    ] {
        assert_eq!(named(right), "");
    }
}

#[test]
fn a_red_line_about_what_can_be_no_type_is_an_error_of_a_draft() {
    for name in ["Consignment", "x_mine", "ab", "con signment"] {
        let when = format!("'resource.kind == \"{name}\"'");
        let text = altered("'resource.labels.contains(\"minor\")'", &when);
        let errors = Agreement::parse_draft(&text).unwrap_err();
        let [error] = errors.as_slice() else { panic!("{errors:?}") };
        assert_eq!((error.code(), error.field.as_str()), ("bad-kind", "red_line[1].when"));
        let said = error.message.to_string();
        assert!(said.starts_with(&format!("red line 1: `{name}` is not a type name")), "{said}");
        // what both signed is read all the same
        assert!(Agreement::parse(&text).is_ok());
    }
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
