//! A recall beside others of the same release, and what a correction has to do with what it corrects
//! (docs/protocol.md section 3.16).

use std::collections::BTreeSet;

use comity_model::matter::{RecallAction, RecallBody, corrects};
use comity_model::{AgreementId, Digest, MatterId, MatterKind, ReleaseId, ReleaseRecord, told};

use super::{MATTERS, Target, body};
use crate::error::{ExchangeError, Result};
use crate::node::Node;
use crate::ports::{MatterQuery, MatterRow, OutboundRow, Verdict};

/// What a recall became.
#[derive(Debug, Clone)]
pub struct Sent {
    /// The statements, one for each release of which something was to be asked for.
    pub sealed: Vec<OutboundRow>,
    /// The releases of which an open recall asks for all of it already; nothing was said about them.
    pub open: Vec<AskedBefore>,
}

/// A release of which an open recall asks for all that another one would.
#[derive(Debug, Clone)]
pub struct AskedBefore {
    /// The digest of the release statement.
    pub release: Digest,
    /// The open recall.
    pub recall: MatterRow,
}

/// An open recall of a release that leaves nothing to ask for to one of these objects with this action, but for one. No
/// objects mean all of the release.
pub(super) async fn open_with(
    node: &Node,
    release: Digest,
    objects: &[String],
    action: RecallAction,
    but: Option<MatterId>,
) -> Result<Option<MatterRow>> {
    let query = MatterQuery {
        kind: Some(MatterKind::Recall),
        open: Some(true),
        limit: MATTERS,
        ..MatterQuery::default()
    };
    for matter in node.store().matters(query).await? {
        let open = body(&matter)?;
        let named: BTreeSet<&String> = open.objects.iter().collect();
        let all = named.is_empty()
            || (!objects.is_empty() && objects.iter().all(|it| named.contains(it)));
        let is_it = open.release == release && Some(matter.id) != but;
        if is_it && all && open.action.covers(action) {
            return Ok(Some(matter));
        }
    }
    Ok(None)
}

/// One object that went in a release.
pub(super) struct Went {
    /// Its id as this party calls it.
    pub(super) id: String,
    /// The id as it was released.
    pub(super) released: String,
    /// The version of which it was made.
    version: String,
    /// Whether a derivative went.
    is_derivative: bool,
}

/// What went in a release.
pub(super) async fn went(
    node: &Node,
    release: ReleaseId,
    agreement: AgreementId,
) -> Result<Vec<Went>> {
    let preview = node.store().preview(release).await?;
    let redacted = preview.iter().filter(|line| line.verdict == Verdict::Redacted);
    let redacted: Vec<String> = redacted.map(|line| line.id.clone()).collect();
    let derived = node.store().derivatives(agreement, redacted).await?;
    let derived: std::collections::BTreeMap<String, String> =
        derived.into_iter().map(|it| (it.original, it.derived)).collect();
    let went = preview.into_iter().filter(|line| line.verdict != Verdict::Withheld);
    Ok(went
        .map(|line| {
            let is_derivative = line.verdict == Verdict::Redacted;
            let derived = derived.get(&line.id).filter(|_| is_derivative);
            let released = derived.unwrap_or(&line.id).clone();
            Went { released, is_derivative, id: line.id, version: line.version }
        })
        .collect())
}

/// The one of these releases that corrects or replaces a target at its recipient. Refused with `replacement-missing` where
/// none does.
pub(super) async fn replacement_for(
    node: &Node,
    target: &Target,
    action: RecallAction,
    replacements: &[(Digest, ReleaseRecord)],
) -> Result<Option<Digest>> {
    if action == RecallAction::Purge {
        return Ok(None);
    }
    let record = &target.record;
    let (mut went_there, folio) = (false, &record.folio);
    for (statement, it) in replacements {
        let is_there = it.to == record.to
            && it.agreement.id == record.agreement.id
            && it.release != record.release;
        went_there |= is_there;
        if is_there && (action == RecallAction::Replace || brings_later(node, target, it).await?) {
            return Ok(Some(*statement));
        }
    }
    let message = if went_there {
        told!(
            "none of the releases that were named has an object of {folio} in a later version, so they correct nothing in it; \
             send a later version first and name that release, or replace it with `--replace`",
            folio
        )
        .named("correction-unrelated")
    } else {
        told!(
            "no release that was named corrects or replaces {folio} at its recipient; send one first and name it",
            folio
        )
    };
    Err(ExchangeError::refused("replacement-missing", message))
}

/// Whether a release brings an object of the target in a later version. A derivative that was made anew of the same version
/// may say something else than the one before; its recipient, which has both, judges that.
async fn brings_later(node: &Node, target: &Target, right: &ReleaseRecord) -> Result<bool> {
    let wrong = went(node, target.record.release, target.record.agreement.id).await?;
    let named: BTreeSet<&String> = target.objects.iter().collect();
    let wrong: Vec<Went> =
        wrong.into_iter().filter(|it| named.is_empty() || named.contains(&it.released)).collect();
    let right = went(node, right.release, right.agreement.id).await?;
    let made_anew = wrong.iter().filter(|it| it.is_derivative).any(|it| {
        right.iter().any(|new| {
            new.is_derivative && (&new.released, &new.version) == (&it.released, &it.version)
        })
    });
    Ok(made_anew || corrects(wrong.iter().map(Went::pair), right.iter().map(Went::pair)))
}

impl Went {
    fn pair(&self) -> (&str, &str) {
        (&self.released, &self.version)
    }
}

/// Whether what a partner says corrects something has, as it was taken in here, an object of what it recalls in a later
/// version. Where something of either release was refused when it came, nobody here can tell.
pub(super) async fn corrects_something(node: &Node, recall: &RecallBody) -> Result<bool> {
    let (RecallAction::Correct, Some(replacement)) = (recall.action, recall.replacement) else {
        return Ok(true);
    };
    let wrong = node.store().release_objects(recall.release, recall.objects.clone()).await?;
    let right = node.store().release_objects(replacement, Vec::new()).await?;
    let wrong = wrong.iter().map(|(it, _)| (it.id.as_str(), it.version.as_str()));
    let right = right.iter().map(|(it, _)| (it.id.as_str(), it.version.as_str()));
    if corrects(wrong, right) {
        return Ok(true);
    }
    for release in [recall.release, replacement] {
        if node.store().inbox_row(release).await?.is_some_and(|it| it.receipt.refused > 0) {
            return Ok(true);
        }
    }
    Ok(false)
}
