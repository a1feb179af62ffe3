//! Red lines that can't hold, and clauses that would give what one forbids.

use std::collections::BTreeSet;

use comity_model::{Digest, Lang, PartyRoot};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::known::Known;
use super::together;
use crate::agreement::{Agreement, RedLine, listed};
use crate::cedar::when;
use crate::clause::Clause;
use crate::clause::persons::ABOUT_PERSONS;
use crate::decision::{Decision, ReasonCode};
use crate::engine::{Engine, Question};
use crate::error::{AgreementWarning, WarningCode};
use crate::grid::{Condition, Found, Grid, Object, Place};
use crate::parse::is_country;
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
    let mut names = line.condition.compared("context", "clause");
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

/// Red lines that name a country by what is no code of one: objects tell theirs in capital letters (docs/protocol.md section
/// 2.2), so that `mx` is that of none.
pub(super) fn unwritten_countries(agreement: &Agreement) -> Vec<AgreementWarning> {
    let found = lines(agreement).filter_map(|line| {
        let mut named = line.condition.compared("resource", "country");
        named.retain(|it| !is_country(it));
        let meant: BTreeSet<String> =
            named.iter().map(|it| it.trim().to_uppercase()).filter(|it| is_country(it)).collect();
        let (number, text) = (line.number, &line.said.text);
        let (write, escriba) = if meant.is_empty() {
            ("two capital letters, as `MX`".to_owned(), "dos mayúsculas, como `MX`".to_owned())
        } else {
            (all(Lang::En, &meant), all(Lang::Es, &meant))
        };
        (!named.is_empty()).then(|| AgreementWarning {
            code: WarningCode::RedLineUnknownCountry,
            message: format!(
                "red line {number} `{text}` names the country {}, which is no code of ISO 3166-1 as objects tell it; write {write}",
                all(Lang::En, &named)
            ),
            es: format!(
                "la prohibición absoluta {number} `{text}` nombra el país {}, que no es un código ISO 3166-1 como lo llevan los \
                 objetos; escriba {escriba}",
                all(Lang::Es, &named)
            ),
        })
    });
    found.collect()
}

impl Agreement {
    /// The red lines that name types which nobody knows, `is_known` said: they may hold nothing back. The nearest of the
    /// `known` ones and of the clauses' own is named beside each.
    pub fn unwritten_kinds(
        &self,
        is_known: impl Fn(&str) -> bool,
        known: &[&str],
    ) -> Vec<AgreementWarning> {
        let own = self.clauses.iter().flat_map(|it| it.kinds.iter().map(String::as_str));
        let known: BTreeSet<&str> = known.iter().copied().chain(own).collect();
        let found = lines(self).filter_map(|line| {
            let mut named = line.condition.compared("resource", "kind");
            named.retain(|it| !is_known(it) && !known.contains(it.as_str()));
            let (number, text) = (line.number, &line.said.text);
            let said = |lang| {
                let one = |it: &String| match nearest(it, &known) {
                    Some(near) => {
                        let meant = words::say(lang, "did you mean", "¿quiso decir");
                        format!("`{it}` ({meant} `{near}`?)")
                    }
                    None => format!("`{it}`"),
                };
                words::and(lang, named.iter().map(one))
            };
            (!named.is_empty()).then(|| AgreementWarning {
                code: WarningCode::RedLineUnknownKind,
                message: format!(
                    "red line {number} `{text}` names the type {}, which this node does not know, so that it may hold nothing \
                     back; write the type as objects have it",
                    said(Lang::En)
                ),
                es: format!(
                    "la prohibición absoluta {number} `{text}` nombra el tipo {}, que este nodo no conoce, de modo que quizá no \
                     impida nada; escriba el tipo como lo llevan los objetos",
                    said(Lang::Es)
                ),
            })
        });
        found.collect()
    }
}

/// The name that differs least from a word, in two letters at the most.
fn nearest<'k>(word: &str, known: &BTreeSet<&'k str>) -> Option<&'k str> {
    let most = if word.len() < 5 { 1 } else { 2 };
    let near = known.iter().map(|it| (apart(word, it), *it)).filter(|(apart, _)| *apart <= most);
    near.min().map(|(_, it)| it)
}

/// How many letters are to be put in, taken out or changed to make one word of the other.
fn apart(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (number, letter) in one.chars().enumerate() {
        let mut next = vec![number + 1];
        for ((known, pair), left) in other.iter().zip(row.windows(2)).zip(0..) {
            let &[across, above] = pair else { continue };
            let beside = next.get(left).copied().unwrap_or(usize::MAX - 1);
            next.push((across + usize::from(letter != *known)).min(above + 1).min(beside + 1));
        }
        row = next;
    }
    row.last().copied().unwrap_or(0)
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

/// Clauses that would give what a red line forbids: all of a type whatever it is, or something that they speak of. Of each
/// red line the same is said once, of all clauses of which it is so.
pub(super) fn clauses(agreement: &Agreement) -> Vec<AgreementWarning> {
    let (grid, engine) = (Grid::new(), Engine::compile(agreement).ok());
    let mut out = Vec::new();
    for line in lines(agreement) {
        let tree = when::tree(&line.said.when);
        let (mut whole, mut part) = (Vec::new(), Vec::new());
        for clause in &agreement.clauses {
            let forbidden = |kind: &&str| {
                let known = Known { clause, kind };
                tree.as_ref().and_then(|tree| known.truth(tree)) == Some(true)
            };
            let kinds: Vec<&str> =
                clause.kinds.iter().map(String::as_str).filter(forbidden).collect();
            if !kinds.is_empty() {
                let some = (kinds.len() < clause.kinds.len()).then_some(kinds);
                whole.push((some, &clause.id));
            } else if let Some(engine) = &engine
                && let Some(object) = shown(&line, clause, &grid, engine)
            {
                part.push((object, &clause.id));
            }
        }
        let whole = together(whole.into_iter()).into_iter();
        out.extend(whole.map(|(kinds, ids)| given_nothing(&line, kinds.as_deref(), &ids)));
        out.extend(given_in_part(&line, &part));
    }
    out
}

/// Of some types a red line forbids all; of all of them where none is named.
fn given_nothing(line: &Numbered<'_>, kinds: Option<&[&str]>, ids: &[&String]) -> AgreementWarning {
    let (number, text) = (line.number, &line.said.text);
    let one = ids.len() == 1;
    let (what, que) = match kinds {
        None if one => {
            ("everything that it would give".to_owned(), "todo lo que entregaría".to_owned())
        }
        None => {
            ("everything that they would give".to_owned(), "todo lo que entregarían".to_owned())
        }
        Some(kinds) => (
            format!("every {}", listed(kinds)),
            format!("todo objeto de tipo {}", or(Lang::Es, kinds)),
        ),
    };
    AgreementWarning {
        code: WarningCode::ClauseUnderRedLine,
        message: format!(
            "{} {} nothing of this: red line {number} `{text}` forbids {what}; change one of them",
            super::clauses(Lang::En, ids),
            if one { "gives" } else { "give" },
        ),
        es: format!(
            "{} no {} nada de esto: la prohibición absoluta {number} `{text}` impide {que}; modifique la una o la otra",
            super::clauses(Lang::Es, ids),
            if one { "entrega" } else { "entregan" },
        ),
    }
}

/// An object that a clause speaks of by its own terms, that a red line forbids and that the clause alone would let go.
fn shown(
    line: &Numbered<'_>,
    clause: &Clause,
    grid: &Grid,
    engine: &Engine,
) -> Option<Box<Object>> {
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
    match grid.of_clause(&line.condition, clause, shown) {
        Found::One(object) => Some(object),
        Found::None | Found::Unknown => None,
    }
}

/// Of what some clauses speak of by their own terms a red line forbids something: shown by an object of the first.
fn given_in_part(line: &Numbered<'_>, part: &[(Box<Object>, &String)]) -> Option<AgreementWarning> {
    let (object, first) = part.first()?;
    let (number, text) = (line.number, &line.said.text);
    let ids: Vec<&String> = part.iter().map(|(_, id)| *id).collect();
    let (of_it, de_ella, out, fuera, give) = if ids.len() == 1 {
        (String::new(), String::new(), "the clause", "la cláusula", "entregaría")
    } else {
        let (of_it, de_ella) = (format!("`{first}` for one "), format!("`{first}`, por ejemplo, "));
        (of_it, de_ella, "the clauses", "las cláusulas", "entregarían")
    };
    Some(AgreementWarning {
        code: WarningCode::ClauseUnderRedLine,
        message: format!(
            "{} would give what red line {number} `{text}` forbids, {of_it}as {}; take it out of {out}, or keep both if the \
             red line is meant to cut {out}",
            super::clauses(Lang::En, &ids),
            described(&line.condition, object, Lang::En)
        ),
        es: format!(
            "{} {give} lo que la prohibición absoluta {number} `{text}` impide, {de_ella}como {}; exclúyalo de {fuera}, o \
             conserve ambas si la prohibición ha de limitar a {fuera}",
            super::clauses(Lang::Es, &ids),
            described(&line.condition, object, Lang::Es)
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
