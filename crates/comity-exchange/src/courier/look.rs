//! Looking into a pouch that lies somewhere as a file, to its end, before anything of it is taken in.

use std::io::{self, Read};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use comity_model::statement::Payload;
use comity_model::{Digest, Digester, PartyRoot, Refusal};
use comity_pouch::{PouchError, PouchReader};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::json;

use super::SharedWatch;
use crate::dispatch::blocking;
use crate::error::{ExchangeError, Result};
use crate::node::Node;
use crate::partner;
use crate::payload::{self, Copied, Nowhere, PartsOut};
use crate::ports::{BlobError, HandFile};
use crate::verify::{self, OpenPouch, Opened, refuse_or_fail};

/// Bytes read at a time behind the end of the archive.
const CHUNK: usize = 64 * 1024;

/// What is in a pouch that this node can open. Its sender's signatures hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct InPouch {
    /// SHA-256 of the file.
    pub pouch: Digest,
    /// Its bytes.
    pub size: u64,
    /// Who said it.
    pub from: PartyRoot,
    /// The digest of the statement.
    pub statement: Digest,
    /// The statement's payload, for what the caller wants of it.
    #[serde(skip)]
    pub payload: Vec<u8>,
    /// Its kind, as the word on the wire.
    pub kind: String,
    /// Its place; `None` for a checkpoint.
    pub sequence: Option<u64>,
    /// When it was issued, as its sender says.
    pub issued_at: Timestamp,
    /// Its parts, in their order.
    pub parts: Vec<PartOf>,
}

/// A part of a pouch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PartOf {
    /// Its name.
    pub name: String,
    /// Its bytes.
    pub size: u64,
}

/// Opens a pouch and says what is in it, for `by`; the journal notes it. Nothing is taken in. Refused with the code of
/// docs/protocol.md section 4.4 where it is not for this node, of nobody who is confirmed, or not whole.
pub async fn open(
    node: &Node,
    file: Arc<dyn HandFile>,
    watch: SharedWatch,
    by: &str,
) -> Result<InPouch> {
    let (found, Nowhere) = opened(node, file, watch, Nowhere, ("pouch-opened", by)).await?;
    Ok(found)
}

/// As [`open`], and hands its parts to `out` as they are read. What `out` got is what the pouch held only where this
/// gives no error: else nothing of it may be kept.
pub async fn unpack<O: PartsOut>(
    node: &Node,
    file: Arc<dyn HandFile>,
    watch: SharedWatch,
    out: O,
    by: &str,
) -> Result<(InPouch, O)> {
    opened(node, file, watch, out, ("payload-written", by)).await
}

async fn opened<O: PartsOut>(
    node: &Node,
    file: Arc<dyn HandFile>,
    watch: SharedWatch,
    out: O,
    (event, by): (&str, &str),
) -> Result<(InPouch, O)> {
    let name = file.name();
    let refused = |refusal: Refusal| {
        let message = comity_model::told!(
            "`{name}` cannot be opened here: `{code}`; `comity pouch show` without `--open` says what can be seen of it",
            name = name.clone(),
            code = refusal.code()
        );
        ExchangeError::refused(refusal.code(), message.named("pouch-not-opened"))
    };
    let (looked, out) = match look_at(node, file, watch, out).await? {
        Ok(looked) => looked,
        Err(refusal) => return Err(refused(refusal)),
    };
    if let Some(refusal) = looked.fault {
        return Err(refused(refusal));
    }
    let Looked { pouch, size, statement, payload, bytes, parts, .. } = looked;
    let details = json!({ "statement": statement, "from": payload.from, "kind": payload.kind });
    let journal = vec![node.journal_by(by, event, pouch, details)];
    node.store().journal(journal).await?;
    let found = InPouch {
        pouch,
        size,
        from: payload.from,
        statement,
        payload: bytes,
        kind: payload.kind,
        sequence: payload.sequence,
        issued_at: payload.issued_at,
        parts,
    };
    Ok((found, out))
}

/// What a pouch is that was read to its end.
pub(super) struct Looked {
    pub(super) pouch: Digest,
    pub(super) size: u64,
    pub(super) statement: Digest,
    pub(super) payload: Payload,
    bytes: Vec<u8>,
    parts: Vec<PartOf>,
    /// What is wrong behind the proof in what the sender sealed; the statement is the sender's all the same.
    pub(super) fault: Option<Refusal>,
}

/// Opens a file, judges who signed what is in it before reading any further, and reads it to its end. A file that does not
/// authenticate to its end is refused as `truncated`: whether its sender or the way spoilt it nobody can tell.
pub(super) async fn look(
    node: &Node,
    file: Arc<dyn HandFile>,
    watch: SharedWatch,
) -> Result<std::result::Result<Looked, Refusal>> {
    Ok(look_at(node, file, watch, Nowhere).await?.map(|(looked, Nowhere)| looked))
}

async fn look_at<O: PartsOut>(
    node: &Node,
    file: Arc<dyn HandFile>,
    watch: SharedWatch,
    out: O,
) -> Result<std::result::Result<(Looked, O), Refusal>> {
    let keys = node.keys()?;
    let most = partner::own(node)?.descriptor.limits.pouch;
    let opened = blocking(move || {
        let inner = file.open().map_err(BlobError::Io)?;
        let tally = Tally::new(inner, watch);
        let opened = verify::read(Box::new(tally.clone()), &*keys, most)?;
        Ok(opened.map(|opened| (opened, tally)))
    });
    let (Opened { pouch, envelope, payload, digest, .. }, tally) = match opened.await? {
        Ok(opened) => opened,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let bytes = envelope.unverified_payload().to_vec();
    if let Err(refusal) = verify::author(node, None, &payload, envelope).await? {
        return Ok(Err(refusal));
    }
    let (parts, out) = blocking(move || {
        let mut out = out;
        to_the_end(pouch, &mut out).map(|parts| (parts, out))
    })
    .await?;
    let (parts, fault) = match parts {
        Ok(parts) => (parts, None),
        Err(Refusal::Truncated) => return Ok(Err(Refusal::Truncated)),
        Err(refusal) => (Vec::new(), Some(refusal)),
    };
    let measured = blocking(move || tally.finish(most));
    let Some((pouch, size)) = measured.await? else { return Ok(Err(Refusal::TooLarge)) };
    Ok(Ok((Looked { pouch, size, statement: digest, payload, bytes, parts, fault }, out)))
}

/// Reads a pouch to its end, hands its parts on and lists them.
fn to_the_end(
    pouch: OpenPouch,
    out: &mut impl PartsOut,
) -> Result<std::result::Result<Vec<PartOf>, Refusal>> {
    let (mut pouch, mut parts) = (pouch, Vec::new());
    loop {
        match pouch.next_part() {
            Ok(Some(mut part)) => {
                parts.push(PartOf { name: part.name().to_owned(), size: part.size() });
                let name = part.name().to_owned();
                match payload::copy(&name, &mut part, out) {
                    Ok(()) => {}
                    Err(Copied::Read(error)) => return refuse_or_fail(PouchError::from(error)),
                    Err(Copied::Write(error)) => return Err(BlobError::Io(error).into()),
                }
            }
            Ok(None) => break,
            Err(error) => return refuse_or_fail(error),
        }
    }
    PouchReader::finish(pouch).map_or_else(refuse_or_fail, |()| Ok(Ok(parts)))
}

/// Counts and digests what is read through any of its clones.
#[derive(Clone)]
struct Tally(Arc<Mutex<Inner>>);

struct Inner {
    file: Box<dyn Read + Send>,
    digester: Digester,
    size: u64,
    watch: SharedWatch,
}

impl Tally {
    fn new(file: Box<dyn Read + Send>, watch: SharedWatch) -> Self {
        let inner = Inner { file, digester: Digester::new(), size: 0, watch };
        Self(Arc::new(Mutex::new(inner)))
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads what is left, up to `most` bytes in all; `None` where there is more.
    fn finish(mut self, most: u64) -> Result<Option<(Digest, u64)>> {
        let mut chunk = vec![0; CHUNK];
        loop {
            match self.read(&mut chunk) {
                Ok(0) => break,
                Ok(_) if self.lock().size > most => return Ok(None),
                Ok(_) => {}
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(BlobError::Io(error).into()),
            }
        }
        let inner = self.lock();
        Ok(Some((inner.digester.clone().finish(), inner.size)))
    }
}

impl Read for Tally {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut inner = self.lock();
        let got = inner.file.read(buffer)?;
        inner.digester.update(buffer.get(..got).unwrap_or_default());
        inner.size += got as u64;
        inner.watch.done(got as u64);
        Ok(got)
    }
}
