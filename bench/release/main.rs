//! Releases from compose to settled, with real TLS between two nodes and both sides durable: in bulk and one at a time,
//! with the time split by step.
//!
//! `scripts/bench release [--objects N] [--singles N]`

mod report;
mod rig;

use std::sync::Arc;
use std::time::{Duration, Instant};

use comity_bench::figures::{per_second, print};
use comity_exchange::approve::{approve, find_release};
use comity_exchange::compose::Selection;
use comity_exchange::dispatch::{DispatchState, dispatch};
use comity_exchange::ports::ReleaseState;
use comity_exchange::seal::seal;
use comity_exchange::{acknowledge, admit};
use comity_testkit::{CLAUSE, Result, indicator, indicators};
use tokio::task::JoinSet;

use report::{Report, Row};
use rig::Rig;

/// Officers who compose, approve and seal at the same time, each one release after the other.
const DESKS: usize = 8;

/// Nobody waits for a checkpoint here.
const PATIENCE: Duration = Duration::from_mins(1);

#[tokio::main]
async fn main() -> Result<()> {
    let mut arguments = Arguments::read(std::env::args().skip(1))?;
    if arguments.help {
        return Ok(print("usage: scripts/bench release [--objects N] [--singles N]\n")?);
    }
    let mut report = Report::default();
    bulk(&mut report, arguments.objects).await?;
    singles(&mut report, arguments.singles.take().unwrap_or(2_000)).await?;
    report.finish("release")
}

/// One release of many objects, step after step, each step timed alone.
async fn bulk(report: &mut Report, objects: u64) -> Result<()> {
    let rig = Rig::new().await?;
    let (us, mx) = (&rig.pair.us, &rig.pair.mx);
    let begun = Instant::now();
    us.hold(&indicators(0..objects)).await?;
    report.step("bulk: import", begun.elapsed());

    let whole = Instant::now();
    let begun = Instant::now();
    let composed = us.compose(mx, CLAUSE, Selection::Type("indicator".to_owned())).await?;
    report.step("bulk: compose, decide", begun.elapsed());
    let folio = composed.release.record.folio.to_string();

    let begun = Instant::now();
    let row = find_release(&us.node, &folio).await?;
    let officer = us.officers.first().ok_or("no officer")?;
    approve(&us.node, &row, officer).await?;
    report.step("bulk: approve", begun.elapsed());

    let begun = Instant::now();
    seal(&us.node, &find_release(&us.node, &folio).await?).await?;
    report.step("bulk: seal, sign", begun.elapsed());

    let begun = Instant::now();
    let mut state = DispatchState::default();
    dispatch(&us.node, &*rig.to_mx, mx.node.root(), &mut state).await?;
    report.step("bulk: dispatch, receive", begun.elapsed());

    let begun = Instant::now();
    admit::take_in(&mx.node).await?;
    report.step("bulk: verify, quarantine, admit", begun.elapsed());

    let begun = Instant::now();
    acknowledge::acknowledge(&mx.node, PATIENCE).await?;
    dispatch(&mx.node, &*rig.to_us, us.node.root(), &mut DispatchState::default()).await?;
    admit::take_in(&us.node).await?;
    report.step("bulk: acknowledge, settle", begun.elapsed());
    let whole = whole.elapsed();

    let settled = find_release(&us.node, &folio).await?;
    if settled.state != ReleaseState::Settled {
        return Err(format!("the release is {} and not settled", settled.state.as_str()).into());
    }
    report.row(Row {
        name: format!("release in bulk ({objects} objects)"),
        value: per_second(objects, whole),
        unit: "objects/s",
        goal: 20_000.0,
        beside_xroad: false,
    });
    rig.stop().await;
    Ok(())
}

/// Many releases of one object each, while both nodes' workers run as they do in `serve`.
async fn singles(report: &mut Report, releases: u64) -> Result<()> {
    let rig = Arc::new(Rig::new().await?);
    let (us, mx) = (&rig.pair.us, &rig.pair.mx);
    us.hold(&indicators(0..releases)).await?;
    let ids = (0..releases).map(id_of).collect::<Result<Vec<_>>>()?;
    let workers = rig.start_workers();
    let whole = Instant::now();
    let desks = ids.chunks(ids.len().div_ceil(DESKS)).map(<[String]>::to_vec);
    let mut working = JoinSet::new();
    for ids in desks {
        let rig = Arc::clone(&rig);
        working.spawn(async move {
            let mut steps = [Duration::ZERO; 3];
            for id in ids {
                single(&rig, id, &mut steps).await?;
            }
            Ok::<_, comity_testkit::Error>(steps)
        });
    }
    let mut steps = [Duration::ZERO; 3];
    while let Some(desk) = working.join_next().await {
        for (sum, time) in steps.iter_mut().zip(desk??) {
            *sum += time;
        }
    }
    let sealed = whole.elapsed();
    wait_until_settled(&rig, releases).await?;
    let whole = whole.elapsed();
    for (name, time) in ["compose, decide", "approve", "seal, sign"].iter().zip(steps) {
        report.step(&format!("single: {name} (of {DESKS} officers, added up)"), time);
    }
    report.step(
        "single: deliver, admit, receipt, settle (what was left after the last seal)",
        whole.saturating_sub(sealed),
    );
    report.row(Row {
        name: format!("releases of one object each ({releases}, {DESKS} officers at work)"),
        value: per_second(releases, whole),
        unit: "releases/s",
        goal: 200.0,
        beside_xroad: true,
    });
    let held: u64 = mx.node.store().counts().await?.iter().map(|it| it.objects).sum();
    if held != releases {
        return Err(format!("{held} objects were admitted of {releases}").into());
    }
    workers.stop().await;
    let rig = Arc::into_inner(rig).ok_or("the nodes are still at work")?;
    rig.stop().await;
    Ok(())
}

async fn single(rig: &Rig, id: String, steps: &mut [Duration; 3]) -> Result<()> {
    let (us, mx) = (&rig.pair.us, &rig.pair.mx);
    let begun = Instant::now();
    let composed = us.compose(mx, CLAUSE, Selection::Ids(vec![id])).await?;
    let composed_at = Instant::now();
    let officer = us.officers.first().ok_or("no officer")?;
    approve(&us.node, &composed.release, officer).await?;
    let approved_at = Instant::now();
    let row = find_release(&us.node, &composed.release.record.folio.to_string()).await?;
    seal(&us.node, &row).await?;
    let times = [composed_at - begun, approved_at - composed_at, approved_at.elapsed()];
    for (step, time) in steps.iter_mut().zip(times) {
        *step += time;
    }
    Ok(())
}

async fn wait_until_settled(rig: &Rig, releases: u64) -> Result<()> {
    let patience = Duration::from_mins(2);
    let begun = Instant::now();
    let (us, mx) = (&rig.pair.us.node, &rig.pair.mx.node);
    loop {
        let view = us.store().outbox_view(mx.root()).await?;
        if view.unsettled == 0 && view.last >= releases {
            return Ok(());
        }
        if begun.elapsed() > patience {
            return Err(format!(
                "after {patience:?} {} of {releases} are not settled",
                view.unsettled
            )
            .into());
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

fn id_of(number: u64) -> Result<String> {
    let object: serde_json::Value = serde_json::from_str(&indicator(number))?;
    Ok(object.get("id").and_then(serde_json::Value::as_str).ok_or("no id")?.to_owned())
}

/// What the command line says.
struct Arguments {
    objects: u64,
    singles: Option<u64>,
    help: bool,
}

impl Arguments {
    fn read(mut words: impl Iterator<Item = String>) -> Result<Self> {
        let mut read = Self { objects: 20_000, singles: None, help: false };
        while let Some(word) = words.next() {
            let mut number = || -> Result<u64> {
                Ok(words.next().ok_or_else(|| format!("{word} wants a number"))?.parse()?)
            };
            match word.as_str() {
                "--objects" => read.objects = number()?,
                "--singles" => read.singles = Some(number()?),
                "-h" | "--help" => read.help = true,
                // what cargo bench adds
                "--bench" => {}
                _ => return Err(format!("there is no `{word}`; try --help").into()),
            }
        }
        Ok(read)
    }
}
