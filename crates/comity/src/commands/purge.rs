//! `comity purge`: what a partner released goes when its time is over, and its owner is told.

use comity_exchange::access::forget;
use comity_exchange::purge::{all, due, sweep};
use serde::Serialize;

use super::matters::{Summary, stage_word};
use super::recall::GroundsArgs;
use crate::config::Config;
use crate::ctx::{Ctx, Names, actor};
use crate::error::CliError;
use crate::output::{Reply, table, time};

/// What to do about purges.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// Purge now what expired and tell its owners; a node that serves does it unasked, once a minute
    Run {
        /// Say what would be purged, and purge nothing
        #[arg(long)]
        dry_run: bool,
        /// On what it rests.
        #[command(flatten)]
        grounds: GroundsArgs,
        /// Who asks for it, for the journal (else the login name)
        #[arg(long, value_name = "NAME")]
        by: Option<String>,
    },
    /// List the purge statements of both sides, newest first
    List {
        /// How many to show, 1 to 10000 (else 50)
        #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=10_000))]
        limit: u32,
    },
}

#[derive(Serialize)]
struct Ran {
    dry_run: bool,
    purged: u64,
    told: u64,
    untold: u64,
}

#[derive(Serialize)]
struct All {
    purges: Vec<Summary>,
}

/// Runs the command.
pub(crate) async fn run(ctx: &Ctx, command: Command) -> Result<Reply, CliError> {
    match command {
        Command::Run { dry_run: true, .. } => {
            let node = ctx.node().await?;
            let body = Ran { dry_run: true, purged: due(&node).await?, told: 0, untold: 0 };
            let text = format!(
                "{}: {}",
                ctx.say("Objects that would be purged", "Objetos que se eliminarían"),
                body.purged
            );
            ctx.reply(&body, text)
        }
        Command::Run { grounds, by, .. } => {
            let (node, _) = ctx.unlocked().await?;
            let swept = sweep(&node, &grounds.chosen(), &actor(by)).await?;
            forget(&node, Config::load(&ctx.data)?.access.keep_words()).await?;
            let body = Ran {
                dry_run: false,
                purged: swept.purged,
                told: swept.told,
                untold: swept.untold,
            };
            let mut text = format!(
                "{}: {}; {}: {}",
                ctx.say("Objects purged", "Objetos eliminados"),
                body.purged,
                ctx.say("purge statements sealed", "avisos de eliminación sellados"),
                body.told
            );
            if body.untold > 0 {
                let more = ctx.say(
                    "releases whose owner cannot be told now",
                    "entregas cuya parte de origen no puede ser avisada ahora",
                );
                text = format!("{text}; {more}: {}", body.untold);
            }
            ctx.reply(&body, text)
        }
        Command::List { limit } => {
            let node = ctx.node().await?;
            let names = Names::of(&node).await?;
            let mut purges = Vec::new();
            for row in all(&node, limit).await? {
                purges.push(Summary::of(&node, &names, &row)?);
            }
            let body = All { purges };
            let text = if body.purges.is_empty() {
                ctx.say("There is no purge statement.", "No hay ningún aviso de eliminación.")
                    .to_owned()
            } else {
                let heading = [
                    "folio",
                    ctx.say("from", "de"),
                    ctx.say("to", "para"),
                    ctx.say("sealed", "sellado"),
                    ctx.say("state", "estado"),
                ];
                let rows = body.purges.iter().map(|it| {
                    [
                        it.folio.to_string(),
                        it.from.clone(),
                        it.to.clone(),
                        time(it.opened_at),
                        stage_word(ctx.lang, it.standing).to_owned(),
                    ]
                });
                table(&heading, rows)
            };
            ctx.reply(&body, text)
        }
    }
}
