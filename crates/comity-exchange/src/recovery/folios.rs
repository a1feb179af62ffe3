//! No folio is given twice, however often a database is put back (docs/protocol.md section 4.8).
//!
//! A loss makes folios go on behind the next ten thousand. As long as it is not cleared up, what is given there is kept apart
//! from the database too: the database that is put in the place of another next may be just as old, or be a copy that was made
//! since.

use std::sync::Arc;

use jiff::tz::TimeZone;
use serde_json::json;

use crate::dispatch::blocking;
use crate::error::Result;
use crate::node::Node;
use crate::ports::LastFolio;

/// Looks whether folios were given in a doubt that stands which the database does not know: then it was put back once more.
pub(super) async fn look_back(node: &Node) -> Result<()> {
    if node.store().doubts().await?.is_empty() {
        return Ok(());
    }
    let known = known_apart(node).await?;
    let here = node.store().last_folio(year(node)).await?;
    if here >= known {
        return Ok(());
    }
    let details = json!({ "here": here, "last": known });
    let journal = vec![node.journal("folios-passed-over", node.root(), details)];
    node.store().pass_over_folios(year(node), known, journal).await?;
    keep_folios(node).await
}

/// The number of the last folio of this year that is known apart from the database; 0 where none is.
pub(super) async fn known_apart(node: &Node) -> Result<u32> {
    let kept = Arc::clone(node.last_checkpoints());
    let last = blocking(move || Ok(kept.folio()?)).await?;
    Ok(last.filter(|it| it.year == year(node)).map_or(0, |it| it.number))
}

/// Keeps apart which folio was given last, where a partner is in doubt. Whoever gives one calls it before anybody sees that.
pub(crate) async fn keep_folios(node: &Node) -> Result<()> {
    if node.store().doubts().await?.is_empty() {
        return Ok(());
    }
    let year = year(node);
    let number = node.store().last_folio(year).await?;
    let kept = Arc::clone(node.last_checkpoints());
    blocking(move || Ok(kept.keep_folio(LastFolio { year, number })?)).await
}

fn year(node: &Node) -> i16 {
    node.now().to_zoned(TimeZone::UTC).year()
}
