//! Feeds: how far each was taken in, and who pulls it now.

use async_trait::async_trait;
use comity_exchange::ports::{
    ApiRoot, Feed, FeedClaim, FeedCode, FeedCollection, FeedFault, FeedOutcome, FeedPosition,
    FeedRejection, FeedSize, FeedStep, Feeds, HoldSummary, JournalEntry, NotHeld, PullEnd,
    PullOutcome, StoreError, TaxiiVersion,
};
use comity_model::Holding;
use jiff::{SignedDuration, Timestamp};
use rusqlite::{Row, params};
use uuid::Uuid;

use super::column::{Column, Json, get};
use super::fault::{Result, conflict, exists, missing};
use super::tx::{Read, Tx, row};
use super::{SqliteStore, journal};

mod held;

/// Rejected objects of a feed that are remembered.
const REMEMBERED: usize = 20;

#[async_trait]
impl Feeds for SqliteStore {
    async fn add_feed(
        &self,
        feed: Feed,
        journal: Vec<JournalEntry>,
    ) -> std::result::Result<(), StoreError> {
        self.write("add-feed", move |tx| add(tx, &feed, &journal)).await
    }

    async fn feeds(&self) -> std::result::Result<Vec<Feed>, StoreError> {
        self.read("feeds", |read| select(read, None)).await
    }

    async fn pause_feed(
        &self,
        name: String,
        paused_at: Option<Timestamp>,
        next_run: Timestamp,
        journal: Vec<JournalEntry>,
    ) -> std::result::Result<(), StoreError> {
        self.write("pause-feed", move |tx| {
            let sql = "UPDATE feed SET paused_at = ?2, next_run = ?3 WHERE name = ?1";
            if tx.run(sql, row![name, paused_at, next_run])? == 0 {
                return Err(no_feed(&name));
            }
            all_due(tx, &name)?;
            journal::write(tx, &journal)
        })
        .await
    }

    async fn bound_feed(
        &self,
        name: String,
        most: FeedSize,
        next_run: Timestamp,
        journal: Vec<JournalEntry>,
    ) -> std::result::Result<(), StoreError> {
        self.write("bound-feed", move |tx| {
            let sql =
                "UPDATE feed SET most_objects = ?2, most_bytes = ?3, next_run = ?4 WHERE name = ?1";
            if tx.run(sql, row![name, most.objects, most.bytes, next_run])? == 0 {
                return Err(no_feed(&name));
            }
            all_due(tx, &name)?;
            journal::write(tx, &journal)
        })
        .await
    }

    async fn hold_of_feed(
        &self,
        claim: Uuid,
        collection: String,
        batch: Vec<Holding>,
        journal: Vec<JournalEntry>,
    ) -> std::result::Result<(HoldSummary, Vec<NotHeld>), StoreError> {
        self.write("hold-of-feed", move |tx| held::hold(tx, claim, &collection, &batch, &journal))
            .await
    }

    async fn remove_feed(
        &self,
        name: String,
        journal: Vec<JournalEntry>,
    ) -> std::result::Result<(), StoreError> {
        self.write("remove-feed", move |tx| remove(tx, &name, &journal)).await
    }

    async fn claim_feed(
        &self,
        name: String,
        claim: Uuid,
        now: Timestamp,
        until: Timestamp,
    ) -> std::result::Result<Feed, StoreError> {
        self.write("claim-feed", move |tx| take(tx, &name, claim, now, until)).await
    }

    async fn renew_claim(
        &self,
        claim: Uuid,
        until: Timestamp,
    ) -> std::result::Result<(), StoreError> {
        self.write("renew-claim", move |tx| {
            let sql = "UPDATE feed SET claim_until = ?2 WHERE claim = ?1";
            must_hold(tx.run(sql, row![claim, until])?)
        })
        .await
    }

    async fn locate_feed(
        &self,
        claim: Uuid,
        root: Option<ApiRoot>,
    ) -> std::result::Result<(), StoreError> {
        self.write("locate-feed", move |tx| {
            let (url, version) = root.map(|it| (it.url, it.version.as_str().to_owned())).unzip();
            let sql = "UPDATE feed SET root = ?2, taxii = ?3 WHERE claim = ?1";
            must_hold(tx.run(sql, row![claim, url, version])?)
        })
        .await
    }

    async fn advance_feed(
        &self,
        claim: Uuid,
        collection: String,
        position: FeedPosition,
        step: FeedStep,
    ) -> std::result::Result<(), StoreError> {
        self.write("advance-feed", move |tx| advance(tx, claim, &collection, &position, &step))
            .await
    }

    async fn end_pull(
        &self,
        claim: Uuid,
        end: PullEnd,
        journal: Vec<JournalEntry>,
    ) -> std::result::Result<(), StoreError> {
        self.write("end-pull", move |tx| finish(tx, claim, &end, &journal)).await
    }
}

fn no_feed(name: &str) -> super::fault::Fault {
    missing(format!("feed `{name}`"))
}

/// Every collection is asked for again when the feed is, however it did.
fn all_due(tx: &Tx<'_>, name: &str) -> Result<()> {
    let sql = "UPDATE feed_collection SET next_run = NULL WHERE feed = (SELECT number FROM feed WHERE name = ?1)";
    tx.run(sql, [name])?;
    Ok(())
}

/// A claim that changed no row is another's by now.
fn must_hold(rows: usize) -> Result<()> {
    if rows == 0 { conflict("who pulls the feed") } else { Ok(()) }
}

fn add(tx: &Tx<'_>, feed: &Feed, entries: &[JournalEntry]) -> Result<()> {
    if tx.any("SELECT 1 FROM feed WHERE name = ?1", row![feed.name])? {
        return exists(format!("a feed `{}`", feed.name));
    }
    let number = tx.insert(
        "INSERT INTO feed (name, url, grade, every_s, sealed, ca, added_at, paused_at, next_run, most_objects, most_bytes)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
        row![
            feed.name,
            feed.url,
            feed.grade,
            feed.every.as_secs(),
            feed.login,
            feed.ca,
            feed.added_at,
            feed.paused_at,
            feed.next_run,
            feed.most.objects,
            feed.most.bytes,
        ],
    )?;
    for (place, FeedCollection { id, position, .. }) in (0_u32..).zip(&feed.collections) {
        tx.run(
            "INSERT INTO feed_collection (feed, place, id, added_after, next, reached)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            row![number, place, *id, position.added_after, position.next, position.reached],
        )?;
    }
    journal::write(tx, entries)
}

/// Forgets a feed, and has the next scrub overwrite what the write-ahead log still has of its login.
fn remove(tx: &Tx<'_>, name: &str, entries: &[JournalEntry]) -> Result<()> {
    if tx.run("DELETE FROM feed WHERE name = ?1", [name])? == 0 {
        return Err(no_feed(name));
    }
    tx.run("UPDATE counter SET value = value + 1 WHERE name = 'scrub'", [])?;
    journal::write(tx, entries)
}

fn take(tx: &Tx<'_>, name: &str, claim: Uuid, now: Timestamp, until: Timestamp) -> Result<Feed> {
    let sql = "SELECT claim_until FROM feed WHERE name = ?1";
    let held: Option<Timestamp> =
        tx.first(sql, [name], |row| get(row, 0))?.ok_or_else(|| no_feed(name))?;
    // a claim that lasts longer than any is given was made by a clock that went back since
    let longest = until.as_second() - now.as_second();
    if held.is_some_and(|held| held > now && held.as_second() - now.as_second() <= longest) {
        return conflict(format!("who pulls the feed `{name}`"));
    }
    let sql = "UPDATE feed SET claim = ?2, claimed_at = ?3, claim_until = ?4 WHERE name = ?1";
    tx.run(sql, params![name, claim.store(), now.store(), until.store()])?;
    let found = select(tx, Some(name))?;
    found.into_iter().next().ok_or_else(|| no_feed(name))
}

fn advance(
    tx: &Tx<'_>,
    claim: Uuid,
    collection: &str,
    position: &FeedPosition,
    step: &FeedStep,
) -> Result<()> {
    let sql = "SELECT number, rejections_json FROM feed WHERE claim = ?1";
    let found = tx.first(sql, row![claim], |row| {
        Ok((get::<i64>(row, 0)?, get::<Json<Vec<FeedRejection>>>(row, 1)?))
    })?;
    let Some((number, Json(mut rejections))) = found else {
        return conflict("who pulls the feed");
    };
    rejections.extend(step.rejections.iter().cloned());
    let surplus = rejections.len().saturating_sub(REMEMBERED);
    let rejections: Vec<FeedRejection> = rejections.into_iter().skip(surplus).collect();
    tx.run(
        "UPDATE feed SET objects = objects + ?2, fresh = fresh + ?3, rejected = rejected + ?4, rejections_json = ?5
         WHERE number = ?1",
        row![number, step.objects, step.new, step.rejected, Json(rejections)],
    )?;
    tx.run(
        "UPDATE feed_collection SET added_after = ?3, next = ?4, reached = ?5 WHERE feed = ?1 AND id = ?2",
        params![
            number,
            collection,
            position.added_after.store(),
            position.next,
            position.reached.store()
        ],
    )?;
    Ok(())
}

fn finish(tx: &Tx<'_>, claim: Uuid, end: &PullEnd, entries: &[JournalEntry]) -> Result<()> {
    for collection in &end.collections {
        let fault = collection.fault.as_ref();
        tx.run(
            "UPDATE feed_collection SET next_run = ?3, fault = ?4, fault_detail = ?5,
               failures = CASE WHEN ?4 IS NULL THEN 0 ELSE failures + 1 END
             WHERE id = ?2 AND feed = (SELECT number FROM feed WHERE claim = ?1)",
            row![
                claim,
                collection.id,
                collection.next_run,
                fault.map(|it| it.code.as_str().to_owned()),
                fault.and_then(|it| it.detail.clone()),
            ],
        )?;
    }
    let rows = match &end.outcome {
        PullOutcome::Stopped => tx.run(
            "UPDATE feed SET claim = NULL, claim_until = NULL, next_run = ?2 WHERE claim = ?1",
            row![claim, end.next_run],
        )?,
        PullOutcome::Done => tx.run(
            "UPDATE feed SET claim = NULL, claim_until = NULL, next_run = ?2, last_run = ?3, last_success = ?3,
               fault = NULL, fault_detail = NULL, failures = 0, pulls = pulls + 1 WHERE claim = ?1",
            row![claim, end.next_run, end.at],
        )?,
        PullOutcome::Partly(fault) => tx.run(
            "UPDATE feed SET claim = NULL, claim_until = NULL, next_run = ?2, last_run = ?3, last_success = ?3, fault = ?4,
               fault_detail = ?5, failures = 0, pulls = pulls + 1 WHERE claim = ?1",
            row![claim, end.next_run, end.at, fault.code.as_str().to_owned(), fault.detail],
        )?,
        PullOutcome::Failed(fault) => tx.run(
            "UPDATE feed SET claim = NULL, claim_until = NULL, next_run = ?2, last_run = ?3, fault = ?4, fault_detail = ?5,
               failures = failures + 1, pulls = pulls + 1 WHERE claim = ?1",
            row![claim, end.next_run, end.at, fault.code.as_str().to_owned(), fault.detail],
        )?,
    };
    must_hold(rows)?;
    journal::write(tx, entries)
}

/// The feeds, or one of them, with their collections.
fn select(read: &Read<'_>, name: Option<&str>) -> Result<Vec<Feed>> {
    let mut feeds = read.all(
        "SELECT number, name, url, grade, every_s, sealed, ca, added_at, paused_at, next_run, root, taxii, last_run,
           last_success, fault, fault_detail, failures, pulls, objects, fresh, rejected, rejections_json, most_objects, most_bytes, claimed_at, claim_until
         FROM feed WHERE ?1 IS NULL OR name = ?1 ORDER BY name",
        [name],
        |row| Ok((get::<i64>(row, 0)?, feed(row)?)),
    )?;
    for (number, feed) in &mut feeds {
        feed.held = held::of_feed(read, &feed.name)?;
        feed.collections = read.all(
            "SELECT id, added_after, next, reached, next_run, failures, fault, fault_detail FROM feed_collection WHERE feed = ?1 ORDER BY place",
            [*number],
            |row| {
                let position = FeedPosition {
                    added_after: get(row, 1)?,
                    next: get(row, 2)?,
                    reached: get(row, 3)?,
                };
                Ok(FeedCollection {
                    id: get(row, 0)?,
                    position,
                    next_run: get(row, 4)?,
                    failures: get(row, 5)?,
                    fault: fault(get(row, 6)?, get(row, 7)?),
                })
            },
        )?;
    }
    Ok(feeds.into_iter().map(|(_, feed)| feed).collect())
}

/// What was kept of a fault. A word that this version does not know is one of a later version.
fn fault(word: Option<String>, detail: Option<String>) -> Option<FeedFault> {
    let code = FeedCode::from_word(&word?).unwrap_or(FeedCode::Status);
    Some(FeedFault { code, detail, retry_after: None })
}

fn feed(row: &Row<'_>) -> Result<Feed> {
    let version = match get::<Option<String>>(row, 11)?.as_deref() {
        Some("2.0") => TaxiiVersion::V20,
        _ => TaxiiVersion::V21,
    };
    let Json(rejections) = get(row, 21)?;
    Ok(Feed {
        name: get(row, 1)?,
        url: get(row, 2)?,
        grade: get(row, 3)?,
        every: SignedDuration::from_secs(get(row, 4)?),
        most: FeedSize { objects: get(row, 22)?, bytes: get(row, 23)? },
        held: FeedSize::NONE,
        login: get(row, 5)?,
        ca: get(row, 6)?,
        added_at: get(row, 7)?,
        paused_at: get(row, 8)?,
        next_run: get(row, 9)?,
        root: get::<Option<String>>(row, 10)?.map(|url| ApiRoot { url, version }),
        collections: Vec::new(),
        outcome: FeedOutcome {
            last_run: get(row, 12)?,
            last_success: get(row, 13)?,
            fault: fault(get(row, 14)?, get(row, 15)?),
            failures: get(row, 16)?,
            pulls: get(row, 17)?,
            objects: get(row, 18)?,
            new: get(row, 19)?,
            rejected: get(row, 20)?,
            rejections,
        },
        claim: get::<Option<Timestamp>>(row, 24)?
            .zip(get::<Option<Timestamp>>(row, 25)?)
            .map(|(since, until)| FeedClaim { since, until }),
    })
}
