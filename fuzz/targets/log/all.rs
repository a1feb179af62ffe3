//! What is fuzzed of the record's formats: notes, keys, proofs, requests to a witness, tiles.
//!
//! The functions panic when a promise is broken, and answer whether they took the input. The log of the seeds is made
//! here, from fixed keys and leaves, so that a target knows what was really signed.

mod files;
pub(crate) mod made;
mod notes;

/// A function that takes any bytes, panics where a promise is broken, and says whether it took them.
pub(crate) type Target = fn(&[u8]) -> bool;

/// Every target by its name, which is the name of its seeds' folder in `corpus` too.
pub(crate) const ALL: &[(&str, Target)] = &[
    ("note", notes::note),
    ("vkey", notes::vkey),
    ("tlog_proof", notes::tlog_proof),
    ("witness", notes::witness),
    ("tiles", files::tiles),
    ("frontier", files::frontier),
];

/// The target of that name.
pub(crate) fn target(name: &str) -> (&'static str, Target) {
    let target = ALL.iter().find(|(other, _)| *other == name);
    *target.expect("the target is listed")
}
