//! Rows of `holding`: written in batches, read in pages.

use std::collections::BTreeMap;

use comity_model::{Digest, Handling, Holding, Origin, PartyRoot, Tlp};
use jiff::Timestamp;
use rusqlite::{Row, params};

use super::super::column::{Column, Json, get};
use super::super::fault::{Result, corrupt};
use super::super::tx::{Read, Tx, row};

/// The source and the partner of what is this party's own.
pub(in super::super) const OWN: i64 = 0;

/// The types whose objects speak of others. Deleting a row of one of them deletes its mentions by a trigger.
const SPEAKERS: [&str; 4] = ["relationship", "sighting", "opinion", "note"];

/// Writes rows of one source. The text index follows once for the whole batch.
pub(super) struct Intake<'t, 'a> {
    tx: &'t Tx<'a>,
    source: i64,
    /// The last position before this batch.
    before: i64,
    /// The provenance that the last object had; most objects have the one of the object before them.
    provenance: Option<Interned>,
    /// Between which positions the objects of each provenance with a term lie, in this batch.
    spans: BTreeMap<i64, (i64, i64)>,
}

struct Interned {
    number: i64,
    partner: i64,
    /// Until when its holdings may be kept, in milliseconds since 1970.
    until: Option<i64>,
    provenance: Provenance,
}

/// What many objects share.
#[derive(Clone, PartialEq, Eq)]
struct Provenance {
    origin: Origin,
    chain: Vec<PartyRoot>,
    handling: Option<Handling>,
}

impl<'t, 'a> Intake<'t, 'a> {
    /// Begins a batch.
    pub(super) fn begin(tx: &'t Tx<'a>, source: i64) -> Result<Self> {
        let before = tx.value("SELECT max(position) FROM holding", [])?.flatten().unwrap_or(0);
        Ok(Self { tx, source, before, provenance: None, spans: BTreeMap::new() })
    }

    /// Keeps an object and gives its position; `None` if this source gave this version before.
    pub(super) fn keep(&mut self, holding: &Holding) -> Result<Option<i64>> {
        let provenance = self.provenance(holding)?;
        let list = |items: &Vec<String>| (!items.is_empty()).then(|| Json(items).to_text());
        let kept = self.tx.run(
            "INSERT INTO holding (id, version, source, stix_type, modified, digest, name, labels_json, tlp, refs_json,
               revoked, grade, provenance, received_at, text, bytes)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)
             ON CONFLICT (id, version, source) DO NOTHING",
            params![
                holding.id,
                holding.version,
                self.source,
                holding.stix_type,
                holding.modified.store(),
                holding.digest.as_bytes(),
                holding.name,
                list(&holding.labels),
                holding.tlp.map(Tlp::as_str),
                list(&holding.refs),
                holding.revoked,
                holding.grade.store(),
                provenance,
                holding.received_at.store(),
                holding.text,
                holding.bytes,
            ],
        )?;
        if kept == 0 {
            return Ok(None);
        }
        let position = self.tx.last_row();
        if SPEAKERS.contains(&holding.stix_type.as_str()) {
            self.mention(position, &holding.refs)?;
        }
        if self.until().is_some() {
            self.spans.entry(provenance).or_insert((position, position)).1 = position;
        }
        Ok(Some(position))
    }

    /// Notes of which objects the row at `position` speaks.
    fn mention(&self, position: i64, refs: &[String]) -> Result<()> {
        for target in refs {
            self.tx.run(
                "INSERT INTO mention (target, position) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
                params![target, position],
            )?;
        }
        Ok(())
    }

    /// The partner of the object kept last.
    pub(super) fn partner(&self) -> i64 {
        self.provenance.as_ref().map_or(OWN, |it| it.partner)
    }

    /// Until when the object kept last may be kept.
    pub(super) fn until(&self) -> Option<i64> {
        self.provenance.as_ref().and_then(|it| it.until)
    }

    /// Notes that nothing of what was kept is visible yet.
    pub(super) fn stage(&self) -> Result<()> {
        self.tx.run(
            "INSERT INTO staged (position, source) SELECT position, ?2 FROM holding WHERE position > ?1",
            params![self.before, self.source],
        )?;
        Ok(())
    }

    /// Indexes the text of what was kept, and notes where it lies.
    pub(super) fn finish(self) -> Result<()> {
        for (provenance, (first, last)) in self.spans {
            self.tx.run(
                "UPDATE term SET first = min(first, ?2), last = max(last, ?3) WHERE provenance = ?1",
                params![provenance, first, last],
            )?;
        }
        self.tx.run(
            "INSERT INTO holding_text (rowid, text) SELECT position, text FROM holding WHERE position > ?1",
            [self.before],
        )?;
        Ok(())
    }

    fn provenance(&mut self, holding: &Holding) -> Result<i64> {
        let same = |it: &&Interned| {
            it.provenance.origin == holding.origin
                && it.provenance.chain == holding.chain
                && it.provenance.handling == holding.handling
        };
        if let Some(interned) = self.provenance.as_ref().filter(same) {
            return Ok(interned.number);
        }
        let provenance = Provenance {
            origin: holding.origin.clone(),
            chain: holding.chain.clone(),
            handling: holding.handling.clone(),
        };
        let (number, partner) = provenance.intern(self.tx)?;
        let until = provenance.term(self.tx, number, self.source, holding.received_at)?;
        self.provenance = Some(Interned { number, partner, until, provenance });
        Ok(number)
    }
}

impl Provenance {
    /// The number of this provenance, and of the partner in it.
    fn intern(&self, tx: &Tx<'_>) -> Result<(i64, i64)> {
        let (origin, chain) = (Json(&self.origin).to_text(), Json(&self.chain).to_text());
        let handling = self.handling.as_ref().map(|it| Json(it).to_text());
        let whole = Json((&origin, &chain, &handling)).to_text();
        let digest = Digest::of(whole.as_bytes());
        let known = tx.first(
            "SELECT number, partner FROM provenance WHERE digest = ?1",
            row![digest],
            |row| Ok((get(row, 0)?, get(row, 1)?)),
        )?;
        if let Some(known) = known {
            return Ok(known);
        }
        let partner = match self.origin.partner() {
            None => OWN,
            Some(root) => tx.intern(
                "SELECT number FROM root WHERE root = ?1",
                "INSERT INTO root (root) VALUES (?1)",
                &root.store(),
            )?,
        };
        let number = tx.insert(
            "INSERT INTO provenance (digest, partner, origin_json, chain_json, handling_json) VALUES (?1, ?2, ?3, ?4, ?5)",
            params![digest.store(), partner, origin, chain, handling],
        )?;
        Ok((number, partner))
    }
}

impl Provenance {
    /// Until when holdings of this provenance may be kept: their term runs from when the first of them was received.
    fn term(
        &self,
        tx: &Tx<'_>,
        number: i64,
        source: i64,
        received_at: Timestamp,
    ) -> Result<Option<i64>> {
        let Some(handling) = &self.handling else { return Ok(None) };
        let until = handling.keep_until(received_at).as_millisecond();
        tx.run(
            "INSERT INTO term (provenance, source, until, first, last) VALUES (?1, ?2, ?3, ?4, 0)
             ON CONFLICT (provenance) DO NOTHING",
            params![number, source, until, i64::MAX],
        )?;
        tx.value("SELECT until FROM term WHERE provenance = ?1", [number])
    }
}

/// The columns that [`Reader::holding`] reads, of a `holding` named `h`. With `judged`, without what nobody asks who judges whether
/// an object is in a view: the text, and the bytes of what says itself when it was modified.
macro_rules! columns {
    () => {
        "h.id, h.version, h.stix_type, h.modified, h.digest, h.name, h.labels_json, h.tlp, h.refs_json, h.revoked, \
         h.grade, h.provenance, h.received_at, h.text, h.bytes"
    };
    (judged) => {
        "h.id, h.version, h.stix_type, h.modified, h.digest, h.name, h.labels_json, h.tlp, h.refs_json, h.revoked, \
         h.grade, h.provenance, h.received_at, '', CASE WHEN h.modified IS NULL THEN h.bytes ELSE x'' END"
    };
}
pub(in super::super) use columns;

/// How many columns those are.
pub(in super::super) const COLUMNS: usize = 15;

/// Reads rows, each provenance once.
pub(in super::super) struct Reader<'r, 'a> {
    read: &'r Read<'a>,
    provenances: BTreeMap<i64, Provenance>,
}

impl<'r, 'a> Reader<'r, 'a> {
    pub(in super::super) const fn new(read: &'r Read<'a>) -> Self {
        Self { read, provenances: BTreeMap::new() }
    }

    /// Reads the columns of [`columns!`], the first at 0.
    pub(in super::super) fn holding(&mut self, row: &Row<'_>) -> Result<Holding> {
        let list = |index| -> Result<Vec<String>> {
            Ok(get::<Option<Json<_>>>(row, index)?.map(|Json(list)| list).unwrap_or_default())
        };
        let Provenance { origin, chain, handling } = self.provenance(get(row, 11)?)?;
        Ok(Holding {
            id: get(row, 0)?,
            version: get(row, 1)?,
            stix_type: get(row, 2)?,
            modified: get(row, 3)?,
            digest: get(row, 4)?,
            name: get(row, 5)?,
            labels: list(6)?,
            tlp: get(row, 7)?,
            refs: list(8)?,
            revoked: get(row, 9)?,
            grade: get(row, 10)?,
            origin,
            chain,
            handling,
            received_at: get(row, 12)?,
            text: get(row, 13)?,
            bytes: get(row, 14)?,
        })
    }

    fn provenance(&mut self, number: i64) -> Result<Provenance> {
        if let Some(known) = self.provenances.get(&number) {
            return Ok(known.clone());
        }
        let sql = "SELECT origin_json, chain_json, handling_json FROM provenance WHERE number = ?1";
        let provenance = self.read.first(sql, [number], |row| {
            let Json(origin) = get(row, 0)?;
            let Json(chain) = get(row, 1)?;
            let handling = get::<Option<Json<_>>>(row, 2)?.map(|Json(handling)| handling);
            Ok(Provenance { origin, chain, handling })
        })?;
        let provenance = provenance.ok_or_else(|| corrupt("the provenance of a holding"))?;
        self.provenances.insert(number, provenance.clone());
        Ok(provenance)
    }
}
