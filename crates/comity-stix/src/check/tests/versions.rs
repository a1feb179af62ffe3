//! Two versions of one object.

use serde_json::{Value as Json, json};

use super::rules::{base, set};
use crate::{Code, Limits, versions};

fn compared(old: &Json, new: &Json) -> Vec<(Code, String)> {
    let (old, new) = (old.to_string(), new.to_string());
    let findings = versions(old.as_bytes(), new.as_bytes(), &Limits::default());
    findings.into_iter().map(|finding| (finding.code, finding.pointer)).collect()
}

/// What to set in the new version, and what that breaks.
pub(super) fn rows() -> Vec<(&'static str, Json, Code, &'static str)> {
    vec![
        ("/id", json!("malware--26ffb872-1dd9-446e-b6f5-d58527e5b5d2"), Code::VersionOther, "/id"),
        ("/created", json!("2026-01-30T08:30:00.000Z"), Code::VersionCreated, "/created"),
        (
            "/created_by_ref",
            json!("identity--26ffb872-1dd9-446e-b6f5-d58527e5b5d2"),
            Code::VersionCreator,
            "/created_by_ref",
        ),
        ("/modified", json!("2026-01-31T08:29:00.000Z"), Code::VersionEarlier, "/modified"),
        ("/modified", json!("2026-01-31T08:30:00.000Z"), Code::VersionChanged, "/modified"),
    ]
}

#[test]
fn a_version_keeps_what_must_stay_and_moves_on() {
    let old = base("malware");
    let mut new = base("malware");
    new["name"] = json!("n");
    new["modified"] = json!("2026-02-01T08:30:00.000Z");
    assert_eq!(compared(&old, &new), []);
    for (pointer, value, code, place) in rows() {
        let mut wrong = new.clone();
        set(&mut wrong, pointer, value);
        assert_eq!(compared(&old, &wrong), [(code, place.to_owned())], "{pointer}");
    }
}

#[test]
fn nothing_comes_after_an_object_was_revoked() {
    let mut old = base("malware");
    old["revoked"] = json!(true);
    let mut new = old.clone();
    assert_eq!(compared(&old, &new), []);
    new["modified"] = json!("2026-02-01T08:30:00.000Z");
    assert_eq!(compared(&old, &new), [(Code::VersionRevoked, "/modified".to_owned())]);
}

#[test]
fn the_same_version_may_be_written_otherwise_but_says_the_same() {
    let old = br#"{"type":"malware","spec_version":"2.1","id":"malware--26ffb872-1dd9-446e-b6f5-d58527e5b5d2","created":"2026-01-31T08:30:00.000Z","modified":"2026-01-31T08:30:00.000Z","is_family":false,"x_n":[1.0,"\u0061"]}"#;
    let new = br#"{"modified":"2026-01-31T08:30:00.000Z", "x_n":[1,"a"],"revoked":false,"type":"malware","id":"malware--26ffb872-1dd9-446e-b6f5-d58527e5b5d2","created":"2026-01-31T08:30:00.000Z","lang":"en","spec_version":"2.1","is_family":false}"#;
    assert_eq!(versions(old, new, &Limits::default()), []);
}

#[test]
fn what_has_no_versions_is_not_changed_and_observables_say_what_they_know() {
    let old = base("marking-definition");
    let mut new = old.clone();
    assert_eq!(compared(&old, &new), []);
    new["definition"]["statement"] = json!("other");
    assert_eq!(compared(&old, &new), [(Code::VersionNone, String::new())]);

    let old = base("ipv4-addr");
    let mut new = old.clone();
    new["defanged"] = json!(true);
    assert_eq!(compared(&old, &new), []);
}

#[test]
fn what_is_no_object_is_told_and_nothing_compared() {
    let found = versions(b"{", b"{}", &Limits::default());
    assert_eq!(found.iter().map(|f| f.code).collect::<Vec<_>>(), [Code::JsonCut]);
}
