//! What each side holds and can prove, in figures, and whether the file is whole.

use comity_exchange::ports::{ChannelFigures, KindCount};
use comity_model::{ChannelId, Digest};

use super::channels;
use super::column::get;
use super::fault::{Result, corrupt};
use super::tx::Read;

macro_rules! count_kinds {
    ($table:literal) => {
        concat!(
            "SELECT kind, outcome, count(*), sum(admitted), sum(refused) FROM ",
            $table,
            " WHERE channel = ?1 AND sequence IS NOT NULL GROUP BY kind, outcome ORDER BY kind, outcome"
        )
    };
}

/// Of a channel of this party, or of the mirror of a partner's. Statements without a place are in no log.
pub(super) fn figures(read: &Read<'_>, channel: &ChannelId) -> Result<ChannelFigures> {
    let Some(number) = channels::find(read, channel)? else { return Ok(ChannelFigures::default()) };
    let own = read.any("SELECT 1 FROM channel_out WHERE channel = ?1", [number])?;
    let (next, frontier, cosigned, sql) = if own {
        let head = channels::outbound(read, Some(number))?;
        (head.next, head.frontier, head.cosigned, count_kinds!("statement_out"))
    } else {
        let head = channels::inbound(read, Some(number))?;
        (head.next, head.frontier, head.cosigned, count_kinds!("statement_in"))
    };
    let frontier = channels::frontier(&frontier)?;
    if frontier.size() != next {
        return Err(corrupt("the edge of a channel's tree"));
    }
    let kinds = read.all(sql, [number], |row| {
        Ok(KindCount {
            kind: get(row, 0)?,
            outcome: get(row, 1)?,
            count: get(row, 2)?,
            admitted: get(row, 3)?,
            refused: get(row, 4)?,
        })
    })?;
    Ok(ChannelFigures {
        statements: next,
        root: (next > 0).then(|| Digest::from_bytes(frontier.root())),
        cosigned: cosigned.map_or(0, |(size, _)| size),
        kinds,
    })
}

/// Looks through every page. What is said of a damaged one is its first line: the rest follows from it, mostly.
pub(super) fn quick_check(read: &Read<'_>) -> Result<()> {
    let said: Option<String> = read.value("PRAGMA quick_check(1)", [])?;
    match said.as_deref() {
        Some("ok") => Ok(()),
        Some(said) => {
            let first =
                said.lines().find(|line| !line.trim().is_empty() && !line.starts_with("***"));
            Err(corrupt(format!("its file: {}", first.unwrap_or(said).trim())))
        }
        None => Err(corrupt("its file, of which the check says nothing")),
    }
}
