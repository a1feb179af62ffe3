//! Which descriptor of a party is in force at which place of which channel (docs/protocol.md section 1.4).

use comity_exchange::ports::{DescriptorPlace, DescriptorRow, JournalEntry, OwnDescriptor};
use comity_model::statement::AgreementRef;
use comity_model::{AgreementId, ChannelId, Digest, PartyRoot};
use jiff::Timestamp;

use super::column::get;
use super::fault::{Result, conflict, missing};
use super::tx::{Read, Tx, row};
use super::{channels, journal};

/// The epoch in which a channel begins.
const FIRST_EPOCH: u32 = 1;

/// Every descriptor of a party that was taken in here, by serial.
pub(super) fn of_party(read: &Read<'_>, party: PartyRoot) -> Result<Vec<DescriptorRow>> {
    let sql = "SELECT serial, envelope, taken_at FROM descriptor WHERE party = ?1 ORDER BY serial";
    read.all(sql, row![party], |row| {
        Ok(DescriptorRow { serial: get(row, 0)?, envelope: get(row, 1)?, taken_at: get(row, 2)? })
    })
}

/// From where on which descriptor is in force in a channel, by sequence.
pub(super) fn places(read: &Read<'_>, channel: &ChannelId) -> Result<Vec<DescriptorPlace>> {
    let number = channels::find(read, channel)?;
    read.all(
        "SELECT sequence, serial, statement, checkpoint FROM descriptor_place WHERE channel = ?1 ORDER BY sequence",
        [number],
        |row| {
            Ok(DescriptorPlace {
                sequence: get(row, 0)?,
                serial: get(row, 1)?,
                statement: get(row, 2)?,
                checkpoint: get(row, 3)?,
            })
        },
    )
}

/// Keeps a descriptor. Another text for a serial that is here is a conflict: what was judged by it stays judged by it.
pub(super) fn keep(
    tx: &Tx<'_>,
    party: PartyRoot,
    serial: u64,
    envelope: &str,
    at: Timestamp,
) -> Result<()> {
    let known: Option<String> = tx.value(
        "SELECT envelope FROM descriptor WHERE party = ?1 AND serial = ?2",
        row![party, serial],
    )?;
    match known {
        Some(known) if known == envelope => Ok(()),
        Some(_) => conflict(format!("descriptor {serial} of `{party}`")),
        None => {
            tx.run(
                "INSERT INTO descriptor (party, serial, envelope, taken_at) VALUES (?1, ?2, ?3, ?4)",
                row![party, serial, envelope.to_owned(), at],
            )?;
            Ok(())
        }
    }
}

/// Puts a descriptor in force from a sequence of a channel on.
pub(super) fn put_in_force(
    tx: &Tx<'_>,
    channel: i64,
    sequence: u64,
    serial: u64,
    statement: Option<Digest>,
) -> Result<()> {
    tx.run(
        "INSERT INTO descriptor_place (channel, sequence, serial, statement) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (channel, sequence) DO UPDATE SET serial = excluded.serial, statement = excluded.statement",
        row![channel, sequence, serial, statement],
    )?;
    Ok(())
}

/// The serial that is in force at a sequence of a channel, if the channel has begun.
pub(super) fn in_force(read: &Read<'_>, channel: i64, sequence: u64) -> Result<Option<u64>> {
    read.value(
        "SELECT serial FROM descriptor_place WHERE channel = ?1 AND sequence <= ?2 ORDER BY sequence DESC LIMIT 1",
        row![channel, sequence],
    )
}

/// The newest serial of a party.
fn newest(read: &Read<'_>, party: PartyRoot) -> Result<Option<u64>> {
    let sql = "SELECT max(serial) FROM descriptor WHERE party = ?1";
    Ok(read.value::<Option<u64>>(sql, row![party])?.flatten())
}

/// The two channels of an agreement begin when both parties have signed it here, each with what its sender said of itself
/// by then. Channels that have begun stay as they are.
pub(super) fn begin(tx: &Tx<'_>, agreement: &AgreementRef, partner: PartyRoot) -> Result<()> {
    let own: Option<PartyRoot> = tx.value("SELECT root FROM node", [])?;
    let Some(own) = own else { return Ok(()) };
    let out = channel_of(agreement.id, own, partner);
    for channel in [out, out.reverse()] {
        let Some(serial) = newest(tx, channel.from)? else { continue };
        let number = channels::intern(tx, &channel)?;
        if in_force(tx, number, 0)?.is_none() {
            put_in_force(tx, number, 0, serial, None)?;
        }
    }
    Ok(())
}

/// Makes sure that a channel which speaks has begun, and gives the serial in force at its next sequence.
pub(super) fn at_next(
    tx: &Tx<'_>,
    channel: i64,
    from: PartyRoot,
    next: u64,
) -> Result<Option<u64>> {
    if let Some(serial) = in_force(tx, channel, next)? {
        return Ok(Some(serial));
    }
    let Some(serial) = newest(tx, from)? else { return Ok(None) };
    put_in_force(tx, channel, 0, serial, None)?;
    Ok(Some(serial))
}

/// A partner's descriptor that a file brought: in force from the next statement that is taken in from each of its
/// channels. What was taken in before stays judged as it was.
pub(super) fn by_file(tx: &Tx<'_>, party: PartyRoot, serial: u64) -> Result<()> {
    let begun = tx.all(
        "SELECT number, coalesce(next, 0) FROM channel LEFT JOIN channel_in ON channel = number
         WHERE sender = ?1 AND EXISTS (SELECT 1 FROM descriptor_place p WHERE p.channel = number)",
        row![party],
        |row| Ok((get::<i64>(row, 0)?, get::<u64>(row, 1)?)),
    )?;
    for (channel, next) in begun {
        put_in_force(tx, channel, next, serial, None)?;
    }
    Ok(())
}

/// A partner's descriptor that a statement brought: in force from the sequence after it.
pub(super) fn by_statement(
    tx: &Tx<'_>,
    channel: i64,
    (from, serial, envelope): (PartyRoot, u64, &str),
    (sequence, statement): (u64, Digest),
    at: Timestamp,
) -> Result<()> {
    keep(tx, from, serial, envelope, at)?;
    put_in_force(tx, channel, sequence + 1, serial, Some(statement))?;
    tx.run(
        "UPDATE party SET descriptor = ?2, serial = ?3 WHERE root = ?1 AND serial < ?3",
        row![from, envelope.to_owned(), serial],
    )?;
    Ok(())
}

/// This party's next descriptor.
pub(super) fn renew(tx: &Tx<'_>, own: &OwnDescriptor, entries: &[JournalEntry]) -> Result<()> {
    let root: PartyRoot = tx
        .value("SELECT root FROM node", [])?
        .ok_or_else(|| missing("node in this data folder yet; run `comity init`"))?;
    let follows = |newest: u64| own.serial == newest + 1 || own.by_file && own.serial > newest;
    if !newest(tx, root)?.is_some_and(follows) {
        return conflict("this party's descriptor");
    }
    keep(tx, root, own.serial, &own.envelope, own.at)?;
    tx.run("UPDATE node SET descriptor = ?1", row![own.envelope.clone()])?;
    if own.by_file {
        let begun = tx.all(
            "SELECT number, coalesce(signed, 0) FROM channel LEFT JOIN channel_out ON channel = number
             WHERE sender = ?1 AND EXISTS (SELECT 1 FROM descriptor_place p WHERE p.channel = number)",
            row![root],
            |row| Ok((get::<i64>(row, 0)?, get::<u64>(row, 1)?)),
        )?;
        for (channel, signed) in begun {
            put_in_force(tx, channel, signed, own.serial, None)?;
            let last: Option<String> = tx.value(
                "SELECT checkpoint FROM channel_out WHERE channel = ?1 AND checkpoint_size = ?2",
                row![channel, signed],
            )?;
            if let Some(note) = last {
                keep_checkpoint(tx, channel, signed, &note)?;
            }
        }
    }
    journal::write(tx, entries)
}

/// Keeps the last checkpoint that the keys before a descriptor signed: what they said is proved under it.
pub(super) fn keep_checkpoint(tx: &Tx<'_>, channel: i64, size: u64, note: &str) -> Result<()> {
    tx.run(
        "UPDATE descriptor_place SET checkpoint = ?3
         WHERE channel = ?1 AND sequence = ?2 AND sequence > 0 AND checkpoint IS NULL",
        row![channel, size, note.to_owned()],
    )?;
    Ok(())
}

const fn channel_of(agreement: AgreementId, from: PartyRoot, to: PartyRoot) -> ChannelId {
    ChannelId { agreement, epoch: FIRST_EPOCH, from, to }
}
