//! A bounded run of what the fuzzers do without end, inside the tests of the crates.
//!
//! The inputs are the same in every run. `COMITY_FUZZ_ROUNDS` says how many a target gets; a thousand times as many is an
//! evening's run.

#[path = "mutator.rs"]
pub(crate) mod mutator;

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use mutator::Mutator;

/// The folder with the seeds of each target.
pub(crate) const CORPUS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fuzz/corpus/");

/// The seeds of a target by the names of their files.
pub(crate) fn seeds(name: &str) -> BTreeMap<String, Vec<u8>> {
    let files = std::fs::read_dir(format!("{CORPUS}{name}")).expect("each target has seeds");
    let paths = files.map(|file| file.expect("the folder can be read").path());
    let read = |path: std::path::PathBuf| {
        let seed = std::fs::read(&path).expect("a seed can be read");
        (path.file_name().unwrap_or_default().to_string_lossy().into_owned(), seed)
    };
    let seeds: BTreeMap<_, _> = paths.map(read).collect();
    assert!(!seeds.is_empty(), "{name}");
    seeds
}

/// Runs a target on one input, and shows the input where a promise breaks.
pub(crate) fn run<T>(name: &str, input: &[u8], target: impl Fn(&[u8]) -> T) -> T {
    match catch_unwind(AssertUnwindSafe(|| target(input))) {
        Ok(answer) => answer,
        Err(panic) => {
            eprintln!("`{name}` fails on \"{}\"", input.escape_ascii());
            std::panic::resume_unwind(panic);
        }
    }
}

/// Runs a target on its seeds, and on as many inputs made from them as `rounds` says.
pub(crate) fn fuzz<T>(
    name: &str,
    seeds: &[Vec<u8>],
    tokens: &[&str],
    rounds: u64,
    target: impl Fn(&[u8]) -> T,
) {
    for seed in seeds {
        run(name, seed, &target);
    }
    let said = std::env::var("COMITY_FUZZ_ROUNDS").ok();
    let rounds = said.map_or(rounds, |it| it.parse().expect("`COMITY_FUZZ_ROUNDS` is a number"));
    let mut mutator = Mutator::new(seeds, tokens, 7);
    for _ in 0..rounds {
        run(name, &mutator.next(), &target);
    }
}
