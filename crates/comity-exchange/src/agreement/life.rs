//! The life of an agreement: its text sent, a version activated, the agreement suspended, lifted, terminated, and how it
//! stands after what both parties said (docs/protocol.md section 2.4).

use comity_model::conduct::{
    self, AGREEMENT_PART, AgreementBody, Change, ConductBody, Event, Heard, Phase, SuspensionAct,
    SuspensionBody, TerminationBody,
};
use comity_model::entropy::fresh;
use comity_model::matter::Grounds;
use comity_model::statement::{Binding, Kind, PartEntry};
use comity_model::told;
use comity_model::told::Told;
use comity_model::{AgreementId, Digest, PartyRoot};
use comity_policy::Act;
use jiff::Timestamp;
use serde_json::json;

use super::standing::{Standing, by_days, compiled, under};
use super::{find_version, read, signers};
use crate::error::{ExchangeError, Result};
use crate::grounds;
use crate::matter::unnumbered;
use crate::node::Node;
use crate::parts::{self, TEXT_LIMIT, salted_text};
use crate::ports::{AgreementEvent, AgreementRecord, OutboundRow, SealEffect, StoredPart};
use crate::seal::{Envelope, seal_statement, sign_pending};

/// How an agreement stands.
#[derive(Debug, Clone)]
pub struct Life {
    /// Its versions here, the lowest first; never empty.
    pub versions: Vec<AgreementRecord>,
    /// What both parties said about it, in the order in which it was filed here.
    pub events: Vec<AgreementEvent>,
    /// The number of the version that binds; that version may still lack a signature.
    pub active: u32,
    /// The phase at the moment that was asked about.
    pub phase: Phase,
    /// The parties that suspended it and did not lift that.
    pub suspended_by: Vec<PartyRoot>,
}

impl Life {
    /// The version that binds; `None` where it lacks a signature or is not here.
    pub fn active(&self) -> Option<&AgreementRecord> {
        self.versions.iter().find(|it| it.complete && it.reference.version == self.active)
    }

    /// How one of its versions stands: `draft`, `signed` (by both, and not active), `activation-refused` (so, and this party
    /// activated it and the partner did not take that in), `never-active` (not active when the agreement was terminated),
    /// `superseded`, or the phase of the agreement.
    pub fn state_of(&self, version: &AgreementRecord) -> &'static str {
        let number = version.reference.version;
        if number > self.active && self.is_terminated() {
            "never-active"
        } else if !version.complete {
            "draft"
        } else if number > self.active {
            if self.was_refused(number) { "activation-refused" } else { "signed" }
        } else if number < self.active {
            "superseded"
        } else {
            self.phase.as_str()
        }
    }
}

impl Life {
    /// Whether a party ended it for good.
    pub fn is_terminated(&self) -> bool {
        self.events.iter().any(|it| it.body.change() == Change::Terminated)
    }

    /// Whether this party activated a version and the partner refused that.
    fn was_refused(&self, version: u32) -> bool {
        self.refused().any(|it| it.body.change() == Change::Activated(version))
    }

    /// What this party said about the agreement and the partner did not take in.
    pub fn refused(&self) -> impl Iterator<Item = &AgreementEvent> {
        self.events.iter().filter(|it| it.own && it.heard == Heard::Refused)
    }
}

/// How an agreement stands that is to be amended. Refused with `agreement-ended` where a party ended it for good: no version
/// of it binds again.
pub async fn to_amend(node: &Node, id: AgreementId) -> Result<Life> {
    let life = life(node, id, node.now()).await?;
    if life.is_terminated() {
        return Err(terminated(id));
    }
    Ok(life)
}

fn terminated(id: AgreementId) -> ExchangeError {
    let message = told!(
        "`{id}` was terminated, and no version of it binds again; agree on another one, which `comity agreement new` begins",
        id
    )
    .named("agreement-terminated");
    ExchangeError::refused("agreement-ended", message)
}

/// How an agreement stands at `at`, after everything that is known here.
pub async fn life(node: &Node, id: AgreementId, at: Timestamp) -> Result<Life> {
    let mut versions = node.store().agreements().await?;
    versions.retain(|it| it.reference.id == id);
    let Some(first) = versions.first() else { return Err(unknown(id)) };
    let parties = [node.root(), first.partner];
    let events = node.store().agreement_events(id).await?;
    let said = with_signed(node, &versions, &events);
    let active = conduct::active(&said);
    let mut life = Life {
        active,
        phase: Phase::Draft,
        suspended_by: conduct::suspended_by(&said, &parties),
        versions,
        events,
    };
    if let Some(active) = life.active() {
        let engine = compiled(node, active)?;
        life.phase = conduct::phase(&said, by_days(engine.agreement(), at));
    }
    Ok(life)
}

/// Everything that was said about an agreement, as the rules see it, after what signatures alone amount to.
pub(crate) async fn said(node: &Node, id: AgreementId) -> Result<Vec<Event>> {
    let mut versions = node.store().agreements().await?;
    versions.retain(|it| it.reference.id == id);
    let events = node.store().agreement_events(id).await?;
    Ok(with_signed(node, &versions, &events))
}

fn with_signed(node: &Node, versions: &[AgreementRecord], said: &[AgreementEvent]) -> Vec<Event> {
    let signed = versions.iter().filter(|it| it.complete && it.when_signed);
    let signed = signed.map(|it| Event::signed(node.root(), it.reference.version));
    signed.chain(said.iter().map(AgreementEvent::event)).collect()
}

pub(super) fn unknown(id: AgreementId) -> ExchangeError {
    ExchangeError::NotFound {
        what: "agreement",
        name: id.to_string(),
        advice: "`comity agreement list` shows those that are here",
    }
}

/// Why an agreement is suspended or ended, and who says so.
#[derive(Debug, Clone)]
pub struct Halt {
    /// Legal bases of the agreement's list; may be empty where the list has one entry, or none.
    pub legal_basis: Vec<String>,
    /// Ids of reasons that the agreement lists for a refusal; the same holds. A suspension is lifted without any.
    pub reasons: Vec<String>,
    /// What the partner is told about it, under a salt.
    pub text: Option<String>,
    /// Who does it here; stays in the journal.
    pub by: String,
}

/// Sends the text of a version with the signatures that it has here. Refused with `agreement-unsigned` where this party has
/// not signed it, `agreement-superseded` where a later version is active.
pub async fn send(node: &Node, id: AgreementId, version: u32, by: &str) -> Result<OutboundRow> {
    carry(node, id, version, false, by).await
}

/// Activates a version that both parties signed: from here on it binds, and what was composed under the one before is
/// composed again. Refused with `agreement-unsigned` where a signature is missing, `agreement-superseded` where it is not
/// higher than the active one.
pub async fn activate(node: &Node, id: AgreementId, version: u32, by: &str) -> Result<OutboundRow> {
    carry(node, id, version, true, by).await
}

/// Suspends an agreement at once.
pub async fn suspend(node: &Node, id: AgreementId, halt: Halt) -> Result<OutboundRow> {
    let rest = |grounds| {
        let act = SuspensionAct::Suspend;
        SuspensionBody { folio: unnumbered(node), act, grounds }.into()
    };
    stop(node, id, halt, ("agreement-suspended", Kind::Suspension), rest).await
}

/// Lifts a suspension of this party. Refused with `not-suspended` where it made none.
pub async fn lift(node: &Node, id: AgreementId, halt: Halt) -> Result<OutboundRow> {
    let rest = |grounds| {
        SuspensionBody { folio: unnumbered(node), act: SuspensionAct::Lift, grounds }.into()
    };
    stop(node, id, halt, ("agreement-lifted", Kind::Suspension), rest).await
}

/// Ends an agreement at once and for good.
pub async fn terminate(node: &Node, id: AgreementId, halt: Halt) -> Result<OutboundRow> {
    let end = |grounds| TerminationBody { folio: unnumbered(node), grounds }.into();
    stop(node, id, halt, ("agreement-terminated", Kind::Termination), end).await
}

async fn carry(
    node: &Node,
    id: AgreementId,
    version: u32,
    activate: bool,
    by: &str,
) -> Result<OutboundRow> {
    let event = if activate { "agreement-activated" } else { "agreement-sent" };
    let sealed = async {
        to_amend(node, id).await?;
        let standing = under(node, id, Kind::Agreement, node.now()).await?;
        let stored =
            find_version(node, id, version).await?.ok_or_else(|| ExchangeError::NotFound {
                what: "version",
                name: format!("{id}@{version}"),
                advice: "`comity agreement show` lists the versions that are here",
            })?;
        let envelope = comity_pouch::dsse::Envelope::parse(stored.envelope.as_bytes())
            .map_err(ExchangeError::damaged)?;
        let agreement = read(&stored.text, "the stored agreement")?;
        let (_, ours, _) = signers(node, &agreement, &envelope).await?;
        if !ours || (activate && !stored.complete) {
            let message = if ours {
                told!(
                    "version {version} lacks the partner's signature; both sign before it binds",
                    version
                )
                .named("partner-has-not-signed")
            } else {
                told!("this party has not signed version {version}; sign it with `comity agreement sign`", version)
                    .named("party-has-not-signed")
            };
            return Err(ExchangeError::refused("agreement-unsigned", message));
        }
        let part = parts::inline(AGREEMENT_PART, stored.envelope.into_bytes());
        let body = AgreementBody {
            folio: unnumbered(node),
            version,
            digest: stored.reference.digest,
            activate,
        };
        let details = json!({
            "version": version, "digest": body.digest, "partner": standing.record.root,
        });
        let parts = Parcel { parts: vec![part], text: None };
        put(node, &standing, body.into(), parts, (event, by, details)).await
    };
    journalled(node, id, by, sealed.await).await
}

async fn stop(
    node: &Node,
    id: AgreementId,
    halt: Halt,
    (event, kind): (&str, Kind),
    body: impl FnOnce(Grounds) -> ConductBody + Send,
) -> Result<OutboundRow> {
    let Halt { legal_basis, reasons, text, by } = halt;
    let sealed = async {
        let standing = under(node, id, kind, node.now()).await?;
        let lifts = event == "agreement-lifted";
        let grounds = grounds_of(&standing, lifts, &legal_basis, &reasons)?;
        if text.as_ref().is_some_and(|it| it.trim().is_empty() || it.len() > TEXT_LIMIT) {
            let message = told!("write a text of 1 to {most} bytes", most = TEXT_LIMIT);
            return Err(ExchangeError::input("the text", message.named("text-length")));
        }
        let details = json!({
            "partner": standing.record.root, "legal_basis": grounds.legal_basis,
            "reasons": grounds.reasons,
        });
        let parts = Parcel { parts: Vec::new(), text };
        put(node, &standing, body(grounds), parts, (event, &by, details)).await
    };
    let sealed = sealed.await;
    journalled(node, id, &by, sealed).await
}

/// The grounds as they are written into the statement, with what the agreement leaves no choice about.
fn grounds_of(
    standing: &Standing,
    lifts: bool,
    legal_basis: &[String],
    reasons: &[String],
) -> Result<Grounds> {
    let agreement = &standing.agreement;
    if lifts {
        if !reasons.is_empty() {
            let message =
                Told::from("a suspension is lifted without a reason; leave `--reason` out")
                    .named("lifted-without-reason");
            return Err(ExchangeError::refused("reason-unknown", message));
        }
        let only = match (legal_basis, agreement.legal_bases(None).as_slice()) {
            ([], [only]) => vec![(*only).to_owned()],
            (given, _) => given.to_vec(),
        };
        let grounds = Grounds { legal_basis: only, reasons: Vec::new() };
        return grounds::bases_must_be_listed(agreement, &grounds).map(|()| grounds).map_err(
            |_| {
                let message = Told::from(
                    "name a legal basis of the agreement; `comity agreement show` has them",
                )
                .named("legal-basis-unnamed");
                ExchangeError::refused("legal-basis-unknown", message)
            },
        );
    }
    let chosen = agreement
        .choose_grounds(Act::Refusal, None, legal_basis, reasons)
        .map_err(|error| ExchangeError::refused(error.code(), error.told()))?;
    Ok(Grounds { legal_basis: chosen.legal_basis, reasons: chosen.reasons })
}

/// What travels with a statement about an agreement.
struct Parcel {
    parts: Vec<StoredPart>,
    text: Option<String>,
}

async fn put(
    node: &Node,
    standing: &Standing,
    body: ConductBody,
    parcel: Parcel,
    (event, by, details): (&str, &str, serde_json::Value),
) -> Result<OutboundRow> {
    let kind = body.kind();
    standing.partner.must_understand(kind)?;
    let said = said(node, standing.reference.id).await?;
    conduct::may_change(&said, node.root(), body.change())
        .map_err(|refusal| ExchangeError::refused(refusal.code(), refusal.english()))?;
    let Parcel { mut parts, text } = parcel;
    let mut entries: Vec<PartEntry> = parts.iter().map(signed_entry).collect();
    if let Some(text) = &text {
        let (part, entry) = salted_text(text, fresh(&**node.entropy()));
        parts.push(part);
        entries.push(entry);
    }
    let raw = body.to_raw().map_err(ExchangeError::damaged)?;
    let journal = vec![node.journal_by(by, event, standing.reference.id, details)];
    let envelope = Envelope {
        kind,
        partner: standing.record.root,
        agreement: standing.reference,
        entries,
        parts,
    };
    let effect = SealEffect::Conduct { body, text };
    let sealed = seal_statement(node, envelope, &raw, effect, journal).await?;
    sign_pending(node).await?;
    node.wake_outbound();
    Ok(sealed)
}

/// The entry of a signed file, which its digest binds.
fn signed_entry(part: &StoredPart) -> PartEntry {
    let digest = match &part.content {
        crate::ports::PartContent::Inline(bytes) => Digest::of(bytes),
        crate::ports::PartContent::Blob(digest) => *digest,
    };
    PartEntry { name: part.name.clone(), size: part.size, bound_by: Binding::Digest(digest) }
}

/// Leaves a line in the journal where something was refused.
async fn journalled(
    node: &Node,
    id: AgreementId,
    by: &str,
    done: Result<OutboundRow>,
) -> Result<OutboundRow> {
    if let Err(ExchangeError::Refused { code, .. }) = &done {
        let details = json!({ "code": code });
        let journal = vec![node.journal_by(by, "statement-not-made", id, details)];
        node.store().journal(journal).await?;
    }
    done
}
