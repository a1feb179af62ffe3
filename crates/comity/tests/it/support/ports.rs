//! Ports that nobody else takes while a test has not bound them yet.

use std::net::TcpListener;
use std::sync::atomic::{AtomicU32, Ordering};

/// Below the range from which the system gives ports to outgoing connections.
const FIRST: u32 = 10_000;
const COUNT: u32 = 20_000;
/// Ports that one process may try before it comes into the range of the next one.
const SHARE: u32 = 16;

/// A port of 127.0.0.1 that is free. Each process looks at another place first, so that tests that run at the
/// same time do not meet.
pub(crate) fn free_port() -> u16 {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let start = std::process::id().wrapping_mul(SHARE);
    (0..COUNT)
        .find_map(|_| {
            let offset = start.wrapping_add(NEXT.fetch_add(1, Ordering::Relaxed)) % COUNT;
            let port = u16::try_from(FIRST + offset).ok()?;
            TcpListener::bind(("127.0.0.1", port)).ok().map(|_| port)
        })
        .expect("a free port")
}
