//! Invariant no-foothold: what a partner is known by opens the link and nothing else, and the link has two
//! resources.

use super::Case;
use crate::support::Raw;

#[tokio::test]
async fn a_partners_key_opens_no_other_door() {
    let case = Case::new().await;
    let key = case.us.link_key();
    assert!(Raw::connect(case.nodes.mx.api, Some(&key)).await.is_err(), "it does not speak TLS");

    let mut raw = Raw::connect(case.nodes.mx.link, Some(&key)).await.unwrap();
    for path in
        ["/", "/healthz", "/readyz", "/metrics", "/taxii2/", "/api/v1/holdings", "/link/v1/"]
    {
        for method in ["GET", "POST", "DELETE"] {
            let request = format!("{method} {path} HTTP/1.1\r\nContent-Length: 0");
            assert_eq!(raw.ask(&request, b"").await.unwrap().0, 404, "{request}");
        }
    }
}

#[tokio::test]
async fn the_socket_for_the_nodes_own_people_has_three_resources_and_takes_nothing() {
    let case = Case::new().await;
    let before = case.view().await;
    let ask = async |method: &str, path: &str| case.nodes.mx.ask_api(method, path).await.unwrap();
    for path in ["/healthz", "/readyz", "/metrics"] {
        assert_eq!(ask("GET", path).await.0, 200, "{path}");
        for method in ["POST", "PUT", "DELETE"] {
            assert_eq!(ask(method, path).await.0, 405, "{method} {path}");
        }
    }
    let pouch = format!("/link/v1/pouches/{}", "ab".repeat(32));
    let head = format!("/link/v1/channels/{}.1/head", case.nodes.agreement.id.uuid());
    for path in ["/", &pouch, &head, "/taxii2/", "/api/v1/holdings", "/openapi.json", "/metrics/x"]
    {
        for method in ["GET", "PUT", "POST"] {
            let (status, _) = ask(method, path).await;
            assert!(matches!(status, 404 | 405), "{method} {path} is answered with {status}");
        }
    }
    before.unchanged(&case.nodes.mx).await;
}
