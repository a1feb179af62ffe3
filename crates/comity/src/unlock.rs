//! Passphrases, and the keys that they open.

use std::ffi::OsStr;
use std::fs::File;
use std::io::{IsTerminal, Read};
use std::path::{Path, PathBuf};

use comity_exchange::keys::Unlocked;
use comity_model::{OfficerId, PartyRoot};
use comity_pouch::keyfile::{self, KeyFileError, KeyMaterial, Unlock};
use comity_pouch::keys::{OfficerKey, RegistrarKey, RootFile, RootKey, ServeKeys};
use secrecy::SecretString;
use zeroize::Zeroizing;

use crate::ctx::Ctx;
use crate::error::CliError;
use crate::files::must_be_private;
use crate::token::{self, Pin};

/// Characters of the shortest passphrase that is taken for new keys.
pub(crate) const SHORTEST: usize = 12;

/// Bytes of the longest passphrase file.
const LONGEST: u64 = 4096;

/// The name of the systemd credential with the node's passphrase (systemd.exec, `LoadCredential=`).
const CREDENTIAL: &str = "comity-passphrase";

/// The name of the systemd credential with the PIN of the token that keeps the root.
const PIN_CREDENTIAL: &str = "comity-root-pin";

/// The keys of the running node of the party `root`.
pub(crate) fn serve_keys(ctx: &Ctx, root: PartyRoot, exercise: bool) -> Result<Unlocked, CliError> {
    let keys: ServeKeys = key(ctx, &ctx.data.serve_keys(), exercise, Whose::Node)?;
    Ok(Unlocked::new(keys, root))
}

/// The keys of the running node as far as they open without asking anybody; `None` where a passphrase is needed and none
/// was given.
pub(crate) fn serve_keys_unasked(
    ctx: &Ctx,
    root: PartyRoot,
    exercise: bool,
) -> Result<Option<Unlocked>, CliError> {
    let path = ctx.data.serve_keys();
    must_be_private(&path)?;
    let opened = match given(ctx)? {
        Some(passphrase) => keyfile::read(&path, Unlock::Passphrase(&passphrase)),
        None if exercise => keyfile::read(&path, Unlock::Unprotected),
        None => return Ok(None),
    };
    match opened {
        Ok(keys) => Ok(Some(Unlocked::new(keys, root))),
        Err(KeyFileError::PassphraseNeeded(_)) => Ok(None),
        Err(KeyFileError::Unprotected(_)) if exercise => {
            Ok(Some(Unlocked::new(keyfile::read(&path, Unlock::Unprotected)?, root)))
        }
        Err(error) => Err(error.into()),
    }
}

/// The root key, with its token where a half of it is in one.
pub(crate) fn root_key(ctx: &Ctx, exercise: bool, pin: &Pin) -> Result<RootKey, CliError> {
    let file: RootFile = key(ctx, &ctx.data.root_key(), exercise, Whose::Node)?;
    token::root(ctx, file, pin)
}

/// The PIN of the token called `label`: from a file, else from a systemd credential, else asked for.
pub(crate) fn pin(ctx: &Ctx, file: Option<&Path>, label: &str) -> Result<SecretString, CliError> {
    let folder = std::env::var_os("CREDENTIALS_DIRECTORY");
    let file = file.map(Path::to_owned).or_else(|| credential(folder.as_deref(), PIN_CREDENTIAL));
    if let Some(file) = file {
        return from_file(&file);
    }
    if !std::io::stdin().is_terminal() {
        return Err(CliError::NoPin(label.to_owned()));
    }
    prompt(ctx, &format!("{} `{label}`: ", ctx.say("PIN of the token", "NIP del dispositivo")))
}

/// The registrar's key.
pub(crate) fn registrar_key(ctx: &Ctx, exercise: bool) -> Result<RegistrarKey, CliError> {
    key(ctx, &ctx.data.registrar_key(), exercise, Whose::Node)
}

/// An officer's key.
pub(crate) fn officer_key(
    ctx: &Ctx,
    officer: OfficerId,
    name: &str,
    exercise: bool,
) -> Result<OfficerKey, CliError> {
    key(ctx, &ctx.data.officer_key(officer), exercise, Whose::Officer(name))
}

/// The passphrase of the node's key files, given or asked for; `None` where a training node keeps them open.
pub(crate) fn node_passphrase(ctx: &Ctx, exercise: bool) -> Result<Option<SecretString>, CliError> {
    let path = ctx.data.serve_keys();
    must_be_private(&path)?;
    if exercise && !keyfile::is_sealed(&path)? {
        return Ok(None);
    }
    known_passphrase(ctx, Whose::Node).map(Some)
}

/// The passphrase that opens key files now: the given one, else typed once.
pub(crate) fn known_passphrase(ctx: &Ctx, whose: Whose<'_>) -> Result<SecretString, CliError> {
    match given(ctx)? {
        Some(passphrase) => Ok(passphrase),
        None => prompt(ctx, &whose.prompt(ctx)),
    }
}

/// The keys in a file, with the passphrase that was given for it or open.
pub(crate) fn opened<K: KeyMaterial>(
    path: &Path,
    passphrase: Option<&SecretString>,
) -> Result<K, CliError> {
    must_be_private(path)?;
    let unlock = passphrase.map_or(Unlock::Unprotected, Unlock::Passphrase);
    Ok(keyfile::read(path, unlock)?)
}

/// A new passphrase in the place of a known one: from a file, else typed twice. Short ones are refused.
pub(crate) fn other_passphrase(ctx: &Ctx, file: Option<&Path>) -> Result<SecretString, CliError> {
    let passphrase = match file {
        Some(file) => from_file(file)?,
        None => typed_twice(ctx, ctx.say("New passphrase: ", "Frase de contraseña nueva: "))?,
    };
    long_enough(passphrase)
}

/// The password of an account, from standard input: one line.
pub(crate) fn piped_password() -> Result<SecretString, CliError> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(256));
    let failed = |error| CliError::Read { path: PathBuf::from("-"), error };
    std::io::stdin().lock().take(LONGEST + 1).read_to_end(&mut bytes).map_err(failed)?;
    let text = Some(bytes.as_slice()).filter(|it| it.len() as u64 <= LONGEST);
    text.and_then(one_line).ok_or_else(|| {
        CliError::usage(
            "there is no password on standard input; write one line of text into it",
            "no hay ninguna contraseña en la entrada estándar; escriba en ella un renglón de texto",
        )
    })
}

/// The password of an account, typed twice.
pub(crate) fn typed_password(ctx: &Ctx) -> Result<SecretString, CliError> {
    typed_twice(ctx, ctx.say("New password: ", "Contraseña nueva: "))
}

/// Whose passphrase is asked for.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Whose<'a> {
    /// The node's.
    Node,
    /// That of the officer with this name.
    Officer(&'a str),
}

fn key<K: KeyMaterial>(
    ctx: &Ctx,
    path: &Path,
    exercise: bool,
    whose: Whose<'_>,
) -> Result<K, CliError> {
    must_be_private(path)?;
    if exercise {
        match keyfile::read(path, Unlock::Unprotected) {
            Err(KeyFileError::PassphraseNeeded(_)) => {}
            read => return Ok(read?),
        }
    }
    let passphrase = match given(ctx)? {
        Some(passphrase) => passphrase,
        None => prompt(ctx, &whose.prompt(ctx))?,
    };
    Ok(keyfile::read(path, Unlock::Passphrase(&passphrase))?)
}

impl Whose<'_> {
    fn prompt(self, ctx: &Ctx) -> String {
        match self {
            Self::Node => {
                ctx.say("Passphrase of the node: ", "Frase de contraseña del nodo: ").to_owned()
            }
            Self::Officer(name) => {
                format!("{} `{name}`: ", ctx.say("Passphrase of", "Frase de contraseña de"))
            }
        }
    }
}

/// The passphrase that was given without asking: by `--passphrase-file`, else by a systemd credential.
pub(crate) fn given(ctx: &Ctx) -> Result<Option<SecretString>, CliError> {
    let file = ctx.passphrase_file.clone();
    let file = file
        .or_else(|| credential(std::env::var_os("CREDENTIALS_DIRECTORY").as_deref(), CREDENTIAL));
    file.map(|path| from_file(&path)).transpose()
}

fn credential(folder: Option<&OsStr>, name: &str) -> Option<PathBuf> {
    let path = Path::new(folder?).join(name);
    path.is_file().then_some(path)
}

/// The passphrase for new keys: the given one, else typed twice. Short ones are refused.
pub(crate) fn new_passphrase(
    ctx: &Ctx,
    file: Option<&Path>,
    whose: Whose<'_>,
) -> Result<SecretString, CliError> {
    let given = match (file, whose) {
        (Some(file), _) => Some(from_file(file)?),
        (None, Whose::Node) => given(ctx)?,
        // The node's passphrase is not an officer's.
        (None, Whose::Officer(_)) => None,
    };
    let passphrase = match given {
        Some(passphrase) => passphrase,
        None => typed_twice(ctx, &whose.prompt(ctx))?,
    };
    long_enough(passphrase)
}

fn long_enough(passphrase: SecretString) -> Result<SecretString, CliError> {
    use secrecy::ExposeSecret as _;
    if passphrase.expose_secret().chars().count() < SHORTEST {
        return Err(CliError::ShortPassphrase);
    }
    Ok(passphrase)
}

fn typed_twice(ctx: &Ctx, text: &str) -> Result<SecretString, CliError> {
    use secrecy::ExposeSecret as _;
    let first = prompt(ctx, text)?;
    let second = prompt(ctx, ctx.say("The same again: ", "La misma otra vez: "))?;
    if first.expose_secret() != second.expose_secret() {
        return Err(CliError::PassphrasesDiffer);
    }
    Ok(first)
}

/// Asks at the terminal without showing what is typed.
fn prompt(ctx: &Ctx, text: &str) -> Result<SecretString, CliError> {
    if !std::io::stdin().is_terminal() {
        return Err(CliError::NoPassphrase);
    }
    let typed = rpassword::prompt_password(text).map_err(CliError::Terminal)?;
    if typed.is_empty() {
        crate::output::note(ctx, ctx.say("Nothing was typed.", "No se escribió nada."));
    }
    Ok(SecretString::from(typed))
}

/// The passphrase in a file, without the line feed at its end.
fn from_file(path: &Path) -> Result<SecretString, CliError> {
    must_be_private(path)?;
    let failed = |error| CliError::Read { path: path.to_owned(), error };
    let file = File::open(path).map_err(failed)?;
    let mut bytes = Zeroizing::new(Vec::with_capacity(256));
    file.take(LONGEST + 1).read_to_end(&mut bytes).map_err(failed)?;
    if bytes.len() as u64 > LONGEST {
        return Err(CliError::TooLarge { path: path.to_owned(), limit: LONGEST });
    }
    one_line(&bytes).ok_or_else(|| CliError::BadPassphraseFile(path.to_owned()))
}

/// The one line of a text, without the line feed at its end.
fn one_line(bytes: &[u8]) -> Option<SecretString> {
    let text = std::str::from_utf8(bytes).ok()?;
    let text = text.strip_suffix('\n').unwrap_or(text);
    let text = text.strip_suffix('\r').unwrap_or(text);
    let is_line = !text.is_empty() && !text.contains('\n');
    is_line.then(|| SecretString::from(text.to_owned()))
}
