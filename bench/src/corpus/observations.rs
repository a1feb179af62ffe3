//! Observed data with what was observed, a bundle each.

use serde_json::{Value, json};

use super::draw::Draw;
use super::{ADDRESSEE, domain, file, id_of, ipv4, mail, sender, traffic, web};

/// So many observations, in the order in which they were made: each a bundle of one `observed-data` object (section
/// 4.14) and the observables that it refers to, out of a `pool` of so many. One line of JSON each.
pub fn observations(count: u64, seed: u64, pool: u64) -> Vec<String> {
    let mut draw = Draw::new(seed);
    (0..count).map(|at| observation(at, pool, &mut draw).to_string()).collect()
}

fn observation(at: u64, pool: u64, draw: &mut Draw) -> Value {
    let number = draw.below(pool);
    let mut objects = match draw.below(10) {
        0..3 => {
            // What is referred to is at hand, so that a path may follow the reference.
            let source = draw.below(pool);
            vec![traffic(number, source, draw), ipv4(number), ipv4(source)]
        }
        3..5 => vec![domain(number), ipv4(draw.below(pool))],
        5..7 => vec![file(number)],
        7..9 => vec![web(number), domain(number)],
        _ => vec![mail(number, draw), sender(number), sender(ADDRESSEE)],
    };
    // Both ends may be the same.
    objects.dedup();
    let references: Vec<String> = objects.iter().map(id_of).collect();
    let when = format!(
        "2026-06-{:02}T{:02}:{:02}:{:02}.000Z",
        1 + at / 86_400 % 28,
        at / 3_600 % 24,
        at / 60 % 60,
        at % 60
    );
    objects.insert(
        0,
        json!({
            "type": "observed-data", "spec_version": "2.1", "id": draw.id("observed-data"),
            "created": when, "modified": when, "first_observed": when, "last_observed": when,
            "number_observed": 1, "object_refs": references,
        }),
    );
    json!({"type": "bundle", "id": draw.id("bundle"), "objects": objects})
}
