//! What stands in the way of a record: a partner about whom this node is in doubt, a place that is missing.

use comity_exchange::ports::DoubtKind;
use comity_exchange::{Node, recovery};
use comity_model::AgreementId;
use jiff::Timestamp;
use serde::Serialize;

use crate::ctx::{Ctx, Names};
use crate::error::CliError;

/// A partner for whom nothing is sealed.
#[derive(Serialize)]
pub(crate) struct Doubted {
    pub(crate) partner: String,
    why: DoubtKind,
    since: Timestamp,
}

/// A place of a partner's channel for which later statements wait.
#[derive(Serialize)]
pub(crate) struct Missing {
    pub(crate) partner: String,
    agreement: AgreementId,
    epoch: u32,
    from: u64,
    until: u64,
    held: u64,
}

/// An epoch of this party that the partner is not known to have taken up.
#[derive(Serialize)]
pub(crate) struct NotTakenUp {
    pub(crate) partner: String,
    agreement: AgreementId,
    epoch: u32,
}

/// The epochs that partners did not take up yet.
pub(crate) async fn not_taken_up(node: &Node, names: &Names) -> Result<Vec<NotTakenUp>, CliError> {
    let mut all = Vec::new();
    for party in node.store().parties().await? {
        let channels = recovery::not_taken_up(node, party.root).await?.into_iter();
        all.extend(channels.map(|it| NotTakenUp {
            partner: names.name(party.root),
            agreement: it.agreement,
            epoch: it.epoch,
        }));
    }
    Ok(all)
}

/// The partners for whom nothing is sealed.
pub(crate) async fn doubts(node: &Node, names: &Names) -> Result<Vec<Doubted>, CliError> {
    let doubts = node.store().doubts().await?.into_iter();
    Ok(doubts
        .map(|it| Doubted { partner: names.name(it.partner), why: it.why, since: it.since })
        .collect())
}

/// What is missing in the records of partners.
pub(crate) async fn gaps(node: &Node, names: &Names) -> Result<Vec<Missing>, CliError> {
    let gaps = node.store().gaps().await?.into_iter();
    Ok(gaps
        .map(|it| Missing {
            partner: names.name(it.channel.from),
            agreement: it.channel.agreement,
            epoch: it.channel.epoch,
            from: it.from,
            until: it.until,
            held: it.held,
        })
        .collect())
}

impl Doubted {
    /// The sentence for people.
    pub(crate) fn said(&self, ctx: &Ctx) -> String {
        let partner = &self.partner;
        let run = format!("`comity record recover --to {partner}`");
        let opens = ctx.say("opens a new epoch", "abre una nueva época");
        let why = match self.why {
            DoubtKind::Restored => ctx
                .say(
                    "this node was put back from a backup and has not asked it yet what it has; `comity serve` asks",
                    "este nodo se restituyó desde un respaldo y aún no le pregunta qué tiene; `comity serve` lo hace",
                )
                .to_owned(),
            DoubtKind::RolledBack => {
                let older = ctx.say(
                    "the database is older than what this node signed for it",
                    "la base de datos es anterior a lo que este nodo ya le firmó",
                );
                format!("{older}; {run} {opens}")
            }
            DoubtKind::PartnerAhead => {
                let ahead = ctx.say(
                    "it has statements that this node does not remember",
                    "tiene declaraciones que este nodo no recuerda",
                );
                format!("{ahead}; {run} {opens}")
            }
        };
        format!("{} {partner}: {why}", ctx.say("nothing is sealed for", "no se sella nada para"))
    }
}

impl Missing {
    /// The sentence for people.
    pub(crate) fn said(&self, ctx: &Ctx) -> String {
        let Self { partner, agreement, epoch, from, until, held } = self;
        let last = until.saturating_sub(1);
        format!(
            "{} {partner} {} {agreement}, {} {epoch}: {} {from}{} {last}; {held} {}",
            ctx.say("the record of", "al registro de intercambio de"),
            ctx.say("under", "conforme a"),
            ctx.say("epoch", "época"),
            ctx.say(
                "statements are missing, from sequence",
                "le faltan declaraciones, de la secuencia"
            ),
            ctx.say(" to", " a la"),
            ctx.say(
                "wait for them, and nothing behind them settles",
                "las esperan, y nada posterior se concluye",
            ),
        )
    }
}

impl NotTakenUp {
    /// The sentence for people.
    pub(crate) fn said(&self, ctx: &Ctx) -> String {
        let Self { partner, agreement, epoch } = self;
        format!(
            "{partner} {} {epoch} {} {agreement}: {} `comity record recover --to {partner}` {}",
            ctx.say("has not taken up epoch", "no ha asumido la época"),
            ctx.say("under", "conforme a"),
            ctx.say(
                "nothing said in it counts until then; where it lost data too,",
                "hasta entonces no cuenta nada de lo dicho en ella; si también perdió datos,",
            ),
            ctx.say("sends it again what stands", "le envía de nuevo lo que subsiste"),
        )
    }
}
