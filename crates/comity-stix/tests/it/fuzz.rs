//! Every parser against inputs made from seeds: a bounded run of what `fuzz/` does without end.
//!
//! The inputs are the same in every run. `COMITY_FUZZ_ROUNDS` says how many a target gets; a
//! thousand times as many is an evening's run.

#[expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "helpers of tests may fail as tests do"
)]
#[path = "../../../../fuzz/bounded/run.rs"]
pub(crate) mod bounded;
#[expect(clippy::expect_used, reason = "a broken promise panics: that is what a fuzzer sees")]
#[path = "../../../../fuzz/targets/stix/all.rs"]
mod targets;
#[path = "../../../../fuzz/targets/stix/tokens.rs"]
mod tokens;

use bounded::mutator::numbers;
use comity_stix::sample::{Fill, Sampler};
use comity_stix::types;

/// The files of a target, and what the tables make for it.
fn seeds(name: &str) -> Vec<Vec<u8>> {
    let mut seeds: Vec<_> = bounded::seeds(name).into_values().collect();
    if matches!(name, "document" | "reader" | "object" | "markings") {
        let mut sampler = Sampler::new(numbers(11));
        seeds.extend(types::all().map(|type_| sampler.bytes(type_, Fill::Some)));
    }
    seeds
}

fn run(name: &str, input: &[u8]) {
    bounded::run(name, input, |input| targets::run(name, input));
}

fn fuzz(name: &str) {
    let tokens = tokens::TOKENS;
    bounded::fuzz(name, &seeds(name), tokens, 1_000, |input| targets::run(name, input));
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
