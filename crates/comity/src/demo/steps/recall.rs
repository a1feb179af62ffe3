//! A recall: every version and derivative of an object is asked back; it is frozen at once, the units are told, and only
//! then is it answered as done.

use serde_json::json;

use super::pick;
use super::units::UNITS;
use crate::demo::answers::{Figures, Notices, Recall, Recalls};
use crate::demo::failure::{DemoError, Result};
use crate::demo::narrator::Told;
use crate::demo::party::Party;
use crate::demo::stage::{Stage, until};

/// Why `us` wants it back.
const TEXT: &str = "Mistaken for somebody else of the same name.";
/// The reason with which `mx` purges.
pub(super) const REASON: &str = "withdrawn-by-owner";

pub(super) async fn play(stage: &mut Stage) -> Result<Told> {
    let (us, mx) = (&stage.us, &stage.mx);
    let Some(original) = stage.examples.story.redacted.first().cloned() else {
        return Err(DemoError::story("there is nothing to recall"));
    };
    let folio = send(us, &["--original", &original, "--text", TEXT]).await?;
    arrived(mx, &folio).await?;
    let had: Notices = mx.ask(["recall", "notices", &folio]).json().await?;
    if had.units.len() != UNITS.len() || had.units.iter().any(|it| it.told_at.is_some()) {
        return Err(DemoError::story(format!("`mx` counts {} units", had.units.len())));
    }
    for notice in &had.units {
        mx.ask(["recall", "told", &folio, "--unit", &notice.unit, "--by", mx.analyst])
            .done()
            .await?;
    }
    mx.ask(["recall", "answer", &folio, "--purge", "--reason", REASON, "--by", mx.analyst])
        .done()
        .await?;
    let figures = answered(us, mx, &folio, "done").await?;
    let units = UNITS.len() as u64;
    if figures != (Figures { purged: 1, held: 0, units, told: units }) {
        return Err(DemoError::story(format!("{folio} was answered with {figures:?}")));
    }
    let told = Told {
        line: pick(
            stage.lang,
            format!(
                "{folio}: us recalls {original}; mx purges its derivative and answers: {units} units had it, {units} were told"
            ),
            format!(
                "{folio}: us solicita el retiro de {original}; mx elimina el derivado y responde: {units} instancias lo tenían, {units} avisadas"
            ),
        ),
        details: vec![
            pick(
                stage.lang,
                "which units they are stays in the journal of mx",
                "cuáles son consta solo en la bitácora interna de mx",
            )
            .to_owned(),
        ],
        facts: json!({ "recall": folio, "original": original, "answer": figures }),
    };
    stage.withdrawn.push(original);
    Ok(told)
}

/// `us` sends one recall that asks for a purge; gives its folio.
pub(super) async fn send(us: &Party, what: &[&str]) -> Result<String> {
    let sent: Recalls =
        us.ask(["recall", "send"]).args(what).args(["--purge", "--by", us.analyst]).json().await?;
    match <[_; 1]>::try_from(sent.recalls) {
        Ok([recall]) => Ok(recall.folio),
        Err(recalls) => {
            Err(DemoError::story(format!("{} recalls were sent, and not one", recalls.len())))
        }
    }
}

/// Waits until a recall is at `mx`.
pub(super) async fn arrived(mx: &Party, folio: &str) -> Result<()> {
    until(format!("{folio} to arrive at `mx`"), async || {
        mx.ask(["recall", "show", folio]).found::<Recall>().await
    })
    .await
    .map(|_| ())
}

/// Waits until `us` sees the answer, which must be the one that `mx` gave; gives its figures.
pub(super) async fn answered(us: &Party, mx: &Party, folio: &str, state: &str) -> Result<Figures> {
    let seen = until(format!("{folio} to be `{state}` at `us`"), async || {
        let recall: Recall = us.ask(["recall", "show", folio]).json().await?;
        Ok((recall.state == state).then_some(recall))
    })
    .await?;
    let given: Recall = mx.ask(["recall", "show", folio]).json().await?;
    match (seen.said.last(), given.said.last()) {
        (Some(seen), Some(given)) if seen.statement == given.statement => Ok(seen.body),
        _ => Err(DemoError::story(format!("`us` sees another answer to {folio} than `mx` gave"))),
    }
}
