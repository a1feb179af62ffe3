//! The caller's end of the link.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use comity_exchange::ports::{
    Clock, Courier, CourierError, OutgoingPouch, PouchState, RemoteHead, RemotePouch, Spool,
};
use comity_model::{ChannelId, Digest, PartyRoot};
use hyper::{Method, StatusCode};

use crate::answer::{head_of, status_of};
use crate::tls::client_config;
use crate::wire::Route;
use crate::{LinkIdentity, Pins};

mod body;
mod deliver;
mod fault;
mod pool;

use body::Outgoing;
use pool::{Answer, Pool};

/// Where partners listen.
pub trait Directory: Send + Sync {
    /// The addresses of a confirmed partner's listener, as `host:port`, first choice first; `None` if there is no such
    /// partner.
    fn addresses(&self, partner: PartyRoot) -> Option<Vec<String>>;
}

impl<F> Directory for F
where
    F: Fn(PartyRoot) -> Option<Vec<String>> + Send + Sync,
{
    fn addresses(&self, partner: PartyRoot) -> Option<Vec<String>> {
        self(partner)
    }
}

/// How the courier behaves. The defaults are those of docs/protocol.md section 5; tests make them smaller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CourierLimits {
    /// Time for a TCP connection to one address.
    pub connect: Duration,
    /// Time for the TLS handshake after it.
    pub handshake: Duration,
    /// Time for an answer, not counting that for the body at [`CourierLimits::rate`].
    pub answer: Duration,
    /// How long a connection may lie idle and be used again; less than the partner's listener waits.
    pub idle: Duration,
    /// Connections to one partner.
    pub connections: usize,
    /// Bytes of one range.
    pub range: u64,
    /// Bytes of the first range of a large pouch: short, so that a refusal is heard before much is sent.
    pub first: u64,
    /// Bytes up to which a pouch that is in memory is sent without asking for the offset first.
    pub small: u64,
    /// Bytes a second that the line is believed to carry.
    pub rate: u64,
    /// Bytes of an answer.
    pub response: usize,
}

impl Default for CourierLimits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(5),
            handshake: Duration::from_secs(10),
            answer: Duration::from_mins(2),
            idle: Duration::from_secs(30),
            connections: 3,
            range: 64 << 20,
            first: 256 << 10,
            small: 1 << 20,
            rate: 16 << 10,
            response: 64 << 10,
        }
    }
}

/// Carries pouches to partners over the link. Keeps a few connections open to each.
pub struct HttpCourier {
    identity: LinkIdentity,
    pins: Pins,
    clock: Arc<dyn Clock>,
    directory: Arc<dyn Directory>,
    spool: Arc<dyn Spool>,
    limits: CourierLimits,
    pools: Mutex<BTreeMap<PartyRoot, Arc<Pool>>>,
}

impl HttpCourier {
    /// A courier that shows `identity`, speaks to whom `directory` and `pins` know, and reads large pouches from `spool`.
    pub fn new(
        identity: LinkIdentity,
        pins: Pins,
        clock: Arc<dyn Clock>,
        directory: Arc<dyn Directory>,
        spool: Arc<dyn Spool>,
        limits: CourierLimits,
    ) -> Self {
        Self { identity, pins, clock, directory, spool, limits, pools: Mutex::default() }
    }

    fn pool(&self, partner: PartyRoot) -> Result<Arc<Pool>, CourierError> {
        let mut pools = self.pools.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(pool) = pools.get(&partner) {
            return Ok(Arc::clone(pool));
        }
        let tls = client_config(&self.identity, &self.pins, &self.clock, partner)
            .map_err(|error| CourierError::Local(error.to_string()))?;
        let pool = Arc::new(Pool::new(tls, self.pins.clone(), partner, self.limits));
        pools.insert(partner, Arc::clone(&pool));
        Ok(pool)
    }

    /// One request to a partner and its answer.
    async fn ask(
        &self,
        partner: PartyRoot,
        method: Method,
        route: Route,
        body: Outgoing,
    ) -> Result<Answer, CourierError> {
        let unknown = || CourierError::Local("there is no such partner".to_owned());
        let addresses = self.directory.addresses(partner).ok_or_else(unknown)?;
        let answer =
            self.pool(partner)?.ask(&addresses, self.clock.now(), method, route, body).await;
        let outcome = match &answer {
            Ok(answer) => answer.status.as_str().to_owned(),
            Err(error) => error.code().to_owned(),
        };
        metrics::counter!("comity_courier_requests_total", "outcome" => outcome).increment(1);
        answer
    }

    async fn document<T>(
        &self,
        partner: PartyRoot,
        route: Route,
        read: fn(&[u8]) -> Option<T>,
    ) -> Result<Option<T>, CourierError> {
        let answer = self.ask(partner, Method::GET, route, Outgoing::none()).await?;
        match answer.status {
            StatusCode::OK => {
                let unreadable = || CourierError::Protocol("its answer cannot be read".to_owned());
                read(&answer.body).map(Some).ok_or_else(unreadable)
            }
            StatusCode::NOT_FOUND => Ok(None),
            _ => Err(answer.refusal()),
        }
    }
}

#[async_trait]
impl Courier for HttpCourier {
    async fn head(
        &self,
        partner: PartyRoot,
        channel: ChannelId,
    ) -> Result<RemoteHead, CourierError> {
        let route = Route::Head { agreement: channel.agreement, epoch: channel.epoch };
        let head = self.document(partner, route, head_of).await?;
        head.ok_or_else(|| CourierError::Refused("not-found".to_owned()))
    }

    async fn deliver(&self, partner: PartyRoot, pouch: &OutgoingPouch) -> Result<(), CourierError> {
        deliver::deliver(self, partner, pouch).await
    }

    async fn status(&self, partner: PartyRoot, pouch: Digest) -> Result<RemotePouch, CourierError> {
        let status = self.document(partner, Route::Pouch(pouch), status_of).await?;
        Ok(status.unwrap_or(RemotePouch { state: PouchState::Unknown, code: None }))
    }
}

impl fmt::Debug for HttpCourier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "HttpCourier({:?})", self.identity)
    }
}
