//! Section 3.6 and the codes of every resource: a clear error, and never one of the 500 series.

use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use comity_testkit::{Result, indicators};
use proptest::prelude::*;

use super::{MEDIA, Server, request};

#[tokio::test(flavor = "multi_thread")]
async fn section_3_4_malformed_parameters_are_named() -> Result<()> {
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
async fn section_1_6_8_what_nobody_speaks_is_not_answered() -> Result<()> {
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

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn no_request_whatever_it_holds_gets_an_error_of_the_server(
        path in "/(taxii2|comity)?(/[a-z0-9%-]{0,12}){0,6}/?",
        query in "([a-z_\\[\\]%&=,+0-9TZ:.-]{0,60})",
        method in prop_oneof![Just("GET"), Just("POST"), Just("DELETE"), Just("PUT"), Just("OPTIONS")],
        body in prop::collection::vec(any::<u8>(), 0..200),
        media in prop_oneof![Just("application/taxii+json"), Just("x"), Just("application/json")],
        into in any::<bool>(),
    ) {
        static SERVER: std::sync::OnceLock<(tokio::runtime::Runtime, Server)> = std::sync::OnceLock::new();
        let (runtime, server) = SERVER.get_or_init(|| {
            let runtime = tokio::runtime::Runtime::new().unwrap();
            let server = runtime.block_on(Server::new()).unwrap();
            (runtime, server)
        });
        let path = if into { format!("/comity/collections/inbox/objects{path}") } else { path };
        let uri = format!("{path}?{query}");
        let Ok(uri) = uri.parse::<axum::http::Uri>() else { return Ok(()) };
        let request: Request<Body> = request(method.parse().unwrap(), "/", "desk")
            .uri(uri)
            .header("content-type", media)
            .body(Body::from(body))
            .unwrap();
        let answer = runtime.block_on(server.ask(request));
        prop_assert!(answer.status.as_u16() < 500, "{:?}", answer);
    }
}
