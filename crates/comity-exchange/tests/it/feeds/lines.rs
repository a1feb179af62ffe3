//! Whose it is to bring in further versions of an object: who brought it first, and the house.

use comity_exchange::collection::{self, NewCollection};
use comity_exchange::ports::{Audience, Versions, ViewQuery};
use comity_exchange::{posting, view};
use serde_json::Value;

use super::*;

const MADE: &str = r#""created":"2026-01-10T08:00:00.000Z","modified":"2026-01-10T08:00:00.000Z""#;
const LATER: &str = r#""created":"2026-01-10T08:00:00.000Z","modified":"2026-01-12T08:00:00.000Z""#;

/// An object that names no creator, and the same object with other content, later where it has versions.
pub(super) fn objects() -> Vec<(String, String)> {
    let relationship = format!(
        r#"{{"type":"relationship","spec_version":"2.1","id":"relationship--44298a74-ba52-4f0c-87a3-1824e67d7fad",{MADE},"relationship_type":"related-to","source_ref":"{}","target_ref":"{}"}}"#,
        id_of(0),
        id_of(1),
    );
    let marking = r#"{"type":"marking-definition","spec_version":"2.1","id":"marking-definition--a1b5e8a5-02a1-4e7c-8f0e-5d3f0c8a9b11","created":"2026-01-10T08:00:00.000Z","definition_type":"statement","definition":{"statement":"For the desk alone"}}"#;
    vec![
        (indicator(0), indicator(0).replace(MADE, LATER).replace("unusual", "usual")),
        (
            relationship.clone(),
            relationship.replace(MADE, LATER).replace("related-to", "derived-from"),
        ),
        (marking.to_owned(), marking.replace("the desk alone", "everybody")),
        (address(""), address(r#","defanged":true"#)),
    ]
}

/// An observable, whose id follows from its value.
pub(super) fn address(more: &str) -> String {
    format!(
        r#"{{"type":"ipv4-addr","spec_version":"2.1","id":"ipv4-addr--ff26c055-6336-5bc5-b98d-13d6226742dd","value":"198.51.100.3"{more}}}"#
    )
}

fn id(object: &str) -> Result<String> {
    let object: Value = serde_json::from_str(object)?;
    Ok(object["id"].as_str().ok_or("no id")?.to_owned())
}

pub(super) async fn read(party: &Party, object: &str) -> Result<String> {
    let held = party.node.store().holding(id(object)?).await?.ok_or("not held")?;
    Ok(String::from_utf8(held.bytes)?)
}

pub(super) async fn desk(party: &Party, alias: &str) -> Result<()> {
    let new = NewCollection {
        alias: alias.to_owned(),
        title: "What a desk writes".to_owned(),
        writable: true,
        ..NewCollection::default()
    };
    collection::add(&party.node, new, "an administrator").await?;
    Ok(())
}

/// What the status says to somebody who may read what it writes: successes, failures.
pub(super) async fn write(party: &Party, alias: &str, object: &str) -> Result<(Value, Value)> {
    let collection = collection::find(&party.node, alias).await?;
    let body = format!(r#"{{"objects":[{object}]}}"#).into_bytes();
    let view = party.node.store().open_view(collection.id, Audience::House).await?.number;
    let posting =
        posting::post(&party.node, &collection, "desk", Some(view), body, Lang::En).await?;
    let mut status: Value = serde_json::from_str(&posting.status)?;
    Ok((status["successes"].take(), status["failures"].take()))
}

/// Pulls these objects by a feed of this name.
async fn bring(party: &Party, name: &str, object: &str) -> Result<Pulled> {
    let server = Server::of([object.to_owned()]);
    let new = NewFeed { name: name.to_owned(), ..wanted() };
    add(&party.node, &server, new, "an administrator").await?;
    let options = options(PullLimits::default());
    let pulled = pull(&party.node, &server, name, &options, std::future::pending()).await?;
    remove(&party.node, name, "an administrator").await?;
    Ok(pulled)
}

fn codes(pulled: &Pulled) -> Vec<&str> {
    pulled.rejections.iter().map(|it| it.code.as_str()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_house_brought_in_is_changed_by_no_feed_and_no_writer() -> Result<()> {
    for (first, other) in objects() {
        let party = party().await?;
        party.hold(&first).await?;
        desk(&party, "inbox").await?;
        let pulled = bring(&party, "alerts", &other).await?;
        assert_eq!((pulled.new, codes(&pulled)), (0, vec!["own-object"]), "{first}");
        write(&party, "inbox", &other).await?;
        assert_eq!(read(&party, &first).await?, first, "readers get what the house brought");
        let feed = bring(&party, "alerts", &first).await?;
        assert_eq!((feed.new, feed.rejected), (0, 0), "who repeats it is not at fault: {first}");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_later_version_is_for_who_brought_the_first_and_for_the_house() -> Result<()> {
    for (first, other) in objects() {
        // by a feed, which goes on under its name
        let party = party().await?;
        desk(&party, "inbox").await?;
        bring(&party, "alerts", &first).await?;
        let pulled = bring(&party, "others", &other).await?;
        assert_eq!(codes(&pulled), ["others-object"], "{first}");
        write(&party, "inbox", &other).await?;
        assert_eq!(read(&party, &first).await?, first);
        assert_eq!(bring(&party, "alerts", &other).await?.new, 1, "{first}");
        assert_eq!(read(&party, &first).await?, other);
        // the house may always, and it is the house's from then on
        let corrected = other
            .replace("2026-01-12", "2026-01-13")
            .replace("spec_version\":", "spec_version\": ");
        party.hold(&corrected).await?;
        assert_eq!(read(&party, &first).await?, corrected);
        let again = corrected.replace("2026-01-13", "2026-01-14").replace(": \"2.1", ":  \"2.1");
        assert_eq!(codes(&bring(&party, "alerts", &again).await?), ["own-object"], "{first}");
        assert_eq!(read(&party, &first).await?, corrected);
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_writer_revises_what_its_collection_brought_and_nothing_else() -> Result<()> {
    for (first, other) in objects() {
        let party = party().await?;
        desk(&party, "inbox").await?;
        desk(&party, "outpost").await?;
        assert_eq!(write(&party, "inbox", &first).await?.1, Value::Null, "{first}");
        write(&party, "outpost", &other).await?;
        assert_eq!(codes(&bring(&party, "alerts", &other).await?), ["others-object"], "{first}");
        assert_eq!(read(&party, &first).await?, first);
        assert_eq!(write(&party, "inbox", &other).await?.1, Value::Null, "{first}");
        assert_eq!(read(&party, &first).await?, other);
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_writer_is_told_the_same_of_whatever_it_may_not_change() -> Result<()> {
    let line = Line::given(0..1).await?;
    let mx = &line.mx;
    desk(mx, "inbox").await?;
    desk(mx, "outpost").await?;
    mx.hold(&indicator(1)).await?;
    bring(mx, "alerts", &indicator(2)).await?;
    write(mx, "outpost", &indicator(3)).await?;
    let mut told = BTreeSet::new();
    for number in 0..4 {
        // another version, and the same version with other content
        for text in
            [indicator(number).replace(MADE, LATER), indicator(number).replace("unusual", "usual")]
        {
            let (successes, failures) = write(mx, "inbox", &text).await?;
            assert_eq!(successes, Value::Null, "{text}");
            let message = failures[0]["message"].as_str().ok_or("no message")?.to_owned();
            told.insert(message.replace(&id_of(number), "ID"));
        }
    }
    let told: Vec<_> = told.into_iter().collect();
    let [message] = &told[..] else { return Err(format!("{told:?}").into()) };
    assert!(
        message.starts_with("/objects/0/id: ") && message.ends_with("(others-object)"),
        "{message}"
    );
    Ok(())
}

/// What stands in a collection, for this party's own programs.
async fn shown(party: &Party, alias: &str) -> Result<String> {
    let id = collection::find(&party.node, alias).await?.id;
    let view = party.node.store().open_view(id, Audience::House).await?.number;
    view::catch_up(&party.node).await?;
    let query = ViewQuery {
        view,
        after: i64::MIN,
        types: Vec::new(),
        ids: None,
        versions: Versions::All,
        limit: 100,
        bytes: usize::MAX,
    };
    Ok(String::from_utf8(party.node.store().view_objects(query).await?.bytes)?)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_observable_is_taken_from_every_writer_and_nobody_learns_that_it_was_there() -> Result<()>
{
    let (house, written) = (address(""), address(r#","defanged":true"#));
    let mut told = BTreeSet::new();
    // nobody has it, the house, a feed, other writers; with the same content and with other content
    for (first, by) in
        [("", ""), (&*house, "house"), (&*written, "house"), (&*house, "feed"), (&*house, "desk")]
    {
        let party = party().await?;
        desk(&party, "inbox").await?;
        desk(&party, "outpost").await?;
        match by {
            "house" => party.hold(first).await?,
            "feed" => assert_eq!(bring(&party, "alerts", first).await?.new, 1),
            "desk" => assert_eq!(write(&party, "outpost", first).await?.1, Value::Null),
            _ => {}
        }
        party.clock.advance(SignedDuration::from_hours(1));
        for _ in 0..2 {
            let (successes, failures) = write(&party, "inbox", &written).await?;
            assert_eq!(failures, Value::Null, "{by}: {first}");
            told.insert(successes.to_string());
            party.clock.advance(SignedDuration::from_hours(1));
        }
        assert_eq!(
            shown(&party, "inbox").await?,
            written,
            "{by}: it stands there as it was written"
        );
        let outpost = if by == "desk" { first } else { "" };
        assert_eq!(shown(&party, "outpost").await?, outpost);
        let newest = if first.is_empty() { &written } else { first };
        assert_eq!(&read(&party, &written).await?, newest, "{by}: readers get what came first");
        assert_eq!(party.node.store().holding_versions(id(&written)?).await?.len(), 1);
        let counted = corroboration(&party.node, &id(&written)?).await?;
        assert_eq!(counted.origins.len(), 1, "{by}");
    }
    assert_eq!(told.len(), 1, "{told:?}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn who_this_party_is_and_what_it_made_for_partners_no_writer_says() -> Result<()> {
    let party = party().await?;
    desk(&party, "inbox").await?;
    let identity = party.descriptor()?.identity.get().to_owned();
    let (_, failures) =
        write(&party, "inbox", &identity.replace("\"name\":\"", "\"name\":\"Not ")).await?;
    assert!(failures.to_string().contains("others-object"), "{failures}");
    Ok(())
}
