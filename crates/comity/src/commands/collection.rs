//! `comity collection`: what is held here as TAXII clients see it, and which account sees it.

use comity_exchange::account;
use comity_exchange::collection::{self, NewCollection};
use comity_exchange::ports::{CollectionRecord, Grant, Role};
use comity_exchange::{ExchangeError, Node};
use serde::Serialize;

use crate::config::Config;
use crate::ctx::{Ctx, actor};
use crate::error::CliError;
use crate::output::{self, Reply, fields, short, table, time, yes_no};

/// What to do about collections.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// Add a collection and print its id
    Add(Add),
    /// Say what an account may do in a collection; without --read and --write it may nothing
    Grant {
        /// The collection, by alias or id
        #[arg(value_name = "ALIAS")]
        alias: String,
        /// The account
        #[arg(value_name = "ACCOUNT")]
        account: String,
        /// It may read what is in it, as far as it may see it
        #[arg(long)]
        read: bool,
        /// It may write into it
        #[arg(long)]
        write: bool,
        /// Who says it, for the journal (else the login name)
        #[arg(long, value_name = "NAME")]
        by: Option<String>,
    },
    /// List the collections
    List,
    /// Show a collection and which accounts have it
    Show {
        /// The collection, by alias or id
        #[arg(value_name = "ALIAS")]
        alias: String,
    },
    /// Remove a collection; what is in it stays held
    Remove {
        /// The collection, by alias or id
        #[arg(value_name = "ALIAS")]
        alias: String,
        /// Who removes it, for the journal (else the login name)
        #[arg(long, value_name = "NAME")]
        by: Option<String>,
    },
}

/// The arguments of `collection add`.
#[derive(Debug, clap::Args)]
pub(crate) struct Add {
    /// Its short name: lower-case letters, digits and hyphens
    #[arg(value_name = "ALIAS")]
    alias: String,
    /// What it is called
    #[arg(long, value_name = "TEXT")]
    title: String,
    /// What it is about
    #[arg(long, value_name = "TEXT")]
    description: Option<String>,
    /// Let accounts write into it that are granted it
    #[arg(long)]
    writable: bool,
    /// Which holdings are in it: terms that must all hold, as `type=indicator,malware from=us max-tlp=amber` (else all; in a
    /// writable one what is written)
    #[arg(long, value_name = "QUERY")]
    query: Option<String>,
    /// Who adds it, for the journal (else the login name)
    #[arg(long, value_name = "NAME")]
    by: Option<String>,
}

#[derive(Serialize)]
struct Line {
    id: uuid::Uuid,
    alias: String,
    title: String,
    description: Option<String>,
    query: Option<String>,
    writable: bool,
    configured: bool,
    created_at: jiff::Timestamp,
}

impl From<CollectionRecord> for Line {
    fn from(it: CollectionRecord) -> Self {
        Self {
            id: it.id,
            alias: it.alias,
            title: it.title,
            description: it.description,
            query: it.query,
            writable: it.writable,
            configured: it.configured,
            created_at: it.created_at,
        }
    }
}

#[derive(Serialize)]
struct All {
    collections: Vec<Line>,
}

#[derive(Serialize)]
struct Shown {
    #[serde(flatten)]
    collection: Line,
    grants: Vec<Granted>,
}

#[derive(Serialize)]
struct Granted {
    account: String,
    read: bool,
    write: bool,
}

impl From<Grant> for Granted {
    fn from(it: Grant) -> Self {
        Self { account: it.account, read: it.read, write: it.write }
    }
}

#[derive(Serialize)]
struct GrantedIn {
    collection: String,
    #[serde(flatten)]
    grant: Granted,
    /// What who grants it should know.
    attention: Option<&'static str>,
}

#[derive(Serialize)]
struct Removed {
    #[serde(flatten)]
    collection: Line,
    /// What who removes it should know.
    attention: Option<&'static str>,
}

/// Runs the command.
pub(crate) async fn run(ctx: &Ctx, command: Command) -> Result<Reply, CliError> {
    let node = ctx.node().await?;
    match command {
        Command::Add(Add { alias, title, description, writable, query, by }) => {
            let new =
                NewCollection { alias, title, description, query, writable, configured: false };
            let added = collection::add(&node, new, &actor(by)).await?;
            let text = format!("{}: {} {}", ctx.say("Added", "Se agregó"), added.alias, added.id);
            ctx.reply(&Line::from(added), text)
        }
        Command::Grant { alias, account, read, write, by } => {
            let found = collection::find(&node, &alias).await?;
            let may = (read, write);
            let grant = collection::grant(&node, &found, &account, may, &actor(by)).await?;
            let text = format!("{}, {}: {}", found.alias, grant.account, may_word(ctx, may));
            let role = account::find(&node, &grant.account).await?.role;
            let attention = (write && matches!(role, Role::Unit(_))).then(|| {
                ctx.say(
                    "whoever writes is told of an id that it may not use; a unit can confirm in that way that a partner \
                     released an observable that it guesses",
                    "a quien escribe se le avisa de un identificador que no puede usar; así una instancia puede confirmar \
                     que una contraparte entregó un observable que adivina",
                )
            });
            say_attention(ctx, attention);
            ctx.reply(&GrantedIn { collection: found.alias, grant: grant.into(), attention }, text)
        }
        Command::List => {
            let all = node.store().collections().await.map_err(ExchangeError::from)?;
            let body = All { collections: all.into_iter().map(Line::from).collect() };
            let text = listed(ctx, &body);
            ctx.reply(&body, text)
        }
        Command::Show { alias } => {
            let found = collection::find(&node, &alias).await?;
            let body = shown(&node, found).await?;
            let text = described(ctx, &body);
            ctx.reply(&body, text)
        }
        Command::Remove { alias, by } => {
            let found = collection::find(&node, &alias).await?;
            collection::remove(&node, &found, &actor(by)).await?;
            let text = format!("{}: {}", ctx.say("Removed", "Se quitó"), found.alias);
            let config = Config::load(&ctx.data)?.taxii;
            let attention = config.collections.iter().any(|it| it.alias == found.alias).then(|| {
                ctx.say(
                    "`comity.toml` has it, and it is made anew when the node starts, with another id and without a grant; take it \
                     out there too",
                    "`comity.toml` la tiene, y se crea de nuevo cuando el nodo inicia, con otro identificador y sin autorizaciones; \
                     quítela también allí",
                )
            });
            say_attention(ctx, attention);
            ctx.reply(&Removed { collection: found.into(), attention }, text)
        }
    }
}

fn say_attention(ctx: &Ctx, attention: Option<&str>) {
    if let Some(attention) = attention {
        output::note(ctx, &format!("{}: {attention}", ctx.say("attention", "atención")));
    }
}

async fn shown(node: &Node, found: CollectionRecord) -> Result<Shown, CliError> {
    let grants = node.store().grants().await.map_err(ExchangeError::from)?;
    let grants = grants.into_iter().filter(|it| it.collection == found.id && (it.read || it.write));
    Ok(Shown { grants: grants.map(Granted::from).collect(), collection: found.into() })
}

fn listed(ctx: &Ctx, body: &All) -> String {
    if body.collections.is_empty() {
        return ctx.say("There is no collection.", "No hay ninguna colección.").to_owned();
    }
    let heading = [
        ctx.say("alias", "nombre corto"),
        ctx.say("id", "identificador"),
        ctx.say("title", "denominación"),
        ctx.say("query", "consulta"),
        ctx.say("writable", "admite escritura"),
    ];
    let rows = body.collections.iter().map(|it| {
        [
            it.alias.clone(),
            it.id.to_string(),
            short(&it.title, 40),
            short(it.query.as_deref().unwrap_or_default(), 40),
            yes_no(ctx.lang, it.writable).to_owned(),
        ]
    });
    table(&heading, rows)
}

fn described(ctx: &Ctx, body: &Shown) -> String {
    let it = &body.collection;
    let of = |text: &Option<String>| text.clone().unwrap_or_default();
    let text = fields(&[
        (ctx.say("id", "identificador"), it.id.to_string()),
        (ctx.say("alias", "nombre corto"), it.alias.clone()),
        (ctx.say("title", "denominación"), it.title.clone()),
        (ctx.say("description", "descripción"), of(&it.description)),
        (ctx.say("query", "consulta"), of(&it.query)),
        (ctx.say("writable", "admite escritura"), yes_no(ctx.lang, it.writable).to_owned()),
        (ctx.say("configured", "en la configuración"), yes_no(ctx.lang, it.configured).to_owned()),
        (ctx.say("added", "agregada"), time(it.created_at)),
    ]);
    if body.grants.is_empty() {
        let nobody = ctx.say("No account has it.", "Ninguna cuenta la tiene.");
        return format!("{text}\n{nobody}");
    }
    let heading = [ctx.say("account", "cuenta"), ctx.say("may", "puede")];
    let rows = body
        .grants
        .iter()
        .map(|it| [it.account.clone(), may_word(ctx, (it.read, it.write)).to_owned()]);
    format!("{text}\n{}", table(&heading, rows))
}

/// What may be done, as people say it.
fn may_word(ctx: &Ctx, may: (bool, bool)) -> &'static str {
    match may {
        (true, true) => ctx.say("read and write", "leer y escribir"),
        (true, false) => ctx.say("read", "leer"),
        (false, true) => ctx.say("write", "escribir"),
        (false, false) => ctx.say("nothing", "nada"),
    }
}
