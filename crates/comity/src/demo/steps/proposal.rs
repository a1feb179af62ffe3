//! A joint operation is proposed, declined, spoken about outside the system, put again and declined again. What both
//! parties said is the same history on both sides; the contact stays where it was entered.

use comity_exchange::ports::Clock as _;
use jiff::SignedDuration;
use serde_json::json;

use super::pick;
use crate::clock::SystemClock;
use crate::demo::answers::{Contact, Decision, Event, History, Proposal, Put, Report};
use crate::demo::failure::{DemoError, Result};
use crate::demo::narrator::Told;
use crate::demo::party::Party;
use crate::demo::stage::{Stage, until};

/// What `us` puts.
const TEXT: &str = "A joint operation at the port of discharge when the consignment arrives.";
/// What `us` puts again.
const AGAIN: &str = "The same, with the joint presence limited to the port's customs area.";
/// Why `mx` declines.
const GROUNDS: &str = "La cooperación se limita al intercambio de información y a la asesoría técnica; \
     toda actuación en territorio nacional corresponde a sus autoridades.";
/// The reason from the agreement's list.
const REASON: &str = "outside-scope";
/// Who decides at `mx`.
const OFFICE: &str = "oficina de asuntos jurídicos";
/// What was said on the telephone.
const SAID: &str = "Preguntaron por la determinación; se les remitió a ella.";
/// How long the template for Mexico gives for the report on a contact.
const DAYS: i64 = 3;

pub(super) async fn play(stage: &mut Stage) -> Result<Told> {
    let (us, mx) = (&stage.us, &stage.mx);
    let basis = stage.examples.legal_basis(&stage.agreement)?;
    let (first, declined) = round(us, mx, &["--text", TEXT], &basis).await?;
    let (contact, due) = contact(mx, &first).await?;
    let due = due.strftime("%F %H:%M UTC");
    let again = ["--text", AGAIN, "--again", first.as_str()];
    let (second, again) = round(us, mx, &again, &basis).await?;
    let events = history(us, mx, &second).await?;
    Ok(Told {
        line: pick(
            stage.lang,
            format!(
                "us proposes a joint operation: {first} is declined, put again as {second}, and declined again"
            ),
            format!(
                "us propone una operación conjunta: {first} no se acepta, se presenta otra vez como {second} y no se acepta"
            ),
        ),
        details: vec![
            format!("{} {basis} ({OFFICE})", pick(stage.lang, "legal basis:", "fundamento:")),
            format!("{} {GROUNDS} ({REASON})", pick(stage.lang, "reasons:", "motivación:")),
            pick(
                stage.lang,
                format!(
                    "the history has {} statements, the same on both sides; the call {contact} is in mx alone, its report due by {due}",
                    events.len()
                ),
                format!(
                    "la historia tiene {} declaraciones, iguales en ambas partes; la llamada {contact} consta solo en mx, su informe vence el {due}",
                    events.len()
                ),
            ),
        ],
        facts: json!({
            "proposals": [first, second],
            "decisions": [declined, again],
            "contact": contact,
            "history": events,
        }),
    })
}

/// `us` puts it, `mx` declines, and both read the same decision.
async fn round(us: &Party, mx: &Party, put: &[&str], basis: &str) -> Result<(String, Decision)> {
    let put: Put = us
        .ask(["proposal", "put", "--to", mx.handle, "--subject", "joint-operation"])
        .args(put)
        .args(["--legal-basis", basis, "--by", us.analyst])
        .json()
        .await?;
    let folio = put.folio;
    let proposal = until(format!("{folio} to arrive at `mx`"), async || {
        mx.ask(["proposal", "show", &folio]).found::<Proposal>().await
    })
    .await?;
    if proposal.subject != "joint-operation" || proposal.decision.is_some() {
        return Err(DemoError::story(format!("{folio} arrived as something else, or decided")));
    }
    mx.ask(["proposal", "decide", &folio, "--decline", "--grounds", GROUNDS])
        .args(["--reason", REASON, "--legal-basis", basis])
        .args(["--office", OFFICE, "--by", mx.analyst])
        .done()
        .await?;
    let taken: Proposal = mx.ask(["proposal", "show", &folio]).json().await?;
    let seen = until(format!("the decision on {folio} to arrive at `us`"), async || {
        Ok(us.ask(["proposal", "show", &folio]).json::<Proposal>().await?.decision)
    })
    .await?;
    let whole = seen.decided == "declined"
        && seen.text == GROUNDS
        && seen.reasons == [REASON]
        && seen.legal_basis == [basis];
    if whole && taken.decision.as_ref() == Some(&seen) {
        return Ok((folio, seen));
    }
    Err(DemoError::story(format!("`us` reads another decision on {folio} than `mx` took")))
}

/// A call outside the system, entered at `mx` and reported by the national template. Gives its folio and when the
/// report was due.
async fn contact(mx: &Party, proposal: &str) -> Result<(String, jiff::Timestamp)> {
    let at = SystemClock.now();
    let call: Contact = mx
        .ask(["contact", "add", "--with", "us", "--kind", "call", "--at", &at.to_string()])
        .args(["--our-office", OFFICE, "--their-office", "release desk"])
        .args(["--subject", "La propuesta de operación conjunta", "--said", SAID])
        .args(["--authorised-by", "oficina de asuntos jurídicos/EJ-001"])
        .args(["--proposal", proposal, "--by", mx.analyst])
        .json()
        .await?;
    let report: Report = mx
        .ask(["contact", "report", &call.folio, "--template", "mx", "--out", "mx.contact.txt"])
        .args(["--by", mx.analyst])
        .json()
        .await?;
    let days = SignedDuration::from_hours(24 * DAYS);
    match report.due.filter(|due| report.recorded && due.duration_since(at) == days) {
        Some(due) => Ok((call.folio, due)),
        None => Err(DemoError::story(format!("{} is not due in {DAYS} days", call.folio))),
    }
}

/// What both sides tell of the subject. Gives what they share.
async fn history(us: &Party, mx: &Party, proposal: &str) -> Result<Vec<Event>> {
    let (ours, theirs): (History, History) = tokio::try_join!(
        us.ask(["proposal", "history", proposal]).json(),
        mx.ask(["proposal", "history", proposal]).json(),
    )?;
    let (contacts, said): (Vec<Event>, Vec<Event>) =
        theirs.events.into_iter().partition(|it| it.contact.is_some());
    let stated = said.iter().all(|it| it.statement.is_some());
    if stated && said.len() == 4 && said == ours.events && contacts.len() == 1 {
        return Ok(said);
    }
    let (ours, theirs) = (ours.events.len(), said.len() + contacts.len());
    let message = format!("the history of {proposal} has {ours} events at `us`, {theirs} at `mx`");
    Err(DemoError::story(message))
}
