//! Counting: pure functions of what was said in the two channels of a pair.

use std::collections::{BTreeMap, BTreeSet};

use comity_model::conduct::{Change, ConductBody};
use comity_model::matter::{MatterBody, reciprocity};
use comity_model::statement::{
    DescriptorBody, Kind, Outcome, Payload, ReceiptEntry, ReleaseBody, SignedApproval,
};
use comity_model::{Digest, OfficerId, ReleaseRecord};
use comity_pouch::approval::{OfficerCertificate, is_standing};
use comity_pouch::dsse::Envelope;
use reciprocity::{Period, Recorded};

use super::report::{AgreementEvent, KeyEvent, Table};

/// A statement, as far as it is counted.
#[derive(Debug, Clone)]
pub(super) struct Said {
    pub(super) recorded: Recorded,
    epoch: u32,
    sequence: u64,
    kind: String,
    release: Option<Released>,
    change: Option<(Change, u32)>,
    /// Of a descriptor, as far as it can be read.
    serial: Option<u64>,
}

#[derive(Debug, Clone)]
struct Released {
    clause: String,
    objects: u64,
    redacted: u64,
    officers: Vec<(OfficerId, bool)>,
}

impl Said {
    /// Reads the exact bytes of a payload; `None` for bytes that are none.
    pub(super) fn of(bytes: &[u8]) -> Option<Self> {
        let recorded = Recorded::of(bytes)?;
        let payload = Payload::parse(bytes).ok()?;
        let word = payload.known_kind().map_or(OTHER, |kind| kind.as_str());
        Some(Self {
            recorded,
            epoch: payload.epoch,
            sequence: payload.sequence?,
            kind: word.to_owned(),
            release: released(&payload),
            change: ConductBody::of(&payload).and_then(Result::ok).map(|body| {
                let change = body.change();
                let version = match change {
                    Change::Offered(version) | Change::Activated(version) => version,
                    _ => payload.agreement.version,
                };
                (change, version)
            }),
            serial: serial(&payload),
        })
    }
}

fn serial(payload: &Payload) -> Option<u64> {
    let body: DescriptorBody = payload.body().ok().filter(|_| payload.kind == DESCRIPTOR)?;
    let envelope = Envelope::parse(body.descriptor.as_bytes()).ok()?;
    Some(comity_pouch::descriptor::unverified(&envelope).ok()?.serial)
}

fn released(payload: &Payload) -> Option<Released> {
    let body: ReleaseBody = payload.body().ok().filter(|_| payload.kind == "release")?;
    let record = ReleaseRecord::parse(&body.release).ok()?;
    Some(Released {
        clause: record.clause,
        objects: record.objects,
        redacted: record.redacted,
        officers: body.approvals.iter().filter_map(officer).collect(),
    })
}

/// Who approved, and whether beforehand. That the approval is good was judged when the statement was taken in.
fn officer(signed: &SignedApproval) -> Option<(OfficerId, bool)> {
    let certificate = Envelope::parse(signed.certificate.as_bytes()).ok()?;
    let read = OfficerCertificate::unverified(&certificate).ok()?;
    let approval = Envelope::parse(signed.approval.as_bytes()).ok()?;
    Some((read.officer, is_standing(&approval)))
}

/// The word of the kind that announces a descriptor.
const DESCRIPTOR: &str = Kind::Descriptor.as_str();
/// The word for whatever is none that could be counted by itself.
const OTHER: &str = "other";
/// Characters of the longest word that is counted by itself.
const LONGEST: usize = 64;

/// A word of a partner's statement, where it can stand in a report: what looks like a sentence is none.
pub(super) fn word(text: &str) -> &str {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
    let fits = (1..=LONGEST).contains(&text.chars().count()) && text.chars().all(plain);
    if fits { text } else { OTHER }
}

/// Counts that are being made.
#[derive(Debug, Default)]
pub(super) struct Counts(Table);

impl Counts {
    pub(super) fn add(&mut self, about: &str, name: &str, measure: &str, more: u64) {
        let measures =
            self.0.entry(about.to_owned()).or_default().entry(name.to_owned()).or_default();
        let count = measures.entry(measure.to_owned()).or_default();
        *count = count.saturating_add(more);
    }

    pub(super) fn into_table(self) -> Table {
        self.0
    }

    /// With the figures of what was put and answered.
    pub(super) fn with_matters(mut self, matters: &reciprocity::Direction) -> Table {
        for (urgency, it) in &matters.requests {
            let measures = [
                ("put", it.put),
                ("in_time", it.in_time),
                ("late", it.late),
                ("open", it.open),
                ("overdue", it.overdue),
                ("withdrawn", it.withdrawn),
                ("complete", it.complete),
                ("nothing_found", it.nothing_found),
                ("refused", it.refused),
            ];
            self.put("requests", urgency, it.put, &measures);
        }
        let it = &matters.proposals;
        let measures = [
            ("put", it.put),
            ("accepted", it.accepted),
            ("declined", it.declined),
            ("open", it.open),
        ];
        self.put("proposals", "all", it.put, &measures);
        let it = &matters.recalls;
        let measures = [
            ("put", it.put),
            ("done", it.done),
            ("partial", it.partial),
            ("refused", it.refused),
            ("open", it.open),
            ("late", it.late),
        ];
        self.put("recalls", "all", it.put, &measures);
        let it = &matters.consents;
        let measures =
            [("put", it.put), ("granted", it.granted), ("denied", it.denied), ("open", it.open)];
        self.put("consents", "all", it.put, &measures);
        self.0
    }

    /// All measures of a matter, where there is one at all.
    fn put(&mut self, about: &str, name: &str, put: u64, measures: &[(&str, u64)]) {
        for (measure, count) in measures.iter().filter(|_| put > 0) {
            self.add(about, name, measure, *count);
        }
    }
}

/// What one party said in the period, with what the other party's receipts say of it.
/// A receipt for what counts as not said is passed over.
pub(super) fn direction(said: &[&Said], back: &[&Said], period: &Period) -> Counts {
    let stands: BTreeSet<Digest> = said.iter().map(|it| it.recorded.digest()).collect();
    let mut receipts: BTreeMap<Digest, &ReceiptEntry> = BTreeMap::new();
    let mut counts = Counts::default();
    for answer in back {
        let counted = period.has(answer.recorded.at());
        for entry in answer.recorded.receipts().iter().filter(|it| stands.contains(&it.digest)) {
            receipts.entry(entry.digest).or_insert(entry);
            if counted {
                refusals(&mut counts, entry);
            }
        }
    }
    for it in said.iter().filter(|it| period.has(it.recorded.at())) {
        let receipt = receipts.get(&it.recorded.digest()).copied();
        counts.add("kinds", &it.kind, "statements", 1);
        let outcome = receipt.map_or("unanswered", |it| it.outcome.as_str());
        if it.kind != "receipt" {
            counts.add("kinds", &it.kind, outcome, 1);
        }
        if let Some(released) = &it.release {
            release(&mut counts, released, receipt);
        }
        if let Some(MatterBody::Purge(body)) = it.recorded.matter() {
            counts.add("purges", body.cause.as_str(), "statements", 1);
            for of in &body.releases {
                counts.add("purges", body.cause.as_str(), "purged", of.purged);
                counts.add("purges", body.cause.as_str(), "held", of.held);
            }
        }
    }
    counts
}

fn release(counts: &mut Counts, released: &Released, receipt: Option<&ReceiptEntry>) {
    let clause = word(&released.clause);
    counts.add("clauses", clause, "releases", 1);
    counts.add("clauses", clause, "objects", released.objects);
    counts.add("clauses", clause, "redacted", released.redacted);
    if let Some(receipt) = receipt {
        counts.add("clauses", clause, "objects_admitted", receipt.admitted);
        counts.add("clauses", clause, "objects_refused", receipt.refused);
    }
    if receipt.is_some_and(|it| it.outcome == Outcome::Refused) {
        return;
    }
    for (officer, standing) in &released.officers {
        let measure = if *standing { "standing" } else { "releases" };
        counts.add("approvals", &officer.to_string(), measure, 1);
    }
}

/// What a receipt refuses, by code. Of the objects it lists the first ones; the rest is counted as `other`.
fn refusals(counts: &mut Counts, entry: &ReceiptEntry) {
    if let Some(code) = &entry.code {
        counts.add("refusals", word(code), "statements", 1);
    }
    for object in &entry.objects {
        counts.add("refusals", word(&object.code), "objects", 1);
    }
    let unlisted = entry.refused.saturating_sub(entry.objects.len() as u64);
    if unlisted > 0 {
        counts.add("refusals", OTHER, "objects", unlisted);
    }
}

/// What was changed about the agreement in the period.
pub(super) fn agreement(said: &[&Said], period: &Period) -> Vec<AgreementEvent> {
    let events = said.iter().filter(|it| period.has(it.recorded.at())).filter_map(|it| {
        let (change, version) = it.change?;
        let (epoch, sequence, at) = (it.epoch, it.sequence, it.recorded.at());
        Some(AgreementEvent { epoch, sequence, at, change: change.as_str().to_owned(), version })
    });
    events.collect()
}

/// Descriptors announced in the period.
pub(super) fn keys(said: &[&Said], period: &Period) -> Vec<KeyEvent> {
    let announced = |it: &&&Said| it.kind == DESCRIPTOR && period.has(it.recorded.at());
    let events = said.iter().filter(announced).map(|it| KeyEvent {
        epoch: it.epoch,
        sequence: it.sequence,
        at: it.recorded.at(),
        serial: it.serial,
    });
    events.collect()
}
