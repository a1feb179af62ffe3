//! A standing approval: an officer approves beforehand what goes under one clause, up to a daily ceiling and for at most
//! 30 days (docs/protocol.md section 3.6).

use comity_model::{Digest, OfficerId, StandingId};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::{ApprovalError, OfficerCertificate, check_version, parse, payload};
use crate::dsse::{self, Envelope};
use crate::keys::OfficerKey;

/// The longest window of a standing approval.
pub const LONGEST: SignedDuration = SignedDuration::from_hours(30 * 24);
/// Objects a day that a standing approval may allow, at the most.
pub const HIGHEST_CEILING: u64 = 100_000_000;

/// What an officer approves beforehand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StandingApproval {
    /// [`VERSION`](super::VERSION).
    pub v: u32,
    /// The approval.
    pub id: StandingId,
    /// SHA-256 of the exact text of the agreement, which names both parties: with another version it ends.
    pub agreement: Digest,
    /// The clause.
    pub clause: String,
    /// Objects in one day, in UTC, at the most: 1 to [`HIGHEST_CEILING`].
    pub ceiling: u64,
    /// The officer, by the id in the certificate.
    pub officer: OfficerId,
    /// Good from then on, inclusive: when it was signed.
    pub from: Timestamp,
    /// Good until then, exclusive: at most [`LONGEST`] after `from`.
    pub until: Timestamp,
}

/// What a release has to fit, so that a standing approval is good for it.
#[derive(Debug, Clone, Copy)]
pub struct StandingUse<'a> {
    /// The digest of the agreement under which the release goes.
    pub agreement: &'a Digest,
    /// The clause under which it goes.
    pub clause: &'a str,
    /// Objects in the release.
    pub objects: u64,
    /// When it is sealed: its statement's `issued_at`.
    pub at: Timestamp,
}

impl StandingApproval {
    /// Has the officer sign it. Refused with `standing-window` or `standing-ceiling` where the terms are beyond what may be
    /// approved beforehand, and with `approval-officer` where it is another officer's.
    pub fn sign(&self, officer: &OfficerKey) -> Result<Envelope, ApprovalError> {
        self.check()?;
        if self.officer != officer.officer() {
            let (certified, found) = (officer.officer(), self.officer);
            return Err(ApprovalError::Officer { certified, found });
        }
        Ok(dsse::sign(dsse::STANDING_APPROVAL, payload(self), officer.secret())?)
    }

    /// Checks one against a certificate that [`OfficerCertificate::verify`] gave: signed by its key, of its officer, within
    /// what may be approved beforehand, and signed while the certificate was valid.
    pub fn verify(
        envelope: &Envelope,
        certificate: &OfficerCertificate,
    ) -> Result<Self, ApprovalError> {
        let payload = envelope
            .verify(dsse::STANDING_APPROVAL, &certificate.public)
            .map_err(ApprovalError::Approval)?;
        let standing: Self = parse(payload, "standing approval")?;
        check_version(standing.v, "standing approval")?;
        standing.check()?;
        if standing.officer != certificate.officer {
            let (certified, found) = (certificate.officer, standing.officer);
            return Err(ApprovalError::Officer { certified, found });
        }
        if !certificate.covers(standing.from) {
            return Err(ApprovalError::Expired { at: standing.from });
        }
        Ok(standing)
    }

    /// Whether it is good for a release: this version of the agreement, this clause, within the window and while the
    /// officer is certified, and no more objects than one day has.
    pub fn covers(
        &self,
        certificate: &OfficerCertificate,
        release: &StandingUse<'_>,
    ) -> Result<(), ApprovalError> {
        if self.agreement != *release.agreement || self.clause != release.clause {
            return Err(ApprovalError::StandingElsewhere { clause: self.clause.clone() });
        }
        let is_open = self.from <= release.at && release.at < self.until;
        if !is_open || !certificate.covers(release.at) {
            return Err(ApprovalError::StandingOver { from: self.from, until: self.until });
        }
        if release.objects > self.ceiling {
            return Err(ApprovalError::CeilingExceeded { ceiling: self.ceiling });
        }
        Ok(())
    }

    fn check(&self) -> Result<(), ApprovalError> {
        let length = self.until.duration_since(self.from);
        if length <= SignedDuration::ZERO || length > LONGEST {
            return Err(ApprovalError::StandingWindow);
        }
        if !(1..=HIGHEST_CEILING).contains(&self.ceiling) {
            return Err(ApprovalError::StandingCeiling);
        }
        Ok(())
    }
}

/// Whether a signed approval is a standing one.
pub fn is_standing(envelope: &Envelope) -> bool {
    envelope.payload_type() == dsse::STANDING_APPROVAL
}
