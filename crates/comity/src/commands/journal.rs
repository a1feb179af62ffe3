//! `comity journal`: the private record of everything that happened in this node.

use std::path::PathBuf;

use comity_exchange::access::{Area, Verb};
use comity_exchange::journal;
use jiff::Timestamp;
use serde::Serialize;

use crate::ctx::{Ctx, Names};
use crate::error::CliError;
use crate::files;
use crate::looks::Looks;
use crate::output::{Reply, short, table, time};

mod access;
mod details;
mod words;

pub(crate) use access::verb;
pub(crate) use words::event as event_word;

/// What to look at.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// List lines of the journal, oldest first
    List {
        /// Only lines after this number
        #[arg(long, value_name = "N")]
        after: Option<u64>,
        /// How many to show, 1 to 10000 (else 100)
        #[arg(long, value_name = "N", default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=10_000))]
        limit: u32,
        /// Who looks, and what for.
        #[command(flatten)]
        looks: Looks,
    },
    /// Show who searched, opened, exported and printed what, newest first, with what for
    Access(access::Args),
    /// Sign a checkpoint of the journal as it is now; `serve` does it once a minute
    Sign,
    /// Prove that a line stands in the journal under its last signed checkpoint
    Prove {
        /// The number of the line
        #[arg(value_name = "N")]
        number: u64,
        /// Write the proof into this file (C2SP tlog-proof)
        #[arg(long, short, value_name = "FILE")]
        out: Option<PathBuf>,
        /// Who looks, and what for.
        #[command(flatten)]
        looks: Looks,
    },
}

#[derive(Serialize)]
struct Head {
    origin: String,
    size: u64,
    checkpoint: String,
}

#[derive(Serialize)]
struct Proven {
    number: u64,
    /// The size of the checkpoint.
    size: u64,
    /// The exact row, as text.
    row: String,
    /// The salt of the row, 32 bytes in hexadecimal: SHA-256(salt || row) is the data of the leaf.
    salt: String,
    tlog_proof: String,
}

#[derive(Serialize)]
struct Line {
    number: u64,
    at: Timestamp,
    event: String,
    subject: String,
    actor: String,
    details: serde_json::Value,
    leaf: String,
}

#[derive(Serialize)]
struct Lines {
    lines: Vec<Line>,
}

/// Runs the command.
pub(crate) async fn run(ctx: &Ctx, command: Command) -> Result<Reply, CliError> {
    match command {
        Command::List { after, limit, looks } => list(ctx, &looks, after, limit).await,
        Command::Access(args) => access::run(ctx, args).await,
        Command::Sign => sign(ctx).await,
        Command::Prove { number, out, looks } => prove(ctx, &looks, number, out).await,
    }
}

async fn sign(ctx: &Ctx) -> Result<Reply, CliError> {
    let (node, _) = ctx.unlocked().await?;
    let (size, checkpoint) = journal::sign(&node).await?;
    let body = Head { origin: journal::origin(&node), size, checkpoint };
    let lines =
        ctx.say("lines of the journal are signed", "líneas de la bitácora interna firmadas");
    let text = format!("{size} {lines}\n{}", body.checkpoint);
    ctx.reply(&body, text)
}

async fn prove(
    ctx: &Ctx,
    looks: &Looks,
    number: u64,
    out: Option<PathBuf>,
) -> Result<Reply, CliError> {
    let node = ctx.node().await?;
    let proven = journal::prove(&node, number).await?;
    let verb = if out.is_some() { Verb::Exported } else { Verb::Opened };
    looks.note(ctx, &node, verb, Area::Audit, [number]).await?;
    let body = Proven {
        number,
        size: proven.proof.checkpoint().size(),
        row: String::from_utf8_lossy(&proven.row.row).into_owned(),
        salt: comity_model::digest::to_hex(&proven.row.salt),
        tlog_proof: proven.proof.to_string(),
    };
    if let Some(path) = &out {
        files::write_private(path, body.tlog_proof.as_bytes())?;
    }
    let stands = ctx.say(
        "the line stands under the signed checkpoint of size",
        "la línea está bajo el corte firmado de tamaño",
    );
    let text = format!(
        "{stands} {}\n{}: {}\n{}: {}\n\n{}",
        body.size,
        ctx.say("row", "línea"),
        body.row,
        ctx.say("salt", "sal"),
        body.salt,
        body.tlog_proof
    );
    ctx.reply(&body, text)
}

/// The journal names who did what: whoever reads it leaves a line too, with how many were shown and from which on.
async fn list(ctx: &Ctx, looks: &Looks, after: Option<u64>, limit: u32) -> Result<Reply, CliError> {
    let node = ctx.node().await?;
    let names = Names::of(&node).await?;
    let first = after.map_or(0, |after| after.saturating_add(1));
    let lines = node.store().journal_lines(first, limit).await?;
    looks.listed(ctx, &node, Area::Audit, first, lines.len()).await?;
    let body = Lines {
        lines: lines
            .into_iter()
            .map(|it| Line {
                number: it.number,
                at: it.entry.at,
                event: it.entry.event,
                subject: it.entry.subject,
                actor: it.entry.actor,
                details: it.entry.details,
                leaf: comity_model::digest::to_hex(&it.leaf),
            })
            .collect(),
    };
    let heading = [
        ctx.say("number", "número"),
        ctx.say("at", "fecha"),
        ctx.say("event", "suceso"),
        ctx.say("by", "por"),
        ctx.say("about", "sobre"),
        ctx.say("details", "detalles"),
    ];
    let party = |root| names.name(root);
    let reader = details::Reader { lang: ctx.lang, party: &party };
    let rows = body.lines.iter().map(|it| {
        let subject =
            it.subject.parse().map_or_else(|_| it.subject.clone(), |root| names.name(root));
        [
            it.number.to_string(),
            time(it.at),
            words::event(ctx.lang, &it.event),
            short(if it.actor == "node" { ctx.say("node", "nodo") } else { &it.actor }, 30),
            short(&subject, 60),
            short(&reader.said(&it.details), 80),
        ]
    });
    let text = table(&heading, rows);
    ctx.reply(&body, text)
}
