//! Who may approve a release, and that they did (docs/protocol.md section 3).
//!
//! The registrar certifies an officer's key under a random id and an office; the officer signs the
//! SHA-256 of `release.json`. Both are DSSE envelopes and both cross with the release, so nothing in
//! them names a person: the office and its key cross, the person stays in the owner's journal.

use comity_model::{Digest, OfficerId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::dsse::{self, Envelope, SignError, SignatureError};
use crate::hybrid::HybridPublic;
use crate::json;
use crate::keys::{OfficerKey, RegistrarKey};

mod standing;
mod unit;

pub use standing::{HIGHEST_CEILING, LONGEST, StandingApproval, StandingUse, is_standing};
pub use unit::UnitGrant;

/// The version of both documents' form.
pub const VERSION: u32 = 1;
/// Bytes of the longest certificate or approval that is read.
pub const DOCUMENT_LIMIT: usize = 16 * 1024;
/// Characters of the longest name of an office.
pub const OFFICE_LIMIT: usize = 80;

/// Why an officer was not certified, or an approval not made or not believed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ApprovalError {
    /// The registrar did not sign the certificate.
    #[error("the officer's certificate: {0}")]
    Certificate(SignatureError),
    /// The officer did not sign the approval.
    #[error("the approval: {0}")]
    Approval(SignatureError),
    /// Signing failed.
    #[error(transparent)]
    Sign(#[from] SignError),
    /// Not a document of this version.
    #[error("not a {what} ({why}); ask for it again")]
    Malformed {
        /// Which of the two documents.
        what: &'static str,
        /// What is wrong, without repeating what was given.
        why: String,
    },
    /// The name of the office is empty, too long, or holds a control character.
    #[error("the name of an office has 1 to {OFFICE_LIMIT} printable characters; shorten it")]
    Office,
    /// The validity ends before it begins.
    #[error("the certificate would end before it begins; give a later end")]
    Validity,
    /// The approval is of another officer than the certificate.
    #[error("the approval is of `{found}`, not of `{certified}`; take the officer's certificate")]
    Officer {
        /// Whom the certificate names.
        certified: OfficerId,
        /// Whom the approval names.
        found: OfficerId,
    },
    /// The approval is of another release: something changed after it was given.
    #[error("the approval is of the release `{found}`, not of `{due}`; have this one approved")]
    Release {
        /// The release at hand.
        due: Digest,
        /// The release approved.
        found: Digest,
    },
    /// A standing approval is of no time, or of more than 30 days.
    #[error("a standing approval is good for at most 30 days from its signing; shorten it")]
    StandingWindow,
    /// The ceiling of a standing approval is none, or beyond what may be allowed.
    #[error("a standing approval is for 1 to {HIGHEST_CEILING} objects a day; change the ceiling")]
    StandingCeiling,
    /// The release has more objects than the standing approval allows in a day.
    #[error(
        "the standing approval is for {ceiling} objects a day; have an officer approve the release"
    )]
    CeilingExceeded {
        /// Objects a day that it allows.
        ceiling: u64,
    },
    /// The standing approval is of another clause, or of another version of the agreement.
    #[error(
        "the standing approval is for the clause `{clause}` of one version of the agreement, not for this release; have an officer approve it"
    )]
    StandingElsewhere {
        /// The clause that it is for.
        clause: String,
    },
    /// The standing approval is not good at that moment, or its officer is certified no more.
    #[error(
        "the standing approval holds from {from} to {until} and while its officer is certified; have an officer sign a new one"
    )]
    StandingOver {
        /// From when on.
        from: Timestamp,
        /// Until when.
        until: Timestamp,
    },
    /// The approval was given outside the certificate's validity.
    #[error("the approval of {at} lies outside the officer's certificate; have it renewed")]
    Expired {
        /// When it was given.
        at: Timestamp,
    },
}

impl ApprovalError {
    /// The stable name of this error.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Certificate(_) => "officer-signature",
            Self::Approval(_) => "approval-signature",
            Self::Sign(error) => error.code(),
            Self::Malformed { .. } => "approval-malformed",
            Self::Office => "officer-office",
            Self::Validity => "officer-validity",
            Self::Officer { .. } => "approval-officer",
            Self::Release { .. } => "approval-release",
            Self::StandingWindow => "standing-window",
            Self::StandingCeiling => "standing-ceiling",
            Self::CeilingExceeded { .. } => "ceiling-exceeded",
            Self::StandingElsewhere { .. } => "standing-elsewhere",
            Self::StandingOver { .. } => "standing-over",
            Self::Expired { .. } => "approval-expired",
        }
    }
}

/// What the registrar says of an officer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OfficerCertificate {
    /// [`VERSION`].
    pub v: u32,
    /// The officer, by a random id.
    pub officer: OfficerId,
    /// The office held, as `release desk`; never a person's name.
    pub office: String,
    /// The officer's public key.
    pub public: HybridPublic,
    /// Valid from, inclusive.
    pub not_before: Timestamp,
    /// Valid until, exclusive.
    pub not_after: Timestamp,
}

impl OfficerCertificate {
    /// The certificate of `officer` for `office`.
    pub fn new(
        officer: &OfficerKey,
        office: &str,
        not_before: Timestamp,
        not_after: Timestamp,
    ) -> Self {
        Self {
            v: VERSION,
            officer: officer.officer(),
            office: office.to_owned(),
            public: officer.secret().public().clone(),
            not_before,
            not_after,
        }
    }

    /// Has the registrar sign it.
    pub fn sign(&self, registrar: &RegistrarKey) -> Result<Envelope, ApprovalError> {
        self.check()?;
        Ok(dsse::sign(dsse::OFFICER, payload(self), registrar.secret())?)
    }

    /// Checks a certificate against the registrar's key of the party's descriptor.
    pub fn verify(envelope: &Envelope, registrar: &HybridPublic) -> Result<Self, ApprovalError> {
        let payload =
            envelope.verify(dsse::OFFICER, registrar).map_err(ApprovalError::Certificate)?;
        let certificate: Self = parse(payload, "certificate")?;
        check_version(certificate.v, "certificate")?;
        certificate.check()?;
        Ok(certificate)
    }

    /// What an envelope says that was judged before, within the bounds of a certificate. No signature is looked at.
    pub fn unverified(envelope: &Envelope) -> Result<Self, ApprovalError> {
        parse(envelope.unverified_payload(), "certificate")
    }

    /// Whether it is valid at `at`.
    pub fn covers(&self, at: Timestamp) -> bool {
        self.not_before <= at && at < self.not_after
    }

    fn check(&self) -> Result<(), ApprovalError> {
        let length = self.office.chars().count();
        if !(1..=OFFICE_LIMIT).contains(&length) || self.office.chars().any(char::is_control) {
            return Err(ApprovalError::Office);
        }
        if self.not_before >= self.not_after {
            return Err(ApprovalError::Validity);
        }
        Ok(())
    }
}

/// The only decision that an approval holds: what is not approved is not signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Decision {
    /// Send it.
    Approve,
}

/// What an officer says of a release.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Approval {
    /// [`VERSION`].
    pub v: u32,
    /// SHA-256 of the exact bytes of `release.json`.
    pub release: Digest,
    /// The officer, by the id in the certificate.
    pub officer: OfficerId,
    /// The decision.
    pub decision: Decision,
    /// When it was given.
    pub at: Timestamp,
}

impl Approval {
    /// Approves the release whose `release.json` has this digest.
    pub fn sign(
        release: Digest,
        officer: &OfficerKey,
        at: Timestamp,
    ) -> Result<Envelope, ApprovalError> {
        let approval = Self {
            v: VERSION,
            release,
            officer: officer.officer(),
            decision: Decision::Approve,
            at,
        };
        Ok(dsse::sign(dsse::APPROVAL, payload(&approval), officer.secret())?)
    }

    /// Checks an approval of `release` against a certificate that [`OfficerCertificate::verify`] gave:
    /// signed by its key, of its officer, of this release, within its validity.
    pub fn verify(
        envelope: &Envelope,
        certificate: &OfficerCertificate,
        release: &Digest,
    ) -> Result<Self, ApprovalError> {
        let payload = envelope
            .verify(dsse::APPROVAL, &certificate.public)
            .map_err(ApprovalError::Approval)?;
        let approval: Self = parse(payload, "approval")?;
        check_version(approval.v, "approval")?;
        if approval.officer != certificate.officer {
            let (certified, found) = (certificate.officer, approval.officer);
            return Err(ApprovalError::Officer { certified, found });
        }
        if approval.release != *release {
            return Err(ApprovalError::Release { due: *release, found: approval.release });
        }
        if !certificate.covers(approval.at) {
            return Err(ApprovalError::Expired { at: approval.at });
        }
        Ok(approval)
    }
}

/// Checks the whole chain: the registrar certified the officer, and the officer approved `release`
/// while the certificate was valid. Whether the clause asks for more officers, the policy says.
pub fn verify(
    registrar: &HybridPublic,
    certificate: &Envelope,
    approval: &Envelope,
    release: &Digest,
) -> Result<(OfficerCertificate, Approval), ApprovalError> {
    let certificate = OfficerCertificate::verify(certificate, registrar)?;
    let approval = Approval::verify(approval, &certificate, release)?;
    Ok((certificate, approval))
}

fn payload<T: Serialize>(document: &T) -> Vec<u8> {
    // Numbers, ids and times always serialise.
    serde_json::to_vec(document).unwrap_or_default()
}

fn parse<'a, T: Deserialize<'a>>(
    payload: &'a [u8],
    what: &'static str,
) -> Result<T, ApprovalError> {
    json::object(payload, DOCUMENT_LIMIT).map_err(|why| ApprovalError::Malformed { what, why })
}

fn check_version(v: u32, what: &'static str) -> Result<(), ApprovalError> {
    if v == VERSION {
        return Ok(());
    }
    Err(ApprovalError::Malformed { what, why: format!("version {v}") })
}
