//! Who received data about one person: what left and as what, what partners said, which unit has it, what was recalled, and
//! who looked at it here.

use std::collections::{BTreeMap, BTreeSet};

use comity_model::derivative::fold;
use comity_model::{Digest, Folio, Holding, Origin, PartyRoot};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::json;

use super::lost::{Lost, lost};
use crate::access::{Area, Reader, Rules, Seen, Verb, accesses, record_as};
use crate::error::{ExchangeError, Result};
use crate::node::Node;
use crate::ports::{AccessQuery, GivenTo, HoldingQuery, ReleaseRow, Verdict};
use crate::recall;

/// Types of objects that are persons, or can be.
pub(super) const PERSONS: [&str; 2] = ["identity", "threat-actor"];
/// Objects looked at for one answer.
const MOST: usize = 10_000;
/// Objects read from the store at a time.
const PAGE: u32 = 1_000;
/// Accesses told.
const ACCESSES: u32 = 10_000;

/// What is known here of one person, and where it went.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Person {
    /// The objects that are the person, by id.
    pub persons: Vec<Identity>,
    /// Those and all others that name one of them.
    pub objects: usize,
    /// Whether all of these were looked at: 10,000 are.
    pub complete: bool,
    /// What left this party, newest first.
    pub releases: Vec<Left>,
    /// What partners sent, oldest first.
    pub received: Vec<Came>,
    /// Which national unit was given what.
    pub units: Vec<GivenTo>,
    /// Recalls of any of it, by either side.
    pub recalls: Vec<Recalled>,
    /// Who looked at it here, newest first: the newest 10,000 accesses.
    pub accesses: Vec<Seen>,
    /// What this node lost: whether any of it was about the person, nothing here can tell.
    #[serde(skip_serializing_if = "Lost::is_empty")]
    pub lost: Lost,
}

/// An object that is the person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Identity {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: Option<String>,
    /// The partner that released it; `None`: this party's own.
    pub partner: Option<PartyRoot>,
}

/// A release in which some of it left.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Left {
    /// Its number.
    pub folio: Folio,
    /// Who received it.
    pub to: PartyRoot,
    /// Under which clause.
    pub clause: String,
    /// What for.
    pub purpose: String,
    /// When it was composed.
    pub composed_at: Timestamp,
    /// The objects.
    pub objects: Vec<As>,
}

/// As what an object left.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct As {
    /// Its id here.
    pub id: String,
    /// Its id at the receiver.
    pub sent_as: String,
    /// Whether that is a pseudonym: the object went as a derivative, and its own id stayed here.
    pub pseudonym: bool,
    /// The properties that were taken out.
    pub redacted: Vec<String>,
    /// The release of a partner that had brought it: it went on by that partner's consent.
    pub onward_of: Option<Digest>,
}

/// What a partner sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Came {
    /// The object.
    pub id: String,
    /// Which version of it.
    pub version: String,
    /// Who sent it.
    pub from: PartyRoot,
    /// With which statement.
    pub statement: Digest,
    /// When.
    pub received_at: Timestamp,
}

/// A recall of some of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Recalled {
    /// Its number at the party that recalled.
    pub folio: Folio,
    /// Who recalled.
    pub by: PartyRoot,
    /// From whom.
    pub from: PartyRoot,
    /// When.
    pub at: Timestamp,
}

/// Finds a person by the id of an object or by name, whatever the case and the accents, and tells everything about it. A
/// purpose is needed always. The journal gets a line, with the name where it can be erased. Whom a recall or a legal hold keeps
/// from readers is found by id alone.
///
/// # Errors
/// [`ExchangeError::NotFound`] where nobody of that name is here and nothing of that id is known to have been; that too is noted.
/// [`ExchangeError::Refused`] as [`Rules::purpose`] says.
pub async fn person(node: &Node, who: &str, reader: &Reader) -> Result<Person> {
    let rules = Rules { purpose_required: true, ..reader.rules.clone() };
    let reader = Reader { rules, ..reader.clone() };
    let mut found = Found::default();
    found.persons(node, who).await?;
    let ids: Vec<&String> = found.known_as.iter().collect();
    let mut access = reader.access(node, Verb::Searched, Area::Audit, ids);
    access.words = Some(who.to_owned());
    access.found = found.persons.len() as u64;
    let subject = found.persons.len().to_string();
    record_as(node, &reader, &access, "audit-person", &subject, json!({})).await?;
    let lost = lost(node, None).await?;
    if found.known_as.is_empty() {
        return Err(nobody(who, &lost));
    }
    found.objects(node).await?;
    let releases = releases(node, &found.ids).await?;
    let received = received(node, &found.ids).await?;
    let ids: Vec<String> = found.ids.iter().cloned().collect();
    let folios = releases.iter().map(|it| it.1.folio.to_string());
    let seen_as: Vec<String> = ids.iter().cloned().chain(folios).collect();
    Ok(Person {
        recalls: recalls(node, &releases, &received).await?,
        accesses: looked(node, seen_as, &found.names).await?,
        units: node.store().given_to(ids).await?,
        objects: found.ids.len(),
        lost,
        complete: found.complete,
        persons: found.persons,
        releases: releases.into_iter().map(|it| it.1).collect(),
        received,
    })
}

/// Nobody of that name or id is here; a node that lost something cannot say that nobody ever was.
fn nobody(who: &str, lost: &Lost) -> ExchangeError {
    let name = who.chars().take(200).collect();
    if lost.is_empty() {
        let advice = "`comity holdings search WORDS` finds names and ids";
        return ExchangeError::NotFound { what: "person", name, advice };
    }
    let advice =
        "this node lost something that may have named it, and `comity audit sample` says what";
    ExchangeError::NotFound { what: "trace left of", name, advice }
}

/// Who it is, and what names them.
struct Found {
    persons: Vec<Identity>,
    /// The ids of the person, derivatives among them.
    known_as: BTreeSet<String>,
    /// The names, folded.
    names: BTreeSet<String>,
    /// Those ids, and those of everything that names one of them.
    ids: BTreeSet<String>,
    complete: bool,
}

impl Default for Found {
    fn default() -> Self {
        let (known_as, names, ids) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
        Self { persons: Vec::new(), known_as, names, ids, complete: true }
    }
}

impl Found {
    async fn persons(&mut self, node: &Node, who: &str) -> Result<()> {
        if comity_stix::id::StixId::parse(who).is_ok() {
            if let Some(holding) = node.store().holding(who.to_owned()).await? {
                self.add(&holding);
            } else if !node.store().releases_with_any(vec![who.to_owned()]).await?.is_empty()
                || !node.store().frozen(who.to_owned()).await?.is_empty()
            {
                self.known_as.insert(who.to_owned());
            }
        } else {
            let name = fold(who);
            self.names.insert(name.clone());
            for stix_type in PERSONS {
                let query = HoldingQuery {
                    stix_type: Some(stix_type.to_owned()),
                    ..HoldingQuery::default()
                };
                self.each(node, query, |found, holding| {
                    if names_of(holding).any(|it| it == name) {
                        found.add(holding);
                    }
                })
                .await?;
            }
        }
        let ids: Vec<String> = self.known_as.iter().cloned().collect();
        for it in node.store().derivatives_known_as(ids).await? {
            self.known_as.extend([it.original, it.derived]);
        }
        Ok(())
    }

    fn add(&mut self, holding: &Holding) {
        self.known_as.insert(holding.id.clone());
        self.names.extend(names_of(holding));
        self.persons.push(Identity {
            id: holding.id.clone(),
            name: holding.name.clone(),
            partner: holding.origin.partner(),
        });
    }

    /// Everything that names the person.
    async fn objects(&mut self, node: &Node) -> Result<()> {
        self.ids.clone_from(&self.known_as);
        let naming: Vec<String> = self.known_as.iter().cloned().collect();
        let query = HoldingQuery { naming: Some(naming), ..HoldingQuery::default() };
        self.each(node, query, |found, holding| {
            if found.ids.len() < MOST {
                found.ids.insert(holding.id.clone());
            } else {
                found.complete = false;
            }
        })
        .await
    }

    async fn each(
        &mut self,
        node: &Node,
        query: HoldingQuery,
        take: impl Fn(&mut Self, &Holding) + Send,
    ) -> Result<()> {
        let mut after = None;
        loop {
            let query = HoldingQuery { after, limit: PAGE, ..query.clone() };
            let page = node.store().holdings(query).await?;
            for holding in &page.holdings {
                take(self, holding);
            }
            after = page.next;
            if after.is_none() || !self.complete {
                return Ok(());
            }
        }
    }
}

/// The name and the aliases of an object, folded.
fn names_of(holding: &Holding) -> impl Iterator<Item = String> {
    let aliases = aliases(&holding.bytes);
    holding.name.iter().map(|it| fold(it)).chain(aliases).collect::<Vec<_>>().into_iter()
}

fn aliases(bytes: &[u8]) -> Vec<String> {
    #[derive(serde::Deserialize)]
    struct Aliases {
        #[serde(default)]
        aliases: Vec<String>,
    }
    serde_json::from_slice::<Aliases>(bytes)
        .map(|it| it.aliases.iter().map(|it| fold(it)).collect())
        .unwrap_or_default()
}

/// The releases in which any of these objects left, newest first.
async fn releases(node: &Node, ids: &BTreeSet<String>) -> Result<Vec<(ReleaseRow, Left)>> {
    let sent = node.store().releases_with_any(ids.iter().cloned().collect()).await?;
    let mut releases = Vec::with_capacity(sent.len());
    for (release, sent_as) in sent {
        let Some(row) = node.store().release(release).await? else { continue };
        let known = node.store().derivatives_known_as(sent_as.clone()).await?;
        let originals: BTreeMap<&String, &String> = known
            .iter()
            .filter(|it| it.agreement == row.record.agreement.id)
            .map(|it| (&it.derived, &it.original))
            .collect();
        let decided = node.store().preview(release).await?;
        let objects = sent_as.iter().map(|sent_as| {
            let id = *originals.get(sent_as).unwrap_or(&sent_as);
            let line = decided.iter().find(|it| it.id == *id && it.verdict != Verdict::Withheld);
            As {
                id: id.clone(),
                sent_as: sent_as.clone(),
                pseudonym: id != sent_as,
                redacted: line.map(|it| it.redacted.clone()).unwrap_or_default(),
                onward_of: line.and_then(|it| it.source),
            }
        });
        let left = Left {
            folio: row.record.folio.clone(),
            to: row.record.to,
            clause: row.record.clause.clone(),
            purpose: row.record.purpose.clone(),
            composed_at: row.record.composed_at,
            objects: objects.collect(),
        };
        releases.push((row, left));
    }
    releases.sort_by_key(|it| std::cmp::Reverse(it.1.composed_at));
    Ok(releases)
}

/// Every version of these objects that a partner sent.
async fn received(node: &Node, ids: &BTreeSet<String>) -> Result<Vec<Came>> {
    let mut came = Vec::new();
    for id in ids {
        for holding in node.store().holding_versions(id.clone()).await? {
            let Origin::Partner { party, statement, .. } = holding.origin else { continue };
            came.push(Came {
                id: holding.id,
                version: holding.version,
                from: party,
                statement,
                received_at: holding.received_at,
            });
        }
    }
    came.sort_by_key(|it| it.received_at);
    Ok(came)
}

/// Recalls of these releases that name an object of the person, or no object and so all of them.
async fn recalls(
    node: &Node,
    releases: &[(ReleaseRow, Left)],
    received: &[Came],
) -> Result<Vec<Recalled>> {
    let mut objects: BTreeMap<Digest, BTreeSet<&String>> = BTreeMap::new();
    for (row, left) in releases {
        let Some(statement) = row.statement else { continue };
        objects.entry(statement).or_default().extend(left.objects.iter().map(|it| &it.sent_as));
    }
    for it in received {
        objects.entry(it.statement).or_default().insert(&it.id);
    }
    let mut found = Vec::new();
    for matter in recall::all(node, u32::MAX).await? {
        let asked = recall::body(&matter)?;
        let Some(meant) = objects.get(&asked.release) else { continue };
        if asked.objects.is_empty() || asked.objects.iter().any(|it| meant.contains(it)) {
            let Some(first) = matter.entries.first() else { continue };
            found.push(Recalled {
                folio: asked.folio.clone(),
                by: matter.opener,
                from: matter.other,
                at: first.said.at,
            });
        }
    }
    Ok(found)
}

/// Who looked: at one of these ids, or for one of these names.
async fn looked(node: &Node, ids: Vec<String>, names: &BTreeSet<String>) -> Result<Vec<Seen>> {
    let query = AccessQuery { ids: Some(ids), limit: ACCESSES, ..AccessQuery::default() };
    let mut seen = accesses(node, query).await?;
    let query = AccessQuery { worded: true, limit: ACCESSES, ..AccessQuery::default() };
    for search in accesses(node, query).await? {
        let means = search.words.text.as_deref().is_some_and(|words| means(words, names));
        if means && seen.iter().all(|it| it.number != search.number) {
            seen.push(search);
        }
    }
    seen.sort_by_key(|it| std::cmp::Reverse(it.number));
    seen.truncate(ACCESSES as usize);
    Ok(seen)
}

/// Whether a search finds one of the names: each of its words is the beginning of a word of the name.
fn means(words: &str, names: &BTreeSet<String>) -> bool {
    let words = fold(words);
    let mut words = words.split_whitespace().peekable();
    words.peek().is_some()
        && names.iter().any(|name| {
            let begins = |word: &str| name.split_whitespace().any(|it| it.starts_with(word));
            words.clone().all(begins)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_search_for_a_part_of_the_name_is_a_search_for_the_person() {
        let names = BTreeSet::from([fold("Carrier María Ñandú")]);
        for words in ["maria", "ÑAN", "carr mar", "María Ñandú"] {
            assert!(means(words, &names), "{words}");
        }
        for words in ["", "marina", "maria x", "ria"] {
            assert!(!means(words, &names), "{words}");
        }
    }
}
