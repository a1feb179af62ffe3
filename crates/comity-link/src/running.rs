//! The link of a running node: the listener, the courier, and one outbox worker for each confirmed partner.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use comity_exchange::Node;
use comity_exchange::partner;
use comity_exchange::ports::{Clock, Courier};
use comity_model::PartyRoot;
use serde_json::json;
use tokio::net::TcpListener;
use tokio::sync::{Notify, watch};
use tokio::task::JoinSet;

use crate::{
    CourierLimits, HttpCourier, LinkIdentity, LinkLimits, NodeDispatch, NodeService, Pins,
    TlsError, WorkerPace, serve, server_config, worker,
};

/// How the link of a node runs.
#[derive(Debug, Clone, Copy)]
pub struct LinkSettings {
    /// What the listener takes.
    pub limits: LinkLimits,
    /// How the courier behaves.
    pub courier: CourierLimits,
    /// How outbox workers wait.
    pub pace: WorkerPace,
    /// Bytes of the largest pouch that is taken.
    pub pouch_limit: u64,
    /// How often to look for partners that were confirmed or changed their descriptor.
    pub refresh: Duration,
}

impl Default for LinkSettings {
    fn default() -> Self {
        Self {
            limits: LinkLimits::default(),
            courier: CourierLimits::default(),
            pace: WorkerPace::default(),
            pouch_limit: comity_model::descriptor::PartyLimits::default().pouch,
            refresh: Duration::from_secs(1),
        }
    }
}

/// The partners as the link knows them. Clones share it.
#[derive(Debug, Clone, Default)]
pub struct Partners {
    pins: Pins,
    addresses: Arc<RwLock<BTreeMap<PartyRoot, Vec<String>>>>,
}

impl Partners {
    /// Reads the confirmed partners from the store: their pinned keys and their addresses. Gives their roots.
    pub async fn refresh(&self, node: &Node) -> comity_exchange::Result<Vec<PartyRoot>> {
        let mut parties = node.store().parties().await?;
        parties.retain(|party| party.confirmed_at.is_some());
        parties.sort_by_key(|party| party.imported_at);
        let mut known = Vec::with_capacity(parties.len());
        for party in &parties {
            known.push(partner::keys_of(node, party)?);
        }
        let exercise = node.record().exercise;
        let contested =
            self.pins.replace_with(exercise, known.iter().map(|partner| &partner.descriptor));
        for pin in contested {
            tracing::error!(party = %pin.party, "another party's link key is claimed; the claim is ignored");
        }
        let addresses = known
            .iter()
            .map(|partner| (partner.root(), partner.descriptor.urls.clone()))
            .collect::<BTreeMap<_, _>>();
        *self.addresses.write().unwrap_or_else(PoisonError::into_inner) = addresses;
        Ok(known.iter().map(|partner| partner.root()).collect())
    }

    /// A courier to these partners.
    pub fn courier(
        &self,
        node: &Node,
        identity: LinkIdentity,
        clock: Arc<dyn Clock>,
        limits: CourierLimits,
    ) -> HttpCourier {
        let addresses = Arc::clone(&self.addresses);
        let directory = move |party: PartyRoot| {
            addresses.read().unwrap_or_else(PoisonError::into_inner).get(&party).cloned()
        };
        let spool = Arc::clone(node.spool());
        HttpCourier::new(identity, self.pins.clone(), clock, Arc::new(directory), spool, limits)
    }

    /// Who holds which link key.
    pub const fn pins(&self) -> &Pins {
        &self.pins
    }
}

/// Runs the link of `node` on `listener` until `shutdown` holds `true`: takes pouches in, and sends what is sealed. Partners
/// that are confirmed while it runs are taken up within [`LinkSettings::refresh`].
pub async fn run(
    node: Node,
    clock: Arc<dyn Clock>,
    identity: LinkIdentity,
    listener: TcpListener,
    settings: LinkSettings,
    shutdown: watch::Receiver<bool>,
) -> Result<(), TlsError> {
    let partners = Partners::default();
    // whoever calls in the first second is known already
    if let Err(error) = partners.refresh(&node).await {
        tracing::error!(code = error.code(), "the partners cannot be read: {error}");
    }
    let config = server_config(&identity, partners.pins(), &clock)?;
    let courier: Arc<dyn Courier> =
        Arc::new(partners.courier(&node, identity, Arc::clone(&clock), settings.courier));
    let service = Arc::new(NodeService::new(node.clone(), settings.pouch_limit));
    let listening = serve(listener, config, service, settings.limits, shutdown.clone());
    let sending = send(node, partners, courier, &settings, shutdown);
    tokio::join!(listening, sending);
    Ok(())
}

/// Keeps one worker for each confirmed partner.
async fn send(
    node: Node,
    partners: Partners,
    courier: Arc<dyn Courier>,
    settings: &LinkSettings,
    mut shutdown: watch::Receiver<bool>,
) {
    let (dispatch, stop) = (Arc::new(NodeDispatch::new(node.clone(), courier)), shutdown.clone());
    let mut workers = JoinSet::new();
    let mut wakes: BTreeMap<PartyRoot, Arc<Notify>> = BTreeMap::new();
    let mut refresh = tokio::time::interval(settings.refresh);
    refresh.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = refresh.tick() => match partners.refresh(&node).await {
                Ok(roots) => for root in roots {
                    wakes.entry(root).or_insert_with(|| {
                        let wake = Arc::new(Notify::new());
                        let entropy = Arc::clone(node.entropy());
                        let work = worker(root, dispatch.clone(), entropy, Arc::clone(&wake), settings.pace, stop.clone());
                        workers.spawn(work);
                        wake
                    });
                },
                Err(error) => {
                    let line = node.journal("partners-unreadable", "link", json!({ "code": error.code() }));
                    tracing::error!(code = error.code(), "the partners cannot be read: {error}");
                    let _ = node.store().journal(vec![line]).await;
                }
            },
            () = node.outbound_woken() => for wake in wakes.values() {
                wake.notify_one();
            },
            _ = shutdown.wait_for(|stop| *stop) => break,
        }
    }
    while workers.join_next().await.is_some() {}
}
