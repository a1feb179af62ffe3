//! Writing into a collection beside everything else that a node does.

use std::io::Cursor;
use std::time::{Duration, Instant};

use comity_exchange::import::{ImportOptions, Lang, import};
use comity_exchange::ports::Versions;
use comity_exchange::{collection, posting, view, worker};
use comity_testkit::{Result, TestClock, indicator, indicators};

use super::{HOUSE, collected, everything, post};
use crate::support::line::id_of;

/// What a client waits for at the most, here.
const PATIENCE: Duration = Duration::from_secs(30);

#[tokio::test(flavor = "multi_thread")]
async fn what_is_written_is_in_its_collection_however_far_the_others_are_behind() -> Result<()> {
    let clock = TestClock::at("2026-03-01T10:00:00Z".parse()?);
    let party = comity_testkit::Party::new("mx", &clock, false).await?;
    let (all, inbox) =
        (collected(&party, "all", Some("all")).await?, collected(&party, "inbox", None).await?);
    let store = party.node.store();
    let (all, inbox) = (store.open_view(all, HOUSE).await?, store.open_view(inbox, HOUSE).await?);
    party.hold(&indicators(100..600)).await?;
    post(&party, "inbox", &[indicator(1), indicator(2)]).await?;
    let names = async |view| -> Result<Vec<String>> {
        let page = party.node.store().view_manifest(everything(view)).await?;
        Ok(page.members.into_iter().map(|it| it.id).collect())
    };
    assert_eq!(names(inbox.number).await?, [id_of(1), id_of(2)]);
    assert!(names(all.number).await?.is_empty(), "nobody waited for what others bring in");
    let inbox_record = collection::find(&party.node, "inbox").await?;
    posting::remove(&party.node, &inbox_record, inbox.number, "desk", id_of(1), Versions::All)
        .await?;
    assert_eq!(names(inbox.number).await?, [id_of(2)]);
    assert!(names(all.number).await?.is_empty());

    view::catch_up(&party.node).await?;
    assert_eq!(names(inbox.number).await?, [id_of(2)], "following changes nothing of it");
    assert_eq!(names(all.number).await?.len(), 502);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_and_postings_beside_it_are_all_done_and_no_client_waits_for_the_import()
-> Result<()> {
    let clock = TestClock::at("2026-03-01T10:00:00Z".parse()?);
    let party = comity_testkit::Party::new("mx", &clock, false).await?;
    let all = collected(&party, "all", Some("all")).await?;
    let inbox = collected(&party, "inbox", None).await?;
    let store = party.node.store();
    let (all, inbox) = (store.open_view(all, HOUSE).await?, store.open_view(inbox, HOUSE).await?);
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let following = tokio::spawn(worker::views(party.node.clone(), async {
        let _ = stopped.await;
    }));
    let node = party.node.clone();
    let importing = tokio::spawn(async move {
        let options = ImportOptions {
            source: "large.jsonl".to_owned(),
            grade: None,
            lang: Lang::En,
            by: "an analyst".to_owned(),
        };
        import(&node, Cursor::new(indicators(1_000..9_000).into_bytes()), options, |_| {}).await
    });
    let mut posted = 0;
    while !importing.is_finished() && posted < 200 {
        let begun = Instant::now();
        post(&party, "inbox", &[indicator(posted)]).await?;
        assert!(begun.elapsed() < PATIENCE, "{:?}", begun.elapsed());
        posted += 1;
        let page = party.node.store().view_manifest(everything(inbox.number)).await?;
        assert_eq!(page.members.len() as u64, posted, "each is there when it is answered");
    }
    assert_eq!(importing.await??.held.new, 8_000);
    assert!(posted > 0);
    let _ = stop.send(());
    following.await?;
    view::catch_up(&party.node).await?;
    let page = party.node.store().view_manifest(everything(all.number)).await?;
    assert_eq!(page.members.len() as u64, 8_000 + posted);
    let page = party.node.store().view_manifest(everything(inbox.number)).await?;
    assert_eq!(page.members.len() as u64, posted, "each once");
    Ok(())
}
