//! Legal holds: what a court or a statute demands to be kept is not purged, and nobody reads it; its owner is told `held`
//! when its time comes, never `purged` (docs/protocol.md section 7).

use comity_model::told;
use comity_model::{Digest, Grounds};
use comity_policy::Act;
use serde_json::json;

use crate::error::{ExchangeError, Result};
use crate::node::Node;
use crate::ports::{Custodial, LegalHold, NewLegalHold};
use crate::purge::{choose, listed, standing_of};

/// The longest text of a hold, in characters.
const TEXT: usize = 2_000;

/// What a legal hold is laid on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum On {
    /// Everything that partners released of an object, by STIX id.
    Object(String),
    /// Everything that a release brought, by the digest of its statement.
    Release(Digest),
}

/// Lays a legal hold. `grounds` are those that each owner is told when the time of what is held comes; they are chosen from
/// the lists that the agreements under which it came have for a purge, and the hold keeps those of all of them. `text` stays here. Refused with `not-found` where nothing of it is held, and with the
/// code of the grounds that are missing or on no list.
pub async fn lay(
    node: &Node,
    on: On,
    text: &str,
    grounds: &Grounds,
    by: &str,
) -> Result<LegalHold> {
    let text = text.trim();
    if text.is_empty() || text.chars().count() > TEXT || text.chars().any(char::is_control) {
        let message = told!("write one line of 1 to {most} characters", most = TEXT);
        return Err(ExchangeError::input("--grounds", message.named("line-length")));
    }
    let subject = match &on {
        On::Object(id) => id.clone(),
        On::Release(digest) => digest.to_string(),
    };
    let laid = lay_checked(node, on, text, grounds, by, &subject).await;
    if let Err(error @ (ExchangeError::Refused { .. } | ExchangeError::NotFound { .. })) = &laid {
        let details = json!({ "code": error.code() });
        let journal = vec![node.journal_by(by, "legal-hold-not-laid", subject, details)];
        node.store().journal(journal).await?;
    }
    laid
}

async fn lay_checked(
    node: &Node,
    on: On,
    text: &str,
    grounds: &Grounds,
    by: &str,
    subject: &str,
) -> Result<LegalHold> {
    let (object, release) = match on {
        On::Object(id) => (Some(id), None),
        On::Release(digest) => (None, Some(digest)),
    };
    let releases = match (&object, release) {
        (Some(id), _) => sources_of(node, id).await?,
        (None, Some(release)) => vec![release],
        (None, None) => Vec::new(),
    };
    if let (Some(id), true) = (&object, releases.is_empty()) {
        return Err(ExchangeError::NotFound {
            what: "holding",
            name: id.clone(),
            advice: "a legal hold is for what partners released and is held here",
        });
    }
    let (mut chosen, mut known) = (Grounds::default(), Grounds::default());
    for release in releases.iter().copied() {
        let standing = standing_of(node, release).await?;
        let named = listed(&standing.agreement, grounds);
        let of_this = choose(&standing.agreement, Act::Purge, &named)?;
        add(&mut chosen.legal_basis, of_this.legal_basis);
        add(&mut chosen.reasons, of_this.reasons);
        add(&mut known.legal_basis, named.legal_basis);
        add(&mut known.reasons, named.reasons);
    }
    let strange = |given: &[String], known: &[String]| given.iter().any(|it| !known.contains(it));
    if let Some(first) = releases.first()
        && (strange(&grounds.legal_basis, &known.legal_basis)
            || strange(&grounds.reasons, &known.reasons))
    {
        // what is on no list is refused in the words of one of the agreements
        choose(&standing_of(node, *first).await?.agreement, Act::Purge, grounds)?;
    }
    let details = json!({ "text": text, "grounds": chosen });
    let journal = vec![node.journal_by(by, "legal-hold-laid", subject, details)];
    let hold =
        NewLegalHold { object, release, text: text.to_owned(), grounds: chosen, at: node.now() };
    Ok(node.store().lay_hold(hold, journal).await?)
}

/// Adds what is not there yet.
fn add(kept: &mut Vec<String>, more: Vec<String>) {
    for entry in more {
        if !kept.contains(&entry) {
            kept.push(entry);
        }
    }
}

/// The releases that brought what is kept of an object.
async fn sources_of(node: &Node, id: &str) -> Result<Vec<Digest>> {
    let seen = node.store().holding_versions(id.to_owned()).await?;
    let frozen = node.store().frozen(id.to_owned()).await?;
    let kept = seen.iter().chain(frozen.iter().map(|it| &it.holding));
    let mut sources: Vec<Digest> = kept.filter_map(|it| it.origin.statement()).collect();
    sources.sort();
    sources.dedup();
    Ok(sources)
}

/// Lifts a legal hold. What it kept beyond its time is purged at the next sweep, and its owner is told.
/// Gives the numbers of those that still keep something of the same.
/// [`ExchangeError::NotFound`] for a number that names none, or one that was lifted; that is journalled.
pub async fn lift(node: &Node, number: u64, by: &str) -> Result<Vec<u64>> {
    let laid = node.store().holds(false).await?;
    let Some(hold) = laid.iter().find(|it| it.number == number) else {
        let details = json!({ "code": "not-found" });
        let journal = vec![node.journal_by(by, "legal-hold-not-lifted", number, details)];
        node.store().journal(journal).await?;
        let advice = "`comity legal-hold list` shows those that are laid";
        return Err(ExchangeError::NotFound {
            what: "legal hold",
            name: number.to_string(),
            advice,
        });
    };
    let still = beside(node, hold).await?;
    let journal = vec![node.journal_by(by, "legal-hold-lifted", number, json!({}))];
    node.store().lift_hold(number, node.now(), journal).await?;
    Ok(still)
}

/// The numbers of the other legal holds that keep something of what a hold keeps: each order is a hold of its own, and what two
/// keep is kept until both are lifted.
pub async fn beside(node: &Node, hold: &LegalHold) -> Result<Vec<u64>> {
    let mut found = Vec::new();
    for other in node.store().holds(false).await?.iter().filter(|it| it.number != hold.number) {
        let (one, two) = (&hold.laid, &other.laid);
        let meet = match ((&one.object, one.release), (&two.object, two.release)) {
            ((Some(one), _), (Some(two), _)) => one == two,
            ((None, Some(one)), (None, Some(two))) => one == two,
            ((Some(object), _), (None, Some(release)))
            | ((None, Some(release)), (Some(object), _)) => {
                let kept = node.store().release_objects(release, vec![object.clone()]).await?;
                kept.iter().any(|(_, became)| *became == Custodial::Held)
            }
            _ => false,
        };
        if meet {
            found.push(other.number);
        }
    }
    found.sort_unstable();
    Ok(found)
}
