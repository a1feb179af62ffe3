//! `comity officer`: who may approve releases.

use std::fs;
use std::path::PathBuf;

use comity_exchange::approve::register_officer;
use comity_exchange::{ExchangeError, partner};
use comity_model::descriptor::KeyUse;
use comity_model::{OfficerId, told};
use comity_pouch::keyfile::{self, DEFAULT_WORK_FACTOR, Lock};
use comity_pouch::keys::{KeysError, OfficerKey};
use serde::Serialize;

use super::init::in_years;
use crate::ctx::{Ctx, actor};
use crate::error::CliError;
use crate::output::{Reply, table, time};
use crate::unlock::{self, Whose, new_passphrase};

/// The longest name of an officer, in characters.
const NAME_LIMIT: usize = 80;

/// What to do with officers.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// Register an officer: make a key, and certify it for an office
    Add {
        /// What the officer is called here; it never leaves this node
        #[arg(value_name = "NAME")]
        name: String,
        /// The office held, which partners see
        #[arg(long, value_name = "OFFICE")]
        office: String,
        /// The file with the officer's own passphrase, mode 0600 (else it is asked for)
        #[arg(long, value_name = "FILE", conflicts_with = "no_passphrase")]
        officer_passphrase_file: Option<PathBuf>,
        /// Keep the officer's key without a passphrase; on training nodes only
        #[arg(long)]
        no_passphrase: bool,
    },
    /// List the officers
    List,
}

#[derive(Serialize)]
struct Officer {
    id: OfficerId,
    name: String,
    office: String,
    registered_at: jiff::Timestamp,
}

#[derive(Serialize)]
struct Officers {
    officers: Vec<Officer>,
}

/// Runs the command.
pub(crate) async fn run(ctx: &Ctx, command: Command) -> Result<Reply, CliError> {
    match command {
        Command::Add { name, office, officer_passphrase_file, no_passphrase } => {
            add(ctx, &name, &office, officer_passphrase_file, no_passphrase).await
        }
        Command::List => list(ctx).await,
    }
}

async fn add(
    ctx: &Ctx,
    name: &str,
    office: &str,
    passphrase_file: Option<PathBuf>,
    no_passphrase: bool,
) -> Result<Reply, CliError> {
    let node = ctx.node().await?;
    let exercise = node.record().exercise;
    if no_passphrase && !exercise {
        return Err(CliError::LiveNeedsPassphrase);
    }
    let length = name.trim().chars().count();
    if !(1..=NAME_LIMIT).contains(&length) || name.chars().any(char::is_control) {
        return Err(CliError::usage(
            format!("the name of an officer has 1 to {NAME_LIMIT} printable characters"),
            format!("el nombre de un responsable tiene de 1 a {NAME_LIMIT} caracteres imprimibles"),
        ));
    }
    let name = name.trim();
    if node.store().officers().await?.iter().any(|it| it.name == name) {
        let message = told!(
            "an officer called `{name}` is registered; register the other under another name, or see `comity officer list`",
            name
        );
        let message = message.named("officer-exists");
        return Err(ExchangeError::Refused { code: "exists", message }.into());
    }
    let registrar = unlock::registrar_key(ctx, exercise)?;
    let passphrase = if no_passphrase {
        None
    } else {
        Some(new_passphrase(ctx, passphrase_file.as_deref(), Whose::Officer(name))?)
    };
    let officer = OfficerKey::generate(&**node.entropy()).map_err(KeysError::from)?;
    let lock = match &passphrase {
        Some(passphrase) => Lock::Passphrase { passphrase, work_factor: DEFAULT_WORK_FACTOR },
        None => Lock::Unprotected,
    };
    let path = ctx.data.officer_key(officer.officer());
    keyfile::write(&path, &officer, node.now(), lock)?;
    let until = registrar_end(&node)?;
    let registered =
        register_officer(&node, &registrar, &officer, name, office, until, &actor(None)).await;
    let record = registered.inspect_err(|_| {
        // A key that nobody certified is of no use; it may also stay.
        let _ = fs::remove_file(&path);
    })?;
    let text = format!(
        "{} `{}` ({}), {} {}",
        ctx.say("Registered", "Se registró a"),
        record.name,
        record.office,
        ctx.say("until", "hasta"),
        time(until)
    );
    ctx.reply(&body(record), text)
}

/// When the registrar's key ends: nobody believes its certificates longer.
fn registrar_end(node: &comity_exchange::Node) -> Result<jiff::Timestamp, CliError> {
    let own = partner::own(node).map_err(CliError::from)?;
    let ends = own.descriptor.keys_for(KeyUse::Registrar, node.now()).map(|key| key.not_after);
    Ok(ends.max().unwrap_or_else(|| in_years(node.now(), 1)))
}

async fn list(ctx: &Ctx) -> Result<Reply, CliError> {
    let node = ctx.node().await?;
    let officers: Vec<Officer> =
        node.store().officers().await.map_err(ExchangeError::from)?.into_iter().map(body).collect();
    let text = if officers.is_empty() {
        ctx.say(
            "No officer is registered. `comity officer add NAME --office OFFICE` registers one.",
            "No hay responsables registrados. `comity officer add NOMBRE --office ÁREA` registra uno.",
        )
        .to_owned()
    } else {
        let heading = [
            ctx.say("name", "nombre"),
            ctx.say("office", "área"),
            ctx.say("registered", "registro"),
            "id",
        ];
        let rows = officers.iter().map(|it| {
            [it.name.clone(), it.office.clone(), time(it.registered_at), it.id.to_string()]
        });
        table(&heading, rows)
    };
    ctx.reply(&Officers { officers }, text)
}

fn body(record: comity_exchange::ports::OfficerRecord) -> Officer {
    Officer {
        id: record.id,
        name: record.name,
        office: record.office,
        registered_at: record.registered_at,
    }
}
