//! What is written: envelopes of new objects, one after the other, each answered when it is done.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use comity_testkit::{Result, indicator};
use rusqlite::{Connection, params};

use crate::cases::middle_of;
use crate::load::{self, Pace, load};
use crate::report::Report;
use crate::servers::Server;

/// Envelopes of so many objects.
const SIZES: [u64; 2] = [100, 1_000];

/// Each size at each server, and the bytes of the same objects alone into SQLite, durable, a transaction an envelope.
pub(crate) async fn compare(
    servers: &[&Server],
    rounds: u32,
    time: Duration,
    report: &mut Report,
) -> Result<()> {
    for size in SIZES {
        let mut paces: Vec<Vec<Pace>> = vec![Vec::new(); servers.len() + 1];
        for round in 0..rounds {
            for (number, (server, paces)) in servers.iter().zip(&mut paces).enumerate() {
                let first = first_of(size, round, number);
                paces.push(post(server, size, first, time).await?);
            }
            let raw = raw(size, first_of(size, round, servers.len()), time)?;
            paces.last_mut().ok_or("no place for SQLite")?.push(raw);
        }
        let names = servers.iter().map(|it| it.name).chain(["sqlite"]);
        #[expect(clippy::cast_precision_loss, reason = "a figure for people")]
        let rates: Vec<_> = names
            .zip(&mut paces)
            .filter_map(|(name, paces)| Some((name, middle_of(paces)?.rate * size as f64)))
            .collect();
        let goal = (size == 1_000).then_some([("opentaxii", 30.0), ("sqlite", 0.4)]);
        let name = format!("POST of {size} objects, 1 connection");
        report.most(&name, "objects/s", &rates, goal.as_ref().map(<[_; 2]>::as_slice))?;
    }
    Ok(())
}

/// The number of the first object of a measurement: none is written twice.
fn first_of(size: u64, round: u32, server: usize) -> u64 {
    let number = (u64::from(round) * 8 + server as u64) * 2 + u64::from(size == 1_000);
    1_000_000_000 + number * 10_000_000
}

/// An envelope of new objects.
fn envelope(first: u64, size: u64) -> Vec<u8> {
    let objects: Vec<String> = (first..first + size).map(indicator).collect();
    format!("{{\"objects\":[{}]}}", objects.join(",")).into_bytes()
}

async fn post(server: &Server, size: u64, first: u64, time: Duration) -> Result<Pace> {
    let target = format!("{}objects/", server.empty);
    // made before the time runs: the client is not what is measured
    let enough = 400_000 / size;
    let made: Vec<Vec<u8>> =
        (0..enough).map(|it| server.post(&target, &envelope(first + it * size, size))).collect();
    let (made, asked) = (Arc::new(made), Arc::new(AtomicU64::new(0)));
    let (requests, counted) = (Arc::clone(&made), Arc::clone(&asked));
    let pace = load(
        server.address,
        move |_, _| {
            let number = counted.fetch_add(1, Ordering::Relaxed) % enough;
            requests.get(usize::try_from(number).unwrap_or_default()).cloned().unwrap_or_default()
        },
        1,
        202,
        time,
    )
    .await?;
    if asked.load(Ordering::Relaxed) > enough {
        return Err(format!("{} took more than the {enough} envelopes made", server.name).into());
    }
    all_taken(server, size, first).await?;
    Ok(pace)
}

/// Whether a server says that it took every object of another envelope: what it refuses costs it less.
async fn all_taken(server: &Server, size: u64, first: u64) -> Result<()> {
    let mut connection = load::Connection::open(server.address).await?;
    let target = format!("{}objects/", server.empty);
    let answer = connection.ask(&server.post(&target, &envelope(first + 9_000_000, size))).await?;
    let status: serde_json::Value = serde_json::from_slice(&answer.body)?;
    if status.get("success_count").and_then(serde_json::Value::as_u64) == Some(size) {
        return Ok(());
    }
    Err(format!("{} did not take {size} objects: {} {status}", server.name, answer.head).into())
}

/// The same objects into a table of SQLite with the key that any store needs.
fn raw(size: u64, first: u64, time: Duration) -> Result<Pace> {
    let folder = comity_testkit::tempdir()?;
    let mut database = Connection::open(folder.path().join("raw.db"))?;
    database.pragma_update(None, "journal_mode", "wal")?;
    database.pragma_update(None, "synchronous", "full")?;
    database.execute(
        "CREATE TABLE object (id TEXT, bytes BLOB, PRIMARY KEY (id)) WITHOUT ROWID, STRICT",
        [],
    )?;
    let objects: Vec<(String, String)> = (0..400_000)
        .map(|number| {
            let object = indicator(first + number);
            let id = object.split("\"indicator--").nth(1).and_then(|it| it.split('"').next());
            Ok((id.ok_or("an object without an id")?.to_owned(), object))
        })
        .collect::<Result<_>>()?;
    let begun = Instant::now();
    let mut answers = 0_u32;
    for envelope in objects.chunks(usize::try_from(size)?) {
        if begun.elapsed() >= time {
            break;
        }
        let writing = database.transaction()?;
        {
            let mut insert = writing.prepare_cached("INSERT INTO object VALUES (?1, ?2)")?;
            for (id, bytes) in envelope {
                insert.execute(params![id, bytes.as_bytes()])?;
            }
        }
        writing.commit()?;
        answers += 1;
    }
    Ok(Pace { rate: f64::from(answers) / begun.elapsed().as_secs_f64() })
}
