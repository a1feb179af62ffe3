//! Signed documents: no signature holds for other bytes, and what is behind a good one is read in one way.

use std::fmt::Debug;

use comity_model::Digest;
use comity_pouch::approval::{Approval, OfficerCertificate, StandingApproval, UnitGrant};
use comity_pouch::descriptor::{self, Change, key_id};
use comity_pouch::dsse::{self, Envelope};
use comity_pouch::{HybridSigner, SignatureError};
use serde::Serialize;

use super::made::{CERTIFICATE, OFFICER, REGISTRAR, ROOT, SIGNED, SIGNER, at, release};

/// An envelope that is read reads the same from its printed form; what verifies is what was signed, as what it was signed.
pub(crate) fn envelope(data: &[u8]) -> bool {
    let Ok(envelope) = Envelope::parse(data) else { return false };
    let printed = envelope.to_json();
    let again = Envelope::parse(&printed).expect("what is printed can be read");
    assert!(again == envelope && again.to_json() == printed);
    let apart = envelope.signatures().iter().map(|it| (it.key_id().to_owned(), it.bytes().into()));
    let payload = envelope.unverified_payload().to_vec();
    let again = Envelope::assemble(envelope.payload_type(), payload, apart);
    assert_eq!(again.as_ref(), Ok(&envelope));
    let key = SIGNER.public();
    let verified = envelope.verify(dsse::STATEMENT, key);
    if let Ok(payload) = verified {
        assert!(SIGNED.contains(&payload) && envelope.signatures().len() == 2);
        let other = envelope.verify(dsse::AGREEMENT, key);
        assert!(matches!(other, Err(SignatureError::Type { .. })));
        assert!(envelope.verify(dsse::STATEMENT, ROOT.public()).is_err());
    }
    verified.is_ok()
}

/// A payload under the signature that is due, or an envelope as it came where the input is one.
fn under(payload_type: &str, data: &[u8], signer: &dyn HybridSigner) -> Option<Envelope> {
    Envelope::parse(data)
        .ok()
        .filter(|it| it.payload_type() == payload_type)
        .or_else(|| dsse::sign(payload_type, data.to_vec(), signer).ok())
}

/// A descriptor, signed or to be signed: what is believed is what its root signed, is written in a form that is believed
/// again and says the same, and has a next one.
pub(crate) fn descriptor(data: &[u8]) -> bool {
    let Some(envelope) = under(dsse::DESCRIPTOR, data, ROOT.signer()) else { return false };
    let Ok(verified) = descriptor::verify(&envelope) else { return false };
    assert_eq!(verified.digest, Digest::of(envelope.unverified_payload()));
    assert!(verified.descriptor.root == ROOT.party() && verified.root == *ROOT.public());
    assert!(descriptor::verify_known(&envelope, ROOT.party()).is_ok());
    let again = descriptor::sign(&verified.descriptor, &ROOT).expect("its root signs it");
    let again = descriptor::verify(&again).expect("what is signed is believed").descriptor;
    assert_eq!(printed(&again), printed(&verified.descriptor));
    assert!(again.keys.iter().all(|key| !key_id(key).is_empty()));
    if again.serial < u64::MAX {
        let [now, until] = ["2026-06-01T00:00:00Z", "2030-01-01T00:00:00Z"].map(at);
        let next = Change::default().after(&again, now, until, until);
        assert!(next.serial == again.serial + 1 && next.keys.len() <= again.keys.len());
    }
    true
}

/// An officer's certificate, an approval, a standing approval or a unit's grant, signed or to be signed: each is believed
/// as one of them only, and is written in a form that is believed again and says the same.
pub(crate) fn officer(data: &[u8]) -> bool {
    let (officer, registrar) = (OFFICER.secret(), REGISTRAR.secret());
    let certificate = believed(data, dsse::OFFICER, registrar, |it| {
        OfficerCertificate::verify(it, registrar.public()).ok()
    });
    let approval = believed(data, dsse::APPROVAL, officer, |it| {
        let found = Approval::verify(it, &CERTIFICATE, &release()).ok()?;
        assert!(found.release == release() && CERTIFICATE.covers(found.at));
        Some(found)
    });
    let standing = believed(data, dsse::STANDING_APPROVAL, officer, |it| {
        let found = StandingApproval::verify(it, &CERTIFICATE).ok()?;
        assert!(found.officer == CERTIFICATE.officer && found.sign(&OFFICER).is_ok());
        Some(found)
    });
    let grant =
        believed(data, dsse::UNIT_GRANT, officer, |it| UnitGrant::verify(it, &CERTIFICATE).ok());
    let taken = [certificate, approval, standing, grant].into_iter().filter(|it| *it).count();
    assert!(taken <= 1, "one document is believed as two kinds");
    taken == 1
}

fn believed<T: Serialize + PartialEq + Debug>(
    data: &[u8],
    payload_type: &str,
    signer: &dyn HybridSigner,
    verify: impl Fn(&Envelope) -> Option<T>,
) -> bool {
    let Some(found) = under(payload_type, data, signer).as_ref().and_then(&verify) else {
        return false;
    };
    let again = dsse::sign(payload_type, printed(&found), signer).expect("it can be signed");
    assert_eq!(verify(&again), Some(found));
    true
}

fn printed(document: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(document).expect("it can be written")
}
