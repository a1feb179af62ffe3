//! `comity status`: what this node holds and can prove, in figures.

use std::collections::{BTreeMap, BTreeSet};

use comity_exchange::Node;
use comity_exchange::ports::{KindCount, MatterQuery};
use comity_exchange::request::is_overdue;
use comity_model::{AgreementId, ChannelId, Digest, MatterKind, PartyRoot};
use serde::Serialize;

use crate::commands::contact::report;
use crate::ctx::{Ctx, Names};
use crate::error::CliError;
use crate::lang::Lang;
use crate::output::{Reply, table};

pub(crate) mod record;
pub(crate) mod stuck;

/// It takes nothing.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {}

#[derive(Serialize)]
struct Held {
    #[serde(rename = "type")]
    stix_type: String,
    partner: Option<String>,
    objects: u64,
    versions: u64,
}

#[derive(Serialize)]
struct Channel {
    agreement: AgreementId,
    epoch: u32,
    partner: String,
    direction: &'static str,
    statements: u64,
    root: Option<Digest>,
    cosigned: u64,
    kinds: Vec<KindCount>,
}

#[derive(Serialize)]
struct Outbox {
    partner: String,
    cursor: u64,
    last: u64,
    unsettled: u64,
    unsettled_since: Option<jiff::Timestamp>,
}

#[derive(Serialize)]
struct Body {
    handle: comity_model::Handle,
    root: PartyRoot,
    holdings: Vec<Held>,
    channels: Vec<Channel>,
    outbox: Vec<Outbox>,
    /// Partners for whom nothing is sealed.
    doubts: Vec<record::Doubted>,
    /// What is missing in the records of partners.
    gaps: Vec<record::Missing>,
    /// Epochs of this party that partners did not take up yet.
    not_taken_up: Vec<record::NotTakenUp>,
    /// What is refused of partners and stands in the way of what comes behind it.
    refused: Vec<stuck::Stuck>,
    matters: Vec<Pending>,
    reports: Reports,
}

#[derive(Serialize)]
struct Reports {
    due: usize,
    overdue: usize,
}

/// Open matters of one kind.
#[derive(Serialize)]
struct Pending {
    kind: &'static str,
    #[serde(skip)]
    of: MatterKind,
    open: u64,
    /// Of these, those whose clock has run out.
    overdue: u64,
    /// Of these, those in which this party is to speak.
    awaits_us: u64,
}

/// Runs the command.
pub(crate) async fn run(ctx: &Ctx, _args: Args) -> Result<Reply, CliError> {
    let node = ctx.node().await?;
    let names = Names::of(&node).await?;
    let counts = node.store().counts().await?;
    let mut outbox = Vec::new();
    for party in node.store().parties().await? {
        let view = node.store().outbox_view(party.root).await?;
        outbox.push(Outbox {
            partner: party.handle.to_string(),
            cursor: view.cursor,
            last: view.last,
            unsettled: view.unsettled,
            unsettled_since: view.unsettled_since,
        });
    }
    let (due, overdue) = report::figures(ctx, &node).await?;
    let body = Body {
        handle: node.record().handle.clone(),
        root: node.root(),
        holdings: counts
            .into_iter()
            .map(|it| Held {
                stix_type: it.stix_type,
                partner: it.partner.map(|root| names.name(root)),
                objects: it.objects,
                versions: it.versions,
            })
            .collect(),
        channels: channels(&node, &names).await?,
        outbox,
        doubts: record::doubts(&node, &names).await?,
        gaps: record::gaps(&node, &names).await?,
        not_taken_up: record::not_taken_up(&node, &names).await?,
        refused: stuck::stuck(&node, &names).await?,
        matters: matters(&node).await?,
        reports: Reports { due, overdue },
    };
    let text = said(ctx, &body);
    ctx.reply(&body, text)
}

async fn channels(node: &Node, names: &Names) -> Result<Vec<Channel>, CliError> {
    let agreements: BTreeSet<(PartyRoot, AgreementId)> = node
        .store()
        .agreements()
        .await?
        .into_iter()
        .filter(|it| it.complete)
        .map(|it| (it.partner, it.reference.id))
        .collect();
    let mut channels = Vec::new();
    for (partner, agreement) in agreements {
        let out = ChannelId { agreement, epoch: 1, from: node.root(), to: partner };
        let mut both = Vec::new();
        for (direction, first) in [("out", out), ("in", out.reverse())] {
            let epochs = 1..=node.store().epoch(first).await?;
            both.extend(epochs.map(|epoch| (direction, ChannelId { epoch, ..first })));
        }
        for (direction, channel) in both {
            let figures = node.store().figures(channel).await?;
            channels.push(Channel {
                agreement,
                epoch: channel.epoch,
                partner: names.name(partner),
                direction,
                statements: figures.statements,
                root: figures.root,
                cosigned: figures.cosigned,
                kinds: figures.kinds,
            });
        }
    }
    Ok(channels)
}

async fn matters(node: &Node) -> Result<Vec<Pending>, CliError> {
    let query = MatterQuery { open: Some(true), limit: u32::MAX, ..MatterQuery::default() };
    let mut kinds: BTreeMap<MatterKind, Pending> = BTreeMap::new();
    for row in node.store().matters(query).await? {
        let kind = row.id.kind();
        let counts = kinds.entry(kind).or_insert(Pending {
            kind: kind.as_str(),
            of: kind,
            open: 0,
            overdue: 0,
            awaits_us: 0,
        });
        counts.open += 1;
        counts.overdue += u64::from(is_overdue(&row, node.now()));
        counts.awaits_us += u64::from(row.awaits() == Some(node.root()));
    }
    Ok(kinds.into_values().collect())
}

fn said(ctx: &Ctx, body: &Body) -> String {
    let mut parts = vec![format!("{} ({})", body.handle, body.root)];
    if !body.holdings.is_empty() {
        let heading = [
            ctx.say("held", "acervo"),
            ctx.say("from", "procedencia"),
            ctx.say("objects", "objetos"),
            ctx.say("versions", "versiones"),
        ];
        let rows = body.holdings.iter().map(|it| {
            [
                it.stix_type.clone(),
                it.partner.clone().unwrap_or_else(|| ctx.say("own", "propia").to_owned()),
                it.objects.to_string(),
                it.versions.to_string(),
            ]
        });
        parts.push(table(&heading, rows));
    }
    if !body.channels.is_empty() {
        let heading = [
            ctx.say("record", "registro de intercambio"),
            ctx.say("statements", "declaraciones"),
            ctx.say("cosigned", "refrendadas"),
            ctx.say("root", "raíz"),
        ];
        let rows = body.channels.iter().map(|it| {
            let direction = match it.direction {
                "out" => ctx.say("to", "hacia"),
                _ => ctx.say("from", "desde"),
            };
            [
                match it.epoch {
                    1 => format!("{direction} {}", it.partner),
                    epoch => {
                        let word = ctx.say("epoch", "época");
                        format!("{direction} {}, {word} {epoch}", it.partner)
                    }
                },
                it.statements.to_string(),
                it.cosigned.to_string(),
                it.root.map(|root| root.to_string()).unwrap_or_default(),
            ]
        });
        parts.push(table(&heading, rows));
    }
    if !body.outbox.is_empty() {
        let heading = [
            ctx.say("outbox", "bandeja de salida"),
            ctx.say("delivered", "en poder del destinatario"),
            ctx.say("sealed", "selladas"),
            ctx.say("not settled", "por concluir"),
        ];
        let rows = body.outbox.iter().map(|it| {
            [
                it.partner.clone(),
                it.cursor.to_string(),
                it.last.to_string(),
                it.unsettled.to_string(),
            ]
        });
        parts.push(table(&heading, rows));
    }
    parts.extend(body.doubts.iter().map(|it| it.said(ctx)));
    parts.extend(body.gaps.iter().map(|it| it.said(ctx)));
    parts.extend(body.not_taken_up.iter().map(|it| it.said(ctx)));
    parts.extend(body.refused.iter().map(|it| it.said(ctx.lang)));
    if !body.matters.is_empty() {
        let heading = [
            ctx.say("open", "pendientes"),
            ctx.say("in all", "en total"),
            ctx.say("overdue", "vencidas"),
            ctx.say("for this party to answer", "corresponden a esta parte"),
        ];
        let rows = body.matters.iter().map(|it| {
            [
                kind_word(ctx.lang, it.of).to_owned(),
                it.open.to_string(),
                it.overdue.to_string(),
                it.awaits_us.to_string(),
            ]
        });
        parts.push(table(&heading, rows));
    }
    let Reports { due, overdue } = body.reports;
    if due > 0 {
        parts.push(format!(
            "{}: {due}; {}: {overdue}; {}",
            ctx.say("reports due", "informes pendientes"),
            ctx.say("overdue", "vencidos"),
            ctx.say(
                "`comity contact report --due` lists them",
                "`comity contact report --due` los enumera"
            ),
        ));
    }
    parts.join("\n\n")
}

const fn kind_word(lang: Lang, kind: MatterKind) -> &'static str {
    match kind {
        MatterKind::Request => lang.pick("requests", "solicitudes de información"),
        MatterKind::Proposal => lang.pick("proposals", "propuestas"),
        MatterKind::Advice => lang.pick("advice", "asesoría técnica"),
        MatterKind::Consent => lang.pick("consents", "consentimientos"),
        MatterKind::Recall => lang.pick("recalls", "solicitudes de retiro"),
        MatterKind::Purge => lang.pick("purges", "eliminaciones"),
    }
}
