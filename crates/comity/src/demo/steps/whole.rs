//! A release that goes through whole: every consignment.

use super::pick;
use super::release::{OFFICERS, Order, send, settled};
use crate::demo::answers::Verdict;
use crate::demo::failure::{DemoError, Result};
use crate::demo::narrator::Told;
use crate::demo::stage::Stage;

pub(super) async fn play(stage: &mut Stage) -> Result<Told> {
    let order = Order {
        clause: &stage.examples.story.clause,
        purpose: &stage.examples.story.purpose,
        selection: vec!["--type", "consignment"],
        approvers: &OFFICERS,
    };
    let given = send(&stage.us, &stage.mx, order).await?;
    let receipt = settled(&stage.us, &given).await?;
    let passed = given.with(Verdict::Released).len();
    if passed != given.preview.len() {
        let message = format!("{passed} of {} consignments pass whole", given.preview.len());
        return Err(DemoError::story(message));
    }
    let told = Told {
        line: pick(
            stage.lang,
            format!(
                "{}: us releases {passed} consignments, two officers approve; mx admits {}, settled",
                given.folio, receipt.admitted
            ),
            format!(
                "{}: us entrega {passed} embarques, aprueban dos responsables; mx admite {}, concluida",
                given.folio, receipt.admitted
            ),
        ),
        details: Vec::new(),
        facts: given.facts(&receipt),
    };
    stage.given.push(given);
    Ok(told)
}
