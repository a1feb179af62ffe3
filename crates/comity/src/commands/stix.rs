//! `comity stix`: STIX 2.1 files by themselves. No command here needs a node, opens one or writes anything.

use crate::ctx::Ctx;
use crate::error::CliError;
use crate::lang::Lang;
use crate::output::Reply;

mod check;
mod head;
mod input;
mod matching;
mod nearest;
mod schema;

pub(crate) use matching::BadPattern;

/// What to do with STIX files.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// Check every object against the standard and name every rule that is broken, with its place and how to mend it
    Check(check::Args),
    /// Match patterns against observed-data, and say by which observations they match
    Match(matching::Args),
    /// List what objects are: id, version, markings, references and more, a line each, of files of any size
    Head(head::Args),
    /// Print the JSON schema of a type, or list the types
    Schema(schema::Args),
}

/// Runs the command.
pub(crate) fn run(ctx: &Ctx, command: Command) -> Result<Reply, CliError> {
    match command {
        Command::Check(args) => check::run(ctx, &args),
        Command::Match(args) => matching::run(ctx, &args),
        Command::Head(args) => head::run(ctx, &args),
        Command::Schema(args) => schema::run(ctx, &args),
    }
}

/// Where a rule stands: `section 4.7.1` of the standard, or another document and its section.
fn section(lang: Lang, section: &str) -> String {
    if section.starts_with(|it: char| it.is_ascii_digit()) {
        format!("{} {section}", lang.pick("section", "sección"))
    } else {
        section.to_owned()
    }
}
