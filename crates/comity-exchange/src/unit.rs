//! Units: national bodies inside the party, what each is given, and who had what when a recall asks
//! (docs/protocol.md section 7).

use comity_model::told;
use comity_model::told::Told;
use std::collections::BTreeSet;

use comity_model::entropy::fresh_uuid;
use comity_model::{Digest, Handling, Holding, Onward, Tlp};
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use serde_json::json;
use serde_json::value::RawValue;

use crate::error::{ExchangeError, Result};
use crate::matter::or_journal;
use crate::node::Node;
use crate::ports::{Given, Unit};

/// Objects given at a time, at the most.
const OBJECTS: usize = 100_000;

/// Adds a unit. Refused with `bad-input` if its name or its title has not the form, with `exists` if the name is taken.
pub async fn add(node: &Node, name: &str, title: &str, by: &str) -> Result<Unit> {
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    if !(1..=64).contains(&name.len()) || !name.bytes().all(plain) {
        let message = "write 1 to 64 lower-case letters, digits and hyphens";
        return Err(ExchangeError::input(
            name.escape_debug().to_string(),
            Told::from(message).named("unit-name"),
        ));
    }
    let title = title.trim();
    if !(1..=200).contains(&title.chars().count()) || title.chars().any(char::is_control) {
        let message = "write one line of 1 to 200 characters";
        return Err(ExchangeError::input(
            "--title",
            Told::from(message).with("most", 200).named("line-length"),
        ));
    }
    let unit = Unit { name: name.to_owned(), title: title.to_owned(), added_at: node.now() };
    let journal = vec![node.journal_by(by, "unit-added", name, json!({ "title": title }))];
    node.store().add_unit(unit.clone(), journal).await?;
    Ok(unit)
}

/// What a unit is given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Chosen {
    /// These objects.
    Ids(Vec<String>),
    /// Everything that a release of a partner brought, by the digest of its statement.
    Release(Digest),
}

/// A STIX bundle for a unit, with what binds whoever has it.
#[derive(Debug, Serialize)]
pub struct Bundle {
    /// Always `bundle`.
    #[serde(rename = "type")]
    type_: &'static str,
    /// Its STIX id.
    pub id: String,
    /// The objects, byte for byte.
    pub objects: Vec<Box<RawValue>>,
    /// What binds those of them that partners released.
    #[serde(rename = "x_comity_handling", skip_serializing_if = "Vec::is_empty")]
    pub handling: Vec<Bound>,
}

/// What binds an object in a bundle.
#[derive(Debug, Serialize)]
pub struct Bound {
    /// The object's STIX id.
    pub id: String,
    /// The terms.
    #[serde(flatten)]
    pub handling: Handling,
    /// Until when it may be kept.
    pub until: Timestamp,
}

/// Gives a unit objects: it is noted who has what, and the bundle is made. Refused whole, and nothing is noted, with
/// `onward-never` where the terms of an object let it go to nobody, with `tlp-red`, and with `frozen` or `not-found` for what
/// readers do not see.
pub async fn give(node: &Node, unit: &str, chosen: Chosen, by: &str) -> Result<Bundle> {
    let picked = pick(node, unit, chosen).await;
    let holdings = or_journal(node, by, unit, picked).await?;
    let mut bundle = Bundle {
        type_: "bundle",
        id: format!("bundle--{}", fresh_uuid(&**node.entropy())),
        objects: Vec::with_capacity(holdings.len()),
        handling: Vec::new(),
    };
    let mut given = Vec::with_capacity(holdings.len());
    for holding in holdings {
        given.push(Given {
            id: holding.id.clone(),
            version: holding.version.clone(),
            statement: holding.origin.statement(),
        });
        if let Some(handling) = holding.handling {
            let days = SignedDuration::from_hours(24 * i64::from(handling.retention_days));
            let until = holding.received_at.checked_add(days).unwrap_or(Timestamp::MAX);
            bundle.handling.push(Bound { id: holding.id.clone(), handling, until });
        }
        let text = String::from_utf8(holding.bytes).map_err(ExchangeError::damaged)?;
        bundle.objects.push(RawValue::from_string(text).map_err(ExchangeError::damaged)?);
    }
    let details = json!({ "objects": given.len(), "bundle": bundle.id });
    let journal = vec![node.journal_by(by, "unit-given", unit, details)];
    // noted before anybody has it: a recall rather tells one unit too many than one too few
    node.store().give(unit.to_owned(), given, node.now(), journal).await?;
    Ok(bundle)
}

async fn pick(node: &Node, unit: &str, chosen: Chosen) -> Result<Vec<Holding>> {
    if !node.store().units().await?.iter().any(|it| it.name == unit) {
        return Err(ExchangeError::NotFound {
            what: "unit",
            name: unit.to_owned(),
            advice: "`comity unit list` shows the units, `comity unit add` adds one",
        });
    }
    let ids: BTreeSet<String> = match chosen {
        Chosen::Ids(ids) => ids.into_iter().collect(),
        Chosen::Release(release) => {
            let objects = node.store().release_objects(release, Vec::new()).await?;
            objects.into_iter().map(|(object, _)| object.id).collect()
        }
    };
    if ids.is_empty() || ids.len() > OBJECTS {
        let message = told!(
            "name 1 to {most} objects, or a release of a partner that was taken in",
            most = OBJECTS
        );
        return Err(ExchangeError::input("the objects", message.named("objects-count")));
    }
    let mut holdings = Vec::with_capacity(ids.len());
    for id in ids {
        let Some(holding) = node.store().holding(id.clone()).await? else {
            return Err(unseen(node, id).await?);
        };
        may_go(&holding)?;
        holdings.push(holding);
    }
    Ok(holdings)
}

/// Why readers do not see an object.
async fn unseen(node: &Node, id: String) -> Result<ExchangeError> {
    if node.store().frozen(id.clone()).await?.is_empty() {
        let advice = "what expired or was purged is not here any more; `comity holdings search WORDS` finds what is";
        return Ok(ExchangeError::NotFound { what: "holding", name: id, advice });
    }
    let message = told!(
        "a recall or a legal hold keeps `{id}` from every reader; `comity holdings show {id} --held` says which",
        id
    );
    Ok(ExchangeError::refused("frozen", message))
}

/// Whether the terms of an object let it go to a unit.
fn may_go(holding: &Holding) -> Result<()> {
    let Some(handling) = &holding.handling else { return Ok(()) };
    if handling.onward == Onward::Never {
        let message = told!(
            "`{object}` was given under `onward = never` and goes to nobody",
            object = holding.id
        );
        return Err(ExchangeError::refused("onward-never", message));
    }
    if handling.tlp == Tlp::Red {
        let message = told!(
            "`{object}` is TLP:RED, for those alone to whom its owner gave it",
            object = holding.id
        );
        return Err(ExchangeError::refused("tlp-red", message));
    }
    Ok(())
}
