//! The parts of a statement, as files that evidence can be checked beside (docs/protocol.md sections 3.3 and 9.3).

use std::io::{self, Read, Write};

use comity_model::statement::Kind;
use comity_model::{Digest, told};
use serde_json::json;

use crate::dispatch::blocking;
use crate::error::{ExchangeError, Result};
use crate::evidence::gather::find;
use crate::node::Node;
use crate::parts;
use crate::ports::{BlobError, Blobs, OutboundRow};

/// Where parts go, one after another. The names are those of the statement: lower-case letters, digits, `.`, `_` and `-`,
/// the first a letter or a digit.
pub trait PartsOut: Send + 'static {
    /// Begins the next part and gives what takes its bytes. The one before it is whole.
    fn part(&mut self, name: &str) -> io::Result<Box<dyn Write + '_>>;
}

/// For a reader who wants no parts.
#[derive(Debug, Clone, Copy)]
pub struct Nowhere;

impl PartsOut for Nowhere {
    fn part(&mut self, _: &str) -> io::Result<Box<dyn Write + '_>> {
        Ok(Box::new(io::sink()))
    }
}

/// What was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payload {
    /// The statement whose parts these are.
    pub statement: Digest,
    /// Its kind.
    pub kind: Kind,
    /// Each part by its name, with its bytes counted, in the order of the statement.
    pub parts: Vec<(String, u64)>,
}

/// Hands the parts of a statement of this party to `out`, byte for byte as they were sealed, and what binds them is
/// checked before. `name` is what [`evidence`](crate::evidence::gather::evidence) takes; `by` is who asks, for the journal.
///
/// # Errors
/// Refused are a statement of a partner, whose parts are not kept as they came (`payload-not-kept`), one whose parts were
/// purged (`parts-purged`) and one that is not what was sealed (`payload-changed`). Then nothing that `out` got may be kept.
pub async fn write<O: PartsOut>(node: &Node, name: &str, out: O, by: &str) -> Result<(Payload, O)> {
    let statement = find(node, name).await?;
    let row = node.store().outbound(statement.digest).await?;
    let row = row.ok_or_else(|| {
        let message = "what a partner said is not kept in the form in which it came; write it out of its pouch with `comity pouch payload`, or ask the partner for it";
        ExchangeError::refused("payload-not-kept", message)
    })?;
    let (digest, kind) = (row.digest, row.kind);
    let blobs = node.clone();
    let (parts, out) = blocking(move || {
        let mut out = out;
        sealed(&row, &**blobs.blobs(), &mut out).map(|parts| (parts, out))
    })
    .await?;
    let details = json!({ "statement": digest, "kind": kind, "files": parts.len() });
    let subject: String = name.trim().chars().take(120).collect();
    let journal = vec![node.journal_by(by, "payload-written", subject, details)];
    node.store().journal(journal).await?;
    Ok((Payload { statement: digest, kind, parts }, out))
}

/// Checks the stored parts and copies them.
fn sealed(
    row: &OutboundRow,
    blobs: &dyn Blobs,
    out: &mut impl PartsOut,
) -> Result<Vec<(String, u64)>> {
    let purged = || {
        let message = told!(
            "the parts of the statement {statement} were purged; what was sent is no longer here to be shown",
            statement = row.digest
        );
        ExchangeError::refused("parts-purged", message)
    };
    let open = |part| match parts::open(part, blobs) {
        Err(BlobError::Missing(_)) => Err(purged()),
        opened => Ok(opened?),
    };
    // a release has parts, and loses them all when what a partner gave for it is purged
    if row.kind == Kind::Release && row.parts.is_empty() {
        return Err(purged());
    }
    for part in &row.parts {
        if parts::is_emptied(part) {
            return Err(purged());
        }
        open(part)?;
    }
    parts::check_sealed(row, blobs)?;
    let mut written = Vec::with_capacity(row.parts.len());
    for part in &row.parts {
        copy(&part.name, &mut open(part)?, out)
            .map_err(|failed| BlobError::Io(failed.into_inner()))?;
        written.push((part.name.clone(), part.size));
    }
    Ok(written)
}

/// Why a part was not copied: it could not be read, or not be written.
pub(crate) enum Copied {
    Read(io::Error),
    Write(io::Error),
}

impl Copied {
    fn into_inner(self) -> io::Error {
        match self {
            Self::Read(error) | Self::Write(error) => error,
        }
    }
}

/// Copies a part to where it goes.
pub(crate) fn copy(
    name: &str,
    from: &mut impl Read,
    out: &mut impl PartsOut,
) -> Result<(), Copied> {
    let mut to = out.part(name).map_err(Copied::Write)?;
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let read = match from.read(&mut buffer) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            read => read.map_err(Copied::Read)?,
        };
        match buffer.get(..read) {
            None | Some([]) => return to.flush().map_err(Copied::Write),
            Some(bytes) => to.write_all(bytes).map_err(Copied::Write)?,
        }
    }
}
