//! What is fuzzed of the files that are to convince somebody who has no node: evidence, equivocation, reports for an
//! inspectorate, openings.
//!
//! The functions panic when a promise is broken, and answer whether they took the input. The promise of all of them is that
//! whatever verifies says what the real file says, which is among the seeds: nothing else was ever signed by these keys.

mod attested;
mod evidence;

/// A function that takes any bytes, panics where a promise is broken, and says whether it took them.
pub(crate) type Target = fn(&[u8]) -> bool;

/// Every target by its name, which is the name of its seeds' folder in `corpus` too.
pub(crate) const ALL: &[(&str, Target)] = &[
    ("evidence", evidence::evidence),
    ("equivocation", evidence::equivocation),
    ("audit", attested::audit),
    ("opening", attested::opening),
];

/// The target of that name.
pub(crate) fn target(name: &str) -> (&'static str, Target) {
    let target = ALL.iter().find(|(other, _)| *other == name);
    *target.expect("the target is listed")
}

/// The file that holds a document, with the digest that it must have: what is behind the digest is fuzzed as well.
fn packed(format: &str, document: &[u8]) -> Vec<u8> {
    let body = miniz_oxide::deflate::compress_to_vec_zlib(document, 1);
    let line = format!("{format} {}\n", comity_model::Digest::of(&body).hex());
    [line.as_bytes(), &body].concat()
}
