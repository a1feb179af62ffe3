//! What is between this node and its partners: agreements, the outbox, the way to their nodes.

use std::time::Duration;

use comity_exchange::keys::Unlocked;
use comity_exchange::ports::{Courier as _, JournalLine};
use comity_exchange::{ExchangeError, Node, agreement};
use comity_link::CourierLimits;
use comity_model::{ChannelId, PartyRoot};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::Value;

use super::house::SOON;
use super::refusals::LATELY;
use super::{Findings, State, Topic};
use crate::commands::agreement::{refusal_code, refusal_words};
use crate::commands::status::{record, stuck};
use crate::ctx::Names;
use crate::error::CliError;
use crate::wiring;

/// The newest lines of the journal that are looked at.
const JOURNAL: u32 = 2_000;

/// What the store knows of every partner.
pub(super) async fn records(found: &mut Findings<'_>, node: &Node) -> Result<(), CliError> {
    for party in node.store().parties().await? {
        let handle = party.handle.to_string();
        if party.confirmed_at.is_none() {
            let text = CliError::NotCompared(handle.clone()).in_lang(found.ctx.lang);
            found.add(&Topic::Partner(handle), State::Warn, text);
            continue;
        }
        let topic = Topic::Agreement(handle.clone());
        match agreement::in_force(node, party.root, node.now()).await {
            Ok(standing) => {
                let last = standing.agreement.in_force.until;
                let soon = node.now().saturating_add(SOON).unwrap_or_else(|_| node.now());
                let ends_soon = soon.to_zoned(TimeZone::UTC).date() > last;
                let state = if ends_soon { State::Warn } else { State::Ok };
                let words =
                    found.ctx.say("in force, its last day is", "vigente, su último día es el");
                found.add(&topic, state, format!("{words} {last}"));
            }
            Err(error) => {
                let text = CliError::from(error).in_lang(found.ctx.lang);
                found.add(&topic, State::Warn, text);
            }
        }
        refused(found, node, &topic, party.root).await?;
        let view = node.store().outbox_view(party.root).await?;
        let state = if view.unsettled == 0 { State::Ok } else { State::Warn };
        let mut text = format!(
            "{} {}, {} {}",
            view.last.saturating_sub(view.cursor),
            found.ctx.say("not delivered", "sin entregar"),
            view.unsettled,
            found.ctx.say("not settled", "por concluir")
        );
        if let Some(silence) = stuck::silence(found.ctx.lang, &view, node.now()) {
            text = format!("{text}; {silence}");
        }
        found.add(&Topic::Outbox(handle), state, text);
    }
    Ok(())
}

/// What this party said lately about an agreement and the partner did not take in, and whether the two stand with
/// different texts of it.
async fn refused(
    found: &mut Findings<'_>,
    node: &Node,
    topic: &Topic,
    partner: PartyRoot,
) -> Result<(), CliError> {
    let now = node.now();
    let mut agreements = node.store().agreements().await?;
    agreements.retain(|it| it.partner == partner);
    agreements.dedup_by_key(|it| it.reference.id);
    for version in agreements {
        let id = version.reference.id;
        let life = agreement::life(node, id, now).await?;
        for event in life.refused().filter(|it| lately(it.at, now)) {
            let code = refusal_code(node, event).await?.unwrap_or_default();
            let (english, spanish) = match code.as_str() {
                "agreement-signed-otherwise" | "agreement-complete" => (
                    "both sign a higher version, which `comity agreement amend` begins",
                    "firmen ambas una versión más alta, que inicia `comity agreement amend`",
                ),
                _ => ("see `comity agreement show`", "consulte `comity agreement show`"),
            };
            let text = format!(
                "{} {}: {}; {}",
                found.ctx.say("the partner refused", "la contraparte rechazó"),
                event.folio,
                refusal_words(found.ctx.lang, &code),
                found.ctx.say(english, spanish),
            );
            found.add(topic, State::Warn, text);
        }
    }
    let newest = node.store().journal_newest(JOURNAL).await?;
    let partner = partner.to_string();
    let said = |line: &JournalLine, name: &str, text: &str| {
        line.entry.details.get(name).and_then(Value::as_str) == Some(text)
    };
    let differs = newest.iter().any(|line| {
        line.entry.event == "pouch-refused"
            && said(line, "code", "agreement-digest")
            && said(line, "via", &partner)
            && lately(line.entry.at, now)
    });
    if differs {
        let english = "the partner cites another text of a version than the one that is here with both signatures; compare the \
                       digests of `comity agreement show` with it, and sign a higher version, which \
                       `comity agreement amend --by-signatures` begins";
        let spanish = "la contraparte cita un texto de una versión distinto del que está aquí con ambas firmas; compare con ella \
                       los resúmenes de `comity agreement show` y firmen una versión más alta, que inicia \
                       `comity agreement amend --by-signatures`";
        found.say(topic, State::Fail, english, spanish);
    }
    Ok(())
}

/// What stands in the way of the records with partners.
pub(super) async fn blocked(found: &mut Findings<'_>, node: &Node) -> Result<(), CliError> {
    let names = Names::of(node).await?;
    for doubted in record::doubts(node, &names).await? {
        let text = doubted.said(found.ctx);
        found.add(&Topic::Record(doubted.partner), State::Fail, text);
    }
    for missing in record::gaps(node, &names).await? {
        let text = missing.said(found.ctx);
        found.add(&Topic::Record(missing.partner), State::Warn, text);
    }
    for waiting in record::not_taken_up(node, &names).await? {
        let text = waiting.said(found.ctx);
        found.add(&Topic::Record(waiting.partner), State::Warn, text);
    }
    for refused in stuck::stuck(node, &names).await? {
        let text = refused.said(found.ctx.lang);
        let state = if refused.blocked { State::Fail } else { State::Warn };
        found.add(&Topic::Record(refused.partner), state, text);
    }
    Ok(())
}

fn lately(at: Timestamp, now: Timestamp) -> bool {
    now.duration_since(at) <= LATELY
}

/// Calls every confirmed partner and asks where this party's channel stands there.
pub(super) async fn calls(
    found: &mut Findings<'_>,
    node: &Node,
    keys: &Unlocked,
) -> Result<(), CliError> {
    let limits = CourierLimits {
        connect: Duration::from_secs(3),
        handshake: Duration::from_secs(5),
        answer: Duration::from_secs(5),
        ..CourierLimits::default()
    };
    let courier = wiring::courier(node, keys, limits).await?;
    let agreements = node.store().agreements().await?;
    for party in node.store().parties().await? {
        if party.confirmed_at.is_none() {
            continue;
        }
        let topic = Topic::Partner(party.handle.to_string());
        let agreed = agreements.iter().find(|it| it.complete && it.partner == party.root);
        let Some(agreed) = agreed else {
            let english = "not called: there is no agreement that both signed";
            let spanish = "no se le llamó: no hay un acuerdo firmado por ambas partes";
            found.say(&topic, State::Warn, english, spanish);
            continue;
        };
        let channel = ChannelId {
            agreement: agreed.reference.id,
            epoch: 1,
            from: node.root(),
            to: party.root,
        };
        let channel = ChannelId { epoch: node.store().epoch(channel).await?, ..channel };
        match courier.head(party.root, channel).await {
            Ok(head) => {
                let here = node.store().outbound_head(channel).await?.next;
                if head.epoch > channel.epoch || head.next > here {
                    let handle = &party.handle;
                    let ahead = found.ctx.say(
                        "it has statements of this party that this node does not remember",
                        "tiene declaraciones de esta parte que este nodo no recuerda",
                    );
                    let opens = found.ctx.say("opens a new epoch", "abre una nueva época");
                    let text = format!("{ahead}; `comity record recover --to {handle}` {opens}");
                    found.add(&Topic::Record(handle.to_string()), State::Fail, text);
                }
                let text = format!(
                    "{} {} {}",
                    found.ctx.say("it answers; it took in", "responde; ha recibido"),
                    head.next,
                    found.ctx.say("statements of this party", "declaraciones de esta parte")
                );
                found.add(&topic, State::Ok, text);
            }
            Err(error) => found.fail(&topic, &ExchangeError::from(error).into()),
        }
    }
    Ok(())
}
