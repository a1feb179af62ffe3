//! Several processes on one file: each has its turn at writing.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use comity_exchange::ports::Store as _;
use comity_store::{Options, SqliteStore};

use crate::support::{fresh, line, make_node, options, own};

/// Batches that one process writes without a pause, as an import does, while another writes a few.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_process_that_writes_without_a_pause_lets_others_write_too() {
    let fresh = fresh();
    make_node(&fresh.store).await;
    let path = fresh.folder.path().join("node.db");
    let busy = Duration::from_millis(150);
    let other = SqliteStore::open(&path, Options { busy, ..options() }).unwrap();
    let (store, is_over) = (Arc::new(fresh.store), Arc::new(AtomicBool::new(false)));
    let mut importers = tokio::task::JoinSet::new();
    for importer in 0..3 {
        let (store, is_over) = (Arc::clone(&store), Arc::clone(&is_over));
        importers.spawn(async move {
            let mut batches = 0;
            while !is_over.load(Ordering::Relaxed) && batches < 2_000 {
                let name = |number| format!("{importer}-{batches}-{number}");
                let batch = (0..200).map(|number| own(&name(number), 0, "drums")).collect();
                store.hold(batch, vec![line("imported")]).await.unwrap();
                batches += 1;
            }
            batches
        });
    }
    let mut refused = Vec::new();
    for post in 0..20 {
        let name = format!("post-{post}");
        let posted = other.hold(vec![own(&name, 0, "drums")], vec![line("posted")]).await;
        refused.extend(posted.err());
    }
    is_over.store(true, Ordering::Relaxed);
    let mut batches = importers.join_all().await;
    assert!(refused.is_empty(), "beside {batches:?} batches: {refused:?}");
    assert!(batches.drain(..).all(|it| it > 0), "both had their turn");
}
