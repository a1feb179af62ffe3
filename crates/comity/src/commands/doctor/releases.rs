//! Releases that were composed or approved and can't be sent any more.

use comity_exchange::{Node, approve};

use super::{Findings, State, Topic};
use crate::error::CliError;

/// The newest releases that are looked at.
const LOOKED_AT: u32 = 200;
/// Releases that are named.
const NAMED: usize = 20;

/// Names the approved releases whose approval died: nobody tries to send them until it matters.
pub(super) async fn stale(found: &mut Findings<'_>, node: &Node) -> Result<(), CliError> {
    let mut named = 0;
    for row in node.store().releases(LOOKED_AT).await? {
        let Some(why) = approve::stale(node, &row).await? else { continue };
        let text = CliError::from(why).in_lang(found.ctx.lang);
        found.add(&Topic::Release(row.record.folio.to_string()), State::Warn, text);
        named += 1;
        if named >= NAMED {
            break;
        }
    }
    Ok(())
}
