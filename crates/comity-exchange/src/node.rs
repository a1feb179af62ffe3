//! The node: the ports, put together, and what every step asks of them.

use std::borrow::Borrow;
use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use comity_model::{Digest, Entropy, PartyRoot};
use comity_policy::Engine;
use comity_pouch::approval::OfficerCertificate;
use comity_stix::registry::Registry;
use jiff::{Timestamp, Unit};
use tokio::sync::Notify;

use crate::error::{ExchangeError, Result};
use crate::partner::Partner;
use crate::ports::{
    Blobs, Clock, JournalEntry, Keys, LastCheckpoints, NodeRecord, Spool, Store, Tombstones,
};

/// What the steps of a release run on. Cheap to clone.
#[derive(Clone)]
pub struct Node {
    inner: Arc<Inner>,
}

struct Inner {
    record: NodeRecord,
    ports: Ports,
    descriptor: RwLock<Arc<str>>,
    keys: RwLock<Option<Arc<dyn Keys>>>,
    wake_inbound: Notify,
    wake_outbound: Notify,
    engines: Mutex<Vec<(Digest, Arc<Engine>)>>,
    certificates: Mutex<Vec<(Digest, Arc<OfficerCertificate>)>>,
    partners: Mutex<Vec<(String, Arc<Partner>)>>,
    signing: tokio::sync::Mutex<()>,
    known: Mutex<VecDeque<Digest>>,
}

/// The ports of a node.
#[derive(Clone)]
pub struct Ports {
    /// Where everything is kept.
    pub store: Arc<dyn Store>,
    /// Large parts.
    pub blobs: Arc<dyn Blobs>,
    /// Pouches.
    pub spool: Arc<dyn Spool>,
    /// What was purged.
    pub tombstones: Arc<dyn Tombstones>,
    /// What was signed last.
    pub last_checkpoints: Arc<dyn LastCheckpoints>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub entropy: Arc<dyn Entropy>,
    /// The unlocked keys; `None` for what needs none.
    pub keys: Option<Arc<dyn Keys>>,
    /// The extensions and custom types that objects are checked by beside the standard.
    pub registry: Arc<Registry>,
}

impl fmt::Debug for Ports {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ports").field("unlocked", &self.keys.is_some()).finish_non_exhaustive()
    }
}

impl fmt::Debug for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Node")
            .field("handle", &self.inner.record.handle)
            .field("ports", &self.inner.ports)
            .finish_non_exhaustive()
    }
}

impl Node {
    /// Opens the node that the store holds. What was purged since the database was last written, because it was put
    /// back from a backup, is purged again before this returns; and where it is older than what this node signed, the
    /// partners concerned are in doubt.
    pub async fn open(ports: Ports) -> Result<Self> {
        let record = ports.store.node().await?.ok_or_else(|| ExchangeError::NotFound {
            what: "node",
            name: "here".to_owned(),
            advice: "make one with `comity init`",
        })?;
        let inner = Inner {
            descriptor: RwLock::new(record.descriptor.as_str().into()),
            keys: RwLock::new(ports.keys.clone()),
            record,
            ports,
            wake_inbound: Notify::new(),
            wake_outbound: Notify::new(),
            engines: Mutex::new(Vec::new()),
            certificates: Mutex::new(Vec::new()),
            partners: Mutex::new(Vec::new()),
            known: Mutex::new(VecDeque::new()),
            signing: tokio::sync::Mutex::new(()),
        };
        let node = Self { inner: Arc::new(inner) };
        crate::purge::replay(&node).await?;
        crate::recovery::look_back(&node).await?;
        Ok(node)
    }

    /// This node's record as it was when the node was opened. Its newest descriptor is [`Node::descriptor`].
    pub fn record(&self) -> &NodeRecord {
        &self.inner.record
    }

    /// This node's party.
    pub fn root(&self) -> PartyRoot {
        self.inner.record.root
    }

    /// The store.
    pub fn store(&self) -> &dyn Store {
        &*self.inner.ports.store
    }

    /// Large parts.
    pub fn blobs(&self) -> &Arc<dyn Blobs> {
        &self.inner.ports.blobs
    }

    /// Pouches.
    pub fn spool(&self) -> &Arc<dyn Spool> {
        &self.inner.ports.spool
    }

    /// What was purged.
    pub fn tombstones(&self) -> &Arc<dyn Tombstones> {
        &self.inner.ports.tombstones
    }

    /// What was signed last.
    pub fn last_checkpoints(&self) -> &Arc<dyn LastCheckpoints> {
        &self.inner.ports.last_checkpoints
    }

    /// Randomness.
    pub fn entropy(&self) -> &Arc<dyn Entropy> {
        &self.inner.ports.entropy
    }

    /// The unlocked keys.
    pub fn keys(&self) -> Result<Arc<dyn Keys>> {
        let keys = self.inner.keys.read().unwrap_or_else(PoisonError::into_inner);
        keys.clone().ok_or(ExchangeError::Locked)
    }

    /// Goes on with these keys, which another process of this node made.
    pub fn change_keys(&self, keys: Arc<dyn Keys>) {
        *self.inner.keys.write().unwrap_or_else(PoisonError::into_inner) = Some(keys);
    }

    /// This node's own newest descriptor, as far as it was looked at: the signed envelope, as text.
    pub fn descriptor(&self) -> Arc<str> {
        Arc::clone(&self.inner.descriptor.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Looks whether this node has a newer descriptor, which another process may have made, and says whether it has.
    pub async fn refresh(&self) -> Result<bool> {
        let Some(record) = self.store().node().await? else { return Ok(false) };
        let mut known = self.inner.descriptor.write().unwrap_or_else(PoisonError::into_inner);
        let is_new = **known != *record.descriptor;
        if is_new {
            *known = record.descriptor.as_str().into();
        }
        Ok(is_new)
    }

    /// The extensions and custom types that objects are checked by beside the standard.
    pub fn registry(&self) -> &Arc<Registry> {
        &self.inner.ports.registry
    }

    /// Now, to the millisecond: what statements and records carry.
    pub fn now(&self) -> Timestamp {
        let now = self.inner.ports.clock.now();
        now.round(
            jiff::TimestampRound::new().smallest(Unit::Millisecond).mode(jiff::RoundMode::Trunc),
        )
        .unwrap_or(now)
    }

    /// Wakes whoever takes in what arrived.
    pub fn wake_inbound(&self) {
        self.inner.wake_inbound.notify_one();
    }

    /// Wakes whoever sends what is sealed.
    pub fn wake_outbound(&self) {
        self.inner.wake_outbound.notify_one();
    }

    /// Waits until something arrived.
    pub async fn inbound_woken(&self) {
        self.inner.wake_inbound.notified().await;
    }

    /// Waits until something was sealed.
    pub async fn outbound_woken(&self) {
        self.inner.wake_outbound.notified().await;
    }

    /// A journal line by this node itself.
    pub fn journal(
        &self,
        event: &str,
        subject: impl ToString,
        details: serde_json::Value,
    ) -> JournalEntry {
        self.journal_by("node", event, subject, details)
    }

    /// A journal line by `actor`.
    #[expect(clippy::needless_pass_by_value, reason = "ids and folios are given as they come")]
    pub fn journal_by(
        &self,
        actor: &str,
        event: &str,
        subject: impl ToString,
        details: serde_json::Value,
    ) -> JournalEntry {
        JournalEntry {
            at: self.now(),
            event: event.to_owned(),
            subject: subject.to_string(),
            actor: actor.to_owned(),
            details,
        }
    }

    /// Held by whoever signs what is sealed, so that the tasks of one process do not sign the same statements.
    pub(crate) async fn signing(&self) -> tokio::sync::MutexGuard<'_, ()> {
        self.inner.signing.lock().await
    }

    /// Whether this is seen for the first time since the start: what is seen again and again fills no journal. The last
    /// 1,024 things are remembered.
    pub(crate) fn is_news(&self, what: &[u8]) -> bool {
        let digest = Digest::of(what);
        let mut known = self.inner.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.contains(&digest) {
            return false;
        }
        if known.len() >= REMEMBERED {
            known.pop_front();
        }
        known.push_back(digest);
        true
    }

    /// The compiled form of an agreement's text, made once for each text.
    pub(crate) fn engine(
        &self,
        digest: &Digest,
        make: impl FnOnce() -> Result<Engine>,
    ) -> Result<Arc<Engine>> {
        cached(&self.inner.engines, digest, make)
    }

    /// An officer's certificate that a registrar signed, verified once for both.
    pub(crate) fn certificate(
        &self,
        digest: &Digest,
        make: impl FnOnce() -> Result<OfficerCertificate>,
    ) -> Result<Arc<OfficerCertificate>> {
        cached(&self.inner.certificates, digest, make)
    }

    /// A partner's keys, read once for each descriptor. It is known by its text: a release asks for keys two dozen times, and to
    /// compare the tens of kilobytes costs far less than to hash them.
    pub(crate) fn partner_of(
        &self,
        descriptor: &str,
        make: impl FnOnce() -> Result<Partner>,
    ) -> Result<Arc<Partner>> {
        cached(&self.inner.partners, descriptor, make)
    }
}

/// How many things that were seen are remembered.
const REMEMBERED: usize = 1_024;

/// How many compiled texts or descriptors are kept; the oldest goes first.
const CACHED: usize = 64;

fn cached<K: Borrow<Q>, Q: Eq + ToOwned<Owned = K> + ?Sized, T>(
    cache: &Mutex<Vec<(K, Arc<T>)>>,
    key: &Q,
    make: impl FnOnce() -> Result<T>,
) -> Result<Arc<T>> {
    let find = |cached: &Vec<(K, Arc<T>)>| {
        let known = cached.iter().find(|(known, _)| known.borrow() == key);
        known.map(|(_, value)| Arc::clone(value))
    };
    if let Some(value) = find(&cache.lock().unwrap_or_else(PoisonError::into_inner)) {
        return Ok(value);
    }
    let value = Arc::new(make()?);
    let mut cached = cache.lock().unwrap_or_else(PoisonError::into_inner);
    if cached.len() >= CACHED {
        cached.remove(0);
    }
    cached.push((key.to_owned(), Arc::clone(&value)));
    Ok(value)
}
