//! The keys of this party as its newest descriptor has them.

use comity_exchange::partner;
use comity_model::descriptor::{KeyEntry, KeyUse};
use comity_pouch::descriptor::key_id;
use comity_pouch::keyfile::{REGISTRAR_FILE, ROOT_FILE, SERVE_FILE};
use jiff::Timestamp;
use serde::Serialize;

use crate::ctx::Ctx;
use crate::error::CliError;
use crate::lang::Lang;
use crate::output::{Reply, table, time};

/// How a key stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
enum State {
    /// It does the work of its use.
    Current,
    /// Another took its place, and it is still good.
    Replaced,
    /// Its time has not come.
    NotYet,
    /// Its time is over.
    Expired,
}

#[derive(Serialize)]
struct Key {
    id: String,
    #[serde(rename = "use")]
    purpose: KeyUse,
    alg: comity_model::descriptor::KeyAlg,
    not_before: Timestamp,
    not_after: Timestamp,
    state: State,
    /// The file in the folder of the keys.
    kept_in: &'static str,
}

#[derive(Serialize)]
struct Body {
    serial: u64,
    keys: Vec<Key>,
}

/// Lists them.
pub(super) async fn list(ctx: &Ctx) -> Result<Reply, CliError> {
    let node = ctx.node().await?;
    let own = partner::own(&node)?;
    let now = node.now();
    let state = |entry: &KeyEntry| {
        let newest = own.descriptor.newest_for(entry.purpose, now);
        if now < entry.not_before {
            State::NotYet
        } else if entry.not_after <= now {
            State::Expired
        } else if newest.first().is_some_and(|it| it.not_before > entry.not_before) {
            State::Replaced
        } else {
            State::Current
        }
    };
    let key = |entry: &KeyEntry| Key {
        id: key_id(entry),
        purpose: entry.purpose,
        alg: entry.alg,
        not_before: entry.not_before,
        not_after: entry.not_after,
        state: state(entry),
        kept_in: match entry.purpose {
            KeyUse::Root => ROOT_FILE,
            KeyUse::Registrar => REGISTRAR_FILE,
            _ => SERVE_FILE,
        },
    };
    let keys: Vec<Key> = own.descriptor.keys.iter().map(key).collect();
    let body = Body { serial: own.descriptor.serial, keys };
    let heading = [
        ctx.say("key", "clave"),
        ctx.say("state", "estado"),
        ctx.say("good until", "vigente hasta"),
        ctx.say("kept in", "guardada en"),
        ctx.say("what it does", "para qué sirve"),
    ];
    let rows = body.keys.iter().map(|it| {
        [
            it.id.clone(),
            word(ctx.lang, it.state).to_owned(),
            time(it.not_after),
            it.kept_in.to_owned(),
            does(ctx.lang, it.purpose).to_owned(),
        ]
    });
    let title = ctx.say("Descriptor", "Descriptor");
    let text = format!("{title} {}\n\n{}", body.serial, table(&heading, rows));
    ctx.reply(&body, text)
}

const fn word(lang: Lang, state: State) -> &'static str {
    match state {
        State::Current => lang.pick("current", "en uso"),
        State::Replaced => lang.pick("replaced, still good", "sustituida, aún vigente"),
        State::NotYet => lang.pick("not yet", "todavía no"),
        State::Expired => lang.pick("expired", "vencida"),
    }
}

const fn does(lang: Lang, purpose: KeyUse) -> &'static str {
    match purpose {
        KeyUse::Root => {
            lang.pick("signs descriptors and agreements", "firma descriptores y acuerdos")
        }
        KeyUse::Registrar => lang.pick("certifies officers", "certifica a los responsables"),
        KeyUse::Statement => lang.pick("signs statements", "firma declaraciones"),
        KeyUse::Log => lang.pick("signs the record", "firma el registro"),
        KeyUse::Witness => {
            lang.pick("cosigns partners' records", "cofirma los registros de las contrapartes")
        }
        KeyUse::Seal => lang.pick("opens pouches", "abre valijas"),
        KeyUse::Link => lang.pick("proves the node on the link", "acredita al nodo en el enlace"),
    }
}
