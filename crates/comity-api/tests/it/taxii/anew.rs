//! A collection that is made after another was removed is another one, whatever of the old one somebody kept: pages in memory,
//! page tokens, what stands aside.

use axum::body::Body;
use axum::http::{Method, StatusCode};
use comity_exchange::account::{self, NewAccount};
use comity_exchange::collection::{self, NewCollection};
use comity_exchange::ports::Role;
use comity_exchange::unit::add;
use comity_model::UseCode;
use comity_testkit::{Result, indicator, indicators};
use jiff::SignedDuration;

use super::secrecy::{later, red};
use super::{MEDIA, PASSWORD, Server, add_account, add_collection, id_of, request};

/// A unit `customs` with an account of that name.
async fn unit(server: &Server) -> Result<()> {
    let (node, officer) = (&server.party.node, &server.party.officers[0]);
    add(node, "customs", "Customs", UseCode::IntelligenceOnly, officer).await?;
    add_account(&server.party, "customs", Role::Unit("customs".to_owned())).await
}

async fn grant(server: &Server, alias: &str, account: &str) -> Result<()> {
    let it = collection::find(&server.party.node, alias).await?;
    collection::grant(&server.party.node, &it, account, (true, false), "an administrator").await?;
    server.followed().await
}

async fn remove(server: &Server, alias: &str) -> Result<()> {
    let it = collection::find(&server.party.node, alias).await?;
    Ok(collection::remove(&server.party.node, &it, "an administrator").await?)
}

#[tokio::test(flavor = "multi_thread")]
async fn s3_5_a_collection_gives_no_page_and_takes_no_token_of_one_that_was_removed() -> Result<()>
{
    let server = Server::new().await?;
    unit(&server).await?;
    let objects: Vec<String> = (0..3).map(red).collect();
    server.hold(&objects.join("\n")).await?;
    add_collection(&server.party, "tmp", Some("all")).await?;
    grant(&server, "tmp", "desk").await?;
    let resources = ["objects", "manifest"];
    let mut tokens = Vec::new();
    for resource in resources {
        let path = format!("/comity/collections/tmp/{resource}/?limit=2");
        let page = server.get(&path).await;
        assert_eq!(page.ids().len(), 2, "{page:?}");
        tokens.push(page.json()["next"].as_str().ok_or("a token")?.to_owned());
    }
    remove(&server, "tmp").await?;

    add_collection(&server.party, "tmp", Some("all")).await?;
    grant(&server, "tmp", "customs").await?;
    for (resource, token) in resources.into_iter().zip(&tokens) {
        let path = format!("/comity/collections/tmp/{resource}/?limit=2");
        let page = server.does(Method::GET, &path, "customs").await;
        assert_eq!(page.status, StatusCode::OK, "{page:?}");
        assert!(page.ids().is_empty(), "what goes to no unit: {:?}", page.ids());
        let old = server.does(Method::GET, &format!("{path}&next={token}"), "customs").await;
        assert_eq!(old.status, StatusCode::BAD_REQUEST, "{old:?}");
    }
    // neither does the house go on where it was
    grant(&server, "tmp", "desk").await?;
    let path = format!("/comity/collections/tmp/objects/?limit=2&next={}", tokens[0]);
    assert_eq!(server.get(&path).await.status, StatusCode::BAD_REQUEST);
    let page = server.get("/comity/collections/tmp/objects/?limit=2").await;
    assert_eq!(page.ids(), [id_of(0), id_of(1)]);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn s3_5_a_view_with_the_number_of_another_is_another_still() -> Result<()> {
    let server = Server::new().await?;
    server.hold(&indicators(0..3)).await?;
    let page = server.get(&server.path("objects/?limit=2")).await;
    let token = page.json()["next"].as_str().ok_or("a token")?.to_owned();
    // as in a database that was put back from a backup, and in which the number was given to somebody else
    server.party.sql("UPDATE view SET identity = randomblob(16)")?;
    let other = server.restarted().await?;
    let old = other.get(&other.path(&format!("objects/?limit=2&next={token}"))).await;
    assert_eq!(old.status, StatusCode::BAD_REQUEST, "{old:?}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn no_number_of_a_collection_or_a_view_is_given_twice() -> Result<()> {
    let server = Server::new().await?;
    let highest = |table: &str| server.party.count(&format!("SELECT max(number) FROM {table}"));
    let mut before = (0, 0);
    for _ in 0..3 {
        add_collection(&server.party, "tmp", None).await?;
        grant(&server, "tmp", "desk").await?;
        let after = (highest("collection")?, highest("view")?);
        assert!(after.0 > before.0 && after.1 > before.1, "{before:?} {after:?}");
        before = after;
        remove(&server, "tmp").await?;
    }
    server.hold(&indicator(1)).await?;
    assert_eq!(server.get(&server.path("objects/")).await.ids(), [id_of(1)]);
    Ok(())
}

/// Makes a collection `desk2` that this new account writes into.
async fn desk2(server: &Server, account: &str) -> Result<()> {
    server.party.clock.advance(SignedDuration::from_secs(1));
    add_collection(&server.party, "desk2", None).await?;
    add_account(&server.party, account, Role::Tool).await?;
    let it = collection::find(&server.party.node, "desk2").await?;
    collection::grant(&server.party.node, &it, account, (true, true), "an administrator").await?;
    Ok(())
}

/// Writes an object into `desk2`, and gives why it was not taken.
async fn writes(server: &Server, account: &str, object: &str) -> Result<Option<String>> {
    let path = "/comity/collections/desk2/objects/";
    let post = request(Method::POST, path, account).header("content-type", MEDIA);
    let answer = server.ask(post.body(Body::from(format!("{{\"objects\":[{object}]}}")))?).await;
    Ok(answer.json()["failures"][0]["message"].as_str().map(ToOwned::to_owned))
}

#[tokio::test(flavor = "multi_thread")]
async fn s5_5_writers_of_a_collection_do_not_inherit_what_others_wrote_under_its_alias()
-> Result<()> {
    let server = Server::new().await?;
    desk2(&server, "old").await?;
    assert_eq!(writes(&server, "old", &indicator(1)).await?, None);
    assert_eq!(writes(&server, "old", &later(&indicator(1), 10)).await?, None, "its own");
    // as it was kept before sources named ids: it is that of the collection which was there then
    server.party.sql(
        "UPDATE provenance SET digest = randomblob(32), origin_json = json_set(origin_json, '$.source', 'taxii/desk2')
         WHERE origin_json LIKE '%taxii/desk2/%'",
    )?;
    assert_eq!(writes(&server, "old", &indicator(2)).await?, None);
    assert_eq!(writes(&server, "old", &later(&indicator(1), 20)).await?, None, "its own still");
    remove(&server, "desk2").await?;

    desk2(&server, "new").await?;
    for number in [1, 2] {
        let why = writes(&server, "new", &later(&indicator(number), 30)).await?;
        assert!(why.is_some_and(|it| it.contains("(others-object)")), "{number}");
    }
    assert_eq!(writes(&server, "new", &indicator(3)).await?, None);
    let held = server.party.node.store().holding(id_of(3)).await?.ok_or("what was written")?;
    let source = serde_json::to_string(&held.origin)?;
    assert!(source.contains("taxii/desk2/"), "people see the alias: {source}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_reads_and_writes_a_collection_while_it_is_removed_gets_all_of_it_or_404()
-> Result<()> {
    let server = Server::new().await?;
    server.hold(&indicators(0..6)).await?;
    let (address, node) = (server.address, server.party.node.clone());
    let (name, per_minute) = ("busy".to_owned(), 1_000_000);
    let busy = NewAccount { name, role: Role::Tool, certificate: None, per_minute };
    account::add(&node, busy, Some(PASSWORD), "an administrator").await?;
    let (stop, stopped) = tokio::sync::watch::channel(false);
    let mut asking = tokio::task::JoinSet::new();
    for number in 0..4_u64 {
        let stopped = stopped.clone();
        asking.spawn(async move {
            let mut statuses = std::collections::BTreeSet::new();
            let (mut next, mut written) = (String::new(), 0);
            while !*stopped.borrow() {
                let (method, path, body) = match number {
                    // who walks goes on by the token of the page before, whatever became of the collection
                    0 | 1 => {
                        let path = format!("/comity/collections/tmp/objects/?limit=1{next}");
                        (Method::GET, path, String::new())
                    }
                    2 => {
                        let path =
                            format!("/comity/collections/tmp/objects/{}/", id_of(written % 6));
                        (Method::DELETE, path, String::new())
                    }
                    _ => {
                        let body = format!(r#"{{"objects":[{}]}}"#, indicator(1_000 + written));
                        (Method::POST, "/comity/collections/tmp/objects/".to_owned(), body)
                    }
                };
                written += 1;
                let request = request(method, &path, "busy").header("content-type", MEDIA);
                let answer = super::ask(address, request.body(Body::from(body)).unwrap()).await;
                let answer = answer.unwrap();
                let json = serde_json::from_slice::<serde_json::Value>(&answer.body).ok();
                let token = json.as_ref().and_then(|it| it["next"].as_str());
                next = token.map(|it| format!("&next={it}")).unwrap_or_default();
                statuses.insert(answer.status.as_u16());
            }
            (number, statuses)
        });
    }
    for _ in 0..20 {
        let new = NewCollection {
            alias: "tmp".to_owned(),
            title: "For a while".to_owned(),
            query: Some("all".to_owned()),
            writable: true,
            ..NewCollection::default()
        };
        let made = collection::add(&node, new, "an administrator").await?;
        for account in ["desk", "busy"] {
            collection::grant(&node, &made, account, (true, true), "an administrator").await?;
        }
        server.followed().await?;
        let page = server.get("/comity/collections/tmp/objects/").await;
        assert_eq!(page.status, StatusCode::OK);
        collection::remove(&node, &made, "an administrator").await?;
    }
    stop.send(true)?;
    for (number, statuses) in asking.join_all().await {
        let may: &[u16] = match number {
            0 | 1 => &[200, 400, 404],
            2 => &[200, 404],
            _ => &[202, 404],
        };
        assert!(statuses.iter().all(|it| may.contains(it)), "{number}: {statuses:?}");
        assert!(statuses.contains(&404), "{number}: {statuses:?}");
    }
    Ok(())
}
