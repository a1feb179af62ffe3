//! `comity audit export`: a signed report of a period, as JSON, as a table or as a page to print.

use std::path::{Path, PathBuf};

use comity_exchange::access::{Reader, Verb};
use comity_exchange::audit::{self, Days, Direction, Report, Written};
use comity_model::Digest;
use jiff::civil::Date;
use serde::Serialize;

use super::{csv, lost, page};
use crate::commands::release::put;
use crate::ctx::{Ctx, Names};
use crate::error::CliError;
use crate::files;
use crate::output::{Reply, fields};

/// What is written.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The first day of the period, in UTC
    #[arg(long, value_name = "DATE")]
    from: Date,
    /// The last day, in UTC
    #[arg(long, value_name = "DATE")]
    until: Date,
    /// Only what was exchanged with this partner; what the journal knows is left out then
    #[arg(long, value_name = "HANDLE")]
    partner: Option<String>,
    /// The file to write
    #[arg(long, short = 'o', value_name = "FILE")]
    out: PathBuf,
    /// json (signed; `comity verify` checks it), csv or html (else what the file's name ends in)
    #[arg(long, value_name = "FORMAT")]
    format: Option<Format>,
    /// Write over a file that is there
    #[arg(long)]
    force: bool,
}

/// The form of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum, Serialize)]
#[serde(rename_all = "kebab-case")]
enum Format {
    /// The signed report.
    Json,
    /// A line for each count.
    Csv,
    /// A page to print.
    Html,
}

impl Format {
    /// What the file's name ends in.
    fn of(path: &Path) -> Option<Self> {
        match path.extension()?.to_str()? {
            "json" => Some(Self::Json),
            "csv" => Some(Self::Csv),
            "html" => Some(Self::Html),
            _ => None,
        }
    }
}

#[derive(Serialize)]
struct Body<'a> {
    file: PathBuf,
    format: Format,
    bytes: usize,
    /// The digest of the report, the same in every form.
    digest: Digest,
    report: &'a Report,
}

/// Runs the command.
pub(super) async fn run(ctx: &Ctx, reader: &Reader, args: Args) -> Result<Reply, CliError> {
    let Some(format) = args.format.or_else(|| Format::of(&args.out)) else {
        return Err(CliError::usage(
            format!(
                "`{}` does not say in which form to write; name a file that ends in .json, .csv or .html, or give --format",
                args.out.display()
            ),
            format!(
                "`{}` no indica en qué forma escribir; nombre un archivo que termine en .json, .csv o .html, o use --format",
                args.out.display()
            ),
        ));
    };
    if !args.force {
        files::must_not_exist(&args.out)?;
    }
    let days = Days { from: args.from, until: args.until };
    let partner = args.partner.as_deref();
    let node = match format {
        Format::Json => ctx.unlocked().await?.0,
        Format::Csv | Format::Html => ctx.node().await?,
    };
    let names = Names::of(&node).await?;
    let (written, file) = match format {
        Format::Json => audit::export(&node, days, partner, reader).await?,
        Format::Csv | Format::Html => {
            let written = audit::report(&node, days, partner, reader).await?;
            let (report, digest) = (&written.report, written.digest());
            let verb = if format == Format::Csv { Verb::Exported } else { Verb::Printed };
            let file = match format {
                Format::Csv => csv::of(report),
                _ => page::of(ctx.lang, report, &digest, |root| names.name(root)),
            };
            audit::journal(&node, &written, reader, verb).await?;
            (written, file.into_bytes())
        }
    };
    put(&args.out, &file, args.force)?;
    let text = said(ctx, &names, &args.out, format, &written);
    let digest = written.digest();
    let body = Body { file: args.out, format, bytes: file.len(), digest, report: &written.report };
    ctx.reply(&body, text)
}

fn said(ctx: &Ctx, names: &Names, path: &Path, format: Format, written: &Written) -> String {
    let report = &written.report;
    let waiting: u64 = report.waiting.values().sum();
    let statements = report.shared.iter().flat_map(|it| &it.directions);
    let statements: u64 = statements.map(Direction::statements).sum();
    let mut text = fields(&[
        (ctx.say("file", "archivo"), path.display().to_string()),
        (ctx.say("period", "periodo"), format!("{} – {}", report.days.from, report.days.until)),
        (ctx.say("statements counted", "declaraciones contadas"), statements.to_string()),
        (
            ctx.say("not cosigned yet, not counted", "sin refrendo aún, no contadas"),
            waiting.to_string(),
        ),
        (ctx.say("digest of the report", "resumen del informe"), written.digest().to_string()),
    ]);
    if let Some(lost) = lost::said(ctx, names, &report.lost) {
        text.push_str("\n\n");
        text.push_str(&lost);
    }
    if format == Format::Json {
        text.push_str(ctx.say(
            "\n\nWhoever gets the file can check who signed it, with no node and no network, with:\n  comity verify FILE --root HANDLE=sha256:...",
            "\n\nQuien reciba el archivo puede comprobar quién lo firmó, sin nodo y sin red, con:\n  comity verify FILE --root HANDLE=sha256:...",
        ));
    }
    text
}
