//! `comity contact report`: a national template filled, and what still lacks a report.

use std::path::PathBuf;

use comity_exchange::Node;
use comity_exchange::access::{Area, Verb};
use comity_exchange::contact::{
    Subject, Template, contact_word, due, find_subject, kind_word, record, report, subject,
};
use comity_model::{ContactId, Digest, Folio};
use jiff::Timestamp;
use serde::Serialize;

use super::shown::left;
use crate::config::Config;
use crate::ctx::{Ctx, Names, actor};
use crate::error::CliError;
use crate::files;
use crate::looks::{Looks, Why};
use crate::output::{Reply, table, time};
use crate::templates::{Templates, language};

/// The most for which reports are looked up at once.
const MOST: u32 = 10_000;

/// What to report.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The contact's folio or id; or, for a statement that was given or received, its folio or digest
    #[arg(value_name = "ID", required_unless_present = "due", conflicts_with = "due")]
    id: Option<String>,
    /// The template: general, general-es, mx, or one of the folder templates/contact of the data folder
    #[arg(long, value_name = "NAME", required_unless_present = "due")]
    template: Option<String>,
    /// The file to write, which must not be there; the report is then recorded, and its clock ends (else it is only shown)
    #[arg(short, long, value_name = "FILE", conflicts_with = "due")]
    out: Option<PathBuf>,
    /// Show what lacks a report, and how long is left
    #[arg(long)]
    due: bool,
    /// How many to show with --due, 1 to 10000 (else 50)
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    limit: u32,
    /// What for.
    #[command(flatten)]
    why: Why,
    /// Who writes it, for the journal (else the login name)
    #[arg(long, value_name = "NAME")]
    by: Option<String>,
}

#[derive(Serialize)]
struct Body {
    template: String,
    confirmed: bool,
    due: Option<Timestamp>,
    recorded: bool,
    file: Option<String>,
    digest: Digest,
    text: String,
}

#[derive(Serialize)]
struct DueBody {
    overdue: usize,
    due: Vec<DueLine>,
}

#[derive(Serialize)]
struct DueLine {
    template: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    contact: Option<ContactId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    statement: Option<Digest>,
    folio: Option<Folio>,
    kind: &'static str,
    with: String,
    at: Timestamp,
    due: Timestamp,
    seconds_left: i64,
    overdue: bool,
    #[serde(skip)]
    word: &'static str,
}

/// Runs the command.
pub(super) async fn run(ctx: &Ctx, args: Args) -> Result<Reply, CliError> {
    let node = ctx.node().await?;
    let templates = Templates::load(&ctx.data)?;
    match (args.id, &args.template) {
        (Some(id), Some(name)) => {
            let looks = args.why.by(args.by.as_ref());
            write(ctx, &looks, &node, templates.named(name)?, &id, args.out).await
        }
        (_, Some(name)) => lacking(ctx, &node, &[templates.named(name)?.clone()], args.limit).await,
        (_, None) => {
            let running = templates.running(&Config::load(&ctx.data)?, &node.record().handle)?;
            lacking(ctx, &node, &running, args.limit).await
        }
    }
}

async fn write(
    ctx: &Ctx,
    looks: &Looks,
    node: &Node,
    template: &Template,
    id: &str,
    out: Option<PathBuf>,
) -> Result<Reply, CliError> {
    let subject = find_subject(node, id).await?;
    let report = report(node, &subject, template).await?;
    let verb = if out.is_some() { Verb::Printed } else { Verb::Opened };
    looks.note(ctx, node, verb, Area::Contacts, subject.folio()).await?;
    if let Some(path) = &out {
        // the file first: a clock that ends without a report would be worse than a report whose clock runs on
        if report.written.is_none() {
            files::write_new(path, report.text.as_bytes())?;
        }
        record(node, &subject, template, &report, &actor(looks.by.clone())).await?;
    }
    let body = Body {
        template: template.name.clone(),
        confirmed: template.confirmed,
        due: report.due,
        recorded: out.is_some(),
        file: out.as_deref().map(files::name),
        digest: Digest::of(report.text.as_bytes()),
        text: report.text,
    };
    let Some(file) = &body.file else {
        let text = body.text.clone();
        return ctx.reply(&body, text);
    };
    let mut text =
        format!("{} `{file}`", ctx.say("Wrote the report to", "Se escribió el informe en"));
    if !body.confirmed {
        text.push('\n');
        text.push_str(ctx.say(
            "The wording of its template is to be confirmed by a lawyer.",
            "La redacción de su plantilla está por confirmarse por un abogado.",
        ));
    }
    ctx.reply(&body, text)
}

async fn lacking(
    ctx: &Ctx,
    node: &Node,
    templates: &[Template],
    limit: u32,
) -> Result<Reply, CliError> {
    let names = Names::of(node).await?;
    let now = node.now();
    let all = due(node, templates, MOST).await?;
    let overdue = all.iter().filter(|it| it.overdue(now)).count();
    let mut lines = Vec::new();
    for it in all.into_iter().take(usize::try_from(limit).unwrap_or(usize::MAX)) {
        let overdue = it.overdue(now);
        let subject = subject(node, it.on).await?;
        let words = language(ctx.lang);
        let (contact, statement, word) = match &subject {
            Subject::Contact(row) => {
                (Some(row.contact.id), None, contact_word(words, row.contact.kind))
            }
            Subject::Statement(it) => (None, Some(it.digest), kind_word(words, it.kind)),
        };
        lines.push(DueLine {
            template: it.template,
            contact,
            statement,
            folio: subject.folio().cloned(),
            kind: subject.kind(),
            with: names.name(subject.partner()),
            at: it.at,
            due: it.due,
            seconds_left: it.due.duration_since(now).as_secs(),
            overdue,
            word,
        });
    }
    let body = DueBody { overdue, due: lines };
    let text = if body.due.is_empty() {
        ctx.say("Nothing lacks a report.", "Nada está pendiente de informe.").to_owned()
    } else {
        let heading = [
            ctx.say("template", "plantilla"),
            "folio",
            ctx.say("what", "qué"),
            ctx.say("with", "con"),
            ctx.say("when", "cuándo"),
            ctx.say("report", "informe"),
        ];
        let rows = body.due.iter().map(|it| {
            [
                it.template.clone(),
                it.folio.as_ref().map(ToString::to_string).unwrap_or_default(),
                it.word.to_owned(),
                it.with.clone(),
                time(it.at),
                left(ctx, it.seconds_left, it.overdue),
            ]
        });
        table(&heading, rows)
    };
    ctx.reply(&body, text)
}

/// How many reports are due at a node by the templates that run there, and how many of them are late.
pub(crate) async fn figures(ctx: &Ctx, node: &Node) -> Result<(usize, usize), CliError> {
    let running =
        Templates::load(&ctx.data)?.running(&Config::load(&ctx.data)?, &node.record().handle)?;
    let all = due(node, &running, MOST).await?;
    let now = node.now();
    Ok((all.len(), all.iter().filter(|it| it.overdue(now)).count()))
}
