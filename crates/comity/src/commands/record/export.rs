//! `comity record export`: the logs with a partner as static files (C2SP tlog-tiles).

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use comity_exchange::Node;
use comity_exchange::access::{Area, Verb};
use comity_exchange::record::{self, bundle_bytes, exportable, tile_bytes};
use comity_log::checkpoint::Checkpoint;
use comity_log::note::{MAX_NOTE_BYTES, SignedNote};
use comity_log::tiles::{CHECKPOINT_PATH, Tile, TileKind, new_entry_bundles, new_hash_tiles};
use comity_model::ChannelId;
use serde::Serialize;

use super::{digest, direction, views};
use crate::ctx::{Ctx, Names};
use crate::error::CliError;
use crate::files;
use crate::looks::Looks;
use crate::output::{Reply, table};

/// Which logs, and where to.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The partner
    #[arg(long, value_name = "HANDLE")]
    partner: String,
    /// The folder; what an earlier export wrote into it is continued
    #[arg(long, short, value_name = "DIR")]
    out: PathBuf,
    /// Who looks, and what for.
    #[command(flatten)]
    looks: Looks,
}

#[derive(Serialize)]
struct Body {
    logs: Vec<Exported>,
}

#[derive(Serialize)]
struct Exported {
    /// The log, and its folder below the one that was named.
    origin: String,
    size: u64,
    root: String,
    cosigned: bool,
    /// Files that were written now.
    written: u64,
}

/// Runs the command.
pub(crate) async fn run(ctx: &Ctx, args: Args) -> Result<Reply, CliError> {
    let node = ctx.node().await?;
    let names = Names::of(&node).await?;
    let (mut logs, mut rows) = (Vec::new(), Vec::new());
    let views = views(&node, Some(&args.partner)).await?;
    let channels = views.iter().map(|it| it.channel.origin());
    args.looks.note(ctx, &node, Verb::Exported, Area::Record, channels).await?;
    for log in views {
        let Some(found) = exportable(&node, log.channel).await? else { continue };
        let folder = args.out.join(log.channel.origin());
        let written = write(&node, log.channel, &found.signed, &folder).await?;
        rows.push([
            direction(ctx, &names, &node, &log.channel),
            found.signed.size.to_string(),
            crate::output::yes_no(ctx.lang, found.cosigned).to_owned(),
            written.to_string(),
            folder.display().to_string(),
        ]);
        logs.push(Exported {
            origin: log.channel.origin(),
            size: found.signed.size,
            root: digest(&found.signed.root),
            cosigned: found.cosigned,
            written,
        });
    }
    let heading = [
        ctx.say("log", "registro"),
        ctx.say("statements", "declaraciones"),
        ctx.say("cosigned", "refrendado"),
        ctx.say("files written", "archivos escritos"),
        ctx.say("folder", "carpeta"),
    ];
    ctx.reply(&Body { logs }, table(&heading, rows))
}

/// Continues the files of a log; the checkpoint comes last, so that whoever reads meanwhile finds everything under it.
async fn write(
    node: &Node,
    channel: ChannelId,
    signed: &record::Signed,
    folder: &Path,
) -> Result<u64, CliError> {
    let before = earlier(folder)?;
    let old = before.as_ref().map_or(0, |(_, checkpoint)| checkpoint.size());
    if let Some((_, checkpoint)) = &before {
        let fits = checkpoint.origin() == channel.origin()
            && old <= signed.size
            && record::root(node, channel, old).await? == *checkpoint.root();
        if !fits {
            return Err(CliError::OtherLog(folder.to_owned()));
        }
    }
    let mut written = 0;
    for tile in new_hash_tiles(old, signed.size) {
        put(folder, tile, &tile_bytes(node, channel, tile).await?)?;
        written += 1;
    }
    for tile in new_entry_bundles(old, signed.size) {
        put(folder, tile, &bundle_bytes(node, channel, tile).await?)?;
        written += 1;
    }
    if before.is_none_or(|(note, _)| note != signed.note) {
        files::replace(&folder.join(CHECKPOINT_PATH), signed.note.as_bytes())?;
        written += 1;
    }
    // A full tile has taken the place of these.
    let levels = (0..=comity_log::tiles::MAX_TILE_LEVEL).map(TileKind::Hashes);
    for kind in levels.chain([TileKind::Entries]) {
        let shift = match kind {
            TileKind::Hashes(level) => 8 * u32::from(level),
            TileKind::Entries => 0,
        };
        let last = (old >> shift) / comity_log::tiles::TILE_WIDTH;
        let partial = Tile::in_tree(kind, last, old).filter(|tile| !tile.is_full());
        let grown = Tile::in_tree(kind, last, signed.size).is_some_and(|tile| tile.is_full());
        if let Some(partial) = partial.filter(|_| grown) {
            drop_partial(folder, partial)?;
        }
    }
    Ok(written)
}

/// The checkpoint that an earlier export wrote, if one did.
fn earlier(folder: &Path) -> Result<Option<(String, Checkpoint)>, CliError> {
    let path = folder.join(CHECKPOINT_PATH);
    let bytes = match files::read_up_to(&path, MAX_NOTE_BYTES as u64) {
        Err(CliError::Read { error, .. }) if error.kind() == io::ErrorKind::NotFound => {
            return Ok(None);
        }
        other => other?,
    };
    let other = || CliError::OtherLog(folder.to_owned());
    let note = SignedNote::parse(&bytes).map_err(|_| other())?;
    let checkpoint = Checkpoint::parse(note.text()).map_err(|_| other())?;
    Ok(Some((note.to_string(), checkpoint)))
}

/// Writes a file of a log, whole or not at all, unless it is there already.
fn put(folder: &Path, tile: Tile, bytes: &[u8]) -> Result<(), CliError> {
    let path = folder.join(tile.to_string());
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent)
            .map_err(|error| CliError::Write { path: parent.to_owned(), error })?;
    }
    if fs::read(&path).is_ok_and(|there| there == bytes) {
        return Ok(());
    }
    files::replace(&path, bytes)
}

/// Deletes a partial tile that nobody needs, and its folder when that is empty.
fn drop_partial(folder: &Path, tile: Tile) -> Result<(), CliError> {
    let path = folder.join(tile.to_string());
    match fs::remove_file(&path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            return Err(CliError::Write { path, error });
        }
        _ => {}
    }
    // It stays while an older partial tile is in it.
    let _ = path.parent().map(fs::remove_dir);
    Ok(())
}
