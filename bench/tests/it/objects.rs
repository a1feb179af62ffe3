//! Objects: whether a MUST of the standard is broken, as five judges see it.

use std::collections::BTreeSet;

use comity_bench::peers::judge;
use comity_stix::{Limits, Severity, check};
use rstix::Validator;
use rstix::model::ParseOptions;
use serde_json::json;

use crate::cases::{Case, changed, examples, good, made, vectors};
use crate::differences::{Pair, agree_but_for_the_listed};

/// Our verdict, with every MUST that we hold to be broken.
fn ours(case: &Case) -> (bool, String) {
    let report = check(case.object.to_string().as_bytes(), &Limits::default());
    let why: Vec<String> = report
        .findings
        .iter()
        .filter(|finding| finding.severity == Severity::Must)
        .map(|finding| {
            format!("{} {} ({})", finding.code.as_str(), finding.pointer, finding.section)
        })
        .collect();
    (report.is_valid(), why.join(", "))
}

fn everything() -> Vec<Case> {
    [good(), changed(), examples(), made(), vectors()].into_iter().flatten().collect()
}

#[test]
fn what_the_standard_allows_is_let_by_and_what_breaks_a_must_is_refused() {
    let mut wrong = Vec::new();
    for case in good().iter().chain(&changed()) {
        let (verdict, why) = ours(case);
        if Some(verdict) != case.allowed {
            let section = case.section.as_deref().unwrap_or("-");
            wrong.push(format!("{} (section {section}): {verdict} {why}", case.name));
        }
    }
    assert!(wrong.is_empty(), "{} cases\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn each_type_of_the_standard_stands_among_the_good_ones() {
    let good = good();
    let types: BTreeSet<&str> =
        good.iter().map(|case| case.object["type"].as_str().unwrap()).collect();
    // 19 domain objects, 18 observables, 2 relationship objects, 3 meta objects
    assert_eq!(types.len(), 42, "{types:?}");
}

#[test]
fn what_the_benches_work_on_breaks_no_must() {
    for case in made() {
        let (verdict, why) = ours(&case);
        assert!(verdict, "{}: {why}: {}", case.name, case.object);
    }
}

#[test]
fn stix2_parses_what_we_let_by_and_nothing_else_but_for_the_listed_cases() {
    compare_with("stix2");
}

#[test]
fn the_oasis_validator_sees_the_musts_as_we_do_but_for_the_listed_cases() {
    compare_with("stix2-validator");
}

fn compare_with(peer: &str) {
    let cases = everything();
    let asked: Vec<_> = cases.iter().map(|case| json!({ "object": case.object })).collect();
    let verdicts = judge(peer, &asked).unwrap_or_else(|error| panic!("{error}"));
    let pairs: Vec<Pair> = cases
        .iter()
        .zip(verdicts)
        .map(|(case, theirs)| {
            let (ours, why) = ours(case);
            let why = format!("we say [{why}], they say [{}]", theirs.why);
            Pair { case: case.name.clone(), ours, theirs: theirs.yes, why }
        })
        .collect();
    agree_but_for_the_listed(peer, &pairs);
}

#[test]
fn rstix_refuses_what_we_refuse_and_nothing_else_but_for_the_listed_cases() {
    let options = ParseOptions { allow_custom: true, ..ParseOptions::default() };
    let mut validator = Validator::builder().with_parse_options(options);
    // What an object refers to is nowhere in these bundles of one.
    for phase in Validator::producer_strict().phases() {
        validator = validator.with_phase(*phase);
    }
    let validator = validator.build();
    let judge = |case: &Case| {
        let bundle = json!({
            "type": "bundle", "id": "bundle--5d0b6f1e-3c0e-4e59-8a52-6d1f0c6e2b11",
            "objects": [case.object],
        });
        let report = validator.validate_json_str(&bundle.to_string());
        let why: Vec<String> = report.errors().map(|it| it.message.clone()).collect();
        (report.is_valid(), why.join(", "))
    };
    let pairs: Vec<Pair> = everything()
        .iter()
        .map(|case| {
            let ((ours, why), (theirs, because)) = (ours(case), judge(case));
            let why = format!("we say [{why}], they say [{because}]");
            Pair { case: case.name.clone(), ours, theirs, why }
        })
        .collect();
    agree_but_for_the_listed("rstix", &pairs);
}
