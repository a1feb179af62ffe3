//! `comity record check`: everything computed anew, from the node or from exported files.

use std::path::PathBuf;

use comity_exchange::record::{self, CheckedLog, Fault};
use comity_exchange::{Node, partner};
use comity_log::note::VerifierKey;
use serde::Serialize;

use super::pinned::Trusted;
use super::{digest, direction, find, folder, name, words};
use crate::commands::verify::Pinned;
use crate::ctx::{Ctx, Names};
use crate::error::{CliError, Exit};
use crate::output::{Reply, table};

/// What to check.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Only the channels with this partner, and the journal
    #[arg(long, value_name = "HANDLE", conflicts_with = "tiles")]
    partner: Option<String>,
    /// Only this channel: `to-mx`, `from-mx`, `to-mx@1` for its first epoch, or its whole name
    #[arg(long, value_name = "CHANNEL", conflicts_with_all = ["tiles", "partner"])]
    channel: Option<String>,
    /// Check the files that `record export` wrote into this folder; needs no node
    #[arg(long, value_name = "DIR")]
    tiles: Option<PathBuf>,
    /// A verifier key that you know for certain, as `record tree --json` prints it; may be given several times
    #[arg(long = "key", value_name = "KEY", requires = "tiles", value_parser = key)]
    keys: Vec<VerifierKey>,
    /// A party's root as you know it for certain, under a name of your own: us=sha256:...; may be given several times
    #[arg(long = "root", value_name = "HANDLE=ROOT", requires = "tiles", requires = "descriptors")]
    roots: Vec<Pinned>,
    /// The descriptor of such a party, as `party export` writes it; of one that changed its keys several may be given
    #[arg(long = "descriptor", value_name = "FILE", requires = "roots")]
    descriptors: Vec<PathBuf>,
}

fn key(text: &str) -> Result<VerifierKey, String> {
    text.parse().map_err(|error: comity_log::note::KeyError| error.to_string())
}

#[derive(Serialize)]
struct Body {
    logs: Vec<Log>,
    fault: Option<Found>,
}

#[derive(Serialize)]
struct Log {
    /// The channel's name; `null` for the journal.
    channel: Option<String>,
    /// By which a command takes it: `to-mx@2`; `null` for the journal.
    name: Option<String>,
    /// `null` for the journal.
    epoch: Option<u32>,
    size: u64,
    /// Statements whose signatures were verified; `null` for the journal.
    signatures: Option<u64>,
    root: String,
    checkpoint: Option<u64>,
    cosigned: Option<u64>,
}

#[derive(Serialize)]
struct Found {
    channel: Option<String>,
    code: &'static str,
    message: String,
}

/// Runs the command.
pub(crate) async fn run(ctx: &Ctx, args: Args) -> Result<Reply, CliError> {
    if let Some(dir) = &args.tiles {
        let trusted = Trusted::read(&args.keys, &args.roots, &args.descriptors)?;
        return folder::run(ctx, dir, &trusted);
    }
    let node = ctx.node().await?;
    let names = Names::of(&node).await?;
    let only = match &args.partner {
        Some(who) => Some(partner::find_party(&node, who).await?.root),
        None => None,
    };
    let checked = match &args.channel {
        Some(channel) => record::check_channel(&node, find(&node, &names, channel).await?).await?,
        None => record::check(&node, only).await?,
    };
    let body = Body {
        logs: checked.logs.iter().map(|it| log(&node, &names, it)).collect(),
        fault: checked.fault.map(|it| found(ctx, it)),
    };
    let heading = [
        ctx.say("in order", "en orden"),
        ctx.say("leaves", "hojas"),
        ctx.say("signatures", "firmas"),
        ctx.say("checkpoint", "corte firmado"),
        ctx.say("cosigned", "refrendadas"),
    ];
    let size = |it: Option<u64>| it.map_or_else(|| "-".to_owned(), |it| it.to_string());
    let rows = checked.logs.iter().map(|it| {
        let called = it.channel.map_or_else(
            || ctx.say("the journal", "la bitácora interna").to_owned(),
            |channel| direction(ctx, &names, &node, &channel),
        );
        [called, it.size.to_string(), size(it.signatures), size(it.checkpoint), size(it.cosigned)]
    });
    let mut parts = vec![table(&heading, rows)];
    parts.push(match &body.fault {
        None => ctx.say("everything is as it was signed", "todo está como se firmó").to_owned(),
        Some(fault) => {
            let place = fault.channel.as_deref();
            let place = place.unwrap_or_else(|| ctx.say("the journal", "la bitácora interna"));
            let heading = ctx.say("DOES NOT HOLD", "NO SE SOSTIENE");
            format!("{heading}: {place}: {} [{}]", fault.message, fault.code)
        }
    });
    let exit = if body.fault.is_some() { Exit::Refused } else { Exit::Done };
    Ok(ctx.reply(&body, parts.join("\n"))?.with_exit(exit))
}

fn log(node: &Node, names: &Names, log: &CheckedLog) -> Log {
    Log {
        channel: log.channel.map(|it| it.origin()),
        name: log.channel.map(|it| name(node, names, &it)),
        epoch: log.channel.map(|it| it.epoch),
        size: log.size,
        signatures: log.signatures,
        root: digest(&log.root),
        checkpoint: log.checkpoint,
        cosigned: log.cosigned,
    }
}

fn found(ctx: &Ctx, fault: Fault) -> Found {
    Found {
        channel: fault.channel.map(|it| it.origin()),
        code: fault.wrong.code(),
        message: words::wrong(ctx.lang, fault.wrong),
    }
}
