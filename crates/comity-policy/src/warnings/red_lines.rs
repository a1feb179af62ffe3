//! Red lines that can't hold, and clauses that would give what one forbids.

use std::collections::BTreeSet;

use comity_model::{Digest, Lang, PartyRoot};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::known::Known;
use crate::agreement::{Agreement, RedLine, listed};
use crate::cedar::when;
use crate::clause::Clause;
use crate::clause::persons::ABOUT_PERSONS;
use crate::decision::{Decision, ReasonCode};
use crate::engine::{Engine, Question};
use crate::error::{AgreementWarning, WarningCode};
use crate::grid::{Condition, Found, Grid, Object, Place};
use crate::words::{self, all, any as or};

/// Objects that are decided about at the most to show that a clause would give one that a red line forbids.
const DECIDED: usize = 64;

/// A red line with its number and its condition.
struct Numbered<'a> {
    number: u32,
    said: &'a RedLine,
    condition: Condition,
}

fn lines(agreement: &Agreement) -> impl Iterator<Item = Numbered<'_>> {
    let numbered = agreement.red_lines.iter().zip(1u32..);
    numbered.filter_map(|(line, number)| {
        Some(Numbered { number, said: line, condition: Condition::of(&line.when)? })
    })
}

/// Red lines that name a clause which is not there, and those that no object can meet under any clause.
pub(super) fn idle(agreement: &Agreement) -> Vec<AgreementWarning> {
    let grid = Grid::new();
    let found = lines(agreement).filter_map(|line| {
        unknown_clause(agreement, &line).or_else(|| {
            (line.said.never_applies || never_holds(agreement, &line.condition, &grid))
                .then(|| never_applies(&line))
        })
    });
    found.collect()
}

fn unknown_clause(agreement: &Agreement, line: &Numbered<'_>) -> Option<AgreementWarning> {
    let mut names = line.condition.clauses();
    names.retain(|name| agreement.clause(name).is_none());
    let (number, text) = (line.number, &line.said.text);
    (!names.is_empty()).then(|| AgreementWarning {
        code: WarningCode::RedLineUnknownClause,
        message: format!(
            "red line {number} `{text}` names {}, and there is no such clause; write the id of one, or leave the name out",
            all(Lang::En, &names)
        ),
        es: format!(
            "la prohibición absoluta {number} `{text}` nombra {}, y no existe tal cláusula; escriba el identificador de una, \
             o suprima el nombre",
            all(Lang::Es, &names)
        ),
    })
}

fn never_applies(line: &Numbered<'_>) -> AgreementWarning {
    let (number, text) = (line.number, &line.said.text);
    AgreementWarning {
        code: WarningCode::RedLineNeverApplies,
        message: format!(
            "red line {number} `{text}` can't apply to any object; correct its `when`"
        ),
        es: format!(
            "la prohibición absoluta {number} `{text}` no puede alcanzar a ningún objeto; corrija su `when`"
        ),
    }
}

/// Whether no object meets a condition, under whichever clause.
fn never_holds(agreement: &Agreement, condition: &Condition, grid: &Grid) -> bool {
    let purposes = agreement.clauses.iter().flat_map(|it| it.purposes.iter().cloned());
    let purposes: BTreeSet<String> = purposes.collect();
    let read = if condition.reads_clause() { agreement.clauses.len() } else { 1 };
    agreement.clauses.iter().take(read).all(|clause| {
        let known = if condition.reads_clause() { &clause.purposes } else { &purposes };
        let place = Place { clause: clause.id.clone(), purposes: known.clone() };
        let met = |object: &Object| {
            // what is asked for is a purpose that some clause has
            Some(known.contains(&object.purpose) && condition.holds(object)?)
        };
        matches!(grid.any(&[condition], &place, met), Found::None)
    })
}

/// Clauses that would give what a red line forbids: all of a type whatever it is, or something that they speak of.
pub(super) fn clauses(agreement: &Agreement) -> Vec<AgreementWarning> {
    let (grid, engine) = (Grid::new(), Engine::compile(agreement).ok());
    let mut out = Vec::new();
    for line in lines(agreement) {
        let tree = when::tree(&line.said.when);
        for clause in &agreement.clauses {
            let forbidden = |kind: &&str| {
                let known = Known { clause, kind };
                tree.as_ref().and_then(|tree| known.truth(tree)) == Some(true)
            };
            let kinds: Vec<&str> =
                clause.kinds.iter().map(String::as_str).filter(forbidden).collect();
            if !kinds.is_empty() {
                out.push(whole(&line, clause, &kinds));
            } else if let Some(engine) = &engine {
                out.extend(part(&line, clause, &grid, engine));
            }
        }
    }
    out
}

/// Of some types a red line forbids all.
fn whole(line: &Numbered<'_>, clause: &Clause, kinds: &[&str]) -> AgreementWarning {
    let (number, text) = (line.number, &line.said.text);
    let (what, que) = if kinds.len() == clause.kinds.len() {
        ("everything that it would give".to_owned(), "todo lo que entregaría".to_owned())
    } else {
        (format!("every {}", listed(kinds)), format!("todo objeto de tipo {}", or(Lang::Es, kinds)))
    };
    AgreementWarning {
        code: WarningCode::ClauseUnderRedLine,
        message: format!(
            "clause `{}` gives nothing of this: red line {number} `{text}` forbids {what}; change one of them",
            clause.id
        ),
        es: format!(
            "la cláusula `{}` no entrega nada de esto: la prohibición absoluta {number} `{text}` impide {que}; modifique una \
             de las dos",
            clause.id
        ),
    }
}

/// Of what the clause speaks of by its own terms a red line forbids something, which the clause alone would let go.
fn part(
    line: &Numbered<'_>,
    clause: &Clause,
    grid: &Grid,
    engine: &Engine,
) -> Option<AgreementWarning> {
    let policy = format!("red-line:{}", line.number);
    let mut left = DECIDED;
    let shown = |object: &Object| {
        let nobody = object.natural_person && !ABOUT_PERSONS.contains(&object.kind.as_str());
        if nobody || !line.condition.holds(object)? {
            return Some(false);
        }
        left = left.checked_sub(1)?;
        let decision = decided(engine, clause, object)?;
        let reasons = decision.reasons();
        let only = reasons.iter().all(|it| it.code == ReasonCode::RedLine);
        Some(only && reasons.iter().any(|it| it.policy == policy))
    };
    let Found::One(object) = grid.of_clause(&line.condition, clause, shown) else { return None };
    let (number, text) = (line.number, &line.said.text);
    Some(AgreementWarning {
        code: WarningCode::ClauseUnderRedLine,
        message: format!(
            "clause `{}` would give what red line {number} `{text}` forbids, as {}; take it out of the clause, or keep both \
             if the red line is meant to cut the clause",
            clause.id,
            described(&line.condition, &object, Lang::En)
        ),
        es: format!(
            "la cláusula `{}` entregaría lo que la prohibición absoluta {number} `{text}` impide, como {}; exclúyalo de la \
             cláusula, o conserve ambas si la prohibición ha de limitarla",
            clause.id,
            described(&line.condition, &object, Lang::Es)
        ),
    })
}

/// What the engine decides about such an object on the agreement's first day, if its originator consented.
fn decided(engine: &Engine, clause: &Clause, object: &Object) -> Option<std::sync::Arc<Decision>> {
    let agreement = engine.agreement();
    let (from, to) = (agreement.parties.get(&clause.from)?, agreement.parties.get(&clause.to)?);
    let third = PartyRoot::new(Digest::of(b"comity: a third party"));
    let mut facts = object.facts(third, *to);
    facts.consents.insert(*to);
    // a place lies somewhere
    facts.properties.insert("country".to_owned());
    let first = agreement.in_force.from.to_zoned(TimeZone::UTC).ok()?;
    let now: Timestamp = first.timestamp();
    let question = Question { from: *from, clause: &clause.id, purpose: &object.purpose, now };
    Some(engine.decide(&facts, &question))
}

/// An object in words: its type, the purpose, and what the condition reads of it.
fn described(condition: &Condition, object: &Object, lang: Lang) -> String {
    let say = |en, es| words::say(lang, en, es);
    let mut parts = vec![match lang {
        Lang::En => format!("type `{}` for `{}`", object.kind, object.purpose),
        Lang::Es => format!("el tipo `{}` para `{}`", object.kind, object.purpose),
    }];
    let mut part = |attribute: &str, said: String| {
        if condition.reads(attribute) {
            parts.push(said);
        }
    };
    part("tlp", words::label("TLP", object.tlp.as_str()));
    if let Some(pap) = object.pap {
        part("pap", words::label("PAP", pap.as_str()));
    }
    if let Some(grade) = object.grade {
        part("grade", format!("{} {grade}", say("grade", "grado")));
    }
    if let Some(days) = object.age_days {
        part("age_days", format!("{} {}", say("age", "antigüedad"), words::days(lang, days)));
    }
    if let Some(country) = &object.country {
        part("country", format!("{} `{country}`", say("country", "país")));
    }
    if !object.labels.is_empty() {
        part("labels", format!("{} {}", say("labels", "etiquetas"), all(lang, &object.labels)));
    }
    let person = if object.natural_person {
        say("about a natural person", "referente a una persona física")
    } else {
        say("not about a natural person", "sin referencia a una persona física")
    };
    part("natural_person", person.to_owned());
    let origin = if object.from_partner {
        say("from another party", "procedente de otra parte")
    } else {
        say("the giving party's own", "propio de quien entrega")
    };
    part("from_partner", origin.to_owned());
    parts.join(", ")
}
