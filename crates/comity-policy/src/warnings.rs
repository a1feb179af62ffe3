//! What is legal in an agreement and probably not meant.

mod known;
mod overlap;
mod red_lines;

use std::collections::BTreeSet;

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
        out.extend(self.clauses.iter().filter_map(nothing));
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

/// Whether a clause can give nothing at all, by its own terms.
fn nothing(clause: &Clause) -> Option<AgreementWarning> {
    let excluded = &clause.labels.none;
    let contradictory: Vec<&str> = clause.labels.any.iter().map(String::as_str).collect();
    let (why, motivo) = if !contradictory.is_empty() && clause.labels.any.is_subset(excluded) {
        (
            format!("it asks for a label of {} and excludes each", listed(&contradictory)),
            format!("pide una etiqueta de {} y las excluye todas", all(Lang::Es, &contradictory)),
        )
    } else if clause.kinds.iter().all(|kind| stays(clause, kind)) {
        (
            "`persons`, `descriptions`, `redact` and `precision` leave nothing of its types"
                .to_owned(),
            "`persons`, `descriptions`, `redact` y `precision` no dejan nada de sus tipos"
                .to_owned(),
        )
    } else {
        return None;
    };
    Some(AgreementWarning {
        code: WarningCode::ClauseReleasesNothing,
        message: format!("clause `{}` can give nothing: {why}; change its terms", clause.id),
        es: format!(
            "la cláusula `{}` no puede entregar nada: {motivo}; modifique sus condiciones",
            clause.id
        ),
    })
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
