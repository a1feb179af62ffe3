//! `comity doctor`: looks for what is wrong or soon will be, and says what to do.

use std::sync::Arc;

use comity_exchange::keys::Unlocked;
use comity_exchange::ports::Keys;
use comity_exchange::{Node, Ports};
use serde::Serialize;

use crate::ctx::Ctx;
use crate::error::{CliError, Exit};
use crate::lang::Lang;
use crate::output::{Reply, table};
use crate::wiring;

mod accounts;
mod collections;
mod feeds;
mod house;
mod partners;
mod recalls;
mod refusals;
mod releases;

/// It takes nothing.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {}

/// What is looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Topic {
    Configuration,
    Extensions,
    Disk,
    Database,
    Clock,
    Keys,
    OwnKeys,
    Journal,
    Partner(String),
    PartnerKeys(String),
    Agreement(String),
    Outbox(String),
    Record(String),
    Release(String),
    Inbox(String),
    Recall(String),
    Collection(String),
    Feed(String),
    Account(String),
}

impl Topic {
    /// The stable name: a word, and behind a colon the partner's nickname, or the folio or digest.
    fn name(&self) -> String {
        match self {
            Self::Configuration => "configuration".to_owned(),
            Self::Extensions => "extensions".to_owned(),
            Self::Disk => "disk".to_owned(),
            Self::Database => "database".to_owned(),
            Self::Clock => "clock".to_owned(),
            Self::Keys => "keys".to_owned(),
            Self::OwnKeys => "own-keys".to_owned(),
            Self::Journal => "journal".to_owned(),
            Self::Partner(handle) => format!("partner:{handle}"),
            Self::PartnerKeys(handle) => format!("partner-keys:{handle}"),
            Self::Agreement(handle) => format!("agreement:{handle}"),
            Self::Outbox(handle) => format!("outbox:{handle}"),
            Self::Record(handle) => format!("record:{handle}"),
            Self::Release(folio) => format!("release:{folio}"),
            Self::Inbox(id) => format!("inbox:{id}"),
            Self::Recall(folio) => format!("recall:{folio}"),
            Self::Collection(alias) => format!("collection:{alias}"),
            Self::Feed(name) => format!("feed:{name}"),
            Self::Account(name) => format!("account:{name}"),
        }
    }

    fn title(&self, lang: Lang) -> String {
        let (title, handle) = match self {
            Self::Configuration => (lang.pick("configuration", "configuración"), ""),
            Self::Extensions => (lang.pick("extensions", "extensiones"), ""),
            Self::Disk => (lang.pick("disk", "disco"), ""),
            Self::Database => (lang.pick("database", "base de datos"), ""),
            Self::Clock => (lang.pick("clock", "reloj"), ""),
            Self::Keys => (lang.pick("key files", "archivos de claves"), ""),
            Self::OwnKeys => (lang.pick("own keys", "claves propias"), ""),
            Self::Journal => (lang.pick("journal", "bitácora interna"), ""),
            Self::Partner(handle) => (lang.pick("partner", "contraparte"), handle.as_str()),
            Self::PartnerKeys(handle) => (lang.pick("keys of", "claves de"), handle.as_str()),
            Self::Agreement(handle) => {
                (lang.pick("agreement with", "acuerdo con"), handle.as_str())
            }
            Self::Outbox(handle) => {
                (lang.pick("outbox to", "bandeja de salida a"), handle.as_str())
            }
            Self::Record(handle) => (lang.pick("record with", "registro con"), handle.as_str()),
            Self::Release(folio) => (lang.pick("release", "entrega"), folio.as_str()),
            Self::Inbox(id) => (lang.pick("received", "recibido"), id.as_str()),
            Self::Recall(folio) => (lang.pick("recall", "solicitud de retiro"), folio.as_str()),
            Self::Collection(alias) => (lang.pick("collection", "colección"), alias.as_str()),
            Self::Feed(name) => (lang.pick("feed", "fuente externa"), name.as_str()),
            Self::Account(name) => (lang.pick("account", "cuenta"), name.as_str()),
        };
        format!("{title} {handle}").trim_end().to_owned()
    }
}

/// How a check went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum State {
    Ok,
    Warn,
    Fail,
}

#[derive(Debug, Serialize)]
struct Check {
    name: String,
    #[serde(skip)]
    title: String,
    state: State,
    text: String,
}

#[derive(Debug, Serialize)]
struct Body {
    ok: bool,
    checks: Vec<Check>,
}

/// The checks so far, and whose failure they are.
struct Findings<'a> {
    ctx: &'a Ctx,
    checks: Vec<Check>,
    exit: Exit,
}

impl Findings<'_> {
    fn add(&mut self, topic: &Topic, state: State, text: impl Into<String>) {
        if state == State::Fail {
            self.exit = match (topic, self.exit) {
                (Topic::Partner(_), Exit::Done | Exit::Partner) => Exit::Partner,
                _ => Exit::Refused,
            };
        }
        let title = topic.title(self.ctx.lang);
        self.checks.push(Check { name: topic.name(), title, state, text: text.into() });
    }

    fn say(&mut self, topic: &Topic, state: State, english: &str, spanish: &str) {
        let text = self.ctx.say(english, spanish);
        self.add(topic, state, text);
    }

    fn fail(&mut self, topic: &Topic, error: &CliError) {
        let text = error.in_lang(self.ctx.lang);
        self.add(topic, State::Fail, text);
    }
}

/// Runs the command.
pub(crate) async fn run(ctx: &Ctx, _args: Args) -> Result<Reply, CliError> {
    if !ctx.data.is_node() {
        return Err(CliError::NoNode(ctx.data.dir.clone()));
    }
    let mut found = Findings { ctx, checks: Vec::new(), exit: Exit::Done };
    house::configuration(&mut found);
    if let Err(error) = examine(&mut found).await {
        found.fail(&Topic::Database, &error);
    }
    let exit = found.exit;
    let body = Body { ok: exit == Exit::Done, checks: found.checks };
    let heading =
        [ctx.say("check", "revisión"), ctx.say("state", "estado"), ctx.say("what", "qué")];
    let rows = body
        .checks
        .iter()
        .map(|it| [it.title.clone(), word(ctx.lang, it.state).to_owned(), it.text.clone()]);
    let verdict = if body.ok {
        ctx.say("Nothing is wrong.", "Nada está mal.")
    } else {
        ctx.say("Something is wrong.", "Algo está mal.")
    };
    let text = format!("{}\n{verdict}", table(&heading, rows));
    Ok(ctx.reply(&body, text)?.with_exit(exit))
}

/// Opens the node and looks at everything in it.
async fn examine(found: &mut Findings<'_>) -> Result<(), CliError> {
    let store = Arc::new(wiring::store(&found.ctx.data)?);
    let registry = house::extensions(found);
    let ports = wiring::ports_over(&found.ctx.data, Arc::clone(&store), registry)?;
    let node = Node::open(ports.clone()).await?;
    found.ctx.is_exercise(node.record().exercise);
    match store.quick_check().await {
        Ok(()) => found.say(
            &Topic::Database,
            State::Ok,
            "it opens, and every page of it is in order",
            "se abre, y todas sus páginas están en orden",
        ),
        Err(error) => found.fail(&Topic::Database, &error.into()),
    }
    house::clock(found, &node);
    let keys = house::keys(found, &node);
    house::expiry(found, &node).await?;
    partners::records(found, &node).await?;
    partners::blocked(found, &node).await?;
    house::journal(found, &node).await?;
    refusals::given(found, &node).await?;
    refusals::taken(found, &node).await?;
    releases::stale(found, &node).await?;
    recalls::due_again(found, &node).await?;
    accounts::of_partners(found, &node).await?;
    collections::gone(found, &node).await?;
    feeds::failing(found, &node).await?;
    if let Some(keys) = keys {
        let shared: Arc<dyn Keys> = Arc::<Unlocked>::clone(&keys);
        let node = Node::open(Ports { keys: Some(shared), ..ports }).await?;
        partners::calls(found, &node, &keys).await?;
    }
    Ok(())
}

const fn word(lang: Lang, state: State) -> &'static str {
    match state {
        State::Ok => lang.pick("ok", "bien"),
        State::Warn => lang.pick("look at it", "atención"),
        State::Fail => lang.pick("WRONG", "MAL"),
    }
}
