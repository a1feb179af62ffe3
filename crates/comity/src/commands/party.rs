//! `comity party`: partners, from their descriptor file to a confirmed fingerprint.

use std::io::{self, BufRead as _, IsTerminal as _};
use std::path::PathBuf;

use comity_exchange::partner::{self, Fingerprint};
use comity_exchange::ports::PartyRecord;
use comity_model::{Handle, PartyRoot};
use serde::Serialize;

use crate::ctx::{Ctx, actor};
use crate::error::CliError;
use crate::files;
use crate::output::{Reply, fields, note, table, yes_no};

/// What to do with partners.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// Give this node's own descriptor, for a partner to import, or one that was in force before, for whoever verifies evidence
    Export {
        /// That of a partner, by nickname or root, as the partner signed it (else this node's own)
        #[arg(value_name = "HANDLE")]
        party: Option<String>,
        /// The one with this serial (else the newest that this node has)
        #[arg(long, value_name = "SERIAL", value_parser = clap::value_parser!(u64).range(1..))]
        serial: Option<u64>,
        /// Write it to this file (else to standard output)
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
    /// Take in a partner's descriptor; it stays unconfirmed
    Import {
        /// The descriptor file
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// Call the partner so (else as its descriptor proposes)
        #[arg(long, value_name = "HANDLE")]
        handle: Option<Handle>,
    },
    /// Confirm a partner whose fingerprint was compared through another channel
    Confirm {
        /// The partner's nickname or root
        #[arg(value_name = "HANDLE")]
        handle: String,
        /// The fingerprint as the partner gave it: the digits, the words of either language, or the root
        #[arg(long, value_name = "TEXT")]
        fingerprint: Option<String>,
        /// Say that it was compared and is the same
        #[arg(long, conflicts_with = "fingerprint")]
        yes: bool,
        /// Who confirms, for the journal (else the login name)
        #[arg(long, value_name = "NAME")]
        by: Option<String>,
    },
    /// List the partners that this node knows
    List,
}

/// A fingerprint in every form in which two people can compare it.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct FingerprintBody {
    digits: Vec<String>,
    words_en: Vec<String>,
    words_es: Vec<String>,
}

impl From<&Fingerprint> for FingerprintBody {
    fn from(fingerprint: &Fingerprint) -> Self {
        Self {
            digits: fingerprint.digits.clone(),
            words_en: fingerprint.english.clone(),
            words_es: fingerprint.spanish.clone(),
        }
    }
}

#[derive(Serialize)]
struct Party {
    handle: Handle,
    root: PartyRoot,
    name: String,
    serial: u64,
    test: bool,
    confirmed: bool,
    urls: Vec<String>,
}

#[derive(Serialize)]
struct Imported {
    #[serde(flatten)]
    party: Party,
    fingerprint: FingerprintBody,
}

#[derive(Serialize)]
struct Exported {
    handle: Handle,
    root: PartyRoot,
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<String>,
    descriptor: String,
}

#[derive(Serialize)]
struct Verdict {
    handle: Handle,
    root: PartyRoot,
    confirmed: bool,
}

#[derive(Serialize)]
struct Parties {
    parties: Vec<Party>,
}

/// Runs the command.
pub(crate) async fn run(ctx: &Ctx, command: Command) -> Result<Reply, CliError> {
    match command {
        Command::Export { party, serial, out } => export(ctx, party, serial, out).await,
        Command::Import { file, handle } => import(ctx, file, handle).await,
        Command::Confirm { handle, fingerprint, yes, by } => {
            confirm(ctx, &handle, fingerprint, yes, by).await
        }
        Command::List => list(ctx).await,
    }
}

async fn export(
    ctx: &Ctx,
    party: Option<String>,
    serial: Option<u64>,
    out: Option<PathBuf>,
) -> Result<Reply, CliError> {
    let node = ctx.node().await?;
    let (handle, root) = match party {
        Some(party) => {
            let record = partner::find_party(&node, &party).await?;
            (record.handle, record.root)
        }
        None => (node.record().handle.clone(), node.root()),
    };
    let descriptor = partner::descriptor_of(&node, root, serial).await?;
    let content = format!("{}\n", descriptor.trim_end());
    let mut body = Exported { handle, root, file: None, descriptor };
    let Some(out) = out else {
        return Ok(ctx.reply(&body, "")?.with_content(content));
    };
    files::replace(&out, content.as_bytes())?;
    body.file = Some(files::name(&out));
    let text = format!(
        "{} `{}`: {}",
        ctx.say("Wrote the descriptor of", "Se escribió el descriptor de"),
        body.handle,
        out.display()
    );
    ctx.reply(&body, text)
}

async fn import(ctx: &Ctx, file: PathBuf, handle: Option<Handle>) -> Result<Reply, CliError> {
    let node = ctx.node().await?;
    let envelope = files::read(&file)?;
    let (partner, fingerprint) =
        partner::import_party(&node, &envelope, &files::name(&file), handle, &actor(None)).await?;
    let record = partner::find_party(&node, &partner.root().to_string()).await?;
    let party = party(&node, &record)?;
    let text = format!(
        "{} `{}`: {}",
        ctx.say("Took in the descriptor of", "Se incorporó el descriptor de"),
        party.handle,
        party.name
    );
    let mut said = vec![text, spelled(ctx, &fingerprint)];
    if !party.confirmed {
        let next = ctx.say(
            "Nothing is accepted from this party yet. Compare the fingerprint with it through another channel, by\n\
             telephone or in person, and then run: ",
            "Todavía no se acepta nada de esta parte. Compare la huella con ella por otro canal, por teléfono o en\n\
             persona, y después ejecute: ",
        );
        said.push(format!("{next}comity party confirm {}", party.handle));
    }
    let body = Imported { party, fingerprint: FingerprintBody::from(&fingerprint) };
    ctx.reply(&body, said.join("\n\n"))
}

async fn confirm(
    ctx: &Ctx,
    handle: &str,
    given: Option<String>,
    yes: bool,
    by: Option<String>,
) -> Result<Reply, CliError> {
    let node = ctx.node().await?;
    let record = partner::find_party(&node, handle).await?;
    let fingerprint = Fingerprint::of(record.root);
    let by = actor(by);
    let compared = compare(ctx, given.as_deref(), yes, &fingerprint, record.handle.to_string());
    if let Err(CliError::FingerprintDiffers(_)) = compared {
        partner::not_confirmed(&node, &record, &by).await?;
    }
    compared?;
    let record = partner::confirm_party(&node, handle, &by).await?;
    let text = format!("{} `{}`", ctx.say("Confirmed", "Se confirmó a"), record.handle);
    let body = Verdict { handle: record.handle, root: record.root, confirmed: true };
    ctx.reply(&body, text)
}

/// Compares the fingerprint with the one that was given, or asks for it where there is somebody to ask.
fn compare(
    ctx: &Ctx,
    given: Option<&str>,
    yes: bool,
    fingerprint: &Fingerprint,
    name: String,
) -> Result<(), CliError> {
    match given {
        Some(given) if is_same(given, fingerprint) => Ok(()),
        Some(_) => Err(CliError::FingerprintDiffers(name)),
        None if yes => Ok(()),
        None if ctx.json || !io::stdin().is_terminal() => Err(CliError::NotCompared(name)),
        None => ask(ctx, fingerprint, name),
    }
}

/// Shows the fingerprint and asks whether the partner has the same.
fn ask(ctx: &Ctx, fingerprint: &Fingerprint, name: String) -> Result<(), CliError> {
    let question = ctx.say(
        "Does the party have the same? Type `yes`, or the digits or words that it read to you:",
        "¿Tiene la parte la misma? Escriba `sí`, o los dígitos o palabras que le leyó:",
    );
    note(ctx, &format!("{}\n{question}", spelled(ctx, fingerprint)));
    let mut line = String::new();
    io::stdin().lock().read_line(&mut line).map_err(CliError::Terminal)?;
    let line = line.trim();
    if ["yes", "sí", "si"].contains(&line.to_lowercase().as_str()) || is_same(line, fingerprint) {
        return Ok(());
    }
    if fingerprint.digits.len() == words_of(line).len() {
        return Err(CliError::FingerprintDiffers(name));
    }
    Err(CliError::NotCompared(name))
}

/// Whether a text is the fingerprint in any of its forms. Case, accents and what stands between the words do not count.
fn is_same(text: &str, fingerprint: &Fingerprint) -> bool {
    if text.trim() == fingerprint.root.to_string() {
        return true;
    }
    let given = words_of(text);
    [&fingerprint.digits, &fingerprint.english, &fingerprint.spanish]
        .into_iter()
        .any(|known| given == known.iter().map(|word| plain(word)).collect::<Vec<_>>())
}

fn words_of(text: &str) -> Vec<String> {
    let between = |it: char| it.is_whitespace() || matches!(it, '-' | ',' | ';' | '.');
    text.split(between).map(plain).filter(|word| !word.is_empty()).collect()
}

/// The word in lower case without accents, whether they are composed or stand apart.
fn plain(word: &str) -> String {
    let letter = |it: char| match it {
        'á' => Some('a'),
        'é' => Some('e'),
        'í' => Some('i'),
        'ó' => Some('o'),
        'ú' | 'ü' => Some('u'),
        'ñ' => Some('n'),
        '\u{300}'..='\u{36f}' => None,
        other => Some(other),
    };
    word.to_lowercase().chars().filter_map(letter).collect()
}

async fn list(ctx: &Ctx) -> Result<Reply, CliError> {
    let node = ctx.node().await?;
    let records = node.store().parties().await?;
    let parties =
        records.iter().map(|record| party(&node, record)).collect::<Result<Vec<_>, _>>()?;
    let text = if parties.is_empty() {
        ctx.say(
            "No partner is known. `comity party import FILE` takes one in.",
            "No se conoce ninguna contraparte. `comity party import ARCHIVO` incorpora una.",
        )
        .to_owned()
    } else {
        let heading = [
            ctx.say("handle", "clave"),
            ctx.say("name", "nombre"),
            ctx.say("confirmed", "confirmada"),
            ctx.say("addresses", "direcciones"),
        ];
        let rows = parties.iter().map(|it| {
            [
                it.handle.to_string(),
                crate::output::short(&it.name, 60),
                yes_no(ctx.lang, it.confirmed).to_owned(),
                crate::output::short(&it.urls.join(" "), 60),
            ]
        });
        table(&heading, rows)
    };
    ctx.reply(&Parties { parties }, text)
}

fn party(node: &comity_exchange::Node, record: &PartyRecord) -> Result<Party, CliError> {
    let keys = partner::keys_of(node, record)?;
    Ok(Party {
        handle: record.handle.clone(),
        root: record.root,
        name: keys.descriptor.name.clone(),
        serial: record.serial,
        test: keys.descriptor.test,
        confirmed: record.confirmed_at.is_some(),
        urls: keys.descriptor.urls.clone(),
    })
}

/// A fingerprint for people: digits, and words of the reader's language.
pub(crate) fn spelled(ctx: &Ctx, fingerprint: &Fingerprint) -> String {
    let words = match ctx.lang {
        crate::lang::Lang::En => &fingerprint.english,
        crate::lang::Lang::Es => &fingerprint.spanish,
    };
    fields(&[
        (ctx.say("fingerprint", "huella"), fingerprint.digits.join(" ")),
        (ctx.say("as words", "en palabras"), words.join(" ")),
    ])
}

#[cfg(test)]
mod tests {
    use comity_model::Digest;

    use super::*;

    #[test]
    fn a_fingerprint_may_be_typed_in_any_of_its_forms() {
        let of = |text: &str| Fingerprint::of(PartyRoot::new(Digest::of(text.as_bytes())));
        let known = of("a");
        let forms = [
            known.digits.join(" "),
            known.digits.join("-"),
            known.english.join("  ").to_uppercase(),
            known.spanish.join(", "),
            plain(&known.spanish.join(" ")),
            format!(" {}\n", known.root),
        ];
        for form in &forms {
            assert!(is_same(form, &known), "{form}");
            assert!(!is_same(form, &of("b")), "{form}");
        }
        assert!(!is_same("", &known));
        assert!(!is_same(&known.digits[..11].join(" "), &known));
    }
}
