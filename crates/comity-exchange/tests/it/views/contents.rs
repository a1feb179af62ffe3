//! An object without versions has one content, and it is the same for whoever reads holdings and whoever reads collections.

use comity_exchange::ports::Versions;
use comity_exchange::view;
use comity_testkit::{AgreementText, Result, pair_with};
use jiff::SignedDuration;

use super::{CUSTOMS, HOUSE, collected, everything};
use crate::provenance::{feed, given};
use crate::support::Wire;

const ADDRESS: &str = "ipv4-addr--ff26c055-6336-5bc5-b98d-13d6226742dd";
const MARKING: &str = "marking-definition--a1b5e8a5-02a1-4e7c-8f0e-5d3f0c8a9b11";

fn address(more: &str) -> String {
    format!(
        r#"{{"type":"ipv4-addr","spec_version":"2.1","id":"{ADDRESS}","value":"198.51.100.3"{more}}}"#
    )
}

fn marking(text: &str) -> String {
    format!(
        r#"{{"type":"marking-definition","spec_version":"2.1","id":"{MARKING}","created":"2026-01-10T08:00:00.000Z","definition_type":"statement","definition":{{"statement":"{text}"}}}}"#
    )
}

/// `mx`, whose partner `us` releases what has no versions, and with a collection of everything.
async fn wire() -> Result<Wire> {
    let kinds = r#"["identity", "ipv4-addr", "marking-definition"]"#.to_owned();
    let wire = Wire::over(pair_with(&AgreementText { kinds, ..AgreementText::default() }).await?);
    let wire = wire.await?;
    collected(&wire.pair.mx, "all", Some("all")).await?;
    Ok(wire)
}

/// Whoever reads gets this of the object, and nothing else of it.
async fn all_get(wire: &Wire, id: &str, wanted: &str) -> Result<()> {
    let node = &wire.pair.mx.node;
    let held = node.store().holding(id.to_owned()).await?.ok_or("not held")?;
    assert_eq!(String::from_utf8(held.bytes)?, wanted, "as it is held");
    let collection = comity_exchange::collection::find(node, "all").await?.id;
    view::catch_up(node).await?;
    for audience in [HOUSE, CUSTOMS] {
        let view = node.store().open_view(collection, audience).await?.number;
        view::catch_up(node).await?;
        for versions in [Versions::Newest, Versions::All] {
            let ids = Some(vec![id.to_owned()]);
            let query = comity_exchange::ports::ViewQuery { ids, versions, ..everything(view) };
            let page = node.store().view_objects(query).await?;
            assert_eq!(String::from_utf8(page.bytes)?, wanted, "{audience:?}");
        }
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn of_an_object_without_versions_ones_own_content_stands_and_else_what_was_released_last()
-> Result<()> {
    let mut wire = wire().await?;
    for (id, contents) in [
        (ADDRESS, ["", r#","defanged":true"#, r#","defanged":false"#].map(address)),
        (MARKING, ["For the desk", "For everybody", "For the house"].map(marking)),
    ] {
        let [one, other, third] = contents;
        for content in [&one, &other, &one, &third] {
            given(&mut wire, std::slice::from_ref(content), &[]).await?;
            wire.pair.clock.advance(SignedDuration::from_hours(1));
            all_get(&wire, id, content).await?;
        }
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn of_an_object_without_versions_no_release_takes_the_place_of_ones_own() -> Result<()> {
    let mut wire = wire().await?;
    for (id, own, theirs) in [
        (ADDRESS, address(""), address(r#","defanged":true"#)),
        (MARKING, marking("For the desk"), marking("For everybody")),
    ] {
        feed(&wire.pair.mx, "feed", std::slice::from_ref(&own)).await?;
        wire.pair.clock.advance(SignedDuration::from_hours(1));
        given(&mut wire, &[theirs], &[]).await?;
        let rows =
            wire.pair.mx.count(&format!("SELECT count(*) FROM holding WHERE id = '{id}'"))?;
        assert_eq!(rows, 2, "it came");
        all_get(&wire, id, &own).await?;
    }
    Ok(())
}
