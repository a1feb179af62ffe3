//! Sections 5.5 and 5.7: writing.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::body::Body;
use axum::http::{Method, StatusCode};
use comity_api::TaxiiSettings;
use comity_exchange::feed::Room;
use comity_testkit::{Result, indicator};

use super::{MEDIA, Server, id_of, request};

#[tokio::test(flavor = "multi_thread")]
async fn s5_5_what_became_of_each_object_stands_in_the_status() -> Result<()> {
    let server = Server::new().await?;
    let broken = indicator(2).replace("\"type\":\"indicator\"", "\"type\":\"indicador\"");
    let answer = server.post(&[indicator(1), broken]).await;
    assert_eq!(answer.status, StatusCode::ACCEPTED);
    assert_eq!(answer.field("content-type"), Some(MEDIA));
    let status = answer.json();
    assert_eq!(status["status"], "complete");
    assert_eq!(
        (
            &status["total_count"],
            &status["success_count"],
            &status["failure_count"],
            &status["pending_count"]
        ),
        (&2.into(), &1.into(), &1.into(), &0.into())
    );
    assert_eq!(status["successes"][0]["id"], id_of(1));
    assert_eq!(status["successes"][0]["version"], "2026-01-10T08:00:00.000Z");
    assert!(status["failures"][0]["message"].as_str().is_some_and(|it| it.contains("/objects/1")));
    let path = format!("/comity/status/{}/", status["id"].as_str().ok_or("an id")?);
    assert_eq!(server.get(&path).await.json(), status, "4.3");
    super::add_account(&server.party, "other", comity_exchange::ports::Role::Tool).await?;
    let other = request(Method::GET, &path, "other").body(Body::empty())?;
    assert_eq!(server.ask(other).await.status, StatusCode::NOT_FOUND, "for who wrote alone");
    let inbox = server.get("/comity/collections/inbox/objects/").await;
    assert_eq!(inbox.body, format!(r#"{{"objects":[{}]}}"#, indicator(1)).into_bytes());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn s5_5_one_instant_with_other_bytes_is_no_other_version() -> Result<()> {
    let server = Server::new().await?;
    let store = server.party.node.store();
    let at = |modified: &str, name: &str| {
        let object = indicator(1).replace(
            "\"modified\":\"2026-01-10T08:00:00.000Z\"",
            &format!("\"modified\":\"{modified}\""),
        );
        let (head, rest) = object.split_once("\"name\":\"").unwrap();
        format!("{head}\"name\":\"{name}{rest}")
    };
    let first = at("2026-01-10T08:00:00.000Z", "BENIGN");
    assert_eq!(server.post(std::slice::from_ref(&first)).await.json()["success_count"], 1);
    for form in
        ["2026-01-10T08:00:00.000000Z", "2026-01-10T08:00:00.0000000Z", "2026-01-10T08:00:00.000Z"]
    {
        let status = server.post(&[at(form, "SHADOW")]).await.json();
        assert_eq!(
            (&status["success_count"], &status["failure_count"]),
            (&0.into(), &1.into()),
            "{form}"
        );
        let message = status["failures"][0]["message"].as_str().unwrap();
        assert!(message.ends_with("(version-conflict)"), "{message}");
    }
    // TAXII, readers of the holdings and releases have the same one
    server.followed().await?;
    for path in ["/comity/collections/inbox/objects/", &server.path("objects/")] {
        let found = server.get(&format!("{path}?match[version]=all")).await;
        assert_eq!(found.body, format!("{{\"objects\":[{first}]}}").into_bytes());
    }
    assert_eq!(store.holding(id_of(1)).await?.unwrap().bytes, first.as_bytes());
    assert_eq!(store.holding_versions(id_of(1)).await?.len(), 1);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn s5_5_bodies_that_are_none_are_refused_whole() -> Result<()> {
    let server =
        Server::with(TaxiiSettings { body_bytes: 100_000, ..TaxiiSettings::default() }).await?;
    let path = "/comity/collections/inbox/objects/";
    let deep = format!("{{\"objects\":[{}]}}", "[".repeat(40_000));
    for body in [
        "",
        "{}",
        "null",
        "[]",
        "{\"objects\":{}}",
        "{\"objects\":[]}",
        "{\"objects\":[{}",
        "{\"objects\":[{}],\"objects\":[{}]}",
        "\u{feff}",
        &deep,
    ] {
        let answer = server.send(path, body.to_owned()).await;
        let status = answer.status;
        let shown: String = body.chars().take(40).collect();
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{shown}: {answer:?}");
    }
    for body in ["[]", "null", "[{}]", "{\"objects\":{}}", "{\"objects\":null}"] {
        let answer = server.send(path, body).await.json();
        let told = "line 1: it is no envelope; write one JSON object with a list under `objects`";
        assert_eq!(answer["description"], told, "{body}");
    }
    let invalid = [&b"{\"objects\":[{\"type\":\"\xff\"}]}"[..]].concat();
    let answer = server.send(path, invalid).await;
    assert_eq!(answer.json()["failure_count"], 1, "{answer:?}");
    let large = format!("{{\"objects\":[{{\"a\":\"{}\"}}]}}", "a".repeat(200_000));
    assert_eq!(server.send(path, large).await.status, StatusCode::PAYLOAD_TOO_LARGE);
    let stream = futures_stream(300_000);
    assert_eq!(
        server.send(path, stream).await.status,
        StatusCode::PAYLOAD_TOO_LARGE,
        "told or not"
    );
    for media in [
        "application/json",
        "application/taxii+json;version=2.0",
        "application/stix+json;version=2.1",
    ] {
        let post = request(Method::POST, path, "desk").header("content-type", media);
        let answer = server.ask(post.body(Body::from("{}"))?).await;
        assert_eq!(answer.status, StatusCode::UNSUPPORTED_MEDIA_TYPE, "{media}");
    }
    let to_read = server.send(&server.path("objects/"), "{}").await;
    assert_eq!(to_read.status, StatusCode::FORBIDDEN, "can_write is honoured");
    Ok(())
}

/// A body that does not say how long it is.
fn futures_stream(bytes: usize) -> Body {
    struct Endless(usize);
    impl axum::body::HttpBody for Endless {
        type Data = bytes::Bytes;
        type Error = std::convert::Infallible;

        fn poll_frame(
            mut self: std::pin::Pin<&mut Self>,
            _: &mut std::task::Context<'_>,
        ) -> std::task::Poll<Option<Result<http_body::Frame<Self::Data>, Self::Error>>> {
            let take = self.0.min(10_000);
            self.0 -= take;
            let frame = http_body::Frame::data(bytes::Bytes::from(vec![b' '; take]));
            std::task::Poll::Ready((take > 0).then_some(Ok(frame)))
        }
    }
    Body::new(Endless(bytes))
}

#[tokio::test(flavor = "multi_thread")]
async fn s5_7_what_is_deleted_leaves_the_collection_and_stays_held() -> Result<()> {
    let server = Server::new().await?;
    server.post(&[indicator(1), indicator(2)]).await;
    let path = format!("/comity/collections/inbox/objects/{}/", id_of(1));
    let delete = || request(Method::DELETE, &path, "desk").body(Body::empty());
    assert_eq!(server.ask(delete()?).await.status, StatusCode::OK);
    assert_eq!(server.get(&path).await.status, StatusCode::NOT_FOUND);
    assert_eq!(server.ask(delete()?).await.status, StatusCode::NOT_FOUND);
    assert_eq!(server.get("/comity/collections/inbox/objects/").await.ids(), [id_of(2)]);
    assert!(server.party.node.store().holding(id_of(1)).await?.is_some());
    let held = request(Method::DELETE, &server.path(&format!("objects/{}/", id_of(1))), "desk");
    assert_eq!(server.ask(held.body(Body::empty())?).await.status, StatusCode::FORBIDDEN);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn who_writes_reads_what_is_its_own_and_no_version_that_is_held_elsewhere() -> Result<()> {
    let server = Server::new().await?;
    let held = indicator(7);
    server.hold(&held).await?;
    let inbox = format!("/comity/collections/{}/objects/?match[version]=all", server.inbox);
    // the same version with other bytes is refused, and brings nothing into the collection
    let other = held.replacen("\"name\":\"", "\"name\":\"not the house's ", 1);
    assert_ne!(other, held);
    let status = server.post(&[other]).await.json();
    assert_eq!((&status["success_count"], &status["failure_count"]), (&0.into(), &1.into()));
    assert!(server.get(&inbox).await.ids().is_empty());
    // neither does a later version of what is not the writer's
    let later = |number| {
        indicator(number).replacen("\"modified\":\"2026-01-10", "\"modified\":\"2029-01-10", 1)
    };
    let status = server.post(&[later(7)]).await.json();
    assert_eq!((&status["success_count"], &status["failure_count"]), (&0.into(), &1.into()));
    assert!(server.get(&inbox).await.ids().is_empty());
    // what the house holds later of the writer's own is not in the collection
    assert_eq!(server.post(&[indicator(8)]).await.json()["success_count"], 1);
    server.hold(&later(8)).await?;
    let read = server.get(&inbox).await.json();
    let versions: Vec<_> =
        read["objects"].as_array().unwrap().iter().map(|it| &it["modified"]).collect();
    assert_eq!(versions, ["2026-01-10T08:00:00.000Z"]);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_disk_has_no_room_for_gets_503_and_nothing_of_it_is_taken() -> Result<()> {
    let free = Arc::new(AtomicU64::new(0));
    let disk = Room::new({
        let free = Arc::clone(&free);
        move || match free.load(Ordering::SeqCst) {
            0 => Err(std::io::Error::other("nobody can tell")),
            free => Ok(free),
        }
    });
    let settings = TaxiiSettings { disk: Some(disk), ..TaxiiSettings::default() };
    let server = Server::with(settings).await?;
    let objects = "/comity/collections/inbox/objects/";
    let body = format!(r#"{{"objects":[{}]}}"#, indicator(1));
    let needed = 2 * body.len() as u64;
    for left in [0, 1, needed - 1] {
        free.store(left, Ordering::SeqCst);
        let answer = server.post(&[indicator(1)]).await;
        assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{left}");
        assert_eq!(answer.field("retry-after"), Some("60"));
        assert_eq!(answer.json()["error_code"], "no-room");
        assert!(server.get(objects).await.ids().is_empty(), "{left}");
    }
    free.store(needed, Ordering::SeqCst);
    assert_eq!(server.post(&[indicator(1)]).await.status, StatusCode::ACCEPTED);
    assert_eq!(server.get(objects).await.ids(), [id_of(1)]);
    Ok(())
}
