//! What a partner signed twice: found in the journal and in the pouches that were kept, written as a file that convicts.

use std::collections::BTreeMap;

use comity_log::checkpoint::Checkpoint;
use comity_log::note::SignedNote;
use comity_model::statement::Payload;
use comity_model::{ChannelId, Digest, PartyRoot, Refusal};
use comity_pouch::{Envelope, Limits, PouchReader};
use serde::Serialize;
use serde_json::{Value, json};

use super::super::equivocation::{Conviction, Equivocation, check, check_document};
use super::super::flaw::Flaw;
use super::{by_digest, descriptors_of, signed};
use crate::dispatch::blocking;
use crate::error::{ExchangeError, Result};
use crate::node::Node;
use crate::ports::InboundHead;

/// Lines of the journal that are read at once.
const PAGE: u32 = 1_000;
/// The event under which a log that has two roots for one size stands in the journal.
const FORKED: &str = "record-forked";

/// How a partner was seen to say two things of which only one can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Seen {
    /// Two statements for one place.
    Statements,
    /// Two roots for one size of its log.
    Roots,
}

/// Something that a partner was seen to have signed twice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SeenTwice {
    /// By what it is named: the digest of the pouch that was kept, or the origin of the log.
    pub name: String,
    /// How it was seen.
    pub seen: Seen,
    /// The number of the journal's line.
    pub line: u64,
}

/// Everything that a partner was seen to have signed twice, oldest first, each once.
pub async fn collisions(node: &Node) -> Result<Vec<SeenTwice>> {
    let mut found: BTreeMap<String, SeenTwice> = BTreeMap::new();
    let mut number = 0;
    loop {
        let lines = node.store().journal_lines(number, PAGE).await?;
        let Some(last) = lines.last().map(|it| it.number) else { break };
        for line in lines {
            let entry = &line.entry;
            let text = |name: &str| entry.details.get(name).and_then(Value::as_str);
            let (name, seen) = match entry.event.as_str() {
                "pouch-refused" if text("code") == Some(Refusal::Equivocation.code()) => {
                    (entry.subject.clone(), Seen::Statements)
                }
                FORKED if text("other").is_some() => {
                    (text("channel").unwrap_or_default().to_owned(), Seen::Roots)
                }
                _ => continue,
            };
            found.entry(name.clone()).or_insert(SeenTwice { name, seen, line: line.number });
        }
        number = last + 1;
    }
    let mut all: Vec<SeenTwice> = found.into_values().collect();
    all.sort_by_key(|it| it.line);
    Ok(all)
}

/// Writes what a partner was seen to have signed twice, named as [`collisions`] names it, into a file of the format
/// `comity-equivocation/1`. `by` is who asks, for the journal.
///
/// # Errors
/// `NotFound` for a name that is none of them; refused with `evidence-incomplete` where one of the two is not here any
/// more, or waits to be consumed. Either way it leaves a journal line and nothing else.
pub async fn equivocation(node: &Node, name: &str, by: &str) -> Result<Vec<u8>> {
    let nowhere = |_: &[u8]| Ok::<(), ExchangeError>(());
    Ok(equivocation_into(node, name, by, nowhere).await?.0)
}

/// As [`equivocation`], and hands the file to `keep` before the journal says that it is written; gives what that made of it.
///
/// # Errors
/// As [`equivocation`], and those of `keep`, which leave a line that the file was not written (`file-not-kept`).
pub async fn equivocation_into<K, E: From<ExchangeError>>(
    node: &Node,
    name: &str,
    by: &str,
    keep: impl FnOnce(&[u8]) -> Result<K, E>,
) -> Result<(Vec<u8>, K), E> {
    let kept = super::kept(gather(node, name).await, |file| keep(file));
    let (event, details) = match &kept {
        Ok((file, _)) => ("equivocation-written", json!({ "file": Digest::of(file) })),
        Err((code, _)) => ("evidence-refused", json!({ "code": code })),
    };
    let subject: String = name.chars().take(200).collect();
    let journal = vec![node.journal_by(by, event, subject, details)];
    node.store().journal(journal).await.map_err(ExchangeError::from)?;
    kept.map_err(|(_, error)| error)
}

async fn gather(node: &Node, name: &str) -> Result<Vec<u8>> {
    let all = collisions(node).await?;
    let seen =
        all.into_iter().find(|it| it.name == name).ok_or_else(|| ExchangeError::NotFound {
            what: "equivocation",
            name: name.chars().take(200).collect(),
            advice: "`comity inbox contradictions` lists those that were seen",
        })?;
    let (mut file, root) = match seen.seen {
        Seen::Statements => of_statements(node, name).await?,
        Seen::Roots => of_roots(node, seen.line).await?,
    };
    let why = |flaw: Flaw| incomplete(&flaw.to_string());
    let found = check_document(&file, &[root]).map_err(why)?;
    thin(&mut file, root, &found);
    let file = file.to_bytes();
    check(&file, &[root]).map_err(why)?;
    Ok(file)
}

/// Leaves out the descriptors without which the file says as much: what collides, and whether a key was taken back.
fn thin(file: &mut Equivocation, root: PartyRoot, whole: &Conviction) {
    let says_as_much = |it: &Conviction| {
        (&it.channel, &it.collision, it.revocation)
            == (&whole.channel, &whole.collision, whole.revocation)
    };
    let mut at = 0;
    while at < file.descriptors.len() {
        let mut less = file.clone();
        less.descriptors.remove(at);
        if check_document(&less, &[root]).is_ok_and(|it| says_as_much(&it)) {
            *file = less;
        } else {
            at += 1;
        }
    }
}

fn incomplete(why: &str) -> ExchangeError {
    ExchangeError::refused(
        "evidence-incomplete",
        format!("the two do not convict by themselves: {why}"),
    )
}

async fn of_statements(node: &Node, name: &str) -> Result<(Equivocation, PartyRoot)> {
    let pouch: Digest = name.parse().map_err(ExchangeError::damaged)?;
    let envelope = kept(node, pouch).await?;
    let payload = Payload::parse(envelope.unverified_payload()).map_err(ExchangeError::damaged)?;
    let (channel, sequence, nonce) = (payload.channel(), payload.sequence, payload.nonce.0);
    let slot = node.store().slot(channel, sequence, payload.id, nonce).await?;
    let occupant = match slot.occupant {
        Some(digest) => by_digest(node, digest).await?,
        None => None,
    };
    let occupant = occupant.ok_or_else(|| {
        incomplete("the first statement at this place is not consumed yet; try again when it is")
    })?;
    let other = signed(&envelope.to_json())?;
    let descriptors = descriptors(node, channel.from).await?;
    let statements = [signed(&occupant.envelope)?, other];
    Ok((Equivocation::of_statements(descriptors, statements), channel.from))
}

/// The statement of a pouch that was kept as evidence.
async fn kept(node: &Node, pouch: Digest) -> Result<Envelope> {
    let (reader, keys) = (node.clone(), node.keys()?);
    let gone = || incomplete("the pouch is not on this disk any more");
    blocking(move || {
        let file = reader.spool().open(&pouch).map_err(|_| gone())?;
        let pouch = PouchReader::open(file, &keys.openers(), &Limits::default());
        let pouch = pouch.map_err(|_| gone())?;
        Envelope::parse(pouch.statement()).map_err(|_| gone())
    })
    .await
}

async fn of_roots(node: &Node, line: u64) -> Result<(Equivocation, PartyRoot)> {
    let lines = node.store().journal_lines(line, 1).await?;
    let details = lines.into_iter().next().map(|it| it.entry.details).unwrap_or_default();
    let text =
        |name: &str| details.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let channels = node.store().inbound_channels().await?;
    let channel = channels.into_iter().find(|it| it.to_string() == text("channel"));
    let root = channel.ok_or_else(|| incomplete("the channel is not known"))?.from;
    let descriptors = descriptors(node, root).await?;
    Ok((Equivocation::of_checkpoints(descriptors, [text("note"), text("other")]), root))
}

async fn descriptors(node: &Node, root: PartyRoot) -> Result<Vec<super::Signed>> {
    descriptors_of(node, root).await?.iter().map(|it| signed(it.as_bytes())).collect()
}

/// Whether a checkpoint that a partner's log signed has another root than one of the same size that is kept here, seen or
/// cosigned. Then both notes go into the journal as evidence: they convict.
pub(crate) async fn is_forked(
    node: &Node,
    channel: ChannelId,
    head: &InboundHead,
    (size, signed): (u64, &str),
) -> Result<bool> {
    let Some(root) = root_of(signed) else { return Ok(false) };
    let kept = [&head.seen, &head.cosigned].into_iter().flatten();
    let other = kept.filter(|(kept, _)| *kept == size).map(|(_, note)| note);
    let Some(other) = other.into_iter().find(|it| root_of(it).is_some_and(|it| it != root)) else {
        return Ok(false);
    };
    if node.is_news(signed.as_bytes()) {
        let details =
            json!({ "channel": channel.to_string(), "size": size, "note": signed, "other": other });
        node.store().journal(vec![node.journal(FORKED, channel.from, details)]).await?;
    }
    Ok(true)
}

fn root_of(note: &str) -> Option<comity_log::Hash> {
    let note = SignedNote::parse(note.as_bytes()).ok()?;
    Checkpoint::parse(note.text()).ok().map(|it| *it.root())
}
