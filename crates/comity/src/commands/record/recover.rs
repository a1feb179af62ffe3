//! `comity record recover`: a node that lost its record takes up again where both parties surely stand.

use std::path::PathBuf;

use comity_exchange::partner;
use comity_exchange::recovery::{Recovered, recover, recover_anew, recover_by_hand};
use comity_link::CourierLimits;
use comity_model::AgreementId;
use serde::Serialize;

use crate::commands::pouch::carried;
use crate::ctx::{Ctx, Names, actor};
use crate::error::CliError;
use crate::output::{Reply, table};
use crate::wiring;

/// With whom.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The partner, by handle; its node must answer, unless `--from` says what it has
    #[arg(long, value_name = "HANDLE")]
    to: String,
    /// Pouches, or folders of them, that it wrote with `pouch export --since`, instead of asking its node; import them first
    #[arg(long, value_name = "PATH", num_args = 1..)]
    from: Vec<PathBuf>,
    /// Open one more epoch in the place of one that the partner says it can never take up, because it lost its keys too
    #[arg(long, conflicts_with = "from")]
    anew: bool,
    /// Who does it, for the journal (else the login name)
    #[arg(long, value_name = "NAME")]
    by: Option<String>,
}

#[derive(Serialize)]
struct Channel {
    agreement: AgreementId,
    /// The epoch as it was.
    before: u32,
    /// The one that goes on.
    epoch: u32,
    /// Statements that stand.
    stands: u64,
    /// Statements that this node remembers.
    here: u64,
    /// Statements that the partner has.
    there: u64,
    /// Whether the partner lost something that stands, and it is sent again.
    again: bool,
}

#[derive(Serialize)]
struct Body {
    partner: String,
    channels: Vec<Channel>,
}

/// Runs the command.
pub(crate) async fn run(ctx: &Ctx, args: Args) -> Result<Reply, CliError> {
    let (node, keys) = ctx.unlocked().await?;
    let names = Names::of(&node).await?;
    let party = partner::find_party(&node, &args.to).await?;
    let by = actor(args.by);
    let done = if args.from.is_empty() {
        let courier = wiring::courier(&node, &keys, CourierLimits::default()).await?;
        if args.anew {
            recover_anew(&node, &courier, party.root, &by).await?
        } else {
            recover(&node, &courier, party.root, &by).await?
        }
    } else {
        let (files, _) = carried(&args.from)?;
        recover_by_hand(&node, files, party.root, &by).await?
    };
    let body =
        Body { partner: names.name(party.root), channels: done.iter().map(channel).collect() };
    let text = said(ctx, &body, !args.from.is_empty());
    ctx.reply(&body, text)
}

const fn channel(it: &Recovered) -> Channel {
    Channel {
        agreement: it.channel.agreement,
        before: it.channel.epoch,
        epoch: it.epoch,
        stands: it.stands,
        here: it.here,
        there: it.there,
        again: it.again,
    }
}

fn said(ctx: &Ctx, body: &Body, by_hand: bool) -> String {
    let heading = [
        ctx.say("agreement", "acuerdo"),
        ctx.say("epoch", "época"),
        ctx.say("stand", "subsisten"),
        ctx.say("remembered here", "recordadas aquí"),
        ctx.say("at the partner", "en la contraparte"),
    ];
    let rows = body.channels.iter().map(|it| {
        let epoch = if it.epoch == it.before {
            it.epoch.to_string()
        } else {
            format!("{} -> {}", it.before, it.epoch)
        };
        [
            it.agreement.to_string(),
            epoch,
            it.stands.to_string(),
            it.here.to_string(),
            it.there.to_string(),
        ]
    });
    let mut verdict = if body.channels.iter().any(|it| it.epoch != it.before) {
        ctx.say(
            "A new epoch is open; this node seals again. What was said behind what stands counts as not said, for both \
             parties: compose again what is still to be given, and put again what is still to be asked.",
            "Hay una época nueva; este nodo vuelve a sellar. Lo dicho después de lo que subsiste cuenta como no dicho, para \
             ambas partes: prepare de nuevo lo que aún deba entregarse y presente de nuevo lo que aún deba solicitarse.",
        )
    } else if body.channels.iter().any(|it| it.again) {
        ctx.say("This node lost nothing, and seals again.", "Este nodo no perdió nada y vuelve a sellar.")
    } else {
        ctx.say(
            "Nothing was lost; this node seals again.",
            "No se perdió nada; este nodo vuelve a sellar.",
        )
    }
    .to_owned();
    if body.channels.iter().any(|it| it.again) {
        verdict.push('\n');
        verdict.push_str(ctx.say(
            "The partner lost something that stands; `comity serve` and `comity pouch export` send it again.",
            "La contraparte perdió algo que subsiste; `comity serve` y `comity pouch export` se lo envían de nuevo.",
        ));
    }
    verdict.push('\n');
    verdict.push_str(ctx.say(
        "If `comity serve` runs, it sends again within a minute.",
        "Si `comity serve` está en operación, vuelve a enviar en menos de un minuto.",
    ));
    if by_hand {
        verdict.push('\n');
        verdict.push_str(ctx.say(
            "Files show what the partner has at the least, and never what it lacks: if it lost something too, \
             `comity pouch export --since TIME` writes it again.",
            "Los archivos muestran lo que la contraparte tiene cuando menos, nunca lo que le falta: si también perdió \
             algo, `comity pouch export --since FECHA` lo escribe de nuevo.",
        ));
    }
    format!("{}\n{verdict}", table(&heading, rows))
}
