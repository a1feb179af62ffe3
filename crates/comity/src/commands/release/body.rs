//! What the commands about releases answer, for programs.

use comity_exchange::ExchangeError;
use comity_exchange::ceilings::QuotaView;
use comity_exchange::ports::{PreviewLine, PreviewReason, ReleaseRow, Verdict};
use comity_model::statement::{ReceiptEntry, RefusedObject};
use comity_model::{Digest, Folio, Grounds, OfficerId, ReleaseId};
use jiff::Timestamp;
use serde::Serialize;

use crate::ctx::{Ctx, Names};
use crate::lang::Lang;
use crate::output::time;

/// What was decided about one object, with the reasons in the reader's language.
#[derive(Debug, Serialize)]
pub(super) struct Line {
    pub(super) id: String,
    pub(super) version: String,
    #[serde(rename = "type")]
    pub(super) stix_type: String,
    pub(super) name: Option<String>,
    pub(super) verdict: Verdict,
    pub(super) redacted: Vec<String>,
    pub(super) reasons: Vec<Why>,
}

#[derive(Debug, Serialize)]
pub(super) struct Why {
    pub(super) code: String,
    pub(super) policy: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) property: Option<String>,
    pub(super) text: String,
}

impl Line {
    pub(super) fn of(line: PreviewLine, lang: Lang) -> Self {
        let why = |it: PreviewReason| Why {
            text: crate::error::reason(lang, &it.code, it.text),
            code: it.code,
            policy: it.policy,
            property: it.property,
        };
        Self {
            id: line.id,
            version: line.version,
            stix_type: line.stix_type,
            name: line.name,
            verdict: line.verdict,
            redacted: line.redacted,
            reasons: line.reasons.into_iter().map(why).collect(),
        }
    }
}

pub(super) fn count(lines: &[Line], verdict: Verdict) -> usize {
    lines.iter().filter(|line| line.verdict == verdict).count()
}

#[derive(Serialize)]
pub(super) struct ComposedBody {
    pub(super) release: ReleaseId,
    pub(super) folio: Folio,
    pub(super) digest: Digest,
    pub(super) clause: String,
    pub(super) purpose: String,
    pub(super) grounds: Grounds,
    pub(super) state: &'static str,
    pub(super) objects: u64,
    pub(super) redacted: u64,
    pub(super) withheld: usize,
    pub(super) quotas: Vec<QuotaBody>,
    pub(super) preview: Vec<Line>,
}

/// How a quota stands before the release is sealed.
#[derive(Serialize)]
pub(super) struct QuotaBody {
    objects: u64,
    per: &'static str,
    used: u64,
    left: u64,
    renews: Timestamp,
}

impl QuotaBody {
    pub(super) fn of(view: QuotaView) -> Self {
        let left = view.left();
        let QuotaView { quota, used } = view;
        Self { objects: quota.objects, per: quota.per, used, left, renews: quota.renews }
    }

    /// The quota in words: what is left of it, and when it renews.
    pub(super) fn said(&self, ctx: &Ctx) -> String {
        let Self { objects, left, .. } = self;
        let renews = time(self.renews);
        match (ctx.lang, self.per) {
            (Lang::En, per) => format!("{left} of {objects} a {per} left, renews {renews}"),
            (Lang::Es, "day") => format!("quedan {left} de {objects} por día; se renueva {renews}"),
            (Lang::Es, _) => format!("quedan {left} de {objects} por mes; se renueva {renews}"),
        }
    }
}

#[derive(Serialize)]
pub(super) struct PreviewBody {
    pub(super) clause: String,
    pub(super) purpose: Option<String>,
    pub(super) objects: usize,
    pub(super) redacted: usize,
    pub(super) withheld: usize,
    pub(super) preview: Vec<Line>,
}

#[derive(Serialize)]
pub(super) struct ApprovedBody {
    pub(super) folio: Folio,
    pub(super) state: &'static str,
    pub(super) approvals: usize,
    pub(super) required: usize,
}

#[derive(Serialize)]
pub(super) struct SentBody {
    pub(super) folio: Folio,
    pub(super) state: &'static str,
    pub(super) statement: Digest,
    pub(super) sequence: Option<u64>,
}

/// The state of a release that was composed or approved and can't be sent any more.
pub(super) const STALE: &str = "stale";

#[derive(Serialize)]
pub(super) struct Summary {
    pub(super) release: ReleaseId,
    pub(super) folio: Folio,
    /// `stale` for one that was composed or approved and can't be sent any more.
    pub(super) state: &'static str,
    /// Why it is stale: the code with which it would be refused.
    pub(super) reason: Option<&'static str>,
    pub(super) clause: String,
    pub(super) purpose: String,
    pub(super) grounds: Grounds,
    pub(super) to: String,
    pub(super) objects: u64,
    pub(super) redacted: u64,
    pub(super) digest: Digest,
    pub(super) composed_at: Timestamp,
}

#[derive(Serialize)]
pub(super) struct ApprovalBody {
    pub(super) officer: OfficerId,
    pub(super) name: String,
    pub(super) office: Option<String>,
    pub(super) at: Timestamp,
}

#[derive(Serialize)]
pub(super) struct ReceiptSummary {
    pub(super) outcome: &'static str,
    pub(super) code: Option<String>,
    pub(super) admitted: u64,
    pub(super) refused: u64,
    pub(super) objects: Vec<RefusedObject>,
    pub(super) received_at: Timestamp,
}

#[derive(Serialize)]
pub(super) struct Whole {
    #[serde(flatten)]
    pub(super) summary: Summary,
    pub(super) composer: String,
    pub(super) approvals: Vec<ApprovalBody>,
    pub(super) statement: Option<Digest>,
    pub(super) sequence: Option<u64>,
    pub(super) receipt: Option<ReceiptSummary>,
    pub(super) withheld: usize,
    pub(super) preview: Vec<Line>,
}

#[derive(Serialize)]
pub(super) struct All {
    pub(super) releases: Vec<Summary>,
}

pub(super) fn summary(names: &Names, row: &ReleaseRow, stale: Option<&ExchangeError>) -> Summary {
    let record = &row.record;
    Summary {
        release: record.release,
        folio: record.folio.clone(),
        state: if stale.is_some() { STALE } else { row.state.as_str() },
        reason: stale.map(ExchangeError::code),
        clause: record.clause.clone(),
        purpose: record.purpose.clone(),
        grounds: record.grounds.clone(),
        to: names.name(record.to),
        objects: record.objects,
        redacted: record.redacted,
        digest: row.digest,
        composed_at: record.composed_at,
    }
}

pub(super) fn receipt(entry: ReceiptEntry) -> ReceiptSummary {
    ReceiptSummary {
        outcome: entry.outcome.as_str(),
        code: entry.code,
        admitted: entry.admitted,
        refused: entry.refused,
        objects: entry.objects,
        received_at: entry.received_at,
    }
}
