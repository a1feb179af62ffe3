//! The JSON inside a key file: which keys, by use and algorithm, each secret in base64.

use std::fmt;
use std::path::Path;

use comity_model::OfficerId;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use super::KeyFileError;
use crate::hybrid::{ED25519_PUBLIC_LEN, HybridSecret, SEED_LEN, SplitSecret};
use crate::json;
use crate::keys::{
    Earlier, Kept, KeysError, LinkKey, OfficerKey, RecordKeys, RegistrarKey, RootFile, RootKey,
    ServeKeys, TokenPlace, TokenRoot,
};
use crate::seal::SealIdentity;

const VERSION: u32 = 1;
/// Bytes of the longest secret or certificate in a file.
const SECRET_LIMIT: usize = 4096;

const HYBRID: &str = "ed25519+ml-dsa-65";
const ED25519: &str = "ed25519";
const ML_DSA_65: &str = "ml-dsa-65";
const ML_DSA_44: &str = "ml-dsa-44";
const SEAL: &str = "mlkem768x25519";
const LINK_KEY: &str = "ecdsa-p256-pkcs8";
const LINK_CERTIFICATE: &str = "x509-certificate";
const MASTER: &str = "hmac-sha256";

/// Keys that have a file of their own. Implemented for [`RootKey`], [`RootFile`], [`RegistrarKey`], [`ServeKeys`]
/// and [`OfficerKey`], and for nothing else.
pub trait KeyMaterial: Material {}

impl KeyMaterial for RootKey {}
impl KeyMaterial for RootFile {}
impl KeyMaterial for RegistrarKey {}
impl KeyMaterial for ServeKeys {}
impl KeyMaterial for OfficerKey {}

mod sealed {
    use super::{Holds, Secrets};

    pub trait Material: Sized {
        const HOLDS: Holds;
        fn secrets(&self) -> Secrets;
        fn from_secrets(secrets: &Secrets) -> Option<Result<Self, super::KeysError>>;
    }
}

use sealed::Material;

/// What a file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Holds {
    Root,
    Registrar,
    Serve,
    Officer,
}

impl Holds {
    const fn word(self) -> &'static str {
        match self {
            Self::Root => "root",
            Self::Registrar => "registrar",
            Self::Serve => "serve",
            Self::Officer => "officer",
        }
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wire {
    v: u32,
    holds: Holds,
    created: Timestamp,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    unprotected: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    officer: Option<OfficerId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    token: Option<Token>,
    keys: Vec<Secret>,
}

/// Where the Ed25519 half of a root lies, and the public key that it signs under.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Token {
    module: String,
    label: String,
    id: String,
    public: String,
}

/// One secret. Wiped when dropped.
#[derive(Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
#[serde(deny_unknown_fields)]
struct Secret {
    #[serde(rename = "use")]
    purpose: String,
    alg: String,
    #[serde(rename = "secret")]
    value: String,
    /// When it is destroyed: a key that another took the place of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[zeroize(skip)]
    until: Option<Timestamp>,
}

/// What goes into a file and comes out of it.
pub struct Secrets {
    officer: Option<OfficerId>,
    token: Option<Token>,
    keys: Vec<Secret>,
}

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secrets")
    }
}

impl Secrets {
    fn new(keys: &[(&str, &str, &[u8])]) -> Self {
        let keys = keys.iter().map(|(purpose, alg, secret)| Secret {
            purpose: (*purpose).to_owned(),
            alg: (*alg).to_owned(),
            value: json::to_base64(secret),
            until: None,
        });
        Self { officer: None, token: None, keys: keys.collect() }
    }

    /// Adds secrets of a key that another took the place of. Those of one key stand beside each other.
    fn keep(&mut self, purpose: &str, until: Timestamp, secrets: &[(&str, &[u8])]) {
        self.keys.extend(secrets.iter().map(|(alg, secret)| Secret {
            purpose: purpose.to_owned(),
            alg: (*alg).to_owned(),
            value: json::to_base64(secret),
            until: Some(until),
        }));
    }

    /// The keys for `purpose` that others took the place of, in their order; `make` reads one from the secrets that stand
    /// beside each other, as many as there are algorithms.
    fn kept<K>(
        &self,
        purpose: &str,
        algs: &[&str],
        make: impl Fn(&Self) -> Option<Result<K, KeysError>>,
    ) -> Option<Result<Vec<Kept<K>>, KeysError>> {
        let found: Vec<&Secret> =
            self.keys.iter().filter(|key| key.purpose == purpose && key.until.is_some()).collect();
        let mut kept = Vec::new();
        for group in found.chunks(algs.len()) {
            let until = group.first()?.until?;
            let same = group.len() == algs.len()
                && group
                    .iter()
                    .zip(algs)
                    .all(|(it, alg)| it.alg == **alg && it.until == Some(until));
            if !same {
                return None;
            }
            let alone = group.iter().map(|it| Secret {
                purpose: it.purpose.clone(),
                alg: it.alg.clone(),
                value: it.value.clone(),
                until: None,
            });
            match make(&Self { officer: None, token: None, keys: alone.collect() })? {
                Ok(key) => kept.push(Kept { key, until }),
                Err(error) => return Some(Err(error)),
            }
        }
        Some(Ok(kept))
    }

    /// The one secret for this use and algorithm.
    fn one(&self, purpose: &str, alg: &str) -> Option<Zeroizing<Vec<u8>>> {
        let current =
            |key: &&Secret| key.purpose == purpose && key.alg == alg && key.until.is_none();
        let mut found = self.keys.iter().filter(current);
        let (secret, None) = (found.next()?, found.next()) else { return None };
        json::from_base64(&secret.value, SECRET_LIMIT).map(Zeroizing::new)
    }

    fn array<const N: usize>(&self, purpose: &str, alg: &str) -> Option<Zeroizing<[u8; N]>> {
        let bytes = self.one(purpose, alg)?;
        bytes.as_slice().try_into().ok().map(Zeroizing::new)
    }

    fn hybrid(&self, purpose: &str) -> Option<Result<HybridSecret, KeysError>> {
        let seed = self.array::<SEED_LEN>(purpose, HYBRID)?;
        Some(HybridSecret::from_seed(&seed).map_err(KeysError::Key))
    }

    fn record(&self, purpose: &str) -> Option<Result<RecordKeys, KeysError>> {
        let (first, second) = (self.array(purpose, ED25519)?, self.array(purpose, ML_DSA_44)?);
        Some(RecordKeys::from_seeds(&first, &second).map_err(KeysError::Key))
    }
}

/// The file's plain content.
pub(super) fn encode<K: KeyMaterial>(
    keys: &K,
    created: Timestamp,
    unprotected: bool,
) -> Zeroizing<Vec<u8>> {
    let Secrets { officer, token, keys } = keys.secrets();
    let wire = Wire { v: VERSION, holds: K::HOLDS, created, unprotected, officer, token, keys };
    // Large enough to never grow: growing would leave copies of secrets behind.
    let mut bytes = Zeroizing::new(Vec::with_capacity(64 * 1024));
    // Texts and a time always serialise into memory.
    let _ = serde_json::to_writer_pretty(&mut *bytes, &wire);
    bytes.push(b'\n');
    bytes
}

/// Reads [`encode`], from a file that is open or not as `unprotected` says.
pub(super) fn decode<K: KeyMaterial>(
    path: &Path,
    bytes: &[u8],
    unprotected: bool,
) -> Result<K, KeyFileError> {
    let malformed = |why: String| KeyFileError::Malformed { path: path.to_owned(), why };
    let wire: Wire = json::object(bytes, bytes.len()).map_err(malformed)?;
    if wire.v != VERSION {
        return Err(malformed(format!("version {}", wire.v)));
    }
    if wire.unprotected != unprotected {
        return Err(malformed("its mark of protection does not fit".to_owned()));
    }
    if wire.holds != K::HOLDS {
        let (expected, found) = (K::HOLDS.word(), wire.holds.word());
        return Err(KeyFileError::Use { path: path.to_owned(), expected, found });
    }
    let secrets = Secrets { officer: wire.officer, token: wire.token, keys: wire.keys };
    let keys = K::from_secrets(&secrets);
    Ok(keys.ok_or_else(|| malformed("a key is missing or has a wrong length".to_owned()))??)
}

impl Material for RootKey {
    const HOLDS: Holds = Holds::Root;

    fn secrets(&self) -> Secrets {
        match self.kept() {
            Ok(secret) => Secrets::new(&[("root", HYBRID, secret.seed().as_slice())]),
            Err((place, secret)) => apart(place, secret),
        }
    }

    fn from_secrets(secrets: &Secrets) -> Option<Result<Self, KeysError>> {
        match RootFile::from_secrets(secrets)? {
            Ok(RootFile::Here(root)) => Some(Ok(root)),
            Ok(RootFile::InToken(_)) => Some(Err(KeysError::InToken)),
            Err(error) => Some(Err(error)),
        }
    }
}

/// The half of a root that is here, and the place of the other.
fn apart(place: &TokenPlace, secret: &SplitSecret) -> Secrets {
    let secrets = Secrets::new(&[("root", ML_DSA_65, secret.seed().as_slice())]);
    let token = Token {
        // a place that exists has a path of text
        module: place.module().to_string_lossy().into_owned(),
        label: place.label().to_owned(),
        id: json::to_base64(place.id()),
        public: json::to_base64(secret.public().ed25519()),
    };
    Secrets { token: Some(token), ..secrets }
}

impl Material for RootFile {
    const HOLDS: Holds = Holds::Root;

    fn secrets(&self) -> Secrets {
        match self {
            Self::Here(root) => root.secrets(),
            Self::InToken(root) => apart(root.place(), root.secret()),
        }
    }

    fn from_secrets(secrets: &Secrets) -> Option<Result<Self, KeysError>> {
        let Some(token) = &secrets.token else {
            return secrets.hybrid("root").map(|key| key.map(|key| Self::Here(RootKey::new(key))));
        };
        let seed = secrets.array("root", ML_DSA_65)?;
        let id = json::from_base64(&token.id, SECRET_LIMIT)?;
        let public = json::from_base64(&token.public, ED25519_PUBLIC_LEN)?;
        Some((|| {
            let place = TokenPlace::new(Path::new(&token.module), &token.label, &id)?;
            Ok(Self::InToken(TokenRoot::new(place, SplitSecret::from_seed(&public, &seed)?)))
        })())
    }
}

impl Material for RegistrarKey {
    const HOLDS: Holds = Holds::Registrar;

    fn secrets(&self) -> Secrets {
        Secrets::new(&[("registrar", HYBRID, self.secret().seed().as_slice())])
    }

    fn from_secrets(secrets: &Secrets) -> Option<Result<Self, KeysError>> {
        secrets.hybrid("registrar").map(|key| key.map(Self::new))
    }
}

impl Material for OfficerKey {
    const HOLDS: Holds = Holds::Officer;

    fn secrets(&self) -> Secrets {
        let secrets = Secrets::new(&[("officer", HYBRID, self.secret().seed().as_slice())]);
        Secrets { officer: Some(self.officer()), ..secrets }
    }

    fn from_secrets(secrets: &Secrets) -> Option<Result<Self, KeysError>> {
        let officer = secrets.officer?;
        secrets.hybrid("officer").map(|key| key.map(|key| Self::new(officer, key)))
    }
}

fn seal_of(secrets: &Secrets) -> Option<Result<SealIdentity, KeysError>> {
    let seed = secrets.array("seal", SEAL)?;
    Some(SealIdentity::from_seed(&seed).map_err(KeysError::Seal))
}

fn link_of(secrets: &Secrets) -> Option<Result<LinkKey, KeysError>> {
    let pkcs8 = secrets.one("link", LINK_KEY)?;
    let certificate = secrets.one("link", LINK_CERTIFICATE)?.to_vec();
    Some(LinkKey::new(pkcs8, certificate))
}

impl Material for ServeKeys {
    const HOLDS: Holds = Holds::Serve;

    fn secrets(&self) -> Secrets {
        let mut all = Secrets::new(&[
            ("statement", HYBRID, self.statement.seed().as_slice()),
            ("log", ED25519, self.log.ed25519_seed().as_slice()),
            ("log", ML_DSA_44, self.log.ml_dsa_44_seed().as_slice()),
            ("witness", ED25519, self.witness.ed25519_seed().as_slice()),
            ("witness", ML_DSA_44, self.witness.ml_dsa_44_seed().as_slice()),
            ("seal", SEAL, self.seal.seed().as_slice()),
            ("link", LINK_KEY, self.link.pkcs8().as_slice()),
            ("link", LINK_CERTIFICATE, self.link.certificate()),
            ("derivative", MASTER, self.master().as_slice()),
        ]);
        let Earlier { statement, log, witness, seal, link } = &self.earlier;
        for Kept { key, until } in statement {
            all.keep("statement", *until, &[(HYBRID, key.seed().as_slice())]);
        }
        for (purpose, kept) in [("log", log), ("witness", witness)] {
            for Kept { key, until } in kept {
                let first = (ED25519, key.ed25519_seed().as_slice());
                all.keep(purpose, *until, &[first, (ML_DSA_44, key.ml_dsa_44_seed().as_slice())]);
            }
        }
        for Kept { key, until } in seal {
            all.keep("seal", *until, &[(SEAL, key.seed().as_slice())]);
        }
        for Kept { key, until } in link {
            let first = (LINK_KEY, key.pkcs8().as_slice());
            all.keep("link", *until, &[first, (LINK_CERTIFICATE, key.certificate())]);
        }
        all
    }

    fn from_secrets(secrets: &Secrets) -> Option<Result<Self, KeysError>> {
        let statement = secrets.hybrid("statement")?;
        let (log, witness) = (secrets.record("log")?, secrets.record("witness")?);
        let (seal, link) = (seal_of(secrets)?, link_of(secrets)?);
        let master = secrets.array("derivative", MASTER)?;
        let record = [ED25519, ML_DSA_44];
        let statements = secrets.kept("statement", &[HYBRID], |it| it.hybrid("statement"))?;
        let logs = secrets.kept("log", &record, |it| it.record("log"))?;
        let witnesses = secrets.kept("witness", &record, |it| it.record("witness"))?;
        let seals = secrets.kept("seal", &[SEAL], seal_of)?;
        let links = secrets.kept("link", &[LINK_KEY, LINK_CERTIFICATE], link_of)?;
        Some((|| {
            let mut keys = Self::new(statement?, log?, witness?, seal?, link?, master);
            keys.earlier = Earlier {
                statement: statements?,
                log: logs?,
                witness: witnesses?,
                seal: seals?,
                link: links?,
            };
            Ok(keys)
        })())
    }
}
