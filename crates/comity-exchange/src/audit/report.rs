//! The form of a report (docs/protocol.md section 9.5).

use std::collections::BTreeMap;

use comity_model::{AgreementId, Digest, Handle, PartyRoot};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::lost::Lost;

/// The version of the form.
pub(super) const VERSION: u32 = 1;

/// Counts: by what they are about, by the word counted, and by measure. `kinds` / `release` / `statements` is how many
/// releases were sealed. Every word is of the standard, of the agreement, or an officer's random id.
pub type Table = BTreeMap<String, BTreeMap<String, BTreeMap<String, u64>>>;

/// Whole days in UTC, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Days {
    /// The first.
    pub from: Date,
    /// The last.
    pub until: Date,
}

/// A report: what one party says of its record, without content and without names of persons.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Report {
    /// 1.
    pub v: u32,
    /// Whose record it is.
    pub by: PartyRoot,
    /// Whether that party's node is a training node.
    pub exercise: bool,
    /// What is counted, by `issued_at`.
    pub days: Days,
    /// The one partner that it is about; left out where it is about all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub partner: Option<PartyRoot>,
    /// What both parties of each pair of channels have, by agreement. The partner computes the same.
    pub shared: Vec<Pair>,
    /// By channel, statements of the period that are not counted yet, because the receiver has not cosigned them.
    pub waiting: BTreeMap<String, u64>,
    /// What this party knew when it wrote the report that it had once and cannot show, of whatever time; left out where there
    /// is nothing.
    #[serde(default, skip_serializing_if = "Lost::is_empty")]
    pub lost: Lost,
    /// What only this party's journal knows; left out of a report about one partner.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub house: Option<House>,
}

/// The two channels of an agreement, through all their epochs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pair {
    /// The agreement.
    pub agreement: AgreementId,
    /// When clocks are read: the end of the period, or the latest `issued_at` of a record that does not reach so far.
    pub as_of: Option<Timestamp>,
    /// The channels, that of the smaller root first.
    pub directions: [Direction; 2],
}

/// What one party said to the other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Direction {
    /// Who speaks.
    pub from: PartyRoot,
    /// To whom.
    pub to: PartyRoot,
    /// What the agreement calls the party that speaks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub handle: Option<Handle>,
    /// The log before the period.
    pub begin: Place,
    /// Epochs before that of `end`, in order: what of each stands. What a party forgot is not counted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ended: Vec<Place>,
    /// The log at its end, as far as both cosigned it.
    pub end: Place,
    /// The counts.
    pub counts: Table,
    /// What was changed about the agreement.
    pub agreement: Vec<AgreementEvent>,
    /// Descriptors that were announced.
    pub keys: Vec<KeyEvent>,
}

impl Direction {
    /// Statements of the period that are counted, in all epochs.
    pub fn statements(&self) -> u64 {
        let places = self.ended.iter().chain([&self.end]);
        let reached = places.filter(|it| it.epoch >= self.begin.epoch).map(|it| it.size);
        reached.fold(0, u64::saturating_add).saturating_sub(self.begin.size)
    }
}

/// A size of a log and its root. In the epoch that goes on it is under a checkpoint that both signed; of one that ended, it
/// is what the next one took up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Place {
    /// The epoch, from 1.
    pub epoch: u32,
    /// Statements from the start.
    pub size: u64,
    /// The root over them (RFC 6962).
    pub root: Digest,
}

/// A statement about the agreement itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AgreementEvent {
    /// The epoch of its place, from 1.
    pub epoch: u32,
    /// Its place in that.
    pub sequence: u64,
    /// Its `issued_at`.
    pub at: Timestamp,
    /// `offered`, `activated`, `suspended`, `lifted` or `terminated`.
    pub change: String,
    /// The version that was offered or activated; else the one that it cites.
    pub version: u32,
}

/// A party's new descriptor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyEvent {
    /// The epoch of its place, from 1.
    pub epoch: u32,
    /// Its place in that.
    pub sequence: u64,
    /// Its `issued_at`.
    pub at: Timestamp,
    /// The descriptor's serial; `None` where it cannot be read.
    pub serial: Option<u64>,
}

/// What the journal of the period has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct House {
    /// Lines by event, and refusals by code.
    pub counts: Table,
    /// The number of the last line that is counted.
    pub last: Option<u64>,
    /// The RFC 6962 leaf hash of that line.
    pub leaf: Option<Digest>,
}
