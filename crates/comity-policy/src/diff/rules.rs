//! What two agreements say beside their clauses.

use std::collections::{BTreeMap, BTreeSet};

use comity_model::{Lang, PartyRoot};

use super::lines::{Lines, Name, Way, was};
use crate::agreement::{Agreement, Urgency};
use crate::words;

/// The agreement itself and its parties.
pub(super) fn head(before: &Agreement, after: &Agreement, lines: &mut Lines) {
    if before.id != after.id {
        let ids = (before.id.to_string(), after.id.to_string());
        let name = ("this is another agreement", "se trata de otro acuerdo");
        lines.add(Way::Changed, "id", |lang| was(lang, name, ids.clone()));
    }
    if before.title != after.title {
        let titles = (format!("\"{}\"", before.title), format!("\"{}\"", after.title));
        lines.add(Way::Changed, "title", |lang| was(lang, ("title", "título"), titles.clone()));
    }
    lines.set("scope", ("scope", "alcance"), &before.scope, &after.scope);
    let bases = |agreement: &Agreement| agreement.legal_basis.iter().cloned().collect();
    let name = ("legal basis", "fundamento");
    texts("legal_basis", name, &bases(before), &bases(after), lines);
    let (was_in, is_in) = (before.in_force, after.in_force);
    let days = |before: jiff::civil::Date, after: jiff::civil::Date| {
        (before.to_string(), after.to_string())
    };
    let name = ("first day", "primer día");
    lines.moved(was_in.from.cmp(&is_in.from), "in_force.from", name, |_| {
        days(was_in.from, is_in.from)
    });
    let name = ("last day", "último día");
    lines.moved(is_in.until.cmp(&was_in.until), "in_force.until", name, |_| {
        days(was_in.until, is_in.until)
    });
    if before.binds != after.binds {
        let words = (before.binds.as_str().to_owned(), after.binds.as_str().to_owned());
        let name = ("binds from", "rige desde");
        lines.add(Way::Changed, "binds", |lang| was(lang, name, words.clone()));
    }
    let name = ("label of unmarked objects", "marca de los objetos que no llevan ninguna");
    // under a lower label more of the unmarked objects go
    lines.moved(before.default_tlp.cmp(&after.default_tlp), "default_tlp", name, |_| {
        let label = |agreement: &Agreement| words::label("TLP", agreement.default_tlp.as_str());
        (label(before), label(after))
    });
    parties(before, after, lines);
}

fn parties(before: &Agreement, after: &Agreement, lines: &mut Lines) {
    let roots = |agreement: &Agreement| {
        agreement.parties.values().copied().collect::<BTreeSet<PartyRoot>>()
    };
    lines.set("parties", ("parties", "partes"), &roots(before), &roots(after));
    for (handle, root) in &after.parties {
        let Some(former) = before.handle_of(root).filter(|it| *it != handle) else { continue };
        let names = (words::quoted(former), words::quoted(handle));
        let name = ("a party is called", "una parte se denomina");
        lines.add(Way::Changed, "parties", |lang| was(lang, name, names.clone()));
    }
}

/// Answer times and reasons.
pub(super) fn tail(before: &Agreement, after: &Agreement, lines: &mut Lines) {
    for urgency in Urgency::ALL {
        let (was, is) = (before.answer_hours(urgency), after.answer_hours(urgency));
        let name = match urgency {
            Urgency::Urgent => {
                ("time to answer an urgent request", "plazo para responder una solicitud urgente")
            }
            Urgency::Priority => (
                "time to answer a priority request",
                "plazo para responder una solicitud prioritaria",
            ),
            Urgency::Routine => {
                ("time to answer a routine request", "plazo para responder una solicitud ordinaria")
            }
        };
        lines.moved(is.cmp(&was), "answer_time", name, |lang| {
            (words::hours(lang, was), words::hours(lang, is))
        });
    }
    reasons(before, after, lines);
}

fn reasons(before: &Agreement, after: &Agreement, lines: &mut Lines) {
    let by_id = |agreement: &'_ Agreement| {
        agreement.reasons.iter().map(|it| (it.id.clone(), it.clone())).collect::<BTreeMap<_, _>>()
    };
    let (was, is) = (by_id(before), by_id(after));
    let name = ("reasons", "motivos");
    lines.added(Way::Changed, "reason", name, is.keys().filter(|id| !was.contains_key(*id)));
    lines.dropped(Way::Changed, "reason", name, was.keys().filter(|id| !is.contains_key(*id)));
    for (id, reason) in &is {
        if was.get(id).is_some_and(|it| it != reason) {
            lines.add(Way::Changed, "reason", |lang| match lang {
                Lang::En => format!("reason `{id}` has another text or is for other acts"),
                Lang::Es => format!("el motivo `{id}` tiene otro texto o es para otros actos"),
            });
        }
    }
}

/// Texts for people, of which none is wider than another.
pub(super) fn texts(
    term: &'static str,
    name: Name,
    before: &BTreeSet<String>,
    after: &BTreeSet<String>,
    lines: &mut Lines,
) {
    lines.added(Way::Changed, term, name, after.difference(before));
    lines.dropped(Way::Changed, term, name, before.difference(after));
}
