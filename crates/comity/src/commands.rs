//! One module for each command.

use crate::cli::Command;
use crate::ctx::Ctx;
use crate::error::CliError;
use crate::output::Reply;

pub(crate) mod advice;
pub(crate) mod agreement;
pub(crate) mod attach;
pub(crate) mod audit;
pub(crate) mod backup;
pub(crate) mod collection;
pub(crate) mod consent;
pub(crate) mod contact;
pub(crate) mod demo;
pub(crate) mod doctor;
pub(crate) mod exercise;
pub(crate) mod feed;
pub(crate) mod holdings;
pub(crate) mod import;
pub(crate) mod inbox;
pub(crate) mod init;
pub(crate) mod journal;
pub(crate) mod key;
pub(crate) mod legal_hold;
pub(crate) mod matters;
pub(crate) mod officer;
pub(crate) mod party;
pub(crate) mod pattern;
pub(crate) mod pouch;
pub(crate) mod proposal;
pub(crate) mod purge;
pub(crate) mod reasons;
pub(crate) mod recall;
pub(crate) mod record;
mod refused;
pub(crate) mod release;
pub(crate) mod request;
pub(crate) mod restore;
pub(crate) mod serve;
pub(crate) mod status;
pub(crate) mod stix;
pub(crate) mod token;
pub(crate) mod unit;
pub(crate) mod user;
pub(crate) mod verify;

/// Does what a command asks. One that changes something and is refused leaves a line in the journal.
pub(crate) async fn run(ctx: &Ctx, command: Command) -> Result<Reply, CliError> {
    let attempt = refused::Attempt::of(&command);
    let done = run_one(ctx, command).await;
    if let (Some(attempt), Err(error)) = (attempt, &done) {
        attempt.refused(ctx, error).await;
    }
    done
}

async fn run_one(ctx: &Ctx, command: Command) -> Result<Reply, CliError> {
    match command {
        Command::Init(args) => init::run(ctx, args).await,
        Command::Serve(args) => Box::pin(serve::run(ctx, args)).await,
        Command::Demo(args) => demo::run(ctx, args).await,
        Command::Key(command) => key::run(ctx, command).await,
        Command::Party(command) => party::run(ctx, command).await,
        Command::Agreement(command) => agreement::run(ctx, command).await,
        Command::Officer(command) => officer::run(ctx, command).await,
        Command::Import(args) => import::run(ctx, args).await,
        Command::Holdings(args) => holdings::run(ctx, args).await,
        Command::Release(command) => release::run(ctx, command).await,
        Command::Request(command) => request::run(ctx, command).await,
        Command::Proposal(command) => proposal::run(ctx, command).await,
        Command::Advice(command) => advice::run(ctx, command).await,
        Command::Recall(command) => recall::run(ctx, command).await,
        Command::Exercise(command) => exercise::run(ctx, command).await,
        Command::Purge(command) => purge::run(ctx, command).await,
        Command::LegalHold(command) => legal_hold::run(ctx, command).await,
        Command::Unit(command) => unit::run(ctx, command).await,
        Command::User(command) => user::run(ctx, command).await,
        Command::Token(command) => token::run(ctx, command).await,
        Command::Collection(command) => collection::run(ctx, command).await,
        Command::Feed(command) => Box::pin(feed::run(ctx, command)).await,
        Command::Pattern(args) => pattern::run(ctx, args).await,
        Command::Contact(command) => contact::run(ctx, command).await,
        Command::Consent(command) => consent::run(ctx, command).await,
        Command::Inbox(command) => inbox::run(ctx, command).await,
        Command::Record(command) => record::run(ctx, command).await,
        Command::Audit(args) => audit::run(ctx, args).await,
        Command::Pouch(command) => pouch::run(ctx, command).await,
        Command::Status(args) => status::run(ctx, args).await,
        Command::Journal(command) => journal::run(ctx, command).await,
        Command::Backup(args) => backup::run(ctx, args).await,
        Command::Restore(args) => restore::run(ctx, args).await,
        Command::Doctor(args) => doctor::run(ctx, args).await,
        Command::Verify(args) => verify::run(ctx, &args),
        Command::Stix(command) => stix::run(ctx, command),
    }
}
