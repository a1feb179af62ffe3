//! Two clauses that would both give the same object, one of them under terms that the other forbids.

use std::collections::BTreeSet;

use comity_model::Lang;

use crate::agreement::Agreement;
use crate::clause::{Clause, RedactPath};
use crate::diff;
use crate::error::{AgreementWarning, WarningCode};
use crate::words::all;

/// Terms that say which objects and purposes a clause is about, and what it rests on. Of two clauses these tell them apart
/// or tell nothing; all others say what is allowed.
const WHICH: [&str; 6] =
    ["purposes", "kinds", "countries", "labels.any", "labels.none", "legal_basis"];

/// A warning for each pair of clauses of one direction that share objects and differ in what they allow.
pub(super) fn overlaps(agreement: &Agreement) -> Vec<AgreementWarning> {
    let mut out = Vec::new();
    for (index, one) in agreement.clauses.iter().enumerate() {
        for other in agreement.clauses.iter().skip(index + 1) {
            out.extend(overlap(agreement, one, other));
        }
    }
    out
}

fn overlap(agreement: &Agreement, one: &Clause, other: &Clause) -> Option<AgreementWarning> {
    let kinds: BTreeSet<&String> = one.kinds.intersection(&other.kinds).collect();
    let purposes: BTreeSet<&String> = one.purposes.intersection(&other.purposes).collect();
    let one_way = (&one.from, &one.to) == (&other.from, &other.to);
    let told_apart = apart(&one.countries, &other.countries) || apart_by_labels(one, other);
    if !one_way || kinds.is_empty() || purposes.is_empty() || told_apart {
        return None;
    }
    let terms: BTreeSet<&str> = diff::differing(agreement, one, other)
        .into_iter()
        .filter(|term| !WHICH.contains(term))
        .filter(|term| *term != "redact" || redacted(one, &kinds) != redacted(other, &kinds))
        .collect();
    if terms.is_empty() {
        return None;
    }
    let (first, second) = (&one.id, &other.id);
    let said = |lang| (all(lang, &kinds), all(lang, &purposes), all(lang, &terms));
    let (given, purpose, differ) = said(Lang::En);
    let message = format!(
        "clauses `{first}` and `{second}` both give {given} for {purpose}, and one allows what the other forbids in \
         {differ}; tell them apart by kinds, purposes, countries or labels, or give both the same terms"
    );
    let (given, purpose, differ) = said(Lang::Es);
    let es = format!(
        "las cláusulas `{first}` y `{second}` autorizan ambas entregar {given} para {purpose}, y una permite lo que la \
         otra impide en {differ}; distíngalas por tipos, finalidades, países o etiquetas, o deles las mismas condiciones"
    );
    Some(AgreementWarning { code: WarningCode::ClausesOverlap, message, es })
}

/// What `redact` takes out of some types. The comparison of terms speaks under this word of what follows from others too.
fn redacted<'a>(clause: &'a Clause, kinds: &BTreeSet<&String>) -> BTreeSet<&'a RedactPath> {
    clause.redact.iter().filter(|path| kinds.contains(&path.stix_type)).collect()
}

/// Whether two limits, both stated, have nothing in common.
fn apart(one: &BTreeSet<String>, other: &BTreeSet<String>) -> bool {
    !one.is_empty() && !other.is_empty() && one.is_disjoint(other)
}

/// Whether the labels tell the clauses apart: each asks for others, or one excludes all that the other asks for.
fn apart_by_labels(one: &Clause, other: &Clause) -> bool {
    let excludes = |it: &Clause, asked: &BTreeSet<String>| {
        !asked.is_empty() && asked.is_subset(&it.labels.none)
    };
    apart(&one.labels.any, &other.labels.any)
        || excludes(one, &other.labels.any)
        || excludes(other, &one.labels.any)
}
