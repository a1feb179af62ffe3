//! `comity request`: what is asked of a partner, and how it was answered.

use comity_exchange::access::{Area, Verb};
use comity_exchange::matter::find;
use comity_exchange::partner;
use comity_exchange::request::{Answer, Ask, RequestQuery, answer, ask, clarify, list};
use comity_model::MatterKind;
use comity_model::matter::{AnswerOutcome, ClarificationAct, MatterBody, Urgency};
use jiff::civil::Date;
use serde::Serialize;

use super::matters::{MaybeText, Said, Summary, Text, all_said, history, sealed, stage_word};
use crate::ctx::{Ctx, Names, actor};
use crate::error::CliError;
use crate::lang::Lang;
use crate::looks::Looks;
use crate::output::{Reply, fields, short, table, time};

mod figures;

/// What to do with requests.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// Ask a partner for information; the clock of the agreement runs from when its node has it
    Send {
        /// The partner
        #[arg(long, value_name = "HANDLE")]
        to: String,
        /// How urgent it is: urgent, priority or routine
        #[arg(long, value_name = "URGENCY", value_parser = ["urgent", "priority", "routine"])]
        urgency: String,
        /// For which purpose; some clause of the partner grants it
        #[arg(long, value_name = "PURPOSE")]
        purpose: String,
        /// A STIX type that would answer it; may be given several times
        #[arg(long = "kind", value_name = "TYPE")]
        kinds: Vec<String>,
        /// A legal basis from the agreement's list; may be left out where it has only one
        #[arg(long = "legal-basis", value_name = "TEXT")]
        legal_basis: Vec<String>,
        /// What is asked.
        #[command(flatten)]
        text: Text,
        /// Who asks, for the journal (else the login name)
        #[arg(long, value_name = "NAME")]
        by: Option<String>,
    },
    /// Ask back what a partner's request means
    Clarify {
        /// The request's folio or id
        #[arg(value_name = "ID")]
        request: String,
        /// The question.
        #[command(flatten)]
        text: Text,
        /// Who asks, for the journal (else the login name)
        #[arg(long, value_name = "NAME")]
        by: Option<String>,
    },
    /// Explain an own request that the partner asked back about
    Reply {
        /// The request's folio or id
        #[arg(value_name = "ID")]
        request: String,
        /// The explanation.
        #[command(flatten)]
        text: Text,
        /// Who explains, for the journal (else the login name)
        #[arg(long, value_name = "NAME")]
        by: Option<String>,
    },
    /// Withdraw an own request that needs no answer any more
    Withdraw {
        /// The request's folio or id
        #[arg(value_name = "ID")]
        request: String,
        /// Why.
        #[command(flatten)]
        text: MaybeText,
        /// Who withdraws it, for the journal (else the login name)
        #[arg(long, value_name = "NAME")]
        by: Option<String>,
    },
    /// Answer a partner's request: with releases, with nothing, or by refusing on grounds
    Answer {
        /// The request's folio or id
        #[arg(value_name = "ID")]
        request: String,
        /// What the answer is.
        #[command(flatten)]
        outcome: Outcome,
        /// A sealed release that it consists of, by folio or statement; may be given several times
        #[arg(long = "release", value_name = "ID")]
        releases: Vec<String>,
        /// A legal basis from the agreement's list; may be left out where it has only one
        #[arg(long = "legal-basis", value_name = "TEXT")]
        legal_basis: Vec<String>,
        /// The id of a reason that the agreement lists; may be left out where it has only one
        #[arg(long = "reason", value_name = "REASON")]
        reasons: Vec<String>,
        /// More about it.
        #[command(flatten)]
        text: MaybeText,
        /// Who answers, for the journal (else the login name)
        #[arg(long, value_name = "NAME")]
        by: Option<String>,
    },
    /// List the requests of both sides, newest first
    List {
        /// Only open ones
        #[arg(long)]
        open: bool,
        /// Only open ones whose answer is late
        #[arg(long)]
        overdue: bool,
        /// How many to show, 1 to 10000 (else 50)
        #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=10_000))]
        limit: u32,
        /// Who looks, and what for.
        #[command(flatten)]
        looks: Looks,
    },
    /// Count what each party asked, gave and answered, as both compute it from the record
    Figures {
        /// The agreement's folio or id
        #[arg(long, value_name = "ID")]
        agreement: String,
        /// The first day that counts, in UTC (else from the beginning)
        #[arg(long, value_name = "DATE")]
        from: Option<Date>,
        /// The last day that counts, in UTC (else to the end)
        #[arg(long, value_name = "DATE")]
        until: Option<Date>,
    },
    /// Show a request and everything that was said about it
    Show {
        /// The request's folio or id
        #[arg(value_name = "ID")]
        request: String,
        /// Who looks, and what for.
        #[command(flatten)]
        looks: Looks,
    },
}

/// What an answer is: exactly one of these.
#[derive(Debug, clap::Args)]
#[group(required = true, multiple = false)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub(crate) struct Outcome {
    /// All that can be given; closes the request
    #[arg(long)]
    complete: bool,
    /// Some of it, and more follows; the clock runs on
    #[arg(long)]
    partial: bool,
    /// Nothing is held that answers it; closes the request
    #[arg(long)]
    nothing_found: bool,
    /// It is not answered; closes the request
    #[arg(long)]
    refuse: bool,
}

impl Outcome {
    const fn chosen(&self) -> AnswerOutcome {
        if self.refuse {
            AnswerOutcome::Refused
        } else if self.nothing_found {
            AnswerOutcome::NothingFound
        } else if self.partial {
            AnswerOutcome::Partial
        } else {
            AnswerOutcome::Complete
        }
    }
}

#[derive(Serialize)]
struct All {
    requests: Vec<Summary>,
}

#[derive(Serialize)]
struct Whole {
    #[serde(flatten)]
    summary: Summary,
    said: Vec<Said>,
}

/// Runs the command.
pub(crate) async fn run(ctx: &Ctx, command: Command) -> Result<Reply, CliError> {
    match command {
        Command::Send { to, urgency, purpose, kinds, legal_basis, text, by } => {
            let (node, _) = ctx.unlocked().await?;
            let to = partner::find_party(&node, &to).await?;
            let urgency = Urgency::ALL.into_iter().find(|it| it.as_str() == urgency);
            let wish = Ask {
                to: to.root,
                urgency: urgency.unwrap_or(Urgency::Routine),
                purpose,
                kinds,
                legal_basis,
                text: text.read()?.unwrap_or_default(),
                by: actor(by),
            };
            let row = ask(&node, wish).await?;
            let done = format!("{} `{}`", ctx.say("Asked of", "Se solicitó a"), to.handle);
            sealed(ctx, &node, &row, &done).await
        }
        Command::Clarify { request, text, by } => {
            say(ctx, &request, ClarificationAct::Ask, text.read()?, by).await
        }
        Command::Reply { request, text, by } => {
            say(ctx, &request, ClarificationAct::Reply, text.read()?, by).await
        }
        Command::Withdraw { request, text, by } => {
            say(ctx, &request, ClarificationAct::Withdraw, text.read()?, by).await
        }
        Command::Answer { request, outcome, releases, legal_basis, reasons, text, by } => {
            let (node, _) = ctx.unlocked().await?;
            let (outcome, text) = (outcome.chosen(), text.read()?);
            let said = Answer { outcome, releases, legal_basis, reasons, text, by: actor(by) };
            let row = answer(&node, &request, said).await?;
            sealed(ctx, &node, &row, ctx.say("Answered", "Se respondió")).await
        }
        Command::List { open, overdue, limit, looks } => {
            listed(ctx, &looks, RequestQuery { open, overdue, limit }).await
        }
        Command::Figures { agreement, from, until } => {
            figures::run(ctx, &agreement, from, until).await
        }
        Command::Show { request, looks } => show(ctx, &looks, &request).await,
    }
}

async fn say(
    ctx: &Ctx,
    request: &str,
    act: ClarificationAct,
    text: Option<String>,
    by: Option<String>,
) -> Result<Reply, CliError> {
    let (node, _) = ctx.unlocked().await?;
    let row = clarify(&node, request, act, text, &actor(by)).await?;
    let done = match act {
        ClarificationAct::Ask => ctx.say("Clarification asked for", "Se pidió una aclaración"),
        ClarificationAct::Reply => ctx.say("Clarified", "Se aclaró"),
        ClarificationAct::Withdraw => ctx.say("Withdrawn", "Se retiró"),
    };
    sealed(ctx, &node, &row, done).await
}

async fn listed(ctx: &Ctx, looks: &Looks, query: RequestQuery) -> Result<Reply, CliError> {
    let node = ctx.node().await?;
    let names = Names::of(&node).await?;
    let rows = list(&node, query).await?;
    let requests = rows.iter().map(|row| Summary::of(&node, &names, row));
    let body = All { requests: requests.collect::<Result<_, _>>()? };
    let folios = body.requests.iter().map(|it| &it.folio);
    looks.search(ctx, &node, Area::Matters, None, folios).await?;
    let text = if body.requests.is_empty() {
        ctx.say("There is no such request.", "No hay ninguna solicitud así.").to_owned()
    } else {
        let heading = [
            ctx.say("folio", "folio"),
            ctx.say("from", "de"),
            ctx.say("to", "para"),
            ctx.say("urgency", "urgencia"),
            ctx.say("stage", "estado"),
            ctx.say("due", "vence"),
            ctx.say("text", "texto"),
        ];
        let rows = body.requests.iter().map(|it| {
            [
                it.folio.to_string(),
                it.from.clone(),
                it.to.clone(),
                urgency_word(ctx.lang, &it.opening).to_owned(),
                stage_word(ctx.lang, it.standing).to_owned(),
                it.due_word(ctx),
                short(it.text.as_deref().unwrap_or_default(), 50),
            ]
        });
        table(&heading, rows)
    };
    ctx.reply(&body, text)
}

async fn show(ctx: &Ctx, looks: &Looks, name: &str) -> Result<Reply, CliError> {
    let node = ctx.node().await?;
    let names = Names::of(&node).await?;
    let row = find(&node, name, &[MatterKind::Request]).await?;
    let body = Whole {
        summary: Summary::of(&node, &names, &row)?,
        said: all_said(&node, &names, &row).await?,
    };
    let it = &body.summary;
    looks.note(ctx, &node, Verb::Opened, Area::Matters, [&it.folio]).await?;
    let mut lines = vec![
        (ctx.say("request", "solicitud"), format!("{} ({})", it.folio, it.matter)),
        (ctx.say("from", "de"), it.from.clone()),
        (ctx.say("to", "para"), it.to.clone()),
        (ctx.say("stage", "estado"), stage_word(ctx.lang, it.standing).to_owned()),
        (ctx.say("awaits", "corresponde a"), it.awaits.clone().unwrap_or_default()),
        (ctx.say("urgency", "urgencia"), urgency_word(ctx.lang, &it.opening).to_owned()),
        (ctx.say("asked", "presentada"), time(it.opened_at)),
        (ctx.say("received", "recibida"), it.received_at.map(time).unwrap_or_default()),
        (ctx.say("due", "vence"), it.due_word(ctx)),
    ];
    if let MatterBody::Request(asked) = &it.opening {
        lines.push((ctx.say("purpose", "finalidad"), asked.purpose.clone()));
        lines.push((ctx.say("types", "tipos"), asked.kinds.join(", ")));
        lines.push((ctx.say("legal basis", "fundamento"), asked.legal_basis.join("; ")));
    }
    lines.push((ctx.say("statement", "declaración"), it.statement.to_string()));
    lines.retain(|(_, value)| !value.is_empty());
    let mut parts = vec![fields(&lines)];
    parts.extend(it.text.as_ref().map(|text| text.trim_end().to_owned()));
    parts.extend(history(ctx, &body.said));
    ctx.reply(&body, parts.join("\n\n"))
}

const fn urgency_word(lang: Lang, opening: &MatterBody) -> &'static str {
    match opening {
        MatterBody::Request(body) => match body.urgency {
            Urgency::Urgent => lang.pick("urgent", "urgente"),
            Urgency::Priority => lang.pick("priority", "prioritaria"),
            Urgency::Routine => lang.pick("routine", "ordinaria"),
        },
        _ => "",
    }
}
