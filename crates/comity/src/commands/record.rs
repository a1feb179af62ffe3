//! `comity record`: what was said between two parties, in order, and what proves it.

use comity_exchange::record::{LogView, view};
use comity_exchange::{ExchangeError, Node, partner};
use comity_model::{ChannelId, Digest};

use crate::ctx::{Ctx, Names};
use crate::error::CliError;
use crate::output::Reply;

mod check;
mod export;
mod folder;
mod lost;
mod pinned;
mod recover;
mod show;
mod tree;
mod words;

/// What to do with it.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// Show how each channel stands, or one statement with the proof of its place
    Show(show::Args),
    /// Show the trees: sizes, roots, signed and cosigned checkpoints, and the keys that check them
    Tree(tree::Args),
    /// Compute every leaf, node and root anew and compare them with what was signed; exits with 1 at the first difference
    Check(check::Args),
    /// Write the logs with a partner as files that any web server can serve (C2SP tlog-tiles); they hold digests alone
    Export(export::Args),
    /// After a loss: ask a partner what it has, and where this node remembers less, go on in a new epoch
    Recover(recover::Args),
    /// List what partners said and forgot after a loss of theirs; it counts as not said
    Lost(lost::Args),
}

/// Runs the command.
pub(crate) async fn run(ctx: &Ctx, command: Command) -> Result<Reply, CliError> {
    match command {
        Command::Show(args) => show::run(ctx, args).await,
        Command::Tree(args) => tree::run(ctx, args).await,
        Command::Check(args) => check::run(ctx, args).await,
        Command::Export(args) => export::run(ctx, args).await,
        Command::Recover(args) => recover::run(ctx, args).await,
        Command::Lost(args) => lost::run(ctx, args).await,
    }
}

/// How the channels with a partner stand, or all of them, in the order in which they began.
async fn views(node: &Node, with: Option<&str>) -> Result<Vec<LogView>, CliError> {
    let partner = match with {
        Some(who) => Some(partner::find_party(node, who).await?.root),
        None => None,
    };
    let mut views = Vec::new();
    for channel in node.store().channels().await? {
        if partner.is_none_or(|root| root == channel.from || root == channel.to) {
            views.push(view(node, channel).await?);
        }
    }
    Ok(views)
}

/// The channel of this name: its origin, or `to-mx@2` for epoch 2 of what goes to `mx`. Without an epoch it is the one that
/// goes on. The short names are for where there is one agreement with the partner.
async fn find(node: &Node, names: &Names, name: &str) -> Result<ChannelId, CliError> {
    let mut found = node.store().channels().await?;
    let (way, epoch) = match name.rsplit_once('@') {
        Some((way, epoch)) => (way, epoch.parse::<u32>().ok()),
        None => (name, None),
    };
    if found.iter().any(|it| it.origin() == name) {
        found.retain(|it| it.origin() == name);
    } else if epoch.is_some() || way == name {
        found.retain(|it| called(node, names, it) == way && epoch.is_none_or(|n| n == it.epoch));
        let newest = found.clone();
        let is_newest = |it: &ChannelId| {
            !newest.iter().any(|other| other.is_way_of(it) && other.epoch > it.epoch)
        };
        found.retain(is_newest);
    } else {
        found.clear();
    }
    match found.as_slice() {
        [channel] => Ok(*channel),
        [] => Err(ExchangeError::NotFound {
            what: "channel",
            name: name.to_owned(),
            advice: "`comity record show` lists them; write `to-mx`, `to-mx@1` for its first epoch, `from-mx` or the whole name",
        }
        .into()),
        several => {
            let origins: Vec<_> = several.iter().map(ChannelId::origin).collect();
            let origins = origins.join("`, `");
            Err(CliError::usage(
                format!("`{name}` fits several channels; name one of `{origins}`"),
                format!("`{name}` corresponde a varios canales; indique uno de `{origins}`"),
            ))
        }
    }
}

/// `to-mx` or `from-mx`.
fn called(node: &Node, names: &Names, channel: &ChannelId) -> String {
    let to = channel.from == node.root();
    let partner = names.name(if to { channel.to } else { channel.from });
    format!("{}-{partner}", if to { "to" } else { "from" })
}

/// The name by which a command takes it: `to-mx@2`.
fn name(node: &Node, names: &Names, channel: &ChannelId) -> String {
    format!("{}@{}", called(node, names, channel), channel.epoch)
}

/// `to mx` or `from mx`, with the epoch where it is not the first.
fn direction(ctx: &Ctx, names: &Names, node: &Node, channel: &ChannelId) -> String {
    let (word, partner) = if channel.from == node.root() {
        (ctx.say("to", "hacia"), channel.to)
    } else {
        (ctx.say("from", "desde"), channel.from)
    };
    let epoch = match channel.epoch {
        1 => String::new(),
        epoch => format!(" ({} {epoch})", ctx.say("epoch", "época")),
    };
    format!("{word} {}{epoch}", names.name(partner))
}

/// A hash as digests are printed.
fn digest(hash: &[u8; 32]) -> String {
    Digest::from_bytes(*hash).to_string()
}
