//! Recalls of partners that were answered in part and are to be answered again: nobody else reminds of them.

use comity_exchange::{Node, recall};

use super::{Findings, State, Topic};
use crate::error::CliError;

/// Recalls that are named.
const NAMED: usize = 20;

/// Recalls of which the owner knows less than this node.
pub(super) async fn due_again(found: &mut Findings<'_>, node: &Node) -> Result<(), CliError> {
    for row in recall::due_again(node).await?.iter().take(NAMED) {
        let folio = row.opening().map(|it| it.folio.to_string()).unwrap_or_default();
        let text = format!(
            "{} `comity recall answer {folio}`",
            found.ctx.say(
                "its owner knows less than this node; answer it again with",
                "su titular no tiene aún los últimos datos; respóndale de nuevo con"
            )
        );
        found.add(&Topic::Recall(folio), State::Warn, text);
    }
    Ok(())
}
