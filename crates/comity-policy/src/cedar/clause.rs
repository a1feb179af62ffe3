//! A clause as a `permit`.

use comity_model::Credibility;

use crate::cedar::{Direction, party, quote, quote_all, rank};
use crate::clause::persons::{ABOUT_PERSONS, TRANSLATION};
use crate::clause::{Clause, Descriptions, OriginTerm, Persons};

/// Properties of which a place must keep one to say anything (STIX 2.1 section 4.10).
pub(crate) const PLACE: [&str; 2] = ["country", "region"];

/// Types that are nothing without a text, and the property that is it (STIX 2.1 sections 4.13 and 7.1).
pub(crate) const SPEECH: [(&str, &str); 2] = [(TRANSLATION, "contents"), ("note", "content")];

/// The policy. Its terms are those that `engine::explain` checks one by one.
pub(super) fn permit(id: &str, clause: &Clause, direction: Direction) -> String {
    let texts =
        |set: &std::collections::BTreeSet<String>| quote_all(set.iter().map(String::as_str));
    let mut terms = vec![
        format!("context.clause == {}", quote(&clause.id)),
        format!("context.recipient == {}", party(&direction.to)),
        format!("{}.contains(context.purpose)", texts(&clause.purposes)),
        format!("{}.contains(resource.kind)", texts(&clause.kinds)),
        format!("resource.tlp.rank <= {}", rank(clause.max_tlp)),
    ];
    if let Some(grade) = clause.min_grade {
        let met = format!(
            "resource.grade.reliability_rank <= {} && resource.grade.credibility <= {}",
            reliability_rank(grade.reliability),
            grade.credibility.digit()
        );
        terms.push(if clause.takes_confidence() {
            let least = least_confidence(grade.credibility);
            format!(
                "(if resource has grade then {met} else resource has confidence && resource.confidence >= {least})"
            )
        } else {
            format!("resource has grade && {met}")
        });
    }
    if let Some(pap) = clause.max_pap {
        terms.push(format!(
            "(if resource has pap then resource.pap.rank <= {} else true)",
            pap as i64
        ));
    }
    if let Some(days) = clause.max_age_days {
        terms.push(format!("resource has age_days && resource.age_days <= {days}"));
    }
    if !clause.countries.is_empty() {
        terms.push(format!(
            "(if resource has country then {}.contains(resource.country) else resource.kind != \"location\")",
            texts(&clause.countries)
        ));
    }
    if !clause.labels.any.is_empty() {
        terms.push(format!("resource.labels.containsAny({})", texts(&clause.labels.any)));
    }
    if !clause.labels.none.is_empty() {
        terms.push(format!("!resource.labels.containsAny({})", texts(&clause.labels.none)));
    }
    if clause.origin == OriginTerm::Own {
        terms.push("!resource.from_partner".to_owned());
    }
    match clause.persons {
        Persons::Allow => {}
        Persons::Pseudonym => terms.push(format!(
            "(!resource.natural_person || {}.contains(resource.kind))",
            quote_all(ABOUT_PERSONS)
        )),
        Persons::Withhold => terms.push("!resource.natural_person".to_owned()),
    }
    if clause.persons != Persons::Allow || clause.precision.location.is_some() {
        terms.push(format!("resource.kind != {}", quote(TRANSLATION)));
    }
    if clause.descriptions == Descriptions::Withhold {
        terms.push(format!("!{}.contains(resource.kind)", quote_all(SPEECH.map(|(kind, _)| kind))));
    }
    let uses = quote_all(clause.use_codes.iter().map(|it| it.as_str()));
    terms.push(format!("(if resource has uses then resource.uses.containsAny({uses}) else true)"));
    if clause.precision.location.is_some() {
        terms.push(format!(
            "(resource.kind != \"location\" || resource.properties.containsAny({}))",
            quote_all(PLACE)
        ));
    }
    format!(
        "@id({})\npermit (\n  principal == {},\n  action == Comity::Action::\"release\",\n  resource\n)\nwhen {{\n  {}\n}};\n",
        quote(id),
        party(&direction.from),
        terms.join(" &&\n  ")
    )
}

/// The least confidence that says as much as a credibility (STIX 2.1 appendix A); any for 6, which asks for nothing.
pub(crate) fn least_confidence(credibility: Credibility) -> u8 {
    let as_much = |it: &u8| Credibility::of_confidence(*it).is_some_and(|it| it <= credibility);
    (0..=100).find(as_much).unwrap_or(0)
}

/// 1 (A) to 6 (F).
pub(crate) const fn reliability_rank(reliability: comity_model::Reliability) -> i64 {
    reliability as i64 + 1
}
