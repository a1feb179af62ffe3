//! What both sides hold and can prove, and where their counts differ.

use std::collections::BTreeMap;
use std::fmt::Display;

use serde::{Deserialize, Serialize};

#[cfg(test)]
mod tests;

/// What `status` says, as far as it is compared.
#[derive(Debug, Clone, Deserialize, Serialize)]
pub(super) struct Status {
    pub(super) handle: String,
    pub(super) root: String,
    pub(super) holdings: Vec<Count>,
    pub(super) channels: Vec<Channel>,
    pub(super) outbox: Vec<Outbox>,
}

/// How many objects of a type are held, by origin.
#[derive(Debug, Clone, Deserialize, Serialize)]
pub(super) struct Count {
    #[serde(rename = "type")]
    pub(super) stix_type: String,
    /// The partner it came from; `None`: the party's own.
    pub(super) partner: Option<String>,
    pub(super) objects: u64,
}

/// One direction of one agreement.
#[derive(Debug, Clone, Deserialize, Serialize)]
pub(super) struct Channel {
    pub(super) agreement: String,
    pub(super) epoch: u32,
    pub(super) direction: Direction,
    pub(super) statements: u64,
    pub(super) root: Option<String>,
    pub(super) cosigned: u64,
    pub(super) kinds: Vec<KindCount>,
}

/// Which way a channel runs, seen from the node that says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Direction {
    /// This party speaks.
    Out,
    /// The partner speaks.
    In,
}

impl Direction {
    const fn reverse(self) -> Self {
        match self {
            Self::Out => Self::In,
            Self::In => Self::Out,
        }
    }
}

/// Statements of one kind with one outcome.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
pub(super) struct KindCount {
    pub(super) kind: String,
    /// `None`: no receipt yet, or a kind that has none.
    pub(super) outcome: Option<String>,
    pub(super) count: u64,
    pub(super) admitted: u64,
    pub(super) refused: u64,
}

/// What waits for a partner.
#[derive(Debug, Clone, Deserialize, Serialize)]
pub(super) struct Outbox {
    pub(super) unsettled: u64,
}

/// One release, as its giver or its receiver counts it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub(super) struct Delivery {
    pub(super) folio: String,
    pub(super) statement: String,
    pub(super) sequence: u64,
    pub(super) outcome: String,
    pub(super) admitted: u64,
    pub(super) refused: u64,
}

/// What one side counts.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Side {
    #[serde(flatten)]
    pub(super) status: Status,
    /// Its releases, with what the partner's receipts say of them.
    pub(super) given: Vec<Delivery>,
    /// The partner's releases, as they are in its inbox.
    pub(super) received: Vec<Delivery>,
    /// How many different objects its releases have.
    pub(super) distinct: u64,
}

/// What both sides count.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Tally {
    pub(super) us: Side,
    pub(super) mx: Side,
    pub(super) differences: Vec<Difference>,
}

/// A count on which the two sides do not agree, or something that is not settled or not cosigned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Difference {
    pub(super) what: String,
    pub(super) us: String,
    pub(super) mx: String,
}

impl Tally {
    /// Compares both sides.
    pub(super) fn new(us: Side, mx: Side) -> Self {
        let mut ledger = Ledger::default();
        ledger.channels(&us.status, &mx.status);
        ledger.releases("releases of us", &us.given, &mx.received);
        ledger.releases("releases of mx", &us.received, &mx.given);
        ledger.same("objects of us held by mx", &us.distinct, &mx.held_from_partner());
        ledger.same("objects of mx held by us", &us.held_from_partner(), &mx.distinct);
        ledger.unsettled(&us.status, &mx.status);
        Self { us, mx, differences: ledger.0 }
    }

    /// Whether both sides agree on every count, and everything is settled and cosigned.
    pub(super) const fn agrees(&self) -> bool {
        self.differences.is_empty()
    }
}

impl Side {
    /// Objects that came from a partner.
    pub(super) fn held_from_partner(&self) -> u64 {
        self.status.objects(|it| it.partner.is_some())
    }

    /// Objects of its own.
    pub(super) fn held_own(&self) -> u64 {
        self.status.objects(|it| it.partner.is_none())
    }
}

impl Status {
    fn objects(&self, which: impl Fn(&Count) -> bool) -> u64 {
        self.holdings.iter().filter(|it| which(it)).map(|it| it.objects).sum()
    }

    /// The channels in which this party speaks, or its partner.
    pub(super) fn channels(&self, direction: Direction) -> impl Iterator<Item = &Channel> {
        self.channels.iter().filter(move |it| it.direction == direction)
    }
}

/// The differences so far.
#[derive(Default)]
struct Ledger(Vec<Difference>);

impl Ledger {
    fn same<T: PartialEq + Display + ?Sized>(&mut self, what: impl Into<String>, us: &T, mx: &T) {
        if us != mx {
            let (us, mx) = (us.to_string(), mx.to_string());
            self.0.push(Difference { what: what.into(), us, mx });
        }
    }

    /// Each channel of one side beside its mirror at the other.
    fn channels(&mut self, us: &Status, mx: &Status) {
        for (direction, way) in [(Direction::Out, "us to mx"), (Direction::In, "mx to us")] {
            let at_us = by_name(us, direction);
            let at_mx = by_name(mx, direction.reverse());
            self.same(format!("channels from {way}"), &names(&at_us), &names(&at_mx));
            for (name, ours) in &at_us {
                let Some(theirs) = at_mx.get(name) else { continue };
                let what = |count: &str| format!("{count} from {way}");
                self.same(what("statements"), &ours.statements, &theirs.statements);
                self.same(what("root"), root(ours), root(theirs));
                self.same(what("cosigned"), &ours.cosigned, &theirs.cosigned);
                if ours.cosigned == theirs.cosigned && ours.statements == theirs.statements {
                    let waiting = ours.statements.saturating_sub(ours.cosigned);
                    self.waiting(what("statements not cosigned"), waiting, waiting);
                }
                self.same(what("receipts"), &kinds(ours), &kinds(theirs));
            }
        }
    }

    /// The releases of one side, each as both sides count it. What is twice on a side differs from what is once.
    fn releases(&mut self, what: &str, us: &[Delivery], mx: &[Delivery]) {
        self.same(what, &deliveries(us), &deliveries(mx));
    }

    fn unsettled(&mut self, us: &Status, mx: &Status) {
        let count = |status: &Status| status.outbox.iter().map(|it| it.unsettled).sum::<u64>();
        let (us, mx) = (count(us), count(mx));
        self.waiting("statements not settled".to_owned(), us, mx);
    }

    /// What should be none on both sides.
    fn waiting(&mut self, what: String, us: u64, mx: u64) {
        if us > 0 || mx > 0 {
            self.0.push(Difference { what, us: us.to_string(), mx: mx.to_string() });
        }
    }
}

type Name<'a> = (&'a str, u32);

fn by_name(status: &Status, direction: Direction) -> BTreeMap<Name<'_>, &Channel> {
    status.channels(direction).map(|it| ((it.agreement.as_str(), it.epoch), it)).collect()
}

fn names(channels: &BTreeMap<Name<'_>, &Channel>) -> String {
    let names = channels.keys().map(|(agreement, epoch)| format!("{agreement}/{epoch}"));
    names.collect::<Vec<_>>().join(", ")
}

fn root(channel: &Channel) -> &str {
    channel.root.as_deref().unwrap_or("-")
}

fn kinds(channel: &Channel) -> String {
    let mut kinds = channel.kinds.clone();
    kinds.sort();
    let lines = kinds.iter().map(|it| {
        let outcome = it.outcome.as_deref().unwrap_or("-");
        format!("{} {} {outcome} +{} -{}", it.count, it.kind, it.admitted, it.refused)
    });
    lines.collect::<Vec<_>>().join(", ")
}

fn deliveries(list: &[Delivery]) -> String {
    let mut list: Vec<&Delivery> = list.iter().collect();
    list.sort();
    let lines = list.iter().map(|it| {
        let Delivery { folio, statement, sequence, outcome, admitted, refused } = it;
        format!("{folio} {sequence} {statement} {outcome} +{admitted} -{refused}")
    });
    lines.collect::<Vec<_>>().join(", ")
}
