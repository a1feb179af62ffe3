//! Two processes that serve the collections of one folder.

use std::collections::BTreeSet;

use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn one_walk_goes_on_in_either_of_two_processes_and_when_one_of_them_ends() {
    let desk = Desk::with("", |_| {}).await;
    let bearer = format!("Bearer {}", desk.reader().await);
    let import = async |numbers: std::ops::Range<u64>| {
        std::fs::write(desk.node.file("o.jsonl"), comity_testkit::indicators(numbers)).unwrap();
        desk.node.ok("import o.jsonl --strict").await;
    };
    import(0..40).await;
    let objects = "/comity/collections/all/objects/";
    until("what was imported is in the collection", async || {
        let (_, page) = desk.get(objects, &bearer).await;
        (page["objects"].as_array().map(Vec::len) == Some(40)).then_some(())
    })
    .await;

    let port = free_port();
    edit(&desk.node, |text| text.replace(&desk.port.to_string(), &port.to_string()));
    let node = desk.node.beside();
    let serving = node.serve().await;
    let other = Desk { node, port, serving, _folder: tempfile::tempdir().unwrap() };
    let (mut first, mut folder) = (Some(desk), None);
    let (mut walked, mut place) = (Vec::new(), String::new());
    for turn in 0..30 {
        let desk = first.as_ref().filter(|_| turn % 2 == 0).unwrap_or(&other);
        let (status, page) = desk.get(&format!("{objects}?limit=5{place}"), &bearer).await;
        assert_eq!(status, 200, "{page}");
        let ids = page["objects"].as_array().cloned().unwrap_or_default();
        walked.extend(ids.iter().filter_map(|it| it["id"].as_str()).map(ToOwned::to_owned));
        let Some(next) = page["next"].as_str() else { break };
        place = format!("&next={next}");
        if turn == 4 {
            // the token of either is good in the other, also when whoever gave it is gone
            let Desk { serving, _folder: kept, .. } = first.take().unwrap();
            serving.kill().await;
            folder = Some(kept);
        }
    }
    let each: BTreeSet<&String> = walked.iter().collect();
    assert_eq!((walked.len(), each.len()), (40, 40), "each object once");
    assert!(folder.is_some(), "one of them ended on the way");
}
