//! One evaluation by Cedar, and its verdict put beside the native explanation.

use cedar_policy::{
    AuthorizationError, Context, Decision as Verdict, Entities, Entity, EntityUid, Request,
    Response, RestrictedExpression,
};
use comity_model::{Handling, Onward, PartyRoot, UseCode};
use jiff::civil::Date;

use super::class::Class;
use super::{Engine, explain, terms};
use crate::cedar::{self, RELEASE_SCOPE, rank, reliability_rank};
use crate::clause::{Clause, Precision, breadth};
use crate::decision::{Decision, Outcome, Reason, ReasonCode};
use crate::facts::Origin;

pub(super) fn decide(engine: &Engine, class: &Class, today: Date) -> Decision {
    let clause = engine.agreement.clause(&class.clause);
    let (outcome, determining) = match ask(engine, class, today) {
        Ok(response) => weigh(engine, class, &response),
        Err(message) => (Outcome::Withhold(vec![explain::fault("request", &message)]), Vec::new()),
    };
    let released = !matches!(outcome, Outcome::Withhold(_));
    Decision {
        handling: clause.filter(|_| released).map(|clause| handling(clause, class)),
        precision: clause.map_or_else(Precision::default, |clause| clause.precision),
        outcome,
        determining,
    }
}

/// Whether something failed to evaluate, which another time it may not.
pub(super) fn is_doubtful(decision: &Decision) -> bool {
    decision.reasons().iter().any(|reason| reason.code == ReasonCode::PolicyError)
}

/// The outcome, from Cedar's verdict and the native explanation together. They must agree: an object goes
/// only where Cedar allows it, nothing failed to evaluate, and no term of the clause fails.
fn weigh(engine: &Engine, class: &Class, response: &Response) -> (Outcome, Vec<String>) {
    let diagnostics = response.diagnostics();
    let named: Vec<&str> = diagnostics.reason().map(AsRef::as_ref).collect();
    let determining: Vec<_> =
        engine.compiled.iter().filter(|policy| named.contains(&policy.id.as_str())).collect();
    let forbidden: Vec<Reason> =
        determining.iter().filter_map(|policy| explain::forbidden(engine, class, policy)).collect();
    let terms = terms::failing(engine, class);
    let allowed = response.decision() == Verdict::Allow;
    let agree = allowed == (forbidden.is_empty() && terms.is_empty());

    let mut reasons: Vec<Reason> = diagnostics.errors().map(unevaluated).collect();
    if !agree && reasons.is_empty() {
        let policy = format!("clause:{}", class.clause);
        reasons.push(explain::fault(&policy, "the policy and its explanation disagree"));
    }
    let red = forbidden.iter().any(|reason| reason.code == ReasonCode::TlpRed);
    reasons.extend(forbidden);
    // that red is more than a clause allows says nothing new
    reasons.extend(terms.into_iter().filter(|term| !(red && term.code == ReasonCode::ClauseTlp)));
    let outcome = if !reasons.is_empty() {
        Outcome::Withhold(reasons)
    } else if class.redactions.is_empty() {
        Outcome::Release
    } else {
        Outcome::Redact(class.redactions.clone())
    };
    (outcome, determining.into_iter().map(|policy| policy.id.clone()).collect())
}

/// Cedar leaves out a policy whose evaluation fails; here that keeps the object in.
fn unevaluated(error: &AuthorizationError) -> Reason {
    let AuthorizationError::PolicyEvaluationError(failed) = error;
    explain::fault(failed.policy_id().as_ref(), &error.to_string())
}

/// The rule that lets fewer have it: nobody, one's own units, or with the originator's consent others too.
fn narrower(one: Onward, other: Onward) -> Onward {
    if breadth(one) <= breadth(other) { one } else { other }
}

fn handling(clause: &Clause, class: &Class) -> Handling {
    let permitted = |code: &UseCode| class.bound.as_ref().is_none_or(|it| it.uses.contains(code));
    Handling {
        tlp: class.tlp,
        pap: class.pap,
        use_codes: clause.use_codes.iter().copied().filter(permitted).collect(),
        onward: class.bound.as_ref().map_or(clause.onward, |it| narrower(it.onward, clause.onward)),
        retention_days: class.bound.as_ref().map_or(clause.retention_days, |it| it.retention_days),
        // an end is of one object, not of its class: whoever asks knows when it was received
        until: None,
    }
}

fn ask(engine: &Engine, class: &Class, today: Date) -> Result<Response, String> {
    let recipient = engine.agreement.partner_of(&class.from).map_or(class.from, |(_, root)| *root);
    let holding = uid("Comity::Holding::\"object\"")?;
    let context = Context::from_pairs([
        ("clause".to_owned(), text(&class.clause)),
        ("purpose".to_owned(), text(&class.purpose)),
        ("recipient".to_owned(), RestrictedExpression::new_entity_uid(party(&recipient)?)),
        ("scope".to_owned(), text(RELEASE_SCOPE.as_str())),
        ("today".to_owned(), RestrictedExpression::new_datetime(today.to_string())),
    ])
    .map_err(|error| error.to_string())?;
    let schema = cedar::schema().map_err(|error| error.to_string())?;
    let action = uid("Comity::Action::\"release\"")?;
    let request = Request::new(party(&class.from)?, action, holding.clone(), context, Some(schema))
        .map_err(|error| error.to_string())?;
    let entity = Entity::new_with_tags(holding, attributes(class)?, [], [])
        .map_err(|error| error.to_string())?;
    let entities =
        Entities::from_entities([entity], Some(schema)).map_err(|error| error.to_string())?;
    Ok(engine.authorizer.is_authorized(&request, &engine.set, &entities))
}

fn attributes(class: &Class) -> Result<Vec<(String, RestrictedExpression)>, String> {
    let mut out: Vec<(&str, RestrictedExpression)> = vec![
        ("kind", text(&class.kind)),
        ("labels", texts(&class.labels)),
        ("properties", texts(&class.properties)),
        ("tlp", label(class.tlp.as_str(), rank(class.tlp))?),
        ("from_partner", flag(matches!(class.origin, Origin::Partner(_)))),
        ("natural_person", flag(class.natural_person)),
        ("revoked", flag(class.revoked)),
    ];
    let consents: Vec<_> = class.consents.iter().map(party).collect::<Result<_, _>>()?;
    let consents = consents.into_iter().map(RestrictedExpression::new_entity_uid);
    out.push(("consents", RestrictedExpression::new_set(consents)));
    if let Some(pap) = class.pap {
        out.push(("pap", label(pap.as_str(), pap as i64)?));
    }
    if let Some(grade) = class.grade {
        let grade = grade.0;
        let fields = [
            ("reliability".to_owned(), text(&format!("{:?}", grade.reliability))),
            ("reliability_rank".to_owned(), number(reliability_rank(grade.reliability))),
            ("credibility".to_owned(), number(grade.credibility.digit().into())),
        ];
        out.push(("grade", record(fields)?));
    }
    if let Some(confidence) = class.confidence {
        out.push(("confidence", number(confidence.into())));
    }
    if let Some(bound) = &class.bound {
        out.push(("onward", text(bound.onward.as_str())));
        let uses = bound.uses.iter().map(|it| text(it.as_str()));
        out.push(("uses", RestrictedExpression::new_set(uses)));
    }
    if let Some(age) = class.age_days {
        out.push(("age_days", number(age.into())));
    }
    if let Some(country) = &class.country {
        out.push(("country", text(country)));
    }
    Ok(out.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

fn label(word: &str, rank: i64) -> Result<RestrictedExpression, String> {
    record([("label".to_owned(), text(word)), ("rank".to_owned(), number(rank))])
}

fn record<const N: usize>(
    fields: [(String, RestrictedExpression); N],
) -> Result<RestrictedExpression, String> {
    RestrictedExpression::new_record(fields).map_err(|error| error.to_string())
}

fn text(value: &str) -> RestrictedExpression {
    RestrictedExpression::new_string(value.to_owned())
}

fn texts<'a>(values: impl IntoIterator<Item = &'a String>) -> RestrictedExpression {
    RestrictedExpression::new_set(values.into_iter().map(|value| text(value)))
}

fn flag(value: bool) -> RestrictedExpression {
    RestrictedExpression::new_bool(value)
}

fn number(value: i64) -> RestrictedExpression {
    RestrictedExpression::new_long(value)
}

fn party(root: &PartyRoot) -> Result<EntityUid, String> {
    uid(&cedar::party(root))
}

fn uid(text: &str) -> Result<EntityUid, String> {
    text.parse().map_err(|error: cedar_policy::ParseErrors| error.to_string())
}
