//! `comity agreement`: from a draft to a text that both parties signed.

use std::path::PathBuf;

use comity_exchange::ports::AgreementRecord;
use comity_exchange::{ExchangeError, Node, agreement, partner};
use comity_model::entropy::fresh_uuid;
use comity_model::{AgreementId, Digest, Folio, PartyRoot};
use comity_policy::{Agreement, State, template};
use comity_pouch::dsse::{self, Envelope};
use jiff::ToSpan as _;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Serialize;

use crate::ctx::{Ctx, Names, actor};
use crate::error::CliError;
use crate::lang::Lang;
use crate::output::{Reply, fields, short, table, yes_no};
use crate::{files, unlock};

mod check;

/// What to do with agreements.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// Draft an agreement with a partner, with a clause each way, to be edited
    New {
        /// The partner's nickname
        #[arg(long = "with", value_name = "HANDLE")]
        partner: String,
        /// The first day on which it binds, in UTC (else today)
        #[arg(long, value_name = "DATE")]
        from: Option<Date>,
        /// The last day on which it binds, in UTC (else a year after the first)
        #[arg(long, value_name = "DATE")]
        until: Option<Date>,
        /// Write it to this file, which must not exist (else to standard output)
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
    /// Check an agreement's text, every error named with its line, and the signatures of a signed file
    Check {
        /// The text, or a signed agreement file
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
    /// Sign an agreement's text with this party's root key, and write the file to give to the partner
    Sign {
        /// The text, or the agreement file that the partner signed
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// Write the signed file here (else beside the text)
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
    /// Take in an agreement file that the partner signed
    Import {
        /// The agreement file
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
    /// List the agreements, newest version last
    List,
    /// Show an agreement's text and who signed it
    Show {
        /// The agreement's folio or id
        #[arg(value_name = "ID")]
        id: String,
    },
}

#[derive(Serialize)]
struct Drafted {
    id: AgreementId,
    version: u32,
    partner: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<String>,
    text: String,
}

#[derive(Serialize)]
struct Standing {
    folio: Option<Folio>,
    id: AgreementId,
    version: u32,
    digest: Digest,
    signed_here: bool,
    signed_by_partner: bool,
    state: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<String>,
}

#[derive(Serialize)]
struct Listed {
    folio: Option<Folio>,
    id: AgreementId,
    version: u32,
    partner: String,
    title: String,
    digest: Digest,
    state: &'static str,
    from: String,
    until: String,
}

#[derive(Serialize)]
struct All {
    agreements: Vec<Listed>,
}

#[derive(Serialize)]
struct Shown {
    #[serde(flatten)]
    newest: Listed,
    signed_here: bool,
    signed_by_partner: bool,
    text: String,
    versions: Vec<Listed>,
}

/// Runs the command.
pub(crate) async fn run(ctx: &Ctx, command: Command) -> Result<Reply, CliError> {
    match command {
        Command::New { partner, from, until, out } => new(ctx, &partner, from, until, out).await,
        Command::Check { file } => check::check(ctx, &file).await,
        Command::Sign { file, out } => sign(ctx, file, out).await,
        Command::Import { file } => import(ctx, file).await,
        Command::List => list(ctx).await,
        Command::Show { id } => show(ctx, &id).await,
    }
}

async fn new(
    ctx: &Ctx,
    with: &str,
    from: Option<Date>,
    until: Option<Date>,
    out: Option<PathBuf>,
) -> Result<Reply, CliError> {
    let node = ctx.node().await?;
    let record = partner::find_party(&node, with).await?;
    let from = from.unwrap_or_else(|| node.now().to_zoned(TimeZone::UTC).date());
    let until = until.unwrap_or_else(|| from.checked_add(1.year()).unwrap_or(Date::MAX));
    if until < from {
        return Err(CliError::usage(
            format!("the agreement would end on {until}, before it begins on {from}"),
            format!("el acuerdo concluiría el {until}, antes de comenzar el {from}"),
        ));
    }
    let id = AgreementId::new(fresh_uuid(&**node.entropy()));
    let us = (&node.record().handle, node.root());
    let text = template(us, (&record.handle, record.root), id, from, until);
    let mut body = Drafted {
        id,
        version: 1,
        partner: record.handle.to_string(),
        file: None,
        text: text.clone(),
    };
    let Some(out) = out else {
        return Ok(ctx.reply(&body, "")?.with_content(text));
    };
    files::write_new(&out, text.as_bytes())?;
    body.file = Some(files::name(&out));
    let said = format!(
        "{} `{}`: {}\n{}",
        ctx.say("Drafted an agreement with", "Se redactó un proyecto de acuerdo con"),
        record.handle,
        out.display(),
        ctx.say(
            "Edit it, check it with `comity agreement check`, and sign it with `comity agreement sign`.",
            "Edítelo, revíselo con `comity agreement check` y fírmelo con `comity agreement sign`.",
        ),
    );
    ctx.reply(&body, said)
}

/// The agreement's text in a file, which may also be a signed agreement file.
fn text_of(file: &std::path::Path) -> Result<(String, Option<Vec<u8>>), CliError> {
    let text = files::read_text(file)?;
    if !text.trim_start().starts_with('{') {
        return Ok((text, None));
    }
    let place = files::name(file);
    let input = |message: String| ExchangeError::Input { place: place.clone(), message };
    let envelope = Envelope::parse(text.as_bytes()).map_err(|error| input(error.to_string()))?;
    let inner = std::str::from_utf8(envelope.unverified_payload())
        .map_err(|error| input(error.to_string()))?
        .to_owned();
    Ok((inner, Some(text.into_bytes())))
}

async fn sign(ctx: &Ctx, file: PathBuf, out: Option<PathBuf>) -> Result<Reply, CliError> {
    let node = ctx.node().await?;
    let place = files::name(&file);
    let (text, signed) = text_of(&file)?;
    agreement::read(&text, &place)?;
    let root = unlock::root_key(ctx, node.record().exercise)?;
    let by = actor(None);
    if let Some(signed) = signed {
        agreement::import(&node, &signed, &place, &by).await?;
    }
    let record = agreement::sign(&node, &text, &place, &root, &by).await?;
    let ending = format!("{}.agreement", node.record().handle);
    let out = out.unwrap_or_else(|| files::beside(&file, &ending));
    files::replace(&out, format!("{}\n", record.envelope.trim_end()).as_bytes())?;
    let body = signed_body(&node, &record, Some(files::name(&out))).await?;
    said_signed(ctx, &body)
}

async fn import(ctx: &Ctx, file: PathBuf) -> Result<Reply, CliError> {
    let node = ctx.node().await?;
    let (bytes, place) = (files::read(&file)?, files::name(&file));
    let record = agreement::import(&node, &bytes, &place, &actor(None)).await?;
    let body = signed_body(&node, &record, None).await?;
    said_signed(ctx, &body)
}

async fn signed_body(
    node: &Node,
    record: &AgreementRecord,
    file: Option<String>,
) -> Result<Standing, CliError> {
    let (signed_here, signed_by_partner) = signatures(node, record).await?;
    Ok(Standing {
        folio: record.folio.clone(),
        id: record.reference.id,
        version: record.reference.version,
        digest: record.reference.digest,
        signed_here,
        signed_by_partner,
        state: state(node, record)?,
        file,
    })
}

fn said_signed(ctx: &Ctx, body: &Standing) -> Result<Reply, CliError> {
    let mut lines = vec![
        ("folio", folio(body.folio.as_ref())),
        (ctx.say("agreement", "acuerdo"), body.id.to_string()),
        (ctx.say("version", "versión"), body.version.to_string()),
        (ctx.say("digest", "resumen"), body.digest.to_string()),
        (ctx.say("signed here", "firmado aquí"), yes_no(ctx.lang, body.signed_here).to_owned()),
        (
            ctx.say("signed by the partner", "firmado por la contraparte"),
            yes_no(ctx.lang, body.signed_by_partner).to_owned(),
        ),
        (ctx.say("state", "estado"), state_word(ctx, body.state).to_owned()),
    ];
    if let Some(file) = &body.file {
        lines.push((ctx.say("file for the partner", "archivo para la contraparte"), file.clone()));
    }
    ctx.reply(body, fields(&lines))
}

/// Whether this party and the partner signed a stored text.
async fn signatures(node: &Node, record: &AgreementRecord) -> Result<(bool, bool), CliError> {
    let envelope = Envelope::parse(record.envelope.as_bytes())
        .map_err(|error| ExchangeError::Damaged(error.to_string()))?;
    let own = partner::own(node)?.root_key()?;
    let party = partner::find_party(node, &record.partner.to_string()).await?;
    let theirs = partner::keys_of(node, &party)?.root_key()?;
    let signed = |key| envelope.verify_party(dsse::AGREEMENT, key).is_ok();
    Ok((signed(&own), signed(&theirs)))
}

/// Whether a stored version binds: `draft`, `in-force`, `not-begun` or `ended`.
pub(crate) fn state(node: &Node, record: &AgreementRecord) -> Result<&'static str, CliError> {
    if !record.complete {
        return Ok("draft");
    }
    Ok(match parsed(record)?.state_at(node.now()) {
        State::InForce => "in-force",
        State::NotYetBegun => "not-begun",
        State::Ended => "ended",
    })
}

fn parsed(record: &AgreementRecord) -> Result<Agreement, CliError> {
    Ok(agreement::read(&record.text, "the stored agreement")
        .map_err(|error| ExchangeError::Damaged(error.to_string()))?)
}

fn state_word<'a>(ctx: &Ctx, state: &'a str) -> &'a str {
    match (ctx.lang, state) {
        (Lang::Es, "draft") => "proyecto",
        (Lang::Es, "in-force") => "vigente",
        (Lang::Es, "not-begun") => "aún no vigente",
        (Lang::Es, "ended") => "concluido",
        (Lang::En, "in-force") => "in force",
        (Lang::En, "not-begun") => "not begun",
        (_, state) => state,
    }
}

fn listed(node: &Node, names: &Names, record: &AgreementRecord) -> Result<Listed, CliError> {
    let agreement = parsed(record)?;
    let partner: PartyRoot = record.partner;
    Ok(Listed {
        folio: record.folio.clone(),
        id: record.reference.id,
        version: record.reference.version,
        partner: names.name(partner),
        title: agreement.title.clone(),
        digest: record.reference.digest,
        state: state(node, record)?,
        from: agreement.in_force.from.to_string(),
        until: agreement.in_force.until.to_string(),
    })
}

async fn list(ctx: &Ctx) -> Result<Reply, CliError> {
    let node = ctx.node().await?;
    let names = Names::of(&node).await?;
    let records = node.store().agreements().await?;
    let agreements =
        records.iter().map(|it| listed(&node, &names, it)).collect::<Result<Vec<_>, _>>()?;
    let text = if agreements.is_empty() {
        ctx.say(
            "There is no agreement. `comity agreement new --with HANDLE` drafts one.",
            "No hay ningún acuerdo. `comity agreement new --with CLAVE` redacta un proyecto.",
        )
        .to_owned()
    } else {
        versions_table(ctx, &agreements)
    };
    ctx.reply(&All { agreements }, text)
}

fn versions_table(ctx: &Ctx, agreements: &[Listed]) -> String {
    let heading = [
        "folio",
        ctx.say("agreement", "acuerdo"),
        ctx.say("version", "versión"),
        ctx.say("partner", "contraparte"),
        ctx.say("state", "estado"),
        ctx.say("from", "desde"),
        ctx.say("until", "hasta"),
        ctx.say("title", "título"),
    ];
    let rows = agreements.iter().map(|it| {
        [
            folio(it.folio.as_ref()),
            it.id.to_string(),
            it.version.to_string(),
            it.partner.clone(),
            state_word(ctx, it.state).to_owned(),
            it.from.clone(),
            it.until.clone(),
            short(&it.title, 60),
        ]
    });
    table(&heading, rows)
}

/// A folio for people; agreements that an earlier version of the software stored may have none yet.
fn folio(folio: Option<&Folio>) -> String {
    folio.map_or_else(|| "-".to_owned(), ToString::to_string)
}

async fn show(ctx: &Ctx, id: &str) -> Result<Reply, CliError> {
    let node = ctx.node().await?;
    let names = Names::of(&node).await?;
    let (newest, earlier) = agreement::find(&node, id).await?;
    let (signed_here, signed_by_partner) = signatures(&node, &newest).await?;
    let body = Shown {
        newest: listed(&node, &names, &newest)?,
        signed_here,
        signed_by_partner,
        text: newest.text.clone(),
        versions: earlier
            .iter()
            .chain([&newest])
            .map(|it| listed(&node, &names, it))
            .collect::<Result<Vec<_>, _>>()?,
    };
    let lines = fields(&[
        (ctx.say("digest", "resumen"), body.newest.digest.to_string()),
        (ctx.say("signed here", "firmado aquí"), yes_no(ctx.lang, signed_here).to_owned()),
        (
            ctx.say("signed by the partner", "firmado por la contraparte"),
            yes_no(ctx.lang, signed_by_partner).to_owned(),
        ),
    ]);
    let said = [versions_table(ctx, &body.versions), lines, body.text.clone()].join("\n\n");
    ctx.reply(&body, said)
}
