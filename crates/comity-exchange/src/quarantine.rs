//! Quarantine: a release's parts are read and every object is validated, while nothing of it can be seen.

use std::collections::VecDeque;
use std::io::Read;
use std::sync::Arc;

use comity_log::root_of;
use comity_model::release::{MANIFEST, OBJECTS};
use comity_model::statement::{
    Binding, PartEntry, Payload, ReceiptBody, RefusedObject, ReleaseBody,
};
use comity_model::{Digest, Holding, ManifestLine, Origin, PartyRoot, Refusal, ReleaseRecord};
use comity_policy::{Act, Approval, Clause};
use comity_pouch::approval::StandingUse;
use comity_stix::registry::Registry;
use comity_stix::timestamp::Stamp;
use comity_stix::{Checker, Limits, Severity};
use jiff::Timestamp;
use tokio::sync::mpsc;

use crate::agreement::Standing;
use crate::approve::{Approvers, required, verify_approval};
use crate::error::{ExchangeError, Result};
use crate::failpoint::fail_point;
use crate::grounds;
use crate::hold::{Gist, Provenance, hold};
use crate::node::Node;
use crate::standing::seen::of_the_parties;
use crate::standing::{is_standing_approval, verify as verify_standing};
use crate::verify::{OpenPouch, refuse_or_fail};

mod unseen;

use unseen::Unseen;

/// Objects staged in one transaction.
const BATCH: usize = 1_000;
/// Bytes staged in one transaction, about.
const BATCH_BYTES: usize = 4 << 20;

/// What quarantine found in a release.
pub(crate) struct Quarantined {
    /// The release as its sender composed it.
    pub(crate) record: ReleaseRecord,
    /// Valid objects that are not staged yet.
    pub(crate) rest: Vec<Holding>,
    /// Valid objects in all.
    pub(crate) admitted: u64,
    /// Invalid objects in all.
    pub(crate) refused: u64,
    /// The first of the invalid ones, as many as a receipt lists.
    pub(crate) objects: Vec<RefusedObject>,
}

/// Checks a release against its clause, reads its parts and stages its valid objects. The root is known to hold only at
/// the end, so nothing may be published before this returns. `spooled` is the pouch, to be read once more.
pub(crate) async fn quarantine(
    node: &Node,
    payload: &Payload,
    standing: &Standing,
    pouch: OpenPouch,
    statement: Digest,
    spooled: Digest,
) -> Found {
    let now = node.now();
    let (record, clause, unseen) = match read_record(node, payload, standing) {
        Ok(read) => read,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let mut unseen = if unseen {
        Some(Unseen::new(node, of_the_parties(node, &standing.partner)?))
    } else {
        None
    };
    let mut reading = Reading {
        record: record.clone(),
        clause: clause.clone(),
        unseen: None,
        entries: payload.parts.clone(),
        partner: payload.from,
        statement,
        now,
        registry: Arc::clone(node.registry()),
    };
    let (to_stage, mut batches) = mpsc::channel::<Vec<Holding>>(2);
    let reader = tokio::task::spawn_blocking(move || {
        if let Some(unseen) = &mut unseen
            && let Err(refusal) = unseen.look_ahead(&reading, &spooled)?
        {
            return Ok(Err(refusal));
        }
        reading.unseen = unseen;
        reading.read(pouch, &to_stage)
    });
    while let Some(batch) = batches.recv().await {
        node.store().stage(statement, batch).await?;
    }
    let quarantined = reader.await.map_err(ExchangeError::damaged)??;
    fail_point("quarantine:staged").await;
    Ok(quarantined)
}

/// Reads `release.json` out of the body and judges it by the clause: the sender's decision is authoritative for
/// policy, and the receiver checks what both signed.
fn read_record<'a>(
    node: &Node,
    payload: &Payload,
    standing: &'a Standing,
) -> std::result::Result<(ReleaseRecord, &'a Clause, bool), Refusal> {
    let body: ReleaseBody = payload.body().map_err(|_| Refusal::BadBody)?;
    let record = ReleaseRecord::parse(&body.release).map_err(|_| Refusal::BadBody)?;
    let same = record.v == 1
        && record.from == payload.from
        && record.to == payload.to
        && record.agreement == payload.agreement
        && record.parts == payload.parts;
    if !same {
        return Err(Refusal::BadBody);
    }
    let agreement = &standing.agreement;
    let clause = agreement
        .clause(&record.clause)
        .filter(|clause| agreement.parties.get(&clause.from) == Some(&payload.from))
        .ok_or(Refusal::ClauseUnknown)?;
    if !clause.purposes.contains(&record.purpose) {
        return Err(Refusal::PurposeNotGranted);
    }
    grounds::must_be_listed_under(agreement, Act::Release, Some(&clause.id), &record.grounds)?;
    let own = crate::partner::own(node).map_err(|_| Refusal::BadBody)?;
    if record.objects > own.descriptor.limits.objects || record.objects == 0 {
        return Err(Refusal::OverLimit);
    }
    let unseen = verify_approvals(node, &body, &record, clause, standing, payload.issued_at)?;
    Ok((record, clause, unseen))
}

/// As many different officers as the clause demands, each certified by the sender's registrar, each for exactly this
/// release; or where the clause allows it one standing approval that is good for it. Gives whether it is that.
fn verify_approvals(
    node: &Node,
    body: &ReleaseBody,
    record: &ReleaseRecord,
    clause: &Clause,
    standing: &Standing,
    at: Timestamp,
) -> std::result::Result<bool, Refusal> {
    const MOST: usize = 16;
    let registrar = standing.partner.registrar_key(at).map_err(|_| Refusal::ApprovalBad)?;
    let digest = Digest::of(body.release.as_bytes());
    let usage = StandingUse {
        agreement: &standing.reference.digest,
        clause: &clause.id,
        objects: record.objects,
        at,
    };
    let (mut approvers, mut is_standing) = (Approvers::default(), false);
    if body.approvals.len() > MOST {
        return Err(Refusal::ApprovalBad);
    }
    for signed in &body.approvals {
        if is_standing_approval(signed) {
            if clause.approval != Approval::Standing {
                return Err(Refusal::ApprovalBad);
            }
            verify_standing(node, &registrar, signed, &usage).map_err(|_| Refusal::ApprovalBad)?;
            is_standing = true;
            continue;
        }
        let (certificate, given) = (&signed.certificate, &signed.approval);
        let given = verify_approval(node, &registrar, certificate, given, &digest)
            .map_err(|_| Refusal::ApprovalBad)?;
        if given.approval.at > at {
            return Err(Refusal::ApprovalBad);
        }
        given.join(&mut approvers);
    }
    let enough = approvers.count() >= required(clause);
    if !enough && !is_standing {
        return Err(Refusal::ApprovalMissing);
    }
    // what an officer approved may have what a standing approval may not cover
    Ok(!enough)
}

/// What the blocking half needs.
struct Reading {
    record: ReleaseRecord,
    clause: Clause,
    /// Where no officer saw the release, since it came under a standing approval alone.
    unseen: Option<Unseen>,
    entries: Vec<PartEntry>,
    partner: PartyRoot,
    statement: Digest,
    now: Timestamp,
    registry: Arc<Registry>,
}

/// What quarantine found, or why all of it is refused.
type Found = Result<std::result::Result<Quarantined, Refusal>>;

/// The lines of a manifest, each read and as it was written.
type Lines = VecDeque<(ManifestLine, Vec<u8>)>;

/// Takes the value of a pouch's step, or gives back its refusal or its failure.
macro_rules! step {
    ($result:expr) => {
        match $result {
            Ok(value) => value,
            Err(error) => return refuse_or_fail(error),
        }
    };
}

use step;

impl Reading {
    fn read(&self, mut pouch: OpenPouch, to_stage: &mpsc::Sender<Vec<Holding>>) -> Found {
        let [manifest_entry, objects_entry] = self.entries.as_slice() else {
            return Ok(Err(Refusal::PartDigest));
        };
        let named = manifest_entry.name == MANIFEST && objects_entry.name == OBJECTS;
        let Binding::Digest(bound) = manifest_entry.bound_by else {
            return Ok(Err(Refusal::PartDigest));
        };
        if !named || objects_entry.bound_by != Binding::Root {
            return Ok(Err(Refusal::PartDigest));
        }
        let lines = match self.manifest(&mut pouch, manifest_entry, bound)? {
            Ok(lines) => lines,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let Some(mut part) = step!(pouch.next_part()) else { return Ok(Err(Refusal::PartDigest)) };
        if part.name() != OBJECTS || part.size() != objects_entry.size {
            return Ok(Err(Refusal::PartDigest));
        }
        let mut found = Quarantined {
            record: self.record.clone(),
            rest: Vec::new(),
            admitted: 0,
            refused: 0,
            objects: Vec::new(),
        };
        let mut leaves = Vec::with_capacity(lines.len());
        let (mut batch_bytes, mut listed_bytes) = (0, 0);
        let limits = Limits::default();
        let checker = Checker::new(&limits).with_registry(&self.registry);
        for (line, text) in lines {
            let bytes = match object(&mut part, line.size)? {
                Ok(bytes) => bytes,
                Err(refusal) => return Ok(Err(refusal)),
            };
            let Ok(commitment) = line.commitment_to(&text, &bytes) else {
                return Ok(Err(Refusal::PartDigest));
            };
            leaves.push(comity_log::leaf_hash(commitment.as_bytes()));
            batch_bytes += bytes.len();
            match self.judge(&line, bytes, &checker) {
                Ok(holding) => {
                    found.admitted += 1;
                    found.rest.push(holding);
                }
                Err((code, pointer)) => {
                    found.refused += 1;
                    let refused = RefusedObject { index: line.index, code, pointer };
                    listed_bytes += serde_json::to_vec(&refused).map_or(0, |json| json.len() + 1);
                    if found.objects.len() < ReceiptBody::MAX_REFUSED
                        && listed_bytes <= ReceiptBody::MAX_REFUSED_BYTES
                    {
                        found.objects.push(refused);
                    }
                }
            }
            if found.rest.len() >= BATCH || batch_bytes >= BATCH_BYTES {
                batch_bytes = 0;
                if to_stage.blocking_send(std::mem::take(&mut found.rest)).is_err() {
                    return Err(ExchangeError::damaged("the staging of a release"));
                }
            }
        }
        let rest = (&mut part).take(1).read_to_end(&mut Vec::new());
        match rest {
            Ok(0) => {}
            Ok(_) => return Ok(Err(Refusal::PartDigest)),
            Err(error) => return refuse_or_fail(error.into()),
        }
        if step!(pouch.next_part()).is_some() {
            return Ok(Err(Refusal::PartDigest));
        }
        step!(pouch.finish());
        if Digest::from_bytes(root_of(leaves)) != self.record.root {
            return Ok(Err(Refusal::PartDigest));
        }
        Ok(Ok(found))
    }

    /// The manifest, whole and checked against its digest.
    fn manifest(
        &self,
        pouch: &mut OpenPouch,
        entry: &PartEntry,
        bound: Digest,
    ) -> Result<std::result::Result<Lines, Refusal>> {
        /// Bytes of a line on average, at the most: handling, ids and a chain of ten parties. The manifest is held in
        /// memory until its objects are read.
        const LINE: u64 = 2 * 1024;
        let Some(mut part) = step!(pouch.next_part()) else { return Ok(Err(Refusal::PartDigest)) };
        if part.name() != MANIFEST || part.size() != entry.size {
            return Ok(Err(Refusal::PartDigest));
        }
        if entry.size > self.record.objects.saturating_mul(LINE) {
            return Ok(Err(Refusal::OverLimit));
        }
        let mut bytes = Vec::new();
        if let Err(error) = part.read_to_end(&mut bytes) {
            return refuse_or_fail(error.into());
        }
        if Digest::of(&bytes) != bound {
            return Ok(Err(Refusal::PartDigest));
        }
        let Some(text) = bytes.strip_suffix(b"\n") else { return Ok(Err(Refusal::PartDigest)) };
        let mut lines = VecDeque::new();
        for (line, number) in text.split(|byte| *byte == b'\n').zip(1u64..) {
            if number > self.record.objects {
                return Ok(Err(Refusal::PartDigest));
            }
            let Ok(parsed) = ManifestLine::parse(line, number) else {
                return Ok(Err(Refusal::PartDigest));
            };
            lines.push_back((parsed, line.to_vec()));
        }
        let redacted = lines.iter().filter(|(line, _)| line.commitment.is_some()).count();
        let whole =
            lines.len() as u64 == self.record.objects && redacted as u64 == self.record.redacted;
        Ok(if whole { Ok(lines) } else { Err(Refusal::PartDigest) })
    }

    /// Judges one object: the standard and what this node knows beside it first, then what the clause lets through.
    fn judge(
        &self,
        line: &ManifestLine,
        bytes: Vec<u8>,
        checker: &Checker<'_>,
    ) -> std::result::Result<Holding, (String, String)> {
        let (report, document) = checker.check_and_keep(&bytes);
        if let Some(broken) = report.findings.iter().find(|it| it.severity == Severity::Must) {
            return Err((broken.code.as_str().to_owned(), plain(&broken.pointer)));
        }
        let refuse = |code: &str, pointer: &str| Err((code.to_owned(), pointer.to_owned()));
        let Some((head, document)) = report.head.zip(document) else {
            return refuse("unreadable", "");
        };
        if head.id != line.id.as_str() {
            return refuse("manifest-mismatch", "/id");
        }
        let modified = head.modified.as_ref().map(Stamp::written);
        if modified != line.modified.as_deref() {
            return refuse("manifest-mismatch", "/modified");
        }
        let is_marking = head.type_ == "marking-definition";
        if !is_marking && !self.clause.kinds.contains(&*head.type_) {
            return refuse("clause-kind", "/type");
        }
        if let Some(unseen) = &self.unseen
            && unseen.refuses(&head.id)
        {
            return refuse("standing-not-for-this", "/type");
        }
        if line.handling.tlp > self.clause.max_tlp {
            return refuse("clause-tlp", "/object_marking_refs");
        }
        let handling = &line.handling;
        if handling.retention_days > self.clause.retention_days
            || handling.onward < self.clause.onward
            || handling.use_codes.is_empty()
            || !handling.use_codes.iter().all(|code| self.clause.use_codes.contains(code))
        {
            return refuse("clause-handling", "");
        }
        if line.chain.last() != Some(&self.partner) || line.chain.first() != Some(&line.origin) {
            return refuse("manifest-mismatch", "");
        }
        let provenance = Provenance {
            origin: Origin::Partner {
                party: self.partner,
                originator: line.origin,
                agreement: self.record.agreement.id,
                statement: self.statement,
            },
            chain: line.chain.clone(),
            handling: Some(line.handling.clone()),
            grade: line.grade,
            received_at: self.now,
        };
        let gist = Gist::of(&document, &head);
        let holding = hold(bytes, head, gist, provenance);
        if holding.tlp.is_some_and(|tlp| tlp > line.handling.tlp) {
            return refuse("clause-tlp", "/object_marking_refs");
        }
        Ok(holding)
    }
}

/// One object of so many bytes, with the line feed behind it.
fn object(part: &mut impl Read, size: u64) -> Result<std::result::Result<Vec<u8>, Refusal>> {
    if size > Limits::default().object_bytes as u64 {
        // what cannot be an object is not even read: the root over it cannot be checked, so all is refused
        return Ok(Err(Refusal::OverLimit));
    }
    let wanted = size.saturating_add(1);
    let mut bytes = Vec::with_capacity(usize::try_from(wanted).unwrap_or(0));
    match part.take(wanted).read_to_end(&mut bytes) {
        Ok(read) if read as u64 == wanted && bytes.pop() == Some(b'\n') => Ok(Ok(bytes)),
        Ok(_) => Ok(Err(Refusal::PartDigest)),
        Err(error) => refuse_or_fail(error.into()),
    }
}

/// The start of a pointer, without what could play tricks on a terminal: the partner chose the keys in it.
fn plain(pointer: &str) -> String {
    pointer.chars().take(200).map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}
