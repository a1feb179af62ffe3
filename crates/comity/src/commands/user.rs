//! `comity user`: accounts of this party's units and tools, which read and write collections by TAXII.

use std::path::PathBuf;

use comity_api::key_of_certificate;
use comity_exchange::ExchangeError;
use comity_exchange::account::{self, NewAccount, PER_MINUTE};
use comity_exchange::ports::{Account, Role};
use comity_model::Digest;
use secrecy::ExposeSecret as _;
use serde::Serialize;

use crate::ctx::{Ctx, actor};
use crate::error::CliError;
use crate::output::{Reply, table, time};
use crate::{files, unlock};

/// What to do about accounts.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// Add an account; it sees nothing until `comity collection grant` lets it
    Add(Add),
    /// List the accounts
    List,
    /// Close an account and its tokens at once
    Disable {
        /// The account
        #[arg(value_name = "NAME")]
        name: String,
        /// Who does it, for the journal (else the login name)
        #[arg(long, value_name = "NAME")]
        by: Option<String>,
    },
    /// Open a closed account again
    Enable {
        /// The account
        #[arg(value_name = "NAME")]
        name: String,
        /// Who does it, for the journal (else the login name)
        #[arg(long, value_name = "NAME")]
        by: Option<String>,
    },
    /// Say how many requests a minute an account may make, from its next one on
    Limit {
        /// The account
        #[arg(value_name = "NAME")]
        name: String,
        /// Requests a minute, at the most
        #[arg(long, value_name = "N")]
        per_minute: u32,
        /// Who does it, for the journal (else the login name)
        #[arg(long, value_name = "NAME")]
        by: Option<String>,
    },
    /// Give an account another password; the one before is worth nothing from then on
    Password {
        /// The account
        #[arg(value_name = "NAME")]
        name: String,
        /// Read the password from standard input, one line (else it is asked for)
        #[arg(long)]
        password_stdin: bool,
        /// Who does it, for the journal (else the login name)
        #[arg(long, value_name = "NAME")]
        by: Option<String>,
    },
}

/// The arguments of `user add`.
#[derive(Debug, clap::Args)]
pub(crate) struct Add {
    /// Its name: lower-case letters, digits, hyphens and dots
    #[arg(value_name = "NAME")]
    name: String,
    /// Who uses it: a national unit, or a tool of the party's own desks
    #[arg(long, value_name = "ROLE", value_enum)]
    role: Kind,
    /// The unit that it belongs to (else the one with its name)
    #[arg(long, value_name = "NAME")]
    unit: Option<String>,
    /// Read its password from standard input, one line (else it has none, and a token or a certificate opens it)
    #[arg(long)]
    password_stdin: bool,
    /// The client certificate, PEM, whose key opens it
    #[arg(long, value_name = "FILE")]
    certificate: Option<PathBuf>,
    /// Requests a minute, at the most
    #[arg(long, value_name = "N", default_value_t = PER_MINUTE)]
    per_minute: u32,
    /// Who adds it, for the journal (else the login name)
    #[arg(long, value_name = "NAME")]
    by: Option<String>,
}

/// Who uses an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Kind {
    /// A national unit: sees what may be given to it
    Unit,
    /// A tool of the party's own desks: sees what the desks see
    Tool,
}

#[derive(Serialize)]
struct Line {
    name: String,
    role: Kind,
    unit: Option<String>,
    password: bool,
    certificate: Option<Digest>,
    per_minute: u32,
    created_at: jiff::Timestamp,
    disabled_at: Option<jiff::Timestamp>,
}

impl From<Account> for Line {
    fn from(account: Account) -> Self {
        let (role, unit) = match account.role {
            Role::Unit(name) => (Kind::Unit, Some(name)),
            Role::Tool => (Kind::Tool, None),
        };
        Self {
            name: account.name,
            role,
            unit,
            password: account.password.is_some(),
            certificate: account.certificate,
            per_minute: account.per_minute,
            created_at: account.created_at,
            disabled_at: account.disabled_at,
        }
    }
}

#[derive(Serialize)]
struct All {
    users: Vec<Line>,
}

/// Runs the command.
pub(crate) async fn run(ctx: &Ctx, command: Command) -> Result<Reply, CliError> {
    let node = ctx.node().await?;
    match command {
        Command::Add(new) => {
            let password = if new.password_stdin { Some(unlock::piped_password()?) } else { None };
            let certificate = new.certificate.as_deref().map(certificate).transpose()?;
            let by = actor(new.by.clone());
            let account = NewAccount { certificate, ..wanted(new)? };
            let password = password.as_ref().map(secrecy::ExposeSecret::expose_secret);
            let account = account::add(&node, account, password, &by).await?;
            let text = format!("{}: {}", ctx.say("Added", "Se agregó"), account.name);
            ctx.reply(&Line::from(account), text)
        }
        Command::List => {
            let accounts = node.store().accounts().await.map_err(ExchangeError::from)?;
            let body = All { users: accounts.into_iter().map(Line::from).collect() };
            let text = listed(ctx, &body);
            ctx.reply(&body, text)
        }
        Command::Disable { name, by } => {
            account::set_disabled(&node, &name, true, &actor(by)).await?;
            let account = account::find(&node, &name).await?;
            let text = format!("{}: {name}", ctx.say("Closed", "Se cerró"));
            ctx.reply(&Line::from(account), text)
        }
        Command::Enable { name, by } => {
            account::set_disabled(&node, &name, false, &actor(by)).await?;
            let account = account::find(&node, &name).await?;
            let text = format!("{}: {name}", ctx.say("Open again", "Se abrió de nuevo"));
            ctx.reply(&Line::from(account), text)
        }
        Command::Limit { name, per_minute, by } => {
            account::set_rate(&node, &name, per_minute, &actor(by)).await?;
            let account = account::find(&node, &name).await?;
            let requests = ctx.say("requests a minute", "peticiones por minuto");
            let text = format!("{name}: {per_minute} {requests}");
            ctx.reply(&Line::from(account), text)
        }
        Command::Password { name, password_stdin, by } => {
            let account = account::find(&node, &name).await?;
            let password = if password_stdin {
                unlock::piped_password()?
            } else {
                unlock::typed_password(ctx)?
            };
            let (by, password) = (actor(by), password.expose_secret());
            account::set_password(&node, &account.name, password, &by).await?;
            let account = account::find(&node, &name).await?;
            let text = format!("{}: {name}", ctx.say("New password", "Contraseña nueva"));
            ctx.reply(&Line::from(account), text)
        }
    }
}

fn wanted(new: Add) -> Result<NewAccount, CliError> {
    let role = match (new.role, new.unit) {
        (Kind::Unit, unit) => Role::Unit(unit.unwrap_or_else(|| new.name.clone())),
        (Kind::Tool, None) => Role::Tool,
        (Kind::Tool, Some(_)) => {
            return Err(CliError::usage(
                "a tool belongs to no unit; write `--role unit`, or leave out `--unit`",
                "un programa no es de ninguna instancia nacional; escriba `--role unit` u omita `--unit`",
            ));
        }
    };
    Ok(NewAccount { name: new.name, role, certificate: None, per_minute: new.per_minute })
}

fn certificate(path: &std::path::Path) -> Result<Digest, CliError> {
    key_of_certificate(&files::read(path)?)
        .map_err(|error| CliError::Certificate { path: path.to_owned(), error })
}

fn listed(ctx: &Ctx, body: &All) -> String {
    if body.users.is_empty() {
        return ctx.say("There is no account.", "No hay ninguna cuenta.").to_owned();
    }
    let heading = [
        ctx.say("name", "nombre"),
        ctx.say("for", "para"),
        ctx.say("opened by", "se abre con"),
        ctx.say("a minute", "por minuto"),
        ctx.say("added", "agregada"),
        ctx.say("closed", "cerrada"),
    ];
    let rows = body.users.iter().map(|it| {
        let whom = it.unit.clone().unwrap_or_else(|| ctx.say("a tool", "un programa").to_owned());
        let opened = [
            (it.password, ctx.say("password", "contraseña")),
            (it.certificate.is_some(), ctx.say("certificate", "certificado")),
        ];
        let opened: Vec<_> = opened.iter().filter(|(has, _)| *has).map(|(_, word)| *word).collect();
        let opened = if opened.is_empty() {
            ctx.say("tokens", "tokens").to_owned()
        } else {
            opened.join(", ")
        };
        let closed = it.disabled_at.map(time).unwrap_or_default();
        [it.name.clone(), whom, opened, it.per_minute.to_string(), time(it.created_at), closed]
    });
    table(&heading, rows)
}
