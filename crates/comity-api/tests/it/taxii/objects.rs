//! Sections 5.3 to 5.8: reading objects, and what each account may do.

use axum::http::{Method, StatusCode};
use comity_exchange::ports::Role;
use comity_testkit::{Result, indicator, indicators};
use serde_json::json;

use super::{Answer, Server, add_account, id_of, request};

const INBOX: &str = "/comity/collections/inbox/";

fn in_inbox(rest: &str) -> String {
    format!("{INBOX}{rest}")
}

async fn post(server: &Server, account: &str) -> Answer {
    let post = request(Method::POST, &in_inbox("objects/"), account);
    let post = post.header("content-type", super::MEDIA);
    let body = format!("{{\"objects\":[{}]}}", indicator(1));
    server.ask(post.body(body.into()).unwrap()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn s5_1_without_collections_the_list_is_left_out() -> Result<()> {
    let server = Server::new().await?;
    add_account(&server.party, "nobody-yet", Role::Tool).await?;
    let answer = server.does(Method::GET, "/comity/collections/", "nobody-yet").await;
    assert_eq!((answer.status, &*answer.body), (StatusCode::OK, &b"{}"[..]));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn s5_2_1_an_alias_names_one_collection() -> Result<()> {
    let server = Server::new().await?;
    assert!(super::add_collection(&server.party, "inbox", None).await.is_err());
    let json = server.get("/comity/collections/").await.json();
    let mut aliases: Vec<_> =
        json["collections"].as_array().ok_or("a list")?.iter().map(|it| &it["alias"]).collect();
    aliases.dedup();
    assert_eq!(aliases.len(), 2);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn s5_2_1_can_read_and_can_write_say_what_the_account_may() -> Result<()> {
    let server = Server::new().await?;
    server.post(&[indicator(2)]).await;
    let object = in_inbox(&format!("objects/{}/", id_of(2)));
    let reading =
        [in_inbox("objects/"), in_inbox("manifest/"), object.clone(), format!("{object}versions/")];
    for (account, read, write) in [("reader", true, false), ("writer", false, true)] {
        server.account(account, read, write).await?;
        let json = server.does(Method::GET, INBOX, account).await.json();
        assert_eq!((&json["can_read"], &json["can_write"]), (&read.into(), &write.into()));
        for path in &reading {
            let wanted = if read { StatusCode::OK } else { StatusCode::FORBIDDEN };
            assert_eq!(server.does(Method::GET, path, account).await.status, wanted, "{path}");
        }
        let wanted = if write { StatusCode::ACCEPTED } else { StatusCode::FORBIDDEN };
        assert_eq!(post(&server, account).await.status, wanted, "{account}");
        let deleted = server.does(Method::DELETE, &object, account).await;
        assert_eq!(deleted.status, StatusCode::FORBIDDEN, "5.7: only who may do both deletes");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn s5_7_who_may_do_nothing_finds_nothing() -> Result<()> {
    let server = Server::new().await?;
    server.post(&[indicator(2)]).await;
    add_account(&server.party, "stranger", Role::Tool).await?;
    let object = in_inbox(&format!("objects/{}/", id_of(2)));
    let versions = format!("{object}versions/");
    for path in [INBOX, &in_inbox("objects/"), &in_inbox("manifest/"), &object, &versions] {
        let answer = server.does(Method::GET, path, "stranger").await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
    }
    assert_eq!(post(&server, "stranger").await.status, StatusCode::NOT_FOUND);
    let deleted = server.does(Method::DELETE, &object, "stranger").await;
    assert_eq!(deleted.status, StatusCode::NOT_FOUND);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn s5_3_the_manifest_is_filtered_like_the_objects() -> Result<()> {
    let server = Server::new().await?;
    server.hold(&indicators(0..4)).await?;
    let media = &server.get(&server.path("")).await.json()["media_types"];
    for query in [
        "limit=2".to_owned(),
        "match[type]=indicator".to_owned(),
        "match[type]=malware".to_owned(),
        format!("match[id]={},{}", id_of(1), id_of(3)),
        "match[version]=all".to_owned(),
        "match[spec_version]=2.0".to_owned(),
    ] {
        let objects = server.get(&server.path(&format!("objects/?{query}"))).await;
        let manifest = server.get(&server.path(&format!("manifest/?{query}"))).await;
        assert_eq!(manifest.ids(), objects.ids(), "{query}");
        assert_eq!(manifest.json()["more"], objects.json()["more"], "{query}");
        if manifest.ids().is_empty() {
            assert_eq!(manifest.body, b"{}", "5.3.1: without records the list is left out");
        } else {
            assert!(
                media.as_array().unwrap().contains(&manifest.json()["objects"][0]["media_type"])
            );
        }
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn s5_4_without_objects_the_envelope_is_empty() -> Result<()> {
    let server = Server::new().await?;
    server.hold(&indicator(0)).await?;
    for query in [
        "match[type]=malware",
        "added_after=2100-01-01T00:00:00Z",
        "match[version]=2020-01-01T00:00:00Z",
    ] {
        let answer = server.get(&server.path(&format!("objects/?{query}"))).await;
        assert_eq!((answer.status, &*answer.body), (StatusCode::OK, &b"{}"[..]), "{query}");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn s5_6_an_object_is_filtered_by_version_and_by_nothing_else_of_it() -> Result<()> {
    let server = Server::new().await?;
    server.hold(&indicator(0)).await?;
    let path = server.path(&format!("objects/{}/", id_of(0)));
    assert_eq!(server.get(&format!("{path}?match[version]=first")).await.ids(), [id_of(0)]);
    for query in ["match[id]=x", "match[type]=indicator"] {
        let answer = server.get(&format!("{path}?{query}")).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{query}");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn s5_8_without_versions_the_list_is_left_out_and_more_of_them_are_paged() -> Result<()> {
    let server = Server::new().await?;
    for second in 10..15 {
        let modified = format!("\"modified\":\"2026-01-10T08:00:{second}.000Z\"");
        let object = indicator(0).replace("\"modified\":\"2026-01-10T08:00:00.000Z\"", &modified);
        server.hold(&object).await?;
    }
    let path = server.path(&format!("objects/{}/versions/", id_of(0)));
    let (mut all, mut next) = (Vec::new(), String::new());
    for _ in 0..5 {
        let page = server.get(&format!("{path}?limit=2{next}")).await.json();
        all.extend(page["versions"].as_array().cloned().ok_or("a list")?);
        let Some(token) = page["next"].as_str() else { break };
        next = format!("&next={token}");
    }
    let seconds = 10..15;
    let wanted: Vec<_> = seconds.map(|it| json!(format!("2026-01-10T08:00:{it}.000Z"))).collect();
    assert_eq!(all, wanted);
    let none = server.get(&format!("{path}?added_after=2100-01-01T00:00:00Z")).await;
    assert_eq!(none.body, b"{}");
    Ok(())
}
