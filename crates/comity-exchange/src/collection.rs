//! Collections: what is held here as TAXII clients see it, by query, from a partner, under an agreement, for a unit, or
//! written by clients themselves.

mod query;

pub use query::{Query, QueryError};

use std::collections::BTreeMap;

use comity_model::entropy::fresh_uuid;
use comity_model::told::Told;
use comity_model::{PartyRoot, told};
use serde_json::json;
use uuid::Uuid;

use crate::account;
use crate::error::{ExchangeError, Result, journalled};
use crate::node::Node;
use crate::ports::{Audience, CollectionRecord, Grant, Role};
use crate::unit;

/// A new collection, or what one is to be.
#[derive(Debug, Clone, Default)]
pub struct NewCollection {
    /// The short name.
    pub alias: String,
    /// What it is called.
    pub title: String,
    /// What it is about.
    pub description: Option<String>,
    /// Which holdings are in it. Of a writable one none, where nothing is said; else all.
    pub query: Option<String>,
    /// Whether clients may write into it.
    pub writable: bool,
    /// Whether the configuration defines it.
    pub configured: bool,
}

/// Adds a collection. Refused with `bad-input` where a field has not its form or the query cannot be read, with `not-found`
/// where the query names a partner or a unit that is not there, and with `exists` where the alias is taken.
pub async fn add(node: &Node, new: NewCollection, by: &str) -> Result<CollectionRecord> {
    let alias = new.alias.clone();
    let added = async {
        let record = record(node, new, fresh_uuid(&**node.entropy())).await?;
        let details =
            json!({ "id": record.id, "query": record.query, "writable": record.writable });
        let journal = vec![node.journal_by(by, "collection-added", &record.alias, details)];
        node.store().add_collection(record.clone(), journal).await?;
        Ok(record)
    };
    journalled(node, added.await, by, "collection-not-added", alias, json!({})).await
}

/// Makes a collection what it is to be; what changes about its members follows. Nothing is written where nothing changes.
pub async fn change(
    node: &Node,
    known: &CollectionRecord,
    new: NewCollection,
    by: &str,
) -> Result<CollectionRecord> {
    let mut record = record(node, new, known.id).await?;
    record.created_at = known.created_at;
    if record != *known {
        let details =
            json!({ "id": record.id, "query": record.query, "writable": record.writable });
        let journal = vec![node.journal_by(by, "collection-changed", &record.alias, details)];
        node.store().change_collection(record.clone(), journal).await?;
    }
    Ok(record)
}

/// Removes a collection. What is in it stays held.
pub async fn remove(node: &Node, collection: &CollectionRecord, by: &str) -> Result<()> {
    let details = json!({ "id": collection.id });
    let journal = vec![node.journal_by(by, "collection-removed", &collection.alias, details)];
    Ok(node.store().remove_collection(collection.id, journal).await?)
}

/// A collection by its alias or its id.
pub async fn find(node: &Node, name: &str) -> Result<CollectionRecord> {
    let id = name.parse::<Uuid>().ok();
    let collections = node.store().collections().await?;
    let found = collections.into_iter().find(|it| it.alias == name || Some(it.id) == id);
    found.ok_or_else(|| ExchangeError::NotFound {
        what: "collection",
        name: name.escape_debug().to_string(),
        advice: "`comity collection list` shows the collections, `comity collection add` adds one",
    })
}

/// Says what an account may do in a collection. Refused with `not-writable` where it is to write and the collection takes
/// nothing, and with `unit-not-granted` for the account of a unit that no officer granted anything.
pub async fn grant(
    node: &Node,
    collection: &CollectionRecord,
    account: &str,
    (read, write): (bool, bool),
    by: &str,
) -> Result<Grant> {
    let granted = async {
        let account = account::find(node, account).await?;
        if write && !collection.writable {
            let message = told!(
                "`{collection}` takes nothing from clients; make one with `comity collection add ALIAS --writable`",
                collection = collection.alias
            );
            return Err(ExchangeError::refused("not-writable", message));
        }
        if read {
            let audience = audience(node, &account.role).await?;
            node.store().open_view(collection.id, audience).await?;
        }
        let grant = Grant { collection: collection.id, account: account.name, read, write };
        let details = json!({ "account": grant.account, "read": read, "write": write });
        let journal = vec![node.journal_by(by, "collection-granted", &collection.alias, details)];
        node.store().grant_collection(grant.clone(), journal).await?;
        Ok(grant)
    };
    let details = json!({ "account": account });
    journalled(node, granted.await, by, "collection-not-granted", &collection.alias, details).await
}

/// With whom an account sees the same. Refused with `unit-not-granted` for a unit that no officer granted anything.
pub async fn audience(node: &Node, role: &Role) -> Result<Audience> {
    match role {
        Role::Tool => Ok(Audience::House),
        Role::Unit(name) => Ok(Audience::Unit(unit::granted_to(node, name).await?.use_code)),
    }
}

/// The partners of this party by handle, as queries name them.
pub(crate) async fn handles(node: &Node) -> Result<BTreeMap<String, PartyRoot>> {
    let parties = node.store().parties().await?;
    Ok(parties.into_iter().map(|it| (it.handle.to_string(), it.root)).collect())
}

async fn record(node: &Node, new: NewCollection, id: Uuid) -> Result<CollectionRecord> {
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    let alias = new.alias;
    let is_plain = (1..=64).contains(&alias.len()) && alias.bytes().all(plain);
    if !is_plain || alias.parse::<Uuid>().is_ok() {
        let message = "write 1 to 64 lower-case letters, digits and hyphens";
        return Err(ExchangeError::input(
            alias.escape_debug().to_string(),
            Told::from(message).named("collection-alias"),
        ));
    }
    let title = line("--title", &new.title, 200)?;
    let description = match &new.description {
        Some(text) if !text.trim().is_empty() => Some(line("--description", text, 1_000)?),
        _ => None,
    };
    let query = match (new.query, new.writable) {
        (None, true) => None,
        (None, false) => Some(Query::default().to_string()),
        (Some(text), _) => Some(read_query(node, &text).await?.to_string()),
    };
    Ok(CollectionRecord {
        id,
        alias,
        title,
        description,
        query,
        writable: new.writable,
        configured: new.configured,
        created_at: node.now(),
    })
}

fn line(place: &str, text: &str, most: usize) -> Result<String> {
    let text = text.trim();
    if !(1..=most).contains(&text.chars().count()) || text.chars().any(char::is_control) {
        let message = told!("write one line of 1 to {most} characters", most);
        return Err(ExchangeError::input(place, message.named("line-length")));
    }
    Ok(text.to_owned())
}

async fn read_query(node: &Node, text: &str) -> Result<Query> {
    let query =
        Query::parse(text).map_err(|error| ExchangeError::input("--query", error.told()))?;
    let handles = handles(node).await?;
    if let Some(handle) = query.partners().find(|it| !handles.contains_key(*it)) {
        return Err(ExchangeError::no_party(handle));
    }
    let units = node.store().units().await?;
    if let Some(unit) = query.units().find(|it| !units.iter().any(|known| known.name == *it)) {
        return Err(unit::no_unit(unit));
    }
    Ok(query)
}
