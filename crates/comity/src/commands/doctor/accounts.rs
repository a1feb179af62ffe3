//! Accounts that belong to a partner.

use comity_exchange::{Node, account};

use super::{Findings, State, Topic};
use crate::error::CliError;

/// Those that are open (invariant no-foothold). A command makes none; one may be left from before commands refused it.
pub(super) async fn of_partners(found: &mut Findings<'_>, node: &Node) -> Result<(), CliError> {
    for (handle, account) in account::of_partners(node).await? {
        let english = "it is called like the partner or opens with the key by which it delivers; `comity user disable` closes it:";
        let spanish = "se llama como la contraparte o abre con la clave con que ésta entrega; `comity user disable` la cierra:";
        let text = format!("{} {handle}", found.ctx.say(english, spanish));
        found.add(&Topic::Account(account.name), State::Fail, text);
    }
    Ok(())
}
