//! `comity agreement test`: a party's own table of examples, run against an agreement.

use std::path::{Path, PathBuf};

use comity_exchange::ExchangeError;
use comity_exchange::ports::{Clock as _, Verdict};
use comity_exchange::trial::{Example, Expected, Tried, try_example};
use comity_model::{Digest, Grade, Handle, PartyRoot};
use comity_policy::{Agreement, Engine};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use super::blanks;
use crate::clock::SystemClock;
use crate::ctx::Ctx;
use crate::error::{CliError, Exit};
use crate::files;
use crate::output::{Reply, table};

/// The most examples of a table.
const MOST: usize = 10_000;

/// The form of a table.
const FORM_EN: &str = "write `agreement = \"FILE\"` and `[[example]]` with `name`, `clause`, `object` or `object_file`, and \
                       `expect`";
const FORM_ES: &str = "escriba `agreement = \"ARCHIVO\"` y `[[example]]` con `name`, `clause`, `object` u `object_file`, y \
                       `expect`";

/// A table, as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    /// The agreement's file, beside the table.
    agreement: Option<PathBuf>,
    example: Vec<toml::Spanned<Row>>,
}

/// One example.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    name: String,
    clause: String,
    purpose: Option<String>,
    /// The object as JSON, or the file that holds it, beside the table.
    object: Option<String>,
    object_file: Option<PathBuf>,
    grade: Option<String>,
    /// `own`, or the handle of the party that released it.
    origin: Option<String>,
    /// The day, at noon UTC; else today.
    on: Option<toml::value::Datetime>,
    expect: Verdict,
    because: Option<String>,
    properties: Option<Vec<String>>,
}

#[derive(Serialize)]
struct Ran {
    ok: bool,
    agreement: Digest,
    examples: Vec<Judged>,
}

#[derive(Serialize)]
struct Judged {
    name: String,
    line: u64,
    ok: bool,
    clause: String,
    expected: Verdict,
    decided: Verdict,
    policies: Vec<String>,
    properties: Vec<String>,
    reasons: Vec<String>,
}

/// Runs the table.
pub(super) fn test(ctx: &Ctx, file: &Path, given: Option<PathBuf>) -> Result<Reply, CliError> {
    let text = files::read_text(file)?;
    let written: Written = toml::from_str(&text).map_err(|error| {
        let at = error.span().map_or(0, |span| span.start);
        let english = format!("no table of examples: {}; {FORM_EN}", error.message());
        let spanish = format!("no corresponde a una tabla de ejemplos; {FORM_ES}");
        content(file, line_of(&text, at), &english, &spanish)
    })?;
    if written.example.len() > MOST {
        let (english, spanish) = ("at most 10000 examples", "a lo sumo 10000 ejemplos");
        return Err(content(file, 1, english, spanish));
    }
    let named = written.agreement.as_ref().map(|name| beside(file, name));
    let agreement_file = given.or(named).ok_or_else(|| {
        CliError::usage(
            "name the agreement with `--agreement FILE`, or in the table as `agreement = \"FILE\"`"
                .to_owned(),
            "indique el acuerdo con `--agreement ARCHIVO`, o en la tabla como `agreement = \"ARCHIVO\"`"
                .to_owned(),
        )
    })?;
    let agreement = read_agreement(&agreement_file)?;
    let engine =
        Engine::compile(&agreement).map_err(|error| ExchangeError::Damaged(error.to_string()))?;
    let registry = ctx.extensions(&[])?.registry;
    let mut lines = Vec::with_capacity(written.example.len());
    for spanned in written.example {
        let line = line_of(&text, spanned.span().start);
        let row = spanned.into_inner();
        let example = example(file, line, &agreement, &row)?;
        let tried = try_example(&engine, &registry, &example).map_err(|error| {
            let said = CliError::from(error);
            let (en, es) = (crate::lang::Lang::En, crate::lang::Lang::Es);
            content(file, line, &said.in_lang(en), &said.in_lang(es))
        })?;
        lines.push(outcome(row, line, &example, tried));
    }
    let ok = lines.iter().all(|it| it.ok);
    let body = Ran { ok, agreement: agreement.digest, examples: lines };
    let said = said(ctx, &body);
    let exit = if ok { Exit::Done } else { Exit::Refused };
    Ok(ctx.reply(&body, said)?.with_exit(exit))
}

/// The agreement in a file. Names in braces that a template leaves open are filled in for the trial.
fn read_agreement(file: &Path) -> Result<Agreement, CliError> {
    let (text, _) = super::text_of(file)?;
    let text = blanks::for_trial(&text);
    Ok(comity_exchange::agreement::read(&text, &files::name(file))?)
}

fn example(file: &Path, line: u64, agreement: &Agreement, row: &Row) -> Result<Example, CliError> {
    let object = match (&row.object, &row.object_file) {
        (Some(object), None) => object.clone().into_bytes(),
        (None, Some(name)) => files::read(&beside(file, name))?,
        _ => {
            let english = "give either `object` or `object_file`";
            return Err(content(file, line, english, "indique `object` u `object_file`"));
        }
    };
    let grade = row.grade.as_deref().map(str::parse::<Grade>).transpose().map_err(|_| {
        let english = "`grade` is a letter A to F and a digit 1 to 6, as `B2`";
        let spanish = "`grade` es una letra de A a F y un dígito de 1 a 6, como `B2`";
        content(file, line, english, spanish)
    })?;
    let root_of = |handle: &str| -> Option<PartyRoot> {
        agreement.parties.get(&handle.parse::<Handle>().ok()?).copied()
    };
    let partner = match row.origin.as_deref() {
        None | Some("own") => None,
        Some(handle) => Some(root_of(handle).unwrap_or_else(|| {
            // a third party: the agreement does not know it, and what is its own goes nowhere without its consent
            PartyRoot::new(Digest::of(handle.as_bytes()))
        })),
    };
    let at = match &row.on {
        Some(day) => noon(day).ok_or_else(|| {
            let english = "`on` is a day, as `2026-06-01`";
            content(file, line, english, "`on` es un día, como `2026-06-01`")
        })?,
        None => SystemClock.now(),
    };
    let properties = row.properties.as_ref().map(|all| all.iter().cloned().collect());
    let expect = Expected { verdict: row.expect, because: row.because.clone(), properties };
    let (clause, purpose) = (row.clause.clone(), row.purpose.clone());
    Ok(Example { clause, purpose, object, grade, partner, at, expect })
}

fn noon(day: &toml::value::Datetime) -> Option<Timestamp> {
    let day: Date = day.to_string().parse().ok()?;
    let noon = day.at(12, 0, 0, 0).to_zoned(TimeZone::UTC).ok()?;
    Some(noon.timestamp())
}

fn outcome(row: Row, line: u64, example: &Example, tried: Tried) -> Judged {
    Judged {
        name: row.name,
        line,
        ok: tried.meets(&example.expect),
        clause: row.clause,
        expected: row.expect,
        decided: tried.verdict,
        policies: tried.policies.into_iter().collect(),
        properties: tried.properties.into_iter().collect(),
        reasons: tried.reasons.into_iter().map(|it| it.text).collect(),
    }
}

fn said(ctx: &Ctx, body: &Ran) -> String {
    let heading = [
        "",
        ctx.say("line", "línea"),
        ctx.say("example", "ejemplo"),
        ctx.say("clause", "cláusula"),
        ctx.say("expected", "se espera"),
        ctx.say("decided", "se decide"),
        ctx.say("by", "por"),
        ctx.say("redacted", "testado"),
    ];
    let rows = body.examples.iter().map(|it| {
        [
            if it.ok { "✓" } else { "✗" }.to_owned(),
            it.line.to_string(),
            it.name.clone(),
            it.clause.clone(),
            verdict_word(ctx, it.expected).to_owned(),
            verdict_word(ctx, it.decided).to_owned(),
            it.policies.join(", "),
            it.properties.join(", "),
        ]
    });
    let wrong = body.examples.iter().filter(|it| !it.ok).count();
    let count = body.examples.len();
    let total = if wrong == 0 {
        format!("{count} {}", ctx.say("examples as expected", "ejemplos conforme a lo esperado"))
    } else {
        let words = ctx
            .say("examples are not as expected", "ejemplos no resultaron conforme a lo esperado");
        format!("{wrong} / {count} {words}")
    };
    format!("{}\n{total}", table(&heading, rows))
}

fn verdict_word(ctx: &Ctx, verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Released => ctx.lang.pick("released", "entregado"),
        Verdict::Redacted => ctx.lang.pick("redacted", "testado"),
        Verdict::Withheld => ctx.lang.pick("withheld", "excluido"),
    }
}

/// A file that a table names stands beside the table.
fn beside(table: &Path, name: &Path) -> PathBuf {
    table.parent().map_or_else(|| name.to_owned(), |folder| folder.join(name))
}

fn line_of(text: &str, at: usize) -> u64 {
    let before = text.as_bytes().iter().take(at);
    before.filter(|byte| **byte == b'\n').count() as u64 + 1
}

fn content(file: &Path, line: u64, english: &str, spanish: &str) -> CliError {
    CliError::Content {
        path: file.to_owned(),
        line,
        code: "bad-example",
        english: english.to_owned(),
        spanish: spanish.to_owned(),
    }
}
