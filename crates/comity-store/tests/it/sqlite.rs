//! What the SQLite backend promises beyond the port.

use std::os::unix::fs::PermissionsExt as _;

use comity_exchange::ports::{Ledger as _, Store, StoreError};
use comity_log::leaf_hash;
use comity_model::Digest;
use comity_model::statement::{Kind, Payload};
use comity_store::SqliteStore;
use rusqlite::Connection;

use crate::support::{
    approved, arrival, arrived, consumed, fresh, id, line, make_node, options, outward, own,
    publication, seal_of, sealed, sign, their_digest, theirs,
};

#[tokio::test]
async fn a_reopened_store_finds_everything() {
    let fresh = fresh();
    let path = fresh.folder.path().join("node.db");
    make_node(&fresh.store).await;
    fresh.store.hold(vec![own("a", 0, "drums")], vec![line("held")]).await.unwrap();
    let row = sealed(&fresh.store, 1).await;
    consumed(&fresh.store, 0, vec![theirs(their_digest(0), "b", 0, "tanks")]).await;
    let release = fresh.store.releases(1).await.unwrap();
    drop(fresh.store);

    let store = SqliteStore::open(&path, options()).unwrap();
    assert_eq!(store.holding(id("a")).await.unwrap(), Some(own("a", 0, "drums")));
    assert!(store.holding(id("b")).await.unwrap().is_some());
    assert_eq!(store.outbound(row.digest).await.unwrap(), Some(row.clone()));
    assert_eq!(store.releases(1).await.unwrap(), release);
    assert_eq!(store.journal_lines(0, 9).await.unwrap().len(), 3);
    let next = sealed(&store, 2).await;
    let payload = Payload::parse(&next.payload).unwrap();
    assert_eq!((payload.sequence, payload.previous), (Some(1), Some(row.digest)));
}

#[tokio::test]
async fn what_was_answered_survives_a_process_that_dies_without_closing() {
    let fresh = fresh();
    let path = fresh.folder.path().join("node.db");
    make_node(&fresh.store).await;
    let row = sealed(&fresh.store, 1).await;
    // The files as they are at this instant, with a database that nobody closed.
    let other = tempfile::tempdir().unwrap();
    for name in ["node.db", "node.db-wal"] {
        std::fs::copy(path.with_file_name(name), other.path().join(name)).unwrap();
    }
    let store = SqliteStore::open(&other.path().join("node.db"), options()).unwrap();
    assert_eq!(store.outbound(row.digest).await.unwrap(), Some(row));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_processes_on_one_file_leave_no_hole_and_no_double() {
    const EACH: u128 = 40;
    let fresh = fresh();
    make_node(&fresh.store).await;
    let path = fresh.folder.path().join("node.db");
    let other = SqliteStore::open(&path, options()).unwrap();
    let run = |store: SqliteStore, first: u128| {
        tokio::spawn(async move {
            for number in first..first + EACH {
                let release = approved(&store, number).await;
                store.seal(seal_of(&release, number)).await.unwrap();
            }
            store
        })
    };
    let (one, two) = (run(fresh.store, 1), run(other, 1_000));
    let (store, _other) = (one.await.unwrap(), two.await.unwrap());
    let rows = store.unsigned(1_000).await.unwrap();
    assert_eq!(rows.len(), 80);
    let mut previous = None;
    for (sequence, row) in (0..).zip(&rows) {
        let payload = Payload::parse(&row.payload).unwrap();
        assert_eq!((payload.sequence, payload.previous), (Some(sequence), previous));
        assert_eq!(row.position, sequence + 1);
        previous = Some(row.digest);
    }
    let mut folios: Vec<String> =
        store.releases(1_000).await.unwrap().iter().map(|it| it.record.folio.to_string()).collect();
    folios.sort();
    let expected: Vec<String> = (1..=80).map(|it| format!("US-2026-{it:06}")).collect();
    assert_eq!(folios, expected);
}

#[tokio::test]
async fn one_process_sees_at_once_what_another_wrote() {
    let fresh = fresh();
    let other = SqliteStore::open(&fresh.folder.path().join("node.db"), options()).unwrap();
    make_node(&other).await;
    let before = fresh.store.generation().await.unwrap();
    sealed(&fresh.store, 1).await;
    sign(&other, 1).await;
    assert_eq!(fresh.store.outbound_head(outward()).await.unwrap().signed, 1);
    assert!(other.generation().await.unwrap() > before);
    assert_eq!(other.generation().await.unwrap(), fresh.store.generation().await.unwrap());
}

#[test]
fn a_database_is_made_once_and_only_its_owner_reads_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("node.db");
    let missing = SqliteStore::open(&path, options()).unwrap_err();
    assert!(matches!(missing, StoreError::Missing(_)), "{missing}");
    assert!(!path.exists());
    let store = SqliteStore::create(&path, options()).unwrap();
    let again = SqliteStore::create(&path, options()).unwrap_err();
    assert_eq!(again.code(), "exists");
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    assert!(!format!("{store:?}").is_empty());
}

#[test]
fn a_database_that_is_not_ours_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("node.db");
    std::fs::write(&path, [b'x'; 8_192]).unwrap();
    assert_eq!(SqliteStore::open(&path, options()).unwrap_err().code(), "corrupt");

    let path = folder.path().join("newer.db");
    drop(SqliteStore::create(&path, options()).unwrap());
    let raw = Connection::open(&path).unwrap();
    raw.pragma_update(None, "user_version", 999).unwrap();
    drop(raw);
    assert_eq!(SqliteStore::open(&path, options()).unwrap_err().code(), "schema");
}

#[tokio::test]
async fn a_damaged_row_is_named_and_not_guessed_at() {
    let fresh = fresh();
    fresh.store.hold(vec![own("a", 0, "drums")], vec![]).await.unwrap();
    let raw = Connection::open(fresh.store.path()).unwrap();
    raw.execute("UPDATE holding SET digest = x'00'", []).unwrap();
    let error = fresh.store.holding(id("a")).await.unwrap_err();
    assert_eq!(error.code(), "corrupt");
    assert!(error.to_string().contains("`digest`"), "{error}");
}

#[tokio::test]
async fn a_damaged_page_is_found_by_the_check_and_a_whole_file_passes_it() {
    let fresh = fresh();
    let batch = (0..200).map(|it| own(&format!("object {it}"), 0, "drums"));
    fresh.store.hold(batch.collect(), vec![]).await.unwrap();
    fresh.store.quick_check().await.unwrap();
    let path = fresh.store.path().to_owned();
    drop(fresh.store);

    let raw = Connection::open(&path).unwrap();
    raw.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)").unwrap();
    let sql = "SELECT rootpage FROM sqlite_schema WHERE name = 'holding'";
    let page: i64 = raw.query_row(sql, [], |row| row.get(0)).unwrap();
    let size: i64 = raw.pragma_query_value(None, "page_size", |row| row.get(0)).unwrap();
    drop(raw);
    let file = std::fs::File::options().write(true).open(&path).unwrap();
    std::os::unix::fs::FileExt::write_all_at(
        &file,
        &[0xff; 64],
        u64::try_from((page - 1) * size).unwrap(),
    )
    .unwrap();

    let store = SqliteStore::open(&path, options()).unwrap();
    let error = store.quick_check().await.unwrap_err();
    assert_eq!(error.code(), "corrupt");
    let said = error.to_string();
    assert!(said.contains("its file") && !said.contains('\n'), "{said}");
}

#[tokio::test]
async fn a_journal_leaf_is_that_of_its_salted_row_and_a_name_can_be_erased() {
    let fresh = fresh();
    fresh.store.journal(vec![line("a")]).await.unwrap();
    let before = fresh.store.journal_lines(0, 1).await.unwrap().remove(0);
    let raw = Connection::open(fresh.store.path()).unwrap();
    let (row, salt): (Vec<u8>, Vec<u8>) = raw
        .query_row("SELECT row, salt FROM journal", [], |row| Ok((row.get(0)?, row.get(1)?)))
        .unwrap();
    assert_eq!(salt.len(), 32);
    let digest = Digest::of(&[salt, row.clone()].concat());
    assert_eq!(before.leaf, leaf_hash(digest.as_bytes()));
    assert!(!String::from_utf8(row).unwrap().contains("officer-1"));

    raw.execute("UPDATE journal_actor SET name = NULL", []).unwrap();
    let after = fresh.store.journal_lines(0, 1).await.unwrap().remove(0);
    assert_eq!(after.leaf, before.leaf);
    assert_eq!(after.entry.actor, "erased-1");
}

#[tokio::test]
async fn what_was_refused_is_nowhere_in_the_files() {
    let fresh = fresh();
    let statement = their_digest(0);
    let batch = (0..200).map(|it| theirs(statement, &format!("object {it}"), 0, "zyxwsecret"));
    fresh.store.stage(statement, batch.collect()).await.unwrap();
    let pouch = arrived(&fresh.store, "pouch").await;
    let input = publication(
        pouch,
        arrival(0, Kind::Release),
        comity_exchange::ports::PublishEffect::Nothing,
    );
    fresh.store.publish(input).await.unwrap();
    let path = fresh.store.path().to_owned();
    drop(fresh.store);
    let raw = Connection::open(&path).unwrap();
    raw.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)").unwrap();
    drop(raw);
    let bytes = std::fs::read(&path).unwrap();
    assert!(!bytes.windows(10).any(|it| it == b"zyxwsecret"));
}

#[tokio::test]
async fn a_journal_written_before_it_was_a_log_enters_the_log_with_the_next_line() {
    let fresh = fresh();
    let many = (0..300).map(|number| line(&number.to_string())).collect();
    fresh.store.journal(many).await.unwrap();
    let whole = fresh.store.journal_head().await.unwrap();
    let raw = Connection::open(fresh.folder.path().join("node.db")).unwrap();
    raw.execute_batch(
        "DELETE FROM journal_tile; UPDATE journal_head SET size = 0, frontier = x'0000000000000000'",
    )
    .unwrap();
    assert_eq!(fresh.store.journal_head().await.unwrap().size, 0);
    fresh.store.journal(vec![line("next")]).await.unwrap();
    let edge =
        comity_log::Frontier::from_bytes(&fresh.store.journal_head().await.unwrap().frontier);
    let mut expected = comity_log::Frontier::from_bytes(&whole.frontier).unwrap();
    let last = fresh.store.journal_rows(300, 1).await.unwrap();
    expected.append(last[0].leaf, |_, _, _| {}).unwrap();
    assert_eq!(edge, Ok(expected));
}

#[tokio::test]
async fn the_number_of_a_lost_line_is_never_given_again() {
    let fresh = fresh();
    fresh.store.journal(vec![line("a"), line("b"), line("c")]).await.unwrap();
    let raw = Connection::open(fresh.folder.path().join("node.db")).unwrap();
    raw.execute_batch("DELETE FROM journal WHERE number > 0").unwrap();
    fresh.store.journal(vec![line("d")]).await.unwrap();
    let numbers: Vec<_> =
        fresh.store.journal_rows(0, 9).await.unwrap().iter().map(|row| row.number).collect();
    assert_eq!(numbers, [0, 3]);
}
