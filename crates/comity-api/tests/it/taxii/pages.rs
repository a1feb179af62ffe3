//! Section 3.5: pages.

use axum::http::StatusCode;
use comity_api::TaxiiSettings;
use comity_testkit::{Result, indicators};

use super::{Server, id_of};

async fn walk(server: &Server, query: &str) -> Result<Vec<String>> {
    let (mut ids, mut next) = (Vec::new(), String::new());
    for _ in 0..100 {
        let answer = server.get(&server.path(&format!("objects/?{query}{next}"))).await;
        assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
        ids.extend(answer.ids());
        let json = answer.json();
        if json["more"] != true {
            assert!(json.get("next").is_none());
            return Ok(ids);
        }
        next = format!("&next={}", json["next"].as_str().ok_or("a token")?);
    }
    Err("it does not end".into())
}

#[tokio::test(flavor = "multi_thread")]
async fn s3_5_pages_follow_each_other_to_the_end() -> Result<()> {
    let server = Server::new().await?;
    server.hold(&indicators(0..25)).await?;
    let all: Vec<String> = (0..25).map(id_of).collect();
    for limit in [1, 7, 24, 25, 26, 1_000_000] {
        assert_eq!(walk(&server, &format!("limit={limit}")).await?, all, "limit {limit}");
        assert_eq!(
            walk(&server, &format!("match[type]=indicator,malware&limit={limit}")).await?,
            all
        );
        assert_eq!(walk(&server, &format!("match[version]=all&limit={limit}")).await?, all);
    }
    let small = Server::with(TaxiiSettings {
        page_bytes: 1_500,
        page_objects: 10,
        ..TaxiiSettings::default()
    })
    .await?;
    small.hold(&indicators(0..25)).await?;
    assert_eq!(walk(&small, "").await?, all, "the server's own bounds make pages too");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn s3_5_who_goes_on_by_dates_gets_the_same() -> Result<()> {
    let server = Server::new().await?;
    server.hold(&indicators(0..12)).await?;
    let (mut ids, mut after) = (Vec::new(), String::new());
    loop {
        let answer = server.get(&server.path(&format!("objects/?limit=5{after}"))).await;
        if answer.ids().is_empty() {
            break;
        }
        ids.extend(answer.ids());
        let last = answer.field("x-taxii-date-added-last").ok_or("a date")?;
        after = format!("&added_after={last}");
    }
    assert_eq!(ids, (0..12).map(id_of).collect::<Vec<_>>());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn s3_5_a_token_is_good_after_a_restart_as_often_as_it_is_used_and_for_nothing_else()
-> Result<()> {
    let server = Server::new().await?;
    server.hold(&indicators(0..5)).await?;
    let first = server.get(&server.path("objects/?limit=2")).await.json();
    let token = first["next"].as_str().ok_or("a token")?;
    let path = server.path(&format!("objects/?next={token}"));
    let rest: Vec<String> = (2..5).map(id_of).collect();
    assert_eq!(server.get(&path).await.ids(), rest);
    assert_eq!(server.get(&path).await.ids(), rest);
    let restarted = server.restarted().await?;
    assert_eq!(restarted.get(&path).await.ids(), rest);

    let flipped = token.replacen(|it: char| it.is_ascii_lowercase(), "Q", 1);
    for other in [
        format!("/comity/collections/{}/objects/?next={token}", restarted.inbox),
        restarted.path(&format!("manifest/?next={token}")),
        restarted.path(&format!("objects/?match[type]=malware&next={token}")),
        restarted.path(&format!("objects/?next={flipped}")),
        restarted.path("objects/?next=7"),
        restarted.path("objects/?next="),
        restarted.path(&format!("objects/?next={}", "A".repeat(10_000))),
    ] {
        let answer = restarted.get(&other).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{other}");
        assert!(answer.json()["title"].is_string());
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_was_kept_in_memory_is_never_older_than_what_is_held() -> Result<()> {
    let server = Server::new().await?;
    server.hold(&indicators(0..4)).await?;
    let path = server.path("objects/?limit=3");
    let last = server.path("objects/");
    assert_eq!((server.get(&path).await.ids().len(), server.get(&last).await.ids().len()), (3, 4));
    server.hold(&indicators(4..5)).await?;
    assert_eq!(server.get(&last).await.ids().len(), 5);
    let newer = comity_testkit::indicator(0).replace(
        r#""modified":"2026-01-10T08:00:00.000Z""#,
        r#""modified":"2026-01-11T08:00:00.000Z""#,
    );
    server.hold(&newer).await?;
    assert_eq!(
        server.get(&path).await.ids(),
        [id_of(1), id_of(2), id_of(3)],
        "its last version is later"
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_are_packed_as_the_client_asks_and_say_the_same() -> Result<()> {
    use std::io::Read as _;
    let server = Server::new().await?;
    server.hold(&indicators(0..30)).await?;
    let plain = server.get(&server.path("objects/")).await;
    for (coding, packed) in [("gzip", true), ("zstd", true), ("br", false)] {
        let request = super::request(axum::http::Method::GET, &server.path("objects/"), "desk");
        let request = request.header("accept-encoding", coding).body(axum::body::Body::empty())?;
        let answer = server.ask(request).await;
        assert_eq!(answer.field("content-encoding"), packed.then_some(coding));
        let mut body = Vec::new();
        match coding {
            "gzip" => drop(flate2::read::GzDecoder::new(&*answer.body).read_to_end(&mut body)?),
            "zstd" => body = zstd::decode_all(&*answer.body)?,
            _ => body.clone_from(&answer.body),
        }
        assert!(body == plain.body, "{coding}");
        assert!(answer.field("vary").is_some_and(|it| it.contains("accept-encoding")));
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_is_the_same_over_http_2() -> Result<()> {
    use http_body_util::BodyExt as _;
    use hyper_util::rt::{TokioExecutor, TokioIo};
    let server = Server::new().await?;
    server.hold(&indicators(0..400)).await?;
    let plain = server.get(&server.path("objects/")).await;
    assert!(plain.body.len() > 128 << 10, "it comes in several parts");
    let stream = tokio::net::TcpStream::connect(server.address).await?;
    let shaking = hyper::client::conn::http2::handshake(TokioExecutor::new(), TokioIo::new(stream));
    let (mut sender, connection) = shaking.await?;
    tokio::spawn(connection);
    for _ in 0..2 {
        let path = format!("http://{}{}", server.address, server.path("objects/"));
        let request = super::request(axum::http::Method::GET, &path, "desk");
        let answer = sender.send_request(request.body(axum::body::Body::empty())?).await?;
        assert_eq!(answer.version(), axum::http::Version::HTTP_2);
        assert_eq!(answer.headers()["content-length"], plain.body.len().to_string());
        assert!(answer.into_body().collect().await?.to_bytes() == plain.body);
    }
    Ok(())
}
