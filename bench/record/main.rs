//! The record: durable appends with a kept checkpoint each second, beside raw SQLite; and the size and the time of proofs,
//! of whole evidence and of their verification, from a thousand to ten million leaves, beside a checker in Python.
//!
//! `scripts/bench record [--appends N] [--leaves N]`

mod append;
mod evidence;
mod prove;
mod report;
mod tree;

use comity_bench::figures::print;
use comity_testkit::Result;

use report::Report;
use tree::Tree;

const USAGE: &str = "\
usage: scripts/bench record [--appends N] [--leaves N]

  --appends N  statements that are sealed in each of five rounds (50000)
  --leaves N   leaves of the longest log that something is proved in, a power of ten (10000000)
";

#[tokio::main]
async fn main() -> Result<()> {
    let arguments = Arguments::read(std::env::args().skip(1))?;
    if arguments.help {
        return Ok(print(USAGE)?);
    }
    let mut report = Report::new();
    append::run(&mut report, arguments.appends).await?;
    let (one, two) = (evidence::settled(1).await?, evidence::settled(2).await?);
    let (keys, mut tree) = (prove::Keys::new()?, Tree::default());
    let mut size = 1_000;
    while size <= arguments.leaves {
        tree.grow(size)?;
        prove::run(&mut report, &keys, &tree)?;
        let is_last = size * 10 > arguments.leaves;
        for settled in [&one, &two] {
            evidence::run(&mut report, settled, &tree, is_last)?;
        }
        size *= 10;
    }
    report.finish("record")
}

/// How much is asked for.
struct Arguments {
    appends: u64,
    leaves: u64,
    help: bool,
}

impl Arguments {
    /// Reads them. What `cargo bench` adds itself is passed over.
    fn read(mut given: impl Iterator<Item = String>) -> Result<Self> {
        let mut read = Self { appends: 50_000, leaves: 10_000_000, help: false };
        while let Some(argument) = given.next() {
            let mut number = || -> Result<u64> {
                let number: u64 = given.next().ok_or("a number is missing")?.parse()?;
                match number {
                    1_000..=100_000_000 => Ok(number),
                    _ => Err("a number is from 1000 to 100000000".into()),
                }
            };
            match argument.as_str() {
                "--appends" => read.appends = number()?,
                "--leaves" => read.leaves = number()?,
                "--help" | "-h" => read.help = true,
                "--bench" => {}
                other => return Err(format!("there is no argument `{other}`; try --help").into()),
            }
        }
        Ok(read)
    }
}
