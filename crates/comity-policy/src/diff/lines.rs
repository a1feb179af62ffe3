//! Lines as they are found, and the forms that most of them have.

use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::fmt::Display;

use comity_model::Lang;

use super::{Difference, Line};
use crate::words::all;

/// In which way something changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    Widened,
    Narrowed,
    Changed,
}

impl Way {
    /// The way for a term of which more is wider.
    pub(super) const fn of(order: Ordering) -> Option<Self> {
        match order {
            Ordering::Greater => Some(Self::Widened),
            Ordering::Less => Some(Self::Narrowed),
            Ordering::Equal => None,
        }
    }
}

/// What a term is called, in English and in Spanish.
pub(super) type Name = (&'static str, &'static str);

/// The lines found so far, all of one clause or of none.
#[derive(Default)]
pub(super) struct Lines {
    clause: Option<String>,
    found: Difference,
}

impl Lines {
    pub(super) fn of_clause(id: &str) -> Self {
        Self { clause: Some(id.to_owned()), found: Difference::default() }
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    pub(super) fn append(&mut self, other: Self) {
        self.found.widened.extend(other.found.widened);
        self.found.narrowed.extend(other.found.narrowed);
        self.found.changed.extend(other.found.changed);
    }

    pub(super) fn into_difference(self) -> Difference {
        self.found
    }

    /// A line, of the clause that these are of.
    pub(super) fn add(&mut self, way: Way, term: &'static str, said: impl Fn(Lang) -> String) {
        let clause = self.clause.clone();
        self.put(way, Line { clause, term, en: said(Lang::En), es: said(Lang::Es) });
    }

    pub(super) fn put(&mut self, way: Way, line: Line) {
        match way {
            Way::Widened => self.found.widened.push(line),
            Way::Narrowed => self.found.narrowed.push(line),
            Way::Changed => self.found.changed.push(line),
        }
    }

    /// A value that went up or down; of equal ones nothing is said.
    pub(super) fn moved(
        &mut self,
        order: Ordering,
        term: &'static str,
        name: Name,
        value: impl Fn(Lang) -> (String, String),
    ) {
        if let Some(way) = Way::of(order) {
            self.add(way, term, |lang| was(lang, name, value(lang)));
        }
    }

    /// A set of which more members are wider: what is added, and what is removed.
    pub(super) fn set<T: Ord + Display>(
        &mut self,
        term: &'static str,
        name: Name,
        before: &BTreeSet<T>,
        after: &BTreeSet<T>,
    ) {
        self.added(Way::Widened, term, name, after.difference(before));
        self.dropped(Way::Narrowed, term, name, before.difference(after));
    }

    /// A set that limits only where it has members, and of which more are wider.
    pub(super) fn limit<T: Ord + Display>(
        &mut self,
        term: &'static str,
        name: Name,
        before: &BTreeSet<T>,
        after: &BTreeSet<T>,
    ) {
        match (before.is_empty(), after.is_empty()) {
            (true, false) => self.added(Way::Narrowed, term, name, after),
            (false, true) => self.dropped(Way::Widened, term, name, before),
            _ => self.set(term, name, before, after),
        }
    }

    pub(super) fn added<'a, T: Display + 'a>(
        &mut self,
        way: Way,
        term: &'static str,
        (en, es): Name,
        members: impl IntoIterator<Item = &'a T>,
    ) {
        let members: Vec<&T> = members.into_iter().collect();
        if !members.is_empty() {
            self.add(way, term, |lang| match lang {
                Lang::En => format!("{en}: {} added", all(lang, &members)),
                Lang::Es => format!("{es}: se agrega {}", all(lang, &members)),
            });
        }
    }

    pub(super) fn dropped<'a, T: Display + 'a>(
        &mut self,
        way: Way,
        term: &'static str,
        (en, es): Name,
        members: impl IntoIterator<Item = &'a T>,
    ) {
        let members: Vec<&T> = members.into_iter().collect();
        if !members.is_empty() {
            self.add(way, term, |lang| match lang {
                Lang::En => format!("{en}: {} removed", all(lang, &members)),
                Lang::Es => format!("{es}: se suprime {}", all(lang, &members)),
            });
        }
    }
}

/// That something was one thing and is now another.
pub(super) fn was(lang: Lang, (en, es): Name, (before, after): (String, String)) -> String {
    match lang {
        Lang::En => format!("{en}: {after}, formerly {before}"),
        Lang::Es => format!("{es}: {after}; antes, {before}"),
    }
}
