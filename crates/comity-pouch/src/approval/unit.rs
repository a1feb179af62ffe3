//! What a unit of a party may have: a standing decision that an officer signs (docs/protocol.md section 7). It crosses
//! nowhere.

use comity_model::{OfficerId, UseCode};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{ApprovalError, OfficerCertificate, VERSION, check_version, parse, payload};
use crate::dsse::{self, Envelope};
use crate::keys::OfficerKey;

/// What an officer grants a unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UnitGrant {
    /// [`VERSION`](super::VERSION).
    pub v: u32,
    /// The unit, by its name at the party.
    pub unit: String,
    /// For what it uses what it is given.
    #[serde(rename = "use")]
    pub use_code: UseCode,
    /// The officer, by the id in the certificate.
    pub officer: OfficerId,
    /// When it was signed.
    pub at: Timestamp,
}

impl UnitGrant {
    /// Has the officer sign it.
    pub fn sign(
        unit: &str,
        use_code: UseCode,
        officer: &OfficerKey,
        at: Timestamp,
    ) -> Result<Envelope, ApprovalError> {
        let officer_id = officer.officer();
        let grant = Self { v: VERSION, unit: unit.to_owned(), use_code, officer: officer_id, at };
        Ok(dsse::sign(dsse::UNIT_GRANT, payload(&grant), officer.secret())?)
    }

    /// Checks one against a certificate that [`OfficerCertificate::verify`] gave: signed by its key, of its officer, while the
    /// certificate was valid. It stays good until another takes its place.
    pub fn verify(
        envelope: &Envelope,
        certificate: &OfficerCertificate,
    ) -> Result<Self, ApprovalError> {
        let payload = envelope
            .verify(dsse::UNIT_GRANT, &certificate.public)
            .map_err(ApprovalError::Approval)?;
        let grant: Self = parse(payload, "unit's grant")?;
        check_version(grant.v, "unit's grant")?;
        if grant.officer != certificate.officer {
            let (certified, found) = (certificate.officer, grant.officer);
            return Err(ApprovalError::Officer { certified, found });
        }
        if !certificate.covers(grant.at) {
            return Err(ApprovalError::Expired { at: grant.at });
        }
        Ok(grant)
    }
}
