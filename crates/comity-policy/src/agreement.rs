//! An agreement as read: what two parties signed.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

pub use comity_model::Urgency;
use comity_model::{AgreementId, Digest, Handle, PartyRoot, Tlp};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::clause::Clause;
use crate::diff;
use crate::error::AgreementError;
use crate::grounds::GivenReason;

/// The one language this crate reads. It fixes the fields, the vocabulary and what `when` may say.
pub const LANGUAGE: &str = "comity-agreement/1";

/// The longest text of an agreement, in bytes.
pub const MAX_TEXT: usize = 256 * 1024;

/// One version of an agreement between two parties (docs/protocol.md section 2). A value comes only from
/// [`Agreement::parse`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Agreement {
    /// The same through all versions.
    pub id: AgreementId,
    /// From 1.
    pub version: u32,
    /// One line for people.
    pub title: String,
    /// [`LANGUAGE`].
    pub language: &'static str,
    /// What the parties may do under it at all; never empty.
    pub scope: BTreeSet<Scope>,
    /// What it rests on.
    pub legal_basis: Vec<String>,
    /// When it binds.
    pub in_force: InForce,
    /// From when on this version takes the place of the one before. `activation` where the text names none.
    pub binds: Binds,
    /// The label of objects that carry none. `amber` where the text names none.
    pub default_tlp: Tlp,
    /// Both parties, by the handle that this text gives them.
    pub parties: BTreeMap<Handle, PartyRoot>,
    /// At least one, in the order of the text.
    pub clauses: Vec<Clause>,
    /// Clocks for requests, most urgent first, at most one an urgency.
    pub answer_times: Vec<AnswerTime>,
    /// Ceilings, in the order of the text.
    pub quotas: Vec<Quota>,
    /// What may be given as the reason of an act, in the order of the text.
    pub reasons: Vec<GivenReason>,
    /// What no clause overrides, in the order of the text: policy `red-line:1` is the first.
    pub red_lines: Vec<RedLine>,
    /// SHA-256 of the exact text: what both parties sign.
    pub digest: Digest,
    /// The exact text.
    pub text: Arc<str>,
}

impl Agreement {
    /// Reads an agreement. Returns every error, in the order of the lines; where the text is no TOML, only
    /// the errors of TOML. At most 200 errors are returned.
    pub fn parse(text: &str) -> Result<Self, Vec<AgreementError>> {
        crate::parse::agreement(text, false)
    }

    /// Reads a text that is to be signed. What contradicts itself is an error here too, with its line; a text that both
    /// parties signed binds as it stands, and [`Agreement::parse`] reads it.
    pub fn parse_draft(text: &str) -> Result<Self, Vec<AgreementError>> {
        crate::parse::agreement(text, true)
    }

    /// The clause with this id.
    pub fn clause(&self, id: &str) -> Option<&Clause> {
        self.clauses.iter().find(|clause| clause.id == id)
    }

    /// The handle that this agreement gives to a party.
    pub fn handle_of(&self, root: &PartyRoot) -> Option<&Handle> {
        self.parties.iter().find(|(_, known)| *known == root).map(|(handle, _)| handle)
    }

    /// The other party, as `root` sees it; `None` where `root` is no party.
    pub fn partner_of(&self, root: &PartyRoot) -> Option<(&Handle, &PartyRoot)> {
        self.handle_of(root)?;
        self.parties.iter().find(|(_, known)| *known != root)
    }

    /// The ceilings of a clause, in the order of the text: at most one a period.
    pub fn quotas_of(&self, clause: &str) -> impl Iterator<Item = &Quota> {
        self.quotas.iter().filter(move |quota| quota.clause == clause)
    }

    /// The clauses of an earlier version under which what was given counts against the quotas of `clause` too, so that no
    /// name begins a count again (docs/protocol.md section 2.1). Of the same giving party are those whose name this version
    /// no longer has, where that one had no clause of this name; and those that the clause is more like now than it is like
    /// what had its name before, or than what has their name now: two clauses that change names take their counts along.
    pub fn formerly<'a>(&self, clause: &str, earlier: &'a Self) -> Vec<&'a str> {
        let giver =
            |agreement: &Self, clause: &Clause| agreement.parties.get(&clause.from).copied();
        let Some(now) = self.clause(clause) else { return Vec::new() };
        let same = |agreement: &Self, it: &Clause| {
            let root = giver(self, now);
            root.is_some() && giver(agreement, it) == root
        };
        let named = |id: &str| self.clause(id).filter(|it| same(self, it));
        let before = earlier.clause(clause).filter(|it| same(earlier, it));
        let steps = |then: &Clause, now: &Clause| diff::steps((earlier, then), (self, now));
        let from_before = before.map(|it| steps(it, now));
        if from_before == Some(0) {
            return Vec::new();
        }
        let counts = |it: &&Clause| match (from_before, named(&it.id)) {
            _ if it.id == clause || !same(earlier, it) => false,
            (None, None) => true,
            (Some(from_before), _) => steps(it, now) < from_before,
            (None, Some(kept)) => steps(it, now) < steps(it, kept),
        };
        earlier.clauses.iter().filter(counts).map(|it| it.id.as_str()).collect()
    }

    /// The hours in which a request of this urgency is to be answered, from its reception: what the agreement says,
    /// else [`Urgency::default_hours`].
    pub fn answer_hours(&self, urgency: Urgency) -> u32 {
        let said = self.answer_times.iter().find(|it| it.urgency == urgency);
        said.map_or_else(|| urgency.default_hours(), |it| it.hours)
    }

    /// Whether the agreement binds at `now`. Days are whole days in UTC, the first and the last included.
    pub fn state_at(&self, now: Timestamp) -> State {
        self.in_force.state_on(utc_day(now))
    }
}

/// The words in backticks, separated by commas.
pub(crate) fn listed(words: &[&str]) -> String {
    words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
}

/// The day of `now` in UTC.
pub(crate) fn utc_day(now: Timestamp) -> Date {
    now.to_zoned(TimeZone::UTC).date()
}

/// What parties may do under an agreement. There is no third word: joint operations can't be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// Giving and receiving information.
    Intelligence,
    /// Giving and receiving advice, which binds nobody.
    TechnicalSupport,
}

impl Scope {
    /// Both words.
    pub const ALL: [Self; 2] = [Self::Intelligence, Self::TechnicalSupport];

    /// The word as it is written.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Intelligence => "intelligence",
            Self::TechnicalSupport => "technical-support",
        }
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// From when on a version binds, within its days (docs/protocol.md section 2.4).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Binds {
    /// Version 1 as soon as both parties signed it; a later one from its activation.
    #[default]
    Activation,
    /// Whatever its number, as soon as both parties signed it, and instead of every version below it: the way out where
    /// the parties hold different texts of one version, and nothing that one says is taken in by the other.
    Signatures,
}

impl Binds {
    /// Both words.
    pub const ALL: [Self; 2] = [Self::Activation, Self::Signatures];

    /// The word as it is written.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Activation => "activation",
            Self::Signatures => "signatures",
        }
    }
}

/// The days on which an agreement binds: whole days in UTC, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct InForce {
    /// The first day.
    pub from: Date,
    /// The last day.
    pub until: Date,
}

impl InForce {
    /// Whether it binds on `day`.
    pub fn state_on(&self, day: Date) -> State {
        if day < self.from {
            State::NotYetBegun
        } else if day > self.until {
            State::Ended
        } else {
            State::InForce
        }
    }
}

/// Whether an agreement binds at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// Before its first day; nothing may be released, `agreement-not-begun`.
    NotYetBegun,
    /// It binds.
    InForce,
    /// After its last day; nothing may be released, `agreement-ended`.
    Ended,
}

/// The clock for requests of one urgency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AnswerTime {
    /// Of the request.
    pub urgency: Urgency,
    /// From reception to answer, 1 to 8,760.
    pub hours: u32,
}

/// How many objects may be released under one clause. Whoever seals releases counts, from [`Quota::period_start`].
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Quota {
    /// The clause's id.
    pub clause: String,
    /// At most, 1 to 100,000,000.
    pub objects: u32,
    /// In each such period, in UTC.
    pub per: Period,
}

impl Quota {
    /// When the period of `now` began: midnight UTC of the day, or of the first day of the month. What was sealed at this
    /// moment or after it counts.
    pub fn period_start(&self, now: Timestamp) -> Timestamp {
        let today = utc_day(now);
        let day = match self.per {
            Period::Day => today,
            Period::Month => today.first_of_month(),
        };
        // midnight UTC of a day on or before `now` is out of range only where `now` is within a day of the first moment
        day.to_zoned(TimeZone::UTC).map_or(Timestamp::MIN, |midnight| midnight.timestamp())
    }

    /// When the next period begins: midnight UTC of the next day, or of the first day of the next month.
    pub fn renews(&self, now: Timestamp) -> Timestamp {
        let today = utc_day(now);
        let next = match self.per {
            Period::Day => today.tomorrow(),
            Period::Month => today.last_of_month().tomorrow(),
        };
        // out of range only in the last month that can be written
        next.and_then(|day| day.to_zoned(TimeZone::UTC))
            .map_or(Timestamp::MAX, |midnight| midnight.timestamp())
    }
}

/// The period of a quota, in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Period {
    /// A day from midnight.
    Day,
    /// A calendar month.
    Month,
}

impl Period {
    /// Every period.
    pub const ALL: [Self; 2] = [Self::Day, Self::Month];

    /// The word as it is written.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Month => "month",
        }
    }
}

/// What no clause overrides.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct RedLine {
    /// What people read.
    pub text: String,
    /// What the machine runs: a Cedar expression over `resource` and `context` that is true of the objects
    /// that are never released.
    pub when: String,
    /// Whether Cedar proved that no object can meet it.
    pub(crate) never_applies: bool,
}
