//! `comity release evidence`: one file that shows, with no node, what was released, to whom and under what.

use std::path::{Path, PathBuf};

use comity_exchange::Node;
use comity_exchange::access::{Area, Verb};
use comity_exchange::evidence::Revocation;
use comity_exchange::evidence::gather::{Gathered, Wanted, evidence_into};
use comity_model::Digest;
use serde::Serialize;

use crate::commands::verify::verdict;
use crate::ctx::{Ctx, actor};
use crate::error::CliError;
use crate::files::{self, Staged};
use crate::looks::Why;
use crate::output::{Reply, fields};

/// What is written.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// A release of this party by folio or id, or one that was received by folio or digest
    #[arg(value_name = "ID")]
    id: String,
    /// How it is written.
    #[command(flatten)]
    how: How,
}

/// How evidence is written.
#[derive(Debug, clap::Args)]
pub(crate) struct How {
    /// The file to write
    #[arg(long, short = 'o', value_name = "FILE")]
    out: PathBuf,
    /// Leave the agreement's text out; whoever verifies gives it with --agreement, or the clause stays unchecked
    #[arg(long)]
    without_agreement: bool,
    /// Write what there is although the receipt or a cosignature has not arrived
    #[arg(long)]
    partial: bool,
    /// Write over a file that is there
    #[arg(long)]
    force: bool,
    /// What for.
    #[command(flatten)]
    why: Why,
    /// Who writes it, for the journal (else the login name)
    #[arg(long, value_name = "NAME")]
    by: Option<String>,
}

#[derive(Serialize)]
struct Body {
    statement: Digest,
    kind: &'static str,
    whole: bool,
    missing: Vec<&'static str>,
    /// Whether a key was revoked on which it rests.
    revoked: bool,
    file: PathBuf,
    bytes: usize,
}

/// Runs the command.
pub(super) async fn run(ctx: &Ctx, args: Args) -> Result<Reply, CliError> {
    let node = ctx.node().await?;
    write(ctx, &node, &args.id, args.how).await
}

/// Writes the evidence of a statement.
pub(crate) async fn write(ctx: &Ctx, node: &Node, id: &str, how: How) -> Result<Reply, CliError> {
    if !how.force {
        files::must_not_exist(&how.out)?;
    }
    let wanted = Wanted { agreement: !how.without_agreement, partial: how.partial };
    let by = actor(how.by.clone());
    let stage = |file: &[u8]| stage(&how.out, file, how.force);
    let (gathered, staged) = evidence_into(node, id, wanted, &by, stage).await?;
    let Gathered { file, statement, kind, missing, revocation } = gathered;
    how.why.by(how.by.as_ref()).note(ctx, node, Verb::Exported, Area::Record, [statement]).await?;
    finish(staged, how.force)?;
    let body = Body {
        statement,
        kind: kind.as_str(),
        whole: !missing.iter().any(|it| it.is_needed()),
        missing: missing.iter().map(|it| it.as_str()).collect(),
        revoked: revocation != Revocation::None,
        file: how.out,
        bytes: file.len(),
    };
    let mut text = fields(&[
        (ctx.say("statement", "declaración"), body.statement.to_string()),
        (ctx.say("file", "archivo"), body.file.display().to_string()),
        (ctx.say("bytes", "octetos"), body.bytes.to_string()),
    ]);
    if !body.whole {
        text.push_str(ctx.say(
            "\n\nIt is not whole yet: the receipt or a cosignature is missing. `comity verify` says which.",
            "\n\nTodavía no está completo: falta el acuse de recibo o un refrendo. `comity verify` dice cuál.",
        ));
    }
    if revocation.is_open() {
        text.push_str("\n\n");
        text.push_str(verdict::revoked(ctx.lang, revocation));
        text.push_str(ctx.say(
            ". Once the next checkpoint is signed with the new keys and cosigned, write the evidence again.",
            ". Cuando el siguiente corte del registro esté firmado con las claves nuevas y refrendado, vuelva a escribir la evidencia.",
        ));
    }
    if !wanted.agreement {
        text.push_str(ctx.say(
            "\n\nThe agreement's text is not in it: whoever checks it must give that with --agreement.",
            "\n\nNo contiene el texto del acuerdo: quien lo compruebe debe indicarlo con --agreement.",
        ));
    }
    text.push_str(ctx.say(
        "\n\nThe file does not hold the content. Whoever gets it can check it, with no node and no network, with:\n  comity verify FILE --root HANDLE=sha256:... --root HANDLE=sha256:...",
        "\n\nEl archivo no contiene el contenido. Quien lo reciba puede comprobarlo, sin nodo y sin red, con:\n  comity verify FILE --root HANDLE=sha256:... --root HANDLE=sha256:...",
    ));
    ctx.reply(&body, text)
}

/// Writes a file beside its place, where there must be nothing unless `force` says otherwise.
pub(crate) fn stage(path: &Path, bytes: &[u8], force: bool) -> Result<Staged, CliError> {
    if force { files::stage_over(path, bytes) } else { files::stage(path, bytes) }
}

/// Puts it into its place.
pub(crate) fn finish(staged: Staged, force: bool) -> Result<(), CliError> {
    if force { staged.replace() } else { staged.publish() }
}

/// Puts a file where there is none, or with `force` in the place of one.
pub(crate) fn put(path: &Path, bytes: &[u8], force: bool) -> Result<(), CliError> {
    finish(stage(path, bytes, force)?, force)
}
