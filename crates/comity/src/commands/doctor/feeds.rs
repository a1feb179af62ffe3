//! Feeds that bring nothing.

use comity_exchange::Node;

use super::{Findings, State, Topic};
use crate::error::CliError;

/// Those whose last pull failed, and do not rest, with what went wrong.
pub(super) async fn failing(found: &mut Findings<'_>, node: &Node) -> Result<(), CliError> {
    for feed in node.store().feeds().await? {
        if let (None, Some(fault)) = (feed.paused_at, feed.outcome.fault) {
            let text = CliError::Exchange(fault.into()).in_lang(found.ctx.lang);
            found.add(&Topic::Feed(feed.name), State::Warn, text);
        }
    }
    Ok(())
}
