//! `comity recall`: information is asked for back, corrected or replaced, and what the partner answered.

use comity_exchange::access::{Area, Verb};
use comity_exchange::ports::MatterRow;
use comity_exchange::recall::{
    self, Answer, AnswerAct, AskedBefore, Recall, RecallState, What, answer, is_due_again, is_late,
    notices, pass_on, state, tell,
};
use comity_exchange::{ExchangeError, Node};
use comity_model::matter::{Grounds, RecallAction};
use comity_model::{Digest, Folio, MatterId};
use serde::Serialize;

use super::matters::{MaybeText, Said, Summary, all_said, history, opening_reasons, sealed};
use crate::ctx::{Ctx, Names, actor};
use crate::error::CliError;
use crate::lang::Lang;
use crate::looks::Looks;
use crate::output::{Reply, fields, table, time};

/// What to do about recalls.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// Ask for something back, in every release that is concerned; a signed request, not a command
    #[command(group = clap::ArgGroup::new("what").required(true).args(["release", "original"]))]
    Send {
        /// The release, by folio or by the digest of its statement
        #[arg(value_name = "RELEASE")]
        release: Option<String>,
        /// Every version and every derivative of this object, in every release to any partner
        #[arg(long, value_name = "ID", conflicts_with = "object")]
        original: Option<String>,
        /// Only this object of the release; may be given several times
        #[arg(long, value_name = "ID")]
        object: Vec<String>,
        /// What is asked for.
        #[command(flatten)]
        action: Action,
        /// On what it rests.
        #[command(flatten)]
        grounds: GroundsArgs,
        /// What is said.
        #[command(flatten)]
        text: MaybeText,
        /// Who recalls, for the journal (else the login name)
        #[arg(long, value_name = "NAME")]
        by: Option<String>,
    },
    /// Answer a recall of a partner, and do what is said
    Answer {
        /// The recall, by folio or id
        #[arg(value_name = "ID")]
        recall: String,
        /// What is done.
        #[command(flatten)]
        act: Act,
        /// On what it rests.
        #[command(flatten)]
        grounds: GroundsArgs,
        /// What is said.
        #[command(flatten)]
        text: MaybeText,
        /// Who answers, for the journal (else the login name)
        #[arg(long, value_name = "NAME")]
        by: Option<String>,
    },
    /// List the recalls of both sides, newest first
    List {
        /// How many to show, 1 to 10000 (else 50)
        #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=10_000))]
        limit: u32,
        /// Who looks, and what for.
        #[command(flatten)]
        looks: Looks,
    },
    /// Show a recall and what was answered
    Show {
        /// The recall, by folio or id
        #[arg(value_name = "ID")]
        recall: String,
        /// Who looks, and what for.
        #[command(flatten)]
        looks: Looks,
    },
    /// List the units that had any of what a recall names, and which were told; the partner never learns which
    Notices {
        /// The recall, by folio or id
        #[arg(value_name = "ID")]
        recall: String,
    },
    /// Note that a unit was told of a recall
    Told {
        /// The recall, by folio or id
        #[arg(value_name = "ID")]
        recall: String,
        /// The unit
        #[arg(long, value_name = "NAME")]
        unit: String,
        /// Who told it, for the journal (else the login name)
        #[arg(long, value_name = "NAME")]
        by: Option<String>,
    },
    /// Pass a recall of a partner on to the third parties to which what it names went by consent
    Onward {
        /// The recall, by folio or id
        #[arg(value_name = "ID")]
        recall: String,
        /// On what it rests.
        #[command(flatten)]
        grounds: GroundsArgs,
        /// Who passes it on, for the journal (else the login name)
        #[arg(long, value_name = "NAME")]
        by: Option<String>,
    },
}

/// What a recall asks for.
#[derive(Debug, clap::Args)]
#[group(required = true, multiple = false)]
pub(crate) struct Action {
    /// Ask that it be purged
    #[arg(long)]
    purge: bool,
    /// Ask that it be corrected by this release, sent before; one for each partner
    #[arg(long, value_name = "RELEASE")]
    correct: Vec<String>,
    /// Ask that it be replaced by this release, sent before; one for each partner
    #[arg(long, value_name = "RELEASE")]
    replace: Vec<String>,
}

/// What is done about a recall.
#[derive(Debug, clap::Args)]
#[group(required = true, multiple = false)]
#[expect(clippy::struct_excessive_bools, reason = "an option each, of which one is given")]
pub(crate) struct Act {
    /// Purge what it names
    #[arg(long)]
    purge: bool,
    /// Purge what it names; what replaces it stays
    #[arg(long)]
    replace: bool,
    /// Say that a legal hold keeps it; nothing is purged
    #[arg(long)]
    hold: bool,
    /// Refuse it; what was frozen is given back to its readers
    #[arg(long)]
    refuse: bool,
}

/// On what something rests, and why.
#[derive(Debug, clap::Args)]
pub(crate) struct GroundsArgs {
    /// A legal basis from the agreement's list; may be left out where there is one
    #[arg(long = "legal-basis", value_name = "TEXT")]
    legal_basis: Vec<String>,
    /// A reason from the agreement's list, by its id; may be left out where there is one
    #[arg(long = "reason", value_name = "ID")]
    reasons: Vec<String>,
}

impl GroundsArgs {
    /// As they are chosen.
    pub(crate) fn chosen(self) -> Grounds {
        Grounds { legal_basis: self.legal_basis, reasons: self.reasons }
    }
}

#[derive(Serialize)]
struct Sent {
    recall: MatterId,
    folio: Folio,
    to: String,
    release: Digest,
    objects: Vec<String>,
    statement: Digest,
}

#[derive(Serialize)]
struct AllSent {
    recalls: Vec<Sent>,
    /// Releases that were passed over, since an open recall asks for all of it.
    open_already: Vec<OpenAlready>,
}

#[derive(Serialize)]
struct OpenAlready {
    recall: MatterId,
    folio: Folio,
    to: String,
    release: Digest,
}

#[derive(Serialize)]
struct Line {
    #[serde(flatten)]
    summary: Summary,
    state: RecallState,
    /// Whether the time ran out before it was done, refused or said to be held.
    late: bool,
    /// Whether something happened since the last answer that the owner is to be told.
    answer_again: bool,
}

impl Line {
    async fn of(node: &Node, names: &Names, row: &MatterRow) -> Result<Self, CliError> {
        let now = node.now();
        Ok(Self {
            summary: Summary::of(node, names, row)?,
            state: state(row, now),
            late: is_late(row, now),
            answer_again: is_due_again(node, row).await?,
        })
    }

    /// How it stands, in the reader's language: what was late is never shown as merely done.
    fn state_words(&self, ctx: &Ctx) -> String {
        let mut words = state_word(ctx.lang, self.state).to_owned();
        if self.late && self.state != RecallState::Unanswered {
            words.push_str(ctx.say(" (late)", " (fuera de plazo)"));
        }
        if self.answer_again {
            words.push_str(ctx.say("; answer again", "; responda de nuevo"));
        }
        words
    }
}

#[derive(Serialize)]
struct All {
    recalls: Vec<Line>,
}

#[derive(Serialize)]
struct Whole {
    #[serde(flatten)]
    line: Line,
    said: Vec<Said>,
}

#[derive(Serialize)]
struct NoticeLine {
    unit: String,
    title: String,
    objects: u64,
    told_at: Option<jiff::Timestamp>,
}

#[derive(Serialize)]
struct Notices {
    recall: MatterId,
    units: Vec<NoticeLine>,
    /// Whether the owner is to be answered again.
    answer_again: bool,
}

/// Runs the command.
pub(crate) async fn run(ctx: &Ctx, command: Command) -> Result<Reply, CliError> {
    match command {
        Command::Send { release, original, object, action, grounds, text, by } => {
            let what = match (release, original) {
                (Some(name), _) => What::Release { name, objects: object },
                (None, original) => What::Original(original.unwrap_or_default()),
            };
            let (action, replacements) = match action {
                Action { purge: true, .. } => (RecallAction::Purge, Vec::new()),
                Action { correct, .. } if !correct.is_empty() => (RecallAction::Correct, correct),
                Action { replace, .. } => (RecallAction::Replace, replace),
            };
            let (grounds, text) = (grounds.chosen(), text.read()?);
            let asked = Recall { what, action, replacements, grounds, text, by: actor(by) };
            let (node, _) = ctx.unlocked().await?;
            let asked = recall::recall(&node, asked).await?;
            sent(ctx, &node, &asked.sealed, asked.open).await
        }
        Command::Answer { recall, act, grounds, text, by } => {
            let act = match act {
                Act { purge: true, .. } => AnswerAct::Purge,
                Act { replace: true, .. } => AnswerAct::Replace,
                Act { hold: true, .. } => AnswerAct::Hold,
                Act { .. } => AnswerAct::Refuse,
            };
            let given =
                Answer { act, grounds: grounds.chosen(), text: text.read()?, by: actor(by) };
            let (node, _) = ctx.unlocked().await?;
            let row = answer(&node, &recall, given).await?;
            sealed(ctx, &node, &row, ctx.say("Answered", "Se respondió")).await
        }
        Command::List { limit, looks } => list(ctx, &looks, limit).await,
        Command::Show { recall, looks } => show(ctx, &looks, &recall).await,
        Command::Notices { recall } => {
            let node = ctx.node().await?;
            let (found, _) = recall::find(&node, &recall).await?;
            told(ctx, &node, &found).await
        }
        Command::Told { recall, unit, by } => {
            let node = ctx.node().await?;
            let found = tell(&node, &recall, &unit, &actor(by)).await?;
            told(ctx, &node, &found).await
        }
        Command::Onward { recall, grounds, by } => {
            let (node, _) = ctx.unlocked().await?;
            let rows = pass_on(&node, &recall, &grounds.chosen(), &actor(by)).await?;
            sent(ctx, &node, &rows, Vec::new()).await
        }
    }
}

async fn sent(
    ctx: &Ctx,
    node: &Node,
    rows: &[comity_exchange::ports::OutboundRow],
    open: Vec<AskedBefore>,
) -> Result<Reply, CliError> {
    let names = Names::of(node).await?;
    let mut recalls = Vec::with_capacity(rows.len());
    for row in rows {
        let matter = node.store().matter_of(row.digest).await.map_err(ExchangeError::from)?;
        let matter = matter.ok_or_else(|| ExchangeError::Damaged("a recall".to_owned()))?;
        let body = recall::body(&matter)?;
        recalls.push(Sent {
            recall: matter.id,
            folio: body.folio,
            to: names.name(matter.other),
            release: body.release,
            objects: body.objects,
            statement: row.digest,
        });
    }
    let mut open_already = Vec::with_capacity(open.len());
    for AskedBefore { release, recall } in open {
        let body = recall::body(&recall)?;
        let to = names.name(recall.other);
        open_already.push(OpenAlready { recall: recall.id, folio: body.folio, to, release });
    }
    let body = AllSent { recalls, open_already };
    let mut lines: Vec<String> = Vec::new();
    if body.recalls.is_empty() && body.open_already.is_empty() {
        let nobody = ctx.say("There is nobody to ask.", "No hay a quién solicitarlo.");
        lines.push(nobody.to_owned());
    }
    for it in &body.recalls {
        lines.push(format!("{} `{}`: {}", ctx.say("Asked of", "Se solicitó a"), it.to, it.folio));
    }
    for it in &body.open_already {
        let asked = ctx.say("Not asked again of", "No se solicitó de nuevo a");
        let why = ctx.say(
            "since a recall of the same is open",
            "porque una solicitud de lo mismo sigue abierta",
        );
        lines.push(format!("{asked} `{}`, {why}: {}", it.to, it.folio));
    }
    ctx.reply(&body, lines.join("\n"))
}

async fn list(ctx: &Ctx, looks: &Looks, limit: u32) -> Result<Reply, CliError> {
    let node = ctx.node().await?;
    let names = Names::of(&node).await?;
    let mut recalls = Vec::new();
    for row in recall::all(&node, limit).await? {
        recalls.push(Line::of(&node, &names, &row).await?);
    }
    let body = All { recalls };
    let folios = body.recalls.iter().map(|it| &it.summary.folio);
    looks.search(ctx, &node, Area::Matters, None, folios).await?;
    let text = if body.recalls.is_empty() {
        ctx.say("There is no recall.", "No hay ninguna solicitud de retiro.").to_owned()
    } else {
        let heading = [
            "folio",
            ctx.say("from", "de"),
            ctx.say("to", "para"),
            ctx.say("sent", "enviada"),
            ctx.say("due", "vence"),
            ctx.say("state", "estado"),
        ];
        let rows = body.recalls.iter().map(|it| {
            let summary = &it.summary;
            [
                summary.folio.to_string(),
                summary.from.clone(),
                summary.to.clone(),
                time(summary.opened_at),
                summary.due.map(time).unwrap_or_default(),
                it.state_words(ctx),
            ]
        });
        table(&heading, rows)
    };
    ctx.reply(&body, text)
}

async fn show(ctx: &Ctx, looks: &Looks, name: &str) -> Result<Reply, CliError> {
    let node = ctx.node().await?;
    let names = Names::of(&node).await?;
    let (row, asked) = recall::find(&node, name).await?;
    let line = Line::of(&node, &names, &row).await?;
    let body = Whole { line, said: all_said(&node, &names, &row).await? };
    let summary = &body.line.summary;
    looks.note(ctx, &node, Verb::Opened, Area::Matters, [&summary.folio]).await?;
    let objects = if asked.objects.is_empty() {
        ctx.say("all", "todos").to_owned()
    } else {
        asked.objects.join(", ")
    };
    let lines = vec![
        (ctx.say("recall", "solicitud de retiro"), summary.folio.to_string()),
        (ctx.say("from", "de"), summary.from.clone()),
        (ctx.say("to", "para"), summary.to.clone()),
        (ctx.say("state", "estado"), body.line.state_words(ctx)),
        (ctx.say("asked for", "se solicita"), action_word(ctx.lang, asked.action).to_owned()),
        (ctx.say("release", "entrega"), asked.release.to_string()),
        (ctx.say("objects", "objetos"), objects),
        (ctx.say("sent", "enviada"), time(summary.opened_at)),
        (ctx.say("due", "vence"), summary.due.map(time).unwrap_or_default()),
        (ctx.say("legal basis", "fundamento"), asked.grounds.legal_basis.join("; ")),
        (ctx.say("reasons", "motivación"), opening_reasons(ctx.lang, &body.said)),
    ];
    let mut parts = vec![fields(&lines)];
    parts.extend(summary.text.as_ref().map(|text| text.trim_end().to_owned()));
    parts.extend(history(ctx, &body.said));
    ctx.reply(&body, parts.join("\n\n"))
}

async fn told(ctx: &Ctx, node: &Node, found: &MatterRow) -> Result<Reply, CliError> {
    let all = notices(node, found).await?;
    let units = all.into_iter().map(|it| NoticeLine {
        unit: it.unit.name,
        title: it.unit.title,
        objects: it.objects,
        told_at: it.told_at,
    });
    let answer_again = is_due_again(node, found).await?;
    let body = Notices { recall: found.id, units: units.collect(), answer_again };
    let mut text = if body.units.is_empty() {
        ctx.say("No unit has any of it.", "Ninguna instancia nacional lo tiene.").to_owned()
    } else {
        let heading = [
            ctx.say("unit", "instancia nacional"),
            ctx.say("objects", "objetos"),
            ctx.say("told", "avisada"),
        ];
        let rows = body.units.iter().map(|it| {
            let told = it.told_at.map(time);
            let told = told.unwrap_or_else(|| ctx.say("not yet", "aún no").to_owned());
            [it.unit.clone(), it.objects.to_string(), told]
        });
        table(&heading, rows)
    };
    if answer_again {
        let folio = found.opening().map(|it| it.folio.to_string()).unwrap_or_default();
        text.push_str(ctx.say(
            "\nThe owner knows less than this: answer it again with `comity recall answer ",
            "\nSu titular no tiene aún estos datos: respóndale de nuevo con `comity recall answer ",
        ));
        text.push_str(&folio);
        text.push('`');
    }
    ctx.reply(&body, text)
}

const fn state_word(lang: Lang, state: RecallState) -> &'static str {
    match state {
        RecallState::Sent => lang.pick("sent", "enviada"),
        RecallState::Received => lang.pick("received", "recibida"),
        RecallState::Done => lang.pick("done", "atendida"),
        RecallState::Partial => lang.pick("done in part", "atendida en parte"),
        RecallState::Held => lang.pick("held", "en conservación por mandato legal"),
        RecallState::Refused => lang.pick("refused", "negada"),
        RecallState::Unanswered => lang.pick("unanswered", "sin respuesta"),
    }
}

const fn action_word(lang: Lang, action: RecallAction) -> &'static str {
    match action {
        RecallAction::Purge => lang.pick("purge", "eliminación"),
        RecallAction::Correct => lang.pick("correction", "corrección"),
        RecallAction::Replace => lang.pick("replacement", "sustitución"),
    }
}
