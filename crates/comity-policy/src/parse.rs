//! The text of an agreement, read strictly.
//!
//! Nothing is trusted and nothing is skipped: every field is asked for by name, what was not asked for is an
//! unknown field, and reading goes on after an error so that all are reported in one turn.

mod clauses;
mod cursor;
mod dates;
mod forms;
mod header;
mod rules;
mod terms;

use comity_model::told;
use std::sync::Arc;

use comity_model::Digest;
use toml::de::DeTable;

use self::cursor::{Node, Sink};
pub(crate) use self::terms::is_country;
use crate::agreement::{Agreement, LANGUAGE, MAX_TEXT};
use crate::error::{AgreementError, ErrorCode};

/// Reads a text; of a `draft` nothing that contradicts itself is let pass.
pub(crate) fn agreement(text: &str, draft: bool) -> Result<Agreement, Vec<AgreementError>> {
    let mut sink = Sink::new(text, draft);
    if text.len() > MAX_TEXT {
        sink.report(
            1,
            "",
            ErrorCode::TooLarge,
            told!("the text is longer than {most} bytes; shorten it", most = MAX_TEXT)
                .named("text-too-long"),
        );
        return Err(sink.into_errors());
    }
    sink.refuse_hidden(text);
    let (document, syntax) = DeTable::parse_recoverable(text);
    for error in &syntax {
        let offset = error.span().map_or(0, |span| span.start);
        let line = sink.line_at(offset);
        if let Some((field, value)) = dates::impossible(text, offset) {
            let message = told!(
                "`{value}` is no day of the calendar; write one that is, as 2026-02-01",
                value
            )
            .named("no-such-day");
            sink.report(line, field, ErrorCode::BadDate, message);
            continue;
        }
        let message = told!("{found}; correct the TOML", found = error.message());
        sink.report(line, "", ErrorCode::Syntax, message);
    }
    if !syntax.is_empty() {
        return Err(sink.into_errors());
    }
    let parsed = document_of(document.get_ref(), text, &mut sink);
    match parsed {
        Some(agreement) if sink.is_empty() => Ok(agreement),
        _ => Err(sink.into_errors()),
    }
}

fn document_of(document: &DeTable<'_>, text: &str, sink: &mut Sink) -> Option<Agreement> {
    let mut root = cursor::Table::root(document);
    let header = root.required("agreement", sink, header::header);
    let parties = root.required("parties", sink, header::parties);
    let handles = root.keys_of("parties");
    let clauses =
        root.optional("clause", sink, |node, sink| clauses::clauses(node, &handles, sink));
    let answer_times = root.optional("answer_time", sink, rules::answer_times);
    let ids = root.texts_of("clause", "id");
    let quotas = root.optional("quota", sink, |node, sink| rules::quotas(node, &ids, sink));
    let reasons = root.optional("reason", sink, rules::reasons);
    let red_lines = root.optional("red_line", sink, rules::red_lines);
    if !root.has("clause") {
        sink.report(
            1,
            "clause",
            ErrorCode::NoClause,
            "there is no clause; add at least one `[[clause]]`",
        );
    }
    root.close(sink);
    let header = header?;
    Some(Agreement {
        id: header.id,
        version: header.version,
        title: header.title,
        language: LANGUAGE,
        scope: header.scope,
        legal_basis: header.legal_basis,
        in_force: header.in_force,
        binds: header.binds,
        default_tlp: header.default_tlp,
        parties: parties?,
        clauses: clauses?,
        answer_times: answer_times.unwrap_or_default(),
        quotas: quotas.unwrap_or_default(),
        reasons: reasons.unwrap_or_default(),
        red_lines: red_lines.unwrap_or_default(),
        digest: Digest::of(text.as_bytes()),
        text: Arc::from(text),
    })
}

/// Reads every element of a list of tables (`[[name]]`).
fn each<T>(
    node: &Node<'_>,
    most: usize,
    sink: &mut Sink,
    mut read: impl FnMut(&Node<'_>, &mut Sink) -> Option<T>,
) -> Option<Vec<T>> {
    let elements = node.elements(most, sink)?;
    let count = elements.len();
    let read: Vec<T> = elements.iter().filter_map(|element| read(element, sink)).collect();
    (read.len() == count).then_some(read)
}
