//! What an accepted proposal can lead to: the text of an amendment that nobody has signed.

use comity_model::matter::{Decided, ProposalSubject};
use comity_model::told;
use comity_model::told::Told;
use comity_model::{AgreementId, PartyRoot};
use serde_json::json;

use super::ProposalRow;
use crate::agreement;
use crate::error::{ExchangeError, Result};
use crate::node::Node;

/// The text of an amendment to be written. It binds nobody until both parties have signed it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// The agreement.
    pub agreement: AgreementId,
    /// The version that the draft would be.
    pub version: u32,
    /// The TOML: the text in force with that version, under a comment that names the proposal.
    pub text: String,
}

/// Drafts the amendment to which an accepted proposal may lead. Nothing is kept but a line of the journal. Refused with
/// `operations-unrepresentable` for a joint operation, which no agreement can hold; with `proposal-not-accepted` while it is
/// open and where it was declined; with `nothing-to-draft` for a subject that asks for no change of the agreement.
pub async fn draft(node: &Node, proposal: &ProposalRow, by: &str) -> Result<Draft> {
    let partner = if proposal.from == node.root() { proposal.to } else { proposal.from };
    let drafted = write(node, proposal, partner).await;
    if let Err(ExchangeError::Refused { code, .. }) = &drafted {
        let details = json!({ "code": code });
        let journal = vec![node.journal_by(by, "amendment-not-drafted", proposal.id, details)];
        node.store().journal(journal).await?;
    }
    let draft = drafted?;
    let details = json!({ "agreement": draft.agreement, "version": draft.version });
    let journal = vec![node.journal_by(by, "amendment-drafted", proposal.id, details)];
    node.store().journal(journal).await?;
    Ok(draft)
}

async fn write(node: &Node, proposal: &ProposalRow, partner: PartyRoot) -> Result<Draft> {
    let folio = &proposal.folio;
    let refused = |code, message: Told| Err(ExchangeError::refused(code, message));
    let accepted =
        proposal.decision.as_ref().is_some_and(|it| it.body.decision == Decided::Accepted);
    match proposal.body.subject {
        ProposalSubject::JointOperation => {
            let message = told!(
                "the proposal {folio} is about a joint operation; the scope of an agreement is intelligence and \
                 technical support and can't be written wider, so that nothing follows from it",
                folio
            );
            return refused("operations-unrepresentable", message);
        }
        ProposalSubject::Other => {
            let message = told!(
                "the proposal {folio} asks for no change of the agreement; only those on `amendment` and \
                 `technical-support` lead to a draft",
                folio
            );
            return refused("nothing-to-draft", message);
        }
        ProposalSubject::Amendment | ProposalSubject::TechnicalSupport => {}
    }
    if !accepted {
        let message =
            told!("the proposal {folio} is not accepted; only one that is leads to a draft", folio);
        return refused("proposal-not-accepted", message);
    }
    let standing = agreement::in_force(node, partner, node.now()).await?;
    let (id, version) = (standing.reference.id, standing.reference.version.saturating_add(1));
    let body = with_version(&standing.agreement.text, version);
    let text = format!(
        "# DRAFT for version {version}, after proposal {folio} ({}).\n\
         # It changes nothing until both parties have signed it.\n{body}",
        proposal.id
    );
    // what cannot be found by its line is not guessed at
    let read = agreement::read(&text, "the draft").ok();
    if read.is_none_or(|it| it.version != version || it.id != id) {
        let message = told!(
            "the version of `{id}` does not stand on a line of its own under `[agreement]`; write the next version by hand",
            id
        );
        return refused("draft-by-hand", message);
    }
    Ok(Draft { agreement: id, version, text })
}

/// The text with another number in the line of `[agreement]` that begins with `version`.
fn with_version(text: &str, version: u32) -> String {
    let mut inside = false;
    let mut out = String::with_capacity(text.len() + 8);
    for line in text.split_inclusive('\n') {
        let bare = line.trim();
        if bare.starts_with('[') {
            inside = bare.starts_with("[agreement]");
        }
        match line.split_once('=') {
            Some((name, value)) if inside && name.trim() == "version" => {
                let rest =
                    value.trim_start().trim_start_matches(|c: char| c.is_ascii_digit() || c == '_');
                out.push_str(name);
                out.push_str("= ");
                out.push_str(&version.to_string());
                out.push_str(rest);
            }
            _ => out.push_str(line),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::with_version;

    #[test]
    fn a_draft_differs_from_the_text_in_force_by_its_version_alone() {
        let text = "[agreement]\nid = \"a\"\n  version = 1 # first\n[other]\nversion = 1\n";
        let next = "[agreement]\nid = \"a\"\n  version = 12 # first\n[other]\nversion = 1\n";
        assert_eq!(with_version(text, 12), next);
        assert_eq!(with_version(&text.replace('\n', "\r\n"), 12), next.replace('\n', "\r\n"));
        assert_eq!(with_version("a.version = 1", 2), "a.version = 1");
    }
}
