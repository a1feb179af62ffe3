//! Two files that contradict each other, in plain words.

use std::path::{Path, PathBuf};

use comity_exchange::evidence::{Beside, Contradiction};
use serde_json::{Value, json};

use crate::lang::Lang;

fn names<'a>(found: &Contradiction, files: &'a [PathBuf]) -> (&'a Path, &'a Path) {
    let name = |at: usize| files.get(at).map_or_else(|| Path::new(""), PathBuf::as_path);
    (name(found.files.0), name(found.files.1))
}

/// What the two files say, and what follows from it.
pub(super) fn text(lang: Lang, found: &Contradiction, files: &[PathBuf]) -> String {
    let (one, other) = names(found, files);
    let (one, other, from) = (one.display(), other.display(), found.channel.from);
    match (lang, &found.beside) {
        (Lang::En, Beside::Statements { sequence, digests }) => format!(
            "- {one} and {other}: two statements at place {sequence} of the log {}: {} and {}. Its owner ({from}) signed both; only one can be.",
            found.channel, digests.0, digests.1
        ),
        (Lang::Es, Beside::Statements { sequence, digests }) => format!(
            "- {one} y {other}: dos declaraciones en el lugar {sequence} del registro {}: {} y {}. Su titular ({from}) firmó ambas; sólo una puede ser.",
            found.channel, digests.0, digests.1
        ),
        (Lang::En, Beside::Roots { size, roots }) => format!(
            "- {one} and {other}: two roots for the size {size} of the log {}: {} and {}. Its owner ({from}) signed both; only one can be.",
            found.channel, roots.0, roots.1
        ),
        (Lang::Es, Beside::Roots { size, roots }) => format!(
            "- {one} y {other}: dos raíces para el tamaño {size} del registro {}: {} y {}. Su titular ({from}) firmó ambas; sólo una puede ser.",
            found.channel, roots.0, roots.1
        ),
    }
}

/// The same for programs.
pub(super) fn body(found: &Contradiction, files: &[PathBuf]) -> Value {
    let (one, other) = names(found, files);
    let channel = found.channel.to_string();
    match &found.beside {
        Beside::Statements { sequence, digests } => {
            json!({ "files": [one, other], "log": channel, "sequence": sequence, "statements": [digests.0, digests.1] })
        }
        Beside::Roots { size, roots } => {
            json!({ "files": [one, other], "log": channel, "size": size, "roots": [roots.0, roots.1] })
        }
    }
}
