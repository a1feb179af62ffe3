//! `comity release payload`: the parts of what this party sent, as files that its evidence can be checked beside.

use std::path::PathBuf;

use comity_exchange::access::{Area, Verb};
use comity_exchange::payload;
use comity_model::Digest;
use serde::Serialize;

use crate::ctx::{Ctx, actor};
use crate::error::CliError;
use crate::files::StagedFolder;
use crate::looks::Why;
use crate::output::{Reply, fields, table};

/// What is written.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// A release of this party by folio or id, or any statement of it by folio or digest
    #[arg(value_name = "ID")]
    id: String,
    /// The folder to write; it must not exist. Whoever reads it learns the content
    #[arg(long, short = 'o', value_name = "DIR")]
    out: PathBuf,
    /// What for.
    #[command(flatten)]
    why: Why,
    /// Who writes it, for the journal (else the login name)
    #[arg(long, value_name = "NAME")]
    by: Option<String>,
}

/// What stands in the folder.
#[derive(Serialize)]
pub(crate) struct Written {
    /// The statement whose parts these are.
    pub(crate) statement: Digest,
    /// Its kind, as the word on the wire.
    pub(crate) kind: String,
    /// The folder.
    pub(crate) folder: PathBuf,
    /// Its files.
    pub(crate) files: Vec<Part>,
}

/// A file of it.
#[derive(Serialize)]
pub(crate) struct Part {
    /// The name of the part.
    pub(crate) name: String,
    /// Its bytes, counted.
    pub(crate) bytes: u64,
}

/// Runs the command.
pub(super) async fn run(ctx: &Ctx, args: Args) -> Result<Reply, CliError> {
    let node = ctx.node().await?;
    let folder = StagedFolder::new(&args.out)?;
    let by = actor(args.by.clone());
    let (written, folder) = payload::write(&node, &args.id, folder, &by).await?;
    let looks = args.why.by(args.by.as_ref());
    looks.note(ctx, &node, Verb::Exported, Area::Releases, [written.statement]).await?;
    let (statement, kind) = (written.statement, written.kind.as_str().to_owned());
    Written::new(statement, kind, args.out, written.parts).published(ctx, folder)
}

impl Written {
    /// Parts by their names, with their bytes counted.
    pub(crate) fn new(
        statement: Digest,
        kind: String,
        folder: PathBuf,
        parts: impl IntoIterator<Item = (String, u64)>,
    ) -> Self {
        let files = parts.into_iter().map(|(name, bytes)| Part { name, bytes }).collect();
        Self { statement, kind, folder, files }
    }

    /// Gives the folder its name and says what is in it.
    pub(crate) fn published(self, ctx: &Ctx, folder: StagedFolder) -> Result<Reply, CliError> {
        folder.publish()?;
        let heading = [ctx.say("file", "archivo"), ctx.say("bytes", "octetos")];
        let rows = self.files.iter().map(|it| [it.name.clone(), it.bytes.to_string()]);
        let mut text = fields(&[
            (ctx.say("statement", "declaración"), self.statement.to_string()),
            (ctx.say("folder", "carpeta"), self.folder.display().to_string()),
        ]);
        text.push_str("\n\n");
        text.push_str(&table(&heading, rows));
        text.push_str(ctx.say(
            "\n\nThe folder holds the content. Whoever gets it can check it beside the evidence with:\n  comity verify FILE --with DIR --root HANDLE=sha256:... --root HANDLE=sha256:...",
            "\n\nLa carpeta contiene el contenido. Quien la reciba puede comprobarla junto con la evidencia con:\n  comity verify FILE --with DIR --root HANDLE=sha256:... --root HANDLE=sha256:...",
        ));
        ctx.reply(&self, text)
    }
}
