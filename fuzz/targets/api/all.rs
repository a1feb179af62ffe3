//! What is fuzzed of the TAXII server, in its own tests alone: parameters, page tokens and bodies as a client sends them over
//! a socket.
//!
//! The promise of all of them: whatever comes, the server answers, and never that it failed itself.

use std::sync::LazyLock;

use axum::body::Body;
use axum::http::{Method, StatusCode};
use comity_exchange::account::{self, NewAccount};
use comity_exchange::collection;
use comity_exchange::ports::Role;
use tokio::runtime::Runtime;

use crate::taxii::{Answer, MEDIA, PASSWORD, Server, request};

/// A function that takes any bytes, panics where a promise is broken, and says whether it took them.
pub(crate) type Target = fn(&[u8]) -> bool;

/// Every target by its name, which is the name of its seeds' folder in `corpus` too.
pub(crate) const ALL: &[(&str, Target)] =
    &[("taxii_query", query), ("taxii_next", next), ("taxii_body", body)];

/// The target of that name.
pub(crate) fn target(name: &str) -> (&'static str, Target) {
    let target = ALL.iter().find(|(other, _)| *other == name);
    *target.expect("the target is listed")
}

/// A server that goes on through all inputs, with an account that may ask as fast as it likes, and a token that it gave.
struct Open {
    runtime: Runtime,
    server: Server,
    token: String,
}

const ACCOUNT: &str = "prober";

static OPEN: LazyLock<Open> = LazyLock::new(|| {
    let runtime = Runtime::new().expect("threads can be made");
    let server = runtime.block_on(opened()).expect("a server can be started");
    let path = server.path("objects/?limit=1");
    let page = runtime.block_on(server.does(Method::GET, &path, ACCOUNT)).json();
    let token = page["next"].as_str().expect("there is more").to_owned();
    Open { runtime, server, token }
});

async fn opened() -> comity_testkit::Result<Server> {
    let server = Server::new().await?;
    server.hold(&comity_testkit::indicators(0..3)).await?;
    let node = &server.party.node;
    let new = NewAccount {
        name: ACCOUNT.to_owned(),
        role: Role::Tool,
        certificate: None,
        per_minute: 1_000_000,
    };
    account::add(node, new, Some(PASSWORD), "an administrator").await?;
    for id in [server.all, server.inbox] {
        let collection = collection::find(node, &id.to_string()).await?;
        let may = (true, id == server.inbox);
        collection::grant(node, &collection, ACCOUNT, may, "an administrator").await?;
    }
    Ok(server)
}

/// What the server answers, which is never that it failed, or that somebody asked too often.
fn asked(method: Method, path: &str, body: &[u8]) -> Answer {
    let open = &*OPEN;
    let request = request(method, path, ACCOUNT).header("content-type", MEDIA);
    let request = request.body(Body::from(body.to_vec())).expect("the path is encoded");
    let answer = open.runtime.block_on(open.server.ask(request));
    let is_odd = answer.status.is_server_error()
        || matches!(answer.status, StatusCode::TOO_MANY_REQUESTS | StatusCode::UNAUTHORIZED);
    assert!(!is_odd, "{}: {}", answer.status, String::from_utf8_lossy(&answer.body));
    let said = answer.json();
    assert!(answer.status.is_success() || said["title"].is_string(), "{said}");
    answer
}

/// Bytes as they can stand in a query: what is in `kept` as it is, like letters and digits.
fn encoded(data: &[u8], kept: &[u8]) -> String {
    let one = |byte: &u8| match *byte {
        byte if byte.is_ascii_alphanumeric() || kept.contains(&byte) => {
            char::from(byte).to_string()
        }
        byte => format!("%{byte:02X}"),
    };
    data.iter().map(one).collect()
}

/// A query for objects: an answer has no more objects than there are.
fn query(data: &[u8]) -> bool {
    let path = OPEN.server.path(&format!("objects/?{}", encoded(data, b"&=%-._~,:+")));
    let answer = asked(Method::GET, &path, &[]);
    assert!(answer.ids().len() <= 3);
    answer.status.is_success()
}

/// A page token, and the one that the server gave with a byte of it changed: none but that one is taken.
fn next(data: &[u8]) -> bool {
    let given = &OPEN.token;
    let mut changed = given.clone().into_bytes();
    if let [place, byte, ..] = data {
        let at = usize::from(*place) % changed.len();
        changed[at] = *byte;
    }
    let mut is_taken = false;
    for token in [data, &changed] {
        let text = encoded(token, b"-_");
        let path = OPEN.server.path(&format!("objects/?limit=1&next={text}"));
        let answer = asked(Method::GET, &path, &[]);
        let is_theirs = token == given.as_bytes();
        assert!(is_theirs || !answer.status.is_success(), "{text} is taken");
        is_taken |= answer.status.is_success();
    }
    is_taken
}

/// An envelope that is posted: it is taken, and its status says what became of each object, or it is refused whole.
fn body(data: &[u8]) -> bool {
    let path = format!("/comity/collections/{}/objects/", OPEN.server.inbox);
    let answer = asked(Method::POST, &path, data);
    if answer.status != StatusCode::ACCEPTED {
        assert!(answer.status.is_client_error(), "{}", answer.status);
        return false;
    }
    let status = answer.json();
    let count = |name: &str| status[name].as_u64().unwrap_or_default();
    let told = count("success_count") + count("failure_count") + count("pending_count");
    assert_eq!(count("total_count"), told, "{status}");
    true
}
