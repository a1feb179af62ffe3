//! Consent: what a partner released goes on to a third party only if that partner said yes, for that party and that
//! purpose (invariant third-party; docs/protocol.md section 3.13).
//!
//! A party may let go on what is its own. What it has from another it may let go on only while it holds that one's consent
//! for the same third party and the same purpose, so that step by step the originator is asked.
//!
//! In the same way a party asks whether it may use what it was given for more than it was given for: a unit that works for
//! a court gets it only then.

use comity_model::told;
use comity_model::told::Told;
use std::collections::{BTreeMap, BTreeSet};

use comity_model::entropy::fresh_uuid;
use comity_model::matter::{
    ConsentAnswerBody, ConsentBody, ConsentDecision, Grounds, MatterBody, Sought, Stage,
};
use comity_model::statement::Kind;
use comity_model::{
    AgreementId, Digest, Folio, Holding, MatterId, MatterKind, Onward, Origin, PartyRoot, UseCode,
};
use comity_policy::Act;
use jiff::Timestamp;
use serde_json::json;

use crate::agreement::{self, Standing};
use crate::error::{ExchangeError, Result};
use crate::matter::{self, Say, unnumbered};
use crate::node::Node;
use crate::partner;
use crate::ports::{MatterRow, OutboundRow};

mod contents;
mod granted;

pub(crate) use contents::{check_request, must_hold};
pub use granted::Consents;
pub(crate) use granted::End;

/// Objects that one consent request names; more are asked for in several.
const AT_ONCE: usize = 10_000;

/// What a partner, or several, are to be asked.
#[derive(Debug, Clone)]
pub struct Ask {
    /// The ids of the objects, as they are held here.
    pub objects: Vec<String>,
    /// Only what came under this agreement; `None`: the newest version of each object, under whichever it came.
    pub agreement: Option<AgreementId>,
    /// What for.
    pub sought: AskFor,
    /// What the partner should know beside that.
    pub text: Option<String>,
    /// Who asks; stays in the journal.
    pub by: String,
}

/// What a consent is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AskFor {
    /// That the objects go on.
    Onward {
        /// To whom they would go.
        third_party: PartyRoot,
        /// For which purpose: one that a clause to the third party has, where there is an agreement with it.
        purpose: String,
    },
    /// That this party's units may use them so.
    Use(UseCode),
}

impl AskFor {
    fn subject(&self) -> String {
        match self {
            Self::Onward { third_party, .. } => third_party.to_string(),
            Self::Use(use_code) => use_code.to_string(),
        }
    }
}

/// Asks the partners that released objects whether they may go on to a third party or be used for more: one request for each
/// release statement that brought some of them. All of them are checked before the first is sealed. Refused with `own-object`
/// for what needs no consent, `use-granted` for what was given for that use, `onward-rule` for what was given under a rule
/// that leaves nothing to ask, `not-a-third-party`, `not-found`, `purpose-not-granted` for a purpose for which nothing goes to
/// the third party, and `agreement-changed` where the agreement that an object came under is not in force and another one is:
/// what came under it is asked about in its record, and in no other.
pub async fn ask(node: &Node, ask: Ask) -> Result<Vec<OutboundRow>> {
    let (by, subject) = (ask.by.clone(), ask.sought.subject());
    let requests = match prepare(node, ask).await {
        Err(error @ (ExchangeError::Refused { .. } | ExchangeError::NotFound { .. })) => {
            let details = json!({ "code": error.code() });
            let journal = vec![node.journal_by(&by, "consent-not-asked", subject, details)];
            node.store().journal(journal).await?;
            return Err(error);
        }
        prepared => prepared?,
    };
    let mut sealed = Vec::with_capacity(requests.len());
    for (standing, say) in requests {
        sealed.push(matter::say(node, &standing, say).await?);
    }
    Ok(sealed)
}

async fn prepare(node: &Node, ask: Ask) -> Result<Vec<(Standing, Say)>> {
    let (sought, third) = match &ask.sought {
        AskFor::Onward { third_party, purpose } => {
            let (_, third) = partner::confirmed(node, *third_party).await?;
            let name = third.descriptor.name.clone();
            let (third_party, purpose) = (*third_party, purpose.clone());
            (Sought::Onward { third_party, name, purpose }, Some(third_party))
        }
        AskFor::Use(use_code) => (Sought::Use(*use_code), None),
    };
    let mut releases: BTreeMap<(PartyRoot, AgreementId, Digest), BTreeSet<String>> =
        BTreeMap::new();
    for id in &ask.objects {
        let holding = held(node, id, ask.agreement).await?;
        let came = came_with(&holding, &ask.sought)?;
        if Some(came.0) == third {
            let message =
                told!("`{id}` came from that very party; nobody need be asked for its consent", id);
            return Err(ExchangeError::refused("not-a-third-party", message));
        }
        releases.entry(came).or_default().insert(id.clone());
        // the markings that say how it is handled go with it
        for id in holding.refs.iter().filter(|id| id.starts_with("marking-definition--")) {
            let marking = node.store().holding(id.clone()).await?;
            if let Some(Ok(came)) = marking.as_ref().map(|it| came_with(it, &ask.sought))
                && Some(came.0) != third
            {
                releases.entry(came).or_default().insert(id.clone());
            }
        }
    }
    if releases.is_empty() {
        return Err(ExchangeError::input(
            "--object",
            Told::from("name an object that a partner released").named("object-unnamed"),
        ));
    }
    if let AskFor::Onward { third_party, purpose } = &ask.sought {
        must_be_a_purpose(node, *third_party, purpose).await?;
    }
    let mut requests = Vec::with_capacity(releases.len());
    for ((party, agreement, release), objects) in releases {
        let standing = record_of(node, party, agreement).await?;
        let objects: Vec<String> = objects.into_iter().collect();
        for objects in objects.chunks(AT_ONCE) {
            let details = json!({
                "to": party, "sought": journalled(&sought), "release": release, "objects": objects.len(),
            });
            let body = ConsentBody {
                consent: MatterId::new(MatterKind::Consent, fresh_uuid(&**node.entropy())),
                folio: unnumbered(node),
                release,
                objects: objects.to_vec(),
                sought: sought.clone(),
            };
            let say = Say {
                body: body.into(),
                text: ask.text.clone(),
                attachments: Vec::new(),
                event: "consent-asked",
                details,
                by: ask.by.clone(),
            };
            requests.push((standing.clone(), say));
        }
    }
    Ok(requests)
}

/// What is sought, for the journal.
fn journalled(sought: &Sought) -> serde_json::Value {
    match sought {
        Sought::Onward { third_party, purpose, .. } => {
            json!({ "third_party": third_party, "purpose": purpose })
        }
        Sought::Use(use_code) => json!({ "use": use_code }),
    }
}

/// The newest version of an object that is held, or of those that came under one agreement.
async fn held(node: &Node, id: &str, under: Option<AgreementId>) -> Result<Holding> {
    let newest = match under {
        None => node.store().holding(id.to_owned()).await?,
        Some(under) => {
            let mut versions = node.store().holding_versions(id.to_owned()).await?;
            versions.retain(
                |it| matches!(&it.origin, Origin::Partner { agreement, .. } if *agreement == under),
            );
            versions.pop()
        }
    };
    let advice = match under {
        None => "`comity holdings search WORDS` finds its id",
        Some(_) => {
            "nothing of it came under that agreement; `comity holdings origins ID` shows under which it did"
        }
    };
    newest.ok_or_else(|| ExchangeError::NotFound { what: "holding", name: id.to_owned(), advice })
}

/// The agreement under which something came, in whose record it is asked about.
async fn record_of(node: &Node, party: PartyRoot, came: AgreementId) -> Result<Standing> {
    match agreement::under(node, came, Kind::Consent, node.now()).await {
        Err(ExchangeError::Refused { code, message }) => {
            // without another agreement nobody can be asked at all, and why is said as it is for everything else
            let Ok(other) = agreement::in_force(node, party, node.now()).await else {
                return Err(ExchangeError::Refused { code, message });
            };
            let message = told!(
                "what came under `{came}` can be asked about under no other, and {cause}; its giver can release it again under \
                 `{other}`, which is in force, and is then asked there",
                came,
                cause = message,
                other = other.reference.id
            )
            .named("asked-under-another");
            Err(ExchangeError::refused("agreement-changed", message))
        }
        found => found,
    }
}

/// Refuses a purpose for which no clause lets anything go to the third party. Where there is no agreement with it yet, there
/// is nothing to hold the purpose against.
async fn must_be_a_purpose(node: &Node, third_party: PartyRoot, purpose: &str) -> Result<()> {
    let binding = agreement::binding(node).await?;
    let with_third = || {
        binding
            .iter()
            .filter(|it| it.partner_of(&node.root()).is_some_and(|(_, root)| *root == third_party))
    };
    let purposes: BTreeSet<&str> = with_third()
        .flat_map(|agreement| {
            let own = agreement.handle_of(&node.root());
            agreement.clauses.iter().filter(move |clause| Some(&clause.from) == own)
        })
        .flat_map(|clause| clause.purposes.iter().map(String::as_str))
        .collect();
    if with_third().next().is_none() || purposes.contains(purpose) {
        return Ok(());
    }
    let all: Vec<&str> = purposes.into_iter().collect();
    let message = told!(
        "no clause lets anything go to that party for `{purpose}`; name one of `{known}`",
        purpose,
        known = all.join("`, `")
    )
    .named("consent-purpose");
    Err(ExchangeError::refused("purpose-not-granted", message))
}

/// With what an object came that may be asked about.
fn came_with(holding: &Holding, sought: &AskFor) -> Result<(PartyRoot, AgreementId, Digest)> {
    let Origin::Partner { party, agreement, statement, .. } = &holding.origin else {
        let message =
            told!("`{object}` is this party's own and needs nobody's consent", object = holding.id);
        return Err(ExchangeError::refused("own-object", message));
    };
    let handling = holding.handling.as_ref();
    if let AskFor::Use(use_code) = sought
        && handling.is_some_and(|it| it.use_codes.contains(use_code))
    {
        let message = told!(
            "`{object}` was given for `{use_code}`; nobody need be asked",
            object = holding.id,
            use_code
        );
        return Err(ExchangeError::refused("use-granted", message));
    }
    match (handling.map(|it| it.onward), sought) {
        (Some(Onward::OriginatorConsent), _) | (Some(Onward::Units), AskFor::Use(_)) => {
            Ok((*party, *agreement, *statement))
        }
        (rule, AskFor::Use(_)) => {
            let rule = rule.unwrap_or(Onward::Never);
            let message = told!(
                "`{object}` was given under the onward rule `{rule}`; it goes to no unit, whatever the use",
                object = holding.id,
                rule
            )
            .named("onward-rule-for-units");
            Err(ExchangeError::refused("onward-rule", message))
        }
        (rule, AskFor::Onward { .. }) => {
            let rule = rule.unwrap_or(Onward::Never);
            let message = told!(
                "`{object}` was given under the onward rule `{rule}`; it goes to no third party, and nobody can be asked",
                object = holding.id,
                rule
            );
            Err(ExchangeError::refused("onward-rule", message))
        }
    }
}

/// The answer to a consent request.
#[derive(Debug, Clone)]
pub struct Answer {
    /// What.
    pub decision: ConsentDecision,
    /// When a granted consent ends by itself.
    pub until: Option<Timestamp>,
    /// On what it rests: entries of the agreement's list.
    pub legal_basis: Vec<String>,
    /// Why: ids of reasons that the agreement lists.
    pub reasons: Vec<String>,
    /// What the partner should know beside that.
    pub text: Option<String>,
    /// Who answers; stays in the journal.
    pub by: String,
}

/// Answers a consent request of a partner, or withdraws the consent that was granted. What others gave this party it lets go
/// on only while it holds their consent for the same third party and purpose (`originator-consent`), and no longer than that
/// lasts (`consent-until`): where no end is named, the consent ends with the first of those that it rests on.
pub async fn answer(node: &Node, consent: &ConsentRow, answer: Answer) -> Result<OutboundRow> {
    let by = answer.by.clone();
    let partner = if consent.from == node.root() { consent.to } else { consent.from };
    let prepared = async {
        let standing = agreement::in_force(node, partner, node.now()).await?;
        let body = answer_body(node, consent, &standing, &answer).await?;
        Ok((standing, body))
    };
    let (standing, body) = match prepared.await {
        Err(ExchangeError::Refused { code, message }) => {
            let details = json!({ "code": code, "partner": partner });
            let journal = vec![node.journal_by(&by, "statement-not-made", consent.id, details)];
            node.store().journal(journal).await?;
            return Err(ExchangeError::Refused { code, message });
        }
        prepared => prepared?,
    };
    let details = json!({
        "decision": body.decision.as_str(), "until": body.until, "consent": consent.folio,
        "sought": journalled(&consent.body.sought), "grounds": body.grounds,
    });
    let say = Say {
        body: body.into(),
        text: answer.text,
        attachments: Vec::new(),
        event: "consent-answered",
        details,
        by,
    };
    matter::say(node, &standing, say).await
}

async fn answer_body(
    node: &Node,
    consent: &ConsentRow,
    standing: &Standing,
    answer: &Answer,
) -> Result<ConsentAnswerBody> {
    let granted = answer.decision == ConsentDecision::Granted;
    let mut until = answer.until;
    if granted && consent.to == node.root() {
        if until.is_some_and(|until| until <= node.now()) {
            let message = Told::from("a consent cannot end before it begins; name a later time")
                .named("consent-in-past");
            return Err(ExchangeError::refused("consent-until", message));
        }
        let rests = contents::rests_on(node, consent).await?;
        if let Some(id) = rests.missing {
            let message = match &consent.body.sought {
                Sought::Onward { name, purpose, .. } => told!(
                    "`{id}` is not this party's own, and whoever gave it has not consented that it go to `{third_party}` \
                     for `{purpose}`; ask with `comity consent ask`",
                    id,
                    third_party = name,
                    purpose
                ),
                Sought::Use(use_code) => told!(
                    "`{id}` is not this party's own, and whoever gave it has not consented that its use be `{use_code}`; ask \
                     with `comity consent ask --use {use_code}`",
                    id,
                    use_code
                )
                .named("use-not-consented"),
            };
            return Err(ExchangeError::refused("originator-consent", message));
        }
        let most: Option<Timestamp> = rests.end.into();
        if let (Some(until), Some(most)) = (until, most)
            && until > most
        {
            let message = told!(
                "the consent that this one rests on ends at {most}; name that time or an earlier one",
                most
            );
            return Err(ExchangeError::refused("consent-until", message));
        }
        until = until.or(most);
    }
    let act = if granted { Act::Answer } else { Act::Refusal };
    let chosen = standing
        .agreement
        .choose_grounds(act, None, &answer.legal_basis, &answer.reasons)
        .map_err(|error| ExchangeError::refused(error.code(), error.told()))?;
    Ok(ConsentAnswerBody {
        consent: consent.id,
        folio: unnumbered(node),
        decision: answer.decision,
        until,
        grounds: Grounds { legal_basis: chosen.legal_basis, reasons: chosen.reasons },
    })
}

/// The consent request with an id or a folio, of either side.
pub async fn find_consent(node: &Node, name: &str) -> Result<ConsentRow> {
    let found = matter::find(node, name, &[MatterKind::Consent]).await?;
    ConsentRow::of(&found).ok_or_else(|| ExchangeError::damaged("a consent"))
}

/// Whether a consent that this party granted still has what it rests on: its own objects, and the consents of those who gave
/// the others. Where it has not, it is for this party to withdraw it; no node does so unasked.
pub async fn is_supported(node: &Node, consent: &ConsentRow) -> Result<bool> {
    Ok(contents::rests_on(node, consent).await?.missing.is_none())
}

/// A consent request, of this party or of a partner, and what was answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsentRow {
    /// Which.
    pub id: MatterId,
    /// The folio of the party that asked.
    pub folio: Folio,
    /// Under which agreement.
    pub agreement: AgreementId,
    /// The party that asked.
    pub from: PartyRoot,
    /// The party that was asked.
    pub to: PartyRoot,
    /// What was asked.
    pub body: ConsentBody,
    /// What was said beside it.
    pub text: Option<String>,
    /// The statement that asked.
    pub statement: Digest,
    /// When.
    pub asked_at: Timestamp,
    /// How it stands by what was said; see [`ConsentRow::holds`] for its end by time.
    pub stage: Stage,
    /// What was answered, in order: at most a grant and its withdrawal.
    pub answers: Vec<ConsentAnswerRow>,
}

/// One answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsentAnswerRow {
    /// The whole of it, with its folio.
    pub body: ConsentAnswerBody,
    /// What was said beside it.
    pub text: Option<String>,
    /// The statement that carries it.
    pub statement: Digest,
    /// When.
    pub at: Timestamp,
}

impl ConsentRow {
    /// The consent that a matter is; `None` for matters of other kinds.
    pub fn of(matter: &MatterRow) -> Option<Self> {
        let asked = matter.opening()?;
        let MatterBody::Consent(body) = asked.body() else { return None };
        let answers = matter.entries.iter().filter_map(|it| match it.body() {
            MatterBody::ConsentAnswer(body) => Some(ConsentAnswerRow {
                body: body.clone(),
                text: it.text.clone(),
                statement: it.statement(),
                at: it.said.at,
            }),
            _ => None,
        });
        Some(Self {
            id: matter.id,
            folio: asked.folio.clone(),
            agreement: matter.agreement,
            from: asked.said.from,
            to: asked.said.to,
            body: body.clone(),
            text: asked.text.clone(),
            statement: asked.statement(),
            asked_at: asked.said.at,
            stage: matter.stage(),
            answers: answers.collect(),
        })
    }

    /// When a granted consent ends by itself.
    pub fn until(&self) -> Option<Timestamp> {
        self.answers.iter().find_map(|it| it.body.until)
    }

    /// Whether it was granted, was not withdrawn, and has not ended at `now`.
    pub fn holds(&self, now: Timestamp) -> bool {
        self.stage == Stage::Granted && self.until().is_none_or(|until| now < until)
    }
}
