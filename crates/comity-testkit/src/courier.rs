//! A courier between nodes in one process, which loses, doubles and reorders as it is told.

use std::io::Read as _;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use comity_exchange::Node;
use comity_exchange::dispatch::{DispatchState, dispatch};
use comity_exchange::ports::{
    Courier, CourierError, OutgoingPouch, PouchState, RemoteHead, RemotePouch, StoreError,
};
use comity_exchange::receive::receive;
use comity_model::{ChannelId, Digest, PartyRoot};

use crate::{Party, Result};

/// What a courier does wrong. Every nth delivery, counted from 1; 0 is never.
#[derive(Debug, Clone, Copy, Default)]
pub struct Faults {
    /// Says that it delivered and did not.
    pub lose: u64,
    /// Delivers and says that it did not.
    pub lie: u64,
    /// Delivers twice.
    pub double: u64,
    /// Keeps the pouch back, says that it delivered, and delivers it after the next one.
    pub swap: u64,
}

/// Carries from one node to another in the same process.
pub struct LoopCourier {
    from: Node,
    to: Node,
    faults: Faults,
    delivered: AtomicU64,
    kept_back: Mutex<Option<(OutgoingPouch, Vec<u8>)>>,
}

impl std::fmt::Debug for LoopCourier {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LoopCourier").field("from", &self.from.root()).finish_non_exhaustive()
    }
}

impl LoopCourier {
    /// A courier that does its work.
    pub fn new(from: &Party, to: &Party) -> Self {
        Self::with(from, to, Faults::default())
    }

    /// A courier with faults.
    pub fn with(from: &Party, to: &Party, faults: Faults) -> Self {
        Self {
            from: from.node.clone(),
            to: to.node.clone(),
            faults,
            delivered: AtomicU64::new(0),
            kept_back: Mutex::new(None),
        }
    }

    fn bytes_of(&self, pouch: &OutgoingPouch) -> Result<Vec<u8>, CourierError> {
        let local = |error: &dyn std::fmt::Display| CourierError::Local(error.to_string());
        if let Some(bytes) = &pouch.bytes {
            return Ok(bytes.to_vec());
        }
        let mut file = self.from.spool().open(&pouch.digest).map_err(|error| local(&error))?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).map_err(|error| local(&error))?;
        Ok(bytes)
    }

    async fn hand_over(&self, pouch: &OutgoingPouch, bytes: &[u8]) -> Result<(), CourierError> {
        let spool = Arc::clone(self.to.spool());
        let local = |error: &dyn std::fmt::Display| CourierError::Local(error.to_string());
        let have = spool.offset(&pouch.digest).map_err(|error| local(&error))?;
        if have == 0 {
            spool.append(&pouch.digest, 0, bytes).map_err(|error| local(&error))?;
        }
        spool.finish(&pouch.digest, pouch.size).map_err(|error| local(&error))?;
        receive(&self.to, pouch.digest, pouch.size, Some(self.from.root()))
            .await
            .map_err(|error| local(&error))
    }
}

#[async_trait]
impl Courier for LoopCourier {
    async fn head(&self, _: PartyRoot, channel: ChannelId) -> Result<RemoteHead, CourierError> {
        let unreachable = |error: StoreError| CourierError::Unreachable(error.to_string());
        let head = self.to.store().inbound_head(channel).await.map_err(unreachable)?;
        let epoch = self.to.store().epoch(channel).await.map_err(unreachable)?;
        Ok(RemoteHead {
            epoch,
            next: head.next,
            digest: head.last,
            cosigned: head.cosigned.map(|(_, note)| note),
            waiting: self.to.store().waiting(self.from.root()).await.map_err(unreachable)?,
        })
    }

    async fn deliver(&self, _: PartyRoot, pouch: &OutgoingPouch) -> Result<(), CourierError> {
        let count = self.delivered.fetch_add(1, Ordering::SeqCst) + 1;
        let nth = |every: u64| every > 0 && count.is_multiple_of(every);
        if nth(self.faults.lose) {
            return Ok(());
        }
        let bytes = self.bytes_of(pouch)?;
        let place = || self.kept_back.lock().unwrap_or_else(PoisonError::into_inner);
        if nth(self.faults.swap) {
            *place() = Some((pouch.clone(), bytes));
            return Ok(());
        }
        self.hand_over(pouch, &bytes).await?;
        let late = place().take();
        if let Some((pouch, bytes)) = late {
            self.hand_over(&pouch, &bytes).await?;
        }
        if nth(self.faults.double) {
            self.hand_over(pouch, &bytes).await?;
        }
        if nth(self.faults.lie) {
            return Err(CourierError::Unreachable("the answer was lost".to_owned()));
        }
        Ok(())
    }

    async fn status(&self, _: PartyRoot, pouch: Digest) -> Result<RemotePouch, CourierError> {
        let row = self.to.store().pouch(pouch).await;
        let row = row.map_err(|error| CourierError::Unreachable(error.to_string()))?;
        Ok(row.map_or(RemotePouch { state: PouchState::Unknown, code: None }, |row| RemotePouch {
            state: row.state,
            code: row.code,
        }))
    }
}

/// Lets both parties send, take in and answer until nothing moves any more.
pub async fn pump(us: &Party, mx: &Party) -> Result<()> {
    let (there, back) = (LoopCourier::new(us, mx), LoopCourier::new(mx, us));
    let (mut ours, mut theirs) = (DispatchState::default(), DispatchState::default());
    let mut idle = 0;
    // what a round seals, the next one sends
    while idle < 2 {
        let mut moved = dispatch(&us.node, &there, mx.node.root(), &mut ours).await?.sent;
        moved += mx.round().await?;
        moved += dispatch(&mx.node, &back, us.node.root(), &mut theirs).await?.sent;
        moved += us.round().await?;
        idle = if moved == 0 { idle + 1 } else { 0 };
    }
    Ok(())
}
