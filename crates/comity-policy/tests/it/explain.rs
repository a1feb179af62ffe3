//! The plain sentences that an agreement is explained in.

use comity_policy::{Agreement, Lang, explain};
use proptest::prelude::*;

use crate::naive::terms;
use crate::support::{altered, full};

/// The agreement without what is only its text.
fn meaning(agreement: &Agreement) -> Agreement {
    let mut agreement = agreement.clone();
    agreement.text = "".into();
    agreement.digest = full().digest;
    agreement
}

#[test]
fn the_sentences_of_the_sample_are_these() {
    assert_eq!(explain(&full(), Lang::En), include_str!("../data/full.en.txt"));
    assert_eq!(explain(&full(), Lang::Es), include_str!("../data/full.es.txt"));
}

#[test]
fn every_term_of_the_text_is_told_and_a_change_of_any_changes_what_is_told() {
    let changes = [
        ("6e2b11", "6e2b12"),
        ("version = 3", "version = 4"),
        ("Synthetic-drug", "Other"),
        ("\"technical-support\"]", "]"),
        ("notes of 2026-01-30", "notes of 2026-01-31"),
        ("from = 2026-02-01", "from = 2026-02-02"),
        ("until = 2027-01-31", "until = 2027-01-30"),
        ("default_tlp = \"green\"", "default_tlp = \"clear\""),
        ("2222222222222222\"", "2222222222222223\""),
        (
            "\"precursors-south\"\nfrom = \"us\"\nto = \"mx\"",
            "\"precursors-south\"\nfrom = \"mx\"\nto = \"us\"",
        ),
        ("[\"precursor-control\", \"public-health\"]", "[\"precursor-control\"]"),
        ("\"consignment\", ", ""),
        ("max_tlp = \"amber+strict\"", "max_tlp = \"amber\""),
        ("min_grade = \"C3\"", "min_grade = \"C4\""),
        ("min_grade = \"C3\"", "min_grade = \"D3\""),
        ("min_grade = \"C3\"\n", ""),
        ("\"identity.contact_information\", ", ""),
        ("location = \"admin1\"", "location = \"country\""),
        (", time = \"day\"", ""),
        ("onward = \"originator-consent\"", "onward = \"units\""),
        ("onward = \"originator-consent\"", "onward = \"never\""),
        ("[\"intelligence-only\"]", "[\"judicial\"]"),
        ("retention_days = 180", "retention_days = 181"),
        ("approval = \"two-person\"", "approval = \"one-person\"\ncomposer_may_approve = false"),
        ("composer_may_approve = false\n", ""),
        ("artículo 7", "artículo 8"),
        ("max_pap = \"green\"", "max_pap = \"amber\""),
        ("max_pap = \"green\"\n", ""),
        ("max_age_days = 730", "max_age_days = 731"),
        ("[\"GT\", \"MX\"]", "[\"GT\"]"),
        ("\"fentanyl\", ", ""),
        ("\"sealed\"", "\"closed\""),
        ("origin = \"own\"\n", ""),
        ("persons = \"pseudonym\"", "persons = \"withhold\""),
        ("persons = \"pseudonym\"\n", ""),
        ("descriptions = \"withhold\"\n", ""),
        ("hours = 72", "hours = 73"),
        ("urgency = \"routine\"", "urgency = \"priority\""),
        ("clause = \"precursors-south\"\nobjects", "clause = \"overdoses-north\"\nobjects"),
        ("objects = 5000", "objects = 5001"),
        ("per = \"day\"", "per = \"month\""),
        ("\"open-inquiry\"", "\"other\""),
        ("[\"release\", \"answer\"]", "[\"release\"]"),
        ("It supports an", "It supports the"),
        ("Apoya una", "Apoya la"),
        ("person under 18", "person under 17"),
        ("\"minor\"", "\"minors\""),
        ("> 3650", "> 3651"),
    ];
    for lang in [Lang::En, Lang::Es] {
        let before = explain(&full(), lang);
        for (from, to) in changes {
            let text = altered(from, to);
            let agreement =
                Agreement::parse(&text).unwrap_or_else(|errors| panic!("{to}: {errors:?}"));
            assert_ne!(explain(&agreement, lang), before, "{from}");
        }
    }
}

#[test]
fn a_condition_is_told_in_words_only_where_they_say_the_same() {
    let told = |when: &str| {
        let literal = serde_json::to_string(when).unwrap();
        let text = altered("'resource.labels.contains(\"minor\")'", &literal);
        let explained = explain(&Agreement::parse(&text).unwrap(), Lang::En);
        let line = explained.lines().find(|line| line.starts_with("Red line 1")).unwrap();
        line.split_once("an object if ").unwrap().1.to_owned()
    };
    let cases = [
        ("resource.labels.contains(\"minor\")", "it has the label `minor`."),
        ("resource.labels.containsAny([\"a\", \"b\"])", "it has the label `a` or `b`."),
        (
            "resource.labels.containsAll([\"a\", \"b\"])",
            "it has each of these labels: `a` and `b`.",
        ),
        ("!resource.revoked", "it is not revoked."),
        (
            "resource.natural_person && (resource has country && resource.country == \"XX\")",
            "it is or may be about a natural person and the country is `XX`.",
        ),
        ("resource has country", "this is true: `resource has country`."),
        (
            "resource.revoked || resource.revoked && resource.natural_person",
            "this is true: `resource.revoked || resource.revoked && resource.natural_person`.",
        ),
    ];
    for (when, expected) in cases {
        assert_eq!(told(when), expected);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn whatever_term_changes_the_explanation_changes(
        before in terms(),
        other in terms(),
        bit in 0u32..31,
    ) {
        let parsed = |text: &str| Agreement::parse(text).unwrap();
        let one = parsed(&before.text());
        let another = parsed(&before.mixed(&other, 1 << bit).text());
        let changed = meaning(&one) != meaning(&another);
        for lang in [Lang::En, Lang::Es] {
            prop_assert_eq!(explain(&one, lang) != explain(&another, lang), changed);
        }
    }
}
