//! Trial: what an agreement would decide about an example, with no node, no holdings and nothing kept.

use comity_model::told;
use comity_model::told::Told;
use std::collections::{BTreeMap, BTreeSet};

use comity_model::{Digest, Grade, Origin, PartyRoot};
use comity_policy::{Agreement, Clause, Engine};
use comity_stix::registry::Registry;
use comity_stix::{Checker, Limits};
use jiff::Timestamp;

use crate::consent::Consents;
use crate::decide::{Case, decide};
use crate::error::{ExchangeError, Result};
use crate::hold::{Gist, Provenance, hold};
use crate::ports::{PreviewReason, Verdict};

/// The secret under which derivatives would get their ids: nothing of a trial leaves, so anybody may know it.
const NO_SECRET: [u8; 32] = [0; 32];

/// An object under a clause, and what its author expects.
#[derive(Debug, Clone)]
pub struct Example {
    /// Under which clause.
    pub clause: String,
    /// For which purpose; may be left out where the clause has only one.
    pub purpose: Option<String>,
    /// The object, as JSON.
    pub object: Vec<u8>,
    /// Its grade, where it carries none itself.
    pub grade: Option<Grade>,
    /// The party that released it to the giver; `None` for what is the giver's own.
    pub partner: Option<PartyRoot>,
    /// When it would be decided.
    pub at: Timestamp,
    /// What is expected of it.
    pub expect: Expected,
}

/// What an author expects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expected {
    /// What becomes of the object.
    pub verdict: Verdict,
    /// The policy that has to be among those that determine it, as `red-line:1`.
    pub because: Option<String>,
    /// The properties that are redacted, all of them.
    pub properties: Option<BTreeSet<String>>,
}

/// What was decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tried {
    /// What becomes of the object.
    pub verdict: Verdict,
    /// Why it is withheld.
    pub reasons: Vec<PreviewReason>,
    /// The policies that determine it.
    pub policies: BTreeSet<String>,
    /// The properties that are redacted.
    pub properties: BTreeSet<String>,
}

impl Tried {
    /// Whether it is what was expected.
    pub fn meets(&self, expected: &Expected) -> bool {
        let Expected { verdict, because, properties } = expected;
        self.verdict == *verdict
            && because.as_ref().is_none_or(|policy| self.policies.contains(policy))
            && properties.as_ref().is_none_or(|all| *all == self.properties)
    }
}

/// Decides about one example. Refused with `clause-unknown` and `purpose-not-granted`; what is no STIX object is `bad-input`.
pub fn try_example(engine: &Engine, registry: &Registry, example: &Example) -> Result<Tried> {
    let agreement = engine.agreement();
    let clause = agreement.clause(&example.clause).ok_or_else(|| {
        let message = told!("the agreement has no clause `{clause}`", clause = example.clause);
        ExchangeError::refused("clause-unknown", message)
    })?;
    let purpose = purpose_of(clause, example.purpose.as_deref())?;
    let from = *agreement.parties.get(&clause.from).ok_or_else(|| {
        ExchangeError::damaged(format!("the clause `{}`, which nobody gives under", clause.id))
    })?;
    let limits = Limits::default();
    let checker = Checker::new(&limits).with_registry(registry);
    let (report, document) = checker.check_and_keep(&example.object);
    let Some((head, document)) = report.head.zip(document) else {
        let place = report.findings.first().map(|it| it.pointer.clone()).unwrap_or_default();
        let message = "not a STIX object; `comity stix check` says what is wrong with it";
        return Err(ExchangeError::input(
            format!("the object, `{place}`"),
            Told::from(message).with("pointer", &place).named("not-stix"),
        ));
    };
    let provenance = Provenance {
        origin: origin(agreement, example.partner),
        chain: example.partner.into_iter().collect(),
        handling: None,
        grade: example.grade,
        received_at: example.at,
    };
    let case = Case {
        engine,
        from,
        clause: &clause.id,
        purpose,
        now: example.at,
        secret: &NO_SECRET,
        consents: &Consents::NONE,
    };
    let gist = Gist::of(&document, &head);
    let holding = hold(example.object.clone(), head, gist, provenance);
    let decided = decide(&case, vec![holding], &BTreeMap::new()).considered;
    let considered = decided.into_iter().next().ok_or_else(|| ExchangeError::damaged("a trial"))?;
    let named = considered.reasons.iter().map(|reason| reason.policy.clone());
    Ok(Tried {
        verdict: considered.verdict,
        policies: named.chain(considered.policies).collect(),
        properties: considered.changes.into_iter().map(|it| it.property).collect(),
        reasons: considered.reasons,
    })
}

fn purpose_of<'a>(clause: &'a Clause, given: Option<&str>) -> Result<&'a str> {
    let mut purposes = clause.purposes.iter().map(String::as_str);
    let found = match given {
        Some(given) => purposes.find(|it| *it == given),
        None => purposes.next().filter(|_| clause.purposes.len() == 1),
    };
    found.ok_or_else(|| {
        let message = told!("name one purpose of the clause `{clause}`", clause = clause.id);
        ExchangeError::refused("purpose-not-granted", message)
    })
}

fn origin(agreement: &Agreement, partner: Option<PartyRoot>) -> Origin {
    partner.map_or_else(
        || Origin::Own { source: "example".to_owned() },
        |party| Origin::Partner {
            party,
            originator: party,
            agreement: agreement.id,
            statement: Digest::of(b"example"),
        },
    )
}
