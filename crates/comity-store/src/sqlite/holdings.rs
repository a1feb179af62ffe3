//! Holdings going in: kept as the exact bytes beside what queries need, staged until their statement is consumed, and
//! one row of `newest` for each object that readers see.
//!
//! An object is kept once for each version and source: this party itself, or one statement of a partner. So an object
//! that comes back through a partner stands beside the original and can be seen to be the same, and each release
//! keeps the terms under which it was given. What clients write of an observable that was there already is kept aside, by
//! their collection.

pub(super) mod query;
pub(super) mod rows;
mod search;
pub(super) mod sites;
mod visible;

use comity_exchange::ports::{HoldSummary, JournalEntry, NotHeld, WhyNotHeld};
use comity_model::{ChannelId, Digest, Holding, Origin};
use rusqlite::params;

use super::column::{Column, get};
use super::fault::{Result, conflict, misuse};
use super::tx::{Tx, row};
use super::{freeze, journal, ownership, purge};
use rows::{Intake, OWN};
use visible::{Candidate, Entrance, Version, rows_of, versions_of};

pub(super) use visible::refresh;

/// Keeps a batch of this party's own objects, at once visible, and gives those of which a version was not kept.
pub(super) fn hold(
    tx: &Tx<'_>,
    batch: &[Holding],
    entries: &[JournalEntry],
) -> Result<(HoldSummary, Vec<NotHeld>)> {
    let kept = hold_within(tx, batch, |_| true)?;
    journal::write(tx, entries)?;
    Ok(kept)
}

/// The same without a journal, as long as there is room for what is new: `room` is asked about each object, and when it says
/// no, about no other.
pub(super) fn hold_within<'h>(
    tx: &Tx<'_>,
    batch: impl IntoIterator<Item = &'h Holding>,
    room: impl FnMut(&Holding) -> bool,
) -> Result<(HoldSummary, Vec<NotHeld>)> {
    hold_each(tx, batch, room, |_| {})
}

/// A version that was kept now.
pub(super) struct Fresh<'h> {
    pub(super) holding: &'h Holding,
    pub(super) position: i64,
    /// Whether there was no other row of the object, not even one that nobody sees.
    pub(super) is_alone: bool,
}

/// The same; `fresh` is told of each that was kept now.
pub(super) fn hold_each<'h>(
    tx: &Tx<'_>,
    batch: impl IntoIterator<Item = &'h Holding>,
    mut room: impl FnMut(&Holding) -> bool,
    mut fresh: impl FnMut(Fresh<'h>),
) -> Result<(HoldSummary, Vec<NotHeld>)> {
    let mut is_full = false;
    let (mut summary, mut others) = (HoldSummary::default(), Vec::new());
    let mut intake = Intake::begin(tx, OWN)?;
    let mut entrance = Entrance::open(tx)?;
    for holding in batch {
        let Origin::Own { source } = &holding.origin else {
            return misuse("an object of a partner was given as this party's own");
        };
        let mut versions = rows_of(tx, &holding.id)?;
        let is_alone = versions.is_empty();
        versions.retain(Version::is_held);
        // a version is an instant, however it is written: what comes at it with other bytes is in conflict
        let same = |it: &&Version| {
            it.source == OWN && (it.name == holding.version || it.is_of(holding.modified))
        };
        if versions.iter().filter(same).any(|it| it.digest == holding.digest) {
            summary.unchanged += 1;
            continue;
        }
        let is_known = versions.iter().any(|it| same(&it));
        let has_own = versions.iter().any(|it| it.source == OWN);
        let anothers = if has_own { ownership::of_another(tx, &holding.id, source)? } else { None };
        let why = match anothers {
            Some(source) => WhyNotHeld::Anothers { source },
            None if is_known => {
                summary.conflicts += 1;
                WhyNotHeld::Conflict
            }
            None if is_full || !room(holding) => {
                is_full = true;
                WhyNotHeld::Full
            }
            None => {
                let position = intake.keep(holding)?.unwrap_or_default();
                entrance.enter(&Candidate::new(position, OWN, &intake, holding), versions)?;
                summary.new += 1;
                fresh(Fresh { holding, position, is_alone });
                continue;
            }
        };
        others.push(NotHeld { id: holding.id.clone(), why });
    }
    intake.finish()?;
    entrance.close()?;
    Ok((summary, others))
}

/// Keeps objects that clients wrote into a collection beside what is held of them: nobody but that collection has them, and no
/// reader gets them for the object.
pub(super) fn put_aside(tx: &Tx<'_>, collection: i64, batch: &[&Holding]) -> Result<HoldSummary> {
    let mut summary = HoldSummary::default();
    let mut intake = Intake::begin(tx, aside(collection))?;
    for holding in batch {
        match intake.keep(holding)? {
            Some(_) => summary.new += 1,
            None => summary.unchanged += 1,
        }
    }
    intake.finish()?;
    Ok(summary)
}

/// The source of what stands aside in a collection of this number: below 0, where no statement is.
pub(super) const fn aside(collection: i64) -> i64 {
    -collection
}

/// Stages objects of a statement. What was staged for it before a crash is not kept twice.
pub(super) fn stage(tx: &Tx<'_>, statement: &Digest, batch: &[Holding]) -> Result<()> {
    if tx.any("SELECT 1 FROM statement_in WHERE digest = ?1", row![*statement])? {
        return conflict(format!("the statement `{statement}`"));
    }
    let source = source_of(tx, statement, batch)?;
    let gone = purge::gone(tx, statement)?;
    let mut intake = Intake::begin(tx, source)?;
    for holding in batch.iter().filter(|it| !gone.has(it)) {
        intake.keep(holding)?;
    }
    intake.stage()?;
    intake.finish()
}

/// Makes everything that was staged for a statement visible, and `rest` with it. What a recall names that came before it
/// is frozen at once.
pub(super) fn publish(
    tx: &Tx<'_>,
    channel: &ChannelId,
    statement: &Digest,
    rest: &[Holding],
) -> Result<()> {
    let source = source_of(tx, statement, rest)?;
    let (gone, ice) = (purge::gone(tx, statement)?, freeze::awaiting(tx, channel, statement)?);
    let mut entrance = Entrance::open(tx)?;
    let mut after = 0;
    loop {
        let staged = staged(tx, source, after)?;
        let Some((last, _)) = staged.last() else { break };
        after = last.position;
        let mut thawed = Vec::with_capacity(staged.len());
        for (candidate, is_alone) in staged {
            if !ice.freeze(tx, candidate.position, &candidate.id)? {
                thawed.push((candidate, is_alone));
            }
        }
        tx.run("DELETE FROM staged WHERE source = ?1 AND position <= ?2", params![source, after])?;
        for (candidate, is_alone) in &thawed {
            let mut versions = if *is_alone { Vec::new() } else { versions_of(tx, &candidate.id)? };
            versions.retain(|it| it.position != candidate.position);
            entrance.enter(candidate, versions)?;
        }
    }
    let mut intake = Intake::begin(tx, source)?;
    for holding in rest.iter().filter(|it| !gone.has(it)) {
        let versions = versions_of(tx, &holding.id)?;
        if let Some(position) = intake.keep(holding)?
            && !ice.freeze(tx, position, &holding.id)?
        {
            entrance.enter(&Candidate::new(position, source, &intake, holding), versions)?;
        }
    }
    intake.finish()?;
    entrance.close()
}

/// Drops everything that was staged for a statement.
pub(super) fn drop_staged(tx: &Tx<'_>, statement: &Digest) -> Result<()> {
    let source: Option<i64> =
        tx.value("SELECT number FROM source WHERE statement = ?1", row![*statement])?;
    let Some(source) = source else { return Ok(()) };
    if !tx.any("SELECT 1 FROM staged WHERE source = ?1", [source])? {
        return Ok(());
    }
    tx.run(
        "INSERT INTO holding_text (holding_text, rowid, text)
         SELECT 'delete', position, text FROM staged JOIN holding USING (position) WHERE staged.source = ?1",
        [source],
    )?;
    tx.run(
        "DELETE FROM holding WHERE position IN (SELECT position FROM staged WHERE source = ?1)",
        [source],
    )?;
    tx.run("DELETE FROM staged WHERE source = ?1", [source])?;
    Ok(())
}

/// The number of the statement that objects came in, which each of them must name as its origin.
fn source_of(tx: &Tx<'_>, statement: &Digest, batch: &[Holding]) -> Result<i64> {
    let of_it = |origin: &Origin| matches!(origin, Origin::Partner { statement: it, .. } if it == statement);
    if !batch.iter().all(|it| of_it(&it.origin)) {
        return misuse("an object was staged for another statement than its origin names");
    }
    tx.intern(
        "SELECT number FROM source WHERE statement = ?1",
        "INSERT INTO source (statement) VALUES (?1)",
        &statement.store(),
    )
}

/// Staged objects published in one go.
const PUBLISHED_AT_ONCE: u32 = 1_000;

/// Staged rows, each with whether it is the only one of its object.
fn staged(tx: &Tx<'_>, source: i64, after: i64) -> Result<Vec<(Candidate, bool)>> {
    tx.all(
        "SELECT holding.position, id, version, modified, stix_type, partner, until, holding.digest,
           NOT EXISTS (SELECT 1 FROM holding o WHERE o.id = holding.id AND o.position <> holding.position)
         FROM staged JOIN holding USING (position) JOIN provenance ON provenance.number = holding.provenance
         LEFT JOIN term ON term.provenance = holding.provenance
         WHERE staged.source = ?1 AND staged.position > ?2 ORDER BY staged.position LIMIT ?3",
        params![source, after, PUBLISHED_AT_ONCE],
        |row| {
            let candidate = Candidate {
                position: get(row, 0)?,
                source,
                id: get(row, 1)?,
                version: get(row, 2)?,
                modified: get(row, 3)?,
                stix_type: get(row, 4)?,
                partner: get(row, 5)?,
                until: get(row, 6)?,
                digest: get(row, 7)?,
            };
            Ok((candidate, get(row, 8)?))
        },
    )
}
