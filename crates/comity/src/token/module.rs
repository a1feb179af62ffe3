//! PKCS #11 v3.0: the module is loaded, the token found by its label, and the key by its id.

use std::fmt;
use std::sync::{Mutex, PoisonError};

use comity_pouch::KeyError;
use comity_pouch::hybrid::Ed25519Signer;
use comity_pouch::keys::TokenPlace;
use cryptoki::context::{CInitializeArgs, CInitializeFlags, Pkcs11};
use cryptoki::error::{Error, RvError};
use cryptoki::mechanism::eddsa::{EddsaParams, EddsaSignatureScheme};
use cryptoki::mechanism::{Mechanism, MechanismType};
use cryptoki::object::{Attribute, AttributeType, KeyType, ObjectClass, ObjectHandle};
use cryptoki::session::{Session, UserType};
use cryptoki::slot::Slot;
use secrecy::SecretString;

use super::{TokenError, TokenKey};

/// `CKA_EC_PARAMS` of Ed25519: its name as a DER `PrintableString` (PKCS #11 v3.0 section 2.3.5).
const CURVE_BY_NAME: &[u8] = b"\x13\x0cedwards25519";
/// The same as the object identifier 1.3.101.112 (RFC 8410 section 3), which other modules want.
const CURVE_BY_OID: &[u8] = &[0x06, 0x03, 0x2b, 0x65, 0x70];
/// What stands before the 32 bytes of a point in `CKA_EC_POINT`, a DER OCTET STRING.
const POINT_HEAD: &[u8] = &[0x04, 0x20];

/// Makes the key pair at `place`, where none is, called `name`.
pub(super) fn generate(
    place: &TokenPlace,
    pin: &SecretString,
    name: &str,
) -> Result<TokenKey, TokenError> {
    let session = log_in(place, pin)?;
    let label = place.label();
    let mut made = pair(&session, place, name, CURVE_BY_NAME);
    if matches!(made, Err(Error::Pkcs11(ref error, _)) if curve_refused(error)) {
        made = pair(&session, place, name, CURVE_BY_OID);
    }
    let (public_key, private_key) = made.map_err(|error| failed(label, &error))?;
    let public = point(&session, label, public_key)?;
    let signer = Box::new(Signer { session: Mutex::new(session), key: private_key });
    Ok(TokenKey { signer, public })
}

/// Finds the private key at `place`, which signs under `public`: that it does is checked with each signature.
pub(super) fn open(
    place: &TokenPlace,
    pin: &SecretString,
    public: &[u8; 32],
) -> Result<TokenKey, TokenError> {
    let session = log_in(place, pin)?;
    let found = find(&session, place, ObjectClass::PRIVATE_KEY)?;
    let [key] = found.as_slice() else {
        return Err(TokenError::NoKey(place.label().to_owned()));
    };
    let signer = Box::new(Signer { key: *key, session: Mutex::new(session) });
    Ok(TokenKey { signer, public: *public })
}

/// Destroys both objects of the key pair at `place`.
pub(super) fn destroy(place: &TokenPlace, pin: &SecretString) -> Result<(), TokenError> {
    let session = log_in(place, pin)?;
    for class in [ObjectClass::PRIVATE_KEY, ObjectClass::PUBLIC_KEY] {
        for object in find(&session, place, class)? {
            session.destroy_object(object).map_err(|error| failed(place.label(), &error))?;
        }
    }
    Ok(())
}

fn pair(
    session: &Session,
    place: &TokenPlace,
    name: &str,
    curve: &[u8],
) -> cryptoki::error::Result<(ObjectHandle, ObjectHandle)> {
    let both = [
        Attribute::Token(true),
        Attribute::Label(name.as_bytes().to_vec()),
        Attribute::Id(place.id().to_vec()),
    ];
    let public =
        [Attribute::Private(false), Attribute::Verify(true), Attribute::EcParams(curve.to_vec())];
    let private = [
        Attribute::Private(true),
        Attribute::Sensitive(true),
        Attribute::Extractable(false),
        Attribute::Sign(true),
    ];
    session.generate_key_pair(
        &Mechanism::EccEdwardsKeyPairGen,
        &[both.as_slice(), &public].concat(),
        &[both.as_slice(), &private].concat(),
    )
}

const fn curve_refused(error: &RvError) -> bool {
    matches!(
        error,
        RvError::AttributeValueInvalid
            | RvError::CurveNotSupported
            | RvError::DomainParamsInvalid
            | RvError::TemplateInconsistent
    )
}

/// The 32 bytes of a public key.
fn point(session: &Session, label: &str, key: ObjectHandle) -> Result<[u8; 32], TokenError> {
    let read = session.get_attributes(key, &[AttributeType::EcPoint]);
    let read = read.map_err(|error| failed(label, &error))?;
    let point = read.iter().find_map(|it| match it {
        Attribute::EcPoint(bytes) => {
            bytes.strip_prefix(POINT_HEAD).unwrap_or(bytes).try_into().ok()
        }
        _ => None,
    });
    point.ok_or_else(|| TokenError::Mechanism(label.to_owned()))
}

fn find(
    session: &Session,
    place: &TokenPlace,
    class: ObjectClass,
) -> Result<Vec<ObjectHandle>, TokenError> {
    let wanted = [
        Attribute::Class(class),
        Attribute::KeyType(KeyType::EC_EDWARDS),
        Attribute::Id(place.id().to_vec()),
    ];
    session.find_objects(&wanted).map_err(|error| failed(place.label(), &error))
}

/// A session with the token, logged in.
fn log_in(place: &TokenPlace, pin: &SecretString) -> Result<Session, TokenError> {
    let module = load(place)?;
    let label = place.label();
    let slot = slot_of(&module, label)?;
    let failed = |error: Error| failed(label, &error);
    let offered = module.get_mechanism_list(slot).map_err(failed)?;
    if !offered.contains(&MechanismType::EDDSA) {
        return Err(TokenError::Mechanism(label.to_owned()));
    }
    let session = module.open_rw_session(slot).map_err(failed)?;
    match session.login(UserType::User, Some(pin)) {
        Ok(()) | Err(Error::Pkcs11(RvError::UserAlreadyLoggedIn, _)) => Ok(session),
        Err(error) => Err(failed(error)),
    }
}

fn load(place: &TokenPlace) -> Result<Pkcs11, TokenError> {
    let refused = |error: &Error| TokenError::Module {
        module: place.module().to_owned(),
        why: match error {
            Error::LibraryLoading(error) => error.to_string(),
            Error::MissingSymbol(_) => "it is another kind of library".to_owned(),
            error => word(error),
        },
    };
    let module = Pkcs11::new(place.module()).map_err(|error| refused(&error))?;
    match module.initialize(CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK)) {
        Ok(()) | Err(Error::Pkcs11(RvError::CryptokiAlreadyInitialized, _)) => Ok(module),
        Err(error) => Err(refused(&error)),
    }
}

fn slot_of(module: &Pkcs11, label: &str) -> Result<Slot, TokenError> {
    let failed = |error: Error| failed(label, &error);
    let mut found = None;
    for slot in module.get_slots_with_initialized_token().map_err(failed)? {
        if module.get_token_info(slot).map_err(failed)?.label() == label
            && found.replace(slot).is_some()
        {
            return Err(TokenError::Ambiguous(label.to_owned()));
        }
    }
    found.ok_or_else(|| TokenError::NoToken(label.to_owned()))
}

fn failed(label: &str, error: &Error) -> TokenError {
    let label = label.to_owned();
    match error {
        Error::Pkcs11(RvError::PinIncorrect | RvError::PinInvalid | RvError::PinLenRange, _) => {
            TokenError::WrongPin(label)
        }
        Error::Pkcs11(RvError::PinLocked, _) => TokenError::Locked(label),
        Error::Pkcs11(
            RvError::MechanismInvalid | RvError::CurveNotSupported | RvError::FunctionNotSupported,
            _,
        ) => TokenError::Mechanism(label),
        error => TokenError::Failed { label, why: word(error) },
    }
}

/// The standard's own name for what went wrong, and in which function.
fn word(error: &Error) -> String {
    match error {
        Error::Pkcs11(code, function) => format!("{code:?} in C_{function:?}"),
        _ => "its answer is not one of PKCS #11".to_owned(),
    }
}

/// A private key, and the session in which it may be used.
struct Signer {
    session: Mutex<Session>,
    key: ObjectHandle,
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Signer")
    }
}

impl Ed25519Signer for Signer {
    fn sign(&self, message: &[u8]) -> Result<[u8; 64], KeyError> {
        let session = self.session.lock().unwrap_or_else(PoisonError::into_inner);
        let pure = Mechanism::Eddsa(EddsaParams::new(EddsaSignatureScheme::Pure));
        let signature = session.sign(&pure, self.key, message).map_err(|_| KeyError::Token)?;
        signature.as_slice().try_into().map_err(|_| KeyError::TokenSignature)
    }
}
