//! Rotation and revocation: new keys, a descriptor that says so, and its announcement.

use std::collections::BTreeSet;
use std::sync::Arc;

use comity_exchange::descriptor::{self, Next, Renewal};
use comity_exchange::keys::Unlocked;
use comity_exchange::{Node, partner};
use comity_model::descriptor::{KeyEntry, KeyUse};
use comity_model::{Descriptor, Handle};
use comity_pouch::descriptor::{Change, key_id, sign};
use comity_pouch::keys::ServeKeys;
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use super::ServeFile;
use crate::commands::init::{KEY_YEARS, in_years};
use crate::ctx::{Ctx, Names, actor};
use crate::error::CliError;
use crate::output::{Reply, time};
use crate::token::{self, Pin};
use crate::unlock::{self, node_passphrase};

/// How long the keys before stay good after a rotation, and are kept after a revocation.
const OVERLAP: SignedDuration = SignedDuration::from_hours(24 * 30);

#[derive(Serialize)]
struct Body {
    serial: u64,
    made: Vec<String>,
    revoked: Vec<String>,
    announced: Vec<Announced>,
    /// Partners who get the descriptor as a file, by `comity party export`.
    by_file: Vec<String>,
}

#[derive(Serialize)]
struct Announced {
    partner: String,
    agreement: comity_model::AgreementId,
    sequence: Option<u64>,
}

/// How a change is announced and signed, and who makes it.
pub(super) struct How {
    /// Announce nothing: partners import a file.
    pub(super) by_file: bool,
    /// A serial of this party that is given and not known here: the new one is above it.
    pub(super) after: Option<u64>,
    /// Who does it.
    pub(super) by: Option<String>,
    /// The PIN of the token that keeps the root.
    pub(super) pin: Pin,
}

/// Makes new keys for these uses.
pub(super) async fn rotate(ctx: &Ctx, uses: Vec<KeyUse>, how: How) -> Result<Reply, CliError> {
    let uses: BTreeSet<KeyUse> = uses.into_iter().collect();
    change(ctx, how, |_, _| Ok(Wanted { renewed: uses, revoked: Vec::new() })).await
}

/// Revokes one key.
pub(super) async fn revoke(ctx: &Ctx, key: &str, how: How) -> Result<Reply, CliError> {
    change(ctx, how, |own, now| {
        let named = own.keys.iter().find(|it| key_id(it) == key);
        let named = named.ok_or_else(|| {
            CliError::usage(
                format!("there is no key `{key}`; `comity key list` names them"),
                format!("no hay ninguna clave `{key}`; `comity key list` las nombra"),
            )
        })?;
        if matches!(named.purpose, KeyUse::Root | KeyUse::Registrar) {
            return Err(CliError::usage(
                "the root is the party itself, and every officer's certificate hangs on the registrar: neither is revoked \
                 without making another node",
                "la raíz es la parte misma y de la clave registradora penden los certificados de todos los responsables: \
                 ninguna se revoca sin crear otro nodo",
            ));
        }
        // the two halves of a key for the record go together
        let same = |it: &&KeyEntry| {
            it.purpose == named.purpose && it.not_before == named.not_before
        };
        let revoked: Vec<String> = own.keys.iter().filter(same).map(key_id).collect();
        let newest = own.newest_for(named.purpose, now).first().map(|it| it.not_before);
        // without the newest a new one is made: the one before it may be known as well
        let renewed = (newest == Some(named.not_before)).then_some(named.purpose);
        Ok(Wanted { renewed: renewed.into_iter().collect(), revoked })
    })
    .await
}

/// What a command asks for.
struct Wanted {
    renewed: BTreeSet<KeyUse>,
    revoked: Vec<String>,
}

async fn change(
    ctx: &Ctx,
    How { by_file, after, by, pin }: How,
    wanted: impl FnOnce(&Descriptor, Timestamp) -> Result<Wanted, CliError> + Send,
) -> Result<Reply, CliError> {
    let node = ctx.node().await?;
    let own = Arc::clone(&partner::own(&node)?);
    let now = node.now();
    let Wanted { renewed, mut revoked } = wanted(&own.descriptor, now)?;
    if after.is_some() {
        // what was lost may have taken these back; whoever has it takes no key that comes again
        let replaced =
            |it: &&KeyEntry| it.purpose != KeyUse::Registrar && renewed.contains(&it.purpose);
        let replaced = own.descriptor.keys.iter().filter(replaced).map(key_id);
        revoked.extend(replaced);
    }
    let passphrase = node_passphrase(ctx, node.record().exercise)?;
    let root = unlock::opened(&ctx.data.root_key(), passphrase.as_ref())?;
    let root = token::root(ctx, root, &pin)?;
    let file = ServeFile::hold(ctx, passphrase)?;
    let mut keys = file.read()?;
    if !by_file {
        must_announce(&own.descriptor, now)?;
    }

    let until = in_years(now, KEY_YEARS);
    let old_until = now.checked_add(OVERLAP).unwrap_or(Timestamp::MAX);
    keys.earlier.forget(now);
    let (prolonged, made): (Vec<KeyUse>, Vec<KeyUse>) =
        renewed.into_iter().partition(|it| *it == KeyUse::Registrar);
    for purpose in &made {
        keys.renew(*purpose, &**node.entropy(), (now, until), old_until)?;
    }
    let fresh: Vec<_> = made.iter().flat_map(|it| keys.entries(*it, now, until)).collect();
    let names: Vec<String> = fresh.iter().map(key_id).collect();
    let change = Change { replaced: made, revoked: revoked.clone(), prolonged, fresh };
    let mut next = change.after(&own.descriptor, now, until, old_until);
    next.serial = next.serial.max(after.unwrap_or(0).saturating_add(1));
    let envelope = sign(&next, &root)?.to_json();
    let envelope = String::from_utf8_lossy(&envelope).into_owned();
    // The keys first: a descriptor whose keys were lost in a crash could never be used.
    file.replace(&keys, &node)?;
    let node = with_keys(node, keys);
    let by = actor(by);
    let changed: Vec<String> = names.iter().chain(&revoked).cloned().collect();
    let next = Next { envelope: &envelope, by_file, changed: &changed };
    let renewal = descriptor::renew(&node, next, &by).await?;
    reply(ctx, &node, renewal, names, revoked).await
}

/// The announcement is signed by the keys that it replaces: they must still be good.
fn must_announce(own: &Descriptor, now: Timestamp) -> Result<(), CliError> {
    let has = |purpose| own.keys_for(purpose, now).next().is_some();
    if has(KeyUse::Statement) && has(KeyUse::Log) {
        return Ok(());
    }
    Err(CliError::usage(
        "the keys that would announce the new ones have expired; add `--by-file`, and hand every partner the file of \
         `comity party export`",
        "las claves que anunciarían las nuevas han vencido; agregue `--by-file` y entregue a cada contraparte el archivo de \
         `comity party export`",
    ))
}

fn with_keys(node: Node, keys: ServeKeys) -> Node {
    let root = node.root();
    node.change_keys(Arc::new(Unlocked::new(keys, root)));
    node
}

async fn reply(
    ctx: &Ctx,
    node: &Node,
    renewal: Renewal,
    made: Vec<String>,
    revoked: Vec<String>,
) -> Result<Reply, CliError> {
    let names = Names::of(node).await?;
    let announced: Vec<Announced> = renewal
        .announced
        .iter()
        .map(|row| Announced {
            partner: names.name(row.channel.to),
            agreement: row.channel.agreement,
            sequence: row.sequence,
        })
        .collect();
    let by_file: Vec<String> = renewal.by_file.iter().map(|it| names.name(*it)).collect();
    let body = Body { serial: renewal.serial, made, revoked, announced, by_file };
    let handle: &Handle = &node.record().handle;
    let mut lines = vec![format!(
        "{} {} {} `{handle}`.",
        ctx.say("This is now descriptor", "Este es ahora el descriptor"),
        body.serial,
        ctx.say("of", "de")
    )];
    let mut list = |title: &str, of: &[String]| {
        if !of.is_empty() {
            lines.push(format!("{title}: {}", of.join(", ")));
        }
    };
    list(ctx.say("New keys", "Claves nuevas"), &body.made);
    list(ctx.say("Revoked", "Revocadas"), &body.revoked);
    let told: Vec<String> = body.announced.iter().map(|it| it.partner.clone()).collect();
    list(ctx.say("Announced to", "Anunciado a"), &told);
    if body.revoked.iter().any(|it| it.starts_with(KeyUse::Link.as_str())) {
        // a partner that does not know the new key takes no connection that shows it
        let carried = told.iter().map(|it| format!("`comity pouch export --to {it}`"));
        let carried: Vec<String> = carried.collect();
        let title = ctx.say(
            "They take no connection from here until they have it: carry it there with",
            "No admiten conexiones de aquí hasta que lo tengan: llévelo allí con",
        );
        list(title, &carried);
    }
    list(
        ctx.say(
            "These get the file of `comity party export`, and import it",
            "Estas reciben el archivo de `comity party export` y lo incorporan",
        ),
        &body.by_file,
    );
    if body.revoked.iter().any(|it| it.starts_with(KeyUse::Statement.as_str())) {
        lines.push(
            ctx.say(
                "Whoever was in the machine had the keys of the log and of the witness as well: revoke those too, or evidence \
                 still takes their word (`comity key list` names them).",
                "Quien haya entrado en el equipo tuvo también las claves del registro y del testigo: revóquelas también, o la \
                 evidencia seguirá admitiendo su palabra (`comity key list` las nombra).",
            )
            .to_owned(),
        );
    }
    let until = node.now().checked_add(OVERLAP).unwrap_or(Timestamp::MAX);
    lines.push(format!(
        "{} {}.",
        ctx.say(
            "Earlier secret keys are destroyed after",
            "Las claves secretas anteriores se destruyen después de"
        ),
        time(until)
    ));
    lines.push(
        ctx.say(
            "A node that serves goes on with the new keys by itself if it has the passphrase from a file or a credential; \
             restart it if it was typed.",
            "Un nodo en operación sigue con las claves nuevas por sí mismo si toma la frase de contraseña de un archivo o \
             credencial; reinícielo si se escribió a mano.",
        )
        .to_owned(),
    );
    ctx.reply(&body, lines.join("\n"))
}
