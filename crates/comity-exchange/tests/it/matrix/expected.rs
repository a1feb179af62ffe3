//! What a node does with every statement, written out by hand. Nothing here is computed from the code under test.

/// How the agreement between the two parties stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Draft,
    NotBegun,
    InForce,
    SuspendedByReceiver,
    SuspendedBySender,
    EndedByDate,
    TerminatedByReceiver,
    TerminatedBySender,
}

impl Place {
    /// In the order of the columns of [`FATES`].
    pub(super) const ALL: [Self; 8] = [
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
pub(super) enum Sender {
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
    pub(super) const OTHERS: [Self; 6] = [
        Self::PartnerOverAnothersLink,
        Self::Unconfirmed,
        Self::Unknown,
        Self::Third,
        Self::ThirdSuspended,
        Self::ThirdTerminated,
    ];

    /// With which code the pouch of somebody else is refused, whatever is in it and however the agreement stands.
    pub(super) fn refusal(self) -> Option<&'static str> {
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
pub(super) enum Target {
    /// It speaks of nothing before it, or of what is on record.
    There,
    /// It is well formed, and what it speaks of is made up.
    MadeUp,
    /// It is the same statement of the same kind once more.
    Again,
}

/// It takes effect.
pub(super) const TAKEN: &str = "taken";
/// The agreement was not far enough for what it would speak of.
pub(super) const NONE: &str = "-";
/// The pouch is refused and the channel stays as it was; every other code is that of a consumed statement.
pub(super) const UNKNOWN: &str = "agreement-unknown";

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
pub(super) type Row = (&'static str, Target, [&'static str; 8]);

use Target::{Again, MadeUp, There};

/// What becomes of everything that the partner may say over its own link.
#[rustfmt::skip]
pub(super) const FATES: &[Row] = &[
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
const ARRIVED: &[&str] = &["counter", "journal", "journal_actor", "pouch"];

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
pub(super) fn may_change(table: &str, kind: &str, fate: &str, consumed: bool) -> bool {
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
        // when the partner received what this party said in matters and about the agreement
        "receipt" => &["agreement_event", "matter_entry", "release"],
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
