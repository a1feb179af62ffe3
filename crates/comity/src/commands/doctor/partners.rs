//! What is between this node and its partners: agreements, the outbox, the way to their nodes.

use std::time::Duration;

use comity_exchange::keys::Unlocked;
use comity_exchange::ports::Courier as _;
use comity_exchange::{ExchangeError, Node, agreement};
use comity_link::CourierLimits;
use comity_model::ChannelId;
use jiff::tz::TimeZone;

use super::house::SOON;
use super::{Findings, State, Topic};
use crate::commands::status::record;
use crate::ctx::Names;
use crate::error::CliError;
use crate::wiring;

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
        let view = node.store().outbox_view(party.root).await?;
        let state = if view.unsettled == 0 { State::Ok } else { State::Warn };
        let text = format!(
            "{} {}, {} {}",
            view.last.saturating_sub(view.cursor),
            found.ctx.say("not delivered", "sin entregar"),
            view.unsettled,
            found.ctx.say("not settled", "por concluir")
        );
        found.add(&Topic::Outbox(handle), state, text);
    }
    Ok(())
}

/// What stands in the way of the records with partners.
pub(super) async fn blocked(found: &mut Findings<'_>, node: &Node) -> Result<(), CliError> {
    let names = Names::of(node).await?;
    for doubted in record::doubts(node, &names).await? {
        let state = if doubted.is_passing() { State::Warn } else { State::Fail };
        let text = doubted.said(found.ctx);
        found.add(&Topic::Record(doubted.partner), state, text);
    }
    for missing in record::gaps(node, &names).await? {
        let text = missing.said(found.ctx);
        found.add(&Topic::Record(missing.partner), State::Warn, text);
    }
    Ok(())
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
