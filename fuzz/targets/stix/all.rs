//! What is fuzzed: one function a parser, each with the promises that hold whatever comes in.
//!
//! The functions panic when a promise is broken. The fuzzers in `fuzz_targets` call them with what libFuzzer makes up,
//! the tests of `comity-stix` with a bounded number of inputs made from the same seeds.

mod json;
mod objects;
mod patterns;
mod schemas;
mod words;

/// A function that takes any bytes and panics where a promise is broken.
pub(crate) type Target = fn(&[u8]);

/// Every target by its name, which is the name of its seeds' folder in `corpus` too.
pub(crate) const ALL: &[(&str, Target)] = &[
    ("document", json::document),
    ("edits", json::edits),
    ("reader", json::reader),
    ("object", objects::object),
    ("markings", objects::markings),
    ("words", words::words),
    ("forms", words::forms),
    ("pattern", patterns::pattern),
    ("matches", patterns::matches),
    ("schema", schemas::schema),
    ("registry", schemas::registry),
];

/// Runs the target of that name.
pub(crate) fn run(name: &str, data: &[u8]) {
    let target = ALL.iter().find(|(other, _)| *other == name);
    target.expect("the target is listed").1(data);
}

/// The input in two: up to the first line feed, and what follows.
fn two(data: &[u8]) -> (&[u8], &[u8]) {
    let end = data.iter().position(|byte| *byte == b'\n').unwrap_or(data.len());
    let (first, rest) = data.split_at(end);
    (first, rest.get(1..).unwrap_or_default())
}
