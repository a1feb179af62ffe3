//! A release as people make one: composed, approved by officers, sent, and looked after until it is settled.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::demo::answers::{Approved, Composed, Line, Receipt, Release, Sealed, Verdict};
use crate::demo::failure::{DemoError, Result};
use crate::demo::party::Party;
use crate::demo::stage::until;

/// The officers of each party, by the names they have in its node.
pub(in crate::demo) const OFFICERS: [&str; 2] = ["officer-1", "officer-2"];

/// What is to be released.
#[derive(Debug)]
pub(in crate::demo) struct Order<'a> {
    pub(in crate::demo) clause: &'a str,
    pub(in crate::demo) purpose: &'a str,
    /// The selection, as options.
    pub(in crate::demo) selection: Vec<&'a str>,
    /// Who approves: as many as the clause demands.
    pub(in crate::demo) approvers: &'a [&'a str],
}

/// A release that was sent.
#[derive(Debug)]
pub(in crate::demo) struct Given {
    /// The party that gave it.
    pub(in crate::demo) from: &'static str,
    pub(in crate::demo) folio: String,
    /// The clause under which it went.
    pub(in crate::demo) clause: String,
    /// SHA-256 of its `release.json`, which the officers approved.
    pub(in crate::demo) digest: String,
    /// The digest of its statement.
    pub(in crate::demo) statement: String,
    /// Its place in the channel.
    pub(in crate::demo) sequence: u64,
    /// What was decided about each object.
    pub(in crate::demo) preview: Vec<Line>,
}

impl Given {
    /// The objects with a verdict.
    pub(in crate::demo) fn with(&self, verdict: Verdict) -> Vec<&Line> {
        self.preview.iter().filter(|line| line.verdict == verdict).collect()
    }

    /// How many objects it has.
    pub(in crate::demo) fn objects(&self) -> u64 {
        let given = self.preview.iter().filter(|line| line.verdict != Verdict::Withheld);
        given.count() as u64
    }

    /// The same for programs.
    pub(in crate::demo) fn facts(&self, receipt: &Receipt) -> Value {
        json!({
            "folio": self.folio,
            "digest": self.digest,
            "statement": self.statement,
            "sequence": self.sequence,
            "released": self.with(Verdict::Released).len(),
            "redacted": self.with(Verdict::Redacted).len(),
            "withheld": self.with(Verdict::Withheld).len(),
            "outcome": receipt.outcome,
            "admitted": receipt.admitted,
            "refused": receipt.refused,
        })
    }
}

/// Different objects in releases of one party that were not withdrawn: what its partner's people then read.
pub(in crate::demo) fn distinct(given: &[Given], from: &str, withdrawn: &[String]) -> u64 {
    let lines = given.iter().filter(|it| it.from == from).flat_map(|it| &it.preview);
    let kept = lines.filter(|it| it.verdict != Verdict::Withheld && !withdrawn.contains(&it.id));
    kept.map(|line| line.id.as_str()).collect::<BTreeSet<_>>().len() as u64
}

/// Composes, approves and sends.
pub(in crate::demo) async fn send(from: &Party, to: &Party, order: Order<'_>) -> Result<Given> {
    let composed: Composed = from
        .ask(["release", "compose", "--to", to.handle, "--clause", order.clause])
        .args(["--purpose", order.purpose, "--by", from.analyst])
        .args(order.selection)
        .json()
        .await?;
    for (index, officer) in order.approvers.iter().enumerate() {
        let approved: Approved = from
            .ask(["release", "approve", &composed.folio, "--as", officer])
            .passphrase(&from.officer_file(officer))
            .json()
            .await?;
        let enough = index + 1 == order.approvers.len();
        if (approved.state == "approved") != enough {
            let message = format!(
                "after {} of {} approvals {} is {}",
                index + 1,
                order.approvers.len(),
                composed.folio,
                approved.state
            );
            return Err(DemoError::story(message));
        }
    }
    let sealed: Sealed = from.ask(["release", "send", &composed.folio]).json().await?;
    Ok(Given {
        from: from.handle,
        folio: sealed.folio,
        clause: order.clause.to_owned(),
        digest: composed.digest,
        statement: sealed.statement,
        sequence: sealed.sequence,
        preview: composed.preview,
    })
}

/// Waits until the partner's receipt and cosignature are there, and every object was admitted.
pub(in crate::demo) async fn settled(from: &Party, given: &Given) -> Result<Receipt> {
    let what = format!("{} to be settled", given.folio);
    let release = until(what, async || {
        let release = show(from, &given.folio).await?;
        let on_its_way =
            matches!(release.state.as_str(), "approved" | "sealed" | "delivered" | "receipted");
        Ok((!on_its_way).then_some(release))
    })
    .await?;
    match release.receipt {
        Some(receipt)
            if release.state == "settled"
                && receipt.admitted == given.objects()
                && receipt.refused == 0 =>
        {
            Ok(receipt)
        }
        _ => Err(DemoError::story(format!(
            "{} of {} objects is {}; `comity release show {0} --data {}` says more",
            given.folio,
            given.objects(),
            release.state,
            from.handle
        ))),
    }
}

/// A release as its giver sees it.
pub(in crate::demo) async fn show(from: &Party, folio: &str) -> Result<Release> {
    from.ask(["release", "show", folio]).json().await
}
