//! Observables, whose ids anybody can make: who writes one learns of no other that it may not read.

use axum::body::Body;
use axum::http::Method;
use comity_exchange::collection;
use comity_testkit::Result;
use jiff::{SignedDuration, Timestamp};

use super::secrecy::{RED, told, with_unit};
use super::{MEDIA, Server, request};

const INBOX: &str = "/comity/collections/inbox/";

fn address(more: &str) -> String {
    format!(
        r#"{{"type":"ipv4-addr","spec_version":"2.1","id":"ipv4-addr--ff26c055-6336-5bc5-b98d-13d6226742dd","value":"198.51.100.3"{more}}}"#
    )
}

/// The same address as nobody but those named may see it.
fn red() -> String {
    address(&format!(r#","object_marking_refs":["{RED}"]"#))
}

/// What a unit is told that writes these into the inbox, one after the other, an hour after somebody else did something.
async fn told_of(server: &Server, writes: &[String]) -> Result<Vec<String>> {
    let mut all = Vec::new();
    for object in writes {
        server.party.clock.advance(SignedDuration::from_hours(1));
        let body = format!(r#"{{"objects":[{object}]}}"#);
        let post = request(Method::POST, &format!("{INBOX}objects/"), "customs");
        let post = post.header("content-type", MEDIA).body(Body::from(body))?;
        all.push(told(&server.ask(post).await));
        for rest in ["objects/", "manifest/", "objects/?match[version]=all"] {
            all.push(told(&server.does(Method::GET, &format!("{INBOX}{rest}"), "customs").await));
        }
    }
    Ok(all)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_unit_that_writes_an_observable_is_told_the_same_whether_others_have_it_or_not()
-> Result<()> {
    let green = address("");
    let other = address(r#","defanged":true"#);
    for writes in [
        vec![red(), red()],
        vec![green.clone(), green.clone()],
        vec![red(), green.clone()],
        vec![green.clone(), other.clone(), green.clone()],
    ] {
        let server = with_unit().await?;
        let wanted = told_of(&server, &writes).await?;
        for held in [red(), green.clone(), other.clone()] {
            let server = with_unit().await?;
            server.hold(&held).await?;
            assert_eq!(told_of(&server, &writes).await?, wanted, "{held} held, {writes:?}");
        }
    }
    // and whoever else wrote it into the very collection
    let server = with_unit().await?;
    let wanted = told_of(&server, &[red(), red()]).await?;
    let server = with_unit().await?;
    server.post(&[red()]).await;
    assert_eq!(told_of(&server, &[red(), red()]).await?, wanted);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn s4_3_1_who_does_not_see_what_it_wrote_is_told_one_version_of_it_each_time() -> Result<()> {
    let server = with_unit().await?;
    server.account("blind", false, true).await?;
    server.account("other", false, true).await?;
    let version = async |account: &str, object: String| {
        server.party.clock.advance(SignedDuration::from_hours(1));
        let post = request(Method::POST, &format!("{INBOX}objects/"), account);
        let post = post.header("content-type", MEDIA);
        let body = format!(r#"{{"objects":[{object}]}}"#);
        let status = server.ask(post.body(Body::from(body)).unwrap()).await.json();
        let success = status["successes"][0]["version"].as_str().unwrap().to_owned();
        (success, status["request_timestamp"].as_str().unwrap().replace("000Z", "Z"))
    };
    // what the desk wrote before is no business of theirs
    server.post(&[address("")]).await;
    for (account, object) in [
        ("blind", address("")),
        ("other", address("")),
        ("customs", red()),
        ("blind", address(r#","defanged":true"#)),
    ] {
        let (first, asked) = version(account, object.clone()).await;
        assert_eq!(first.parse::<Timestamp>()?, asked.parse::<Timestamp>()?, "{account}");
        for _ in 0..2 {
            assert_eq!(version(account, object.clone()).await.0, first, "{account}");
        }
    }
    // nobody else brings forth that one wrote it, and a collection that is removed takes it along
    let node = &server.party.node;
    let inbox = collection::find(node, "inbox").await?;
    collection::remove(node, &inbox, "an administrator").await?;
    assert!(server.party.tables()?.remove("told_version").unwrap_or_default().is_empty());
    Ok(())
}
