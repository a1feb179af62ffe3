//! Signed statements: DSSE v1 envelopes whose signatures come from [`crate::hybrid`] keys.
//!
//! The bytes that are signed are the bytes that are kept and judged; there is no canonical form to get
//! wrong. An envelope of one signer carries exactly two signatures, Ed25519 and ML-DSA-65, both from
//! one certified key; an agreement carries two for each party (docs/protocol.md sections 1 to 3).

mod merge;
mod order;

use std::fmt;

use comity_model::Refusal;
use serde::{Deserialize, Deserializer, Serialize};

use crate::hybrid::{Algorithm, HybridPublic, HybridSigner, KeyError, ML_DSA_65_SIGNATURE_LEN};
use crate::json::{self, Object, Text};

/// Payload type of a statement.
pub const STATEMENT: &str = "application/vnd.comity.statement+json";
/// Payload type of a party's descriptor.
pub const DESCRIPTOR: &str = "application/vnd.comity.descriptor+json";
/// Payload type of an officer's approval of a release.
pub const APPROVAL: &str = "application/vnd.comity.approval+json";
/// Payload type of what an officer approves beforehand.
pub const STANDING_APPROVAL: &str = "application/vnd.comity.standing-approval+json";
/// Payload type of what an officer grants a unit.
pub const UNIT_GRANT: &str = "application/vnd.comity.unit-grant+json";
/// Payload type of an officer's certificate.
pub const OFFICER: &str = "application/vnd.comity.officer+json";
/// Payload type of a report for an inspectorate.
pub const AUDIT: &str = "application/vnd.comity.audit+json";
/// Payload type of an agreement's text.
pub const AGREEMENT: &str = "application/vnd.comity.agreement+toml";

/// Bytes of the longest envelope that is read: a payload of 1 MiB in base64, and its signatures.
pub const ENVELOPE_LIMIT: usize = 1536 * 1024;
/// Bytes of the longest payload.
pub const PAYLOAD_LIMIT: usize = 1024 * 1024;
/// The most signatures an envelope may carry.
pub const SIGNATURES_LIMIT: usize = 8;

const TYPE_LIMIT: usize = 128;
const KEY_ID_LIMIT: usize = 64;
/// The longer of the two kinds of signature.
const SIGNATURE_LIMIT: usize = ML_DSA_65_SIGNATURE_LEN;

/// Why text is no envelope.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EnvelopeError {
    /// Longer than [`ENVELOPE_LIMIT`], or a payload longer than [`PAYLOAD_LIMIT`].
    #[error("the envelope is longer than {ENVELOPE_LIMIT} bytes; send less in one statement")]
    TooLarge,
    /// Not the JSON of an envelope.
    #[error("not a signed envelope ({0}); ask the sender to sign it again")]
    Malformed(String),
    /// A part that should be base64 is not, or is not written in its one canonical way.
    #[error("the {0} of the envelope is not canonical base64; ask the sender to sign it again")]
    Base64(&'static str),
    /// Two envelopes that were to be brought together hold different documents.
    #[error("the two signed files hold different documents; have both signers sign the same one")]
    Differs,
    /// A payload type, a key id or the number of signatures outside its bounds.
    #[error("the {0} of the envelope is out of bounds; ask the sender to sign it again")]
    Bounds(&'static str),
}

impl EnvelopeError {
    /// The stable name of this error.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::TooLarge => "envelope-too-large",
            Self::Malformed(_) => "envelope-malformed",
            Self::Base64(_) => "envelope-base64",
            Self::Differs => "envelope-differs",
            Self::Bounds(_) => "envelope-bounds",
        }
    }
}

/// Why an envelope's signatures do not count.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    /// Signed as something else.
    #[error("signed as `{found}` where `{expected}` is due; take the file that was meant")]
    Type {
        /// What the caller asked for.
        expected: String,
        /// What the envelope says.
        found: String,
    },
    /// A signature by a key that has no business here.
    #[error("signed by the unknown key `{0}`; confirm the signer's descriptor first")]
    Unknown(String),
    /// One half of the key did not sign.
    #[error("the {0} signature is missing; both halves of the key must sign")]
    Missing(Algorithm),
    /// One half of the key signed twice.
    #[error("the {0} signature stands there twice; each half of the key signs once")]
    Repeated(Algorithm),
    /// A signature that does not verify.
    #[error("the {0} signature does not fit the content; ask the signer for the file again")]
    Bad(Algorithm),
}

impl SignatureError {
    /// The stable name of this error.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Type { .. } => "payload-type",
            Self::Unknown(_) => "signature-unknown",
            Self::Missing(_) => "signature-missing",
            Self::Repeated(_) => "signature-repeated",
            Self::Bad(_) => "signature-bad",
        }
    }

    /// The code under which a partner hears of it.
    pub const fn refusal(&self) -> Refusal {
        match self {
            Self::Missing(_) => Refusal::SignatureMissing,
            Self::Type { .. } => Refusal::Malformed,
            Self::Unknown(_) | Self::Repeated(_) | Self::Bad(_) => Refusal::SignatureBad,
        }
    }
}

/// One signature and the id of the key that is said to have made it. The id only chooses which key to
/// try; it is not signed and decides nothing.
#[derive(Clone, PartialEq, Eq)]
pub struct Signature {
    key_id: String,
    bytes: Vec<u8>,
}

impl Signature {
    /// The key id, at most 64 visible ASCII characters.
    pub fn key_id(&self) -> &str {
        &self.key_id
    }

    /// The raw signature.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

impl fmt::Debug for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Signature({})", self.key_id)
    }
}

/// A DSSE v1 envelope. That one exists says nothing about its signatures: [`Envelope::verify`] does.
#[derive(Clone, PartialEq, Eq)]
pub struct Envelope {
    payload_type: String,
    payload: Vec<u8>,
    signatures: Vec<Signature>,
}

impl Envelope {
    /// An envelope that nobody has signed yet.
    pub fn unsigned(payload_type: &str, payload: Vec<u8>) -> Result<Self, EnvelopeError> {
        if !is_word(payload_type, TYPE_LIMIT) {
            return Err(EnvelopeError::Bounds("payload type"));
        }
        if payload.len() > PAYLOAD_LIMIT {
            return Err(EnvelopeError::TooLarge);
        }
        Ok(Self { payload_type: payload_type.to_owned(), payload, signatures: Vec::new() })
    }

    /// An envelope of a payload and of signatures that were kept beside it, each with its key id, in their order. The bounds
    /// are those of [`Envelope::parse`].
    pub fn assemble(
        payload_type: &str,
        payload: Vec<u8>,
        signatures: impl IntoIterator<Item = (String, Vec<u8>)>,
    ) -> Result<Self, EnvelopeError> {
        let mut envelope = Self::unsigned(payload_type, payload)?;
        for (key_id, bytes) in signatures {
            if envelope.signatures.len() == SIGNATURES_LIMIT || bytes.len() > SIGNATURE_LIMIT {
                return Err(EnvelopeError::Bounds("signatures"));
            }
            if !is_word(&key_id, KEY_ID_LIMIT) {
                return Err(EnvelopeError::Bounds("key id"));
            }
            envelope.signatures.push(Signature { key_id, bytes });
        }
        Ok(envelope)
    }

    /// Reads the JSON form. Bounded by [`ENVELOPE_LIMIT`]; unknown and repeated keys, a second
    /// writing of the same base64 and anything after the object are refused. Both base64 alphabets
    /// are taken, as DSSE v1 demands.
    pub fn parse(bytes: &[u8]) -> Result<Self, EnvelopeError> {
        if bytes.len() > ENVELOPE_LIMIT {
            return Err(EnvelopeError::TooLarge);
        }
        let wire: Wire<'_> =
            json::object(bytes, ENVELOPE_LIMIT).map_err(EnvelopeError::Malformed)?;
        let payload = json::from_either_base64(&wire.payload, PAYLOAD_LIMIT)
            .ok_or(EnvelopeError::Base64("payload"))?;
        let mut envelope = Self::unsigned(&wire.payload_type, payload)?;
        for Object(wire) in wire.signatures.0 {
            if !is_word(&wire.keyid, KEY_ID_LIMIT) {
                return Err(EnvelopeError::Bounds("key id"));
            }
            let bytes = json::from_either_base64(&wire.sig, SIGNATURE_LIMIT)
                .ok_or(EnvelopeError::Base64("signature"))?;
            envelope.signatures.push(Signature { key_id: wire.keyid.into_owned(), bytes });
        }
        Ok(envelope)
    }

    /// The JSON form, on one line, in standard base64.
    pub fn to_json(&self) -> Vec<u8> {
        let signatures = self.signatures.iter().map(|signature| {
            Object(WireSignature {
                keyid: signature.key_id.as_str().into(),
                sig: json::to_base64(&signature.bytes).into(),
            })
        });
        let wire = Wire {
            payload_type: self.payload_type.as_str().into(),
            payload: json::to_base64(&self.payload).into(),
            signatures: Few(signatures.collect()),
        };
        // Three texts and a list of texts always serialise.
        serde_json::to_vec(&wire).unwrap_or_default()
    }

    /// What the payload is.
    pub fn payload_type(&self) -> &str {
        &self.payload_type
    }

    /// The payload before anybody looked at a signature, to find out whose keys to ask for. Nothing
    /// in it may be believed: what counts is what [`Envelope::verify`] returns.
    pub fn unverified_payload(&self) -> &[u8] {
        &self.payload
    }

    /// The signatures in the order in which they were attached.
    pub fn signatures(&self) -> &[Signature] {
        &self.signatures
    }

    /// Attaches the two signatures of `signer` behind those that are there.
    pub fn add_signatures(&mut self, signer: &dyn HybridSigner) -> Result<(), KeyError> {
        let signature = signer.sign(&self.pae())?;
        self.signatures.extend(Algorithm::BOTH.map(|algorithm| Signature {
            key_id: signer.public().key_id(algorithm),
            bytes: signature.half(algorithm).to_vec(),
        }));
        Ok(())
    }

    /// Checks an envelope of one signer: of the type that is due, with exactly two signatures, one of
    /// each half of `key`, both good. Returns the payload.
    pub fn verify(&self, payload_type: &str, key: &HybridPublic) -> Result<&[u8], SignatureError> {
        self.verify_all(payload_type, &[key])
    }

    /// Checks an envelope of several signers: exactly two good signatures of each of `keys` and no
    /// others. Returns the payload.
    pub fn verify_all(
        &self,
        payload_type: &str,
        keys: &[&HybridPublic],
    ) -> Result<&[u8], SignatureError> {
        self.check_type(payload_type)?;
        let known: Vec<String> = keys
            .iter()
            .flat_map(|key| Algorithm::BOTH.map(|algorithm| key.key_id(algorithm)))
            .collect();
        if let Some(stranger) = self.signatures.iter().find(|it| !known.contains(&it.key_id)) {
            return Err(SignatureError::Unknown(stranger.key_id.clone()));
        }
        for key in keys {
            self.verify_party(payload_type, key)?;
        }
        Ok(&self.payload)
    }

    /// Checks the two signatures of one party and leaves those of others aside. Returns the payload.
    pub fn verify_party(
        &self,
        payload_type: &str,
        key: &HybridPublic,
    ) -> Result<&[u8], SignatureError> {
        self.check_type(payload_type)?;
        let found = [self.only(key, Algorithm::Ed25519)?, self.only(key, Algorithm::MlDsa65)?];
        let message = self.pae();
        for (algorithm, signature) in Algorithm::BOTH.into_iter().zip(found) {
            key.verify_half(algorithm, &message, &signature.bytes).map_err(SignatureError::Bad)?;
        }
        Ok(&self.payload)
    }

    fn check_type(&self, expected: &str) -> Result<(), SignatureError> {
        if self.payload_type == expected {
            return Ok(());
        }
        let (expected, found) = (expected.to_owned(), self.payload_type.clone());
        Err(SignatureError::Type { expected, found })
    }

    fn only(&self, key: &HybridPublic, algorithm: Algorithm) -> Result<&Signature, SignatureError> {
        let id = key.key_id(algorithm);
        let mut found = self.signatures.iter().filter(|signature| signature.key_id == id);
        match (found.next(), found.next()) {
            (None, _) => Err(SignatureError::Missing(algorithm)),
            (Some(_), Some(_)) => Err(SignatureError::Repeated(algorithm)),
            (Some(signature), None) => Ok(signature),
        }
    }

    fn pae(&self) -> Vec<u8> {
        pae(&self.payload_type, &self.payload)
    }
}

impl fmt::Debug for Envelope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Envelope")
            .field("payload_type", &self.payload_type)
            .field("payload_len", &self.payload.len())
            .field("signatures", &self.signatures)
            .finish()
    }
}

/// Signs `payload` with both halves of `signer`. An error is the caller's (bounds) or the library's.
pub fn sign(
    payload_type: &str,
    payload: Vec<u8>,
    signer: &dyn HybridSigner,
) -> Result<Envelope, SignError> {
    let mut envelope = Envelope::unsigned(payload_type, payload)?;
    envelope.add_signatures(signer)?;
    Ok(envelope)
}

/// Why something was not signed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SignError {
    /// What was to be signed is out of bounds.
    #[error(transparent)]
    Envelope(#[from] EnvelopeError),
    /// The key could not sign.
    #[error(transparent)]
    Key(#[from] KeyError),
}

impl SignError {
    /// The stable name of this error.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Envelope(error) => error.code(),
            Self::Key(error) => error.code(),
        }
    }
}

/// The bytes that are signed: DSSE v1's pre-authentication encoding.
pub fn pae(payload_type: &str, payload: &[u8]) -> Vec<u8> {
    let head = format!("DSSEv1 {} {payload_type} {} ", payload_type.len(), payload.len());
    [head.as_bytes(), payload].concat()
}

fn is_word(text: &str, limit: usize) -> bool {
    (1..=limit).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic())
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wire<'a> {
    #[serde(borrow, rename = "payloadType")]
    payload_type: Text<'a>,
    #[serde(borrow)]
    payload: Text<'a>,
    #[serde(borrow)]
    signatures: Few<Object<WireSignature<'a>>>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WireSignature<'a> {
    #[serde(borrow)]
    keyid: Text<'a>,
    #[serde(borrow)]
    sig: Text<'a>,
}

/// At most [`SIGNATURES_LIMIT`] elements; more are refused before they are kept.
#[derive(Serialize)]
#[serde(transparent)]
struct Few<T>(Vec<T>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Few<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Counted<T>(std::marker::PhantomData<T>);
        impl<'de, T: Deserialize<'de>> serde::de::Visitor<'de> for Counted<T> {
            type Value = Few<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a short list")
            }

            fn visit_seq<A: serde::de::SeqAccess<'de>>(
                self,
                mut items: A,
            ) -> Result<Self::Value, A::Error> {
                let mut few = Vec::new();
                while let Some(item) = items.next_element()? {
                    if few.len() == SIGNATURES_LIMIT {
                        return Err(serde::de::Error::custom("too many signatures"));
                    }
                    few.push(item);
                }
                Ok(Few(few))
            }
        }
        deserializer.deserialize_seq(Counted(std::marker::PhantomData))
    }
}
