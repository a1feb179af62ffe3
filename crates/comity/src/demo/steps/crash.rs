//! The receiving node is killed; a release is sent meanwhile; started again, the node has it exactly once.

use super::pick;
use super::release::{OFFICERS, Order, send, settled, show};
use crate::demo::answers::Inbox;
use crate::demo::failure::{DemoError, Result};
use crate::demo::narrator::Told;
use crate::demo::stage::Stage;

pub(super) async fn play(stage: &mut Stage) -> Result<Told> {
    stage.mx.crash().await?;
    let story = &stage.examples.story;
    let order = Order {
        clause: &story.clause,
        purpose: &story.purpose,
        selection: vec!["--type", "indicator"],
        approvers: &OFFICERS,
    };
    let given = send(&stage.us, &stage.mx, order).await?;
    let waiting = show(&stage.us, &given.folio).await?;
    if waiting.state != "sealed" {
        let message = format!("with `mx` down, {} is {}", given.folio, waiting.state);
        return Err(DemoError::story(message));
    }
    stage.mx.start().await?;
    let receipt = settled(&stage.us, &given).await?;
    let inbox: Inbox = stage.mx.ask(["inbox", "list"]).json().await?;
    let times = inbox.inbox.iter().filter(|it| it.digest == given.statement).count();
    if times != 1 {
        return Err(DemoError::story(format!("{} is {times} times at `mx`", given.folio)));
    }
    let told = Told {
        line: pick(
            stage.lang,
            format!(
                "{}: mx is killed, us sends {} objects, mx starts again and has them exactly once",
                given.folio, receipt.admitted
            ),
            format!(
                "{}: se mata a mx, us envía {} objetos, mx se reinicia y los tiene una sola vez",
                given.folio, receipt.admitted
            ),
        ),
        details: Vec::new(),
        facts: given.facts(&receipt),
    };
    stage.given.push(given);
    Ok(told)
}
