//! `comity agreement list` and `show`: the versions that are here, how the agreement stands, and what was said about it.

use comity_exchange::agreement::{self, Life, life};
use comity_exchange::ports::{AgreementEvent, AgreementRecord};
use comity_exchange::{ExchangeError, Node};
use comity_model::conduct::{Change, Heard};
use comity_model::{AgreementId, Digest, Folio, Refusal};
use comity_policy::Agreement;
use jiff::Timestamp;
use serde::Serialize;

use super::{folio, named, signatures};
use crate::commands::reasons::Reasons;
use crate::ctx::{Ctx, Names};
use crate::error::CliError;
use crate::lang::Lang;
use crate::output::{Reply, fields, short, table, time, yes_no};

#[derive(Serialize)]
struct Listed {
    folio: Option<Folio>,
    id: AgreementId,
    version: u32,
    partner: String,
    title: String,
    digest: Digest,
    state: &'static str,
    from: String,
    until: String,
}

#[derive(Serialize)]
struct All {
    agreements: Vec<Listed>,
}

#[derive(Serialize)]
struct Shown {
    #[serde(flatten)]
    newest: Listed,
    signed_here: bool,
    signed_by_partner: bool,
    phase: &'static str,
    active: u32,
    suspended_by: Vec<String>,
    text: String,
    versions: Vec<Listed>,
    events: Vec<Said>,
}

/// One thing that was said about the agreement.
#[derive(Serialize)]
struct Said {
    event: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<u32>,
    folio: Folio,
    from: String,
    at: Timestamp,
    received_at: Option<Timestamp>,
    legal_basis: Vec<String>,
    reasons: Vec<String>,
    text: Option<String>,
    statement: Digest,
    /// Whether the other party refused it, so that it has no effect.
    refused: bool,
    /// The code with which the partner refused what this party said.
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<String>,
}

/// Lists every version.
pub(super) async fn list(ctx: &Ctx) -> Result<Reply, CliError> {
    let node = ctx.node().await?;
    let names = Names::of(&node).await?;
    let mut agreements = Vec::new();
    for record in node.store().agreements().await.map_err(ExchangeError::from)? {
        let life = life(&node, record.reference.id, node.now()).await?;
        agreements.push(listed(&names, &life, &record)?);
    }
    let text = if agreements.is_empty() {
        ctx.say(
            "There is no agreement. `comity agreement new --with HANDLE` drafts one.",
            "No hay ningún acuerdo. `comity agreement new --with CLAVE` redacta un proyecto.",
        )
        .to_owned()
    } else {
        versions_table(ctx, &agreements)
    };
    ctx.reply(&All { agreements }, text)
}

/// Shows one agreement.
pub(super) async fn show(ctx: &Ctx, id: &str) -> Result<Reply, CliError> {
    let node = ctx.node().await?;
    let names = Names::of(&node).await?;
    let (id, version) = named::with_version(id)?;
    let newest = named::newest(&node, id).await?;
    let life = life(&node, newest.reference.id, node.now()).await?;
    let newest = match version {
        Some(version) => {
            let mut versions = life.versions.iter();
            let found = versions.find(|it| it.reference.version == version).cloned();
            found.ok_or_else(|| named::no_version(newest.reference.id, version))?
        }
        None => newest,
    };
    let (signed_here, signed_by_partner) = signatures(&node, &newest).await?;
    let mut events = Vec::with_capacity(life.events.len());
    for event in &life.events {
        let code = refusal_code(&node, event).await?;
        events.push(said(&names, event, code));
    }
    let body = Shown {
        newest: listed(&names, &life, &newest)?,
        signed_here,
        signed_by_partner,
        phase: life.phase.as_str(),
        active: life.active,
        suspended_by: life.suspended_by.iter().map(|root| names.name(*root)).collect(),
        text: newest.text.clone(),
        versions: life
            .versions
            .iter()
            .map(|it| listed(&names, &life, it))
            .collect::<Result<Vec<_>, _>>()?,
        events,
    };
    let mut lines = vec![
        (ctx.say("digest", "resumen"), body.newest.digest.to_string()),
        (ctx.say("signed here", "firmado aquí"), yes_no(ctx.lang, signed_here).to_owned()),
        (
            ctx.say("signed by the partner", "firmado por la contraparte"),
            yes_no(ctx.lang, signed_by_partner).to_owned(),
        ),
        (ctx.say("state", "estado"), state_word(ctx, body.phase).to_owned()),
    ];
    if !body.suspended_by.is_empty() {
        lines.push((ctx.say("suspended by", "suspendido por"), body.suspended_by.join(", ")));
    }
    let mut parts = vec![versions_table(ctx, &body.versions), fields(&lines)];
    let listed = Reasons::of(&node, newest.reference.id).await?;
    parts.extend(body.events.iter().map(|it| event_lines(ctx, it, &listed)));
    parts.push(body.text.clone());
    ctx.reply(&body, parts.join("\n\n"))
}

fn listed(names: &Names, life: &Life, record: &AgreementRecord) -> Result<Listed, CliError> {
    let agreement: Agreement = agreement::read(&record.text, "the stored agreement")
        .map_err(|error| ExchangeError::Damaged(error.to_string()))?;
    Ok(Listed {
        folio: record.folio.clone(),
        id: record.reference.id,
        version: record.reference.version,
        partner: names.name(record.partner),
        title: agreement.title.clone(),
        digest: record.reference.digest,
        state: life.state_of(record),
        from: agreement.in_force.from.to_string(),
        until: agreement.in_force.until.to_string(),
    })
}

/// The code with which the partner refused something that this party said about an agreement.
pub(in crate::commands) async fn refusal_code(
    node: &Node,
    event: &AgreementEvent,
) -> Result<Option<String>, CliError> {
    if !event.own || event.heard != Heard::Refused {
        return Ok(None);
    }
    let row = node.store().outbound(event.statement).await.map_err(ExchangeError::from)?;
    Ok(row.and_then(|row| row.receipt?.code))
}

/// What a code of refusal means, for people, and the code.
pub(in crate::commands) fn refusal_words(lang: Lang, code: &str) -> String {
    match Refusal::from_code(code) {
        Some(refusal) => format!("{} ({code})", lang.pick(refusal.english(), refusal.spanish())),
        None => code.to_owned(),
    }
}

fn said(names: &Names, event: &AgreementEvent, code: Option<String>) -> Said {
    let change = event.body.change();
    let grounds = event.body.grounds().cloned().unwrap_or_default();
    Said {
        event: change.as_str(),
        version: match change {
            Change::Offered(version) | Change::Activated(version) => Some(version),
            Change::Suspended | Change::Lifted | Change::Terminated => None,
        },
        folio: event.folio.clone(),
        from: names.name(event.from),
        at: event.at,
        received_at: event.received_at,
        legal_basis: grounds.legal_basis,
        reasons: grounds.reasons,
        text: event.text.clone(),
        statement: event.statement,
        refused: event.heard == Heard::Refused,
        code,
    }
}

fn event_lines(ctx: &Ctx, said: &Said, listed: &Reasons) -> String {
    let word = match (ctx.lang, said.event) {
        (Lang::En, "offered") => "text sent",
        (Lang::En, word) => word,
        (Lang::Es, "offered") => "texto enviado",
        (Lang::Es, "activated") => "entra a regir",
        (Lang::Es, "suspended") => "suspendido",
        (Lang::Es, "lifted") => "suspensión levantada",
        (Lang::Es, _) => "terminado",
    };
    let version = said.version.map(|it| format!(" {it}")).unwrap_or_default();
    let mut lines = vec![
        (ctx.say("event", "hecho"), format!("{word}{version} ({})", said.folio)),
        (ctx.say("by", "por"), said.from.clone()),
        (ctx.say("at", "fecha"), time(said.at)),
    ];
    if let Some(code) = &said.code {
        lines.push((ctx.say("refused", "negado"), refusal_words(ctx.lang, code)));
    }
    if !said.legal_basis.is_empty() {
        lines.push((ctx.say("legal basis", "fundamento"), said.legal_basis.join("; ")));
    }
    if !said.reasons.is_empty() {
        lines.push((ctx.say("reasons", "motivación"), listed.texts(ctx.lang, &said.reasons)));
    }
    let fields = fields(&lines);
    match &said.text {
        Some(text) => format!("{fields}\n\n{}", text.trim_end()),
        None => fields,
    }
}

fn versions_table(ctx: &Ctx, agreements: &[Listed]) -> String {
    let heading = [
        "folio",
        ctx.say("agreement", "acuerdo"),
        ctx.say("version", "versión"),
        ctx.say("partner", "contraparte"),
        ctx.say("state", "estado"),
        ctx.say("from", "desde"),
        ctx.say("until", "hasta"),
        ctx.say("title", "título"),
    ];
    let rows = agreements.iter().map(|it| {
        [
            folio(it.folio.as_ref()),
            it.id.to_string(),
            it.version.to_string(),
            it.partner.clone(),
            state_word(ctx, it.state).to_owned(),
            it.from.clone(),
            it.until.clone(),
            short(&it.title, 60),
        ]
    });
    table(&heading, rows)
}

/// The word for the state of a version, or the phase of an agreement, for people.
pub(super) fn state_word<'a>(ctx: &Ctx, state: &'a str) -> &'a str {
    match (ctx.lang, state) {
        (Lang::Es, "draft") => "proyecto",
        (Lang::Es, "signed") => "firmado, sin regir",
        (Lang::Es, "superseded") => "sustituido",
        (Lang::Es, "in-force") => "vigente",
        (Lang::Es, "suspended") => "suspendido",
        (Lang::Es, "not-begun") => "aún no vigente",
        (Lang::Es, "ended") => "concluido",
        (Lang::Es, "activation-refused") => "la contraparte rechazó que rija",
        (Lang::Es, "never-active") => "nunca rigió",
        (Lang::En, "activation-refused") => "the partner refused its activation",
        (Lang::En, "never-active") => "never active",
        (Lang::En, "signed") => "signed, not active",
        (Lang::En, "in-force") => "in force",
        (Lang::En, "not-begun") => "not begun",
        (_, state) => state,
    }
}
