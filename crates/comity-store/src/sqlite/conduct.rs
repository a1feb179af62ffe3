//! What both parties said about an agreement itself, and what it makes of the agreement in the transaction that asks.

use comity_exchange::ports::{AgreementEvent, SealRefusal, StoreError};
use comity_model::conduct::{self, Change, ConductBody, Event, Heard};
use comity_model::statement::{AgreementRef, Kind, Outcome, ReceiptEntry};
use comity_model::{AgreementId, ChannelId, Digest, Folio, PartyRoot, Refusal};
use jiff::Timestamp;
use rusqlite::Row;
use serde_json::value::RawValue;

use super::column::{Json, get};
use super::fault::{Fault, Result, conflict, corrupt, missing};
use super::tx::{Read, Tx, row};

/// One more statement about an agreement.
pub(super) struct Said<'a> {
    pub(super) channel: &'a ChannelId,
    pub(super) own: bool,
    pub(super) body: &'a ConductBody,
    pub(super) text: Option<&'a str>,
    pub(super) statement: Digest,
    pub(super) at: Timestamp,
    pub(super) received_at: Option<Timestamp>,
}

/// Everything that was said about an agreement, in the order in which it was filed here.
pub(super) fn events(read: &Read<'_>, agreement: AgreementId) -> Result<Vec<AgreementEvent>> {
    read.all(
        "SELECT kind, own, folio, sender, statement, at, received_at, refused, body_json, text
         FROM agreement_event WHERE agreement = ?1 ORDER BY number",
        row![agreement],
        |row| event(row, agreement),
    )
}

/// Refuses what may not be said under a version as the agreement stands in this transaction, and gives the moment before
/// which it may not be issued: that of the last thing which was said about the agreement.
pub(super) fn may_say(
    read: &Read<'_>,
    kind: Kind,
    cited: &AgreementRef,
) -> Result<Option<Timestamp>> {
    let events = said(read, cited.id)?;
    let phase = conduct::phase(&events, conduct::Phase::InForce);
    conduct::may(kind, phase).map_err(refused)?;
    if cited.version != conduct::active(&events) {
        return conflict(format!("the agreement `{}`", cited.id));
    }
    Ok(events.iter().map(|it| it.at).max())
}

/// Refuses what this party may not say about an agreement as it stands in this transaction.
pub(super) fn may_change(
    read: &Read<'_>,
    own: PartyRoot,
    agreement: AgreementId,
    body: &ConductBody,
) -> Result<()> {
    conduct::may_change(&said(read, agreement)?, own, body.change()).map_err(refused)?;
    let ConductBody::Agreement(body) = body else { return Ok(()) };
    let stored = read.first(
        "SELECT complete FROM agreement WHERE id = ?1 AND version = ?2 AND digest = ?3",
        row![agreement, body.version, body.digest],
        |row| get::<bool>(row, 0),
    )?;
    match stored {
        None => Err(missing(format!("version {} of `{agreement}`", body.version))),
        Some(false) if body.activate => Err(refused(Refusal::AgreementUnsigned)),
        Some(_) => Ok(()),
    }
}

/// Refuses what a partner may not say about an agreement, by what it said itself.
pub(super) fn must_follow(
    read: &Read<'_>,
    from: PartyRoot,
    agreement: AgreementId,
    change: Change,
) -> Result<()> {
    conduct::accepts(&said(read, agreement)?, from, change).map_err(refused)
}

/// Files it.
pub(super) fn file(tx: &Tx<'_>, said: &Said<'_>) -> Result<()> {
    let json = said.body.to_raw().map_err(|_| corrupt("the body of a statement"))?;
    tx.insert(
        "INSERT INTO agreement_event
           (agreement, kind, own, folio, sender, statement, at, received_at, refused, body_json, text)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 0, ?9, ?10)",
        row![
            said.channel.agreement,
            said.body.kind(),
            said.own,
            said.body.folio().clone(),
            said.channel.from,
            said.statement,
            said.at,
            said.received_at,
            json.get().to_owned(),
            said.text.map(ToOwned::to_owned)
        ],
    )?;
    Ok(())
}

/// Notes when the partner received a statement of this party, and whether it took it in.
pub(super) fn received(tx: &Tx<'_>, entry: &ReceiptEntry) -> Result<()> {
    tx.run(
        "UPDATE agreement_event SET received_at = ?2, refused = ?3 WHERE statement = ?1 AND received_at IS NULL",
        row![entry.digest, entry.received_at, entry.outcome == Outcome::Refused],
    )?;
    Ok(())
}

/// What a party forgot that it said counts as refused.
pub(super) fn unsay(tx: &Tx<'_>, statement: Digest, at: Timestamp) -> Result<()> {
    tx.run(
        "UPDATE agreement_event SET received_at = coalesce(received_at, ?2), refused = 1 WHERE statement = ?1",
        row![statement, at],
    )?;
    Ok(())
}

/// The partner forgot that it received a statement of this party.
pub(super) fn unhear(tx: &Tx<'_>, statement: Digest) -> Result<()> {
    tx.run(
        "UPDATE agreement_event SET received_at = NULL, refused = 0 WHERE statement = ?1",
        row![statement],
    )?;
    Ok(())
}

/// The agreement of which something was said under this folio: by this party, or by a partner.
pub(super) fn by_folio(read: &Read<'_>, folio: &Folio, own: bool) -> Result<Option<AgreementId>> {
    read.value(
        "SELECT agreement FROM agreement_event WHERE folio = ?1 AND own = ?2 ORDER BY number LIMIT 1",
        row![*folio, own],
    )
}

/// Remembers the highest version that a partner's channel cited.
pub(super) fn cite(tx: &Tx<'_>, channel: i64, version: u32) -> Result<()> {
    tx.run(
        "INSERT INTO channel_cited (channel, version) VALUES (?1, ?2)
         ON CONFLICT (channel) DO UPDATE SET version = max(version, excluded.version)",
        row![channel, version],
    )?;
    Ok(())
}

/// What was said about an agreement, after what the signatures alone amount to.
fn said(read: &Read<'_>, agreement: AgreementId) -> Result<Vec<Event>> {
    let signed = read.all(
        "SELECT version, root FROM agreement, node WHERE id = ?1 AND complete AND when_signed",
        row![agreement],
        |row| Ok(Event::signed(get(row, 1)?, get(row, 0)?)),
    )?;
    let said = events(read, agreement)?;
    Ok(signed.into_iter().chain(said.iter().map(AgreementEvent::event)).collect())
}

fn refused(refusal: Refusal) -> Fault {
    Fault::Store(StoreError::Refused(SealRefusal::Conduct(refusal)))
}

fn event(row: &Row<'_>, agreement: AgreementId) -> Result<AgreementEvent> {
    let (kind, Json(json)): (Kind, Json<Box<RawValue>>) = (get(row, 0)?, get(row, 8)?);
    let body = ConductBody::read(kind, &json)
        .and_then(std::result::Result::ok)
        .ok_or_else(|| corrupt("the body of a statement"))?;
    let (own, received_at): (bool, Option<Timestamp>) = (get(row, 1)?, get(row, 6)?);
    let heard = match (get(row, 7)?, received_at) {
        (true, _) => Heard::Refused,
        (false, None) if own => Heard::NotYet,
        (false, _) => Heard::Taken,
    };
    Ok(AgreementEvent {
        agreement,
        body,
        own,
        folio: get(row, 2)?,
        from: get(row, 3)?,
        statement: get(row, 4)?,
        at: get(row, 5)?,
        received_at,
        heard,
        text: get(row, 9)?,
    })
}
