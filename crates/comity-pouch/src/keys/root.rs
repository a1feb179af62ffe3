//! The root, whose halves may lie apart (docs/protocol.md sections 1.2 and 1.6).

use std::path::{Path, PathBuf};

use comity_model::{Entropy, PartyRoot};

use super::KeysError;
use crate::hybrid::{
    Ed25519Signer, HybridPublic, HybridSecret, HybridSigner, KeyError, SplitSecret, SplitSigner,
};

/// Bytes of the longest path of a module.
const MODULE_LIMIT: usize = 4096;
/// Bytes of the longest label of a token (PKCS #11 v3.0 section 3.2, `CK_TOKEN_INFO`).
const LABEL_LIMIT: usize = 32;
/// Bytes of the longest id of a key.
const ID_LIMIT: usize = 64;

/// The root: signs descriptors and agreements. Its public key is the party.
#[derive(Debug)]
pub struct RootKey(Halves);

#[derive(Debug)]
enum Halves {
    Here(HybridSecret),
    Apart(TokenPlace, SplitSigner),
}

impl RootKey {
    /// A fresh root with both halves here.
    pub fn generate(entropy: &dyn Entropy) -> Result<Self, KeyError> {
        HybridSecret::generate(entropy).map(Self::new)
    }

    /// Takes a key for this use.
    pub const fn new(secret: HybridSecret) -> Self {
        Self(Halves::Here(secret))
    }

    /// What signs with it.
    pub fn signer(&self) -> &dyn HybridSigner {
        match &self.0 {
            Halves::Here(secret) => secret,
            Halves::Apart(_, signer) => signer,
        }
    }

    /// The public key.
    pub fn public(&self) -> &HybridPublic {
        self.signer().public()
    }

    /// The party that this root is.
    pub fn party(&self) -> PartyRoot {
        PartyRoot::new(self.public().fingerprint())
    }

    /// Where the Ed25519 half lies, if a token keeps it.
    pub const fn place(&self) -> Option<&TokenPlace> {
        match &self.0 {
            Halves::Here(_) => None,
            Halves::Apart(place, _) => Some(place),
        }
    }

    /// What the key file is made of.
    pub(crate) const fn kept(&self) -> Result<&HybridSecret, (&TokenPlace, &SplitSecret)> {
        match &self.0 {
            Halves::Here(secret) => Ok(secret),
            Halves::Apart(place, signer) => Err((place, signer.secret())),
        }
    }
}

/// Where the Ed25519 half of a root lies. One that exists is within bounds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenPlace {
    module: PathBuf,
    label: String,
    id: Vec<u8>,
}

impl TokenPlace {
    /// A key in a token: the absolute path of the PKCS #11 module, the label of the token in 1 to 32 bytes, and the
    /// key's id (`CKA_ID`) of 1 to 64 bytes. Anything else is [`KeysError::TokenPlace`].
    pub fn new(module: &Path, label: &str, id: &[u8]) -> Result<Self, KeysError> {
        let named = module.is_absolute() && module.as_os_str().len() <= MODULE_LIMIT;
        let named = named && module.to_str().is_some();
        let bounds = (1..=LABEL_LIMIT).contains(&label.len()) && (1..=ID_LIMIT).contains(&id.len());
        if !named || !bounds || label.chars().any(char::is_control) {
            return Err(KeysError::TokenPlace);
        }
        Ok(Self { module: module.to_owned(), label: label.to_owned(), id: id.to_vec() })
    }

    /// The path of the module.
    pub fn module(&self) -> &Path {
        &self.module
    }

    /// The label of the token.
    pub fn label(&self) -> &str {
        &self.label
    }

    /// The id of the key in the token.
    pub fn id(&self) -> &[u8] {
        &self.id
    }
}

/// What a key file knows of a root whose Ed25519 half is in a token. It signs nothing before the token is there.
#[derive(Debug)]
pub struct TokenRoot {
    place: TokenPlace,
    secret: SplitSecret,
}

impl TokenRoot {
    /// Takes the half that is here, and the place of the other.
    pub const fn new(place: TokenPlace, secret: SplitSecret) -> Self {
        Self { place, secret }
    }

    /// Where the other half lies.
    pub const fn place(&self) -> &TokenPlace {
        &self.place
    }

    /// The half that is here.
    pub const fn secret(&self) -> &SplitSecret {
        &self.secret
    }

    /// The root, with whoever signs the Ed25519 half.
    pub fn with(self, ed25519: Box<dyn Ed25519Signer>) -> RootKey {
        RootKey(Halves::Apart(self.place, self.secret.with(ed25519)))
    }
}

/// What the key file of a root holds.
#[derive(Debug)]
pub enum RootFile {
    /// Both halves.
    Here(RootKey),
    /// One half, and where the other lies.
    InToken(TokenRoot),
}
