//! The keys of this party as its newest descriptor has them.

use std::path::PathBuf;

use comity_exchange::partner;
use comity_model::descriptor::{KeyEntry, KeyUse};
use comity_pouch::descriptor::key_id;
use comity_pouch::keyfile::{KeyFileError, REGISTRAR_FILE, ROOT_FILE, SERVE_FILE};
use comity_pouch::keys::RootFile;
use jiff::Timestamp;
use serde::Serialize;

use crate::ctx::Ctx;
use crate::error::CliError;
use crate::lang::Lang;
use crate::output::{Reply, on_one_line, table, time};
use crate::unlock;

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

/// Where the Ed25519 half of the root is.
#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
enum Root {
    /// In its key file, as its other half.
    File,
    /// In a PKCS #11 token.
    Token { label: String, module: PathBuf },
    /// Its key file says, and no passphrase was given to open it.
    Sealed,
}

#[derive(Serialize)]
struct Body {
    serial: u64,
    root: Root,
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
    let root = root(ctx, node.record().exercise)?;
    let body = Body { serial: own.descriptor.serial, root, keys };
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
    let root = said(ctx, &body.root);
    let text = format!("{title} {}\n\n{}\n{root}", body.serial, table(&heading, rows));
    ctx.reply(&body, text)
}

/// Where the root is, as far as nobody has to be asked for a passphrase. The PIN is not needed for that.
fn root(ctx: &Ctx, exercise: bool) -> Result<Root, CliError> {
    let passphrase = unlock::given(ctx)?;
    if passphrase.is_none() && !exercise {
        return Ok(Root::Sealed);
    }
    Ok(match unlock::opened(&ctx.data.root_key(), passphrase.as_ref()) {
        Ok(RootFile::Here(_)) => Root::File,
        Ok(RootFile::InToken(root)) => Root::Token {
            label: root.place().label().to_owned(),
            module: root.place().module().to_owned(),
        },
        Err(CliError::KeyFile(KeyFileError::PassphraseNeeded(_))) => Root::Sealed,
        Err(error) => return Err(error),
    })
}

fn said(ctx: &Ctx, root: &Root) -> String {
    match root {
        Root::File => ctx
            .say(
                "The root is whole in its key file.",
                "La raíz está completa en su archivo de claves.",
            )
            .to_owned(),
        Root::Token { label, module } => format!(
            "{} `{}` ({} {}).",
            ctx.say(
                "One half of the root is in the token",
                "Una mitad de la raíz está en el dispositivo criptográfico"
            ),
            on_one_line(label),
            ctx.say("module", "módulo"),
            module.display()
        ),
        Root::Sealed => ctx
            .say(
                "Whether the root is in a token is said in its key file; give `--passphrase-file` to see it.",
                "Si la raíz está en un dispositivo criptográfico lo dice su archivo de claves; indique `--passphrase-file` para verlo.",
            )
            .to_owned(),
    }
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
            lang.pick("cosigns partners' records", "refrenda los registros de las contrapartes")
        }
        KeyUse::Seal => lang.pick("opens pouches", "abre valijas"),
        KeyUse::Link => lang.pick("proves the node on the link", "acredita al nodo en el enlace"),
    }
}
