//! `comity stix schema`: the types as JSON Schema.

use std::io;
use std::path::PathBuf;

use comity_stix::registry::{Extension, Registry};
use comity_stix::types::{self, Class};
use serde::Serialize;
use serde_json::Value;

use super::nearest;
use crate::ctx::Ctx;
use crate::error::CliError;
use crate::extensions::Extensions;
use crate::output::{Reply, on_one_line, short, table};

/// Which type.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The STIX type (else all types are listed); exits with 1 when there is none of that name
    #[arg(value_name = "TYPE")]
    name: Option<String>,
    /// A folder of extensions whose types count too, NAME.json with NAME.schema.json beside it; can be repeated (else the folder extensions of the node, if there is one)
    #[arg(long, value_name = "DIR")]
    extensions: Vec<PathBuf>,
}

#[derive(Serialize)]
struct Types<'a> {
    types: Vec<Listed<'a>>,
}

#[derive(Serialize)]
struct Listed<'a> {
    name: &'a str,
    class: &'static str,
    /// Of the standard; null of what an extension makes.
    section: Option<&'a str>,
    about: &'a str,
    /// The extension that makes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    extension: Option<&'a str>,
}

/// Runs the command.
pub(super) fn run(ctx: &Ctx, args: &Args) -> Result<Reply, CliError> {
    let extensions = ctx.extensions(&args.extensions)?;
    match &args.name {
        Some(name) => schema(ctx, name, &extensions),
        None => list(ctx, &extensions.registry),
    }
}

fn schema(ctx: &Ctx, name: &str, extensions: &Extensions) -> Result<Reply, CliError> {
    let failed = |error| CliError::Runtime(io::Error::from(error));
    if let Some(type_) = types::find(name) {
        let schema = types::json_schema(type_);
        let pretty = serde_json::to_string_pretty(&schema).map_err(failed)?;
        return Ok(ctx.reply(&schema, "")?.with_content(pretty + "\n"));
    }
    let custom = extensions.registry.custom_type(name);
    if let Some(written) = custom.and_then(|custom| extensions.schema(custom)) {
        let schema: Value = serde_json::from_str(&written).map_err(failed)?;
        return Ok(ctx.reply(&schema, "")?.with_content(written.trim_end().to_owned() + "\n"));
    }
    let custom = extensions.registry.types().map(|it| it.name.as_str());
    let near = nearest::of(name, types::all().map(|it| it.name).chain(custom));
    Err(CliError::UnknownType { name: name.to_owned(), near })
}

fn list(ctx: &Ctx, registry: &Registry) -> Result<Reply, CliError> {
    let standard = types::all().map(|it| Listed {
        name: it.name,
        class: class(it.class),
        section: Some(it.section),
        about: it.about.text(ctx.lang.stix()),
        extension: None,
    });
    let custom = registry.types().map(|it| Listed {
        name: &it.name,
        class: class(it.class),
        section: None,
        about: registry.extension(&it.extension).map_or("", said),
        extension: Some(&it.extension),
    });
    let body = Types { types: standard.chain(custom).collect() };
    let heading = [
        ctx.say("type", "tipo"),
        ctx.say("class", "clase"),
        ctx.say("section", "sección"),
        ctx.say("what", "qué"),
    ];
    let row = |it: &Listed<'_>| {
        let about = on_one_line(&short(it.about, 100));
        [it.name.to_owned(), it.class.to_owned(), it.section.unwrap_or("-").to_owned(), about]
    };
    let text = table(&heading, body.types.iter().map(row));
    ctx.reply(&body, text)
}

/// What an extension says of itself.
fn said(extension: &Extension) -> &str {
    extension.description().unwrap_or_else(|| extension.name())
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
