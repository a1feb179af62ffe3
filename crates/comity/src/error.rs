//! What a command answers when it cannot do what it was asked.

use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use comity_exchange::ExchangeError;
use comity_exchange::ports::FeedCode;
use comity_link::TlsError;
use comity_pouch::descriptor::DescriptorError;
use comity_pouch::keyfile::KeyFileError;
use comity_pouch::keys::KeysError;
use comity_stix::registry::RegistryError;
use comity_store::backup::BackupError;

use crate::commands::stix::BadPattern;
use crate::demo::DemoError;
use crate::extensions;
use crate::lang::Lang;
use crate::token::TokenError;

pub(crate) mod spanish;

pub(crate) use spanish::{agreement_error, reason};

/// The exit codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Done.
    Done = 0,
    /// Refused, or not found.
    Refused = 1,
    /// The command line is not one, or an argument in it has not its form.
    Usage = 2,
    /// The partner or the network.
    Partner = 3,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// Sentences of the use cases about the form of one argument. Who finds the wrong form, the command line or the use case,
/// makes no difference to who wrote it.
const FORMS: &[&str] = &[
    "account-name",
    "collection-alias",
    "collection-query",
    "feed-collections",
    "feed-every",
    "feed-login-form",
    "line-length",
    "number-range",
    "office-and-reference",
    "pattern-name",
    "pattern-text",
    "token-lasts",
    "unit-name",
];

/// Why a command did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CliError {
    /// The command line is wrong.
    #[error("{english}")]
    Usage {
        /// What and what to write instead, in English.
        english: String,
        /// The same in Spanish.
        spanish: String,
    },
    /// Keys without a passphrase on a live node.
    #[error(
        "only training nodes may do without a passphrase; add `--exercise`, or leave out `--no-passphrase`"
    )]
    LiveNeedsPassphrase,
    /// What only a training node does, asked of a live one.
    #[error("only training nodes let time pass; make one with `comity init --exercise`")]
    NotExercise,
    /// A training node cannot be put on so far.
    #[error(
        "the node is {ahead} days ahead and may be {} at the most; name fewer days, or make another training node",
        crate::clock::MOST_DAYS
    )]
    ExerciseEnds {
        /// How far it is now, in days.
        ahead: u32,
    },
    /// The clock of a training node does not say how far it is ahead.
    #[error(
        "`{}` is not a number of days from 0 to {}; write the number of days into it by which the other nodes of the exercise are ahead",
        .0.display(), crate::clock::MOST_DAYS
    )]
    ExerciseClock(PathBuf),
    /// There is no node in the data folder.
    #[error("there is no node in `{}`; make one with `comity init`, or name its folder with `--data`", .0.display())]
    NoNode(PathBuf),
    /// Nothing can be written where the node is.
    #[error(
        "`{}` cannot be written; run the command as the user who owns it, or mount its disk writable", .0.display()
    )]
    ReadOnly(PathBuf),
    /// There is a node, or something else, where one should be made.
    #[error("`{}` exists; name a folder that does not with `--data`", .0.display())]
    NodeExists(PathBuf),
    /// The configuration cannot be read.
    #[error("`{}`, line {line}: {message}", .path.display())]
    Config {
        /// The file.
        path: PathBuf,
        /// Counts from 1.
        line: usize,
        /// What is wrong there.
        message: String,
    },
    /// A passphrase is needed and nobody can be asked.
    #[error(
        "a passphrase is needed and there is no terminal to ask for it; give a file with `--passphrase-file`"
    )]
    NoPassphrase,
    /// A passphrase for new keys is too short.
    #[error(
        "the passphrase has fewer than {} characters; take a longer one",
        crate::unlock::SHORTEST
    )]
    ShortPassphrase,
    /// A passphrase was not typed the same twice.
    #[error("the two passphrases differ; type the same twice")]
    PassphrasesDiffer,
    /// A passphrase file is empty, not text, or has several lines.
    #[error("`{}` holds no passphrase; write one line of text into it", .0.display())]
    BadPassphraseFile(PathBuf),
    /// A PIN is needed and nobody can be asked.
    #[error(
        "the PIN of the token `{0}` is needed and there is no terminal to ask for it; give a file with `--pin-file`"
    )]
    NoPin(String),
    /// Others on the machine can read a file with secrets.
    #[error("`{}` has mode {mode:04o} and others can read it; run `chmod 600` on it", .path.display())]
    Exposed {
        /// The file.
        path: PathBuf,
        /// Its permissions.
        mode: u32,
    },
    /// The fingerprint that was given is another party's.
    #[error(
        "the fingerprint is not that of `{0}`; do not confirm it, and ask the party through another channel"
    )]
    FingerprintDiffers(String),
    /// Nobody said that the fingerprint was compared.
    #[error(
        "`{0}` was not confirmed; compare its fingerprint and give it with `--fingerprint`, or say `--yes`"
    )]
    NotCompared(String),
    /// A file cannot be read.
    #[error("`{}` cannot be read: {error}; check the name and the permissions", .path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system said.
        error: io::Error,
    },
    /// A file cannot be written.
    #[error("`{}` cannot be written: {error}; check the folder, its permissions and the disk", .path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system said.
        error: io::Error,
    },
    /// Another process changes the same keys.
    #[error("another command changes the keys in `{}`; run this one again when it has ended", .0.display())]
    KeysInUse(PathBuf),
    /// A file that would be overwritten.
    #[error("`{}` exists; move it away or name another file", .0.display())]
    Exists(PathBuf),
    /// A place for a file at which something else stands: a folder, a device, a pipe, a link.
    #[error("`{}` is no ordinary file, and is not replaced by one; name another file", .0.display())]
    NotAFile(PathBuf),
    /// A file that is no evidence of a kind that is known here.
    #[error(
        "`{}` is no file of evidence that this version knows; `comity release evidence` writes one",
        .0.display()
    )]
    UnknownEvidence(PathBuf),
    /// The folder of an export holds another log, or another history of it.
    #[error(
        "`{}` holds the files of another log, or of another history of it; keep it and export into another folder",
        .0.display()
    )]
    OtherLog(PathBuf),
    /// There is no log in a folder.
    #[error("`{}` holds no files of a log; name a folder that `comity record export` wrote", .0.display())]
    NoTiles(PathBuf),
    /// A file that is no pouch.
    #[error("`{}` is no pouch, or cut short in its header; name a file that `comity pouch export` wrote", .0.display())]
    NotAPouch(PathBuf),
    /// A file is larger than anything of its kind.
    #[error("`{}` is longer than {limit} bytes; name the right file", .path.display())]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// The most bytes.
        limit: u64,
    },
    /// A type that neither the standard nor the registry has.
    #[error(
        "there is no type `{name}`{}; `comity stix schema` lists the types",
        one_of("; is it", near)
    )]
    UnknownType {
        /// The name.
        name: String,
        /// The names that come near.
        near: Vec<String>,
    },
    /// A certificate or its key cannot be used.
    #[error("`{}`: {error}", .path.display())]
    Certificate {
        /// The file.
        path: PathBuf,
        /// Why.
        error: comity_api::TaxiiTlsError,
    },
    /// A file does not hold what it should.
    #[error("`{}`, line {line}: {english}", .path.display())]
    Content {
        /// The file.
        path: PathBuf,
        /// Counts from 1.
        line: u64,
        /// A stable word for what is wrong.
        code: &'static str,
        /// What is wrong there and how to mend it, in English.
        english: String,
        /// The same in Spanish.
        spanish: String,
    },
    /// Extensions cannot be used.
    #[error("{}", extensions::said(.0, Lang::En))]
    Extensions(Vec<RegistryError>),
    /// A folder has more files than are read.
    #[error("there are more than {most} files in `{}`; leave there what is needed", .path.display())]
    TooManyFiles {
        /// The folder.
        path: PathBuf,
        /// The most files.
        most: usize,
    },
    /// A pattern cannot be read.
    #[error("{}", .0.said(Lang::En))]
    Pattern(Box<BadPattern>),
    /// A file of patterns has none.
    #[error("there is no pattern in `{}`; write one a line, or name a file with indicators whose `pattern_type` is `stix`", .0.display())]
    NoPattern(PathBuf),
    /// A file of patterns has more than can be held.
    #[error("`{}` has more than {most} patterns; divide it", .path.display())]
    TooManyPatterns {
        /// The file.
        path: PathBuf,
        /// The most patterns.
        most: usize,
    },
    /// The terminal failed.
    #[error("the terminal failed: {0}; give the passphrase with `--passphrase-file`")]
    Terminal(io::Error),
    /// The process could not be set up, or could not say what it did.
    #[error("the process failed: {0}; run `comity doctor`")]
    Runtime(io::Error),
    /// An address to be heard at is not to be had.
    #[error("cannot listen at `{address}`: {error}; set a free address in `comity.toml`")]
    Listen {
        /// The address.
        address: String,
        /// Why.
        error: io::Error,
    },
    /// A use case.
    #[error(transparent)]
    Exchange(#[from] ExchangeError),
    /// A key file.
    #[error(transparent)]
    KeyFile(#[from] KeyFileError),
    /// New keys.
    #[error(transparent)]
    Keys(#[from] KeysError),
    /// The token that keeps the root.
    #[error(transparent)]
    Token(#[from] TokenError),
    /// This node's own descriptor.
    #[error(transparent)]
    Descriptor(#[from] DescriptorError),
    /// The link key.
    #[error(transparent)]
    Link(#[from] TlsError),
    /// A backup.
    #[error(transparent)]
    Backup(#[from] BackupError),
    /// The demonstration.
    #[error(transparent)]
    Demo(#[from] DemoError),
}

impl CliError {
    /// A stable word for it.
    pub(crate) fn code(&self) -> &'static str {
        match self {
            Self::Usage { .. } => "usage",
            Self::LiveNeedsPassphrase => "passphrase-required",
            Self::NotExercise => "not-an-exercise",
            Self::ExerciseEnds { .. } => "exercise-too-far",
            Self::ExerciseClock(_) => "exercise-clock",
            Self::NoNode(_) => "no-node",
            Self::ReadOnly(_) => "read-only",
            Self::NodeExists(_) => "node-exists",
            Self::Config { .. } => "config",
            Self::NoPassphrase => "passphrase-needed",
            Self::ShortPassphrase => "passphrase-too-short",
            Self::PassphrasesDiffer => "passphrases-differ",
            Self::BadPassphraseFile(_) => "passphrase-file",
            Self::NoPin(_) => "pin-needed",
            Self::Exposed { .. } => "file-exposed",
            Self::FingerprintDiffers(_) => "fingerprint-differs",
            Self::NotCompared(_) => "not-compared",
            Self::Read { .. } => "cannot-read",
            Self::Write { .. } => "cannot-write",
            Self::KeysInUse(_) => "keys-in-use",
            Self::Exists(_) => "file-exists",
            Self::NotAFile(_) => "not-a-file",
            Self::UnknownEvidence(_) => "evidence-unknown",
            Self::OtherLog(_) => "other-log",
            Self::NoTiles(_) => "no-tiles",
            Self::NotAPouch(_) => "not-a-pouch",
            Self::TooLarge { .. } => "file-too-large",
            Self::UnknownType { .. } => "unknown-type",
            Self::Certificate { error, .. } => error.code(),
            Self::Content { code, .. } => code,
            Self::Extensions(errors) => errors.first().map_or("extensions", RegistryError::code),
            Self::TooManyFiles { .. } => "too-many-files",
            Self::Pattern(bad) => bad.code(),
            Self::NoPattern(_) => "no-pattern",
            Self::TooManyPatterns { .. } => "too-many-patterns",
            Self::Terminal(_) => "terminal",
            Self::Runtime(_) => "process",
            Self::Listen { .. } => "listen",
            Self::Exchange(error) => error.code(),
            Self::KeyFile(error) => error.code(),
            Self::Keys(error) => error.code(),
            Self::Token(error) => error.code(),
            Self::Descriptor(error) => error.code(),
            Self::Link(error) => error.code(),
            Self::Backup(error) => error.code(),
            Self::Demo(error) => error.code(),
        }
    }

    /// The exit code.
    pub(crate) fn exit(&self) -> Exit {
        match self {
            Self::Usage { .. } | Self::LiveNeedsPassphrase | Self::Pattern(_) => Exit::Usage,
            Self::Exchange(ExchangeError::Input { message, .. })
                if message.name().is_some_and(|it| FORMS.contains(&it)) =>
            {
                Exit::Usage
            }
            Self::Exchange(ExchangeError::Feed(fault)) if fault.code == FeedCode::Url => {
                Exit::Usage
            }
            Self::Exchange(ExchangeError::Courier(_)) => Exit::Partner,
            Self::Exchange(ExchangeError::Feed(fault)) if !fault.code.is_ours() => Exit::Partner,
            _ => Exit::Refused,
        }
    }

    /// The sentence in a language.
    pub(crate) fn in_lang(&self, lang: Lang) -> String {
        match lang {
            Lang::En => self.to_string(),
            Lang::Es => spanish::of(self),
        }
    }

    /// What people are shown below the sentence, ready to be printed.
    pub(crate) fn excerpt(&self) -> Option<&str> {
        match self {
            Self::Pattern(bad) => Some(bad.excerpt()),
            _ => None,
        }
    }

    /// The command line is wrong, in words of both languages.
    pub(crate) fn usage(english: impl Into<String>, spanish: impl Into<String>) -> Self {
        Self::Usage { english: english.into(), spanish: spanish.into() }
    }

    /// A template of a report cannot be read; in words of both languages.
    pub(crate) fn template(path: &Path, line: usize, english: String, spanish: String) -> Self {
        let line = u64::try_from(line).unwrap_or(u64::MAX);
        Self::Content { path: path.to_owned(), line, code: "template", english, spanish }
    }

    /// No command was given.
    pub(crate) fn no_command() -> Self {
        Self::usage(
            "no command was given; `comity --help` lists them",
            "no se indicó ninguna orden; `comity --help` las enumera",
        )
    }
}

/// `; is it `a`, `b`?`, or nothing where there is nothing to name.
fn one_of(question: &str, names: &[String]) -> String {
    if names.is_empty() {
        return String::new();
    }
    format!("{question} `{}`?", names.join("`, `"))
}

impl From<comity_exchange::ports::StoreError> for CliError {
    fn from(error: comity_exchange::ports::StoreError) -> Self {
        Self::Exchange(error.into())
    }
}
