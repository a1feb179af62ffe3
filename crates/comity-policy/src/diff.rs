//! What an amendment widens and what it narrows, computed on what the terms mean.
//!
//! Each term is compared on its own order: sets by what is added and removed, labels, grades, approvals and onward rules
//! by their rank, numbers by size. The text is never compared. Wherever the later agreement lets an object go that the
//! earlier one kept, at least one line says what is wider, and the other way round.

mod clause;
mod lines;
mod red_lines;
mod rules;

use std::collections::{BTreeMap, BTreeSet};

use comity_model::{Handle, Lang, PartyRoot};
use serde::Serialize;

use self::lines::Lines;
use self::red_lines::Pair;
use crate::agreement::Agreement;
use crate::clause::Clause;
use crate::words::say;

/// What one agreement changes of another.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// What more is allowed.
    pub widened: Vec<Line>,
    /// What is allowed no more.
    pub narrowed: Vec<Line>,
    /// What changes without allowing more or less: titles, texts, legal bases, reasons.
    pub changed: Vec<Line>,
}

/// One change.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[non_exhaustive]
pub struct Line {
    /// The clause that it is in, by its id in the later agreement, or in the earlier where it is removed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clause: Option<String>,
    /// The term, by its field in the text: `max_tlp`, `precision.location`, `red_line`.
    pub term: &'static str,
    /// The sentence in English, without the clause and a full stop.
    pub en: String,
    /// The sentence in Spanish, likewise.
    pub es: String,
}

impl Line {
    /// The sentence with its clause.
    pub fn text(&self, lang: Lang) -> String {
        let sentence = say(lang, &self.en, &self.es);
        match &self.clause {
            Some(clause) => format!("{} `{clause}`: {sentence}", say(lang, "clause", "cláusula")),
            None => sentence.to_owned(),
        }
    }
}

impl Difference {
    /// Whether both agreements mean the same.
    pub const fn is_empty(&self) -> bool {
        self.widened.is_empty() && self.narrowed.is_empty() && self.changed.is_empty()
    }

    /// The lines under their headings, for a person.
    pub fn text(&self, lang: Lang) -> String {
        if self.is_empty() {
            let nothing = say(lang, "Nothing changes in meaning.", "Nada cambia en su sentido.");
            return format!("{nothing}\n");
        }
        let parts = [
            (say(lang, "Widened:", "Se amplía:"), &self.widened),
            (say(lang, "Narrowed:", "Se restringe:"), &self.narrowed),
            (say(lang, "Otherwise changed:", "Cambia sin ampliar ni restringir:"), &self.changed),
        ];
        let told = parts.into_iter().filter(|(_, lines)| !lines.is_empty());
        let part = |(heading, lines): (&str, &Vec<Line>)| {
            let lines: Vec<_> = lines.iter().map(|it| format!("- {}.\n", it.text(lang))).collect();
            format!("{heading}\n{}", lines.concat())
        };
        told.map(part).collect()
    }
}

/// What `after` widens, narrows and otherwise changes of `before`. The version and the digest are no changes; a clause
/// that was moved is none either.
pub fn diff(before: &Agreement, after: &Agreement) -> Difference {
    let mut lines = Lines::default();
    rules::head(before, after, &mut lines);
    let pairs = clauses(before, after, &mut lines);
    rules::tail(before, after, &mut lines);
    red_lines::red_lines(before, after, &pairs, &mut lines);
    lines.into_difference()
}

/// The terms in which two clauses of one agreement differ, by their fields in the text. Their names and parties are none.
pub(crate) fn differing(agreement: &Agreement, one: &Clause, other: &Clause) -> Vec<&'static str> {
    let mut lines = Lines::default();
    clause::terms((agreement, one), (agreement, other), &mut lines);
    let Difference { widened, narrowed, changed } = lines.into_difference();
    widened.into_iter().chain(narrowed).chain(changed).map(|line| line.term).collect()
}

/// In how many terms a clause of one agreement differs from one of another, quotas apart: those go by the name.
pub(crate) fn steps(before: (&Agreement, &Clause), after: (&Agreement, &Clause)) -> usize {
    let mut lines = Lines::default();
    clause::terms(before, after, &mut lines);
    let Difference { widened, narrowed, changed } = lines.into_difference();
    let all = widened.iter().chain(&narrowed).chain(&changed).map(|line| line.term);
    all.filter(|term| *term != "quota").collect::<BTreeSet<_>>().len()
}

/// A clause with the roots of its parties, in whose terms two agreements can be compared.
type Grant<'a> = (&'a Clause, Option<(PartyRoot, PartyRoot)>);

fn grants(agreement: &Agreement) -> Vec<Grant<'_>> {
    let root = |handle: &Handle| agreement.parties.get(handle).copied();
    let grant = |clause: &Clause| Some((root(&clause.from)?, root(&clause.to)?));
    agreement.clauses.iter().map(|clause| (clause, grant(clause))).collect()
}

/// Pairs the clauses and compares each pair: those that mean the same and those of the same name first, then those that give
/// the same for the same. What stays alone is new or removed, and stands beside itself in what is returned.
fn clauses<'a>(before: &'a Agreement, after: &'a Agreement, lines: &mut Lines) -> Vec<Pair<'a>> {
    let (earlier, later) = (grants(before), grants(after));
    let compared = |one: &Grant<'_>, other: &Grant<'_>| {
        let mut lines = Lines::of_clause(&other.0.id);
        clause::terms((before, one.0), (after, other.0), &mut lines);
        lines
    };
    let mut pairs: BTreeMap<usize, usize> = BTreeMap::new();
    let named = |one: &Grant<'_>, other: &Grant<'_>| one.0.id == other.0.id;
    let same = |one: &Grant<'_>, other: &Grant<'_>| compared(one, other).is_empty();
    let alike = |one: &Grant<'_>, other: &Grant<'_>| {
        (&one.0.kinds, &one.0.purposes) == (&other.0.kinds, &other.0.purposes)
    };
    for round in 0..4 {
        for (to, other) in later.iter().enumerate().filter(|(_, it)| it.1.is_some()) {
            if pairs.contains_key(&to) {
                continue;
            }
            let free = earlier.iter().enumerate().filter(|(from, one)| {
                one.1 == other.1 && !pairs.values().any(|taken| taken == from)
            });
            let found = free.into_iter().find(|(_, one)| match round {
                0 => named(one, other) && same(one, other),
                1 => same(one, other),
                2 => named(one, other),
                _ => alike(one, other),
            });
            if let Some((from, _)) = found {
                pairs.insert(to, from);
            }
        }
    }
    let mut out = Vec::new();
    for (to, other) in later.iter().enumerate() {
        let one = pairs.get(&to).and_then(|from| earlier.get(*from));
        if let Some(one) = one {
            clause::renamed(one.0, other.0, lines);
            lines.append(compared(one, other));
        } else {
            clause::new(other.0, lines);
        }
        out.push((one.map_or(other.0, |it| it.0), other.0));
    }
    let alone = earlier.iter().enumerate().filter(|(from, _)| !pairs.values().any(|it| it == from));
    for (_, (clause, _)) in alone {
        clause::removed(clause, lines);
        out.push((clause, clause));
    }
    out
}
