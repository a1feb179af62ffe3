//! What can go wrong in the demonstration.

use std::path::PathBuf;

use crate::error::spanish;
use crate::lang::Lang;

/// Why the demonstration did not go on. The text names what the user sees: a command, a folder, a node.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DemoError {
    /// The example data is not where it was looked for.
    #[error(
        "the example data is not there: `{0}` cannot be read; give its folder with `--examples DIR`"
    )]
    NoExamples(PathBuf),
    /// The example data cannot be used as it is.
    #[error("`{path}` cannot be used: {message}; write it again with `examples/generate.py`")]
    BadExamples {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        message: String,
    },
    /// The folder for the two nodes has something in it.
    #[error("`{0}` is not empty; name another folder with `--dir DIR`, or none")]
    FolderTaken(PathBuf),
    /// The disk failed.
    #[error("`{path}`: {english}")]
    Disk {
        /// The file or folder.
        path: PathBuf,
        /// What the system says, in English.
        english: String,
        /// The same in Spanish.
        spanish: String,
    },
    /// This program could not be started again, or no port was free.
    #[error("this machine refused: {0}")]
    System(String),
    /// A command ended otherwise than it should.
    #[error("`{command}` ended with {exit}: {message} ({code})")]
    Command {
        /// The command, as typed.
        command: String,
        /// `exit code 1`, or the signal.
        exit: String,
        /// The code of its error.
        code: String,
        /// The sentence of its error.
        message: String,
    },
    /// A command's answer is not what its contract says.
    #[error("`{command}` answered something else than its contract says: {message}")]
    Answer {
        /// The command, as typed.
        command: String,
        /// What is missing or wrong.
        message: String,
    },
    /// Something did not happen in time.
    #[error("waited {seconds} s in vain for {what}")]
    Slow {
        /// What was waited for.
        what: String,
        /// How long.
        seconds: u64,
    },
    /// A node ended by itself.
    #[error("the node `{handle}` stopped by itself with {exit}; its log is `{log}`")]
    Stopped {
        /// Which.
        handle: &'static str,
        /// How.
        exit: String,
        /// Where it wrote why.
        log: PathBuf,
    },
    /// The nodes did what they were told, and it came out otherwise than the story says.
    #[error("the story came out otherwise: {0}")]
    Story(String),
    /// A step did not end well.
    #[error("step {number}, {title}: {error}")]
    Step {
        /// Which, from 1.
        number: usize,
        /// What it was to do, in the language of the narration.
        title: &'static str,
        /// Why it did not.
        error: Box<Self>,
    },
    /// Somebody wanted it to end.
    #[error("interrupted; both nodes are stopped")]
    Interrupted,
}

impl DemoError {
    /// A stable word for it.
    pub(crate) const fn code(&self) -> &'static str {
        match self {
            Self::NoExamples(_) => "no-examples",
            Self::BadExamples { .. } => "bad-examples",
            Self::FolderTaken(_) => "folder-taken",
            Self::Disk { .. } => "disk",
            Self::System(_) => "system",
            Self::Command { .. } => "command-failed",
            Self::Answer { .. } => "unexpected-answer",
            Self::Slow { .. } => "timeout",
            Self::Stopped { .. } => "node-stopped",
            Self::Story(_) => "story",
            Self::Step { error, .. } => error.code(),
            Self::Interrupted => "interrupted",
        }
    }

    /// The sentence for people.
    pub(crate) fn text(&self, lang: Lang) -> String {
        if lang == Lang::En {
            return self.to_string();
        }
        match self {
            Self::NoExamples(path) => format!(
                "no están los datos de ejemplo: no se puede leer `{}`; indique su carpeta con `--examples DIR`",
                path.display()
            ),
            Self::BadExamples { path, message } => format!(
                "no se puede usar `{}` ({message}); escríbalo de nuevo con `examples/generate.py`",
                path.display()
            ),
            Self::FolderTaken(path) => format!(
                "`{}` no está vacía; indique otra carpeta con `--dir DIR`, o ninguna",
                path.display()
            ),
            Self::Disk { path, spanish, .. } => format!("`{}`: {spanish}", path.display()),
            Self::System(message) => format!("el equipo lo rechazó: {message}"),
            Self::Command { command, exit, code, message } => {
                format!("`{command}` terminó con {exit}: {message} ({code})")
            }
            Self::Answer { command, message } => {
                format!("`{command}` no respondió lo que dice su contrato ({message})")
            }
            Self::Slow { what, seconds } => {
                format!("se esperó {seconds} s en vano (waiting for {what})")
            }
            Self::Stopped { handle, exit, log } => format!(
                "el nodo `{handle}` se detuvo solo con {exit}; su bitácora técnica es `{}`",
                log.display()
            ),
            Self::Story(message) => format!("el resultado no es el de la historia ({message})"),
            Self::Step { number, title, error } => {
                format!("paso {number}, {title}: {}", error.text(lang))
            }
            Self::Interrupted => "interrumpido; ambos nodos están detenidos".to_owned(),
        }
    }

    pub(crate) fn disk(path: impl Into<PathBuf>, error: &std::io::Error) -> Self {
        Self::Disk {
            path: path.into(),
            english: error.to_string(),
            spanish: spanish::system(error),
        }
    }

    pub(super) fn story(message: impl Into<String>) -> Self {
        Self::Story(message.into())
    }
}

/// The result of a part of the demonstration.
pub(crate) type Result<T, E = DemoError> = std::result::Result<T, E>;
