//! Sections 1.6.8, 3.4 and 3.6: what is not answered gets a clear error.

use axum::body::Body;
use axum::http::{Method, StatusCode};
use comity_testkit::{Result, indicators};

use super::{MEDIA, Server, request};

#[tokio::test(flavor = "multi_thread")]
async fn s3_4_malformed_parameters_are_named() -> Result<()> {
    let server = Server::new().await?;
    server.hold(&indicators(0..2)).await?;
    for (query, place) in [
        ("limit=0", "limit"),
        ("limit=-1", "limit"),
        ("limit=1.5", "limit"),
        ("limit=ten", "limit"),
        ("limit=", "limit"),
        ("limit=1&limit=1", "limit"),
        ("added_after=yesterday", "added_after"),
        ("added_after=2026-01-01", "added_after"),
        ("added_after=2026-01-01T00:00Z", "added_after"),
        ("added_after=2026-01-01T00:00:00Z[UTC]", "added_after"),
        ("added_after=2026-01-01T00:00:00Z,2026-01-02T00:00:00Z", "added_after"),
        ("added_after=2026-01-01T00:00:00Z&added_after=2026-01-01T00:00:00Z", "added_after"),
        ("match[id]=indicator", "match[id]"),
        ("match[id]=", "match[id]"),
        ("match[type]=Indicator", "match[type]"),
        ("match[type]=a,,b", "match[type]"),
        ("match[type]=a&match[type]=b", "match[type]"),
        ("match[spec_version]=3", "match[spec_version]"),
        ("match[version]=all,last", "match[version]"),
        ("match[version]=last,last", "match[version]"),
        ("match[version]=today", "match[version]"),
        ("match[name]=x", "match[name]"),
        ("page=2", "page"),
        ("limit=%zz", "%zz"),
        ("limit=%ff", "%ff"),
        ("%00=1", "%00"),
    ] {
        for resource in ["objects/", "manifest/"] {
            let answer = server.get(&server.path(&format!("{resource}?{query}"))).await;
            assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{query}");
            let error = answer.json();
            assert_eq!(error["http_status"], "400", "3.6.1: it matches the header");
            let text = error["description"].as_str().ok_or("a description")?;
            assert!(text.contains(place), "{query}: {text}");
        }
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn s1_6_8_what_nobody_speaks_is_not_answered() -> Result<()> {
    let server = Server::new().await?;
    for accept in ["application/taxii+json;version=2.0", "text/html", "application/json"] {
        for path in ["/taxii2/", "/comity/", "/comity/collections/", &server.path("objects/")] {
            let mut request = request(Method::GET, path, "desk").body(Body::empty())?;
            request.headers_mut().insert("accept", accept.parse()?);
            let answer = server.ask(request).await;
            assert_eq!(answer.status, StatusCode::NOT_ACCEPTABLE, "{accept} {path}");
            assert_eq!(answer.field("content-type"), Some(MEDIA));
        }
    }
    for accept in ["application/taxii+json", "*/*"] {
        let mut request = request(Method::GET, "/taxii2/", "desk").body(Body::empty())?;
        request.headers_mut().insert("accept", accept.parse()?);
        assert_eq!(server.ask(request).await.status, StatusCode::OK, "{accept}");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_at_any_other_path_and_nothing_is_done_by_another_method() -> Result<()> {
    let server = Server::new().await?;
    for path in
        ["/", "/comity/nothing/", "/taxii/", "/comity/collections/nothing/", "/comity/status/1/"]
    {
        assert_eq!(server.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    for method in [Method::PUT, Method::PATCH, Method::DELETE] {
        let request = request(method.clone(), &server.path("objects/"), "desk");
        let answer = server.ask(request.body(Body::empty())?).await;
        assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED, "{method}");
        assert!(answer.json()["title"].is_string());
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn s3_6_1_a_path_that_is_no_text_gets_an_error_message() -> Result<()> {
    let server = Server::new().await?;
    for path in
        ["/comity/collections/%ff/objects/", "/comity/status/%ff/", "/comity/collections/%ff/"]
    {
        for method in [Method::GET, Method::HEAD] {
            let answer = server.does(method.clone(), path, "desk").await;
            assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{method} {path}");
            assert_eq!(answer.field("content-type"), Some(MEDIA));
            if method == Method::GET {
                assert!(answer.json()["title"].is_string());
                assert_eq!(answer.json()["http_status"], "400");
            }
        }
        if path.ends_with("/objects/") {
            let answer = server.send(path, "{}").await;
            assert_eq!(answer.status, StatusCode::BAD_REQUEST, "POST {path}");
            assert_eq!(answer.json()["error_code"], "bad-path");
        }
        let stranger = server.does(Method::GET, path, "nobody").await;
        assert_eq!(stranger.status, StatusCode::UNAUTHORIZED, "{path}");
    }
    Ok(())
}
