//! What a node does with every statement, written out by hand. Nothing here is computed from the code under test.

use comity_model::{Digest, MatterId, MatterKind};
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::grounds;

/// How the agreement between the two parties stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// One party signed.
    Draft,
    /// Both signed, and its first day is to come.
    NotBegun,
    /// It binds.
    InForce,
    /// The party that receives suspended it.
    SuspendedByReceiver,
    /// The party that sends suspended it.
    SuspendedBySender,
    /// Its last day is over.
    EndedByDate,
    /// The party that receives ended it.
    TerminatedByReceiver,
    /// The party that sends ended it.
    TerminatedBySender,
}

impl Place {
    /// In the order of the columns of [`FATES`].
    pub const ALL: [Self; 8] = [
        Self::Draft,
        Self::NotBegun,
        Self::InForce,
        Self::SuspendedByReceiver,
        Self::SuspendedBySender,
        Self::EndedByDate,
        Self::TerminatedByReceiver,
        Self::TerminatedBySender,
    ];
}

/// Who sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sender {
    /// The other party of the agreement, over its own link.
    Partner,
    /// The same, delivered over the link of a third party.
    PartnerOverAnothersLink,
    /// A party whose descriptor is here and whom nobody confirmed.
    Unconfirmed,
    /// A party of which nothing is known here.
    Unknown,
    /// A confirmed party with an agreement of its own, which is in force, citing this one.
    Third,
    /// The same, and its own agreement is suspended.
    ThirdSuspended,
    /// The same, and its own agreement was terminated.
    ThirdTerminated,
}

impl Sender {
    /// Everybody but the partner over its own link.
    pub const OTHERS: [Self; 6] = [
        Self::PartnerOverAnothersLink,
        Self::Unconfirmed,
        Self::Unknown,
        Self::Third,
        Self::ThirdSuspended,
        Self::ThirdTerminated,
    ];

    /// With which code the pouch of somebody else is refused, whatever is in it and however the agreement stands.
    pub const fn refusal(self) -> Option<&'static str> {
        match self {
            Self::Partner => None,
            Self::PartnerOverAnothersLink => Some("not-from-this-link"),
            Self::Unconfirmed | Self::Unknown => Some("unconfirmed-party"),
            Self::Third | Self::ThirdSuspended | Self::ThirdTerminated => Some("agreement-unknown"),
        }
    }
}

/// Whether what a statement speaks of is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// It speaks of nothing before it, or of what is on record.
    There,
    /// It is well formed, and what it speaks of is made up.
    MadeUp,
    /// It is the same statement of the same kind once more.
    Again,
}

/// It takes effect.
pub const TAKEN: &str = "taken";
/// The agreement was not far enough for what it would speak of.
pub const NONE: &str = "-";
/// The pouch is refused and the channel stays as it was; every other code is that of a consumed statement.
pub const UNKNOWN: &str = "agreement-unknown";

const OK: &str = TAKEN;
const NB: &str = "agreement-not-begun";
const SU: &str = "agreement-suspended";
const EN: &str = "agreement-ended";
const MU: &str = "matter-unknown";
const TU: &str = "target-unknown";
const BB: &str = "bad-body";
const NS: &str = "not-suspended";
const UK: &str = "unknown-kind";
const DB: &str = "descriptor-bad";

/// A row: the word of the kind, its target, and what becomes of it in each [`Place`]. They are played from the first to
/// the last in one channel; the last ones change how the agreement stands.
pub type Row = (&'static str, Target, [&'static str; 8]);

use Target::{Again, MadeUp, There};

/// What becomes of everything that the partner may say over its own link.
#[rustfmt::skip]
pub const FATES: &[Row] = &[
    //                           draft    not begun  in force           suspended: here, there  ended  terminated: here, there
    ("run",            There,  [UNKNOWN,  UK,        UK,                UK,      UK,            UK,    UK,      UK]),
    ("match-query",    There,  [UNKNOWN,  UK,        UK,                UK,      UK,            UK,    UK,      UK]),
    ("release",        MadeUp, [UNKNOWN,  NB,        "clause-unknown",  SU,      SU,            EN,    EN,      EN]),
    ("release",        There,  [UNKNOWN,  NB,        OK,                SU,      SU,            EN,    EN,      EN]),
    ("receipt",        MadeUp, [UNKNOWN,  BB,        BB,                BB,      BB,            BB,    BB,      BB]),
    ("receipt",        There,  [NONE,     NONE,      OK,                OK,      OK,            OK,    OK,      OK]),
    ("checkpoint",     MadeUp, [UNKNOWN,  BB,        BB,                BB,      BB,            BB,    BB,      BB]),
    ("checkpoint",     There,  [NONE,     NONE,      OK,                OK,      OK,            OK,    OK,      OK]),
    ("request",        There,  [UNKNOWN,  NB,        OK,                SU,      SU,            EN,    EN,      EN]),
    ("clarification",  MadeUp, [UNKNOWN,  NB,        MU,                SU,      SU,            EN,    EN,      EN]),
    ("clarification",  There,  [NONE,     NONE,      OK,                SU,      SU,            EN,    EN,      EN]),
    ("answer",         MadeUp, [UNKNOWN,  NB,        MU,                SU,      SU,            EN,    EN,      EN]),
    ("answer",         There,  [NONE,     NONE,      OK,                SU,      SU,            EN,    EN,      EN]),
    ("consent",        MadeUp, [UNKNOWN,  NB,        TU,                SU,      SU,            EN,    EN,      EN]),
    ("consent",        There,  [NONE,     NONE,      OK,                SU,      SU,            EN,    EN,      EN]),
    ("consent-answer", MadeUp, [UNKNOWN,  NB,        MU,                SU,      SU,            EN,    EN,      EN]),
    ("consent-answer", There,  [NONE,     NONE,      OK,                SU,      SU,            EN,    EN,      EN]),
    ("proposal",       There,  [UNKNOWN,  NB,        OK,                SU,      SU,            EN,    EN,      EN]),
    ("decision",       MadeUp, [UNKNOWN,  NB,        MU,                SU,      SU,            EN,    EN,      EN]),
    ("decision",       There,  [NONE,     NONE,      OK,                SU,      SU,            EN,    EN,      EN]),
    ("advice",         MadeUp, [UNKNOWN,  NB,        MU,                SU,      SU,            EN,    EN,      EN]),
    ("advice",         There,  [UNKNOWN,  NB,        OK,                SU,      SU,            EN,    EN,      EN]),
    ("recall",         MadeUp, [UNKNOWN,  TU,        TU,                TU,      TU,            TU,    TU,      TU]),
    ("recall",         There,  [NONE,     NONE,      OK,                OK,      OK,            OK,    OK,      OK]),
    ("recall-answer",  MadeUp, [UNKNOWN,  MU,        MU,                MU,      MU,            MU,    MU,      MU]),
    ("recall-answer",  There,  [NONE,     NONE,      OK,                OK,      OK,            OK,    OK,      OK]),
    ("purge",          MadeUp, [UNKNOWN,  TU,        TU,                TU,      TU,            TU,    TU,      TU]),
    ("purge",          There,  [NONE,     NONE,      OK,                OK,      OK,            OK,    OK,      OK]),
    ("descriptor",     MadeUp, [UNKNOWN,  DB,        DB,                DB,      DB,            DB,    DB,      DB]),
    ("descriptor",     There,  [UNKNOWN,  OK,        OK,                OK,      OK,            OK,    OK,      OK]),
    ("agreement",      MadeUp, [UNKNOWN,  BB,        BB,                BB,      BB,            BB,    BB,      EN]),
    ("agreement",      There,  [UNKNOWN,  OK,        OK,                OK,      OK,            OK,    OK,      EN]),
    // made up: one that was never made is lifted
    ("suspension",     MadeUp, [UNKNOWN,  NS,        NS,                NS,      OK,            NS,    NS,      EN]),
    ("suspension",     There,  [UNKNOWN,  OK,        OK,                OK,      OK,            OK,    OK,      EN]),
    ("suspension",     Again,  [UNKNOWN,  SU,        SU,                SU,      SU,            SU,    SU,      EN]),
    ("termination",    There,  [UNKNOWN,  OK,        OK,                OK,      OK,            OK,    OK,      EN]),
    ("termination",    Again,  [UNKNOWN,  EN,        EN,                EN,      EN,            EN,    EN,      EN]),
];

/// The tables in which the arrival of a pouch leaves its trace, whatever becomes of it.
const ARRIVED: &[&str] =
    &["counter", "journal", "journal_actor", "journal_head", "journal_tile", "pouch"];

/// The tables that a place in a channel, its leaf and the receipt stand in.
const PLACED: &[&str] = &[
    "channel",
    "channel_cited",
    "channel_in",
    "channel_out",
    "envelope_out",
    "outbox",
    "payload_out",
    "receipt_due",
    "root",
    "statement_in",
    "statement_out",
    "tree_node",
];

/// Whether a statement of a kind may leave a trace in a table. Officers, parties, approvals, clauses' figures, units, legal
/// holds, contacts and this party's own releases are in no list: nothing that a partner says changes them.
pub fn may_change(table: &str, kind: &str, fate: &str, consumed: bool) -> bool {
    let of_kind: &[&str] = if fate == TAKEN { traces(kind) } else { &[] };
    ARRIVED.contains(&table) || (consumed && PLACED.contains(&table)) || of_kind.contains(&table)
}

fn traces(kind: &str) -> &'static [&'static str] {
    const MATTER: &[&str] = &["matter", "matter_entry", "matter_part"];
    match kind {
        "release" => &[
            "holding",
            "holding_text",
            "holding_text_config",
            "holding_text_content",
            "holding_text_data",
            "holding_text_docsize",
            "holding_text_idx",
            "newest",
            "provenance",
            "source",
            "term",
        ],
        // when the partner received what this party said in matters and about the agreement; what was put and is received
        // where nothing more is answered is closed by that
        "receipt" => &["agreement_event", "matter", "matter_entry", "release"],
        "checkpoint" => &["release"],
        // what is frozen stands in no index of what there is to read
        "recall" => &["freeze", "frozen", "matter", "matter_entry", "matter_part", "newest"],
        "agreement" => &["agreement", "agreement_event", "agreement_folio"],
        "descriptor" => &["descriptor", "descriptor_place", "party"],
        "suspension" | "termination" => &["agreement_event"],
        "recall-answer" | "purge" | "request" | "clarification" | "answer" | "consent"
        | "consent-answer" | "proposal" | "decision" | "advice" => MATTER,
        _ => &[],
    }
}

/// What statements may speak of.
#[derive(Debug, Clone, Copy)]
pub struct Spoken<'a> {
    /// The release statement with which the sender gave.
    pub theirs: Digest,
    /// The release statement with which the receiver gave, and an object in it.
    pub ours: (Digest, &'a str),
    /// What the receiver put to the sender, in the order of [`REQUEST`] and those behind it.
    pub asked: [MatterId; 4],
    /// The statement that put the proposal.
    pub proposal: Digest,
}

/// The places in [`Spoken::asked`].
pub const REQUEST: usize = 0;
/// A request for consent.
pub const CONSENT: usize = 1;
/// A recall.
pub const RECALL: usize = 2;
/// A proposal.
pub const PROPOSAL: usize = 3;

impl Spoken<'_> {
    /// What never was.
    pub fn made_up() -> Self {
        let never = Digest::of(b"never given");
        let kinds =
            [MatterKind::Request, MatterKind::Consent, MatterKind::Recall, MatterKind::Proposal];
        Self {
            theirs: never,
            ours: (never, "indicator--5d0b6f1e-3c0e-4e59-8a52-6d1f0c6e2b11"),
            asked: kinds.map(|kind| matter(kind, "made up", 1)),
            proposal: never,
        }
    }
}

/// A matter that is the same each time.
pub fn matter(kind: MatterKind, handle: &str, number: u64) -> MatterId {
    let seed = Digest::of(format!("{} {handle} {number}", kind.as_str()).as_bytes());
    let mut bytes = [0; 16];
    bytes.iter_mut().zip(seed.as_bytes()).for_each(|(to, from)| *to = *from);
    MatterId::new(kind, uuid::Builder::from_random_bytes(bytes).into_uuid())
}

/// A receipt, or a cosignature, of what never was said or signed.
pub fn settles_nothing(kind: &str, now: Timestamp) -> Value {
    let entry = json!({
        "sequence": 1_000_000, "digest": Digest::of(b"never said"), "received_at": now,
        "outcome": "admitted", "admitted": 0, "refused": 0,
    });
    let cosigned = json!({ "cosigned": "never signed" });
    if kind == "receipt" { json!({ "entries": [entry] }) } else { cosigned }
}

/// The body of a statement of every kind but releases, agreements, receipts and checkpoints. `there` says whether what it
/// speaks of is.
pub fn body(kind: &str, there: bool, spoken: &Spoken<'_>) -> Value {
    let fresh = |kind: MatterKind| -> MatterId { matter(kind, "the matrix", 1) };
    let (folio, grounds) = ("US-2026-000900", grounds());
    let basis = &grounds.legal_basis;
    match kind {
        "request" => json!({
            "request": fresh(MatterKind::Request), "folio": folio, "urgency": "urgent", "hours": 8,
            "purpose": "precursor-control", "legal_basis": basis,
        }),
        "clarification" => json!({
            "request": spoken.asked[REQUEST], "folio": folio, "act": "ask",
        }),
        "answer" => json!({
            "request": spoken.asked[REQUEST], "folio": folio,
            "outcome": "nothing-found", "grounds": grounds,
        }),
        "consent" => json!({
            "consent": fresh(MatterKind::Consent), "folio": folio, "release": spoken.ours.0,
            "objects": [spoken.ours.1], "third_party": Digest::of(b"another authority"),
            "third_party_name": "Another authority", "purpose": "precursor-control",
        }),
        "consent-answer" => json!({
            "consent": spoken.asked[CONSENT], "folio": folio, "decision": "denied",
            "grounds": grounds,
        }),
        "proposal" => json!({
            "proposal": fresh(MatterKind::Proposal), "folio": folio, "subject": "joint-operation",
        }),
        "decision" => json!({
            "proposal": spoken.asked[PROPOSAL], "folio": folio,
            "statement": spoken.proposal,
            "decision": "accepted", "office": "Legal department", "legal_basis": basis,
        }),
        "advice" => json!({
            "advice": fresh(MatterKind::Advice), "folio": folio, "topic": "laboratory-report",
            "act": if there { "offer" } else { "noted" },
        }),
        "recall" => json!({
            "recall": fresh(MatterKind::Recall), "folio": folio, "release": spoken.theirs,
            "action": "purge", "hours": 8, "grounds": grounds,
        }),
        "recall-answer" => json!({
            "recall": spoken.asked[RECALL], "folio": folio, "outcome": "done",
            "purged": 1, "held": 0, "gone": 0, "units": 0, "told": 0,
            "onward": { "parties": 0, "told": 0, "done": 0, "in_part": 0, "refused": 0 },
            "grounds": grounds,
        }),
        "purge" => json!({
            "purge": fresh(MatterKind::Purge), "folio": folio, "cause": "retention",
            "releases": [{ "release": spoken.ours.0, "purged": 1, "held": 0, "remaining": 0 }],
            "grounds": grounds,
        }),
        "suspension" => {
            json!({ "folio": folio, "act": if there { "suspend" } else { "lift" }, "grounds": grounds })
        }
        "termination" => json!({ "folio": folio, "grounds": grounds }),
        _ => json!({}),
    }
}
