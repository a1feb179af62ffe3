//! Durable appends.
//!
//! What is counted is the transaction that seals: place and predecessor, the payload's bytes and digest, leaf and tree nodes,
//! the place in the outbox, a journal line with its salt and its own leaf; durable before it is answered. Many are under way
//! at once, as from many desks, and share commits. Each second the node does what it does behind every seal, once: it signs
//! the first statements that wait, at most 256, and a checkpoint over them and over nothing that is unsigned, and keeps both.
//! The other statements of a round are signed and covered after it, in the same way: that is counted by itself.
//!
//! Rounds follow each other in one channel, whose record grows; after each the same payloads go into raw SQLite. The round
//! of the middle is told, by the clock, and beside it what the processor did: that counts even where the machine does other
//! things meanwhile.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use comity_bench::figures::per_second;
use comity_bench::machine::{processor, threads};
use comity_exchange::Node;
use comity_exchange::ports::{SealEffect, SealInput};
use comity_exchange::seal;
use comity_model::entropy::{fresh, fresh_uuid};
use comity_model::statement::{AgreementRef, Draft, Kind, Nonce, ReceiptBody};
use comity_model::{ChannelId, StatementId};
use comity_testkit::{Pair, Result, pair};
use rusqlite::{Connection, params};
use serde_json::json;
use tokio::task::JoinSet;

use crate::report::{Report, Row};

/// Appends under way at once.
const DESKS: u64 = 512;
/// Rows that raw SQLite commits together: as many as the store does at the most.
const GROUP: u64 = 256;
/// Rounds, of which the middle one is taken.
const ROUNDS: u64 = 5;
/// The thread of the store that writes.
const WRITER: &str = "comity-store-writer";

/// What one round took.
struct Round {
    clock: Duration,
    processor: Duration,
    /// What the writing thread ran.
    writer: Duration,
    /// What the writing thread waited for a processor that others had.
    waited: Duration,
    checkpoints: u64,
    /// Statements that were signed after it, under kept checkpoints, and the processor time of that.
    signed: (u64, Duration),
    raw: Duration,
    raw_processor: Duration,
}

/// Appends, checkpoints, signatures, and the same bytes into raw SQLite.
pub(crate) async fn run(report: &mut Report, appends: u64) -> Result<()> {
    let pair = pair().await?;
    let agreement =
        pair.us.node.store().agreements().await?.first().ok_or("no agreement")?.reference;
    let channel = ChannelId {
        agreement: agreement.id,
        epoch: 1,
        from: pair.us.node.root(),
        to: pair.mx.node.root(),
    };
    let mut rounds = Vec::new();
    for number in 0..ROUNDS {
        let first = number * appends;
        let mut round = sealed(&pair, channel, agreement, first..first + appends).await?;
        let payloads = statements(&pair.us.node, channel, first).await?;
        if payloads.len() as u64 != appends {
            let message = format!("{} of {appends} statements are in the record", payloads.len());
            return Err(message.into());
        }
        (round.raw, round.raw_processor) = inserted(&payloads)?;
        round.signed = signed(&pair.us.node, channel).await?;
        rounds.push(round);
    }
    let counted: u64 = rounds.iter().map(|it| it.signed.0).sum();
    let worked: Duration = rounds.iter().map(|it| it.signed.1).sum();
    tell(report, appends, rounds)?;
    report.row(Row {
        name: "of the same statements, signed with Ed25519 and ML-DSA-65 and covered, one core"
            .to_owned(),
        value: per_second(counted, worked),
        unit: "statements/s",
        ..Row::default()
    })?;
    Ok(())
}

/// Signs what waits, 256 statements under a checkpoint: how many they were, and the processor time.
async fn signed(node: &Node, channel: ChannelId) -> Result<(u64, Duration)> {
    let begun = processor();
    let count = seal::sign_pending(node).await?;
    let worked = processor().saturating_sub(begun);
    let head = node.store().outbound_head(channel).await?;
    let covered = head.checkpoint.map(|(size, _)| size);
    if head.signed != head.next || covered != Some(head.next) {
        let message = format!("{} of {} statements are signed", head.signed, head.next);
        return Err(message.into());
    }
    Ok((count, worked))
}

/// The round of the middle, by the clock.
fn tell(report: &mut Report, appends: u64, mut rounds: Vec<Round>) -> Result<()> {
    let checkpoints: u64 = rounds.iter().map(|it| it.checkpoints).sum();
    rounds.sort_by_key(|it| it.clock);
    let middle = rounds.get(rounds.len() / 2).ok_or("no round")?;
    let (least, most) = (rounds.first().ok_or("no round")?, rounds.last().ok_or("no round")?);
    let raw =
        ("the payloads alone into raw SQLite, 256 rows a commit", per_second(appends, middle.raw));
    report.row(Row {
        name: format!("durable appends, {DESKS} at once, {checkpoints} kept checkpoints meanwhile"),
        value: per_second(appends, middle.clock),
        unit: "appends/s",
        goal: Some(10_000.0),
        beside: Some(raw),
        ..Row::default()
    })?;
    for (name, round) in [("slowest", most), ("fastest", least)] {
        report.row(Row {
            name: format!("the {name} of {ROUNDS} rounds"),
            value: per_second(appends, round.clock),
            unit: "appends/s",
            ..Row::default()
        })?;
    }
    let each = |time: Duration| 1_000_000.0 / per_second(appends, time);
    let raw = ("raw SQLite", each(middle.raw_processor));
    for (name, time, beside) in [
        ("processor time of an append, all threads", middle.processor, Some(raw)),
        ("of it the thread that writes", middle.writer, None),
        ("that thread waiting for a core that others had", middle.waited, None),
    ] {
        report.row(Row {
            name: name.to_owned(),
            value: each(time),
            unit: "µs",
            lower_is_better: true,
            beside,
            ..Row::default()
        })?;
    }
    Ok(())
}

/// Seals the statements of these numbers, and each second meanwhile signs some and a checkpoint over them.
async fn sealed(
    pair: &Pair,
    channel: ChannelId,
    agreement: AgreementRef,
    numbers: std::ops::Range<u64>,
) -> Result<Round> {
    let done = Arc::new(AtomicBool::new(false));
    let (node, end) = (pair.us.node.clone(), Arc::clone(&done));
    let heads = tokio::spawn(async move {
        let mut kept = 0;
        while !end.load(Ordering::Relaxed) {
            tokio::time::sleep(Duration::from_secs(1)).await;
            kept += u64::from(seal::sign_some(&node).await? > 0);
        }
        Ok::<_, comity_testkit::Error>(kept)
    });
    let (begun, worked, (wrote, waited)) = (Instant::now(), processor(), threads(WRITER));
    let mut desks = JoinSet::new();
    for desk in numbers.clone().take(usize::try_from(DESKS)?) {
        let (node, end) = (pair.us.node.clone(), numbers.end);
        desks.spawn(async move {
            let mut number = desk;
            while number < end {
                node.store().seal(input(&node, channel, agreement)?).await?;
                number += DESKS;
            }
            Ok::<_, comity_testkit::Error>(())
        });
    }
    while let Some(desk) = desks.join_next().await {
        desk??;
    }
    let (clock, worked, writer) =
        (begun.elapsed(), processor().saturating_sub(worked), threads(WRITER));
    done.store(true, Ordering::Relaxed);
    Ok(Round {
        clock,
        processor: worked,
        writer: writer.0.saturating_sub(wrote),
        waited: writer.1.saturating_sub(waited),
        checkpoints: heads.await??,
        signed: (0, Duration::ZERO),
        raw: Duration::ZERO,
        raw_processor: Duration::ZERO,
    })
}

/// A statement without effects beyond the record: a receipt for nothing.
fn input(node: &Node, channel: ChannelId, agreement: AgreementRef) -> Result<SealInput> {
    let body = ReceiptBody { epoch: None, entries: Vec::new(), cosigned: None };
    let draft = Draft {
        kind: Kind::Receipt,
        id: StatementId::new(fresh_uuid(&**node.entropy())),
        nonce: Nonce(fresh(&**node.entropy())),
        channel,
        agreement,
        issued_at: node.now(),
        parts: Vec::new(),
        body: serde_json::value::to_raw_value(&body)?,
    };
    Ok(SealInput {
        partner: channel.to,
        draft,
        parts: Vec::new(),
        effect: SealEffect::Receipt {
            channel: channel.reverse(),
            sequences: Vec::new(),
            cosigned: None,
        },
        serial: None,
        journal: vec![node.journal("receipt-sealed", channel.to, json!({ "entries": 0 }))],
    })
}

/// The payloads of a channel from `first` on.
async fn statements(node: &Node, channel: ChannelId, first: u64) -> Result<Vec<Vec<u8>>> {
    let mut payloads = Vec::new();
    loop {
        let from = first + payloads.len() as u64;
        let page = node.store().record_lines(channel, from, 10_000).await?;
        if page.is_empty() {
            return Ok(payloads);
        }
        payloads.extend(page.into_iter().map(|line| line.payload));
    }
}

/// The same bytes into a table of raw SQLite, as durable: by the clock, and by the processor.
fn inserted(payloads: &[Vec<u8>]) -> Result<(Duration, Duration)> {
    let path = std::env::temp_dir().join(format!("comity-bench-{}.db", std::process::id()));
    let result = (|| {
        let connection = Connection::open(&path)?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection
            .execute_batch("CREATE TABLE payload (number INTEGER PRIMARY KEY, bytes BLOB)")?;
        let (begun, worked) = (Instant::now(), processor());
        for group in payloads.chunks(usize::try_from(GROUP)?) {
            connection.execute_batch("BEGIN IMMEDIATE")?;
            for bytes in group {
                let sql = "INSERT INTO payload (bytes) VALUES (?1)";
                connection.prepare_cached(sql)?.execute(params![bytes])?;
            }
            connection.execute_batch("COMMIT")?;
        }
        Ok((begun.elapsed(), processor().saturating_sub(worked)))
    })();
    for ending in ["", "-wal", "-shm"] {
        let mut name = path.clone().into_os_string();
        name.push(ending);
        let _ = std::fs::remove_file(name);
    }
    result
}
