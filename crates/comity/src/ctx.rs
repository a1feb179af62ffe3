//! What every command is given: the global options, and the node that they name.

use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use comity_exchange::keys::Unlocked;
use comity_exchange::{ExchangeError, Node, Ports};
use comity_model::{Handle, PartyRoot};
use serde::Serialize;

use crate::cli::Global;
use crate::clock::SystemClock;
use crate::config::Config;
use crate::data::Data;
use crate::error::CliError;
use crate::extensions::Extensions;
use crate::lang::Lang;
use crate::output::Reply;
use crate::{unlock, wiring};

/// The global options, and what was learnt on the way.
#[derive(Debug)]
pub(crate) struct Ctx {
    /// The data folder.
    pub(crate) data: Data,
    /// Whether to print one JSON document instead of text.
    pub(crate) json: bool,
    /// The language of everything that people read.
    pub(crate) lang: Lang,
    /// Where the passphrase is.
    pub(crate) passphrase_file: Option<PathBuf>,
    exercise: OnceLock<bool>,
}

impl Ctx {
    /// With these options.
    pub(crate) fn new(global: Global, lang: Lang) -> Self {
        let Global { data, json, passphrase_file, .. } = global;
        Self { data: Data::new(data), json, lang, passphrase_file, exercise: OnceLock::new() }
    }

    /// The text in the language of the reader.
    pub(crate) const fn say<'a>(&self, english: &'a str, spanish: &'a str) -> &'a str {
        self.lang.pick(english, spanish)
    }

    /// The node in the data folder, its keys locked.
    pub(crate) async fn node(&self) -> Result<Node, CliError> {
        let (node, _) = self.open().await?;
        Ok(node)
    }

    /// The node in the data folder with its keys unlocked, and the keys.
    pub(crate) async fn unlocked(&self) -> Result<(Node, Arc<Unlocked>), CliError> {
        let (node, ports) = self.open().await?;
        let keys = Arc::new(unlock::serve_keys(self, node.root(), node.record().exercise)?);
        let shared: Arc<dyn comity_exchange::ports::Keys> = Arc::<Unlocked>::clone(&keys);
        let node = Node::open(Ports { keys: Some(shared), ..ports }).await?;
        Ok((node, keys))
    }

    async fn open(&self) -> Result<(Node, Ports), CliError> {
        Config::load(&self.data)?;
        let ports = wiring::ports(&self.data)?;
        // before anything is done by its time
        if ports.store.node().await.map_err(ExchangeError::from)?.is_some_and(|it| it.exercise) {
            SystemClock::follow(self.data.exercise_clock())?;
        }
        let node = Node::open(ports.clone()).await?;
        self.is_exercise(node.record().exercise);
        Ok((node, ports))
    }

    /// The extensions to check by: those of the folders named, else those of the node in the data folder, if there is one.
    pub(crate) fn extensions(&self, folders: &[PathBuf]) -> Result<Extensions, CliError> {
        match folders {
            [] => Extensions::of_node(&self.data.extensions()),
            folders => Extensions::of(folders),
        }
    }

    /// Remembers whether the node is a training node, so that everything printed says so.
    pub(crate) fn is_exercise(&self, exercise: bool) {
        let _ = self.exercise.set(exercise);
    }

    /// Whether the node is a training node, as far as one was opened.
    pub(crate) fn exercise(&self) -> Option<bool> {
        self.exercise.get().copied()
    }

    /// What the command answers: `body` for programs, `human` for people.
    pub(crate) fn reply(
        &self,
        body: &impl Serialize,
        human: impl Into<String>,
    ) -> Result<Reply, CliError> {
        Reply::document(self.exercise(), body, human.into())
    }
}

/// The nicknames of the parties that a node knows, itself among them.
#[derive(Debug, Clone)]
pub(crate) struct Names {
    own: (PartyRoot, Handle),
    partners: Vec<(PartyRoot, Handle)>,
}

impl Names {
    /// Those of `node`.
    pub(crate) async fn of(node: &Node) -> Result<Self, CliError> {
        let parties = node.store().parties().await.map_err(ExchangeError::from)?;
        Ok(Self {
            own: (node.root(), node.record().handle.clone()),
            partners: parties.into_iter().map(|it| (it.root, it.handle)).collect(),
        })
    }

    /// The nickname of a party; the root of one that has none.
    pub(crate) fn name(&self, root: PartyRoot) -> String {
        std::iter::once(&self.own)
            .chain(&self.partners)
            .find(|(known, _)| *known == root)
            .map_or_else(|| root.to_string(), |(_, handle)| handle.to_string())
    }
}

/// Who does something here, for the journal: the name given with `--by`, else the login name.
pub(crate) fn actor(by: Option<String>) -> String {
    let login = || ["LOGNAME", "USER"].into_iter().find_map(|it| std::env::var(it).ok());
    let named = by.or_else(login).map(|name| name.trim().to_owned());
    named.filter(|name| !name.is_empty()).unwrap_or_else(|| "operator".to_owned())
}
