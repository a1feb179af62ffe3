//! Servers that keep to the standard.

use comity_exchange::ports::{
    ApiRoot, FeedCode, FeedServer, FeedSource as _, Login, Next, PageEnd, TaxiiVersion,
};
use comity_feed::HttpFeeds;

use crate::support::{
    Reply, Server, V20, V21, answer, header, limits, page, session, status, wanted,
};

const READABLE: &str = r#"{"id":"c1","title":"C","can_read":true,"can_write":false}"#;

/// Answers by path: a media type and a body; 404 elsewhere.
async fn paths(known: &'static [(&'static str, &'static str, &'static str)]) -> Server {
    Server::new(move |head| {
        let path = head.split(' ').nth(1).unwrap();
        let accept = header(head, "accept").unwrap();
        let media = |it: &str| it.split(';').next().unwrap().to_owned();
        let there: Vec<_> = known.iter().filter(|(it, ..)| *it == path).collect();
        match there.iter().find(|(_, it, _)| media(it) == media(accept)) {
            Some((_, media, body)) => answer(media, "", body),
            None if there.is_empty() => status("404 Not Found", "", "{}"),
            None => status("406 Not Acceptable", "", "{}"),
        }
    })
    .await
}

async fn located(server: &Server, path: &str) -> Result<(String, TaxiiVersion), FeedCode> {
    let found = session(server.url(path), None).locate().await;
    let ApiRoot { url, version } = found.map_err(|fault| fault.code)?;
    Ok((url.replace(&server.url(""), ""), version))
}

#[tokio::test]
async fn the_collection_is_found_from_the_host_from_a_discovery_and_from_an_api_root() {
    let server = paths(&[
        ("/taxii2/", V21, r#"{"title":"T","default":"/two/","api_roots":["/one/","/two/","/three/"]}"#),
        ("/one/", V21, r#"{"title":"One","versions":["application/taxii+json;version=2.1"],"max_content_length":9}"#),
        ("/three/collections/c1/", V21, READABLE),
        ("/three/", V21, r#"{"title":"Three","versions":["application/taxii+json;version=2.1"],"max_content_length":9}"#),
    ])
    .await;
    let third = Ok(("/three/".to_owned(), TaxiiVersion::V21));
    assert_eq!(located(&server, "").await, third);
    assert_eq!(located(&server, "/taxii2").await, third);
    assert_eq!(located(&server, "/three/").await, third);
    assert_eq!(located(&server, "/one/").await, Err(FeedCode::Collection));
    assert_eq!(located(&server, "/other/").await, Err(FeedCode::NotThere));
}

#[tokio::test]
async fn where_only_the_older_version_is_spoken_it_is_spoken() {
    let server = paths(&[
        ("/taxii/", V20[0], r#"{"title":"T","api_roots":["/api1/"]}"#),
        ("/api1/collections/c1/", V20[0], READABLE),
    ])
    .await;
    assert_eq!(located(&server, "/").await, Ok(("/api1/".to_owned(), TaxiiVersion::V20)));
    assert_eq!(located(&server, "/taxii/").await, Ok(("/api1/".to_owned(), TaxiiVersion::V20)));
}

#[tokio::test]
async fn roots_elsewhere_and_collections_that_may_not_be_read_are_said() {
    let server = paths(&[
        ("/a/", V21, r#"{"title":"T","api_roots":["https://other.example/a/"]}"#),
        ("/b/", V21, r#"{"title":"T","api_roots":["/c/"]}"#),
        ("/c/collections/c1/", V21, r#"{"id":"c1","title":"C","can_read":false,"can_write":true}"#),
        (
            "/d/",
            V21,
            r#"{"title":"T","api_roots":["https://other.example/a/","//other.example/b/"]}"#,
        ),
        ("/e/", V21, r#"{"title":"T"}"#),
        ("/f/", V21, "[]"),
    ])
    .await;
    for (path, code) in [
        ("/a/", FeedCode::Elsewhere),
        ("/b/", FeedCode::Denied),
        ("/d/", FeedCode::Unreadable),
        ("/e/", FeedCode::Unreadable),
        ("/f/", FeedCode::Unreadable),
    ] {
        assert_eq!(located(&server, path).await, Err(code), "{path}");
    }
}

#[tokio::test]
async fn a_collection_that_is_not_there_hides_no_other() {
    let found = async |server: &Server, collections: [&str; 2]| {
        let collections = collections.into_iter().map(ToOwned::to_owned).collect();
        let wanted = FeedServer { collections, ..wanted(server.url("/taxii2/"), None, None) };
        let root = HttpFeeds::new(limits()).open(wanted).unwrap().locate().await;
        root.map(|it| it.url.replace(&server.url(""), "")).map_err(|fault| fault.code)
    };
    let server = paths(&[
        ("/taxii2/", V21, r#"{"title":"T","api_roots":["/one/","/two/"]}"#),
        ("/one/collections/c1/", V21, READABLE),
        ("/two/collections/c2/", V21, READABLE),
        ("/two/collections/c3/", V21, READABLE),
    ])
    .await;
    assert_eq!(found(&server, ["c1", "gone"]).await, Ok("/one/".to_owned()));
    assert_eq!(found(&server, ["c2", "gone"]).await, Ok("/two/".to_owned()));
    assert_eq!(
        found(&server, ["c2", "c3"]).await,
        Ok("/two/".to_owned()),
        "all rather than the most"
    );
    assert_eq!(found(&server, ["away", "gone"]).await, Err(FeedCode::Collection));
}

#[tokio::test]
async fn a_page_says_what_comes_after_it_and_is_asked_for_as_the_standard_says() {
    let server = Server::new(|head| {
        let last = "X-TAXII-Date-Added-Last: 2026-02-01T00:00:00.000002Z\r\n";
        let body = if head.contains("next=") {
            r#"{"objects":[{"more":true}]}"#
        } else {
            r#"{"more":true,"next":"a/b","objects":[{"id":1}]}"#
        };
        answer(V21, last, body)
    })
    .await;
    let login = Login::Token("hidden".to_owned().into());
    let mut session = session(server.url("/"), Some(login));
    let (end, bytes) =
        page(&mut *session, server.url("/api1/"), TaxiiVersion::V21, None).await.unwrap();
    let last = Some("2026-02-01T00:00:00.000002Z".parse().unwrap());
    assert_eq!(end, PageEnd { last, next: Next::Token("a/b".to_owned()) });
    assert_eq!(bytes, br#"{"more":true,"next":"a/b","objects":[{"id":1}]}"#);
    let (end, _) =
        page(&mut *session, server.url("/api1/"), TaxiiVersion::V21, Some("a/b")).await.unwrap();
    assert_eq!(end.next, Next::End);
    let [first, second] = &server.asked()[..] else { panic!("two requests") };
    assert!(
        first.starts_with("GET /api1/collections/c1/objects/?limit=10 HTTP/1.1\r\n"),
        "{first}"
    );
    assert!(
        second.starts_with("GET /api1/collections/c1/objects/?limit=10&next=a%2Fb "),
        "{second}"
    );
    assert_eq!(header(first, "accept"), Some(V21));
    assert_eq!(header(first, "accept-encoding"), Some("identity"));
    assert_eq!(header(first, "authorization"), Some("Bearer hidden"));
    assert_eq!(header(first, "host"), Some(server.address.to_string().as_str()));
}

#[tokio::test]
async fn in_the_older_version_pages_are_ranges() {
    let server = Server::new(|head| {
        let bundle = r#"{"type":"bundle","id":"bundle--x","objects":[]}"#;
        let media = format!("Content-Type: {}\r\n", V20[1]);
        match header(head, "range").unwrap() {
            "items 0-9" => status(
                "206 Partial Content",
                &format!("{media}Content-Range: items 0-9/15\r\n"),
                bundle,
            ),
            "items 10-19" => status(
                "206 Partial Content",
                &format!("{media}Content-Range: items 10-14/15\r\n"),
                bundle,
            ),
            "items 15-24" => status("416 Range Not Satisfiable", "", ""),
            _ => answer(V20[1], "", bundle),
        }
    })
    .await;
    let mut session = session(server.url("/"), None);
    for (next, wanted) in [
        (None, Next::Token("10".to_owned())),
        (Some("10"), Next::End),
        (Some("15"), Next::End),
        (Some("30"), Next::End),
    ] {
        let got = page(&mut *session, server.url("/api1/"), TaxiiVersion::V20, next).await;
        assert_eq!(got.unwrap().0.next, wanted, "{next:?}");
    }
    assert!(server.asked().iter().all(|it| !it.contains("limit=")));
}

#[tokio::test]
async fn a_redirection_on_the_same_host_is_followed() {
    let server = Server::new(|head| match head.split(' ').nth(1).unwrap() {
        "/old/" => status("301 Moved Permanently", "Location: /new\r\n", ""),
        "/new/" => {
            answer(V21, "", r#"{"title":"N","versions":["application/taxii+json;version=2.1"]}"#)
        }
        "/old/collections/c1/" => answer(V21, "", READABLE),
        _ => Reply::Close(Vec::new()),
    })
    .await;
    assert_eq!(located(&server, "/old/").await, Ok(("/old/".to_owned(), TaxiiVersion::V21)));
}
