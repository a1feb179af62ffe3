//! What the statements about an agreement make of it, and how a statement that arrives is judged by them.
//!
//! Each party's statements are in order; those of the two cross. So what a party may say is judged, by whoever receives it, by
//! what that party said itself; and what they amount to is a function that does not ask which came first.

use jiff::Timestamp;

use super::Phase;
use crate::{PartyRoot, Refusal};

/// The version that binds as soon as both parties signed it. Later ones must be activated.
pub const FIRST_VERSION: u32 = 1;

/// What a statement changes about an agreement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Change {
    /// The text of a version was brought; nothing binds by it.
    Offered(u32),
    /// A version binds from here on, and those before it no longer do.
    Activated(u32),
    /// The party that says it suspended the agreement.
    Suspended,
    /// It lifted its own suspension.
    Lifted,
    /// The agreement has ended for good.
    Terminated,
}

impl Change {
    /// The word for it, as in `agreement-suspended`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Offered(_) => "offered",
            Self::Activated(_) => "activated",
            Self::Suspended => "suspended",
            Self::Lifted => "lifted",
            Self::Terminated => "terminated",
        }
    }
}

/// Whether the party to which something was said has consumed it, as far as is known here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Heard {
    /// No receipt of it is here.
    NotYet,
    /// It was taken in.
    Taken,
    /// It was refused.
    Refused,
}

/// A statement that changed an agreement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Event {
    /// Who said it.
    pub from: PartyRoot,
    /// Its `issued_at`.
    pub at: Timestamp,
    /// What it changes.
    pub change: Change,
    /// Whether the other party has it: `Taken` for what a node received itself.
    pub heard: Heard,
}

impl Event {
    /// What it amounts to that `own` holds, signed by both, a version whose text says that it binds from the signatures on:
    /// an activation that nobody need say. Put before what was said. What arrives under a version below it is on its way
    /// until the partner's channel cites it.
    pub const fn signed(own: PartyRoot, version: u32) -> Self {
        let (at, change) = (Timestamp::MIN, Change::Activated(version));
        Self { from: own, at, change, heard: Heard::NotYet }
    }
}

/// Whether `from` may say this after `events`, judged by what it said itself: what the other party said may have crossed. The
/// receiver asks before it files.
pub fn accepts(events: &[Event], from: PartyRoot, change: Change) -> Result<(), Refusal> {
    let said = || events.iter().filter(|it| it.from == from);
    if said().any(|it| it.change == Change::Terminated) {
        return Err(Refusal::AgreementEnded);
    }
    match change {
        Change::Activated(version) => {
            let reached = said().filter_map(activated).fold(FIRST_VERSION, u32::max);
            if version > reached { Ok(()) } else { Err(Refusal::AgreementSuperseded) }
        }
        Change::Suspended if suspends(said()) => Err(Refusal::AgreementSuspended),
        Change::Lifted if !suspends(said()) => Err(Refusal::NotSuspended),
        Change::Offered(_) | Change::Suspended | Change::Lifted | Change::Terminated => Ok(()),
    }
}

/// Whether `from` may say this, judged by everything that both said. The sender asks before it seals.
pub fn may_change(events: &[Event], from: PartyRoot, change: Change) -> Result<(), Refusal> {
    if is_terminated(events) {
        return Err(Refusal::AgreementEnded);
    }
    match change {
        Change::Offered(version) if version < active(events) => Err(Refusal::AgreementSuperseded),
        Change::Activated(version) if version <= active(events) => {
            Err(Refusal::AgreementSuperseded)
        }
        _ => accepts(events, from, change),
    }
}

/// The version that binds: the highest that either party activated and the other did not refuse.
pub fn active(events: &[Event]) -> u32 {
    events.iter().filter_map(activated).fold(FIRST_VERSION, u32::max)
}

/// Whether a party ended the agreement for good.
pub fn is_terminated(events: &[Event]) -> bool {
    events.iter().any(|it| it.change == Change::Terminated)
}

/// The parties that suspended the agreement and did not lift that, in the order in which they are named; none twice.
pub fn suspended_by(events: &[Event], parties: &[PartyRoot]) -> Vec<PartyRoot> {
    let rests = |party: &PartyRoot| suspends(events.iter().filter(|it| it.from == *party));
    parties.iter().copied().filter(rests).collect()
}

/// The phase, where the days of the active version make it `by_days`.
pub fn phase(events: &[Event], by_days: Phase) -> Phase {
    phase_of(|| events.iter(), by_days)
}

/// The phase by which a statement of `from` is judged that arrives now and was issued at `issued_at`, where the days of
/// the version that it cites make it `by_days`.
///
/// What `from` said before stands before it in its channel. What the receiver said binds it from the moment at which it
/// was issued; and from the moment at which `from` acknowledged it, whatever its clock says.
pub fn phase_on_arrival(
    events: &[Event],
    from: PartyRoot,
    issued_at: Timestamp,
    by_days: Phase,
) -> Phase {
    let known = |it: &&Event| it.at <= issued_at || it.heard == Heard::Taken;
    let own = events.iter().filter(|it| it.from != from);
    let bound = own.enumerate().filter(|(_, it)| known(it)).map(|(place, _)| place + 1).last();
    let effective = || {
        let mut place = 0;
        events.iter().filter(move |it| {
            if it.from == from {
                return true;
            }
            place += 1;
            place <= bound.unwrap_or_default()
        })
    };
    phase_of(effective, by_days)
}

/// Whether a statement of `from` may cite a version: one that was activated, and none before the one that its channel
/// reached. `cited` is the highest that a statement in its channel cited, 0 where there was none.
pub fn may_cite(
    events: &[Event],
    from: PartyRoot,
    cited: u32,
    version: u32,
) -> Result<(), Refusal> {
    if version > active(events) {
        return Err(Refusal::AgreementUnknown);
    }
    let reached = events
        .iter()
        .filter(|it| it.from == from || it.heard == Heard::Taken)
        .filter_map(activated)
        .fold(cited, u32::max);
    if version < reached { Err(Refusal::AgreementSuperseded) } else { Ok(()) }
}

fn activated(event: &Event) -> Option<u32> {
    match event.change {
        Change::Activated(version) if event.heard != Heard::Refused => Some(version),
        _ => None,
    }
}

/// Whether one party's statements, in order, leave the agreement suspended.
fn suspends<'a>(said: impl Iterator<Item = &'a Event>) -> bool {
    said.fold(false, |rests, it| match it.change {
        Change::Suspended => true,
        Change::Lifted => false,
        Change::Offered(_) | Change::Activated(_) | Change::Terminated => rests,
    })
}

fn phase_of<'a, I: Iterator<Item = &'a Event>>(events: impl Fn() -> I, by_days: Phase) -> Phase {
    let of_one = |from| suspends(events().filter(move |it| it.from == from));
    match by_days {
        Phase::Draft => Phase::Draft,
        _ if events().any(|it| it.change == Change::Terminated) => Phase::Ended,
        Phase::Ended => Phase::Ended,
        _ if events().any(|it| of_one(it.from)) => Phase::Suspended,
        Phase::NotBegun | Phase::InForce | Phase::Suspended => by_days,
    }
}
