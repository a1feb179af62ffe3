//! A command given to a node, as its user would type it, and its answer.

use std::ffi::{OsStr, OsString};
use std::path::Path;
use std::process::{Output, Stdio};
use std::time::Duration;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use tokio::process::Command;

use super::failure::{DemoError, Result};
use crate::lang::Lang;

/// The longest that anything in the demonstration is waited for.
pub(super) const PATIENCE: Duration = Duration::from_mins(1);

/// What the environment of the user says about some other node.
const FOREIGN: [&str; 4] =
    ["COMITY_DATA", "COMITY_LANG", "COMITY_PASSPHRASE_FILE", "CREDENTIALS_DIRECTORY"];

/// Where a node's commands are run.
#[derive(Debug, Clone)]
pub(super) struct Desk {
    /// The program: this one.
    pub(super) program: std::sync::Arc<Path>,
    /// The folder of both nodes. Commands name files in it.
    pub(super) folder: std::sync::Arc<Path>,
    /// The node's data, in that folder.
    pub(super) data: &'static str,
    /// The language of the answers.
    pub(super) lang: Lang,
}

impl Desk {
    /// The program with the node's folder, cut off from the user's terminal and environment. It dies with its handle.
    pub(super) fn command(&self, args: &[OsString], passphrase: &str) -> Command {
        let mut command = Command::new(&*self.program);
        command
            .args(args)
            .args(["--data", self.data, "--passphrase-file", passphrase])
            .current_dir(&*self.folder)
            .stdin(Stdio::null())
            .process_group(0)
            .kill_on_drop(true);
        for name in FOREIGN {
            command.env_remove(name);
        }
        command
    }
}

/// A command about to be given.
#[derive(Debug)]
#[must_use = "a command does nothing until its answer is awaited"]
pub(super) struct Ask<'a> {
    desk: &'a Desk,
    args: Vec<OsString>,
    passphrase: &'a str,
    lang: Lang,
    exit: i32,
}

#[derive(Deserialize)]
struct Refusal {
    error: Why,
}

/// Why a command was refused.
#[derive(Debug, Deserialize)]
pub(super) struct Why {
    pub(super) code: String,
    pub(super) message: String,
}

impl<'a> Ask<'a> {
    pub(super) fn new<A>(desk: &'a Desk, passphrase: &'a str, args: A) -> Self
    where
        A: IntoIterator<Item: AsRef<OsStr>>,
    {
        let args = args.into_iter().map(|arg| arg.as_ref().to_owned()).collect();
        Self { desk, args, passphrase, lang: desk.lang, exit: 0 }
    }

    /// One more argument.
    pub(super) fn arg(mut self, arg: impl AsRef<OsStr>) -> Self {
        self.args.push(arg.as_ref().to_owned());
        self
    }

    /// More arguments.
    pub(super) fn args(mut self, args: impl IntoIterator<Item: AsRef<OsStr>>) -> Self {
        self.args.extend(args.into_iter().map(|arg| arg.as_ref().to_owned()));
        self
    }

    /// With somebody else's passphrase than the node's: the file's name.
    pub(super) fn passphrase(mut self, file: &'a str) -> Self {
        self.passphrase = file;
        self
    }

    /// In another language than the demonstration's.
    pub(super) fn lang(mut self, lang: Lang) -> Self {
        self.lang = lang;
        self
    }

    /// The command should be refused: exit code 1.
    pub(super) fn refused(mut self) -> Self {
        self.exit = 1;
        self
    }

    /// Gives the command and reads its answer.
    pub(super) async fn json<T: DeserializeOwned>(self) -> Result<T> {
        let output = self.run().await?;
        serde_json::from_slice(&output.stdout).map_err(|error| DemoError::Answer {
            command: self.typed(),
            message: error.to_string(),
        })
    }

    /// Gives the command and reads its answer; nothing if what it names is not there yet.
    pub(super) async fn found<T: DeserializeOwned>(self) -> Result<Option<T>> {
        match self.json().await {
            Ok(found) => Ok(Some(found)),
            Err(DemoError::Command { code, .. }) if code == "not-found" => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Gives the command and takes its answer byte for byte.
    pub(super) async fn bytes(self) -> Result<Vec<u8>> {
        Ok(self.run().await?.stdout)
    }

    /// Gives a command that must be refused; gives why.
    pub(super) async fn refusal(self) -> Result<Why> {
        Ok(self.refused().json::<Refusal>().await?.error)
    }

    /// Gives a command that must be refused with this code.
    pub(super) async fn refused_as(self, wanted: &str) -> Result<()> {
        let command = self.typed();
        let Why { code, .. } = self.refusal().await?;
        if code == wanted {
            return Ok(());
        }
        Err(DemoError::story(format!("`{command}` was refused as `{code}`, not as `{wanted}`")))
    }

    /// Gives the command and leaves its answer unread.
    pub(super) async fn done(self) -> Result<()> {
        self.json::<serde::de::IgnoredAny>().await.map(|_| ())
    }

    async fn run(&self) -> Result<Output> {
        let mut command = self.desk.command(&self.args, self.passphrase);
        command.args(["--json", "--lang", &self.lang.to_string()]);
        let slow =
            || DemoError::Slow { what: format!("`{}`", self.typed()), seconds: PATIENCE.as_secs() };
        let output = tokio::time::timeout(PATIENCE, command.output())
            .await
            .map_err(|_| slow())?
            .map_err(|error| DemoError::System(error.to_string()))?;
        if output.status.code() == Some(self.exit) { Ok(output) } else { Err(self.failed(&output)) }
    }

    fn failed(&self, output: &Output) -> DemoError {
        let refusal: Option<Refusal> = serde_json::from_slice(&output.stdout).ok();
        let (code, message) = refusal.map_or_else(
            || {
                let errors = String::from_utf8_lossy(&output.stderr);
                ("-".to_owned(), errors.lines().last().unwrap_or("it said nothing").to_owned())
            },
            |refusal| (refusal.error.code, refusal.error.message),
        );
        DemoError::Command { command: self.typed(), exit: output.status.to_string(), code, message }
    }

    /// The command as a user would type it in the folder of both nodes.
    fn typed(&self) -> String {
        let args = self.args.iter().map(|arg| {
            let arg = arg.to_string_lossy();
            let quote = if arg.is_empty() || arg.contains(char::is_whitespace) { "'" } else { "" };
            format!("{quote}{arg}{quote}")
        });
        format!("comity {} --data {}", args.collect::<Vec<_>>().join(" "), self.desk.data)
    }
}
