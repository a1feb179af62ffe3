//! An urgent request: asked back about, answered in part, and answered in full by a release.

use jiff::SignedDuration;
use serde_json::json;

use super::matter::{same, stands};
use super::pick;
use super::release::{Given, OFFICERS, Order, send, settled};
use crate::demo::answers::{Matter, Spoken};
use crate::demo::failure::{DemoError, Result};
use crate::demo::narrator::Told;
use crate::demo::stage::Stage;

/// What `us` asks.
const ASKED: &str = "Is there an unusual rise in overdoses along the border this spring?";
/// What `mx` asks back.
const CLARIFY: &str = "¿Qué entidades federativas interesan?";
/// What `us` replies.
const REPLY: &str = "Baja California, by week.";
/// What `mx` says with its first answer.
const PARTLY: &str = "Se entrega el conteo de la semana; el informe está en revisión.";
/// The reason of both answers, from the agreement's list.
const REASON: &str = "within-purpose";
/// The hours that the agreement gives an urgent request.
const HOURS: i64 = 8;

pub(super) async fn play(stage: &mut Stage) -> Result<Told> {
    let (us, mx) = (&stage.us, &stage.mx);
    let story = &stage.examples.story.answer;
    let asked: Spoken = us
        .ask(["request", "send", "--to", mx.handle, "--urgency", "urgent"])
        .args(["--purpose", &story.purpose, "--kind", "overdose-alert", "--kind", "report"])
        .args(["--text", ASKED, "--by", us.analyst])
        .json()
        .await?;
    let folio = asked.folio.as_str();
    stands(mx, "request", folio, "open").await?;
    mx.ask(["request", "clarify", folio, "--text", CLARIFY, "--by", mx.analyst]).done().await?;
    stands(us, "request", folio, "clarification-asked").await?;
    us.ask(["request", "reply", folio, "--text", REPLY, "--by", us.analyst]).done().await?;
    stands(mx, "request", folio, "open").await?;

    let (report, figures): (Vec<&str>, Vec<&str>) =
        story.ids.iter().map(String::as_str).partition(|id| id.starts_with("report--"));
    let partial = give(stage, figures).await?;
    mx.ask(["request", "answer", folio, "--partial", "--release", &partial.folio])
        .args(["--reason", REASON, "--text", PARTLY, "--by", mx.analyst])
        .done()
        .await?;
    stands(us, "request", folio, "partial").await?;
    let whole = give(stage, report).await?;
    mx.ask(["request", "answer", folio, "--complete", "--release", &whole.folio])
        .args(["--reason", REASON, "--by", mx.analyst])
        .done()
        .await?;

    let (at_us, at_mx) = tokio::try_join!(
        stands(us, "request", folio, "answered"),
        stands(mx, "request", folio, "answered"),
    )?;
    same(folio, &at_us, &at_mx)?;
    let clock =
        in_time(&at_us).filter(|it| in_time(&at_mx).as_ref() == Some(it)).ok_or_else(|| {
            DemoError::story(format!("the clock of {folio} is not {HOURS} h on both sides"))
        })?;
    let (first, second) = (settled(mx, &partial).await?, settled(mx, &whole).await?);
    let objects = first.admitted + second.admitted;
    if objects != story.ids.len() as u64 {
        let message = format!("{objects} of {} objects of the answer arrive", story.ids.len());
        return Err(DemoError::story(message));
    }
    let told = Told {
        line: pick(
            stage.lang,
            format!(
                "{folio}: us asks urgently; mx asks back, answers in part and then in full, {objects} objects in {clock} of {HOURS} h"
            ),
            format!(
                "{folio}: us solicita con urgencia; mx pide una aclaración, responde en parte y luego por completo: {objects} objetos en {clock} de {HOURS} h"
            ),
        ),
        details: at_us
            .said
            .iter()
            .filter_map(|it| Some(format!("{}  {}: {}", it.folio, it.from, it.text.as_ref()?)))
            .collect(),
        facts: json!({
            "request": folio,
            "said": at_us.said,
            "hours": HOURS,
            "releases": [partial.facts(&first), whole.facts(&second)],
        }),
    };
    stage.given.extend([partial, whole]);
    Ok(told)
}

/// `mx` gives objects for the purpose of the request; one officer approves.
async fn give(stage: &Stage, ids: Vec<&str>) -> Result<Given> {
    let story = &stage.examples.story.answer;
    let [one, _] = OFFICERS;
    let order = Order {
        clause: &story.clause,
        purpose: &story.purpose,
        selection: ids.into_iter().flat_map(|id| ["--object", id]).collect(),
        approvers: &[one],
    };
    send(&stage.mx, &stage.us, order).await
}

/// How long the answer took, if its clock is the agreement's and it came in time.
fn in_time(request: &Matter) -> Option<String> {
    let (received, due, closed) = (request.received_at?, request.due?, request.closed_at?);
    let kept = due.duration_since(received) == SignedDuration::from_hours(HOURS)
        && closed <= due
        && !request.overdue;
    kept.then(|| format!("{} s", closed.duration_since(received).as_secs().max(0)))
}
