//! An amendment: drafted, compared in words, signed by both over the link, and in force once it is activated.

use serde_json::json;

use super::pick;
use crate::demo::answers::{Amended, Compared, Phase, Signed};
use crate::demo::failure::{DemoError, Result};
use crate::demo::narrator::Told;
use crate::demo::party::Party;
use crate::demo::stage::{Stage, until};

const TEXT: &str = "agreement-2.toml";
/// The clause whose approval is amended.
pub(super) const CLAUSE: &str = "health-south";

/// What it becomes: exact places never go under a standing approval.
const STANDING: &str = "precision = { location = \"admin1\" }\napproval = \"standing\"";

pub(super) async fn play(stage: &mut Stage) -> Result<Told> {
    let (us, mx, id) = (&stage.us, &stage.mx, stage.agreement_id.as_str());
    let begun: Amended = us.ask(["agreement", "amend", id]).json().await?;
    stage.folder.write(TEXT, &with_standing(&begun.text)?)?;
    let compared: Compared = us.ask(["agreement", "diff", id, TEXT]).json().await?;
    let terms = compared.widened.iter().chain(&compared.narrowed).chain(&compared.changed);
    let changes: Vec<_> = terms.collect();
    if begun.version != 2 || !changes.iter().any(|it| it.term == "approval") {
        return Err(DemoError::story("`agreement diff` does not name what the amendment changes"));
    }
    let (one, both) = (us.file("amendment"), mx.file("amendment"));
    us.ask(["agreement", "sign", TEXT, "--out", &one]).done().await?;
    us.ask(["agreement", "activate", id, "--version", "2"])
        .refused_as("agreement-unsigned")
        .await?;
    let signed: Signed = mx.ask(["agreement", "sign", &one, "--out", &both]).json().await?;
    us.ask(["agreement", "import", &both]).done().await?;
    let before: Phase = us.ask(["agreement", "show", id]).json().await?;
    us.ask(["agreement", "activate", id, "--version", "2", "--by", us.analyst]).done().await?;
    let after = phase(mx, id, "in-force", 2).await?;
    if before.active != 1 || !signed.here || !signed.by_partner {
        return Err(DemoError::story("the amendment was in force before it was activated"));
    }
    Ok(Told {
        line: pick(
            stage.lang,
            format!(
                "the agreement is amended: both sign version 2; version 1 binds until us activates it, then {} does on both sides",
                after.active
            ),
            format!(
                "el acuerdo se modifica: ambas firman la versión 2; rige la 1 hasta que us la activa, y luego la {} en ambas partes",
                after.active
            ),
        ),
        details: changes.iter().map(|it| pick(stage.lang, &it.en, &it.es).clone()).collect(),
        facts: json!({ "changes": changes, "digest": signed.digest }),
    })
}

/// Waits until the agreement stands so at a party.
pub(super) async fn phase(party: &Party, id: &str, phase: &str, active: u32) -> Result<Phase> {
    let what = format!("version {active} to be `{phase}` at `{}`", party.handle);
    until(what, async || {
        let shown: Phase = party.ask(["agreement", "show", id]).json().await?;
        Ok((shown.phase == phase && shown.active == active).then_some(shown))
    })
    .await
}

/// The text with a clause that may be approved beforehand.
fn with_standing(text: &str) -> Result<String> {
    let clause = format!("id = \"{CLAUSE}\"");
    let (head, tail) = text.split_once(&clause).unwrap_or_default();
    let changed = tail.replacen("approval = \"one-person\"", STANDING, 1);
    if changed == tail {
        return Err(DemoError::story(format!("the agreement has no clause `{CLAUSE}` to amend")));
    }
    Ok(format!("{head}{clause}{changed}"))
}
