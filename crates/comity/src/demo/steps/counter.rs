//! A proposal that is countered: the counter-proposal is accepted, which leads to a draft amendment and to nothing else.

use serde_json::json;

use super::pick;
use crate::demo::answers::{Decision, History, Phase, Proposal, Put};
use crate::demo::failure::{DemoError, Result};
use crate::demo::narrator::Told;
use crate::demo::stage::{Stage, until};

const TEXT: &str = "Overdose alerts to go without an officer, with exact places.";
/// What `mx` puts in its place.
const COUNTER: &str =
    "Alertas por sobredosis con aprobación permanente, sin lugar exacto y con tope diario.";
const GROUNDS: &str = "The places are not needed for a warning.";
/// The reason from the agreement's list.
const REASON: &str = "within-purpose";
const OFFICE: &str = "legal affairs";
const DRAFT: &str = "draft.toml";

pub(super) async fn play(stage: &mut Stage) -> Result<Told> {
    let (us, mx, id) = (&stage.us, &stage.mx, stage.agreement_id.as_str());
    let subject = ["--subject", "amendment"];
    let first: Put = us
        .ask(["proposal", "put", "--to", mx.handle, "--text", TEXT, "--by", us.analyst])
        .args(subject)
        .json()
        .await?;
    until(format!("{} to arrive at `mx`", first.folio), async || {
        mx.ask(["proposal", "show", &first.folio]).found::<Proposal>().await
    })
    .await?;
    let second: Put = mx
        .ask(["proposal", "put", "--to", us.handle, "--text", COUNTER, "--by", mx.analyst])
        .args(subject)
        .args(["--in-reply-to", &first.folio])
        .json()
        .await?;
    until(format!("{} to arrive at `us`", second.folio), async || {
        us.ask(["proposal", "show", &second.folio]).found::<Proposal>().await
    })
    .await?;
    us.ask(["proposal", "decide", &second.folio, "--accept", "--grounds", GROUNDS])
        .args(["--office", OFFICE, "--reason", REASON, "--by", us.analyst])
        .done()
        .await?;
    let decision: Decision = until(format!("the decision on {}", second.folio), async || {
        Ok(mx.ask(["proposal", "show", &second.folio]).json::<Proposal>().await?.decision)
    })
    .await?;
    us.ask(["proposal", "draft", &second.folio, "--out", DRAFT, "--by", us.analyst]).done().await?;
    let phases: (Phase, Phase) = tokio::try_join!(
        us.ask(["agreement", "show", id]).json(),
        mx.ask(["agreement", "show", id]).json(),
    )?;
    let (ours, theirs): (History, History) = tokio::try_join!(
        us.ask(["proposal", "history", &first.folio]).json(),
        mx.ask(["proposal", "history", &first.folio]).json(),
    )?;
    if decision.decided != "accepted" || phases.0.active != 1 || phases.1.active != 1 {
        return Err(DemoError::story("an accepted proposal did something, or was not accepted"));
    }
    if ours.events != theirs.events || ours.events.len() != 3 {
        return Err(DemoError::story("the two sides tell the counter-proposal differently"));
    }
    Ok(Told {
        line: pick(
            stage.lang,
            format!(
                "us proposes an amendment ({}), mx counters ({}), us accepts: a draft is written, and version 1 binds as before",
                first.folio, second.folio
            ),
            format!(
                "us propone una modificación ({}), mx contrapropone ({}) y us acepta: se redacta un proyecto y la versión 1 sigue rigiendo",
                first.folio, second.folio
            ),
        ),
        details: Vec::new(),
        facts: json!({
            "proposals": [first.folio, second.folio],
            "decision": decision,
            "history": ours.events,
        }),
    })
}
