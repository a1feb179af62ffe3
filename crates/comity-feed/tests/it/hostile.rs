//! Servers that break the standard, the protocol beneath it, or their promises.

use std::time::{Duration, Instant};

use comity_exchange::feed::{NewFeed, PullLimits, PullOptions, Room, add, pull};
use comity_exchange::import::Lang;
use comity_exchange::ports::{FeedFault, FeedSize, Login, TaxiiVersion};
use comity_feed::HttpFeeds;
use comity_testkit::{Party, TestClock, indicator};

use crate::support::{Reply, Server, V20, V21, answer, header, limits, page, session, status};

async fn fault_of(reply: Reply, version: TaxiiVersion) -> FeedFault {
    let server = Server::always(reply).await;
    let mut session = session(server.url("/"), None);
    page(&mut *session, server.url("/api1/"), version, None).await.unwrap_err()
}

fn head(headers: &str) -> Vec<u8> {
    format!("HTTP/1.1 200 OK\r\nContent-Type: {V21}\r\n{headers}\r\n").into_bytes()
}

#[tokio::test]
async fn every_lie_of_a_server_has_its_own_name() {
    let envelope = r#"{"objects":[]}"#;
    let chunk = [b"2710\r\n".as_slice(), &[b'['; 10_000], b"\r\n"].concat();
    let drop = Duration::from_millis(100);
    for (reply, code) in [
        (answer("text/html", "", "<html>log in</html>"), "feed-media"),
        (answer("application/taxii+json;version=2.0", "", envelope), "feed-media"),
        (answer(V21, "Content-Encoding: gzip\r\n", envelope), "feed-packed"),
        (status("401 Unauthorized", "", "{}"), "feed-login"),
        (status("403 Forbidden", "", "{}"), "feed-denied"),
        (status("404 Not Found", "", "{}"), "feed-not-there"),
        (status("406 Not Acceptable", "", "{}"), "feed-not-acceptable"),
        (status("429 Too Many Requests", "", "{}"), "feed-busy"),
        (status("503 Service Unavailable", "", "{}"), "feed-busy"),
        (status("500 Internal Server Error", "", "{}"), "feed-status"),
        (
            status("206 Partial Content", &format!("Content-Type: {V21}\r\n"), envelope),
            "feed-status",
        ),
        (status("302 Found", "Location: https://other.example/\r\n", ""), "feed-redirected"),
        (status("302 Found", "Location: //other.example/\r\n", ""), "feed-redirected"),
        (status("302 Found", "Location: /api1/?a=b\r\n", ""), "feed-redirected"),
        (status("302 Found", "", ""), "feed-redirected"),
        (status("307 Temporary Redirect", "Location: /again/\r\n", ""), "feed-redirected"),
        // shorter than promised, longer than is read, endless
        (Reply::Close([head("Content-Length: 99\r\n"), b"{".to_vec()].concat()), "feed-cut"),
        (Reply::Close(Vec::new()), "feed-cut"),
        (Reply::Hang(head("Content-Length: 100001\r\n")), "feed-too-large"),
        (
            Reply::Drip(head("Transfer-Encoding: chunked\r\n"), chunk, Duration::ZERO),
            "feed-too-large",
        ),
        (
            Reply::Drip(head("Transfer-Encoding: chunked\r\n"), b"1\r\n \r\n".to_vec(), drop),
            "feed-slow",
        ),
        (Reply::Hang([head("Content-Length: 99\r\n"), b"{".to_vec()].concat()), "feed-slow"),
        (Reply::Hang(Vec::new()), "feed-late"),
        (Reply::Drip(b"HTTP/1.1 200 OK\r\n".to_vec(), b"a: b\r\n".to_vec(), drop), "feed-late"),
        (Reply::Close(b"SSH-2.0-server\r\n\r\n".to_vec()), "feed-unreadable"),
        (Reply::Close(head(&format!("X: {}\r\n", "a".repeat(100_000)))), "feed-unreadable"),
        (answer(V21, "", r#"{"more":true,"next":7}"#), "feed-unreadable"),
        (answer(V21, "", r#"{"more":true,"more":false}"#), "feed-unreadable"),
        (answer(V21, "", ""), "feed-unreadable"),
        (
            answer(V21, "", &format!(r#"{{"more":true,"next":"{}"}}"#, "a".repeat(2_049))),
            "feed-too-large",
        ),
        (answer(V21, "", &" ".repeat(20_000)), "feed-too-large"),
        (answer(V21, "X-TAXII-Date-Added-Last: yesterday\r\n", envelope), "feed-position"),
    ] {
        let begin = Instant::now();
        let fault = fault_of(reply.clone(), TaxiiVersion::V21).await;
        assert_eq!(fault.code.as_str(), code, "{reply:?}: {fault:?}");
        assert!(begin.elapsed() < Duration::from_secs(10), "{reply:?}");
    }
    for range in ["", "Content-Range: items 5-9/20\r\n", "Content-Range: items 0-10/20\r\n"] {
        let headers = format!("Content-Type: {}\r\n{range}", V20[1]);
        let reply = status("206 Partial Content", &headers, "{}");
        assert_eq!(fault_of(reply, TaxiiVersion::V20).await.code.as_str(), "feed-range", "{range}");
    }
}

#[tokio::test]
async fn a_server_that_asks_for_patience_is_heard() {
    let reply = status("503 Service Unavailable", "Retry-After: 120\r\n", "");
    let fault = fault_of(reply, TaxiiVersion::V21).await;
    assert_eq!(fault.retry_after, Some(Duration::from_mins(2)));
}

#[tokio::test]
async fn a_login_goes_to_no_other_host_wherever_a_server_points() {
    let other = Server::always(answer(V21, "", "{}")).await;
    let there = other.url("/api1/");
    let server = Server::new(move |head| {
        if head.starts_with("GET /taxii2/ ") {
            return answer(V21, "", &format!(r#"{{"title":"T","api_roots":["{there}"]}}"#));
        }
        status("302 Found", &format!("Location: {there}\r\n"), "")
    })
    .await;
    let password = "hidden".to_owned().into();
    let login = Login::Basic { username: "desk".to_owned(), password };
    let mut session = session(server.url("/"), Some(login));
    assert_eq!(session.locate().await.unwrap_err().code.as_str(), "feed-elsewhere");
    for root in [server.url("/api1/"), other.url("/api1/")] {
        page(&mut *session, root, TaxiiVersion::V21, None).await.unwrap_err();
    }
    assert_eq!(header(&server.asked()[0], "authorization"), Some("Basic ZGVzazpoaWRkZW4="));
    assert_eq!(other.asked(), Vec::<String>::new());
}

#[tokio::test]
async fn a_server_of_many_roots_that_are_silent_is_not_asked_for_every_one() {
    let roots: Vec<String> = (0..16).map(|it| format!("\"/r{it}/\"")).collect();
    let discovery = format!(r#"{{"title":"T","api_roots":[{}]}}"#, roots.join(","));
    let server = Server::new(move |head| {
        if head.starts_with("GET /taxii2/ ") {
            return answer(V21, "", &discovery);
        }
        Reply::Hang(Vec::new())
    })
    .await;
    let mut session = session(server.url("/"), None);
    assert_eq!(session.locate().await.unwrap_err().code.as_str(), "feed-late");
    assert!(server.asked().len() < 8, "each of them is waited for");
}

#[tokio::test]
async fn where_nothing_listens_nothing_is_reached() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    drop(listener);
    let fault = session(url, None).locate().await.unwrap_err();
    assert_eq!(fault.code.as_str(), "feed-unreachable");
}

#[tokio::test(flavor = "multi_thread")]
async fn hostile_objects_are_rejected_one_by_one_and_the_sound_ones_are_held() {
    let deep =
        format!("{{\"type\":\"indicator\",\"x\":{}1{}}}", "[".repeat(5_000), "]".repeat(5_000));
    let twice = indicator(1).replacen("\"type\"", "\"type\":\"malware\",\"type\"", 1);
    let older = indicator(2).replace("\"spec_version\":\"2.1\",", "");
    let long = indicator(3).replace("Consignment", &"a".repeat(1 << 20));
    let objects = [indicator(0), deep, twice, older, long, "7".to_owned(), indicator(4)];
    let mut body = format!("{{\"objects\":[{}", objects.join(",")).into_bytes();
    body.extend(b",{\"type\":\"indicator\",\"name\":\"\xff\"}]}");
    let last = "X-TAXII-Date-Added-Last: 2026-02-01T00:00:00.000002Z\r\n";
    let length = body.len();
    let page = [head(&format!("{last}Content-Length: {length}\r\n")), body].concat();
    let server = Server::new(move |head| match head.split(' ').nth(1).unwrap() {
        "/a/" => answer(V21, "", r#"{"versions":[]}"#),
        "/a/collections/c1/" => answer(V21, "", r#"{"can_read":true}"#),
        _ => Reply::Whole(page.clone()),
    })
    .await;
    let clock = TestClock::at("2026-03-01T10:00:00Z".parse().unwrap());
    let party = Party::new("us", &clock, false).await.unwrap();
    let source = HttpFeeds::new(comity_feed::FeedLimits { page_bytes: 4 << 20, ..limits() });
    let feed = NewFeed {
        name: "alerts".to_owned(),
        url: server.url("/a/"),
        collections: vec!["c1".to_owned()],
        grade: "C3".parse().unwrap(),
        every: jiff::SignedDuration::from_mins(15),
        most: FeedSize::USUAL,
        login: None,
        ca: None,
        added_after: None,
    };
    add(&party.node, &source, feed, "an administrator").await.unwrap();
    let by = "an administrator".to_owned();
    let options = PullOptions {
        by,
        lang: Lang::Es,
        limits: PullLimits::default(),
        room: Room::new(|| Ok(u64::MAX)),
        all: true,
    };
    let pulled =
        pull(&party.node, &source, "alerts", &options, std::future::pending()).await.unwrap();
    let codes: Vec<&str> = pulled.rejections.iter().map(|it| it.code.as_str()).collect();
    assert_eq!((pulled.objects, pulled.new, pulled.rejected), (8, 2, 6), "{codes:?}");
    assert!(pulled.complete);
}
