//! `comity inbox`: what partners' nodes sent, and what became of it.

use comity_exchange::access::{Area, Verb};
use comity_exchange::ports::InboxRow;
use comity_model::statement::{Kind, ReceiptEntry, RefusedObject};
use comity_model::{Digest, Folio, Refusal, ReleaseRecord};
use jiff::Timestamp;
use serde::Serialize;

use super::reasons::{Reasons, grounds_lines};
use super::release::outcome_word;
use crate::ctx::{Ctx, Names};
use crate::error::CliError;
use crate::lang::Lang;
use crate::looks::Looks;
use crate::output::{Reply, fields, short, table, time, yes_no};

mod contradictions;
mod find;

pub(crate) use find::{brief, claimed as folio_in, folio_of};

/// The most statements that are listed.
const MOST: u32 = 1_000;

/// What to look at.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// List what was taken in, newest first; receipts and checkpoints are left out
    List {
        /// Receipts and checkpoints too
        #[arg(long)]
        all: bool,
    },
    /// Show one statement, and why it or objects in it were refused
    Show {
        /// Its folio, or the digest of the statement, or the beginning of the digest
        #[arg(value_name = "ID")]
        id: String,
        /// Who looks, and what for.
        #[command(flatten)]
        looks: Looks,
    },
    /// List what a partner signed twice although only one can be, or write one of these as a file
    Contradictions(contradictions::Args),
}

#[derive(Serialize)]
struct Line {
    digest: Digest,
    folio: Option<Folio>,
    kind: String,
    from: String,
    sequence: u64,
    outcome: &'static str,
    code: Option<String>,
    admitted: u64,
    refused: u64,
    received_at: Timestamp,
    receipted: bool,
}

#[derive(Serialize)]
struct Inbox {
    inbox: Vec<Line>,
}

#[derive(Serialize)]
struct Whole {
    #[serde(flatten)]
    line: Line,
    release: Option<ReleaseRecord>,
    objects: Vec<RefusedObject>,
}

/// Runs the command.
pub(crate) async fn run(ctx: &Ctx, command: Command) -> Result<Reply, CliError> {
    match command {
        Command::List { all } => list(ctx, all).await,
        Command::Show { id, looks } => show(ctx, &looks, &id).await,
        Command::Contradictions(args) => contradictions::run(ctx, args).await,
    }
}

fn line(names: &Names, row: &InboxRow) -> Line {
    Line {
        digest: row.digest,
        folio: folio_of(row),
        kind: row.kind.clone(),
        from: names.name(row.channel.from),
        sequence: row.sequence,
        outcome: row.receipt.outcome.as_str(),
        code: row.receipt.code.clone(),
        admitted: row.receipt.admitted,
        refused: row.receipt.refused,
        received_at: row.receipt.received_at,
        receipted: row.receipted,
    }
}

/// What became of a statement, with the code of the whole or of the first object that was refused.
pub(crate) fn outcome(lang: Lang, receipt: &ReceiptEntry) -> String {
    let word = outcome_word(lang, receipt.outcome.as_str());
    let of_object = || receipt.objects.first().map(|it| &it.code);
    let code = receipt.code.as_ref().or_else(of_object);
    code.map_or_else(|| word.to_owned(), |code| format!("{word} [{code}]"))
}

/// What a kind of statement is called; the wire's word for one that is not known.
pub(crate) fn kind_word(lang: Lang, kind: &str) -> String {
    let spanish = match (lang, Kind::from_word(kind)) {
        (Lang::En, _) | (Lang::Es, None) => return short(kind, 30),
        (Lang::Es, Some(kind)) => match kind {
            Kind::Release => "entrega",
            Kind::Receipt => "acuse de recibo",
            Kind::Recall => "solicitud de retiro",
            Kind::RecallAnswer => "respuesta a una solicitud de retiro",
            Kind::Purge => "constancia de eliminación",
            Kind::Request => "solicitud de información",
            Kind::Clarification => "aclaración",
            Kind::Answer => "respuesta",
            Kind::Consent => "solicitud de consentimiento",
            Kind::ConsentAnswer => "respuesta sobre el consentimiento",
            Kind::Proposal => "propuesta",
            Kind::Decision => "determinación",
            Kind::Advice => "asesoría técnica",
            Kind::Agreement => "acuerdo",
            Kind::Descriptor => "descriptor",
            Kind::Suspension => "suspensión",
            Kind::Termination => "terminación",
            Kind::Checkpoint => "corte firmado",
        },
    };
    spanish.to_owned()
}

async fn list(ctx: &Ctx, all: bool) -> Result<Reply, CliError> {
    let node = ctx.node().await?;
    let names = Names::of(&node).await?;
    let rows = node.store().inbox(MOST, all).await?;
    let body = Inbox { inbox: rows.iter().map(|row| line(&names, row)).collect() };
    let text = if body.inbox.is_empty() {
        ctx.say("Nothing was taken in.", "No se ha recibido nada.").to_owned()
    } else {
        let heading = [
            ctx.say("folio or digest", "folio o resumen"),
            ctx.say("kind", "clase"),
            ctx.say("from", "de"),
            ctx.say("sequence", "secuencia"),
            ctx.say("outcome", "resultado"),
            ctx.say("admitted", "admitidos"),
            ctx.say("refused", "rechazados"),
            ctx.say("received", "recepción"),
            ctx.say("receipted", "con acuse"),
        ];
        let rows = body.inbox.iter().zip(&rows).map(|(it, row)| {
            let folio = it.folio.as_ref().map(ToString::to_string);
            [
                folio.unwrap_or_else(|| brief(&it.digest)),
                kind_word(ctx.lang, &it.kind),
                it.from.clone(),
                it.sequence.to_string(),
                outcome(ctx.lang, &row.receipt),
                it.admitted.to_string(),
                it.refused.to_string(),
                time(it.received_at),
                yes_no(ctx.lang, it.receipted).to_owned(),
            ]
        });
        table(&heading, rows)
    };
    ctx.reply(&body, text)
}

async fn show(ctx: &Ctx, looks: &Looks, id: &str) -> Result<Reply, CliError> {
    let node = ctx.node().await?;
    let names = Names::of(&node).await?;
    let row = find::find(&node, id).await?;
    looks.note(ctx, &node, Verb::Opened, Area::Inbox, shown(&row)).await?;
    let body =
        Whole { line: line(&names, &row), release: row.release, objects: row.receipt.objects };
    let reasons = Reasons::of(&node, row.channel.agreement).await?;
    let text = said(ctx, &body, &reasons);
    ctx.reply(&body, text)
}

/// What is shown of a statement: its digest, and its folio where it has one.
fn shown(row: &InboxRow) -> Vec<String> {
    let folio = folio_of(row).map(|it| it.to_string());
    std::iter::once(row.digest.to_string()).chain(folio).collect()
}

fn said(ctx: &Ctx, body: &Whole, reasons: &Reasons) -> String {
    let line = &body.line;
    let mut lines = vec![
        (ctx.say("statement", "declaración"), line.digest.to_string()),
        ("folio", line.folio.as_ref().map(ToString::to_string).unwrap_or_default()),
        (ctx.say("kind", "clase"), kind_word(ctx.lang, &line.kind)),
        (ctx.say("from", "de"), line.from.clone()),
        (ctx.say("sequence", "secuencia"), line.sequence.to_string()),
        (ctx.say("received", "recepción"), time(line.received_at)),
        (ctx.say("outcome", "resultado"), outcome_word(ctx.lang, line.outcome).to_owned()),
        (ctx.say("admitted", "admitidos"), line.admitted.to_string()),
        (ctx.say("refused", "rechazados"), line.refused.to_string()),
        (ctx.say("receipted", "con acuse"), yes_no(ctx.lang, line.receipted).to_owned()),
    ];
    if let Some(code) = &line.code {
        let why = Refusal::from_code(code).map(|it| match ctx.lang {
            Lang::En => it.english(),
            Lang::Es => it.spanish(),
        });
        lines.push((ctx.say("why", "motivo"), format!("{} [{code}]", why.unwrap_or_default())));
    }
    if let Some(release) = &body.release {
        lines.push((ctx.say("clause", "cláusula"), release.clause.clone()));
        lines.push((ctx.say("purpose", "finalidad"), release.purpose.clone()));
        lines.extend(grounds_lines(ctx, &release.grounds, reasons));
        lines.push((ctx.say("objects", "objetos"), release.objects.to_string()));
    }
    let refused = body.objects.iter();
    let refused = refused.map(|it| format!("{}: {} [{}]", it.index, it.pointer, it.code));
    std::iter::once(fields(&lines)).chain(refused).collect::<Vec<_>>().join("\n")
}
