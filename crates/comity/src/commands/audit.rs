//! `comity audit`: what oversight needs to see, without content.

use crate::ctx::Ctx;
use crate::error::CliError;
use crate::looks::Looks;
use crate::output::Reply;

mod csv;
mod export;
mod lost;
mod page;
mod patterns;
mod person;
mod rows;
mod sample;
mod words;

/// What is looked at, and who looks.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Who looks, and what for.
    #[command(flatten)]
    looks: Looks,
    /// What is looked at.
    #[command(subcommand)]
    command: Command,
}

/// What is looked at.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// Write a period of the record in counts, for an inspectorate: no content and no names of persons
    Export(export::Args),
    /// Draw random files to examine, by a seed that is brought or comes from partners
    Sample(sample::Args),
    /// Tell who received data about one person, as what, what came of it, and who looked at it here
    Person(person::Args),
    /// Count habits in approvals and in looking that are worth a look; no verdict
    Patterns(patterns::Args),
}

/// Runs the command.
pub(crate) async fn run(ctx: &Ctx, args: Args) -> Result<Reply, CliError> {
    let reader = args.looks.reader(ctx)?;
    match args.command {
        Command::Export(args) => export::run(ctx, &reader, args).await,
        Command::Sample(args) => sample::run(ctx, &reader, args).await,
        Command::Person(args) => person::run(ctx, &reader, args).await,
        Command::Patterns(args) => patterns::run(ctx, &reader, args).await,
    }
}
