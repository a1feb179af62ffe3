//! What a node keeps, what is on its way, and the course of events, as small as the promises allow.

use std::collections::BTreeSet;

/// The objects that the first node may give: its own, and one that came to it from a third party.
pub(super) const OWN: u8 = 1;
pub(super) const THIRD: u8 = 2;

/// Everything at one moment.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct State {
    pub(super) nodes: [Node; 2],
    /// Pouches on their way. Each can arrive again and again, late, out of order, or never.
    pub(super) wire: BTreeSet<Packet>,
    /// Whether the third party's consent for the second node is on the first node's record.
    pub(super) consent: bool,
    /// Whether somebody changed the bytes of a draft behind the node's back.
    pub(super) tampered: bool,
    pub(super) crashes: u8,
    pub(super) drops: u8,
    /// Set when taking in a decision changed anything beside the record.
    pub(super) acted: bool,
}

/// One node. All of it but `memory` survives a crash.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub(super) struct Node {
    /// What this node said, in the order of its channel.
    pub(super) log: Vec<Statement>,
    /// How many of those are signed. Only these may leave.
    pub(super) signed: u8,
    /// How many of those are on the partner's disk, as far as this node was told.
    pub(super) cursor: u8,
    /// How many of those a receipt answers.
    pub(super) settled: u8,
    /// Pouches that arrived and are not on the disk yet.
    pub(super) memory: BTreeSet<Packet>,
    /// Pouches on the disk that were not looked into, or are early.
    pub(super) spool: BTreeSet<Packet>,
    /// What the partner said, as it took effect here.
    pub(super) mirror: Vec<Statement>,
    /// How many of those were answered by receipts.
    pub(super) answered: u8,
    pub(super) drafts: Vec<Draft>,
    /// The objects of the partner that are held here.
    pub(super) held: u8,
    /// How often objects were taken in: more than the releases consumed means that one took effect twice.
    pub(super) admissions: u8,
    /// Whether this party signed the amendment.
    pub(super) signed_amendment: bool,
    /// The version of the agreement that binds here.
    pub(super) version: u8,
    /// Which of the two parties suspended the agreement, as this node knows it.
    pub(super) suspended: [bool; 2],
    /// Whether a party terminated the agreement, as this node knows it.
    pub(super) terminated: bool,
    /// What a recall of the partner asks for that waits here for an answer.
    pub(super) asked_back: u8,
    /// What this node recalled and was told to be gone.
    pub(super) gone: u8,
    /// Whether a proposal of the partner waits here for a decision.
    pub(super) open_proposal: bool,
}

/// A release that is not sealed yet.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Draft {
    pub(super) objects: u8,
    pub(super) version: u8,
    /// What the officer signed, if one did.
    pub(super) approved: Option<u8>,
    pub(super) sealed: bool,
}

/// A pouch: a statement at its place.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Packet {
    pub(super) to: usize,
    pub(super) sequence: u8,
    pub(super) statement: Statement,
}

/// A statement, and what was true at its sender when it was sealed. The rules never read the latter: only the properties
/// do.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Statement {
    pub(super) says: Says,
    /// The version of the agreement that it cites.
    pub(super) version: u8,
    pub(super) truth: Truth,
}

/// What held at the sender when a statement was sealed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Truth {
    pub(super) version: u8,
    /// The agreement was suspended or terminated.
    pub(super) at_rest: bool,
    pub(super) consent: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Says {
    Release { objects: u8, approved: Option<u8> },
    Receipt { upto: u8 },
    Proposal,
    Decision { accepted: bool },
    Activate,
    Suspend,
    Lift,
    Terminate,
    Recall { objects: u8 },
    RecallAnswer { objects: u8, done: bool },
}

/// What can happen next.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Event {
    Compose(u8),
    Tamper(usize),
    Approve(usize),
    Seal(usize),
    Consent(bool),
    Sign(usize),
    Dispatch(usize),
    Arrive(Packet),
    Persist(usize, Packet),
    Confirm(usize),
    Drop(Packet),
    Consume(usize),
    Answer(usize),
    Crash(usize),
    SignAmendment(usize),
    Activate(usize),
    Suspend(usize),
    Lift(usize),
    Terminate(usize),
    Recall,
    AnswerRecall(bool),
    Propose,
    Decide(bool),
}

impl State {
    pub(super) fn begin() -> Self {
        let node = Node { version: 1, ..Node::default() };
        Self {
            nodes: [node.clone(), node],
            wire: BTreeSet::new(),
            consent: false,
            tampered: false,
            crashes: 0,
            drops: 0,
            acted: false,
        }
    }
}
