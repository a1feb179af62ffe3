//! The domain's STIX extensions, by the fixed ids of their definitions (docs/protocol.md section 3).

use comity_stix::json::Document;

use crate::{Credibility, Grade, Reliability};

/// Property extension: `source_reliability` (`A` to `F`) and `information_credibility` (`1` to `6`).
pub const GRADE: &str = "extension-definition--6a8c2d1e-5b7f-4c0a-9e3d-2f1b8a7c6d50";

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

/// Whether an object speaks of a natural person, or might: an `identity` that does not say it is a group, an
/// organization, a class or a system (STIX 2.1 section 10.7).
pub fn natural_person(document: &Document<'_>) -> bool {
    let text = |key| document.root().child(key).and_then(|value| value.text());
    if text("type").as_deref() != Some("identity") {
        return false;
    }
    let class = text("identity_class");
    !matches!(class.as_deref(), Some("group" | "organization" | "class" | "system"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(json: &str) -> Document<'_> {
        Document::parse(json.as_bytes(), &comity_stix::Limits::default()).unwrap()
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

    #[test]
    fn who_is_not_said_to_be_an_organization_may_be_a_person() {
        assert!(natural_person(&document(r#"{"type":"identity"}"#)));
        assert!(natural_person(&document(r#"{"type":"identity","identity_class":"individual"}"#)));
        assert!(!natural_person(&document(
            r#"{"type":"identity","identity_class":"organization"}"#
        )));
        assert!(!natural_person(&document(r#"{"type":"report"}"#)));
    }
}
