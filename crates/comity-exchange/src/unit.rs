//! Units: national bodies inside the party, what each is given, and who had what when a recall asks
//! (docs/protocol.md section 7).

use comity_model::told;
use comity_model::told::Told;
use std::collections::BTreeSet;

use comity_model::entropy::fresh_uuid;
use comity_model::{Bringer, Digest, Handling, Holding, Onward, Origin, Pap, Tlp, UseCode};
use comity_pouch::approval::{ApprovalError, UnitGrant};
use comity_pouch::dsse::Envelope;
use comity_pouch::keys::OfficerKey;
use jiff::Timestamp;
use serde::Serialize;
use serde_json::json;
use serde_json::value::RawValue;

use crate::approve::{certified, officer_by_id};
use crate::consent::Consents;
use crate::error::{ExchangeError, Result};
use crate::matter::or_journal;
use crate::node::Node;
use crate::partner::Partner;
use crate::ports::{Custodial, Given, Received, SignedGrant, Unit};

/// Objects given at a time, at the most.
const OBJECTS: usize = 100_000;

/// Adds a unit that uses what it is given for `use_code`, on the signature of an officer. Refused with `bad-input` if its
/// name or its title has not the form, with `exists` if the name is taken, and where the officer is not certified now.
pub async fn add(
    node: &Node,
    name: &str,
    title: &str,
    use_code: UseCode,
    officer: &OfficerKey,
) -> Result<Unit> {
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
    let record = officer_by_id(node, officer.officer()).await?;
    let signed = sign(node, name, use_code, officer, &record.certificate).await;
    let grant = or_journal(node, &record.name, name, signed).await?;
    let details = json!({ "title": title, "use": use_code, "officer": record.id });
    let journal = vec![node.journal_by(&record.name, "unit-added", name, details)];
    let (name, title) = (name.to_owned(), title.to_owned());
    let unit = Unit { name, title, added_at: node.now(), grant: Some(grant) };
    node.store().add_unit(unit.clone(), journal).await?;
    Ok(unit)
}

/// Has an officer sign another grant of a unit, in the place of the one before.
pub async fn grant(
    node: &Node,
    unit: &str,
    use_code: UseCode,
    officer: &OfficerKey,
) -> Result<UnitGrant> {
    let record = officer_by_id(node, officer.officer()).await?;
    let signed = async {
        find(node, unit).await?;
        sign(node, unit, use_code, officer, &record.certificate).await
    };
    let signed = or_journal(node, &record.name, unit, signed.await).await?;
    let grant = read(node, unit, &signed).await?;
    let details = json!({ "use": use_code, "officer": record.id });
    let journal = vec![node.journal_by(&record.name, "unit-granted", unit, details)];
    node.store().grant_unit(unit.to_owned(), signed, journal).await?;
    Ok(grant)
}

async fn sign(
    node: &Node,
    unit: &str,
    use_code: UseCode,
    officer: &OfficerKey,
    certificate: &str,
) -> Result<SignedGrant> {
    let envelope = UnitGrant::sign(unit, use_code, officer, node.now()).map_err(refusal)?;
    let envelope = String::from_utf8_lossy(&envelope.to_json()).into_owned();
    let signed = SignedGrant { certificate: certificate.to_owned(), envelope };
    read(node, unit, &signed).await?;
    Ok(signed)
}

/// What an officer of this party granted a unit. Refused with `unit-not-granted` where no officer did, and where what is
/// kept was signed for another unit. What an officer signed stays good as it was when it was signed: its certificate is
/// judged by the registrar's key that this party's descriptor had then.
pub async fn granted(node: &Node, unit: &Unit) -> Result<UnitGrant> {
    let signed = unit.grant.as_ref().ok_or_else(|| not_granted(&unit.name))?;
    read(node, &unit.name, signed).await
}

async fn read(node: &Node, unit: &str, signed: &SignedGrant) -> Result<UnitGrant> {
    let envelope = Envelope::parse(signed.envelope.as_bytes())
        .map_err(|error| ExchangeError::refused(error.code(), error.to_string()))?;
    let stated: UnitGrant =
        serde_json::from_slice(envelope.unverified_payload()).map_err(|_| not_granted(unit))?;
    let registrar = own_at(node, stated.at).await?.registrar_key(stated.at)?;
    let certificate = certified(node, &registrar, &signed.certificate)?;
    let grant = UnitGrant::verify(&envelope, &certificate).map_err(refusal)?;
    if grant.unit == unit { Ok(grant) } else { Err(not_granted(unit)) }
}

/// What this party said of itself at `at`: the last of its descriptors that was made by then, or else its first.
async fn own_at(node: &Node, at: Timestamp) -> Result<Partner> {
    let known = node.store().descriptors(node.root()).await?;
    let then = known.iter().rev().find(|it| it.taken_at <= at).or_else(|| known.first());
    let row = then.ok_or_else(|| ExchangeError::no_root(node.root()))?;
    let read = Partner::read(row.envelope.as_bytes(), "the stored descriptor");
    Ok(read.map_err(ExchangeError::damaged)?.0)
}

fn not_granted(unit: &str) -> ExchangeError {
    let message = told!(
        "no officer granted the unit `{unit}` anything; `comity unit grant {unit} --as NAME` has one sign",
        unit
    );
    ExchangeError::refused("unit-not-granted", message)
}

#[expect(clippy::needless_pass_by_value, reason = "errors are handed over by `map_err`")]
fn refusal(error: ApprovalError) -> ExchangeError {
    ExchangeError::refused(error.code(), error.to_string())
}

/// A unit by its name.
pub(crate) async fn find(node: &Node, unit: &str) -> Result<Unit> {
    let units = node.store().units().await?;
    units.into_iter().find(|it| it.name == unit).ok_or_else(|| no_unit(unit))
}

pub(crate) fn no_unit(name: &str) -> ExchangeError {
    ExchangeError::NotFound {
        what: "unit",
        name: name.escape_debug().to_string(),
        advice: "`comity unit list` shows the units, `comity unit add` adds one",
    }
}

/// What an officer granted the unit of this name.
pub(crate) async fn granted_to(node: &Node, unit: &str) -> Result<UnitGrant> {
    granted(node, &find(node, unit).await?).await
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

/// A bundle for a unit that nobody has yet. Write it to where it goes, and hand it over only once [`Prepared::note`] is done.
#[derive(Debug)]
pub struct Prepared {
    /// What the unit gets.
    pub bundle: Bundle,
    /// Ids of what the chosen release brought and is not here any more: purged since, or its time is over.
    pub gone: Vec<String>,
    unit: String,
    given: Vec<Given>,
    by: String,
}

impl Prepared {
    /// The ids of what the unit gets.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.given.iter().map(|it| it.id.as_str())
    }

    /// Notes who has what. Refused with `conflict` where readers do not see one of the objects any more; then nothing is
    /// noted, and nothing may be handed over.
    pub async fn note(&self, node: &Node) -> Result<()> {
        let details = json!({ "objects": self.given.len(), "bundle": self.bundle.id });
        let journal = vec![node.journal_by(&self.by, "unit-given", &self.unit, details)];
        node.store().give(self.unit.clone(), self.given.clone(), node.now(), journal).await?;
        Ok(())
    }
}

/// Makes the bundle of what a unit is to be given. Refused whole with `unit-not-granted` where no officer granted the unit
/// anything; with `onward-never` where the terms of an object let it go to nobody; with `tlp-red` and `pap-red`; with
/// `use-not-granted` where the unit uses what it is given for more than the object was given for, and its giver did not
/// consent; and with `frozen` or `not-found` for what readers do not see. What a release brought and is not here any more is left out
/// and named ([`Prepared::gone`]); it is refused where that is all of it.
pub async fn prepare(node: &Node, unit: &str, chosen: Chosen, by: &str) -> Result<Prepared> {
    let picked = pick(node, unit, chosen).await;
    let (holdings, gone) = or_journal(node, by, unit, picked).await?;
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
            let until = handling.keep_until(holding.received_at);
            bundle.handling.push(Bound { id: holding.id.clone(), handling, until });
        }
        let text = String::from_utf8(holding.bytes).map_err(ExchangeError::damaged)?;
        bundle.objects.push(RawValue::from_string(text).map_err(ExchangeError::damaged)?);
    }
    Ok(Prepared { bundle, gone, unit: unit.to_owned(), given, by: by.to_owned() })
}

/// Notes that a unit was to be given something, and that nothing could be handed over; `code` says why.
pub async fn not_given(node: &Node, unit: &str, code: &str, by: &str) -> Result<()> {
    let details = json!({ "code": code });
    let journal = vec![node.journal_by(by, "unit-not-given", unit, details)];
    Ok(node.store().journal(journal).await?)
}

/// What a unit may be given of what was chosen, and of a release the ids of what is not here any more.
async fn pick(node: &Node, unit: &str, chosen: Chosen) -> Result<(Vec<Holding>, Vec<String>)> {
    let grant = granted(node, &find(node, unit).await?).await?;
    let uses = match grant.use_code {
        UseCode::IntelligenceOnly => None,
        wider @ UseCode::Judicial => Some(Consents::of_use(node, wider, node.now()).await?),
    };
    let (ids, mut gone): (BTreeSet<String>, Vec<String>) = match &chosen {
        Chosen::Ids(ids) => (ids.iter().cloned().collect(), Vec::new()),
        Chosen::Release(release) => {
            let brought = node.store().release_objects(*release, Vec::new()).await?;
            let (gone, here): (Vec<_>, Vec<_>) =
                brought.into_iter().partition(|(_, became)| *became == Custodial::Purged);
            let ids = |it: Vec<(Received, Custodial)>| it.into_iter().map(|(it, _)| it.id);
            let here: BTreeSet<String> = ids(here).collect();
            let gone: BTreeSet<String> = ids(gone).filter(|id| !here.contains(id)).collect();
            if let (true, Some(first)) = (here.is_empty(), gone.first()) {
                return Err(unseen(node, first.clone()).await?);
            }
            (here, gone.into_iter().collect())
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
            let error = unseen(node, id.clone()).await?;
            let is_over = matches!(error, ExchangeError::NotFound { .. });
            // of a release that came once some may be over already, and the rest is still to be had
            if is_over && matches!(chosen, Chosen::Release(_)) {
                gone.push(id);
                continue;
            }
            return Err(error);
        };
        may_go(&holding)?;
        if uses.as_ref().is_some_and(|it| !it.allow_use(&holding)) {
            return Err(use_not_granted(&holding, grant.use_code));
        }
        holdings.push(holding);
    }
    if let (true, Some(first)) = (holdings.is_empty(), gone.first()) {
        return Err(unseen(node, first.clone()).await?);
    }
    gone.sort();
    Ok((holdings, gone))
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
pub(crate) fn may_go(holding: &Holding) -> Result<()> {
    if received_tlp(holding) == Some(Tlp::Red) {
        let message = told!(
            "`{object}` is TLP:RED, for those alone to whom its owner gave it",
            object = holding.id
        );
        return Err(ExchangeError::refused("tlp-red", message));
    }
    let Some(handling) = &holding.handling else { return Ok(()) };
    if handling.onward == Onward::Never {
        let message = told!(
            "`{object}` was given under `onward = never` and goes to nobody",
            object = holding.id
        );
        return Err(ExchangeError::refused("onward-never", message));
    }
    if handling.pap == Some(Pap::Red) {
        let message = told!(
            "`{object}` is PAP:RED, for those alone whom its owner named; no unit is given it",
            object = holding.id
        );
        return Err(ExchangeError::refused("pap-red", message));
    }
    Ok(())
}

/// The label under which this party has something from somebody else: a partner or a feed. What its own people bring in is its own to
/// share.
fn received_tlp(holding: &Holding) -> Option<Tlp> {
    match &holding.origin {
        Origin::Partner { .. } => holding.handling.as_ref().map(|it| it.tlp),
        Origin::Own { source } => match Bringer::of(source) {
            Bringer::Feed(_) => holding.tlp,
            _ => None,
        },
    }
}

fn use_not_granted(holding: &Holding, wanted: UseCode) -> ExchangeError {
    let uses = holding.handling.iter().flat_map(|it| &it.use_codes).map(|it| it.as_str());
    let uses: Vec<&str> = uses.collect();
    let message = told!(
        "`{object}` was given under `use = {uses}` and the unit works for `{wanted}`; ask its owner with `comity consent ask \
         --use {wanted} --object {object}`",
        object = holding.id,
        uses = uses.join("+"),
        wanted
    );
    ExchangeError::refused("use-not-granted", message)
}
