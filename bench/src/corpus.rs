//! What all are given: objects, observations and patterns, made from a seed, the same on every machine.

mod draw;
mod objects;
mod observations;
mod patterns;

pub use objects::objects;
pub use observations::observations;
pub use patterns::patterns;

use comity_stix::id::StixId;
use draw::Draw;
use serde_json::{Map, Value, json};

/// How many different addresses, hosts, files and mailboxes the world of the benches has. In a smaller one more
/// patterns match.
pub const POOL: u64 = 20_000;

/// The mailbox that all mail goes to.
const ADDRESSEE: u64 = 1;

fn address(number: u64) -> String {
    format!("198.{}.{}.{}", 18 + (number >> 16) % 2, (number >> 8) & 255, number & 255)
}

fn host(number: u64) -> String {
    format!("relay-{number}.example.{}", if number.is_multiple_of(3) { "org" } else { "com" })
}

fn url(number: u64) -> String {
    format!("https://{}/papers/{}/index.html", host(number), number % 97)
}

fn sha256(number: u64) -> String {
    Draw::new(number ^ 0x5348_4132).hex(64)
}

fn mailbox(number: u64) -> String {
    format!("desk-{number}@example.org")
}

/// An observable with its deterministic identifier (section 2.9). `contributing` names the properties that make it,
/// in the order of their names.
fn observable(type_: &str, contributing: &[&str], properties: Value) -> Value {
    let made_of: Map<String, Value> = contributing
        .iter()
        .filter_map(|name| Some(((*name).to_owned(), properties.get(name)?.clone())))
        .collect();
    let canonical = Value::Object(made_of).to_string();
    let id = StixId::deterministic(type_, canonical.as_bytes())
        .map_or_else(|_| String::new(), |id| id.as_str().to_owned());
    let mut object = json!({"type": type_, "spec_version": "2.1", "id": id});
    if let (Some(object), Value::Object(properties)) = (object.as_object_mut(), properties) {
        object.extend(properties);
    }
    object
}

fn ipv4(number: u64) -> Value {
    observable("ipv4-addr", &["value"], json!({"value": address(number)}))
}

fn domain(number: u64) -> Value {
    observable("domain-name", &["value"], json!({"value": host(number)}))
}

fn web(number: u64) -> Value {
    observable("url", &["value"], json!({"value": url(number)}))
}

fn file(number: u64) -> Value {
    let properties = json!({
        "hashes": {"SHA-256": sha256(number)}, "size": 1_000 + number * 7,
        "name": format!("papers-{number}.pdf"), "mime_type": "application/pdf",
    });
    observable("file", &["hashes", "name"], properties)
}

fn traffic(number: u64, source: u64, draw: &mut Draw) -> Value {
    let properties = json!({
        "start": "2026-05-06T07:08:09.000Z", "src_ref": id_of(&ipv4(source)),
        "dst_ref": id_of(&ipv4(number)), "src_port": 1_024 + draw.below(60_000),
        "dst_port": draw.pick(&[22, 25, 53, 80, 443, 8080], 443),
        "protocols": ["ipv4", "tcp"], "src_byte_count": draw.below(1 << 20),
    });
    let contributing = ["dst_port", "dst_ref", "protocols", "src_port", "src_ref", "start"];
    observable("network-traffic", &contributing, properties)
}

fn sender(number: u64) -> Value {
    observable("email-addr", &["value"], json!({"value": mailbox(number)}))
}

fn mail(number: u64, draw: &mut Draw) -> Value {
    let properties = json!({
        "is_multipart": false, "date": draw.moment(), "from_ref": id_of(&sender(number)),
        "to_refs": [id_of(&sender(ADDRESSEE))],
        "subject": format!("Bill of lading {number}"), "body": draw.words(30),
    });
    observable("email-message", &["body", "from_ref", "subject"], properties)
}

fn id_of(object: &Value) -> String {
    object.get("id").and_then(Value::as_str).unwrap_or_default().to_owned()
}
