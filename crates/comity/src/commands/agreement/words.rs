//! `comity agreement explain` and `diff`: what a text means, in words.

use std::path::Path;

use comity_exchange::agreement::{self, life};
use comity_exchange::{ExchangeError, Node};
use comity_model::{AgreementId, Digest};
use comity_policy::{Agreement, Line};
use serde::Serialize;

use super::{named, text_of};
use crate::ctx::Ctx;
use crate::error::CliError;
use crate::files;
use crate::lang::Lang;
use crate::output::Reply;

#[derive(Serialize)]
struct Explained {
    id: AgreementId,
    version: u32,
    digest: Digest,
    text: String,
}

#[derive(Serialize)]
struct Compared {
    before: Digest,
    after: Digest,
    widened: Vec<Line>,
    narrowed: Vec<Line>,
    changed: Vec<Line>,
}

/// Explains one agreement.
pub(super) async fn explain(ctx: &Ctx, name: &str) -> Result<Reply, CliError> {
    let agreement = named(ctx, name).await?;
    let text = comity_policy::explain(&agreement, lang(ctx));
    let body = Explained {
        id: agreement.id,
        version: agreement.version,
        digest: agreement.digest,
        text: text.clone(),
    };
    ctx.reply(&body, text)
}

/// Compares two.
pub(super) async fn diff(ctx: &Ctx, before: &str, after: &str) -> Result<Reply, CliError> {
    let (before, after) = (named(ctx, before).await?, named(ctx, after).await?);
    let found = comity_policy::diff(&before, &after);
    let text = found.text(lang(ctx));
    let body = Compared {
        before: before.digest,
        after: after.digest,
        widened: found.widened,
        narrowed: found.narrowed,
        changed: found.changed,
    };
    ctx.reply(&body, text)
}

const fn lang(ctx: &Ctx) -> comity_policy::Lang {
    match ctx.lang {
        Lang::En => comity_policy::Lang::En,
        Lang::Es => comity_policy::Lang::Es,
    }
}

/// The agreement in a file, or one that this node keeps.
async fn named(ctx: &Ctx, name: &str) -> Result<Agreement, CliError> {
    let path = Path::new(name);
    if path.exists() {
        let (text, _) = text_of(path)?;
        return Ok(agreement::read(&text, &files::name(path))?);
    }
    let node = ctx.node().await?;
    kept(&node, name).await
}

/// The version that `ID@2` names; of a bare id the one that binds, or the newest where none does.
async fn kept(node: &Node, name: &str) -> Result<Agreement, CliError> {
    let (id, version) = named::with_version(name)?;
    let newest = named::newest(node, id).await?;
    let life = life(node, newest.reference.id, node.now()).await?;
    let wanted = version.unwrap_or(life.active);
    let found = life.versions.iter().find(|it| it.reference.version == wanted);
    let record = match (found, version) {
        (Some(record), _) => record,
        (None, None) => &newest,
        (None, Some(version)) => {
            return Err(named::no_version(newest.reference.id, version));
        }
    };
    Ok(agreement::read(&record.text, "the stored agreement")
        .map_err(|error| ExchangeError::Damaged(error.to_string()))?)
}
