//! Objects to exchange.

/// TLP:GREEN of TLP 2.0.
const GREEN: &str = "marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb";

/// A valid indicator, different for each `number`.
pub fn indicator(number: u64) -> String {
    let uuid = uuid::Builder::from_random_bytes(seeded(number)).into_uuid();
    format!(
        r#"{{"type":"indicator","spec_version":"2.1","id":"indicator--{uuid}","created":"2026-01-10T08:00:00.000Z","modified":"2026-01-10T08:00:00.000Z","name":"Indicator {number}","description":"Consignment number {number} with an unusual route","pattern":"[domain-name:value = 'shop-{number}.example']","pattern_type":"stix","valid_from":"2026-01-10T08:00:00Z","object_marking_refs":["{GREEN}"]}}"#
    )
}

/// So many indicators, as JSON lines.
pub fn indicators(numbers: std::ops::Range<u64>) -> String {
    numbers.map(|number| indicator(number) + "\n").collect()
}

fn seeded(number: u64) -> [u8; 16] {
    let digest = comity_model::Digest::of(format!("object {number}").as_bytes());
    let mut out = [0; 16];
    for (to, from) in out.iter_mut().zip(digest.as_bytes()) {
        *to = *from;
    }
    out
}
