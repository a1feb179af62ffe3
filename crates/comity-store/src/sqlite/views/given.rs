//! What units are given of what partners released, member by member, so that a recall knows who has it.

use jiff::Timestamp;
use rusqlite::params;

use super::super::column::{Column, Json};
use super::super::fault::{Result, missing};
use super::super::tx::{Read, Tx};

/// Those members of a view, by when they were added, that a partner released, and that a unit was not given by that release.
const NEWS: &str = "FROM json_each(?3) j CROSS JOIN member m ON m.view = ?2 AND m.added = j.value
     JOIN holding h ON h.position = m.position JOIN source s ON s.number = h.source
     WHERE NOT EXISTS (SELECT 1 FROM given g WHERE g.unit = ?1 AND g.statement = s.statement AND g.id = m.id AND g.version = h.version)";

/// Whether all of these members are in the view still; `None` if they are, and some have to be noted first.
pub(in super::super) fn are_noted(
    read: &Read<'_>,
    unit: &str,
    view: u64,
    added: &[i64],
) -> Result<Option<bool>> {
    let unit = unit_number(read, unit)?;
    if !are_there(read, view, added)? {
        return Ok(Some(false));
    }
    let sql = format!("SELECT 1 {NEWS} LIMIT 1");
    let news = read.any(&sql, params![unit, view.store(), Json(added).to_text()])?;
    Ok((!news).then_some(true))
}

/// Notes these members for a unit and gives `true`; nothing, and `false`, if not all of them are in the view still.
pub(in super::super) fn note(
    tx: &Tx<'_>,
    unit: &str,
    view: u64,
    added: &[i64],
    at: Timestamp,
) -> Result<bool> {
    let unit = unit_number(tx, unit)?;
    if !are_there(tx, view, added)? {
        return Ok(false);
    }
    let sql = format!(
        "INSERT INTO given (unit, id, version, statement, at) SELECT ?1, m.id, h.version, s.statement, ?4 {NEWS}"
    );
    tx.run(&sql, params![unit, view.store(), Json(added).to_text(), at.store()])?;
    Ok(true)
}

/// A member keeps its place as long as it is in the view, and nothing else ever gets it.
fn are_there(read: &Read<'_>, view: u64, added: &[i64]) -> Result<bool> {
    let there: Option<i64> = read.value(
        "SELECT count(*) FROM json_each(?2) j CROSS JOIN member m ON m.view = ?1 AND m.added = j.value",
        params![view.store(), Json(added).to_text()],
    )?;
    Ok(there.is_some_and(|it| usize::try_from(it) == Ok(added.len())))
}

fn unit_number(read: &Read<'_>, name: &str) -> Result<i64> {
    read.value("SELECT number FROM unit WHERE name = ?1", [name])?
        .ok_or_else(|| missing(format!("unit `{name}`")))
}
