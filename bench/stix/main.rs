//! STIX beside its peers: full validation, heads and patterns, each on one core over the same bytes.
//!
//! `scripts/bench stix [--quick]`

mod objects;
mod patterns;
mod report;
mod rounds;

use std::error::Error;
use std::path::PathBuf;

use comity_bench::figures::print;
use report::Report;

/// What a bench may fail with.
type Result<T, E = Box<dyn Error>> = std::result::Result<T, E>;

/// How much is measured, and for how long.
struct Effort {
    /// Objects that are made.
    objects: u64,
    /// Observations that are made.
    observations: u64,
    /// Rounds, of which the middle one is taken.
    rounds: u32,
    /// Seconds that a round of a fast one lasts at least, and of a slow one at most.
    seconds: f64,
}

const WHOLE: Effort = Effort { objects: 20_000, observations: 1_000, rounds: 5, seconds: 1.0 };
const QUICK: Effort = Effort { objects: 2_000, observations: 200, rounds: 1, seconds: 0.3 };

fn main() -> Result<()> {
    let mut effort = WHOLE;
    for word in std::env::args().skip(1) {
        match word.as_str() {
            "--quick" => effort = QUICK,
            "-h" | "--help" => return Ok(print("usage: scripts/bench stix [--quick]\n")?),
            // what cargo bench adds
            "--bench" => {}
            _ => return Err(format!("there is no `{word}`; try --help").into()),
        }
    }
    let mut report = Report::default();
    objects::measure(&mut report, &effort)?;
    patterns::measure(&mut report, &effort)?;
    report.finish("stix")
}

/// Where what the peers read is written.
fn scratch(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name)
}
