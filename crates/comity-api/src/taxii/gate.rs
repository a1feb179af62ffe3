//! Who is let in: accounts by password, token or client certificate, at their rate, each to its collections.
//!
//! What is known of accounts is read again whenever it changed, so that what is disabled or revoked is shut at once, in every
//! process of the node. A password that fitted is remembered for some minutes under a keyed hash: verifying one takes tens
//! of milliseconds on purpose, and no request after the first should.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::{Duration, Instant};

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use comity_exchange::ports::{Account, Audience, CollectionRecord, Role, ViewRow};
use comity_exchange::{Node, account, collection};
use comity_model::Digest;
use comity_model::entropy::fresh;
use jiff::Timestamp;
use serde_json::json;
use tokio::sync::Semaphore;
use uuid::Uuid;

use super::Fault;
use super::params::shown;
use super::rates::{Rate, Rates};

/// How long a password that fitted is remembered.
const REMEMBERED: Duration = Duration::from_mins(5);
/// How long it stands that an officer's grant to a unit was verified.
const VERIFIED: Duration = Duration::from_secs(30);
/// Passwords that are remembered at the most.
const PASSWORDS: usize = 4_096;
/// Passwords verified at the same time.
const HASHERS: usize = 2;
/// Attempts at one name's password that may fail from one address within a minute, before the next has to wait.
const FAILURES: f64 = 20.0;
/// Those at all names together: behind a proxy many share an address.
const ALL_FAILURES: f64 = 120.0;
/// Networks and names that are watched at the most.
const WATCHED: usize = 16_384;
/// Accounts whose requests are counted at the most.
const ACCOUNTS: usize = 65_536;
/// The hash of no password: what an unknown name is compared with takes as long as what a known one is.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$Y29taXR5LW5vYm9keS1hdC1hbGw$v2K8mV7bR8Z0h9k0p3y9cQm5b1m0cQe0V6f3m8mF0cE";

/// Where a request came from, as the listener saw it.
#[derive(Debug, Clone, Copy)]
pub struct Peer {
    /// The other end of the connection.
    pub address: IpAddr,
    /// The SHA-256 of the public key of the client certificate that it proved to hold.
    pub certificate: Option<Digest>,
}

/// The gate. It remembers what it let in.
pub(crate) struct Gate {
    node: Node,
    known: RwLock<Arc<Known>>,
    passwords: Mutex<BTreeMap<Digest, Instant>>,
    key: [u8; 32],
    /// What each account asks for.
    requests: Rates,
    /// What is tried from each address.
    tries: Rates,
    hashers: Arc<Semaphore>,
}

/// Everything that decides who may what, as it was at one generation.
#[derive(Default)]
struct Known {
    generation: Option<u64>,
    accounts: BTreeMap<String, Account>,
    certificates: BTreeMap<Digest, String>,
    tokens: BTreeMap<Digest, KnownToken>,
    collections: Vec<CollectionRecord>,
    /// By account: the collections that it may read, and those that it may write.
    grants: BTreeMap<String, Vec<(Uuid, bool, bool)>>,
    /// Views that were opened, by collection and role, and when.
    views: Mutex<BTreeMap<(Uuid, Role), (ViewRow, Instant)>>,
}

struct KnownToken {
    account: String,
    scope: Option<Vec<Uuid>>,
    expires_at: Timestamp,
}

/// Somebody who was let in.
#[derive(Debug, Clone)]
pub(crate) struct Visitor {
    /// The account.
    pub(crate) account: Account,
    /// The collections that it may know of, by alias.
    pub(crate) collections: Vec<Access>,
}

/// What a visitor may do in a collection.
#[derive(Debug, Clone)]
pub(crate) struct Access {
    pub(crate) collection: CollectionRecord,
    pub(crate) read: bool,
    pub(crate) write: bool,
}

impl Gate {
    pub(crate) fn new(node: Node) -> Self {
        Self {
            known: RwLock::new(Arc::default()),
            passwords: Mutex::default(),
            key: fresh(&**node.entropy()),
            requests: Rates::new(ACCOUNTS),
            tries: Rates::new(WATCHED),
            hashers: Arc::new(Semaphore::new(HASHERS)),
            node,
        }
    }

    /// Lets somebody in, or says why not.
    pub(crate) async fn enter(
        &self,
        fields: &HeaderMap,
        peer: Option<Peer>,
    ) -> Result<Visitor, Fault> {
        let known = self.known().await?;
        let recognised = self.recognise(&known, fields, peer).await?;
        let (name, scope) = recognised.ok_or_else(Fault::unknown_client)?;
        let account = known.accounts.get(&name).filter(|it| it.disabled_at.is_none());
        let account = account.ok_or_else(Fault::unknown_client)?;
        let rate = (name.clone(), f64::from(account.per_minute));
        self.requests.take(&[rate]).map_err(Fault::too_many)?;
        let in_scope = |id: &Uuid| scope.as_ref().is_none_or(|it| it.contains(id));
        let granted = known.grants.get(&name).map(Vec::as_slice).unwrap_or_default();
        let collections = known.collections.iter().filter_map(|collection| {
            let (id, read, write) = granted.iter().find(|(id, ..)| *id == collection.id)?;
            let write = *write && collection.writable;
            let open = in_scope(id) && (*read || write);
            open.then(|| Access { collection: collection.clone(), read: *read, write })
        });
        Ok(Visitor { account: account.clone(), collections: collections.collect() })
    }

    /// The view through which a visitor reads a collection.
    pub(crate) async fn view(&self, visitor: &Visitor, collection: Uuid) -> Result<ViewRow, Fault> {
        // what decides a unit's audience changes the generation, but for the end of an officer's key, which time brings
        let known = Arc::clone(&self.known.read().unwrap_or_else(PoisonError::into_inner));
        let key = (collection, visitor.account.role.clone());
        let found = {
            let views = known.views.lock().unwrap_or_else(PoisonError::into_inner);
            views
                .get(&key)
                .filter(|(_, since)| since.elapsed() < VERIFIED)
                .map(|(row, _)| row.clone())
        };
        if let Some(view) = found {
            return Ok(view);
        }
        let audience: Audience = collection::audience(&self.node, &visitor.account.role).await?;
        let view = self.node.store().open_view(collection, audience).await?;
        let mut views = known.views.lock().unwrap_or_else(PoisonError::into_inner);
        views.insert(key, (view.clone(), Instant::now()));
        Ok(view)
    }

    async fn known(&self) -> Result<Arc<Known>, Fault> {
        let store = self.node.store();
        let generation = store.access_generation().await?;
        let known = Arc::clone(&self.known.read().unwrap_or_else(PoisonError::into_inner));
        if known.generation == Some(generation) {
            return Ok(known);
        }
        let mut fresh = Known { generation: Some(generation), ..Known::default() };
        for account in store.accounts().await? {
            if let Some(certificate) = account.certificate {
                fresh.certificates.insert(certificate, account.name.clone());
            }
            fresh.accounts.insert(account.name.clone(), account);
        }
        for token in store.tokens().await?.into_iter().filter(|it| it.revoked_at.is_none()) {
            let (account, scope, expires_at) = (token.account, token.scope, token.expires_at);
            fresh.tokens.insert(token.digest, KnownToken { account, scope, expires_at });
        }
        fresh.collections = store.collections().await?;
        for grant in store.grants().await? {
            let of_account = fresh.grants.entry(grant.account).or_default();
            of_account.push((grant.collection, grant.read, grant.write));
        }
        let fresh = Arc::new(fresh);
        *self.known.write().unwrap_or_else(PoisonError::into_inner) = Arc::clone(&fresh);
        Ok(fresh)
    }

    /// The account that a request belongs to, and the collections to which its token is limited.
    async fn recognise(
        &self,
        known: &Known,
        fields: &HeaderMap,
        peer: Option<Peer>,
    ) -> Result<Option<(String, Option<Vec<Uuid>>)>, Fault> {
        let mut all = fields.get_all(AUTHORIZATION).iter();
        let Some(told) = all.next() else {
            let certificate = peer.and_then(|it| it.certificate);
            let name = certificate.and_then(|it| known.certificates.get(&it));
            return Ok(name.map(|it| (it.clone(), None)));
        };
        if all.next().is_some() {
            let text = "`Authorization` stands there twice";
            return Err(Fault::bad("authorization-twice", text));
        }
        let told = told.to_str().ok().and_then(|it| it.split_once(' '));
        let Some((scheme, credentials)) = told else { return Ok(None) };
        if scheme.eq_ignore_ascii_case("bearer") {
            let token = known.tokens.get(&Digest::of(credentials.trim().as_bytes()));
            let token = token.filter(|it| it.expires_at > self.node.now());
            if token.is_none() {
                // no token is guessed: it takes nothing from those who may try a password
                self.failed("a token", peer).await?;
            }
            return Ok(token.map(|it| (it.account.clone(), it.scope.clone())));
        }
        if !scheme.eq_ignore_ascii_case("basic") {
            return Ok(None);
        }
        let decoded = STANDARD.decode(credentials.trim()).ok();
        let decoded = decoded.and_then(|it| String::from_utf8(it).ok());
        let Some((name, password)) = decoded.as_deref().and_then(|it| it.split_once(':')) else {
            return Ok(None);
        };
        let fits = self.fits(known, name, password, peer).await?;
        Ok(fits.then(|| (name.to_owned(), None)))
    }

    async fn fits(
        &self,
        known: &Known,
        name: &str,
        password: &str,
        peer: Option<Peer>,
    ) -> Result<bool, Fault> {
        let hash = known.accounts.get(name).and_then(|it| it.password.clone());
        let trace = hash.as_ref().map(|hash| {
            let key = STANDARD.encode(self.key);
            Digest::of(format!("{key}\n{hash}\n{password}").as_bytes())
        });
        if let Some(trace) = trace {
            let passwords = self.passwords.lock().unwrap_or_else(PoisonError::into_inner);
            if passwords.get(&trace).is_some_and(|it| it.elapsed() < REMEMBERED) {
                return Ok(true);
            }
        }
        // an attempt is counted before it is looked at, however many come at once, and given back where it was right; one that
        // is not looked at is counted nowhere
        let from = network(peer);
        let tried: [Rate; 2] = [
            (format!("password {from} {}", shown(name)), FAILURES),
            (format!("passwords {from}"), ALL_FAILURES),
        ];
        self.tries.take(&tried).map_err(Fault::too_many)?;
        let Ok(turn) = Arc::clone(&self.hashers).acquire_owned().await else { return Ok(false) };
        let (is_known, password) = (hash.is_some(), password.to_owned());
        let hash = hash.unwrap_or_else(|| NOBODY.to_owned());
        let compare = move || {
            // the turn lasts as long as this takes its memory, also where nobody waits for the answer any more
            let _turn = turn;
            account::password_fits(&hash, password.as_bytes())
        };
        let fits = tokio::task::spawn_blocking(compare).await.unwrap_or(false) && is_known;
        match trace.filter(|_| fits) {
            Some(trace) => {
                self.tries.give_back(&tried);
                let mut passwords = self.passwords.lock().unwrap_or_else(PoisonError::into_inner);
                passwords.retain(|_, since| since.elapsed() < REMEMBERED);
                if passwords.len() < PASSWORDS {
                    passwords.insert(trace, Instant::now());
                }
            }
            None => self.failed(name, peer).await?,
        }
        Ok(fits)
    }

    /// Somebody was not let in: journalled once a minute for each name and address.
    async fn failed(&self, name: &str, peer: Option<Peer>) -> Result<(), Fault> {
        let (address, name) = (address(peer), shown(name));
        if self.tries.take(&[(format!("refused {} {name}", network(peer)), 1.0)]).is_ok() {
            let details = json!({ "address": address });
            let journal = vec![self.node.journal("account-refused", name, details)];
            self.node.store().journal(journal).await?;
        }
        Ok(())
    }
}

/// Whose tries are counted together: those from one address of IPv4, and from what one customer gets of IPv6 at the least.
fn network(peer: Option<Peer>) -> String {
    match peer.map(|it| it.address) {
        Some(IpAddr::V6(address)) => {
            let [one, two, three, four, ..] = address.segments();
            format!("{one:x}:{two:x}:{three:x}:{four:x}::/64")
        }
        _ => address(peer),
    }
}

fn address(peer: Option<Peer>) -> String {
    peer.map_or_else(|| "unknown".to_owned(), |it| it.address.to_string())
}

#[cfg(test)]
mod tests {
    use comity_testkit::{Party, Result, TestClock};

    use super::*;

    #[test]
    fn whoever_has_a_network_of_ipv6_has_no_more_tries_than_with_one_address() {
        let network = |address: &str| {
            let address = address.parse().unwrap();
            network(Some(Peer { address, certificate: None }))
        };
        assert_eq!(network("2001:db8::1"), network("2001:db8::ffff:1:2:3"));
        assert_ne!(network("2001:db8::1"), network("2001:db8:0:1::1"));
        assert_ne!(network("192.0.2.1"), network("192.0.2.2"));
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_password_takes_its_turn_until_it_is_verified_also_where_nobody_waits_any_more()
    -> Result<()> {
        let clock = TestClock::at("2026-03-01T10:00:00Z".parse()?);
        let party = Party::new("mx", &clock, false).await?;
        let (gate, known) = (Gate::new(party.node.clone()), Known::default());
        for _ in 0..HASHERS {
            let fits = gate.fits(&known, "desk", "a guess", None);
            // the client hangs up once it is being verified
            let gone = tokio::time::timeout(Duration::from_micros(100), fits).await;
            assert!(gone.is_err(), "verifying takes longer");
        }
        assert_eq!(gate.hashers.available_permits(), 0, "the memory is still taken");
        let waited = async {
            while gate.hashers.available_permits() < HASHERS {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        tokio::time::timeout(Duration::from_mins(1), waited).await?;
        Ok(())
    }
}
