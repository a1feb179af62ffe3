//! `comity pouch payload`: the parts in a pouch, as files that its evidence can be checked beside.

use std::path::PathBuf;
use std::sync::Arc;

use comity_exchange::access::{Area, Verb};
use comity_exchange::courier;
use comity_store::CarriedFile;

use super::progress::Bar;
use crate::commands::release::Written;
use crate::ctx::{Ctx, actor};
use crate::error::CliError;
use crate::files::StagedFolder;
use crate::looks::Looks;
use crate::output::Reply;

/// Runs the command.
pub(super) async fn run(
    ctx: &Ctx,
    file: PathBuf,
    out: PathBuf,
    looks: &Looks,
) -> Result<Reply, CliError> {
    let (node, _) = ctx.unlocked().await?;
    let folder = StagedFolder::new(&out)?;
    let watch = Arc::new(Bar::new(ctx, ctx.say("opening", "abriendo")));
    let carried = Arc::new(CarriedFile(file));
    let by = actor(looks.by.clone());
    let (found, folder) = courier::unpack(&node, carried, watch, folder, &by).await?;
    looks.note(ctx, &node, Verb::Exported, Area::Pouches, [found.statement]).await?;
    let parts = found.parts.into_iter().map(|it| (it.name, it.size));
    Written::new(found.statement, found.kind, out, parts).published(ctx, folder)
}
