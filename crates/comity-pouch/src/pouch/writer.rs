//! Making a pouch.

use std::collections::BTreeSet;
use std::fmt;
use std::io::{self, Read, Write};

use age::stream::StreamWriter;
use comity_model::{Digest, Digester};

use super::{Limits, PROOF_NAME, PouchError, STATEMENT_NAME, is_part_name, ustar};
use crate::seal::SealRecipient;

/// What a finished pouch is known by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sealed {
    /// Bytes of the sealed file.
    pub bytes: u64,
    /// SHA-256 of the sealed file. Sealing the same content again gives another one.
    pub digest: Digest,
}

/// Writes a pouch into `W` as it goes: [`PouchWriter::new`], [`PouchWriter::part`] for each part,
/// [`PouchWriter::finish`]. Without the last the file can't be opened.
pub struct PouchWriter<W: Write> {
    stream: StreamWriter<Tally<W>>,
    limits: Limits,
    names: BTreeSet<String>,
    buffer: Vec<u8>,
    failed: bool,
}

impl<W: Write> PouchWriter<W> {
    /// Begins a pouch for `recipient` with the statement's envelope and its log proof (which may be
    /// empty). File key, nonce and encapsulation come from the operating system's randomness.
    pub fn new(
        out: W,
        recipient: &SealRecipient,
        statement: &[u8],
        proof: &[u8],
        limits: &Limits,
    ) -> Result<Self, PouchError> {
        let recipients = std::iter::once(recipient as &dyn age::Recipient);
        let encryptor =
            age::Encryptor::with_recipients(recipients).map_err(|_| PouchError::Sealing)?;
        let stream = encryptor.wrap_output(Tally::new(out, limits.pouch))?;
        let mut writer = Self {
            stream,
            limits: *limits,
            names: BTreeSet::new(),
            buffer: vec![0; 64 * 1024],
            failed: false,
        };
        writer.whole(STATEMENT_NAME, statement, limits.statement)?;
        writer.whole(PROOF_NAME, proof, limits.proof)?;
        Ok(writer)
    }

    /// Adds a part of exactly `size` bytes read from `content`. After an error the pouch is spoilt.
    pub fn part(
        &mut self,
        name: &str,
        size: u64,
        content: &mut dyn Read,
    ) -> Result<(), PouchError> {
        if self.failed {
            return Err(PouchError::Refused);
        }
        self.failed = true;
        if !is_part_name(name) {
            return Err(PouchError::PartName(name.escape_debug().collect()));
        }
        if self.names.len() >= self.limits.parts {
            let limit = u64::try_from(self.limits.parts).unwrap_or(u64::MAX);
            return Err(PouchError::OverLimit { what: "the number of parts".to_owned(), limit });
        }
        if !self.names.insert(name.to_owned()) {
            return Err(PouchError::PartRepeated(name.to_owned()));
        }
        self.entry(name, size, self.limits.part, content)?;
        self.failed = false;
        Ok(())
    }

    /// Ends the pouch and flushes it. Making the file durable is the caller's.
    pub fn finish(mut self) -> Result<Sealed, PouchError> {
        if self.failed {
            return Err(PouchError::Refused);
        }
        self.stream.write_all(&[0; 2 * ustar::BLOCK])?;
        let mut tally = self.stream.finish()?;
        tally.flush()?;
        Ok(Sealed { bytes: tally.bytes, digest: tally.digester.finish() })
    }

    fn whole(&mut self, name: &str, bytes: &[u8], limit: u64) -> Result<(), PouchError> {
        let size = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        self.entry(name, size, limit, &mut &*bytes)
    }

    fn entry(
        &mut self,
        name: &str,
        size: u64,
        limit: u64,
        content: &mut dyn Read,
    ) -> Result<(), PouchError> {
        let over = || PouchError::OverLimit { what: format!("`{name}`"), limit };
        if size > limit {
            return Err(over());
        }
        let header = ustar::header(name, size).ok_or_else(over)?;
        self.stream.write_all(&header)?;
        let wrong = || PouchError::PartSize { name: name.to_owned(), size };
        let mut left = size;
        loop {
            let got = match content.read(&mut self.buffer) {
                Ok(0) => break,
                Ok(got) => got,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(PouchError::Io(error)),
            };
            let piece = self.buffer.get(..got).unwrap_or_default();
            let taken = u64::try_from(piece.len()).unwrap_or(u64::MAX);
            left = left.checked_sub(taken).ok_or_else(wrong)?;
            self.stream.write_all(piece)?;
        }
        if left > 0 {
            return Err(wrong());
        }
        let zeros = [0; ustar::BLOCK];
        let padding = usize::try_from(ustar::padding(size)).unwrap_or_default();
        Ok(self.stream.write_all(zeros.get(..padding).unwrap_or_default())?)
    }
}

impl<W: Write> fmt::Debug for PouchWriter<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PouchWriter").field("parts", &self.names).finish_non_exhaustive()
    }
}

/// Counts and digests what is written, up to a limit.
struct Tally<W> {
    inner: W,
    bytes: u64,
    limit: u64,
    digester: Digester,
}

impl<W: Write> Tally<W> {
    fn new(inner: W, limit: u64) -> Self {
        Self { inner, bytes: 0, limit, digester: Digester::new() }
    }
}

impl<W: Write> Write for Tally<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let wanted = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        if self.bytes.saturating_add(wanted) > self.limit {
            let what = "the pouch".to_owned();
            return Err(PouchError::OverLimit { what, limit: self.limit }.into());
        }
        let written = self.inner.write(bytes).map_err(keep)?;
        self.digester.update(bytes.get(..written).unwrap_or_default());
        self.bytes += u64::try_from(written).unwrap_or_default();
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush().map_err(keep)
    }
}

/// Marks an error as that of the stream beneath, so that it is not taken for one of the age format.
pub(super) fn keep(error: io::Error) -> io::Error {
    if error.kind() == io::ErrorKind::Interrupted {
        return error;
    }
    PouchError::Io(error).into()
}
