//! What is in this node's own house: configuration, disk, clock, keys.

use std::fs;
use std::sync::Arc;

use comity_exchange::keys::Unlocked;
use comity_exchange::{Node, journal, partner};
use comity_model::Descriptor;
use comity_model::descriptor::{KeyEntry, KeyUse};
use comity_stix::registry::Registry;
use jiff::{SignedDuration, Timestamp};

use super::{Findings, State, Topic};
use crate::config::Config;
use crate::error::CliError;
use crate::extensions::Extensions;
use crate::files::must_be_private;
use crate::output::time;
use crate::{disk, unlock};

/// How long before an end it is spoken of.
pub(super) const SOON: SignedDuration = SignedDuration::from_hours(60 * 24);

/// How long before its end a key of this party's own is spoken of.
const KEYS_SOON: SignedDuration = SignedDuration::from_hours(30 * 24);

/// How far in the future a file may be before the clock is doubted.
const SKEW: SignedDuration = SignedDuration::from_mins(5);

/// The configuration, and the room on the disk that it asks for.
pub(super) fn configuration(found: &mut Findings<'_>) {
    match Config::load(&found.ctx.data) {
        Ok(config) => {
            let (english, spanish) = ("every setting is known", "se conocen todas las opciones");
            found.say(&Topic::Configuration, State::Ok, english, spanish);
            room(found, &config);
        }
        Err(error) => found.fail(&Topic::Configuration, &error),
    }
}

/// The extensions that this node checks by; none where they cannot be used. Nothing is said of a node that has no folder
/// for them.
pub(super) fn extensions(found: &mut Findings<'_>) -> Arc<Registry> {
    let folder = found.ctx.data.extensions();
    match Extensions::of_node(&folder) {
        Ok(extensions) => {
            if folder.is_dir() {
                let known = extensions.registry.extensions().count();
                let text = found.ctx.say("known and in order", "conocidas y en orden");
                found.add(&Topic::Extensions, State::Ok, format!("{known} {text}"));
            }
            extensions.registry
        }
        Err(error) => {
            found.fail(&Topic::Extensions, &error);
            Arc::default()
        }
    }
}

fn room(found: &mut Findings<'_>, config: &Config) {
    let least = config.storage.least_free_mib;
    match disk::free(&found.ctx.data.dir) {
        Ok(free) => {
            let mib = free >> 20;
            let state = if mib >= least { State::Ok } else { State::Fail };
            let text = format!(
                "{mib} MiB {}, {} {least}",
                found.ctx.say("are free", "libres"),
                found.ctx.say("wanted are", "se requieren")
            );
            found.add(&Topic::Disk, state, text);
        }
        Err(error) => {
            let error = CliError::Read { path: found.ctx.data.dir.clone(), error };
            found.fail(&Topic::Disk, &error);
        }
    }
}

/// The clock against what this node wrote: a file or a record from the future means that it went back.
pub(super) fn clock(found: &mut Findings<'_>, node: &Node) {
    let now = node.now();
    let written = fs::metadata(found.ctx.data.database())
        .and_then(|it| it.modified())
        .ok()
        .and_then(|it| Timestamp::try_from(it).ok());
    let latest = written.max(Some(node.record().created_at)).unwrap_or(now);
    if latest.duration_since(now) <= SKEW {
        found.add(&Topic::Clock, State::Ok, time(now));
        return;
    }
    let text = format!(
        "{} {}, {} {}; {}",
        found.ctx.say("it says", "indica"),
        time(now),
        found.ctx.say("and this node wrote something at", "y este nodo escribió algo el"),
        time(latest),
        found.ctx.say("set the clock", "ponga el reloj en hora")
    );
    found.add(&Topic::Clock, State::Fail, text);
}

/// The key files: private, and open with the passphrase if one was given. Nobody is asked for one here.
pub(super) fn keys(found: &mut Findings<'_>, node: &Node) -> Option<Arc<Unlocked>> {
    let ctx = found.ctx;
    for path in [ctx.data.root_key(), ctx.data.registrar_key()] {
        let there = fs::metadata(&path).map(|_| ());
        let checked = there.map_err(|error| CliError::Read { path: path.clone(), error });
        if let Err(error) = checked.and_then(|()| must_be_private(&path)) {
            found.fail(&Topic::Keys, &error);
        }
    }
    match unlock::serve_keys_unasked(ctx, node.root(), node.record().exercise) {
        Ok(Some(keys)) => {
            found.say(
                &Topic::Keys,
                State::Ok,
                "those of the running node open",
                "se abren las del nodo en operación",
            );
            Some(Arc::new(keys))
        }
        Ok(None) => {
            let english = "not opened, because no passphrase was given, and so no partner was called; use `--passphrase-file`";
            let spanish = "no se abrieron, porque no se dio la frase de contraseña, y por ello no se llamó a ninguna contraparte; use `--passphrase-file`";
            found.say(&Topic::Keys, State::Warn, english, spanish);
            None
        }
        Err(error) => {
            found.fail(&Topic::Keys, &error);
            None
        }
    }
}

/// A journal that is not the one that was signed last, by what is kept apart from the database.
pub(super) async fn journal(found: &mut Findings<'_>, node: &Node) -> Result<(), CliError> {
    if journal::behind(node).await?.is_some() {
        let english = "it is not the one that was signed last: an older copy of the database is in its place; put the newer one \
                       back, or go on from this one with `comity record recover --to HANDLE`, and keep both";
        let spanish = "no es la que se firmó por última vez: en su lugar hay una copia anterior de la base de datos; reponga la más \
                       reciente, o continúe desde esta con `comity record recover --to CLAVE`, y conserve ambas";
        found.say(&Topic::Journal, State::Fail, english, spanish);
    }
    Ok(())
}

/// When keys end, here and at the partners.
pub(super) async fn expiry(found: &mut Findings<'_>, node: &Node) -> Result<(), CliError> {
    let now = node.now();
    own_ending(found, &partner::own(node)?.descriptor, now);
    for record in node.store().parties().await? {
        let keys = partner::keys_of(node, &record)?;
        ending(found, &Topic::PartnerKeys(record.handle.to_string()), &keys.descriptor, now);
    }
    Ok(())
}

fn ending(found: &mut Findings<'_>, topic: &Topic, descriptor: &Descriptor, now: Timestamp) {
    let Some((first, _)) = first_to_end(&descriptor.keys) else { return };
    let state = match first.duration_since(now) {
        left if left <= SignedDuration::ZERO => State::Fail,
        left if left < SOON => State::Warn,
        _ => State::Ok,
    };
    let text = format!("{} {}", found.ctx.say("valid until", "válidas hasta"), time(first));
    found.add(topic, state, text);
}

/// When a party first has no key for a use, and for which: of each use the key counts that ends last, for what it took
/// the place of may end.
fn first_to_end(keys: &[KeyEntry]) -> Option<(Timestamp, KeyUse)> {
    let ends = KeyUse::ALL.into_iter().filter_map(|purpose| {
        let of_use = keys.iter().filter(|it| it.purpose == purpose);
        of_use.map(|it| it.not_after).max().map(|end| (end, purpose))
    });
    ends.min()
}

/// When the first of this party's own keys that has a work to do ends, and how it gets a new one.
fn own_ending(found: &mut Findings<'_>, own: &Descriptor, now: Timestamp) {
    let Some((first, purpose)) = first_to_end(&own.keys) else { return };
    let left = first.duration_since(now);
    let state = match left {
        left if left <= SignedDuration::ZERO => State::Fail,
        left if left < KEYS_SOON => State::Warn,
        _ => State::Ok,
    };
    let mut text = format!("{} {}", found.ctx.say("valid until", "válidas hasta"), time(first));
    if state != State::Ok {
        let over = state == State::Fail && matches!(purpose, KeyUse::Statement | KeyUse::Log);
        let how = if over { " --by-file" } else { "" };
        // any rotation prolongs the root, which signs it
        let purpose = if purpose == KeyUse::Root { KeyUse::Registrar } else { purpose };
        let run = found.ctx.say("run", "ejecute");
        text = format!("{text}; {run} `comity key rotate {}{how}`", purpose.as_str());
    }
    found.add(&Topic::OwnKeys, state, text);
}

#[cfg(test)]
mod tests {
    use comity_model::descriptor::KeyAlg;

    use super::*;

    fn key(purpose: KeyUse, until: &str) -> KeyEntry {
        KeyEntry {
            purpose,
            alg: KeyAlg::Ed25519,
            public: String::new(),
            not_before: Timestamp::UNIX_EPOCH,
            not_after: until.parse().unwrap(),
        }
    }

    #[test]
    fn a_key_whose_successor_is_there_does_not_count_as_ending() {
        let (soon, later, last) =
            ("2026-04-01T00:00:00Z", "2027-04-01T00:00:00Z", "2028-04-01T00:00:00Z");
        let mut keys =
            vec![key(KeyUse::Link, soon), key(KeyUse::Statement, later), key(KeyUse::Link, last)];
        assert_eq!(first_to_end(&keys), Some((later.parse().unwrap(), KeyUse::Statement)));
        keys.pop();
        assert_eq!(first_to_end(&keys), Some((soon.parse().unwrap(), KeyUse::Link)));
        assert_eq!(first_to_end(&[]), None);
    }
}
