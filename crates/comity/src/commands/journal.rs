//! `comity journal`: the private record of everything that happened in this node.

use jiff::Timestamp;
use serde::Serialize;

use crate::ctx::{Ctx, Names};
use crate::error::CliError;
use crate::output::{Reply, short, table, time};

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
    },
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
    let Command::List { after, limit } = command;
    let node = ctx.node().await?;
    let names = Names::of(&node).await?;
    let first = after.map_or(0, |after| after.saturating_add(1));
    let lines = node.store().journal_lines(first, limit).await?;
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
    let rows = body.lines.iter().map(|it| {
        let subject =
            it.subject.parse().map_or_else(|_| it.subject.clone(), |root| names.name(root));
        [
            it.number.to_string(),
            time(it.at),
            it.event.clone(),
            short(&it.actor, 30),
            short(&subject, 60),
            short(&it.details.to_string(), 80),
        ]
    });
    let text = table(&heading, rows);
    ctx.reply(&body, text)
}
