//! Members of views, written as they should be: one row for each version of each object in a view.

use std::collections::{BTreeMap, BTreeSet};

use comity_exchange::ports::{Entry, MemberVersion, Membership};
use jiff::Timestamp;
use rusqlite::params;

use super::super::column::{Column, get};
use super::super::fault::{Result, missing};
use super::super::tx::Tx;

/// Writes members in one transaction. Where each view ends is read once and written once, however many members it gets.
pub(super) struct Members<'t, 'a> {
    tx: &'t Tx<'a>,
    /// The time that members get, in microseconds since 1970, or later ones.
    at: i64,
    ends: BTreeMap<u64, End>,
}

/// The end of a view.
struct End {
    /// The time of the newest member, as it is and as it was.
    last: i64,
    was: i64,
    /// Objects of which anything but new members changed.
    revised: i64,
}

/// A version of an object that is in a view.
struct Known {
    added: i64,
    position: u64,
    version_at: Timestamp,
    oldest: bool,
    newest: bool,
    until: Option<i64>,
}

impl<'t, 'a> Members<'t, 'a> {
    /// Begins; what is written counts once it is finished.
    pub(super) const fn begin(tx: &'t Tx<'a>, at: i64) -> Self {
        Self { tx, at, ends: BTreeMap::new() }
    }

    /// Makes the members of a view what they should be for one object, which `entry` has as it is now. What is in it already stays
    /// where it is, but for what readers begin to see: a version that becomes the newest because later ones left, or whose time
    /// was over and is not any more, is added again, for whoever was past its place would never be told of it.
    pub(super) fn set(&mut self, membership: &Membership, entry: &Entry) -> Result<()> {
        let known = self.known(membership.view, &membership.id)?;
        self.change(&known, membership, entry)
    }

    /// The same for an object of which nothing was held before this transaction: nothing of it is in any view.
    pub(super) fn add(&mut self, membership: &Membership, entry: &Entry) -> Result<()> {
        self.change(&[], membership, entry)
    }

    fn change(&mut self, known: &[Known], membership: &Membership, entry: &Entry) -> Result<()> {
        let Membership { view, versions, .. } = membership;
        if known.is_empty() && versions.is_empty() {
            return Ok(());
        }
        let mut revised = false;
        let mut stays = BTreeSet::new();
        for (index, version) in versions.iter().enumerate() {
            let (oldest, newest) = (index == 0, index + 1 == versions.len());
            let same = known.iter().find_map(|it| {
                let row = version.rows.iter().find(|(position, _)| *position == it.position)?;
                (it.version_at == version.version_at).then_some((it, row.1))
            });
            let is_over = |until: Option<i64>| until.is_some_and(|it| it <= self.now());
            let begins = |it: &Known, until: Option<i64>| {
                newest && !it.newest || is_over(it.until) && !is_over(until)
            };
            match same.filter(|(it, until)| !begins(it, *until)) {
                Some((it, until)) => {
                    stays.insert(it.added);
                    if (it.oldest, it.newest, it.until) != (oldest, newest, until) {
                        self.tx.run(
                            "UPDATE member SET oldest = ?3, newest = ?4, until = ?5 WHERE view = ?1 AND added = ?2",
                            params![view.store(), it.added, oldest, newest, until],
                        )?;
                        revised = true;
                    }
                }
                None => self.append(membership, version, entry, (oldest, newest))?,
            }
        }
        for gone in known.iter().filter(|it| !stays.contains(&it.added)) {
            self.tx.run(
                "DELETE FROM member WHERE view = ?1 AND added = ?2",
                params![view.store(), gone.added],
            )?;
            revised = true;
        }
        if revised {
            self.end(*view)?.revised += 1;
        }
        Ok(())
    }

    /// Notes where the views end now, and that they were revised.
    pub(super) fn finish(self) -> Result<()> {
        for (view, end) in
            self.ends.into_iter().filter(|(_, it)| it.last != it.was || it.revised > 0)
        {
            self.tx.run(
                "UPDATE view SET last = ?2, revision = revision + ?3 WHERE number = ?1",
                params![view.store(), end.last, end.revised],
            )?;
        }
        Ok(())
    }

    fn known(&self, view: u64, id: &str) -> Result<Vec<Known>> {
        self.tx.all(
            // left to itself SQLite takes the primary key, and reads the whole view
            "SELECT m.added, m.position, m.version_at, m.oldest, m.newest, m.until
             FROM holding h CROSS JOIN member m INDEXED BY member_position ON m.position = h.position
             WHERE m.view = ?1 AND h.id = ?2",
            params![view.store(), id],
            |row| {
                Ok(Known {
                    added: get(row, 0)?,
                    position: get(row, 1)?,
                    version_at: get(row, 2)?,
                    oldest: get(row, 3)?,
                    newest: get(row, 4)?,
                    until: get(row, 5)?,
                })
            },
        )
    }

    /// Adds a version at the end of a view. What readers do not see by now, and so is not among the rows of the object, is left
    /// out.
    fn append(
        &mut self,
        membership: &Membership,
        version: &MemberVersion,
        entry: &Entry,
        (oldest, newest): (bool, bool),
    ) -> Result<()> {
        let Some((position, until)) = version.rows.first() else { return Ok(()) };
        if !entry.rows.iter().any(|it| it.position == *position) {
            return Ok(());
        }
        let (tx, at, end) = (self.tx, self.at, self.end(membership.view)?);
        let added = at.max(end.last.saturating_add(1));
        // values, and no rows that are selected: for those SQLite keeps a copy of every page that the insert touches, in case it fails
        // half-way
        tx.run(
            "INSERT INTO member (view, added, position, id, stix_type, version, version_at, oldest, newest, until)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
            params![
                membership.view.store(),
                added,
                position.store(),
                membership.id,
                version.stix_type,
                version.version,
                version.version_at.store(),
                oldest,
                newest,
                until,
            ],
        )?;
        end.last = added;
        Ok(())
    }

    /// Now, in milliseconds since 1970.
    const fn now(&self) -> i64 {
        self.at.div_euclid(1_000)
    }

    fn end(&mut self, view: u64) -> Result<&mut End> {
        use std::collections::btree_map::Entry::{Occupied, Vacant};
        match self.ends.entry(view) {
            Occupied(known) => Ok(known.into_mut()),
            Vacant(place) => {
                let last: Option<i64> =
                    self.tx.value("SELECT last FROM view WHERE number = ?1", [view.store()])?;
                let last = last.ok_or_else(|| missing("such view"))?;
                Ok(place.insert(End { last, was: last, revised: 0 }))
            }
        }
    }
}
