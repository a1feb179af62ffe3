//! Who is let in: accounts by password, token or client certificate, at their rate, each to its collections.
//!
//! What is known of accounts is read again whenever it changed, so that what is disabled or revoked is shut at once, in every
//! process of the node. Passwords are the business of `passwords`.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::{Duration, Instant};

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use comity_exchange::ports::{Account, Audience, CollectionRecord, JournalEntry, Role, ViewRow};
use comity_exchange::{Node, collection};
use comity_model::Digest;
use comity_model::entropy::fresh;
use jiff::Timestamp;
use serde_json::json;
use uuid::Uuid;

use super::Fault;
use super::params::shown;
use super::passwords::{Passwords, Shown, WATCHED};
use super::rates::Rates;

/// How long it stands that an officer's grant to a unit was verified.
const VERIFIED: Duration = Duration::from_secs(30);
/// Accounts whose requests are counted at the most.
const ACCOUNTS: usize = 65_536;
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
    passwords: Arc<Passwords>,
    /// What each account asks for.
    requests: Rates,
    /// What is journalled of those who were not let in, and of what was not done for the others.
    refusals: Rates,
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
            passwords: Arc::new(Passwords::new(&fresh(&**node.entropy()))),
            requests: Rates::new(ACCOUNTS),
            refusals: Rates::new(WATCHED),
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
        if let Err(seconds) = self.requests.take(&[rate]) {
            let limited =
                self.node.journal("account-limited", &name, json!({ "address": address(peer) }));
            self.now_and_then(limited).await?;
            return Err(Fault::too_many(seconds).for_known());
        }
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
        let fits = self.passwords.fit(Shown {
            from: network(peer),
            name: shown(name),
            password: password.to_owned(),
            hash: known.accounts.get(name).and_then(|it| it.password.clone()),
        });
        let fits = fits.await.map_err(Fault::too_many)?;
        if !fits {
            self.failed(name, peer).await?;
        }
        Ok(fits)
    }

    /// Who was let in wanted more in a collection than it may.
    pub(crate) async fn denied(
        &self,
        visitor: &Visitor,
        collection: &CollectionRecord,
        (read, write): (bool, bool),
    ) -> Result<(), Fault> {
        let account = &visitor.account.name;
        let details = json!({ "account": account, "read": read, "write": write });
        let alias = &collection.alias;
        self.now_and_then(self.node.journal_by(account, "collection-denied", alias, details)).await
    }

    /// Journals what programs repeat: the same once a minute.
    async fn now_and_then(&self, line: JournalEntry) -> Result<(), Fault> {
        let name = format!("{} {} {}", line.event, line.subject, line.details);
        if self.refusals.take(&[(name, 1.0)]).is_ok() {
            self.node.store().journal(vec![line]).await?;
        }
        Ok(())
    }

    /// Somebody was not let in: journalled once a minute for each name and address.
    async fn failed(&self, name: &str, peer: Option<Peer>) -> Result<(), Fault> {
        let (address, name) = (address(peer), shown(name));
        if self.refusals.take(&[(format!("refused {} {name}", network(peer)), 1.0)]).is_ok() {
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
}
