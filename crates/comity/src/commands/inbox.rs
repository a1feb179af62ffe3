//! `comity inbox`: what partners' nodes sent, and what became of it.

use comity_exchange::ports::{FolioSubject, InboxRow};
use comity_exchange::{ExchangeError, Node};
use comity_model::statement::RefusedObject;
use comity_model::{Digest, Folio, Refusal, ReleaseRecord};
use jiff::Timestamp;
use serde::Serialize;

use super::release::outcome_word;
use crate::ctx::{Ctx, Names};
use crate::error::CliError;
use crate::lang::Lang;
use crate::output::{Reply, fields, short, table, time, yes_no};

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
        /// Its folio, or the digest of the statement
        #[arg(value_name = "ID")]
        id: String,
    },
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
        Command::Show { id } => show(ctx, &id).await,
    }
}

fn line(names: &Names, row: &InboxRow) -> Line {
    Line {
        digest: row.digest,
        folio: row.folio.clone(),
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

async fn list(ctx: &Ctx, all: bool) -> Result<Reply, CliError> {
    let node = ctx.node().await?;
    let names = Names::of(&node).await?;
    let rows = node.store().inbox(MOST, all).await?;
    let body = Inbox { inbox: rows.iter().map(|row| line(&names, row)).collect() };
    let text = if body.inbox.is_empty() {
        ctx.say("Nothing was taken in.", "No se ha recibido nada.").to_owned()
    } else {
        let heading = [
            "folio",
            ctx.say("kind", "clase"),
            ctx.say("from", "de"),
            ctx.say("sequence", "secuencia"),
            ctx.say("outcome", "resultado"),
            ctx.say("admitted", "admitidos"),
            ctx.say("refused", "rechazados"),
            ctx.say("received", "recepción"),
            ctx.say("receipted", "con acuse"),
        ];
        let rows = body.inbox.iter().map(|it| {
            let folio = it.folio.as_ref().map(ToString::to_string);
            [
                folio.unwrap_or_default(),
                short(&it.kind, 30),
                it.from.clone(),
                it.sequence.to_string(),
                outcome_word(ctx.lang, it.outcome).to_owned(),
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

async fn show(ctx: &Ctx, id: &str) -> Result<Reply, CliError> {
    let node = ctx.node().await?;
    let names = Names::of(&node).await?;
    let missing = || ExchangeError::NotFound {
        what: "statement of a partner",
        name: short(id, 100),
        advice: "`comity inbox list --all` shows folios and digests",
    };
    let digest = match id.parse::<Digest>() {
        Ok(digest) => Some(digest),
        Err(_) => by_folio(&node, id).await?,
    };
    let digest = digest.ok_or_else(missing)?;
    let row = node.store().inbox_row(digest).await?.ok_or_else(missing)?;
    let body =
        Whole { line: line(&names, &row), release: row.release, objects: row.receipt.objects };
    let text = said(ctx, &body);
    ctx.reply(&body, text)
}

/// The statement of a partner that carries what a folio names.
async fn by_folio(node: &Node, text: &str) -> Result<Option<Digest>, CliError> {
    let Ok(folio) = text.parse::<Folio>() else { return Ok(None) };
    Ok(match node.store().by_folio(folio.clone()).await? {
        Some(FolioSubject::Inbox(digest)) => Some(digest),
        Some(FolioSubject::Proposal(id)) => node.store().proposal(id).await?.and_then(|row| {
            let decision = row.decision.filter(|it| it.body.folio == folio);
            let put = (row.folio == folio).then_some(row.statement);
            decision.map(|it| it.statement).or(put)
        }),
        Some(FolioSubject::Release(_)) | None => None,
    })
}

fn said(ctx: &Ctx, body: &Whole) -> String {
    let line = &body.line;
    let mut lines = vec![
        (ctx.say("statement", "declaración"), line.digest.to_string()),
        ("folio", line.folio.as_ref().map(ToString::to_string).unwrap_or_default()),
        (ctx.say("kind", "clase"), line.kind.clone()),
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
        lines.push((ctx.say("objects", "objetos"), release.objects.to_string()));
    }
    let refused = body.objects.iter();
    let refused = refused.map(|it| format!("{}: {} [{}]", it.index, it.pointer, it.code));
    std::iter::once(fields(&lines)).chain(refused).collect::<Vec<_>>().join("\n")
}
