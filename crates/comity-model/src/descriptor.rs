//! A party's descriptor: its name, keys, addresses and limits, signed by its root
//! (docs/protocol.md section 1).

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::statement::Kind;
use crate::{Handle, PartyRoot};

/// The version of the descriptor's form.
pub const VERSION: u32 = 1;

/// Who a party is and how to reach it.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Descriptor {
    /// [`VERSION`].
    pub v: u32,
    /// The nickname it proposes; the reader may choose another.
    pub handle: Handle,
    /// Its full name.
    pub name: String,
    /// Its STIX `identity` object, as exact bytes.
    pub identity: Box<RawValue>,
    /// Counts from 1; a later one replaces an earlier one.
    pub serial: u64,
    /// When it was made, by the party's clock; later than the one before.
    pub issued_at: Timestamp,
    /// The party: the digest over the root keys below.
    pub root: PartyRoot,
    /// Its keys, the root's own among them.
    pub keys: Vec<KeyEntry>,
    /// Addresses of its link listener, as `host:port`, first choice first.
    pub urls: Vec<String>,
    /// Versions of the protocol that it speaks.
    pub protocol: ProtocolRange,
    /// The statement kinds that it understands, as words: a later version may know more.
    pub kinds: Vec<String>,
    /// What it takes at the most.
    pub limits: PartyLimits,
    /// Whether it is a training node.
    pub test: bool,
}

impl Descriptor {
    /// Whether the party understands statements of `kind`.
    pub fn understands(&self, kind: Kind) -> bool {
        self.kinds.iter().any(|word| word == kind.as_str())
    }

    /// The keys for `purpose` that are valid at `at`, in the descriptor's order.
    pub fn keys_for(&self, purpose: KeyUse, at: Timestamp) -> impl Iterator<Item = &KeyEntry> {
        self.keys.iter().filter(move |key| key.purpose == purpose && key.is_valid(at))
    }

    /// The keys for `purpose` that are valid at `at`, the one that became valid last first.
    pub fn newest_for(&self, purpose: KeyUse, at: Timestamp) -> Vec<&KeyEntry> {
        let mut keys: Vec<&KeyEntry> = self.keys_for(purpose, at).collect();
        keys.sort_by_key(|key| std::cmp::Reverse(key.not_before));
        keys
    }
}

/// A public key, for one use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyEntry {
    /// What it may be used for.
    #[serde(rename = "use")]
    pub purpose: KeyUse,
    /// Its algorithm.
    pub alg: KeyAlg,
    /// The public key, standard base64; for the link the SHA-256 of the `SubjectPublicKeyInfo`.
    pub public: String,
    /// Valid from, inclusive.
    pub not_before: Timestamp,
    /// Valid until, exclusive.
    pub not_after: Timestamp,
}

impl KeyEntry {
    /// Whether the key is valid at `at`.
    pub fn is_valid(&self, at: Timestamp) -> bool {
        self.not_before <= at && at < self.not_after
    }
}

/// What a key is for. No key has two uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum KeyUse {
    /// Signs descriptors and agreements; the running node never loads it.
    Root,
    /// Certifies officers; the running node never loads it.
    Registrar,
    /// Signs statements.
    Statement,
    /// Signs checkpoints of the party's own logs.
    Log,
    /// Cosigns checkpoints of partners' logs.
    Witness,
    /// Opens pouches.
    Seal,
    /// Identifies the node on the link.
    Link,
}

impl KeyUse {
    /// Every use, in the order of a descriptor.
    pub const ALL: [Self; 7] = [
        Self::Root,
        Self::Registrar,
        Self::Statement,
        Self::Log,
        Self::Witness,
        Self::Seal,
        Self::Link,
    ];

    /// The word as it is written.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Root => "root",
            Self::Registrar => "registrar",
            Self::Statement => "statement",
            Self::Log => "log",
            Self::Witness => "witness",
            Self::Seal => "seal",
            Self::Link => "link",
        }
    }
}

/// The algorithm of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum KeyAlg {
    /// Ed25519 and ML-DSA-65 as one key: 32 bytes and 1952 bytes, one after the other.
    #[serde(rename = "ed25519+ml-dsa-65")]
    Hybrid,
    /// Ed25519 (RFC 8032): 32 bytes.
    #[serde(rename = "ed25519")]
    Ed25519,
    /// ML-DSA-44 (FIPS 204): 1312 bytes.
    #[serde(rename = "ml-dsa-44")]
    MlDsa44,
    /// The age recipient `mlkem768x25519`: 1216 bytes.
    #[serde(rename = "mlkem768x25519")]
    MlKem768X25519,
    /// SHA-256 of the `SubjectPublicKeyInfo` of an ECDSA P-256 certificate: 32 bytes.
    #[serde(rename = "spki-sha256")]
    SpkiSha256,
}

/// Versions of the protocol, inclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProtocolRange {
    /// The lowest.
    pub min: u32,
    /// The highest.
    pub max: u32,
}

impl ProtocolRange {
    /// The highest version that both speak.
    pub fn common(self, other: Self) -> Option<u32> {
        let highest = self.max.min(other.max);
        (highest >= self.min.max(other.min)).then_some(highest)
    }
}

/// What a party takes at the most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PartyLimits {
    /// Bytes of a pouch.
    pub pouch: u64,
    /// Objects in a release.
    pub objects: u64,
    /// Bytes of an object.
    pub object: u64,
    /// Bytes of an artifact.
    pub artifact: u64,
}

impl Default for PartyLimits {
    /// The limits of docs/protocol.md section 5.
    fn default() -> Self {
        Self { pouch: 8 << 30, objects: 100_000, object: 1 << 20, artifact: 4 << 30 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_parties_speak_the_highest_version_they_share() {
        let range = |min, max| ProtocolRange { min, max };
        assert_eq!(range(1, 3).common(range(2, 5)), Some(3));
        assert_eq!(range(1, 1).common(range(2, 5)), None);
    }
}
