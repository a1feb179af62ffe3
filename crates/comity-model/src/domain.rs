//! The domain's STIX extensions, by the fixed ids of their definitions (docs/protocol.md section 3).
//!
//! Each is an extension definition (STIX 2.1 section 7.3) and a JSON schema, in `domain/`: consignments, suspected
//! laboratories, overdose alerts, and the grade that any object may carry.

use comity_stix::Limits;
use comity_stix::json::Document;
use comity_stix::registry::{Registry, RegistryError};

use crate::{Credibility, Grade, Reliability};

/// Property extension: `source_reliability` (`A` to `F`) and `information_credibility` (`1` to `6`).
pub const GRADE: &str = "extension-definition--6a8c2d1e-5b7f-4c0a-9e3d-2f1b8a7c6d50";

/// The types that it adds to those of the standard.
pub const TYPES: [&str; 3] = ["consignment", "overdose-alert", "suspected-laboratory"];

/// The definitions and schemas, by the names of their files: `NAME.json` and `NAME.schema.json`.
pub const FILES: [(&str, &[u8]); 8] = [
    ("consignment.json", include_bytes!("domain/consignment.json")),
    ("consignment.schema.json", include_bytes!("domain/consignment.schema.json")),
    ("grading.json", include_bytes!("domain/grading.json")),
    ("grading.schema.json", include_bytes!("domain/grading.schema.json")),
    ("overdose-alert.json", include_bytes!("domain/overdose-alert.json")),
    ("overdose-alert.schema.json", include_bytes!("domain/overdose-alert.schema.json")),
    ("suspected-laboratory.json", include_bytes!("domain/suspected-laboratory.json")),
    ("suspected-laboratory.schema.json", include_bytes!("domain/suspected-laboratory.schema.json")),
];

/// What every node knows beyond the standard: the domain's types and the grade. Errors are those of
/// [`Registry::load`], and would be faults of this crate.
pub fn registry() -> Result<Registry, Vec<RegistryError>> {
    Registry::load(FILES, &Limits::default())
}

/// The grade that an object carries in the grading extension, if both halves are there and well formed.
pub fn grade_of(document: &Document<'_>) -> Option<Grade> {
    let extension = document.root().child("extensions")?.child(GRADE)?;
    let reliability = match &*extension.child("source_reliability")?.text()? {
        "A" => Reliability::A,
        "B" => Reliability::B,
        "C" => Reliability::C,
        "D" => Reliability::D,
        "E" => Reliability::E,
        "F" => Reliability::F,
        _ => return None,
    };
    let digit = extension.child("information_credibility")?.text()?.parse().ok()?;
    Some(Grade { reliability, credibility: Credibility::new(digit)? })
}

/// Whether an object speaks of a natural person, or might (docs/protocol.md section 2.2): an `identity` that does not say
/// it is a group, an organization, a class or a system (STIX 2.1 section 10.7); a `threat-actor` that does not say it has
/// the resources of more than one (section 10.3); a `user-account` that does not say a service uses it; any `email-addr`.
pub fn natural_person(document: &Document<'_>) -> bool {
    let text = |key| document.root().child(key).and_then(|value| value.text());
    match text("type").as_deref() {
        Some("identity") => !matches!(
            text("identity_class").as_deref(),
            Some("group" | "organization" | "class" | "system")
        ),
        Some("threat-actor") => !matches!(
            text("resource_level").as_deref(),
            Some("club" | "contest" | "team" | "organization" | "government")
        ),
        Some("user-account") => {
            let service = document.root().child("is_service_account");
            service.is_none_or(|value| value.raw() != "true")
        }
        Some("email-addr") => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use comity_stix::{Checker, Severity};

    use super::*;

    fn document(json: &str) -> Document<'_> {
        Document::parse(json.as_bytes(), &Limits::default()).unwrap()
    }

    #[test]
    fn a_grade_needs_both_halves() {
        let object = |reliability: &str, credibility: &str| {
            format!(
                r#"{{"extensions":{{"{GRADE}":{{"source_reliability":{reliability},"information_credibility":{credibility}}}}}}}"#
            )
        };
        assert_eq!(grade_of(&document(&object("\"B\"", "\"2\""))), "B2".parse().ok());
        for (reliability, credibility) in
            [("\"G\"", "\"2\""), ("\"B\"", "\"7\""), ("\"B\"", "2"), ("null", "\"2\"")]
        {
            assert_eq!(grade_of(&document(&object(reliability, credibility))), None);
        }
    }

    /// Codes and pointers of what breaks a MUST.
    fn broken(registry: &Registry, object: &serde_json::Value) -> Vec<(&'static str, String)> {
        let limits = Limits::default();
        let report =
            Checker::new(&limits).with_registry(registry).check(object.to_string().as_bytes());
        assert!(report.unknown.is_empty(), "{:?}", report.unknown);
        let must = report.findings.into_iter().filter(|it| it.severity == Severity::Must);
        must.map(|finding| (finding.code.as_str(), finding.pointer)).collect()
    }

    #[test]
    fn the_objects_of_the_examples_are_what_the_schemas_say() {
        let registry = registry().unwrap();
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/");
        let mut seen = std::collections::BTreeSet::new();
        for party in ["us", "mx"] {
            let lines = std::fs::read_to_string(format!("{folder}{party}/holdings.jsonl")).unwrap();
            for line in lines.lines() {
                let object: serde_json::Value = serde_json::from_str(line).unwrap();
                let type_ = object["type"].as_str().unwrap().to_owned();
                assert_eq!(broken(&registry, &object), [], "{line}");
                if type_ == "extension-definition" {
                    let file = format!("{}.json", object["name"].as_str().unwrap());
                    let (_, ours) = FILES.iter().find(|(known, _)| *known == file).unwrap();
                    assert_eq!(object, serde_json::from_slice::<serde_json::Value>(ours).unwrap());
                }
                seen.insert(type_);
            }
        }
        for type_ in ["consignment", "suspected-laboratory", "overdose-alert"] {
            assert!(seen.contains(type_), "{type_}");
        }
    }

    #[test]
    fn a_type_of_the_domain_is_held_to_its_schema() {
        let registry = registry().unwrap();
        let lab = serde_json::json!({
            "type": "suspected-laboratory",
            "spec_version": "2.1",
            "id": "suspected-laboratory--faf25384-6bac-46bc-88db-74c95f2d39b4",
            "created": "2026-02-17T09:15:02.000Z",
            "modified": "2026-02-17T09:15:02.000Z",
            "location_ref": "location--ffc5b259-7790-4f51-8e08-eacdb0cfbc26",
            "first_reported": "2026-02-13T00:00:00.000Z",
            "status": "reported",
            "extensions": { "extension-definition--b3e75a10-2c94-4d8f-8b16-5e0a9f4c7d23": { "extension_type": "new-sdo" } }
        });
        assert_eq!(broken(&registry, &lab), []);
        let with = |key: &str, value: serde_json::Value| {
            let mut lab = lab.clone();
            lab[key] = value;
            broken(&registry, &lab)
        };
        let mut misspelt = lab.clone();
        misspelt["reportz"] = 5.into();
        let report = Checker::new(&Limits::default())
            .with_registry(&registry)
            .check(misspelt.to_string().as_bytes());
        assert_eq!(report.findings.first().map(|it| it.pointer.as_str()), Some("/reportz"));
        assert_eq!(with("status", "perhaps".into())[0].1, "/status");
        let other = "identity--ffc5b259-7790-4f51-8e08-eacdb0cfbc26";
        assert_eq!(with("location_ref", other.into())[0].1, "/location_ref");
        assert_eq!(with("first_reported", "2026-02-13".into())[0].1, "/first_reported");
    }

    #[test]
    fn who_is_not_said_to_be_an_organization_may_be_a_person() {
        assert!(natural_person(&document(r#"{"type":"identity"}"#)));
        assert!(natural_person(&document(r#"{"type":"identity","identity_class":"individual"}"#)));
        assert!(!natural_person(&document(
            r#"{"type":"identity","identity_class":"organization"}"#
        )));
        assert!(!natural_person(&document(r#"{"type":"report"}"#)));
        assert!(natural_person(&document(r#"{"type":"threat-actor"}"#)));
        let level = r#"{"type":"threat-actor","resource_level":"organization"}"#;
        assert!(!natural_person(&document(level)));
        assert!(natural_person(&document(r#"{"type":"user-account","is_service_account":false}"#)));
        assert!(!natural_person(&document(r#"{"type":"user-account","is_service_account":true}"#)));
        assert!(natural_person(&document(r#"{"type":"email-addr","value":"a@example.org"}"#)));
    }
}
