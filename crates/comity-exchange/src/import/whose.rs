//! Whose an object is that somebody brings in on this party's own account: what a partner released stays the partner's, what
//! this party made itself is changed from outside by nobody, and the rest is for who brought it first.

use std::collections::BTreeSet;

use comity_model::{Bringer, Holding, PartyRoot};
use serde::Deserialize;

use super::{Lang, Rejection};
use crate::error::Result;
use crate::node::Node;
use crate::partner;
use crate::ports::{NotHeld, WhyNotHeld};

/// Those of a batch that are not this party's own to bring in: a partner released them, or did before they were purged. What
/// a file says of an object is not asked; who had it first is (invariant third-party). Definitions are everybody's.
pub(crate) async fn of_partners(
    node: &Node,
    batch: &[Holding],
) -> Result<Vec<(String, Option<PartyRoot>)>> {
    let everybodys = |it: &&Holding| {
        !matches!(it.stix_type.as_str(), "marking-definition" | "extension-definition")
    };
    let ids: Vec<String> = batch.iter().filter(everybodys).map(|it| it.id.clone()).collect();
    Ok(node.store().of_partners(ids).await?)
}

/// This party's own identity: the id of the STIX `identity` in its descriptor.
pub(crate) fn own_identity(node: &Node) -> Result<String> {
    #[derive(Deserialize)]
    struct Named {
        id: String,
    }
    let own = partner::own(node)?;
    let named = serde_json::from_str::<Named>(own.descriptor.identity.get());
    Ok(named.map(|it| it.id).unwrap_or_default())
}

/// Those of a batch whose ids are this party's own for good, and that it holds otherwise or not at all: its identity, the
/// derivatives that it made for partners, and what `is_made` says. Who repeats them adds nothing, and nobody outside has a
/// right to change them.
pub(crate) async fn of_this_party(
    node: &Node,
    batch: &[Holding],
    is_made: impl Fn(&Holding) -> bool,
) -> Result<BTreeSet<String>> {
    let store = node.store();
    let ids: Vec<String> = batch.iter().map(|it| it.id.clone()).collect();
    let wanted: BTreeSet<&String> = ids.iter().collect();
    let known = store.derivatives_known_as(ids.clone()).await?;
    let derived = known.into_iter().map(|it| it.derived);
    let mut found: BTreeSet<String> = derived.filter(|it| wanted.contains(it)).collect();
    for holding in batch.iter().filter(|it| is_made(it)) {
        let versions = store.holding_versions(holding.id.clone()).await?;
        let mut same = versions.iter().filter(|it| it.version == holding.version);
        if !same.any(|it| it.digest == holding.digest) {
            found.insert(holding.id.clone());
        }
    }
    Ok(found)
}

pub(crate) fn of_a_partner(
    id: String,
    party: Option<PartyRoot>,
    line: u64,
    lang: Lang,
) -> Rejection {
    let message = match (lang, party) {
        (Lang::En, Some(party)) => format!(
            "`{id}` is not this party's own: the partner `{party}` released it, and its terms bind this party; bring in \
             own findings under an own id"
        ),
        (Lang::En, None) => format!(
            "`{id}` is not this party's own: a partner released it, and it was purged here; bring in own findings under \
             an own id"
        ),
        (Lang::Es, Some(party)) => format!(
            "`{id}` no es propio: lo entregó la contraparte `{party}` y sus condiciones obligan a esta parte; ingrese los \
             hallazgos propios con un identificador propio"
        ),
        (Lang::Es, None) => format!(
            "`{id}` no es propio: lo entregó una contraparte y aquí ya se eliminó; ingrese los hallazgos propios con un \
             identificador propio"
        ),
    };
    Rejection {
        line,
        pointer: "/id".to_owned(),
        code: "partners-object".to_owned(),
        message,
        id: Some(id),
        version: None,
    }
}

/// Why a version of this party's own was not kept.
pub(crate) fn not_kept(it: NotHeld, line: u64, lang: Lang) -> Rejection {
    match it.why {
        // only what feeds bring is bounded, and they are told otherwise
        WhyNotHeld::Conflict | WhyNotHeld::Full => conflict(it.id, line),
        WhyNotHeld::Anothers { source } => of_another(it.id, &source, line, lang),
    }
}

/// What the house brought in, or another feed or collection.
fn of_another(id: String, source: &str, line: u64, lang: Lang) -> Rejection {
    let is_own = Bringer::of(source) == Bringer::House;
    let message = match (lang, is_own) {
        (Lang::En, true) => {
            format!(
                "`{id}` was brought in by this party itself (`{source}`), and no feed changes it"
            )
        }
        (Lang::En, false) => format!(
            "`{id}` came from `{source}` first, and only that and an import change it; import the version if it is the right \
             one"
        ),
        (Lang::Es, true) => {
            format!("`{id}` lo ingresó esta misma parte (`{source}`), y ninguna fuente lo cambia")
        }
        (Lang::Es, false) => format!(
            "`{id}` llegó primero de `{source}`, y solo esa fuente y una importación lo cambian; para incorporar esta \
             versión, impórtela"
        ),
    };
    let code = if is_own { "own-object" } else { "others-object" }.to_owned();
    Rejection { line, pointer: "/id".to_owned(), code, message, id: Some(id), version: None }
}

pub(crate) fn conflict(id: String, line: u64) -> Rejection {
    Rejection {
        line,
        pointer: "/modified".to_owned(),
        code: "version-conflict".to_owned(),
        message: format!(
            "`{id}` is held with the same `modified` and other content; give the new version a later `modified`"
        ),
        id: Some(id),
        version: None,
    }
}
