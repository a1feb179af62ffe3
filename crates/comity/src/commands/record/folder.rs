//! `comity record check --tiles`: the files of a log, checked by themselves.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use comity_log::checkpoint::Checkpoint;
use comity_log::note::{MAX_NOTE_BYTES, SignedNote};
use comity_log::tiles::{
    CHECKPOINT_PATH, MAX_ENTRY_BYTES, TILE_WIDTH, Tile, TileError, TileKind, TileNodes, Tiles,
    parse_bundle,
};
use comity_log::{cosign, leaf_hash};
use serde::Serialize;

use super::digest;
use super::pinned::Trusted;
use crate::ctx::Ctx;
use crate::error::spanish::{sentence_of_files, system};
use crate::error::{CliError, Exit};
use crate::lang::Lang;
use crate::output::{Reply, table};

/// How deep below the named folder a log may stand: an origin has five parts.
const DEEPEST: u32 = 8;
/// Logs that are checked at once, at most.
const MOST_LOGS: usize = 1_000;
/// Bytes of the largest tile of hashes.
const TILE_BYTES: u64 = 32 * TILE_WIDTH;
/// Bytes of the largest bundle.
const BUNDLE_BYTES: u64 = TILE_WIDTH * (MAX_ENTRY_BYTES as u64 + 2);

#[derive(Serialize)]
struct Body {
    verdict: &'static str,
    logs: Vec<Log>,
    fault: Option<Flaw>,
}

/// A log whose files fit together.
#[derive(Serialize)]
struct Log {
    origin: String,
    size: u64,
    root: String,
    /// Whoever of those given signed: names of keys, and of parties as the reader calls them.
    signed_by: Vec<String>,
    /// The parties of which a key signed that a later one of their given descriptors takes back.
    taken_back_by: Vec<String>,
}

/// The first thing that is wrong.
#[derive(Serialize)]
struct Flaw {
    path: PathBuf,
    code: &'static str,
    message: String,
}

/// Checks every log below `dir`. What no given key signed is consistent and no more, and neither is what was signed with a
/// key that its party took back: nothing in a tree says when it was signed.
pub(super) fn run(ctx: &Ctx, dir: &Path, trusted: &Trusted) -> Result<Reply, CliError> {
    let mut found = Vec::new();
    logs_below(dir, DEEPEST, &mut found)?;
    if found.is_empty() {
        return Err(CliError::NoTiles(dir.to_owned()));
    }
    let (mut logs, mut fault) = (Vec::new(), None);
    for folder in found {
        match log(ctx.lang, &folder, trusted) {
            Ok(log) => logs.push(log),
            Err((code, message)) => {
                fault = Some(Flaw { path: folder, code, message });
                break;
            }
        }
    }
    let pinned = logs.iter().all(|log| !log.signed_by.is_empty());
    let taken_back: BTreeSet<&str> =
        logs.iter().flat_map(|log| &log.taken_back_by).map(String::as_str).collect();
    let verdict = match (&fault, pinned) {
        (Some(_), _) => "does-not-hold",
        (None, _) if !taken_back.is_empty() => "consistent, a key was revoked",
        (None, false) => "consistent, keys not pinned",
        (None, true) => "proved",
    };
    let heading = [
        ctx.say("log", "registro"),
        ctx.say("statements", "declaraciones"),
        ctx.say("root", "raíz"),
        ctx.say("signed by", "firmado por"),
    ];
    let rows = logs.iter().map(|it| {
        [it.origin.clone(), it.size.to_string(), it.root.clone(), it.signed_by.join(", ")]
    });
    let text = match (&fault, pinned) {
        (Some(flaw), _) => format!(
            "{}: {}: {} [{}]",
            ctx.say("DOES NOT HOLD", "NO SE SOSTIENE"),
            flaw.path.display(),
            flaw.message,
            flaw.code
        ),
        (None, _) if !taken_back.is_empty() => {
            let names = taken_back.into_iter().collect::<Vec<_>>().join("`, `");
            format!(
                "{} `{names}` {}",
                ctx.say(
                    "CONSISTENT: the files fit together; they are signed with a key that a later descriptor revokes, so that \
                     it is not proved who signed. Ask",
                    "COHERENTE: los archivos concuerdan; los firmó una clave que un descriptor posterior revoca, así que no está \
                     probado quién firmó. Pida a",
                ),
                ctx.say(
                    "for files that a key of today signed",
                    "archivos que haya firmado una clave actual",
                )
            )
        }
        (None, false) => ctx
            .say(
                "CONSISTENT: the files fit together; whose they are is not proved, give keys with `--key`, or parties with `--root` and `--descriptor`",
                "COHERENTE: los archivos concuerdan; no está probado de quién son, indique claves con `--key`, o partes con `--root` y `--descriptor`",
            )
            .to_owned(),
        (None, true) => ctx
            .say(
                "PROVED: every file leads to a checkpoint that the given keys signed",
                "PROBADO: cada archivo conduce a un corte que firmaron las claves indicadas",
            )
            .to_owned(),
    };
    let exit = if verdict == "proved" { Exit::Done } else { Exit::Refused };
    let text = format!("{}\n{text}", table(&heading, rows));
    Ok(ctx.reply(&Body { verdict, logs, fault }, text)?.with_exit(exit))
}

/// The folders that hold a checkpoint.
fn logs_below(dir: &Path, depth: u32, found: &mut Vec<PathBuf>) -> Result<(), CliError> {
    if dir.join(CHECKPOINT_PATH).is_file() {
        found.push(dir.to_owned());
        return Ok(());
    }
    if depth == 0 || found.len() >= MOST_LOGS {
        return Ok(());
    }
    let failed = |error| CliError::Read { path: dir.to_owned(), error };
    let mut below = Vec::new();
    for entry in fs::read_dir(dir).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        if entry.file_type().map_err(failed)?.is_dir() {
            below.push(entry.path());
        }
    }
    below.sort();
    below.iter().try_for_each(|dir| logs_below(dir, depth - 1, found))
}

/// The tiles of one folder.
struct Folder<'a>(&'a Path);

impl Tiles for Folder<'_> {
    type Error = io::Error;

    fn tile(&self, tile: &Tile) -> io::Result<Option<Vec<u8>>> {
        read(&self.0.join(tile.to_string()), TILE_BYTES)
    }
}

/// The bytes of a file, one more than `most` of them if it is longer.
fn read(path: &Path, most: u64) -> io::Result<Option<Vec<u8>>> {
    use io::Read as _;
    let file = match fs::File::open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        other => other?,
    };
    let mut bytes = Vec::new();
    file.take(most + 1).read_to_end(&mut bytes)?;
    Ok(Some(bytes))
}

type Wrong = (&'static str, String);

fn log(lang: Lang, folder: &Path, trusted: &Trusted) -> Result<Log, Wrong> {
    let unreadable = |error: io::Error| ("cannot-read", of_system(lang, &error));
    let note = read(&folder.join(CHECKPOINT_PATH), MAX_NOTE_BYTES as u64).map_err(unreadable)?;
    let note = SignedNote::parse(&note.unwrap_or_default())
        .map_err(|error| (error.code(), in_lang(lang, error.code(), &error.to_string())))?;
    let checkpoint = Checkpoint::parse(note.text())
        .map_err(|error| (error.code(), in_lang(lang, error.code(), &error.to_string())))?;
    let origin = checkpoint.origin();
    let found = match cosign::verify(&note, &trusted.keys_in(origin)) {
        Ok(found) => found,
        Err(cosign::VerifyError::NoKnownSignature) => Vec::new(),
        Err(error) => return Err((error.code(), in_lang(lang, error.code(), &error.to_string()))),
    };
    let tile_wrong = |error: TileError<io::Error>| (error.code(), of_tile(lang, &error));
    let nodes = TileNodes::new(Folder(folder), &checkpoint).map_err(tile_wrong)?;
    let size = checkpoint.size();
    for index in 0..size.div_ceil(TILE_WIDTH) {
        let leaves = nodes.hashes(0, index).map_err(tile_wrong)?.unwrap_or_default();
        let Some(bundle) = Tile::in_tree(TileKind::Entries, index, size) else { continue };
        let path = bundle.to_string();
        let flawed = |code: &'static str| {
            (
                code,
                format!(
                    "`{path}`: {}",
                    in_lang(lang, code, "the entries are missing, cut, or not those of the tree")
                ),
            )
        };
        let mut bytes = read(&folder.join(&path), BUNDLE_BYTES).map_err(unreadable)?;
        let mut width = bundle.width();
        if let (None, Some(full)) = (&bytes, bundle.full()) {
            bytes = read(&folder.join(full.to_string()), BUNDLE_BYTES).map_err(unreadable)?;
            width = full.width();
        }
        let bytes = bytes.ok_or_else(|| flawed("entries-missing"))?;
        let entries = parse_bundle(&bytes, width).map_err(|error| flawed(error.code()))?;
        let same = entries.iter().zip(&leaves).all(|(entry, leaf)| leaf_hash(entry) == *leaf);
        if !same || entries.len() < leaves.len() {
            return Err(flawed("entries-root"));
        }
    }
    let root = digest(checkpoint.root());
    Ok(Log {
        origin: origin.to_owned(),
        size,
        root,
        signed_by: trusted.signers(origin, &found),
        taken_back_by: trusted.taken_back(origin, &found),
    })
}

/// The sentence for a code.
fn in_lang(lang: Lang, code: &str, english: &str) -> String {
    match (lang, sentence_of_files(code)) {
        (Lang::Es, Some(sentence)) => sentence.to_owned(),
        _ => english.to_owned(),
    }
}

/// What is wrong with a tile, and with which.
fn of_tile(lang: Lang, error: &TileError<io::Error>) -> String {
    let sentence = in_lang(lang, error.code(), &error.to_string());
    match (lang, error) {
        (Lang::Es, TileError::Missing(tile) | TileError::Length(tile) | TileError::Root(tile)) => {
            format!("`{tile}`: {sentence}")
        }
        (Lang::Es, TileError::Tiles(error)) => format!("{sentence}; detalle: {}", system(error)),
        _ => sentence,
    }
}

fn of_system(lang: Lang, error: &io::Error) -> String {
    if lang == Lang::Es { system(error) } else { error.to_string() }
}
