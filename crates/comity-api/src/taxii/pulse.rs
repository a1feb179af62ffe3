//! Whether a connection still lives: bytes that move, and requests that are being answered.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, HttpBody};
use axum::http::Version;
use axum::response::Response;
use bytes::Bytes;
use hyper::body::{Frame, SizeHint};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::sync::Notify;
use tokio::time::{Instant, sleep_until};

/// Bytes of a body that HTTP/2 is given at one time: the next part goes when the client made room for it.
const PART: usize = 64 << 10;

/// The pulse of one connection. Clones share it.
#[derive(Clone)]
pub(super) struct Pulse(Arc<Inner>);

struct Inner {
    beat: Mutex<Beat>,
    /// Told when the connection is to make room for another.
    leave: Notify,
}

struct Beat {
    /// When it was opened.
    opened: Instant,
    /// When something moved last, either way: a byte, and of HTTP/2 a part of a body, for its other frames cost a client
    /// nothing and ask for nothing.
    moved: Instant,
    /// Whether a request came at all.
    asked: bool,
    /// Whether it speaks HTTP/2.
    framed: bool,
    /// Requests that are being answered.
    answering: usize,
}

impl Pulse {
    pub(super) fn new() -> Self {
        let now = Instant::now();
        let beat = Beat { opened: now, moved: now, asked: false, framed: false, answering: 0 };
        Self(Arc::new(Inner { beat: Mutex::new(beat), leave: Notify::new() }))
    }

    /// A request is being answered until what this gives is dropped.
    pub(super) fn answering(&self, version: Version) -> Answering {
        self.with(|it| {
            it.asked = true;
            it.framed = version == Version::HTTP_2;
            it.answering += 1;
        });
        Answering(self.clone())
    }

    /// Waits until, for `idle`, nothing has moved while nothing was being answered, or until then nothing was asked at all, or
    /// until the connection is to make room.
    pub(super) async fn stops(&self, idle: Duration) {
        loop {
            let until = self.with(|it| match (it.answering, it.asked) {
                (0, true) => it.moved + idle,
                (0, false) => it.opened + idle,
                _ => Instant::now() + idle,
            });
            if until <= Instant::now() {
                return;
            }
            sleep_until(until).await;
        }
    }

    /// Waits until the connection is to make room.
    pub(super) async fn leaves(&self) {
        self.0.leave.notified().await;
    }

    /// Asks the connection to make room.
    pub(super) fn leave(&self) {
        self.0.leave.notify_one();
    }

    /// Since when nothing has moved; `None` while a request is being answered.
    pub(super) fn idle_since(&self) -> Option<Instant> {
        self.with(|it| (it.answering == 0).then_some(it.moved))
    }

    fn moved(&self) {
        self.with(|it| {
            if !it.framed {
                it.moved = Instant::now();
            }
        });
    }

    fn with<T>(&self, act: impl FnOnce(&mut Beat) -> T) -> T {
        act(&mut self.0.beat.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// A request that is being answered.
pub(super) struct Answering(Pulse);

impl Answering {
    /// The answer as it goes out: of HTTP/2 in parts, each of which is felt in the pulse.
    pub(super) fn with_answer(self, answer: Response) -> Response {
        let (pulse, framed) = (self.0.clone(), self.0.with(|it| it.framed));
        drop(self);
        if !framed {
            return answer;
        }
        answer.map(|body| Body::new(Parted { body, rest: Bytes::new(), pulse }))
    }
}

impl Drop for Answering {
    fn drop(&mut self) {
        self.0.with(|it| {
            it.answering = it.answering.saturating_sub(1);
            it.moved = Instant::now();
        });
    }
}

/// A body that is given in parts.
struct Parted {
    body: Body,
    rest: Bytes,
    pulse: Pulse,
}

impl HttpBody for Parted {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        if self.rest.is_empty() {
            match std::task::ready!(Pin::new(&mut self.body).poll_frame(cx)) {
                Some(Ok(frame)) => match frame.into_data() {
                    Ok(data) => self.rest = data,
                    Err(other) => return Poll::Ready(Some(Ok(other))),
                },
                other => return Poll::Ready(other),
            }
        }
        self.pulse.with(|it| it.moved = Instant::now());
        let size = self.rest.len().min(PART);
        Poll::Ready(Some(Ok(Frame::data(self.rest.split_to(size)))))
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty() && self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        let rest = self.rest.len() as u64;
        let body = self.body.size_hint();
        let mut hint = SizeHint::new();
        hint.set_lower(body.lower() + rest);
        if let Some(upper) = body.upper() {
            hint.set_upper(upper + rest);
        }
        hint
    }
}

/// A stream whose bytes are felt in a pulse.
pub(super) struct Beating<S> {
    stream: S,
    pulse: Pulse,
}

impl<S> Beating<S> {
    pub(super) const fn new(stream: S, pulse: Pulse) -> Self {
        Self { stream, pulse }
    }

    fn written(&self, polled: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        if matches!(polled, Poll::Ready(Ok(1..))) {
            self.pulse.moved();
        }
        polled
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Beating<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let polled = Pin::new(&mut self.stream).poll_read(cx, buffer);
        if buffer.filled().len() > before {
            self.pulse.moved();
        }
        polled
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Beating<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let polled = Pin::new(&mut self.stream).poll_write(cx, bytes);
        self.written(polled)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let polled = Pin::new(&mut self.stream).poll_write_vectored(cx, bytes);
        self.written(polled)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
