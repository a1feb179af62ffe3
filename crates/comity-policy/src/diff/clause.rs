//! Two clauses, term by term.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use comity_model::{Grade, Lang, Pap};

use super::Line;
use super::lines::{Lines, Way, was};
use crate::agreement::{Agreement, Period};
use crate::clause::persons::NAMED;
use crate::clause::places::names_places;
use crate::clause::{Clause, LocationPrecision, Precision, RedactPath, breadth};
use crate::words::{self, say};

/// A clause that was not there.
pub(super) fn new(clause: &Clause, lines: &mut Lines) {
    let (from, to) = (&clause.from, &clause.to);
    let line = Line {
        clause: Some(clause.id.clone()),
        term: "clause",
        en: format!("it is new, and lets `{from}` give to `{to}`"),
        es: format!("es nueva, y permite que `{from}` entregue a `{to}`"),
    };
    lines.put(Way::Widened, line);
}

/// A clause that is no more.
pub(super) fn removed(clause: &Clause, lines: &mut Lines) {
    let (from, to) = (&clause.from, &clause.to);
    let line = Line {
        clause: Some(clause.id.clone()),
        term: "clause",
        en: format!("it is removed, and no longer lets `{from}` give to `{to}`"),
        es: format!("se suprime, y ya no permite que `{from}` entregue a `{to}`"),
    };
    lines.put(Way::Narrowed, line);
}

/// A clause that is called something else. Red lines and quotas go by its name.
pub(super) fn renamed(before: &Clause, after: &Clause, lines: &mut Lines) {
    let (former, name) = (&before.id, &after.id);
    if former != name {
        let line = Line {
            clause: Some(name.clone()),
            term: "id",
            en: format!("it is called so, formerly `{former}`"),
            es: format!("se llama así; antes, `{former}`"),
        };
        lines.put(Way::Changed, line);
    }
}

/// Every term of two clauses but their names and parties.
pub(super) fn terms(
    (earlier, before): (&Agreement, &Clause),
    (later, after): (&Agreement, &Clause),
    lines: &mut Lines,
) {
    lines.set("purposes", ("purposes", "finalidades"), &before.purposes, &after.purposes);
    lines.set("kinds", ("types", "tipos"), &before.kinds, &after.kinds);
    labels(before, after, lines);
    grade(before.min_grade, after.min_grade, lines);
    selection(before, after, lines);
    redaction(before, after, lines);
    handling(before, after, lines);
    for per in Period::ALL {
        quota(per, (earlier, before), (later, after), lines);
    }
}

fn labels(before: &Clause, after: &Clause, lines: &mut Lines) {
    let tlp = |clause: &Clause| words::label("TLP", clause.max_tlp.as_str());
    lines.moved(
        after.max_tlp.cmp(&before.max_tlp),
        "max_tlp",
        ("highest TLP label", "marca TLP máxima"),
        |_| (tlp(before), tlp(after)),
    );
    // no PAP label is above red, so to allow red and to say nothing are the same
    let most = |clause: &Clause| clause.max_pap.unwrap_or(Pap::Red);
    let pap = |clause: &Clause| words::label("PAP", most(clause).as_str());
    lines.moved(
        most(after).cmp(&most(before)),
        "max_pap",
        ("highest PAP label", "marca PAP máxima"),
        |_| (pap(before), pap(after)),
    );
}

/// Both halves, each on its own scale; ungraded objects go only where no grade is asked for.
fn grade(before: Option<Grade>, after: Option<Grade>, lines: &mut Lines) {
    let name = ("least grade", "grado mínimo");
    let orders = match (before, after) {
        (None, None) => return,
        (Some(_), None) => [Ordering::Greater, Ordering::Equal],
        (None, Some(_)) => [Ordering::Less, Ordering::Equal],
        (Some(before), Some(after)) => {
            [after.reliability.cmp(&before.reliability), after.credibility.cmp(&before.credibility)]
        }
    };
    let value = |grade: Option<Grade>, lang| {
        grade.map_or_else(|| say(lang, "none", "ninguno").to_owned(), |it| it.to_string())
    };
    let mut ways: Vec<Way> = orders.into_iter().filter_map(Way::of).collect();
    ways.dedup();
    for way in ways {
        lines.add(way, "min_grade", |lang| {
            was(lang, name, (value(before, lang), value(after, lang)))
        });
    }
}

/// Age, place, labels, origin.
fn selection(before: &Clause, after: &Clause, lines: &mut Lines) {
    let oldest = |clause: &Clause| clause.max_age_days.unwrap_or(u32::MAX);
    let age = |clause: &Clause, lang| match clause.max_age_days {
        Some(days) => words::days(lang, days),
        None => say(lang, "any", "cualquiera").to_owned(),
    };
    lines.moved(
        oldest(after).cmp(&oldest(before)),
        "max_age_days",
        ("greatest age", "antigüedad máxima"),
        |lang| (age(before, lang), age(after, lang)),
    );
    let countries = ("limited to the countries", "limitada a los países");
    lines.limit("countries", countries, &before.countries, &after.countries);
    let any = ("only with one of the labels", "solo con alguna de las etiquetas");
    lines.limit("labels.any", any, &before.labels.any, &after.labels.any);
    let none = ("never with the labels", "nunca con las etiquetas");
    let (kept, keeps) = (&before.labels.none, &after.labels.none);
    lines.added(Way::Narrowed, "labels.none", none, keeps.difference(kept));
    lines.dropped(Way::Widened, "labels.none", none, kept.difference(keeps));
    lines.moved(
        after.origin.cmp(&before.origin),
        "origin",
        ("what is given", "lo que se entrega"),
        |lang| {
            let word = |clause: &Clause| words::origin(lang, clause.origin).to_owned();
            (word(before), word(after))
        },
    );
}

/// What is changed before it goes. Taking more out narrows what goes of an object; but a label on what is taken out no
/// longer keeps the rest, which widens.
fn redaction(before: &Clause, after: &Clause, lines: &mut Lines) {
    let mut more = false;
    let mut less = false;
    let mut order = |order: Ordering, takes_out: bool| {
        more |= takes_out && order == Ordering::Less;
        less |= takes_out && order == Ordering::Greater;
        order
    };
    let both = |kind: &str| before.kinds.contains(kind) && after.kinds.contains(kind);

    let names = NAMED.iter().any(|it| both(it.stix_type));
    let persons = order(after.persons.cmp(&before.persons), names);
    lines.moved(persons, "persons", ("persons", "personas"), |lang| {
        let word = |clause: &Clause| words::persons(lang, clause.persons).to_owned();
        (word(before), word(after))
    });
    let descriptions = order(after.descriptions.cmp(&before.descriptions), true);
    lines.moved(descriptions, "descriptions", ("descriptions", "descripciones"), |lang| {
        let word = |clause: &Clause| words::descriptions(lang, clause.descriptions).to_owned();
        (word(before), word(after))
    });
    let places = before.kinds.intersection(&after.kinds).any(|it| names_places(it));
    let place = order(exactness(after.precision).cmp(&exactness(before.precision)), places);
    lines.moved(place, "precision.location", ("places", "lugares"), |lang| {
        let word = |clause: &Clause| words::place(lang, clause.precision.location).to_owned();
        (word(before), word(after))
    });
    // a day is less than a moment, and `None` is the moment
    let time = before.precision.time.cmp(&after.precision.time);
    lines.moved(time, "precision.time", ("times", "fechas y horas"), |lang| {
        let word = |clause: &Clause| match clause.precision.time {
            None => say(lang, "as exact as they are", "con toda su exactitud").to_owned(),
            Some(_) => say(lang, "exact to the day", "con precisión de día").to_owned(),
        };
        (word(before), word(after))
    });
    let redacted = ("removed properties", "propiedades testadas");
    let added = uncovered(&after.redact, before, both);
    let dropped = uncovered(&before.redact, after, both);
    order(Ordering::Less, !added.is_empty());
    order(Ordering::Greater, !dropped.is_empty());
    lines.added(Way::Narrowed, "redact", redacted, &added);
    lines.dropped(Way::Widened, "redact", redacted, &dropped);
    if more {
        lines.add(Way::Widened, "redact", |lang| {
            say(
                lang,
                "an object that was kept only for the stricter label of a part that is now removed goes without that part",
                "un objeto que solo se excluía por la marca más estricta de una parte que ahora se testa se entrega sin esa parte",
            )
            .to_owned()
        });
    }
    if less {
        lines.add(Way::Narrowed, "redact", |lang| {
            say(
                lang,
                "an object is kept for the stricter label of a part that was removed and now stays in it",
                "un objeto se excluye por la marca más estricta de una parte que antes se testaba y ahora permanece",
            )
            .to_owned()
        });
    }
}

/// How much a place says; more is wider.
const fn exactness(precision: Precision) -> u8 {
    match precision.location {
        Some(LocationPrecision::Country) => 0,
        Some(LocationPrecision::Admin1) => 1,
        None => 2,
    }
}

/// The paths that the other clause does not take out, by `redact` or by its precision; of types that both clauses give.
fn uncovered<'a>(
    paths: &'a [RedactPath],
    other: &Clause,
    both: impl Fn(&str) -> bool,
) -> BTreeSet<&'a RedactPath> {
    let covers = |(stix_type, property): (&str, &str), path: &RedactPath| {
        stix_type == path.stix_type
            && path
                .property
                .strip_prefix(property)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    };
    let mut left: BTreeSet<&RedactPath> = paths.iter().collect();
    let redacted = other.redact.iter().map(|it| (it.stix_type.as_str(), it.property.as_str()));
    let out: Vec<_> = redacted.collect();
    let coarse = |path: &RedactPath| {
        let precision = other.precision.location;
        precision.is_some_and(|it| it.takes_out(&path.stix_type, &path.property))
    };
    left.retain(|path| {
        both(&path.stix_type) && !coarse(path) && !out.iter().any(|it| covers(*it, path))
    });
    left
}

/// What binds the receiver, and who approves.
fn handling(before: &Clause, after: &Clause, lines: &mut Lines) {
    let onward = ("the receiver may pass it on to", "quien la recibe puede transmitirla a");
    lines.moved(breadth(after.onward).cmp(&breadth(before.onward)), "onward", onward, |lang| {
        let word = |clause: &Clause| words::onward(lang, clause.onward).to_owned();
        (word(before), word(after))
    });
    lines.set("use", ("uses", "usos"), &before.use_codes, &after.use_codes);
    lines.moved(
        after.retention_days.cmp(&before.retention_days),
        "retention_days",
        ("kept by the receiver for", "conservación por quien la recibe"),
        |lang| (words::days(lang, before.retention_days), words::days(lang, after.retention_days)),
    );
    lines.moved(
        before.approval.cmp(&after.approval),
        "approval",
        ("approval", "autorización"),
        |lang| {
            let word = |clause: &Clause| words::approval(lang, clause.approval).to_owned();
            (word(before), word(after))
        },
    );
    let composer = after.composer_may_approve.cmp(&before.composer_may_approve);
    if let Some(way) = Way::of(composer) {
        lines.add(way, "composer_may_approve", |lang| {
            let (may, may_not) = match lang {
                Lang::En => (
                    "whoever composed a release may now approve it",
                    "whoever composed a release may no longer approve it",
                ),
                Lang::Es => (
                    "quien preparó una entrega puede ahora aprobarla",
                    "quien preparó una entrega ya no puede aprobarla",
                ),
            };
            if way == Way::Widened { may } else { may_not }.to_owned()
        });
    }
    let bases = |clause: &Clause| clause.legal_basis.iter().cloned().collect::<BTreeSet<_>>();
    let name = ("its own legal basis", "fundamento propio");
    super::rules::texts("legal_basis", name, &bases(before), &bases(after), lines);
}

fn quota(
    per: Period,
    (earlier, before): (&Agreement, &Clause),
    (later, after): (&Agreement, &Clause),
    lines: &mut Lines,
) {
    let most = |agreement: &Agreement, clause: &Clause| {
        agreement.quotas_of(&clause.id).find(|it| it.per == per).map(|it| it.objects)
    };
    let (before, after) = (most(earlier, before), most(later, after));
    let order = after.unwrap_or(u32::MAX).cmp(&before.unwrap_or(u32::MAX));
    lines.moved(order, "quota", ("ceiling of objects", "tope de objetos"), |lang| {
        let value = |objects: Option<u32>| match objects {
            Some(objects) => format!("{objects} {}", words::period(lang, per)),
            None => format!("{} {}", say(lang, "none", "ninguno"), words::period(lang, per)),
        };
        (value(before), value(after))
    });
}
