//! What a unit is given of what partners released is known, object by object, whatever happens meanwhile.

use std::collections::BTreeSet;
use std::time::Duration;

use comity_exchange::collection;
use comity_exchange::compose::Selection;
use comity_exchange::ports::Role;
use comity_exchange::unit::add;
use comity_model::UseCode;
use comity_testkit::{CLAUSE, Result, indicators, pair, pump};

use super::{Answer, Server, add_account, ask, id_of, request};

/// A node that a partner released so many objects to, with a unit `customs` that reads everything that it may.
async fn at_customs(objects: u64) -> Result<Server> {
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
    Ok(server)
}

async fn pulls(server: &Server, query: &str) -> Result<Answer> {
    let path = server.path(&format!("objects/{query}"));
    let request = request(axum::http::Method::GET, &path, "customs");
    ask(server.address, request.body(axum::body::Body::empty())?).await
}

/// The objects that were noted for the unit.
fn noted(server: &Server) -> Result<BTreeSet<String>> {
    let rows = server.party.tables()?.remove("given").unwrap_or_default();
    let is_in = |id: &String| rows.iter().any(|row| row.contains(id.as_str()));
    Ok((0..200).map(id_of).filter(is_in).collect())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_filter_left_out_between_is_not_noted_as_given() -> Result<()> {
    let server = at_customs(5).await?;
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
async fn whatever_is_frozen_while_a_unit_pulls_was_not_given_or_is_noted() -> Result<()> {
    const OBJECTS: u64 = 120;
    let server = at_customs(OBJECTS).await?;
    let mut got = BTreeSet::new();
    for number in 0..OBJECTS {
        // as what freezes an object takes it out of every view, sooner or later after it was asked for
        let freezing = async {
            tokio::time::sleep(Duration::from_micros(number * 100)).await;
            server.party.sql(&format!(
                "BEGIN IMMEDIATE; UPDATE view SET revision = revision + 1; DELETE FROM member WHERE id = '{}'; COMMIT",
                id_of(number)
            ))
        };
        let query = format!("?match[id]={}", id_of(number));
        let (answer, frozen) = tokio::join!(pulls(&server, &query), freezing);
        frozen?;
        got.extend(answer?.ids());
    }
    let noted = noted(&server)?;
    let missed: Vec<_> = got.difference(&noted).collect();
    assert!(missed.is_empty(), "given and not noted: {missed:?}");
    Ok(())
}
