//! `comity agreement check`: whether a text is an agreement, and whether the signatures on it are good.

use std::path::Path;

use comity_exchange::ExchangeError;
use comity_exchange::agreement::{self, Beside};
use comity_exchange::kinds::{UnknownKind, unknown_kinds, unwritten};
use comity_model::{AgreementId, Digest};
use comity_policy::{Agreement, AgreementError, AgreementWarning};
use serde::Serialize;

use super::text_of;
use crate::ctx::Ctx;
use crate::error::{CliError, Exit, agreement_error};
use crate::files;
use crate::lang::Lang;
use crate::output::{Reply, fields, yes_no};

#[derive(Serialize)]
struct Checked {
    ok: bool,
    id: Option<AgreementId>,
    version: Option<u32>,
    digest: Option<Digest>,
    /// Null when nothing was judged: for a bare text, and without keys to judge by.
    signed_here: Option<bool>,
    signed_by_partner: Option<bool>,
    errors: Vec<Mistake>,
    warnings: Vec<Caution>,
}

/// What is wrong; a signature has no line.
#[derive(Serialize)]
struct Mistake {
    line: Option<u32>,
    field: String,
    code: &'static str,
    message: String,
}

#[derive(Serialize)]
struct Caution {
    code: &'static str,
    message: String,
}

/// What the signatures of a file came to.
enum Signatures {
    /// Each is good: of this party, of the partner.
    Good(bool, bool),
    /// One is not.
    Bad(Mistake),
    /// There are no keys to judge by.
    NotChecked(Caution),
}

/// Runs the command.
pub(super) async fn check(ctx: &Ctx, file: &Path) -> Result<Reply, CliError> {
    let (text, signed) = text_of(file)?;
    // what both parties signed binds, even if it would not be signed so any more
    let read = if signed.is_some() { Agreement::parse } else { Agreement::parse_draft };
    let mut body = match read(&text) {
        Ok(agreement) => judged(ctx, &agreement, &text)?,
        Err(errors) => wrong(ctx, errors),
    };
    if let (Some(signed), true) = (signed, body.ok) {
        match signatures(ctx, &signed, &files::name(file)).await? {
            Signatures::Good(ours, theirs) => {
                body.signed_here = Some(ours);
                body.signed_by_partner = Some(theirs);
            }
            Signatures::Bad(mistake) => {
                body = Checked { errors: vec![mistake], ..wrong(ctx, Vec::new()) };
            }
            Signatures::NotChecked(caution) => body.warnings.push(caution),
        }
    }
    if body.ok && ctx.data.is_node() {
        let node = ctx.node().await?;
        let agreement = agreement::read(&text, &files::name(file))?;
        for found in agreement::beside(&node, &agreement).await? {
            body.warnings.push(Caution { code: found.code(), message: beside(ctx.lang, &found) });
        }
    }
    let exit = if body.ok { Exit::Done } else { Exit::Refused };
    let said = said(ctx, file, &body);
    Ok(ctx.reply(&body, said)?.with_exit(exit))
}

/// What a text would stand beside, for people.
pub(super) fn beside(lang: Lang, found: &Beside) -> String {
    match (lang, found) {
        (Lang::En, Beside::Gap { active, until, from }) => format!(
            "nothing binds between {until}, the last day of version {active}, and {from}; let this version begin earlier"
        ),
        (Lang::Es, Beside::Gap { active, until, from }) => format!(
            "nada rige entre el {until}, último día de la versión {active}, y el {from}; haga que esta versión comience antes"
        ),
        (Lang::En, Beside::Overlap { other, clauses, other_clauses }) => format!(
            "{} and {} of `{other}` let the same be given at the same time; keep it in one of the two agreements",
            named(lang, clauses),
            named(lang, other_clauses)
        ),
        (Lang::Es, Beside::Overlap { other, clauses, other_clauses }) => format!(
            "{} y {} de `{other}` permiten entregar lo mismo al mismo tiempo; consérvelo en uno solo de los dos acuerdos",
            named(lang, clauses),
            named(lang, other_clauses)
        ),
    }
}

/// Clauses by their names, with the word for one or for several.
fn named(lang: Lang, ids: &[String]) -> String {
    let quoted: Vec<String> = ids.iter().map(|id| format!("`{id}`")).collect();
    let word = match ids.len() {
        1 => lang.pick("the clause", "la cláusula"),
        _ => lang.pick("the clauses", "las cláusulas"),
    };
    format!("{word} {}", quoted.join(", "))
}

/// An agreement that can be read. A type that nobody here knows is an error: no node would sign it that does not hold its
/// extension definition, and one that does is asked with `--data`.
fn judged(ctx: &Ctx, agreement: &Agreement, text: &str) -> Result<Checked, CliError> {
    let registry = ctx.extensions(&[])?.registry;
    let found =
        unknown_kinds(&registry, text).into_iter().map(|UnknownKind { line, field, message }| {
            let code = UnknownKind::CODE;
            let error = CliError::from(ExchangeError::Refused { code, message });
            Mistake { line: Some(line), field, code, message: error.in_lang(ctx.lang) }
        });
    let errors: Vec<Mistake> = found.collect();
    if errors.is_empty() {
        let mut body = in_order(ctx, agreement);
        let named = unwritten(&registry, agreement);
        body.warnings.extend(named.iter().map(|it| caution(it, ctx.lang)));
        return Ok(body);
    }
    Ok(Checked { errors, ..wrong(ctx, Vec::new()) })
}

fn in_order(ctx: &Ctx, agreement: &Agreement) -> Checked {
    Checked {
        ok: true,
        id: Some(agreement.id),
        version: Some(agreement.version),
        digest: Some(agreement.digest),
        signed_here: None,
        signed_by_partner: None,
        errors: Vec::new(),
        warnings: agreement.warnings().iter().map(|it| caution(it, ctx.lang)).collect(),
    }
}

fn wrong(ctx: &Ctx, errors: Vec<AgreementError>) -> Checked {
    Checked {
        ok: false,
        id: None,
        version: None,
        digest: None,
        signed_here: None,
        signed_by_partner: None,
        errors: errors.into_iter().map(|it| mistake(it, ctx.lang)).collect(),
        warnings: Vec::new(),
    }
}

fn mistake(error: AgreementError, lang: Lang) -> Mistake {
    let message = match lang {
        Lang::En => error.message.to_string(),
        Lang::Es => agreement_error(error.code, &error.message),
    };
    Mistake { line: Some(error.line), field: error.field, code: error.code.as_str(), message }
}

fn caution(warning: &AgreementWarning, lang: Lang) -> Caution {
    let message = warning.text(lang.stix()).to_owned();
    Caution { code: warning.code.as_str(), message }
}

/// Judges the signatures by the keys of the node in the data folder and of its confirmed partner.
async fn signatures(ctx: &Ctx, signed: &[u8], place: &str) -> Result<Signatures, CliError> {
    if !ctx.data.is_node() {
        let english = "the signatures were not checked, because there is no node in the data folder; name one with `--data`";
        let spanish = "no se revisaron las firmas, porque no hay ningún nodo en la carpeta de datos; indique uno con `--data`";
        return Ok(not_checked(ctx.say(english, spanish).to_owned()));
    }
    let node = ctx.node().await?;
    let error = match agreement::check_signatures(&node, signed, place).await {
        Ok((ours, theirs)) => return Ok(Signatures::Good(ours, theirs)),
        Err(error) => error,
    };
    match &error {
        ExchangeError::Refused { code: code @ "agreement-signature", .. } => {
            let code = *code;
            let message = CliError::from(error).in_lang(ctx.lang);
            Ok(Signatures::Bad(Mistake { line: None, field: String::new(), code, message }))
        }
        ExchangeError::NotFound { .. }
        | ExchangeError::Refused { code: "unconfirmed-party" | "not-a-party", .. } => {
            let why = CliError::from(error).in_lang(ctx.lang);
            let fact = ctx.say("the signatures were not checked", "no se revisaron las firmas");
            Ok(not_checked(format!("{fact}: {why}")))
        }
        _ => Err(error.into()),
    }
}

const fn not_checked(message: String) -> Signatures {
    Signatures::NotChecked(Caution { code: "signatures-not-checked", message })
}

fn said(ctx: &Ctx, file: &Path, body: &Checked) -> String {
    let mut said = Vec::new();
    for Mistake { line, field, code, message } in &body.errors {
        let line = line.map(|line| format!(":{line}")).unwrap_or_default();
        let field = if field.is_empty() { String::new() } else { format!("{field}: ") };
        said.push(format!("{}{line}: {field}{message} [{code}]", file.display()));
    }
    for Caution { code, message } in &body.warnings {
        said.push(format!("{}: {message} [{code}]", ctx.say("warning", "advertencia")));
    }
    if let (Some(ours), Some(theirs)) = (body.signed_here, body.signed_by_partner) {
        said.push(fields(&[
            (ctx.say("signed here", "firmado aquí"), yes_no(ctx.lang, ours).to_owned()),
            (
                ctx.say("signed by the partner", "firmado por la contraparte"),
                yes_no(ctx.lang, theirs).to_owned(),
            ),
        ]));
    }
    said.push(match (&body.digest, body.errors.len()) {
        (Some(digest), _) => format!("{}: {digest}", ctx.say("in order", "en orden")),
        (None, 1) => ctx.say("1 error", "1 error").to_owned(),
        (None, many) => format!("{many} {}", ctx.say("errors", "errores")),
    });
    said.join("\n")
}
