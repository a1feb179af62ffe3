//! `comity inbox contradictions`: what a partner signed twice although only one can be.

use std::path::PathBuf;

use comity_exchange::access::{Area, Verb};
use comity_exchange::evidence::Revocation;
use comity_exchange::evidence::equivocation::{Equivocation, check_document};
use comity_exchange::evidence::gather::{Seen, SeenTwice, collisions, equivocation_into};
use comity_model::Digest;
use serde::Serialize;

use crate::commands::release::{finish, stage};
use crate::commands::verify::verdict;
use crate::ctx::{Ctx, actor};
use crate::error::CliError;
use crate::files;
use crate::looks::Why;
use crate::output::{Reply, fields, table};

/// What is listed or written.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Which one to write, as the list names it
    #[arg(value_name = "NAME", requires = "out")]
    name: Option<String>,
    /// The file to write; `comity verify` says of it whether it convicts who signed
    #[arg(long, short = 'o', value_name = "FILE", requires = "name")]
    out: Option<PathBuf>,
    /// Write over a file that is there
    #[arg(long, requires = "out")]
    force: bool,
    /// What for.
    #[command(flatten)]
    why: Why,
    /// Who writes it, for the journal (else the login name)
    #[arg(long, value_name = "NAME")]
    by: Option<String>,
}

#[derive(Serialize)]
struct All {
    contradictions: Vec<SeenTwice>,
}

#[derive(Serialize)]
struct Body {
    name: String,
    file: PathBuf,
    bytes: usize,
    #[serde(flatten)]
    said: Said,
}

/// What the file shows to a reader who has the partner's root.
#[derive(Serialize)]
struct Said {
    /// The verdict of `comity verify`.
    verdict: &'static str,
    /// Whether a key that signed was taken back.
    revoked: bool,
    /// Whether the same file without the descriptor that takes the key back would convict.
    convicts_without_revocation: bool,
    #[serde(skip)]
    revocation: Revocation,
}

impl Said {
    /// Judges what was written, as any reader will.
    fn of(file: &[u8]) -> Result<Self, CliError> {
        let damaged = |error: &dyn std::fmt::Display| {
            CliError::Runtime(std::io::Error::other(error.to_string()))
        };
        let mut file = Equivocation::parse(file).map_err(|error| damaged(&error))?;
        let check = |file: &Equivocation| check_document(file, &[]);
        let found = check(&file).map_err(|error| damaged(&error))?;
        let revocation = found.revocation;
        let revoked = found.is_revoked();
        let mut convicts_without_revocation = false;
        while revoked && file.descriptors.pop().is_some() {
            convicts_without_revocation |= check(&file).is_ok_and(|it| !it.is_revoked());
        }
        let (verdict, _) = verdict::judged(true, revocation);
        Ok(Self { verdict, revoked, convicts_without_revocation, revocation })
    }

    fn text(&self, ctx: &Ctx) -> String {
        if !self.revoked {
            let text = ctx.say(
                "PROVED to whoever has the partner's root: it signed both, and only one can be.",
                "PROBADO para quien tenga la raíz de la contraparte: firmó ambas, y sólo una puede ser.",
            );
            return text.to_owned();
        }
        let mut text = verdict::revoked(ctx.lang, self.revocation).to_owned();
        text.push_str(
            ctx.say(". The file convicts nobody.", ". El archivo no prueba nada contra nadie."),
        );
        if self.convicts_without_revocation {
            text.push_str(ctx.say(
                " Without the later descriptor, which is in it, it would: whoever is shown one without it must be given that \
                 descriptor too (`comity verify --descriptor`).",
                " Sin el descriptor posterior, que está en él, sí lo haría: a quien reciba uno sin él hay que darle también ese \
                 descriptor (`comity verify --descriptor`).",
            ));
        }
        text
    }
}

/// Runs the command.
pub(super) async fn run(ctx: &Ctx, args: Args) -> Result<Reply, CliError> {
    let Args { name: Some(name), out: Some(out), force, why, by } = args else {
        return list(ctx).await;
    };
    let (node, _) = ctx.unlocked().await?;
    if !force {
        files::must_not_exist(&out)?;
    }
    let stage = |file: &[u8]| stage(&out, file, force);
    let (file, staged) = equivocation_into(&node, &name, &actor(by.clone()), stage).await?;
    why.by(by.as_ref()).note(ctx, &node, Verb::Exported, Area::Record, [Digest::of(&file)]).await?;
    finish(staged, force)?;
    let said = Said::of(&file)?;
    let body = Body { name, file: out, bytes: file.len(), said };
    let mut text = fields(&[(ctx.say("file", "archivo"), body.file.display().to_string())]);
    text.push_str("\n\n");
    text.push_str(&body.said.text(ctx));
    text.push_str(ctx.say(
        "\n\nWhoever gets the file can check it, with no node and no network, with:\n  comity verify FILE --root HANDLE=sha256:...",
        "\n\nQuien reciba el archivo puede comprobarlo, sin nodo y sin red, con:\n  comity verify FILE --root HANDLE=sha256:...",
    ));
    ctx.reply(&body, text)
}

async fn list(ctx: &Ctx) -> Result<Reply, CliError> {
    let node = ctx.node().await?;
    let body = All { contradictions: collisions(&node).await? };
    let text = if body.contradictions.is_empty() {
        ctx.say(
            "No partner was seen to sign two things of which only one can be.",
            "No se vio que ninguna contraparte firmara dos cosas de las que sólo una puede ser.",
        )
        .to_owned()
    } else {
        let heading = [
            ctx.say("name", "nombre"),
            ctx.say("what was signed twice", "lo que se firmó dos veces"),
            ctx.say("journal", "bitácora"),
        ];
        let rows = body.contradictions.iter().map(|it| {
            let what = match it.seen {
                Seen::Statements => ctx.say("a place of the record", "un lugar del registro"),
                Seen::Roots => ctx.say("a size of the record", "un tamaño del registro"),
            };
            [it.name.clone(), what.to_owned(), it.line.to_string()]
        });
        table(&heading, rows)
    };
    ctx.reply(&body, text)
}
