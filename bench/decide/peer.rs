//! cedar-policy, asked about one object after the other under the same policies, with nothing remembered.

use cedar_policy::{
    Authorizer, Context, Decision, Entities, Entity, EntityUid, PolicySet, Request,
    RestrictedExpression as Expression,
};
use comity_model::{PartyRoot, Tlp};
use comity_policy::{Engine, Facts, Question};
use jiff::tz::TimeZone;

use crate::Result;

pub(crate) struct Peer {
    set: PolicySet,
    authorizer: Authorizer,
    default_tlp: Tlp,
}

impl Peer {
    /// The policies that the engine compiled.
    pub(crate) fn new(engine: &Engine) -> Result<Self> {
        Ok(Self {
            set: engine.cedar_text().parse()?,
            authorizer: Authorizer::new(),
            default_tlp: engine.agreement().default_tlp,
        })
    }

    /// Cedar's verdict. Its schema is left out, which saves it work.
    pub(crate) fn releases(
        &self,
        facts: &Facts,
        question: &Question<'_>,
        to: PartyRoot,
    ) -> Result<bool> {
        let today = question.now.to_zoned(TimeZone::UTC).date().to_string();
        let context = Context::from_pairs([
            ("clause".to_owned(), text(question.clause)),
            ("purpose".to_owned(), text(question.purpose)),
            ("recipient".to_owned(), Expression::new_entity_uid(party(to)?)),
            ("scope".to_owned(), text("intelligence")),
            ("today".to_owned(), Expression::new_datetime(today)),
        ])?;
        let holding: EntityUid = "Comity::Holding::\"object\"".parse()?;
        let action: EntityUid = "Comity::Action::\"release\"".parse()?;
        let request = Request::new(party(question.from)?, action, holding.clone(), context, None)?;
        let tlp = facts.tlp.unwrap_or(self.default_tlp);
        let mut attributes = vec![
            ("kind", text(&facts.stix_type)),
            ("labels", Expression::new_set(facts.labels.iter().map(|it| text(it)))),
            ("properties", Expression::new_set(facts.properties.iter().map(|it| text(it)))),
            ("tlp", record([("label", text(tlp.as_str())), ("rank", number(tlp as i64))])?),
            ("from_partner", Expression::new_bool(false)),
            ("natural_person", Expression::new_bool(facts.natural_person)),
            ("revoked", Expression::new_bool(facts.revoked)),
            ("consents", Expression::new_set([])),
        ];
        if let Some(grade) = facts.grade {
            attributes.push((
                "grade",
                record([
                    ("reliability", text(&format!("{:?}", grade.reliability))),
                    ("reliability_rank", number(grade.reliability as i64 + 1)),
                    ("credibility", number(grade.credibility.digit().into())),
                ])?,
            ));
        }
        if let Some(age) = facts.age_days {
            attributes.push(("age_days", number(age.into())));
        }
        if let Some(country) = &facts.country {
            attributes.push(("country", text(country)));
        }
        let attributes = attributes.into_iter().map(|(name, it)| (name.to_owned(), it));
        let entity = Entity::new_with_tags(holding, attributes, [], [])?;
        let entities = Entities::from_entities([entity], None)?;
        let response = self.authorizer.is_authorized(&request, &self.set, &entities);
        Ok(response.decision() == Decision::Allow)
    }
}

fn text(value: &str) -> Expression {
    Expression::new_string(value.to_owned())
}

fn number(value: i64) -> Expression {
    Expression::new_long(value)
}

fn record<const N: usize>(fields: [(&str, Expression); N]) -> Result<Expression> {
    Ok(Expression::new_record(fields.map(|(name, value)| (name.to_owned(), value)))?)
}

fn party(root: PartyRoot) -> Result<EntityUid> {
    Ok(format!("Comity::Party::\"{root}\"").parse()?)
}
