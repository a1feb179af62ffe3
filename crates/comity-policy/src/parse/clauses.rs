//! `[[clause]]`.

use comity_model::told;
use std::collections::BTreeSet;

use comity_model::{Grade, Handle, Onward, Pap, Tlp, UseCode};

use super::cursor::{Node, Sink, Table};
use super::{each, forms, header, terms};
use crate::clause::{
    Approval, Clause, Descriptions, LabelTerms, LocationPrecision, OriginTerm, Persons, Precision,
    RedactPath, TimePrecision,
};
use crate::error::ErrorCode;

/// Properties without which there is no STIX object (STIX 2.1 section 3.2).
const REQUIRED: [&str; 5] = ["type", "id", "spec_version", "created", "modified"];

pub(super) fn clauses(
    node: &Node<'_>,
    parties: &BTreeSet<&str>,
    sink: &mut Sink,
) -> Option<Vec<Clause>> {
    let mut ids = BTreeSet::new();
    let clauses = each(node, 256, sink, |element, sink| clause(element, parties, &mut ids, sink))?;
    if clauses.is_empty() {
        node.report(sink, ErrorCode::NoClause, "there is no clause; add at least one `[[clause]]`");
        return None;
    }
    Some(clauses)
}

fn clause(
    node: &Node<'_>,
    parties: &BTreeSet<&str>,
    ids: &mut BTreeSet<String>,
    sink: &mut Sink,
) -> Option<Clause> {
    let mut table = node.table(sink)?;
    let id = table.required("id", sink, |node, sink| {
        let id = node.word(ErrorCode::BadClauseId, sink, forms::clause_id)?;
        if !ids.insert(id.clone()) {
            let message = told!("`{id}` names another clause already; choose another id", id);
            node.report(sink, ErrorCode::DuplicateClause, message);
            return None;
        }
        Some(id)
    });
    let from = table.required("from", sink, |node, sink| party(node, parties, sink));
    let to = table.required("to", sink, |node, sink| {
        let to = party(node, parties, sink)?;
        if from.as_ref() == Some(&to) {
            let message = told!("`{party}` gives to itself; name the other party", party = to);
            node.report(sink, ErrorCode::SameParty, message);
            return None;
        }
        Some(to)
    });
    let purposes = table.required("purposes", sink, |node, sink| {
        node.set(64, false, sink, |it, sink| {
            let text = it.string(300, sink)?;
            forms::purpose(text).map_err(|(code, message)| it.report(sink, code, message)).ok()
        })
    });
    let kinds = table.required("kinds", sink, |node, sink| {
        node.set(256, false, sink, |it, sink| it.word(ErrorCode::BadKind, sink, forms::kind))
    });
    let max_tlp = table.required("max_tlp", sink, |node, sink| max_tlp(node, sink));
    let min_grade = table.defaulted("min_grade", None, sink, |node, sink| {
        node.word(ErrorCode::BadGrade, sink, str::parse::<Grade>).map(Some)
    });
    let max_pap = table.defaulted("max_pap", None, sink, |node, sink| {
        node.word(ErrorCode::BadPap, sink, str::parse::<Pap>).map(Some)
    });
    let max_age_days = table.defaulted("max_age_days", None, sink, |node, sink| {
        node.integer(1..=36_500, sink).map(Some)
    });
    let countries = table.defaulted("countries", BTreeSet::new(), sink, terms::countries);
    let labels = table.defaulted("labels", LabelTerms::default(), sink, terms::labels);
    let origin = table.defaulted("origin", OriginTerm::Any, sink, terms::origin);
    let persons = table.defaulted("persons", Persons::Allow, sink, terms::persons);
    let descriptions =
        table.defaulted("descriptions", Descriptions::Allow, sink, terms::descriptions);
    let redact = table.defaulted("redact", Vec::new(), sink, |node, sink| {
        node.set(256, true, sink, |it, sink| redact(it, kinds.as_deref(), sink))
    });
    let precision = table.defaulted("precision", Precision::default(), sink, precision);
    let onward = table.required("onward", sink, |node, sink| {
        node.word(ErrorCode::BadOnward, sink, str::parse::<Onward>)
    });
    let use_codes = table.required("use", sink, |node, sink| {
        node.set(16, false, sink, |it, sink| {
            it.word(ErrorCode::BadUse, sink, str::parse::<UseCode>)
        })
    });
    let retention_days =
        table.required("retention_days", sink, |node, sink| node.integer(1..=36_500, sink));
    let approval = table.required("approval", sink, |node, sink| {
        node.word(ErrorCode::BadApproval, sink, |text| {
            Approval::parse(text)
                .ok_or_else(|| not_one_of(text, "`one-person`, `two-person` or `standing`"))
        })
    });
    if let (Some(Approval::Standing), Some(kinds), Some(precision), Some(persons)) =
        (approval, &kinds, precision, persons)
    {
        for message in terms::not_standing(kinds, precision, persons) {
            table.report_at("approval", sink, ErrorCode::StandingApproval, message);
        }
    }
    let composer_may_approve = composer_may_approve(&mut table, approval, sink);
    let legal_basis = table.defaulted("legal_basis", Vec::new(), sink, header::legal_basis);
    table.close(sink);
    Some(Clause {
        id: id?,
        from: from?,
        to: to?,
        purposes: purposes?.into_iter().collect(),
        kinds: kinds?.into_iter().collect(),
        max_tlp: max_tlp?,
        min_grade: min_grade?,
        max_pap: max_pap?,
        max_age_days: max_age_days?,
        countries: countries?,
        labels: labels?,
        origin: origin?,
        persons: persons?,
        descriptions: descriptions?,
        redact: redact?,
        precision: precision?,
        onward: onward?,
        use_codes: use_codes?.into_iter().collect(),
        retention_days: retention_days?,
        approval: approval?,
        composer_may_approve: composer_may_approve?,
        legal_basis: legal_basis?,
    })
}

/// One officer may compose and approve; of two approvers, neither is the composer unless the clause says so.
fn composer_may_approve(
    table: &mut Table<'_>,
    approval: Option<Approval>,
    sink: &mut Sink,
) -> Option<bool> {
    let default = matches!(approval, Some(Approval::OnePerson));
    table.defaulted("composer_may_approve", default, sink, Node::boolean)
}

fn party(node: &Node<'_>, parties: &BTreeSet<&str>, sink: &mut Sink) -> Option<Handle> {
    let handle = node.word(ErrorCode::BadHandle, sink, str::parse::<Handle>)?;
    if !parties.contains(handle.as_str()) {
        let known: Vec<&str> = parties.iter().copied().collect();
        let message = told!(
            "`{party}` is no party of this agreement; use one of {known}",
            party = handle,
            known = known.join(", ")
        );
        node.report(sink, ErrorCode::UnknownParty, message);
        return None;
    }
    Some(handle)
}

fn max_tlp(node: &Node<'_>, sink: &mut Sink) -> Option<Tlp> {
    let tlp = node.word(ErrorCode::BadTlp, sink, str::parse::<Tlp>)?;
    if tlp == Tlp::Red {
        let message = "`red` is for named persons and never crosses; write `amber+strict` or less";
        node.report(sink, ErrorCode::TlpRed, message);
        return None;
    }
    Some(tlp)
}

fn redact(node: &Node<'_>, kinds: Option<&[String]>, sink: &mut Sink) -> Option<RedactPath> {
    let path = node.word(ErrorCode::BadRedactPath, sink, forms::redact_path)?;
    if kinds.is_some_and(|kinds| !kinds.contains(&path.stix_type)) {
        let message = told!(
            "the clause releases no `{kind}`, so nothing would be redacted; correct the type or add it to `kinds`",
            kind = path.stix_type
        );
        node.report(sink, ErrorCode::RedactKind, message);
        return None;
    }
    let first = path.property.split('.').next().unwrap_or_default();
    if REQUIRED.contains(&first) {
        let message = told!(
            "there is no object without `{property}`; leave it, or leave the type out of `kinds`",
            property = first
        );
        node.report(sink, ErrorCode::RedactRequired, message);
        return None;
    }
    Some(path)
}

fn precision(node: &Node<'_>, sink: &mut Sink) -> Option<Precision> {
    let mut table = node.table(sink)?;
    let location = table.defaulted("location", None, sink, |node, sink| {
        node.word(ErrorCode::BadPrecision, sink, |text| {
            LocationPrecision::parse(text)
                .map(Some)
                .ok_or_else(|| not_one_of(text, "`country` or `admin1`"))
        })
    });
    let time = table.defaulted("time", None, sink, |node, sink| {
        node.word(ErrorCode::BadPrecision, sink, |text| {
            TimePrecision::parse(text).map(Some).ok_or_else(|| not_one_of(text, "`day`"))
        })
    });
    table.close(sink);
    Some(Precision { location: location?, time: time? })
}

fn not_one_of(text: &str, words: &str) -> String {
    let shown: String = text.chars().take(60).collect();
    format!("`{shown}` is not known here; write {words}")
}
