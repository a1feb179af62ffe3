//! What a unit is given of what partners released is known, object by object, whatever happens meanwhile.

use std::collections::BTreeSet;
use std::ops::Range;
use std::time::Instant;

use axum::http::{Method, StatusCode};
use comity_exchange::collection::{self, NewCollection};
use comity_exchange::compose::Selection;
use comity_exchange::ports::Role;
use comity_exchange::recall::{self, Recall, What};
use comity_exchange::unit::add;
use comity_model::UseCode;
use comity_model::matter::{Grounds, RecallAction};
use comity_testkit::{CLAUSE, Party, Result, indicators, pair, pump};

use super::{Answer, Server, add_account, ask, id_of, request};

/// When the last object of an answer was added.
const ADDED: &str = "x-taxii-date-added-last";

/// A node that the partner given beside it released so many objects to, with a unit `customs` that reads everything that it may.
async fn at_customs(objects: u64) -> Result<(Party, Server)> {
    let pair = pair().await?;
    pair.us.hold(&indicators(0..objects)).await?;
    let released = Selection::Ids((0..objects).map(id_of).collect());
    pair.us.release(&pair.mx, CLAUSE, released, 1).await?;
    pump(&pair.us, &pair.mx).await?;
    let server = Server::of(pair.mx, comity_api::TaxiiSettings::default()).await?;
    let node = &server.party.node;
    add(node, "customs", "Customs", UseCode::IntelligenceOnly, &server.party.officers[0]).await?;
    add_account(&server.party, "customs", Role::Unit("customs".to_owned())).await?;
    let all = collection::find(node, "all").await?;
    collection::grant(node, &all, "customs", (true, false), "an administrator").await?;
    server.followed().await?;
    Ok((pair.us, server))
}

/// The partner recalls these of the objects that it released, and the node has it.
async fn recalls(us: &Party, server: &Server, numbers: Range<u64>) -> Result<()> {
    let name = us.node.store().releases(1).await?[0].record.folio.to_string();
    let objects = numbers.map(id_of).collect();
    let recall = Recall {
        what: What::Release { name, objects },
        action: RecallAction::Purge,
        replacements: Vec::new(),
        grounds: Grounds::default(),
        text: None,
        by: "officer-1".to_owned(),
    };
    recall::recall(&us.node, recall).await?;
    pump(us, &server.party).await?;
    Ok(())
}

async fn pulls(server: &Server, query: &str) -> Result<Answer> {
    asks(server, Method::GET, query).await
}

async fn asks(server: &Server, method: Method, query: &str) -> Result<Answer> {
    let path = server.path(&format!("objects/{query}"));
    let request = request(method, &path, "customs");
    ask(server.address, request.body(axum::body::Body::empty())?).await
}

/// The objects that were noted for the unit.
fn noted(server: &Server) -> Result<BTreeSet<String>> {
    let rows = server.party.tables()?.remove("given").unwrap_or_default();
    let is_in = |id: &String| rows.iter().any(|row| row.contains(id.as_str()));
    Ok((0..200).map(id_of).filter(is_in).collect())
}

#[tokio::test(flavor = "multi_thread")]
async fn s5_5_what_is_seen_in_a_collection_may_be_written_there_again_whoever_released_it()
-> Result<()> {
    let (_us, server) = at_customs(2).await?;
    let (node, by) = (&server.party.node, "an administrator");
    let new = NewCollection {
        alias: "both".to_owned(),
        title: "Both".to_owned(),
        query: Some("all".to_owned()),
        writable: true,
        ..NewCollection::default()
    };
    let both = collection::add(node, new, by).await?;
    for (account, read) in [("desk", true), ("customs", true)] {
        collection::grant(node, &both, account, (read, true), by).await?;
    }
    server.account("blind", false, true).await?;
    collection::grant(node, &both, "blind", (false, true), by).await?;
    server.followed().await?;
    let path = "/comity/collections/both/objects/";
    let seen = server.get(path).await;
    assert_eq!(seen.ids(), [id_of(0), id_of(1)]);
    let post = async |account: &str, path: &str, body: Vec<u8>| {
        let post = request(Method::POST, path, account).header("content-type", super::MEDIA);
        let status = server.ask(post.body(body.into()).unwrap()).await.json();
        (status["success_count"].as_u64().unwrap(), status["failure_count"].as_u64().unwrap())
    };
    for account in ["desk", "customs"] {
        assert_eq!(post(account, path, seen.body.clone()).await, (2, 0), "{account}");
    }
    let after = server.get(path).await;
    assert_eq!((after.body, after.fields.get(ADDED)), (seen.body.clone(), seen.fields.get(ADDED)));
    // other bytes, another collection, and who does not see them
    let other =
        String::from_utf8(seen.body.clone())?.replace("\"name\":", "\"lang\":\"en\",\"name\":");
    assert_eq!(post("desk", path, other.into_bytes()).await, (0, 2));
    let inbox = "/comity/collections/inbox/objects/";
    assert_eq!(post("desk", inbox, seen.body.clone()).await, (0, 2));
    assert_eq!(post("blind", path, seen.body).await, (0, 2));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_filter_left_out_between_is_not_noted_as_given() -> Result<()> {
    let (_us, server) = at_customs(5).await?;
    let asked = [id_of(1), id_of(3)];
    assert_eq!(pulls(&server, &format!("?match[id]={}", asked.join(","))).await?.ids(), asked);
    assert_eq!(noted(&server)?, BTreeSet::from(asked));
    assert_eq!(pulls(&server, &format!("{}/", id_of(0))).await?.ids(), [id_of(0)]);
    assert_eq!(noted(&server)?.len(), 3);
    // twice from memory, once noted
    assert_eq!(pulls(&server, "").await?.ids().len(), 5);
    assert_eq!(pulls(&server, "").await?.ids().len(), 5);
    assert_eq!(server.party.count("SELECT count(*) FROM given")?, 5);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn s3_1_head_gives_no_object_and_notes_none() -> Result<()> {
    let (_us, server) = at_customs(3).await?;
    for query in ["", "?match[version]=all", &format!("{}/", id_of(1))] {
        let answer = asks(&server, Method::HEAD, query).await?;
        assert_eq!((answer.status, answer.body.len()), (StatusCode::OK, 0), "{query}");
        assert!(answer.field("x-taxii-date-added-last").is_some(), "the fields are those of GET");
    }
    assert_eq!(noted(&server)?, BTreeSet::new());
    assert_eq!(pulls(&server, "").await?.ids().len(), 3);
    assert_eq!(noted(&server)?.len(), 3);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_is_recalled_while_a_unit_pulls_was_not_given_or_is_noted() -> Result<()> {
    const OBJECTS: u64 = 24;
    let (us, server) = at_customs(OBJECTS + 1).await?;
    let begin = Instant::now();
    recalls(&us, &server, OBJECTS..OBJECTS + 1).await?;
    let takes = begin.elapsed();
    let mut got = BTreeSet::new();
    for number in 0..OBJECTS {
        // sooner or later while the recall comes in
        let after = takes * u32::try_from(number)? / u32::try_from(OBJECTS)?;
        let query = format!("?match[id]={}", id_of(number));
        let pulling = async {
            tokio::time::sleep(after).await;
            pulls(&server, &query).await
        };
        let (answer, recalled) = tokio::join!(pulling, recalls(&us, &server, number..number + 1));
        recalled?;
        got.extend(answer?.ids());
        assert!(pulls(&server, &query).await?.ids().is_empty(), "{number} is frozen");
    }
    let noted = noted(&server)?;
    let missed: Vec<_> = got.difference(&noted).collect();
    assert!(missed.is_empty(), "given and not noted: {missed:?}");
    assert!(pulls(&server, "").await?.ids().is_empty());
    Ok(())
}
