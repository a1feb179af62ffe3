//! What enters a node: objects validated, stored and recorded a second, durable, by import and by TAXII posting, beside raw
//! SQLite that inserts the same bytes as durably and as many to a commit.
//!
//! `scripts/bench admit [--objects N]`

mod raw;
mod report;

use std::time::{Duration, Instant};

use comity_bench::corpus;
use comity_bench::figures::{per_second, print};
use comity_bench::machine::processor;
use comity_exchange::collection::{self, NewCollection};
use comity_exchange::import::{ImportOptions, Lang, import};
use comity_exchange::ports::{Audience, CollectionRecord, HoldingQuery};
use comity_exchange::posting;
use comity_model::Holding;
use comity_testkit::{Party, Result, TestClock};

use report::Report;

const USAGE: &str = "\
usage: scripts/bench admit [--objects N]

  --objects N  objects that are imported, and as many that are posted, in each of five rounds (20000)
";

/// Rounds, of which the middle one is taken.
const ROUNDS: u64 = 5;
/// Objects in one posting, and rows that raw SQLite commits together: as many as an import does.
const BATCH: usize = 1_000;

#[tokio::main]
async fn main() -> Result<()> {
    let arguments = Arguments::read(std::env::args().skip(1))?;
    if arguments.help {
        return Ok(print(USAGE)?);
    }
    let clock = TestClock::at("2026-03-01T10:00:00Z".parse()?);
    let party = Party::new("mx", &clock, false).await?;
    let inbox = inbox(&party).await?;
    let (mut imports, mut postings) = (Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        let objects = corpus::objects(arguments.objects, 2 * round);
        let taken = Taken::of(imported(&party, &objects)).await?;
        imports.push((taken, raw::inserted(&objects, &held(&party, &objects).await?, BATCH)?));
        let objects = corpus::objects(arguments.objects, 2 * round + 1);
        let taken = Taken::of(posted(&party, &inbox, &objects)).await?;
        postings.push((taken, raw::inserted(&objects, &held(&party, &objects).await?, BATCH)?));
    }
    let mut report = Report::new();
    for (name, rounds) in [("imported", imports), ("posted, 1,000 at a time", postings)] {
        tell(&mut report, name, rounds)?;
    }
    report.finish("admit")
}

/// What one round took.
struct Taken {
    objects: u64,
    clock: Duration,
    processor: Duration,
}

impl Taken {
    /// Does it and looks at the clocks; `work` gives how many objects it was.
    async fn of(work: impl Future<Output = Result<u64>>) -> Result<Self> {
        let (begun, worked) = (Instant::now(), processor());
        let objects = work.await?;
        let (clock, processor) = (begun.elapsed(), processor().saturating_sub(worked));
        Ok(Self { objects, clock, processor })
    }
}

/// The round of the middle, by the clock.
fn tell(report: &mut Report, name: &str, mut rounds: Vec<(Taken, raw::Inserted)>) -> Result<()> {
    rounds.sort_by_key(|(taken, _)| taken.clock);
    let (taken, raw) = rounds.get(rounds.len() / 2).ok_or("no round")?;
    let rate = |clock| per_second(taken.objects, clock);
    let ours = rate(taken.clock);
    report.row(&format!("objects {name}"), ours, "objects/s", None)?;
    report.row(
        "  raw SQLite: their bytes alone",
        rate(raw.bytes),
        "rows/s",
        Some((ours, Some(0.4))),
    )?;
    report.row(
        "  raw SQLite: their bytes, and each found by its id and version",
        rate(raw.found.clock),
        "rows/s",
        Some((ours, None)),
    )?;
    report.row(
        "  raw SQLite: the rows and indices that a node keeps, unchecked",
        rate(raw.kept.clock),
        "rows/s",
        Some((ours, None)),
    )?;
    let each = |time: Duration| 1_000_000.0 / per_second(taken.objects, time);
    report.row("  processor time of an object, all threads", each(taken.processor), "µs", None)?;
    report.row("  raw SQLite: of a row that is found", each(raw.found.processor), "µs", None)?;
    report.row("  raw SQLite: of all that a node keeps", each(raw.kept.processor), "µs", None)?;
    Ok(())
}

/// A collection into which accounts write, and which programs of this party read.
async fn inbox(party: &Party) -> Result<CollectionRecord> {
    let new = NewCollection {
        alias: "inbox".to_owned(),
        title: "What desks write".to_owned(),
        writable: true,
        ..NewCollection::default()
    };
    let inbox = collection::add(&party.node, new, "an administrator").await?;
    party.node.store().open_view(inbox.id, Audience::House).await?;
    Ok(inbox)
}

async fn imported(party: &Party, objects: &[String]) -> Result<u64> {
    let options = ImportOptions {
        source: "bench".to_owned(),
        grade: None,
        lang: Lang::En,
        by: "an analyst".to_owned(),
    };
    let file = std::io::Cursor::new(objects.join("\n").into_bytes());
    let report = import(&party.node, file, options, |_| {}).await?;
    // an observable that came in a round before is there already
    let taken = report.held.new + report.held.unchanged;
    if taken != objects.len() as u64 {
        return Err(format!("{:?} of {} objects", report.held, objects.len()).into());
    }
    Ok(taken)
}

async fn posted(party: &Party, inbox: &CollectionRecord, objects: &[String]) -> Result<u64> {
    let mut taken = 0;
    for batch in objects.chunks(BATCH) {
        let envelope = format!(r#"{{"objects":[{}]}}"#, batch.join(",")).into_bytes();
        let posting = posting::post(&party.node, inbox, "desk", None, envelope, Lang::En).await?;
        let status: serde_json::Value = serde_json::from_str(&posting.status)?;
        let successes = status.get("success_count").and_then(serde_json::Value::as_u64);
        taken += successes.ok_or("a status without a count")?;
    }
    if taken != objects.len() as u64 {
        return Err(format!("{taken} of {} objects were taken", objects.len()).into());
    }
    Ok(taken)
}

/// What the node holds of these objects.
async fn held(party: &Party, objects: &[String]) -> Result<Vec<Holding>> {
    let mut held = Vec::with_capacity(objects.len());
    for batch in objects.chunks(BATCH) {
        let mut ids = Vec::with_capacity(batch.len());
        for object in batch {
            let read: serde_json::Value = serde_json::from_str(object)?;
            let id = read.get("id").and_then(serde_json::Value::as_str);
            ids.push(id.ok_or("an object without an id")?.to_owned());
        }
        let limit = u32::try_from(ids.len())?;
        let query = HoldingQuery { ids: Some(ids), limit, ..HoldingQuery::default() };
        held.extend(party.node.store().holdings(query).await?.holdings);
    }
    Ok(held)
}

/// What the command line says.
struct Arguments {
    objects: u64,
    help: bool,
}

impl Arguments {
    /// Reads them. What `cargo bench` adds itself is passed over.
    fn read(mut given: impl Iterator<Item = String>) -> Result<Self> {
        let mut read = Self { objects: 20_000, help: false };
        while let Some(argument) = given.next() {
            match argument.as_str() {
                "--objects" => {
                    read.objects = given.next().ok_or("--objects wants a number")?.parse()?;
                    if !(1..=1_000_000).contains(&read.objects) {
                        return Err("--objects is from 1 to 1000000".into());
                    }
                }
                "--help" | "-h" => read.help = true,
                "--bench" => {}
                other => return Err(format!("there is no argument `{other}`; try --help").into()),
            }
        }
        Ok(read)
    }
}
