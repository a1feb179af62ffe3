//! `comity stix head`: what each object is, with no more of a file in memory than one object.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io;
use std::path::PathBuf;

use comity_stix::marking;
use comity_stix::reader::Objects;
use comity_stix::timestamp::Stamp;
use comity_stix::{Head, Limits, head};
use serde::Serialize;

use super::input::{Bounds, Input, Refused, is_something};
use crate::ctx::Ctx;
use crate::error::{CliError, Exit};
use crate::output::{Reply, Stream, note, on_one_line, short};

/// Refusals that the JSON document lists; beyond them they are only counted.
const LISTED: usize = 1_000;

/// Identifiers, labels or extensions of one object that people are shown; beyond them they are only counted.
const SHOWN: usize = 8;

/// What to look at.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// STIX 2.1 bundles, lists, objects or JSON lines, `-` for standard input; exits with 1 when anything in one has no head, or there is no object in it
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    #[command(flatten)]
    bounds: Bounds,
}

/// An object of a file.
#[derive(Serialize)]
struct Found<'a> {
    file: &'a str,
    line: u64,
    offset: u64,
    bytes: usize,
    id: &'a str,
    #[serde(rename = "type")]
    type_: &'a str,
    /// `modified`, else `created`; null of what has no versions.
    version: Option<&'a str>,
    spec_version: Option<&'a str>,
    created: Option<&'a str>,
    modified: Option<&'a str>,
    revoked: bool,
    created_by_ref: Option<&'a str>,
    name: Option<&'a str>,
    object_marking_refs: &'a [Cow<'a, str>],
    granular_marking_refs: &'a [Cow<'a, str>],
    refs: &'a [Cow<'a, str>],
    labels: &'a [Cow<'a, str>],
    confidence: Option<u8>,
    lang: Option<&'a str>,
    extensions: &'a [Cow<'a, str>],
}

/// What stands behind the list of heads.
#[derive(Default, Serialize)]
struct Rest {
    objects: u64,
    /// Things that have no head, all of them counted.
    refused: u64,
    /// Files in which nothing was meant for an object.
    empty: Vec<String>,
    refusals: Vec<Refusal>,
    /// Refusals that are not listed.
    omitted: u64,
}

#[derive(Serialize)]
struct Refusal {
    file: String,
    #[serde(flatten)]
    refused: Refused,
}

/// Runs the command.
pub(super) fn run(ctx: &Ctx, args: &Args) -> Result<Reply, CliError> {
    let inputs = Input::open(&args.files)?;
    let mut out = Stream::open();
    let mut rest = Rest::default();
    let printed = print(ctx, args.bounds.limits(), inputs, &mut out, &mut rest);
    out.end(printed)?;
    let whole = rest.refused == 0 && rest.empty.is_empty();
    Ok(Reply::silent().with_exit(if whole { Exit::Done } else { Exit::Refused }))
}

fn print(
    ctx: &Ctx,
    limits: Limits,
    inputs: Vec<Input>,
    out: &mut Stream,
    rest: &mut Rest,
) -> io::Result<()> {
    if ctx.json {
        out.begin("heads")?;
    }
    for input in inputs {
        let name = input.name.clone();
        let is_fruitless = of_file(ctx, limits, input, out, rest)?;
        if is_fruitless {
            let none = ctx.say(
                "there is no object in it; name a file with STIX 2.1 objects",
                "no contiene ningún objeto; indique un archivo con objetos STIX 2.1",
            );
            note(ctx, &format!("{}: {none}", on_one_line(&name)));
            rest.empty.push(name);
        }
    }
    if ctx.json { out.rest(rest) } else { Ok(()) }
}

/// Prints the heads of one file. Gives whether there is nothing in it that was meant for an object.
fn of_file(
    ctx: &Ctx,
    limits: Limits,
    input: Input,
    out: &mut Stream,
    rest: &mut Rest,
) -> io::Result<bool> {
    let file = input.name.clone();
    let mut is_fruitless = true;
    for next in Objects::new(input, limits) {
        is_fruitless &= next.as_ref().is_err_and(|error| !is_something(error));
        let refused = match next {
            Err(error) => Refused::reading(&error, ctx.lang.stix()),
            Ok(raw) => match head(&raw.bytes, &limits) {
                Err(finding) => Refused::finding(&raw, &finding, ctx.lang.stix()),
                Ok(head) => {
                    rest.objects += 1;
                    if ctx.json {
                        let place = (raw.line, raw.offset, raw.bytes.len());
                        out.element(&Found::new(&file, place, &head))?;
                    } else {
                        out.line(&said(ctx, &head))?;
                    }
                    continue;
                }
            },
        };
        rest.refused += 1;
        note(ctx, &refused.said(&file));
        if rest.refusals.len() < LISTED {
            rest.refusals.push(Refusal { file: file.clone(), refused });
        } else {
            rest.omitted += 1;
        }
    }
    Ok(is_fruitless)
}

impl<'a> Found<'a> {
    fn new(file: &'a str, (line, offset, bytes): (u64, u64, usize), head: &'a Head<'a>) -> Self {
        Self {
            file,
            line,
            offset,
            bytes,
            id: &head.id,
            type_: &head.type_,
            version: version(head),
            spec_version: head.spec_version.as_deref(),
            created: head.created.as_ref().map(Stamp::written),
            modified: head.modified.as_ref().map(Stamp::written),
            revoked: head.revoked,
            created_by_ref: head.created_by_ref.as_deref(),
            name: head.name.as_deref(),
            object_marking_refs: &head.object_marking_refs,
            granular_marking_refs: &head.granular_marking_refs,
            refs: &head.refs,
            labels: &head.labels,
            confidence: head.confidence,
            lang: head.lang.as_deref(),
            extensions: &head.extensions,
        }
    }
}

fn version<'a>(head: &'a Head<'_>) -> Option<&'a str> {
    head.modified.as_ref().or(head.created.as_ref()).map(Stamp::written)
}

/// The line for people: the identifier, the version, and what else there is.
fn said(ctx: &Ctx, head: &Head<'_>) -> String {
    let mut line = format!("{}  {}", head.id, version(head).unwrap_or("-"));
    let mut add = |name: &str, value: &str| {
        // Writing to a string does not fail.
        let _ = write!(line, "  {name}={value}");
    };
    if let Some(version) = &head.spec_version {
        add("stix", &shown(version));
    }
    if head.revoked {
        add(ctx.say("revoked", "revocado"), ctx.say("yes", "sí"));
    }
    if let Some(name) = &head.name {
        add(ctx.say("name", "nombre"), &format!("\"{}\"", shown(name)));
    }
    let lists = [
        (ctx.say("markings", "marcas"), &head.object_marking_refs),
        (ctx.say("granular", "granulares"), &head.granular_marking_refs),
        ("refs", &head.refs),
        (ctx.say("labels", "etiquetas"), &head.labels),
        (ctx.say("extensions", "extensiones"), &head.extensions),
    ];
    for (name, list) in lists.into_iter().filter(|(_, list)| !list.is_empty()) {
        add(name, &listed(list));
    }
    if let Some(confidence) = head.confidence {
        add(ctx.say("confidence", "confianza"), &confidence.to_string());
    }
    if let Some(lang) = &head.lang {
        add(ctx.say("lang", "idioma"), &shown(lang));
    }
    line
}

fn shown(text: &str) -> String {
    on_one_line(&short(text, 80))
}

/// A list for people; the fixed marking definitions by their labels.
fn listed(list: &[Cow<'_, str>]) -> String {
    let one = |text: &Cow<'_, str>| match marking::canonical(text) {
        Some(definition) => definition.name.to_owned(),
        None => shown(text),
    };
    let mut said = list.iter().take(SHOWN).map(one).collect::<Vec<_>>().join(",");
    let more = list.len().saturating_sub(SHOWN);
    if more > 0 {
        let _ = write!(said, ",+{more}");
    }
    said
}
