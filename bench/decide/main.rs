//! Decisions about 100,000 objects: what an engine with a memory of classes does in a second of one core, beside
//! cedar-policy asked about every object, and beside the whole step with the facts read off the bytes.
//!
//! `scripts/bench decide [--objects N] [--sample N]`

mod facts;
mod peer;
#[path = "../stix/report.rs"]
mod report;

use std::collections::BTreeMap;
use std::time::Duration;

use comity_bench::figures::{per_second, print};
use comity_bench::machine::processor;
use comity_exchange::consent::Consents;
use comity_exchange::decide::{Case, decide};
use comity_exchange::hold::{Gist, Provenance, hold};
use comity_model::{Digest, Holding, Origin, PartyRoot};
use comity_policy::{Agreement, Engine, Facts, Question};
use comity_stix::Limits;
use comity_stix::json::Document;
use jiff::Timestamp;

use report::{Report, Row};

/// Several clauses, red lines over labels, persons, places and ages: what a real agreement asks of an object.
const AGREEMENT: &str = include_str!("agreement.toml");
const CLAUSE: &str = "indicators";
const PURPOSE: &str = "network-defence";

/// Each figure is the middle one of so many.
const ROUNDS: usize = 5;

type Error = Box<dyn std::error::Error + Send + Sync>;
pub(crate) type Result<T> = std::result::Result<T, Error>;

fn main() -> Result<()> {
    let Some(arguments) = Arguments::read(std::env::args().skip(1))? else {
        return Ok(print("usage: scripts/bench decide [--objects N] [--sample N]\n")?);
    };
    let agreement = Agreement::parse(AGREEMENT).map_err(|errors| {
        errors.first().map_or_else(|| "no agreement".to_owned(), ToString::to_string)
    })?;
    let from = PartyRoot::new(Digest::from_bytes([0x11; 32]));
    let to = PartyRoot::new(Digest::from_bytes([0x22; 32]));
    let now: Timestamp = "2026-10-01T12:00:00Z".parse()?;
    let question = Question { from, clause: CLAUSE, purpose: PURPOSE, now };

    let objects = comity_bench::corpus::objects(arguments.objects, 11);
    let holdings = objects.iter().map(|object| held(object, now)).collect::<Result<Vec<_>>>()?;
    let known: Vec<Facts> = holdings.iter().map(|holding| facts::of(holding, now)).collect();
    let sample = known.get(..arguments.sample.min(known.len())).unwrap_or_default();

    let mut report = Report::default();
    report.peer("cedar-policy", &cedar_policy::get_sdk_version().to_string());
    let engine = Engine::compile(&agreement)?;
    let peer = peer::Peer::new(&engine)?;
    for facts in sample {
        let ours = engine.decide(facts, &question).releases();
        if peer.releases(facts, &question, to)? != ours {
            return Err(format!("the two decide differently about {facts:?}").into());
        }
    }
    let mut failed = None;
    let theirs = middle(|| {
        processor_time(|| {
            for facts in sample {
                if let Err(error) = peer.releases(facts, &question, to) {
                    failed = Some(error);
                }
            }
        })
    });
    failed.map_or(Ok(()), Err)?;
    // each round begins with an engine that remembers nothing
    let mut classes = 0;
    let ours = middle(|| match Engine::compile(&agreement) {
        Ok(engine) => {
            let time = processor_time(|| {
                for facts in &known {
                    std::hint::black_box(engine.decide(facts, &question));
                }
            });
            classes = engine.classes();
            time
        }
        Err(_) => Duration::MAX,
    });
    report.row(&Row {
        name: "decide, facts known",
        value: per_second(known.len() as u64, ours),
        unit: "objects/s",
        beside: Some(("cedar-policy, object by object", per_second(sample.len() as u64, theirs))),
        goal: Some(5.0),
    })?;
    let whole = middle(|| from_bytes(&agreement, from, now, holdings.clone()));
    report.row(&Row {
        name: "decide, facts read off the bytes",
        value: per_second(holdings.len() as u64, whole),
        unit: "objects/s",
        beside: Some(("to reach: 100,000 in 2 s", 50_000.0)),
        goal: Some(1.0),
    })?;
    report.note(&format!(
        "{} objects of {classes} classes in {:.3} s with their facts known, {:.3} s with them read; one core, its own time; cedar-policy on {} of them",
        known.len(),
        ours.as_secs_f64(),
        whole.as_secs_f64(),
        sample.len()
    ))?;
    report.finish("decide")
}

/// The step of a release: facts, decisions, and references followed.
fn from_bytes(
    agreement: &Agreement,
    from: PartyRoot,
    now: Timestamp,
    holdings: Vec<Holding>,
) -> Duration {
    let Ok(engine) = Engine::compile(agreement) else { return Duration::MAX };
    let consents = Consents::default();
    let case = Case {
        engine: &engine,
        from,
        clause: CLAUSE,
        purpose: PURPOSE,
        now,
        secret: &[7; 32],
        consents: &consents,
    };
    processor_time(|| {
        std::hint::black_box(decide(&case, holdings, &BTreeMap::new()));
    })
}

fn held(object: &str, now: Timestamp) -> Result<Holding> {
    let head = comity_stix::head(object.as_bytes(), &Limits::default())
        .map_err(|finding| finding.to_string())?
        .into_owned();
    let document = Document::parse(object.as_bytes(), &Limits::default())
        .map_err(|finding| finding.to_string())?;
    let gist = Gist::of(&document, &head);
    let provenance = Provenance {
        origin: Origin::Own { source: "bench".to_owned() },
        chain: Vec::new(),
        handling: None,
        grade: Some("B2".parse()?),
        received_at: now,
    };
    Ok(hold(object.as_bytes().to_vec(), head, gist, provenance))
}

/// The middle one of several rounds.
fn middle(mut round: impl FnMut() -> Duration) -> Duration {
    let mut times: Vec<Duration> = (0..ROUNDS).map(|_| round()).collect();
    times.sort();
    times.get(ROUNDS / 2).copied().unwrap_or_default()
}

/// How long the processor worked for this process, which has one thread.
fn processor_time(work: impl FnOnce()) -> Duration {
    let begun = processor();
    work();
    processor().saturating_sub(begun)
}

/// What the command line says.
struct Arguments {
    objects: u64,
    sample: usize,
}

impl Arguments {
    /// `None` where help is asked for.
    fn read(mut words: impl Iterator<Item = String>) -> Result<Option<Self>> {
        let mut read = Self { objects: 100_000, sample: 5_000 };
        while let Some(word) = words.next() {
            let mut number = || words.next().ok_or_else(|| format!("{word} wants a number"));
            match word.as_str() {
                "--objects" => read.objects = number()?.parse()?,
                "--sample" => read.sample = number()?.parse()?,
                "-h" | "--help" => return Ok(None),
                // what cargo bench adds
                "--bench" => {}
                _ => return Err(format!("there is no `{word}`; try --help").into()),
            }
        }
        Ok(Some(read))
    }
}
