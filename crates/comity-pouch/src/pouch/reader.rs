//! Opening a pouch.

use std::collections::BTreeSet;
use std::fmt;
use std::io::{self, BufRead, BufReader, Chain, Cursor, Read};

use age::stream::StreamReader;

use super::writer::keep;
use super::{Limits, PROOF_NAME, PouchError, STATEMENT_NAME, ustar};
use crate::seal::{SealIdentity, Sole};

/// Bytes of the longest age header that is parsed: one stanza of this kind takes about 1,600, the
/// exercise stanza beside it at most a few hundred.
pub(super) const HEADER_BYTES: u64 = 8 * 1024;

type Source<R> = Chain<Cursor<Vec<u8>>, BufReader<Measured<R>>>;

/// Reads a pouch from `R` as it comes: the statement at [`PouchReader::open`], then
/// [`PouchReader::proof`], [`PouchReader::next_part`] until it returns nothing, and
/// [`PouchReader::finish`], before which nothing may be believed.
pub struct PouchReader<R: Read> {
    stream: StreamReader<Source<R>>,
    limits: Limits,
    statement: Vec<u8>,
    proof: Option<Vec<u8>>,
    names: BTreeSet<String>,
    /// The entry being read: its name, the bytes left of it and the zeros that fill its last block.
    entry: (String, u64, u64),
    state: State,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Reading,
    Ended,
    Refused,
}

impl<R: Read> PouchReader<R> {
    /// Opens a pouch with whichever of `identities` it is sealed to, and reads its statement. No more
    /// is read than the piece of 64 KiB in which the statement ends.
    pub fn open(
        reader: R,
        identities: &[&SealIdentity],
        limits: &Limits,
    ) -> Result<Self, PouchError> {
        let mut source =
            BufReader::new(Measured { inner: reader, left: limits.pouch, limit: limits.pouch });
        let header = read_header(&mut source)?;
        let decryptor =
            age::Decryptor::new_buffered(Cursor::new(header).chain(source)).map_err(refusal)?;
        let sole = Sole(identities);
        let stream =
            decryptor.decrypt(std::iter::once(&sole as &dyn age::Identity)).map_err(refusal)?;
        let mut reader = Self {
            stream,
            limits: *limits,
            statement: Vec::new(),
            proof: None,
            names: BTreeSet::new(),
            entry: (String::new(), 0, 0),
            state: State::Reading,
        };
        reader.statement = reader.whole(STATEMENT_NAME, "the statement", limits.statement)?;
        Ok(reader)
    }

    /// The bytes of `statement.dsse.json`.
    pub fn statement(&self) -> &[u8] {
        &self.statement
    }

    /// The bytes of `record.tlog-proof`, read when first asked for.
    pub fn proof(&mut self) -> Result<&[u8], PouchError> {
        if self.proof.is_none() {
            let limit = self.limits.proof;
            let proof = self.guard(|it| it.whole(PROOF_NAME, "the log proof", limit))?;
            self.proof = Some(proof);
        }
        Ok(self.proof.as_deref().unwrap_or_default())
    }

    /// The next part, or nothing after the last. What was left unread of the one before is skipped,
    /// and checked all the same.
    pub fn next_part(&mut self) -> Result<Option<Part<'_, R>>, PouchError> {
        self.proof()?;
        let Some((name, size)) = self.guard(Self::next_entry)? else { return Ok(None) };
        Ok(Some(Part { name, size, pouch: self }))
    }

    /// Reads whatever is left and checks the end: two blocks of zeros, and nothing after them.
    pub fn finish(mut self) -> Result<(), PouchError> {
        while self.next_part()?.is_some() {}
        Ok(())
    }

    /// Runs one step. A pouch that was refused once stays refused.
    fn guard<T>(
        &mut self,
        step: impl FnOnce(&mut Self) -> Result<T, PouchError>,
    ) -> Result<T, PouchError> {
        if self.state == State::Refused {
            return Err(PouchError::Refused);
        }
        let done = step(self);
        if done.is_err() {
            self.state = State::Refused;
        }
        done
    }

    /// The next entry that is a part.
    fn next_entry(&mut self) -> Result<Option<(String, u64)>, PouchError> {
        let Some(entry) = self.next_header()? else { return Ok(None) };
        if entry.name == STATEMENT_NAME || entry.name == PROOF_NAME {
            return Err(PouchError::OutOfOrder { found: entry.name, due: "a part" });
        }
        if self.names.len() >= self.limits.parts {
            return Err(PouchError::TooManyParts { limit: self.limits.parts });
        }
        if !self.names.insert(entry.name.clone()) {
            return Err(PouchError::Repeated(entry.name));
        }
        self.enter(&entry, self.limits.part)?;
        Ok(Some((entry.name, entry.size)))
    }

    /// The whole of the entry that must come next.
    fn whole(&mut self, name: &str, due: &'static str, limit: u64) -> Result<Vec<u8>, PouchError> {
        let entry = self.next_header()?.ok_or(PouchError::NoEnd)?;
        if entry.name != name {
            return Err(PouchError::OutOfOrder { found: entry.name, due });
        }
        self.enter(&entry, limit)?;
        // What is announced is not what is there: the buffer grows with what comes.
        let mut bytes = Vec::new();
        let mut buffer = [0; 8 * 1024];
        loop {
            let got = self.read_entry(&mut buffer)?;
            if got == 0 {
                return Ok(bytes);
            }
            bytes.extend_from_slice(buffer.get(..got).unwrap_or_default());
        }
    }

    fn enter(&mut self, entry: &ustar::Entry, limit: u64) -> Result<(), PouchError> {
        let ustar::Entry { name, size } = entry;
        if *size > limit {
            return Err(PouchError::TooLarge { name: name.clone(), size: *size, limit });
        }
        self.entry = (name.clone(), *size, ustar::padding(*size));
        Ok(())
    }

    /// Skips to the next header; nothing at the end of the archive.
    fn next_header(&mut self) -> Result<Option<ustar::Entry>, PouchError> {
        if self.state == State::Ended {
            return Ok(None);
        }
        let mut buffer = [0; 8 * 1024];
        while self.read_entry(&mut buffer)? > 0 {}
        let mut block = [0; ustar::BLOCK];
        self.block(&mut block)?;
        if block.iter().any(|byte| *byte != 0) {
            return ustar::parse(&block).map(Some);
        }
        self.block(&mut block)?;
        if block.iter().any(|byte| *byte != 0) {
            return Err(PouchError::Entry("end"));
        }
        if self.read(&mut [0])? > 0 {
            return Err(PouchError::TrailingData);
        }
        self.state = State::Ended;
        Ok(None)
    }

    /// Reads into `buffer` from the entry at hand; behind its last byte, checks what fills its block.
    fn read_entry(&mut self, buffer: &mut [u8]) -> Result<usize, PouchError> {
        let (_, left, padding) = self.entry;
        if left > 0 && !buffer.is_empty() {
            let most = usize::try_from(left).unwrap_or(usize::MAX).min(buffer.len());
            let got = self.read(buffer.get_mut(..most).unwrap_or_default())?;
            if got == 0 {
                return Err(PouchError::OverAnnounced { name: self.entry.0.clone() });
            }
            self.entry.1 -= u64::try_from(got).unwrap_or_default();
            return Ok(got);
        }
        if left == 0 && padding > 0 {
            let mut zeros = [0; ustar::BLOCK];
            let padding = usize::try_from(padding).unwrap_or_default();
            let zeros = zeros.get_mut(..padding).unwrap_or_default();
            self.fill(zeros)?;
            if zeros.iter().any(|byte| *byte != 0) {
                return Err(PouchError::Entry("filling"));
            }
            self.entry.2 = 0;
        }
        Ok(0)
    }

    fn block(&mut self, block: &mut [u8; ustar::BLOCK]) -> Result<(), PouchError> {
        self.fill(block)
    }

    /// Fills `buffer` from the archive, which must not end before.
    fn fill(&mut self, buffer: &mut [u8]) -> Result<(), PouchError> {
        let mut at = 0;
        while let Some(rest) = buffer.get_mut(at..).filter(|rest| !rest.is_empty()) {
            match self.read(rest)? {
                0 => return Err(PouchError::NoEnd),
                got => at += got,
            }
        }
        Ok(())
    }

    fn read(&mut self, buffer: &mut [u8]) -> Result<usize, PouchError> {
        loop {
            match self.stream.read(buffer) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                done => return Ok(done?),
            }
        }
    }
}

impl<R: Read> fmt::Debug for PouchReader<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PouchReader").field("parts", &self.names).finish_non_exhaustive()
    }
}

/// One part, to be read where it stands. Its reader fails with an [`io::Error`] that holds a
/// [`PouchError`]; `PouchError::from` takes it out again.
pub struct Part<'a, R: Read> {
    name: String,
    size: u64,
    pouch: &'a mut PouchReader<R>,
}

impl<R: Read> Part<'_, R> {
    /// The part's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The bytes it announces; within the limit, and not yet proved to be there.
    pub const fn size(&self) -> u64 {
        self.size
    }
}

impl<R: Read> Read for Part<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        Ok(self.pouch.guard(|pouch| pouch.read_entry(buffer))?)
    }
}

impl<R: Read> fmt::Debug for Part<'_, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Part").field("name", &self.name).field("size", &self.size).finish()
    }
}

/// The age header, whole, so that no more is parsed than a pouch can have: up to and including the
/// line that begins with `--- `.
pub(super) fn read_header(source: &mut impl BufRead) -> Result<Vec<u8>, PouchError> {
    let mut header = Vec::new();
    loop {
        let start = header.len();
        let left = HEADER_BYTES.saturating_sub(u64::try_from(start).unwrap_or(u64::MAX));
        let got = source.by_ref().take(left).read_until(b'\n', &mut header)?;
        let line = header.get(start..).unwrap_or_default();
        if start == 0 && !b"age-encryption.org/v1\n".starts_with(line) {
            return Err(PouchError::NotAPouch);
        }
        if !line.ends_with(b"\n") {
            let full = u64::try_from(got).unwrap_or(u64::MAX) == left;
            return Err(if full { PouchError::NotAPouch } else { PouchError::Truncated });
        }
        if line.starts_with(b"--- ") {
            return Ok(header);
        }
    }
}

fn refusal(error: age::DecryptError) -> PouchError {
    match error {
        age::DecryptError::Io(error) => error.into(),
        age::DecryptError::NoMatchingKeys => PouchError::CannotOpen,
        age::DecryptError::InvalidMac => PouchError::Damaged,
        _ => PouchError::NotAPouch,
    }
}

/// Counts what is read, up to a limit, and marks the errors of the stream beneath as ours.
struct Measured<R> {
    inner: R,
    left: u64,
    limit: u64,
}

impl<R: Read> Read for Measured<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let got = self.inner.read(buffer).map_err(keep)?;
        let count = u64::try_from(got).unwrap_or(u64::MAX);
        let Some(left) = self.left.checked_sub(count) else {
            return Err(PouchError::PouchTooLarge { limit: self.limit }.into());
        };
        self.left = left;
        Ok(got)
    }
}
