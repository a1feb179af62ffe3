//! `comity audit sample`: random files to examine.

use comity_exchange::access::Reader;
use comity_exchange::audit::{Sample, SeedFrom, sample};

use super::lost;
use crate::ctx::{Ctx, Names};
use crate::error::CliError;
use crate::output::{Reply, fields, table, time};

/// What is drawn.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// How many files, 1 to 1000
    #[arg(long, short = 'n', value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1_000))]
    count: u16,
    /// What to draw by; the same seed draws the same of the same files (else a digest over what partners said and this node cosigned last)
    #[arg(long, value_name = "TEXT")]
    seed: Option<String>,
}

/// Runs the command.
pub(super) async fn run(ctx: &Ctx, reader: &Reader, args: Args) -> Result<Reply, CliError> {
    let node = ctx.node().await?;
    let names = Names::of(&node).await?;
    let body = sample(&node, usize::from(args.count), args.seed, reader).await?;
    ctx.reply(&body, said(ctx, &names, &body))
}

fn said(ctx: &Ctx, names: &Names, body: &Sample) -> String {
    let head = fields(&[
        (ctx.say("seed", "semilla"), body.seed.clone()),
        (ctx.say("files in all", "expedientes en total"), body.among.to_string()),
    ]);
    let heading = [
        ctx.say("folio", "folio"),
        ctx.say("what", "clase"),
        ctx.say("partner", "contraparte"),
        ctx.say("at", "fecha"),
    ];
    let rows = body
        .drawn
        .iter()
        .map(|it| [it.folio.to_string(), it.kind.clone(), names.name(it.partner), time(it.at)]);
    let mut parts = vec![head, table(&heading, rows)];
    if body.seed_from == SeedFrom::OwnLogs {
        parts.push(
            ctx.say(
                "This node has cosigned nothing of a partner yet: the seed is made of its own record, so that whoever writes \
                 that could have steered it. Bring a seed with `--seed`.",
                "Este nodo aún no ha refrendado nada de una contraparte: la semilla proviene de su propio registro, y quien lo \
                 escribe pudo orientarla. Traiga una semilla con `--seed`.",
            )
            .to_owned(),
        );
    }
    parts.extend(lost::said(ctx, names, &body.lost));
    parts.join("\n\n")
}
