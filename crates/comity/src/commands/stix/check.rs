//! `comity stix check`: every object of files against the standard, every broken rule named.

use std::path::PathBuf;

use comity_stix::json::Document;
use comity_stix::reader::{Objects, RawObject};
use comity_stix::{Checker, Limits, Report};
use serde::Serialize;

use super::input::{Input, Refused, line_of};
use crate::ctx::Ctx;
use crate::error::{CliError, Exit};
use crate::lang::Lang;
use crate::output::Reply;
use findings::{Findings, Located};
use tally::{Counts, Tally};

mod findings;
mod said;
mod tally;

/// What to check.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// STIX 2.1 bundles, lists, objects or JSON lines, `-` for standard input; exits with 1 when a MUST of the standard is broken, there is no object in one, or one cannot be read to its end
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    /// Exit with 1 when a SHOULD of the standard is not followed, too
    #[arg(long)]
    strict: bool,
}

/// What was found.
#[derive(Serialize)]
struct Body {
    ok: bool,
    #[serde(flatten)]
    tally: Tally,
    files: Vec<FileReport>,
    #[serde(flatten)]
    findings: Findings,
}

#[derive(Serialize)]
struct FileReport {
    file: String,
    #[serde(flatten)]
    counts: Counts,
}

impl FileReport {
    /// Whether there is no object in it.
    const fn is_fruitless(&self) -> bool {
        self.counts.objects == self.counts.unread
    }
}

/// Runs the command.
pub(super) fn run(ctx: &Ctx, args: &Args) -> Result<Reply, CliError> {
    let inputs = Input::open(&args.files)?;
    let limits = Limits::default();
    let mut checking = Checking {
        lang: ctx.lang,
        limits,
        checker: Checker::new(&limits),
        tally: Tally::default(),
        findings: Findings::default(),
    };
    let files: Vec<FileReport> = inputs.into_iter().map(|it| checking.file(it)).collect();
    let Checking { tally, findings, .. } = checking;
    let fruitless = files.iter().any(FileReport::is_fruitless);
    let refused = fruitless || findings.must > 0 || (args.strict && findings.should > 0);
    let body = Body { ok: !refused, tally, files, findings };
    let exit = if refused { Exit::Refused } else { Exit::Done };
    let text = said::text(ctx, &body);
    Ok(ctx.reply(&body, text)?.with_exit(exit))
}

/// A check on its way.
struct Checking {
    lang: Lang,
    limits: Limits,
    checker: Checker,
    tally: Tally,
    findings: Findings,
}

impl Checking {
    fn file(&mut self, input: Input) -> FileReport {
        let file = input.name.clone();
        let mut counts = Counts::default();
        for next in Objects::new(input, self.limits) {
            counts += match next {
                Ok(raw) => self.object(&file, &raw),
                Err(error) => {
                    let refused = Refused::reading(&error, self.lang.stix());
                    self.findings.push(Located::unread(&file, refused));
                    self.tally.object(None, Counts::unread());
                    Counts::unread()
                }
            };
        }
        FileReport { file, counts }
    }

    fn object(&mut self, file: &str, raw: &RawObject) -> Counts {
        let report = self.checker.check(&raw.bytes);
        let (id, type_) = names(raw, &report, &self.limits);
        for finding in &report.findings {
            let line = line_of(raw, finding);
            self.findings.push(Located::new(file, line, id.clone(), finding, self.lang));
        }
        let counts = Counts::of(&report);
        self.tally.object(type_, counts);
        self.tally.unknown.add(&report.unknown);
        counts
    }
}

/// The identifier and the type that an object says it has.
fn names(raw: &RawObject, report: &Report, limits: &Limits) -> (Option<String>, Option<String>) {
    if let Some(head) = &report.head {
        return (Some(head.id.clone().into_owned()), Some(head.type_.clone().into_owned()));
    }
    let document = Document::parse(&raw.bytes, limits).ok();
    let text = |name| Some(document.as_ref()?.root().child(name)?.text()?.into_owned());
    (text("id"), text("type"))
}
