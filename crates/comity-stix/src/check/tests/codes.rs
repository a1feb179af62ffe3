//! Every code is told of something.

use std::collections::BTreeSet;
use std::io::{self, Read};

use serde_json::json;

use super::rules::{base, rows, set};
use super::{breaches, found, versions};
use crate::reader::Objects;
use crate::{Checker, Code, Limits, check};

/// Texts that break JSON or the limits.
fn texts() -> Vec<(&'static [u8], Limits)> {
    let limits = Limits::default();
    vec![
        (b"{\"a\":\"b\"}", Limits { object_bytes: 3, ..limits }),
        (b"{\"a\":{\"b\":1}}", Limits { depth: 1, ..limits }),
        (b"{\"a\":1,\"b\":1}", Limits { properties: 1, ..limits }),
        (b"{\"a\":\"bcd\"}", Limits { string_bytes: 2, ..limits }),
        (b"{\"a\":\"\xff\"}", limits),
        (b"{\"a\":;}", limits),
        (b"{\"a\":", limits),
        (b"{\"a\":\"\\x\"}", limits),
        (b"{\"a\":\"\\ud800\"}", limits),
        (b"{\"a\":\"\n\"}", limits),
        (b"{\"a\":01}", limits),
        (b"{\"a\":1,\"a\":1}", limits),
        (b"[]", limits),
        (b"{\"type\":\"bundle\"}", limits),
        (b"{\"type\":\"consignment\"}", limits),
        (b"{\"type\":\"Consignment\"}", limits),
    ]
}

/// A source that cannot be read.
struct Broken;

impl Read for Broken {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        Err(io::Error::other("no disk"))
    }
}

#[test]
fn every_code_is_told_of_something() {
    let mut told: BTreeSet<Code> = breaches().into_iter().map(|(_, _, code)| code).collect();
    told.extend(rows().into_iter().map(|(_, _, _, code, _)| code));
    told.extend(versions::rows().into_iter().map(|(_, _, code, _)| code));
    for (text, limits) in texts() {
        told.extend(check(text, &limits).findings.into_iter().map(|finding| finding.code));
    }
    told.extend(Objects::new(Broken, Limits::default()).filter_map(Result::err).map(|e| e.code));
    let objects = Objects::new(&b"7"[..], Limits::default());
    told.extend(objects.filter_map(Result::err).map(|error| error.code));
    let frame = Checker::new(&Limits::default()).check_bundle(b"{\"type\":\"x\",\"objects\":[]}");
    told.extend(frame.findings.into_iter().map(|finding| finding.code));

    // These have tests of their own beside this one.
    told.extend([Code::VersionNone, Code::VersionRevoked]);
    for code in container_codes() {
        told.insert(code);
    }
    let mut marked = base("marking-definition");
    let id = marked["id"].clone();
    set(&mut marked, "/object_marking_refs", json!([id]));
    told.extend(found(&marked).into_iter().map(|(code, _)| code));
    let mut address = base("ipv4-addr");
    set(&mut address, "/id", json!("ipv4-addr--28bb3599-77cd-5a82-a950-b5bc3caf07c4"));
    set(&mut address, "/created", json!("2026-01-31T08:30:00.000Z"));
    told.extend(found(&address).into_iter().map(|(code, _)| code));

    let missing: Vec<&str> = Code::ALL
        .iter()
        .filter(|code| !told.contains(code) && !schemas_tell(code.as_str()))
        .map(|code| code.as_str())
        .collect();
    assert_eq!(missing, [""; 0]);
}

/// Whether the vectors of schemas have the code.
fn schemas_tell(code: &str) -> bool {
    [
        include_str!("../../../tests/data/schema/branches.json"),
        include_str!("../../../tests/data/schema/kinds.json"),
        include_str!("../../../tests/data/schema/lists.json"),
        include_str!("../../../tests/data/schema/objects.json"),
        include_str!("../../../tests/data/schema/references.json"),
        include_str!("../../../tests/data/schema/scalars.json"),
        include_str!("../../../tests/it/registry.rs"),
        include_str!("../../../tests/it/schema.rs"),
        include_str!("../../../tests/it/schema_bounds.rs"),
    ]
    .iter()
    .any(|vectors| {
        vectors.contains(&format!("\"{code} ")) || vectors.contains(&format!("\"{code}\""))
    })
}

fn container_codes() -> Vec<Code> {
    let mut object = base("observed-data");
    set(&mut object, "/object_refs", json!(null));
    object["objects"] = json!({
        "a": {"type": "network-traffic", "src_ref": "7", "protocols": ["ipv4"]},
        "b": {"type": "malware"}
    });
    found(&object).into_iter().map(|(code, _)| code).collect()
}

#[test]
fn the_objects_of_a_container_are_checked_and_refer_to_each_other() {
    let mut object = base("observed-data");
    set(&mut object, "/object_refs", json!(null));
    object["objects"] = json!({
        "0": {"type": "ipv4-addr", "value": "198.51.100.3"},
        "1": {"type": "network-traffic", "src_ref": "0", "src_port": 1, "dst_port": 2, "protocols": ["ipv4"], "extended_by_2_0": true}
    });
    assert_eq!(found(&object), [(Code::Deprecated, "/objects".to_owned())]);
    object["objects"]["0"]["value"] = json!("198.51.100");
    object["objects"]["1"]["src_ref"] = json!("2");
    object["objects"]["1"]["dst_ref"] = json!("1");
    let expected = [
        (Code::Deprecated, "/objects"),
        (Code::Ipv4, "/objects/0/value"),
        (Code::LocalReference, "/objects/1/src_ref"),
        (Code::ReferenceType, "/objects/1/dst_ref"),
    ];
    assert_eq!(found(&object), expected.map(|(code, place)| (code, place.to_owned())));
}
