//! One of the two parties: its node, its people and its process.

use std::ffi::OsStr;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::ask::{Ask, Desk};
use super::failure::{DemoError, Result};
use super::folder::Folder;
use super::server::Server;
use crate::data::Data;
use crate::lang::Lang;

/// A party of the demonstration.
#[derive(Debug)]
pub(super) struct Party {
    /// Its nickname, and the name of its data folder.
    pub(super) handle: &'static str,
    /// The language its node speaks.
    pub(super) lang: Lang,
    /// What its officers' office is called.
    pub(super) office: &'static str,
    /// Who composes, proposes and decides.
    pub(super) analyst: &'static str,
    /// Where partners reach it.
    pub(super) link: SocketAddr,
    /// Where its own people reach it.
    pub(super) api: SocketAddr,
    /// The root of its keys, once they are made.
    pub(super) root: String,
    desk: Desk,
    passphrase: String,
    server: Option<Server>,
}

/// What differs between the two parties.
#[derive(Debug)]
pub(super) struct Character {
    pub(super) handle: &'static str,
    pub(super) lang: Lang,
    pub(super) office: &'static str,
    pub(super) analyst: &'static str,
}

impl Party {
    /// A party without a node, with a passphrase drawn for it.
    pub(super) fn new(
        it: &Character,
        program: &Arc<Path>,
        folder: &Folder,
        lang: Lang,
        (link, api): (SocketAddr, SocketAddr),
    ) -> Result<Self> {
        let desk = Desk {
            program: Arc::clone(program),
            folder: Arc::from(folder.path()),
            data: it.handle,
            lang,
        };
        Ok(Self {
            handle: it.handle,
            lang: it.lang,
            office: it.office,
            analyst: it.analyst,
            link,
            api,
            root: String::new(),
            desk,
            passphrase: folder.passphrase(it.handle)?,
            server: None,
        })
    }

    /// A command to this party's node, under its passphrase.
    pub(super) fn ask<A>(&self, args: A) -> Ask<'_>
    where
        A: IntoIterator<Item: AsRef<OsStr>>,
    {
        Ask::new(&self.desk, &self.passphrase, args)
    }

    /// The name of one of its files in the folder of both nodes.
    pub(super) fn file(&self, what: &str) -> String {
        format!("{}.{what}", self.handle)
    }

    /// The name of the file with an officer's passphrase.
    pub(super) fn officer_file(&self, officer: &str) -> String {
        format!("{}.{officer}.passphrase", self.handle)
    }

    /// Its data folder, absolute.
    pub(super) fn data(&self) -> PathBuf {
        self.desk.folder.join(self.handle)
    }

    /// What its node logs.
    pub(super) fn log(&self) -> PathBuf {
        self.desk.folder.join(self.file("log"))
    }

    /// The file with its passphrase, absolute.
    pub(super) fn passphrase_path(&self) -> PathBuf {
        self.desk.folder.join(&self.passphrase)
    }

    /// Changes a setting of its node, as its owner would with an editor.
    pub(super) fn configure(&self, setting: &str, value: &str) -> Result<()> {
        let path = Data::new(self.data()).config();
        let failed = |error| DemoError::disk(&path, &error);
        let text = std::fs::read_to_string(&path).map_err(failed)?;
        let is_it = |line: &str| line.split_once('=').is_some_and(|(it, _)| it.trim() == setting);
        if !text.lines().any(is_it) {
            return Err(DemoError::story(format!("`{}` has no `{setting}`", path.display())));
        }
        let changed: String =
            text.lines()
                .map(|line| {
                    if is_it(line) { format!("{setting} = {value}\n") } else { format!("{line}\n") }
                })
                .collect();
        std::fs::write(&path, changed).map_err(failed)
    }

    /// Starts its node and waits until it is ready.
    pub(super) async fn start(&mut self) -> Result<()> {
        let server = Server::start(&self.desk, &self.passphrase, &self.log())?;
        self.server.insert(server).ready(self.api).await
    }

    /// Kills its node with SIGKILL.
    pub(super) async fn crash(&mut self) -> Result<()> {
        match self.server.take() {
            Some(server) => server.kill().await,
            None => Err(DemoError::story(format!("`{}` does not serve", self.handle))),
        }
    }

    /// Stops its node, if it serves.
    pub(super) async fn stop(&mut self) -> Result<()> {
        match self.server.take() {
            Some(server) => server.stop().await,
            None => Ok(()),
        }
    }

    /// Whether its node ended by itself, and how.
    pub(super) fn fallen(&mut self) -> Option<DemoError> {
        self.server.as_mut().and_then(Server::fallen)
    }

    /// Waits until its node ends by itself.
    pub(super) async fn watch(&mut self) -> DemoError {
        match &mut self.server {
            Some(server) => server.watch().await,
            None => DemoError::story(format!("`{}` does not serve", self.handle)),
        }
    }
}
