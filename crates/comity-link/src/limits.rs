//! What the listener takes from one partner, and how long it waits.

use std::time::Duration;

/// The limits of docs/protocol.md section 5. The defaults are those of the protocol; tests make them smaller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LinkLimits {
    /// Time for the TLS handshake.
    pub handshake: Duration,
    /// Handshakes under way at one time, of everybody together; more wait unaccepted.
    pub handshakes: usize,
    /// Time in which the header of a request must be whole, and for which a connection may lie idle.
    pub idle: Duration,
    /// Age at which a connection is closed after the request that is under way.
    pub age: Duration,
    /// Connections of one partner; one more is refused.
    pub connections: usize,
    /// Bytes of one range.
    pub range: u64,
    /// Bytes up to which a pouch is small. Larger ones are bulk, of which a partner sends one at a time.
    pub small: u64,
    /// Bytes of a partner's spool that only small pouches may use.
    pub reserve: u64,
    /// Bytes a second that a body must bring.
    pub rate: u64,
    /// Time from the beginning of a body in which the rate is not asked for.
    pub grace: Duration,
    /// Time over which the rate is measured.
    pub window: Duration,
    /// Time between two reports of strangers.
    pub strangers: Duration,
    /// Time that open requests get when the listener stops.
    pub farewell: Duration,
}

impl Default for LinkLimits {
    fn default() -> Self {
        Self {
            handshake: Duration::from_secs(10),
            handshakes: 256,
            idle: Duration::from_mins(1),
            age: Duration::from_hours(1),
            connections: 4,
            range: 64 << 20,
            small: 1 << 20,
            reserve: 64 << 20,
            rate: 16 << 10,
            grace: Duration::from_secs(10),
            window: Duration::from_secs(5),
            strangers: Duration::from_mins(1),
            farewell: Duration::from_secs(5),
        }
    }
}
