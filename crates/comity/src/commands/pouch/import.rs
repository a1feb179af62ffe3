//! `comity pouch import`.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use comity_exchange::courier::{Brought, Fate, Import, Imported, Watch as _, import};
use comity_exchange::ports::HandFile;
use comity_store::CarriedFile;
use serde::Serialize;

use super::progress::Bar;
use crate::config::Config;
use crate::ctx::{Ctx, actor};
use crate::disk;
use crate::error::{CliError, Exit};
use crate::output::{Reply, fields, on_one_line};

/// The most files of one import.
const MOST: usize = 100_000;
/// The ending of the files that are taken out of a folder.
const ENDING: &str = "pouch";

#[derive(Serialize)]
struct Body {
    #[serde(flatten)]
    imported: Imported,
    held: usize,
    repeated: usize,
    refused: usize,
    left_out: usize,
}

/// Runs the command.
pub(super) async fn run(
    ctx: &Ctx,
    paths: Vec<PathBuf>,
    by: Option<String>,
) -> Result<Reply, CliError> {
    let (node, _) = ctx.unlocked().await?;
    let config = Config::load(&ctx.data)?;
    let (files, bytes) = carried(&paths)?;
    let watch = Arc::new(Bar::new(ctx, ctx.say("taking in", "incorporando")));
    watch.total(bytes.saturating_mul(2));
    let (spool, least) = (ctx.data.spool(), config.storage.least_free_mib.saturating_mul(1 << 20));
    let request = Import {
        files,
        free: Arc::new(move || Ok(disk::free(&spool)?.saturating_sub(least))),
        by: actor(by),
        watch,
    };
    let imported = import(&node, request).await?;
    let count = |fate: Fate| imported.files.iter().filter(|it| it.fate == fate).count();
    let body = Body {
        held: count(Fate::Held),
        repeated: count(Fate::Repeated),
        refused: count(Fate::Refused),
        left_out: count(Fate::LeftOut),
        imported,
    };
    let bad = body.imported.files.iter().any(|it| it.fate.is_bad());
    let text = said(ctx, &body);
    Ok(ctx.reply(&body, text)?.with_exit(if bad { Exit::Refused } else { Exit::Done }))
}

/// The files that are meant, those of a folder by name, and the bytes of all. A file that is not there is found missing
/// when it is read; a folder that cannot be read is an error.
pub(crate) fn carried(paths: &[PathBuf]) -> Result<(Vec<Arc<dyn HandFile>>, u64), CliError> {
    let mut files: Vec<PathBuf> = Vec::new();
    for path in paths {
        let failed = |error: io::Error| CliError::Read { path: path.clone(), error };
        let before = files.len();
        if path.is_dir() {
            for entry in std::fs::read_dir(path).map_err(failed)? {
                let entry = entry.map_err(failed)?.path();
                if entry.extension().is_some_and(|it| it == ENDING) {
                    files.push(entry);
                }
                within(path, &files)?;
            }
            if let Some(new) = files.get_mut(before..) {
                new.sort();
            }
        } else {
            files.push(path.clone());
            within(path, &files)?;
        }
    }
    let size = |path: &PathBuf| std::fs::metadata(path).map_or(0, |it| it.len());
    let bytes = files.iter().map(size).fold(0, u64::saturating_add);
    let by_hand = |path| Arc::new(CarriedFile(path)) as Arc<dyn HandFile>;
    Ok((files.into_iter().map(by_hand).collect(), bytes))
}

fn within(path: &Path, files: &[PathBuf]) -> Result<(), CliError> {
    if files.len() > MOST {
        return Err(CliError::TooManyFiles { path: path.to_owned(), most: MOST });
    }
    Ok(())
}

fn said(ctx: &Ctx, body: &Body) -> String {
    let files = &body.imported.files;
    let mut text: Vec<String> = files
        .iter()
        .filter(|it| it.fate.is_bad() || it.fate == Fate::Consumed && it.code.is_some())
        .map(|it| line(ctx, it))
        .collect();
    if files.is_empty() {
        text.push(ctx.say("There is no pouch there.", "No hay ninguna valija ahí.").to_owned());
    }
    text.push(fields(&[
        (ctx.say("files", "archivos"), files.len().to_string()),
        (
            ctx.say("statements taken in", "declaraciones incorporadas"),
            body.imported.consumed.to_string(),
        ),
        (ctx.say("waiting for earlier ones", "en espera de anteriores"), body.held.to_string()),
        (ctx.say("here before", "ya estaban"), body.repeated.to_string()),
        (ctx.say("refused", "rechazadas"), body.refused.to_string()),
        (ctx.say("left out", "omitidas"), body.left_out.to_string()),
        (ctx.say("answers sealed", "respuestas selladas"), body.imported.answers.to_string()),
    ]));
    if body.imported.answers > 0 {
        text.push(
            ctx.say(
                "The answers go back over the link, or with `comity pouch export`.",
                "Las respuestas vuelven por el enlace, o con `comity pouch export`.",
            )
            .to_owned(),
        );
    }
    if body.repeated > 0 {
        text.push(
            ctx.say(
                "If the sender still waits for the receipts of what was here before: `comity pouch export --again`.",
                "Si quien envió aún espera los acuses de lo que ya estaba: `comity pouch export --again`.",
            )
            .to_owned(),
        );
    }
    text.join("\n")
}

fn line(ctx: &Ctx, brought: &Brought) -> String {
    let code = brought.code.as_deref().unwrap_or_default();
    let (name, why) = (on_one_line(&brought.file), reason(ctx, brought.fate, code));
    format!("{name}: {why} [{code}]")
}

/// What to do about it, in words.
fn reason(ctx: &Ctx, fate: Fate, code: &str) -> &'static str {
    if fate == Fate::Consumed {
        return ctx.lang.pick(
            "it was taken in without effect, and its receipt says why",
            "se incorporó sin efecto, y su acuse dice por qué",
        );
    }
    match code {
        "truncated" | "wrong-digest" => ctx.lang.pick(
            "it was cut or altered on the way; ask for it again",
            "se cortó o alteró en el camino; solicítela de nuevo",
        ),
        "unreadable" => ctx.lang.pick(
            "it cannot be read; check the disk or ask for it again",
            "no puede leerse; revise el disco o solicítela de nuevo",
        ),
        "spool-full" | "disk-full" => ctx.lang.pick(
            "there is no room for it now; make room and import it again",
            "no hay espacio para ella ahora; libere espacio e impórtela de nuevo",
        ),
        "pouch-busy" => ctx.lang.pick(
            "it is arriving over the link at this moment; import it again if it does not",
            "está llegando por el enlace en este momento; impórtela de nuevo si no llega",
        ),
        "cannot-open" => ctx.lang.pick(
            "it is no pouch, or not sealed to a key of this node",
            "no es una valija, o no está sellada para una clave de este nodo",
        ),
        "unconfirmed-party" => ctx
            .lang
            .pick("nobody confirmed its sender here", "nadie ha confirmado aquí a quien la envía"),
        _ => ctx.lang.pick("this node does not take it", "este nodo no la acepta"),
    }
}
