//! `comity pouch show`: what a pouch shows from outside, and with the keys what is in it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use comity_exchange::access::{Area, Verb};
use comity_exchange::courier::{self, InPouch, Watch as _};
use comity_exchange::ports::HandFile as _;
use comity_model::statement::{AgreementRef, Payload};
use comity_model::{Digest, Folio};
use comity_pouch::PouchError;
use comity_pouch::pouch::{Outside, outside};
use comity_store::CarriedFile;
use serde::Serialize;

use super::progress::Bar;
use crate::commands::inbox::folio_in;
use crate::ctx::{Ctx, Names, actor};
use crate::error::{CliError, Exit};
use crate::files;
use crate::looks::Looks;
use crate::output::{Reply, fields, time, yes_no};

/// Types of recipients that are listed; a pouch has one.
const LISTED: usize = 16;

#[derive(Serialize)]
struct Seen {
    file: PathBuf,
    size: u64,
    digest: Digest,
    recipients: usize,
    types: Vec<String>,
    whole: bool,
    /// Whether the bytes are those that the file's name promises; `null` where it promises none.
    as_named: Option<bool>,
    pouch: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    inside: Option<Inside>,
}

#[derive(Serialize)]
struct Inside {
    #[serde(flatten)]
    seen: InPouch,
    sender: String,
    folio: Option<Folio>,
    agreement: AgreementRef,
}

/// Runs the command.
pub(super) async fn run(
    ctx: &Ctx,
    file: PathBuf,
    open: bool,
    looks: &Looks,
) -> Result<Reply, CliError> {
    let outside = look_at(ctx, &file)?;
    let inside = if open { Some(look_into(ctx, &file, &outside, looks).await?) } else { None };
    let pouch = outside.is_pouch();
    let Outside { size, digest, recipients, whole } = outside;
    // cut where a piece ends it has a length that fits, and its name alone shows that it is not all of it
    let as_named = CarriedFile(file.clone()).promised().map(|promised| promised == digest);
    let count = recipients.len();
    let types: Vec<String> = recipients.into_iter().take(LISTED).collect();
    let body =
        Seen { file, size, digest, recipients: count, types, whole, as_named, pouch, inside };
    let text = said(ctx, &body);
    let exit = if pouch && as_named != Some(false) { Exit::Done } else { Exit::Refused };
    Ok(ctx.reply(&body, text)?.with_exit(exit))
}

fn look_at(ctx: &Ctx, path: &Path) -> Result<Outside, CliError> {
    let (file, size) = files::open(path)?;
    let bar = Bar::new(ctx, ctx.say("reading", "leyendo"));
    bar.total(size);
    outside(Watched { file, bar }).map_err(|error| match error {
        PouchError::Io(error) => CliError::Read { path: path.to_owned(), error },
        _ => CliError::NotAPouch(path.to_owned()),
    })
}

struct Watched {
    file: std::fs::File,
    bar: Bar,
}

impl std::io::Read for Watched {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let got = self.file.read(buffer)?;
        self.bar.done(got as u64);
        Ok(got)
    }
}

async fn look_into(
    ctx: &Ctx,
    path: &Path,
    outside: &Outside,
    looks: &Looks,
) -> Result<Inside, CliError> {
    let (node, _) = ctx.unlocked().await?;
    looks.note(ctx, &node, Verb::Opened, Area::Pouches, [outside.digest]).await?;
    let names = Names::of(&node).await?;
    let watch = Arc::new(Bar::new(ctx, ctx.say("opening", "abriendo")));
    let file = Arc::new(CarriedFile(path.to_owned()));
    let seen = courier::open(&node, file, watch, &actor(looks.by.clone())).await?;
    let damaged = |_| comity_exchange::ExchangeError::Damaged("a statement".to_owned());
    let agreement = Payload::parse(&seen.payload).map_err(damaged)?.agreement;
    let (sender, folio) = (names.name(seen.from), folio_in(&seen.payload));
    Ok(Inside { seen, sender, folio, agreement })
}

fn said(ctx: &Ctx, body: &Seen) -> String {
    let mut lines = vec![
        (ctx.say("file", "archivo"), body.file.display().to_string()),
        ("bytes", body.size.to_string()),
        (ctx.say("digest", "resumen"), body.digest.to_string()),
        (
            ctx.say("sealed to", "sellada para"),
            format!("{} ({})", body.recipients, body.types.join(", ")),
        ),
        (ctx.say("length fits", "longitud correcta"), yes_no(ctx.lang, body.whole).to_owned()),
    ];
    if let Some(as_named) = body.as_named {
        lines.push((
            ctx.say("as its name promises", "como promete su nombre"),
            yes_no(ctx.lang, as_named).to_owned(),
        ));
    }
    lines.extend([(
        ctx.say("form of a pouch", "forma de valija"),
        yes_no(ctx.lang, body.pouch).to_owned(),
    )]);
    let Some(inside) = &body.inside else { return fields(&lines) };
    let Inside { seen, sender, folio, agreement } = inside;
    lines.extend([
        (ctx.say("from", "de"), sender.clone()),
        (ctx.say("kind", "clase"), seen.kind.clone()),
        ("folio", folio.as_ref().map(ToString::to_string).unwrap_or_default()),
        (ctx.say("statement", "declaración"), seen.statement.to_string()),
        (ctx.say("agreement", "acuerdo"), format!("{}, {}", agreement.id, agreement.version)),
        (
            ctx.say("sequence", "secuencia"),
            seen.sequence.map(|it| it.to_string()).unwrap_or_default(),
        ),
        (ctx.say("issued", "emitida"), time(seen.issued_at)),
    ]);
    for part in &seen.parts {
        lines.push((ctx.say("part", "parte"), format!("{}, {} bytes", part.name, part.size)));
    }
    fields(&lines)
}
