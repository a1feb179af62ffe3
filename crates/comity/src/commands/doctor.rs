//! `comity doctor`: looks for what is wrong or soon will be, and says what to do.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::sync::Arc;
use std::time::Duration;

use comity_exchange::keys::Unlocked;
use comity_exchange::ports::{Courier as _, Keys};
use comity_exchange::{ExchangeError, Node, Ports, partner};
use comity_link::CourierLimits;
use comity_model::{ChannelId, Descriptor};
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use super::status::EPOCH;
use crate::config::Config;
use crate::ctx::Ctx;
use crate::error::{CliError, Exit};
use crate::output::{Reply, table, time};
use crate::{disk, unlock, wiring};

/// Days before an end at which it is spoken of.
const SOON: i64 = 60;

/// How far a file may be from the future before the clock is doubted.
const SKEW: SignedDuration = SignedDuration::from_mins(5);

/// It takes nothing.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {}

/// How a check went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
enum State {
    Ok,
    Warn,
    Fail,
}

#[derive(Debug, Serialize)]
struct Check {
    name: String,
    state: State,
    text: String,
}

#[derive(Debug, Serialize)]
struct Body {
    ok: bool,
    checks: Vec<Check>,
}

/// The checks so far, and in whose words.
struct Findings<'a> {
    ctx: &'a Ctx,
    checks: Vec<Check>,
    partner_failed: bool,
    house_failed: bool,
}

impl Findings<'_> {
    fn add(&mut self, name: impl Into<String>, state: State, text: impl Into<String>) {
        self.house_failed |= state == State::Fail;
        self.checks.push(Check { name: name.into(), state, text: text.into() });
    }

    fn partner_fails(&mut self, name: String, text: String) {
        self.partner_failed = true;
        self.checks.push(Check { name, state: State::Fail, text });
    }

    fn say(&mut self, name: impl Into<String>, state: State, english: &str, spanish: &str) {
        self.add(name, state, self.ctx.say(english, spanish));
    }
}

/// Runs the command.
pub(crate) async fn run(ctx: &Ctx, _args: Args) -> Result<Reply, CliError> {
    let mut found =
        Findings { ctx, checks: Vec::new(), partner_failed: false, house_failed: false };
    let config = configuration(&mut found);
    if let Some(config) = config {
        room(&mut found, &config);
    }
    match wiring::ports(&ctx.data) {
        Ok(ports) => match Node::open(ports.clone()).await {
            Ok(node) => {
                ctx.is_exercise(node.record().exercise);
                examine(&mut found, &node, ports).await?;
            }
            Err(error) => database_fails(&mut found, &error.into()),
        },
        Err(error @ CliError::NoNode(_)) => return Err(error),
        Err(error) => database_fails(&mut found, &error),
    }
    let ok = found.checks.iter().all(|it| it.state != State::Fail);
    let exit = match (found.house_failed, found.partner_failed) {
        (true, _) => Exit::Refused,
        (false, true) => Exit::Partner,
        (false, false) => Exit::Done,
    };
    let body = Body { ok, checks: found.checks };
    let heading =
        [ctx.say("check", "revisión"), ctx.say("state", "estado"), ctx.say("what", "qué")];
    let rows = body
        .checks
        .iter()
        .map(|it| [it.name.clone(), word(ctx, it.state).to_owned(), it.text.clone()]);
    let mut text = table(&heading, rows);
    text.push('\n');
    text.push_str(match ok {
        true => ctx.say("Nothing is wrong.", "Nada está mal."),
        false => ctx.say("Something is wrong.", "Algo está mal."),
    });
    Ok(ctx.reply(&body, text)?.with_exit(exit))
}

const fn word(ctx: &Ctx, state: State) -> &'static str {
    match state {
        State::Ok => ctx.lang.pick("ok", "bien"),
        State::Warn => ctx.lang.pick("look at it", "atención"),
        State::Fail => ctx.lang.pick("WRONG", "MAL"),
    }
}

async fn examine(found: &mut Findings<'_>, node: &Node, ports: Ports) -> Result<(), CliError> {
    found.say("database", State::Ok, "it opens and reads", "se abre y se lee");
    clock(found, node);
    let keys = keys(found, node);
    expiry(found, node).await?;
    outbox(found, node).await?;
    if let Some(keys) = keys {
        let shared: Arc<dyn Keys> = Arc::<Unlocked>::clone(&keys);
        let node = Node::open(Ports { keys: Some(shared), ..ports }).await?;
        partners(found, &node, &keys).await?;
    }
    Ok(())
}

fn configuration(found: &mut Findings<'_>) -> Option<Config> {
    match Config::load(&found.ctx.data) {
        Ok(config) => {
            found.say(
                "configuration",
                State::Ok,
                "every setting is known",
                "se conocen todas las opciones",
            );
            Some(config)
        }
        Err(error) => {
            let text = error.in_lang(found.ctx.lang);
            found.add("configuration", State::Fail, text);
            None
        }
    }
}

fn database_fails(found: &mut Findings<'_>, error: &CliError) {
    let text = error.in_lang(found.ctx.lang);
    found.add("database", State::Fail, text);
}

/// Room on the disk, against the setting by which the node calls itself ready.
fn room(found: &mut Findings<'_>, config: &Config) {
    let least = config.storage.least_free_mib;
    match disk::free(&found.ctx.data.dir) {
        Ok(free) => {
            let mib = free >> 20;
            let enough = mib >= least;
            let text = format!(
                "{mib} MiB {}, {} {least}",
                found.ctx.say("are free", "libres"),
                found.ctx.say("wanted are", "se requieren")
            );
            found.add("disk", if enough { State::Ok } else { State::Fail }, text);
        }
        Err(error) => found.add("disk", State::Fail, error.to_string()),
    }
}

/// The clock against what this node wrote: a file or a record from the future means that it went back.
fn clock(found: &mut Findings<'_>, node: &Node) {
    let now = node.now();
    let written = fs::metadata(found.ctx.data.database())
        .and_then(|it| it.modified())
        .ok()
        .and_then(|it| Timestamp::try_from(it).ok());
    let latest = written.max(Some(node.record().created_at)).unwrap_or(now);
    let behind = latest.duration_since(now);
    if behind > SKEW {
        let text = format!(
            "{} {}, {} {}; {}",
            found.ctx.say("it says", "indica"),
            time(now),
            found.ctx.say("and this node wrote something at", "y este nodo escribió algo el"),
            time(latest),
            found.ctx.say("set the clock", "ponga el reloj en hora")
        );
        found.add("clock", State::Fail, text);
    } else {
        found.add("clock", State::Ok, time(now));
    }
}

/// The keys: there, private, and open with the passphrase if one was given. Nobody is asked for one here.
fn keys(found: &mut Findings<'_>, node: &Node) -> Option<Arc<Unlocked>> {
    let ctx = found.ctx;
    let exercise = node.record().exercise;
    for path in [ctx.data.root_key(), ctx.data.registrar_key(), ctx.data.serve_keys()] {
        let name = path.file_name().map(|it| it.to_string_lossy().into_owned()).unwrap_or_default();
        match fs::metadata(&path) {
            Ok(metadata) if metadata.permissions().mode() & 0o077 == 0 => {}
            Ok(metadata) => {
                let mode = metadata.permissions().mode() & 0o777;
                let error = CliError::Exposed { path, mode };
                found.add(name, State::Fail, error.in_lang(ctx.lang));
            }
            Err(error) => {
                let error = CliError::Read { path, error };
                found.add(name, State::Fail, error.in_lang(ctx.lang));
            }
        }
    }
    match unlock::serve_keys_unasked(ctx, node.root(), exercise) {
        Ok(Some(keys)) => {
            found.say("keys", State::Ok, "they open", "se abren");
            Some(Arc::new(keys))
        }
        Ok(None) => {
            found.say(
                "keys",
                State::Warn,
                "not opened, because no passphrase was given; partners were not called either. Use `--passphrase-file`",
                "no se abrieron, porque no se dio la frase de contraseña; tampoco se llamó a las contrapartes. Use `--passphrase-file`",
            );
            None
        }
        Err(error) => {
            found.add("keys", State::Fail, error.in_lang(ctx.lang));
            None
        }
    }
}

/// When keys and agreements end, here and at the partners.
async fn expiry(found: &mut Findings<'_>, node: &Node) -> Result<(), CliError> {
    let now = node.now();
    let own = partner::own(node)?;
    ending(found, "own keys".to_owned(), &own.descriptor, now);
    for record in node.store().parties().await? {
        let keys = partner::keys_of(node, &record)?;
        ending(found, format!("keys of {}", record.handle), &keys.descriptor, now);
        if record.confirmed_at.is_none() {
            let text = CliError::NotCompared(record.handle.to_string()).in_lang(found.ctx.lang);
            found.add(format!("partner {}", record.handle), State::Warn, text);
        }
    }
    Ok(())
}

fn ending(found: &mut Findings<'_>, name: String, descriptor: &Descriptor, now: Timestamp) {
    let Some(first) = descriptor.keys.iter().map(|key| key.not_after).min() else { return };
    let days = first.duration_since(now).as_hours() / 24;
    let state = match days {
        _ if first <= now => State::Fail,
        days if days < SOON => State::Warn,
        _ => State::Ok,
    };
    let text = format!("{} {}", found.ctx.say("valid until", "válidas hasta"), time(first));
    found.add(name, state, text);
}

async fn outbox(found: &mut Findings<'_>, node: &Node) -> Result<(), CliError> {
    for party in node.store().parties().await? {
        let view = node.store().outbox_view(party.root).await?;
        let waiting = view.last.saturating_sub(view.cursor);
        let text = format!(
            "{waiting} {}, {} {}",
            found.ctx.say("not delivered", "sin entregar"),
            view.unsettled,
            found.ctx.say("not settled", "por concluir")
        );
        let state = if view.unsettled == 0 { State::Ok } else { State::Warn };
        found.add(format!("outbox {}", party.handle), state, text);
    }
    Ok(())
}

/// Calls every confirmed partner and asks where this party's channel stands there.
async fn partners(found: &mut Findings<'_>, node: &Node, keys: &Unlocked) -> Result<(), CliError> {
    let limits = CourierLimits {
        connect: Duration::from_secs(3),
        handshake: Duration::from_secs(5),
        answer: Duration::from_secs(5),
        ..CourierLimits::default()
    };
    let (courier, _) = wiring::courier(node, keys, limits).await?;
    for record in node.store().parties().await? {
        if record.confirmed_at.is_none() {
            continue;
        }
        let name = format!("partner {}", record.handle);
        let agreements = node.store().agreements().await?;
        let Some(agreement) = agreements.iter().find(|it| it.complete && it.partner == record.root)
        else {
            found.say(
                name,
                State::Warn,
                "not called: there is no agreement that both signed",
                "no se le llamó: no hay un acuerdo firmado por ambas partes",
            );
            continue;
        };
        let channel = ChannelId {
            agreement: agreement.reference.id,
            epoch: EPOCH,
            from: node.root(),
            to: record.root,
        };
        match courier.head(record.root, channel).await {
            Ok(head) => {
                let text = format!(
                    "{} {} {}",
                    found.ctx.say("it answers; it consumed", "responde; ha recibido"),
                    head.next,
                    found.ctx.say("statements of this party", "declaraciones de esta parte")
                );
                found.add(name, State::Ok, text);
            }
            Err(error) => {
                let error = CliError::from(ExchangeError::from(error));
                found.partner_fails(name, error.in_lang(found.ctx.lang));
            }
        }
    }
    Ok(())
}
