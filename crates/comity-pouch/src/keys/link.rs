//! The key by which nodes know each other on the link: ECDSA P-256 with a self-signed certificate.

use std::fmt;
use std::time::Duration;

use aws_lc_rs::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair};
use comity_model::{Digest, Entropy};
use jiff::Timestamp;
use rcgen::{CertificateParams, DistinguishedName, DnType, KeyPair, PKCS_ECDSA_P256_SHA256};
use rcgen::{PublicKeyData, date_time_ymd};
use zeroize::Zeroizing;

use super::KeysError;
use crate::hybrid::KeyError;

const ALGORITHM: &str = "ecdsa-p256";

/// A PKCS#8 `PrivateKeyInfo` (RFC 5208) of an `ECPrivateKey` (RFC 5915) on P-256 without its optional
/// public key, up to the 32 bytes of the scalar.
const PKCS8_HEAD: [u8; 35] = [
    0x30, 0x41, 0x02, 0x01, 0x00, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01,
    0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x04, 0x27, 0x30, 0x25, 0x02, 0x01,
    0x01, 0x04, 0x20,
];

/// Draws of a scalar before giving up: one lies outside P-256's range less than once in 2^32.
const DRAWS: usize = 8;

/// The link's secret key and its certificate. Nothing in the certificate is believed but its public
/// key, which the partner's descriptor pins (docs/protocol.md section 1).
pub struct LinkKey {
    pkcs8: Zeroizing<Vec<u8>>,
    certificate: Vec<u8>,
    spki_sha256: Digest,
}

impl LinkKey {
    /// A fresh key with a certificate valid from `not_before` until `not_after`.
    pub fn generate(
        entropy: &dyn Entropy,
        not_before: Timestamp,
        not_after: Timestamp,
    ) -> Result<Self, KeysError> {
        if not_before >= not_after {
            return Err(KeysError::Validity);
        }
        let pkcs8 = fresh_pkcs8(entropy)?;
        let key = key_pair(&pkcs8)?;
        let mut params = CertificateParams::default();
        let epoch = date_time_ymd(1970, 1, 1);
        params.not_before = epoch + since_epoch(not_before)?;
        params.not_after = epoch + since_epoch(not_after)?;
        params.distinguished_name = DistinguishedName::new();
        params.distinguished_name.push(DnType::CommonName, "comity link");
        let certificate = params.self_signed(&key).map_err(|_| KeysError::Certificate)?;
        Self::new(pkcs8, certificate.der().to_vec())
    }

    /// Takes a PKCS#8 key and a DER certificate, which must carry that key.
    pub fn new(pkcs8: Zeroizing<Vec<u8>>, certificate: Vec<u8>) -> Result<Self, KeysError> {
        let spki = key_pair(&pkcs8)?.subject_public_key_info();
        if !certificate.windows(spki.len()).any(|window| window == spki) {
            return Err(KeysError::Certificate);
        }
        Ok(Self { pkcs8, certificate, spki_sha256: Digest::of(&spki) })
    }

    /// The secret key, PKCS#8 DER, for the TLS stack and the key file.
    pub const fn pkcs8(&self) -> &Zeroizing<Vec<u8>> {
        &self.pkcs8
    }

    /// The certificate, DER.
    pub fn certificate(&self) -> &[u8] {
        &self.certificate
    }

    /// SHA-256 of the certificate's public key info (RFC 5280 section 4.1.2.7): what partners pin.
    pub const fn spki_sha256(&self) -> &Digest {
        &self.spki_sha256
    }
}

impl fmt::Debug for LinkKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "LinkKey({})", self.spki_sha256)
    }
}

/// A P-256 key whose scalar comes from `entropy`, as PKCS#8 with its public key.
fn fresh_pkcs8(entropy: &dyn Entropy) -> Result<Zeroizing<Vec<u8>>, KeysError> {
    for _ in 0..DRAWS {
        let mut scalar = Zeroizing::new([0; 32]);
        entropy.fill(scalar.as_mut());
        let bare = Zeroizing::new([PKCS8_HEAD.as_slice(), scalar.as_ref()].concat());
        if let Ok(key) = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &bare) {
            let whole = key.to_pkcs8v1().map_err(|_| KeyError::Refused(ALGORITHM))?;
            return Ok(Zeroizing::new(whole.as_ref().to_vec()));
        }
    }
    Err(KeyError::Refused(ALGORITHM).into())
}

fn key_pair(pkcs8: &[u8]) -> Result<KeyPair, KeysError> {
    KeyPair::from_pkcs8_der_and_sign_algo(&pkcs8.into(), &PKCS_ECDSA_P256_SHA256)
        .map_err(|_| KeyError::Refused(ALGORITHM).into())
}

/// Whole seconds since 1970; nothing before it, nor after the four digits that X.509 has for a year.
fn since_epoch(at: Timestamp) -> Result<Duration, KeysError> {
    const LAST: u64 = 253_402_300_799;
    let seconds = u64::try_from(at.as_second()).ok().filter(|seconds| *seconds <= LAST);
    seconds.map(Duration::from_secs).ok_or(KeysError::Validity)
}
