//! `comity stix schema`: the types as JSON Schema.

use comity_stix::types::{self, Class, Type};
use serde::Serialize;

use super::nearest;
use crate::ctx::Ctx;
use crate::error::CliError;
use crate::output::{Reply, table};

/// Which type.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The STIX type (else all types are listed); exits with 1 when there is none of that name
    #[arg(value_name = "TYPE")]
    name: Option<String>,
}

#[derive(Serialize)]
struct Types<'a> {
    types: Vec<Listed<'a>>,
}

#[derive(Serialize)]
struct Listed<'a> {
    name: &'a str,
    class: &'static str,
    section: &'a str,
    about: &'a str,
}

/// Runs the command.
pub(super) fn run(ctx: &Ctx, args: &Args) -> Result<Reply, CliError> {
    match &args.name {
        Some(name) => schema(ctx, name),
        None => list(ctx),
    }
}

fn schema(ctx: &Ctx, name: &str) -> Result<Reply, CliError> {
    let Some(type_) = types::find(name) else {
        let near = nearest::of(name, types::all().map(|it| it.name));
        return Err(CliError::UnknownType { name: name.to_owned(), near });
    };
    let schema = types::json_schema(type_);
    let pretty = serde_json::to_string_pretty(&schema).map_err(std::io::Error::from);
    let pretty = pretty.map_err(CliError::Runtime)?;
    Ok(ctx.reply(&schema, "")?.with_content(pretty + "\n"))
}

fn list(ctx: &Ctx) -> Result<Reply, CliError> {
    let listed = |it: &'static Type| Listed {
        name: it.name,
        class: class(it.class),
        section: it.section,
        about: it.about.text(ctx.lang.stix()),
    };
    let body = Types { types: types::all().map(listed).collect() };
    let heading = [
        ctx.say("type", "tipo"),
        ctx.say("class", "clase"),
        ctx.say("section", "sección"),
        ctx.say("what", "qué"),
    ];
    let rows = body.types.iter().map(|it| [it.name, it.class, it.section, it.about]);
    let text = table(&heading, rows.map(|row| row.map(str::to_owned)));
    ctx.reply(&body, text)
}

/// The class as the standard abbreviates it.
const fn class(class: Class) -> &'static str {
    match class {
        Class::Domain => "sdo",
        Class::Relationship => "sro",
        Class::Observable => "sco",
        Class::Meta => "smo",
        Class::Bundle => "bundle",
    }
}
