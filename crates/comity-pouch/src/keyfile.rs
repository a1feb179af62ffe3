//! Secrets at rest (docs/protocol.md section 1).
//!
//! A key file is an age v1 file under a passphrase (its scrypt recipient), which a stock `age -d` opens;
//! inside is a small JSON that lists the keys by use and algorithm. The keys that a running node needs
//! lie in one file, so that starting costs one passphrase derivation; the root, the registrar and every
//! officer have a file of their own, which the running node never opens. A training node may keep its
//! files open, and then the JSON itself says so.

mod disk;
mod wire;

use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use secrecy::SecretString;
use zeroize::Zeroizing;

pub use wire::KeyMaterial;

use crate::keys::KeysError;

/// File name of [`crate::keys::RootKey`].
pub const ROOT_FILE: &str = "root.key";
/// File name of [`crate::keys::RegistrarKey`].
pub const REGISTRAR_FILE: &str = "registrar.key";
/// File name of [`crate::keys::ServeKeys`].
pub const SERVE_FILE: &str = "serve.keys";
/// Name of the folder with a file for each [`crate::keys::OfficerKey`].
pub const OFFICERS_FOLDER: &str = "officers";

/// The work of deriving a key from a passphrase: 2^17 rounds of scrypt with 128 MiB of memory, between
/// half a second and one.
pub const DEFAULT_WORK_FACTOR: u8 = 17;
/// The most work that a file may ask for: 2^20 rounds with 1 GiB.
pub const MAX_WORK_FACTOR: u8 = 20;

/// Bytes of the longest key file that is read.
const FILE_LIMIT: u64 = 64 * 1024;
const AGE_MAGIC: &[u8] = b"age-encryption.org/";

/// How a key file is to be kept.
#[derive(Debug, Clone, Copy)]
pub enum Lock<'a> {
    /// Under a passphrase.
    Passphrase {
        /// The passphrase.
        passphrase: &'a SecretString,
        /// The base-2 logarithm of scrypt's rounds, 1 to [`MAX_WORK_FACTOR`].
        work_factor: u8,
    },
    /// Open, for training nodes only.
    Unprotected,
}

/// How a key file is expected to be kept.
#[derive(Debug, Clone, Copy)]
pub enum Unlock<'a> {
    /// Under this passphrase. An open file is refused.
    Passphrase(&'a SecretString),
    /// Open, for training nodes only. A file under a passphrase is refused.
    Unprotected,
}

/// Why a key file was not written or not read.
#[derive(Debug, thiserror::Error)]
pub enum KeyFileError {
    /// There is a file of this name, and keys are never overwritten.
    #[error("`{0}` exists and keys are never overwritten; move it away first")]
    Exists(PathBuf),
    /// There is no such file.
    #[error("there is no `{0}`; run `comity init`, or name the right data folder")]
    NotFound(PathBuf),
    /// The passphrase does not open the file.
    #[error("the passphrase does not open `{0}`; type it again")]
    WrongPassphrase(PathBuf),
    /// The file is under a passphrase and none was given.
    #[error("`{0}` is under a passphrase; give it")]
    PassphraseNeeded(PathBuf),
    /// The file is open, which only a training node's may be.
    #[error("`{0}` has no passphrase, which only training nodes may do; make the keys again")]
    Unprotected(PathBuf),
    /// The file is open and others on the machine can read it.
    #[error("`{0}` can be read by others; make the keys again, they may be known")]
    Exposed(PathBuf),
    /// What is in the file is no key.
    #[error("`{path}` is damaged ({why}); restore it from the backup")]
    Malformed {
        /// The file.
        path: PathBuf,
        /// What is wrong, without repeating what is there.
        why: String,
    },
    /// The file holds keys of another use.
    #[error("`{path}` holds the {found} key, not the {expected} key; name the right file")]
    Use {
        /// The file.
        path: PathBuf,
        /// What was asked for.
        expected: &'static str,
        /// What is there.
        found: &'static str,
    },
    /// The work factor is out of bounds, in the argument or in the file.
    #[error("the work of a passphrase is 1 to {MAX_WORK_FACTOR}; choose {DEFAULT_WORK_FACTOR}")]
    WorkFactor,
    /// The keys in the file can't be used.
    #[error(transparent)]
    Keys(#[from] KeysError),
    /// The disk failed.
    #[error("`{path}`: {error}; check the disk and the folder's permissions")]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        error: io::Error,
    },
}

impl KeyFileError {
    /// The stable name of this error.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Exists(_) => "key-file-exists",
            Self::NotFound(_) => "key-file-missing",
            Self::WrongPassphrase(_) => "wrong-passphrase",
            Self::PassphraseNeeded(_) => "passphrase-needed",
            Self::Unprotected(_) => "key-file-unprotected",
            Self::Exposed(_) => "key-file-exposed",
            Self::Malformed { .. } => "key-file-malformed",
            Self::Use { .. } => "key-file-use",
            Self::WorkFactor => "work-factor",
            Self::Keys(error) => error.code(),
            Self::Io { .. } => "key-file-io",
        }
    }
}

/// Writes `keys` to `path` so that after a crash there is the whole file or none: a temporary file of
/// mode 0600, synced, linked to its name, and the folder synced. Refuses a name that is taken.
pub fn write<K: KeyMaterial>(
    path: &Path,
    keys: &K,
    created: Timestamp,
    lock: Lock<'_>,
) -> Result<(), KeyFileError> {
    disk::store(path, &encoded(path, keys, created, lock)?)
}

/// Writes `keys` in the place of the file at `path`, so that after a crash there is the old file or the new
/// one, and nothing of a third. Whoever changes a key file must be the only one who does.
pub fn replace<K: KeyMaterial>(
    path: &Path,
    keys: &K,
    created: Timestamp,
    lock: Lock<'_>,
) -> Result<(), KeyFileError> {
    disk::swap(path, &encoded(path, keys, created, lock)?)
}

/// Puts the file at `path`, which `old` opens, under the passphrase `new` with the work `work_factor`. What is in
/// it stays as it is. After a crash either the old passphrase opens it or the new one, never both.
pub fn change_passphrase(
    path: &Path,
    old: &SecretString,
    new: &SecretString,
    work_factor: u8,
) -> Result<(), KeyFileError> {
    let (bytes, _) = disk::load(path)?;
    if !bytes.starts_with(AGE_MAGIC) {
        return Err(KeyFileError::Unprotected(path.to_owned()));
    }
    let plain = open(path, &bytes, old)?;
    disk::swap(path, &seal(path, &plain, new, work_factor)?)
}

/// Whether the file at `path` is under a passphrase.
pub fn is_sealed(path: &Path) -> Result<bool, KeyFileError> {
    disk::load(path).map(|(bytes, _)| bytes.starts_with(AGE_MAGIC))
}

fn encoded<K: KeyMaterial>(
    path: &Path,
    keys: &K,
    created: Timestamp,
    lock: Lock<'_>,
) -> Result<Zeroizing<Vec<u8>>, KeyFileError> {
    let plain = wire::encode(keys, created, matches!(lock, Lock::Unprotected));
    match lock {
        Lock::Unprotected => Ok(plain),
        Lock::Passphrase { passphrase, work_factor } => seal(path, &plain, passphrase, work_factor),
    }
}

/// Reads the keys at `path`.
pub fn read<K: KeyMaterial>(path: &Path, unlock: Unlock<'_>) -> Result<K, KeyFileError> {
    let (bytes, mode) = disk::load(path)?;
    let sealed = bytes.starts_with(AGE_MAGIC);
    match unlock {
        Unlock::Passphrase(passphrase) if sealed => {
            let plain = open(path, &bytes, passphrase)?;
            wire::decode(path, &plain, false)
        }
        Unlock::Passphrase(_) => Err(KeyFileError::Unprotected(path.to_owned())),
        Unlock::Unprotected if sealed => Err(KeyFileError::PassphraseNeeded(path.to_owned())),
        Unlock::Unprotected if mode & 0o077 != 0 => Err(KeyFileError::Exposed(path.to_owned())),
        Unlock::Unprotected => wire::decode(path, &bytes, true),
    }
}

fn seal(
    path: &Path,
    plain: &[u8],
    passphrase: &SecretString,
    work_factor: u8,
) -> Result<Zeroizing<Vec<u8>>, KeyFileError> {
    if !(1..=MAX_WORK_FACTOR).contains(&work_factor) {
        return Err(KeyFileError::WorkFactor);
    }
    let mut recipient = age::scrypt::Recipient::new(passphrase.clone());
    recipient.set_work_factor(work_factor);
    let failed = |error| KeyFileError::Io { path: path.to_owned(), error };
    let recipients = std::iter::once(&recipient as &dyn age::Recipient);
    let encryptor = age::Encryptor::with_recipients(recipients)
        .map_err(|_| failed(io::Error::other("the passphrase could not be applied")))?;
    let mut bytes = Zeroizing::new(Vec::with_capacity(plain.len() + 1024));
    let mut stream = encryptor.wrap_output(&mut *bytes).map_err(failed)?;
    stream.write_all(plain).map_err(failed)?;
    stream.finish().map_err(failed)?;
    Ok(bytes)
}

fn open(
    path: &Path,
    bytes: &[u8],
    passphrase: &SecretString,
) -> Result<Zeroizing<Vec<u8>>, KeyFileError> {
    let damaged =
        |why: &str| KeyFileError::Malformed { path: path.to_owned(), why: why.to_owned() };
    let decryptor = age::Decryptor::new(bytes).map_err(|_| damaged("its header can't be read"))?;
    if !decryptor.is_scrypt() {
        return Err(damaged("it is not under a passphrase"));
    }
    let mut identity = age::scrypt::Identity::new(passphrase.clone());
    identity.set_max_work_factor(MAX_WORK_FACTOR);
    let stream = decryptor.decrypt(std::iter::once(&identity as &dyn age::Identity));
    let stream = stream.map_err(|error| match error {
        age::DecryptError::ExcessiveWork { .. } => KeyFileError::WorkFactor,
        age::DecryptError::DecryptionFailed
        | age::DecryptError::KeyDecryptionFailed
        | age::DecryptError::NoMatchingKeys => KeyFileError::WrongPassphrase(path.to_owned()),
        _ => damaged("its header does not authenticate"),
    })?;
    let mut plain = Zeroizing::new(Vec::with_capacity(bytes.len()));
    stream
        .take(FILE_LIMIT)
        .read_to_end(&mut plain)
        .map_err(|_| damaged("its content does not authenticate"))?;
    Ok(plain)
}
