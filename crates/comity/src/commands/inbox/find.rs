//! Which statement of a partner is meant.

use comity_exchange::ports::{FolioSubject, InboxRow, MatterEntry};
use comity_exchange::{ExchangeError, Node};
use comity_model::statement::{DecisionBody, Kind, Payload, ProposalBody, ReleaseBody};
use comity_model::told;
use comity_model::{Digest, Folio, ReleaseRecord};

use super::MOST;
use crate::error::CliError;
use crate::output::short;

/// Hexadecimal digits of a digest that are printed where there is no room for all 64.
const PRINTED: usize = 12;

/// The fewest hexadecimal digits that name a statement.
const FEWEST: usize = 8;

/// Statements that are listed when a name fits several.
const LISTED: usize = 5;

/// The beginning of a digest, as `inbox list` prints it and [`find`] takes it.
pub(crate) fn brief(digest: &Digest) -> String {
    let digits: String = digest.hex().chars().take(PRINTED).collect();
    format!("sha256:{digits}")
}

/// The folio by which its sender calls a statement. That of a refused one is read from what the sender wrote, which may be
/// anything: what is not a body of its kind has none.
pub(crate) fn folio_of(row: &InboxRow) -> Option<Folio> {
    row.folio.clone().or_else(|| claimed(&row.payload))
}

/// The folio that a payload claims for itself, where it is a body of a kind that has one.
pub(crate) fn claimed(payload: &[u8]) -> Option<Folio> {
    let payload = Payload::parse(payload).ok()?;
    match payload.known_kind()? {
        Kind::Release => {
            let body: ReleaseBody = payload.body().ok()?;
            let record = ReleaseRecord::parse(&body.release).ok()?;
            Some(record.folio)
        }
        Kind::Proposal => payload.body::<ProposalBody>().ok().map(|body| body.folio),
        Kind::Decision => payload.body::<DecisionBody>().ok().map(|body| body.folio),
        _ => None,
    }
}

/// The statement with this digest, the beginning of a digest, or folio. A folio names first what was admitted under it.
pub(super) async fn find(node: &Node, id: &str) -> Result<InboxRow, CliError> {
    let id = id.trim();
    let digits = id.strip_prefix("sha256:").unwrap_or(id);
    let folio = id.parse::<Folio>().ok();
    let digest = match (Digest::from_hex(digits), &folio) {
        (Ok(digest), _) => Some(digest),
        (Err(_), Some(folio)) => admitted(node, folio).await?,
        (Err(_), None) => None,
    };
    if let Some(digest) = digest
        && let Some(row) = node.store().inbox_row(digest).await?
    {
        return Ok(row);
    }
    let is_beginning = digits.len() >= FEWEST && digits.bytes().all(|it| it.is_ascii_hexdigit());
    if folio.is_none() && !is_beginning {
        return Err(missing(id));
    }
    let digits = digits.to_ascii_lowercase();
    let is_meant = |row: &InboxRow| match &folio {
        Some(folio) => folio_of(row).as_ref() == Some(folio),
        None => row.digest.hex().starts_with(&digits),
    };
    // What `inbox list` prints without `--all` may lie behind receipts and checkpoints.
    for all in [false, true] {
        let mut rows = node.store().inbox(MOST, all).await?;
        rows.retain(is_meant);
        if rows.len() > 1 {
            return Err(several(id, &rows));
        }
        if let Some(row) = rows.pop() {
            return Ok(row);
        }
    }
    Err(missing(id))
}

/// The statement whose effect carries a folio.
async fn admitted(node: &Node, folio: &Folio) -> Result<Option<Digest>, CliError> {
    Ok(match node.store().by_folio(folio.clone()).await? {
        Some(FolioSubject::Inbox(digest)) => Some(digest),
        Some(FolioSubject::Matter(id)) => node.store().matter(id).await?.and_then(|row| {
            row.entries.iter().find(|it| it.folio == *folio).map(MatterEntry::statement)
        }),
        Some(FolioSubject::Release(_) | FolioSubject::Agreement(_) | FolioSubject::Contact(_))
        | None => None,
    })
}

fn missing(id: &str) -> CliError {
    let advice = "`comity inbox list --all` shows folios, and digests of what has none";
    let name = short(id, 100);
    ExchangeError::NotFound { what: "statement of a partner", name, advice }.into()
}

fn several(id: &str, rows: &[InboxRow]) -> CliError {
    let digests: Vec<String> =
        rows.iter().take(LISTED).map(|row| format!("`{}`", row.digest)).collect();
    let message = told!(
        "`{id}` fits {count} statements, among them {digests}; name one by its digest",
        id = short(id, 100),
        count = rows.len(),
        digests = digests.join(", ")
    );
    ExchangeError::Refused { code: "ambiguous", message }.into()
}
