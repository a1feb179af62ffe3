//! `comity proposal history`: everything that happened to a subject, of both parties, in the order of time.

use comity_exchange::access::{Area, Verb};
use comity_exchange::contact::contact_word;
use comity_exchange::ports::{ContactKind, ContactRow};
use comity_exchange::propose::{Event, Happened, ProposalRow, What, find_proposal, history};
use comity_model::statement::ProposalSubject;
use comity_model::{ContactId, Digest, Folio, MatterId};
use jiff::Timestamp;
use serde::Serialize;

use super::shown::subject_word;
use crate::ctx::{Ctx, Names};
use crate::error::CliError;
use crate::lang::Lang;
use crate::looks::Looks;
use crate::output::{Reply, short, table, time};
use crate::templates::language;

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
    #[serde(skip_serializing_if = "Option::is_none")]
    office: Option<String>,
    text: String,
    #[serde(flatten)]
    of: Of,
    #[serde(skip)]
    word: &'static str,
    #[serde(skip)]
    about: String,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Of {
    Proposal {
        proposal: MatterId,
        subject: ProposalSubject,
        legal_basis: Vec<String>,
        reasons: Vec<String>,
        statement: Digest,
    },
    Contact {
        contact: ContactId,
        kind: ContactKind,
        subject: String,
        their_office: String,
    },
}

/// Runs the command.
pub(super) async fn run(ctx: &Ctx, looks: &Looks, name: &str) -> Result<Reply, CliError> {
    let node = ctx.node().await?;
    let names = Names::of(&node).await?;
    let proposal = find_proposal(&node, name).await?;
    looks.note(ctx, &node, Verb::Opened, Area::Matters, [proposal.id]).await?;
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
            short(&it.about, 40),
            short(&it.text, 60),
        ]
    });
    let text = table(&heading, rows);
    ctx.reply(&body, text)
}

fn line(lang: Lang, names: &Names, event: Event) -> Line {
    let Event { at, what } = event;
    match what {
        What::Proposal(happened, row) => said(lang, names, at, happened, *row),
        What::Contact(row) => outside(lang, names, *row),
    }
}

fn said(lang: Lang, names: &Names, at: Timestamp, happened: Happened, row: ProposalRow) -> Line {
    let about = subject_word(lang, row.body.subject).to_owned();
    let (proposal, subject) = (row.id, row.body.subject);
    let decided =
        matches!(happened, Happened::Accepted | Happened::Declined | Happened::DeclinedAgain);
    let (event, word) = (happened.as_str(), word(lang, happened));
    if let Some(it) = row.decision.filter(|_| decided) {
        let (legal_basis, reasons) = (it.body.legal_basis, it.body.reasons);
        let of = Of::Proposal { proposal, subject, legal_basis, reasons, statement: it.statement };
        let (by, office) = (names.name(row.to), Some(it.body.office));
        return Line {
            at,
            event,
            by,
            folio: it.body.folio,
            office,
            text: it.text,
            of,
            word,
            about,
        };
    }
    let (legal_basis, reasons) = (row.body.legal_basis, Vec::new());
    let of = Of::Proposal { proposal, subject, legal_basis, reasons, statement: row.statement };
    let by = names.name(row.from);
    Line { at, event, by, folio: row.folio, office: None, text: row.text, of, word, about }
}

fn outside(lang: Lang, names: &Names, row: ContactRow) -> Line {
    let it = row.contact;
    Line {
        at: it.at,
        event: "contact",
        by: names.name(it.partner),
        folio: row.folio,
        office: Some(it.our_office),
        text: it.said,
        about: it.subject.clone(),
        of: Of::Contact {
            contact: it.id,
            kind: it.kind,
            subject: it.subject,
            their_office: it.their_office,
        },
        word: contact_word(language(lang), it.kind),
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
