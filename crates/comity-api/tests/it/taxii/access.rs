//! Who is let in, and that nobody learns of what is not theirs.

use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use comity_api::TaxiiSettings;
use comity_exchange::account::{self, NewAccount};
use comity_exchange::collection;
use comity_exchange::ports::Role;
use comity_exchange::unit::add;
use comity_model::UseCode;
use comity_testkit::{Result, indicator, indicators};
use jiff::SignedDuration;

use super::{MEDIA, PASSWORD, Server, add_account, id_of, request};

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
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_unit_cannot_tell_what_it_may_not_see_from_what_is_not_there() -> Result<()> {
    let red = |number| {
        indicator(number).replace(
            "marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb",
            "marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1",
        )
    };
    // two nodes, of which only one holds what the unit may not see
    let mut seen = Vec::new();
    for secret in [false, true] {
        let server = Server::with(TaxiiSettings::default()).await?;
        let party = &server.party;
        add(&party.node, "customs", "Customs", UseCode::IntelligenceOnly, &party.officers[0])
            .await?;
        add_account(party, "customs", Role::Unit("customs".to_owned())).await?;
        let all = collection::find(&party.node, "all").await?;
        collection::grant(&party.node, &all, "customs", (true, false), "an administrator").await?;
        server.hold(&indicators(0..2)).await?;
        if secret {
            server.hold(&[red(5), red(6)].join("\n")).await?;
        }
        server.hold(&indicators(2..4)).await?;
        let mut answers = Vec::new();
        for query in [
            "objects/?limit=2",
            "objects/?limit=3",
            "objects/",
            "manifest/",
            "objects/?match[type]=indicator&limit=2",
        ] {
            let path = format!("/comity/collections/all/{query}");
            let answer =
                server.ask(request(Method::GET, &path, "customs").body(Body::empty())?).await;
            answers.push(format!("{} {:?} {}", answer.status, answer.ids(), answer.json()["more"]));
        }
        for rest in ["", "versions/", "?match[version]=all"] {
            let path = format!("/comity/collections/all/objects/{}/{rest}", id_of(5));
            let answer =
                server.ask(request(Method::GET, &path, "customs").body(Body::empty())?).await;
            answers.push(format!("{} {}", answer.status, String::from_utf8(answer.body)?));
        }
        let path = format!("/comity/collections/all/objects/?match[id]={}", id_of(5));
        let answer = server.ask(request(Method::GET, &path, "customs").body(Body::empty())?).await;
        answers.push(format!("{} {}", answer.status, String::from_utf8(answer.body)?));
        assert_eq!(
            server.get(&server.path("objects/")).await.ids().len(),
            if secret { 6 } else { 4 }
        );
        seen.push(answers);
    }
    assert_eq!(seen[0], seen[1]);
    Ok(())
}
