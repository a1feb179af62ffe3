//! `comity advice`: technical support, asked for, offered and given; and disputes.

use std::path::PathBuf;

use comity_exchange::access::{Area, Verb};
use comity_exchange::advice::{Content, Open, answer, dispute, find, open, topic};
use comity_exchange::ports::MatterQuery;
use comity_exchange::{ExchangeError, partner};
use comity_model::MatterKind;
use comity_model::matter::{AdviceAct, AdviceTopic, MatterBody};
use serde::Serialize;

use super::matters::{
    MaybeText, Said, Summary, Text, act_word, all_said, file_line, history, opening_files, sealed,
    stage_word,
};
use crate::commands::attach;
use crate::ctx::{Ctx, Names, actor};
use crate::error::CliError;
use crate::lang::Lang;
use crate::looks::Looks;
use crate::output::{Reply, fields, short, table, time};

mod save;

/// What to do about advice.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// Ask a partner for technical support
    Ask(New),
    /// Offer technical support to a partner
    Offer(New),
    /// Accept what was offered, or agree to give what was asked for
    Accept(Maybe),
    /// Decline what was asked for, offered or given
    Decline(Must),
    /// Give the support: text and files; it binds nobody
    Give {
        /// What it answers, by folio or id; left out where it is given unasked
        #[arg(
            value_name = "ID",
            required_unless_present = "to",
            conflicts_with_all = ["to", "topic"]
        )]
        advice: Option<String>,
        /// The partner, where it is given unasked
        #[arg(long, value_name = "HANDLE", requires = "topic")]
        to: Option<String>,
        /// About what, where it is given unasked
        #[arg(long, value_name = "TOPIC", requires = "to")]
        topic: Option<Topic>,
        /// What is said.
        #[command(flatten)]
        text: Text,
        /// A file that travels with it, 64 MiB at the most; may be given several times
        #[arg(long, value_name = "FILE")]
        attach: Vec<PathBuf>,
        /// Who gives it, for the journal (else the login name)
        #[arg(long, value_name = "NAME")]
        by: Option<String>,
    },
    /// Say that what was given is noted
    Note(Maybe),
    /// Say that what was given is followed; nothing but the record changes
    Adopt(Maybe),
    /// Dispute a statement of either party
    Dispute {
        /// The partner
        #[arg(long, value_name = "HANDLE")]
        to: String,
        /// The statement, by its digest or a folio
        #[arg(long, value_name = "ID")]
        about: String,
        /// What is disputed.
        #[command(flatten)]
        text: Text,
        /// Who disputes it, for the journal (else the login name)
        #[arg(long, value_name = "NAME")]
        by: Option<String>,
    },
    /// List the advice of both sides, newest first
    List {
        /// Only what is open
        #[arg(long)]
        open: bool,
        /// How many to show, 1 to 10000 (else 50)
        #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=10_000))]
        limit: u32,
        /// Who looks, and what for.
        #[command(flatten)]
        looks: Looks,
    },
    /// Show advice and everything that was said about it
    Show {
        /// Its folio or id
        #[arg(value_name = "ID")]
        advice: String,
        /// Who looks, and what for.
        #[command(flatten)]
        looks: Looks,
    },
    /// Write the files that came with advice into a folder; none is overwritten or can be run
    Save {
        /// Its folio or id
        #[arg(value_name = "ID")]
        advice: String,
        /// The folder; it is made where there is none
        #[arg(long, value_name = "DIR")]
        out: PathBuf,
        /// Who looks, and what for.
        #[command(flatten)]
        looks: Looks,
    },
}

/// What begins a matter.
#[derive(Debug, clap::Args)]
pub(crate) struct New {
    /// The partner
    #[arg(long, value_name = "HANDLE")]
    to: String,
    /// About what
    #[arg(long, value_name = "TOPIC")]
    topic: Topic,
    /// What is said.
    #[command(flatten)]
    text: Text,
    /// Who says it, for the journal (else the login name)
    #[arg(long, value_name = "NAME")]
    by: Option<String>,
}

/// An answer whose text may be left out.
#[derive(Debug, clap::Args)]
pub(crate) struct Maybe {
    /// Its folio or id
    #[arg(value_name = "ID")]
    advice: String,
    /// What is said.
    #[command(flatten)]
    text: MaybeText,
    /// Who says it, for the journal (else the login name)
    #[arg(long, value_name = "NAME")]
    by: Option<String>,
}

/// An answer with a text.
#[derive(Debug, clap::Args)]
pub(crate) struct Must {
    /// Its folio or id
    #[arg(value_name = "ID")]
    advice: String,
    /// What is said.
    #[command(flatten)]
    text: Text,
    /// Who says it, for the journal (else the login name)
    #[arg(long, value_name = "NAME")]
    by: Option<String>,
}

/// What advice is about.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
pub(crate) enum Topic {
    /// Courses of action.
    CourseOfAction,
    /// Laboratory reports.
    LaboratoryReport,
    /// Reference tables.
    ReferenceTable,
    /// Training material.
    TrainingMaterial,
    /// Anything else.
    Other,
}

impl From<Topic> for AdviceTopic {
    fn from(topic: Topic) -> Self {
        match topic {
            Topic::CourseOfAction => Self::CourseOfAction,
            Topic::LaboratoryReport => Self::LaboratoryReport,
            Topic::ReferenceTable => Self::ReferenceTable,
            Topic::TrainingMaterial => Self::TrainingMaterial,
            Topic::Other => Self::Other,
        }
    }
}

#[derive(Serialize)]
struct All {
    advice: Vec<Summary>,
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
        Command::Ask(new) => begin(ctx, AdviceAct::Ask, new).await,
        Command::Offer(new) => begin(ctx, AdviceAct::Offer, new).await,
        Command::Accept(it) => {
            say(ctx, &it.advice, AdviceAct::Accept, content(it.text.read()?, it.by)).await
        }
        Command::Decline(it) => {
            say(ctx, &it.advice, AdviceAct::Decline, content(it.text.read()?, it.by)).await
        }
        Command::Note(it) => {
            say(ctx, &it.advice, AdviceAct::Note, content(it.text.read()?, it.by)).await
        }
        Command::Adopt(it) => {
            say(ctx, &it.advice, AdviceAct::Adopt, content(it.text.read()?, it.by)).await
        }
        Command::Give { advice, to, topic, text, attach, by } => {
            let mut content = content(text.read()?, by);
            content.attachments = attach::read(&attach)?;
            match (advice, to) {
                (Some(advice), _) => say(ctx, &advice, AdviceAct::Give, content).await,
                (None, to) => {
                    let topic = topic.unwrap_or(Topic::Other).into();
                    opened(ctx, &to.unwrap_or_default(), AdviceAct::Give, topic, content).await
                }
            }
        }
        Command::Dispute { to, about, text, by } => {
            let (node, _) = ctx.unlocked().await?;
            let to = partner::find_party(&node, &to).await?;
            let row = dispute(&node, to.root, &about, content(text.read()?, by)).await?;
            sealed(ctx, &node, &row, ctx.say("Disputed", "Se controvirtió")).await
        }
        Command::List { open, limit, looks } => list(ctx, &looks, open, limit).await,
        Command::Show { advice, looks } => show(ctx, &looks, &advice).await,
        Command::Save { advice, out, looks } => save::run(ctx, &looks, &advice, &out).await,
    }
}

fn content(text: Option<String>, by: Option<String>) -> Content {
    Content { text, attachments: Vec::new(), by: actor(by) }
}

async fn begin(ctx: &Ctx, act: AdviceAct, new: New) -> Result<Reply, CliError> {
    let content = content(new.text.read()?, new.by);
    opened(ctx, &new.to, act, new.topic.into(), content).await
}

async fn opened(
    ctx: &Ctx,
    to: &str,
    act: AdviceAct,
    topic: AdviceTopic,
    content: Content,
) -> Result<Reply, CliError> {
    let (node, _) = ctx.unlocked().await?;
    let to = partner::find_party(&node, to).await?;
    let row = open(&node, Open { to: to.root, act, topic, content }).await?;
    let done = match act {
        AdviceAct::Ask => ctx.say("Asked of", "Se pidió a"),
        AdviceAct::Offer => ctx.say("Offered to", "Se ofreció a"),
        _ => ctx.say("Given to", "Se dio a"),
    };
    sealed(ctx, &node, &row, &format!("{done} `{}`", to.handle)).await
}

async fn say(ctx: &Ctx, advice: &str, act: AdviceAct, content: Content) -> Result<Reply, CliError> {
    let (node, _) = ctx.unlocked().await?;
    let row = answer(&node, advice, act, content).await?;
    let done = match act {
        AdviceAct::Accept => ctx.say("Accepted", "Se aceptó"),
        AdviceAct::Decline => ctx.say("Declined", "No se aceptó"),
        AdviceAct::Give => ctx.say("Given", "Se dio"),
        AdviceAct::Adopt => ctx.say("Adopted", "Se adoptó"),
        _ => ctx.say("Noted", "Enterado"),
    };
    sealed(ctx, &node, &row, done).await
}

async fn list(ctx: &Ctx, looks: &Looks, open: bool, limit: u32) -> Result<Reply, CliError> {
    let node = ctx.node().await?;
    let names = Names::of(&node).await?;
    let kind = Some(MatterKind::Advice);
    let query = MatterQuery { kind, open: open.then_some(true), limit, ..MatterQuery::default() };
    let rows = node.store().matters(query).await.map_err(ExchangeError::from)?;
    let advice = rows.iter().map(|row| Summary::of(&node, &names, row));
    let body = All { advice: advice.collect::<Result<_, _>>()? };
    let folios = body.advice.iter().map(|it| &it.folio);
    looks.search(ctx, &node, Area::Matters, None, folios).await?;
    let text = if body.advice.is_empty() {
        ctx.say("There is no such advice.", "No hay ninguna asesoría así.").to_owned()
    } else {
        let heading = [
            ctx.say("folio", "folio"),
            ctx.say("from", "de"),
            ctx.say("to", "para"),
            ctx.say("topic", "materia"),
            ctx.say("begun", "inicio"),
            ctx.say("stage", "estado"),
            ctx.say("awaits", "corresponde a"),
            ctx.say("text", "texto"),
        ];
        let rows = body.advice.iter().map(|it| {
            [
                it.folio.to_string(),
                it.from.clone(),
                it.to.clone(),
                topic_of(ctx.lang, &it.opening).to_owned(),
                act_word(ctx.lang, &it.opening).to_owned(),
                stage_word(ctx.lang, it.standing).to_owned(),
                it.awaits.clone().unwrap_or_default(),
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
    let row = find(&node, name).await?;
    let body = Whole {
        summary: Summary::of(&node, &names, &row)?,
        said: all_said(&node, &names, &row).await?,
    };
    let it = &body.summary;
    looks.note(ctx, &node, Verb::Opened, Area::Matters, [&it.folio]).await?;
    let topic = topic(&row).map(|topic| topic_word(ctx.lang, topic).to_owned());
    let mut lines = vec![
        (ctx.say("advice", "asesoría"), format!("{} ({})", it.folio, it.matter)),
        (ctx.say("from", "de"), it.from.clone()),
        (ctx.say("to", "para"), it.to.clone()),
        (ctx.say("begun", "inicio"), act_word(ctx.lang, &it.opening).to_owned()),
        (ctx.say("topic", "materia"), topic.unwrap_or_default()),
        (ctx.say("stage", "estado"), stage_word(ctx.lang, it.standing).to_owned()),
        (ctx.say("awaits", "corresponde a"), it.awaits.clone().unwrap_or_default()),
        (ctx.say("when", "fecha"), time(it.opened_at)),
        (ctx.say("statement", "declaración"), it.statement.to_string()),
    ];
    if let MatterBody::Advice(said) = &it.opening {
        let about = said.about.map(|it| it.to_string()).unwrap_or_default();
        lines.push((ctx.say("disputes", "controvierte"), about));
    }
    lines.extend(opening_files(&body.said).iter().map(|it| file_line(ctx, it)));
    lines.retain(|(_, value)| !value.is_empty());
    let mut parts = vec![fields(&lines)];
    parts.extend(it.text.as_ref().map(|text| text.trim_end().to_owned()));
    parts.extend(history(ctx, &body.said));
    ctx.reply(&body, parts.join("\n\n"))
}

const fn topic_of(lang: Lang, opening: &MatterBody) -> &'static str {
    match opening {
        MatterBody::Advice(body) => topic_word(lang, body.topic),
        _ => "",
    }
}

const fn topic_word(lang: Lang, topic: AdviceTopic) -> &'static str {
    match topic {
        AdviceTopic::CourseOfAction => lang.pick("course of action", "curso de acción"),
        AdviceTopic::LaboratoryReport => lang.pick("laboratory report", "dictamen de laboratorio"),
        AdviceTopic::ReferenceTable => lang.pick("reference table", "tabla de referencia"),
        AdviceTopic::TrainingMaterial => lang.pick("training material", "material de capacitación"),
        AdviceTopic::Dispute => lang.pick("dispute", "controversia"),
        AdviceTopic::Other => lang.pick("other", "otra"),
    }
}
