//! The root's Ed25519 half in a PKCS #11 token (docs/protocol.md section 1.6).
//!
//! The key is made in the token and never leaves it. The PIN comes from a file, a systemd credential or the terminal, and
//! goes to the token's module and nowhere else.

use std::path::{Path, PathBuf};

use comity_model::Entropy;
use comity_pouch::hybrid::{Ed25519Signer, SplitSecret};
use comity_pouch::keys::{KeysError, RootFile, RootKey, TokenPlace, TokenRoot};
use secrecy::SecretString;

use crate::ctx::Ctx;
use crate::error::CliError;
use crate::unlock;

#[cfg(not(feature = "pkcs11"))]
#[path = "token/without.rs"]
mod module;
#[cfg(feature = "pkcs11")]
mod module;

/// Bytes of the id of a key made here.
const ID_LEN: usize = 16;

/// Where the PIN of a root in a token is.
#[derive(Debug, Default, clap::Args)]
pub(crate) struct Pin {
    /// The file with the PIN of the token that keeps the root, mode 0600 (else a systemd credential, else it is asked for)
    #[arg(long, value_name = "FILE")]
    pub(crate) pin_file: Option<PathBuf>,
}

/// Why a token could not be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TokenError {
    /// This program cannot load modules.
    #[cfg_attr(
        feature = "pkcs11",
        expect(dead_code, reason = "said by builds without the feature")
    )]
    #[error(
        "this program was built without PKCS #11; take one that was built with the feature `pkcs11`"
    )]
    NotBuilt,
    /// The module is no PKCS #11 module, or its own setting is wrong.
    #[error(
        "the PKCS #11 module `{}` cannot be loaded: {why}; give the path of the vendor's library", .module.display()
    )]
    Module {
        /// Its path.
        module: PathBuf,
        /// What the system or the module said.
        why: String,
    },
    /// No token of this label.
    #[error(
        "no token is called `{0}`; plug it in, or give its label as the module's own tool lists it"
    )]
    NoToken(String),
    /// Several tokens of this label.
    #[error("several tokens are called `{0}`; leave in only the one that is meant")]
    Ambiguous(String),
    /// The PIN is wrong.
    #[error(
        "the PIN does not open the token `{0}`; the token counts wrong tries and locks itself after a few, so make sure \
         before the next one"
    )]
    WrongPin(String),
    /// The PIN was wrong too often.
    #[error(
        "the token `{0}` is locked after too many wrong PINs; unlock it with its security officer's PIN"
    )]
    Locked(String),
    /// The token holds no key of this id.
    #[error(
        "the token `{0}` does not hold this root's key; take the token with which the node was made"
    )]
    NoKey(String),
    /// The token cannot make or use Ed25519 keys.
    #[error(
        "the token `{0}` does not offer Ed25519; take another model, or keep the root in a file"
    )]
    Mechanism(String),
    /// Anything else that a module says.
    #[error("the token `{label}` failed: {why}; look whether it is in its place and try again")]
    Failed {
        /// Its label.
        label: String,
        /// The module's own name for it.
        why: String,
    },
}

impl TokenError {
    /// The stable name of this error.
    pub(crate) const fn code(&self) -> &'static str {
        match self {
            Self::NotBuilt => "token-not-built",
            Self::Module { .. } => "token-module",
            Self::NoToken(_) => "token-missing",
            Self::Ambiguous(_) => "token-ambiguous",
            Self::WrongPin(_) => "token-wrong-pin",
            Self::Locked(_) => "token-locked",
            Self::NoKey(_) => "token-no-key",
            Self::Mechanism(_) => "token-no-ed25519",
            Self::Failed { .. } => "token-failed",
        }
    }

    /// The same in Spanish.
    pub(crate) fn spanish(&self) -> String {
        match self {
            Self::NotBuilt => {
                "este programa se compiló sin PKCS #11; use uno compilado con la característica `pkcs11`".to_owned()
            }
            Self::Module { module, why } => format!(
                "no se puede cargar el módulo PKCS #11 `{}`; indique la ruta de la biblioteca del fabricante; detalle: {why}",
                module.display()
            ),
            Self::NoToken(label) => format!(
                "ningún dispositivo criptográfico se llama `{label}`; conéctelo, o indique su etiqueta tal como la muestra la \
                 herramienta del módulo"
            ),
            Self::Ambiguous(label) => format!(
                "varios dispositivos criptográficos se llaman `{label}`; deje conectado solo el que corresponde"
            ),
            Self::WrongPin(label) => format!(
                "el NIP no abre el dispositivo `{label}`; el dispositivo cuenta los intentos fallidos y se bloquea tras unos \
                 pocos: cerciórese antes del siguiente"
            ),
            Self::Locked(label) => format!(
                "el dispositivo `{label}` está bloqueado por demasiados NIP incorrectos; desbloquéelo con el NIP de su oficial \
                 de seguridad"
            ),
            Self::NoKey(label) => format!(
                "el dispositivo `{label}` no contiene la clave de esta raíz; use aquel con el que se creó el nodo"
            ),
            Self::Mechanism(label) => format!(
                "el dispositivo `{label}` no ofrece Ed25519; use otro modelo o conserve la raíz en un archivo"
            ),
            Self::Failed { label, why } => format!(
                "falló el dispositivo `{label}`; compruebe que esté conectado e inténtelo de nuevo; detalle: {why}"
            ),
        }
    }
}

/// A key pair in a token, which somebody is logged in to.
pub(crate) struct TokenKey {
    /// Signs with it.
    signer: Box<dyn Ed25519Signer>,
    /// Its public key.
    public: [u8; 32],
}

/// A root that was made in a token for a node that is not there yet.
pub(crate) struct Fresh {
    /// The root.
    pub(crate) root: RootKey,
    place: TokenPlace,
    pin: SecretString,
}

impl Fresh {
    /// Makes the key pair in the token called `label`, under the name `comity root HANDLE`, and the other half here.
    pub(crate) fn generate(
        module: &Path,
        label: &str,
        pin: SecretString,
        handle: &comity_model::Handle,
        entropy: &dyn Entropy,
    ) -> Result<Self, CliError> {
        let absolute = std::path::absolute(module)
            .map_err(|error| CliError::Read { path: module.to_owned(), error })?;
        let mut id = [0; ID_LEN];
        entropy.fill(&mut id);
        let place = TokenPlace::new(&absolute, label, &id)?;
        let key = module::generate(&place, &pin, &format!("comity root {handle}"))?;
        let secret = SplitSecret::generate(&key.public, entropy).map_err(KeysError::from);
        let root = match secret {
            Ok(secret) => TokenRoot::new(place.clone(), secret).with(key.signer),
            Err(error) => {
                module::destroy(&place, &pin)?;
                return Err(error.into());
            }
        };
        Ok(Self { root, place, pin })
    }

    /// Takes the key pair out of the token again: the node was not made.
    pub(crate) fn discard(self) -> Result<(), CliError> {
        drop(self.root);
        Ok(module::destroy(&self.place, &self.pin)?)
    }
}

/// The root of a key file that was opened, with its token where it has one.
pub(crate) fn root(ctx: &Ctx, file: RootFile, pin: &Pin) -> Result<RootKey, CliError> {
    let root = match file {
        RootFile::Here(root) => return Ok(root),
        RootFile::InToken(root) => root,
    };
    let pin = unlock::pin(ctx, pin.pin_file.as_deref(), root.place().label())?;
    let key = module::open(root.place(), &pin, root.secret().public().ed25519())?;
    Ok(root.with(key.signer))
}
