use std::collections::BTreeSet;

use comity_exchange::ports::{JournalEntry, Store};
use comity_log::{Frontier, root_of};
use serde_json::json;

use crate::support::{at, events, line, make_node, mx, node};

pub(crate) async fn lines_are_numbered_in_order_and_read_back(store: &dyn Store) {
    let entry = JournalEntry {
        at: at(7),
        event: "holding-shown".to_owned(),
        subject: "indicator--1".to_owned(),
        actor: "officer-2".to_owned(),
        details: json!({"why": ["a", 1, null]}),
    };
    store.journal(vec![line("a"), entry.clone(), line("c")]).await.unwrap();
    store.journal(vec![line("d")]).await.unwrap();
    let lines = store.journal_lines(1, 2).await.unwrap();
    let numbers: Vec<u64> = lines.iter().map(|it| it.number).collect();
    assert_eq!(numbers, [1, 2]);
    assert_eq!(lines[0].entry, entry);
    assert_eq!(events(store).await, ["a", "holding-shown", "c", "d"]);
    assert!(store.journal_lines(u64::MAX, 9).await.unwrap().is_empty());
}

pub(crate) async fn a_transaction_that_fails_leaves_no_line(store: &dyn Store) {
    store.confirm_party(mx(), at(0), vec![line("confirmed")]).await.unwrap_err();
    make_node(store).await;
    store.create_node(node(), vec![line("made again")]).await.unwrap_err();
    assert!(events(store).await.is_empty());
}

pub(crate) async fn a_hundred_transactions_at_once_all_land(store: &dyn Store) {
    // Every third fails; nobody is told of another's fate.
    let journal = |number: u32| async move {
        let entries = vec![line(&number.to_string()), line("its second line")];
        if number.is_multiple_of(3) {
            store.confirm_party(mx(), at(0), entries).await
        } else {
            store.journal(entries).await
        }
    };
    let all = futures_of((0..100).map(journal)).await;
    for (number, result) in all.iter().enumerate() {
        assert_eq!(result.is_err(), number.is_multiple_of(3), "{number}");
    }
    let events = events(store).await;
    assert_eq!(events.len(), 2 * 66);
    assert!(events.chunks(2).all(|pair| pair[1] == "its second line"));
    let first: BTreeSet<&str> = events.chunks(2).map(|pair| pair[0].as_str()).collect();
    assert_eq!(first.len(), 66);
    let numbers = store.journal_lines(0, 1_000).await.unwrap();
    assert!(numbers.iter().zip(0..).all(|(line, number)| line.number == number));
}

/// Runs futures side by side.
async fn futures_of<T>(all: impl Iterator<Item = impl Future<Output = T>>) -> Vec<T> {
    let mut open: Vec<_> = all.map(|it| (Box::pin(it), None)).collect();
    std::future::poll_fn(|context| {
        let mut waiting = false;
        for (future, result) in &mut open {
            if result.is_none() {
                match future.as_mut().poll(context) {
                    std::task::Poll::Ready(value) => *result = Some(value),
                    std::task::Poll::Pending => waiting = true,
                }
            }
        }
        if waiting { std::task::Poll::Pending } else { std::task::Poll::Ready(()) }
    })
    .await;
    open.into_iter().filter_map(|(_, result)| result).collect()
}

pub(crate) async fn equal_lines_have_different_leaves(store: &dyn Store) {
    store.journal(vec![line("a"), line("a")]).await.unwrap();
    let lines = store.journal_lines(0, 2).await.unwrap();
    assert_eq!(lines[0].entry, lines[1].entry);
    assert_ne!(lines[0].leaf, lines[1].leaf);
}

pub(crate) async fn every_write_is_seen_in_the_generation(store: &dyn Store) {
    let before = store.generation().await.unwrap();
    assert_eq!(store.generation().await.unwrap(), before);
    store.journal(vec![line("a")]).await.unwrap();
    let after = store.generation().await.unwrap();
    assert!(after > before);
    store.confirm_party(mx(), at(0), vec![]).await.unwrap_err();
    assert_eq!(store.generation().await.unwrap(), after);
}

/// The root of the journal's log over the leaves of its lines, and whether the store's own edge has it.
async fn log_is_whole(store: &dyn Store) -> u64 {
    let head = store.journal_head().await.unwrap();
    let rows = store.journal_rows(0, 10_000).await.unwrap();
    let root = root_of(rows.iter().map(|row| row.leaf));
    let edge = Frontier::from_bytes(&head.frontier).unwrap();
    assert_eq!((edge.size(), edge.root()), (rows.len() as u64, root));
    assert_eq!(head.size, edge.size());
    head.size
}

pub(crate) async fn every_line_is_in_the_log_as_soon_as_it_is_written(store: &dyn Store) {
    assert_eq!(log_is_whole(store).await, 0);
    store.journal(vec![line("a")]).await.unwrap();
    assert_eq!(log_is_whole(store).await, 1);
    store.confirm_party(mx(), at(0), vec![line("confirmed")]).await.unwrap_err();
    assert_eq!(log_is_whole(store).await, 1);
    store.journal((0..600).map(|number| line(&number.to_string())).collect()).await.unwrap();
    assert_eq!(log_is_whole(store).await, 601);
    let rows = store.journal_rows(300, 1).await.unwrap();
    assert_eq!((rows[0].number, rows[0].event.as_str()), (300, "299"));
    assert!(store.journal_rows(u64::MAX, 1).await.unwrap().is_empty());
}

pub(crate) async fn the_tiles_of_the_journal_are_those_of_its_lines(store: &dyn Store) {
    store.journal((0..600).map(|number| line(&number.to_string())).collect()).await.unwrap();
    let leaves: Vec<_> =
        store.journal_rows(0, 1_000).await.unwrap().iter().map(|row| row.leaf).collect();
    assert_eq!(store.journal_tile(0, 1).await.unwrap(), leaves[256..512]);
    assert_eq!(store.journal_tile(0, 2).await.unwrap(), leaves[512..]);
    let full = |tile: usize| root_of(leaves[tile * 256..(tile + 1) * 256].iter().copied());
    assert_eq!(store.journal_tile(1, 0).await.unwrap(), [full(0), full(1)]);
    for (level, index) in [(0, 3), (1, 1), (2, 0), (7, 0), (0, u64::MAX)] {
        assert!(store.journal_tile(level, index).await.unwrap().is_empty());
    }
}

pub(crate) async fn a_checkpoint_of_the_journal_never_goes_back(store: &dyn Store) {
    store.journal(vec![line("a"), line("b"), line("c")]).await.unwrap();
    assert_eq!(store.journal_head().await.unwrap().checkpoint, None);
    store.put_journal_checkpoint(2, "two".to_owned()).await.unwrap();
    store.put_journal_checkpoint(1, "one".to_owned()).await.unwrap();
    store.put_journal_checkpoint(4, "four".to_owned()).await.unwrap_err();
    let kept = store.journal_head().await.unwrap().checkpoint;
    assert_eq!(kept, Some((2, "two".to_owned())));
}

pub(crate) async fn a_reader_of_the_journal_goes_on_where_it_stopped(store: &dyn Store) {
    let cursor = || async { store.journal_cursor("syslog".to_owned()).await.unwrap() };
    assert_eq!(cursor().await, 0);
    store.move_journal_cursor("syslog".to_owned(), 7).await.unwrap();
    store.move_journal_cursor("syslog".to_owned(), 5).await.unwrap();
    store.move_journal_cursor("other".to_owned(), 9).await.unwrap();
    assert_eq!(cursor().await, 7);
}
