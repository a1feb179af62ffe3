//! This node's TAXII server beside other people's and beside a server of still bytes, with the same objects; and what a page
//! costs however much there is.
//!
//! `scripts/bench taxii [--quick] [--rounds N] [--pages N] [--peers yes|no]`

mod cases;
mod load;
mod pages;
mod post;
mod report;
mod servers;
mod still;

use std::path::{Path, PathBuf};
use std::time::Duration;

use comity_bench::corpus;
use comity_bench::figures::print;
use comity_testkit::Result;
use serde_json::Value;

use report::Report;
use servers::{Place, Server};

const USAGE: &str = "\
usage: scripts/bench taxii [--quick] [--rounds N] [--objects N] [--peers yes|no]

  --quick        one round of half a second each, and pages at 10,000 and 50,000 objects
  --rounds N     rounds, of which the middle one counts (3)
  --objects N    the larger number of objects at which pages are timed (1,000,000); 0 leaves this out
  --peers no     leaves out the other servers
";

/// MITRE ATT&CK, where the checkout stands beside it.
const ATTACK: &str = "../shared/data/stix/enterprise-attack-15.0-stix21.json";

fn main() -> Result<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    if let [flag, folder, address] = words.as_slice()
        && flag == "--static"
    {
        let threads = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        return threads.block_on(still::serve(Path::new(folder), address.parse()?));
    }
    let arguments = Arguments::read(words.into_iter())?;
    if arguments.help {
        return Ok(print(USAGE)?);
    }
    // one thread makes the load and leaves the other cores to the servers
    let one = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    one.block_on(run(&arguments))
}

async fn run(arguments: &Arguments) -> Result<()> {
    let folder = comity_testkit::tempdir()?;
    let place = Place::new(folder.path())?;
    let mut report = Report::new();
    let (objects, file) = objects(folder.path(), &mut report)?;
    if arguments.peers {
        beside(&place, arguments, &file, objects, &mut report).await?;
    }
    if arguments.objects > 0 {
        pages::compare(&place, folder.path(), arguments.objects, &mut report).await?;
    }
    report.finish("taxii")
}

/// Every server with the same objects, in turn.
async fn beside(
    place: &Place,
    arguments: &Arguments,
    file: &Path,
    objects: usize,
    report: &mut Report,
) -> Result<()> {
    print("preparing the servers\n")?;
    let mut comity = place.comity("comity", file)?;
    let mut opentaxii = place.opentaxii(file)?;
    let mut medallion = place.medallion(file)?;
    for server in [&comity, &opentaxii, &medallion] {
        report.peer(server.name, &server.version);
    }
    ready(&mut comity, &mut opentaxii, &mut medallion, report).await?;
    cases::walk(&[&comity, &opentaxii], objects, report).await?;
    let cases = cases::all(&[&comity, &opentaxii]).await?;
    let still = cases::answers(&comity, &cases).await?;
    let mut still = place.still(&still)?;
    still.start().await?;
    report.memory(&[&comity, &opentaxii, &medallion]);
    cases::silent(&medallion, objects, report).await?;
    medallion.stop()?;
    cases::compare(
        &[&comity, &opentaxii, &still],
        &cases,
        arguments.rounds,
        arguments.time,
        report,
    )
    .await?;
    still.stop()?;
    medallion.start().await?;
    post::compare(&[&comity, &opentaxii, &medallion], arguments.rounds, arguments.time, report)
        .await?;
    for server in [&mut comity, &mut opentaxii, &mut medallion] {
        server.stop()?;
    }
    Ok(())
}

/// How long each takes from its start to its first answer, with the objects already in its store.
async fn ready(
    comity: &mut Server,
    opentaxii: &mut Server,
    medallion: &mut Server,
    report: &mut Report,
) -> Result<()> {
    let mut times = Vec::new();
    for server in [comity, opentaxii, medallion] {
        let time = server.start().await?;
        times.push((server.name, time.as_secs_f64()));
    }
    cases::followed(times.len()).await;
    report.least("from start to the first answer", "s", &times);
    Ok(())
}

/// The objects for all, a line each, and how many they are.
fn objects(folder: &Path, report: &mut Report) -> Result<(usize, PathBuf)> {
    let attack = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(ATTACK);
    let (name, lines) = match std::fs::read(&attack) {
        Ok(bytes) => {
            let bundle: Value = serde_json::from_slice(&bytes)?;
            let objects = bundle.get("objects").and_then(Value::as_array).ok_or("no objects")?;
            ("ATT&CK enterprise 15.0", objects.iter().map(Value::to_string).collect::<Vec<_>>())
        }
        Err(_) => ("made from a seed", corpus::objects(20_000, 7)),
    };
    let file = folder.join("objects.jsonl");
    std::fs::write(&file, lines.join("\n") + "\n")?;
    report.about(name, lines.len())?;
    Ok((lines.len(), file))
}

/// What the command line says.
struct Arguments {
    rounds: u32,
    time: Duration,
    objects: u64,
    peers: bool,
    help: bool,
}

impl Arguments {
    fn read(mut words: impl Iterator<Item = String>) -> Result<Self> {
        let time = Duration::from_secs(2);
        let mut read = Self { rounds: 3, time, objects: 1_000_000, peers: true, help: false };
        while let Some(word) = words.next() {
            let mut value = || words.next().ok_or_else(|| format!("{word} wants a value"));
            match word.as_str() {
                "--quick" => {
                    (read.rounds, read.time, read.objects) =
                        (1, Duration::from_millis(500), 50_000);
                }
                "--rounds" => read.rounds = value()?.parse()?,
                "--objects" => read.objects = value()?.parse()?,
                "--peers" => read.peers = value()? == "yes",
                "-h" | "--help" => read.help = true,
                // what cargo bench adds
                "--bench" => {}
                _ => return Err(format!("there is no `{word}`; try --help").into()),
            }
        }
        Ok(read)
    }
}
