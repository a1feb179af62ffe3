//! `comity record lost`: what partners said and forgot. It stays here as evidence, and counts as not said.

use std::collections::BTreeSet;

use comity_exchange::ports::Unsaid;
use comity_exchange::{Node, partner};
use comity_model::{AgreementId, ChannelId, PartyRoot};
use serde::Serialize;

use crate::ctx::{Ctx, Names};
use crate::error::CliError;
use crate::output::{Reply, table, time};

/// Whose.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Only of this partner, by handle
    #[arg(long, value_name = "HANDLE")]
    from: Option<String>,
}

#[derive(Serialize)]
struct Lost {
    partner: String,
    agreement: AgreementId,
    epoch: u32,
    #[serde(flatten)]
    statement: Unsaid,
}

#[derive(Serialize)]
struct Body {
    statements: Vec<Lost>,
}

/// Runs the command.
pub(crate) async fn run(ctx: &Ctx, args: Args) -> Result<Reply, CliError> {
    let node = ctx.node().await?;
    let names = Names::of(&node).await?;
    let only = match args.from {
        Some(from) => Some(partner::find_party(&node, &from).await?.root),
        None => None,
    };
    let body = Body { statements: lost(&node, &names, only).await? };
    let heading = [
        ctx.say("partner", "contraparte"),
        ctx.say("epoch", "época"),
        ctx.say("sequence", "secuencia"),
        ctx.say("kind", "tipo"),
        ctx.say("taken in", "recibida"),
        ctx.say("statement", "declaración"),
    ];
    let rows = body.statements.iter().map(|it| {
        [
            it.partner.clone(),
            it.epoch.to_string(),
            it.statement.sequence.to_string(),
            it.statement.kind.clone(),
            time(it.statement.taken_at),
            it.statement.digest.to_string(),
        ]
    });
    let text = if body.statements.is_empty() {
        ctx.say("No partner lost anything.", "Ninguna contraparte perdió nada.").to_owned()
    } else {
        table(&heading, rows)
    };
    ctx.reply(&body, text)
}

/// What partners forgot, by partner and agreement.
async fn lost(node: &Node, names: &Names, only: Option<PartyRoot>) -> Result<Vec<Lost>, CliError> {
    let agreements = node.store().agreements().await?.into_iter();
    let pairs: BTreeSet<(PartyRoot, AgreementId)> = agreements
        .filter(|it| it.complete && only.is_none_or(|root| root == it.partner))
        .map(|it| (it.partner, it.reference.id))
        .collect();
    let mut found = Vec::new();
    for (from, agreement) in pairs {
        let channel = ChannelId { agreement, epoch: 1, from, to: node.root() };
        for epoch in 1..node.store().epoch(channel).await? {
            let unsaid = node.store().unsaid(ChannelId { epoch, ..channel }).await?;
            found.extend(unsaid.into_iter().map(|statement| Lost {
                partner: names.name(from),
                agreement,
                epoch,
                statement,
            }));
        }
    }
    Ok(found)
}
