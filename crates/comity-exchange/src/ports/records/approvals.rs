//! What is approved beforehand, what a release is counted against when it is sealed, and why it is not.

use comity_model::told::Told;
use comity_model::{Digest, OfficerId, PartyRoot, Refusal, StandingId};
use jiff::Timestamp;

use crate::ports::DoubtKind;

/// A standing approval as kept by the party whose officer signed it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StandingRecord {
    /// Its id.
    pub id: StandingId,
    /// The officer.
    pub officer: OfficerId,
    /// What the officer is called here.
    pub name: String,
    /// The officer's certificate: a DSSE envelope as text.
    pub certificate: String,
    /// The approval: a DSSE envelope as text.
    pub approval: String,
    /// The digest of the agreement's text.
    pub agreement: Digest,
    /// The clause.
    pub clause: String,
    /// The partner to whom the clause gives.
    pub to: PartyRoot,
    /// Objects in one day, in UTC, at the most.
    pub ceiling: u64,
    /// Good from then on, inclusive.
    pub from: Timestamp,
    /// Good until then, exclusive.
    pub until: Timestamp,
    /// When it was revoked, if it was.
    pub revoked_at: Option<Timestamp>,
}

impl StandingRecord {
    /// Whether it is good at `at`.
    pub fn is_open(&self, at: Timestamp) -> bool {
        self.revoked_at.is_none() && self.from <= at && at < self.until
    }
}

/// A ceiling of the agreement for one period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ceiling {
    /// The clause.
    pub clause: String,
    /// What counts beside it: clauses of earlier versions, each by the version and its name there.
    pub former: Vec<(u32, String)>,
    /// Objects at the most.
    pub objects: u64,
    /// The word of the period: `day` or `month`.
    pub per: &'static str,
    /// When the period began: midnight UTC of a day.
    pub since: Timestamp,
    /// When the next one begins.
    pub renews: Timestamp,
}

/// What a release is judged by in the transaction that seals it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReleaseTerms {
    /// The version of the agreement.
    pub version: u32,
    /// The clause.
    pub clause: String,
    /// Objects in the release.
    pub objects: u64,
    /// The ceilings of the clause.
    pub quotas: Vec<Ceiling>,
    /// The standing approval under which it goes, where no officer approved it.
    pub standing: Option<StandingId>,
}

/// Why a release is not approved, or a statement not sealed, where only the transaction can tell.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SealRefusal {
    /// Objects are not here any more as they were composed: another version came, or they were recalled, purged or frozen.
    #[error(
        "{} not here any more as composed; compose the release again", listed(.objects)
    )]
    HoldingChanged {
        /// Their ids, the first ones.
        objects: Vec<String>,
    },
    /// Another release under the agreement that was composed since took something out of objects, or of what they name or what
    /// names them, and this one may say it.
    #[error(
        "since the release was composed, something of {} or of what is named with it was redacted for the same partner; compose the release again", quoted(.objects)
    )]
    LostSince {
        /// Their ids, the first ones.
        objects: Vec<String>,
    },
    /// The release passes a ceiling of the agreement.
    #[error(
        "the release has {objects} objects, and the quota of {} a {} under the clause `{}` has {} left; it renews at {}",
        .quota.objects, .quota.per, .quota.clause, .quota.objects.saturating_sub(*.used), .quota.renews
    )]
    Quota {
        /// The ceiling.
        quota: Box<Ceiling>,
        /// Objects sealed in its period.
        used: u64,
        /// Objects in the release.
        objects: u64,
    },
    /// The release passes what the standing approval has left today.
    #[error(
        "the release has {objects} objects, and the standing approval `{standing}` has {} of its {ceiling} left today; have an officer approve the release, or wait for the next day in UTC",
        .ceiling.saturating_sub(*.used)
    )]
    Ceiling {
        /// The standing approval.
        standing: StandingId,
        /// Objects a day.
        ceiling: u64,
        /// Objects sealed under it today.
        used: u64,
        /// Objects in the release.
        objects: u64,
    },
    /// The standing approval was revoked, or is not good at this moment.
    #[error(
        "the standing approval `{standing}` is not good any more; have an officer approve the release"
    )]
    StandingOver {
        /// The standing approval.
        standing: StandingId,
    },
    /// What both parties said about the agreement does not let this be said.
    #[error("{0}")]
    Conduct(Refusal),
    /// This node may have forgotten what it said to the partner.
    #[error("{}", in_doubt(*.0))]
    InDoubt(DoubtKind),
}

impl SealRefusal {
    /// The stable name.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::HoldingChanged { .. } => "holding-changed",
            Self::LostSince { .. } => "redacted-since",
            Self::Quota { .. } => "quota-exceeded",
            Self::Ceiling { .. } => "ceiling-exceeded",
            Self::StandingOver { .. } => "standing-over",
            Self::Conduct(refusal) => refusal.code(),
            Self::InDoubt(why) => why.code(),
        }
    }

    /// The sentence and its particulars, for other languages.
    pub fn told(&self) -> Told {
        let told = Told::from(self.to_string());
        match self {
            Self::HoldingChanged { objects } | Self::LostSince { objects } => {
                told.with("objects", quoted(objects))
            }
            Self::Quota { quota, used, objects } => told
                .with("objects", objects)
                .with("clause", &quota.clause)
                .with("left", quota.objects.saturating_sub(*used))
                .with("renews", quota.renews),
            Self::Ceiling { standing, ceiling, used, objects } => told
                .with("objects", objects)
                .with("standing", standing)
                .with("ceiling", ceiling)
                .with("left", ceiling.saturating_sub(*used)),
            Self::StandingOver { standing } => told.with("standing", standing),
            Self::Conduct(_) | Self::InDoubt(_) => told,
        }
    }
}

const fn in_doubt(why: DoubtKind) -> &'static str {
    match why {
        DoubtKind::Restored => {
            "this node was put back from a backup and has not asked the partner yet what it has; run `comity serve` until \
             it reached the partner, or open a new epoch with `comity record recover --to HANDLE`"
        }
        DoubtKind::RolledBack => {
            "the database is older than what this node signed for the partner before; nothing is sealed until `comity \
             record recover --to HANDLE` opened a new epoch, or the newer database is put back"
        }
        DoubtKind::PartnerAhead => {
            "the partner has statements that this node does not remember; nothing is sealed until `comity record recover --to HANDLE` \
             opened a new epoch, or the newer database is put back"
        }
    }
}

fn listed(objects: &[String]) -> String {
    format!("{} {}", quoted(objects), if objects.len() == 1 { "is" } else { "are" })
}

fn quoted(objects: &[String]) -> String {
    let quoted: Vec<String> = objects.iter().map(|id| format!("`{id}`")).collect();
    quoted.join(", ")
}
