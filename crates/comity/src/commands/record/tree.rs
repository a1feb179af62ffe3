//! `comity record tree`: the trees, their heads and the keys that check them.

use comity_exchange::record::{Signed, log_keys};
use comity_log::note::{KeyType, VerifierKey};
use serde::Serialize;

use super::{digest, direction, views};
use crate::ctx::{Ctx, Names};
use crate::error::CliError;
use crate::output::{Reply, fields};

/// Which.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Only the channels with this partner
    #[arg(long, value_name = "HANDLE")]
    partner: Option<String>,
}

#[derive(Serialize)]
struct Body {
    trees: Vec<Tree>,
}

#[derive(Serialize)]
struct Tree {
    origin: String,
    partner: String,
    direction: &'static str,
    size: u64,
    root: String,
    peaks: Vec<Peak>,
    checkpoint: Option<Head>,
    cosigned: Option<Head>,
    /// The verifier keys of the log.
    log_keys: Vec<String>,
    /// The verifier keys of the party that cosigns.
    witness_keys: Vec<String>,
}

/// The root of a complete subtree of `1 << level` leaves.
#[derive(Serialize)]
struct Peak {
    level: u8,
    hash: String,
}

#[derive(Serialize)]
struct Head {
    size: u64,
    root: String,
    note: String,
}

/// Runs the command.
pub(crate) async fn run(ctx: &Ctx, args: Args) -> Result<Reply, CliError> {
    let node = ctx.node().await?;
    let names = Names::of(&node).await?;
    let (mut trees, mut parts) = (Vec::new(), Vec::new());
    for log in views(&node, args.partner.as_deref()).await? {
        let (keys, witnesses) = log_keys(&node, &log).await?;
        parts.push(direction(ctx, &names, &node, &log.channel));
        let tree = Tree {
            origin: log.channel.origin(),
            partner: names.name(log.partner()),
            direction: if log.own { "out" } else { "in" },
            size: log.size,
            root: digest(&log.root),
            peaks: log
                .peaks
                .iter()
                .map(|(level, hash)| Peak { level: *level, hash: digest(hash) })
                .collect(),
            checkpoint: log.checkpoint.map(head),
            cosigned: log.cosigned.map(head),
            log_keys: keys.iter().map(ToString::to_string).collect(),
            witness_keys: witnesses.iter().map(ToString::to_string).collect(),
        };
        parts.push(said(ctx, &tree, &keys, &witnesses));
        trees.push(tree);
    }
    ctx.reply(&Body { trees }, parts.join("\n"))
}

fn head(signed: Signed) -> Head {
    Head { size: signed.size, root: digest(&signed.root), note: signed.note }
}

fn said(ctx: &Ctx, tree: &Tree, keys: &[VerifierKey], witnesses: &[VerifierKey]) -> String {
    let none = || "-".to_owned();
    let head =
        |it: &Option<Head>| it.as_ref().map_or_else(none, |it| format!("{}  {}", it.size, it.root));
    // The post-quantum keys are too long for a line; `--json` has them.
    let short = |keys: &[VerifierKey]| {
        let short = keys.iter().find(|it| it.key_type() != KeyType::CosignatureMlDsa44);
        short.map_or_else(none, ToString::to_string)
    };
    let mut lines = vec![
        (ctx.say("  log", "  registro"), tree.origin.clone()),
        (ctx.say("  tree", "  árbol"), format!("{}  {}", tree.size, tree.root)),
    ];
    let levels = tree.peaks.iter().map(|it| (1_u128 << it.level, &it.hash));
    lines.extend(levels.map(|(leaves, hash)| {
        (ctx.say("  complete part", "  parte completa"), format!("{leaves}  {hash}"))
    }));
    lines.push((ctx.say("  signed", "  firmado"), head(&tree.checkpoint)));
    lines.push((ctx.say("  cosigned", "  refrendado"), head(&tree.cosigned)));
    lines.push((ctx.say("  key of the log", "  clave del registro"), short(keys)));
    lines.push((ctx.say("  key that cosigns", "  clave que refrenda"), short(witnesses)));
    fields(&lines)
}
