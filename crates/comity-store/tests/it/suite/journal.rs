use std::collections::BTreeSet;

use comity_exchange::ports::{JournalEntry, Store};
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
