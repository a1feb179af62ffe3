//! `comity unit`: national bodies inside the party, and what each is given.

use std::path::PathBuf;

use comity_exchange::access::{Area, Verb};
use comity_exchange::approve::find_officer;
use comity_exchange::matter::release_statement;
use comity_exchange::ports::Unit;
use comity_exchange::unit::{Chosen, add, grant, granted, not_given, prepare};
use comity_exchange::{ExchangeError, Node};
use comity_model::{OfficerId, UseCode};
use comity_pouch::keys::OfficerKey;
use serde::Serialize;

use crate::ctx::{Ctx, actor};
use crate::error::CliError;
use crate::files;
use crate::looks::Why;
use crate::output::{Reply, table, time};
use crate::unlock;

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
        /// For what it uses what it is given
        #[arg(long = "use", value_name = "USE", value_enum, default_value_t = Use::IntelligenceOnly)]
        use_code: Use,
        /// The officer who signs that it may be given things
        #[arg(long = "as", value_name = "NAME")]
        officer: String,
    },
    /// Have an officer sign anew for what a unit uses what it is given
    Grant {
        /// The unit
        #[arg(value_name = "NAME")]
        name: String,
        /// For what it uses what it is given
        #[arg(long = "use", value_name = "USE", value_enum, default_value_t = Use::IntelligenceOnly)]
        use_code: Use,
        /// The officer who signs
        #[arg(long = "as", value_name = "NAME")]
        officer: String,
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
        /// What for.
        #[command(flatten)]
        why: Why,
        /// Who gives it, for the journal (else the login name)
        #[arg(long, value_name = "NAME")]
        by: Option<String>,
    },
}

/// For what a unit uses what it is given.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
pub(crate) enum Use {
    /// To inform, never as evidence
    IntelligenceOnly,
    /// Also before a court
    Judicial,
}

impl From<Use> for UseCode {
    fn from(word: Use) -> Self {
        match word {
            Use::IntelligenceOnly => Self::IntelligenceOnly,
            Use::Judicial => Self::Judicial,
        }
    }
}

#[derive(Serialize)]
struct Line {
    name: String,
    title: String,
    added_at: jiff::Timestamp,
    #[serde(rename = "use")]
    use_code: Option<UseCode>,
    officer: Option<OfficerId>,
    granted_at: Option<jiff::Timestamp>,
}

impl Line {
    /// What is to be told of a unit; of one whose grant does not hold, that it has none.
    async fn of(node: &Node, unit: Unit) -> Self {
        let grant = granted(node, &unit).await.ok();
        Self {
            name: unit.name,
            title: unit.title,
            added_at: unit.added_at,
            use_code: grant.as_ref().map(|it| it.use_code),
            officer: grant.as_ref().map(|it| it.officer),
            granted_at: grant.map(|it| it.at),
        }
    }
}

#[derive(Serialize)]
struct Granted {
    name: String,
    #[serde(rename = "use")]
    use_code: UseCode,
    officer: OfficerId,
    #[serde(rename = "granted_at")]
    at: jiff::Timestamp,
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
    /// Ids of what the release brought and is not here any more.
    gone: Vec<String>,
    file: String,
}

/// Runs the command.
pub(crate) async fn run(ctx: &Ctx, command: Command) -> Result<Reply, CliError> {
    let node = ctx.node().await?;
    match command {
        Command::Add { name, title, use_code, officer } => {
            let key = key(ctx, &node, &officer).await?;
            let unit = add(&node, &name, &title, use_code.into(), &key).await?;
            let text = format!("{}: {}", ctx.say("Added", "Se agregó"), unit.name);
            ctx.reply(&Line::of(&node, unit).await, text)
        }
        Command::Grant { name, use_code, officer } => {
            let key = key(ctx, &node, &officer).await?;
            let grant = grant(&node, &name, use_code.into(), &key).await?;
            let text = format!(
                "{} `{}`: {}",
                ctx.say("Granted to", "Se autorizó a"),
                grant.unit,
                use_word(ctx, grant.use_code)
            );
            let body = Granted {
                name: grant.unit,
                use_code: grant.use_code,
                officer: grant.officer,
                at: grant.at,
            };
            ctx.reply(&body, text)
        }
        Command::List => {
            let units = node.store().units().await.map_err(ExchangeError::from)?;
            let mut lines = Vec::with_capacity(units.len());
            for unit in units {
                lines.push(Line::of(&node, unit).await);
            }
            let body = All { units: lines };
            let text = if body.units.is_empty() {
                ctx.say("There is no unit.", "No hay ninguna instancia nacional.").to_owned()
            } else {
                let heading = [
                    ctx.say("name", "nombre"),
                    ctx.say("title", "denominación"),
                    ctx.say("added", "agregada"),
                    ctx.say("use", "uso"),
                ];
                let rows = body.units.iter().map(|it| {
                    let use_code = it.use_code.map_or_else(
                        || ctx.say("nothing granted", "sin autorización"),
                        |it| use_word(ctx, it),
                    );
                    [it.name.clone(), it.title.clone(), time(it.added_at), use_code.to_owned()]
                });
                table(&heading, rows)
            };
            ctx.reply(&body, text)
        }
        Command::Give { ids, release, to, out, why, by } => {
            // a place that cannot be written is found before anything is said to have left
            if let Err(error) = files::must_be_writable(&out) {
                not_given(&node, &to, error.code(), &actor(by)).await?;
                return Err(error);
            }
            let chosen = match release {
                Some(name) => Chosen::Release(release_statement(&node, &name).await?),
                None => Chosen::Ids(ids),
            };
            let prepared = prepare(&node, &to, chosen, &actor(by.clone())).await?;
            let bundle = &prepared.bundle;
            let given = prepared.ids();
            why.by(by.as_ref()).note(ctx, &node, Verb::Exported, Area::Units, given).await?;
            let bytes = serde_json::to_vec(bundle)
                .map_err(|error| ExchangeError::Damaged(error.to_string()))?;
            // whole on the disk before it is noted, and noted before anybody can take it: a recall rather tells one unit too
            // many than one too few
            let staged = files::stage(&out, &bytes)?;
            prepared.note(&node).await?;
            staged.publish()?;
            let body = GivenBody {
                unit: to,
                bundle: bundle.id.clone(),
                objects: bundle.objects.len(),
                gone: prepared.gone.clone(),
                file: files::name(&out),
            };
            let mut text = format!(
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
            if !body.gone.is_empty() {
                let gone = ctx.say(
                    "\nNot given, since it was purged or its time is over",
                    "\nNo se dio, porque ya se eliminó o venció su plazo",
                );
                text = [&text, gone, ": ", &body.gone.join(", ")].concat();
            }
            ctx.reply(&body, text)
        }
    }
}

/// The key of an officer of this party.
async fn key(ctx: &Ctx, node: &Node, officer: &str) -> Result<OfficerKey, CliError> {
    let record = find_officer(node, officer).await?;
    unlock::officer_key(ctx, record.id, &record.name, node.record().exercise)
}

/// A use, as people say it.
pub(crate) fn use_word(ctx: &Ctx, use_code: UseCode) -> &'static str {
    match use_code {
        UseCode::IntelligenceOnly => {
            ctx.say("to inform, never as evidence", "para informar, nunca como prueba")
        }
        UseCode::Judicial => ctx.say("also before a court", "también ante un tribunal"),
    }
}
