//! `comity agreement`: from a draft to a text that both parties signed.

use std::path::{Path, PathBuf};

use comity_exchange::agreement::Halt;
use comity_exchange::ports::{AgreementRecord, PartyRecord};
use comity_exchange::{ExchangeError, Node, agreement, partner};
use comity_model::entropy::fresh_uuid;
use comity_model::told::Told;
use comity_model::{AgreementId, Digest, Folio, Handle, PartyRoot};
use comity_policy::template;
use comity_pouch::dsse::{self, Envelope};
use jiff::ToSpan as _;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Serialize;

use blanks::Blanks;

pub(in crate::commands) use list::{refusal_code, refusal_words};

use crate::commands::matters::MaybeText;
use crate::ctx::{Ctx, actor};
use crate::error::CliError;
use crate::output::{self, Reply, fields, yes_no};
use crate::token::Pin;
use crate::{files, unlock};

mod blanks;
mod check;
mod examples;
mod life;
mod list;
mod named;
mod words;

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
        /// Make it from this text, in which `{id}`, `{from}`, `{until}`, `{own}`, `{partner}`, `{own_root}` and `{partner_root}` stand open
        #[arg(long, value_name = "FILE")]
        template: Option<PathBuf>,
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
        /// The PIN of the token that keeps the root.
        #[command(flatten)]
        pin: Pin,
    },
    /// Take in an agreement file that the partner signed
    Import {
        /// The agreement file
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
    /// List the agreements, newest version last
    List,
    /// Show an agreement's text, who signed it, and what was said about it
    Show {
        /// The agreement's folio or id; `ID@2` is its version 2 (else the newest)
        #[arg(value_name = "ID")]
        id: String,
    },
    /// Say in plain sentences what an agreement allows and what it does not
    Explain {
        /// A text, a signed file, or the folio or id of an agreement; `ID@2` is its version 2 (else the one that binds)
        #[arg(value_name = "AGREEMENT")]
        agreement: String,
    },
    /// Say in words what the second agreement widens and what it narrows
    Diff {
        /// A text, a signed file, or the folio or id of an agreement, also as `ID@2`
        #[arg(value_name = "BEFORE")]
        before: String,
        /// The other one
        #[arg(value_name = "AFTER")]
        after: String,
    },
    /// Begin an amendment: the text of the newest version with the next number, to be edited
    Amend {
        /// The agreement's folio or id
        #[arg(value_name = "ID")]
        id: String,
        /// Have it bind as soon as both signed it, by file: the way out where the parties signed different texts
        #[arg(long)]
        by_signatures: bool,
        /// Write it to this file, which must not exist (else to standard output)
        #[arg(long, short, value_name = "FILE")]
        out: Option<PathBuf>,
    },
    /// Send the partner the text of a version with this party's signature
    Send {
        /// The agreement's folio or id
        #[arg(value_name = "ID")]
        id: String,
        /// Which version (else the newest)
        #[arg(long, value_name = "N")]
        version: Option<u32>,
        /// Who sends it, for the journal (else the login name)
        #[arg(long, value_name = "NAME")]
        by: Option<String>,
    },
    /// Have a version bind from now on that both parties signed
    Activate {
        /// The agreement's folio or id
        #[arg(value_name = "ID")]
        id: String,
        /// Which version
        #[arg(long, value_name = "N")]
        version: u32,
        /// Who activates it, for the journal (else the login name)
        #[arg(long, value_name = "NAME")]
        by: Option<String>,
    },
    /// Suspend an agreement at once, for both parties
    Suspend {
        /// The agreement's folio or id
        #[arg(value_name = "ID")]
        id: String,
        /// On what it rests.
        #[command(flatten)]
        grounds: Grounds,
        /// More about it.
        #[command(flatten)]
        text: MaybeText,
        /// Who suspends it, for the journal (else the login name)
        #[arg(long, value_name = "NAME")]
        by: Option<String>,
    },
    /// Lift a suspension of this party
    Lift {
        /// The agreement's folio or id
        #[arg(value_name = "ID")]
        id: String,
        /// A legal basis from the agreement's list; may be left out where it has only one
        #[arg(long = "legal-basis", value_name = "TEXT")]
        legal_basis: Vec<String>,
        /// More about it.
        #[command(flatten)]
        text: MaybeText,
        /// Who lifts it, for the journal (else the login name)
        #[arg(long, value_name = "NAME")]
        by: Option<String>,
    },
    /// End an agreement at once and for good
    Terminate {
        /// The agreement's folio or id
        #[arg(value_name = "ID")]
        id: String,
        /// On what it rests.
        #[command(flatten)]
        grounds: Grounds,
        /// More about it.
        #[command(flatten)]
        text: MaybeText,
        /// Who ends it, for the journal (else the login name)
        #[arg(long, value_name = "NAME")]
        by: Option<String>,
    },
    /// Run a table of examples against an agreement: what is released, redacted or withheld
    Test {
        /// The table
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// The agreement's text, also one with names in braces left open (else the file that the table names)
        #[arg(long, value_name = "FILE")]
        agreement: Option<PathBuf>,
    },
}

/// The grounds of a suspension or a termination.
#[derive(Debug, clap::Args)]
pub(crate) struct Grounds {
    /// A legal basis from the agreement's list; may be left out where it has only one
    #[arg(long = "legal-basis", value_name = "TEXT")]
    legal_basis: Vec<String>,
    /// The id of a reason that the agreement lists for a refusal; may be left out where it has only one
    #[arg(long = "reason", value_name = "REASON")]
    reasons: Vec<String>,
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

/// Runs the command.
pub(crate) async fn run(ctx: &Ctx, command: Command) -> Result<Reply, CliError> {
    match command {
        Command::New { partner, from, until, template, out } => {
            new(ctx, &partner, (from, until), template, out).await
        }
        Command::Check { file } => check::check(ctx, &file).await,
        Command::Sign { file, out, pin } => sign(ctx, file, out, &pin).await,
        Command::Import { file } => import(ctx, file).await,
        Command::List => list::list(ctx).await,
        Command::Show { id } => list::show(ctx, &id).await,
        Command::Explain { agreement } => words::explain(ctx, &agreement).await,
        Command::Diff { before, after } => words::diff(ctx, &before, &after).await,
        Command::Amend { id, by_signatures, out } => {
            life::amend(ctx, &id, by_signatures, out).await
        }
        Command::Send { id, version, by } => life::send(ctx, &id, version, by).await,
        Command::Activate { id, version, by } => life::activate(ctx, &id, version, by).await,
        Command::Suspend { id, grounds, text, by } => {
            life::suspend(ctx, &id, halt(grounds, text, by)?).await
        }
        Command::Lift { id, legal_basis, text, by } => {
            let grounds = Grounds { legal_basis, reasons: Vec::new() };
            life::lift(ctx, &id, halt(grounds, text, by)?).await
        }
        Command::Terminate { id, grounds, text, by } => {
            life::terminate(ctx, &id, halt(grounds, text, by)?).await
        }
        Command::Test { file, agreement } => examples::test(ctx, &file, agreement),
    }
}

fn halt(grounds: Grounds, text: MaybeText, by: Option<String>) -> Result<Halt, CliError> {
    let Grounds { legal_basis, reasons } = grounds;
    Ok(Halt { legal_basis, reasons, text: text.read()?, by: actor(by) })
}

async fn new(
    ctx: &Ctx,
    with: &str,
    (from, until): (Option<Date>, Option<Date>),
    made_from: Option<PathBuf>,
    out: Option<PathBuf>,
) -> Result<Reply, CliError> {
    let node = ctx.node().await?;
    let record = partner::find_party(&node, with).await?;
    let from = from.unwrap_or_else(|| node.now().to_zoned(TimeZone::UTC).date());
    let until = until.unwrap_or_else(|| from.checked_add(1.year()).unwrap_or(Date::MAX));
    if until < from {
        return Err(CliError::usage(
            format!(
                "the agreement would end on {until}, before it begins on {from}; give a later day with `--until`"
            ),
            format!(
                "el acuerdo concluiría el {until}, antes de comenzar el {from}; indique con `--until` un día posterior"
            ),
        ));
    }
    let id = AgreementId::new(fresh_uuid(&**node.entropy()));
    let us = (&node.record().handle, node.root());
    let text = match made_from {
        Some(file) => from_template(&file, us, &record, (id, from, until))?,
        None => template(us, (&record.handle, record.root), id, from, until),
    };
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

/// The agreement that a template makes with a partner. One that is still none is refused with its errors.
fn from_template(
    file: &Path,
    (own, root): (&Handle, PartyRoot),
    partner: &PartyRecord,
    (id, from, until): (AgreementId, Date, Date),
) -> Result<String, CliError> {
    let parties = [(own.as_str(), root), (partner.handle.as_str(), partner.root)];
    let text = blanks::fill(&files::read_text(file)?, &Blanks { id, from, until, parties });
    agreement::read(&text, &files::name(file))?;
    Ok(text)
}

/// The agreement's text in a file, which may also be a signed agreement file.
fn text_of(file: &Path) -> Result<(String, Option<Vec<u8>>), CliError> {
    let text = files::read_text(file)?;
    if !text.trim_start().starts_with('{') {
        return Ok((text, None));
    }
    let place = files::name(file);
    let input = |code, message: String| {
        let message = Told::from(message).named(code);
        ExchangeError::Input { place: place.clone(), message }
    };
    let envelope =
        Envelope::parse(text.as_bytes()).map_err(|error| input(error.code(), error.to_string()))?;
    let inner = std::str::from_utf8(envelope.unverified_payload())
        .map_err(|error| input("text-encoding", error.to_string()))?
        .to_owned();
    Ok((inner, Some(text.into_bytes())))
}

async fn sign(
    ctx: &Ctx,
    file: PathBuf,
    out: Option<PathBuf>,
    pin: &Pin,
) -> Result<Reply, CliError> {
    let node = ctx.node().await?;
    let place = files::name(&file);
    let (text, signed) = text_of(&file)?;
    let read = agreement::read(&text, &place)?;
    for found in agreement::beside(&node, &read).await? {
        let warning = ctx.say("warning", "advertencia");
        let message = check::beside(ctx.lang, &found);
        output::note(ctx, &format!("{warning}: {message} [{}]", found.code()));
    }
    let root = unlock::root_key(ctx, node.record().exercise, pin)?;
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
        state: agreement::life(node, record.reference.id, node.now()).await?.state_of(record),
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
        (ctx.say("state", "estado"), list::state_word(ctx, body.state).to_owned()),
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

/// A folio for people; agreements that an earlier version of the software stored may have none yet.
fn folio(folio: Option<&Folio>) -> String {
    folio.map_or_else(|| "-".to_owned(), ToString::to_string)
}
