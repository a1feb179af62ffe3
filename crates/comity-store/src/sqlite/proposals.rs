//! Proposals of both sides, and the decisions on them.

use comity_exchange::ports::{ProposalDecision, ProposalRow};
use comity_model::statement::{DecisionBody, ProposalBody};
use comity_model::{ChannelId, Digest, PartyRoot, ProposalId};
use jiff::Timestamp;
use rusqlite::Row;

use super::column::{Json, get};
use super::fault::{Result, conflict, exists, missing};
use super::tx::{Read, Tx, row};

/// Keeps a proposal. One that is put again by the same party, before it is decided, replaces itself; any other
/// proposal with a known id is a conflict.
pub(super) fn put(
    tx: &Tx<'_>,
    channel: ChannelId,
    body: &ProposalBody,
    text: &str,
    statement: Digest,
    at: Timestamp,
    own: bool,
) -> Result<()> {
    let known = tx.first(
        "SELECT sender, recipient, agreement, decided_at IS NULL FROM proposal WHERE id = ?1",
        row![body.proposal],
        |row| {
            let parties: (PartyRoot, PartyRoot) = (get(row, 0)?, get(row, 1)?);
            Ok((parties, get(row, 2)?, get::<bool>(row, 3)?))
        },
    )?;
    if known.is_some_and(|it| it != ((channel.from, channel.to), channel.agreement, true)) {
        return if own {
            exists(format!("a proposal `{}`", body.proposal))
        } else {
            conflict(format!("the proposal `{}`", body.proposal))
        };
    }
    tx.run(
        "INSERT INTO proposal (id, folio, own, agreement, sender, recipient, body_json, text, statement, put_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
         ON CONFLICT (id) DO UPDATE SET folio = ?2, body_json = ?7, text = ?8, statement = ?9, put_at = ?10",
        row![
            body.proposal,
            body.folio,
            own,
            channel.agreement,
            channel.from,
            channel.to,
            Json(body).to_text(),
            text.to_owned(),
            statement,
            at
        ],
    )?;
    Ok(())
}

/// A decision needs the proposal, put by `from` with the statement that the decision names, and not decided yet.
pub(super) fn must_be_open(read: &Read<'_>, body: &DecisionBody, from: PartyRoot) -> Result<()> {
    let found = read.first(
        "SELECT sender, statement, decided_at IS NULL FROM proposal WHERE id = ?1",
        row![body.proposal],
        |row| Ok((get::<PartyRoot>(row, 0)?, get::<Digest>(row, 1)?, get::<bool>(row, 2)?)),
    )?;
    match found {
        Some((sender, _, _)) if sender != from => {
            Err(missing(format!("proposal `{}` of that party", body.proposal)))
        }
        Some((_, statement, true)) if statement == body.statement => Ok(()),
        Some(_) => conflict(format!("the proposal `{}`", body.proposal)),
        None => Err(missing(format!("proposal `{}`", body.proposal))),
    }
}

/// Keeps the decision on a proposal that is open.
pub(super) fn decide(
    tx: &Tx<'_>,
    body: &DecisionBody,
    text: &str,
    statement: &Digest,
    at: Timestamp,
    own: bool,
) -> Result<()> {
    tx.run(
        "UPDATE proposal SET decision_own = ?2, decision_folio = ?3, decision_json = ?4, decision_text = ?5,
           decision_statement = ?6, decided_at = ?7 WHERE id = ?1",
        row![
            body.proposal,
            own,
            body.folio,
            Json(body).to_text(),
            text.to_owned(),
            *statement,
            at
        ],
    )?;
    Ok(())
}

macro_rules! select_proposal {
    ($tail:literal) => {
        concat!(
            "SELECT id, folio, agreement, sender, recipient, body_json, text, statement, put_at,
               decision_json, decision_text, decision_statement, decided_at FROM proposal ",
            $tail
        )
    };
}

pub(super) fn proposals(read: &Read<'_>, limit: u32) -> Result<Vec<ProposalRow>> {
    read.all(select_proposal!("ORDER BY number DESC LIMIT ?1"), [limit], proposal_row)
}

pub(super) fn proposal(read: &Read<'_>, id: ProposalId) -> Result<Option<ProposalRow>> {
    read.first(select_proposal!("WHERE id = ?1"), row![id], proposal_row)
}

fn proposal_row(row: &Row<'_>) -> Result<ProposalRow> {
    let Json(body) = get(row, 5)?;
    let decision = match get::<Option<Json<DecisionBody>>>(row, 9)? {
        None => None,
        Some(Json(body)) => Some(ProposalDecision {
            decided: body.decision,
            body,
            text: get(row, 10)?,
            statement: get(row, 11)?,
            at: get(row, 12)?,
        }),
    };
    Ok(ProposalRow {
        id: get(row, 0)?,
        folio: get(row, 1)?,
        agreement: get(row, 2)?,
        from: get(row, 3)?,
        to: get(row, 4)?,
        body,
        text: get(row, 6)?,
        statement: get(row, 7)?,
        put_at: get(row, 8)?,
        decision,
    })
}
