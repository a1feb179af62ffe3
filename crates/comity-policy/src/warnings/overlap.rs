//! Two clauses that would both give the same object, one of them under terms that the other forbids.

use std::collections::{BTreeMap, BTreeSet};

use comity_model::{Handle, Lang};

use crate::agreement::Agreement;
use crate::clause::{Clause, RedactPath};
use crate::diff;
use crate::error::{AgreementWarning, WarningCode};
use crate::words::all;

/// Terms that say which objects and purposes a clause is about, and what it rests on. Of two clauses these tell them apart
/// or tell nothing; all others say what is allowed.
const WHICH: [&str; 6] =
    ["purposes", "kinds", "countries", "labels.any", "labels.none", "legal_basis"];

/// What two clauses of one direction both give, for what, and in which terms they differ.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Shared<'a> {
    from: &'a Handle,
    kinds: BTreeSet<&'a String>,
    purposes: BTreeSet<&'a String>,
    terms: BTreeSet<&'static str>,
}

/// A warning for clauses of one direction that share objects and differ in what they allow. Where more than two share the
/// same and differ in the same, each with some other, it is said once of all of them.
pub(super) fn overlaps(agreement: &Agreement) -> Vec<AgreementWarning> {
    let mut found: BTreeMap<Shared<'_>, Vec<BTreeSet<usize>>> = BTreeMap::new();
    for (at, one) in agreement.clauses.iter().enumerate() {
        for (beside, other) in agreement.clauses.iter().enumerate().skip(at + 1) {
            let Some(shared) = overlap(agreement, one, other) else { continue };
            let groups = found.entry(shared).or_default();
            let mut joined = BTreeSet::from([at, beside]);
            // the pair may join what stood apart
            groups.retain(|group| {
                let is_apart = group.is_disjoint(&joined);
                if !is_apart {
                    joined.extend(group);
                }
                is_apart
            });
            groups.push(joined);
        }
    }
    let groups =
        found.iter().flat_map(|(shared, groups)| groups.iter().map(move |it| (it, shared)));
    let mut groups: Vec<(&BTreeSet<usize>, &Shared<'_>)> = groups.collect();
    groups.sort();
    let told = groups.into_iter().map(|(group, shared)| {
        let ids: Vec<&String> =
            group.iter().filter_map(|at| Some(&agreement.clauses.get(*at)?.id)).collect();
        warning(shared, &ids)
    });
    told.collect()
}

fn overlap<'a>(agreement: &Agreement, one: &'a Clause, other: &'a Clause) -> Option<Shared<'a>> {
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
    (!terms.is_empty()).then_some(Shared { from: &one.from, kinds, purposes, terms })
}

fn warning(shared: &Shared<'_>, ids: &[&String]) -> AgreementWarning {
    let Shared { kinds, purposes, terms, .. } = shared;
    let said = |lang| (all(lang, kinds), all(lang, purposes), all(lang, terms));
    let named = |lang| super::clauses(lang, ids);
    let two = ids.len() == 2;
    let (given, purpose, differ) = said(Lang::En);
    let (each, the_other, both) =
        if two { ("both", "the other", "both") } else { ("all", "another", "all of them") };
    let message = format!(
        "{} {each} give {given} for {purpose}, and one allows what {the_other} forbids in {differ}; tell them apart by kinds, \
         purposes, countries or labels, or give {both} the same terms",
        named(Lang::En)
    );
    let (given, purpose, differ) = said(Lang::Es);
    let (each, the_other) = if two { ("ambas", "la otra") } else { ("todas", "otra") };
    let es = format!(
        "{} autorizan {each} entregar {given} para {purpose}, y una permite lo que {the_other} impide en {differ}; distíngalas \
         por tipos, finalidades, países o etiquetas, o deles las mismas condiciones",
        named(Lang::Es)
    );
    AgreementWarning { code: WarningCode::ClausesOverlap, message, es }
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
