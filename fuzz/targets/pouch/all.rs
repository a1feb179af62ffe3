//! What is fuzzed of what is signed, sealed and kept: envelopes, descriptors, certificates and approvals, key files, keys
//! as text, pouches and the archive inside.
//!
//! The functions panic when a promise is broken, and answer whether they took the input. All keys are made here, from fixed
//! seeds: so a target can sign or seal what it is given, and what is behind a good signature is fuzzed as well.

mod keys;
pub(crate) mod made;
mod sealed;
mod signed;

/// A function that takes any bytes, panics where a promise is broken, and says whether it took them.
pub(crate) type Target = fn(&[u8]) -> bool;

/// Every target by its name, which is the name of its seeds' folder in `corpus` too.
pub(crate) const ALL: &[(&str, Target)] = &[
    ("envelope", signed::envelope),
    ("descriptor", signed::descriptor),
    ("officer", signed::officer),
    ("keyfile", keys::keyfile),
    ("keytext", keys::keytext),
    ("pouch", sealed::pouch),
    ("archive", sealed::archive),
];

/// The target of that name.
pub(crate) fn target(name: &str) -> (&'static str, Target) {
    let target = ALL.iter().find(|(other, _)| *other == name);
    *target.expect("the target is listed")
}
