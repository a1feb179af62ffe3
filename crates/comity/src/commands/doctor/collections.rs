//! Collections that the configuration no longer has.

use comity_exchange::Node;

use super::{Findings, State, Topic};
use crate::config::Config;
use crate::error::CliError;

/// Those that it brought in once and that are still there. A configuration that cannot be read was spoken of before.
pub(super) async fn gone(found: &mut Findings<'_>, node: &Node) -> Result<(), CliError> {
    let Ok(config) = Config::load(&found.ctx.data) else { return Ok(()) };
    let is_wanted = |alias: &str| config.taxii.collections.iter().any(|it| it.alias == alias);
    for known in node.store().collections().await? {
        if known.configured && !is_wanted(&known.alias) {
            let english = "the configuration no longer has it, and it is still served; `comity collection remove` removes it";
            let spanish = "ya no está en la configuración y se sigue ofreciendo; `comity collection remove` la quita";
            found.say(&Topic::Collection(known.alias), State::Warn, english, spanish);
        }
    }
    Ok(())
}
