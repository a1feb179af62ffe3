//! `comity proposal`: what is put to a partner, how it was decided, and the history of a subject.

use std::path::PathBuf;

use comity_exchange::partner;
use comity_exchange::propose::{self, Answer, Put, answer, find_proposal, propose};
use comity_model::statement::{
    Decided, DecisionBody, Payload, PayloadError, ProposalBody, ProposalSubject,
};
use comity_model::{AgreementId, Digest, Folio, MatterId};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::commands::attach;
use crate::ctx::{Ctx, actor};
use crate::error::CliError;
use crate::files;
use crate::lang::Lang;
use crate::looks::Looks;
use crate::output::Reply;

mod history;
mod shown;

use shown::decided_word;

/// What to do with proposals.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// Put a proposal to a partner; the decision stays on the record
    Put(PutArgs),
    /// Decide a proposal that a partner put; it stays decided
    Decide(DecideArgs),
    /// List the proposals of both sides, newest first, with the time for which they are open
    List {
        /// Only those that are not decided
        #[arg(long)]
        open: bool,
        /// How many to show, 1 to 10000 (else 50)
        #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=10_000))]
        limit: u32,
        /// Who looks, and what for.
        #[command(flatten)]
        looks: Looks,
    },
    /// Show a proposal and the decision on it
    Show {
        /// The proposal's folio or id
        #[arg(value_name = "ID")]
        proposal: String,
        /// Who looks, and what for.
        #[command(flatten)]
        looks: Looks,
    },
    /// Tell the history of a subject: put, put again, countered, decided, in the order of time
    History {
        /// The folio or id of any proposal in it
        #[arg(value_name = "ID")]
        proposal: String,
        /// Who looks, and what for.
        #[command(flatten)]
        looks: Looks,
    },
    /// Write a draft amendment after an accepted proposal; it binds nobody until both sign it
    Draft {
        /// The proposal's folio or id
        #[arg(value_name = "ID")]
        proposal: String,
        /// The file to write, which must not be there
        #[arg(short, long, value_name = "FILE")]
        out: PathBuf,
        /// Who drafts it, for the journal (else the login name)
        #[arg(long, value_name = "NAME")]
        by: Option<String>,
    },
}

/// A proposal to put.
#[derive(Debug, clap::Args)]
pub(crate) struct PutArgs {
    /// The partner
    #[arg(long, value_name = "HANDLE")]
    to: String,
    /// What it is about: joint-operation, amendment, technical-support or other
    #[arg(long, value_name = "SUBJECT")]
    subject: Subject,
    /// Its text
    #[arg(
        long,
        value_name = "TEXT",
        required_unless_present = "text_file",
        conflicts_with = "text_file"
    )]
    text: Option<String>,
    /// The file with its text
    #[arg(long, value_name = "FILE")]
    text_file: Option<PathBuf>,
    /// A file that travels with it; may be given several times
    #[arg(long, value_name = "FILE")]
    attach: Vec<PathBuf>,
    /// A legal basis from the agreement's list; may be given several times
    #[arg(long = "legal-basis", value_name = "TEXT")]
    legal_basis: Vec<String>,
    /// The partner's proposal that this one counters, by folio or id
    #[arg(long, value_name = "ID")]
    in_reply_to: Option<String>,
    /// The earlier proposal, decided since, that this one puts again, by folio or id
    #[arg(long, value_name = "ID")]
    again: Option<String>,
    /// Who puts it, for the journal (else the login name)
    #[arg(long, value_name = "NAME")]
    by: Option<String>,
}

/// A decision to take.
#[derive(Debug, clap::Args)]
#[command(group = clap::ArgGroup::new("decision").required(true).args(["accept", "decline"]))]
pub(crate) struct DecideArgs {
    /// The proposal's folio or id
    #[arg(value_name = "ID")]
    proposal: String,
    /// Accept it: it may lead to a draft that both must still sign, and to nothing else
    #[arg(long)]
    accept: bool,
    /// Decline it
    #[arg(long)]
    decline: bool,
    /// The grounds in words, for the partner to read
    #[arg(long, value_name = "TEXT")]
    grounds: String,
    /// The office that decides, which the partner sees
    #[arg(long, value_name = "OFFICE")]
    office: String,
    /// A legal basis from the agreement's list; may be given several times
    #[arg(long = "legal-basis", value_name = "TEXT")]
    legal_basis: Vec<String>,
    /// A reason from the agreement's list, by its id; may be given several times
    #[arg(long = "reason", value_name = "ID")]
    reasons: Vec<String>,
    /// Who decides, for the journal (else the login name)
    #[arg(long, value_name = "NAME")]
    by: Option<String>,
}

/// What a proposal is about.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
pub(crate) enum Subject {
    /// A joint operation.
    JointOperation,
    /// A change of the agreement.
    Amendment,
    /// Technical support.
    TechnicalSupport,
    /// Anything else.
    Other,
}

impl From<Subject> for ProposalSubject {
    fn from(subject: Subject) -> Self {
        match subject {
            Subject::JointOperation => Self::JointOperation,
            Subject::Amendment => Self::Amendment,
            Subject::TechnicalSupport => Self::TechnicalSupport,
            Subject::Other => Self::Other,
        }
    }
}

#[derive(Serialize)]
struct PutBody {
    proposal: MatterId,
    folio: Folio,
    statement: Digest,
    sequence: Option<u64>,
}

#[derive(Serialize)]
struct DecidedBody {
    proposal: MatterId,
    folio: Folio,
    decision: Decided,
    statement: Digest,
    sequence: Option<u64>,
}

#[derive(Serialize)]
struct DraftBody {
    proposal: MatterId,
    agreement: AgreementId,
    version: u32,
    file: String,
}

/// Runs the command.
pub(crate) async fn run(ctx: &Ctx, command: Command) -> Result<Reply, CliError> {
    match command {
        Command::Put(args) => put(ctx, args).await,
        Command::Decide(args) => decide(ctx, args).await,
        Command::List { open, limit, looks } => shown::list(ctx, &looks, open, limit).await,
        Command::Show { proposal, looks } => shown::show(ctx, &looks, &proposal).await,
        Command::History { proposal, looks } => history::run(ctx, &looks, &proposal).await,
        Command::Draft { proposal, out, by } => draft(ctx, &proposal, out, by).await,
    }
}

async fn put(ctx: &Ctx, args: PutArgs) -> Result<Reply, CliError> {
    let text = match (args.text, args.text_file) {
        (Some(text), _) => text,
        (None, Some(file)) => files::read_text(&file)?,
        (None, None) => String::new(),
    };
    let attachments = attach::read(&args.attach)?;
    let (node, _) = ctx.unlocked().await?;
    let to = partner::find_party(&node, &args.to).await?;
    let (mut in_reply_to, mut again) = (None, None);
    for (name, id) in [(args.in_reply_to, &mut in_reply_to), (args.again, &mut again)] {
        if let Some(name) = name {
            *id = Some(find_proposal(&node, &name).await?.id);
        }
    }
    let put = Put {
        to: to.root,
        subject: args.subject.into(),
        text,
        attachments,
        legal_basis: args.legal_basis,
        in_reply_to,
        again,
        by: actor(args.by),
    };
    let sealed = propose(&node, put).await?;
    let said: ProposalBody = body_of(&sealed.payload)?;
    let body = PutBody {
        proposal: said.proposal,
        folio: said.folio,
        statement: sealed.digest,
        sequence: sealed.sequence,
    };
    let text = format!("{} `{}`: {}", ctx.say("Put to", "Se propuso a"), to.handle, body.folio);
    ctx.reply(&body, text)
}

async fn decide(ctx: &Ctx, args: DecideArgs) -> Result<Reply, CliError> {
    let (node, _) = ctx.unlocked().await?;
    let proposal = find_proposal(&node, &args.proposal).await?;
    let decision = Answer {
        decided: if args.accept { Decided::Accepted } else { Decided::Declined },
        text: args.grounds,
        office: args.office,
        legal_basis: args.legal_basis,
        reasons: args.reasons,
        by: actor(args.by),
    };
    let sealed = answer(&node, &proposal, decision).await?;
    let said: DecisionBody = body_of(&sealed.payload)?;
    let body = DecidedBody {
        proposal: said.proposal,
        folio: said.folio,
        decision: said.decision,
        statement: sealed.digest,
        sequence: sealed.sequence,
    };
    let text = format!(
        "{}: {}, {} {}",
        proposal.folio,
        decided_word(ctx.lang, body.decision),
        ctx.say("decision", "determinación"),
        body.folio
    );
    ctx.reply(&body, text)
}

async fn draft(ctx: &Ctx, name: &str, out: PathBuf, by: Option<String>) -> Result<Reply, CliError> {
    let node = ctx.node().await?;
    let proposal = find_proposal(&node, name).await?;
    let draft = propose::draft(&node, &proposal, &actor(by)).await?;
    files::write_new(&out, draft.text.as_bytes())?;
    let body = DraftBody {
        proposal: proposal.id,
        agreement: draft.agreement,
        version: draft.version,
        file: files::name(&out),
    };
    let text = match ctx.lang {
        Lang::En => format!(
            "Wrote the draft of version {} to `{}`; it changes nothing until both parties have signed it",
            body.version, body.file
        ),
        Lang::Es => format!(
            "Se escribió en `{}` el proyecto de la versión {}; no cambia nada mientras no lo firmen ambas partes",
            body.file, body.version
        ),
    };
    ctx.reply(&body, text)
}

/// What a sealed statement of this party says.
fn body_of<B: DeserializeOwned + Serialize>(payload: &[u8]) -> Result<B, CliError> {
    let damaged = |error: PayloadError| {
        CliError::from(comity_exchange::ExchangeError::Damaged(error.to_string()))
    };
    Payload::parse(payload).map_err(damaged)?.body().map_err(damaged)
}
