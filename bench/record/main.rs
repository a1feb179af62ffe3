//! The record: durable appends with a signed checkpoint each second, beside raw SQLite; and the size and the time of proofs
//! and of their verification, from a thousand to ten million leaves.
//!
//! `scripts/bench record [--appends N] [--leaves N]`

mod append;
mod prove;
mod report;

use comity_testkit::Result;

use report::Report;

#[tokio::main]
async fn main() -> Result<()> {
    let arguments = Arguments::read(std::env::args().skip(1))?;
    if arguments.help {
        return report::print("usage: scripts/bench record [--appends N] [--leaves N]\n");
    }
    let mut report = Report::default();
    append::run(&mut report, arguments.appends).await?;
    prove::run(&mut report, arguments.leaves)?;
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
        let mut read = Self { appends: 100_000, leaves: 10_000_000, help: false };
        while let Some(argument) = given.next() {
            let mut number = || -> Result<u64> {
                let number: u64 = given.next().ok_or("a number is missing")?.parse()?;
                if number < 1_000 { Err("the smallest number is 1000".into()) } else { Ok(number) }
            };
            match argument.as_str() {
                "--appends" => read.appends = number()?,
                "--leaves" => read.leaves = number()?,
                "--help" | "-h" => read.help = true,
                "--bench" => {}
                other => return Err(format!("there is no argument `{other}`").into()),
            }
        }
        Ok(read)
    }
}
