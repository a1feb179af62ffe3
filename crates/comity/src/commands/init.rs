//! `comity init`: makes a node, whole or not at all.

use std::ffi::OsStr;
use std::fs::{self, DirBuilder};
use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use comity_exchange::partner::Fingerprint;
use comity_exchange::ports::{Clock as _, JournalEntry, NodeRecord, Store as _};
use comity_model::descriptor::{self, PartyLimits, ProtocolRange};
use comity_model::entropy::fresh_uuid;
use comity_model::statement::Kind;
use comity_model::{Descriptor, Entropy, Handle};
use comity_pouch::keyfile::{self, DEFAULT_WORK_FACTOR, Lock};
use comity_pouch::keys::{RegistrarKey, RootKey, ServeKeys, public_keys};
use comity_store::{Options, SqliteStore};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use secrecy::SecretString;
use serde::Serialize;
use serde_json::json;
use serde_json::value::RawValue;

use super::party::FingerprintBody;
use crate::clock::SystemClock;
use crate::config::{Address, ApiConfig, Config, LinkConfig, NodeConfig};
use crate::ctx::{Ctx, actor};
use crate::data::Data;
use crate::entropy::SystemEntropy;
use crate::error::CliError;
use crate::files;
use crate::output::{self, Reply, fields};
use crate::token::{Fresh, Pin};
use crate::unlock::{self, Whose, new_passphrase};

/// Years for which the keys of a new node are valid.
pub(crate) const KEY_YEARS: i64 = 2;

/// What stands between the name of a data folder that is being made and the process that makes it.
const UNFINISHED: &str = ".tmp-";

/// The longest full name of a party, in characters.
const NAME_LIMIT: usize = 200;

/// What a node is made of.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The party's nickname: 2 to 16 lower-case letters, digits or inner hyphens
    #[arg(long, value_name = "HANDLE")]
    handle: Handle,
    /// The party's full name
    #[arg(long, value_name = "NAME")]
    name: String,
    /// Make a training node; it exchanges with training nodes only
    #[arg(long)]
    exercise: bool,
    /// Keep the keys without a passphrase; for training nodes only
    #[arg(long)]
    no_passphrase: bool,
    /// Where partners' nodes are heard (else 127.0.0.1:7443)
    #[arg(long, value_name = "ADDRESS")]
    link_listen: Option<Address>,
    /// Where health and metrics are served (else 127.0.0.1:7480)
    #[arg(long, value_name = "ADDRESS")]
    api_listen: Option<Address>,
    /// An address at which partners reach this node; may be given several times (else the one of --link-listen)
    #[arg(long = "url", value_name = "ADDRESS")]
    urls: Vec<Address>,
    /// The PKCS #11 module of a token that makes and keeps the Ed25519 half of the root
    #[arg(long, value_name = "MODULE", requires = "token_label")]
    root_token: Option<PathBuf>,
    /// The label of that token
    #[arg(long, value_name = "LABEL", requires = "root_token")]
    token_label: Option<String>,
    /// The PIN of the token.
    #[command(flatten)]
    pin: Pin,
}

#[derive(Serialize)]
struct Body<'a> {
    handle: &'a Handle,
    root: comity_model::PartyRoot,
    data: String,
    config: String,
    fingerprint: FingerprintBody,
    /// Folders beside the data folder that a killed `init` left.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    leftovers: Vec<String>,
}

/// Runs the command.
pub(crate) async fn run(ctx: &Ctx, args: Args) -> Result<Reply, CliError> {
    if args.no_passphrase && !args.exercise {
        return Err(CliError::LiveNeedsPassphrase);
    }
    check_name(&args.name)?;
    must_be_free(&ctx.data.dir)?;
    let leftovers = leftovers(&ctx.data.dir);
    for folder in &leftovers {
        let english = "an `init` that was killed, or still runs, left keys in it; delete it once no `init` runs";
        let spanish = "un `init` interrumpido, o que aún se ejecuta, dejó claves en ella; bórrela cuando ningún `init` se ejecute";
        output::note(ctx, &format!("`{folder}`: {}", ctx.say(english, spanish)));
    }
    let passphrase =
        if args.no_passphrase { None } else { Some(new_passphrase(ctx, None, Whose::Node)?) };
    let config = config(ctx, &args);
    let building = Building::begin(&ctx.data.dir)?;
    let token = match (&args.root_token, &args.token_label) {
        (Some(module), Some(label)) => {
            let pin = unlock::pin(ctx, args.pin.pin_file.as_deref(), label)?;
            Some(Fresh::generate(module, label, pin, &args.handle, &SystemEntropy)?)
        }
        _ => None,
    };
    let root = token.as_ref().map(|it| &it.root);
    let built = build(&building.data, &args, &config, passphrase.as_ref(), root).await;
    let built = built.and_then(|record| building.finish().map(|()| record));
    let record = match (built, token) {
        (Err(error), Some(token)) => {
            // What failed first is what is told; the key left behind is nobody's.
            let _ = token.discard();
            return Err(error);
        }
        (built, _) => built?,
    };
    ctx.is_exercise(record.exercise);

    let fingerprint = Fingerprint::of(record.root);
    let body = Body {
        handle: &record.handle,
        root: record.root,
        data: files::name(&ctx.data.dir),
        config: files::name(&ctx.data.config()),
        fingerprint: FingerprintBody::from(&fingerprint),
        leftovers,
    };
    let made = format!(
        "{} `{}`: {}",
        ctx.say("Made the node of", "Se creó el nodo de"),
        record.handle,
        record.name
    );
    let lines = fields(&[
        (ctx.say("data folder", "carpeta de datos"), body.data.clone()),
        (ctx.say("configuration", "configuración"), body.config.clone()),
        (ctx.say("party", "parte"), record.root.to_string()),
    ]);
    let text = [made, lines, super::party::spelled(ctx, &fingerprint)].join("\n\n");
    ctx.reply(&body, text)
}

fn check_name(name: &str) -> Result<(), CliError> {
    let length = name.trim().chars().count();
    if (1..=NAME_LIMIT).contains(&length) && !name.chars().any(char::is_control) {
        return Ok(());
    }
    Err(CliError::usage(
        format!("the name of a party has 1 to {NAME_LIMIT} printable characters"),
        format!("el nombre de una parte tiene de 1 a {NAME_LIMIT} caracteres imprimibles"),
    ))
}

/// Refuses a data folder that is there, unless it is empty and nobody stands in it: it is replaced.
fn must_be_free(dir: &Path) -> Result<(), CliError> {
    let is_free = match fs::read_dir(dir) {
        Ok(mut entries) => entries.next().is_none() && !is_here(dir),
        Err(error) => error.kind() == io::ErrorKind::NotFound,
    };
    if is_free { Ok(()) } else { Err(CliError::NodeExists(dir.to_owned())) }
}

fn is_here(dir: &Path) -> bool {
    let here = std::env::current_dir().and_then(fs::canonicalize);
    matches!((here, fs::canonicalize(dir)), (Ok(here), Ok(dir)) if here.starts_with(&dir))
}

fn config(ctx: &Ctx, args: &Args) -> Config {
    let defaults = Config::default();
    Config {
        node: NodeConfig { language: ctx.lang },
        link: LinkConfig { listen: args.link_listen.clone().unwrap_or(defaults.link.listen) },
        api: ApiConfig { listen: args.api_listen.clone().unwrap_or(defaults.api.listen) },
        ..defaults
    }
}

/// Unfinished data folders beside the place of this one, which other processes left; sorted. They are not touched.
fn leftovers(dir: &Path) -> Vec<String> {
    let Ok(place) = std::path::absolute(dir) else { return Vec::new() };
    let mut beginning = place.file_name().unwrap_or_default().to_os_string().into_encoded_bytes();
    beginning.extend(UNFINISHED.as_bytes());
    let is_left = |name: &OsStr| {
        let process = name.as_encoded_bytes().strip_prefix(beginning.as_slice());
        process.is_some_and(|it| !it.is_empty() && it.iter().all(u8::is_ascii_digit))
    };
    // A folder that cannot be listed is the business of whoever makes the node in it.
    let entries = fs::read_dir(folder_of(&place)).into_iter().flatten().flatten();
    let names = entries.map(|entry| entry.file_name()).filter(|name| is_left(name));
    let mut left: Vec<String> = names.map(|name| files::name(&dir.with_file_name(name))).collect();
    left.sort();
    left
}

/// A data folder that is being made beside its place. Dropped before it is finished it leaves nothing.
struct Building {
    data: Data,
    place: PathBuf,
    done: bool,
}

impl Building {
    fn begin(dir: &Path) -> Result<Self, CliError> {
        let failed = |path: &Path, error| CliError::Write { path: path.to_owned(), error };
        let place = std::path::absolute(dir).map_err(|error| failed(dir, error))?;
        fs::create_dir_all(folder_of(&place)).map_err(|error| failed(folder_of(&place), error))?;
        let mut name = place.file_name().unwrap_or_default().to_owned();
        name.push(UNFINISHED);
        name.push(std::process::id().to_string());
        let data = Data::new(place.with_file_name(name));
        let building = Self { data, place, done: false };
        for folder in [building.data.dir.clone(), building.data.keys(), building.data.officers()] {
            private_folder(&folder).map_err(|error| failed(&folder, error))?;
        }
        Ok(building)
    }

    /// Moves the folder to its place, which is free or an empty folder, and makes that durable.
    fn finish(mut self) -> Result<(), CliError> {
        let place = self.place.clone();
        fs::rename(&self.data.dir, &place).map_err(|error| match error.kind() {
            io::ErrorKind::DirectoryNotEmpty
            | io::ErrorKind::AlreadyExists
            | io::ErrorKind::NotADirectory => CliError::NodeExists(place.clone()),
            _ => CliError::Write { path: place.clone(), error },
        })?;
        self.done = true;
        let folder = folder_of(&place);
        let synced = fs::File::open(folder).and_then(|folder| folder.sync_all());
        synced.map_err(|error| CliError::Write { path: folder.to_owned(), error })
    }
}

fn folder_of(place: &Path) -> &Path {
    place.parent().unwrap_or(place)
}

impl Drop for Building {
    fn drop(&mut self) {
        if !self.done {
            // What cannot be removed now lies beside and disturbs nothing.
            let _ = fs::remove_dir_all(&self.data.dir);
        }
    }
}

fn private_folder(folder: &Path) -> io::Result<()> {
    DirBuilder::new().mode(0o700).create(folder)
}

/// Makes everything of a node in its folder.
async fn build(
    data: &Data,
    args: &Args,
    config: &Config,
    passphrase: Option<&SecretString>,
    token: Option<&RootKey>,
) -> Result<NodeRecord, CliError> {
    let entropy: Arc<dyn Entropy> = Arc::new(SystemEntropy);
    let now = SystemClock.now();
    let now = Timestamp::from_second(now.as_second()).unwrap_or(now);
    let until = in_years(now, KEY_YEARS);
    let made;
    let root = if let Some(root) = token {
        root
    } else {
        made = RootKey::generate(&*entropy).map_err(comity_pouch::keys::KeysError::from)?;
        &made
    };
    let registrar =
        RegistrarKey::generate(&*entropy).map_err(comity_pouch::keys::KeysError::from)?;
    let serve = ServeKeys::generate(&*entropy, now, until)?;

    let descriptor = Descriptor {
        v: descriptor::VERSION,
        handle: args.handle.clone(),
        name: args.name.trim().to_owned(),
        identity: identity(&*entropy, args.name.trim(), now)?,
        serial: 1,
        issued_at: now,
        root: root.party(),
        keys: public_keys(root, &registrar, &serve, now, until),
        urls: match args.urls.as_slice() {
            [] => vec![config.link.listen.to_string()],
            urls => urls.iter().map(ToString::to_string).collect(),
        },
        protocol: ProtocolRange { min: 1, max: 1 },
        kinds: Kind::SPOKEN.iter().map(|kind| kind.as_str().to_owned()).collect(),
        limits: PartyLimits::default(),
        test: args.exercise,
    };
    let envelope = comity_pouch::descriptor::sign(&descriptor, root)?;

    let lock = match passphrase {
        Some(passphrase) => Lock::Passphrase { passphrase, work_factor: DEFAULT_WORK_FACTOR },
        None => Lock::Unprotected,
    };
    keyfile::write(&data.root_key(), root, now, lock)?;
    keyfile::write(&data.registrar_key(), &registrar, now, lock)?;
    keyfile::write(&data.serve_keys(), &serve, now, lock)?;
    files::write_new(&data.config(), config.text().as_bytes())?;

    let record = NodeRecord {
        handle: args.handle.clone(),
        name: descriptor.name,
        root: root.party(),
        exercise: args.exercise,
        descriptor: String::from_utf8_lossy(&envelope.to_json()).into_owned(),
        serial: descriptor.serial,
        created_at: now,
    };
    let journal = JournalEntry {
        at: now,
        event: "node-made".to_owned(),
        subject: record.root.to_string(),
        actor: actor(None),
        details: json!({
            "handle": record.handle,
            "exercise": record.exercise,
            "root": if root.place().is_some() { "in-token" } else { "in-file" },
        }),
    };
    let store =
        SqliteStore::create(&data.database(), Options::new(entropy, Arc::new(SystemClock)))?;
    store.create_node(record.clone(), vec![journal]).await?;
    Ok(record)
}

/// The STIX identity of a party (STIX 2.1 section 4.5).
fn identity(entropy: &dyn Entropy, name: &str, now: Timestamp) -> Result<Box<RawValue>, CliError> {
    let at = comity_stix::timestamp::format(now);
    let object = json!({
        "type": "identity",
        "spec_version": "2.1",
        "id": format!("identity--{}", fresh_uuid(entropy)),
        "created": at,
        "modified": at,
        "name": name,
        "identity_class": "organization",
    });
    serde_json::value::to_raw_value(&object)
        .map_err(|error| CliError::Runtime(io::Error::other(error)))
}

/// The same time so many years later.
pub(crate) fn in_years(now: Timestamp, years: i64) -> Timestamp {
    let later = now.to_zoned(TimeZone::UTC).checked_add(years.years());
    later.map_or(Timestamp::MAX, |later| later.timestamp())
}
