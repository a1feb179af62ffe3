//! What an account may not see it cannot learn of: two nodes, of which one holds more, say the same to it byte for byte.

use axum::body::Body;
use axum::http::{Method, StatusCode};
use comity_exchange::collection;
use comity_exchange::ports::Role;
use comity_exchange::unit::add;
use comity_model::UseCode;
use comity_testkit::{Result, indicator, indicators};

use super::{Answer, MEDIA, Server, add_account, id_of, request};

const GREEN: &str = "marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb";
pub(super) const RED: &str = "marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1";

/// An object that goes to no unit.
pub(super) fn red(number: u64) -> String {
    indicator(number).replace(GREEN, RED)
}

pub(super) fn later(object: &str, second: u32) -> String {
    let modified = format!("\"modified\":\"2026-01-10T08:00:{second}.000Z\"");
    object.replace("\"modified\":\"2026-01-10T08:00:00.000Z\"", &modified)
}

/// An answer as text: everything that goes over the wire but the clock of the machine and the random name of a status.
pub(super) fn told(answer: &Answer) -> String {
    let mut fields: Vec<String> = answer
        .fields
        .iter()
        .filter(|(name, _)| *name != "date")
        .map(|(name, value)| format!("{name}: {}", value.to_str().unwrap()))
        .collect();
    fields.sort();
    let body = String::from_utf8(answer.body.clone()).unwrap();
    let status = body.strip_prefix("{\"id\":\"").and_then(|it| it.split_once('"'));
    let body = status.map_or(body.as_str(), |(_, rest)| rest);
    format!("{}\n{}\n\n{body}", answer.status, fields.join("\n"))
}

/// A node with a unit `customs`, which reads everything that it may and reads and writes in the inbox.
pub(super) async fn with_unit() -> Result<Server> {
    let server = Server::new().await?;
    let node = &server.party.node;
    add(node, "customs", "Customs", UseCode::IntelligenceOnly, &server.party.officers[0]).await?;
    add_account(&server.party, "customs", Role::Unit("customs".to_owned())).await?;
    for (name, write) in [("all", false), ("inbox", true)] {
        let it = collection::find(node, name).await?;
        collection::grant(node, &it, "customs", (true, write), "an administrator").await?;
    }
    Ok(server)
}

/// Everything that the unit can ask, with what it is told.
async fn everything(server: &Server) -> Result<Vec<(String, String)>> {
    let mut all = Vec::new();
    let hidden = [5, 6, 8].map(id_of);
    let mut paths: Vec<String> =
        ["/taxii2/", "/comity/", "/comity/collections/"].map(ToOwned::to_owned).to_vec();
    for collection in ["all", "inbox"] {
        let at = |rest: &str| format!("/comity/collections/{collection}/{rest}");
        paths.push(at(""));
        for resource in ["objects/", "manifest/"] {
            for query in [
                "",
                "?limit=1",
                "?limit=2",
                "?limit=3",
                "?limit=4",
                "?match[type]=indicator&limit=2",
                "?match[version]=all",
                "?match[version]=first",
                "?match[spec_version]=2.0",
                "?added_after=2026-03-01T10:00:00.000001Z",
                "?added_after=2026-03-01T10:00:00.000003Z&limit=1",
            ] {
                paths.push(at(&format!("{resource}{query}")));
            }
            paths.push(at(&format!("{resource}?match[id]={}", hidden.join(","))));
            paths.push(at(&format!("{resource}?match[id]={},{}", id_of(1), hidden[0])));
        }
        for id in &hidden {
            for rest in [
                "",
                "?match[version]=all",
                "?match[version]=2026-01-10T08:00:00.000Z",
                "?added_after=2000-01-01T00:00:00Z",
                "?limit=1",
                "versions/",
                "versions/?limit=1",
            ] {
                paths.push(at(&format!("objects/{id}/{rest}")));
            }
        }
        // an object of which one version more is hidden
        paths.push(at(&format!("objects/{}/?match[version]=all", id_of(1))));
        paths.push(at(&format!("objects/{}/versions/", id_of(1))));
    }
    for path in paths {
        for method in [Method::GET, Method::HEAD] {
            let answer = server.does(method.clone(), &path, "customs").await;
            assert!(answer.status.as_u16() < 500, "{path}");
            all.push((format!("{method} {path}"), told(&answer)));
        }
    }
    // pages to the end, by their tokens
    let mut next = String::new();
    for _ in 0..10 {
        let path = format!("/comity/collections/all/objects/?limit=1{next}");
        let answer = server.does(Method::GET, &path, "customs").await;
        all.push((path, told(&answer)));
        let json = answer.json();
        let Some(token) = json["next"].as_str() else { break };
        next = format!("&next={token}");
    }
    let inbox = "/comity/collections/inbox/objects/";
    for id in &hidden {
        for rest in ["", "?match[version]=all", "?match[version]=last"] {
            let path = format!("{inbox}{id}/{rest}");
            let answer = server.does(Method::DELETE, &path, "customs").await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND);
            all.push((format!("DELETE {path}"), told(&answer)));
        }
    }
    for objects in [red(5), red(8), later(&red(8), 50), later(&indicator(9), 10)] {
        let post = request(Method::POST, inbox, "customs").header("content-type", MEDIA);
        let body = format!("{{\"objects\":[{objects}]}}");
        all.push((
            format!("POST {objects}"),
            told(&server.ask(post.body(Body::from(body))?).await),
        ));
    }
    let answer = server.does(Method::GET, inbox, "customs").await;
    all.push((inbox.to_owned(), told(&answer)));
    Ok(all)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_unit_is_told_the_same_whether_there_is_more_that_it_may_not_see() -> Result<()> {
    let mut seen = Vec::new();
    for secret in [false, true] {
        let server = with_unit().await?;
        server.hold(&indicators(0..2)).await?;
        server.post(&[indicator(7)]).await;
        if secret {
            server.hold(&[red(5), red(6)].join("\n")).await?;
            server.post(&[red(8), later(&red(8), 20)]).await;
            server.hold(&later(&red(1), 40)).await?;
        }
        server.hold(&indicators(2..4)).await?;
        server.post(&[indicator(4)]).await;
        seen.push(everything(&server).await?);
        let house = server.get("/comity/collections/all/objects/?match[version]=all").await.ids();
        assert_eq!(house.contains(&id_of(6)), secret, "the house sees it");
        if secret {
            let inbox = server.get("/comity/collections/inbox/objects/?match[version]=all").await;
            let there = inbox.ids().iter().filter(|it| **it == id_of(8)).count();
            assert!(there >= 2, "what the unit could not see it did not delete: {inbox:?}");
        }
    }
    let (without, with) = (&seen[0], &seen[1]);
    assert_eq!(without.len(), with.len());
    for (without, with) in without.iter().zip(with) {
        assert_eq!(without, with);
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_a_unit_passes_over_nothing_that_is_hidden() -> Result<()> {
    let server = with_unit().await?;
    server.hold(&indicators(0..3)).await?;
    let hidden: Vec<String> = (10..210).map(red).collect();
    server.hold(&hidden.join("\n")).await?;
    server.does(Method::GET, "/comity/collections/all/objects/", "customs").await;
    comity_exchange::view::catch_up(&server.party.node).await?;
    // what a page is read from has a row for each member, and none for what is not one: there is nothing to pass over
    let rows = |audience: &str| {
        server.party.count(&format!(
            "SELECT count(*) FROM member m JOIN view v ON v.number = m.view JOIN collection c ON c.number = v.collection
             WHERE c.alias = 'all' AND v.audience = '{audience}'"
        ))
    };
    assert_eq!((rows("intelligence-only")?, rows("house")?), (3, 203));
    Ok(())
}
