//! Who is let in, and that nobody learns of what is not theirs.

use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use comity_exchange::account::{self, NewAccount};
use comity_exchange::ports::Role;
use comity_testkit::Result;
use jiff::SignedDuration;
use serde_json::{Value, json};

use super::{MEDIA, PASSWORD, Server, id_of, request};

fn bare(path: &str) -> axum::http::request::Builder {
    Request::builder().uri(path).header("accept", MEDIA)
}

#[tokio::test(flavor = "multi_thread")]
async fn s8_2_2_who_does_not_say_who_it_is_is_asked() -> Result<()> {
    let server = Server::new().await?;
    for path in ["/taxii2/", "/comity/", "/comity/collections/", &server.path("objects/")] {
        let answer = server.ask(bare(path).body(Body::empty())?).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{path}");
        let asked: Vec<_> = answer.fields.get_all("www-authenticate").iter().collect();
        assert!(asked.iter().any(|it| it.as_bytes().starts_with(b"Basic realm=")), "{asked:?}");
        assert!(answer.json()["title"].is_string());
    }
    for path in ["/", "/nothing/", "/comity/collections/nothing/objects/", "/comity/status/%ff/"] {
        for method in [Method::GET, Method::PUT, Method::POST, Method::OPTIONS] {
            let request = bare(path).method(method.clone()).body(Body::empty())?;
            let answer = server.ask(request).await;
            assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{method} {path}");
        }
    }
    for told in ["Basic", "Basic !", "Basic Zm9v", "Digest x", "Bearer nothing", "Bearer ", "x"] {
        let request = bare("/taxii2/").header("authorization", told).body(Body::empty())?;
        assert_eq!(server.ask(request).await.status, StatusCode::UNAUTHORIZED, "{told}");
    }
    let unknown = request(Method::GET, "/taxii2/", "nobody").body(Body::empty())?;
    assert_eq!(server.ask(unknown).await.status, StatusCode::UNAUTHORIZED);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_disabled_or_revoked_is_shut_at_once() -> Result<()> {
    let server = Server::new().await?;
    let node = &server.party.node;
    let lasts = SignedDuration::from_hours(24);
    let (token, text) =
        account::new_token(node, "desk", Some(vec![server.inbox]), lasts, None, "an administrator")
            .await?;
    assert!(!format!("{token:?}").contains(&text));
    let by_token = |path: &str| {
        bare(path).header("authorization", format!("Bearer {text}")).body(Body::empty())
    };
    let collections = server.ask(by_token("/comity/collections/")?).await.json();
    assert_eq!(collections["collections"].as_array().map(Vec::len), Some(1), "its scope");
    let outside = server.ask(by_token(&server.path("objects/"))?).await;
    assert_eq!(outside.status, StatusCode::NOT_FOUND);
    account::revoke_token(node, token.number, "an administrator").await?;
    assert_eq!(server.ask(by_token("/taxii2/")?).await.status, StatusCode::UNAUTHORIZED);
    let (_, text) = account::new_token(node, "desk", None, lasts, None, "an administrator").await?;
    let late =
        || bare("/taxii2/").header("authorization", format!("Bearer {text}")).body(Body::empty());
    assert_eq!(server.ask(late()?).await.status, StatusCode::OK);
    server.party.clock.advance(lasts);
    assert_eq!(server.ask(late()?).await.status, StatusCode::UNAUTHORIZED, "it is over");

    assert_eq!(server.get("/taxii2/").await.status, StatusCode::OK);
    account::set_disabled(node, "desk", true, "an administrator").await?;
    assert_eq!(server.get("/taxii2/").await.status, StatusCode::UNAUTHORIZED);
    account::set_disabled(node, "desk", false, "an administrator").await?;
    account::set_password(node, "desk", "another battery entirely", "an administrator").await?;
    assert_eq!(server.get("/taxii2/").await.status, StatusCode::UNAUTHORIZED, "the old password");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn who_asks_too_often_waits() -> Result<()> {
    let server = Server::new().await?;
    let new =
        NewAccount { name: "eager".to_owned(), role: Role::Tool, certificate: None, per_minute: 3 };
    account::add(&server.party.node, new, Some(PASSWORD), "an administrator").await?;
    let ask = async || {
        server.ask(request(Method::GET, "/taxii2/", "eager").body(Body::empty()).unwrap()).await
    };
    for _ in 0..3 {
        assert_eq!(ask().await.status, StatusCode::OK);
    }
    let answer = ask().await;
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
    let wait: u64 = answer.field("retry-after").ok_or("retry-after")?.parse()?;
    assert!((1..=60).contains(&wait));
    assert_eq!(server.get("/taxii2/").await.status, StatusCode::OK, "others do not");
    assert_eq!(ask().await.status, StatusCode::TOO_MANY_REQUESTS);
    let lines = journalled(&server, "account-limited").await?;
    assert_eq!(lines, [("node".to_owned(), "eager".to_owned(), json!({ "address": "127.0.0.1" }))]);
    Ok(())
}

/// The lines of an event in the journal: by whom, about what, and the details.
async fn journalled(server: &Server, event: &str) -> Result<Vec<(String, String, Value)>> {
    let lines = server.party.node.store().journal_lines(0, 1_000).await?;
    let lines = lines.into_iter().map(|it| it.entry).filter(|it| it.event == event);
    Ok(lines.map(|it| (it.actor, it.subject, it.details)).collect())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_account_wants_and_may_not_do_is_journalled_once_a_minute() -> Result<()> {
    let server = Server::new().await?;
    server.account("reader", true, false).await?;
    server.account("writer", false, true).await?;
    let objects = "/comity/collections/inbox/objects/";
    let object = format!("{objects}{}/", id_of(1));
    for _ in 0..3 {
        for (method, path, account) in [
            (Method::GET, objects, "writer"),
            (Method::GET, &object, "writer"),
            (Method::DELETE, &object, "writer"),
            (Method::POST, objects, "reader"),
            (Method::DELETE, &object, "reader"),
        ] {
            let answer = server.does(method, path, account).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{account}");
        }
    }
    let wanted = |account: &str, read: bool, write: bool| {
        let details = json!({ "account": account, "read": read, "write": write });
        (account.to_owned(), "inbox".to_owned(), details)
    };
    assert_eq!(
        journalled(&server, "collection-denied").await?,
        [
            wanted("writer", true, false),
            wanted("writer", true, true),
            wanted("reader", false, true),
            wanted("reader", true, true)
        ]
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn s4_3_a_token_opens_the_statuses_of_its_collections_alone() -> Result<()> {
    let server = Server::new().await?;
    let status = server.post(&[comity_testkit::indicator(1)]).await.json();
    let path = format!("/comity/status/{}/", status["id"].as_str().ok_or("an id")?);
    let node = &server.party.node;
    for (scope, wanted) in [
        (Some(vec![server.inbox]), StatusCode::OK),
        (None, StatusCode::OK),
        (Some(vec![server.all]), StatusCode::NOT_FOUND),
    ] {
        let lasts = SignedDuration::from_hours(1);
        let (_, text) =
            account::new_token(node, "desk", scope.clone(), lasts, None, "an administrator")
                .await?;
        let request = bare(&path).header("authorization", format!("Bearer {text}"));
        let answer = server.ask(request.body(Body::empty())?).await;
        assert_eq!(answer.status, wanted, "{scope:?}");
    }
    let never = format!("/comity/status/{}/", uuid::Uuid::nil());
    assert_eq!(server.get(&never).await.status, StatusCode::NOT_FOUND);
    Ok(())
}
