//! Sections 2, 3.1 to 3.3 and 3.6 to 3.8: what holds for every resource.

use axum::body::Body;
use axum::http::{HeaderMap, Method, StatusCode};
use comity_testkit::{Result, indicators};
use serde_json::Value;

use super::{Answer, MEDIA, PASSWORD, Server, id_of, request};

/// Every resource that can be read, of a server that holds something.
async fn every_resource(server: &Server) -> Result<Vec<String>> {
    server.hold(&indicators(0..3)).await?;
    let status = server.post(&[comity_testkit::indicator(7)]).await.json();
    let status = status["id"].as_str().ok_or("an id")?.to_owned();
    let object = format!("objects/{}/", id_of(0));
    Ok(vec![
        "/taxii2/".to_owned(),
        "/comity/".to_owned(),
        format!("/comity/status/{status}/"),
        "/comity/collections/".to_owned(),
        server.path(""),
        server.path("manifest/"),
        server.path("objects/"),
        server.path(&object),
        server.path(&format!("{object}versions/")),
    ])
}

/// Every value in a document, with the name under which it stands.
fn each<'a>(name: &'a str, value: &'a Value, visit: &mut dyn FnMut(&'a str, &'a Value)) {
    visit(name, value);
    match value {
        Value::Array(all) => all.iter().for_each(|it| each(name, it, visit)),
        Value::Object(all) => all.iter().for_each(|(name, it)| each(name, it, visit)),
        _ => {}
    }
}

async fn as_desk(server: &Server, path: &str, change: impl FnOnce(&mut HeaderMap)) -> Answer {
    let mut request = request(Method::GET, path, "desk").body(Body::empty()).unwrap();
    change(request.headers_mut());
    server.ask(request).await
}

#[tokio::test(flavor = "multi_thread")]
async fn s2_values_have_the_types_of_the_standard() -> Result<()> {
    let server = Server::new().await?;
    for path in every_resource(&server).await? {
        let json = server.get(&path).await.json();
        if path.contains("/objects/") && !path.ends_with("versions/") {
            continue; // the rest of it is STIX
        }
        each("", &json, &mut |name, value| match name {
            "can_read" | "can_write" | "more" => assert!(value.is_boolean(), "{path} {name}"),
            "max_content_length" | "total_count" | "success_count" | "failure_count"
            | "pending_count" => {
                assert!(value.as_u64().is_some_and(|it| it < 1 << 53), "{path} {name}");
            }
            "date_added" | "request_timestamp" => {
                let text = value.as_str().unwrap();
                let digits = text.chars().map(|it| if it.is_ascii_digit() { '0' } else { it });
                let form: String = digits.collect();
                assert_eq!(form, "0000-00-00T00:00:00.000000Z", "{path} {name}");
            }
            _ => assert!(value.as_array().is_none_or(|it| !it.is_empty()), "{path} {name}"),
        });
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn s2_identifiers_are_random_uuids() -> Result<()> {
    let server = Server::new().await?;
    let status = server.post(&[comity_testkit::indicator(1)]).await.json();
    let collections = server.get("/comity/collections/").await.json();
    for id in [&status["id"], &collections["collections"][0]["id"]] {
        let id: uuid::Uuid = id.as_str().ok_or("an id")?.parse()?;
        assert_eq!(id.get_version_num(), 4);
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn s3_1_paths_end_in_a_slash_and_are_found_without_it() -> Result<()> {
    let server = Server::new().await?;
    for path in every_resource(&server).await? {
        let with = server.get(&path).await;
        let without = server.get(path.trim_end_matches('/')).await;
        assert_eq!((with.status, without.status), (StatusCode::OK, StatusCode::OK), "{path}");
        assert_eq!(with.body, without.body);
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn s3_1_a_success_has_the_body_and_the_media_type_of_its_resource() -> Result<()> {
    let server = Server::new().await?;
    for path in every_resource(&server).await? {
        let answer = server.get(&path).await;
        assert_eq!(answer.field("content-type"), Some(MEDIA), "{path}");
        assert!(answer.json().is_object(), "{path}");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn s3_1_every_error_has_the_media_type_and_an_error_message() -> Result<()> {
    let server = Server::new().await?;
    let get = |path: &str| request(Method::GET, path, "desk");
    for (wanted, request) in [
        (400, get("/taxii2/?x=1")),
        (401, axum::http::Request::get("/taxii2/")),
        (403, request(Method::POST, &server.path("objects/"), "desk")),
        (404, get("/nothing/")),
        (405, request(Method::PUT, "/taxii2/", "desk")),
        (415, request(Method::POST, "/comity/collections/inbox/objects/", "desk")),
    ] {
        let answer = server.ask(request.body(Body::empty())?).await;
        assert_eq!(answer.status.as_u16(), wanted);
        assert_eq!(answer.field("content-type"), Some(MEDIA), "{wanted}");
        let error = answer.json();
        assert!(error["title"].is_string() && error["description"].is_string(), "{error}");
        assert_eq!(error["http_status"], wanted.to_string(), "3.6.1: a text that matches");
    }
    let head = server.does(Method::HEAD, "/nothing/", "desk").await;
    assert_eq!((head.status, head.body.len()), (StatusCode::NOT_FOUND, 0));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn s3_1_defined_media_types_are_never_refused() -> Result<()> {
    let server = Server::new().await?;
    let taken = [
        "application/taxii+json;version=2.1",
        "application/taxii+json; version=2.1",
        "application/taxii+json",
        "application/taxii+json;version=2.1,application/stix+json;version=2.1",
        "application/stix+json;version=2.1, application/taxii+json;version=2.1",
        "text/html, application/taxii+json;q=0.1",
    ];
    for path in every_resource(&server).await? {
        for accept in taken {
            let set = |it: &mut HeaderMap| drop(it.insert("accept", accept.parse().unwrap()));
            let answer = as_desk(&server, &path, set).await;
            assert_eq!(answer.status, StatusCode::OK, "{path} {accept}");
            assert_eq!(answer.field("content-type"), Some(MEDIA), "the newest version there is");
        }
    }
    for media in &taken[..3] {
        let post = request(Method::POST, "/comity/collections/inbox/objects/", "desk");
        let body = format!("{{\"objects\":[{}]}}", comity_testkit::indicator(3));
        let answer = server.ask(post.header("content-type", *media).body(body.into())?).await;
        assert_eq!(answer.status, StatusCode::ACCEPTED, "{media}");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn s3_1_a_request_without_accept_is_answered_and_a_post_without_content_type_is_not()
-> Result<()> {
    let server = Server::new().await?;
    let bare = as_desk(&server, "/taxii2/", |it| drop(it.remove("accept"))).await;
    assert_eq!((bare.status, bare.field("content-type")), (StatusCode::OK, Some(MEDIA)));
    let post = request(Method::POST, "/comity/collections/inbox/objects/", "desk");
    let answer = server.ask(post.body(Body::from("{}"))?).await;
    assert_eq!(answer.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn s3_1_every_endpoint_has_its_methods_and_no_others() -> Result<()> {
    let server = Server::new().await?;
    for path in every_resource(&server).await? {
        for method in [Method::PUT, Method::PATCH, Method::OPTIONS, Method::POST, Method::DELETE] {
            let takes = match &method {
                it if *it == Method::POST => path.ends_with("/objects/"),
                it if *it == Method::DELETE => path.contains("/objects/indicator--"),
                _ => false,
            };
            let answer = server.does(method.clone(), &path, "desk").await;
            let is_refused = answer.status == StatusCode::METHOD_NOT_ALLOWED;
            let is_object = path.contains("/objects/") && !path.ends_with("/versions/");
            assert_eq!(is_refused, !takes || !is_object, "{method} {path}");
        }
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn s3_2_both_dates_stand_in_every_success_of_the_four_resources() -> Result<()> {
    let server = Server::new().await?;
    let names = ["x-taxii-date-added-first", "x-taxii-date-added-last"];
    let form = |at: &str| at.len() == 27 && at.ends_with('Z') && at.as_bytes()[19] == b'.';
    for (path, told) in [
        (server.path("objects/"), "1970-01-01T00:00:00.000000Z"),
        (
            server.path("manifest/?added_after=2030-01-02T03:04:05.678901Z"),
            "2030-01-02T03:04:05.678901Z",
        ),
    ] {
        let empty = server.get(&path).await;
        assert_eq!(empty.body, b"{}");
        assert_eq!(names.map(|it| empty.field(it)), [Some(told); 2], "from where it was asked");
    }
    server.hold(&indicators(0..4)).await?;
    let added = |it: &Value| it["date_added"].as_str().unwrap().to_owned();
    let all = server.get(&server.path("manifest/")).await.json();
    let all: Vec<String> = all["objects"].as_array().ok_or("a list")?.iter().map(added).collect();
    for resource in ["objects/", "manifest/"] {
        let page = server.get(&server.path(&format!("{resource}?limit=3"))).await;
        assert_eq!(names.map(|it| page.field(it)), [Some(&*all[0]), Some(&*all[2])], "{resource}");
        assert!(names.iter().all(|it| page.field(it).is_some_and(form)));
    }
    for rest in ["", "versions/"] {
        let one = server.get(&server.path(&format!("objects/{}/{rest}", id_of(1)))).await;
        assert_eq!(names.map(|it| one.field(it)), [Some(&*all[1]); 2], "{rest}");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn s3_3_objects_and_manifests_stand_in_the_order_in_which_they_were_added() -> Result<()> {
    let server = Server::new().await?;
    for number in [5, 1, 9, 3] {
        server.hold(&comity_testkit::indicator(number)).await?;
        server.party.clock.advance(jiff::SignedDuration::from_secs(-3_600));
    }
    let wanted = [5, 1, 9, 3].map(id_of);
    assert_eq!(server.get(&server.path("objects/")).await.ids(), wanted, "whatever the clock says");
    let manifest = server.get(&server.path("manifest/")).await;
    assert_eq!(manifest.ids(), wanted);
    let json = manifest.json();
    let dates: Vec<_> = (0..4).map(|it| json["objects"][it]["date_added"].as_str()).collect();
    assert!(dates.is_sorted() && dates[0] != dates[1], "{dates:?}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn s3_3_collections_stand_in_one_order() -> Result<()> {
    let server = Server::new().await?;
    let first = server.get("/comity/collections/").await.body;
    for _ in 0..3 {
        assert_eq!(server.get("/comity/collections/").await.body, first);
    }
    let server = server.restarted().await?;
    assert_eq!(server.get("/comity/collections/").await.body, first);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn s3_8_required_properties_stand_there_under_their_names() -> Result<()> {
    let server = Server::new().await?;
    let required: [&[&str]; 5] = [
        &["title"],
        &["title", "versions", "max_content_length"],
        &["id", "status", "total_count", "success_count", "failure_count", "pending_count"],
        &["collections"],
        &["id", "title", "can_read", "can_write"],
    ];
    let resources = every_resource(&server).await?;
    for (path, names) in resources.iter().zip(required) {
        let json = server.get(path).await.json();
        for name in names {
            assert!(json.get(name).is_some(), "{path} {name}");
        }
    }
    let record = server.get(&server.path("manifest/")).await.json()["objects"][0].clone();
    assert!(["id", "date_added", "version"].iter().all(|it| record[it].is_string()), "{record}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn s8_2_1_who_does_not_name_its_program_is_answered() -> Result<()> {
    let server = Server::new().await?;
    let answer = as_desk(&server, "/taxii2/", |it| drop(it.remove("user-agent"))).await;
    assert_eq!(answer.status, StatusCode::OK);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn s5_1_without_a_good_password_every_endpoint_asks_who_it_is() -> Result<()> {
    let server = Server::new().await?;
    let mut paths = every_resource(&server).await?;
    paths.retain(|it| it.contains("/collections/"));
    for (method, path) in paths.iter().map(|it| (Method::GET, it.clone())).chain([
        (Method::POST, "/comity/collections/inbox/objects/".to_owned()),
        (Method::DELETE, format!("/comity/collections/inbox/objects/{}/", id_of(7))),
    ]) {
        let answer = server.does(method.clone(), &path, "nobody").await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{method} {path}");
        assert!(answer.field("www-authenticate").is_some());
        assert!(!String::from_utf8_lossy(&answer.body).contains(PASSWORD));
    }
    Ok(())
}
