//! The link's two halves over a node: what the listener answers, and what the outbox workers send.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use comity_exchange::dispatch::{self, DispatchState};
use comity_exchange::ports::{Courier, PouchState, RemoteHead, RemotePouch, Spool, StoreError};
use comity_exchange::receive::receive;
use comity_exchange::{ExchangeError, Node};
use comity_model::{AgreementId, ChannelId, Digest, PartyRoot};
use serde_json::json;
use tokio::sync::Mutex;

use crate::outbox::{Dispatch, DispatchError, Dispatched};
use crate::service::{LinkFault, LinkService};

/// Answers the link for a node.
#[derive(Debug, Clone)]
pub struct NodeService {
    node: Node,
    pouch_limit: u64,
}

impl NodeService {
    /// Answers for `node`, which takes pouches up to `pouch_limit` bytes.
    pub const fn new(node: Node, pouch_limit: u64) -> Self {
        Self { node, pouch_limit }
    }
}

#[async_trait]
impl LinkService for NodeService {
    async fn received(&self, from: PartyRoot, pouch: Digest, size: u64) -> Result<(), LinkFault> {
        receive(&self.node, pouch, size, Some(from)).await.map_err(failed)
    }

    async fn status(&self, from: PartyRoot, pouch: Digest) -> Result<RemotePouch, LinkFault> {
        let row = self.node.store().pouch(pouch).await.map_err(failed)?;
        let row = row.filter(|row| row.via == Some(from)).ok_or(LinkFault::Unknown)?;
        let code = match (&row.code, row.state) {
            (None, PouchState::Held) => Some(comity_model::Refusal::Gap.code().to_owned()),
            (code, _) => code.clone(),
        };
        Ok(RemotePouch { state: row.state, code })
    }

    async fn head(
        &self,
        from: PartyRoot,
        agreement: AgreementId,
        epoch: u32,
    ) -> Result<RemoteHead, LinkFault> {
        let store = self.node.store();
        let agreements = store.agreements().await.map_err(failed)?;
        if !agreements.iter().any(|it| it.reference.id == agreement && it.partner == from) {
            return Err(LinkFault::Unknown);
        }
        let channel = ChannelId { agreement, epoch, from, to: self.node.root() };
        let head = store.inbound_head(channel).await.map_err(failed)?;
        Ok(RemoteHead {
            epoch: store.epoch(channel).await.map_err(failed)?,
            next: head.next,
            digest: head.last,
            cosigned: head.cosigned.map(|(_, note)| note),
            waiting: store.waiting(from).await.map_err(failed)?,
        })
    }

    fn spool(&self, _from: PartyRoot) -> Arc<dyn Spool> {
        Arc::clone(self.node.spool())
    }

    fn pouch_limit(&self) -> u64 {
        self.pouch_limit
    }

    async fn stranger(&self, count: u64) {
        let line = self.node.journal("link-stranger", "link", json!({ "handshakes": count }));
        if let Err(error) = self.node.store().journal(vec![line]).await {
            tracing::error!(
                code = error.code(),
                "a line could not be added to the journal: {error}"
            );
        }
    }
}

fn failed(error: impl std::fmt::Display) -> LinkFault {
    LinkFault::Failed(error.to_string())
}

/// Sends what is due for the partners of a node.
pub struct NodeDispatch {
    node: Node,
    courier: Arc<dyn Courier>,
    states: Mutex<BTreeMap<PartyRoot, Arc<Mutex<DispatchState>>>>,
}

impl NodeDispatch {
    /// Sends for `node` by `courier`.
    pub fn new(node: Node, courier: Arc<dyn Courier>) -> Self {
        Self { node, courier, states: Mutex::default() }
    }
}

impl std::fmt::Debug for NodeDispatch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NodeDispatch").field("node", &self.node).finish_non_exhaustive()
    }
}

#[async_trait]
impl Dispatch for NodeDispatch {
    async fn dispatch(&self, partner: PartyRoot) -> Result<Dispatched, DispatchError> {
        let state = Arc::clone(self.states.lock().await.entry(partner).or_default());
        let mut state = state.lock().await;
        let done = dispatch::dispatch(&self.node, &*self.courier, partner, &mut state).await;
        done.map(|done| Dispatched { sent: done.sent, more: done.more, wait: None }).map_err(
            |error| match error {
                ExchangeError::Courier(error) => DispatchError::Courier(error),
                ExchangeError::Store(error @ (StoreError::Failed(_) | StoreError::Corrupt(_))) => {
                    DispatchError::Store(error)
                }
                error => DispatchError::Local { code: error.code(), text: error.to_string() },
            },
        )
    }
}
