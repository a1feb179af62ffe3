//! A clause as a `permit`.

use crate::cedar::{Direction, party, quote, quote_all, rank};
use crate::clause::Clause;

/// Properties of which a place must keep one to say anything (STIX 2.1 section 4.10).
pub(crate) const PLACE: [&str; 2] = ["country", "region"];

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
        terms.push(format!(
            "resource has grade && resource.grade.reliability_rank <= {} && resource.grade.credibility <= {}",
            reliability_rank(grade.reliability),
            grade.credibility.digit()
        ));
    }
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

/// 1 (A) to 6 (F).
pub(crate) const fn reliability_rank(reliability: comity_model::Reliability) -> i64 {
    reliability as i64 + 1
}
