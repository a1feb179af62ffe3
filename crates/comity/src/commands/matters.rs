//! What the commands of all matters share: how they are answered, listed and shown.

use std::fmt::Write as _;
use std::path::PathBuf;

use comity_exchange::matter::attached;
use comity_exchange::ports::{MatterEntry, MatterRow, OutboundRow};
use comity_exchange::request::is_overdue;
use comity_exchange::{ExchangeError, Node};
use comity_model::matter::{MatterBody, OnwardCount, Stage};
use comity_model::{Digest, Folio, MatterId};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::value::RawValue;

use crate::commands::reasons::{Reasons, grounds_lines};
use crate::ctx::{Ctx, Names};
use crate::error::CliError;
use crate::files;
use crate::lang::Lang;
use crate::output::{Reply, fields, time};

/// A text that must be given.
#[derive(Debug, clap::Args)]
#[group(required = true, multiple = false)]
pub(crate) struct Text {
    /// The text, for the partner to read
    #[arg(long, value_name = "TEXT")]
    text: Option<String>,
    /// The file with the text
    #[arg(long, value_name = "FILE")]
    text_file: Option<PathBuf>,
}

impl Text {
    /// Reads it.
    pub(crate) fn read(self) -> Result<Option<String>, CliError> {
        read(self.text, self.text_file)
    }
}

/// A text that may be left out.
#[derive(Debug, clap::Args)]
#[group(multiple = false)]
pub(crate) struct MaybeText {
    /// The text, for the partner to read
    #[arg(long, value_name = "TEXT")]
    text: Option<String>,
    /// The file with the text
    #[arg(long, value_name = "FILE")]
    text_file: Option<PathBuf>,
}

impl MaybeText {
    /// Reads it.
    pub(crate) fn read(self) -> Result<Option<String>, CliError> {
        read(self.text, self.text_file)
    }
}

fn read(text: Option<String>, file: Option<PathBuf>) -> Result<Option<String>, CliError> {
    match (text, file) {
        (Some(text), _) => Ok(Some(text)),
        (None, Some(file)) => files::read_text(&file).map(Some),
        (None, None) => Ok(None),
    }
}

#[derive(Serialize)]
struct Sealed {
    matter: MatterId,
    folio: Folio,
    statement: Digest,
    sequence: Option<u64>,
    stage: &'static str,
}

/// Answers a command that said something in a matter: `done` is what was done, in the reader's language.
pub(crate) async fn sealed(
    ctx: &Ctx,
    node: &Node,
    row: &OutboundRow,
    done: &str,
) -> Result<Reply, CliError> {
    let matter = node.store().matter_of(row.digest).await.map_err(ExchangeError::from)?;
    let matter = matter.ok_or_else(|| ExchangeError::Damaged("a matter".to_owned()))?;
    let said = matter.entries.iter().find(|it| it.statement() == row.digest);
    let said = said.ok_or_else(|| ExchangeError::Damaged("a matter".to_owned()))?;
    let body = Sealed {
        matter: matter.id,
        folio: said.folio.clone(),
        statement: row.digest,
        sequence: row.sequence,
        stage: matter.stage().as_str(),
    };
    let text = format!(
        "{done}: {} ({}: {})",
        body.folio,
        ctx.say("the matter is", "el asunto queda"),
        stage_word(ctx.lang, matter.stage())
    );
    ctx.reply(&body, text)
}

/// A matter in a list.
#[derive(Debug, Serialize)]
pub(crate) struct Summary {
    pub(crate) matter: MatterId,
    /// The folio of the party that opened it.
    pub(crate) folio: Folio,
    pub(crate) from: String,
    pub(crate) to: String,
    pub(crate) stage: &'static str,
    /// Who is to speak next.
    pub(crate) awaits: Option<String>,
    pub(crate) opened_at: Timestamp,
    /// When the other party received what opened it; the clock runs from there.
    pub(crate) received_at: Option<Timestamp>,
    pub(crate) due: Option<Timestamp>,
    pub(crate) closed_at: Option<Timestamp>,
    pub(crate) overdue: bool,
    pub(crate) statement: Digest,
    pub(crate) body: Box<RawValue>,
    pub(crate) text: Option<String>,
    #[serde(skip)]
    pub(crate) opening: MatterBody,
    #[serde(skip)]
    pub(crate) standing: Stage,
}

impl Summary {
    /// Of a matter as the node has it.
    pub(crate) fn of(node: &Node, names: &Names, row: &MatterRow) -> Result<Self, CliError> {
        let opening = row.opening().ok_or_else(|| ExchangeError::Damaged("a matter".to_owned()))?;
        let clock = row.clock();
        Ok(Self {
            matter: row.id,
            folio: opening.folio.clone(),
            from: names.name(row.opener),
            to: names.name(row.other),
            stage: row.stage().as_str(),
            awaits: row.awaits().map(|root| names.name(root)),
            opened_at: opening.said.at,
            received_at: opening.said.received_at,
            due: clock.map(|it| it.due),
            closed_at: clock.and_then(|it| it.answered),
            overdue: is_overdue(row, node.now()),
            statement: opening.statement(),
            body: raw(&opening.said.body)?,
            text: opening.text.clone(),
            opening: opening.said.body.clone(),
            standing: row.stage(),
        })
    }

    /// When it is due, as people read it.
    pub(crate) fn due_word(&self, ctx: &Ctx) -> String {
        match (self.due, self.closed_at, self.overdue) {
            (Some(due), _, true) => format!("{} ({})", time(due), ctx.say("overdue", "vencida")),
            (Some(due), ..) if self.standing == Stage::Ended => time(due),
            (Some(due), Some(at), _) if at > due => {
                format!("{} ({})", time(due), ctx.say("answered late", "respondida tarde"))
            }
            (Some(due), ..) => time(due),
            (None, ..) => String::new(),
        }
    }
}

fn raw(body: &MatterBody) -> Result<Box<RawValue>, CliError> {
    Ok(body.to_raw().map_err(|error| ExchangeError::Damaged(error.to_string()))?)
}

/// Something that was said in a matter.
#[derive(Debug, Serialize)]
pub(crate) struct Said {
    folio: Folio,
    from: String,
    kind: &'static str,
    at: Timestamp,
    received_at: Option<Timestamp>,
    statement: Digest,
    body: Box<RawValue>,
    text: Option<String>,
    attachments: Vec<File>,
    #[serde(skip)]
    what: MatterBody,
    /// The agreement's texts for the reasons that it names.
    #[serde(skip)]
    reasons: Reasons,
}

/// A file that travelled with a statement.
#[derive(Debug, Serialize)]
pub(crate) struct File {
    pub(crate) name: String,
    pub(crate) media_type: String,
    pub(crate) bytes: u64,
}

/// The reasons on which a matter was opened, in the reader's language.
pub(crate) fn opening_reasons(lang: Lang, said: &[Said]) -> String {
    said.first().map_or_else(String::new, |it| {
        let ids = it.what.grounds().map_or(&[][..], |grounds| &grounds.reasons);
        it.reasons.texts(lang, ids)
    })
}

/// Everything that was said in a matter.
pub(crate) async fn all_said(
    node: &Node,
    names: &Names,
    row: &MatterRow,
) -> Result<Vec<Said>, CliError> {
    let listed = Reasons::of(node, row.agreement).await?;
    let mut all = Vec::with_capacity(row.entries.len());
    for entry in &row.entries {
        all.push(said(node, names, entry, &listed).await?);
    }
    Ok(all)
}

async fn said(
    node: &Node,
    names: &Names,
    entry: &MatterEntry,
    listed: &Reasons,
) -> Result<Said, CliError> {
    let mut attachments = Vec::with_capacity(entry.attachments.len());
    for part in &entry.attachments {
        let (head, content) = attached(node, part).await?;
        let bytes = content.len() as u64;
        attachments.push(File { name: head.name, media_type: head.media_type, bytes });
    }
    Ok(Said {
        folio: entry.folio.clone(),
        from: names.name(entry.said.from),
        kind: entry.said.body.kind().as_str(),
        at: entry.said.at,
        received_at: entry.said.received_at,
        statement: entry.statement(),
        body: raw(&entry.said.body)?,
        text: entry.text.clone(),
        attachments,
        what: entry.said.body.clone(),
        reasons: listed.clone(),
    })
}

/// One block for each thing that was said after the opening.
pub(crate) fn history(ctx: &Ctx, said: &[Said]) -> Vec<String> {
    said.iter().skip(1).flat_map(|it| block(ctx, it)).collect()
}

fn block(ctx: &Ctx, said: &Said) -> Vec<String> {
    let mut lines = vec![
        (
            ctx.say("said", "se dijo"),
            format!("{} ({})", act_word(ctx.lang, &said.what), said.folio),
        ),
        (ctx.say("by", "por"), said.from.clone()),
        (ctx.say("when", "fecha"), time(said.at)),
    ];
    if let Some(grounds) = said.what.grounds() {
        lines.extend(grounds_lines(ctx, grounds, &said.reasons));
    }
    if let MatterBody::Answer(body) = &said.what {
        let releases: Vec<String> = body.releases.iter().map(ToString::to_string).collect();
        if !releases.is_empty() {
            lines.push((ctx.say("releases", "entregas"), releases.join(", ")));
        }
    }
    if let MatterBody::RecallAnswer(it) = &said.what {
        let told = format!("{} {} {}", it.told, ctx.say("of", "de"), it.units);
        lines.extend([
            (ctx.say("purged", "eliminados"), it.purged.to_string()),
            (
                ctx.say("under a legal hold", "en conservación por mandato legal"),
                it.held.to_string(),
            ),
            (ctx.say("units told", "instancias avisadas"), told),
        ]);
        if it.gone > 0 {
            let label = ctx.say("gone before the recall", "eliminados antes de la solicitud");
            lines.push((label, it.gone.to_string()));
        }
        if it.onward.parties > 0 {
            lines.push((ctx.say("third parties", "terceros"), third_parties(ctx, &it.onward)));
        }
    }
    lines.extend(said.attachments.iter().map(|it| file_line(ctx, it)));
    let text = said.text.as_ref().map(|text| text.trim_end().to_owned());
    std::iter::once(fields(&lines)).chain(text).collect()
}

/// What became of something at third parties: how many were told, and what they answered.
fn third_parties(ctx: &Ctx, it: &OnwardCount) -> String {
    let mut text = format!(
        "{} {} {} {}",
        it.told,
        ctx.say("of", "de"),
        it.parties,
        ctx.say("told", "con aviso")
    );
    let answers = [
        (it.done, ctx.say("done", "atendida")),
        (it.in_part, ctx.say("done in part", "atendida en parte")),
        (it.refused, ctx.say("refused", "negada")),
        (it.silent(), ctx.say("silent", "sin respuesta")),
    ];
    for (count, word) in answers.into_iter().filter(|(count, _)| *count > 0) {
        let _ = write!(text, "; {word}: {count}");
    }
    text
}

/// A line about a file that came with a statement.
pub(crate) fn file_line<'a>(ctx: &Ctx, file: &File) -> (&'a str, String) {
    let text = format!("{} ({}, {} bytes)", file.name, file.media_type, file.bytes);
    (if matches!(ctx.lang, Lang::Es) { "anexo" } else { "attachment" }, text)
}

/// The files of what opened a matter.
pub(crate) fn opening_files(said: &[Said]) -> &[File] {
    said.first().map_or(&[], |it| it.attachments.as_slice())
}

/// What a statement does, in the reader's language.
pub(crate) fn act_word(lang: Lang, body: &MatterBody) -> &'static str {
    use comity_model::matter::{
        AdviceAct as A, AnswerOutcome as O, ClarificationAct as C, RecallOutcome as R,
    };
    match body {
        MatterBody::Request(_) => lang.pick("request", "solicitud"),
        MatterBody::Clarification(it) => match it.act {
            C::Ask => lang.pick("clarification asked for", "se pidió una aclaración"),
            C::Reply => lang.pick("clarification", "aclaración"),
            C::Withdraw => lang.pick("withdrawn", "se retiró"),
        },
        MatterBody::Answer(it) => match it.outcome {
            O::Complete => lang.pick("complete answer", "respuesta completa"),
            O::Partial => lang.pick("partial answer", "respuesta parcial"),
            O::NothingFound => lang.pick("nothing found", "sin información"),
            O::Refused => lang.pick("refused", "negativa"),
        },
        MatterBody::Advice(it) => match it.act {
            A::Ask => lang.pick("asked for", "se pidió"),
            A::Offer => lang.pick("offered", "se ofreció"),
            A::Accept => lang.pick("accepted", "se aceptó"),
            A::Decline => lang.pick("declined", "no adoptada"),
            A::Give => lang.pick("given", "asesoría proporcionada"),
            A::Note => lang.pick("noted", "enterado"),
            A::Adopt => lang.pick("adopted", "adoptada"),
            A::Dispute => lang.pick("disputed", "se controvirtió"),
        },
        MatterBody::Recall(_) => lang.pick("recall", "solicitud de retiro"),
        MatterBody::RecallAnswer(it) => match it.outcome {
            R::Done => lang.pick("done", "atendida"),
            R::Partial => lang.pick("done in part", "atendida en parte"),
            R::Held => lang.pick("held", "en conservación por mandato legal"),
            R::Refused => lang.pick("refused", "negada"),
        },
        other => other.kind().as_str(),
    }
}

/// How a matter stands, in the reader's language.
pub(crate) const fn stage_word(lang: Lang, stage: Stage) -> &'static str {
    match stage {
        Stage::Open => lang.pick("open", "pendiente"),
        Stage::ClarificationAsked => {
            lang.pick("clarification asked for", "en espera de una aclaración")
        }
        Stage::Partial => lang.pick("answered in part", "respondida en parte"),
        Stage::Answered => lang.pick("answered", "respondida"),
        Stage::NothingFound => lang.pick("nothing found", "sin información"),
        Stage::Refused => lang.pick("refused", "negada"),
        Stage::Withdrawn => lang.pick("withdrawn", "retirada"),
        Stage::Accepted => lang.pick("accepted", "aceptada"),
        Stage::Declined => lang.pick("declined", "no aceptada"),
        Stage::Granted => lang.pick("granted", "otorgado"),
        Stage::Denied => lang.pick("denied", "negado"),
        Stage::Promised => lang.pick("to be given", "por proporcionarse"),
        Stage::Given => lang.pick("given", "proporcionada"),
        Stage::Noted => lang.pick("noted", "enterado"),
        Stage::Adopted => lang.pick("adopted", "adoptada"),
        Stage::Done => lang.pick("done", "atendida"),
        Stage::DoneInPart => lang.pick("done in part", "atendida en parte"),
        Stage::Held => lang.pick("held", "en conservación por mandato legal"),
        Stage::Purged => lang.pick("purged", "eliminado"),
        Stage::NotTaken => lang.pick("not taken", "no admitido"),
        Stage::Ended => lang.pick("closed by termination", "cerrado por terminación"),
    }
}
