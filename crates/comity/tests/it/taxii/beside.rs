//! Clients that write while another process of the node imports.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use super::*;

/// Objects that are imported: some seconds' work.
const IMPORTED: u64 = 10_000;
/// Postings at the most beside it.
const POSTINGS: u64 = 150;

#[tokio::test(flavor = "multi_thread")]
async fn an_import_and_postings_beside_it_are_all_done_and_no_client_waits_long() {
    let desk = Desk::with("", |_| {}).await;
    let reads = format!("Bearer {}", desk.reader().await);
    desk.node.ok("collection add notes --title Notes --writable").await;
    desk.node.ok("collection grant notes desk --read --write").await;
    let made = desk.node.ok("token new desk").await;
    let writes = format!("Bearer {}", made["token"].as_str().unwrap());
    let lines = comity_testkit::indicators(1_000..1_000 + IMPORTED);
    std::fs::write(desk.node.file("large.jsonl"), lines).unwrap();

    let is_over = AtomicBool::new(false);
    let importing = async {
        let imported = desk.node.ok("import large.jsonl --strict").await;
        is_over.store(true, Ordering::Relaxed);
        imported
    };
    let posting = async {
        let mut posted = 0;
        while posted < POSTINGS && !is_over.load(Ordering::Relaxed) {
            let body = format!(r#"{{"objects":[{}]}}"#, comity_testkit::indicator(posted));
            let begun = Instant::now();
            let (status, told) = desk.post("notes", &writes, &body).await;
            assert_eq!((status, &told["success_count"]), (202, &1.into()), "{told}");
            assert!(begun.elapsed() < PATIENCE, "{:?}", begun.elapsed());
            posted += 1;
            let (_, page) = desk.get("/comity/collections/notes/manifest/", &writes).await;
            let read = page["objects"].as_array().map_or(0, Vec::len) as u64;
            assert_eq!(read, posted, "whoever posts reads it at once");
        }
        posted
    };
    let (imported, posted) = tokio::join!(importing, posting);
    assert_eq!(imported["new"], IMPORTED, "{imported}");
    assert!(posted > 0);
    until("everything is in the collection of everything", async || {
        (held(&desk, &reads).await == IMPORTED + posted).then_some(())
    })
    .await;
}

/// How many objects are in the collection of everything, page by page.
async fn held(desk: &Desk, reads: &str) -> u64 {
    let (mut count, mut place) = (0, String::new());
    loop {
        let path = format!("/comity/collections/all/manifest/?limit=1000{place}");
        let (status, page) = desk.get(&path, reads).await;
        assert_eq!(status, 200, "{page}");
        count += page["objects"].as_array().map_or(0, Vec::len) as u64;
        match page["next"].as_str() {
            Some(next) => place = format!("&next={next}"),
            None => return count,
        }
    }
}
