//! Posting: what clients write into a collection. Every object is checked like any that is imported; those that are sound are
//! kept with their exact bytes, and what became of each stands in a status that lasts a day (TAXII 2.1 sections 4.3.1 and 5.5).

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZero;
use std::sync::Arc;
use std::thread::available_parallelism;

use comity_model::entropy::fresh_uuid;
use comity_model::{Bringer, Digest, Holding, told};
use comity_stix::reader::{Objects, RawObject};
use comity_stix::registry::Registry;
use comity_stix::{Checker, Code, Lang, Limits};
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use serde_json::json;
use tokio::task::spawn_blocking;
use uuid::Uuid;

use crate::dispatch::blocking;
use crate::error::{ExchangeError, Result};
use crate::import::{self, ImportOptions, Rejection, whose};
use crate::node::Node;
use crate::ports::{CollectionRecord, Posting, StatusBound, Versions, ViewQuery, WhyNotHeld};
use crate::view;

/// Objects in one posting, at the most.
pub const OBJECTS: usize = 10_000;
/// Objects kept in one transaction.
const BATCH: usize = 1_000;
/// Versions of one object that are looked at at one time.
const VERSIONS: u32 = 1_000;
/// Failures of which a status tells what is wrong, at the most; the others are counted.
const TOLD: usize = 1_000;
/// Statuses of one account that are kept at the most, and their bytes; the oldest goes.
const STATUSES: StatusBound = StatusBound { statuses: 10_000, bytes: 16 << 20 };
/// How long a status is kept.
const KEPT: SignedDuration = SignedDuration::from_hours(24);

/// The status resource (TAXII 2.1 section 4.3.1).
#[derive(Debug, Serialize)]
struct Status {
    id: Uuid,
    #[serde(rename = "status")]
    state: &'static str,
    request_timestamp: String,
    total_count: usize,
    success_count: usize,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    successes: Vec<Detail>,
    failure_count: usize,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    failures: Vec<Detail>,
    pending_count: usize,
}

/// What became of one object.
#[derive(Debug, Serialize)]
struct Detail {
    id: String,
    version: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
}

/// Takes in an envelope that `account` posted to a collection, which it reads through the view of the number `reads`, if it may read
/// it: what is not to be seen there, it is told of as if it were not held. Refused whole with `bad-input` if it is no envelope, or has no
/// object or more than 10,000; what is wrong with single objects stands in the status. The same object in the same version
/// again is a success and changes nothing. When this returns, what was kept can be read in the collection, however much else is
/// being held; other collections show it once they are followed so far, a few of those that had followed everything before at once.
///
/// What is refused, whole or in part, is journalled with how much of it. The status tells of the first 1,000 failures what is
/// wrong with them and has the number of all (section 4.3.1: the lists are optional, the counts are not).
pub async fn post(
    node: &Node,
    collection: &CollectionRecord,
    account: &str,
    reads: Option<u64>,
    envelope: Vec<u8>,
    lang: Lang,
) -> Result<Posting> {
    let taken = take(node, collection, (account, reads), envelope, lang).await;
    let (code, failed) = match &taken {
        Ok((_, 0)) => (None, 0),
        Ok((_, failed)) => (None, *failed),
        Err(error @ ExchangeError::Input { .. }) => (Some(error.code()), 0),
        Err(_) => (None, 0),
    };
    if failed > 0 || code.is_some() {
        let details = json!({ "account": account, "refused": failed, "code": code });
        let alias = &collection.alias;
        let journal = vec![node.journal_by(account, "objects-not-posted", alias, details)];
        node.store().journal(journal).await?;
    }
    taken.map(|(posting, _)| posting)
}

/// The posting, and how many of its objects were not taken.
async fn take(
    node: &Node,
    collection: &CollectionRecord,
    (account, reads): (&str, Option<u64>),
    envelope: Vec<u8>,
    lang: Lang,
) -> Result<(Posting, usize)> {
    let at = node.now();
    let options = ImportOptions {
        source: Bringer::writers(&collection.alias, collection.id),
        grade: None,
        lang,
        by: account.to_owned(),
    };
    let (raw, mut broken) = blocking(move || read(&envelope, lang)).await?;
    let sound = checked(node, raw, &mut broken, options, at).await?;
    let total = sound.len() + broken.len();
    if total == 0 {
        let message = told!("it has no objects; write them under `{name}`", name = "objects");
        return Err(ExchangeError::input("/objects", message.named("envelope-empty")));
    }
    let mut failures = broken;
    let (mut sound, theirs) = foreign(node, sound).await?;
    let mut successes = Vec::with_capacity(sound.len() + theirs.len());
    for (index, holding) in theirs {
        if let Some(version) = repeated(node, reads, &holding).await? {
            successes.push((index, Detail { id: holding.id, version, message: None }));
        } else {
            let version = Some(view::version_of(&holding).0);
            failures.push((index, Rejection { version, ..not_own(holding.id, lang) }));
        }
    }
    let mut unseen = BTreeMap::new();
    let shown = view::shown(node).await?;
    while !sound.is_empty() {
        let rest = sound.split_off(sound.len().min(BATCH));
        let (places, batch): (Vec<_>, Vec<Holding>) = std::mem::replace(&mut sound, rest)
            .into_iter()
            .map(|(index, holding)| ((index, Place::of(&holding)), holding))
            .unzip();
        let details = json!({ "account": account, "objects": batch.len() });
        let journal = vec![node.journal_by(account, "objects-posted", &collection.alias, details)];
        let posted = node.store().post(collection.id, batch, journal, shown.clone()).await?;
        let (_, not_held) = posted;
        let nameless = places.iter().filter(|(_, it)| !it.is_given).map(|(_, it)| it.id.clone());
        let seen = seen(node, reads, nameless.collect()).await?;
        let not_held: BTreeMap<String, WhyNotHeld> =
            not_held.into_iter().map(|it| (it.id, it.why)).collect();
        // of several versions of one object in a posting, one may be in conflict and another not; and what has no
        // version of its own has that of the time at which it came first
        let is_asked = |it: &Place| !it.is_given || not_held.contains_key(&it.id);
        let asked = places.iter().map(|(_, it)| it).filter(|it| is_asked(it));
        let mut times = came(node, collection.id, asked).await?.into_iter();
        for (index, place) in places {
            let came = if is_asked(&place) { times.next().flatten() } else { None };
            let Place { id, version, is_given, .. } = &place;
            let why_not = not_held.get(id);
            let is_clear = why_not.is_none();
            if is_clear || came.is_some() {
                // when it came at first is told where that is to be seen
                let is_seen = |at: &Timestamp| !is_given && seen.get(id) == Some(at);
                let known = came.filter(is_seen).map(|at| at.to_string());
                if known.is_none() && !is_given {
                    unseen.insert(id.clone(), place.digest);
                }
                let version = known.unwrap_or_else(|| version.clone());
                successes.push((index, Detail { id: place.id, version, message: None }));
            } else {
                let (id, version) = (id.clone(), Some(version.clone()));
                let why = match why_not {
                    Some(WhyNotHeld::Anothers { .. }) => not_own(id, lang),
                    _ => whose::conflict(id, 0),
                };
                failures.push((index, Rejection { version, ..why }));
            }
        }
    }
    let first = first_told(node, collection.id, account, unseen, at).await?;
    for (_, detail) in &mut successes {
        if let Some(at) = first.get(&detail.id) {
            detail.version = at.to_string();
        }
    }
    successes.sort_by_key(|(index, _)| *index);
    failures.sort_by_key(|(index, _)| *index);
    let (now, failed) = (micros(at), failures.len());
    let failures: Vec<Detail> =
        failures.into_iter().take(TOLD).map(|(index, why)| failure(index, why, &now)).collect();
    let status = Status {
        id: fresh_uuid(&**node.entropy()),
        state: "complete",
        request_timestamp: now,
        total_count: total,
        success_count: successes.len(),
        successes: successes.into_iter().map(|(_, it)| it).collect(),
        failure_count: failed,
        failures,
        pending_count: 0,
    };
    let posting = Posting {
        id: status.id,
        collection: collection.id,
        account: account.to_owned(),
        at,
        status: serde_json::to_string(&status).map_err(ExchangeError::damaged)?,
    };
    let forget = at.checked_sub(KEPT).unwrap_or(Timestamp::MIN);
    node.store().put_posting(posting.clone(), forget, STATUSES).await?;
    Ok((posting, failed))
}

/// What is told of an object that was sound.
struct Place {
    id: String,
    /// Its version as TAXII has it.
    version: String,
    /// Whether it says that itself.
    is_given: bool,
    /// The same as holdings have it.
    name: String,
    digest: Digest,
}

impl Place {
    fn of(holding: &Holding) -> Self {
        let (version, at) = view::version_of(holding);
        let (id, name) = (holding.id.clone(), holding.version.clone());
        let is_given = holding.modified.is_some() || at != holding.received_at;
        Self { id, version, is_given, name, digest: holding.digest }
    }
}

/// When each of these came, if it is in the collection.
async fn came(
    node: &Node,
    collection: Uuid,
    places: impl Iterator<Item = &Place>,
) -> Result<Vec<Option<Timestamp>>> {
    let versions: Vec<_> = places.map(|it| (it.id.clone(), it.name.clone(), it.digest)).collect();
    if versions.is_empty() {
        return Ok(Vec::new());
    }
    Ok(node.store().written_at(collection, versions).await?)
}

/// Those of these objects that are in a view, with the version that they have there.
async fn seen(
    node: &Node,
    view: Option<u64>,
    ids: Vec<String>,
) -> Result<BTreeMap<String, Timestamp>> {
    let Some(view) = view.filter(|_| !ids.is_empty()) else { return Ok(BTreeMap::new()) };
    let query = ViewQuery {
        view,
        after: i64::MIN,
        types: Vec::new(),
        limit: u32::try_from(ids.len()).unwrap_or(u32::MAX),
        ids: Some(ids),
        versions: Versions::Newest,
        bytes: 0,
    };
    let page = node.store().view_manifest(query).await?;
    Ok(page.members.into_iter().map(|it| (it.id, it.version_at)).collect())
}

/// The version of what has none of its own and `account` does not see: the time at which it wrote these bytes first. So it is
/// told the same each time, whether others wrote them before or not.
async fn first_told(
    node: &Node,
    collection: Uuid,
    account: &str,
    objects: BTreeMap<String, Digest>,
    at: Timestamp,
) -> Result<BTreeMap<String, Timestamp>> {
    if objects.is_empty() {
        return Ok(BTreeMap::new());
    }
    Ok(node.store().first_told(collection, account.to_owned(), objects, at).await?)
}

/// A time as TAXII writes it, with microseconds (section 2).
fn micros(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%S.%6fZ").to_string()
}

/// Objects, each with its place in the envelope.
type Placed<T> = Vec<(usize, T)>;

/// What is for clients to bring in, and what is not.
async fn foreign(
    node: &Node,
    sound: Placed<Holding>,
) -> Result<(Placed<Holding>, Placed<Holding>)> {
    let (places, own): (Vec<usize>, Vec<Holding>) = sound.into_iter().unzip();
    let theirs = whose::of_partners(node, &own).await?;
    let mut theirs: BTreeSet<String> = theirs.into_iter().map(|(id, _)| id).collect();
    let identity = whose::own_identity(node)?;
    theirs.extend(whose::of_this_party(node, &own, |it| it.id == identity).await?);
    Ok(places.into_iter().zip(own).partition(|(_, it)| !theirs.contains(&it.id)))
}

/// The version under which an object stands in a view byte for byte, if it does: whoever sees it there and writes it again does
/// nothing wrong (section 5.5).
async fn repeated(node: &Node, view: Option<u64>, holding: &Holding) -> Result<Option<String>> {
    let Some(view) = view else { return Ok(None) };
    let (version, at) = view::version_of(holding);
    let is_given = holding.modified.is_some() || at != holding.received_at;
    let versions = if is_given {
        Versions::Of { oldest: false, newest: false, at: vec![at] }
    } else {
        Versions::Newest
    };
    let query = ViewQuery {
        view,
        after: i64::MIN,
        types: Vec::new(),
        ids: Some(vec![holding.id.clone()]),
        versions,
        limit: 1,
        bytes: 0,
    };
    if node.store().view_objects(query.clone()).await?.bytes != holding.bytes {
        return Ok(None);
    }
    let page = node.store().view_manifest(query).await?;
    Ok(page.members.into_iter().next().map(|it| if is_given { version } else { it.version }))
}

/// The status of a posting that `account` made less than a day ago.
pub async fn status(node: &Node, id: Uuid, account: &str) -> Result<Option<Posting>> {
    let oldest = node.now().checked_sub(KEPT).unwrap_or(Timestamp::MIN);
    let posting = node.store().posting(id).await?;
    Ok(posting.filter(|it| it.account == account && it.at >= oldest))
}

/// Objects that are checked by one thread, at the least.
const CHECKED_TOGETHER: usize = 64;

/// Those that are sound, in their order; what is wrong with the others is added to `broken`. Many are checked on several cores: a
/// client waits for all of them.
async fn checked(
    node: &Node,
    mut raw: Placed<RawObject>,
    broken: &mut Placed<Rejection>,
    options: ImportOptions,
    at: Timestamp,
) -> Result<Placed<Holding>> {
    let cores = available_parallelism().map_or(1, NonZero::get);
    let share = raw.len().div_ceil(cores).max(CHECKED_TOGETHER);
    let mut shares = Vec::new();
    let options = Arc::new(options);
    while !raw.is_empty() {
        let rest = raw.split_off(raw.len().min(share));
        let part = std::mem::replace(&mut raw, rest);
        let (registry, options) = (Arc::clone(node.registry()), Arc::clone(&options));
        shares.push(spawn_blocking(move || judged(part, &registry, &options, at)));
    }
    let mut sound = Vec::new();
    for share in shares {
        let (taken, refused) = share.await.map_err(ExchangeError::damaged)?;
        sound.extend(taken);
        broken.extend(refused);
    }
    Ok(sound)
}

fn judged(
    raw: Placed<RawObject>,
    registry: &Registry,
    options: &ImportOptions,
    at: Timestamp,
) -> (Placed<Holding>, Placed<Rejection>) {
    let limits = Limits::default();
    let checker = Checker::new(&limits).with_registry(registry);
    let (mut sound, mut broken) = (Vec::with_capacity(raw.len()), Vec::new());
    for (index, raw) in raw {
        match import::checked(raw, &checker, options, at) {
            Ok((_, holding, _)) => sound.push((index, holding)),
            Err(rejection) => broken.push((index, *rejection)),
        }
    }
    (sound, broken)
}

/// The objects of an envelope, and what could not be read as one.
fn read(envelope: &[u8], lang: Lang) -> Result<(Placed<RawObject>, Placed<Rejection>)> {
    let (mut found, mut broken) = (Vec::new(), Vec::new());
    let mut objects = Objects::new(envelope, Limits::default()).of_envelope();
    let mut index = 0;
    while let Some(next) = objects.next() {
        if index == OBJECTS {
            let message =
                told!("it has more than {most} objects; write it in several", most = OBJECTS);
            return Err(ExchangeError::input("/objects", message.named("envelope-too-many")));
        }
        match next {
            Ok(raw) => found.push((index, raw)),
            // what is wrong with the envelope itself ends it
            Err(error) if objects.is_done() || error.code == Code::NotABundle => {
                let place = format!("line {}", error.line);
                if matches!(error.code, Code::UnexpectedContent | Code::NotABundle) {
                    let message = told!(
                        "it is no envelope; write one JSON object with a list under `{name}`",
                        name = "objects"
                    );
                    return Err(ExchangeError::input(place, message.named("envelope-form")));
                }
                let message = error.message_in(lang);
                return Err(ExchangeError::unreadable(place, error.code.as_str(), &message));
            }
            Err(error) => broken.push((index, import::unread(&error, lang))),
        }
        index += 1;
    }
    Ok((found, broken))
}

/// Refuses what is a partner's, or was brought in by somebody else. Whose it is, a client is not told.
fn not_own(id: String, lang: Lang) -> Rejection {
    let message = match lang {
        Lang::En => {
            format!("`{id}` is not yours to change; bring in own findings under an own id")
        }
        Lang::Es => {
            format!("`{id}` no es suyo; ingrese los hallazgos propios con un identificador propio")
        }
    };
    let (pointer, code) = ("/id".to_owned(), "others-object".to_owned());
    Rejection { line: 0, id: Some(id), pointer, code, message, version: None }
}

/// What is told of an object that was not kept. One whose version cannot be told has the time of the request.
fn failure(index: usize, why: Rejection, now: &str) -> Detail {
    let place = format!("/objects/{index}{}", why.pointer);
    Detail {
        id: why.id.unwrap_or_else(|| format!("/objects/{index}")),
        version: why.version.unwrap_or_else(|| now.to_owned()),
        message: Some(format!("{place}: {} ({})", why.message, why.code)),
    }
}

/// Takes an object out of a collection that `account` may write: those of its versions that it sees there, through `view`. It
/// stays held. `Missing` if there is none of them; what somebody may not see is not there for them, and stays.
pub async fn remove(
    node: &Node,
    collection: &CollectionRecord,
    view: u64,
    account: &str,
    id: String,
    versions: Versions,
) -> Result<u64> {
    let store = node.store();
    let mut query = ViewQuery {
        view,
        after: i64::MIN,
        types: Vec::new(),
        ids: Some(vec![id.clone()]),
        versions,
        limit: VERSIONS,
        bytes: 0,
    };
    let mut at = Vec::new();
    loop {
        let page = store.view_manifest(query.clone()).await?;
        at.extend(page.members.iter().map(|it| it.version_at));
        match page.members.last().filter(|_| page.more) {
            Some(last) => query.after = last.added,
            None => break,
        }
    }
    let details = json!({ "account": account, "collection": collection.id });
    let journal = vec![node.journal_by(account, "object-removed", &id, details)];
    let shown = view::shown(node).await?;
    Ok(store.remove_objects(collection.id, id, Some(at), journal, shown).await?)
}
