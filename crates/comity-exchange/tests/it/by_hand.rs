//! Pouches carried by hand: without any network everything arrives once and is settled, whatever the way does to the files.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use comity_exchange::compose::Selection;
use comity_exchange::courier::{self, Export, Fate, Imported, Unwatched};
use comity_exchange::ports::{BlobError, BlobWriter, PouchState, Satchel, ToCarry};
use comity_model::Digest;
use comity_testkit::{
    CLAUSE, Pair, Party, Result, TempDir, TestClock, files_in, indicator, pair, pump, tempdir,
};

use crate::receipts::agree_on_everything;
use crate::support::journal;

async fn release(pair: &Pair, number: u64) -> Result<()> {
    let text = indicator(number);
    pair.us.hold(&text).await?;
    let id = text.split('"').nth(11).ok_or("no id")?.to_owned();
    pair.us.release(&pair.mx, CLAUSE, Selection::Ids(vec![id]), 1).await?;
    Ok(())
}

/// A pair in which `us` released so many objects one by one, and a folder with their pouches.
async fn carried(count: u64) -> Result<(Pair, TempDir, Vec<PathBuf>)> {
    let pair = pair().await?;
    for number in 0..count {
        release(&pair, number).await?;
    }
    let folder = tempdir()?;
    let exported = pair.us.export(&pair.mx, ToCarry::New, folder.path()).await?;
    assert_eq!((exported.written, exported.kept), (count, 0));
    let files = files_in(folder.path())?;
    assert_eq!(files.len() as u64, count);
    Ok((pair, folder, files))
}

/// Carries what waits from one to the other.
async fn carry(from: &Party, to: &Party) -> Result<Imported> {
    let folder = tempdir()?;
    from.export(to, ToCarry::New, folder.path()).await?;
    to.import(&files_in(folder.path())?).await
}

fn fates(imported: &Imported) -> Vec<Fate> {
    imported.files.iter().map(|it| it.fate).collect()
}

async fn unsettled(party: &Party, partner: &Party) -> Result<u64> {
    Ok(party.node.store().outbox_view(partner.node.root()).await?.unsettled)
}

/// Flips one bit, counted from the end.
fn spoil(path: &Path, from_end: usize) -> Result<()> {
    let mut bytes = std::fs::read(path)?;
    let at = bytes.len().checked_sub(from_end).ok_or("too short")?;
    bytes[at] ^= 1;
    Ok(std::fs::write(path, bytes)?)
}

#[tokio::test]
async fn nothing_lost_without_any_network() -> Result<()> {
    let (pair, _folder, files) = carried(3).await?;
    let imported = pair.mx.import(&files).await?;
    assert_eq!(fates(&imported), [Fate::Consumed; 3]);
    assert_eq!((imported.consumed, imported.answers), (3, 1));
    assert_eq!(unsettled(&pair.us, &pair.mx).await?, 3, "carried is not delivered");
    let back = carry(&pair.mx, &pair.us).await?;
    assert_eq!(fates(&back), [Fate::Consumed]);
    assert_eq!(unsettled(&pair.us, &pair.mx).await?, 0);
    // the cosignature over the receipt goes back too, and with it everything is said
    assert_eq!(fates(&carry(&pair.us, &pair.mx).await?), [Fate::Consumed]);
    for (from, to) in [(&pair.us, &pair.mx), (&pair.mx, &pair.us)] {
        assert_eq!(carry(from, to).await?.files, []);
        assert_eq!(from.node.spool().used()?, 0);
    }
    agree_on_everything(&pair).await
}

#[tokio::test]
async fn the_order_of_the_files_does_not_matter_nor_how_often_they_come() -> Result<()> {
    let (pair, _folder, files) = carried(4).await?;
    let mut shuffled: Vec<PathBuf> = files.iter().rev().cloned().collect();
    shuffled.extend(files.iter().cloned());
    let imported = pair.mx.import(&shuffled).await?;
    let mut expected = vec![Fate::Consumed; 4];
    expected.extend([Fate::Repeated; 4]);
    assert_eq!(fates(&imported), expected);
    assert_eq!(imported.consumed, 4);
    assert_eq!(fates(&pair.mx.import(&files).await?), [Fate::Repeated; 4]);
    carry(&pair.mx, &pair.us).await?;
    assert_eq!(unsettled(&pair.us, &pair.mx).await?, 0);
    assert_eq!(pair.mx.node.spool().used()?, 0);
    Ok(())
}

#[tokio::test]
async fn a_damaged_file_uses_up_nothing_and_stops_no_other() -> Result<()> {
    let (pair, folder, files) = carried(3).await?;
    let good = std::fs::read(&files[0])?;
    // under its own name, and under one that promises nothing: damaged in the last piece, behind the proof
    spoil(&files[0], 20)?;
    let renamed = folder.path().join("from-the-courier");
    std::fs::copy(&files[0], &renamed)?;
    let noise = folder.path().join("notes.txt");
    std::fs::write(&noise, "no pouch at all")?;
    let gone = folder.path().join("gone.pouch");
    let all = [files[0].clone(), renamed.clone(), noise, gone, files[1].clone(), files[2].clone()];
    let imported = pair.mx.import(&all).await?;
    let codes: Vec<_> = imported.files.iter().map(|it| it.code.as_deref()).collect();
    let expected = ["truncated", "truncated", "cannot-open", "unreadable"].map(Some);
    assert_eq!(codes[..4], expected);
    assert_eq!(fates(&imported)[4..], [Fate::Held; 2]);
    assert_eq!(imported.consumed, 0);
    assert_eq!(journal(&pair.mx.node, "pouches-imported").await?.len(), 1);
    // the good file mends all of it
    std::fs::write(&renamed, good)?;
    let imported = pair.mx.import(&[renamed]).await?;
    assert_eq!((fates(&imported), imported.consumed), (vec![Fate::Consumed], 3));
    Ok(())
}

#[tokio::test]
async fn a_whole_pouch_under_another_ones_name_is_left_out() -> Result<()> {
    let (pair, folder, files) = carried(1).await?;
    let wrong = folder.path().join(format!("{}.pouch", Digest::of(b"another").hex()));
    std::fs::rename(&files[0], &wrong)?;
    let imported = pair.mx.import(&[wrong]).await?;
    assert_eq!(imported.files[0].code.as_deref(), Some("wrong-digest"));
    assert_eq!((fates(&imported), imported.consumed), (vec![Fate::LeftOut], 0));
    assert_eq!(pair.mx.node.spool().used()?, 0);
    Ok(())
}

#[tokio::test]
async fn what_a_stranger_sealed_takes_no_room_on_the_disk() -> Result<()> {
    let (pair, _folder, files) = carried(1).await?;
    // somebody whom `xx` never confirmed, and a pouch that is not for it
    let clock = TestClock::at("2026-03-01T10:00:00Z".parse()?);
    let xx = Party::new("xx", &clock, false).await?;
    let imported = xx.import(&files).await?;
    assert_eq!(imported.files[0].code.as_deref(), Some("cannot-open"));
    pair.mx.sql("UPDATE party SET confirmed_at = NULL")?;
    let imported = pair.mx.import(&files).await?;
    assert_eq!(imported.files[0].code.as_deref(), Some("unconfirmed-party"));
    for party in [&xx, &pair.mx] {
        assert_eq!(party.node.spool().used()?, 0);
        assert!(journal(&party.node, "pouch-received").await?.is_empty());
    }
    Ok(())
}

/// A folder whose disk is full after so many pouches.
struct Full {
    folder: comity_testkit::Folder,
    room: AtomicU32,
}

impl Satchel for Full {
    fn has(&self, pouch: &Digest, size: u64) -> Result<bool, BlobError> {
        self.folder.has(pouch, size)
    }

    fn create(&self) -> Result<Box<dyn BlobWriter>, BlobError> {
        if self.room.fetch_sub(1, Ordering::SeqCst) == 0 {
            return Err(std::io::Error::from(std::io::ErrorKind::StorageFull).into());
        }
        self.folder.create()
    }
}

#[tokio::test]
async fn an_export_that_was_interrupted_goes_on_where_it_was() -> Result<()> {
    let pair = pair().await?;
    for number in 0..5 {
        release(&pair, number).await?;
    }
    let folder = tempdir()?;
    let (to, by) = (pair.mx.node.root(), "an analyst".to_owned());
    let full =
        Full { folder: comity_testkit::Folder::new(folder.path())?, room: AtomicU32::new(2) };
    let watch = Arc::new(Unwatched);
    let export = Export { to, which: ToCarry::New, satchel: Arc::new(full), by, watch };
    let error = courier::export(&pair.us.node, export).await.unwrap_err();
    assert_eq!(error.code(), "disk");
    let first = files_in(folder.path())?;
    assert_eq!(first.len(), 2, "nothing half written stays");
    // what a process that was killed left behind
    std::fs::write(folder.path().join("4711-3.tmp"), "half")?;
    let exported = pair.us.export(&pair.mx, ToCarry::New, folder.path()).await?;
    assert_eq!((exported.written, exported.carried_before), (3, 2));
    let all = files_in(folder.path())?;
    assert_eq!(all.len(), 5);
    assert_eq!(all[..2], first[..]);
    assert_eq!(fates(&pair.mx.import(&all).await?), [Fate::Consumed; 5]);
    Ok(())
}

#[tokio::test]
async fn what_was_carried_and_not_answered_is_carried_again_where_it_is_asked_for() -> Result<()> {
    let (pair, folder, files) = carried(3).await?;
    spoil(&files[1], 20)?;
    std::fs::remove_file(&files[2])?;
    let again = pair.us.export(&pair.mx, ToCarry::Unanswered, folder.path()).await?;
    assert_eq!((again.written, again.kept), (2, 1), "what is whole stays");
    let elsewhere = tempdir()?;
    let exported = pair.us.export(&pair.mx, ToCarry::New, elsewhere.path()).await?;
    assert_eq!((exported.written, exported.carried_before), (0, 3));
    let imported = pair.mx.import(&files_in(folder.path())?).await?;
    assert_eq!(imported.consumed, 3);
    carry(&pair.mx, &pair.us).await?;
    let answered = pair.us.export(&pair.mx, ToCarry::Unanswered, elsewhere.path()).await?;
    assert_eq!(answered.written, 1, "the cosignature over the receipt is left");
    let since = ToCarry::Since("2026-01-01T00:00:00Z".parse()?);
    let since = pair.us.export(&pair.mx, since, elsewhere.path()).await?;
    assert_eq!((since.written, since.kept), (3, 1));
    Ok(())
}

#[tokio::test]
async fn the_link_and_a_courier_may_carry_the_same() -> Result<()> {
    let (pair, _folder, files) = carried(2).await?;
    assert_eq!(fates(&pair.mx.import(&files[..1]).await?), [Fate::Consumed]);
    pump(&pair.us, &pair.mx).await?;
    assert_eq!(unsettled(&pair.us, &pair.mx).await?, 0);
    assert_eq!(fates(&pair.mx.import(&files).await?), [Fate::Repeated; 2]);
    assert_eq!(pair.mx.node.spool().used()?, 0);
    agree_on_everything(&pair).await
}

#[tokio::test]
async fn a_pouch_is_looked_into_by_who_has_the_keys_and_the_journal_says_so() -> Result<()> {
    let (pair, _folder, files) = carried(1).await?;
    let file = || Arc::new(comity_testkit::CarriedFile(files[0].clone()));
    let watch = || Arc::new(Unwatched);
    let seen = courier::open(&pair.mx.node, file(), watch(), "an analyst").await?;
    assert_eq!((seen.from, seen.kind.as_str()), (pair.us.node.root(), "release"));
    assert_eq!(seen.pouch, Digest::of(&std::fs::read(&files[0])?));
    let parts: Vec<_> = seen.parts.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(parts, ["manifest.jsonl", "objects.jsonl"]);
    let lines = journal(&pair.mx.node, "pouch-opened").await?;
    assert_eq!(lines.len(), 1);
    assert_eq!(lines[0].entry.actor, "an analyst");
    let error = courier::open(&pair.us.node, file(), watch(), "an analyst").await.unwrap_err();
    assert_eq!(error.code(), "cannot-open");
    assert_eq!(pair.mx.node.store().inbox(9, true).await?.len(), 0, "nothing was taken in");
    Ok(())
}

#[tokio::test]
async fn nothing_lost_what_another_process_was_done_with_is_not_refused_for_being_gone()
-> Result<()> {
    let (mut pair, _folder, files) = carried(1).await?;
    pair.mx.import(&files).await?;
    // the same statement in another pouch: a file written again
    let again = tempdir()?;
    pair.us.export(&pair.mx, ToCarry::Unanswered, again.path()).await?;
    let bytes = std::fs::read(&files_in(again.path())?[0])?;
    let (pouch, size) = (Digest::of(&bytes), bytes.len() as u64);
    pair.mx.node.spool().append(&pouch, 0, &bytes)?;
    pair.mx.node.spool().finish(&pouch, size)?;
    comity_exchange::receive::receive(&pair.mx.node, pouch, size, None).await?;
    let seen = pair.mx.node.store().received(1).await?;
    assert_eq!(seen[0].digest, pouch);
    // one process takes it in and deletes it while the other one is about to look
    comity_exchange::admit::take_in(&pair.mx.node).await?;
    let beside = pair.mx.beside().await?;
    comity_exchange::admit::admit(&beside, &seen[0]).await?;
    let row = pair.mx.node.store().pouch(pouch).await?.ok_or("no pouch")?;
    assert_eq!((row.state, row.code), (PouchState::Repeated, None));
    assert!(journal(&pair.mx.node, "pouch-refused").await?.is_empty());
    Ok(())
}
