//! `comity record show`: the channels, or one statement.

use comity_exchange::Node;
use comity_exchange::access::{Area, Verb};
use comity_exchange::record::{LogView, StatementView, by_folio, statement};
use comity_model::statement::ReceiptEntry;
use comity_model::{AgreementId, ChannelId, Digest, Folio};
use jiff::Timestamp;
use serde::Serialize;

use super::{digest, direction, find, name, views};
use crate::ctx::{Ctx, Names};
use crate::error::CliError;
use crate::looks::Looks;
use crate::output::{Reply, fields, table, time, yes_no};

/// Which.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Only the channels with this partner
    #[arg(long, value_name = "HANDLE", conflicts_with = "channel")]
    partner: Option<String>,
    /// The channel of one statement: `to-mx`, `from-mx`, `to-mx@1` for its first epoch, or its whole name
    #[arg(value_name = "CHANNEL", requires = "which")]
    channel: Option<String>,
    /// The statement: its sequence, or the folio that its sender gave it
    #[arg(value_name = "SEQUENCE|FOLIO")]
    which: Option<String>,
    /// Who looks, and what for.
    #[command(flatten)]
    looks: Looks,
}

#[derive(Serialize)]
struct Channels {
    channels: Vec<Standing>,
}

/// How a channel stands. Sizes are in statements from the start.
#[derive(Serialize)]
struct Standing {
    channel: String,
    /// By which a command takes it: `to-mx@2`.
    name: String,
    agreement: AgreementId,
    epoch: u32,
    /// Of an epoch that ended: how many of its statements stand.
    stands: Option<u64>,
    partner: String,
    direction: &'static str,
    size: u64,
    root: String,
    last_issued: Option<Timestamp>,
    signed: Option<u64>,
    checkpoint: Option<u64>,
    cosigned: Option<u64>,
    settled_to: u64,
    receipts_due: u64,
    held: u64,
    gap: Option<Gap>,
}

/// Statements that are missing: from `from` to below `to`.
#[derive(Serialize)]
struct Gap {
    from: u64,
    to: u64,
}

#[derive(Serialize)]
struct One {
    channel: String,
    sequence: u64,
    kind: String,
    digest: Digest,
    id: comity_model::StatementId,
    folio: Option<Folio>,
    agreement: comity_model::statement::AgreementRef,
    issued_at: Timestamp,
    at: Timestamp,
    signed: bool,
    receipt: Option<ReceiptEntry>,
    settled: bool,
    settled_at: Option<Timestamp>,
    proof: Option<Place>,
}

/// The proof of its place.
#[derive(Serialize)]
struct Place {
    size: u64,
    cosigned: bool,
    holds: bool,
    fault: Option<String>,
    tlog_proof: String,
}

/// Runs the command.
pub(crate) async fn run(ctx: &Ctx, args: Args) -> Result<Reply, CliError> {
    let node = ctx.node().await?;
    let names = Names::of(&node).await?;
    if let (Some(channel), Some(which)) = (&args.channel, &args.which) {
        let channel = find(&node, &names, channel).await?;
        let shown = wanted(&node, channel, which).await?;
        args.looks.note(ctx, &node, Verb::Opened, Area::Record, [shown.line.digest]).await?;
        return one(ctx, channel, shown);
    }
    let views = views(&node, args.partner.as_deref()).await?;
    let mut channels = Vec::with_capacity(views.len());
    for log in &views {
        let stands = node.store().epoch_end(log.channel).await?;
        let name = name(&node, &names, &log.channel);
        channels.push(Standing { name, stands, ..channel(&names, log) });
    }
    let body = Channels { channels };
    let text = said(ctx, &names, &node, &views, &body);
    ctx.reply(&body, text)
}

async fn wanted(node: &Node, channel: ChannelId, which: &str) -> Result<StatementView, CliError> {
    if let Ok(sequence) = which.parse() {
        return Ok(statement(node, channel, sequence).await?);
    }
    let folio: Folio = which.parse().map_err(|_| {
        CliError::usage(
            format!("`{which}` is no sequence and no folio; write `7` or `MX-2026-000007`"),
            format!("`{which}` no es una secuencia ni un folio; escriba `7` o `MX-2026-000007`"),
        )
    })?;
    Ok(by_folio(node, channel, &folio).await?)
}

fn channel(names: &Names, log: &LogView) -> Standing {
    Standing {
        channel: log.channel.origin(),
        name: String::new(),
        stands: None,
        agreement: log.channel.agreement,
        epoch: log.channel.epoch,
        partner: names.name(log.partner()),
        direction: if log.own { "out" } else { "in" },
        size: log.size,
        root: digest(&log.root),
        last_issued: log.last_issued,
        signed: log.signed,
        checkpoint: log.checkpoint.as_ref().map(|it| it.size),
        cosigned: log.cosigned.as_ref().map(|it| it.size),
        settled_to: log.settled_to(),
        receipts_due: log.due,
        held: log.progress.held,
        gap: log.gap().map(|(from, to)| Gap { from, to }),
    }
}

fn said(ctx: &Ctx, names: &Names, node: &Node, views: &[LogView], body: &Channels) -> String {
    let heading = [
        ctx.say("channel", "canal"),
        ctx.say("statements", "declaraciones"),
        ctx.say("checkpoint", "corte firmado"),
        ctx.say("cosigned", "refrendadas"),
        ctx.say("settled to", "concluidas hasta"),
        ctx.say("receipts due", "acuses por enviar"),
        ctx.say("held", "en espera"),
    ];
    let size = |it: &Option<comity_exchange::record::Signed>| {
        it.as_ref().map_or_else(|| "-".to_owned(), |it| it.size.to_string())
    };
    let rows = views.iter().map(|it| {
        [
            direction(ctx, names, node, &it.channel),
            it.size.to_string(),
            size(&it.checkpoint),
            size(&it.cosigned),
            it.settled_to().to_string(),
            it.due.to_string(),
            it.progress.held.to_string(),
        ]
    });
    let mut parts = vec![table(&heading, rows)];
    for (log, Standing { name, stands, .. }) in views.iter().zip(&body.channels) {
        parts.push(format!("{name}: {}\n  {}", log.channel.origin(), digest(&log.root)));
        if let Some(stands) = stands {
            parts.push(format!(
                "  {} {stands}",
                ctx.say(
                    "this epoch ended; statements of it that stand:",
                    "esta época terminó; declaraciones de ella que subsisten:"
                )
            ));
        }
        if let Some((from, to)) = log.gap() {
            let last = to.saturating_sub(1);
            parts.push(match ctx.lang {
                crate::lang::Lang::En => format!(
                    "  gap: {from} to {last} did not arrive; what came after them waits, and nothing of it is settled"
                ),
                crate::lang::Lang::Es => format!(
                    "  hueco: no llegaron de la {from} a la {last}; lo posterior espera y nada de ello se concluye"
                ),
            });
        }
    }
    parts.join("\n")
}

fn one(ctx: &Ctx, channel: ChannelId, shown: StatementView) -> Result<Reply, CliError> {
    let StatementView { line, payload, folio, settled, proven } = shown;
    let body = One {
        channel: channel.origin(),
        sequence: line.sequence,
        kind: line.kind,
        digest: line.digest,
        id: payload.id,
        folio,
        agreement: payload.agreement,
        issued_at: payload.issued_at,
        at: line.at,
        signed: line.envelope.is_some(),
        receipt: line.receipt,
        settled,
        settled_at: line.settled_at,
        proof: proven.map(|it| Place {
            size: it.size,
            cosigned: !it.cosigners.is_empty(),
            holds: it.fault.is_none(),
            fault: it.fault,
            tlog_proof: it.proof,
        }),
    };
    let none = || ctx.say("none yet", "aún no").to_owned();
    let receipt = body.receipt.as_ref().map_or_else(none, |it| {
        let outcome = serde_json::to_value(it.outcome).ok();
        let word = outcome.as_ref().and_then(|it| it.as_str()).unwrap_or_default();
        format!("{word}, {}", time(it.received_at))
    });
    let proof = body.proof.as_ref().map_or_else(
        || ctx.say("no checkpoint covers it yet", "ningún corte lo abarca aún").to_owned(),
        |it| proof_said(ctx, it),
    );
    let text = fields(&[
        (ctx.say("channel", "canal"), body.channel.clone()),
        (ctx.say("sequence", "secuencia"), body.sequence.to_string()),
        (ctx.say("kind", "clase"), body.kind.clone()),
        ("folio", body.folio.as_ref().map_or_else(|| "-".to_owned(), Folio::to_string)),
        (ctx.say("digest", "resumen"), body.digest.to_string()),
        (ctx.say("issued", "emitida"), time(body.issued_at)),
        (ctx.say("agreement version", "versión del acuerdo"), body.agreement.version.to_string()),
        (ctx.say("signed", "firmada"), yes_no(ctx.lang, body.signed).to_owned()),
        (ctx.say("receipt", "acuse de recibo"), receipt),
        (ctx.say("settled", "concluida"), yes_no(ctx.lang, body.settled).to_owned()),
        (ctx.say("place", "lugar"), proof),
    ]);
    ctx.reply(&body, text)
}

fn proof_said(ctx: &Ctx, place: &Place) -> String {
    let size = place.size;
    match (&place.fault, place.cosigned) {
        (Some(fault), _) => {
            format!("{}: {fault}", ctx.say("NOT proved", "NO probado"))
        }
        (None, true) => format!(
            "{} {size}",
            ctx.say(
                "proved under the cosigned checkpoint of size",
                "probado bajo el corte refrendado de tamaño"
            )
        ),
        (None, false) => format!(
            "{} {size}",
            ctx.say(
                "proved under a checkpoint that only the sender signed, of size",
                "probado bajo un corte que solo firmó el remitente, de tamaño"
            )
        ),
    }
}
