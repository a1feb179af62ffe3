//! `comity stix check`: every object of files against the standard, every broken rule named.

use std::cell::RefCell;
use std::path::PathBuf;

use comity_stix::json::Document;
use comity_stix::reader::{Objects, RawObject};
use comity_stix::{Checker, Limits, OwnedHead, Report};
use serde::Serialize;

use super::input::{Bounds, Input, Refused, is_something, line_of};
use crate::ctx::Ctx;
use crate::error::{CliError, Exit};
use crate::lang::Lang;
use crate::output::Reply;
use earlier::{Clash, Earlier};
use findings::{Findings, Located};
use frame::{Frame, Framed, Watched};
use tally::{Counts, Tally};

mod earlier;
mod findings;
mod frame;
mod said;
mod tally;

/// What to check.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// STIX 2.1 bundles, lists, objects or JSON lines, `-` for standard input; exits with 1 when a MUST of the standard is broken, there is neither an object nor a bundle in one (as in an empty file), or one cannot be read to its end
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    /// Exit with 1 when a SHOULD of the standard is not followed, too
    #[arg(long)]
    strict: bool,
    /// A folder of extensions to check by, NAME.json with NAME.schema.json beside it; can be repeated (else the folder extensions of the node, if there is one). What a checked file defines itself is not checked by
    #[arg(long, value_name = "DIR")]
    extensions: Vec<PathBuf>,
    #[command(flatten)]
    bounds: Bounds,
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
    /// Whether the bundle's own properties were checked; null when there is no bundle.
    bundle: Option<bool>,
    /// Whether all versions of an object in it were compared.
    versions: bool,
    /// Whether there is nothing in it that was meant for an object or a bundle.
    #[serde(skip)]
    is_fruitless: bool,
}

/// Runs the command.
pub(super) fn run(ctx: &Ctx, args: &Args) -> Result<Reply, CliError> {
    let inputs = Input::open(&args.files)?;
    let extensions = ctx.extensions(&args.extensions)?;
    let limits = args.bounds.limits();
    let mut checking = Checking {
        lang: ctx.lang,
        limits,
        checker: Checker::new(&limits).with_registry(&extensions.registry),
        tally: Tally::default(),
        findings: Findings::default(),
    };
    let files: Vec<FileReport> = inputs.into_iter().map(|it| checking.file(it)).collect();
    let Checking { tally, findings, .. } = checking;
    let fruitless = files.iter().any(|it| it.is_fruitless);
    let refused = fruitless || findings.must > 0 || (args.strict && findings.should > 0);
    let body = Body { ok: !refused, tally, files, findings };
    let exit = if refused { Exit::Refused } else { Exit::Done };
    let text = said::text(ctx, &body);
    Ok(ctx.reply(&body, text)?.with_exit(exit))
}

/// A check on its way.
struct Checking<'r> {
    lang: Lang,
    limits: Limits,
    checker: Checker<'r>,
    tally: Tally,
    findings: Findings,
}

impl Checking<'_> {
    fn file(&mut self, input: Input) -> FileReport {
        let file = input.name.clone();
        let mut counts = Counts::default();
        let mut earlier = Earlier::new(input.again(), self.limits);
        let (watched, frame) = Watched::new(input, &self.limits);
        let mut objects = Objects::new(watched, self.limits).keeping_duplicates();
        let mut is_fruitless = true;
        for next in objects.by_ref() {
            is_fruitless &= next.as_ref().is_err_and(|error| !is_something(error));
            counts += match next {
                Ok(raw) => {
                    frame.borrow_mut().object(&raw);
                    self.object(&file, &raw, &mut earlier)
                }
                Err(error) => {
                    let refused = Refused::reading(&error, self.lang.stix());
                    self.findings.push(Located::unread(&file, refused));
                    self.tally.object(None, Counts::unread());
                    Counts::unread()
                }
            };
        }
        let has_bundle = objects.has_bundle();
        let bundle = if has_bundle { self.frame(&file, &frame) } else { None };
        let is_fruitless = is_fruitless && !has_bundle;
        FileReport { file, counts, bundle, versions: earlier.is_whole, is_fruitless }
    }

    fn object(&mut self, file: &str, raw: &RawObject, earlier: &mut Earlier) -> Counts {
        let report = self.checker.check(&raw.bytes);
        let (id, type_) = names(raw, &report, &self.limits);
        for finding in &report.findings {
            let place = (line_of(raw, finding), raw.offset + finding.offset as u64);
            self.findings.push(Located::new(file, place, id.clone(), finding, self.lang));
        }
        let mut counts = Counts::of(&report);
        // An object may break rules of its own and yet say which version of what it is.
        let is_version = |head: &&OwnedHead| head.created.is_some() && head.modified.is_some();
        let head = report.head.as_ref().filter(|head| report.is_valid() || is_version(head));
        if let Some(head) = head {
            for Clash { finding, later, earlier } in earlier.object(raw, head) {
                let offset = |start: u64| start + finding.offset as u64;
                let place = later.map_or_else(
                    || (line_of(raw, &finding), offset(raw.offset)),
                    |(line, start)| (line, offset(start)),
                );
                let found = Located::new(file, place, id.clone(), &finding, self.lang);
                counts.clash(found.severity);
                self.findings.push(Located { earlier: Some(earlier), ..found });
            }
        }
        self.tally.object(type_, counts);
        self.tally.unknown.add(&report.unknown);
        counts
    }

    /// Checks what stands around the objects. Gives whether that could be done, if it is a bundle.
    fn frame(&mut self, file: &str, frame: &RefCell<Frame>) -> Option<bool> {
        match frame.borrow_mut().end(&self.checker, &self.limits) {
            Framed::None => None,
            Framed::Unclear => Some(false),
            Framed::Bundle(id, findings) => {
                for (line, offset, finding) in findings {
                    let found = Located::new(file, (line, offset), id.clone(), &finding, self.lang);
                    self.findings.push(found);
                }
                Some(true)
            }
        }
    }
}

/// The identifier and the type that an object says it has.
fn names(raw: &RawObject, report: &Report, limits: &Limits) -> (Option<String>, Option<String>) {
    if let Some(head) = &report.head {
        return (Some(head.id.clone().into_owned()), Some(head.type_.clone().into_owned()));
    }
    let document = Document::parse_with_duplicates(&raw.bytes, limits).ok();
    let text = |name| Some(document.as_ref()?.0.root().child(name)?.text()?.into_owned());
    (text("id"), text("type"))
}
