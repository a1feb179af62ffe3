//! Descriptors: signing one's own, and believing a partner's (docs/protocol.md section 1).
//!
//! A descriptor is a DSSE envelope of type [`dsse::DESCRIPTOR`] signed by the root whose public key it
//! carries. So the first one proves only that it is whole; that it speaks for the party it names is what
//! two people find out when they compare the fingerprint (see [`crate::words`]).

mod next;

use comity_model::descriptor::{self, Descriptor, KeyEntry, KeyUse};
use comity_model::{Digest, PartyRoot};

use crate::dsse::{self, Envelope, EnvelopeError, SignError, SignatureError};
use crate::hybrid::HybridPublic;
use crate::json;
use crate::keys::{RootKey, hybrid_of};

pub use next::{Change, key_id};

/// Bytes of the longest descriptor payload that is read.
pub const DESCRIPTOR_LIMIT: usize = 128 * 1024;
/// The most keys a descriptor may carry.
pub const KEYS_LIMIT: usize = 64;

/// Why a descriptor was not signed or not believed.
#[derive(Debug, thiserror::Error)]
pub enum DescriptorError {
    /// Not an envelope.
    #[error(transparent)]
    Envelope(#[from] EnvelopeError),
    /// The root did not sign it.
    #[error(transparent)]
    Signature(#[from] SignatureError),
    /// Signing failed.
    #[error(transparent)]
    Sign(#[from] SignError),
    /// The payload is not a descriptor of this version.
    #[error("not a descriptor ({0}); ask the party to export it again")]
    Malformed(String),
    /// It carries no root key or several, or a root key of another kind.
    #[error("the descriptor must carry exactly one root key; ask the party to export it again")]
    RootKey,
    /// The party it names is not the one whose root key it carries.
    #[error("the descriptor names the party `{named}` and carries the root `{carried}`; refuse it")]
    Root {
        /// The party it names.
        named: PartyRoot,
        /// The party whose key it carries.
        carried: PartyRoot,
    },
    /// It is not the party that the caller knows.
    #[error("the descriptor is of the party `{found}`, not of `{known}`; take the right file")]
    Party {
        /// The party that is known.
        known: PartyRoot,
        /// The party that it is of.
        found: PartyRoot,
    },
}

impl DescriptorError {
    /// The stable name of this error.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Envelope(error) => error.code(),
            Self::Signature(error) => error.code(),
            Self::Sign(error) => error.code(),
            Self::Malformed(_) => "descriptor-malformed",
            Self::RootKey => "descriptor-root-key",
            Self::Root { .. } => "descriptor-root",
            Self::Party { .. } => "descriptor-party",
        }
    }
}

/// A descriptor whose signatures hold, with the key they hold for.
#[derive(Debug, Clone)]
pub struct Verified {
    /// What it says.
    pub descriptor: Descriptor,
    /// The root key that signed it.
    pub root: HybridPublic,
    /// The digest of the signed payload.
    pub digest: Digest,
}

/// Signs `descriptor`, which must name the party that `root` is and carry its key.
pub fn sign(descriptor: &Descriptor, root: &RootKey) -> Result<Envelope, DescriptorError> {
    let (named, carried) = (descriptor.root, root.party());
    if named != carried || root_key(&descriptor.keys)?.fingerprint() != *carried.digest() {
        return Err(DescriptorError::Root { named, carried });
    }
    let payload = serde_json::to_vec(descriptor)
        .map_err(|_| DescriptorError::Malformed("it can't be written as JSON".to_owned()))?;
    Ok(dsse::sign(dsse::DESCRIPTOR, payload, root.signer())?)
}

/// Checks that `envelope` is a descriptor of this version, signed by the root key it carries, and that
/// this key is the party it names. Whether that party is the one it says to be, people decide.
pub fn verify(envelope: &Envelope) -> Result<Verified, DescriptorError> {
    let descriptor = parse(envelope.unverified_payload())?;
    let root = root_key(&descriptor.keys)?;
    let carried = PartyRoot::new(root.fingerprint());
    if descriptor.root != carried {
        return Err(DescriptorError::Root { named: descriptor.root, carried });
    }
    let payload = envelope.verify(dsse::DESCRIPTOR, &root)?;
    Ok(Verified { digest: Digest::of(payload), descriptor, root })
}

/// As [`verify`], for a later descriptor of a party that is already known.
pub fn verify_known(envelope: &Envelope, known: PartyRoot) -> Result<Verified, DescriptorError> {
    let verified = verify(envelope)?;
    let found = verified.descriptor.root;
    if found != known {
        return Err(DescriptorError::Party { known, found });
    }
    Ok(verified)
}

/// What an envelope says that was judged before: a descriptor of this version within its bounds. No signature is looked at.
pub fn unverified(envelope: &Envelope) -> Result<Descriptor, DescriptorError> {
    parse(envelope.unverified_payload())
}

fn parse(payload: &[u8]) -> Result<Descriptor, DescriptorError> {
    let descriptor: Descriptor =
        json::object(payload, DESCRIPTOR_LIMIT).map_err(DescriptorError::Malformed)?;
    if descriptor.v != descriptor::VERSION {
        return Err(DescriptorError::Malformed(format!("version {}", descriptor.v)));
    }
    if descriptor.keys.len() > KEYS_LIMIT {
        return Err(DescriptorError::Malformed(format!("more than {KEYS_LIMIT} keys")));
    }
    Ok(descriptor)
}

fn root_key(keys: &[KeyEntry]) -> Result<HybridPublic, DescriptorError> {
    let mut roots = keys.iter().filter(|key| key.purpose == KeyUse::Root);
    match (roots.next(), roots.next()) {
        (Some(root), None) => hybrid_of(root).map_err(|_| DescriptorError::RootKey),
        _ => Err(DescriptorError::RootKey),
    }
}
