//! `comity restore`: a node is put back from a backup into an empty data folder.

use std::path::PathBuf;
use std::sync::Arc;

use comity_exchange::{Node, Ports, recovery};
use comity_store::FileTombstones;
use comity_store::backup;
use jiff::Timestamp;
use serde::Serialize;
use serde_json::json;

use crate::commands::backup::{bar, progress};
use crate::ctx::{Ctx, Names, actor};
use crate::data::Data;
use crate::error::CliError;
use crate::output::{Reply, fields, time};
use crate::wiring;

/// What to put back.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The folder of the backup
    #[arg(value_name = "DIR")]
    backup: PathBuf,
    /// Who does it, for the journal (else the login name)
    #[arg(long, value_name = "NAME")]
    by: Option<String>,
}

#[derive(Serialize)]
struct Body {
    data: PathBuf,
    made_at: Timestamp,
    files: usize,
    bytes: u64,
    /// Partners for whom nothing is sealed before they were asked what they have.
    unasked: Vec<String>,
    /// Whether what was purged since the backup could be purged again: whether the tombstones were there.
    tombstones: bool,
}

/// Runs the command.
pub(crate) async fn run(ctx: &Ctx, args: Args) -> Result<Reply, CliError> {
    let bar = bar(ctx, ctx.say("restore", "restitución"));
    let (watched, from, to) = (bar.clone(), args.backup.clone(), ctx.data.dir.clone());
    let staging = tokio::task::spawn_blocking(move || {
        backup::stage(&from, &to, Data::LAYOUT, &mut progress(&watched))
    });
    let staged = staging.await.map_err(|error| CliError::Runtime(error.into()))??;
    bar.finish_and_clear();
    let tombstones = ctx.data.tombstones().exists();
    let staged_data = Data::new(staged.folder());
    // where this folder's own configuration is lost, the one that is put back says where they are
    let own = if ctx.data.config().is_file() { ctx.data.clone() } else { staged_data.clone() };
    let last_checkpoints = wiring::last_checkpoints_of(&ctx.data, &own)?;
    let ports = Ports {
        // what is kept apart stays where it is
        tombstones: Arc::new(FileTombstones::new(&ctx.data.tombstones())),
        last_checkpoints: Arc::new(last_checkpoints),
        ..wiring::ports(&staged_data)?
    };
    let node = Node::open(ports).await?;
    ctx.is_exercise(node.record().exercise);
    let details = json!({
        "backup": args.backup, "made_at": staged.manifest.made_at, "software": staged.manifest.software,
    });
    let unasked = recovery::restored(&node, details, &actor(args.by)).await?;
    let names = Names::of(&node).await?;
    // the database must be closed before it gets its place
    drop(node);
    let manifest = staged.finish()?;
    let body = Body {
        data: ctx.data.dir.clone(),
        made_at: manifest.made_at,
        files: manifest.files.len(),
        bytes: manifest.bytes(),
        unasked: unasked.into_iter().map(|root| names.name(root)).collect(),
        tombstones,
    };
    let text = said(ctx, &body);
    ctx.reply(&body, text)
}

fn said(ctx: &Ctx, body: &Body) -> String {
    let mut text = vec![fields(&[
        (ctx.say("node", "nodo"), body.data.display().to_string()),
        (ctx.say("as of", "al"), time(body.made_at)),
        (ctx.say("files", "archivos"), body.files.to_string()),
    ])];
    if !body.tombstones {
        text.push(
            ctx.say(
                "There are no tombstones in the data folder: what was purged since the backup is back until it expires or \
                 is recalled again. If `tombstones.jsonl` was saved, put it there before anybody uses the node.",
                "No hay constancias de eliminación en la carpeta de datos: lo que se eliminó después del respaldo está de \
                 vuelta hasta que venza o se retire de nuevo. Si `tombstones.jsonl` se conservó, colóquelo ahí antes de que \
                 alguien use el nodo.",
            )
            .to_owned(),
        );
    }
    if !body.unasked.is_empty() {
        text.push(format!(
            "{} {}. {}",
            ctx.say("Nothing is sealed yet for", "Aún no se sella nada para"),
            body.unasked.join(", "),
            ctx.say(
                "`comity serve` asks them what they have; if they have more than this node remembers, `comity record \
                 recover --to HANDLE` opens a new epoch.",
                "`comity serve` les pregunta qué tienen; si tienen más de lo que este nodo recuerda, `comity record recover --to CLAVE` \
                 abre una nueva época."
            ),
        ));
    }
    text.join("\n\n")
}
