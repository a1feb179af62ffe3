//! `comity pouch`: pouches as files that somebody carries by hand (docs/protocol.md section 5.8).

use std::path::PathBuf;

use jiff::Timestamp;

use crate::ctx::Ctx;
use crate::error::CliError;
use crate::looks::Why;
use crate::output::Reply;

mod export;
mod import;
mod payload;
mod progress;
mod show;

pub(crate) use import::carried;

/// What to do about pouches.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// Write what waits for a partner into a folder, a pouch a file; only its receipts settle it
    Export {
        /// The partner, by nickname or root
        #[arg(long, value_name = "HANDLE")]
        to: String,
        /// The folder to write into; it is made if it is not there, and what is whole in it is kept
        #[arg(long, short = 'o', value_name = "DIR")]
        out: PathBuf,
        /// Also what was written or sent before and is not answered yet
        #[arg(long, conflicts_with = "since")]
        again: bool,
        /// Everything sealed at this time or later, answered or not: for a partner that lost it
        #[arg(long, value_name = "TIME")]
        since: Option<Timestamp>,
        /// What for.
        #[command(flatten)]
        why: Why,
        /// Who exports, for the journal (else the login name)
        #[arg(long, value_name = "NAME")]
        by: Option<String>,
    },
    /// Take in pouches that somebody brought, in any order and as often as they come
    Import {
        /// Pouches, or folders of them; exits with 1 when one is not taken in, which stops no other
        #[arg(value_name = "PATH", required = true)]
        paths: Vec<PathBuf>,
        /// Who imports, for the journal (else the login name)
        #[arg(long, value_name = "NAME")]
        by: Option<String>,
    },
    /// Say what can be seen of a pouch without opening it; needs no node
    Show {
        /// The pouch
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// Open it with this node's keys and say what is in it; the journal notes it
        #[arg(long)]
        open: bool,
        /// What for.
        #[command(flatten)]
        why: Why,
        /// Who opens it, for the journal (else the login name)
        #[arg(long, value_name = "NAME", requires = "open")]
        by: Option<String>,
    },
    /// Open a pouch and write its parts into a folder, for whoever checks evidence beside them with `verify --with`
    Payload {
        /// The pouch; it was sealed to this node
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// The folder to write; it must not exist. Whoever reads it learns the content
        #[arg(long, short = 'o', value_name = "DIR")]
        out: PathBuf,
        /// What for.
        #[command(flatten)]
        why: Why,
        /// Who writes it, for the journal (else the login name)
        #[arg(long, value_name = "NAME")]
        by: Option<String>,
    },
}

/// Runs the command.
pub(crate) async fn run(ctx: &Ctx, command: Command) -> Result<Reply, CliError> {
    match command {
        Command::Export { to, out, again, since, why, by } => {
            export::run(ctx, &to, out, export::which(again, since), &why.by(by.as_ref())).await
        }
        Command::Import { paths, by } => import::run(ctx, paths, by).await,
        Command::Show { file, open, why, by } => {
            show::run(ctx, file, open, &why.by(by.as_ref())).await
        }
        Command::Payload { file, out, why, by } => {
            payload::run(ctx, file, out, &why.by(by.as_ref())).await
        }
    }
}
