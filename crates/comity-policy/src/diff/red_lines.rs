//! Red lines, by the objects that they forbid.
//!
//! A line that is new narrows if it forbids an object that no line forbade before, one that is gone widens if it forbade
//! one that no line forbids now; a line that was rewritten may do both, or neither. Where that can't be found out because
//! there are too many objects to try, both are said. A clause that has another name is still the same clause, so a line
//! that reads its name may forbid other objects than before though no letter of it changed.

use std::collections::{BTreeMap, BTreeSet};

use comity_model::Lang;
use serde_json::Value;

use super::Line;
use super::lines::{Lines, Way};
use crate::agreement::{Agreement, RedLine};
use crate::cedar::when;
use crate::clause::Clause;
use crate::grid::{Condition, Found, Grid, Object, Place};

/// One clause in both agreements; of a clause that is new or removed, the same twice.
pub(super) type Pair<'a> = (&'a Clause, &'a Clause);

/// A red line with its condition.
struct Forbids<'a> {
    line: &'a RedLine,
    condition: Condition,
}

/// All that is compared.
struct Compared<'a> {
    before: BTreeMap<String, Forbids<'a>>,
    after: BTreeMap<String, Forbids<'a>>,
    pairs: &'a [Pair<'a>],
    grid: Grid,
}

/// Which of the two agreements forbids more.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Before,
    After,
}

/// What the red lines forbid no more, and what they forbid now.
pub(super) fn red_lines(
    before: &Agreement,
    after: &Agreement,
    pairs: &[Pair<'_>],
    lines: &mut Lines,
) {
    let compared =
        Compared { before: by_meaning(before), after: by_meaning(after), pairs, grid: Grid::new() };
    let is_new = |meaning: &&String| !compared.before.contains_key(*meaning);
    let new: BTreeSet<&String> = compared.after.keys().filter(is_new).collect();
    let is_gone = |meaning: &&String| !compared.after.contains_key(*meaning);
    let mut gone: BTreeSet<&String> = compared.before.keys().filter(is_gone).collect();
    for meaning in new {
        let Some(is) = compared.after.get(meaning) else { continue };
        let narrows = compared.forbids_more(is, Side::After);
        // the same line for people, with another condition
        let former = gone
            .iter()
            .copied()
            .find(|it| compared.before.get(*it).is_some_and(|was| was.line.text == is.line.text));
        let was = former.and_then(|it| compared.before.get(it));
        if let Some(was) = was {
            gone.retain(|it| Some(*it) != former);
            let widens = compared.forbids_more(was, Side::Before);
            rewritten(was.line, is.line, (widens, narrows), lines);
        } else {
            let way = if narrows { Way::Narrowed } else { Way::Changed };
            add(way, "added", "se agrega", is.line, lines);
        }
    }
    for meaning in gone {
        let Some(was) = compared.before.get(meaning) else { continue };
        let widens = compared.forbids_more(was, Side::Before);
        add(
            if widens { Way::Widened } else { Way::Changed },
            "removed",
            "se suprime",
            was.line,
            lines,
        );
    }
    for (meaning, is) in &compared.after {
        let Some(was) = compared.before.get(meaning) else { continue };
        if was.line.text != is.line.text {
            let texts = (format!("\"{}\"", was.line.text), format!("\"{}\"", is.line.text));
            let name = ("text of a red line", "texto de una prohibición absoluta");
            lines
                .add(Way::Changed, "red_line", |lang| super::lines::was(lang, name, texts.clone()));
        }
        if is.condition.reads_clause() {
            compared.renamed(was, is, lines);
        }
    }
}

impl Compared<'_> {
    /// Whether a line of one agreement forbids an object that no line of the other does, in whichever clause.
    fn forbids_more(&self, line: &Forbids<'_>, side: Side) -> bool {
        let reads_clause =
            self.before.values().chain(self.after.values()).any(|it| it.condition.reads_clause());
        let pairs = if reads_clause { self.pairs } else { self.pairs.get(..1).unwrap_or_default() };
        pairs.iter().any(|pair| self.more(line, side, *pair))
    }

    /// The same of one clause.
    fn more(&self, line: &Forbids<'_>, side: Side, (was, is): Pair<'_>) -> bool {
        let others = match side {
            Side::Before => &self.after,
            Side::After => &self.before,
        };
        let names = match side {
            Side::Before => (&was.id, &is.id),
            Side::After => (&is.id, &was.id),
        };
        let mut purposes: BTreeSet<String> = self
            .pairs
            .iter()
            .flat_map(|(was, is)| was.purposes.union(&is.purposes))
            .cloned()
            .collect();
        purposes.insert("x-other".to_owned());
        let place = Place { clause: names.0.clone(), purposes };
        let forbids = |other: &Condition, object: &Object| {
            let mut elsewhere = object.clone();
            elsewhere.clause.clone_from(names.1);
            other.holds(&elsewhere)
        };
        let alone = |other: &&Forbids<'_>| {
            let beyond = |object: &Object| {
                Some(line.condition.holds(object)? && !forbids(&other.condition, object)?)
            };
            let both = [&line.condition, &other.condition];
            matches!(self.grid.any(&both, &place, beyond), Found::None)
        };
        // one line that forbids as much settles it, and tries fewer objects than all lines together
        if others.values().any(|other| alone(&other)) {
            return false;
        }
        let mut tried: Vec<&Condition> = vec![&line.condition];
        tried.extend(others.values().map(|it| &it.condition));
        let more = |object: &Object| {
            if !line.condition.holds(object)? {
                return Some(false);
            }
            for other in others.values() {
                if forbids(&other.condition, object)? {
                    return Some(false);
                }
            }
            Some(true)
        };
        !matches!(self.grid.any(&tried, &place, more), Found::None)
    }

    /// A line that both agreements have, where it reaches other clauses because they have other names.
    fn renamed(&self, was: &Forbids<'_>, is: &Forbids<'_>, lines: &mut Lines) {
        for pair in self.pairs.iter().filter(|(was, is)| was.id != is.id) {
            let found = [
                (Way::Widened, self.more(was, Side::Before, *pair)),
                (Way::Narrowed, self.more(is, Side::After, *pair)),
            ];
            for (way, _) in found.into_iter().filter(|(_, found)| *found) {
                lines.put(way, reaches(way, is.line, *pair));
            }
        }
    }
}

fn reaches(way: Way, line: &RedLine, (was, is): Pair<'_>) -> Line {
    let RedLine { text, when, .. } = line;
    let (former, name) = (&was.id, &is.id);
    let (en, es) = if way == Way::Widened {
        (
            format!(
                "red line \"{text}\" (`{when}`) no longer holds for all that it forbade under the name `{former}`"
            ),
            format!(
                "la prohibición absoluta «{text}» (`{when}`) ya no alcanza todo lo que impedía bajo el nombre `{former}`"
            ),
        )
    } else {
        (
            format!("red line \"{text}\" (`{when}`) forbids more under the name `{name}`"),
            format!(
                "la prohibición absoluta «{text}» (`{when}`) impide más bajo el nombre `{name}`"
            ),
        )
    };
    Line { clause: Some(name.clone()), term: "red_line", en, es }
}

fn rewritten(was: &RedLine, is: &RedLine, (widens, narrows): (bool, bool), lines: &mut Lines) {
    let said =
        [(widens, Way::Widened), (narrows, Way::Narrowed), (!widens && !narrows, Way::Changed)];
    for (_, way) in said.into_iter().filter(|(holds, _)| *holds) {
        let (en, es) = match way {
            Way::Widened => ("forbids less", "impide menos"),
            Way::Narrowed => ("forbids more", "impide más"),
            Way::Changed => {
                ("forbids the same in other words", "impide lo mismo en otros términos")
            }
        };
        lines.add(way, "red_line", |lang| match lang {
            Lang::En => {
                format!("red line \"{}\" {en}: `{}`, formerly `{}`", is.text, is.when, was.when)
            }
            Lang::Es => format!(
                "la prohibición absoluta «{}» {es}: `{}`; antes, `{}`",
                is.text, is.when, was.when
            ),
        });
    }
}

fn add(way: Way, en: &str, es: &str, line: &RedLine, lines: &mut Lines) {
    lines.add(way, "red_line", |lang| match lang {
        Lang::En => format!("red line {en}: \"{}\" (`{}`)", line.text, line.when),
        Lang::Es => format!("prohibición absoluta; {es}: «{}» (`{}`)", line.text, line.when),
    });
}

fn by_meaning(agreement: &Agreement) -> BTreeMap<String, Forbids<'_>> {
    let meaning = |line: &RedLine| {
        let mut tree = when::tree(&line.when)?;
        order_sets(&mut tree);
        Some(tree.to_string())
    };
    let read =
        |line| Some((meaning(line)?, Forbids { line, condition: Condition::of(&line.when)? }));
    agreement.red_lines.iter().rev().filter_map(read).collect()
}

/// Sets have no order, and nothing twice.
fn order_sets(tree: &mut Value) {
    match tree {
        Value::Array(elements) => elements.iter_mut().for_each(order_sets),
        Value::Object(fields) => {
            for (name, value) in fields.iter_mut() {
                order_sets(value);
                if let ("Set", Value::Array(elements)) = (name.as_str(), value) {
                    elements.sort_by_cached_key(Value::to_string);
                    elements.dedup();
                }
            }
        }
        _ => {}
    }
}
