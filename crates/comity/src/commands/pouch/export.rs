//! `comity pouch export`.

use std::path::PathBuf;
use std::sync::Arc;

use comity_exchange::access::{Area, Verb};
use comity_exchange::courier::{Export, Exported, export};
use comity_exchange::partner::find_party;
use comity_exchange::ports::{BlobError, ToCarry};
use comity_store::FileSatchel;
use jiff::Timestamp;
use serde::Serialize;

use super::progress::Bar;
use crate::ctx::{Ctx, actor};
use crate::error::{CliError, Exit};
use crate::looks::Looks;
use crate::output::{Reply, fields};

#[derive(Serialize)]
struct Body {
    to: String,
    folder: PathBuf,
    #[serde(flatten)]
    exported: Exported,
}

/// Which statements the options mean.
pub(super) const fn which(again: bool, since: Option<Timestamp>) -> ToCarry {
    match (again, since) {
        (_, Some(at)) => ToCarry::Since(at),
        (true, None) => ToCarry::Unanswered,
        (false, None) => ToCarry::New,
    }
}

/// Runs the command.
pub(super) async fn run(
    ctx: &Ctx,
    to: &str,
    folder: PathBuf,
    which: ToCarry,
    looks: &Looks,
) -> Result<Reply, CliError> {
    let (node, _) = ctx.unlocked().await?;
    let partner = find_party(&node, to).await?;
    looks.note(ctx, &node, Verb::Exported, Area::Pouches, [partner.root]).await?;
    let failed = |error| match error {
        BlobError::Io(error) => CliError::Write { path: folder.clone(), error },
        error => comity_exchange::ExchangeError::from(error).into(),
    };
    let satchel = Arc::new(FileSatchel::new(&folder).map_err(failed)?);
    let watch = Arc::new(Bar::new(ctx, ctx.say("writing", "escribiendo")));
    let request = Export { to: partner.root, which, satchel, by: actor(looks.by.clone()), watch };
    let exported = export(&node, request).await?;
    let body = Body { to: partner.handle.to_string(), folder, exported };
    let exit = if body.exported.left_behind.is_empty() { Exit::Done } else { Exit::Refused };
    let text = said(ctx, &body);
    Ok(ctx.reply(&body, text)?.with_exit(exit))
}

fn said(ctx: &Ctx, body: &Body) -> String {
    let Body { exported, .. } = body;
    let mut text = fields(&[
        (ctx.say("for", "para"), body.to.clone()),
        (ctx.say("folder", "carpeta"), body.folder.display().to_string()),
        (ctx.say("pouches written", "valijas escritas"), exported.written.to_string()),
        (ctx.say("there already", "ya estaban"), exported.kept.to_string()),
        ("bytes", exported.bytes.to_string()),
    ]);
    for left in &exported.left_behind {
        let why = ctx.say("its parts are not here any more", "sus partes ya no están aquí");
        let statement = left.statement.to_string();
        text.extend(["\n", &statement, ": ", why, " [", left.code, "]"]);
    }
    if exported.carried_before > 0 {
        let before = ctx.say(
            "statements were written or sent before and are not answered yet; `--again` writes them once more",
            "declaraciones se escribieron o enviaron antes y aún no tienen respuesta; `--again` las escribe otra vez",
        );
        let count = exported.carried_before.to_string();
        text.extend(["\n", &count, " ", before]);
    }
    text
}
