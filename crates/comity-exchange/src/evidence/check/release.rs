//! What a release says: the approvals over its `release.json`, and the clause of the agreement that it cites.

use comity_model::descriptor::KeyUse;
use comity_model::statement::{AgreementRef, ReleaseBody};
use comity_model::{Digest, ReleaseRecord};
use comity_policy::{Act, Agreement, Approval as Terms, State};
use comity_pouch::HybridPublic;
use comity_pouch::approval::{
    Approval, ApprovalError, OfficerCertificate, StandingApproval, StandingUse, is_standing,
};
use comity_pouch::dsse::{self, Envelope};
use std::collections::BTreeSet;

use super::super::flaw::{Field, Flaw};
use super::super::keys::{Holder, TakenBack};
use super::{Agreed, Approved, Released, Statement};
use crate::grounds;

/// The most approvals of a release (docs/protocol.md section 4.5).
const MOST: usize = 16;

/// A release whose approvals hold.
pub(super) struct Read {
    pub(super) said: Released,
    record: ReleaseRecord,
    /// Different officers, each with a key of its own, who approved this very release.
    officers: usize,
    standing: Vec<(StandingApproval, OfficerCertificate)>,
    /// Whether the key of a registrar who certified one of them was taken back.
    pub(super) took_back: TakenBack,
}

/// Reads `release.json` and verifies every approval under the registrar of `from`.
pub(super) fn read(statement: &Statement, from: &Holder) -> Result<Read, Flaw> {
    let payload = &statement.payload;
    let bad = |message: &dyn std::fmt::Display| Flaw::new(Field::Release, "bad-body", message);
    let body: ReleaseBody = payload.body().map_err(|error| bad(&error))?;
    let record = record_of(&body.release)
        .ok_or_else(|| bad(&"the text that was approved cannot be read"))?;
    let same = record.v == 1
        && record.from == payload.from
        && record.to == payload.to
        && record.agreement == payload.agreement
        && record.parts == payload.parts;
    if !same {
        return Err(bad(&"the text that was approved does not fit the statement"));
    }
    let wrong = |code, why: &dyn std::fmt::Display| Flaw::new(Field::Approvals, code, why);
    if body.approvals.is_empty() || body.approvals.len() > MOST {
        return Err(wrong("approval-missing", &"there are none, or more than a release may have"));
    }
    let registrars = from.hybrid(KeyUse::Registrar, payload.issued_at);
    if registrars.is_empty() {
        let message = "no descriptor has a registrar's key that was valid when it was sealed";
        return Err(wrong("key-expired", &message));
    }
    let digest = Digest::of(body.release.as_bytes());
    let (mut approvals, mut standing, mut took_back) =
        (Vec::new(), Vec::new(), TakenBack::default());
    let (mut ids, mut keys) = (BTreeSet::new(), BTreeSet::new());
    for signed in &body.approvals {
        let certificate = envelope(&signed.certificate)?;
        let given = envelope(&signed.approval)?;
        let (certificate, registrar) =
            certified(&certificate, &registrars).map_err(|error| wrong(error.code(), &error))?;
        took_back = took_back.and(from.took_back(KeyUse::Registrar, registrar, payload.issued_at));
        let at = if is_standing(&given) {
            let approval = StandingApproval::verify(&given, &certificate)
                .map_err(|error| wrong(error.code(), &error))?;
            let at = approval.from;
            standing.push((approval, certificate.clone()));
            at
        } else {
            let approval = Approval::verify(&given, &certificate, &digest)
                .map_err(|error| wrong(error.code(), &error))?;
            ids.insert(certificate.officer);
            keys.insert(certificate.public.to_bytes());
            approval.at
        };
        if at > payload.issued_at {
            return Err(wrong("approval-bad", &"an approval is later than the statement"));
        }
        approvals.push(Approved {
            officer: certificate.officer,
            office: certificate.office,
            at,
            standing: is_standing(&given),
        });
    }
    let said = Released {
        folio: record.folio.clone(),
        clause: record.clause.clone(),
        purpose: record.purpose.clone(),
        grounds: record.grounds.clone(),
        objects: record.objects,
        redacted: record.redacted,
        root: record.root,
        composed_at: record.composed_at,
        approvals,
    };
    Ok(Read { said, record, officers: ids.len().min(keys.len()), standing, took_back })
}

/// The text that was approved.
pub(super) fn record_of(release: &str) -> Option<ReleaseRecord> {
    ReleaseRecord::parse(release).ok()
}

fn envelope(text: &str) -> Result<Envelope, Flaw> {
    Envelope::parse(text.as_bytes())
        .map_err(|error| Flaw::new(Field::Approvals, error.code(), error))
}

/// The certificate, and the registrar whose key signed it.
fn certified<'a>(
    certificate: &Envelope,
    registrars: &'a [HybridPublic],
) -> Result<(OfficerCertificate, &'a HybridPublic), ApprovalError> {
    let mut why = None;
    for registrar in registrars {
        match OfficerCertificate::verify(certificate, registrar) {
            Ok(certificate) => return Ok((certificate, registrar)),
            Err(error) => why = Some(error),
        }
    }
    Err(why.unwrap_or(ApprovalError::Validity))
}

/// Checks the agreement that a statement cites: the text by its digest, both roots' signatures and no others; of a release
/// that it was in force, that the clause is one of the sender's, has the purpose and the grounds, and that enough officers
/// approved.
pub(super) fn agreed(
    envelope: &Envelope,
    statement: &Statement,
    (from, to): (&Holder, &Holder),
    release: Option<&Read>,
) -> Result<Agreed, Flaw> {
    let bad = |code, why: &dyn std::fmt::Display| Flaw::new(Field::Agreement, code, why);
    let payload = &statement.payload;
    let text = envelope
        .verify_all(dsse::AGREEMENT, &[&from.key, &to.key])
        .map_err(|error| bad(error.code(), &error))?;
    let AgreementRef { id, version, digest } = payload.agreement;
    if Digest::of(text) != digest {
        return Err(bad("agreement-digest", &"it is another text than the statement cites"));
    }
    let agreement = str::from_utf8(text).ok().and_then(|text| Agreement::parse(text).ok());
    let agreement = agreement.ok_or_else(|| {
        bad("agreement-unreadable", &"its text is not an agreement of this version")
    })?;
    let parties = |root| agreement.parties.values().any(|it| *it == root);
    if (agreement.id, agreement.version) != (id, version)
        || !parties(from.root)
        || !parties(to.root)
    {
        return Err(bad("agreement-unknown", &"it is another agreement, or between others"));
    }
    let officers = release.map_or(Ok(0), |it| granted(&agreement, statement, it))?;
    Ok(Agreed { title: agreement.title, officers })
}

/// Checks a release by its clause. Gives how many officers the clause demands of it.
fn granted(agreement: &Agreement, statement: &Statement, release: &Read) -> Result<usize, Flaw> {
    let (payload, record) = (&statement.payload, &release.record);
    let bad = |code, why: &dyn std::fmt::Display| Flaw::new(Field::Release, code, why);
    if agreement.state_at(payload.issued_at) != State::InForce {
        let message = "the agreement was not in force on the day on which it was sealed";
        return Err(bad("agreement-not-in-force", &message));
    }
    let clause = agreement
        .clause(&record.clause)
        .filter(|clause| agreement.parties.get(&clause.from) == Some(&payload.from))
        .ok_or_else(|| {
            bad("clause-unknown", &"the agreement has no such clause for who released")
        })?;
    if !clause.purposes.contains(&record.purpose) {
        return Err(bad("purpose-not-granted", &"the clause does not have the purpose"));
    }
    grounds::must_be_listed_under(agreement, Act::Release, Some(&clause.id), &record.grounds)
        .map_err(|refusal| bad(refusal.code(), &refusal.english()))?;
    let usage = StandingUse {
        agreement: &payload.agreement.digest,
        clause: &clause.id,
        objects: record.objects,
        at: payload.issued_at,
    };
    for (approval, certificate) in &release.standing {
        let fits = clause.approval == Terms::Standing;
        let covered = approval.covers(certificate, &usage);
        if let Err(error) = covered {
            return Err(Flaw::new(Field::Approvals, error.code(), error));
        }
        if !fits {
            let message = "the clause does not let anybody approve beforehand";
            return Err(Flaw::new(Field::Approvals, "approval-bad", message));
        }
    }
    let required = crate::approve::required(clause);
    if release.officers >= required {
        return Ok(required);
    }
    if release.standing.is_empty() {
        let message =
            format!("the clause demands {required} officers, and {} approved", release.officers);
        return Err(Flaw::new(Field::Approvals, "approval-missing", message));
    }
    Ok(0)
}
