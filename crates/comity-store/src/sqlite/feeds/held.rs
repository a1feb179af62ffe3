//! What a feed holds, and how its collections share what it may hold (docs/protocol.md section 7).

use comity_exchange::ports::{FeedSize, HoldSummary, JournalEntry, NotHeld};
use comity_model::Holding;
use uuid::Uuid;

use super::super::column::get;
use super::super::fault::{Result, conflict};
use super::super::tx::{Read, Tx, row};
use super::super::{holdings, journal};

/// Keeps a batch as far as the feed may hold it and leaves the other collections what is theirs.
pub(super) fn hold(
    tx: &Tx<'_>,
    claim: Uuid,
    collection: &str,
    batch: &[Holding],
    entries: &[JournalEntry],
) -> Result<(HoldSummary, Vec<NotHeld>)> {
    let sql = "SELECT number, name, most_objects, most_bytes FROM feed WHERE claim = ?1";
    let found = tx.first(sql, row![claim], |row| {
        let most = FeedSize { objects: get(row, 2)?, bytes: get(row, 3)? };
        Ok((get::<i64>(row, 0)?, get::<String>(row, 1)?, most))
    })?;
    let Some((number, name, most)) = found else { return conflict("who pulls the feed") };
    let before = of_feed(tx, &name)?;
    let share = Share::of(tx, number, &name, collection, most)?;
    let (mut size, mut own) = (before, share.own);
    let kept = holdings::hold_within(tx, batch, |it| {
        let bytes = it.bytes.len() as u64;
        let with = size.and(bytes, most).zip(own.and(bytes, most));
        let fits = with.filter(|_| {
            own.and(bytes, share.part).is_some() || size.and(bytes, share.unreserved).is_some()
        });
        (size, own) = fits.unwrap_or((size, own));
        fits.is_some()
    })?;
    if size != before {
        tx.run(
            "INSERT INTO feed_held (name, objects, bytes) VALUES (?1, ?2, ?3)
             ON CONFLICT (name) DO UPDATE SET objects = ?2, bytes = ?3",
            row![name, size.objects, size.bytes],
        )?;
        tx.run(
            "INSERT INTO feed_collection_held (name, collection, objects, bytes) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (name, collection) DO UPDATE SET objects = ?3, bytes = ?4",
            row![name, collection.to_owned(), own.objects, own.bytes],
        )?;
        journal::write(tx, entries)?;
    }
    Ok(kept)
}

/// How much came under this name.
pub(super) fn of_feed(read: &Read<'_>, name: &str) -> Result<FeedSize> {
    let sql = "SELECT objects, bytes FROM feed_held WHERE name = ?1";
    let held =
        read.first(sql, [name], |row| Ok(FeedSize { objects: get(row, 0)?, bytes: get(row, 1)? }))?;
    Ok(held.unwrap_or(FeedSize::NONE))
}

/// What one collection may hold beside the others.
struct Share {
    /// What it holds.
    own: FeedSize,
    /// What it may hold whatever the others do.
    part: FeedSize,
    /// What the feed may hold when the others keep what is left of their parts.
    unreserved: FeedSize,
}

impl Share {
    fn of(
        read: &Read<'_>,
        feed: i64,
        name: &str,
        collection: &str,
        most: FeedSize,
    ) -> Result<Self> {
        let collections: Vec<(String, FeedSize)> = read.all(
            "SELECT c.id, coalesce(h.objects, 0), coalesce(h.bytes, 0) FROM feed_collection c
             LEFT JOIN feed_collection_held h ON h.name = ?2 AND h.collection = c.id WHERE c.feed = ?1",
            row![feed, name.to_owned()],
            |row| {
                Ok((get(row, 0)?, FeedSize { objects: get(row, 1)?, bytes: get(row, 2)? }))
            },
        )?;
        let part = most.part(collections.len() as u64);
        let mut share = Self { own: FeedSize::NONE, part, unreserved: most };
        for (id, held) in collections {
            if id == collection {
                share.own = held;
            } else {
                share.unreserved = share.unreserved.less(part.less(held));
            }
        }
        Ok(share)
    }
}
