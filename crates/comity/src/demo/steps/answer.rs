//! The other side gives something in return: an unusual rise in overdoses.

use super::pick;
use super::release::{OFFICERS, Order, send, settled};
use crate::demo::failure::{DemoError, Result};
use crate::demo::narrator::Told;
use crate::demo::stage::Stage;

pub(super) async fn play(stage: &mut Stage) -> Result<Told> {
    let answer = &stage.examples.story.answer;
    let [one, _] = OFFICERS;
    let order = Order {
        clause: &answer.clause,
        purpose: &answer.purpose,
        selection: answer.ids.iter().flat_map(|id| ["--object", id.as_str()]).collect(),
        approvers: &[one],
    };
    let given = send(&stage.mx, &stage.us, order).await?;
    let receipt = settled(&stage.mx, &given).await?;
    if given.objects() != answer.ids.len() as u64 {
        let message =
            format!("{} of {} objects of the answer go", given.objects(), answer.ids.len());
        return Err(DemoError::story(message));
    }
    let told = Told {
        line: pick(
            stage.lang,
            format!(
                "{}: mx answers with an unusual rise in overdoses; us admits {}, settled",
                given.folio, receipt.admitted
            ),
            format!(
                "{}: mx responde con un aumento inusual de sobredosis; us admite {}, concluida",
                given.folio, receipt.admitted
            ),
        ),
        details: Vec::new(),
        facts: given.facts(&receipt),
    };
    stage.given.push(given);
    Ok(told)
}
