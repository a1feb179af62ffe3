//! Why a statement that is in order has no effect all the same: it is consumed, so that nothing blocks the channel.

use comity_model::Refusal;
use comity_model::conduct::{self, Change, Event, Phase};
use comity_model::statement::{Kind, Payload};
use jiff::{SignedDuration, Timestamp};

use crate::agreement::{Standing, by_days};

/// How long after the end of an agreement statements are still judged by it.
const AFTER_END: SignedDuration = SignedDuration::from_hours(24 * 30);

/// What the record of the two parties says about each other's statements so far.
pub(super) struct Before {
    /// What both said about the agreement.
    pub(super) events: Vec<Event>,
    /// The highest version that the channel cited.
    pub(super) cited: u32,
    /// When the statement before was issued; `None` for the first, and for a statement without a place.
    pub(super) last_issued: Option<Timestamp>,
}

/// The refusal with which a statement is consumed; `None` where it takes effect as far as this can be told without its body.
pub(super) fn void_reason(
    payload: &Payload,
    standing: &Standing,
    before: &Before,
    now: Timestamp,
) -> Option<Refusal> {
    let Some(kind) = payload.known_kind() else { return Some(Refusal::UnknownKind) };
    if !Kind::SPOKEN.contains(&kind) {
        return Some(Refusal::UnsupportedKind);
    }
    if before.last_issued.is_some_and(|last| payload.issued_at < last) {
        return Some(Refusal::IssuedBackwards);
    }
    version_refusal(payload, before).or_else(|| phase_refusal(kind, payload, standing, before, now))
}

/// Why the version that a statement cites is not the one that it may cite. What has no place in the channel has no order to
/// be judged by.
pub(super) fn version_refusal(payload: &Payload, before: &Before) -> Option<Refusal> {
    payload.sequence?;
    let Before { events, cited, .. } = before;
    conduct::may_cite(events, payload.from, *cited, payload.agreement.version).err()
}

fn phase_refusal(
    kind: Kind,
    payload: &Payload,
    standing: &Standing,
    before: &Before,
    now: Timestamp,
) -> Option<Refusal> {
    let (agreement, issued_at) = (&standing.agreement, payload.issued_at);
    let days = by_days(agreement, issued_at);
    let phase = conduct::phase_on_arrival(&before.events, payload.from, issued_at, days);
    // judged at issued_at, but not for ever: what arrives long after the end is refused
    let late = now.checked_sub(AFTER_END).unwrap_or(Timestamp::MIN);
    let terminated = |it: &Event| it.change == Change::Terminated && it.at <= late;
    let is_over = by_days(agreement, late) == Phase::Ended || before.events.iter().any(terminated);
    let then = if is_over { Phase::Ended } else { phase };
    conduct::may(kind, phase).and_then(|()| conduct::may(kind, then)).err()
}
