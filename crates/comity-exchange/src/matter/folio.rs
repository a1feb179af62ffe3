//! What is said of a folio that is not here, or that is of something else.

use comity_model::{Folio, MatterId, MatterKind, told};

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

/// A kind of matter with its article, as a sentence needs it.
pub(super) const fn with_article(kind: Option<MatterKind>) -> &'static str {
    match kind {
        Some(MatterKind::Request) => "a request",
        Some(MatterKind::Proposal) => "a proposal",
        Some(MatterKind::Advice) => "advice",
        Some(MatterKind::Consent) => "a request for consent",
        Some(MatterKind::Recall) => "a recall",
        Some(MatterKind::Purge) => "a purge statement",
        None => "a matter",
    }
}

/// A folio that stands for something else than `wanted`, which is said with its article: `folio-kind`.
pub(crate) fn of_another_kind(
    folio: &Folio,
    subject: &FolioSubject,
    wanted: &str,
) -> ExchangeError {
    let a = |id: &MatterId| with_article(Some(id.kind()));
    let (is, command, sentence) = match subject {
        FolioSubject::Release(_) => ("a release", "release show", "folio-of-release"),
        FolioSubject::Inbox(_) => ("a release of a partner", "inbox show", "folio-of-arrival"),
        FolioSubject::Agreement(_) => ("an agreement", "agreement show", "folio-of-agreement"),
        FolioSubject::Contact(_) => ("a contact", "contact show", "folio-of-contact"),
        FolioSubject::Matter(id) => match id.kind() {
            MatterKind::Request => (a(id), "request show", "folio-of-request"),
            MatterKind::Proposal => (a(id), "proposal show", "folio-of-proposal"),
            MatterKind::Advice => (a(id), "advice show", "folio-of-advice"),
            MatterKind::Consent => (a(id), "consent show", "folio-of-consent"),
            MatterKind::Recall => (a(id), "recall show", "folio-of-recall"),
            MatterKind::Purge => (a(id), "purge list", "folio-of-purge"),
        },
    };
    let message = told!(
        "`{folio}` is the folio of {is}, and {wanted} is wanted here; see `comity {command}`",
        folio,
        is,
        wanted,
        command
    );
    ExchangeError::refused("folio-kind", message.named(sentence))
}
