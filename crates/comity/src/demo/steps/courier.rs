//! The link is cut; a release and its receipt cross as files.

use super::pick;
use super::release::{OFFICERS, Order, send, settled};
use crate::demo::answers::{Brought, Carried};
use crate::demo::failure::{DemoError, Result};
use crate::demo::narrator::Told;
use crate::demo::party::Party;
use crate::demo::stage::Stage;

pub(super) async fn play(stage: &mut Stage) -> Result<Told> {
    stage.mx.stop().await?;
    stage.us.stop().await?;
    let story = &stage.examples.story;
    let order = Order {
        clause: &story.clause,
        purpose: &story.purpose,
        selection: vec!["--type", "indicator"],
        approvers: &OFFICERS,
    };
    let given = send(&stage.us, &stage.mx, order).await?;
    carry(&stage.us, &stage.mx, "carried-there").await?;
    carry(&stage.mx, &stage.us, "carried-back").await?;
    // both nodes are down: only the files can have settled it
    let receipt = settled(&stage.us, &given).await?;
    stage.us.start().await?;
    stage.mx.start().await?;
    let told = Told {
        line: pick(
            stage.lang,
            format!(
                "{}: both nodes are down; its pouch goes on a disk, the receipt comes back on one, and it is settled",
                given.folio
            ),
            format!(
                "{}: ambos nodos están detenidos; su valija va en un disco, el acuse vuelve en otro, y queda concluida",
                given.folio
            ),
        ),
        details: Vec::new(),
        facts: given.facts(&receipt),
    };
    stage.given.push(given);
    Ok(told)
}

/// Writes what waits into a folder, and takes it in from there.
async fn carry(from: &Party, to: &Party, folder: &str) -> Result<()> {
    let written: Carried =
        from.ask(["pouch", "export", "--to", to.handle, "--out", folder]).json().await?;
    let taken: Brought = to.ask(["pouch", "import", folder]).json().await?;
    if written.written == 0 || taken.consumed < written.written {
        let message = format!(
            "of {} pouches of `{}` {} were taken in",
            written.written, from.handle, taken.consumed
        );
        return Err(DemoError::story(message));
    }
    Ok(())
}
