//! The sighting that a match becomes (STIX 2.1 section 5.2).

use std::collections::BTreeSet;

use comity_model::{Grade, Handling, Holding, Onward, Pap, Tlp, UseCode};
use comity_stix::Limits;
use comity_stix::marking::{Definition, Family, canonical};
use jiff::Timestamp;
use serde_json::json;
use uuid::{Uuid, uuid};

use super::look::Look;
use super::own;
use crate::compose::identity_of;
use crate::error::Result;
use crate::node::Node;
use crate::ports::{Kept, NewSighting, PatternRow, Sighted};

/// The namespace of all nodes; each has one of its own in it.
const NAMESPACE: Uuid = uuid!("6d3f0c1e-9a57-4c0b-8f0e-2b6c35a9d7e4");
/// Labels that a sighting has, at the most.
const LABELS: usize = 1_000;

/// Makes the sighting of an indicator by what matched, which is never nothing. Its id follows from both, so that the same
/// match never makes two.
pub(super) fn sighting(
    node: &Node,
    pattern: &PatternRow,
    indicator: &Holding,
    looks: &[&Look],
) -> Result<NewSighting> {
    let inputs: Vec<&Holding> =
        looks.iter().flat_map(|look| look.rows()).chain([indicator]).collect();
    let mut observed: Vec<String> = looks.iter().map(|look| look.observed.id.clone()).collect();
    observed.sort();
    let id = id(node, &indicator.id, &observed);
    let bytes = object(node, pattern, &id, indicator, looks, &observed, &inputs)?;
    let kept: BTreeSet<Kept> = inputs.iter().map(|it| Kept::of(it)).collect();
    let sighted = if inputs.iter().all(|it| it.origin.partner().is_none()) {
        // of the source that observed it: a match is no origin
        let source = looks.iter().find_map(|look| match &look.observed.origin {
            comity_model::Origin::Own { source } => Some(source.clone()),
            comity_model::Origin::Partner { .. } => None,
        });
        let grade = grade(pattern.record.grade, looks);
        let holding = own(bytes, source.unwrap_or_default(), grade, node.now())?;
        Sighted::Own(Box::new(holding))
    } else {
        Sighted::Apart { bytes, handling: handling(&inputs) }
    };
    let inputs = kept.into_iter().collect();
    Ok(NewSighting { pattern: pattern.number, id, observed, inputs, sighted })
}

/// The id of a sighting of an indicator by observed-data, whose ids are sorted: the same on every run of one party's node, and
/// another's never.
fn id(node: &Node, indicator: &str, observed: &[String]) -> String {
    let own = Uuid::new_v5(&NAMESPACE, node.root().to_string().as_bytes());
    let name = format!("{indicator}\n{}", observed.join("\n"));
    format!("sighting--{}", Uuid::new_v5(&own, name.as_bytes()))
}

fn object(
    node: &Node,
    pattern: &PatternRow,
    id: &str,
    indicator: &Holding,
    looks: &[&Look],
    observed: &[String],
    inputs: &[&Holding],
) -> Result<Vec<u8>> {
    // made when the last of what it rests on was there: made again, it is the same
    let made = inputs.iter().map(|it| it.received_at).max().unwrap_or_default();
    let made = format!("{:.3}", made.max(pattern.record.added_at));
    let count: u64 = looks.iter().map(|look| look.number).sum();
    let mut object = json!({
        "type": "sighting",
        "spec_version": "2.1",
        "id": id,
        "created_by_ref": identity_of(node)?,
        "created": made,
        "modified": made,
        "count": count.min(999_999_999),
        "sighting_of_ref": indicator.id,
        "observed_data_refs": observed,
    });
    let mut put = |key: &str, value: Option<serde_json::Value>| {
        if let (Some(object), Some(value)) = (object.as_object_mut(), value) {
            object.insert(key.to_owned(), value);
        }
    };
    let (first, last) = seen(looks);
    put("first_seen", first.map(Into::into));
    put("last_seen", last.map(Into::into));
    let labels: BTreeSet<&String> = inputs.iter().flat_map(|it| &it.labels).take(LABELS).collect();
    put("labels", (!labels.is_empty()).then(|| json!(labels)));
    let confidence = grade(pattern.record.grade, looks).and_then(|it| it.credibility.confidence());
    put("confidence", confidence.map(Into::into));
    let markings = markings(inputs);
    put("object_marking_refs", (!markings.is_empty()).then(|| json!(markings)));
    Ok(object.to_string().into_bytes())
}

/// From when to when it was seen, as the observed-data write it; where any of it does not say, nothing is said.
fn seen(looks: &[&Look]) -> (Option<String>, Option<String>) {
    let time = |text: &Option<String>| {
        let text = text.clone()?;
        Some((text.parse::<Timestamp>().ok()?, text))
    };
    let first: Option<Vec<_>> = looks.iter().map(|look| time(&look.first)).collect();
    let last: Option<Vec<_>> = looks.iter().map(|look| time(&look.last)).collect();
    let first = first.and_then(|all| all.into_iter().min());
    let last = last.and_then(|all| all.into_iter().max());
    match (first, last) {
        (Some(first), Some(last)) if first.0 <= last.0 => (Some(first.1), Some(last.1)),
        _ => (None, None),
    }
}

/// Every marking of what it rests on, for the whole of it: of TLP and PAP the strictest, wherever it stands.
fn markings(inputs: &[&Holding]) -> BTreeSet<String> {
    let (mut all, mut tlp, mut pap) = (BTreeSet::new(), None, None);
    for input in inputs {
        tlp = tlp.max(tlp_of(input));
        pap = pap.max(pap_of(input));
        all.extend(marking_refs(input).into_iter().filter(|id| canonical(id).is_none()));
    }
    let definition = |family: Family, is_it: &dyn Fn(&Definition) -> bool| {
        Definition::ALL
            .iter()
            .find(|it| it.family == family && is_it(it))
            .map(|it| it.id.to_owned())
    };
    all.extend(tlp.and_then(|tlp: Tlp| definition(Family::Tlp2, &|it| it.tlp() == Some(tlp))));
    all.extend(pap.and_then(|pap: Pap| definition(Family::Pap, &|it| it.pap() == Some(pap))));
    all
}

fn marking_refs(holding: &Holding) -> Vec<String> {
    let Ok(head) = comity_stix::head(&holding.bytes, &Limits::default()) else { return Vec::new() };
    let refs = head.object_marking_refs.iter().chain(&head.granular_marking_refs);
    refs.map(ToString::to_string).collect()
}

/// The strictest TLP label of an object: of its markings, or of the terms under which it came.
fn tlp_of(holding: &Holding) -> Option<Tlp> {
    holding.tlp.max(holding.handling.as_ref().map(|it| it.tlp))
}

fn pap_of(holding: &Holding) -> Option<Pap> {
    let marked = marking_refs(holding).iter().filter_map(|id| Pap::of_id(id)).max();
    let labelled = Pap::of_labels(holding.labels.iter().map(String::as_str));
    marked.max(labelled).max(holding.handling.as_ref().and_then(|it| it.pap))
}

/// The strictest of the terms of all that it rests on. It goes on to nobody, whatever they say.
fn handling(inputs: &[&Holding]) -> Handling {
    let bound: Vec<(&Handling, Timestamp)> =
        inputs.iter().filter_map(|it| Some((it.handling.as_ref()?, it.received_at))).collect();
    let permits = |code: &UseCode| bound.iter().all(|(it, _)| it.use_codes.contains(code));
    let mut use_codes: Vec<UseCode> = UseCode::ALL.iter().copied().filter(permits).collect();
    if use_codes.is_empty() {
        use_codes.push(UseCode::IntelligenceOnly);
    }
    Handling {
        tlp: inputs.iter().filter_map(|it| tlp_of(it)).max().unwrap_or(Tlp::Red),
        pap: inputs.iter().filter_map(|it| pap_of(it)).max(),
        use_codes,
        onward: Onward::Never,
        retention_days: bound.iter().map(|(it, _)| it.retention_days).min().unwrap_or(0),
        until: bound.iter().map(|(it, at)| it.keep_until(*at)).min(),
    }
}

/// The grade of the worst of what was observed, in both halves, and never a better one than that of the pattern; none where
/// any of it has none.
fn grade(pattern: Option<Grade>, looks: &[&Look]) -> Option<Grade> {
    let observed = looks.iter().map(|look| look.observed.grade);
    let worst = |one: Grade, other: Grade| Grade {
        reliability: one.reliability.max(other.reliability),
        credibility: one.credibility.max(other.credibility),
    };
    let observed: Option<Vec<Grade>> = observed.collect();
    observed?.into_iter().chain(pattern).reduce(worst)
}
