//! From an agreement to Cedar policies. Deterministic: one text, one compilation, on every machine.
//!
//! A clause becomes a `permit`; red lines and the built-in rules become `forbid`, which always wins. Every
//! text of the agreement enters a policy as a quoted literal or as an expression that was parsed on its own
//! before, and every policy is parsed alone under an id that this module gives, so no text of an agreement can
//! end one policy and begin another.

mod clause;
mod literal;
pub(crate) mod when;

use std::sync::LazyLock;

use cedar_policy::{Policy, PolicyId, PolicySet, Schema, ValidationMode, Validator};
use comity_model::{Onward, PartyRoot, Tlp};

use crate::agreement::{Agreement, LANGUAGE, Scope};
use crate::error::EngineError;
pub(crate) use clause::{PLACE, SPEECH, least_confidence, reliability_rank};
pub(crate) use literal::{quote, quote_all};

/// What a policy is made from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rule {
    NotBegun,
    Ended,
    Scope,
    ThirdParty,
    Onward,
    TlpRed,
    /// By its place in `Agreement::red_lines`.
    RedLine(usize),
    /// By its place in `Agreement::clauses`.
    Clause(usize),
}

/// One policy.
#[derive(Debug, Clone)]
pub(crate) struct Compiled {
    pub(crate) id: String,
    pub(crate) rule: Rule,
    pub(crate) text: String,
}

/// The parties of a clause, by root.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Direction {
    pub(crate) from: PartyRoot,
    pub(crate) to: PartyRoot,
}

/// Every policy of an agreement: built-in rules, then red lines, then clauses, each in the order of the text.
pub(crate) fn policies(agreement: &Agreement) -> Result<Vec<Compiled>, EngineError> {
    let mut out = built_in(agreement);
    for (index, line) in agreement.red_lines.iter().enumerate() {
        let id = format!("red-line:{}", index + 1);
        let note = format!("@note({})\n", quote(&line.text));
        out.push(forbid(id, Rule::RedLine(index), &note, &line.when));
    }
    for (index, clause) in agreement.clauses.iter().enumerate() {
        let direction = direction(agreement, index)?;
        let id = format!("clause:{}", clause.id);
        let text = clause::permit(&id, clause, direction);
        out.push(Compiled { id, rule: Rule::Clause(index), text });
    }
    Ok(out)
}

/// From whom to whom the clause at this place goes.
pub(crate) fn direction(agreement: &Agreement, index: usize) -> Result<Direction, EngineError> {
    let clause = agreement.clauses.get(index).ok_or(EngineError::Altered)?;
    let root = |handle| agreement.parties.get(handle).copied().ok_or(EngineError::Altered);
    Ok(Direction { from: root(&clause.from)?, to: root(&clause.to)? })
}

/// The whole text: what [`policies`] gave, after a line that says what it is.
pub(crate) fn text(agreement: &Agreement, policies: &[Compiled]) -> String {
    let head = format!("// {} version {}, {LANGUAGE}\n", agreement.id, agreement.version);
    policies.iter().fold(head, |text, policy| text + "\n" + &policy.text)
}

/// Parses each policy alone and validates all of them against the schema, strictly.
pub(crate) fn load(policies: &[Compiled]) -> Result<PolicySet, EngineError> {
    let mut set = PolicySet::new();
    let fault =
        |policy: &str, message: String| EngineError::Cedar { policy: policy.to_owned(), message };
    for compiled in policies {
        let id = PolicyId::new(&compiled.id);
        let policy = Policy::parse(Some(id), &compiled.text)
            .map_err(|error| fault(&compiled.id, error.to_string()))?;
        set.add(policy).map_err(|error| fault(&compiled.id, error.to_string()))?;
    }
    let result = Validator::new(schema()?.clone()).validate(&set, ValidationMode::Strict);
    match result.validation_errors().next() {
        Some(error) => Err(fault(error.policy_id().as_ref(), error.to_string())),
        None => Ok(set),
    }
}

/// The schema of the language.
pub(crate) fn schema() -> Result<&'static Schema, EngineError> {
    static SCHEMA: LazyLock<Result<Schema, String>> = LazyLock::new(|| {
        Schema::from_cedarschema_str(include_str!("cedar/schema.cedarschema"))
            .map(|(schema, _)| schema)
            .map_err(|error| error.to_string())
    });
    SCHEMA.as_ref().map_err(|message| EngineError::Cedar {
        policy: "schema".to_owned(),
        message: message.clone(),
    })
}

fn built_in(agreement: &Agreement) -> Vec<Compiled> {
    let from = agreement.in_force.from;
    let until = agreement.in_force.until;
    let scope = quote_all(agreement.scope.iter().map(|scope| scope.as_str()));
    let rule = |name: &str, rule, when: String| forbid(format!("built-in:{name}"), rule, "", &when);
    vec![
        rule("not-begun", Rule::NotBegun, format!("context.today < datetime(\"{from}\")")),
        rule("ended", Rule::Ended, format!("context.today > datetime(\"{until}\")")),
        rule("scope", Rule::Scope, format!("!{scope}.contains(context.scope)")),
        rule(
            "third-party",
            Rule::ThirdParty,
            "resource.from_partner && !resource.consents.contains(context.recipient)".to_owned(),
        ),
        rule(
            "onward",
            Rule::Onward,
            format!(
                "resource has onward && resource.onward != {}",
                quote(Onward::OriginatorConsent.as_str())
            ),
        ),
        rule("tlp-red", Rule::TlpRed, format!("resource.tlp.rank >= {}", rank(Tlp::Red))),
    ]
}

fn forbid(id: String, rule: Rule, notes: &str, when: &str) -> Compiled {
    let text = format!(
        "@id({})\n{notes}forbid (principal, action == Comity::Action::\"release\", resource)\nwhen {{\n  {when}\n}};\n",
        quote(&id)
    );
    Compiled { id, rule, text }
}

/// The scope under which holdings are given.
pub(crate) const RELEASE_SCOPE: Scope = Scope::Intelligence;

/// The place of a label on the scale of restraint, from 0.
pub(crate) const fn rank(tlp: Tlp) -> i64 {
    tlp as i64
}

/// A party as an entity of Cedar.
pub(crate) fn party(root: &PartyRoot) -> String {
    format!("Comity::Party::{}", quote(&root.to_string()))
}
