//! `comity demo`: two nodes on this machine play a year of cooperation.

use std::path::PathBuf;

use crate::ctx::Ctx;
use crate::demo;
use crate::error::CliError;
use crate::output::Reply;

/// How to play.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Stop both nodes at the end; exit 0 only if they agree on every count
    #[arg(long)]
    pub(crate) once: bool,
    /// Keep the two nodes in this folder, new or empty (else a new one among the temporary files)
    #[arg(long, value_name = "DIR")]
    pub(crate) dir: Option<PathBuf>,
    /// The folder with the example data (else ./examples, else the one beside the source)
    #[arg(long, value_name = "DIR")]
    pub(crate) examples: Option<PathBuf>,
}

/// Plays.
pub(crate) async fn run(ctx: &Ctx, args: Args) -> Result<Reply, CliError> {
    demo::run(ctx, &args).await
}
