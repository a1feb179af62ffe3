//! `comity proposal`: what is put to a partner, and how it was decided.

use std::path::PathBuf;

use comity_exchange::ports::{MatterQuery, OutboundRow};
use comity_exchange::propose::{
    Answer, ProposalDecision, ProposalRow, answer, find_proposal, propose,
};
use comity_exchange::{ExchangeError, partner};
use comity_model::statement::{Decided, DecisionBody, Payload, ProposalBody, ProposalSubject};
use comity_model::{Digest, Folio, MatterId, MatterKind};
use jiff::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::ctx::{Ctx, Names, actor};
use crate::error::CliError;
use crate::files;
use crate::lang::Lang;
use crate::output::{Reply, fields, short, table, time};

/// What to do with proposals.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// Put a proposal to a partner; the decision stays on the record
    Put {
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
        /// The proposal that this one counters, by folio or id
        #[arg(long, value_name = "ID")]
        in_reply_to: Option<String>,
        /// Who puts it, for the journal (else the login name)
        #[arg(long, value_name = "NAME")]
        by: Option<String>,
    },
    /// Decide a proposal that a partner put; it stays decided
    Decide {
        /// The proposal's folio or id
        #[arg(value_name = "ID")]
        proposal: String,
        /// Accept it: it may lead to a draft that both must still sign, and to nothing else
        #[arg(long, required_unless_present = "decline", conflicts_with = "decline")]
        accept: bool,
        /// Decline it
        #[arg(long)]
        decline: bool,
        /// The reasons, for the partner to read
        #[arg(long, value_name = "TEXT")]
        grounds: String,
        /// The office that decides, which the partner sees
        #[arg(long, value_name = "OFFICE")]
        office: String,
        /// A legal basis from the agreement's list; may be given several times
        #[arg(long = "legal-basis", value_name = "TEXT")]
        legal_basis: Vec<String>,
        /// Who decides, for the journal (else the login name)
        #[arg(long, value_name = "NAME")]
        by: Option<String>,
    },
    /// List the proposals of both sides, newest first
    List {
        /// How many to show, 1 to 10000 (else 50)
        #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=10_000))]
        limit: u32,
    },
    /// Show a proposal and the decision on it
    Show {
        /// The proposal's folio or id
        #[arg(value_name = "ID")]
        proposal: String,
    },
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
struct Ruling {
    folio: Folio,
    decision: Decided,
    office: String,
    legal_basis: Vec<String>,
    text: String,
    at: Timestamp,
    statement: Digest,
}

#[derive(Serialize)]
struct Line {
    proposal: MatterId,
    folio: Folio,
    from: String,
    to: String,
    subject: ProposalSubject,
    put_at: Timestamp,
    text: String,
    statement: Digest,
    decision: Option<Ruling>,
}

#[derive(Serialize)]
struct All {
    proposals: Vec<Line>,
}

/// Runs the command.
pub(crate) async fn run(ctx: &Ctx, command: Command) -> Result<Reply, CliError> {
    match command {
        Command::Put { to, subject, text, text_file, in_reply_to, by } => {
            let text = match (text, text_file) {
                (Some(text), _) => text,
                (None, Some(file)) => files::read_text(&file)?,
                (None, None) => String::new(),
            };
            put(ctx, &to, subject.into(), &text, in_reply_to, by).await
        }
        Command::Decide { proposal, accept, decline: _, grounds, office, legal_basis, by } => {
            let decided = if accept { Decided::Accepted } else { Decided::Declined };
            let by = actor(by);
            let answer = Answer { decided, text: grounds, office, legal_basis, by };
            decide(ctx, &proposal, answer).await
        }
        Command::List { limit } => list(ctx, limit).await,
        Command::Show { proposal } => show(ctx, &proposal).await,
    }
}

async fn put(
    ctx: &Ctx,
    to: &str,
    subject: ProposalSubject,
    text: &str,
    in_reply_to: Option<String>,
    by: Option<String>,
) -> Result<Reply, CliError> {
    let (node, _) = ctx.unlocked().await?;
    let to = partner::find_party(&node, to).await?;
    let countered = match in_reply_to {
        Some(name) => Some(find_proposal(&node, &name).await?.id),
        None => None,
    };
    let sealed = propose(&node, to.root, subject, text, countered, &actor(by)).await?;
    let said: ProposalBody = body_of(&sealed)?;
    let body = PutBody {
        proposal: said.proposal,
        folio: said.folio,
        statement: sealed.digest,
        sequence: sealed.sequence,
    };
    let text = format!("{} `{}`: {}", ctx.say("Put to", "Se propuso a"), to.handle, body.folio);
    ctx.reply(&body, text)
}

async fn decide(ctx: &Ctx, name: &str, decision: Answer) -> Result<Reply, CliError> {
    let (node, _) = ctx.unlocked().await?;
    let proposal = find_proposal(&node, name).await?;
    let sealed = answer(&node, &proposal, decision).await?;
    let said: DecisionBody = body_of(&sealed)?;
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

/// What a sealed statement of this party says.
fn body_of<B: DeserializeOwned>(row: &OutboundRow) -> Result<B, CliError> {
    let damaged = |error: comity_model::statement::PayloadError| {
        CliError::from(ExchangeError::Damaged(error.to_string()))
    };
    let payload = Payload::parse(&row.payload).map_err(damaged)?;
    payload.body().map_err(damaged)
}

fn proposal(names: &Names, row: ProposalRow) -> Line {
    let decision = |it: ProposalDecision| Ruling {
        folio: it.body.folio,
        decision: it.decided,
        office: it.body.office,
        legal_basis: it.body.legal_basis,
        text: it.text,
        at: it.at,
        statement: it.statement,
    };
    Line {
        proposal: row.id,
        folio: row.folio,
        from: names.name(row.from),
        to: names.name(row.to),
        subject: row.body.subject,
        put_at: row.put_at,
        text: row.text,
        statement: row.statement,
        decision: row.decision.map(decision),
    }
}

async fn list(ctx: &Ctx, limit: u32) -> Result<Reply, CliError> {
    let node = ctx.node().await?;
    let names = Names::of(&node).await?;
    let query = MatterQuery { kind: Some(MatterKind::Proposal), limit, ..MatterQuery::default() };
    let rows = node.store().matters(query).await?;
    let body = All {
        proposals: rows
            .iter()
            .filter_map(ProposalRow::of)
            .map(|row| proposal(&names, row))
            .collect(),
    };
    let text = if body.proposals.is_empty() {
        ctx.say("There is no proposal.", "No hay ninguna propuesta.").to_owned()
    } else {
        let heading = [
            "folio",
            ctx.say("from", "de"),
            ctx.say("to", "para"),
            ctx.say("subject", "asunto"),
            ctx.say("put", "presentada"),
            ctx.say("decision", "determinación"),
            ctx.say("text", "texto"),
        ];
        let rows = body.proposals.iter().map(|it| {
            [
                it.folio.to_string(),
                it.from.clone(),
                it.to.clone(),
                subject_word(ctx.lang, it.subject).to_owned(),
                time(it.put_at),
                match &it.decision {
                    Some(ruling) => decided_word(ctx.lang, ruling.decision).to_owned(),
                    None => ctx.say("open", "pendiente").to_owned(),
                },
                short(&it.text, 50),
            ]
        });
        table(&heading, rows)
    };
    ctx.reply(&body, text)
}

async fn show(ctx: &Ctx, name: &str) -> Result<Reply, CliError> {
    let node = ctx.node().await?;
    let names = Names::of(&node).await?;
    let body = proposal(&names, find_proposal(&node, name).await?);
    let text = fields(&[
        (ctx.say("proposal", "propuesta"), format!("{} ({})", body.folio, body.proposal)),
        (ctx.say("from", "de"), body.from.clone()),
        (ctx.say("to", "para"), body.to.clone()),
        (ctx.say("subject", "asunto"), subject_word(ctx.lang, body.subject).to_owned()),
        (ctx.say("put", "presentada"), time(body.put_at)),
        (ctx.say("statement", "declaración"), body.statement.to_string()),
    ]);
    let mut parts = vec![text, body.text.trim_end().to_owned()];
    if let Some(decision) = &body.decision {
        parts.push(fields(&[
            (
                ctx.say("decision", "determinación"),
                format!("{} ({})", decided_word(ctx.lang, decision.decision), decision.folio),
            ),
            (ctx.say("office", "área"), decision.office.clone()),
            (ctx.say("legal basis", "fundamento"), decision.legal_basis.join("; ")),
            (ctx.say("decided", "fecha"), time(decision.at)),
            (ctx.say("statement", "declaración"), decision.statement.to_string()),
        ]));
        parts.push(decision.text.trim_end().to_owned());
    }
    ctx.reply(&body, parts.join("\n\n"))
}

const fn decided_word(lang: Lang, decided: Decided) -> &'static str {
    match decided {
        Decided::Accepted => lang.pick("accepted", "aceptada"),
        Decided::Declined => lang.pick("declined", "no aceptada"),
    }
}

const fn subject_word(lang: Lang, subject: ProposalSubject) -> &'static str {
    match subject {
        ProposalSubject::JointOperation => lang.pick("joint operation", "operación conjunta"),
        ProposalSubject::Amendment => lang.pick("amendment", "modificación del acuerdo"),
        ProposalSubject::TechnicalSupport => lang.pick("technical support", "apoyo técnico"),
        ProposalSubject::Other => lang.pick("other", "otro"),
    }
}
