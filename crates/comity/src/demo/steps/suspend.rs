//! One party suspends the agreement at once: nothing is released until it lifts that, and a recall still crosses.

use serde_json::json;

use super::amend::phase;
use super::{pick, recall};
use crate::demo::answers::Verdict;
use crate::demo::failure::{DemoError, Result};
use crate::demo::narrator::Told;
use crate::demo::stage::Stage;

/// Why.
const TEXT: &str = "Mientras se revisa el uso de lo entregado.";
/// What `us` would put meanwhile.
const PUT: &str = "A monthly call of both desks.";
/// The reason from the agreement's list.
const REASON: &str = "under-review";

pub(super) async fn play(stage: &mut Stage) -> Result<Told> {
    let (us, mx, id) = (&stage.us, &stage.mx, stage.agreement_id.as_str());
    mx.ask(["agreement", "suspend", id, "--reason", REASON, "--text", TEXT, "--by", mx.analyst])
        .done()
        .await?;
    phase(us, id, "suspended", 2).await?;
    let story = &stage.examples.story;
    us.ask(["proposal", "put", "--to", mx.handle, "--subject", "other", "--text", PUT])
        .refused_as("agreement-suspended")
        .await?;
    // the last consignment of the first release, which is in no other
    let (whole, object) = stage
        .given
        .first()
        .and_then(|given| {
            let mut lines = given.with(Verdict::Released).into_iter().rev();
            let line = lines.find(|line| !story.passes.contains(&line.id))?;
            Some((given.folio.clone(), line.id.clone()))
        })
        .ok_or_else(|| DemoError::story("there is nothing to recall"))?;
    let folio = recall::send(us, &[&whole, "--object", &object]).await?;
    recall::arrived(mx, &folio).await?;
    mx.ask(["recall", "answer", &folio, "--purge", "--reason", recall::REASON])
        .args(["--by", mx.analyst])
        .done()
        .await?;
    let figures = recall::answered(us, mx, &folio, "done").await?;
    if figures.purged != 1 {
        return Err(DemoError::story(format!("{folio} was answered with {figures:?}")));
    }
    mx.ask(["agreement", "lift", id, "--by", mx.analyst]).done().await?;
    phase(us, id, "in-force", 2).await?;
    let told = Told {
        line: pick(
            stage.lang,
            format!(
                "mx suspends the agreement: nothing new is put, but the recall {folio} crosses and is done; mx lifts it"
            ),
            format!(
                "mx suspende el acuerdo: nada nuevo se presenta, pero la solicitud de retiro {folio} cruza y se atiende; mx la levanta"
            ),
        ),
        details: Vec::new(),
        facts: json!({ "reason": REASON, "recall": folio, "answer": figures }),
    };
    stage.withdrawn.push(object);
    Ok(told)
}
