//! What the three resources say, and that there is nothing else.

use std::sync::atomic::Ordering;

use comity_api::{ApiLimits, Check};
use serde_json::json;

use crate::support::start;

#[tokio::test]
async fn a_node_that_runs_says_so_in_the_readers_language() {
    let node = start(false, ApiLimits::default(), &[]).await;
    let english = node.get("/healthz", "").await;
    assert_eq!((english.status, english.field("content-type")), (200, Some("application/json")));
    let alive = json!({"status": "alive", "title": "The node is running", "exercise": false});
    assert_eq!(english.json(), alive);
    assert_eq!(english.field("content-language"), Some("en"));
    let spanish = node.get("/healthz", "Accept-Language: es-MX,en;q=0.5\r\n").await;
    assert_eq!(spanish.json()["title"], "El nodo está en funcionamiento");
    assert_eq!(spanish.field("content-language"), Some("es-mx"));
    assert_eq!(spanish.field("vary"), Some("accept-language"));
}

#[tokio::test]
async fn a_ready_node_names_what_it_looked_at() {
    let node = start(false, ApiLimits::default(), &[]).await;
    let reply = node.get("/readyz", "").await;
    assert_eq!(reply.status, 200);
    let checks = json!([{"name": "store"}, {"name": "disk"}, {"name": "keys"}]);
    assert_eq!(reply.json()["checks"], checks);
    assert_eq!(reply.json()["status"], "ready");
}

#[tokio::test]
async fn one_failed_check_makes_a_node_not_ready() {
    for fault in [
        Check::failed("store", "database"),
        Check::failed("disk", "full"),
        Check::failed("keys", "locked"),
    ] {
        let node = start(false, ApiLimits::default(), &[fault]).await;
        let reply = node.get("/readyz", "Accept-Language: es\r\n").await;
        assert_eq!(reply.status, 503);
        assert_eq!(reply.field("content-type"), Some("application/problem+json"));
        let problem = reply.json();
        assert_eq!(problem["code"], "not-ready");
        assert_eq!(problem["status"], 503);
        assert_eq!(problem["title"], "No está listo");
        let named = json!({"name": fault.name, "failed": fault.fault});
        assert!(problem["checks"].as_array().unwrap().contains(&named), "{problem}");
        assert_eq!(node.get("/healthz", "").await.status, 200, "it still lives");
    }
}

#[tokio::test]
async fn asking_often_makes_the_node_no_work() {
    let node = start(false, ApiLimits::default(), &[]).await;
    for _ in 0..20 {
        assert_eq!(node.get("/readyz", "").await.status, 200);
    }
    let looks = node.checks.looks.load(Ordering::SeqCst);
    assert!(looks <= 3, "{looks} looks for 20 questions");
}

#[tokio::test]
async fn metrics_are_prometheus_text() {
    let node = start(false, ApiLimits::default(), &[]).await;
    let reply = node.get("/metrics", "").await;
    assert_eq!(reply.field("content-type"), Some("text/plain; version=0.0.4; charset=utf-8"));
    assert!(
        reply.body.contains("# TYPE comity_test_total counter\ncomity_test_total 7\n"),
        "{}",
        reply.body
    );
}

#[tokio::test]
async fn a_training_node_says_so_on_every_answer() {
    let fault = [Check::failed("disk", "full")];
    let (exercise, live) = (
        start(true, ApiLimits::default(), &fault).await,
        start(false, ApiLimits::default(), &fault).await,
    );
    for path in ["/healthz", "/readyz", "/metrics", "/nothing"] {
        let reply = exercise.get(path, "").await;
        assert_eq!(reply.field("comity-exercise"), Some("true"), "{path}");
        if path != "/metrics" {
            assert_eq!(reply.json()["exercise"], true, "{path}");
            assert_eq!(live.get(path, "").await.json()["exercise"], false, "{path}");
        }
        assert_eq!(live.get(path, "").await.field("comity-exercise"), None, "{path}");
    }
}

#[tokio::test]
async fn there_is_nothing_but_three_resources_to_read() {
    let node = start(false, ApiLimits::default(), &[]).await;
    let elsewhere = [
        "/",
        "/healthz/",
        "/readyz/store",
        "/Healthz",
        "/metrics.txt",
        "/taxii2/",
        "/api/v1/releases",
        "/link/v1/pouches/00",
        "/login",
        "/..%2fhealthz",
        "//healthz",
    ];
    for path in elsewhere {
        let reply = node.get(path, "").await;
        assert_eq!(reply.status, 404, "{path}");
        assert_eq!(reply.field("content-type"), Some("application/problem+json"), "{path}");
        assert_eq!(reply.json()["code"], "not-found");
    }
    for method in ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"] {
        let request = format!("{method} /healthz HTTP/1.1\r\nConnection: close\r\n\r\n");
        let reply = node.ask(&request).await;
        assert_eq!((reply.status, reply.field("allow")), (405, Some("get,head")), "{method}");
        assert_eq!(reply.json()["code"], "method-not-allowed");
    }
}

#[tokio::test]
async fn no_answer_is_kept_or_read_by_other_sites() {
    let node = start(false, ApiLimits::default(), &[]).await;
    for path in ["/healthz", "/readyz", "/metrics", "/nothing"] {
        let reply = node.get(path, "").await;
        assert_eq!(reply.field("cache-control"), Some("no-store"));
        assert_eq!(reply.field("x-content-type-options"), Some("nosniff"));
        assert_eq!(reply.field("cross-origin-resource-policy"), Some("same-origin"));
        assert_eq!(reply.field("access-control-allow-origin"), None);
        assert_eq!(reply.field("set-cookie"), None);
    }
}
