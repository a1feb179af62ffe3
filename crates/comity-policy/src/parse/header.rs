//! `[agreement]` and `[parties]`.

use comity_model::told;
use comity_model::told::Told;
use std::collections::{BTreeMap, BTreeSet};

use comity_model::ids::IdError;
use comity_model::{AgreementId, Handle, PartyRoot, Tlp};

use super::cursor::{Node, Sink};
use super::forms;
use crate::agreement::{Binds, InForce, LANGUAGE, Scope};
use crate::error::ErrorCode;

pub(super) struct Header {
    pub(super) id: AgreementId,
    pub(super) version: u32,
    pub(super) title: String,
    pub(super) scope: BTreeSet<Scope>,
    pub(super) legal_basis: Vec<String>,
    pub(super) in_force: InForce,
    pub(super) binds: Binds,
    pub(super) default_tlp: Tlp,
}

pub(super) fn header(node: &Node<'_>, sink: &mut Sink) -> Option<Header> {
    let mut table = node.table(sink)?;
    let language = table.required("language", sink, |node, sink| {
        node.word(ErrorCode::UnknownLanguage, sink, |text| {
            if text == LANGUAGE { Ok(()) } else { Err(unknown_language(text)) }
        })
    });
    let id = table.required("id", sink, |node, sink| {
        node.word(ErrorCode::BadId, sink, str::parse::<AgreementId>)
    });
    let version = table.required("version", sink, |node, sink| node.integer(1..=1_000_000, sink));
    let title = table.required("title", sink, |node, sink| node.prose(200, sink));
    let scope = table.required("scope", sink, |node, sink| {
        node.set(16, false, sink, |word, sink| {
            let text = word.string(300, sink)?;
            forms::scope(text).map_err(|(code, message)| word.report(sink, code, message)).ok()
        })
    });
    let legal_basis = table.required("legal_basis", sink, legal_basis);
    let in_force = table.required("in_force", sink, in_force);
    let binds = table.defaulted("binds", Binds::default(), sink, |node, sink| {
        node.word(ErrorCode::BadBinds, sink, |text| {
            forms::one_of(text, &Binds::ALL, |it| it.as_str())
        })
    });
    let default_tlp = table.defaulted("default_tlp", Tlp::Amber, sink, |node, sink| {
        node.word(ErrorCode::BadTlp, sink, str::parse::<Tlp>)
    });
    table.close(sink);
    language?;
    Some(Header {
        id: id?,
        version: version?,
        title: title?,
        scope: scope?.into_iter().collect(),
        legal_basis: legal_basis?,
        in_force: in_force?,
        binds: binds?,
        default_tlp: default_tlp?,
    })
}

fn unknown_language(text: &str) -> String {
    let shown: String = text.chars().take(60).collect();
    format!("`{shown}` is not a language this version reads; write `{LANGUAGE}`")
}

/// A list of texts for people; may be empty.
pub(super) fn legal_basis(node: &Node<'_>, sink: &mut Sink) -> Option<Vec<String>> {
    node.set(64, true, sink, |element, sink| element.prose(1_000, sink))
}

fn in_force(node: &Node<'_>, sink: &mut Sink) -> Option<InForce> {
    let mut table = node.table(sink)?;
    let from = table.required("from", sink, Node::date);
    let until = table.required("until", sink, |node, sink| {
        let until = node.date(sink)?;
        if from.is_some_and(|from| until < from) {
            node.report(
                sink,
                ErrorCode::PeriodReversed,
                told!("`{until}` is before the agreement begins; write a later day", until),
            );
            return None;
        }
        Some(until)
    });
    table.close(sink);
    Some(InForce { from: from?, until: until? })
}

/// Exactly two parties with different roots.
pub(super) fn parties(node: &Node<'_>, sink: &mut Sink) -> Option<BTreeMap<Handle, PartyRoot>> {
    let table = node.table(sink)?;
    let entries = table.entries();
    let mut parties = BTreeMap::new();
    for (name, entry) in &entries {
        let handle: Option<Handle> = name
            .parse()
            .map_err(|error: IdError| {
                let message = Told::from(error.to_string()).with("value", name);
                entry.report(sink, ErrorCode::BadHandle, message);
            })
            .ok();
        let Some(mut party) = entry.table(sink) else { continue };
        let root = party.required("root", sink, |node, sink| {
            let root = node.word(ErrorCode::BadRoot, sink, str::parse::<PartyRoot>)?;
            if parties.values().any(|known| *known == root) {
                let message = "both parties have this root; give each party its own";
                node.report(sink, ErrorCode::SameRoot, message);
                return None;
            }
            Some(root)
        });
        party.close(sink);
        if let (Some(handle), Some(root)) = (handle, root) {
            parties.insert(handle, root);
        }
    }
    if entries.len() != 2 {
        let message = told!(
            "an agreement is between two parties and this has {parties}; write one agreement for each pair",
            parties = entries.len()
        );
        table.report(sink, ErrorCode::NotTwoParties, message);
        return None;
    }
    (parties.len() == 2).then_some(parties)
}
