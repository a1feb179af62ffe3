//! `comity import`: this party's own objects enter.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use comity_exchange::import::{ImportOptions, ImportReport, Progress, import};
use comity_exchange::opencti::{Survey, import_opencti};
use comity_model::Grade;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde::Serialize;

use crate::ctx::{Ctx, actor};
use crate::error::{CliError, Exit};
use crate::files;
use crate::output::{Reply, fields, short, table};

mod opencti;

/// Rejected objects of a file that are shown to people one by one.
const SHOWN: usize = 20;

/// What to take in.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// STIX 2.1 bundles, lists, or JSON lines; exits with 1 when there is no valid object in one of them
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    /// The program that wrote the files: what it added and has no place here is listed
    #[arg(long, value_name = "FORMAT", value_enum)]
    from: Option<Program>,
    /// The grade of objects that carry none: source A to F, information 1 to 6, as B2
    #[arg(long, value_name = "GRADE")]
    grade: Option<Grade>,
    /// Who imports, for the journal (else the login name)
    #[arg(long, value_name = "NAME")]
    by: Option<String>,
    /// Exit with 1 when any object is rejected; the valid ones are taken in all the same
    #[arg(long)]
    strict: bool,
}

/// Programs whose files have additions of their own.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Program {
    /// OpenCTI
    Opencti,
}

#[derive(Serialize)]
struct FileReport {
    file: String,
    #[serde(flatten)]
    report: ImportReport,
    /// What has no place here, of a file of OpenCTI.
    #[serde(skip_serializing_if = "Option::is_none")]
    opencti: Option<Survey>,
}

#[derive(Default, Serialize)]
struct Body {
    files: Vec<FileReport>,
    objects: u64,
    new: u64,
    unchanged: u64,
    rejected: u64,
}

/// Runs the command.
pub(crate) async fn run(ctx: &Ctx, args: Args) -> Result<Reply, CliError> {
    let node = ctx.node().await?;
    let opened =
        args.files.iter().map(|path| files::open(path)).collect::<Result<Vec<_>, CliError>>()?;
    let by = actor(args.by);
    let mut body = Body::default();
    for (path, (file, size)) in args.files.iter().zip(opened) {
        let name = files::name(path);
        let bar = bar(ctx, &name, size);
        let options = ImportOptions {
            source: path
                .file_name()
                .map_or_else(|| name.clone(), |it| it.to_string_lossy().into_owned()),
            grade: args.grade,
            lang: ctx.lang.stix(),
            by: by.clone(),
        };
        let watch = |progress: Progress| bar.set_position(progress.bytes);
        let report = match args.from {
            None => import(&node, file, options, watch).await.map(|it| (it, None)),
            Some(Program::Opencti) => {
                let (markings, _) = files::open(path)?;
                let taken = import_opencti(&node, markings, file, options, watch).await;
                taken.map(|(report, survey)| (report, Some(survey)))
            }
        };
        bar.finish_and_clear();
        let (report, opencti) = report?;
        body.objects += report.objects;
        body.new += report.held.new;
        body.unchanged += report.held.unchanged;
        body.rejected += report.rejected;
        body.files.push(FileReport { file: name, report, opencti });
    }
    let unreadable = body.files.iter().any(|it| is_unreadable(&it.report));
    let fruitless = body.files.iter().any(|it| is_fruitless(&it.report));
    let refused = unreadable || fruitless || (args.strict && body.rejected > 0);
    let exit = if refused { Exit::Refused } else { Exit::Done };
    let text = said(ctx, &body);
    Ok(ctx.reply(&body, text)?.with_exit(exit))
}

/// Whether the disk failed in the middle of a file.
fn is_unreadable(report: &ImportReport) -> bool {
    let code = comity_stix::Code::Unreadable.as_str();
    report.rejections.iter().any(|it| it.code == code && it.id.is_none())
}

/// Whether there is no valid object in a file.
fn is_fruitless(report: &ImportReport) -> bool {
    report.types.is_empty()
}

/// A bar by bytes on standard error; none where nobody watches.
fn bar(ctx: &Ctx, name: &str, size: u64) -> ProgressBar {
    let target = if ctx.json { ProgressDrawTarget::hidden() } else { ProgressDrawTarget::stderr() };
    let bar = ProgressBar::with_draw_target(Some(size), target);
    let style = ProgressStyle::with_template("{msg} [{bar:30}] {bytes}/{total_bytes} {eta}");
    if let Ok(style) = style {
        bar.set_style(style.progress_chars("=> "));
    }
    bar.set_message(crate::output::printable(&short(name, 40)));
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}

/// The valid objects of all files by their type.
fn by_type(body: &Body) -> BTreeMap<&str, u64> {
    let mut all = BTreeMap::new();
    for (name, count) in body.files.iter().flat_map(|it| &it.report.types) {
        *all.entry(name.as_str()).or_default() += count;
    }
    all
}

fn said(ctx: &Ctx, body: &Body) -> String {
    let mut text = Vec::new();
    for FileReport { file, report, opencti } in &body.files {
        text.extend(opencti.as_ref().map(|it| opencti::said(ctx, file, it)));
        for it in report.rejections.iter().take(SHOWN) {
            let line = if it.line > 0 { format!(":{}", it.line) } else { String::new() };
            let pointer =
                if it.pointer.is_empty() { String::new() } else { format!("{}: ", it.pointer) };
            text.push(format!("{file}{line}: {pointer}{} [{}]", it.message, it.code));
        }
        let rest = report.rejected.saturating_sub(SHOWN as u64);
        if rest > 0 {
            let more = ctx.say("more objects were rejected", "objetos más fueron rechazados");
            text.push(format!("{file}: {rest} {more}"));
        }
        if is_fruitless(report) {
            let none = ctx.say(
                "there is no valid object in it; name a file with STIX 2.1 objects",
                "no contiene ningún objeto válido; indique un archivo con objetos STIX 2.1",
            );
            text.push(format!("{file}: {none}"));
        }
    }
    let types = by_type(body);
    if !types.is_empty() {
        let heading = [ctx.say("type", "tipo"), ctx.say("valid objects", "objetos válidos")];
        let rows = types.into_iter().map(|(name, count)| [short(name, 60), count.to_string()]);
        text.push(table(&heading, rows));
    }
    let conflicts: u64 = body.files.iter().map(|it| it.report.held.conflicts).sum();
    let warnings: u64 = body.files.iter().map(|it| it.report.warnings).sum();
    let mut lines = vec![
        (ctx.say("objects", "objetos"), body.objects.to_string()),
        (ctx.say("new", "nuevos"), body.new.to_string()),
        (ctx.say("unchanged", "sin cambio"), body.unchanged.to_string()),
        (ctx.say("rejected", "rechazados"), body.rejected.to_string()),
    ];
    if conflicts > 0 {
        lines
            .push((ctx.say("of them in conflict", "de ellos en conflicto"), conflicts.to_string()));
    }
    if warnings > 0 {
        lines.push((
            ctx.say("advice not followed", "recomendaciones no seguidas"),
            warnings.to_string(),
        ));
    }
    text.push(fields(&lines));
    let kept: u64 = body.files.iter().map(|it| it.report.grades_kept).sum();
    if kept > 0 {
        let words = ctx.say(
            "held already, and not graded by this import: a version is graded when it enters; give a later version its grade, or \
             say in an opinion what it is worth",
            "ya estaban en el acervo y esta importación no los calificó: cada versión se califica al ingresar; califique una \
             versión posterior, o diga en una opinión cuánto vale",
        );
        text.push(format!("{kept} {words}"));
    }
    text.join("\n")
}
