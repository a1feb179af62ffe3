//! Two nodes with the link between them.

use std::sync::Arc;
use std::time::Duration;

use comity_exchange::ports::{Clock, Courier};
use comity_exchange::worker;
use comity_link::{
    LinkIdentity, LinkSettings, NodeDispatch, NodeService, Partners, WorkerPace, serve,
    server_config,
};
use comity_testkit::{Pair, Party, Result, pair_at};
use tokio::net::TcpListener;
use tokio::sync::{Notify, watch};
use tokio::task::JoinSet;

/// Two nodes whose listeners run; nobody sends or takes in until told.
pub(crate) struct Rig {
    pub(crate) pair: Pair,
    pub(crate) to_mx: Arc<dyn Courier>,
    pub(crate) to_us: Arc<dyn Courier>,
    listeners: JoinSet<()>,
    stop: watch::Sender<bool>,
}

impl Rig {
    pub(crate) async fn new() -> Result<Self> {
        let (us_listener, mx_listener) =
            (TcpListener::bind("127.0.0.1:0").await?, TcpListener::bind("127.0.0.1:0").await?);
        let addresses =
            [us_listener.local_addr()?.to_string(), mx_listener.local_addr()?.to_string()];
        let pair = pair_at(addresses).await?;
        let (stop, stopped) = watch::channel(false);
        let mut listeners = JoinSet::new();
        let mut couriers = Vec::new();
        for (party, listener) in [(&pair.us, us_listener), (&pair.mx, mx_listener)] {
            let clock: Arc<dyn Clock> = Arc::new(party.clock.clone());
            let partners = Partners::default();
            partners.refresh(&party.node).await?;
            let settings = LinkSettings::default();
            let config = server_config(&identity(party)?, partners.pins(), &clock)?;
            let service = Arc::new(NodeService::new(party.node.clone(), settings.pouch_limit));
            listeners.spawn(serve(listener, config, service, settings.limits, stopped.clone()));
            let courier = partners.courier(&party.node, identity(party)?, clock, settings.courier);
            couriers.push(Arc::new(courier) as Arc<dyn Courier>);
        }
        let to_us = couriers.pop().ok_or("no courier")?;
        let to_mx = couriers.pop().ok_or("no courier")?;
        Ok(Self { pair, to_mx, to_us, listeners, stop })
    }

    /// Starts on both sides what `serve` starts: the outbox worker and the inbound worker.
    pub(crate) fn start_workers(&self) -> Workers {
        let (stop, stopped) = watch::channel(false);
        let mut tasks = JoinSet::new();
        let sides = [
            (&self.pair.us, &self.pair.mx, &self.to_mx),
            (&self.pair.mx, &self.pair.us, &self.to_us),
        ];
        for (own, partner, courier) in sides {
            let dispatch = Arc::new(NodeDispatch::new(own.node.clone(), Arc::clone(courier)));
            let wake = Arc::new(Notify::new());
            let (node, bell) = (own.node.clone(), Arc::clone(&wake));
            tasks.spawn(until(stopped.clone(), async move {
                loop {
                    node.outbound_woken().await;
                    bell.notify_one();
                }
            }));
            let entropy = Arc::clone(own.node.entropy());
            let root = partner.node.root();
            tasks.spawn(comity_link::worker(
                root,
                dispatch,
                entropy,
                wake,
                WorkerPace::default(),
                stopped.clone(),
            ));
            let mut end = stopped.clone();
            let inbound = worker::inbound(own.node.clone(), Duration::from_mins(1), async move {
                let _ = end.wait_for(|stop| *stop).await;
            });
            tasks.spawn(inbound);
        }
        Workers { tasks, stop }
    }

    pub(crate) async fn stop(mut self) {
        let _ = self.stop.send(true);
        while self.listeners.join_next().await.is_some() {}
    }
}

/// The running workers of both sides.
pub(crate) struct Workers {
    tasks: JoinSet<()>,
    stop: watch::Sender<bool>,
}

impl Workers {
    pub(crate) async fn stop(mut self) {
        let _ = self.stop.send(true);
        while self.tasks.join_next().await.is_some() {}
    }
}

async fn until(mut stopped: watch::Receiver<bool>, work: impl Future<Output = ()>) {
    tokio::select! {
        () = work => {}
        _ = stopped.wait_for(|stop| *stop) => {}
    }
}

fn identity(party: &Party) -> Result<LinkIdentity> {
    let keys = party.serve_keys()?;
    Ok(LinkIdentity::new(keys.link.certificate().to_vec(), keys.link.pkcs8().to_vec())?)
}
