//! What a look found, kept in one transaction or not at all.

use comity_exchange::ports::{Kept, NewSighting, PatternWork, Sighted};
use jiff::Timestamp;
use rusqlite::params;

use super::super::column::{Column, Json};
use super::super::fault::{Result, conflict, misuse};
use super::super::tx::{Tx, row};
use super::super::{holdings, journal};
use super::{place, position_of};

/// Observed-data that waits for the rest of a pattern, at the most.
const OPEN: u32 = 256;

/// `now` in milliseconds since 1970.
pub(in super::super) fn keep(tx: &Tx<'_>, work: PatternWork, now: i64) -> Result<()> {
    let at = place(tx)?;
    if (at.generation, at.followed) != (work.generation, work.followed) {
        return conflict("what patterns look at");
    }
    for (id, times) in &work.due {
        let sql = "DELETE FROM pattern_due WHERE id = ?1 AND times = ?2";
        if tx.run(sql, params![id, times.store()])? == 0 {
            return conflict("what patterns look at");
        }
    }
    for (observed, parts) in &work.parts {
        tx.run("DELETE FROM pattern_part WHERE observed = ?1", [observed])?;
        for part in parts {
            let sql = "INSERT INTO pattern_part (target, observed) VALUES (?1, ?2) ON CONFLICT DO NOTHING";
            tx.run(sql, [part, observed])?;
        }
    }
    for (pattern, observed) in &work.hits {
        tx.run(
            "INSERT INTO pattern_hit (pattern, observed) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
            params![pattern.store(), observed],
        )?;
    }
    let mut own = Vec::new();
    for sighting in work.sightings {
        sight(tx, &sighting, work.at, now)?;
        if let Sighted::Own(holding) = sighting.sighted {
            own.push(*holding);
        }
    }
    if !own.is_empty() {
        // one that is there already is that of a pattern which was removed: it stays as it is
        holdings::hold(tx, &own, &[])?;
    }
    for (pattern, _) in &work.hits {
        forget_oldest(tx, *pattern)?;
    }
    for pattern in &work.undecided {
        let sql = "UPDATE pattern SET undecided = undecided + 1 WHERE number = ?1";
        tx.run(sql, row![*pattern])?;
    }
    for (pattern, from, to) in &work.looked {
        let sql = "UPDATE pattern SET looked = ?3 WHERE number = ?1 AND looked = ?2";
        if tx.run(sql, row![*pattern, *from, *to])? == 0 {
            return conflict("what a pattern has looked at");
        }
    }
    journal::write(tx, &work.journal)
}

fn sight(tx: &Tx<'_>, sighting: &NewSighting, at: Timestamp, now: i64) -> Result<()> {
    let (bytes, handling) = match &sighting.sighted {
        Sighted::Own(_) if sighting.inputs.iter().any(|it| it.statement.is_some()) => {
            return misuse("a sighting of what a partner released was given as this party's own");
        }
        Sighted::Own(_) => (None, None),
        Sighted::Apart { bytes, handling } => {
            (Some(bytes.clone()), Some(Json(handling.clone()).to_text()))
        }
    };
    let sql = "SELECT 1 FROM pattern_sighting WHERE pattern = ?1 AND id = ?2";
    if tx.any(sql, params![sighting.pattern.store(), sighting.id])? {
        return conflict("what a pattern sighted");
    }
    let number = tx.insert(
        "INSERT INTO pattern_sighting (pattern, id, at, handling_json, bytes) VALUES (?1, ?2, ?3, ?4, ?5)",
        params![sighting.pattern.store(), sighting.id, at.store(), handling, bytes],
    )?;
    for observed in &sighting.observed {
        let kept = tx.run(
            "INSERT INTO pattern_hit (pattern, observed, sighting) VALUES (?1, ?2, ?3)
             ON CONFLICT (pattern, observed) DO UPDATE SET sighting = ?3 WHERE sighting IS NULL",
            params![sighting.pattern.store(), observed, number],
        )?;
        if kept == 0 {
            return conflict("what a pattern sighted");
        }
    }
    for input in &sighting.inputs {
        let position = position_now(tx, input, now)?;
        if matches!(sighting.sighted, Sighted::Apart { .. }) {
            tx.run(
                "INSERT INTO pattern_input (position, sighting) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
                [position, number],
            )?;
        }
    }
    Ok(())
}

/// Where a row is kept that readers may see. It was seen a moment ago: where it is not any more, somebody froze or purged it.
fn position_now(tx: &Tx<'_>, kept: &Kept, now: i64) -> Result<i64> {
    let Some(position) = position_of(tx, kept)? else {
        return conflict(format!("the holding `{}`", kept.id));
    };
    let is_over = tx.any(
        "SELECT 1 FROM holding h JOIN term t ON t.provenance = h.provenance WHERE h.position = ?1 AND t.until <= ?2",
        [position, now],
    )?;
    if is_over {
        return conflict(format!("the holding `{}`", kept.id));
    }
    Ok(position)
}

/// What waited longest for the rest of a pattern waits no longer, once too much does.
fn forget_oldest(tx: &Tx<'_>, pattern: u64) -> Result<()> {
    tx.run(
        "DELETE FROM pattern_hit WHERE pattern = ?1 AND sighting IS NULL AND number <=
           (SELECT number FROM pattern_hit WHERE pattern = ?1 AND sighting IS NULL ORDER BY number DESC LIMIT 1 OFFSET ?2)",
        params![pattern.store(), OPEN],
    )?;
    Ok(())
}
