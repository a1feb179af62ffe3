//! What a request carries: nothing, bytes in memory, or a range that is read from the disk while it is sent.

use std::io::{self, Read};
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use hyper::body::{Body, Frame, SizeHint};
use tokio::sync::mpsc;
use tokio::task::{JoinHandle, spawn_blocking};

use crate::wire::ContentRange;

/// Bytes that are read from the disk at a time.
const PIECE: usize = 256 << 10;
/// Pieces that may wait for the line.
const WAITING: usize = 4;

/// A request's body, with the range that it is.
#[derive(Debug)]
pub(super) struct Outgoing {
    pub(super) range: Option<ContentRange>,
    content: Content,
    left: u64,
}

#[derive(Debug)]
enum Content {
    Whole(Bytes),
    Pieces(mpsc::Receiver<io::Result<Bytes>>),
}

/// A large pouch, read once from its beginning to its end.
pub(super) type Reader = Box<dyn Read + Send>;

impl Outgoing {
    pub(super) const fn none() -> Self {
        Self { range: None, content: Content::Whole(Bytes::new()), left: 0 }
    }

    /// A range that is in memory.
    pub(super) const fn bytes(range: ContentRange, bytes: Bytes) -> Self {
        let left = bytes.len() as u64;
        Self { range: Some(range), content: Content::Whole(bytes), left }
    }

    /// A range that `reader` stands before. The reader comes back when it has been read.
    pub(super) fn pieces(range: ContentRange, reader: Reader) -> (Self, JoinHandle<Reader>) {
        let (to_line, pieces) = mpsc::channel(WAITING);
        let reading = spawn_blocking(move || read(reader, range.length(), &to_line));
        (
            Self { range: Some(range), content: Content::Pieces(pieces), left: range.length() },
            reading,
        )
    }

    /// The same body once more, where that can be had.
    pub(super) fn again(&self) -> Option<Self> {
        match &self.content {
            Content::Whole(bytes) if bytes.len() as u64 == self.left => Some(Self {
                range: self.range,
                content: Content::Whole(bytes.clone()),
                left: self.left,
            }),
            _ => None,
        }
    }

    pub(super) const fn len(&self) -> u64 {
        self.left
    }
}

fn read(mut reader: Reader, len: u64, to_line: &mpsc::Sender<io::Result<Bytes>>) -> Reader {
    let mut left = len;
    while left > 0 {
        let mut piece = Vec::new();
        let want = left.min(PIECE as u64);
        let result = match reader.by_ref().take(want).read_to_end(&mut piece) {
            Ok(read) if read as u64 == want => Ok(Bytes::from(piece)),
            Ok(_) => Err(io::ErrorKind::UnexpectedEof.into()),
            Err(error) => Err(error),
        };
        left = if result.is_ok() { left - want } else { 0 };
        if to_line.blocking_send(result).is_err() {
            break;
        }
    }
    reader
}

impl Body for Outgoing {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        if self.left == 0 {
            return Poll::Ready(None);
        }
        let next = match &mut self.content {
            Content::Whole(bytes) => Some(Ok(std::mem::take(bytes))),
            Content::Pieces(pieces) => std::task::ready!(pieces.poll_recv(context)),
        };
        let bytes = next.unwrap_or_else(|| Err(io::ErrorKind::UnexpectedEof.into()))?;
        self.left = self.left.saturating_sub(bytes.len() as u64);
        Poll::Ready(Some(Ok(Frame::data(bytes))))
    }

    fn is_end_stream(&self) -> bool {
        self.left == 0
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left)
    }
}
