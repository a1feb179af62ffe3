//! Recalls: the owner of what was released asks for it back, for a correction or for a replacement; the partner answers with
//! a signed statement (docs/protocol.md section 7).
//!
//! A recall is a signed request, not a command. The node that takes it in freezes what it names, for every reader at once,
//! and does nothing else: only [`answer`], by somebody there, purges anything.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use comity_model::entropy::fresh_uuid;
use comity_model::matter::{
    MatterBody, RecallAction, RecallAnswerBody, RecallBody, RecallOutcome, Urgency,
};
use comity_model::statement::{Kind, Payload, ReleaseBody};
use comity_model::told;
use comity_model::told::Told;
use comity_model::{
    AgreementId, Digest, Grounds, MatterId, MatterKind, Refusal, ReleaseId, ReleaseRecord,
};
use comity_policy::{Act, Agreement};
use serde_json::json;

use crate::agreement::{self, Standing};
use crate::error::{ExchangeError, Result};
use crate::grounds;
use crate::matter::{self, Say, unnumbered};
use crate::node::Node;
use crate::ports::{MatterEntry, MatterQuery, MatterRow, OutboundRow};
use crate::purge::objects_in;
use beside::{corrects_something, open_with, replacement_for, went};

mod answer;
mod beside;
mod onward;
mod state;

pub use answer::{
    Act as AnswerAct, Answer, answer, due_again, is_due_again, notices, pass_on, tell,
};
pub use beside::{AskedBefore, Sent};
pub use state::{RecallState, is_late, state};

/// Objects that one recall names, at the most; of more, all of the release are recalled.
const OBJECTS: usize = 10_000;
/// Matters looked through for recalls of this party.
pub(crate) const MATTERS: u32 = 100_000;

/// What is recalled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// A release of this party.
    Release {
        /// Its folio, or the digest of its statement.
        name: String,
        /// The ids of objects in it, as they were released or as this party calls them; none for all.
        objects: Vec<String>,
    },
    /// Every version and every derivative of an object, in every release to any partner. The id may be the object's or a
    /// derivative's.
    Original(String),
}

/// A recall to be sent.
#[derive(Debug, Clone)]
pub struct Recall {
    /// What is recalled.
    pub what: What,
    /// What is asked for.
    pub action: RecallAction,
    /// The releases that correct or replace, by folio or by the digest of their statements: one for each partner.
    pub replacements: Vec<String>,
    /// On what it rests, and why.
    pub grounds: Grounds,
    /// More about it, for the partner.
    pub text: Option<String>,
    /// Who recalls; stays in the journal.
    pub by: String,
}

/// One statement that a recall becomes.
struct Target {
    statement: Digest,
    record: ReleaseRecord,
    objects: Vec<String>,
    replacement: Option<Digest>,
}

/// Recalls: one statement for each release that is concerned, all of them judged before any is sealed. Refused with
/// `target-unknown` where nothing of it was ever released, with `recall-open` where an open recall asks for all of it, with
/// `replacement-missing` where a partner has no release that corrects or replaces, or none that was named has an object of what is
/// to be corrected in a later version, and with the codes of the grounds.
pub async fn recall(node: &Node, recall: Recall) -> Result<Sent> {
    let subject = match &recall.what {
        What::Release { name, .. } => name,
        What::Original(id) => id,
    };
    let prepared = prepare(node, &recall).await;
    let (prepared, open) = matter::or_journal(node, &recall.by, subject, prepared).await?;
    let sealed = say_all(node, prepared, recall.text, None, &recall.by).await?;
    Ok(Sent { sealed, open })
}

/// Seals every one that can be sealed: that one partner cannot be asked is no reason to ask no other. Where some could not
/// be, it is refused with `recall-incomplete`, and the message says of each whether it was.
async fn say_all(
    node: &Node,
    prepared: Vec<(Standing, RecallBody)>,
    text: Option<String>,
    follows: Option<MatterId>,
    by: &str,
) -> Result<Vec<OutboundRow>> {
    let (mut sealed, mut asked, mut not) = (Vec::new(), Vec::new(), Vec::new());
    for (standing, body) in prepared {
        let (handle, release) = (standing.record.handle.clone(), body.release);
        match say(node, &standing, body, text.clone(), follows, by).await {
            Ok(row) => {
                asked.push(format!("`{handle}`: release `{release}`"));
                sealed.push(row);
            }
            Err(ExchangeError::Refused { message, .. }) => {
                not.push(format!("`{handle}`: release `{release}`: {message}"));
            }
            Err(error) => return Err(error),
        }
    }
    if not.is_empty() {
        return Ok(sealed);
    }
    if asked.is_empty() {
        asked.push("nobody".to_owned());
    }
    let message = told!(
        "not every partner was asked; asked:\n  {asked}\nnot asked:\n  {refused}\nwhat was asked stays asked; mend the cause and \
         recall each of the others by its release",
        asked = asked.join("\n  "),
        refused = not.join("\n  ")
    );
    Err(ExchangeError::refused("recall-incomplete", message))
}

async fn say(
    node: &Node,
    standing: &Standing,
    body: RecallBody,
    text: Option<String>,
    follows: Option<MatterId>,
    by: &str,
) -> Result<OutboundRow> {
    let details = json!({
        "to": standing.record.root, "release": body.release, "objects": body.objects.len(), "action": body.action.as_str(),
        "grounds": body.grounds, "follows": follows,
    });
    let say = Say {
        body: body.into(),
        text,
        attachments: Vec::new(),
        event: "recall-sent",
        details,
        by: by.to_owned(),
    };
    matter::say(node, standing, say).await
}

async fn prepare(
    node: &Node,
    recall: &Recall,
) -> Result<(Vec<(Standing, RecallBody)>, Vec<AskedBefore>)> {
    let replacements = replacements(node, recall).await?;
    let mut targets = match &recall.what {
        What::Release { name, objects } => vec![of_release(node, name, objects).await?],
        What::Original(id) => of_original(node, id).await?,
    };
    for target in &mut targets {
        target.replacement = replacement_for(node, target, recall.action, &replacements).await?;
    }
    let mut wanted = Vec::with_capacity(targets.len());
    let mut asked = Vec::new();
    for target in targets {
        let (release, action) = (target.statement, recall.action);
        match open_with(node, release, &target.objects, action, None).await? {
            Some(recall) => asked.push(AskedBefore { release, recall }),
            None => wanted.push(target),
        }
    }
    // of several releases those are passed over that an open recall names; of all of them nothing is left to ask
    if let (true, Some(open)) = (wanted.is_empty(), asked.first()) {
        let folio = open.recall.opening().map(|it| it.folio.to_string()).unwrap_or_default();
        let message = told!(
            "{folio} is open and names all of it; `comity recall show {folio}` says how it stands",
            folio
        );
        return Err(ExchangeError::refused(Refusal::RecallOpen.code(), message));
    }
    Ok((bodies_of(node, wanted, recall.action, &recall.grounds).await?, asked))
}

/// What is said about each target. The grounds are chosen under each agreement from what was given, and each of those must
/// be some agreement's.
async fn bodies_of(
    node: &Node,
    targets: Vec<Target>,
    action: RecallAction,
    grounds: &Grounds,
) -> Result<Vec<(Standing, RecallBody)>> {
    let mut standings: BTreeMap<AgreementId, Standing> = BTreeMap::new();
    for target in &targets {
        let id = target.record.agreement.id;
        if let Entry::Vacant(place) = standings.entry(id) {
            place.insert(agreement::under(node, id, Kind::Recall, node.now()).await?);
        }
    }
    let agreements: Vec<Agreement> = standings.values().map(|it| it.agreement.clone()).collect();
    let one = agreements.len() <= 1;
    if !one {
        grounds::must_be_of_some(&agreements, Act::Recall, grounds)?;
    }
    let mut chosen: BTreeMap<AgreementId, Grounds> = BTreeMap::new();
    for (id, standing) in &standings {
        let under = format!("under `{id}` with `{}`", standing.record.handle);
        let grounds = if one {
            grounds::choose(&standing.agreement, Act::Recall, None, grounds)?
        } else {
            grounds::choose_of_several(&standing.agreement, Act::Recall, grounds, &under)?
        };
        chosen.insert(*id, grounds);
    }
    let said = targets.into_iter().filter_map(|target| {
        let id = target.record.agreement.id;
        let standing = standings.get(&id)?.clone();
        let body = body_of(node, &standing, target, action, chosen.get(&id)?.clone());
        Some((standing, body))
    });
    Ok(said.collect())
}

fn body_of(
    node: &Node,
    standing: &Standing,
    target: Target,
    action: RecallAction,
    grounds: Grounds,
) -> RecallBody {
    RecallBody {
        recall: MatterId::new(MatterKind::Recall, fresh_uuid(&**node.entropy())),
        folio: unnumbered(node),
        release: target.statement,
        objects: target.objects,
        action,
        replacement: target.replacement,
        hours: standing.agreement.answer_hours(Urgency::Urgent),
        grounds,
    }
}

/// A sealed release of this party.
async fn own_release(node: &Node, statement: Digest) -> Result<Option<ReleaseRecord>> {
    let row = node.store().outbound(statement).await?.filter(|row| row.kind == Kind::Release);
    row.map(|row| record_of(&row)).transpose()
}

fn record_of(row: &OutboundRow) -> Result<ReleaseRecord> {
    let payload = Payload::parse(&row.payload).map_err(ExchangeError::damaged)?;
    let body: ReleaseBody = payload.body().map_err(ExchangeError::damaged)?;
    serde_json::from_str(&body.release).map_err(ExchangeError::damaged)
}

fn never_released(what: &str) -> ExchangeError {
    let message = told!("`{what}` was never released by this party, so there is nothing to recall; `comity release list` shows what was", what)
        .named("never-released");
    ExchangeError::refused(Refusal::TargetUnknown.code(), message)
}

async fn of_release(node: &Node, name: &str, objects: &[String]) -> Result<Target> {
    let statement = match matter::release_statement(node, name).await {
        Ok(statement) => statement,
        Err(ExchangeError::Refused { .. } | ExchangeError::NotFound { .. }) => {
            return Err(never_released(name));
        }
        Err(error) => return Err(error),
    };
    let record = own_release(node, statement).await?.ok_or_else(|| never_released(name))?;
    let went = went(node, record.release, record.agreement.id).await?;
    let mut named = BTreeSet::new();
    for object in objects {
        let here = went.iter().find(|it| it.id == *object);
        let found = here.or_else(|| went.iter().find(|it| it.released == *object));
        named.insert(found.ok_or_else(|| never_released(object))?.released.clone());
    }
    must_fit(named.len())?;
    Ok(Target { statement, record, objects: named.into_iter().collect(), replacement: None })
}

fn must_fit(objects: usize) -> Result<()> {
    if objects <= OBJECTS {
        return Ok(());
    }
    let message =
        told!("a recall names at most {most} objects; recall the whole release", most = OBJECTS);
    Err(ExchangeError::input("--object", message.named("recall-objects")))
}

async fn of_original(node: &Node, id: &str) -> Result<Vec<Target>> {
    let found = node.store().releases_with(id.to_owned()).await?;
    if found.is_empty() {
        return Err(never_released(id));
    }
    targets(node, found).await
}

async fn targets(node: &Node, found: Vec<(ReleaseId, Vec<String>)>) -> Result<Vec<Target>> {
    let mut targets = Vec::with_capacity(found.len());
    for (release, objects) in found {
        let row = node.store().release(release).await?;
        let sealed = row.and_then(|row| Some((row.statement?, row.record)));
        let (statement, record) = sealed.ok_or_else(|| ExchangeError::damaged("a release"))?;
        must_fit(objects.len())?;
        targets.push(Target { statement, record, objects, replacement: None });
    }
    Ok(targets)
}

/// The releases that correct or replace, sealed by this party.
async fn replacements(node: &Node, recall: &Recall) -> Result<Vec<(Digest, ReleaseRecord)>> {
    if (recall.action == RecallAction::Purge) != recall.replacements.is_empty() {
        let message = "a correction and a replacement name the releases that they consist of, a purge names none";
        return Err(ExchangeError::input(
            "the replacement",
            Told::from(message).named("recall-replacements"),
        ));
    }
    let mut found = Vec::new();
    for name in &recall.replacements {
        let statement = matter::release_statement(node, name).await?;
        let record = own_release(node, statement).await?.ok_or_else(|| never_released(name))?;
        found.push((statement, record));
    }
    Ok(found)
}

/// The recall with a folio or an id, of either side.
pub async fn find(node: &Node, name: &str) -> Result<(MatterRow, RecallBody)> {
    let found = matter::find(node, name, &[MatterKind::Recall]).await?;
    let body = body(&found)?;
    Ok((found, body))
}

/// What a recall asks for.
pub fn body(matter: &MatterRow) -> Result<RecallBody> {
    match matter.opening().map(MatterEntry::body) {
        Some(MatterBody::Recall(body)) => Ok(body.clone()),
        _ => Err(ExchangeError::damaged("a recall")),
    }
}

/// The recalls of this party and of partners, newest first.
pub async fn all(node: &Node, limit: u32) -> Result<Vec<MatterRow>> {
    let query = MatterQuery { kind: Some(MatterKind::Recall), limit, ..MatterQuery::default() };
    Ok(node.store().matters(query).await?)
}

/// Whether a recall names what was taken in, in the time that the agreement gives, asks for more than an open one, and corrects it
/// where it says so. That the releases came through the same
/// channel was asked before. As many objects may be unknown as were refused when the release came.
pub(crate) async fn check(
    node: &Node,
    standing: &Standing,
    body: &RecallBody,
) -> Result<std::result::Result<(), Refusal>> {
    if body.hours != standing.agreement.answer_hours(Urgency::Urgent) {
        return Ok(Err(Refusal::BadBody));
    }
    let but = Some(body.recall);
    if open_with(node, body.release, &body.objects, body.action, but).await?.is_some() {
        return Ok(Err(Refusal::RecallOpen));
    }
    if !corrects_something(node, body).await? {
        return Ok(Err(Refusal::TargetUnknown));
    }
    if body.objects.is_empty() {
        return Ok(Ok(()));
    }
    let Some(row) = node.store().inbox_row(body.release).await? else {
        return Ok(Err(Refusal::TargetUnknown));
    };
    let known = node.store().release_objects(body.release, body.objects.clone()).await?;
    let known: BTreeSet<&str> = known.iter().map(|(object, _)| object.id.as_str()).collect();
    let unknown = body.objects.len().saturating_sub(known.len()) as u64;
    Ok(if unknown > row.receipt.refused { Err(Refusal::TargetUnknown) } else { Ok(()) })
}

/// Whether an answer speaks of no more objects than were recalled.
pub(crate) async fn check_answer(
    node: &Node,
    body: &RecallAnswerBody,
) -> Result<std::result::Result<(), Refusal>> {
    let Some(row) = node.store().matter(body.recall).await? else {
        return Ok(Err(Refusal::MatterUnknown));
    };
    let Some(MatterBody::Recall(recall)) = row.opening().map(MatterEntry::body) else {
        return Ok(Err(Refusal::MatterUnknown));
    };
    let sent = match (recall.objects.len(), node.store().outbound(recall.release).await?) {
        (0, Some(row)) => objects_in(&row.payload)?,
        (named, _) => named as u64,
    };
    let counted = body.purged.saturating_add(body.held).saturating_add(body.gone);
    let acted = body.purged.saturating_add(body.held);
    let replaced_nothing = body.outcome == RecallOutcome::Refused && acted > 0;
    Ok(if counted > sent || replaced_nothing { Err(Refusal::TargetUnknown) } else { Ok(()) })
}
