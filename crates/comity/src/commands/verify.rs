//! `comity verify`: what a file of evidence proves. It needs no node, no network and no data folder.

use std::path::PathBuf;
use std::str::FromStr;

use comity_model::{Handle, PartyRoot, opening as format};

use crate::ctx::Ctx;
use crate::error::CliError;
use crate::files;
use crate::output::Reply;

mod opening;

/// What is checked, and whom the reader trusts.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The file of evidence; exits with 1 when something in it does not hold, or no root is pinned
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// A party's root as you know it for certain, under a name of your own: us=sha256:...; may be given several times
    #[arg(long = "root", value_name = "HANDLE=ROOT")]
    roots: Vec<Pinned>,
}

/// A root that the reader trusts.
#[derive(Debug, Clone)]
pub(crate) struct Pinned {
    /// What the reader calls the party.
    pub(crate) handle: Handle,
    /// The party.
    pub(crate) root: PartyRoot,
}

impl FromStr for Pinned {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (handle, root) = text.split_once('=').ok_or("us=sha256:...")?;
        let handle = handle.parse().map_err(|error: comity_model::IdError| error.to_string())?;
        let root = root.parse().map_err(|error: comity_model::IdError| error.to_string())?;
        Ok(Self { handle, root })
    }
}

/// Runs the command. The file's own beginning says what it is.
pub(crate) fn run(ctx: &Ctx, args: &Args) -> Result<Reply, CliError> {
    let bytes = files::read_up_to(&args.file, format::FILE_LIMIT as u64)?;
    if bytes.starts_with(format::BEGINNING) {
        return opening::run(ctx, &bytes, &args.roots);
    }
    Err(CliError::UnknownEvidence(args.file.clone()))
}
