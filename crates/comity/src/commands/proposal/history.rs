//! `comity proposal history`: everything that happened to a subject, of both parties, in the order of time.

use comity_exchange::propose::{Event, Happened, find_proposal, history};
use comity_model::statement::ProposalSubject;
use comity_model::{Digest, Folio, MatterId};
use jiff::Timestamp;
use serde::Serialize;

use super::shown::subject_word;
use crate::ctx::{Ctx, Names};
use crate::error::CliError;
use crate::lang::Lang;
use crate::output::{Reply, short, table, time};

#[derive(Serialize)]
struct Body {
    events: Vec<Line>,
}

#[derive(Serialize)]
struct Line {
    at: Timestamp,
    event: &'static str,
    by: String,
    folio: Folio,
    proposal: MatterId,
    subject: ProposalSubject,
    #[serde(skip_serializing_if = "Option::is_none")]
    office: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    legal_basis: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    reasons: Vec<String>,
    text: String,
    statement: Digest,
    #[serde(skip)]
    word: &'static str,
}

/// Runs the command.
pub(super) async fn run(ctx: &Ctx, name: &str) -> Result<Reply, CliError> {
    let node = ctx.node().await?;
    let names = Names::of(&node).await?;
    let proposal = find_proposal(&node, name).await?;
    let events = history(&node, &proposal).await?;
    let body = Body { events: events.into_iter().map(|it| line(ctx.lang, &names, it)).collect() };
    let heading = [
        ctx.say("when", "cuándo"),
        ctx.say("what", "qué"),
        ctx.say("by", "por"),
        "folio",
        ctx.say("subject", "asunto"),
        ctx.say("text", "texto"),
    ];
    let rows = body.events.iter().map(|it| {
        let by = match &it.office {
            Some(office) => format!("{}, {office}", it.by),
            None => it.by.clone(),
        };
        [
            time(it.at),
            it.word.to_owned(),
            by,
            it.folio.to_string(),
            subject_word(ctx.lang, it.subject).to_owned(),
            short(&it.text, 60),
        ]
    });
    let text = table(&heading, rows);
    ctx.reply(&body, text)
}

fn line(lang: Lang, names: &Names, event: Event) -> Line {
    let Event { at, happened, proposal } = event;
    let put = Line {
        at,
        event: happened.as_str(),
        by: names.name(proposal.from),
        folio: proposal.folio,
        proposal: proposal.id,
        subject: proposal.body.subject,
        office: None,
        legal_basis: proposal.body.legal_basis,
        reasons: Vec::new(),
        text: proposal.text,
        statement: proposal.statement,
        word: word(lang, happened),
    };
    match (happened, proposal.decision) {
        (Happened::Accepted | Happened::Declined | Happened::DeclinedAgain, Some(it)) => Line {
            by: names.name(proposal.to),
            folio: it.body.folio,
            office: Some(it.body.office),
            legal_basis: it.body.legal_basis,
            reasons: it.body.reasons,
            text: it.text,
            statement: it.statement,
            ..put
        },
        _ => put,
    }
}

const fn word(lang: Lang, happened: Happened) -> &'static str {
    match happened {
        Happened::Put => lang.pick("put", "presentada"),
        Happened::PutAgain => lang.pick("put again", "reiterada"),
        Happened::Countered => lang.pick("countered", "contrapropuesta"),
        Happened::Accepted => lang.pick("accepted", "aceptada"),
        Happened::Declined => lang.pick("declined", "no aceptada"),
        Happened::DeclinedAgain => lang.pick("declined again", "no aceptada, de nuevo"),
    }
}
