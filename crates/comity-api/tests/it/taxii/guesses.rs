//! Whoever guesses passwords, and those who do not.

use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use comity_testkit::Result;
use tokio::task::JoinSet;

use super::{MEDIA, PASSWORD, Server, ask_from, request};

/// From where is guessed, and from where not.
const GUESSER: [u8; 4] = [127, 0, 0, 2];
const OTHER: [u8; 4] = [127, 0, 0, 3];

fn guess(name: &str, password: &str) -> Request<Body> {
    let credentials = STANDARD.encode(format!("{name}:{password}"));
    let request = Request::get("/taxii2/").header("accept", MEDIA);
    request.header("authorization", format!("Basic {credentials}")).body(Body::empty()).unwrap()
}

fn right(name: &str) -> Request<Body> {
    request(Method::GET, "/taxii2/", name).body(Body::empty()).unwrap()
}

/// What as many guesses at once get, each at the name of its number.
async fn at_once(
    server: &Server,
    guesses: usize,
    name: impl Fn(usize) -> String,
) -> Result<Vec<StatusCode>> {
    let mut asking = JoinSet::new();
    for number in 0..guesses {
        let (address, name) = (server.address, name(number));
        let request = guess(&name, &format!("{PASSWORD} {number}"));
        asking.spawn(async move { ask_from(GUESSER, address, request).await.unwrap().status });
    }
    Ok(asking.join_all().await)
}

#[tokio::test(flavor = "multi_thread")]
async fn guesses_that_come_at_once_are_bounded_like_those_that_come_one_by_one() -> Result<()> {
    let server = Server::new().await?;
    server.account("archive", true, false).await?;
    let statuses = at_once(&server, 60, |_| "desk".to_owned()).await?;
    let count = |status| statuses.iter().filter(|it| **it == status).count();
    let looked_at = count(StatusCode::UNAUTHORIZED);
    // twenty, and what a slow machine gives back meanwhile
    assert!((20..40).contains(&looked_at), "{looked_at}");
    assert_eq!(looked_at + count(StatusCode::TOO_MANY_REQUESTS), 60, "{statuses:?}");
    let next = ask_from(GUESSER, server.address, right("desk")).await?;
    assert_eq!(next.status, StatusCode::TOO_MANY_REQUESTS, "right or wrong is not told");
    for (address, name) in [(OTHER, "desk"), (GUESSER, "archive"), (OTHER, "archive")] {
        let answer = ask_from(address, server.address, right(name)).await?;
        assert_eq!(answer.status, StatusCode::OK, "{name} from {address:?}");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_guesses_at_every_name_locks_out_nobody() -> Result<()> {
    let server = Server::new().await?;
    server.account("archive", true, false).await?;
    assert_eq!(ask_from(GUESSER, server.address, right("desk")).await?.status, StatusCode::OK);
    let statuses = at_once(&server, 200, |number| format!("name-{number}")).await?;
    let refused = statuses.iter().filter(|it| **it == StatusCode::TOO_MANY_REQUESTS).count();
    assert!(refused > 20, "{refused}");
    for (address, name) in
        [(GUESSER, "desk"), (GUESSER, "archive"), (OTHER, "desk"), (OTHER, "archive")]
    {
        let answer = ask_from(address, server.address, right(name)).await?;
        assert_eq!(answer.status, StatusCode::OK, "{name} from {address:?}");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_goes_on_guessing_at_a_name_shuts_out_nobody_who_was_let_in_there_nor_other_names()
-> Result<()> {
    let server = Server::new().await?;
    server.account("archive", true, false).await?;
    assert_eq!(ask_from(GUESSER, server.address, right("desk")).await?.status, StatusCode::OK);
    let mut guessing = JoinSet::new();
    for thread in 0..4 {
        let address = server.address;
        guessing.spawn(async move {
            for round in 0.. {
                let guess = guess("desk", &format!("{PASSWORD} {thread} {round}"));
                assert_ne!(ask_from(GUESSER, address, guess).await.unwrap().status, StatusCode::OK);
            }
        });
    }
    // until there is no try left
    let mut left = true;
    for round in 0..1_000 {
        let guess = ask_from(GUESSER, server.address, guess("desk", &format!("{round}"))).await?;
        left = guess.status != StatusCode::TOO_MANY_REQUESTS;
        if !left {
            break;
        }
    }
    assert!(!left, "guesses are bounded");
    for name in ["desk", "archive"] {
        let answer = ask_from(GUESSER, server.address, right(name)).await?;
        assert_eq!(answer.status, StatusCode::OK, "{name}");
    }
    guessing.abort_all();
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn many_requests_at_once_with_the_right_password_are_all_let_in() -> Result<()> {
    let server = Server::new().await?;
    let mut asking = JoinSet::new();
    for _ in 0..60 {
        let address = server.address;
        asking.spawn(async move { ask_from(OTHER, address, right("desk")).await.unwrap().status });
    }
    let statuses = asking.join_all().await;
    assert!(statuses.iter().all(|it| *it == StatusCode::OK), "{statuses:?}");
    Ok(())
}
