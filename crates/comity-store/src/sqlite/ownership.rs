//! Whose an object is that somebody brings in: a partner's (invariant third-party), or, of this party's own, who may bring in
//! further versions of it.

use std::collections::BTreeMap;

use comity_model::{Bringer, Holding, Origin, PartyRoot};
use jiff::Timestamp;
use rusqlite::params;
use uuid::{Uuid, Version};

use super::column::{Json, get};
use super::fault::{Result, corrupt};
use super::holdings::rows::OWN;
use super::tx::Read;

/// A kept row of an object.
struct Kept {
    partner: i64,
    /// Whether it is what readers get.
    seen: bool,
}

/// Those of these objects that are a partner's at `now`, in milliseconds since 1970. What readers get of an object says
/// whose it is; where they get nothing of it, anything that a partner released does, and after that its tombstone.
pub(super) fn of_partners(
    read: &Read<'_>,
    ids: &[String],
    now: i64,
) -> Result<Vec<(String, Option<PartyRoot>)>> {
    let any_purged = read.any("SELECT 1 FROM tombstone", [])?;
    let (mut found, mut roots) = (Vec::new(), BTreeMap::new());
    for id in ids {
        let rows = kept(read, id, now)?;
        let seen = rows.iter().find(|it| it.seen).map(|it| it.partner);
        match seen.or_else(|| rows.iter().map(|it| it.partner).find(|partner| *partner != OWN)) {
            Some(OWN) => {}
            Some(partner) => found.push((id.clone(), Some(root(read, &mut roots, partner)?))),
            None if any_purged && is_purged(read, id)? => found.push((id.clone(), None)),
            None => {}
        }
    }
    Ok(found)
}

/// Where versions of an object of this party's own came from that is not for who brings in what has this source: the first of
/// them, or what the house brought. The house may bring anything.
pub(super) fn of_another(read: &Read<'_>, id: &str, source: &str) -> Result<Option<String>> {
    let bringer = Bringer::of(source);
    if bringer == Bringer::House {
        return Ok(None);
    }
    let brought = brought(read, id)?;
    let sources = || brought.iter().map(|(_, source)| source.as_str());
    let owner = Bringer::owner(sources().map(Bringer::of)).filter(|it| *it != bringer);
    Ok(sources().find(|it| Some(Bringer::of(it)) == owner).map(ToOwned::to_owned))
}

/// Whether what clients write is kept aside: an observable whose id follows from its value (STIX 2.1 section 2.9), and that
/// somebody else brought in. Anybody can make that id, and nobody is to learn by writing it that it was there. What the same
/// clients brought before is no news.
pub(super) fn stands_aside(read: &Read<'_>, holding: &Holding) -> Result<bool> {
    let Origin::Own { source } = &holding.origin else { return Ok(false) };
    let version = |id: &str| id.rsplit_once("--")?.1.parse::<Uuid>().ok()?.get_version();
    if holding.modified.is_some() || version(&holding.id) != Some(Version::Sha1) {
        return Ok(false);
    }
    if of_another(read, &holding.id, source)?.is_none() {
        return Ok(false);
    }
    let same = |(version, from): &(String, String)| *version == holding.version && from == source;
    Ok(!brought(read, &holding.id)?.iter().any(same))
}

/// The versions of an object that this party holds as its own, with their sources, the first first. What clients wrote before
/// sources named the ids of collections is of the collection that has the alias now, if that was there then.
fn brought(read: &Read<'_>, id: &str) -> Result<Vec<(String, String)>> {
    let rows = read.all(
        "SELECT h.version, p.origin_json, h.received_at FROM holding h JOIN provenance p ON p.number = h.provenance
         WHERE h.id = ?1 AND h.source = ?2 ORDER BY h.position",
        params![id, OWN],
        |row| Ok((get(row, 0)?, get::<Json<Origin>>(row, 1)?.0, get(row, 2)?)),
    )?;
    let mut own = Vec::with_capacity(rows.len());
    for (version, origin, received_at) in rows {
        let Origin::Own { source } = origin else { continue };
        let named = match Bringer::of(&source) {
            Bringer::Alias(alias) => writers_then(read, alias, received_at)?,
            _ => None,
        };
        own.push((version, named.unwrap_or(source)));
    }
    Ok(own)
}

/// The source of what clients wrote at `at` into the collection that has this alias now; `None` if that was not there then.
fn writers_then(read: &Read<'_>, alias: &str, at: Timestamp) -> Result<Option<String>> {
    let sql = "SELECT id, created_at FROM collection WHERE alias = ?1";
    let found: Option<(Uuid, Timestamp)> =
        read.first(sql, [alias], |row| Ok((get(row, 0)?, get(row, 1)?)))?;
    let then = found.filter(|(_, created_at)| *created_at <= at);
    Ok(then.map(|(id, _)| Bringer::writers(alias, id)))
}

fn kept(read: &Read<'_>, id: &str, now: i64) -> Result<Vec<Kept>> {
    read.all(
        "SELECT p.partner, n.position IS NOT NULL AND (n.until IS NULL OR n.until > ?2)
         FROM holding h JOIN provenance p ON p.number = h.provenance LEFT JOIN newest n ON n.position = h.position
         WHERE h.id = ?1 AND h.source >= 0",
        params![id, now],
        |row| Ok(Kept { partner: get(row, 0)?, seen: get(row, 1)? }),
    )
}

fn is_purged(read: &Read<'_>, id: &str) -> Result<bool> {
    read.any("SELECT 1 FROM tombstone WHERE id = ?1", [id])
}

/// The party of a number, each looked up once.
fn root(read: &Read<'_>, known: &mut BTreeMap<i64, PartyRoot>, number: i64) -> Result<PartyRoot> {
    if let Some(root) = known.get(&number) {
        return Ok(*root);
    }
    let root = read
        .value("SELECT root FROM root WHERE number = ?1", [number])?
        .ok_or_else(|| corrupt("the parties of its holdings"))?;
    known.insert(number, root);
    Ok(root)
}
