//! The access journal: who searched, opened, exported and printed what, and what for (docs/protocol.md section 7).
//!
//! Every use is a line of the node's private journal, so that it stands under the same signed checkpoints as everything else.
//! The line has the verb, the ids of what was shown and a count. What a person typed, words of a search and a purpose, may
//! name people: it stands apart, the line commits to it by a salted digest, and it can be erased while the journal stays
//! whole.
//!
//! Whoever shows something calls [`record_access`] first, and shows nothing where it fails.

use comity_model::entropy::fresh;
use comity_model::{Digest, Digester, told};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::error::{ExchangeError, Result, journalled};
use crate::node::Node;
use crate::ports::{AccessLine, AccessQuery, AccessRow, TypedText};

/// Ids in one line of the journal; what shows more gets several lines.
const IDS: usize = 1_000;
/// Characters of a search that are kept.
const WORDS: usize = 4_096;
/// Characters of a purpose, at the most.
pub const PURPOSE_LIMIT: usize = 500;
/// Bytes of the longest id that a line names.
const ID_LIMIT: usize = 256;

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verb {
    /// Looked for something, or listed it.
    Searched,
    /// Saw the content of something.
    Opened,
    /// Wrote something into a file, or gave it to a unit.
    Exported,
    /// Wrote a page to print.
    Printed,
}

impl Verb {
    /// The word of it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Searched => "searched",
            Self::Opened => "opened",
            Self::Exported => "exported",
            Self::Printed => "printed",
        }
    }
}

/// In what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Area {
    /// Objects that this node holds.
    Holdings,
    /// What partners sent.
    Inbox,
    /// This party's releases.
    Releases,
    /// Requests, proposals, advice, consents and recalls, with their texts.
    Matters,
    /// Contacts outside the system.
    Contacts,
    /// What a national unit is given.
    Units,
    /// Collections that programs read.
    Collections,
    /// The record.
    Record,
    /// Pouches.
    Pouches,
    /// This journal, and what oversight looks at.
    Audit,
}

impl Area {
    /// The word of it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Holdings => "holdings",
            Self::Inbox => "inbox",
            Self::Releases => "releases",
            Self::Matters => "matters",
            Self::Contacts => "contacts",
            Self::Units => "units",
            Self::Collections => "collections",
            Self::Record => "record",
            Self::Pouches => "pouches",
            Self::Audit => "audit",
        }
    }
}

/// What this node asks of everybody who looks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rules {
    /// Whether nothing is shown without a purpose.
    pub purpose_required: bool,
    /// The purposes that may be given; empty: any.
    pub purposes: Vec<String>,
}

impl Rules {
    /// The purpose as it is kept: without spaces around it; a blank one is none.
    ///
    /// # Errors
    /// [`ExchangeError::Refused`] with `purpose-required`, `purpose-unknown` or `purpose-too-long`.
    pub fn purpose<'a>(&self, given: Option<&'a str>) -> Result<Option<&'a str>> {
        let purpose = given.map(str::trim).filter(|it| !it.is_empty());
        let Some(text) = purpose else {
            if self.purpose_required {
                let message = "this node shows nothing without a purpose; say what it is for with `--purpose TEXT`";
                return Err(ExchangeError::refused("purpose-required", message));
            }
            return Ok(None);
        };
        if text.chars().count() > PURPOSE_LIMIT {
            let message = told!(
                "a purpose has {limit} characters at the most; give a shorter one",
                limit = PURPOSE_LIMIT
            );
            return Err(ExchangeError::refused("purpose-too-long", message));
        }
        if !self.purposes.is_empty() && !self.purposes.iter().any(|it| it == text) {
            let allowed = self.purposes.iter().map(|it| format!("`{it}`")).collect::<Vec<_>>();
            let allowed = allowed.join(", ");
            let message = told!(
                "`{purpose}` is not a purpose of this node; give one of {allowed}",
                purpose = text,
                allowed
            );
            return Err(ExchangeError::refused("purpose-unknown", message));
        }
        Ok(Some(text))
    }
}

/// Who looks, what for, and under which rules.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Reader {
    /// Who: an officer's or analyst's name here, or a unit's account.
    pub actor: String,
    /// What for, as it was typed.
    pub purpose: Option<String>,
    /// What the node asks.
    pub rules: Rules,
}

impl std::fmt::Debug for Reader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Reader").field("rules", &self.rules).finish_non_exhaustive()
    }
}

impl Reader {
    /// Somebody who gives no purpose, at a node that asks for none.
    pub fn named(actor: impl Into<String>) -> Self {
        Self { actor: actor.into(), ..Self::default() }
    }

    /// What this reader does now; `ids` are of what is shown, and as many are counted as found.
    pub fn access<I>(&self, node: &Node, verb: Verb, area: Area, ids: I) -> Access
    where
        I: IntoIterator,
        I::Item: ToString,
    {
        let ids: Vec<String> = ids.into_iter().map(|it| it.to_string()).collect();
        Access {
            actor: self.actor.clone(),
            verb,
            area,
            found: ids.len() as u64,
            ids,
            words: None,
            purpose: self.purpose.clone(),
            at: node.now(),
        }
    }
}

/// One access.
#[derive(Clone, PartialEq, Eq)]
pub struct Access {
    /// Who: an officer's or analyst's name here, or a unit's account.
    pub actor: String,
    /// What was done.
    pub verb: Verb,
    /// In what.
    pub area: Area,
    /// What was shown, by id, folio or digest. What has spaces, or is no ASCII, is no id and is left out of the line.
    pub ids: Vec<String>,
    /// What was looked for, as it was typed; 4,096 characters of it are kept.
    pub words: Option<String>,
    /// What for, as it was typed.
    pub purpose: Option<String>,
    /// How much was found.
    pub found: u64,
    /// When.
    pub at: Timestamp,
}

impl std::fmt::Debug for Access {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { verb, area, found, at, .. } = self;
        write!(f, "Access({} {} {found} {at})", verb.as_str(), area.as_str())
    }
}

/// Writes accesses into the journal, all of them in one append or none.
///
/// # Errors
/// What [`Rules::purpose`] refuses: then the journal has a line of the refusal, without what was typed, and no access is
/// written. Whatever the error, nothing may be shown.
pub async fn record_access(node: &Node, rules: &Rules, all: &[Access]) -> Result<()> {
    let mut lines = Vec::with_capacity(all.len());
    for access in all {
        let event = format!("access-{}", access.verb.as_str());
        let subject = access.area.as_str().to_owned();
        lines.extend(of(node, rules, access, &event, &subject, &Map::new()).await?);
    }
    Ok(node.store().record_access(lines).await?)
}

/// Writes one access under an event of its own, with more details.
pub(crate) async fn record_as(
    node: &Node,
    reader: &Reader,
    access: &Access,
    event: &str,
    subject: &str,
    details: Value,
) -> Result<()> {
    let Value::Object(details) = details else { return Err(ExchangeError::damaged("a line")) };
    let lines = of(node, &reader.rules, access, event, subject, &details).await?;
    Ok(node.store().record_access(lines).await?)
}

/// The lines of an access.
async fn of(
    node: &Node,
    rules: &Rules,
    access: &Access,
    event: &str,
    subject: &str,
    details: &Map<String, Value>,
) -> Result<Vec<AccessLine>> {
    let purpose = rules.purpose(access.purpose.as_deref()).map(|it| it.map(str::to_owned));
    let verb = json!({ "verb": access.verb });
    let area = access.area.as_str();
    let purpose = journalled(node, purpose, &access.actor, "access-refused", area, verb).await?;
    let words = access.words.as_ref().map(|it| it.chars().take(WORDS).collect::<String>());
    let ids: Vec<String> = access.ids.iter().filter(|it| is_id(it)).cloned().collect();
    let mut chunks: Vec<Vec<String>> = ids.chunks(IDS).map(<[String]>::to_vec).collect();
    if chunks.is_empty() {
        chunks.push(Vec::new());
    }
    let line = |ids: Vec<String>| {
        let mut details = details.clone();
        details.insert("verb".to_owned(), json!(access.verb));
        details.insert("found".to_owned(), access.found.into());
        if !ids.is_empty() {
            details.insert("ids".to_owned(), json!(ids));
        }
        let mut apart = |name: &str, text: &Option<String>| {
            let text = text.clone()?;
            let typed = TypedText { salt: fresh::<32>(&**node.entropy()).to_vec(), text };
            details.insert(name.to_owned(), json!(salted(&typed)));
            Some(typed)
        };
        let (words, purpose) = (apart("words", &words), apart("purpose", &purpose));
        let mut entry = node.journal_by(&access.actor, event, subject, Value::Object(details));
        entry.at = access.at;
        AccessLine { entry, ids, words, purpose }
    };
    Ok(chunks.into_iter().map(line).collect())
}

/// Whether it can be nothing but an id, a folio or a digest.
fn is_id(text: &str) -> bool {
    let plain = |it: u8| it.is_ascii_alphanumeric() || b"-_:.+/".contains(&it);
    !text.is_empty() && text.len() <= ID_LIMIT && text.bytes().all(plain)
}

/// SHA-256(salt || text).
fn salted(typed: &TypedText) -> Digest {
    let mut digester = Digester::new();
    digester.update(&typed.salt);
    digester.update(typed.text.as_bytes());
    digester.finish()
}

/// What somebody typed, as far as it is known.
#[derive(Clone, Default, PartialEq, Eq, Serialize)]
pub struct Typed {
    /// Whether anything was typed.
    pub given: bool,
    /// The text; `None` where nothing was typed, or where it was erased.
    pub text: Option<String>,
}

impl std::fmt::Debug for Typed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Typed").field("given", &self.given).finish_non_exhaustive()
    }
}

/// An access as the journal has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Seen {
    /// The line of the journal.
    pub number: u64,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub actor: String,
    /// What was done.
    pub verb: Verb,
    /// In what, or the event of an oversight command.
    pub area: String,
    /// What was shown.
    pub ids: Vec<String>,
    /// How much was found.
    pub found: u64,
    /// The words.
    pub words: Typed,
    /// What for.
    pub purpose: Typed,
}

/// Accesses, newest first. The text of each is checked against the digest in its line.
///
/// # Errors
/// [`ExchangeError::Damaged`] where a line cannot be read, or a text is another than the one that was typed.
pub async fn accesses(node: &Node, query: AccessQuery) -> Result<Vec<Seen>> {
    node.store().accesses(query).await?.into_iter().map(seen).collect()
}

fn seen(row: AccessRow) -> Result<Seen> {
    let AccessRow { line, words, purpose } = row;
    let details = &line.entry.details;
    let damaged = || ExchangeError::Damaged(format!("line {} of the journal", line.number));
    let typed = |name: &str, kept: Option<TypedText>| -> Result<Typed> {
        let digest = details.get(name).and_then(Value::as_str);
        let same = kept.as_ref().is_none_or(|it| digest == Some(&salted(it).to_string()));
        let text = kept.map(|it| it.text);
        if same { Ok(Typed { given: digest.is_some(), text }) } else { Err(damaged()) }
    };
    let member = |name: &str| details.get(name).cloned().unwrap_or_default();
    let ids = details.get("ids").cloned().unwrap_or_else(|| json!([]));
    Ok(Seen {
        number: line.number,
        at: line.entry.at,
        verb: serde_json::from_value(member("verb")).map_err(|_| damaged())?,
        area: if line.entry.event.starts_with("access-") {
            line.entry.subject.clone()
        } else {
            line.entry.event.clone()
        },
        ids: serde_json::from_value(ids).map_err(|_| damaged())?,
        found: serde_json::from_value(member("found")).map_err(|_| damaged())?,
        words: typed("words", words)?,
        purpose: typed("purpose", purpose)?,
        actor: line.entry.actor,
    })
}

/// Erases what was typed longer ago than `keep`. Gives how many texts. The journal's lines stay, and say that something was
/// typed.
pub async fn forget(node: &Node, keep: SignedDuration) -> Result<u64> {
    let Ok(before) = node.now().checked_sub(keep) else { return Ok(0) };
    let erased = node.store().erase_words(before).await?;
    if erased > 0 {
        // What is deleted must not stay in the file beside the database either.
        let _ = node.store().scrub().await?;
    }
    Ok(erased)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_person_typed_never_passes_for_an_id() {
        for id in ["indicator--5d0b6f1e-3c0e-4e59-8a52-6d1f0c6e2b11", "US-2026-000001", "sha256:00"]
        {
            assert!(is_id(id), "{id}");
        }
        for text in ["", "María", "a b", "a\nb", "x@y"] {
            assert!(!is_id(text), "{text}");
        }
    }

    #[test]
    fn a_purpose_is_asked_for_and_must_be_of_the_list() {
        let code = |rules: &Rules, given| rules.purpose(given).map_err(|it| it.code());
        let any = Rules::default();
        assert_eq!(code(&any, None), Ok(None));
        assert_eq!(code(&any, Some("  case 7 ")), Ok(Some("case 7")));
        let long = "x".repeat(PURPOSE_LIMIT + 1);
        assert_eq!(code(&any, Some(&long)), Err("purpose-too-long"));
        let required = Rules { purpose_required: true, ..Rules::default() };
        assert_eq!(code(&required, Some(" ")), Err("purpose-required"));
        let listed = Rules { purposes: vec!["case work".to_owned()], ..Rules::default() };
        assert_eq!(code(&listed, Some("curiosity")), Err("purpose-unknown"));
        assert_eq!(code(&listed, Some("case work")), Ok(Some("case work")));
        assert_eq!(code(&listed, None), Ok(None));
    }
}
