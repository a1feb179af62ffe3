//! What an officer approves beforehand, and how far it reaches.

use comity_pouch::approval::{HIGHEST_CEILING, StandingApproval, StandingUse, is_standing};
use jiff::Timestamp;

use super::*;

fn agreement() -> Digest {
    Digest::of(b"the agreement")
}

fn standing() -> StandingApproval {
    StandingApproval {
        v: 1,
        id: "standing--5d0b6f1e-3c0e-4e59-8a52-6d1f0c6e2b11".parse().unwrap(),
        agreement: agreement(),
        clause: "precursors-south".to_owned(),
        ceiling: 100,
        officer: OFFICER.officer(),
        from: at("2026-03-01T00:00:00Z"),
        until: at("2026-03-31T00:00:00Z"),
    }
}

/// What becomes of a release of so many objects at a moment.
fn covers(objects: u64, when: Timestamp) -> Result<(), &'static str> {
    let agreement = agreement();
    let release =
        StandingUse { agreement: &agreement, clause: "precursors-south", objects, at: when };
    standing().covers(&certificate(), &release).map_err(|error| error.code())
}

#[test]
fn a_standing_approval_reads_back_as_it_was_signed() {
    let signed = standing().sign(&OFFICER).unwrap();
    assert!(is_standing(&signed));
    let read = Envelope::parse(&signed.to_json()).unwrap();
    assert_eq!(StandingApproval::verify(&read, &certificate()).unwrap(), standing());
    let other = OfficerKey::generate(&Seeded::new(24)).unwrap();
    assert_eq!(standing().sign(&other).unwrap_err().code(), "approval-officer");
}

#[test]
fn a_standing_approval_is_no_approval_of_a_release_and_the_other_way_round() {
    assert_eq!(code(&standing().sign(&OFFICER).unwrap()), "approval-signature");
    let approval = Approval::sign(release(), &OFFICER, at("2026-03-02T00:00:00Z")).unwrap();
    assert!(!is_standing(&approval));
    let error = StandingApproval::verify(&approval, &certificate()).unwrap_err();
    assert_eq!(error.code(), "approval-signature");
}

#[test]
fn nothing_is_approved_for_more_than_thirty_days_or_without_a_ceiling() {
    let second = jiff::SignedDuration::from_secs(1);
    let longer = StandingApproval { until: standing().until + second, ..standing() };
    let none = StandingApproval { until: standing().from, ..standing() };
    for bad in [longer, none] {
        assert_eq!(bad.sign(&OFFICER).unwrap_err().code(), "standing-window");
        let json = serde_json::to_vec(&bad).unwrap();
        let forged = dsse::sign(dsse::STANDING_APPROVAL, json, OFFICER.secret()).unwrap();
        let error = StandingApproval::verify(&forged, &certificate()).unwrap_err();
        assert_eq!(error.code(), "standing-window");
    }
    for ceiling in [0, HIGHEST_CEILING + 1] {
        let bad = StandingApproval { ceiling, ..standing() };
        assert_eq!(bad.sign(&OFFICER).unwrap_err().code(), "standing-ceiling");
    }
}

#[test]
fn it_is_good_within_its_window_up_to_its_ceiling_and_for_its_clause_alone() {
    let noon = at("2026-03-02T12:00:00Z");
    assert_eq!(covers(100, noon), Ok(()));
    assert_eq!(covers(101, noon), Err("ceiling-exceeded"));
    assert_eq!(covers(1, at("2026-03-01T00:00:00Z")), Ok(()));
    assert_eq!(covers(1, at("2026-02-28T23:59:59Z")), Err("standing-over"));
    assert_eq!(covers(1, at("2026-03-31T00:00:00Z")), Err("standing-over"));
    let next = Digest::of(b"the next version");
    for (agreement, clause) in [(&next, "precursors-south"), (&agreement(), "other")] {
        let release = StandingUse { agreement, clause, objects: 1, at: noon };
        let error = standing().covers(&certificate(), &release).unwrap_err();
        assert_eq!(error.code(), "standing-elsewhere");
    }
}

#[test]
fn it_ends_with_the_officers_certificate() {
    let short = OfficerCertificate { not_after: at("2026-03-10T00:00:00Z"), ..certificate() };
    let signed = standing().sign(&OFFICER).unwrap();
    let read = StandingApproval::verify(&signed, &short).unwrap();
    let agreement = agreement();
    let use_at = |when| StandingUse {
        agreement: &agreement,
        clause: "precursors-south",
        objects: 1,
        at: at(when),
    };
    assert!(read.covers(&short, &use_at("2026-03-09T23:59:59Z")).is_ok());
    let error = read.covers(&short, &use_at("2026-03-10T00:00:00Z")).unwrap_err();
    assert_eq!(error.code(), "standing-over");
    let late = OfficerCertificate { not_before: at("2026-03-02T00:00:00Z"), ..certificate() };
    let error = StandingApproval::verify(&signed, &late).unwrap_err();
    assert_eq!(error.code(), "approval-expired");
}
