//! Approve: officers sign the digest of `release.json`, which binds the exact payload.

use comity_model::told;
use comity_model::told::Told;
use std::collections::BTreeSet;
use std::sync::Arc;

use comity_model::{Digest, Digester, Folio, OfficerId, ReleaseId, ReleaseRecord};
use comity_policy::Clause;
use comity_pouch::HybridPublic;
use comity_pouch::approval::{Approval, OfficerCertificate};
use comity_pouch::dsse::Envelope;
use comity_pouch::keys::{OfficerKey, RegistrarKey};
use jiff::Timestamp;
use serde_json::json;

use crate::agreement::{self, Standing};
use crate::consent;
use crate::error::{ExchangeError, Result, journalled};
use crate::failpoint::fail_point;
use crate::matter::of_another_kind;
use crate::node::Node;
use crate::partner;
use crate::parts;
use crate::ports::{
    ApprovalRecord, FolioSubject, KeyError, OfficerRecord, ReleaseRow, ReleaseState, StoreError,
};

/// Registers a local officer: the registrar certifies the officer's key under a random id and an office. `name` stays
/// in this node, and `by`, who registers, goes to the journal.
pub async fn register_officer(
    node: &Node,
    registrar: &RegistrarKey,
    officer: &OfficerKey,
    name: &str,
    office: &str,
    until: Timestamp,
    by: &str,
) -> Result<OfficerRecord> {
    let now = node.now();
    let certificate = OfficerCertificate::new(officer, office, now, until)
        .sign(registrar)
        .map_err(|error| ExchangeError::refused(error.code(), error.to_string()))?;
    let record = OfficerRecord {
        id: officer.officer(),
        name: name.to_owned(),
        office: office.to_owned(),
        certificate: String::from_utf8_lossy(&certificate.to_json()).into_owned(),
        registered_at: now,
    };
    let details = json!({ "office": office });
    let journal = vec![node.journal_by(by, "officer-registered", record.id, details)];
    node.store().put_officer(record.clone(), journal).await?;
    Ok(record)
}

/// The officer with a name.
pub async fn find_officer(node: &Node, name: &str) -> Result<OfficerRecord> {
    let officers = node.store().officers().await?;
    officers.into_iter().find(|it| it.name == name).ok_or_else(|| ExchangeError::NotFound {
        what: "officer",
        name: name.to_owned(),
        advice: "`comity officer list` shows those that are registered",
    })
}

/// The release with an id or a folio.
pub async fn find_release(node: &Node, name: &str) -> Result<ReleaseRow> {
    let id: ReleaseId = if let Ok(id) = name.parse() {
        id
    } else {
        let folio: Folio = name.parse().map_err(|_| {
            let message = "not a release; write its folio, as `MX-2026-000123`, or its id";
            ExchangeError::input(name, Told::from(message).named("not-a-folio"))
        })?;
        match node.store().by_folio(folio.clone()).await? {
            Some(FolioSubject::Release(id)) => id,
            Some(subject) => return Err(of_another_kind(&folio, &subject, "a release")),
            None => return Err(ExchangeError::no_folio(&folio)),
        }
    };
    node.store().release(id).await?.ok_or_else(|| ExchangeError::NotFound {
        what: "release",
        name: name.to_owned(),
        advice: "`comity release list` shows those of this party",
    })
}

/// An officer approves a release, and gives how far it then is. The stored parts are compared with what `release.json`
/// binds before anything is signed, so that nobody signs what is no longer there; where an object is held in another
/// version than the one composed, or not any more, that is refused as `holding-changed`, and as `redacted-since` where another
/// release took something out since that this one may say.
pub async fn approve(
    node: &Node,
    release: &ReleaseRow,
    officer: &OfficerKey,
) -> Result<ReleaseState> {
    let record = officer_by_id(node, officer.officer()).await?;
    let details = json!({ "release": release.digest, "officer": record.id });
    let done = approve_checked(node, release, officer, &record).await;
    let subject = &release.record.folio;
    let state =
        journalled(node, done, &record.name, "release-not-approved", subject, details).await?;
    fail_point("approve:after-commit").await;
    Ok(state)
}

async fn approve_checked(
    node: &Node,
    release: &ReleaseRow,
    officer: &OfficerKey,
    record: &OfficerRecord,
) -> Result<ReleaseState> {
    let now = node.now();
    if !matches!(release.state, ReleaseState::Composed | ReleaseState::Approved) {
        let message = told!(
            "the release is {state} already; nothing can be approved any more",
            state = release.state.as_str()
        )
        .with("folio", &release.record.folio);
        return Err(ExchangeError::refused("release-state", message));
    }
    let standing = standing_of(node, release, now).await?;
    let clause = clause_of(&standing, release)?;
    if !clause.composer_may_approve {
        not_the_composer(record, release)?;
    }
    let before =
        |it: &ApprovalRecord| it.officer == record.id || same_person(&it.name, &record.name);
    if release.approvals.iter().any(before) {
        let message = told!(
            "`{officer}` approved this release before; another officer is wanted",
            officer = record.name
        );
        return Err(ExchangeError::refused("approved-before", message));
    }
    as_composed(node, release).await?;
    check_payload(node, release, now).await?;
    let envelope = Approval::sign(release.digest, officer, now)
        .map_err(|error| KeyError(error.to_string()))?;
    let approval = ApprovalRecord {
        officer: record.id,
        name: record.name.clone(),
        certificate: record.certificate.clone(),
        approval: String::from_utf8_lossy(&envelope.to_json()).into_owned(),
        at: now,
    };
    verify_approvals(node, release, std::slice::from_ref(&approval), now)?;
    let required = u32::try_from(required(clause)).unwrap_or(u32::MAX);
    let details =
        json!({ "release": release.digest, "officer": record.id, "office": record.office });
    let journal =
        vec![node.journal_by(&record.name, "release-approved", &release.record.folio, details)];
    let (id, digest) = (release.record.release, release.digest);
    Ok(node.store().approve(id, digest, approval, required, journal).await?)
}

/// Refuses an officer who composed the release.
pub(crate) fn not_the_composer(officer: &OfficerRecord, release: &ReleaseRow) -> Result<()> {
    if !same_person(&officer.name, &release.composer) {
        return Ok(());
    }
    let message = told!(
        "`{officer}` composed the release, and the clause wants others to approve it",
        officer = officer.name
    );
    Err(ExchangeError::refused("composer-may-not-approve", message))
}

/// Whether two names are one person's: case and white space make no other person.
pub(crate) fn same_person(one: &str, other: &str) -> bool {
    let plain =
        |name: &str| name.split_whitespace().map(str::to_lowercase).collect::<Vec<_>>().join(" ");
    plain(one) == plain(other)
}

/// How many officers must approve under a clause. A clause with standing approval needs one here: a standing approval
/// is itself a signed document, and without one somebody must sign.
pub(crate) fn required(clause: &Clause) -> usize {
    clause.approvers().max(1)
}

/// Why a release that is composed or approved can't be sent any more; `None` where it can, and for a release that is sealed.
/// The approval dies with what it rests on: the agreement (`agreement-suspended`, `agreement-ended`, `agreement-changed` ...),
/// the clause (`clause-unknown`), the holding (`holding-changed`), what the
/// partner is not to be told (`redacted-since`). Nothing is changed by asking.
pub async fn stale(node: &Node, release: &ReleaseRow) -> Result<Option<ExchangeError>> {
    if !matches!(release.state, ReleaseState::Composed | ReleaseState::Approved) {
        return Ok(None);
    }
    let judged = match standing_of(node, release, node.now()).await {
        Ok(standing) => clause_of(&standing, release).map(|_| ()),
        Err(error) => Err(error),
    };
    let judged = match judged {
        Ok(()) => as_composed(node, release).await,
        refused => refused,
    };
    match judged {
        Ok(()) => Ok(None),
        Err(why @ ExchangeError::Refused { .. }) => Ok(Some(why)),
        Err(error) => Err(error),
    }
}

/// Refuses a release of which an object is held in another version than the one composed, or not any more, and one that may say
/// what another took out since.
pub(crate) async fn as_composed(node: &Node, release: &ReleaseRow) -> Result<()> {
    let changed = node.store().changed(release.record.release).await?;
    changed.map_or(Ok(()), |why| Err(StoreError::Refused(why).into()))
}

/// The agreement of a release: in force now, and the same text as at compose.
pub(crate) async fn standing_of(
    node: &Node,
    release: &ReleaseRow,
    now: Timestamp,
) -> Result<Standing> {
    let standing = agreement::in_force(node, release.record.to, now).await?;
    if standing.reference == release.record.agreement {
        return Ok(standing);
    }
    let message = "another version of the agreement is in force than when the release was composed; compose it again";
    Err(ExchangeError::refused("agreement-changed", message))
}

pub(crate) fn clause_of<'a>(standing: &'a Standing, release: &ReleaseRow) -> Result<&'a Clause> {
    standing.agreement.clause(&release.record.clause).ok_or_else(|| {
        let message = told!(
            "the agreement has no clause `{clause}`; compose the release again",
            clause = release.record.clause
        );
        ExchangeError::refused("clause-unknown", message)
    })
}

/// Compares what is stored of a release with what was composed: `release.json` with the digest that approvals sign, and the
/// parts with what it binds. What came from partners must still be covered by their consent.
pub(crate) async fn check_payload(node: &Node, release: &ReleaseRow, now: Timestamp) -> Result<()> {
    let read = serde_json::from_slice::<ReleaseRecord>(&release.bytes);
    let is_composed = Digest::of(&release.bytes) == release.digest
        && read.is_ok_and(|record| record == release.record);
    if !is_composed {
        let message = "`release.json` is not the one that was composed and approved; compose the release again";
        return Err(ExchangeError::refused("payload-changed", message));
    }
    let (record, stored) = (release.record.clone(), release.parts.clone());
    let blobs = Arc::clone(node.blobs());
    let checked =
        tokio::task::spawn_blocking(move || parts::check_release(&record, &stored, &*blobs));
    let onward = checked.await.map_err(ExchangeError::damaged)??;
    consent::must_hold(node, release, &onward, now).await
}

/// Checks approvals against this party's registrar and the release's digest, and gives who signed them: as the
/// signatures say, not as the rows do.
pub(crate) fn verify_approvals(
    node: &Node,
    release: &ReleaseRow,
    approvals: &[ApprovalRecord],
    now: Timestamp,
) -> Result<Approvers> {
    let registrar = partner::own(node)?.registrar_key(now)?;
    let mut approvers = Approvers::default();
    for it in approvals {
        verify_approval(node, &registrar, &it.certificate, &it.approval, &release.digest)?
            .join(&mut approvers);
    }
    Ok(approvers)
}

/// Who approved a release. Neither a second id for one key nor a second key under one id makes two officers of one.
#[derive(Debug, Default)]
pub(crate) struct Approvers {
    /// The officers' ids.
    pub(crate) officers: BTreeSet<OfficerId>,
    keys: BTreeSet<Vec<u8>>,
}

impl Approvers {
    /// How many different officers they are.
    pub(crate) fn count(&self) -> usize {
        self.officers.len().min(self.keys.len())
    }
}

/// An approval that is good, and the certificate of who gave it.
pub(crate) struct Given {
    pub(crate) approval: Approval,
    certificate: Arc<OfficerCertificate>,
}

impl Given {
    /// Adds its officer to those who approved.
    pub(crate) fn join(&self, approvers: &mut Approvers) {
        approvers.officers.insert(self.approval.officer);
        approvers.keys.insert(self.certificate.public.to_bytes());
    }
}

/// Checks the chain from a registrar over an officer's certificate to an approval of `release`.
pub(crate) fn verify_approval(
    node: &Node,
    registrar: &HybridPublic,
    certificate: &str,
    given: &str,
    release: &Digest,
) -> Result<Given> {
    let certificate = certified(node, registrar, certificate)?;
    let given = Envelope::parse(given.as_bytes())
        .map_err(|error| ExchangeError::refused(error.code(), error.to_string()))?;
    let approval = Approval::verify(&given, &certificate, release)
        .map_err(|error| ExchangeError::refused(error.code(), error.to_string()))?;
    Ok(Given { approval, certificate })
}

/// An officer's certificate that this registrar signed. It is verified once and remembered: the same few officers approve
/// everything.
pub(crate) fn certified(
    node: &Node,
    registrar: &HybridPublic,
    certificate: &str,
) -> Result<Arc<OfficerCertificate>> {
    let mut both = Digester::new();
    both.update(&registrar.to_bytes());
    both.update(certificate.as_bytes());
    node.certificate(&both.finish(), || {
        let envelope = Envelope::parse(certificate.as_bytes())
            .map_err(|error| ExchangeError::refused(error.code(), error.to_string()))?;
        OfficerCertificate::verify(&envelope, registrar)
            .map_err(|error| ExchangeError::refused(error.code(), error.to_string()))
    })
}

pub(crate) async fn officer_by_id(node: &Node, id: OfficerId) -> Result<OfficerRecord> {
    let officers = node.store().officers().await?;
    officers.into_iter().find(|it| it.id == id).ok_or_else(|| ExchangeError::NotFound {
        what: "officer",
        name: id.to_string(),
        advice: "`comity officer list` shows those that are registered",
    })
}
