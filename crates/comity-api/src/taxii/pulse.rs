//! Whether a connection still lives: bytes that move, and requests that are being answered.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, sleep_until};

/// The pulse of one connection. Clones share it.
#[derive(Clone)]
pub(super) struct Pulse(Arc<Mutex<Beat>>);

struct Beat {
    /// When it was opened.
    opened: Instant,
    /// When a byte moved last, either way.
    moved: Instant,
    /// Whether a request came at all.
    asked: bool,
    /// Requests that are being answered.
    answering: usize,
}

impl Pulse {
    pub(super) fn new() -> Self {
        let now = Instant::now();
        Self(Arc::new(Mutex::new(Beat { opened: now, moved: now, asked: false, answering: 0 })))
    }

    /// A request is being answered until what this gives is dropped.
    pub(super) fn answering(&self) -> Answering {
        self.with(|it| (it.asked, it.answering) = (true, it.answering + 1));
        Answering(self.clone())
    }

    /// Waits until, for `idle`, no byte has moved while nothing was being answered, or until then nothing was asked at all.
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

    fn moved(&self) {
        self.with(|it| it.moved = Instant::now());
    }

    fn with<T>(&self, act: impl FnOnce(&mut Beat) -> T) -> T {
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// A request that is being answered.
pub(super) struct Answering(Pulse);

impl Drop for Answering {
    fn drop(&mut self) {
        self.0.with(|it| {
            it.answering = it.answering.saturating_sub(1);
            it.moved = Instant::now();
        });
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
