//! `comity unit`: national bodies inside the party, and what each is given.

use std::path::PathBuf;

use comity_exchange::ExchangeError;
use comity_exchange::matter::release_statement;
use comity_exchange::unit::{Chosen, add, give};
use serde::Serialize;

use crate::ctx::{Ctx, actor};
use crate::error::CliError;
use crate::files;
use crate::output::{Reply, table, time};

/// What to do about units.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// Add a unit
    Add {
        /// Its name here: lower-case letters, digits and hyphens
        #[arg(value_name = "NAME")]
        name: String,
        /// What it is called
        #[arg(long, value_name = "TEXT")]
        title: String,
        /// Who adds it, for the journal (else the login name)
        #[arg(long, value_name = "NAME")]
        by: Option<String>,
    },
    /// List the units
    List,
    /// Give a unit objects, as a STIX bundle with what binds them; it is noted who has what
    Give {
        /// The objects' STIX ids
        #[arg(value_name = "ID", required_unless_present = "release", conflicts_with = "release")]
        ids: Vec<String>,
        /// Everything that this release of a partner brought, by folio or digest
        #[arg(long, value_name = "RELEASE")]
        release: Option<String>,
        /// The unit
        #[arg(long, value_name = "NAME")]
        to: String,
        /// The file to write
        #[arg(long, short, value_name = "FILE")]
        out: PathBuf,
        /// Who gives it, for the journal (else the login name)
        #[arg(long, value_name = "NAME")]
        by: Option<String>,
    },
}

#[derive(Serialize)]
struct Line {
    name: String,
    title: String,
    added_at: jiff::Timestamp,
}

#[derive(Serialize)]
struct All {
    units: Vec<Line>,
}

#[derive(Serialize)]
struct GivenBody {
    unit: String,
    bundle: String,
    objects: usize,
    file: String,
}

/// Runs the command.
pub(crate) async fn run(ctx: &Ctx, command: Command) -> Result<Reply, CliError> {
    let node = ctx.node().await?;
    match command {
        Command::Add { name, title, by } => {
            let unit = add(&node, &name, &title, &actor(by)).await?;
            let text = format!("{}: {}", ctx.say("Added", "Se agregó"), unit.name);
            let body = Line { name: unit.name, title: unit.title, added_at: unit.added_at };
            ctx.reply(&body, text)
        }
        Command::List => {
            let units = node.store().units().await.map_err(ExchangeError::from)?;
            let units = units.into_iter();
            let line = |it: comity_exchange::ports::Unit| Line {
                name: it.name,
                title: it.title,
                added_at: it.added_at,
            };
            let body = All { units: units.map(line).collect() };
            let text = if body.units.is_empty() {
                ctx.say("There is no unit.", "No hay ninguna instancia nacional.").to_owned()
            } else {
                let heading = [
                    ctx.say("name", "nombre"),
                    ctx.say("title", "denominación"),
                    ctx.say("added", "agregada"),
                ];
                let rows = body.units.iter();
                table(
                    &heading,
                    rows.map(|it| [it.name.clone(), it.title.clone(), time(it.added_at)]),
                )
            };
            ctx.reply(&body, text)
        }
        Command::Give { ids, release, to, out, by } => {
            files::must_not_exist(&out)?;
            let chosen = match release {
                Some(name) => Chosen::Release(release_statement(&node, &name).await?),
                None => Chosen::Ids(ids),
            };
            let bundle = give(&node, &to, chosen, &actor(by)).await?;
            let bytes = serde_json::to_vec(&bundle)
                .map_err(|error| ExchangeError::Damaged(error.to_string()))?;
            files::write_new(&out, &bytes)?;
            let body = GivenBody {
                unit: to,
                bundle: bundle.id,
                objects: bundle.objects.len(),
                file: files::name(&out),
            };
            let text = format!(
                "{} `{}`: {} {}, {}",
                ctx.say("Given to", "Se dio a"),
                body.unit,
                body.objects,
                match body.objects {
                    1 => ctx.say("object", "objeto"),
                    _ => ctx.say("objects", "objetos"),
                },
                body.file
            );
            ctx.reply(&body, text)
        }
    }
}
