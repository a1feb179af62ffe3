//! Bytes with a place: a buffer that counts lines and keeps what it is told to keep.

use std::io::{self, ErrorKind, Read};

/// A place in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Position {
    /// From 1.
    pub(super) line: u64,
    /// Bytes from the start.
    pub(super) offset: u64,
}

/// What was kept.
#[derive(Debug)]
pub(super) enum Kept {
    Whole(Vec<u8>),
    /// It was more than the limit, and nothing is left of it.
    TooLarge,
}

/// How a value ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// As it should.
    Closed,
    /// The line it started on ended before it, and the next one starts something else.
    Cut,
    /// The file ended before it.
    File,
}

#[derive(Debug)]
pub(super) struct Source<R> {
    inner: R,
    buffer: Vec<u8>,
    start: usize,
    end: usize,
    position: Position,
    /// The byte before this one.
    last: u8,
    keeping: bool,
    kept: Vec<u8>,
    over: bool,
    limit: usize,
    #[cfg(test)]
    most_held: usize,
}

impl<R: Read> Source<R> {
    /// Bytes asked of the reader at a time.
    const BUFFER: usize = 64 * 1024;

    pub(super) fn new(inner: R, limit: usize) -> Self {
        Self {
            inner,
            buffer: vec![0; Self::BUFFER],
            start: 0,
            end: 0,
            position: Position { line: 1, offset: 0 },
            last: b'\n',
            keeping: false,
            kept: Vec::new(),
            over: false,
            limit,
            #[cfg(test)]
            most_held: 0,
        }
    }

    /// The most bytes of memory held so far.
    #[cfg(test)]
    pub(super) fn memory(&self) -> usize {
        self.most_held
    }

    pub(super) fn position(&self) -> Position {
        self.position
    }

    /// Whether the next byte is the first of its line.
    pub(super) fn at_line_start(&self) -> bool {
        self.last == b'\n'
    }

    /// The bytes at hand, more being read if there are none; empty at the end of the file.
    pub(super) fn chunk(&mut self) -> io::Result<&[u8]> {
        while self.start == self.end {
            match self.inner.read(&mut self.buffer) {
                Ok(0) => return Ok(&[]),
                Ok(count) => (self.start, self.end) = (0, count),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(self.buffer.get(self.start..self.end).unwrap_or_default())
    }

    /// Goes on by `count` bytes of the chunk.
    pub(super) fn take(&mut self, count: usize) {
        let end = (self.start + count).min(self.end);
        let taken = self.buffer.get(self.start..end).unwrap_or_default();
        self.position.line += lines(taken);
        self.position.offset += taken.len() as u64;
        self.last = taken.last().copied().unwrap_or(self.last);
        if self.keeping && !self.over {
            if self.kept.len() + taken.len() > self.limit {
                self.over = true;
                self.kept = Vec::new();
            } else {
                self.kept.extend_from_slice(taken);
            }
        }
        self.start = end;
        #[cfg(test)]
        {
            self.most_held = self.most_held.max(self.buffer.capacity() + self.kept.capacity());
        }
    }

    /// Starts to keep what goes by.
    pub(super) fn keep(&mut self) {
        (self.keeping, self.over) = (true, false);
        self.kept.clear();
    }

    /// Stops keeping, and gives what was kept.
    pub(super) fn kept(&mut self) -> Kept {
        self.keeping = false;
        let kept = std::mem::take(&mut self.kept);
        if self.over { Kept::TooLarge } else { Kept::Whole(kept) }
    }

    pub(super) fn peek(&mut self) -> io::Result<Option<u8>> {
        Ok(self.chunk()?.first().copied())
    }

    /// Passes over the white space of JSON.
    pub(super) fn white(&mut self) -> io::Result<()> {
        self.pass(|byte| matches!(byte, b' ' | b'\n' | b'\t' | b'\r'))
    }

    /// Passes over bytes for which `going` is true.
    pub(super) fn pass(&mut self, going: impl Fn(u8) -> bool) -> io::Result<()> {
        loop {
            let chunk = self.chunk()?;
            let run = chunk.iter().position(|byte| !going(*byte));
            let (count, ended) = run.map_or((chunk.len(), chunk.is_empty()), |run| (run, true));
            self.take(count);
            if ended {
                return Ok(());
            }
        }
    }

    /// Goes to the end of the line, and not past it.
    pub(super) fn rest_of_line(&mut self) -> io::Result<()> {
        loop {
            let chunk = self.chunk()?;
            let found = memchr::memchr(b'\n', chunk);
            let (count, ended) = found.map_or((chunk.len(), chunk.is_empty()), |at| (at, true));
            self.take(count);
            if ended {
                return Ok(());
            }
        }
    }

    /// Passes over a string, its opening quote being next, and copies what is between the quotes into
    /// `said`, up to `most` bytes. On the line `first` it may be cut.
    pub(super) fn string(
        &mut self,
        first: u64,
        said: &mut Vec<u8>,
        most: usize,
    ) -> io::Result<End> {
        self.chunk()?;
        self.take(1);
        let mut escaped = false;
        loop {
            let may_be_cut = self.position.line == first;
            let chunk = self.chunk()?;
            if chunk.is_empty() {
                return Ok(End::File);
            }
            let found = if escaped { Some(0) } else { stop(chunk, may_be_cut) };
            let (plain, _) =
                chunk.split_at_checked(found.unwrap_or(chunk.len())).unwrap_or_default();
            said.extend(plain.iter().take(most.saturating_sub(said.len())));
            let Some(at) = found else {
                let count = chunk.len();
                self.take(count);
                continue;
            };
            let byte = chunk.get(at).copied().unwrap_or_default();
            match byte {
                b'\n' if may_be_cut => {
                    self.take(at);
                    return Ok(End::Cut);
                }
                b'"' if !escaped => {
                    self.take(at + 1);
                    return Ok(End::Closed);
                }
                other => {
                    escaped = !escaped && other == b'\\';
                    if said.len() < most {
                        said.push(other);
                    }
                    self.take(at + 1);
                }
            }
        }
    }

    /// Passes over what is left of a container of which `depth` brackets are open.
    pub(super) fn balanced(&mut self, first: u64, mut depth: u64) -> io::Result<End> {
        let mut significant = b'{';
        while depth > 0 {
            let mut last = self.last;
            let mut line = self.position.line;
            let chunk = self.chunk()?;
            if chunk.is_empty() {
                return Ok(End::File);
            }
            // Up to a string that is not plain, or to where this container or the line it started on ends.
            let mut count = 0;
            let mut string = false;
            while let Some(byte) = chunk.get(count) {
                match byte {
                    b'"' => {
                        let Some(length) = plain_string(chunk.get(count..).unwrap_or_default())
                        else {
                            string = true;
                            break;
                        };
                        count += length;
                        (last, significant) = (b'"', b'"');
                        continue;
                    }
                    b'{' if last == b'\n' && !matches!(significant, b'{' | b'[' | b',' | b':') => {
                        if line.checked_sub(1) == Some(first) {
                            self.take(count);
                            return Ok(End::Cut);
                        }
                        depth += 1;
                    }
                    b'{' | b'[' => depth += 1,
                    b'}' | b']' => depth -= 1,
                    _ => {}
                }
                count += 1;
                last = *byte;
                if !byte.is_ascii_whitespace() {
                    significant = *byte;
                }
                if depth == 0 || line == first && *byte == b'\n' {
                    break;
                }
                line += u64::from(*byte == b'\n');
            }
            self.take(count);
            if string {
                significant = b'"';
                let end = self.string(first, &mut Vec::new(), 0)?;
                if end != End::Closed {
                    return Ok(end);
                }
            }
        }
        Ok(End::Closed)
    }

    /// Passes over any value; white space before it is passed already.
    pub(super) fn value(&mut self, first: u64) -> io::Result<End> {
        match self.peek()? {
            Some(b'"') => self.string(first, &mut Vec::new(), 0),
            Some(b'{' | b'[') => {
                self.take(1);
                self.balanced(first, 1)
            }
            Some(_) => {
                self.pass(|b| !matches!(b, b',' | b'}' | b']' | b' ' | b'\n' | b'\t' | b'\r'))?;
                Ok(End::Closed)
            }
            None => Ok(End::File),
        }
    }
}

/// How many lines end here; most stretches are too short to call for vectors.
fn lines(taken: &[u8]) -> u64 {
    const SHORT: usize = 32;
    if taken.len() < SHORT {
        return taken.iter().map(|byte| u64::from(*byte == b'\n')).sum();
    }
    memchr::memchr_iter(b'\n', taken).count() as u64
}

/// How long the string is with which this begins, quotes included, if it is whole here, on one line, and without an escape: most
/// are.
fn plain_string(chunk: &[u8]) -> Option<usize> {
    let (_, inner) = chunk.split_first()?;
    let end = memchr::memchr3(b'"', b'\\', b'\n', inner)?;
    (inner.get(end) == Some(&b'"')).then_some(end + 2)
}

/// Where a string may end, or an escape in it starts; and where its line ends, if that matters.
fn stop(chunk: &[u8], line: bool) -> Option<usize> {
    if line {
        memchr::memchr3(b'"', b'\\', b'\n', chunk)
    } else {
        memchr::memchr2(b'"', b'\\', chunk)
    }
}
