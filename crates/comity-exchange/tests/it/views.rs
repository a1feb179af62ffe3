//! What clients see of collections: what they may, in an order that loses and repeats nothing.

mod beside;
mod contents;
mod followed;
mod postings;
mod pulled;

use std::collections::BTreeSet;

use comity_exchange::account::NewAccount;
use comity_exchange::collection::NewCollection;
use comity_exchange::import::Lang;
use comity_exchange::ports::{Audience, Posting, Role, Versions, ViewQuery};
use comity_exchange::{ExchangeError, account, collection, posting, view};
use comity_model::UseCode;
use comity_testkit::{Party, Result, indicator, indicators, pair, pump};
use proptest::prelude::*;
use uuid::Uuid;

use crate::recalls::of;
use crate::support::journal;
use crate::support::line::{Line, id_of, say};

/// A collection with this query; nothing: only what clients put there.
pub(crate) async fn collected(party: &Party, alias: &str, query: Option<&str>) -> Result<Uuid> {
    let new = NewCollection {
        alias: alias.to_owned(),
        title: "What an analyst sees".to_owned(),
        query: query.map(ToOwned::to_owned),
        writable: query.is_none(),
        ..NewCollection::default()
    };
    Ok(collection::add(&party.node, new, "an administrator").await?.id)
}

fn everything(view: u64) -> ViewQuery {
    ViewQuery {
        view,
        after: i64::MIN,
        types: Vec::new(),
        ids: None,
        versions: Versions::Newest,
        limit: 10_000,
        bytes: usize::MAX,
    }
}

/// The numbers of the first ten indicators that an audience sees.
pub(crate) async fn seen(party: &Party, collection: Uuid, audience: Audience) -> Result<Vec<u64>> {
    let row = party.node.store().open_view(collection, audience).await?;
    view::catch_up(&party.node).await?;
    let page = party.node.store().view_manifest(everything(row.number)).await?;
    let ids: BTreeSet<String> = page.members.into_iter().map(|it| it.id).collect();
    Ok((0..10).filter(|number| ids.contains(&id_of(*number))).collect())
}

pub(crate) const HOUSE: Audience = Audience::House;
pub(crate) const CUSTOMS: Audience = Audience::Unit(UseCode::IntelligenceOnly);
const COURT: Audience = Audience::Unit(UseCode::Judicial);

#[tokio::test(flavor = "multi_thread")]
async fn each_audience_sees_what_it_may_and_no_more() -> Result<()> {
    let line = Line::given(0..3).await?;
    let (us, mx) = (&line.us, &line.mx);
    mx.hold(&indicator(7)).await?;
    let red = indicator(8).replace(
        "marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb",
        "marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1",
    );
    mx.hold(&red).await?;
    let all = collected(mx, "all", Some("all")).await?;
    let theirs = collected(mx, "from-us", Some("from=us")).await?;
    let own = collected(mx, "own", Some("from=own type=indicator")).await?;
    assert_eq!(seen(mx, all, HOUSE).await?, [0, 1, 2, 7, 8]);
    assert_eq!(seen(mx, theirs, HOUSE).await?, [0, 1, 2]);
    assert_eq!(seen(mx, own, HOUSE).await?, [7, 8]);
    assert_eq!(seen(mx, all, CUSTOMS).await?, [0, 1, 2, 7], "TLP:RED goes to no unit");
    assert_eq!(seen(mx, all, COURT).await?, [7], "what was given to inform goes to no court");

    let asked = crate::units::asks(mx, us, 0).await?;
    say(us, &asked, comity_model::matter::ConsentDecision::Granted, None).await?;
    pump(us, mx).await?;
    assert_eq!(seen(mx, all, COURT).await?, [0, 7], "until its owner consents");
    say(us, &asked, comity_model::matter::ConsentDecision::Withdrawn, None).await?;
    pump(us, mx).await?;
    assert_eq!(seen(mx, all, COURT).await?, [7]);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_recalled_or_over_leaves_every_page_at_once() -> Result<()> {
    let line = Line::given(0..3).await?;
    let (us, mx) = (&line.us, &line.mx);
    let all = collected(mx, "all", Some("all")).await?;
    assert_eq!(seen(mx, all, CUSTOMS).await?, [0, 1, 2]);
    let row = mx.node.store().open_view(all, CUSTOMS).await?;
    let before = mx.node.store().view_state(row.number).await?;
    let folio = us.node.store().releases(1).await?[0].record.folio.clone();
    let what =
        comity_exchange::recall::What::Release { name: folio.to_string(), objects: vec![id_of(1)] };
    comity_exchange::recall::recall(&us.node, of(what)).await?;
    pump(us, mx).await?;
    // without following: the transaction that froze it took it out
    let page = mx.node.store().view_manifest(everything(row.number)).await?;
    let ids: Vec<String> = page.members.into_iter().map(|it| it.id).collect();
    assert!(!ids.contains(&id_of(1)) && ids.contains(&id_of(0)), "{ids:?}");
    let after = mx.node.store().view_state(row.number).await?;
    assert_ne!(before.revision, after.revision, "a page that was kept is not true any more");

    line.wait("2027-01-01T00:00:00Z".parse()?);
    let page = mx.node.store().view_objects(everything(row.number)).await?;
    assert_eq!((page.count, page.bytes.len()), (0, 0), "its term is over, swept or not");
    Ok(())
}

async fn post(party: &Party, alias: &str, objects: &[String]) -> Result<Posting, ExchangeError> {
    let body = format!(r#"{{"objects":[{}]}}"#, objects.join(","));
    let collection = collection::find(&party.node, alias).await?;
    posting::post(&party.node, &collection, "desk", None, body.into_bytes(), Lang::En).await
}

fn version(number: u64, second: u32) -> String {
    let modified = format!(r#""modified":"2026-01-10T08:00:{second:02}.000Z""#);
    indicator(number).replace(r#""modified":"2026-01-10T08:00:00.000Z""#, &modified)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_posted_is_checked_object_by_object_and_kept_as_it_came() -> Result<()> {
    let line = Line::given(0..1).await?;
    let mx = &line.mx;
    let inbox = collected(mx, "inbox", None).await?;
    let broken = indicator(4).replace("\"pattern_type\":\"stix\",", "");
    let objects = [indicator(3), broken, indicator(0), indicator(5)];
    let status: serde_json::Value =
        serde_json::from_str(&post(mx, "inbox", &objects).await?.status)?;
    assert_eq!(
        (&status["total_count"], &status["success_count"], &status["failure_count"]),
        (&4.into(), &2.into(), &2.into()),
        "{status}"
    );
    let reasons = status["failures"].to_string();
    assert!(reasons.contains("/objects/1: the required property `pattern_type`"), "{reasons}");
    assert!(reasons.contains("others-object"), "what a partner gave is not its own: {reasons}");
    assert!(!reasons.contains("sha256:"), "which partner, a client is not told: {reasons}");
    let row = mx.node.store().open_view(inbox, HOUSE).await?;
    view::catch_up(&mx.node).await?;
    let page = mx.node.store().view_objects(everything(row.number)).await?;
    assert_eq!(String::from_utf8(page.bytes)?, [indicator(3), indicator(5)].join(","));

    let again: serde_json::Value =
        serde_json::from_str(&post(mx, "inbox", &[indicator(3)]).await?.status)?;
    assert_eq!(again["success_count"], 1);
    let same = mx.node.store().view_manifest(everything(row.number)).await?;
    assert_eq!(same.members.len(), 2, "the same again changes nothing");
    assert_eq!(same.members[0].id, id_of(3));

    let other = indicator(3).replace("unusual route", "another route");
    let status: serde_json::Value =
        serde_json::from_str(&post(mx, "inbox", &[other]).await?.status)?;
    assert_eq!(status["failure_count"], 1, "a version is never overwritten");
    let third = indicator(3).replace("unusual route", "a third route");
    let several = [third, version(3, 50), indicator(0), indicator(0)];
    let status: serde_json::Value =
        serde_json::from_str(&post(mx, "inbox", &several).await?.status)?;
    assert_eq!(
        (&status["total_count"], &status["success_count"], &status["failure_count"]),
        (&4.into(), &1.into(), &3.into()),
        "each is told of, and a sound version beside one in conflict is kept: {status}"
    );
    for text in
        ["", "{}", r#"{"objects":[]}"#, "[]", r#"{"objects":[{"a":1}"#, r#"{"type":"indicator"}"#]
    {
        let collection = collection::find(&mx.node, "inbox").await?;
        let refused =
            posting::post(&mx.node, &collection, "desk", None, text.as_bytes().to_vec(), Lang::En)
                .await;
        assert_eq!(refused.unwrap_err().code(), "bad-input", "{text}");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn versions_are_told_apart_and_the_last_is_given() -> Result<()> {
    let pair = pair().await?;
    let mx = &pair.mx;
    let inbox = collected(mx, "inbox", None).await?;
    let row = mx.node.store().open_view(inbox, HOUSE).await?;
    post(mx, "inbox", &[version(1, 10), version(2, 0)]).await?;
    post(mx, "inbox", &[version(1, 30)]).await?;
    post(mx, "inbox", &[version(1, 20)]).await?;
    let names = async |versions: Versions| -> Result<Vec<String>> {
        let query = ViewQuery { versions, ids: Some(vec![id_of(1)]), ..everything(row.number) };
        let page = mx.node.store().view_manifest(query).await?;
        Ok(page
            .members
            .into_iter()
            .map(|it| it.version.chars().skip(17).take(2).collect())
            .collect())
    };
    assert_eq!(names(Versions::Newest).await?, ["30"]);
    assert_eq!(
        names(Versions::All).await?,
        ["10", "30", "20"],
        "in the order in which they were added"
    );
    let first = Versions::Of { oldest: true, newest: false, at: Vec::new() };
    assert_eq!(names(first).await?, ["10"]);
    let at = vec!["2026-01-10T08:00:20Z".parse()?];
    assert_eq!(names(Versions::Of { oldest: false, newest: true, at }).await?, ["30", "20"]);

    let collection = collection::find(&mx.node, "inbox").await?;
    posting::remove(&mx.node, &collection, row.number, "desk", id_of(1), Versions::Newest).await?;
    assert_eq!(names(Versions::All).await?, ["10", "20"]);
    assert_eq!(names(Versions::Newest).await?, ["20"]);
    assert!(mx.node.store().holding(id_of(1)).await?.is_some(), "it stays held");
    posting::remove(&mx.node, &collection, row.number, "desk", id_of(1), Versions::All).await?;
    assert!(names(Versions::All).await?.is_empty());
    let gone =
        posting::remove(&mx.node, &collection, row.number, "desk", id_of(9), Versions::All).await;
    assert_eq!(gone.unwrap_err().code(), "not-found");
    post(mx, "inbox", &[version(1, 40)]).await?;
    assert_eq!(names(Versions::All).await?, ["40"], "what is written is there, and no more of it");
    post(mx, "inbox", &[version(1, 10)]).await?;
    assert_eq!(names(Versions::All).await?, ["40", "10"], "what is written again is back");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn no_foothold_no_account_is_a_partners() -> Result<()> {
    let pair = pair().await?;
    let mx = &pair.mx;
    let new = |name: &str| NewAccount {
        name: name.to_owned(),
        role: Role::Tool,
        certificate: None,
        per_minute: account::PER_MINUTE,
    };
    let refused = account::add(&mx.node, new("us"), None, "an administrator").await;
    assert_eq!(refused.unwrap_err().code(), "account-names-partner");
    let link = pair.us.descriptor()?;
    let link = link.keys.iter().find(|it| it.purpose == comity_model::descriptor::KeyUse::Link);
    let key = comity_model::Digest::from_bytes(decoded(&link.ok_or("a link key")?.public)?);
    let theirs = NewAccount { certificate: Some(key), ..new("feed") };
    let refused = account::add(&mx.node, theirs, None, "an administrator").await;
    assert_eq!(refused.unwrap_err().code(), "certificate-of-partner");
    assert_eq!(journal(&mx.node, "account-not-added").await?.len(), 2);
    let unit = NewAccount { role: Role::Unit("us".to_owned()), ..new("feed") };
    let missing = account::add(&mx.node, unit, None, "an administrator").await;
    assert_eq!(missing.unwrap_err().code(), "not-found", "a unit is one of this party's own");
    assert!(mx.node.store().accounts().await?.is_empty());

    let long = "correct horse battery staple";
    let short = account::add(&mx.node, new("desk"), Some("secret"), "an administrator").await;
    assert_eq!(short.unwrap_err().code(), "bad-input");
    let added = account::add(&mx.node, new("desk"), Some(long), "an administrator").await?;
    let hash = added.password.clone().ok_or("a hash")?;
    assert!(hash.starts_with("$argon2id$") && !format!("{added:?}").contains(&hash));
    assert!(account::password_fits(&hash, long.as_bytes()));
    assert!(!account::password_fits(&hash, b"correct horse battery stable"));
    Ok(())
}

fn decoded(text: &str) -> Result<[u8; 32]> {
    use base64::Engine as _;
    let bytes = base64::engine::general_purpose::STANDARD.decode(text)?;
    bytes.try_into().map_err(|_| "a digest".into())
}

/// What happens while a client reads.
#[derive(Debug, Clone)]
enum Event {
    /// These are written.
    Write(Vec<(u64, u32)>),
    /// The client reads its next page, of so many.
    Read(u32),
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        proptest::collection::vec((0..12_u64, 0..6_u32), 1..5).prop_map(Event::Write),
        (1..4_u32).prop_map(Event::Read),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn a_client_that_follows_pages_misses_nothing_and_gets_nothing_twice(
        events in proptest::collection::vec(event(), 1..14)
    ) {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(async {
            let pair = pair().await.unwrap();
            let mx = &pair.mx;
            let inbox = collected(mx, "inbox", None).await.unwrap();
            let row = mx.node.store().open_view(inbox, HOUSE).await.unwrap();
            let (mut after, mut read) = (i64::MIN, Vec::new());
            for event in events.into_iter().chain(std::iter::repeat_n(Event::Read(20), 5)) {
                match event {
                    Event::Write(written) => {
                        let objects: Vec<String> =
                            written.into_iter().map(|(number, second)| version(number, second)).collect();
                        post(mx, "inbox", &objects).await.unwrap();
                    }
                    Event::Read(limit) => {
                        let query = ViewQuery { after, limit, versions: Versions::All, ..everything(row.number) };
                        let page = mx.node.store().view_manifest(query).await.unwrap();
                        for member in page.members {
                            assert!(member.added > after, "times count up");
                            after = member.added;
                            read.push((member.id, member.version));
                        }
                    }
                }
            }
            let once: BTreeSet<_> = read.iter().cloned().collect();
            assert_eq!(once.len(), read.len(), "twice");
            let query = ViewQuery { versions: Versions::All, ..everything(row.number) };
            let all = mx.node.store().view_manifest(query).await.unwrap();
            let all: BTreeSet<_> = all.members.into_iter().map(|it| (it.id, it.version)).collect();
            assert_eq!(once, all, "missed");
        });
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_collection_that_is_made_late_has_what_was_there_before() -> Result<()> {
    let pair = pair().await?;
    let mx = &pair.mx;
    mx.hold(&indicators(0..1_200)).await?;
    let first = collected(mx, "first", Some("type=indicator")).await?;
    let row = mx.node.store().open_view(first, HOUSE).await?;
    view::catch_up(&mx.node).await?;
    mx.hold(&indicators(1_200..1_300)).await?;
    let second = collected(mx, "second", Some("label=nothing")).await?;
    mx.node.store().open_view(second, HOUSE).await?;
    view::catch_up(&mx.node).await?;
    let count = async |view: u64| -> Result<u32> {
        Ok(mx.node.store().view_objects(everything(view)).await?.count)
    };
    assert_eq!(count(row.number).await?, 1_300);
    let late = mx.node.store().open_view(second, HOUSE).await?;
    assert_eq!(count(late.number).await?, 0);
    let known = collection::find(&mx.node, "second").await?;
    let new = NewCollection {
        alias: "second".to_owned(),
        title: known.title.clone(),
        query: Some("all".to_owned()),
        ..NewCollection::default()
    };
    collection::change(&mx.node, &known, new, "an administrator").await?;
    view::catch_up(&mx.node).await?;
    assert_eq!(count(late.number).await?, 1_300, "another query is another collection");
    let types = ViewQuery {
        types: vec!["indicator".to_owned(), "malware".to_owned()],
        limit: 7,
        ..everything(row.number)
    };
    let page = mx.node.store().view_objects(types).await?;
    assert_eq!((page.count, page.more), (7, true));
    let small = ViewQuery { bytes: 10, ..everything(row.number) };
    let page = mx.node.store().view_objects(small).await?;
    assert_eq!((page.count, page.more), (1, true), "one object always fits");
    Ok(())
}
