//! Officers and what they approve.

use std::sync::LazyLock;

use comity_model::Digest;
use comity_pouch::approval::{Approval, OfficerCertificate, verify};
use comity_pouch::dsse::{self, Envelope};
use comity_pouch::keys::{OfficerKey, RegistrarKey};

use crate::support::{REGISTRAR, Seeded, at};

mod standing;

static OFFICER: LazyLock<OfficerKey> =
    LazyLock::new(|| OfficerKey::generate(&Seeded::new(20)).unwrap());

fn certificate() -> OfficerCertificate {
    let (from, until) = (at("2026-02-01T00:00:00Z"), at("2027-02-01T00:00:00Z"));
    OfficerCertificate::new(&OFFICER, "release desk", from, until)
}

fn certified() -> Envelope {
    certificate().sign(&REGISTRAR).unwrap()
}

fn release() -> Digest {
    Digest::of(b"{\"release\":1}")
}

/// The code with which the chain of the usual certificate and this approval is refused.
fn code(approval: &Envelope) -> &'static str {
    let registrar = REGISTRAR.secret().public();
    verify(registrar, &certified(), approval, &release()).unwrap_err().code()
}

#[test]
fn the_chain_from_registrar_to_approval_holds() {
    let when = at("2026-06-01T12:00:00Z");
    let approval = Approval::sign(release(), &OFFICER, when).unwrap();
    let parse = |envelope: &Envelope| Envelope::parse(&envelope.to_json()).unwrap();
    let registrar = REGISTRAR.secret().public();
    let (certificate, approval) =
        verify(registrar, &parse(&certified()), &parse(&approval), &release()).unwrap();
    assert_eq!(certificate.office, "release desk");
    assert_eq!((approval.officer, approval.at), (OFFICER.officer(), when));
}

#[test]
fn an_approval_of_other_bytes_is_refused() {
    let approval =
        Approval::sign(Digest::of(b"{\"release\":2}"), &OFFICER, at("2026-06-01T00:00:00Z"));
    assert_eq!(code(&approval.unwrap()), "approval-release");
}

#[test]
fn an_approval_by_somebody_who_is_not_certified_is_refused() {
    let other = OfficerKey::generate(&Seeded::new(21)).unwrap();
    let approval = Approval::sign(release(), &other, at("2026-06-01T00:00:00Z")).unwrap();
    assert_eq!(code(&approval), "approval-signature");
}

#[test]
fn an_officer_certified_by_another_registrar_is_refused() {
    let other = RegistrarKey::generate(&Seeded::new(22)).unwrap();
    let approval = Approval::sign(release(), &OFFICER, at("2026-06-01T00:00:00Z")).unwrap();
    let certificate = certificate().sign(&other).unwrap();
    let registrar = REGISTRAR.secret().public();
    let error = verify(registrar, &certificate, &approval, &release()).unwrap_err();
    assert_eq!(error.code(), "officer-signature");
}

#[test]
fn an_approval_outside_the_certificates_time_is_refused() {
    for (when, good) in [
        ("2026-01-31T23:59:59Z", false),
        ("2026-02-01T00:00:00Z", true),
        ("2027-01-31T23:59:59Z", true),
        ("2027-02-01T00:00:00Z", false),
    ] {
        let approval = Approval::sign(release(), &OFFICER, at(when)).unwrap();
        if good {
            let registrar = REGISTRAR.secret().public();
            assert!(verify(registrar, &certified(), &approval, &release()).is_ok(), "{when}");
        } else {
            assert_eq!(code(&approval), "approval-expired", "{when}");
        }
    }
}

#[test]
fn an_approval_under_another_officers_id_is_refused() {
    let other = OfficerKey::generate(&Seeded::new(23)).unwrap();
    let json = |officer| {
        format!(
            r#"{{"v":1,"release":"{}","officer":"{officer}","decision":"approve","at":"2026-06-01T00:00:00Z"}}"#,
            release()
        )
    };
    let sign = |json: String| dsse::sign(dsse::APPROVAL, json.into(), OFFICER.secret()).unwrap();
    assert_eq!(code(&sign(json(other.officer()))), "approval-officer");
    let good = json(OFFICER.officer());
    for bad in [
        good.replace("approve", "decline"),
        good.replace("\"v\":1", "\"v\":2"),
        good.replace("\"v\":1", "\"v\":1,\"name\":\"x\""),
        good.replace("\"v\":1", "\"v\":1,\"v\":1"),
    ] {
        assert_eq!(code(&sign(bad)), "approval-malformed");
    }
}

#[test]
fn a_certificate_is_no_approval_and_an_approval_no_certificate() {
    assert_eq!(code(&certified()), "approval-signature");
    let approval = Approval::sign(release(), &OFFICER, at("2026-06-01T00:00:00Z")).unwrap();
    let error = OfficerCertificate::verify(&approval, OFFICER.secret().public()).unwrap_err();
    assert_eq!(error.code(), "officer-signature");
}

#[test]
fn an_office_has_a_short_printable_name() {
    for office in ["", "a\nb", &"x".repeat(81)] {
        let bad = OfficerCertificate { office: office.to_owned(), ..certificate() };
        assert_eq!(bad.sign(&REGISTRAR).unwrap_err().code(), "officer-office");
    }
    let bad = OfficerCertificate { not_after: certificate().not_before, ..certificate() };
    assert_eq!(bad.sign(&REGISTRAR).unwrap_err().code(), "officer-validity");
}
