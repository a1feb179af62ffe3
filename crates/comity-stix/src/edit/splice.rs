//! Making the edits: which bytes go, which come, and what becomes of the commas.

use std::collections::BTreeSet;

use super::{Change, Edits, Emptied};
use crate::json::{Document, Span, Value, text};

/// A stretch of the old bytes and what stands there afterwards.
#[derive(Debug)]
struct Splice {
    span: Span,
    new: String,
}

pub(super) fn finish(edits: &Edits<'_>) -> Vec<u8> {
    let gone = gone(edits);
    let mut splices = Vec::new();
    for (place, change) in &edits.changes {
        let replaced = edits.document.at(*place);
        if let (Some(value), Change::Replace(json)) = (replaced, change) {
            splices.push(Splice { span: value.span(), new: json.clone() });
        }
    }
    for container in touched(edits, &gone) {
        members(edits, container, &gone, &mut splices);
    }
    splices.sort_by_key(|splice| splice.span);
    apply(&edits.document, &splices)
}

/// The places of all values that do not stay, those that were emptied among them.
fn gone(edits: &Edits<'_>) -> BTreeSet<usize> {
    let removed = edits.changes.iter().filter(|(_, change)| **change == Change::Remove);
    let mut gone: BTreeSet<usize> = removed.map(|(place, _)| *place).collect();
    if edits.emptied == Emptied::Keep {
        return gone;
    }
    // Containers are looked at from the inside out; a container has a greater place than what is
    // around it.
    let mut waiting = parents(edits, gone.iter().copied());
    while let Some(place) = waiting.pop_last() {
        let Some(container) = edits.document.at(place) else { continue };
        let stays = place == 0
            || edits.added.contains_key(&place)
            || container.members().any(|member| !gone.contains(&member.place()));
        if !stays {
            gone.insert(place);
            waiting.extend(container.parent().map(|parent| parent.place()));
        }
    }
    gone
}

fn parents(edits: &Edits<'_>, places: impl Iterator<Item = usize>) -> BTreeSet<usize> {
    let value = |place| edits.document.at(place);
    places.filter_map(|place| value(place)?.parent()).map(|parent| parent.place()).collect()
}

/// The containers that lose or win members and stay themselves.
fn touched<'e>(edits: &'e Edits<'_>, gone: &BTreeSet<usize>) -> Vec<Value<'e, 'e>> {
    let mut places = parents(edits, gone.iter().copied());
    places.extend(edits.added.keys());
    places
        .into_iter()
        .filter_map(|place| edits.document.at(place))
        .filter(|value| {
            !std::iter::successors(Some(*value), Value::parent)
                .any(|around| gone.contains(&around.place()))
        })
        .collect()
}

/// Removes members from a container and appends others.
fn members(
    edits: &Edits<'_>,
    container: Value<'_, '_>,
    gone: &BTreeSet<usize>,
    splices: &mut Vec<Splice>,
) {
    let members: Vec<(Span, bool)> = container
        .members()
        .map(|member| (whole(member), !gone.contains(&member.place())))
        .collect();
    let new = added(edits, container);
    let inside = container.span().start + 1;
    let Some(((first, _), (last, _))) = members.first().zip(members.last()) else {
        splices.push(Splice { span: Span { start: inside, end: inside }, new: new.join(",") });
        return;
    };
    if members.iter().all(|(_, stays)| !stays) {
        // Nothing stays: what is new takes the place of all that was.
        let separator = separator(edits, container);
        let new = new.join(&format!(",{separator}"));
        splices.push(Splice { span: Span { start: first.start, end: last.end }, new });
        return;
    }
    let mut kept: Option<Span> = None;
    for (at, (span, stays)) in members.iter().enumerate() {
        if *stays {
            kept = Some(*span);
            continue;
        }
        let next = members.get(at + 1).map_or(span.end, |(next, _)| next.start);
        let before = at.checked_sub(1).and_then(|at| members.get(at)).map(|(span, _)| span.end);
        // With the comma before it, or at the front with the comma behind it.
        let span = match (kept, before) {
            (Some(_), Some(before)) => Span { start: before, end: span.end },
            _ => Span { start: span.start, end: next },
        };
        splices.push(Splice { span, new: String::new() });
    }
    if let (Some(kept), false) = (kept, new.is_empty()) {
        let separator = separator(edits, container);
        let new = new.iter().flat_map(|new| [",", separator, new.as_str()]).collect();
        // Behind the last that stays, so that it comes before the removals that follow it.
        splices.push(Splice { span: Span { start: kept.end, end: kept.end }, new });
    }
}

/// A member with its key.
fn whole(member: Value<'_, '_>) -> Span {
    let span = member.span();
    Span { start: member.key_span().map_or(span.start, |key| key.start), end: span.end }
}

/// The new members of a container, as they will stand.
fn added(edits: &Edits<'_>, container: Value<'_, '_>) -> Vec<String> {
    let Some(added) = edits.added.get(&container.place()) else { return Vec::new() };
    let colon = colon(edits, container);
    let member = |(key, json): &(Option<String>, String)| match key {
        Some(key) => format!("{}{colon}{json}", text::quoted(key)),
        None => json.clone(),
    };
    added.iter().map(member).collect()
}

/// What stands between a key and its value, as the last member writes it.
fn colon<'a>(edits: &Edits<'a>, container: Value<'_, 'a>) -> &'a str {
    let last = container.members().last();
    let between = last.and_then(|member| Some((member.key_span()?.end, member.span().start)));
    between.map_or(":", |(start, end)| edits.document.slice(start, end))
}

/// The white space before a member, as the last one has it; of an only member, that before it.
fn separator<'a>(edits: &Edits<'a>, container: Value<'_, 'a>) -> &'a str {
    let (mut before_last, mut last) = (None, None);
    for member in container.members() {
        (before_last, last) = (last, Some(whole(member)));
    }
    match (before_last, last) {
        (Some(Span { end, .. }), Some(last)) => {
            let between = edits.document.slice(end, last.start);
            between.split_once(',').map_or("", |(_, white)| white)
        }
        (None, Some(only)) => edits.document.slice(container.span().start + 1, only.start),
        _ => "",
    }
}

fn apply(document: &Document<'_>, splices: &[Splice]) -> Vec<u8> {
    let mut result = Vec::with_capacity(document.length());
    let mut at = 0;
    for splice in splices {
        result.extend_from_slice(document.slice(at, splice.span.start).as_bytes());
        result.extend_from_slice(splice.new.as_bytes());
        at = splice.span.end.max(at);
    }
    result.extend_from_slice(document.slice(at, document.length()).as_bytes());
    result
}
