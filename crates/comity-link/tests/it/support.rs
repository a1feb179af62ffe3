//! Two parties with their keys, a listener, and a client that says what it likes.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use comity_exchange::ports::{Clock, OutgoingPouch, Spool};
use comity_link::{
    CourierLimits, HttpCourier, LinkIdentity, LinkLimits, Pin, Pins, serve, server_config,
};
use comity_model::{Digest, PartyRoot};
use jiff::Timestamp;
use rcgen::{CertificateParams, KeyPair, PKCS_ECDSA_P256_SHA256, PublicKeyData};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

pub(crate) mod memory;
pub(crate) mod raw;

pub(crate) use memory::{MemorySpool, Service};
pub(crate) use raw::Raw;

/// How long a test waits for what must happen.
pub(crate) const PATIENCE: Duration = Duration::from_secs(2);
/// The time in the tests, and the pins' validity around it.
pub(crate) const NOW: i64 = 1_790_000_000;
pub(crate) const YEAR: i64 = 365 * 24 * 3600;

/// A clock that stands where it is put.
pub(crate) struct StillClock(Mutex<Timestamp>);

impl StillClock {
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self(Mutex::new(at(NOW))))
    }

    pub(crate) fn put(&self, second: i64) {
        *self.0.lock().unwrap() = at(second);
    }
}

impl Clock for StillClock {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap()
    }
}

pub(crate) fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

pub(crate) fn party(name: &str) -> PartyRoot {
    PartyRoot::new(Digest::of(name.as_bytes()))
}

/// A link key with a self-signed certificate.
pub(crate) struct Key {
    pub(crate) certificate: Vec<u8>,
    pub(crate) pkcs8: Vec<u8>,
    pub(crate) spki: Digest,
}

impl Key {
    pub(crate) fn new() -> Self {
        Self::with(|_| {})
    }

    pub(crate) fn with(change: impl FnOnce(&mut CertificateParams)) -> Self {
        let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).unwrap();
        let mut params = CertificateParams::default();
        change(&mut params);
        let certificate = params.self_signed(&key).unwrap().der().to_vec();
        let spki = Digest::of(&key.subject_public_key_info());
        Self { certificate, pkcs8: key.serialize_der(), spki }
    }

    pub(crate) fn identity(&self) -> LinkIdentity {
        let identity = LinkIdentity::new(self.certificate.clone(), self.pkcs8.clone()).unwrap();
        assert_eq!(*identity.spki(), self.spki);
        identity
    }

    pub(crate) fn pin(&self, holder: &str) -> Pin {
        let (not_before, not_after) = (at(NOW - YEAR), at(NOW + YEAR));
        Pin { spki: self.spki, party: party(holder), not_before, not_after }
    }
}

/// A node's listener, running.
pub(crate) struct Node {
    pub(crate) address: String,
    pub(crate) service: Arc<Service>,
    pub(crate) pins: Pins,
    pub(crate) clock: Arc<StillClock>,
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl Node {
    /// Starts a listener of `key` that knows the keys of `pins`.
    pub(crate) async fn start(
        key: &Key,
        pins: impl IntoIterator<Item = Pin>,
        service: Service,
        limits: LinkLimits,
    ) -> Self {
        let known = Pins::new();
        known.replace(pins);
        let clock = StillClock::new();
        let as_clock: Arc<dyn Clock> = clock.clone();
        let config = server_config(&key.identity(), &known, &as_clock).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let (stop, shutdown) = watch::channel(false);
        let service = Arc::new(service);
        let task = tokio::spawn(serve(listener, config, service.clone(), limits, shutdown));
        Self { address, service, pins: known, clock, stop, task }
    }

    /// Asks it to end and waits for it.
    pub(crate) async fn stop(self) {
        self.stop.send(true).unwrap();
        tokio::time::timeout(PATIENCE, self.task).await.expect("the listener ends").unwrap();
    }
}

/// The two parties that most tests need: `us` calls, `mx` listens.
pub(crate) struct Pair {
    pub(crate) us: Key,
    pub(crate) mx: Key,
    pub(crate) node: Node,
}

impl Pair {
    pub(crate) async fn new(limits: LinkLimits) -> Self {
        Self::with(Service::default(), limits).await
    }

    pub(crate) async fn with(service: Service, limits: LinkLimits) -> Self {
        let (us, mx) = (Key::new(), Key::new());
        let node = Node::start(&mx, [us.pin("us")], service, limits).await;
        Self { us, mx, node }
    }

    /// A connection of `us` that says what it likes.
    pub(crate) async fn raw(&self) -> Raw {
        Raw::connect(&self.node.address, Some(&self.us)).await.expect("the key is pinned")
    }

    /// The courier of `us`, which reads large pouches from `spool`.
    pub(crate) fn courier(&self, spool: &Arc<MemorySpool>, limits: CourierLimits) -> HttpCourier {
        courier(&self.us, [self.mx.pin("mx")], [("mx", &self.node.address)], spool, limits)
    }
}

pub(crate) fn courier<'a>(
    key: &Key,
    pins: impl IntoIterator<Item = Pin>,
    addresses: impl IntoIterator<Item = (&'static str, &'a String)>,
    spool: &Arc<MemorySpool>,
    limits: CourierLimits,
) -> HttpCourier {
    let known = Pins::new();
    known.replace(pins);
    courier_that_knows(&known, key, addresses, spool, limits)
}

/// A courier whose pins the test can replace.
pub(crate) fn courier_that_knows<'a>(
    known: &Pins,
    key: &Key,
    addresses: impl IntoIterator<Item = (&'static str, &'a String)>,
    spool: &Arc<MemorySpool>,
    limits: CourierLimits,
) -> HttpCourier {
    let mut book: BTreeMap<PartyRoot, Vec<String>> = BTreeMap::new();
    for (name, address) in addresses {
        book.entry(party(name)).or_default().push(address.clone());
    }
    let directory = Arc::new(move |partner: PartyRoot| book.get(&partner).cloned());
    let spool: Arc<dyn Spool> = spool.clone();
    HttpCourier::new(key.identity(), known.clone(), StillClock::new(), directory, spool, limits)
}

/// `len` bytes that repeat only after a long time, so that a piece in the wrong place is seen.
pub(crate) fn noise(len: usize) -> Vec<u8> {
    (0..len).map(|n| u8::try_from((n * 31 + n / 251) % 256).unwrap()).collect()
}

/// A pouch that is in memory.
pub(crate) fn in_memory(bytes: &[u8]) -> OutgoingPouch {
    let (digest, size) = (Digest::of(bytes), bytes.len() as u64);
    OutgoingPouch { digest, size, bytes: Some(bytes.to_vec().into()) }
}

/// A pouch that is in `spool`.
pub(crate) fn in_spool(spool: &MemorySpool, bytes: &[u8]) -> OutgoingPouch {
    spool.put(bytes);
    OutgoingPouch { bytes: None, ..in_memory(bytes) }
}

/// Waits until `condition` holds.
pub(crate) async fn until(what: &str, condition: impl Fn() -> bool) {
    let waiting = async {
        while !condition() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(PATIENCE, waiting).await.unwrap_or_else(|_| panic!("never: {what}"));
}
