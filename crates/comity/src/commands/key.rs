//! `comity key`: the keys of this party, from what they sign to their end (docs/protocol.md section 1.4).

use std::fs::File;
use std::path::PathBuf;

use comity_exchange::Node;
use comity_model::PartyRoot;
use comity_model::descriptor::KeyUse;
use comity_pouch::keyfile::{self, DEFAULT_WORK_FACTOR, Lock};
use comity_pouch::keys::ServeKeys;
use secrecy::SecretString;

use crate::ctx::Ctx;
use crate::error::CliError;
use crate::output::Reply;
use crate::token::Pin;
use crate::unlock;

mod change;
mod list;
mod passphrase;

/// What to do with keys.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// List the keys of this party: what each does, where it is kept, and until when it is good
    List,
    /// Make new keys and announce them to every partner; the old ones stay good for thirty days
    Rotate {
        /// What the keys are for: statement, log, witness, seal or link; registrar keeps its key and is good for longer
        #[arg(value_name = "USE", required = true)]
        uses: Vec<Use>,
        /// Announce nothing: the keys that would have to are lost or expired, and every partner imports the file
        #[arg(long)]
        by_file: bool,
        /// The serial of this party's descriptor that a partner has and this node lost, as `party list` shows it there
        #[arg(long, value_name = "SERIAL", requires = "by_file")]
        after: Option<u64>,
        /// Who does it, for the journal (else the login name)
        #[arg(long, value_name = "NAME")]
        by: Option<String>,
        /// The PIN of the token that keeps the root.
        #[command(flatten)]
        pin: Pin,
    },
    /// Revoke a key at once and announce it; where nothing else does its work, a new one is made
    Revoke {
        /// The key, as `comity key list` names it
        #[arg(value_name = "KEY")]
        key: String,
        /// Announce nothing: every partner imports the file
        #[arg(long)]
        by_file: bool,
        /// Who does it, for the journal (else the login name)
        #[arg(long, value_name = "NAME")]
        by: Option<String>,
        /// The PIN of the token that keeps the root.
        #[command(flatten)]
        pin: Pin,
    },
    /// Put the node's key files, or an officer's, under another passphrase
    Passphrase {
        /// The officer whose key it is (else the node's three files)
        #[arg(long, value_name = "NAME")]
        officer: Option<String>,
        /// The file with the new passphrase, mode 0600 (else it is asked for)
        #[arg(long, value_name = "FILE")]
        new_passphrase_file: Option<PathBuf>,
        /// Who does it, for the journal (else the login name)
        #[arg(long, value_name = "NAME")]
        by: Option<String>,
    },
}

/// A use whose keys can be made anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Use {
    /// Signs statements
    Statement,
    /// Signs the record
    Log,
    /// Cosigns partners' records
    Witness,
    /// Opens pouches
    Seal,
    /// Proves the node on the link
    Link,
    /// Certifies officers
    Registrar,
}

impl From<Use> for KeyUse {
    fn from(it: Use) -> Self {
        match it {
            Use::Statement => Self::Statement,
            Use::Log => Self::Log,
            Use::Witness => Self::Witness,
            Use::Seal => Self::Seal,
            Use::Link => Self::Link,
            Use::Registrar => Self::Registrar,
        }
    }
}

/// Runs the command.
pub(crate) async fn run(ctx: &Ctx, command: Command) -> Result<Reply, CliError> {
    match command {
        Command::List => list::list(ctx).await,
        Command::Rotate { uses, by_file, after, by, pin } => {
            let uses = uses.into_iter().map(KeyUse::from).collect();
            change::rotate(ctx, uses, change::How { by_file, after, by, pin }).await
        }
        Command::Revoke { key, by_file, by, pin } => {
            change::revoke(ctx, &key, change::How { by_file, after: None, by, pin }).await
        }
        Command::Passphrase { officer, new_passphrase_file, by } => {
            passphrase::change(ctx, officer, new_passphrase_file, by).await
        }
    }
}

/// The file with the keys of the running node, held by this process alone until it is dropped: two that changed it at once
/// would lose each other's keys.
pub(crate) struct ServeFile {
    path: PathBuf,
    passphrase: Option<SecretString>,
    _alone: File,
}

impl ServeFile {
    /// Takes hold of the file of the node in the data folder. Refused with `keys-in-use` where another process has it.
    pub(crate) fn hold(ctx: &Ctx, passphrase: Option<SecretString>) -> Result<Self, CliError> {
        let path = ctx.data.serve_keys();
        let name = ctx.data.keys_lock();
        let mut options = File::options();
        let alone = options.create(true).truncate(false).write(true).open(&name);
        let alone = alone.map_err(|error| CliError::Write { path: name.clone(), error })?;
        match alone.try_lock() {
            Ok(()) => Ok(Self { path, passphrase, _alone: alone }),
            Err(std::fs::TryLockError::WouldBlock) => Err(CliError::KeysInUse(path)),
            Err(std::fs::TryLockError::Error(error)) => Err(CliError::Write { path: name, error }),
        }
    }

    /// What is in it.
    pub(crate) fn read(&self) -> Result<ServeKeys, CliError> {
        unlock::opened(&self.path, self.passphrase.as_ref())
    }

    /// Puts these keys in its place.
    pub(crate) fn replace(&self, keys: &ServeKeys, node: &Node) -> Result<(), CliError> {
        let lock = match &self.passphrase {
            Some(passphrase) => Lock::Passphrase { passphrase, work_factor: DEFAULT_WORK_FACTOR },
            None => Lock::Unprotected,
        };
        Ok(keyfile::replace(&self.path, keys, node.now(), lock)?)
    }

    /// Destroys the keys in it whose time has come, and says so in the journal.
    pub(crate) async fn forget(&self, node: &Node) -> Result<usize, CliError> {
        let mut keys = self.read()?;
        let forgotten = keys.earlier.forget(node.now());
        if forgotten > 0 {
            self.replace(&keys, node)?;
            let details = serde_json::json!({ "keys": forgotten });
            let root: PartyRoot = node.root();
            let line = node.journal("keys-destroyed", root, details);
            node.store().journal(vec![line]).await?;
        }
        Ok(forgotten)
    }
}
