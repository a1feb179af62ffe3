//! A legal hold: what a law of the receiver keeps is not purged, and the owner is told so.

use serde_json::json;

use super::pick;
use super::recall::{answered, arrived, send};
use crate::demo::answers::{Figures, Hold, Verdict};
use crate::demo::failure::{DemoError, Result};
use crate::demo::narrator::Told;
use crate::demo::stage::Stage;

/// Why it is kept; stays at `mx`.
const TEXT: &str = "Consta como dato de prueba en un procedimiento de ejemplo.";
/// The reason that `us` is told.
const REASON: &str = "kept-by-law";

pub(super) async fn play(stage: &mut Stage) -> Result<Told> {
    let (us, mx) = (&stage.us, &stage.mx);
    // something that is in the first release alone
    let (whole, object) = stage
        .given
        .first()
        .and_then(|given| {
            let mut lines = given.with(Verdict::Released).into_iter();
            let line = lines.find(|line| !stage.examples.story.passes.contains(&line.id))?;
            Some((given.folio.clone(), line.id.clone()))
        })
        .ok_or_else(|| DemoError::story("there is nothing to hold"))?;
    let hold: Hold = mx
        .ask(["legal-hold", "add", "--object", &object, "--grounds", TEXT, "--reason", REASON])
        .args(["--by", mx.analyst])
        .json()
        .await?;
    let folio = send(us, &[&whole, "--object", &object]).await?;
    arrived(mx, &folio).await?;
    mx.ask(["recall", "answer", &folio, "--hold", "--reason", REASON, "--by", mx.analyst])
        .done()
        .await?;
    let figures = answered(us, mx, &folio, "held").await?;
    if hold.rows != 1 || figures != (Figures { held: 1, ..Figures::default() }) {
        return Err(DemoError::story(format!("{folio} was answered with {figures:?}")));
    }
    mx.ask(["holdings", "show", &object]).refused_as("not-found").await?;
    mx.ask(["holdings", "show", &object, "--held"]).done().await?;
    let told = Told {
        line: pick(
            stage.lang,
            format!(
                "{folio}: us recalls {object}; mx answers `held`, never `purged`: a legal hold keeps it"
            ),
            format!(
                "{folio}: us solicita el retiro de {object}; mx no lo elimina: una ley suya lo conserva, y así lo responde"
            ),
        ),
        details: vec![
            pick(
                stage.lang,
                "no reader at mx sees it meanwhile",
                "entre tanto nadie en mx puede consultarlo",
            )
            .to_owned(),
        ],
        facts: json!({ "recall": folio, "object": object, "hold": hold.number, "answer": figures }),
    };
    stage.withdrawn.push(object);
    Ok(told)
}
