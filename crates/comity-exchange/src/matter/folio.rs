//! What is said of a folio that is not here, or that is of something else.

use comity_model::{Folio, MatterKind, told};

use crate::error::ExchangeError;
use crate::ports::FolioSubject;

/// A matter that is not here. The advice names the list that shows its kind.
pub(super) fn unknown(kind: Option<MatterKind>, name: &str) -> ExchangeError {
    let advice = match kind {
        Some(MatterKind::Request) => "`comity request list` shows those of both sides",
        Some(MatterKind::Proposal) => "`comity proposal list` shows those of both sides",
        Some(MatterKind::Advice) => "`comity advice list` shows what both sides asked and offered",
        Some(MatterKind::Consent) => "`comity consent list` shows those of both sides",
        Some(MatterKind::Recall) => "`comity recall list` shows those of both sides",
        Some(MatterKind::Purge) => "`comity purge list` shows those of both sides",
        None => "the `list` of the same command shows those of both sides",
    };
    let what = kind.map_or("matter", |kind| kind.as_str());
    ExchangeError::NotFound { what, name: name.to_owned(), advice }
}

/// A folio that stands for something else than `wanted`: `folio-kind`.
pub(super) fn of_another_kind(
    folio: &Folio,
    subject: &FolioSubject,
    wanted: &str,
) -> ExchangeError {
    let (is, command, sentence) = match subject {
        FolioSubject::Release(_) => ("a release", "release show", "folio-of-release"),
        FolioSubject::Inbox(_) => ("a release of a partner", "inbox show", "folio-of-arrival"),
        FolioSubject::Agreement(_) => ("an agreement", "agreement show", "folio-of-agreement"),
        FolioSubject::Contact(_) => ("a contact", "contact show", "folio-of-contact"),
        FolioSubject::Matter(id) => match id.kind() {
            MatterKind::Request => ("a request", "request show", "folio-of-request"),
            MatterKind::Proposal => ("a proposal", "proposal show", "folio-of-proposal"),
            MatterKind::Advice => ("advice", "advice show", "folio-of-advice"),
            MatterKind::Consent => ("a request for consent", "consent show", "folio-of-consent"),
            MatterKind::Recall => ("a recall", "recall show", "folio-of-recall"),
            MatterKind::Purge => ("a purge statement", "purge list", "folio-of-purge"),
        },
    };
    let message = told!(
        "`{folio}` is the folio of {is}, and a {wanted} is wanted here; see `comity {command}`",
        folio,
        is,
        wanted,
        command
    );
    ExchangeError::refused("folio-kind", message.named(sentence))
}
