//! `comity audit`: what oversight needs to see, without content.

use crate::ctx::Ctx;
use crate::error::CliError;
use crate::output::Reply;

mod csv;
mod export;
mod page;
mod patterns;
mod rows;
mod sample;
mod words;

/// What is looked at.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// Write a period of the record in counts, for an inspectorate: no content and no names of persons
    Export(export::Args),
    /// Draw random files to examine, by a seed that nobody here chooses
    Sample(sample::Args),
    /// Count habits in approvals that are worth a look; no verdict
    Patterns(patterns::Args),
}

/// Runs the command.
pub(crate) async fn run(ctx: &Ctx, command: Command) -> Result<Reply, CliError> {
    match command {
        Command::Export(args) => export::run(ctx, args).await,
        Command::Sample(args) => sample::run(ctx, args).await,
        Command::Patterns(args) => patterns::run(ctx, args).await,
    }
}
