//! `comity legal-hold`: what must be kept is not purged, and nobody reads it.

use comity_exchange::legal_hold::{On, beside, lay, lift};
use comity_exchange::matter::release_statement;
use comity_exchange::ports::LegalHold;
use comity_exchange::{ExchangeError, Node};
use comity_model::Digest;
use comity_model::matter::Grounds;
use serde::Serialize;

use super::recall::GroundsArgs;
use crate::ctx::{Ctx, actor};
use crate::error::CliError;
use crate::output::{Reply, short, table, time};

/// What to do about legal holds.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// Lay a legal hold: what it keeps is not purged, and no reader sees it
    Add {
        /// Everything that partners released of this object
        #[arg(
            long,
            value_name = "ID",
            required_unless_present = "release",
            conflicts_with = "release"
        )]
        object: Option<String>,
        /// Everything that this release of a partner brought, by folio or digest
        #[arg(long, value_name = "RELEASE")]
        release: Option<String>,
        /// Why, in words; stays here
        #[arg(long = "grounds", value_name = "TEXT")]
        text: String,
        /// What the owner is told when the time of what is held comes.
        #[command(flatten)]
        grounds: GroundsArgs,
        /// Who lays it, for the journal (else the login name)
        #[arg(long, value_name = "NAME")]
        by: Option<String>,
    },
    /// Lift a legal hold; what it kept beyond its time is purged at the next sweep
    Lift {
        /// Its number
        #[arg(value_name = "N")]
        number: u64,
        /// Who lifts it, for the journal (else the login name)
        #[arg(long, value_name = "NAME")]
        by: Option<String>,
    },
    /// List the legal holds that are laid, newest first
    List {
        /// Those that were lifted too
        #[arg(long)]
        all: bool,
    },
}

#[derive(Serialize)]
struct Line {
    number: u64,
    object: Option<String>,
    release: Option<Digest>,
    text: String,
    grounds: Grounds,
    rows: u64,
    laid_at: jiff::Timestamp,
    lifted_at: Option<jiff::Timestamp>,
}

#[derive(Serialize)]
struct All {
    legal_holds: Vec<Line>,
}

#[derive(Serialize)]
struct Laid {
    #[serde(flatten)]
    line: Line,
    /// Other legal holds that keep some of the same.
    beside: Vec<u64>,
}

#[derive(Serialize)]
struct Lifted {
    number: u64,
    /// Other legal holds that still keep some of the same.
    beside: Vec<u64>,
}

/// Runs the command.
pub(crate) async fn run(ctx: &Ctx, command: Command) -> Result<Reply, CliError> {
    let node = ctx.node().await?;
    match command {
        Command::Add { object, release, text, grounds, by } => {
            let on = on(&node, object, release).await?;
            let hold = lay(&node, on, &text, &grounds.chosen(), &actor(by)).await?;
            let beside = beside(&node, &hold).await?;
            let body = Laid { line: line(hold), beside };
            let mut text = format!(
                "{} {}; {}: {}",
                ctx.say("Legal hold", "Conservación por mandato legal"),
                body.line.number,
                ctx.say("kept from purge and readers", "a salvo de eliminación y de consulta"),
                body.line.rows
            );
            if !body.beside.is_empty() {
                let beside = ctx.say(
                    "\nEach of these keeps some of it too, and each is lifted for itself",
                    "\nTambién lo conservan en parte, y cada una se levanta por separado",
                );
                text = [&text, beside, ": ", &numbers(&body.beside)].concat();
            }
            ctx.reply(&body, text)
        }
        Command::Lift { number, by } => {
            let beside = lift(&node, number, &actor(by)).await?;
            let mut text = format!(
                "{} {number}",
                ctx.say("Lifted the legal hold", "Se levantó la conservación por mandato legal")
            );
            if !beside.is_empty() {
                let still = ctx.say(
                    "\nSome of it is still kept by",
                    "\nEn parte sigue bajo conservación por mandato legal",
                );
                text = [&text, still, ": ", &numbers(&beside)].concat();
            }
            ctx.reply(&Lifted { number, beside }, text)
        }
        Command::List { all } => {
            let holds = node.store().holds(all).await.map_err(ExchangeError::from)?;
            let body = All { legal_holds: holds.into_iter().map(line).collect() };
            let text = if body.legal_holds.is_empty() {
                ctx.say("There is no legal hold.", "No hay ninguna conservación por mandato legal.")
                    .to_owned()
            } else {
                let heading = [
                    ctx.say("number", "número"),
                    ctx.say("on", "sobre"),
                    ctx.say("objects", "objetos"),
                    ctx.say("laid", "ordenada"),
                    ctx.say("lifted", "levantada"),
                    ctx.say("why", "motivo"),
                ];
                let rows = body.legal_holds.iter().map(|it| {
                    let on = it.object.clone().or_else(|| it.release.map(|it| it.to_string()));
                    [
                        it.number.to_string(),
                        on.unwrap_or_default(),
                        it.rows.to_string(),
                        time(it.laid_at),
                        it.lifted_at.map(time).unwrap_or_default(),
                        short(&it.text, 50),
                    ]
                });
                table(&heading, rows)
            };
            ctx.reply(&body, text)
        }
    }
}

async fn on(node: &Node, object: Option<String>, release: Option<String>) -> Result<On, CliError> {
    Ok(match release {
        Some(name) => On::Release(release_statement(node, &name).await?),
        None => On::Object(object.unwrap_or_default()),
    })
}

fn numbers(holds: &[u64]) -> String {
    holds.iter().map(u64::to_string).collect::<Vec<_>>().join(", ")
}

fn line(hold: LegalHold) -> Line {
    Line {
        number: hold.number,
        object: hold.laid.object,
        release: hold.laid.release,
        text: hold.laid.text,
        grounds: hold.laid.grounds,
        rows: hold.rows,
        laid_at: hold.laid.at,
        lifted_at: hold.lifted_at,
    }
}
