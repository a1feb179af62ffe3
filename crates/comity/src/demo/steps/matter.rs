//! A matter as both parties see it: waited for, and compared.

use crate::demo::answers::Matter;
use crate::demo::failure::{DemoError, Result};
use crate::demo::party::Party;
use crate::demo::stage::until;

/// Waits until the matter with this folio stands so at a party: `command` is `request` or `advice`.
pub(super) async fn stands(
    party: &Party,
    command: &str,
    folio: &str,
    stage: &str,
) -> Result<Matter> {
    let what = format!("{folio} to be `{stage}` at `{}`", party.handle);
    until(what, async || {
        let matter: Option<Matter> = party.ask([command, "show", folio]).found().await?;
        Ok(matter.filter(|it| it.stage == stage))
    })
    .await
}

/// Both parties have the same sequence of statements, with the same texts and files.
pub(super) fn same(folio: &str, us: &Matter, mx: &Matter) -> Result<()> {
    if us.said == mx.said && !us.said.is_empty() {
        return Ok(());
    }
    Err(DemoError::story(format!("{folio} is not the same on both sides")))
}
