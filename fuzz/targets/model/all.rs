//! What is fuzzed of what parties say: statements with the body of every kind, lines of a manifest, records of releases,
//! and the words and numbers in them.
//!
//! The functions panic when a promise is broken, and answer whether they took the input.

mod said;

/// A function that takes any bytes, panics where a promise is broken, and says whether it took them.
pub(crate) type Target = fn(&[u8]) -> bool;

/// Every target by its name, which is the name of its seeds' folder in `corpus` too.
pub(crate) const ALL: &[(&str, Target)] = &[
    ("statement", said::statement),
    ("manifest", said::manifest),
    ("record", said::record),
    ("term", said::term),
];

/// The target of that name.
pub(crate) fn target(name: &str) -> (&'static str, Target) {
    let target = ALL.iter().find(|(other, _)| *other == name);
    *target.expect("the target is listed")
}
