//! Sections 4.3, 5.5, 5.7 and 7.1: statuses, what is written twice or with more than the standard knows, and what is deleted.

use axum::body::Body;
use axum::http::{Method, StatusCode};
use comity_api::TaxiiSettings;
use comity_testkit::{Result, indicator};
use jiff::SignedDuration;
use serde_json::{Value, json};

use super::{Server, id_of};

const OBJECTS: &str = "/comity/collections/inbox/objects/";

fn version(number: u64, second: u32) -> String {
    indicator(number).replace(
        r#""modified":"2026-01-10T08:00:00.000Z""#,
        &format!(r#""modified":"2026-01-10T08:00:{second:02}.000Z""#),
    )
}

fn path_of(status: &Value) -> String {
    format!("/comity/status/{}/", status["id"].as_str().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn s4_3_a_status_is_there_for_a_day_through_restarts_and_not_found_after_it() -> Result<()> {
    let server = Server::new().await?;
    let status = server.post(&[indicator(1)]).await.json();
    let path = path_of(&status);
    server.party.clock.advance(SignedDuration::from_hours(24));
    let server = server.restarted().await?;
    assert_eq!(server.get(&path).await.json(), status);
    server.party.clock.advance(SignedDuration::from_secs(1));
    assert_eq!(server.get(&path).await.status, StatusCode::NOT_FOUND);
    let never = format!("/comity/status/{}/", uuid::Uuid::nil());
    assert_eq!(server.get(&never).await.status, StatusCode::NOT_FOUND);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn s4_3_1_a_status_counts_every_object_and_names_each_with_its_version() -> Result<()> {
    let server = Server::new().await?;
    let broken = version(2, 20).replace("\"pattern_type\":\"stix\",", "");
    let unread = "{\"type\":\"indicator\"}".to_owned();
    let status = server.post(&[version(1, 10), broken, unread]).await.json();
    assert_eq!(status["status"], "complete");
    let counts = ["total_count", "success_count", "failure_count", "pending_count"];
    assert_eq!(counts.map(|it| status[it].as_u64().unwrap()), [3, 1, 2, 0]);
    let told = |detail: &Value| (detail["id"].clone(), detail["version"].clone());
    let modified = |second| json!(format!("2026-01-10T08:00:{second}.000Z"));
    assert_eq!(told(&status["successes"][0]), (json!(id_of(1)), modified(10)));
    assert_eq!(told(&status["failures"][0]), (json!(id_of(2)), modified(20)));
    for failure in status["failures"].as_array().ok_or("a list")? {
        assert!(failure["version"].is_string() && failure["message"].is_string(), "{failure}");
    }
    assert!(status.get("pendings").is_none(), "2: no list is empty");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn s4_3_1_an_object_has_its_own_id_in_the_status_whatever_is_wrong_with_it() -> Result<()> {
    let server = Server::new().await?;
    let modified = "\"modified\":\"2026-01-10T08:00:10.000Z\"";
    let object = version(1, 10);
    let broken = [
        object.replace(modified, "\"modified\":\"yesterday\""),
        object.replace(modified, "\"modified\":7"),
        object.replace(modified, &format!("{modified},\"confidence\":101")),
        object.replace("\"type\":\"indicator\"", "\"type\":\"malware\""),
        object.replace(modified, &format!("{modified},\"labels\":\"one\"")),
    ];
    let status = server.post(&broken).await.json();
    assert_eq!(status["failure_count"], broken.len(), "{status}");
    let now = &status["request_timestamp"];
    let own = json!("2026-01-10T08:00:10.000Z");
    let versions = [now, now, &own, &own, &own];
    for (failure, version) in status["failures"].as_array().ok_or("a list")?.iter().zip(versions) {
        assert_eq!((&failure["id"], &failure["version"]), (&json!(id_of(1)), version), "{failure}");
    }
    // what is no id, and what stands twice, names nothing
    let nameless = [
        object.replace(&id_of(1), "indicator--1"),
        object.replace(modified, &format!("{modified},\"id\":\"{}\"", id_of(2))),
    ];
    let status = server.post(&nameless).await.json();
    for (failure, place) in status["failures"].as_array().ok_or("a list")?.iter().zip(0..2) {
        assert_eq!(failure["id"], format!("/objects/{place}"), "{failure}");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn s5_5_the_same_object_again_is_no_error_and_changes_nothing() -> Result<()> {
    let server = Server::new().await?;
    server.post(&[indicator(1)]).await;
    let before = server.get(OBJECTS).await;
    for _ in 0..2 {
        let again = server.post(&[indicator(1)]).await;
        assert_eq!(again.status, StatusCode::ACCEPTED);
        assert_eq!(
            (&again.json()["success_count"], &again.json()["failure_count"]),
            (&json!(1), &json!(0))
        );
    }
    let after = server.get(OBJECTS).await;
    assert_eq!(
        (after.body, &after.fields["x-taxii-date-added-last"]),
        (before.body, &before.fields["x-taxii-date-added-last"])
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn s4_2_1_a_body_as_large_as_announced_is_taken_and_a_larger_one_is_too_large() -> Result<()>
{
    let settings = TaxiiSettings { body_bytes: 4_000, ..TaxiiSettings::default() };
    let server = Server::with(settings).await?;
    let most = server.get("/comity/").await.json()["max_content_length"].as_u64().unwrap();
    let object = indicator(1);
    let envelope = |bytes: u64| {
        let blanks = usize::try_from(bytes).unwrap() - object.len() - 14;
        format!("{{{}\"objects\":[{object}]}}", " ".repeat(blanks))
    };
    assert_eq!(envelope(most).len() as u64, most);
    assert_eq!(server.send(OBJECTS, envelope(most)).await.status, StatusCode::ACCEPTED);
    let larger = server.send(OBJECTS, envelope(most + 1)).await;
    assert_eq!(larger.status, StatusCode::PAYLOAD_TOO_LARGE);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn s5_5_what_is_packed_is_told_to_come_as_it_is() -> Result<()> {
    let server = Server::new().await?;
    for (coding, wanted) in [("identity", 202), ("gzip", 400)] {
        let post = super::request(Method::POST, OBJECTS, "desk");
        let post = post.header("content-type", super::MEDIA).header("content-encoding", coding);
        let body = format!("{{\"objects\":[{}]}}", indicator(1));
        assert_eq!(
            server.ask(post.body(Body::from(body))?).await.status.as_u16(),
            wanted,
            "{coding}"
        );
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn s7_1_1_properties_that_are_not_understood_are_passed_over() -> Result<()> {
    let server = Server::new().await?;
    let body = format!(
        "{{\"x_example_com_note\":{{\"a\":[1]}},\"more\":false,\"objects\":[{}],\"x_b\":null}}",
        indicator(1)
    );
    let answer = server.send(OBJECTS, body).await;
    assert_eq!((answer.status, &answer.json()["success_count"]), (StatusCode::ACCEPTED, &json!(1)));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn s5_7_what_was_deleted_is_nowhere_in_the_collection() -> Result<()> {
    let server = Server::new().await?;
    server.post(&[version(1, 10), version(1, 20), indicator(2)]).await;
    let object = format!("{OBJECTS}{}/", id_of(1));
    let deleted = server.delete(&object).await;
    assert_eq!(
        (deleted.status, deleted.body.len()),
        (StatusCode::OK, 0),
        "the standard has no body"
    );
    assert_eq!(deleted.field("content-type"), Some(super::MEDIA));
    for query in ["", "?match[version]=all", "?match[version]=2026-01-10T08:00:10Z", "versions/"] {
        let answer = server.get(&format!("{object}{query}")).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{query}");
    }
    for resource in ["objects/?match[version]=all", "manifest/?match[version]=all"] {
        let answer = server.get(&format!("/comity/collections/inbox/{resource}")).await;
        assert_eq!(answer.ids(), [id_of(2)], "{resource}");
    }
    assert_eq!(server.delete(&object).await.status, StatusCode::NOT_FOUND);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn s5_7_one_version_is_deleted_and_the_others_stay() -> Result<()> {
    let server = Server::new().await?;
    server.post(&[version(1, 10), version(1, 20), version(1, 30)]).await;
    let object = format!("{OBJECTS}{}/", id_of(1));
    let named = |second| format!("{object}?match[version]=2026-01-10T08:00:{second}.000Z");
    assert_eq!(server.delete(&named(20)).await.status, StatusCode::OK);
    assert_eq!(server.get(&named(20)).await.status, StatusCode::NOT_FOUND, "any more");
    assert_eq!(server.delete(&named(20)).await.status, StatusCode::NOT_FOUND);
    let versions = server.get(&format!("{object}versions/")).await.json();
    assert_eq!(
        versions["versions"],
        json!(["2026-01-10T08:00:10.000Z", "2026-01-10T08:00:30.000Z"])
    );
    assert_eq!(
        server.delete(&format!("{object}?match[spec_version]=2.0")).await.status,
        StatusCode::NOT_FOUND
    );
    assert_eq!(
        server.delete(&format!("{object}?match[version]=last")).await.status,
        StatusCode::OK
    );
    assert_eq!(
        server.get(&object).await.json()["objects"][0]["modified"],
        "2026-01-10T08:00:10.000Z"
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn s5_7_what_was_deleted_here_stays_in_other_collections() -> Result<()> {
    let server = Server::new().await?;
    server.post(&[indicator(1)]).await;
    server.followed().await?;
    let all = server.path(&format!("objects/{}/", id_of(1)));
    assert_eq!(server.get(&all).await.status, StatusCode::OK);
    server.delete(&format!("{OBJECTS}{}/", id_of(1))).await;
    server.followed().await?;
    assert_eq!(server.get(&all).await.status, StatusCode::OK);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn s5_7_a_version_without_an_end_is_found_deleted_and_written_again_by_its_name() -> Result<()>
{
    let server = Server::new().await?;
    let forever = "9999-12-31T23:59:59.999Z";
    let open = indicator(1)
        .replace("\"modified\":\"2026-01-10T08:00:00.000Z", &format!("\"modified\":\"{forever}"));
    assert_eq!(server.post(&[indicator(1), open.clone()]).await.json()["success_count"], 2);
    let named = format!("{OBJECTS}{}/?match[version]={forever}", id_of(1));
    assert_eq!(server.get(&named).await.json()["objects"][0]["modified"], forever);
    assert_eq!(server.delete(&named).await.status, StatusCode::OK);
    assert_eq!(server.get(&named).await.status, StatusCode::NOT_FOUND);
    let rest = server.get(&format!("{OBJECTS}?match[version]=all")).await.json();
    assert_eq!(rest["objects"][0]["modified"], "2026-01-10T08:00:00.000Z");
    assert_eq!(rest["objects"].as_array().map(Vec::len), Some(1));
    assert_eq!(server.post(&[open]).await.json()["success_count"], 1);
    assert_eq!(server.get(&named).await.status, StatusCode::OK);
    let last = format!("{OBJECTS}{}/?match[version]=last", id_of(1));
    assert_eq!(server.delete(&last).await.status, StatusCode::OK);
    assert_eq!(server.get(&named).await.status, StatusCode::NOT_FOUND);
    Ok(())
}
