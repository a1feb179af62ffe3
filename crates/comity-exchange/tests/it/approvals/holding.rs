//! An approval dies when what was composed is not what is held any more.

use comity_exchange::approve::{approve, find_release, stale};
use comity_exchange::compose::Selection;
use comity_exchange::ports::{ReleaseRow, ReleaseState};
use comity_exchange::seal::seal;
use comity_testkit::{CLAUSE, Pair, Result, indicator, indicators, pair};

use crate::support::journal;

async fn composed(pair: &Pair) -> Result<ReleaseRow> {
    pair.us.hold(&indicators(0..3)).await?;
    let all = Selection::Type("indicator".to_owned());
    Ok(pair.us.compose(&pair.mx, CLAUSE, all).await?.release)
}

async fn again(pair: &Pair, release: &ReleaseRow) -> Result<ReleaseRow> {
    Ok(find_release(&pair.us.node, &release.record.folio.to_string()).await?)
}

/// A later version of an indicator.
fn later(number: u64) -> String {
    indicator(number).replace(
        r#""modified":"2026-01-10T08:00:00.000Z""#,
        r#""modified":"2026-01-11T08:00:00.000Z""#,
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn a_later_version_of_an_object_asks_for_a_new_decision() -> Result<()> {
    let pair = pair().await?;
    let release = composed(&pair).await?;
    let node = &pair.us.node;
    approve(node, &release, &pair.us.officers[0]).await?;
    pair.us.hold(&later(1)).await?;
    let id: serde_json::Value = serde_json::from_str(&indicator(1))?;
    let id = id["id"].as_str().ok_or("no id")?;

    let approved = again(&pair, &release).await?;
    let error = seal(node, &approved).await.unwrap_err();
    assert_eq!(error.code(), "holding-changed");
    assert!(error.to_string().contains(id), "{error}");
    let shown = stale(node, &approved).await?.ok_or("it is shown as if it could be sent")?;
    assert_eq!(shown.to_string(), error.to_string(), "it is shown before anything is tried");
    let error = approve(node, &approved, &pair.us.officers[1]).await.unwrap_err();
    assert_eq!(error.code(), "holding-changed");

    // a refused command leaves a line in the journal, and nothing else
    let view = node.store().outbox_view(pair.mx.node.root()).await?;
    assert_eq!((view.last, again(&pair, &release).await?), (0, approved));
    for event in ["release-not-sealed", "release-not-approved"] {
        let lines = journal(node, event).await?;
        assert_eq!(lines.len(), 1);
        assert_eq!(lines[0].entry.details["code"], "holding-changed");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_object_that_is_gone_from_the_holdings_does_not_go() -> Result<()> {
    let pair = pair().await?;
    let release = composed(&pair).await?;
    approve(&pair.us.node, &release, &pair.us.officers[0]).await?;
    pair.us.sql("DELETE FROM newest WHERE entered = (SELECT min(entered) FROM newest)")?;
    let error = seal(&pair.us.node, &again(&pair, &release).await?).await.unwrap_err();
    assert_eq!(error.code(), "holding-changed");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_changes_beside_a_release_does_not_hold_it_up() -> Result<()> {
    let pair = pair().await?;
    pair.us.hold(&indicators(7..9)).await?;
    let one: serde_json::Value = serde_json::from_str(&indicator(7))?;
    let one = Selection::Ids(vec![one["id"].as_str().ok_or("no id")?.to_owned()]);
    let release = pair.us.compose(&pair.mx, CLAUSE, one).await?.release;
    pair.us.hold(&later(8)).await?;
    pair.us.hold(&indicator(7)).await?;
    approve(&pair.us.node, &release, &pair.us.officers[0]).await?;
    seal(&pair.us.node, &again(&pair, &release).await?).await?;
    assert_eq!(again(&pair, &release).await?.state, ReleaseState::Sealed);
    Ok(())
}
