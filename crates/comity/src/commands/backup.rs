//! `comity backup`: a copy of the data folder while the node serves, and whether one is good.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use comity_exchange::Node;
use comity_store::backup::{self, About, Manifest};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::json;

use crate::config::Config;
use crate::ctx::{Ctx, actor};
use crate::data::Data;
use crate::error::CliError;
use crate::output::{Reply, fields, note, printable, time};
use crate::wiring;

/// What to copy to.
#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Option<Command>,
    /// The new folder of the backup; in a folder that is there, one named by the party and the time
    #[arg(long, short, required = true, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Who does it, for the journal (else the login name)
    #[arg(long, value_name = "NAME")]
    by: Option<String>,
}

/// What to do with a backup.
#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Read a backup to its end and say whether it is whole; needs no node
    Check {
        /// The folder of the backup
        #[arg(value_name = "DIR")]
        backup: PathBuf,
    },
}

/// What a backup holds, as it is told.
#[derive(Serialize)]
struct Body<'a> {
    folder: &'a Path,
    handle: String,
    root: String,
    made_at: Timestamp,
    files: usize,
    bytes: u64,
}

/// Runs the command.
pub(crate) async fn run(ctx: &Ctx, args: Args) -> Result<Reply, CliError> {
    match (args.command, args.out) {
        (Some(Command::Check { backup }), _) => check(ctx, backup).await,
        (None, Some(out)) => write(ctx, out, actor(args.by)).await,
        (None, None) => Err(CliError::no_command()),
    }
}

async fn write(ctx: &Ctx, out: PathBuf, by: String) -> Result<Reply, CliError> {
    Config::load(&ctx.data)?;
    let store = Arc::new(wiring::store(&ctx.data)?);
    let registry = crate::extensions::Extensions::of_node(&ctx.data.extensions())?.registry;
    let node = Node::open(wiring::ports_over(&ctx.data, Arc::clone(&store), registry)?).await?;
    ctx.is_exercise(node.record().exercise);
    let made_at = node.now();
    let handle = node.record().handle.clone();
    let out = if out.is_dir() { out.join(name(&handle.to_string(), made_at)) } else { out };
    let about = About {
        handle,
        root: node.root(),
        made_at,
        software: env!("CARGO_PKG_VERSION").to_owned(),
    };
    let bar = bar(ctx, ctx.say("backup", "respaldo"));
    let mut heard = progress(&bar);
    let layout = Data::LAYOUT;
    let manifest = backup::write(&store, &ctx.data.dir, layout, about, &out, &mut heard).await?;
    bar.finish_and_clear();
    let details = json!({
        "folder": out, "files": manifest.files.len(), "bytes": manifest.bytes(), "made_at": made_at,
    });
    node.store().journal(vec![node.journal_by(&by, "backup-made", node.root(), details)]).await?;
    note(
        ctx,
        ctx.say(
            "the backup holds what this node holds, in clear: keep it as safe as the node; key files stay sealed",
            "el respaldo contiene en claro lo que contiene este nodo: guárdelo con la misma protección; los archivos de \
             claves siguen cifrados",
        ),
    );
    reply(ctx, &out, &manifest, ctx.say("written and read again", "escrito y leído de nuevo"))
}

/// Reads a backup and says what it holds.
async fn check(ctx: &Ctx, folder: PathBuf) -> Result<Reply, CliError> {
    let bar = bar(ctx, ctx.say("check", "revisión"));
    let (watched, read) = (bar.clone(), folder.clone());
    let checking = tokio::task::spawn_blocking(move || {
        backup::check(&read, Data::LAYOUT, &mut progress(&watched))
    });
    let manifest = checking.await.map_err(|error| CliError::Runtime(error.into()))??;
    bar.finish_and_clear();
    reply(ctx, &folder, &manifest, ctx.say("whole", "íntegro"))
}

fn reply(ctx: &Ctx, folder: &Path, manifest: &Manifest, verdict: &str) -> Result<Reply, CliError> {
    let body = Body {
        folder,
        handle: manifest.handle.to_string(),
        root: manifest.root.to_string(),
        made_at: manifest.made_at,
        files: manifest.files.len(),
        bytes: manifest.bytes(),
    };
    let text = fields(&[
        (ctx.say("backup", "respaldo"), format!("{}, {verdict}", folder.display())),
        (ctx.say("of", "de"), format!("{} ({})", body.handle, body.root)),
        (ctx.say("as of", "al"), time(body.made_at)),
        (ctx.say("files", "archivos"), body.files.to_string()),
        (ctx.say("bytes", "bytes"), body.bytes.to_string()),
    ]);
    ctx.reply(&body, text)
}

/// `comity-mx-20261122T130506Z`.
fn name(handle: &str, at: Timestamp) -> String {
    format!("comity-{handle}-{}", at.strftime("%Y%m%dT%H%M%SZ"))
}

/// A bar by bytes on standard error; none where nobody watches.
pub(super) fn bar(ctx: &Ctx, what: &str) -> ProgressBar {
    let target = if ctx.json { ProgressDrawTarget::hidden() } else { ProgressDrawTarget::stderr() };
    let bar = ProgressBar::with_draw_target(Some(0), target);
    let style = ProgressStyle::with_template("{msg} [{bar:30}] {bytes}/{total_bytes} {eta}");
    if let Ok(style) = style {
        bar.set_style(style.progress_chars("=> "));
    }
    bar.set_message(printable(what));
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}

/// Moves a bar.
pub(super) fn progress(bar: &ProgressBar) -> impl FnMut(backup::Progress) + Send + use<> {
    let bar = bar.clone();
    move |progress| {
        bar.set_length(progress.total);
        bar.set_position(progress.done);
    }
}
