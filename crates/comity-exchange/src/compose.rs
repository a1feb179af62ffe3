//! Compose: objects and a clause are named; the parts are written; the preview is kept. Nothing leaves yet, and
//! nothing of it changes again.

use comity_model::told;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use comity_model::entropy::fresh_uuid;
use comity_model::statement::Kind;
use comity_model::{Folio, Grounds, Holding, PartyRoot, ReleaseId, ReleaseRecord, Tlp};
use comity_policy::Act;
use jiff::Timestamp;
use serde_json::json;

use crate::agreement::{self, Standing};
use crate::ceilings::{self, QuotaView};
use crate::consent::Consents;
use crate::decide::{Case, Considered, Deliberation, decide};
use crate::error::{ExchangeError, Result, journalled};
use crate::failpoint::fail_point;
use crate::grounds;
use crate::node::Node;
use crate::ports::{ComposeInput, HoldingQuery, PreviewLine, ReleaseRow, ReleaseTemplate, Verdict};
use crate::recovery;

mod nested;
mod past;
mod writer;

use writer::Writer;

/// Objects read from the store at a time.
const PAGE: u32 = 1_000;

/// What to release.
#[derive(Debug, Clone)]
pub enum Selection {
    /// These objects, by STIX id.
    Ids(Vec<String>),
    /// Every object of a type.
    Type(String),
    /// Every object whose text has these words.
    Search(String),
}

/// What to compose.
#[derive(Debug, Clone)]
pub struct ComposeRequest {
    /// To whom.
    pub to: PartyRoot,
    /// Under which clause.
    pub clause: String,
    /// For which purpose; may be left out where the clause has only one.
    pub purpose: Option<String>,
    /// What.
    pub selection: Selection,
    /// On what it rests and why it is given; either list may be left out where the agreement has only one entry.
    pub grounds: Grounds,
    /// Who composes.
    pub by: String,
}

/// What was composed, with the decision about each object.
#[derive(Debug, Clone)]
pub struct Composed {
    /// The release.
    pub release: ReleaseRow,
    /// The decisions, in the order of the selection.
    pub preview: Vec<PreviewLine>,
    /// How the quotas of the clause stand before this release is sealed.
    pub quotas: Vec<QuotaView>,
}

/// Composes a release. If everything is withheld there is nothing to release: that is refused as `nothing-to-release`,
/// and [`preview`] says why for each object. What passes the limits of the partner's descriptor is refused as
/// `over-limit`.
pub async fn compose(node: &Node, request: ComposeRequest) -> Result<Composed> {
    let (by, clause) = (request.by.clone(), request.clause.clone());
    let details = json!({ "clause": clause, "to": request.to });
    let done = compose_checked(node, request).await;
    journalled(node, done, &by, "release-not-composed", clause, details).await
}

async fn compose_checked(node: &Node, request: ComposeRequest) -> Result<Composed> {
    let now = node.now();
    let standing = agreement::in_force(node, request.to, now).await?;
    standing.partner.must_understand(Kind::Release)?;
    let purpose = purpose_of(&standing, node.root(), &request)?;
    let (clause, agreement) = (Some(request.clause.as_str()), &standing.agreement);
    let grounds = grounds::choose(agreement, Act::Release, clause, &request.grounds)?;
    let (writer, deliberation) = decided(node, &standing, &request, &purpose, now).await?;
    let written = tokio::task::spawn_blocking(move || writer.write(deliberation))
        .await
        .map_err(ExchangeError::damaged)??;
    let preview: Vec<PreviewLine> = written.considered.iter().map(preview_line).collect();
    if written.objects == 0 {
        return Err(nothing_left(&preview));
    }
    let record = ReleaseRecord {
        v: 1,
        release: ReleaseId::new(fresh_uuid(&**node.entropy())),
        folio: Folio::new(node.record().handle.clone(), 0, 0),
        agreement: standing.reference,
        clause: request.clause,
        purpose,
        grounds,
        from: node.root(),
        to: request.to,
        root: written.root,
        objects: written.objects,
        redacted: written.redacted,
        parts: written.entries,
        composed_at: now,
    };
    let withheld = preview.iter().filter(|line| line.verdict == Verdict::Withheld).count();
    let details = json!({
        "clause": record.clause, "purpose": record.purpose, "grounds": record.grounds, "to": record.to, "objects": record.objects,
        "redacted": record.redacted, "withheld": withheld,
    });
    let journal = vec![node.journal_by(&request.by, "release-composed", record.release, details)];
    let input = ComposeInput {
        template: ReleaseTemplate { record },
        parts: written.parts,
        preview: preview.clone(),
        derivatives: written.derivatives,
        losses: written.losses,
        masks: written.masks,
        composer: request.by,
        at: now,
    };
    fail_point("compose:before-commit").await;
    let release = node.store().compose(input, journal).await?;
    recovery::keep_folios(node).await?;
    fail_point("compose:after-commit").await;
    let clause = &release.record.clause;
    let quotas = ceilings::quotas(node, &standing.agreement, clause, now).await?;
    Ok(Composed { release, preview, quotas })
}

/// Decides and writes as [`compose`] does, and keeps nothing: what a release under this clause would be. Refused for what
/// a composition is refused for, but not where everything is withheld, and not for its grounds.
pub async fn preview(node: &Node, request: ComposeRequest) -> Result<Vec<PreviewLine>> {
    let now = node.now();
    let standing = agreement::in_force(node, request.to, now).await?;
    standing.partner.must_understand(Kind::Release)?;
    let purpose = purpose_of(&standing, node.root(), &request)?;
    let (writer, deliberation) = decided(node, &standing, &request, &purpose, now).await?;
    let considered = tokio::task::spawn_blocking(move || writer.preview(deliberation))
        .await
        .map_err(ExchangeError::damaged)??;
    Ok(considered.iter().map(preview_line).collect())
}

/// What the policy says of the selection, and the writer that says what goes of it.
async fn decided(
    node: &Node,
    standing: &Standing,
    request: &ComposeRequest,
    purpose: &str,
    now: Timestamp,
) -> Result<(Writer, Deliberation)> {
    let selected = select(node, &request.selection).await?;
    let deliberation = deliberate(node, standing, &request.clause, purpose, selected, now).await?;
    let agreement = standing.agreement.id;
    let secret = node.keys()?.derivative_secret(agreement);
    let (deliberation, past) = past::past(node, agreement, secret, deliberation).await?;
    let ids = deliberation.considered.iter().map(|it| it.holding.id.clone()).collect();
    let known = node.store().derivatives(agreement, ids).await?;
    let writer = Writer {
        node: node.clone(),
        created_by: identity_of(node)?,
        known: known.into_iter().map(|it| (it.original.clone(), it)).collect(),
        past,
        agreement,
        secret,
        limits: standing.partner.descriptor.limits,
        now,
    };
    Ok((writer, deliberation))
}

fn nothing_left(preview: &[PreviewLine]) -> ExchangeError {
    let mut message = "nothing of the selection may be released; the reasons are".to_owned();
    for line in preview.iter().take(20) {
        for reason in &line.reasons {
            // writing to a text cannot fail
            let _ = write!(message, "\n  {}: {} ({})", line.id, reason.text, reason.policy);
        }
    }
    ExchangeError::refused("nothing-to-release", message)
}

fn purpose_of(standing: &Standing, from: PartyRoot, request: &ComposeRequest) -> Result<String> {
    let agreement = &standing.agreement;
    let clause = agreement.clause(&request.clause).ok_or_else(|| {
        let names: Vec<&str> = agreement.clauses.iter().map(|it| it.id.as_str()).collect();
        let message = told!(
            "the agreement has no clause `{clause}`; it has `{known}`",
            clause = request.clause,
            known = names.join("`, `")
        );
        ExchangeError::refused("clause-unknown", message)
    })?;
    if agreement.parties.get(&clause.from) != Some(&from) {
        let message = told!(
            "the clause `{clause}` is the partner's to give under, not this party's",
            clause = clause.id
        );
        return Err(ExchangeError::refused("clause-direction", message));
    }
    let mut purposes = clause.purposes.iter();
    match (&request.purpose, purposes.next(), purposes.next()) {
        (Some(purpose), ..) if clause.purposes.contains(purpose) => Ok(purpose.clone()),
        (None, Some(only), None) => Ok(only.clone()),
        (given, ..) => {
            let all: Vec<&str> = clause.purposes.iter().map(String::as_str).collect();
            let given =
                given.as_ref().map(|it| format!("`{it}` is not one of them; ")).unwrap_or_default();
            let message = told!(
                "{given}name one purpose of the clause with `--purpose`: `{purposes}`",
                given,
                purposes = all.join("`, `")
            );
            Err(ExchangeError::refused("purpose-not-granted", message))
        }
    }
}

/// The newest version of each object that was named.
async fn select(node: &Node, selection: &Selection) -> Result<Vec<Holding>> {
    let mut query = HoldingQuery { limit: PAGE, ..HoldingQuery::default() };
    match selection {
        Selection::Ids(ids) => return select_ids(node, ids).await,
        Selection::Type(stix_type) => query.stix_type = Some(stix_type.clone()),
        Selection::Search(words) => query.search = Some(words.clone()),
    }
    let mut all = Vec::new();
    loop {
        let page = node.store().holdings(query.clone()).await?;
        all.extend(page.holdings);
        match page.next {
            Some(next) => query.after = Some(next),
            None => break,
        }
    }
    if all.is_empty() {
        let message =
            "nothing that is held matches the selection; `comity holdings list` shows what is held";
        return Err(ExchangeError::refused("nothing-selected", message));
    }
    Ok(all)
}

async fn select_ids(node: &Node, ids: &[String]) -> Result<Vec<Holding>> {
    let mut found = BTreeMap::new();
    for chunk in ids.chunks(PAGE as usize) {
        let query =
            HoldingQuery { ids: Some(chunk.to_vec()), limit: PAGE, ..HoldingQuery::default() };
        for holding in node.store().holdings(query).await?.holdings {
            found.insert(holding.id.clone(), holding);
        }
    }
    let mut once = BTreeSet::new();
    let mut selected = Vec::with_capacity(ids.len());
    for id in ids.iter().filter(|id| once.insert(id.as_str())) {
        let holding = found.remove(id).ok_or_else(|| ExchangeError::NotFound {
            what: "holding",
            name: id.clone(),
            advice: "`comity holdings search WORDS` finds its id",
        })?;
        selected.push(holding);
    }
    Ok(selected)
}

/// Decides about the selection and the markings that travel with it.
async fn deliberate(
    node: &Node,
    standing: &Standing,
    clause: &str,
    purpose: &str,
    mut selected: Vec<Holding>,
    now: Timestamp,
) -> Result<Deliberation> {
    let markings = markings_of(&selected);
    if !markings.is_empty() {
        let query = HoldingQuery { ids: Some(markings), limit: PAGE, ..HoldingQuery::default() };
        selected.extend(node.store().holdings(query).await?.holdings);
    }
    let named: BTreeSet<String> =
        selected.iter().flat_map(|it| it.refs.iter().chain([&it.id])).cloned().collect();
    let known =
        node.store().derivatives(standing.agreement.id, named.into_iter().collect()).await?;
    let secret = node.keys()?.derivative_secret(standing.agreement.id);
    let mut earlier: BTreeMap<String, String> =
        known.into_iter().map(|it| (it.original, it.derived)).collect();
    let terms = standing.agreement.clause(clause).cloned();
    if let Some(terms) = &terms {
        earlier.extend(nested::telling(terms, &selected, &secret));
    }
    let consents = if selected.iter().any(|it| it.origin.partner().is_some()) {
        Consents::held(node, standing.record.root, purpose, now).await?
    } else {
        Consents::NONE
    };
    let (engine, from) = (std::sync::Arc::clone(&standing.engine), node.root());
    let (clause, purpose) = (clause.to_owned(), purpose.to_owned());
    tokio::task::spawn_blocking(move || {
        let case = Case {
            engine: &engine,
            from,
            clause: &clause,
            purpose: &purpose,
            now,
            secret: &secret,
            consents: &consents,
        };
        let mut deliberation = decide(&case, selected, &earlier);
        if let Some(terms) = &terms {
            nested::withhold_observed(terms, &secret, &mut deliberation);
        }
        deliberation
    })
    .await
    .map_err(ExchangeError::damaged)
}

/// The marking definitions that a selection names and does not hold, those that everybody knows apart.
fn markings_of(selected: &[Holding]) -> Vec<String> {
    let ids: BTreeSet<&str> = selected.iter().map(|it| it.id.as_str()).collect();
    let markings: BTreeSet<&str> = selected
        .iter()
        .flat_map(|it| it.refs.iter().map(String::as_str))
        .filter(|id| id.starts_with("marking-definition--") && Tlp::of_id(id).is_none())
        .filter(|id| !ids.contains(id))
        .collect();
    markings.into_iter().take(PAGE as usize).map(ToOwned::to_owned).collect()
}

fn preview_line(it: &Considered) -> PreviewLine {
    PreviewLine {
        id: it.holding.id.clone(),
        version: it.holding.version.clone(),
        stix_type: it.holding.stix_type.clone(),
        name: it.holding.name.clone(),
        verdict: it.verdict,
        redacted: it.changes.iter().map(|change| change.property.clone()).collect(),
        reasons: it.reasons.clone(),
        policies: it.policies.clone(),
        source: it.holding.origin.statement(),
    }
}

/// The STIX id of this party's identity: `created_by_ref` of derivatives.
pub(crate) fn identity_of(node: &Node) -> Result<String> {
    let own = crate::partner::own(node)?;
    let identity = own.descriptor.identity.get().as_bytes();
    comity_stix::head(identity, &comity_stix::Limits::default())
        .map(|head| head.id.to_string())
        .map_err(ExchangeError::damaged)
}
