//! Sections 4 and 5: what each resource is.

use axum::http::{Method, StatusCode};
use comity_testkit::{Result, indicator, indicators};
use serde_json::json;

use super::{MEDIA, Server, id_of, request};

#[tokio::test(flavor = "multi_thread")]
async fn s4_1_discovery_names_the_api_root() -> Result<()> {
    let server = Server::new().await?;
    for path in ["/taxii2/", "/taxii2"] {
        let answer = server.get(path).await;
        assert_eq!(answer.status, StatusCode::OK);
        assert_eq!(answer.field("content-type"), Some(MEDIA));
        let json = answer.json();
        assert_eq!(json["default"], json["api_roots"][0], "4.1.1: the default is one of them");
        assert!(json["title"].is_string());
        let root = json["default"].as_str().ok_or("a root")?.to_owned();
        assert!(root.starts_with('/') && !root.starts_with("//") && !root.contains('?'));
        let root = server.get(&root).await.json();
        assert_eq!(root["versions"], json!([MEDIA]), "4.2.1");
        assert!(root["max_content_length"].is_u64() && root["title"].is_string());
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn s5_1_collections_are_those_that_the_account_may_know_of_in_one_order() -> Result<()> {
    let server = Server::new().await?;
    super::add_collection(&server.party, "hidden", Some("all")).await?;
    let first = server.get("/comity/collections/").await.json();
    let names: Vec<_> = first["collections"]
        .as_array()
        .ok_or("a list")?
        .iter()
        .map(|it| it["alias"].clone())
        .collect();
    assert_eq!(names, ["all", "inbox"]);
    assert_eq!(
        first,
        server.get("/comity/collections/").await.json(),
        "3.3: in a consistent order"
    );
    let inbox = &first["collections"][1];
    assert_eq!((&inbox["can_read"], &inbox["can_write"]), (&true.into(), &true.into()));
    assert_eq!(inbox["media_types"], json!(["application/stix+json;version=2.1"]));
    let by_id = server.get(&format!("/comity/collections/{}/", server.inbox)).await.json();
    let by_alias = server.get("/comity/collections/inbox/").await.json();
    assert_eq!((&by_id, &by_alias), (inbox, inbox), "5.2: by id and by alias");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn s5_4_objects_are_the_bytes_that_are_held() -> Result<()> {
    let server = Server::new().await?;
    let empty = server.get(&server.path("objects/")).await;
    assert_eq!(empty.body, b"{}", "3.7: without objects the list is left out");
    server.hold(&indicators(0..3)).await?;
    let answer = server.get(&server.path("objects/")).await;
    let whole = [indicator(0), indicator(1), indicator(2)].join(",");
    assert_eq!(String::from_utf8(answer.body.clone())?, format!(r#"{{"objects":[{whole}]}}"#));
    for name in ["x-taxii-date-added-first", "x-taxii-date-added-last"] {
        let at = answer.field(name).ok_or(name)?;
        assert!(at.ends_with('Z') && at.len() == 27, "3.2: {name} is a timestamp: {at}");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn s5_3_the_manifest_says_of_each_object_what_the_objects_resource_gives() -> Result<()> {
    let server = Server::new().await?;
    server.hold(&indicators(0..3)).await?;
    let manifest = server.get(&server.path("manifest/")).await;
    let objects = server.get(&server.path("objects/")).await;
    assert_eq!(manifest.ids(), objects.ids());
    for name in ["x-taxii-date-added-first", "x-taxii-date-added-last"] {
        assert_eq!(manifest.field(name), objects.field(name));
    }
    let record = manifest.json()["objects"][0].clone();
    assert_eq!(record["version"], "2026-01-10T08:00:00.000Z");
    assert_eq!(record["media_type"], "application/stix+json;version=2.1");
    assert_eq!(record["date_added"].as_str(), manifest.field("x-taxii-date-added-first"));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn s5_6_an_object_and_its_versions_are_found_by_its_id() -> Result<()> {
    let server = Server::new().await?;
    let second = indicator(0).replace(
        r#""modified":"2026-01-10T08:00:00.000Z""#,
        r#""modified":"2026-01-11T08:00:00.000Z""#,
    );
    server.hold(&indicators(0..2)).await?;
    server.hold(&second).await?;
    let path = server.path(&format!("objects/{}/", id_of(0)));
    assert_eq!(server.get(&path).await.body, format!(r#"{{"objects":[{second}]}}"#).into_bytes());
    let all = server.get(&format!("{path}?match[version]=all")).await;
    assert_eq!(all.ids(), [id_of(0), id_of(0)]);
    let first = server.get(&format!("{path}?match[version]=2026-01-10T08:00:00Z")).await;
    assert_eq!(first.body, format!(r#"{{"objects":[{}]}}"#, indicator(0)).into_bytes());
    let none = server.get(&format!("{path}?match[version]=2020-01-10T08:00:00Z")).await;
    assert_eq!(none.status, StatusCode::NOT_FOUND, "there is no such version");
    let later = server.get(&format!("{path}?added_after=2100-01-01T00:00:00Z")).await;
    assert_eq!((later.status, later.body.as_slice()), (StatusCode::OK, &b"{}"[..]));
    let versions = server.get(&format!("{path}versions/")).await;
    assert_eq!(
        versions.json(),
        json!({"versions": ["2026-01-10T08:00:00.000Z", "2026-01-11T08:00:00.000Z"]})
    );
    assert!(versions.field("x-taxii-date-added-last").is_some(), "3.2");
    let two = server.get(&format!("{path}versions/?limit=1")).await.json();
    assert_eq!(two["more"], true);
    for missing in [id_of(9), "nothing".to_owned()] {
        for rest in ["", "versions/"] {
            let answer = server.get(&server.path(&format!("objects/{missing}/{rest}"))).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{missing} {rest}");
        }
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn s3_4_every_filter_holds_and_all_of_them_do() -> Result<()> {
    let server = Server::new().await?;
    let malware = r#"{"type":"malware","spec_version":"2.1","id":"malware--26ffb872-1dd9-446e-b6f5-d58527e5b5d2","created":"2026-01-31T08:30:00.000Z","modified":"2026-01-31T08:30:00.000Z","is_family":false,"name":"x"}"#;
    server.hold(&indicators(0..2)).await?;
    server.hold(malware).await?;
    let ids =
        async |query: &str| server.get(&server.path(&format!("objects/?{query}"))).await.ids();
    let malware = "malware--26ffb872-1dd9-446e-b6f5-d58527e5b5d2".to_owned();
    let all = [id_of(0), id_of(1), malware.clone()];
    assert_eq!(ids("match[type]=malware").await, all[2..]);
    assert_eq!(ids("match[type]=malware,indicator").await, all, "values of one field are ORed");
    assert_eq!(ids(&format!("match[id]={malware},{}", id_of(1))).await, all[1..]);
    assert!(
        ids(&format!("match[id]={malware}&match[type]=indicator")).await.is_empty(),
        "fields are ANDed"
    );
    assert_eq!(ids("match[spec_version]=2.1").await, all);
    assert_eq!(ids("match[spec_version]=2.0,2.1").await, all);
    assert!(ids("match[spec_version]=2.0").await.is_empty());
    assert!(
        ids("match[type]=vulnerability").await.is_empty(),
        "a type of the standard is no error"
    );
    assert_eq!(ids("match%5Btype%5D=malware").await, [malware]);
    let first = server.get(&server.path("objects/?limit=1")).await;
    let after = first.field("x-taxii-date-added-last").ok_or("a date")?;
    assert_eq!(ids(&format!("added_after={after}")).await, all[1..]);
    assert!(ids("added_after=2100-01-01T00:00:00Z").await.is_empty());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_head_request_has_the_fields_and_no_body() -> Result<()> {
    let server = Server::new().await?;
    server.hold(&indicators(0..3)).await?;
    let head = request(Method::HEAD, &server.path("objects/"), "desk");
    let answer = server.ask(head.body(axum::body::Body::empty())?).await;
    assert_eq!((answer.status, answer.body.len()), (StatusCode::OK, 0));
    Ok(())
}
