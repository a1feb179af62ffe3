//! `comity release open`: showing an outsider from which object a derivative was made.

use std::path::PathBuf;

use comity_exchange::access::{Area, Verb};
use comity_exchange::approve::find_release;
use comity_exchange::opening;
use comity_model::Folio;
use serde::Serialize;

use crate::ctx::{Ctx, actor};
use crate::error::CliError;
use crate::files;
use crate::looks::Why;
use crate::output::{Reply, fields};

/// What is opened.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The release's folio or id
    #[arg(value_name = "ID")]
    release: String,
    /// The object, by the STIX id of the original or of what went in its place
    #[arg(value_name = "OBJECT")]
    object: String,
    /// The file to write; it must not exist. Whoever reads it learns the original
    #[arg(long, short = 'o', value_name = "FILE")]
    out: PathBuf,
    /// What for.
    #[command(flatten)]
    why: Why,
    /// Who opens it, for the journal (else the login name)
    #[arg(long, value_name = "NAME")]
    by: Option<String>,
}

#[derive(Serialize)]
struct Body {
    folio: Folio,
    object: String,
    version: String,
    derivative: String,
    file: PathBuf,
    bytes: usize,
}

/// Runs the command.
pub(super) async fn run(ctx: &Ctx, args: Args) -> Result<Reply, CliError> {
    let (node, _) = ctx.unlocked().await?;
    let release = find_release(&node, &args.release).await?;
    files::must_not_exist(&args.out)?;
    let looks = args.why.by(args.by.as_ref());
    looks.note(ctx, &node, Verb::Exported, Area::Releases, [&release.record.folio]).await?;
    let opened = opening::open(&node, &release, &args.object, &actor(args.by)).await?;
    files::write_new(&args.out, &opened.file)?;
    let body = Body {
        folio: release.record.folio,
        object: opened.original,
        version: opened.version,
        derivative: opened.derivative,
        file: args.out,
        bytes: opened.file.len(),
    };
    let mut text = fields(&[
        (ctx.say("release", "entrega"), body.folio.to_string()),
        (ctx.say("original", "original"), body.object.clone()),
        (ctx.say("version", "versión"), body.version.clone()),
        (ctx.say("went as", "se entregó como"), body.derivative.clone()),
        (ctx.say("file", "archivo"), body.file.display().to_string()),
    ]);
    text.push_str(ctx.say(
        "\n\nThe file holds the original. Whoever gets it can check it with: comity verify FILE --root HANDLE=sha256:...",
        "\n\nEl archivo contiene el original. Quien lo reciba puede comprobarlo con: comity verify FILE --root HANDLE=sha256:...",
    ));
    ctx.reply(&body, text)
}
