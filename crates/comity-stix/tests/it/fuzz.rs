//! Every parser against inputs made from seeds: a bounded run of what `fuzz/` does without end.
//!
//! The inputs are the same in every run. `COMITY_FUZZ_ROUNDS` says how many a target gets; a
//! thousand times as many is an evening's run.

#![expect(clippy::expect_used, reason = "helpers of tests may fail as tests do")]

pub(crate) mod mutator;
#[path = "../../../../fuzz/targets/all.rs"]
mod targets;

use std::panic::{AssertUnwindSafe, catch_unwind};

use comity_stix::sample::{Fill, Sampler};
use comity_stix::types;
use mutator::{Mutator, numbers};

const CORPUS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fuzz/corpus/");

/// How many inputs a target gets.
fn rounds() -> u64 {
    let said = std::env::var("COMITY_FUZZ_ROUNDS").ok();
    said.map_or(1_000, |rounds| rounds.parse().expect("`COMITY_FUZZ_ROUNDS` is a number"))
}

/// The files of a target, and what the tables make for it.
fn seeds(name: &str) -> Vec<Vec<u8>> {
    let files = std::fs::read_dir(format!("{CORPUS}{name}")).expect("each target has seeds");
    let mut paths: Vec<_> = files.map(|file| file.unwrap().path()).collect();
    paths.sort();
    let mut seeds: Vec<_> = paths.iter().map(|path| std::fs::read(path).unwrap()).collect();
    assert!(!seeds.is_empty(), "{name}");
    if matches!(name, "document" | "reader" | "object" | "markings") {
        let mut sampler = Sampler::new(numbers(11));
        seeds.extend(types::all().map(|type_| sampler.bytes(type_, Fill::Some)));
    }
    seeds
}

/// Runs a target on one input, and shows the input where a promise breaks.
fn run(name: &str, input: &[u8]) {
    if let Err(panic) = catch_unwind(AssertUnwindSafe(|| targets::run(name, input))) {
        eprintln!("`{name}` fails on \"{}\"", input.escape_ascii());
        std::panic::resume_unwind(panic);
    }
}

fn fuzz(name: &str) {
    let seeds = seeds(name);
    for seed in &seeds {
        run(name, seed);
    }
    let mut mutator = Mutator::new(&seeds, 7);
    for _ in 0..rounds() {
        run(name, &mutator.next());
    }
}

macro_rules! each_target {
    ($($name:ident)*) => {
        $(
            #[test]
            fn $name() {
                fuzz(stringify!($name));
            }
        )*

        #[test]
        fn no_target_is_left_out() {
            let tested = [$(stringify!($name)),*];
            let listed: Vec<_> = targets::ALL.iter().map(|(name, _)| *name).collect();
            assert_eq!(tested.as_slice(), listed);
        }
    };
}

each_target! { document edits reader object markings words forms pattern matches schema registry }

/// Long inputs of one kind each, in which a reader that goes back to the start for every step would never end.
#[test]
fn much_of_anything_is_read_in_one_go() {
    let size = 1 << 16;
    let parts = [
        ("", "[", ""),
        ("", "{\"a\":", ""),
        ("[", "0,", "0]"),
        ("[", "\"\\u0041\\ud83d\\ude00\",", "0]"),
        ("\"", "\\\\", "\""),
        ("", "\n", ""),
        ("", "{}\n", ""),
        ("", "{\"type\":\"bundle\",\"objects\":[", ""),
        ("[a:b = '", "\\'", "']"),
        ("", "(", ""),
        ("[a:b = 1", " AND a:b = 1", "]"),
        ("[a:b = 1]", " AND [a:b = 1]", ""),
        ("[a:b IN (1", ",1", ")]"),
        ("[a:b", ".c", " = 1]"),
        ("[a:b LIKE '", "%_", "']"),
        ("[a:b MATCHES '", "(a*)*", "']"),
        ("{\"type\":\"tool\",\"labels\":[\"\"", ",\"\"", "]}"),
        ("{\"allOf\":[true", ",true", "]}\n1"),
        ("/", "a/", "\n1\n{\"a\":1}"),
        ("x", "-a", ""),
        ("a@", "b.", "c"),
    ];
    for (start, part, end) in parts {
        let input = [start, &part.repeat(size / part.len()), end].concat();
        for (name, _) in targets::ALL {
            run(name, input.as_bytes());
        }
    }
    // Keys of their own each, among which one is looked for that stands twice.
    let keys: Vec<_> = (0..15_000).map(|at| format!("\"k{at}\":0")).collect();
    let input = format!("{{{}}}", keys.join(","));
    for (name, _) in targets::ALL {
        run(name, input.as_bytes());
    }
}
