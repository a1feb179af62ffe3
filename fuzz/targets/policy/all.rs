//! What is fuzzed of agreements: the text that two parties sign, and what follows from it.
//!
//! The functions panic when a promise is broken, and answer whether they took the input.

mod terms;

/// A function that takes any bytes, panics where a promise is broken, and says whether it took them.
pub(crate) type Target = fn(&[u8]) -> bool;

/// Every target by its name, which is the name of its seeds' folder in `corpus` too.
pub(crate) const ALL: &[(&str, Target)] = &[("agreement", terms::agreement)];

/// The target of that name.
pub(crate) fn target(name: &str) -> (&'static str, Target) {
    let target = ALL.iter().find(|(other, _)| *other == name);
    *target.expect("the target is listed")
}
