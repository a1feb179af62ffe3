//! What is read, exactly.

use std::collections::BTreeSet;

use comity_model::{Digest, Onward, Tlp, UseCode};
use comity_policy::{
    Agreement, AnswerTime, Approval, LocationPrecision, Period, Scope, State, TimePrecision,
    Urgency, WarningCode, template,
};

use crate::support::{FULL, altered, full, mx, us};

#[test]
fn every_field_of_the_text_is_read() {
    let agreement = full();
    assert_eq!(agreement.id.to_string(), "agreement--5d0b6f1e-3c0e-4e59-8a52-6d1f0c6e2b11");
    assert_eq!(agreement.version, 3);
    assert_eq!(agreement.title, "Synthetic-drug intelligence cooperation");
    assert_eq!(agreement.scope, BTreeSet::from(Scope::ALL));
    assert_eq!(agreement.legal_basis, ["Exchange of notes of 2026-01-30"]);
    assert_eq!(agreement.default_tlp, Tlp::Green);
    assert_eq!(agreement.handle_of(&us()).unwrap().as_str(), "us");
    assert_eq!(agreement.partner_of(&us()).unwrap().1, &mx());
    assert_eq!(agreement.partner_of(&crate::support::root(9)), None);
    assert_eq!(
        agreement.answer_times,
        [
            AnswerTime { urgency: Urgency::Urgent, hours: 8 },
            AnswerTime { urgency: Urgency::Routine, hours: 72 },
        ]
    );
    let quota = agreement.quotas.first().unwrap();
    assert_eq!(
        (quota.clause.as_str(), quota.objects, quota.per),
        ("precursors-south", 5000, Period::Day)
    );

    let south = agreement.clause("precursors-south").unwrap();
    assert_eq!(south.min_grade, "C3".parse().ok());
    assert_eq!(south.precision.location, Some(LocationPrecision::Admin1));
    assert_eq!(south.precision.time, Some(TimePrecision::Day));
    assert_eq!(south.onward, Onward::OriginatorConsent);
    assert_eq!(south.redact.last().unwrap().to_string(), "report.external_references.url");
    assert_eq!((south.approval, south.approvers()), (Approval::TwoPerson, 2));

    let north = agreement.clause("overdoses-north").unwrap();
    assert_eq!(north.use_codes, BTreeSet::from([UseCode::IntelligenceOnly, UseCode::Judicial]));
    assert_eq!(north.legal_basis, ["Ley General de Salud, artículo 7"]);
    assert_eq!(north.min_grade, None);
}

#[test]
fn the_digest_is_of_the_exact_bytes() {
    assert_eq!(full().digest, Digest::of(FULL.as_bytes()));
    assert_eq!(&*full().text, FULL);
    let spaced = format!("{FULL}\n");
    assert_ne!(Agreement::parse(&spaced).unwrap().digest, full().digest);
}

#[test]
fn who_composed_may_approve_alone_but_not_as_one_of_two_unless_it_is_said() {
    let composer = |text: &str, clause: &str| {
        Agreement::parse(text).unwrap().clause(clause).unwrap().composer_may_approve
    };
    assert!(!composer(FULL, "precursors-south"));
    assert!(!composer(FULL, "overdoses-north"));
    let silent = altered("composer_may_approve = false\n", "");
    assert!(composer(&silent, "overdoses-north"));
    let said = altered(
        "approval = \"two-person\"",
        "approval = \"two-person\"\ncomposer_may_approve = true",
    );
    assert!(composer(&said, "precursors-south"));
}

#[test]
fn an_agreement_binds_from_the_first_to_the_last_day_whole() {
    let state = |moment: &str| full().state_at(moment.parse().unwrap());
    assert_eq!(state("2026-01-31T23:59:59.999999999Z"), State::NotYetBegun);
    assert_eq!(state("2026-02-01T00:00:00Z"), State::InForce);
    assert_eq!(state("2027-01-31T23:59:59.999999999Z"), State::InForce);
    assert_eq!(state("2027-02-01T00:00:00Z"), State::Ended);
}

#[test]
fn an_absent_default_label_is_amber_and_tlp_1_reads_as_tlp_2() {
    let silent = altered("default_tlp = \"green\"\n", "");
    assert_eq!(Agreement::parse(&silent).unwrap().default_tlp, Tlp::Amber);
    let white = altered("default_tlp = \"green\"", "default_tlp = \"white\"");
    assert_eq!(Agreement::parse(&white).unwrap().default_tlp, Tlp::Clear);
}

#[test]
fn the_template_is_an_agreement_with_nothing_to_warn_of() {
    let text = template(
        (&"us-east".parse().unwrap(), us()),
        (&"mx".parse().unwrap(), mx()),
        "agreement--5d0b6f1e-3c0e-4e59-8a52-6d1f0c6e2b11".parse().unwrap(),
        "2026-02-01".parse().unwrap(),
        "2027-01-31".parse().unwrap(),
    );
    let agreement = Agreement::parse(&text).unwrap();
    let warnings: Vec<_> = agreement.warnings().iter().map(|it| it.code).collect();
    assert_eq!(warnings, [WarningCode::NoLegalBasis], "which no template can know");
    assert!(agreement.clause("us-east-to-mx").is_some());
    assert!(agreement.clause("mx-to-us-east").is_some());
    assert_eq!(agreement.red_lines.len(), 2);
}

#[test]
fn a_comment_in_the_template_shows_a_line_that_works() {
    let text = template(
        (&"us".parse().unwrap(), us()),
        (&"mx".parse().unwrap(), mx()),
        "agreement--5d0b6f1e-3c0e-4e59-8a52-6d1f0c6e2b11".parse().unwrap(),
        "2026-02-01".parse().unwrap(),
        "2026-02-01".parse().unwrap(),
    );
    let terms = [
        "min_grade",
        "max_pap",
        "max_age_days",
        "countries",
        "labels",
        "origin",
        "persons",
        "descriptions",
        "precision",
    ];
    let uncommented = terms.iter().fold(text.clone(), |text, term| {
        assert!(text.contains(&format!("# {term} = ")), "{term}");
        text.replace(&format!("# {term} = "), &format!("{term} = "))
    });
    assert_ne!(text, uncommented);
    let agreement = Agreement::parse(&uncommented).unwrap();
    assert!(
        agreement.clauses.iter().all(|it| it.min_grade.is_some() && it.precision.time.is_some())
    );
}

#[test]
fn a_forgotten_direction_is_warned_of() {
    let one_way = altered("from = \"mx\"\nto = \"us\"", "from = \"us\"\nto = \"mx\"");
    let warning = Agreement::parse(&one_way).unwrap().check_both_ways().unwrap();
    assert_eq!(warning.code, WarningCode::OneWay);
    assert!(warning.message.contains("`mx`"), "{warning}");
    assert_eq!(full().check_both_ways(), None);
}

#[test]
fn a_red_line_that_nothing_can_cross_is_warned_of() {
    let text = altered("'resource.labels.contains(\"minor\")'", "'resource.revoked && false'");
    let warnings = Agreement::parse(&text).unwrap().warnings();
    assert_eq!(
        warnings.iter().map(|it| it.code).collect::<Vec<_>>(),
        [WarningCode::RedLineNeverApplies]
    );
}
