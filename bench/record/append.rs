//! Durable appends.
//!
//! What is counted is the transaction that seals: place and predecessor, the payload's bytes and digest, leaf and tree nodes,
//! the place in the outbox, a journal line with its salt and its own leaf; durable before it is answered. Many are under way
//! at once, as from many desks, and share commits. Each second the tree's root is read back and a checkpoint of it signed.
//! Statements are signed after they are sealed: that is counted by itself.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use comity_exchange::Node;
use comity_exchange::ports::{SealEffect, SealInput};
use comity_exchange::record;
use comity_log::checkpoint::Checkpoint;
use comity_model::statement::{AgreementRef, Draft, Kind, Nonce, ReceiptBody};
use comity_model::{ChannelId, StatementId};
use comity_testkit::{Pair, Result, pair};
use rusqlite::{Connection, params};
use serde_json::json;
use tokio::task::JoinSet;

use crate::report::{Report, Row, per_second};

/// Appends under way at once.
const DESKS: u64 = 512;
/// Rows that raw SQLite commits together: as many as the store does at the most.
const GROUP: u64 = 256;
/// Statements that are signed to see how long it takes.
const SIGNED: u64 = 500;

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
    let (took, checkpoints) = sealed(&pair, channel, agreement, appends).await?;
    let payloads = statements(&pair.us.node, channel).await?;
    if payloads.len() as u64 != appends {
        return Err(format!("{} of {appends} statements are in the record", payloads.len()).into());
    }
    let raw = inserted(&payloads, appends)?;
    report.row(Row {
        name: format!("durable appends, {DESKS} at once, {checkpoints} checkpoints meanwhile"),
        value: per_second(appends, took),
        unit: "appends/s",
        goal: Some(10_000.0),
        lower_is_better: false,
        beside: Some((
            "the payloads alone into raw SQLite, 256 rows a commit",
            per_second(appends, raw),
        )),
    });
    let payload = payloads.first().ok_or("no payload")?;
    let descriptor = pair.us.descriptor()?;
    let begun = Instant::now();
    for _ in 0..SIGNED {
        pair.us.node.keys()?.sign_statement(payload, &descriptor, pair.us.node.now())?;
    }
    report.row(Row {
        name: "signatures on statements, Ed25519 and ML-DSA-65, one core".to_owned(),
        value: per_second(SIGNED, begun.elapsed()),
        unit: "statements/s",
        goal: None,
        lower_is_better: false,
        beside: None,
    });
    Ok(())
}

/// Seals so many statements, and signs a checkpoint each second meanwhile. Gives the time and the checkpoints.
async fn sealed(
    pair: &Pair,
    channel: ChannelId,
    agreement: AgreementRef,
    appends: u64,
) -> Result<(Duration, u64)> {
    let done = Arc::new(AtomicBool::new(false));
    let (node, end) = (pair.us.node.clone(), Arc::clone(&done));
    let descriptor = pair.us.descriptor()?;
    let heads = tokio::spawn(async move {
        let mut signed = 0;
        while !end.load(Ordering::Relaxed) {
            tokio::time::sleep(Duration::from_secs(1)).await;
            let size = node.store().outbound_head(channel).await?.next;
            let root = record::root(&node, channel, size).await?;
            let head = Checkpoint::new(&channel.origin(), size, root)?;
            node.keys()?.sign_checkpoint(&head, &descriptor, node.now())?;
            signed += 1;
        }
        Ok::<_, comity_testkit::Error>(signed)
    });
    let begun = Instant::now();
    let mut desks = JoinSet::new();
    for desk in 0..DESKS.min(appends) {
        let node = pair.us.node.clone();
        desks.spawn(async move {
            let mut number = desk;
            while number < appends {
                node.store().seal(input(&node, channel, agreement, number)?).await?;
                number += DESKS;
            }
            Ok::<_, comity_testkit::Error>(())
        });
    }
    while let Some(desk) = desks.join_next().await {
        desk??;
    }
    let took = begun.elapsed();
    done.store(true, Ordering::Relaxed);
    Ok((took, heads.await??))
}

/// A statement without effects beyond the record: a receipt for nothing.
fn input(
    node: &Node,
    channel: ChannelId,
    agreement: AgreementRef,
    number: u64,
) -> Result<SealInput> {
    let mut nonce = [0; 32];
    nonce.iter_mut().zip(number.to_be_bytes()).for_each(|(to, from)| *to = from);
    let body = ReceiptBody { epoch: None, entries: Vec::new(), cosigned: None };
    let id = format!("statement--5d0b6f1e-3c0e-4e59-8a52-{number:012x}");
    let draft = Draft {
        kind: Kind::Receipt,
        id: id.parse::<StatementId>()?,
        nonce: Nonce(nonce),
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

/// The payloads of a channel.
async fn statements(node: &Node, channel: ChannelId) -> Result<Vec<Vec<u8>>> {
    let mut payloads = Vec::new();
    loop {
        let page = node.store().record_lines(channel, payloads.len() as u64, 10_000).await?;
        if page.is_empty() {
            return Ok(payloads);
        }
        payloads.extend(page.into_iter().map(|line| line.payload));
    }
}

/// The same bytes into a table of raw SQLite, as durable.
fn inserted(payloads: &[Vec<u8>], appends: u64) -> Result<Duration> {
    let path = std::env::temp_dir().join(format!("comity-bench-{}.db", std::process::id()));
    let result = (|| {
        let connection = Connection::open(&path)?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection
            .execute_batch("CREATE TABLE payload (number INTEGER PRIMARY KEY, bytes BLOB)")?;
        let begun = Instant::now();
        for (group, first) in payloads
            .chunks(usize::try_from(GROUP)?)
            .zip((0..appends).step_by(usize::try_from(GROUP)?))
        {
            connection.execute_batch("BEGIN IMMEDIATE")?;
            for (bytes, number) in group.iter().zip(first..) {
                let number = i64::try_from(number)?;
                connection
                    .prepare_cached("INSERT INTO payload VALUES (?1, ?2)")?
                    .execute(params![number, bytes])?;
            }
            connection.execute_batch("COMMIT")?;
        }
        Ok(begun.elapsed())
    })();
    for ending in ["", "-wal", "-shm"] {
        let mut name = path.clone().into_os_string();
        name.push(ending);
        let _ = std::fs::remove_file(name);
    }
    result
}
