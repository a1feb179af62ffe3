//! Requests for information: asked with a clock, clarified, answered with releases or on grounds, withdrawn
//! (docs/protocol.md section 3.14).

use comity_model::told;
use comity_model::told::Told;
use std::collections::BTreeSet;

use comity_model::entropy::fresh_uuid;
use comity_model::matter::{
    AnswerBody, AnswerOutcome, ClarificationAct, ClarificationBody, Grounds, MatterBody,
    RequestBody, Urgency,
};
use comity_model::statement::Kind;
use comity_model::{AgreementId, Digest, MatterId, MatterKind, PartyRoot, Refusal};
use comity_policy::{Act, Agreement, Scope};
use jiff::Timestamp;
use serde_json::json;

use crate::agreement::{self, Standing};
use crate::error::{ExchangeError, Result};
use crate::kinds;
use crate::matter::{self, Say, unnumbered};
use crate::node::Node;
use crate::ports::{MatterQuery, MatterRow, OutboundRow};

/// A request for information to be put.
#[derive(Debug, Clone)]
pub struct Ask {
    /// To whom.
    pub to: PartyRoot,
    /// How urgent it is; the agreement says how many hours that gives.
    pub urgency: Urgency,
    /// For which purpose: one that a clause of the partner grants to this party.
    pub purpose: String,
    /// STIX types that would answer it; may be empty.
    pub kinds: Vec<String>,
    /// What it rests on, from the agreement's list; may be empty where the list has one entry.
    pub legal_basis: Vec<String>,
    /// What is asked.
    pub text: String,
    /// Who asks; stays in the journal.
    pub by: String,
}

/// Puts a request to a partner. Refused with `scope-not-granted`, `purpose-not-granted` (the message names the clauses) and
/// with the codes of the grounds.
pub async fn ask(node: &Node, ask: Ask) -> Result<OutboundRow> {
    let id = MatterId::new(MatterKind::Request, fresh_uuid(&**node.entropy()));
    let prepared = prepare(node, id, &ask).await;
    let (standing, body) = matter::or_journal(node, &ask.by, &id.to_string(), prepared).await?;
    let details = json!({
        "to": ask.to, "urgency": body.urgency.as_str(), "hours": body.hours, "purpose": body.purpose,
    });
    let say = Say {
        body: body.into(),
        text: Some(ask.text),
        attachments: Vec::new(),
        event: "request-sent",
        details,
        by: ask.by,
    };
    matter::say(node, &standing, say).await
}

async fn prepare(node: &Node, id: MatterId, ask: &Ask) -> Result<(Standing, RequestBody)> {
    let standing = agreement::in_force(node, ask.to, node.now()).await?;
    must_cover(&standing.agreement, Scope::Intelligence)?;
    if !grants(&standing.agreement, ask.to, &ask.purpose) {
        let message = told!(
            "no clause lets the partner give anything for `{purpose}`; {advice}",
            purpose = ask.purpose,
            advice = purposes_of(&standing.agreement, ask.to)
        )
        .named("purpose-not-theirs");
        return Err(ExchangeError::refused(Refusal::PurposeNotGranted.code(), message));
    }
    kinds::must_be_known(node, ask.kinds.iter().map(String::as_str), "--kind")?;
    let body = RequestBody {
        request: id,
        folio: unnumbered(node),
        urgency: ask.urgency,
        hours: standing.agreement.answer_hours(ask.urgency),
        purpose: ask.purpose.clone(),
        kinds: ask.kinds.clone(),
        legal_basis: bases(&standing.agreement, &ask.legal_basis)?,
    };
    Ok((standing, body))
}

/// Says in a request what is no answer: asks for clarification, replies to that, or withdraws the request.
pub async fn clarify(
    node: &Node,
    request: &str,
    act: ClarificationAct,
    text: Option<String>,
    by: &str,
) -> Result<OutboundRow> {
    let found = open(node, request, by).await?;
    let (id, standing) = (found.0.id, found.1);
    let body = ClarificationBody { request: id, folio: unnumbered(node), act };
    let say = Say {
        body: body.into(),
        text,
        attachments: Vec::new(),
        event: "request-clarified",
        details: json!({ "act": act.as_str() }),
        by: by.to_owned(),
    };
    matter::say(node, &standing, say).await
}

/// An answer to a request.
#[derive(Debug, Clone)]
pub struct Answer {
    /// What it is.
    pub outcome: AnswerOutcome,
    /// The releases that it consists of, by folio or by the digest of their statements; sealed before.
    pub releases: Vec<String>,
    /// On what it rests, from the agreement's list; may be empty where there is one.
    pub legal_basis: Vec<String>,
    /// Why: the ids of reasons that the agreement lists; may be empty where there is one.
    pub reasons: Vec<String>,
    /// More about it, for the partner.
    pub text: Option<String>,
    /// Who answers; stays in the journal.
    pub by: String,
}

/// Answers a request that the partner put. A release that it cites must have been sealed for that partner under the same
/// agreement, and no complete answer may have cited it before (`release-cited`).
pub async fn answer(node: &Node, request: &str, answer: Answer) -> Result<OutboundRow> {
    let (found, standing) = open(node, request, &answer.by).await?;
    let id = found.id.to_string();
    let prepared = answered(node, &found, &standing, &answer).await;
    let body = matter::or_journal(node, &answer.by, &id, prepared).await?;
    let details = json!({
        "outcome": body.outcome.as_str(), "releases": body.releases,
        "legal_basis": body.grounds.legal_basis, "reasons": body.grounds.reasons,
    });
    let say = Say {
        body: body.into(),
        text: answer.text,
        attachments: Vec::new(),
        event: "request-answered",
        details,
        by: answer.by,
    };
    matter::say(node, &standing, say).await
}

async fn answered(
    node: &Node,
    found: &MatterRow,
    standing: &Standing,
    answer: &Answer,
) -> Result<AnswerBody> {
    let gives = matches!(answer.outcome, AnswerOutcome::Complete | AnswerOutcome::Partial);
    if gives && answer.releases.is_empty() && answer.text.is_none() {
        let message = "an answer that gives something names a release or has a text; add \
                       `--release FOLIO` or `--text TEXT`";
        return Err(ExchangeError::input("the answer", Told::from(message).named("answer-empty")));
    }
    let mut releases = Vec::new();
    for name in &answer.releases {
        let digest = matter::release_statement(node, name).await?;
        let row = node.store().outbound(digest).await?;
        let went = row.is_some_and(|it| {
            it.kind == Kind::Release
                && it.channel.to == standing.record.root
                && it.channel.agreement == found.agreement
        });
        if !went {
            let message = told!("`{name}` is no release that this party sealed for the partner under this agreement; \
                 `comity release list` shows them", name)
                .named("not-sealed-for-them");
            return Err(ExchangeError::refused(Refusal::TargetUnknown.code(), message));
        }
        if releases.contains(&digest) {
            return Err(ExchangeError::input(
                name.clone(),
                Told::from("is named twice; name it once").named("named-twice"),
            ));
        }
        releases.push(digest);
    }
    if let Some(digest) = cited_before(node, found.agreement, node.root(), &releases).await? {
        let message = told!(
            "a complete answer cited the release `{digest}` before; what it gave, it gave there",
            digest
        );
        return Err(ExchangeError::refused(Refusal::ReleaseCited.code(), message));
    }
    let act = if answer.outcome == AnswerOutcome::Refused { Act::Refusal } else { Act::Answer };
    let grounds = choose(&standing.agreement, act, &answer.legal_basis, &answer.reasons)?;
    Ok(AnswerBody {
        request: found.id,
        folio: unnumbered(node),
        outcome: answer.outcome,
        releases,
        grounds,
    })
}

/// The request with an id or a folio, and the agreement to speak of it under. What is not there is journalled.
async fn open(node: &Node, name: &str, by: &str) -> Result<(MatterRow, Standing)> {
    let found = async {
        let row = matter::find(node, name, &[MatterKind::Request]).await?;
        let standing = agreement::in_force(node, row.partner(node.root()), node.now()).await?;
        Ok((row, standing))
    };
    let found = found.await;
    matter::or_journal(node, by, name, found).await
}

/// Requests, newest first.
#[derive(Debug, Clone, Copy, Default)]
pub struct RequestQuery {
    /// Only open ones.
    pub open: bool,
    /// Only open ones whose answer is late at the node's time.
    pub overdue: bool,
    /// At most so many.
    pub limit: u32,
}

/// Lists the requests of both sides.
pub async fn list(node: &Node, query: RequestQuery) -> Result<Vec<MatterRow>> {
    let open = (query.open || query.overdue).then_some(true);
    // what is late is found among all that is open, and there is no more of that than people keep open
    let limit = if query.overdue { u32::MAX } else { query.limit };
    let wanted =
        MatterQuery { kind: Some(MatterKind::Request), open, limit, ..MatterQuery::default() };
    let mut rows = node.store().matters(wanted).await?;
    if query.overdue {
        let now = node.now();
        rows.retain(|row| is_overdue(row, now));
        rows.truncate(usize::try_from(query.limit).unwrap_or(usize::MAX));
    }
    Ok(rows)
}

/// Whether a matter is open and its clock has run out at `now`. Both sides say the same: the clock is in the record.
pub fn is_overdue(row: &MatterRow, now: Timestamp) -> bool {
    !row.stage().is_closed() && row.clock().is_some_and(|clock| clock.overdue(now))
}

/// What a `request` or an `answer` of the partner must fulfil beside the rules of all matters.
pub(crate) async fn check(
    node: &Node,
    standing: &Standing,
    from: PartyRoot,
    body: &MatterBody,
) -> Result<std::result::Result<(), Refusal>> {
    let agreement = &standing.agreement;
    Ok(match body {
        MatterBody::Request(body) => {
            let bases = agreement.legal_bases(None);
            let listed = body.legal_basis.iter().all(|it| bases.contains(&it.as_str()));
            if !agreement.scope.contains(&Scope::Intelligence) {
                Err(Refusal::ScopeNotGranted)
            } else if body.hours != agreement.answer_hours(body.urgency) {
                Err(Refusal::BadBody)
            } else if !grants(agreement, node.root(), &body.purpose) {
                Err(Refusal::PurposeNotGranted)
            } else if !listed || (body.legal_basis.is_empty() && !bases.is_empty()) {
                Err(Refusal::GroundsNotGiven)
            } else {
                Ok(())
            }
        }
        MatterBody::Answer(body) => {
            let distinct: BTreeSet<&Digest> = body.releases.iter().collect();
            if distinct.len() != body.releases.len() {
                Err(Refusal::BadBody)
            } else if cited_before(node, agreement.id, from, &body.releases).await?.is_some() {
                Err(Refusal::ReleaseCited)
            } else {
                Ok(())
            }
        }
        _ => Ok(()),
    })
}

/// Refuses what the agreement's scope does not cover.
pub(crate) fn must_cover(agreement: &Agreement, scope: Scope) -> Result<()> {
    if agreement.scope.contains(&scope) {
        return Ok(());
    }
    let message = told!(
        "the agreement's scope has no `{scope}`; agree on it in an amendment first",
        scope = scope.as_str()
    );
    Err(ExchangeError::refused(Refusal::ScopeNotGranted.code(), message))
}

/// Whether some clause lets `giver` give to the other party for a purpose.
fn grants(agreement: &Agreement, giver: PartyRoot, purpose: &str) -> bool {
    let Some(handle) = agreement.handle_of(&giver) else { return false };
    agreement.clauses.iter().any(|it| it.from == *handle && it.purposes.contains(purpose))
}

/// What the clauses of a party grant, for a message.
fn purposes_of(agreement: &Agreement, giver: PartyRoot) -> String {
    let handle = agreement.handle_of(&giver);
    let clauses: Vec<String> = agreement
        .clauses
        .iter()
        .filter(|it| Some(&it.from) == handle)
        .map(|it| {
            let purposes: Vec<&str> = it.purposes.iter().map(String::as_str).collect();
            format!("clause `{}` grants `{}`", it.id, purposes.join("`, `"))
        })
        .collect();
    if clauses.is_empty() {
        "no clause lets it give anything; agree on one in an amendment".to_owned()
    } else {
        clauses.join(", ")
    }
}

/// Grounds from the agreement's lists.
fn choose(
    agreement: &Agreement,
    act: Act,
    legal_basis: &[String],
    reasons: &[String],
) -> Result<Grounds> {
    let chosen = agreement
        .choose_grounds(act, None, legal_basis, reasons)
        .map_err(|error| ExchangeError::refused(error.code(), error.told()))?;
    Ok(Grounds { legal_basis: chosen.legal_basis, reasons: chosen.reasons })
}

/// What a request rests on. It takes its legal bases as an answer does; no list has reasons for asking, so whichever reason
/// stands for the choice is not kept.
fn bases(agreement: &Agreement, given: &[String]) -> Result<Vec<String>> {
    let reason: Vec<String> =
        agreement.reasons_for(Act::Answer).take(1).map(|it| it.id.clone()).collect();
    Ok(choose(agreement, Act::Answer, given, &reason)?.legal_basis)
}

/// The first of `releases` that a complete answer of `answerer` under the agreement cites on record.
async fn cited_before(
    node: &Node,
    agreement: AgreementId,
    answerer: PartyRoot,
    releases: &[Digest],
) -> Result<Option<Digest>> {
    if releases.is_empty() {
        return Ok(None);
    }
    let query = MatterQuery {
        kind: Some(MatterKind::Request),
        agreement: Some(agreement),
        limit: u32::MAX,
        ..MatterQuery::default()
    };
    let rows = node.store().matters(query).await?;
    let cited: BTreeSet<Digest> = rows
        .into_iter()
        .flat_map(|row| row.said())
        .filter(|said| said.from == answerer)
        .filter_map(|said| match said.body {
            MatterBody::Answer(body) if body.outcome == AnswerOutcome::Complete => {
                Some(body.releases)
            }
            _ => None,
        })
        .flatten()
        .collect();
    Ok(releases.iter().find(|it| cited.contains(it)).copied())
}
