//! `[[answer_time]]`, `[[quota]]`, `[[reason]]` and `[[red_line]]`.

use comity_model::told;
use comity_model::told::Told;
use std::collections::BTreeSet;

use super::cursor::{Node, Sink};
use super::forms::one_of;
use super::{each, forms};
use crate::agreement::{AnswerTime, Period, Quota, RedLine, Urgency};
use crate::cedar::when;
use crate::error::ErrorCode;
use crate::grid::Condition;
use crate::grounds::{Act, GivenReason};

pub(super) fn answer_times(node: &Node<'_>, sink: &mut Sink) -> Option<Vec<AnswerTime>> {
    let mut seen = BTreeSet::new();
    let mut times = each(node, 16, sink, |element, sink| {
        let mut table = element.table(sink)?;
        let urgency = table.required("urgency", sink, |node, sink| {
            let urgency = node.word(ErrorCode::BadUrgency, sink, |text| {
                one_of(text, &Urgency::ALL, |it| it.as_str())
            })?;
            if !seen.insert(urgency) {
                let message = "this urgency has an answer time already; remove one";
                node.report(sink, ErrorCode::DuplicateRule, message);
                return None;
            }
            Some(urgency)
        });
        let hours = table.required("hours", sink, |node, sink| node.integer(1..=8_760, sink));
        table.close(sink);
        Some(AnswerTime { urgency: urgency?, hours: hours? })
    })?;
    times.sort();
    Some(times)
}

pub(super) fn quotas(
    node: &Node<'_>,
    clauses: &BTreeSet<&str>,
    sink: &mut Sink,
) -> Option<Vec<Quota>> {
    let mut seen = BTreeSet::new();
    each(node, 512, sink, |element, sink| {
        let mut table = element.table(sink)?;
        let clause = table.required("clause", sink, |node, sink| {
            let clause = node.string(300, sink)?;
            if !clauses.contains(clause) {
                let shown: String = clause.chars().take(60).collect();
                let message =
                    told!("there is no clause `{clause}`; write the id of one", clause = shown);
                node.report(sink, ErrorCode::UnknownClause, message);
                return None;
            }
            Some(clause.to_owned())
        });
        let objects =
            table.required("objects", sink, |node, sink| node.integer(1..=100_000_000, sink));
        let per = table.required("per", sink, |node, sink| {
            node.word(ErrorCode::BadPeriod, sink, |text| {
                one_of(text, &Period::ALL, |it| it.as_str())
            })
        });
        table.close(sink);
        let quota = Quota { clause: clause?, objects: objects?, per: per? };
        if !seen.insert((quota.clause.clone(), quota.per)) {
            let message = told!("this clause has a quota for this period already; remove one",)
                .with("clause", &quota.clause)
                .named("quota-twice");
            element.report(sink, ErrorCode::DuplicateRule, message);
            return None;
        }
        Some(quota)
    })
}

pub(super) fn reasons(node: &Node<'_>, sink: &mut Sink) -> Option<Vec<GivenReason>> {
    let mut ids = BTreeSet::new();
    each(node, 256, sink, |element, sink| {
        let mut table = element.table(sink)?;
        let id = table.required("id", sink, |node, sink| {
            let id = node.word(ErrorCode::BadReasonId, sink, forms::reason_id)?;
            if !ids.insert(id.clone()) {
                let message = told!("`{id}` names another reason already; choose another id", id);
                node.report(sink, ErrorCode::DuplicateReason, message);
                return None;
            }
            Some(id)
        });
        let acts = table.required("for", sink, |node, sink| {
            node.set(16, false, sink, |it, sink| {
                it.word(ErrorCode::BadAct, sink, |text| one_of(text, &Act::ALL, |it| it.as_str()))
            })
        });
        let en = table.required("en", sink, |node, sink| node.sentence(300, sink));
        let es = table.required("es", sink, |node, sink| node.sentence(300, sink));
        table.close(sink);
        Some(GivenReason { id: id?, acts: acts?.into_iter().collect(), en: en?, es: es? })
    })
}

pub(super) fn red_lines(node: &Node<'_>, sink: &mut Sink) -> Option<Vec<RedLine>> {
    let mut number = 0u32;
    each(node, 256, sink, |element, sink| {
        number += 1;
        let mut table = element.table(sink)?;
        let text = table.required("text", sink, |node, sink| node.prose(1_000, sink));
        let when = table.required("when", sink, |node, sink| {
            let when = node.string(when::MAX_LENGTH, sink)?;
            match when::check(when) {
                Ok(checked) => {
                    no_type(when, number, node, sink);
                    Some((when.to_owned(), checked.never_applies))
                }
                Err(fault) => {
                    let message = fault.message.behind(&format!("red line {number}: "));
                    node.report(sink, fault.code, message.with("line", number));
                    None
                }
            }
        });
        table.close(sink);
        let (text, (when, never_applies)) = (text?, when?);
        Some(RedLine { text, when, never_applies })
    })
}

/// Says what a draft's condition takes for a type and can't be one (STIX 2.1 section 3.1): it would hold nothing back. What
/// both signed is read as it is.
fn no_type(when: &str, number: u32, node: &Node<'_>, sink: &mut Sink) {
    let condition = Condition::of(when).filter(|_| sink.draft);
    let named = condition.map(|it| it.compared("resource", "kind")).unwrap_or_default();
    for name in named {
        if let Err(wrong) = forms::kind(&name) {
            let shown: String = name.chars().take(60).collect();
            let message = Told::from(wrong).with("value", shown).with("line", number);
            let message = message.behind(&format!("red line {number}: "));
            node.report(sink, ErrorCode::BadKind, message.named("red-line-bad-kind"));
        }
    }
}
