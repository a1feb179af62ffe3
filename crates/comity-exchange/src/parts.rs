//! Parts: their bytes, wherever they are, and what binds them.

use comity_model::told;
use std::io::{self, Cursor, Read, Write};
use std::sync::Arc;

use aws_lc_rs::hmac;
use comity_log::root_of;
use comity_model::release::{MANIFEST, OBJECTS};
use comity_model::statement::{Binding, Kind, PartEntry, Payload, ReleaseBody};
use comity_model::{Digest, Digester, ManifestLine, ReleaseRecord};
use comity_pouch::dsse::Envelope;

use crate::error::{ExchangeError, Result};
use crate::ports::{BlobError, BlobWriter, Blobs, OutboundRow, PartContent, StoredPart, TEXT};

/// Bytes up to which a part is kept in its row; a larger one becomes a blob.
pub(crate) const INLINE: usize = 64 * 1024;

/// The longest text of a proposal or a decision, in bytes.
pub(crate) const TEXT_LIMIT: usize = 64 * 1024;

/// Takes a part's bytes as they come and keeps them in a row or a blob.
pub(crate) struct PartSink<'a> {
    name: String,
    blobs: &'a Arc<dyn Blobs>,
    start: Vec<u8>,
    blob: Option<Box<dyn BlobWriter>>,
}

impl<'a> PartSink<'a> {
    pub(crate) fn new(name: &str, blobs: &'a Arc<dyn Blobs>) -> Self {
        Self { name: name.to_owned(), blobs, start: Vec::new(), blob: None }
    }

    pub(crate) fn finish(self) -> Result<StoredPart, BlobError> {
        let name = self.name;
        match self.blob {
            Some(blob) => {
                let (digest, size) = blob.commit()?;
                Ok(StoredPart { name, size, content: PartContent::Blob(digest) })
            }
            None => Ok(inline(&name, self.start)),
        }
    }
}

impl Write for PartSink<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.blob.is_none() && self.start.len() + bytes.len() > INLINE {
            let mut blob = self.blobs.create().map_err(io::Error::other)?;
            blob.write_all(&std::mem::take(&mut self.start))?;
            self.blob = Some(blob);
        }
        match &mut self.blob {
            Some(blob) => blob.write_all(bytes)?,
            None => self.start.extend_from_slice(bytes),
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.blob.as_mut().map_or(Ok(()), Write::flush)
    }
}

/// A part that is kept in its row.
pub(crate) fn inline(name: &str, bytes: Vec<u8>) -> StoredPart {
    StoredPart {
        name: name.to_owned(),
        size: bytes.len() as u64,
        content: PartContent::Inline(bytes),
    }
}

/// Opens a part's bytes.
pub(crate) fn open(
    part: &StoredPart,
    blobs: &dyn Blobs,
) -> Result<Box<dyn Read + Send>, BlobError> {
    match &part.content {
        PartContent::Inline(bytes) => Ok(Box::new(Cursor::new(bytes.clone()))),
        PartContent::Blob(digest) => blobs.open(digest),
    }
}

/// Whether the bytes of a part are gone from its row.
pub(crate) fn is_emptied(part: &StoredPart) -> bool {
    matches!(&part.content, PartContent::Inline(bytes) if bytes.is_empty() && part.size > 0)
}

/// Checks what is about to leave against what was sealed: the payload by its digest, and every part by what the payload
/// binds. A disk that changed one byte of it is noticed here, before the partner sees anything.
pub(crate) fn check_sealed(row: &OutboundRow, blobs: &dyn Blobs) -> Result<()> {
    let changed = || {
        let message = told!(
            "what is stored of the statement {statement} is not what was sealed; restore it from a backup",
            statement = row.digest
        );
        ExchangeError::refused("payload-changed", message)
    };
    let signed = row.envelope.as_deref().and_then(|envelope| Envelope::parse(envelope).ok());
    let is_signed = signed.is_some_and(|envelope| envelope.unverified_payload() == row.payload);
    if Digest::of(&row.payload) != row.digest || !is_signed {
        return Err(changed());
    }
    let payload = Payload::parse(&row.payload).map_err(|_| changed())?;
    if row.kind == Kind::Release {
        let body: ReleaseBody = payload.body().map_err(|_| changed())?;
        let record = serde_json::from_str(&body.release).map_err(|_| changed())?;
        return check_release(&record, &row.parts, blobs).map(|_| ());
    }
    if payload.parts.len() != row.parts.len() {
        return Err(changed());
    }
    for (entry, part) in payload.parts.iter().zip(&row.parts) {
        let holds = match entry.bound_by {
            Binding::Commitment(expected) => {
                let mut content = open(part, blobs)?;
                let found = copy_salted(&mut content, part.size, &mut io::sink())?;
                found == Some(expected)
            }
            Binding::Digest(expected) => {
                let bytes = read_all(open(part, blobs)?, part.size)?;
                Digest::of(&bytes) == expected
            }
            Binding::Root => false,
        };
        if entry.name != part.name || entry.size != part.size || !holds {
            return Err(changed());
        }
    }
    Ok(())
}

/// Checks that the stored parts are, byte for byte, those that `release.json` binds: the manifest by its digest, the
/// objects by the root. One byte changed after compose is refused here. Gives the lines of what came from partners and goes
/// on.
pub(crate) fn check_release(
    record: &ReleaseRecord,
    parts: &[StoredPart],
    blobs: &dyn Blobs,
) -> Result<Vec<ManifestLine>> {
    let changed = |name: &str| {
        let message = told!(
            "the part `{name}` is not the one that was composed and approved; compose the release again",
            name
        );
        ExchangeError::refused("payload-changed", message)
    };
    let part =
        |name: &str| parts.iter().find(|part| part.name == name).ok_or_else(|| changed(name));
    let entry =
        |name: &str| record.parts.iter().find(|it| it.name == name).ok_or_else(|| changed(name));
    let sizes = [MANIFEST, OBJECTS]
        .into_iter()
        .map(|name| Ok((part(name)?.size, entry(name)?.size)))
        .collect::<Result<Vec<_>>>()?;
    if sizes.iter().any(|(stored, bound)| stored != bound) {
        return Err(changed(OBJECTS));
    }
    let manifest = read_all(open(part(MANIFEST)?, blobs)?, part(MANIFEST)?.size)?;
    if entry(MANIFEST)?.bound_by != Binding::Digest(Digest::of(&manifest)) {
        return Err(changed(MANIFEST));
    }
    let mut objects = io::BufReader::with_capacity(256 * 1024, open(part(OBJECTS)?, blobs)?);
    let (mut leaves, mut onward) = (Vec::new(), Vec::new());
    let mut buffer = Vec::new();
    for (line, number) in manifest.split(|byte| *byte == b'\n').zip(1u64..) {
        if line.is_empty() {
            continue;
        }
        let parsed = ManifestLine::parse(line, number).map_err(|_| changed(MANIFEST))?;
        buffer.clear();
        let limit = parsed.size.saturating_add(1);
        let read = (&mut objects).take(limit).read_to_end(&mut buffer).map_err(BlobError::from)?;
        if read as u64 != limit || buffer.pop() != Some(b'\n') {
            return Err(changed(OBJECTS));
        }
        let commitment = parsed.commitment_to(line, &buffer).map_err(|_| changed(MANIFEST))?;
        leaves.push(comity_log::leaf_hash(commitment.as_bytes()));
        if parsed.chain.len() > 1 {
            onward.push(parsed);
        }
    }
    if objects.read(&mut [0]).map_err(BlobError::from)? > 0 {
        return Err(changed(OBJECTS));
    }
    if leaves.len() as u64 != record.objects || Digest::from_bytes(root_of(leaves)) != record.root {
        return Err(changed(OBJECTS));
    }
    Ok(onward)
}

fn read_all(mut from: Box<dyn Read + Send>, size: u64) -> Result<Vec<u8>, BlobError> {
    let mut bytes = Vec::new();
    (&mut from).take(size.saturating_add(1)).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// A text under a fresh salt, as the part that travels and its entry (docs/protocol.md section 3): 32 bytes of salt, then
/// the text. Once the salt is purged the commitment says nothing about the text.
pub(crate) fn salted_text(text: &str, salt: [u8; 32]) -> (StoredPart, PartEntry) {
    let mut bytes = salt.to_vec();
    bytes.extend_from_slice(text.as_bytes());
    let part = inline(TEXT, bytes);
    let bound_by = Binding::Commitment(commitment(&salt, text.as_bytes()));
    let entry = PartEntry { name: TEXT.to_owned(), size: part.size, bound_by };
    (part, entry)
}

/// Reads a salted text and checks it against its entry.
pub(crate) fn read_salted(entry: &PartEntry, bytes: &[u8]) -> Option<String> {
    let (salt, text) = bytes.split_at_checked(32)?;
    if entry.size != bytes.len() as u64
        || entry.bound_by != Binding::Commitment(commitment(salt, text))
    {
        return None;
    }
    String::from_utf8(text.to_vec()).ok()
}

/// Copies a salted part of `size` bytes as it comes and gives its commitment; `None` where it is shorter than its salt or
/// not of that size.
pub(crate) fn copy_salted(
    from: &mut impl Read,
    size: u64,
    to: &mut impl Write,
) -> Result<Option<Digest>, BlobError> {
    let mut salt = Vec::new();
    let mut digester = Digester::new();
    let mut buffer = vec![0; 64 * 1024];
    let mut count = 0_u64;
    let mut from = from.take(size.saturating_add(1));
    loop {
        let read = from.read(&mut buffer)?;
        let Some(bytes) = buffer.get(..read).filter(|bytes| !bytes.is_empty()) else { break };
        count = count.saturating_add(read as u64);
        to.write_all(bytes)?;
        let missing = 32_usize.saturating_sub(salt.len()).min(bytes.len());
        let (head, rest) = bytes.split_at_checked(missing).unwrap_or_default();
        salt.extend_from_slice(head);
        digester.update(rest);
    }
    Ok((count == size && salt.len() == 32).then(|| keyed(&salt, digester)))
}

/// HMAC-SHA-256 under `salt` of the SHA-256 of `bytes`.
fn commitment(salt: &[u8], bytes: &[u8]) -> Digest {
    let mut digester = Digester::new();
    digester.update(bytes);
    keyed(salt, digester)
}

fn keyed(salt: &[u8], digester: Digester) -> Digest {
    let key = hmac::Key::new(hmac::HMAC_SHA256, salt);
    let tag = hmac::sign(&key, digester.finish().as_bytes());
    let mut out = [0; 32];
    for (to, from) in out.iter_mut().zip(tag.as_ref()) {
        *to = *from;
    }
    Digest::from_bytes(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_bound_under_its_salt() {
        let (part, entry) = salted_text("no", [7; 32]);
        let PartContent::Inline(bytes) = part.content else { panic!("inline") };
        assert_eq!(read_salted(&entry, &bytes).as_deref(), Some("no"));
        for at in [0, 31, 32, 33] {
            let mut other = bytes.clone();
            other[at] ^= 1;
            assert_eq!(read_salted(&entry, &other), None);
        }
        assert_eq!(read_salted(&entry, &bytes[..31]), None);
    }
}
