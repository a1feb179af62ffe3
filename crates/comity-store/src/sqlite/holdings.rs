//! Holdings going in: kept as the exact bytes beside what queries need, staged until their statement is consumed, and
//! one row of `newest` for each object that readers see.
//!
//! An object is kept once for each version and source: this party itself, or one statement of a partner. So an object
//! that comes back through a partner stands beside the original and can be seen to be the same, and each release
//! keeps the terms under which it was given.

pub(super) mod query;
pub(super) mod rows;
mod search;
pub(super) mod sites;

use std::cmp::Ordering;
use std::collections::BTreeSet;

use comity_exchange::ports::{HoldSummary, JournalEntry};
use comity_model::{Digest, Holding, Origin};
use jiff::Timestamp;
use rusqlite::params;

use super::column::{Column, get};
use super::fault::{Result, conflict, misuse};
use super::journal;
use super::tx::{Read, Tx, row};
use rows::{Intake, OWN};

/// Keeps a batch of this party's own objects, at once visible. Also gives the ids of those that were there in the
/// same version with other bytes.
pub(super) fn hold(
    tx: &Tx<'_>,
    batch: &[Holding],
    entries: &[JournalEntry],
) -> Result<(HoldSummary, Vec<String>)> {
    if batch.iter().any(|it| !matches!(it.origin, Origin::Own { .. })) {
        return misuse("an object of a partner was given as this party's own");
    }
    let (mut summary, mut conflicts) = (HoldSummary::default(), Vec::new());
    let mut intake = Intake::begin(tx, OWN)?;
    let mut entrance = Entrance::open(tx)?;
    for holding in batch {
        let versions = versions_of(tx, &holding.id)?;
        let same = |it: &&Version| it.source == OWN && it.name == holding.version;
        match versions.iter().find(same) {
            Some(known) if known.digest == holding.digest => summary.unchanged += 1,
            Some(_) => {
                summary.conflicts += 1;
                conflicts.push(holding.id.clone());
            }
            None => {
                let position = intake.keep(holding)?.unwrap_or_default();
                entrance.enter(&Candidate::new(position, OWN, OWN, holding), &versions)?;
                summary.new += 1;
            }
        }
    }
    intake.finish()?;
    entrance.close()?;
    journal::write(tx, entries)?;
    Ok((summary, conflicts))
}

/// Stages objects of a statement. What was staged for it before a crash is not kept twice.
pub(super) fn stage(tx: &Tx<'_>, statement: &Digest, batch: &[Holding]) -> Result<()> {
    if tx.any("SELECT 1 FROM statement_in WHERE digest = ?1", row![*statement])? {
        return conflict(format!("the statement `{statement}`"));
    }
    let source = source_of(tx, statement, batch)?;
    let mut intake = Intake::begin(tx, source)?;
    for holding in batch {
        if let Some(position) = intake.keep(holding)? {
            tx.run(
                "INSERT INTO staged (position, source) VALUES (?1, ?2)",
                params![position, source],
            )?;
        }
    }
    intake.finish()
}

/// Makes everything that was staged for a statement visible, and `rest` with it.
pub(super) fn publish(tx: &Tx<'_>, statement: &Digest, rest: &[Holding]) -> Result<()> {
    let source = source_of(tx, statement, rest)?;
    let mut entrance = Entrance::open(tx)?;
    let mut after = 0;
    loop {
        let staged = staged(tx, source, after)?;
        let Some(last) = staged.last() else { break };
        after = last.position;
        for candidate in &staged {
            tx.run("DELETE FROM staged WHERE position = ?1", [candidate.position])?;
            let mut versions = versions_of(tx, &candidate.id)?;
            versions.retain(|it| it.position != candidate.position);
            entrance.enter(candidate, &versions)?;
        }
    }
    let mut intake = Intake::begin(tx, source)?;
    for holding in rest {
        let versions = versions_of(tx, &holding.id)?;
        if let Some(position) = intake.keep(holding)? {
            let partner = intake.partner();
            entrance.enter(&Candidate::new(position, source, partner, holding), &versions)?;
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

fn staged(tx: &Tx<'_>, source: i64, after: i64) -> Result<Vec<Candidate>> {
    tx.all(
        "SELECT holding.position, id, version, modified, stix_type, partner
         FROM staged JOIN holding USING (position) JOIN provenance ON provenance.number = provenance
         WHERE staged.source = ?1 AND staged.position > ?2 ORDER BY staged.position LIMIT ?3",
        params![source, after, PUBLISHED_AT_ONCE],
        |row| {
            Ok(Candidate {
                position: get(row, 0)?,
                source,
                id: get(row, 1)?,
                version: get(row, 2)?,
                modified: get(row, 3)?,
                stix_type: get(row, 4)?,
                partner: get(row, 5)?,
            })
        },
    )
}

/// A kept row of an object.
struct Version {
    position: i64,
    name: String,
    source: i64,
    digest: Digest,
    modified: Option<Timestamp>,
    /// Where it stands in `newest`.
    entered: Option<i64>,
    staged: bool,
}

fn versions_of(read: &Read<'_>, id: &str) -> Result<Vec<Version>> {
    read.all(
        "SELECT h.position, h.version, h.source, h.digest, h.modified, n.entered, s.position IS NOT NULL
         FROM holding h LEFT JOIN newest n ON n.position = h.position LEFT JOIN staged s ON s.position = h.position
         WHERE h.id = ?1",
        [id],
        |row| {
            Ok(Version {
                position: get(row, 0)?,
                name: get(row, 1)?,
                source: get(row, 2)?,
                digest: get(row, 3)?,
                modified: get(row, 4)?,
                entered: get(row, 5)?,
                staged: get(row, 6)?,
            })
        },
    )
}

/// A kept row that becomes visible.
struct Candidate {
    position: i64,
    source: i64,
    partner: i64,
    id: String,
    version: String,
    modified: Option<Timestamp>,
    stix_type: String,
}

impl Candidate {
    fn new(position: i64, source: i64, partner: i64, holding: &Holding) -> Self {
        Self {
            position,
            source,
            partner,
            id: holding.id.clone(),
            version: holding.version.clone(),
            modified: holding.modified,
            stix_type: holding.stix_type.clone(),
        }
    }

    /// Whether readers get this one rather than `current`: the later `modified`; where that does not decide, this
    /// party's own rather than a copy that came back, and else the later arrival.
    fn beats(&self, current: &Version) -> bool {
        let modified = match (self.modified, current.modified) {
            (Some(mine), Some(theirs)) => mine.cmp(&theirs),
            _ => Ordering::Equal,
        };
        match modified {
            Ordering::Greater => true,
            Ordering::Less => false,
            Ordering::Equal => self.source == OWN || current.source != OWN,
        }
    }
}

/// Gives the places in `newest`, which count up across every process.
struct Entrance<'t, 'a> {
    tx: &'t Tx<'a>,
    last: i64,
    opened_at: i64,
}

impl<'t, 'a> Entrance<'t, 'a> {
    fn open(tx: &'t Tx<'a>) -> Result<Self> {
        let last = tx.value("SELECT value FROM counter WHERE name = 'entered'", [])?.unwrap_or(0);
        Ok(Self { tx, last, opened_at: last })
    }

    /// Makes one row visible; `others` are all other rows of the object.
    fn enter(&mut self, candidate: &Candidate, others: &[Version]) -> Result<()> {
        let visible = others.iter().filter(|it| !it.staged);
        let names: BTreeSet<&str> =
            visible.map(|it| it.name.as_str()).chain([candidate.version.as_str()]).collect();
        let versions = i64::try_from(names.len()).unwrap_or(i64::MAX);
        let current = others.iter().find_map(|it| Some((it, it.entered?)));
        if let Some((current, entered)) = current {
            if !candidate.beats(current) {
                self.tx.run(
                    "UPDATE newest SET versions = ?2 WHERE entered = ?1",
                    params![entered, versions],
                )?;
                return Ok(());
            }
            self.tx.run("DELETE FROM newest WHERE entered = ?1", [entered])?;
        }
        self.last += 1;
        self.tx.run(
            "INSERT INTO newest (entered, position, partner, versions, stix_type) VALUES (?1, ?2, ?3, ?4, ?5)",
            params![self.last, candidate.position, candidate.partner, versions, candidate.stix_type],
        )?;
        Ok(())
    }

    fn close(self) -> Result<()> {
        if self.last != self.opened_at {
            self.tx.run("UPDATE counter SET value = ?1 WHERE name = 'entered'", [self.last])?;
        }
        Ok(())
    }
}
