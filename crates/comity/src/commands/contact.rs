//! `comity contact`: calls, meetings and letters outside the system, and the reports that national law asks for.

use std::path::PathBuf;
use std::str::FromStr;

use comity_exchange::contact::{self, NewContact, add, link};
use comity_exchange::partner;
use comity_exchange::ports::ContactKind;
use comity_exchange::propose::find_proposal;
use comity_model::{ContactId, Folio, MatterId};
use jiff::Timestamp;
use jiff::fmt::temporal::Pieces;
use jiff::tz::Offset;
use serde::Serialize;

use crate::ctx::{Ctx, actor};
use crate::error::CliError;
use crate::files;
use crate::looks::Looks;
use crate::output::Reply;

pub(crate) mod report;
mod shown;

/// What to do with contacts.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// Enter a call, a meeting or a letter outside the system; it stays in this node
    Add(AddArgs),
    /// List the contacts that were entered, newest first, and whether they are reported
    List {
        /// Only those with this partner
        #[arg(long = "with", value_name = "HANDLE")]
        partner: Option<String>,
        /// How many to show, 1 to 10000 (else 50)
        #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=10_000))]
        limit: u32,
        /// Who looks, and what for.
        #[command(flatten)]
        looks: Looks,
    },
    /// Show a contact
    Show {
        /// The contact's folio or id
        #[arg(value_name = "ID")]
        contact: String,
        /// Who looks, and what for.
        #[command(flatten)]
        looks: Looks,
    },
    /// Link a contact to a proposal that it was about
    Link {
        /// The contact's folio or id
        #[arg(value_name = "ID")]
        contact: String,
        /// The proposal's folio or id
        #[arg(long, value_name = "ID")]
        proposal: String,
        /// Who links it, for the journal (else the login name)
        #[arg(long, value_name = "NAME")]
        by: Option<String>,
    },
    /// Report on a contact or an exchange by a national template, or show what still lacks a report
    Report(report::Args),
}

/// A contact to enter.
#[derive(Debug, clap::Args)]
pub(crate) struct AddArgs {
    /// The partner
    #[arg(long = "with", value_name = "HANDLE")]
    partner: String,
    /// How it took place: call, meeting, letter, message or other
    #[arg(long, value_name = "KIND")]
    kind: Kind,
    /// When it took place, with the offset of its place, as 2026-03-01T10:00:00-06:00
    #[arg(long, value_name = "TIME")]
    at: Moment,
    /// This party's office, never a person's name
    #[arg(long, value_name = "OFFICE")]
    our_office: String,
    /// The partner's office, never a person's name
    #[arg(long, value_name = "OFFICE")]
    their_office: String,
    /// What it was about, in a line
    #[arg(long, value_name = "SUBJECT")]
    subject: String,
    /// What was said
    #[arg(
        long,
        value_name = "TEXT",
        required_unless_present = "said_file",
        conflicts_with = "said_file"
    )]
    said: Option<String>,
    /// The file with what was said
    #[arg(long, value_name = "FILE")]
    said_file: Option<PathBuf>,
    /// The office that authorised it and the reference of the authorisation
    #[arg(long, value_name = "OFFICE/REFERENCE")]
    authorised_by: String,
    /// The proposal that it was about, by folio or id
    #[arg(long, value_name = "ID")]
    proposal: Option<String>,
    /// Who enters it, for the journal (else the login name)
    #[arg(long, value_name = "NAME")]
    by: Option<String>,
}

/// A moment, and the clock by which it was told.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Moment {
    at: Timestamp,
    offset: Offset,
}

impl FromStr for Moment {
    type Err = jiff::Error;

    fn from_str(text: &str) -> Result<Self, jiff::Error> {
        let at = text.parse()?;
        let offset = Pieces::parse(text)?.to_numeric_offset().unwrap_or(Offset::UTC);
        Ok(Self { at, offset })
    }
}

/// How a contact took place.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
pub(crate) enum Kind {
    /// A call.
    Call,
    /// A meeting.
    Meeting,
    /// A letter or a note.
    Letter,
    /// An electronic message.
    Message,
    /// Anything else.
    Other,
}

impl From<Kind> for ContactKind {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Call => Self::Call,
            Kind::Meeting => Self::Meeting,
            Kind::Letter => Self::Letter,
            Kind::Message => Self::Message,
            Kind::Other => Self::Other,
        }
    }
}

#[derive(Serialize)]
struct Added {
    contact: ContactId,
    folio: Folio,
}

#[derive(Serialize)]
struct Linked {
    contact: ContactId,
    proposal: MatterId,
}

/// Runs the command.
pub(crate) async fn run(ctx: &Ctx, command: Command) -> Result<Reply, CliError> {
    match command {
        Command::Add(args) => enter(ctx, args).await,
        Command::List { partner, limit, looks } => shown::list(ctx, &looks, partner, limit).await,
        Command::Show { contact, looks } => shown::show(ctx, &looks, &contact).await,
        Command::Link { contact, proposal, by } => tie(ctx, &contact, &proposal, by).await,
        Command::Report(args) => report::run(ctx, args).await,
    }
}

async fn enter(ctx: &Ctx, args: AddArgs) -> Result<Reply, CliError> {
    let said = match (args.said, args.said_file) {
        (Some(said), _) => said,
        (None, Some(file)) => files::read_text(&file)?,
        (None, None) => String::new(),
    };
    let node = ctx.node().await?;
    let partner = partner::find_party(&node, &args.partner).await?.root;
    let proposal = match args.proposal {
        Some(name) => Some(find_proposal(&node, &name).await?.id),
        None => None,
    };
    let new = NewContact {
        partner,
        kind: args.kind.into(),
        at: args.at.at,
        offset: args.at.offset,
        our_office: args.our_office,
        their_office: args.their_office,
        subject: args.subject,
        said,
        authorised_by: args.authorised_by,
        proposal,
        by: actor(args.by),
    };
    let row = add(&node, new).await?;
    let text = format!("{}: {}", ctx.say("Entered", "Se registró"), row.folio);
    ctx.reply(&Added { contact: row.contact.id, folio: row.folio }, text)
}

async fn tie(ctx: &Ctx, name: &str, proposal: &str, by: Option<String>) -> Result<Reply, CliError> {
    let node = ctx.node().await?;
    let row = contact::find(&node, name).await?;
    let proposal = find_proposal(&node, proposal).await?;
    link(&node, &row, &proposal, &actor(by)).await?;
    let text = format!(
        "{} {} {} {}",
        row.folio,
        ctx.say("is linked to", "quedó vinculado a"),
        ctx.say("proposal", "la propuesta"),
        proposal.folio
    );
    ctx.reply(&Linked { contact: row.contact.id, proposal: proposal.id }, text)
}
