//! What is legal in an agreement and probably not meant.

mod known;
mod overlap;
mod red_lines;

use std::collections::BTreeSet;
use std::fmt::Display;

use comity_model::{Handle, Lang};

use crate::agreement::{Agreement, listed};
use crate::cedar::{RELEASE_SCOPE, SPEECH};
use crate::clause::persons::TRANSLATION;
use crate::clause::{Clause, Descriptions, Persons};
use crate::error::{AgreementWarning, WarningCode};
use crate::grounds::Act;
use crate::words::all;

impl Agreement {
    /// Whether something can be given in both directions. One that gives one way only is legal, and is
    /// mostly a forgotten clause.
    pub fn check_both_ways(&self) -> Option<AgreementWarning> {
        let giving: BTreeSet<&Handle> = self.clauses.iter().map(|clause| &clause.from).collect();
        let silent = self.parties.keys().find(|handle| !giving.contains(handle))?;
        Some(AgreementWarning {
            code: WarningCode::OneWay,
            message: format!(
                "no clause lets `{silent}` give anything; add a clause with `from = \"{silent}\"` if that is not meant"
            ),
            es: format!(
                "ninguna cláusula permite que `{silent}` entregue algo; si no es la intención, agregue una cláusula con \
                 `from = \"{silent}\"`"
            ),
        })
    }

    /// Everything legal that is probably not meant.
    pub fn warnings(&self) -> Vec<AgreementWarning> {
        let mut out: Vec<AgreementWarning> = self.check_both_ways().into_iter().collect();
        out.extend(self.empty_scope());
        out.extend(red_lines::idle(self));
        out.extend(nothing(self));
        out.extend(red_lines::unwritten_countries(self));
        out.extend(red_lines::clauses(self));
        out.extend(overlap::overlaps(self));
        out.extend(self.without_grounds());
        out
    }

    /// A scope that lets no holding go, however the clauses are written.
    fn empty_scope(&self) -> Option<AgreementWarning> {
        let needed = RELEASE_SCOPE.as_str();
        (!self.scope.contains(&RELEASE_SCOPE)).then(|| AgreementWarning {
            code: WarningCode::ScopeGivesNothing,
            message: format!(
                "the scope has no `{needed}`, so that no clause gives anything; add it to `scope`"
            ),
            es: format!(
                "el alcance no comprende `{needed}`, de modo que ninguna cláusula entrega nada; agréguelo a `scope`"
            ),
        })
    }

    /// What an act could not rest on: no legal basis for some clause, no reason for some act.
    fn without_grounds(&self) -> impl Iterator<Item = AgreementWarning> {
        let bare: Vec<&str> = self
            .clauses
            .iter()
            .map(|clause| clause.id.as_str())
            .filter(|id| self.legal_bases(Some(id)).is_empty())
            .collect();
        let legal_basis = (!bare.is_empty()).then(|| AgreementWarning {
            code: WarningCode::NoLegalBasis,
            message: format!(
                "there is no legal basis for what is done under {}; name one in `legal_basis` of the agreement or the clause",
                listed(&bare)
            ),
            es: format!(
                "no hay fundamento para lo que se hace conforme a {}; indique uno en `legal_basis` del acuerdo o de la \
                 cláusula",
                all(Lang::Es, &bare)
            ),
        });
        let silent: Vec<&str> = Act::ALL
            .into_iter()
            .filter(|act| self.reasons_for(*act).next().is_none())
            .map(Act::as_str)
            .collect();
        let reasons = (!silent.is_empty()).then(|| AgreementWarning {
            code: WarningCode::NoReasons,
            message: format!(
                "no reason can be given for {}; add a `[[reason]]` with that word in `for`",
                listed(&silent)
            ),
            es: format!(
                "no puede darse ningún motivo para {}; agregue una `[[reason]]` con esa palabra en `for`",
                all(Lang::Es, &silent)
            ),
        });
        legal_basis.into_iter().chain(reasons)
    }
}

/// Clauses that can give nothing at all, by their own terms; those that can't for one reason stand together.
fn nothing(agreement: &Agreement) -> Vec<AgreementWarning> {
    let found = agreement.clauses.iter().filter_map(|it| Some((why_nothing(it)?, &it.id)));
    let found = together(found).into_iter();
    let told = found.map(|((why, motivo), ids)| AgreementWarning {
        code: WarningCode::ClauseReleasesNothing,
        message: format!(
            "{} can give nothing: {why}; change {} terms",
            clauses(Lang::En, &ids),
            if ids.len() == 1 { "its" } else { "their" }
        ),
        es: format!(
            "{} no {} entregar nada: {motivo}; modifique sus condiciones",
            clauses(Lang::Es, &ids),
            if ids.len() == 1 { "puede" } else { "pueden" }
        ),
    });
    told.collect()
}

/// Why a clause can give nothing, in English and Spanish.
fn why_nothing(clause: &Clause) -> Option<(String, String)> {
    let excluded = &clause.labels.none;
    let contradictory: Vec<&str> = clause.labels.any.iter().map(String::as_str).collect();
    if !contradictory.is_empty() && clause.labels.any.is_subset(excluded) {
        return Some((
            format!("a label of {} is asked for and each is excluded", listed(&contradictory)),
            format!(
                "se pide una etiqueta de {} y se excluyen todas",
                all(Lang::Es, &contradictory)
            ),
        ));
    }
    clause.kinds.iter().all(|kind| stays(clause, kind)).then(|| {
        (
            "`persons`, `descriptions`, `redact` and `precision` leave nothing of the types"
                .to_owned(),
            "`persons`, `descriptions`, `redact` y `precision` no dejan nada de los tipos"
                .to_owned(),
        )
    })
}

/// Clauses of which one thing is said, in the order in which it is said first.
fn together<K: PartialEq, T>(found: impl Iterator<Item = (K, T)>) -> Vec<(K, Vec<T>)> {
    let mut groups: Vec<(K, Vec<T>)> = Vec::new();
    for (key, it) in found {
        match groups.iter_mut().find(|(known, _)| *known == key) {
            Some((_, all)) => all.push(it),
            None => groups.push((key, vec![it])),
        }
    }
    groups
}

/// The clauses by their names, with the word for one or for several before them.
fn clauses<T: Display>(lang: Lang, ids: &[T]) -> String {
    let word = match (lang, ids.len()) {
        (Lang::En, 1) => "clause",
        (Lang::En, _) => "clauses",
        (Lang::Es, 1) => "la cláusula",
        (Lang::Es, _) => "las cláusulas",
    };
    format!("{word} {}", all(lang, ids))
}

/// Whether no object of a type can go, whatever it is: nothing of it would be left.
fn stays(clause: &Clause, kind: &str) -> bool {
    let removed = |property: &str| {
        clause.precision.location.is_some_and(|it| it.takes_out(kind, property))
            || clause.redact.iter().any(|it| it.stix_type == kind && it.property == property)
    };
    let text = SPEECH.iter().any(|(speech, _)| *speech == kind);
    let placeless = kind == "location"
        && ["country", "region"].into_iter().all(removed)
        && ["latitude", "longitude"].into_iter().any(removed);
    (text && clause.descriptions == Descriptions::Withhold)
        || (kind == TRANSLATION
            && (clause.persons != Persons::Allow || clause.precision.location.is_some()))
        || placeless
}
