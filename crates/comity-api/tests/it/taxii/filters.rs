//! Section 3.4: limits and filters.

use axum::http::StatusCode;
use comity_testkit::{Result, indicator, indicators};
use serde_json::Value;

use super::{Server, id_of};

/// A version of an indicator of its own, later by so many seconds.
fn version(number: u64, second: u32) -> String {
    indicator(number).replace(
        r#""modified":"2026-01-10T08:00:00.000Z""#,
        &format!(r#""modified":"2026-01-10T08:00:{second:02}.000Z""#),
    )
}

/// The seconds of the versions that a request for an object gives.
async fn seconds(server: &Server, query: &str) -> Vec<String> {
    let answer = server.get(&server.path(&format!("objects/?{query}"))).await;
    assert_eq!(answer.status, StatusCode::OK, "{query}: {answer:?}");
    let objects = answer.json()["objects"].as_array().cloned().unwrap_or_default();
    objects
        .iter()
        .map(|it| it["modified"].as_str().unwrap().chars().skip(17).take(2).collect())
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn s3_4_without_added_after_the_oldest_come_first() -> Result<()> {
    let server = Server::new().await?;
    server.hold(&indicators(0..100)).await?;
    let first = server.get(&server.path("objects/?limit=10")).await;
    assert_eq!(first.ids(), (0..10).map(id_of).collect::<Vec<_>>());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn s3_4_added_after_gives_what_was_added_later_and_not_at_that_time() -> Result<()> {
    let server = Server::new().await?;
    server.hold(&indicators(0..3)).await?;
    let manifest = server.get(&server.path("manifest/")).await.json();
    let added = |number: usize| manifest["objects"][number]["date_added"].as_str().unwrap();
    for resource in ["objects/", "manifest/"] {
        let after = |at: &str| server.path(&format!("{resource}?added_after={at}"));
        assert_eq!(server.get(&after(added(0))).await.ids(), [id_of(1), id_of(2)]);
        assert!(server.get(&after(added(2))).await.ids().is_empty());
        let path = after("1970-01-01T00:00:00.000000Z");
        assert_eq!(server.get(&path).await.ids().len(), 3);
    }
    for forever in ["9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59%2B00:00"] {
        let answer = server.get(&server.path(&format!("objects/?added_after={forever}"))).await;
        assert_eq!((answer.status, &*answer.body), (StatusCode::OK, &b"{}"[..]), "{forever}");
        let last = answer.field("x-taxii-date-added-last").ok_or("a date")?;
        let again = server.get(&server.path(&format!("objects/?added_after={last}"))).await;
        assert_eq!(again.status, StatusCode::OK, "what is told can be asked for");
    }
    let of = |at: &str| server.path(&format!("objects/{}/versions/?added_after={at}", id_of(1)));
    assert!(server.get(&of(added(0))).await.json()["versions"].is_array());
    let later = server.get(&of(added(1))).await;
    assert_eq!((later.status, &*later.body), (StatusCode::OK, &b"{}"[..]));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn s3_4_no_page_has_more_than_asked_for_and_only_one_with_more_behind_it_says_so()
-> Result<()> {
    let server = Server::new().await?;
    server.hold(&indicators(0..5)).await?;
    for resource in ["objects/", "manifest/"] {
        for (limit, count, more) in [(1, 1, true), (4, 4, true), (5, 5, false), (6, 5, false)] {
            let page = server.get(&server.path(&format!("{resource}?limit={limit}"))).await;
            assert_eq!(page.ids().len(), count, "{resource} {limit}");
            let json = page.json();
            assert_eq!(json.get("more"), more.then_some(&Value::Bool(true)), "{resource} {limit}");
            assert_eq!(json.get("next").is_some_and(Value::is_string), more);
        }
    }
    let most = server.get(&server.path(&format!("objects/?limit={}", u128::MAX))).await;
    assert_eq!(most.ids().len(), 5, "a limit beyond every number is none");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn s3_4_1_every_type_of_stix_may_be_asked_for_and_others_too() -> Result<()> {
    let server = Server::new().await?;
    server.hold(&indicator(0)).await?;
    let types = "attack-pattern campaign course-of-action grouping identity indicator infrastructure \
                 intrusion-set location malware malware-analysis note observed-data opinion report \
                 threat-actor tool vulnerability relationship sighting artifact autonomous-system \
                 directory domain-name email-addr email-message file ipv4-addr ipv6-addr mac-addr mutex \
                 network-traffic process software url user-account windows-registry-key \
                 x509-certificate language-content marking-definition extension-definition x-other";
    for name in types.split_whitespace() {
        let answer = server.get(&server.path(&format!("objects/?match[type]={name}"))).await;
        assert_eq!(answer.status, StatusCode::OK, "{name}");
        assert_eq!(answer.ids().len(), usize::from(name == "indicator"), "{name}");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn s3_4_1_only_the_specification_versions_asked_for_are_given() -> Result<()> {
    let server = Server::new().await?;
    server.hold(&indicator(0)).await?;
    for (versions, count) in
        [("2.1", 1), ("2.0,2.1", 1), ("2.0", 0), ("2.2", 0), ("3.0,2.1", 1), ("10.11", 0)]
    {
        for resource in ["objects/", "manifest/"] {
            let path = server.path(&format!("{resource}?match[spec_version]={versions}"));
            assert_eq!(server.get(&path).await.ids().len(), count, "{path}");
        }
    }
    let path = server.path(&format!("objects/{}/versions/?match[spec_version]=2.0", id_of(0)));
    assert_eq!(server.get(&path).await.body, b"{}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn s3_4_1_versions_are_the_last_the_first_all_or_those_named() -> Result<()> {
    let server = Server::new().await?;
    for second in [10, 30, 20] {
        server.hold(&version(1, second)).await?;
    }
    assert_eq!(seconds(&server, "").await, ["30"], "without the parameter the last");
    for (versions, wanted) in [
        ("last", &["30"][..]),
        ("first", &["10"]),
        ("first,last", &["10", "30"]),
        ("last,first", &["10", "30"]),
        ("all", &["10", "30", "20"]),
        ("2026-01-10T08:00:20.000Z", &["20"]),
        ("2026-01-10T08:00:20Z", &["20"]),
        ("2026-01-10T08:00:20.000Z,last", &["30", "20"]),
        ("first,2026-01-10T08:00:20.000Z,last", &["10", "30", "20"]),
        ("2026-01-10T08:00:20.001Z", &[]),
        ("2026-01-10T08:00:10.000Z,2026-01-10T08:00:30.000Z", &["10", "30"]),
    ] {
        assert_eq!(seconds(&server, &format!("match[version]={versions}")).await, wanted);
        let path = server.path(&format!("manifest/?match[version]={versions}"));
        assert_eq!(server.get(&path).await.ids().len(), wanted.len(), "{versions}");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn s3_4_1_what_has_no_modified_has_created_as_its_version_and_else_one_of_this_server()
-> Result<()> {
    let server = Server::new().await?;
    let marking = r#"{"type":"marking-definition","spec_version":"2.1","id":"marking-definition--3d1b1c6e-8f0a-4f5e-9a43-0d3a2b8b8d6b","created":"2026-01-05T06:07:08.900Z","definition_type":"statement","definition":{"statement":"for the desk"}}"#;
    let address = r#"{"type":"ipv4-addr","spec_version":"2.1","id":"ipv4-addr--ff26c055-6336-5bc5-b98d-13d6226742dd","value":"198.51.100.3"}"#;
    let posted = server.post(&[marking.to_owned(), address.to_owned()]).await.json();
    let version = |json: &Value| json["successes"][1]["version"].clone();
    let inbox = "/comity/collections/inbox";
    let manifest = server.get(&format!("{inbox}/manifest/")).await.json();
    assert_eq!(manifest["objects"][0]["version"], "2026-01-05T06:07:08.900Z");
    assert_eq!(posted["successes"][0]["version"], "2026-01-05T06:07:08.900Z", "4.3.1");
    assert_eq!(manifest["objects"][1]["version"], version(&posted), "the same everywhere");
    server.party.clock.advance(jiff::SignedDuration::from_hours(1));
    let again = server.post(&[marking.to_owned(), address.to_owned()]).await.json();
    assert_eq!(version(&again), version(&posted), "and at every time");
    for entry in manifest["objects"].as_array().ok_or("a list")? {
        let (id, version) = (entry["id"].as_str().unwrap(), entry["version"].as_str().unwrap());
        let versions = server.get(&format!("{inbox}/objects/{id}/versions/")).await.json();
        assert_eq!(versions["versions"], serde_json::json!([version]), "5.8");
        let one = format!("{inbox}/objects/{id}/?match[version]={version}");
        assert_eq!(server.get(&one).await.ids(), [id], "and it is found by it");
    }
    Ok(())
}
