//! The command line: its commands and global options, and how it is read in two languages.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::error::ErrorKind;
use clap::{ArgAction, Args, CommandFactory as _, FromArgMatches as _, Parser, Subcommand};

use crate::commands::{
    advice, agreement, audit, backup, collection, consent, contact, demo, doctor, exercise, feed,
    holdings, import, inbox, init, journal, key, legal_hold, officer, party, pattern, pouch,
    proposal, purge, recall, record, release, request, restore, serve, status, stix, token, unit,
    user, verify,
};
use crate::error::CliError;
use crate::lang::Lang;

mod examples;
mod help;
mod spanish;
mod wrong;

#[cfg(test)]
mod tests;

/// The data folder where none is named.
pub(crate) const DATA: &str = "comity-data";

/// Exchanges intelligence with partner authorities under signed agreements; each keeps its own node
#[derive(Debug, Parser)]
#[command(
    name = "comity",
    version,
    disable_help_flag = true,
    disable_version_flag = true,
    disable_help_subcommand = true,
    subcommand_required = true,
    arg_required_else_help = true
)]
pub(crate) struct Cli {
    /// What holds for every command.
    #[command(flatten)]
    pub(crate) global: Global,
    /// Print the version
    #[arg(long, short = 'V', help_heading = "Global options", action = ArgAction::Version)]
    version: Option<bool>,
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What holds for every command.
#[derive(Debug, Args)]
#[command(next_help_heading = "Global options")]
pub(crate) struct Global {
    /// The data folder.
    #[arg(
        long,
        global = true,
        value_name = "DIR",
        env = "COMITY_DATA",
        default_value = DATA,
        help = "The node's data folder (COMITY_DATA; else ./comity-data)"
    )]
    pub(crate) data: PathBuf,
    /// Print one JSON document and nothing else, errors too
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// The language.
    #[arg(
        long,
        global = true,
        value_name = "LANG",
        env = "COMITY_LANG",
        help = "The language of texts and messages, en or es (COMITY_LANG; else the node's, else the system's)"
    )]
    pub(crate) lang: Option<Lang>,
    /// The passphrase.
    #[arg(
        long,
        global = true,
        value_name = "FILE",
        env = "COMITY_PASSPHRASE_FILE",
        help = "The file with the passphrase, mode 0600 (COMITY_PASSPHRASE_FILE; else a systemd credential, else it is asked for)"
    )]
    pub(crate) passphrase_file: Option<PathBuf>,
    /// Print this help
    #[arg(long, short, global = true, action = ArgAction::Help)]
    help: Option<bool>,
}

/// Every command.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Make a node: its keys, its database, its configuration and its descriptor
    Init(init::Args),
    /// Run the node: hear partners, send what is sealed, answer what arrives
    Serve(serve::Args),
    /// Play a release between two nodes on this machine, from end to end
    Demo(demo::Args),
    /// Keys of this party: list, rotate, revoke, put under another passphrase
    #[command(subcommand)]
    Key(key::Command),
    /// Partners: exchange descriptors, compare fingerprints, confirm
    #[command(subcommand)]
    Party(party::Command),
    /// Agreements: draft, check, sign, take in
    #[command(subcommand)]
    Agreement(agreement::Command),
    /// Officers, who approve releases
    #[command(subcommand)]
    Officer(officer::Command),
    /// Take in this party's own objects from STIX bundles or JSON lines
    Import(import::Args),
    /// What this node holds
    Holdings(holdings::Args),
    /// Releases: compose, approve, send, follow
    #[command(subcommand)]
    Release(release::Command),
    /// Requests for information: ask, clarify, answer, follow the clock
    #[command(subcommand)]
    Request(request::Command),
    /// Proposals: put one to a partner, decide one of theirs
    #[command(subcommand)]
    Proposal(proposal::Command),
    /// Technical support: ask for it, offer it, give it; it binds nobody
    #[command(subcommand)]
    Advice(advice::Command),
    /// Recalls: ask for something back, answer a partner that does
    #[command(subcommand)]
    Recall(recall::Command),
    /// Purges: what partners released and whose time is over
    #[command(subcommand)]
    Purge(purge::Command),
    /// Training nodes: let time pass on one
    #[command(subcommand)]
    Exercise(exercise::Command),
    /// Legal holds: what must be kept is not purged, and nobody reads it
    #[command(subcommand)]
    LegalHold(legal_hold::Command),
    /// National units of this party, and what each is given
    #[command(subcommand)]
    Unit(unit::Command),
    /// Accounts of this party's units and tools, which read and write collections
    #[command(subcommand)]
    User(user::Command),
    /// Tokens, which programs show instead of a password
    #[command(subcommand)]
    Token(token::Command),
    /// Collections: what units and tools pull from this node by TAXII
    #[command(subcommand)]
    Collection(collection::Command),
    /// Feeds: other people's TAXII servers, from which this party takes objects
    #[command(subcommand)]
    Feed(feed::Command),
    /// Standing patterns: what they match of everything that is admitted becomes a sighting
    Pattern(pattern::Args),
    /// Contacts outside the system: calls, meetings and letters, and the reports on them
    #[command(subcommand)]
    Contact(contact::Command),
    /// Consents: whether what a partner released may go on to a third party
    #[command(subcommand)]
    Consent(consent::Command),
    /// What partners' nodes sent and what became of it
    #[command(subcommand)]
    Inbox(inbox::Command),
    /// The record: what was said, in order, and what proves it
    #[command(subcommand)]
    Record(record::Command),
    /// Oversight: what an inspectorate is shown, without content
    Audit(audit::Args),
    /// Pouches that somebody carries by hand: write them, take them in, look at one
    #[command(subcommand)]
    Pouch(pouch::Command),
    /// What this node holds and can prove, in figures
    Status(status::Args),
    /// The private record of everything that happened in this node
    #[command(subcommand)]
    Journal(journal::Command),
    /// Copy the data folder while the node serves
    Backup(backup::Args),
    /// Put a node back from a backup, into an empty data folder
    Restore(restore::Args),
    /// Look for what is wrong or soon will be, and say what to do
    Doctor(doctor::Args),
    /// Say what a file of evidence proves; needs no node
    Verify(verify::Args),
    /// STIX files by themselves: check, match, list, look up types; needs no node and changes nothing
    #[command(subcommand)]
    Stix(stix::Command),
}

/// What the command line prints instead of doing something.
#[derive(Debug)]
pub(crate) enum Shown {
    /// What was asked for: help, or the version.
    Help(String),
    /// The help, because no command was given.
    Missing(String),
    /// What is wrong.
    Wrong(CliError),
}

/// Reads the arguments, the first being the program.
pub(crate) fn parse(arguments: Vec<OsString>, lang: Lang) -> Result<Cli, Shown> {
    let mut command = help::in_lang(Cli::command(), lang);
    let error = match command.try_get_matches_from_mut(arguments) {
        Ok(matches) => match Cli::from_arg_matches(&matches) {
            Ok(cli) => return Ok(cli),
            Err(error) => error,
        },
        Err(error) => error,
    };
    Err(match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => Shown::Help(error.to_string()),
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => Shown::Missing(error.to_string()),
        _ => Shown::Wrong(wrong::explain(&error)),
    })
}
