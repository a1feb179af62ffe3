//! Receive: a pouch is whole on this node's disk. From here on nothing is lost; nothing is believed yet.

use std::sync::Arc;

use comity_model::{Digest, PartyRoot};
use serde_json::json;

use crate::dispatch::blocking;
use crate::error::Result;
use crate::failpoint::fail_point;
use crate::node::Node;
use crate::ports::{PouchRow, PouchState};

/// Takes note of a pouch that the spool holds whole. `via` is the party over whose link it came; `None`: a courier
/// brought it.
pub async fn receive(node: &Node, pouch: Digest, size: u64, via: Option<PartyRoot>) -> Result<()> {
    let row = PouchRow {
        digest: pouch,
        size,
        via,
        received_at: node.now(),
        state: PouchState::Received,
        code: None,
        statement: None,
    };
    let details = json!({ "size": size, "via": via });
    let journal = vec![node.journal("pouch-received", pouch, details)];
    fail_point("receive:before-commit").await;
    node.store().receive(row, journal).await?;
    fail_point("receive:after-commit").await;
    // the same pouch again, after it was done with: its bytes are not wanted any more
    let known = node.store().pouch(pouch).await?.map(|row| row.state);
    if matches!(known, Some(PouchState::Consumed | PouchState::Repeated)) {
        let spool = Arc::clone(node.spool());
        return blocking(move || Ok(spool.remove(&pouch)?)).await;
    }
    node.wake_inbound();
    Ok(())
}
