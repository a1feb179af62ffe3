//! Figures of reciprocity: what each party asked, gave and answered, computed from the statements of both channels alone
//! (docs/protocol.md section 4.10). Two nodes that have the same statements compute the same figures.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Serialize;

use super::{Clock, Entry, MatterBody, Stage, Urgency, accepts, clock, stage};
use crate::conduct::ConductBody;
use crate::statement::{Kind, Outcome, Payload, ReceiptBody, ReceiptEntry, ReleaseBody};
use crate::{Digest, MatterId, PartyRoot, ReleaseRecord};

/// A statement of the record, as far as figures need it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    digest: Digest,
    at: Timestamp,
    fact: Fact,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Fact {
    Matter(Box<MatterBody>),
    Release { objects: u64, redacted: u64 },
    Receipt(Vec<ReceiptEntry>),
    Termination,
    Other,
}

impl Recorded {
    /// Reads the exact bytes of a payload; `None` for bytes that are no payload. A body that breaks the rules of its kind
    /// counts for nothing, as it did when it arrived.
    pub fn of(payload: &[u8]) -> Option<Self> {
        let digest = Digest::of(payload);
        let payload = Payload::parse(payload).ok()?;
        let fact = match payload.known_kind() {
            Some(Kind::Release) => released(&payload),
            Some(Kind::Receipt) => payload
                .body::<ReceiptBody>()
                .map_or(Fact::Other, |body| Fact::Receipt(body.entries)),
            Some(Kind::Termination) => match ConductBody::of(&payload) {
                Some(Ok(_)) => Fact::Termination,
                _ => Fact::Other,
            },
            _ => match MatterBody::of(&payload) {
                Some(Ok(body)) => Fact::Matter(Box::new(body)),
                _ => Fact::Other,
            },
        };
        Some(Self { digest, at: payload.issued_at, fact })
    }

    /// The digest of the statement.
    pub const fn digest(&self) -> Digest {
        self.digest
    }

    /// Its `issued_at`.
    pub const fn at(&self) -> Timestamp {
        self.at
    }

    /// What it says of statements of the other party, if it is a receipt.
    pub fn receipts(&self) -> &[ReceiptEntry] {
        match &self.fact {
            Fact::Receipt(entries) => entries,
            _ => &[],
        }
    }

    /// What it says in a matter, if it says something in one.
    pub fn matter(&self) -> Option<&MatterBody> {
        match &self.fact {
            Fact::Matter(body) => Some(body),
            _ => None,
        }
    }
}

fn released(payload: &Payload) -> Fact {
    let record = payload
        .body::<ReleaseBody>()
        .ok()
        .and_then(|body| ReleaseRecord::parse(&body.release).ok());
    record.map_or(Fact::Other, |it| Fact::Release { objects: it.objects, redacted: it.redacted })
}

/// Everything that one party said to the other, in order.
#[derive(Debug, Clone, Copy)]
pub struct Channel<'a> {
    /// Who speaks.
    pub from: PartyRoot,
    /// To whom.
    pub to: PartyRoot,
    /// From sequence 0 on.
    pub said: &'a [Recorded],
}

/// The `issued_at` of what is counted. A matter is counted where the statement that opened it is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Period {
    /// The first instant that counts.
    pub from: Option<Timestamp>,
    /// The first instant that does not count any more.
    pub before: Option<Timestamp>,
}

impl Period {
    /// Whether `at` is in it.
    pub fn has(&self, at: Timestamp) -> bool {
        self.from.is_none_or(|from| from <= at) && self.before.is_none_or(|before| at < before)
    }
}

/// What one party did towards the other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Direction {
    /// The party that asked, gave, put and recalled.
    pub from: PartyRoot,
    /// The party to which.
    pub to: PartyRoot,
    /// Requests that it put, by urgency.
    pub requests: BTreeMap<&'static str, Requests>,
    /// What it gave.
    pub releases: Releases,
    /// Proposals that it put.
    pub proposals: Proposals,
    /// Recalls that it asked for.
    pub recalls: Recalls,
    /// Consents that it asked for.
    pub consents: Consents,
    /// What it purged of what the other gave.
    pub purges: Purges,
}

/// Requests of one urgency. `put` is the sum of `in_time`, `late`, `open`, `overdue`, `withdrawn` and `ended`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Requests {
    /// Put.
    pub put: u64,
    /// Closed by an answer that was issued before the clock ran out.
    pub in_time: u64,
    /// Closed by an answer that was issued after it.
    pub late: u64,
    /// Not closed, and the clock has not run out.
    pub open: u64,
    /// Not closed, and the clock has run out.
    pub overdue: u64,
    /// Withdrawn by the party that asked.
    pub withdrawn: u64,
    /// Not closed when the agreement was terminated.
    pub ended: u64,
    /// Of those closed: answered with all that can be given.
    pub complete: u64,
    /// Of those closed: nothing was held.
    pub nothing_found: u64,
    /// Of those closed: refused on grounds.
    pub refused: u64,
    /// Half of the closing answers took at most so long, in whole minutes from reception.
    pub median_minutes: Option<u64>,
    /// The longest that a closing answer took, in whole minutes from reception.
    pub longest_minutes: Option<u64>,
}

/// Releases.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Releases {
    /// Releases sealed.
    pub releases: u64,
    /// Objects in them.
    pub objects: u64,
    /// Of these, redacted derivatives.
    pub redacted: u64,
    /// Objects that the other party admitted, by its receipts.
    pub admitted: u64,
    /// Objects that it refused, by its receipts.
    pub refused: u64,
    /// Releases without a receipt.
    pub unacknowledged: u64,
}

/// Proposals.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Proposals {
    /// Put.
    pub put: u64,
    /// Accepted.
    pub accepted: u64,
    /// Declined.
    pub declined: u64,
    /// Not decided.
    pub open: u64,
    /// Not decided when the agreement was terminated.
    pub ended: u64,
}

/// Recalls. `put` is the sum of `done`, `partial`, `held`, `refused`, `open` and `unanswered`: how each stands, as both sides
/// show it. How many of them are late is counted beside that.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Recalls {
    /// Asked for.
    pub put: u64,
    /// Done.
    pub done: u64,
    /// Done in part.
    pub partial: u64,
    /// Kept by a legal hold.
    pub held: u64,
    /// Refused on grounds.
    pub refused: u64,
    /// Not answered, and the clock has not run out.
    pub open: u64,
    /// Not answered, and the clock has run out.
    pub unanswered: u64,
    /// Of all: closed, or said to be held, after the clock ran out, or neither and it has run out.
    pub late: u64,
}

/// Consents.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Consents {
    /// Asked for.
    pub put: u64,
    /// Granted, and not withdrawn.
    pub granted: u64,
    /// Granted, and withdrawn later.
    pub withdrawn: u64,
    /// Denied.
    pub denied: u64,
    /// Not answered.
    pub open: u64,
    /// Not answered when the agreement was terminated.
    pub ended: u64,
}

/// Purges.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Purges {
    /// Purge statements.
    pub statements: u64,
    /// Objects that they say were purged.
    pub purged: u64,
}

/// When the record was last written: the latest `issued_at` of both channels. Clocks are read at this time, not at the
/// reader's.
pub fn as_of(channels: [Channel<'_>; 2]) -> Option<Timestamp> {
    channels.iter().flat_map(|it| it.said).map(|it| it.at).max()
}

/// The figures of both directions, that of `first` first. The channels are those between two parties, one each way.
pub fn figures(first: Channel<'_>, second: Channel<'_>, period: &Period) -> [Direction; 2] {
    let now = as_of([first, second]).unwrap_or(Timestamp::UNIX_EPOCH);
    figures_at(first, second, period, now)
}

/// The same, with clocks read at `now`.
pub fn figures_at(
    first: Channel<'_>,
    second: Channel<'_>,
    period: &Period,
    now: Timestamp,
) -> [Direction; 2] {
    [direction(first, second, period, now), direction(second, first, period, now)]
}

fn direction(own: Channel<'_>, back: Channel<'_>, period: &Period, now: Timestamp) -> Direction {
    let receipts = receipts(back);
    let mut out = Direction {
        from: own.from,
        to: own.to,
        requests: Urgency::ALL.iter().map(|it| (it.as_str(), Requests::default())).collect(),
        releases: Releases::default(),
        proposals: Proposals::default(),
        recalls: Recalls::default(),
        consents: Consents::default(),
        purges: Purges::default(),
    };
    let taken = |it: &&Recorded| !is_refused(&receipts, it.digest);
    for said in own.said.iter().filter(|it| period.has(it.at)) {
        match &said.fact {
            Fact::Release { objects, redacted } => {
                out.releases.count(*objects, *redacted, receipts.get(&said.digest).copied());
            }
            Fact::Matter(body) if taken(&said) => {
                if let MatterBody::Purge(body) = &**body {
                    out.purges.statements += 1;
                    let purged =
                        body.releases.iter().fold(0_u64, |sum, it| sum.saturating_add(it.purged));
                    out.purges.purged = out.purges.purged.saturating_add(purged);
                }
            }
            _ => {}
        }
    }
    let mut minutes: BTreeMap<&'static str, Vec<u64>> = BTreeMap::new();
    let terminated = is_terminated(own, back);
    for entries in matters(own, back).values() {
        let Some(opening) = entries.first().filter(|it| period.has(it.at)) else { continue };
        let Some(standing) = stage(entries) else { continue };
        let kind = opening.body.matter().kind();
        let standing = if terminated { standing.after_termination(kind) } else { standing };
        let clock = clock(entries);
        match &opening.body {
            MatterBody::Request(body) => {
                let word = body.urgency.as_str();
                let took = out.requests.entry(word).or_default().count(standing, clock, now);
                minutes.entry(word).or_default().extend(took);
            }
            MatterBody::Proposal(_) => out.proposals.count(standing),
            MatterBody::Recall(_) => out.recalls.count(standing, clock, now),
            MatterBody::Consent(_) => out.consents.count(standing),
            _ => {}
        }
    }
    for (word, mut took) in minutes {
        took.sort_unstable();
        let figures = out.requests.entry(word).or_default();
        figures.median_minutes = median(&took);
        figures.longest_minutes = took.last().copied();
    }
    out
}

/// The lower of the two in the middle where there are two.
fn median(sorted: &[u64]) -> Option<u64> {
    sorted.get(sorted.len().checked_sub(1)? / 2).copied()
}

impl Requests {
    /// Counts one, and says how long its closing answer took.
    fn count(&mut self, standing: Stage, clock: Option<Clock>, now: Timestamp) -> Option<u64> {
        self.put += 1;
        match standing {
            Stage::Withdrawn => {
                self.withdrawn += 1;
                return None;
            }
            Stage::Ended => {
                self.ended += 1;
                return None;
            }
            Stage::Answered => self.complete += 1,
            Stage::NothingFound => self.nothing_found += 1,
            Stage::Refused => self.refused += 1,
            _ if clock.is_some_and(|it| it.overdue(now)) => {
                self.overdue += 1;
                return None;
            }
            _ => {
                self.open += 1;
                return None;
            }
        }
        if clock.is_some_and(|it| it.overdue(now)) {
            self.late += 1;
        } else {
            self.in_time += 1;
        }
        let clock = clock?;
        let took = clock.answered?.duration_since(clock.from);
        Some(u64::try_from(took.as_mins()).unwrap_or_default())
    }
}

impl Releases {
    fn count(&mut self, objects: u64, redacted: u64, receipt: Option<&ReceiptEntry>) {
        let add = |to: &mut u64, more: u64| *to = to.saturating_add(more);
        add(&mut self.releases, 1);
        add(&mut self.objects, objects);
        add(&mut self.redacted, redacted);
        match receipt {
            Some(receipt) => {
                add(&mut self.admitted, receipt.admitted);
                add(&mut self.refused, receipt.refused);
            }
            None => add(&mut self.unacknowledged, 1),
        }
    }
}

impl Proposals {
    const fn count(&mut self, standing: Stage) {
        self.put += 1;
        match standing {
            Stage::Accepted => self.accepted += 1,
            Stage::Declined => self.declined += 1,
            Stage::Ended => self.ended += 1,
            _ => self.open += 1,
        }
    }
}

impl Recalls {
    fn count(&mut self, standing: Stage, clock: Option<Clock>, now: Timestamp) {
        self.put += 1;
        let late = clock.is_some_and(|it| it.overdue(now));
        match standing {
            Stage::Done => self.done += 1,
            Stage::DoneInPart => self.partial += 1,
            Stage::Held => self.held += 1,
            Stage::Refused => self.refused += 1,
            _ if late => self.unanswered += 1,
            _ => self.open += 1,
        }
        self.late += u64::from(late);
    }
}

impl Consents {
    const fn count(&mut self, standing: Stage) {
        self.put += 1;
        match standing {
            Stage::Granted => self.granted += 1,
            Stage::Withdrawn => self.withdrawn += 1,
            Stage::Denied => self.denied += 1,
            Stage::Ended => self.ended += 1,
            _ => self.open += 1,
        }
    }
}

/// Whether either party terminated the agreement, and the other did not refuse that.
fn is_terminated(own: Channel<'_>, back: Channel<'_>) -> bool {
    [(own, back), (back, own)].into_iter().any(|(said, answered)| {
        let refused = receipts(answered);
        let ends = |it: &&Recorded| it.fact == Fact::Termination;
        said.said.iter().filter(ends).any(|it| !is_refused(&refused, it.digest))
    })
}

/// What a channel's receipts say, by the statement that they answer. The first answer stays.
fn receipts(channel: Channel<'_>) -> BTreeMap<Digest, &ReceiptEntry> {
    let mut found = BTreeMap::new();
    for said in channel.said {
        if let Fact::Receipt(entries) = &said.fact {
            for entry in entries {
                found.entry(entry.digest).or_insert(entry);
            }
        }
    }
    found
}

fn is_refused(receipts: &BTreeMap<Digest, &ReceiptEntry>, statement: Digest) -> bool {
    receipts.get(&statement).is_some_and(|it| it.outcome == Outcome::Refused)
}

/// The matters that the party of `own` opened, each in the order of the other party: what was said there, and what it
/// acknowledged of what was said here, in the order of its channel; last, what it has not acknowledged yet.
fn matters(own: Channel<'_>, back: Channel<'_>) -> BTreeMap<MatterId, Vec<Entry>> {
    let (heard, ours) = (receipts(back), receipts(own));
    let mut waiting: BTreeMap<Digest, Entry> = BTreeMap::new();
    let mut order = Vec::new();
    for said in own.said {
        if let Fact::Matter(body) = &said.fact
            && !is_refused(&heard, said.digest)
        {
            let received_at = heard.get(&said.digest).map(|it| it.received_at);
            order.push(said.digest);
            waiting.insert(said.digest, entry(own, said, body, received_at));
        }
    }
    let mut found: BTreeMap<MatterId, Vec<Entry>> = BTreeMap::new();
    for said in back.said {
        match &said.fact {
            Fact::Receipt(entries) => {
                for receipt in entries {
                    if let Some(entry) = waiting.remove(&receipt.digest) {
                        file(&mut found, entry);
                    }
                }
            }
            Fact::Matter(body) if !is_refused(&ours, said.digest) => {
                if let Some(entries) = found.get_mut(&body.matter()) {
                    let received_at = ours.get(&said.digest).map(|it| it.received_at);
                    entries.push(entry(back, said, body, received_at));
                }
            }
            _ => {}
        }
    }
    for digest in order {
        if let Some(entry) = waiting.remove(&digest) {
            file(&mut found, entry);
        }
    }
    found
}

/// Files what the opener said. Only what opens a matter begins one: the rest belongs to a matter that the other party opened.
fn file(found: &mut BTreeMap<MatterId, Vec<Entry>>, entry: Entry) {
    let id = entry.body.matter();
    match found.get_mut(&id) {
        Some(entries) => entries.push(entry),
        None if accepts(&[], entry.from, &entry.body).is_ok() => {
            found.insert(id, vec![entry]);
        }
        None => {}
    }
}

fn entry(
    channel: Channel<'_>,
    said: &Recorded,
    body: &MatterBody,
    received_at: Option<Timestamp>,
) -> Entry {
    Entry {
        from: channel.from,
        to: channel.to,
        statement: said.digest,
        at: said.at,
        received_at,
        body: body.clone(),
    }
}

#[cfg(test)]
mod tests;
