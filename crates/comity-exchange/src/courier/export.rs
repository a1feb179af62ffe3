//! Writing what waits for a partner into a folder.

use std::io::{self, Write};
use std::sync::Arc;
use std::time::Duration;

use comity_model::{Digest, PartyRoot};
use serde::Serialize;
use serde_json::json;

use super::SharedWatch;
use crate::acknowledge::acknowledge;
use crate::dispatch::{Sealing, blocking, sealing_key};
use crate::error::{ExchangeError, Result};
use crate::failpoint::fail_point;
use crate::node::Node;
use crate::partner::{self, Partner};
use crate::parts;
use crate::ports::{BlobError, KeptPouch, OutboundRow, Satchel, ToCarry, Waiting};
use crate::recovery;

/// Statements asked for at a time.
const PAGE: u32 = 256;
/// About the bytes of a pouch beside its parts.
const AROUND: u64 = 16 * 1024;

/// What is to be written.
#[derive(Clone)]
pub struct Export {
    /// For whom; a confirmed party.
    pub to: PartyRoot,
    /// Which statements.
    pub which: ToCarry,
    /// Into what.
    pub satchel: Arc<dyn Satchel>,
    /// Who asks, for the journal.
    pub by: String,
    /// Who hears how far it is, in bytes.
    pub watch: SharedWatch,
}

impl std::fmt::Debug for Export {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { to, which, by, .. } = self;
        f.debug_struct("Export")
            .field("to", to)
            .field("which", which)
            .field("by", by)
            .finish_non_exhaustive()
    }
}

/// What was written.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Exported {
    /// Pouches written now.
    pub written: u64,
    /// Pouches that were in the folder already, whole.
    pub kept: u64,
    /// The bytes of both.
    pub bytes: u64,
    /// Statements whose parts are not here any more.
    pub left_behind: Vec<LeftBehind>,
    /// Statements that wait for an answer and that an earlier export took along.
    pub carried_before: u64,
}

/// A statement of which no pouch can be made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LeftBehind {
    /// Its digest.
    pub statement: Digest,
    /// A stable word for the reason.
    pub code: &'static str,
}

/// Answers what is to be answered, cosigns what is to be cosigned, and writes the pouches that wait for a partner into a
/// folder, in order. Nothing counts as delivered by that: only receipts settle. A pouch is noted when it is durable in the
/// folder, so an export that was interrupted goes on where it was. Refused where the party is not confirmed, and, but for
/// what was said since a time, where it is in doubt (docs/protocol.md section 4.8); `Locked` without keys; errors of the folder and of this node's disk end it.
pub async fn export(node: &Node, export: Export) -> Result<Exported> {
    let (record, partner) = partner::confirmed(node, export.to).await?;
    node.keys()?;
    // what was signed once is no news: a partner that lost it gets it again whatever is in doubt here
    let says_nothing_new = matches!(export.which, ToCarry::Since(_));
    if let Some(why) = recovery::doubt_about(node, export.to).await?.filter(|_| !says_nothing_new) {
        return Err(recovery::refused(why));
    }
    acknowledge(node, Duration::ZERO).await?;
    let mut exported = Exported::default();
    let (mut total, mut new) = (0_u64, 0);
    let mut after = 0;
    while let Some((rows, last)) = page(node, &export, after).await? {
        after = last;
        new += rows.len() as u64;
        total = rows.iter().fold(total, |sum, it| sum.saturating_add(it.bytes + AROUND));
    }
    export.watch.total(total);
    if export.which == ToCarry::New {
        exported.carried_before = unanswered(node, export.to).await?.saturating_sub(new);
    }
    after = 0;
    while let Some((rows, last)) = page(node, &export, after).await? {
        after = last;
        for row in rows {
            one(node, &export, &partner, row, record.handle.as_str(), &mut exported).await?;
        }
    }
    Ok(exported)
}

async fn page(node: &Node, export: &Export, after: u64) -> Result<Option<(Vec<Waiting>, u64)>> {
    let rows = node.store().to_carry(export.to, export.which, after, PAGE).await?;
    let last = rows.last().map(|row| row.position);
    Ok(last.map(|last| (rows, last)))
}

/// Statements for a partner that nobody answered yet.
async fn unanswered(node: &Node, partner: PartyRoot) -> Result<u64> {
    let (mut count, mut after) = (0, 0);
    loop {
        let rows = node.store().to_carry(partner, ToCarry::Unanswered, after, PAGE).await?;
        let Some(last) = rows.last() else { return Ok(count) };
        after = last.position;
        count += rows.len() as u64;
    }
}

async fn one(
    node: &Node,
    export: &Export,
    partner: &Partner,
    waiting: Waiting,
    handle: &str,
    exported: &mut Exported,
) -> Result<()> {
    let key = sealing_key(node, partner)?;
    if let Some(kept) = waiting.pouch.filter(|kept| kept.key == key) {
        let satchel = Arc::clone(&export.satchel);
        if blocking(move || Ok(satchel.has(&kept.digest, kept.size)?)).await? {
            export.watch.done(waiting.bytes + AROUND);
            exported.kept += 1;
            exported.bytes += kept.size;
            return Ok(());
        }
    }
    let Some(row) = node.store().outbound(waiting.statement).await? else { return Ok(()) };
    let sealing = Sealing::of(node, partner, &row).await?;
    let (writer, satchel, watch) =
        (node.clone(), Arc::clone(&export.satchel), Arc::clone(&export.watch));
    let done = blocking(move || write(&writer, &row, &sealing, &*satchel, watch)).await?;
    let (digest, size) = match done {
        Ok(sealed) => sealed,
        Err(code) => {
            exported.left_behind.push(LeftBehind { statement: waiting.statement, code });
            return Ok(());
        }
    };
    fail_point("export:written").await;
    let kept = KeptPouch { digest, size, key };
    let details = json!({ "partner": handle, "pouch": digest, "size": size });
    let journal = vec![node.journal_by(&export.by, "pouch-exported", waiting.statement, details)];
    node.store().exported(waiting.statement, kept, journal).await?;
    fail_point("export:noted").await;
    exported.written += 1;
    exported.bytes += size;
    Ok(())
}

/// Writes one pouch, or says why it cannot be made any more.
fn write(
    node: &Node,
    row: &OutboundRow,
    sealing: &Sealing,
    satchel: &dyn Satchel,
    watch: SharedWatch,
) -> Result<std::result::Result<(Digest, u64), &'static str>> {
    match parts::check_sealed(row, &**node.blobs()) {
        Ok(()) => {}
        Err(
            error @ (ExchangeError::Damaged(_)
            | ExchangeError::Blob(BlobError::Missing(_) | BlobError::Digest)),
        ) => return Ok(Err(error.code())),
        Err(error) => return Err(error),
    }
    let mut file = satchel.create()?;
    let sealed = sealing.write(row, node.blobs(), &mut Watched { out: &mut *file, watch })?;
    let (digest, size) = file.commit()?;
    if digest != sealed.digest {
        return Err(BlobError::Digest.into());
    }
    Ok(Ok((digest, size)))
}

/// Tells a watch what passes.
struct Watched<'a> {
    out: &'a mut (dyn Write + Send),
    watch: SharedWatch,
}

impl Write for Watched<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.out.write(bytes)?;
        self.watch.done(written as u64);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}
