//! What programs read stands in the access journal.

use std::time::Duration;

use comity_exchange::access::{Verb, accesses};
use comity_exchange::ports::AccessQuery;
use comity_testkit::{Result, indicators};
use tokio::time::{Instant, sleep};

use super::{Server, id_of};

async fn lines(server: &Server) -> Result<Vec<(String, Verb, u64, Vec<String>)>> {
    let query = AccessQuery { limit: 100, ..AccessQuery::default() };
    let found = accesses(&server.party.node, query).await?;
    assert!(found.iter().all(|it| it.area == "collections"));
    Ok(found.into_iter().map(|it| (it.actor, it.verb, it.found, it.ids)).collect())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_program_reads_is_journalled_at_once_and_then_once_a_minute() -> Result<()> {
    let server = Server::new().await?;
    server.hold(&indicators(0..3)).await?;
    let collection = server.all.to_string();
    assert_eq!(server.get(&server.path("objects/")).await.status, 200);
    let first = ("desk".to_owned(), Verb::Opened, 3, vec![collection.clone()]);
    assert_eq!(lines(&server).await?, std::slice::from_ref(&first));
    server.get(&server.path("manifest/?limit=2")).await;
    let names = ("desk".to_owned(), Verb::Searched, 2, vec![collection.clone()]);
    assert_eq!(lines(&server).await?.len(), 2);

    // what follows within the minute is one line, with what was asked for by its id
    let id = id_of(1);
    for _ in 0..5 {
        assert_eq!(server.get(&server.path(&format!("objects/{id}/"))).await.status, 200);
    }
    assert_eq!(server.get(&server.path("objects/indicator--x/")).await.status, 404);
    assert_eq!(lines(&server).await?.len(), 2);
    // a listener that stops writes what is left
    server.stop.send(true)?;
    let end = Instant::now() + Duration::from_secs(30);
    while lines(&server).await?.len() < 3 {
        assert!(Instant::now() < end, "what was read is not in the journal");
        sleep(Duration::from_millis(20)).await;
    }
    let rest = ("desk".to_owned(), Verb::Opened, 5, vec![collection, id]);
    let mut all = lines(&server).await?;
    all.sort_by_key(|(_, verb, found, _)| (*verb, *found));
    assert_eq!(all, [names, first, rest]);
    Ok(())
}
