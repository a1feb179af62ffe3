//! The keys of a party, each for one use (docs/protocol.md section 1).
//!
//! The root and the registrar are never loaded by a running node. What it does load is [`ServeKeys`].
//! Every secret here is wiped when dropped and never printed.

mod earlier;
mod link;
mod record;
mod root;
mod secret;

use std::fmt;

use aws_lc_rs::hmac;
use comity_model::descriptor::{KeyAlg, KeyEntry, KeyUse};
use comity_model::entropy::fresh_uuid;
use comity_model::{AgreementId, Entropy, OfficerId};
use jiff::Timestamp;
use zeroize::Zeroizing;

pub use earlier::{Earlier, Kept};
pub use link::LinkKey;
pub use record::{RecordKeys, RecordPublic};
pub use root::{RootFile, RootKey, TokenPlace, TokenRoot};
pub use secret::SecretError;

use crate::hybrid::{HybridPublic, HybridSecret, KeyError};
use crate::json;
use crate::seal::{SealIdentity, SealKeyError};

/// Why keys could not be made or read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeysError {
    /// A signing key.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// A sealing key.
    #[error(transparent)]
    Seal(#[from] SealKeyError),
    /// The certificate of the link is not one of its key, or could not be made.
    #[error("the link's certificate does not fit its key; make the link key again")]
    Certificate,
    /// A time that a certificate or a descriptor can't hold, or an end before the beginning.
    #[error("the keys' validity is no period; give a beginning and a later end")]
    Validity,
    /// The root's or the registrar's, where one that the node serves with was meant.
    #[error(
        "the root and the registrar are not among the keys that a node serves with; name another use"
    )]
    NotServed,
    /// The root's Ed25519 half is in a token, and a root whose halves are both in the file was asked for.
    #[error("one half of this root is in a token; give the token with its PIN")]
    InToken,
    /// Where a token's key lies is out of bounds.
    #[error(
        "a token is named by the absolute path of its module, a label of 1 to 32 bytes and a key id of 1 to 64; name it \
         again"
    )]
    TokenPlace,
}

impl KeysError {
    /// The stable name of this error.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Key(error) => error.code(),
            Self::Seal(error) => error.code(),
            Self::Certificate => "link-certificate",
            Self::Validity => "key-validity",
            Self::NotServed => "key-not-served",
            Self::InToken => "root-in-token",
            Self::TokenPlace => "token-place",
        }
    }
}

/// The registrar: certifies officers.
#[derive(Debug)]
pub struct RegistrarKey(HybridSecret);

impl RegistrarKey {
    /// A fresh registrar.
    pub fn generate(entropy: &dyn Entropy) -> Result<Self, KeyError> {
        HybridSecret::generate(entropy).map(Self)
    }

    /// Takes a key for this use.
    pub const fn new(secret: HybridSecret) -> Self {
        Self(secret)
    }

    /// The key.
    pub const fn secret(&self) -> &HybridSecret {
        &self.0
    }
}

/// An officer's key: approves releases. It knows the officer by a random id and by nothing else.
#[derive(Debug)]
pub struct OfficerKey {
    officer: OfficerId,
    secret: HybridSecret,
}

impl OfficerKey {
    /// A fresh officer with a fresh id.
    pub fn generate(entropy: &dyn Entropy) -> Result<Self, KeyError> {
        let officer = OfficerId::new(fresh_uuid(entropy));
        Ok(Self { officer, secret: HybridSecret::generate(entropy)? })
    }

    /// Takes a key for this use.
    pub const fn new(officer: OfficerId, secret: HybridSecret) -> Self {
        Self { officer, secret }
    }

    /// The officer's id.
    pub const fn officer(&self) -> OfficerId {
        self.officer
    }

    /// The key.
    pub const fn secret(&self) -> &HybridSecret {
        &self.secret
    }
}

/// Everything that a running node signs, opens and proves itself with.
pub struct ServeKeys {
    /// Signs statements.
    pub statement: HybridSecret,
    /// Signs checkpoints of the party's own logs.
    pub log: RecordKeys,
    /// Cosigns checkpoints of partners' logs.
    pub witness: RecordKeys,
    /// Opens pouches.
    pub seal: SealIdentity,
    /// Identifies the node on the link.
    pub link: LinkKey,
    /// Keys that these took the place of, and that still have something to do.
    pub earlier: Earlier,
    master: Zeroizing<[u8; 32]>,
}

impl ServeKeys {
    /// Fresh keys. The link's certificate is valid from `not_before` until `not_after`.
    pub fn generate(
        entropy: &dyn Entropy,
        not_before: Timestamp,
        not_after: Timestamp,
    ) -> Result<Self, KeysError> {
        let statement = HybridSecret::generate(entropy)?;
        let (log, witness) = (RecordKeys::generate(entropy)?, RecordKeys::generate(entropy)?);
        let seal = SealIdentity::generate(entropy)?;
        let link = LinkKey::generate(entropy, not_before, not_after)?;
        let mut master = Zeroizing::new([0; 32]);
        entropy.fill(master.as_mut());
        Ok(Self { statement, log, witness, seal, link, earlier: Earlier::none(), master })
    }

    /// Takes keys for these uses. `master` is what [`ServeKeys::agreement_secret`] derives from.
    pub const fn new(
        statement: HybridSecret,
        log: RecordKeys,
        witness: RecordKeys,
        seal: SealIdentity,
        link: LinkKey,
        master: Zeroizing<[u8; 32]>,
    ) -> Self {
        Self { statement, log, witness, seal, link, earlier: Earlier::none(), master }
    }

    /// The secret under which derivatives get their ids in `agreement`: the same through all its
    /// versions (docs/protocol.md section 6). HMAC-SHA-256 over the agreement's id under a master
    /// that rotations must carry along.
    pub fn agreement_secret(&self, agreement: &AgreementId) -> Zeroizing<[u8; 32]> {
        let key = hmac::Key::new(hmac::HMAC_SHA256, self.master.as_ref());
        let tag = hmac::sign(&key, format!("comity/derivative/v1\n{agreement}").as_bytes());
        let mut secret = Zeroizing::new([0; 32]);
        for (to, from) in secret.iter_mut().zip(tag.as_ref()) {
            *to = *from;
        }
        secret
    }

    /// The master, for the key file and for nothing else.
    pub(crate) const fn master(&self) -> &Zeroizing<[u8; 32]> {
        &self.master
    }
}

impl fmt::Debug for ServeKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ServeKeys")
            .field("statement", &self.statement)
            .field("log", &self.log)
            .field("witness", &self.witness)
            .field("seal", &self.seal)
            .field("link", &self.link)
            .finish_non_exhaustive()
    }
}

/// The key entries of a descriptor, in the order of the uses, all valid from `not_before` (inclusive)
/// until `not_after` (exclusive). Public keys stand in padded base64.
pub fn public_keys(
    root: &RootKey,
    registrar: &RegistrarKey,
    serve: &ServeKeys,
    not_before: Timestamp,
    not_after: Timestamp,
) -> Vec<KeyEntry> {
    let hybrid = |purpose, key: &HybridPublic| {
        entry(purpose, KeyAlg::Hybrid, &key.to_bytes(), not_before, not_after)
    };
    let mut keys = vec![
        hybrid(KeyUse::Root, root.public()),
        hybrid(KeyUse::Registrar, registrar.secret().public()),
    ];
    keys.extend(entries_of(serve, not_before, not_after));
    keys
}

/// One entry of a descriptor.
fn entry(
    purpose: KeyUse,
    alg: KeyAlg,
    public: &[u8],
    not_before: Timestamp,
    not_after: Timestamp,
) -> KeyEntry {
    KeyEntry { purpose, alg, public: json::to_base64(public), not_before, not_after }
}

/// The entries of the keys that a node serves with, the current ones, in the order of the uses.
fn entries_of(serve: &ServeKeys, not_before: Timestamp, not_after: Timestamp) -> Vec<KeyEntry> {
    let record = |purpose, keys: &RecordKeys| {
        let RecordPublic { ed25519, ml_dsa_44 } = keys.public().clone();
        [(purpose, KeyAlg::Ed25519, ed25519.to_vec()), (purpose, KeyAlg::MlDsa44, ml_dsa_44)]
    };
    let mut keys = vec![(KeyUse::Statement, KeyAlg::Hybrid, serve.statement.public().to_bytes())];
    keys.extend(record(KeyUse::Log, &serve.log));
    keys.extend(record(KeyUse::Witness, &serve.witness));
    let recipient = serve.seal.recipient().to_bytes();
    keys.push((KeyUse::Seal, KeyAlg::MlKem768X25519, recipient));
    let link = serve.link.spki_sha256().as_bytes().to_vec();
    keys.push((KeyUse::Link, KeyAlg::SpkiSha256, link));
    keys.into_iter()
        .map(|(purpose, alg, public)| entry(purpose, alg, &public, not_before, not_after))
        .collect()
}

/// The hybrid key of a descriptor's entry.
pub fn hybrid_of(entry: &KeyEntry) -> Result<HybridPublic, KeyError> {
    if entry.alg != KeyAlg::Hybrid {
        return Err(KeyError::Refused("signing"));
    }
    HybridPublic::from_text(&entry.public)
}
