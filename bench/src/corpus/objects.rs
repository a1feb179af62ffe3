//! Objects of the kinds and sizes that a node is sent.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::draw::Draw;
use super::{POOL, domain, file, ipv4, mail, sha256, traffic, web};

/// The author of everything.
const AUTHOR: &str = "identity--3f0c2d8e-5a17-4b6c-9e2d-7c1a0f4b8d35";

const CLEAR: &str = "marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487";
const GREEN: &str = "marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb";
const AMBER: &str = "marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421";

/// So many objects, each one line of JSON of about 700 bytes: indicators, relationships, observables, sightings,
/// reports and what they are about, mixed. None breaks a MUST, and no identifier comes twice: where an observable would,
/// there is one object less.
pub fn objects(count: u64, seed: u64) -> Vec<String> {
    let mut draw = Draw::new(seed);
    let mut ids = BTreeSet::new();
    let objects = (0..count).map(|_| object(&mut draw));
    objects.filter(|object| ids.insert(super::id_of(object))).map(|it| it.to_string()).collect()
}

fn object(draw: &mut Draw) -> Value {
    let number = draw.below(POOL);
    match draw.below(100) {
        0..22 => indicator(draw),
        22..40 => relationship(draw),
        40..46 => ipv4(number),
        46..50 => domain(number),
        50..54 => web(number),
        54..58 => file(number),
        58..61 => mail(number, draw),
        61..64 => {
            let source = draw.below(POOL);
            traffic(number, source, draw)
        }
        64..70 => observed(draw),
        70..75 => sighting(draw),
        75..80 => malware(draw),
        80..84 => attack_pattern(draw),
        84..88 => report(draw),
        88..91 => vulnerability(draw),
        91..94 => identity(draw),
        94..97 => location(draw),
        _ => threat_actor(draw),
    }
}

/// A domain or relationship object with the common properties as they are mostly used.
fn with_common(type_: &str, draw: &mut Draw, properties: Value) -> Value {
    let created = draw.moment();
    let mut object = json!({
        "type": type_, "spec_version": "2.1", "id": draw.id(type_), "created_by_ref": AUTHOR,
        "created": created, "modified": created,
    });
    if let (Some(object), Value::Object(properties)) = (object.as_object_mut(), properties) {
        object.extend(properties);
        if draw.chance(70) {
            let marking = draw.pick(&[CLEAR, GREEN, AMBER], CLEAR);
            object.insert("object_marking_refs".to_owned(), json!([marking]));
        }
        if draw.chance(30) {
            object.insert("confidence".to_owned(), json!(draw.below(101)));
        }
        if draw.chance(30) {
            object.insert("labels".to_owned(), json!(["precursors", draw.words(1)]));
        }
        if draw.chance(5) && object.contains_key("description") {
            let marking = json!([{"marking_ref": AMBER, "selectors": ["description"]}]);
            object.insert("granular_markings".to_owned(), marking);
        }
    }
    object
}

fn indicator(draw: &mut Draw) -> Value {
    let properties = json!({
        "name": draw.words(5), "description": prose(draw),
        "indicator_types": ["malicious-activity"],
        "pattern": super::patterns::patterns(1, draw.below(POOL), POOL).pop(), "pattern_type": "stix",
        "pattern_version": "2.1", "valid_from": "2026-01-01T00:00:00Z",
        "valid_until": "2027-06-30T00:00:00Z", "kill_chain_phases": phases(draw),
        "external_references": [{"source_name": "desk", "external_id": format!("D-{}", draw.below(POOL))}],
    });
    with_common("indicator", draw, properties)
}

fn relationship(draw: &mut Draw) -> Value {
    let (type_, source, target) = draw.pick(
        &[
            ("indicates", "indicator", "malware"),
            ("uses", "threat-actor", "malware"),
            ("targets", "threat-actor", "identity"),
            ("communicates-with", "malware", "ipv4-addr"),
            ("located-at", "identity", "location"),
        ],
        ("related-to", "identity", "identity"),
    );
    let properties = json!({
        "relationship_type": type_, "source_ref": draw.id(source), "target_ref": draw.id(target),
        "description": draw.words(8),
    });
    with_common("relationship", draw, properties)
}

fn observed(draw: &mut Draw) -> Value {
    let references = json!([draw.id("network-traffic"), draw.id("ipv4-addr")]);
    let properties = json!({
        "first_observed": "2026-02-03T04:05:06Z", "last_observed": "2026-02-03T05:05:06Z",
        "number_observed": 1 + draw.below(50), "object_refs": references,
    });
    with_common("observed-data", draw, properties)
}

fn sighting(draw: &mut Draw) -> Value {
    let properties = json!({
        "sighting_of_ref": draw.id("indicator"), "observed_data_refs": [draw.id("observed-data")],
        "where_sighted_refs": [AUTHOR], "first_seen": "2026-02-03T04:05:06Z",
        "last_seen": "2026-02-03T05:05:06Z", "count": 1 + draw.below(9),
        "description": draw.words(10),
    });
    with_common("sighting", draw, properties)
}

fn malware(draw: &mut Draw) -> Value {
    let properties = json!({
        "name": draw.words(2), "description": prose(draw), "malware_types": ["trojan", "spyware"],
        "is_family": true, "aliases": [draw.words(1), draw.words(2)],
        "kill_chain_phases": phases(draw), "first_seen": "2025-02-03T04:05:06Z",
        "external_references": [{
            "source_name": "sample", "url": format!("https://example.org/{}", draw.below(POOL)),
            "hashes": {"SHA-256": sha256(draw.below(POOL))},
        }],
    });
    with_common("malware", draw, properties)
}

fn attack_pattern(draw: &mut Draw) -> Value {
    let number = 1_000 + draw.below(600);
    let properties = json!({
        "name": draw.words(3), "description": prose(draw), "kill_chain_phases": phases(draw),
        "external_references": [
            {
                "source_name": "mitre-attack", "external_id": format!("T{number}"),
                "url": format!("https://attack.mitre.org/techniques/T{number}"),
            },
            {"source_name": "a paper", "description": draw.words(14), "url": "https://example.org/p"},
        ],
    });
    with_common("attack-pattern", draw, properties)
}

fn report(draw: &mut Draw) -> Value {
    let many = 3 + draw.below(20);
    let references: Vec<String> = (0..many)
        .map(|_| {
            let type_ = draw.pick(&["indicator", "relationship", "malware", "location"], "tool");
            draw.id(type_)
        })
        .collect();
    let properties = json!({
        "name": draw.words(6), "description": prose(draw), "report_types": ["threat-report"],
        "published": "2026-03-04T05:06:07Z", "object_refs": references,
    });
    with_common("report", draw, properties)
}

fn vulnerability(draw: &mut Draw) -> Value {
    let name = format!("CVE-2026-{}", 10_000 + draw.below(50_000));
    let properties = json!({
        "name": name, "description": prose(draw),
        "external_references": [{"source_name": "cve", "external_id": name}],
    });
    with_common("vulnerability", draw, properties)
}

fn identity(draw: &mut Draw) -> Value {
    let properties = json!({
        "name": draw.words(3), "identity_class": "organization", "sectors": ["transportation"],
        "roles": ["consignee"], "contact_information": draw.words(8),
    });
    with_common("identity", draw, properties)
}

fn location(draw: &mut Draw) -> Value {
    let degree = |draw: &mut Draw| f64::from(u32::try_from(draw.below(9_000)).unwrap_or(0)) / 100.0;
    let properties = json!({
        "name": draw.words(2), "country": draw.pick(&["MX", "US", "CA", "PA"], "MX"),
        "latitude": degree(draw), "longitude": -degree(draw), "precision": 500.0,
        "city": "Manzanillo", "street_address": draw.words(6),
    });
    with_common("location", draw, properties)
}

fn threat_actor(draw: &mut Draw) -> Value {
    let properties = json!({
        "name": draw.words(2), "description": prose(draw),
        "threat_actor_types": ["crime-syndicate"], "aliases": [draw.words(2)], "roles": ["agent"],
        "goals": [draw.words(6)], "sophistication": "intermediate", "resource_level": "team",
        "primary_motivation": "personal-gain",
    });
    with_common("threat-actor", draw, properties)
}

/// Some lines, now and then a page.
fn prose(draw: &mut Draw) -> String {
    let many = if draw.chance(8) { 250 } else { 15 + draw.below(45) };
    draw.words(many)
}

fn phases(draw: &mut Draw) -> Value {
    let phase = draw.pick(&["initial-access", "collection", "impact"], "impact");
    json!([{"kill_chain_name": "mitre-attack", "phase_name": phase}])
}
