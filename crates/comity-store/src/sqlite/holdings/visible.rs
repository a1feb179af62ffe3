//! Which version of an object readers get.

use std::collections::BTreeSet;

use comity_model::{Digest, Holding};
use jiff::Timestamp;
use rusqlite::params;

use super::super::column::get;
use super::super::fault::{Result, corrupt};
use super::super::tx::{Read, Tx};
use super::rows::{Intake, OWN};

/// Sees to it that readers get the right version of each of these objects, after rows of them were frozen, let go or
/// deleted; the best of those that are left enters anew.
pub(in super::super) fn refresh(tx: &Tx<'_>, ids: &BTreeSet<String>) -> Result<()> {
    let mut entrance = Entrance::open(tx)?;
    for id in ids {
        let versions = versions_of(tx, id)?;
        for version in versions.iter().filter(|it| it.hidden) {
            if let Some(entered) = version.entered {
                tx.run("DELETE FROM newest WHERE entered = ?1", [entered])?;
            }
        }
        let visible: Vec<Version> = versions.into_iter().filter(|it| !it.hidden).collect();
        let Some(foremost) = foremost(&visible) else { continue };
        let best = candidate_at(tx, foremost.position)?;
        let names: BTreeSet<&str> = visible.iter().map(|it| it.name.as_str()).collect();
        let count = i64::try_from(names.len()).unwrap_or(i64::MAX);
        let current = visible.iter().find_map(|it| Some((it.position, it.entered?)));
        match current {
            Some((position, entered)) if position == best.position => {
                tx.run(
                    "UPDATE newest SET versions = ?2 WHERE entered = ?1",
                    params![entered, count],
                )?;
            }
            current => {
                if let Some((_, entered)) = current {
                    tx.run("DELETE FROM newest WHERE entered = ?1", [entered])?;
                }
                entrance.show(&best, count)?;
            }
        }
    }
    entrance.close()
}

fn candidate_at(read: &Read<'_>, position: i64) -> Result<Candidate> {
    let found = read.first(
        "SELECT h.source, p.partner, h.id, h.version, h.modified, h.stix_type, t.until, h.digest
         FROM holding h JOIN provenance p ON p.number = h.provenance
         LEFT JOIN term t ON t.provenance = h.provenance WHERE position = ?1",
        [position],
        |row| {
            Ok(Candidate {
                position,
                source: get(row, 0)?,
                partner: get(row, 1)?,
                id: get(row, 2)?,
                version: get(row, 3)?,
                modified: get(row, 4)?,
                stix_type: get(row, 5)?,
                until: get(row, 6)?,
                digest: get(row, 7)?,
            })
        },
    )?;
    found.ok_or_else(|| corrupt("the holdings"))
}

/// A kept row of an object.
pub(super) struct Version {
    pub(super) position: i64,
    pub(super) name: String,
    pub(super) source: i64,
    pub(super) digest: Digest,
    pub(super) modified: Option<Timestamp>,
    /// Where it stands in `newest`.
    entered: Option<i64>,
    /// Whether it is staged or frozen.
    hidden: bool,
}

/// The kept rows of an object, but for those that stand aside.
pub(super) fn versions_of(read: &Read<'_>, id: &str) -> Result<Vec<Version>> {
    let mut rows = rows_of(read, id)?;
    rows.retain(Version::is_held);
    Ok(rows)
}

/// Every kept row of an object.
pub(super) fn rows_of(read: &Read<'_>, id: &str) -> Result<Vec<Version>> {
    read.all(
        "SELECT h.position, h.version, h.source, h.digest, h.modified, n.entered,
           s.position IS NOT NULL OR EXISTS (SELECT 1 FROM frozen f WHERE f.position = h.position)
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
                hidden: get(row, 6)?,
            })
        },
    )
}

/// A kept row that becomes visible.
pub(super) struct Candidate {
    pub(super) position: i64,
    pub(super) source: i64,
    pub(super) partner: i64,
    pub(super) id: String,
    pub(super) version: String,
    pub(super) modified: Option<Timestamp>,
    pub(super) digest: Digest,
    pub(super) stix_type: String,
    /// Until when it may be kept, in milliseconds since 1970.
    pub(super) until: Option<i64>,
}

impl Candidate {
    /// The row that `intake` kept last.
    pub(super) fn new(
        position: i64,
        source: i64,
        intake: &Intake<'_, '_>,
        holding: &Holding,
    ) -> Self {
        Self {
            position,
            source,
            partner: intake.partner(),
            until: intake.until(),
            id: holding.id.clone(),
            version: holding.version.clone(),
            modified: holding.modified,
            digest: holding.digest,
            stix_type: holding.stix_type.clone(),
        }
    }

    /// It as one row among those of its object.
    fn row(&self) -> Version {
        Version {
            position: self.position,
            name: self.version.clone(),
            source: self.source,
            digest: self.digest,
            modified: self.modified,
            entered: None,
            hidden: false,
        }
    }
}

impl Version {
    /// Whether it is held, and does not stand aside.
    pub(super) const fn is_held(&self) -> bool {
        self.source >= OWN
    }

    /// Whether this is another row of one and the same version: `modified` at the same instant, however that is written.
    pub(super) fn is_of(&self, modified: Option<Timestamp>) -> bool {
        modified.is_some() && self.modified == modified
    }
}

/// Which of these rows of an object readers get: of the latest `modified`, and of these of this party's own rather than of those
/// that partners released. One instant is one version: where rows of it say different things, the content that came first stands,
/// of its rows the one that came last, whose terms are the newest. Objects without `modified` are what came last.
fn foremost(rows: &[Version]) -> Option<&Version> {
    let latest = rows.iter().map(|it| it.modified).max()?;
    let has_own = rows.iter().any(|it| it.modified == latest && it.source == OWN);
    let is_in = |it: &&Version| it.modified == latest && (it.source == OWN || !has_own);
    let first = rows.iter().filter(is_in).min_by_key(|it| it.position)?;
    let says_so = |it: &&Version| latest.is_none() || it.digest == first.digest;
    rows.iter().filter(is_in).filter(says_so).max_by_key(|it| it.position)
}

/// Gives the places in `newest`, which count up across every process.
pub(super) struct Entrance<'t, 'a> {
    tx: &'t Tx<'a>,
    last: i64,
    opened_at: i64,
}

impl<'t, 'a> Entrance<'t, 'a> {
    pub(super) fn open(tx: &'t Tx<'a>) -> Result<Self> {
        let last = tx.value("SELECT value FROM counter WHERE name = 'entered'", [])?.unwrap_or(0);
        Ok(Self { tx, last, opened_at: last })
    }

    /// Makes one row visible; `others` are all other rows of the object.
    pub(super) fn enter(&mut self, candidate: &Candidate, others: Vec<Version>) -> Result<()> {
        let mut visible: Vec<Version> = others.into_iter().filter(|it| !it.hidden).collect();
        let current = visible.iter().find_map(|it| Some((it.position, it.entered?)));
        visible.push(candidate.row());
        let names: BTreeSet<&str> = visible.iter().map(|it| it.name.as_str()).collect();
        let versions = i64::try_from(names.len()).unwrap_or(i64::MAX);
        let best = foremost(&visible).map_or(candidate.position, |it| it.position);
        if let Some((position, entered)) = current {
            if position == best {
                self.tx.run(
                    "UPDATE newest SET versions = ?2 WHERE entered = ?1",
                    params![entered, versions],
                )?;
                return Ok(());
            }
            self.tx.run("DELETE FROM newest WHERE entered = ?1", [entered])?;
        }
        if best == candidate.position {
            return self.show(candidate, versions);
        }
        self.show(&candidate_at(self.tx, best)?, versions)
    }

    fn show(&mut self, candidate: &Candidate, versions: i64) -> Result<()> {
        self.last += 1;
        let Candidate { position, partner, stix_type, until, .. } = candidate;
        self.tx.run(
            "INSERT INTO newest (entered, position, partner, versions, stix_type, until) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            params![self.last, position, partner, versions, stix_type, until],
        )?;
        Ok(())
    }

    pub(super) fn close(self) -> Result<()> {
        if self.last != self.opened_at {
            self.tx.run("UPDATE counter SET value = ?1 WHERE name = 'entered'", [self.last])?;
        }
        Ok(())
    }
}
