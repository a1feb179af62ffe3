//! Another passphrase for key files: each file goes from the old to the new at once, or stays.

use std::path::{Path, PathBuf};

use comity_pouch::keyfile::{self, DEFAULT_WORK_FACTOR, KeyFileError};
use serde::Serialize;
use serde_json::json;

use super::ServeFile;
use crate::ctx::{Ctx, actor};
use crate::error::CliError;
use crate::files;
use crate::output::Reply;
use crate::unlock::{self, Whose};

#[derive(Serialize)]
struct Body {
    /// The files that only the new passphrase opens now.
    files: Vec<String>,
}

/// Changes it.
pub(super) async fn change(
    ctx: &Ctx,
    officer: Option<String>,
    new_file: Option<PathBuf>,
    by: Option<String>,
) -> Result<Reply, CliError> {
    let node = ctx.node().await?;
    let (paths, whose) = if let Some(name) = &officer {
        let all = node.store().officers().await?;
        let found = all.into_iter().find(|it| it.name == *name);
        let found = found.ok_or_else(|| {
            CliError::usage(
                format!("there is no officer `{name}`; `comity officer list` shows those that are here"),
                format!("no hay ningún responsable `{name}`; `comity officer list` muestra los registrados"),
            )
        })?;
        (vec![ctx.data.officer_key(found.id)], Whose::Officer(name))
    } else {
        // the file of the running node last: while it opens with the old one, nothing has to be told to whoever serves
        let data = &ctx.data;
        (vec![data.root_key(), data.registrar_key(), data.serve_keys()], Whose::Node)
    };
    for path in &paths {
        files::must_be_private(path)?;
        if !keyfile::is_sealed(path)? {
            return Err(KeyFileError::Unprotected(path.clone()).into());
        }
    }
    let old = unlock::known_passphrase(ctx, whose)?;
    let new = unlock::other_passphrase(ctx, new_file.as_deref())?;
    let _alone = ServeFile::hold(ctx, None)?;
    let mut changed = 0;
    for path in &paths {
        match keyfile::change_passphrase(path, &old, &new, DEFAULT_WORK_FACTOR) {
            // an earlier call was interrupted behind this file
            Err(KeyFileError::WrongPassphrase(_)) if opens(path, &new)? => {}
            done => done.map(|()| changed += 1)?,
        }
    }
    if changed == 0 {
        let first = paths.into_iter().next().unwrap_or_default();
        return Err(KeyFileError::WrongPassphrase(first).into());
    }
    let names: Vec<String> = paths.iter().map(|it| files::name(it)).collect();
    let short: Vec<_> = paths.iter().filter_map(|it| it.file_name()?.to_str()).collect();
    let details = json!({ "files": short });
    let line = node.journal_by(&actor(by), "passphrase-changed", node.root(), details);
    node.store().journal(vec![line]).await?;
    let text = format!(
        "{}\n{}",
        ctx.say(
            "Only the new passphrase opens these files now; the backups of them still open with the old one:",
            "Ahora solo la frase de contraseña nueva abre estos archivos; sus respaldos aún se abren con la anterior:"
        ),
        names.join("\n")
    );
    ctx.reply(&Body { files: names }, text)
}

/// Whether a passphrase opens a file: nothing but its header is asked, and the file is put under it again.
fn opens(path: &Path, passphrase: &secrecy::SecretString) -> Result<bool, CliError> {
    match keyfile::change_passphrase(path, passphrase, passphrase, DEFAULT_WORK_FACTOR) {
        Ok(()) => Ok(true),
        Err(KeyFileError::WrongPassphrase(_)) => Ok(false),
        Err(error) => Err(error.into()),
    }
}
