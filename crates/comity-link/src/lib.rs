//! The courier between nodes: mutual TLS with pinned keys, resumable pouches, one outbox worker per partner.
//!
//! [`serve`] is the link listener: it takes pouches in and answers two questions, what became of a pouch and
//! where the caller's own channel stands, and has no other route (docs/protocol.md section 5). [`HttpCourier`] is
//! the other end of it. [`worker`] empties one partner's outbox. What the answers are is decided elsewhere, behind
//! [`LinkService`] and [`Dispatch`]; nothing here opens a pouch.

mod answer;
mod courier;
mod house;
mod limits;
mod listener;
mod outbox;
mod pins;
mod problem;
mod running;
mod service;
mod tls;
mod wire;

pub use answer::{head_of, status_of};
pub use courier::{CourierLimits, Directory, HttpCourier};
pub use house::{NodeDispatch, NodeService};
pub use limits::LinkLimits;
pub use listener::serve;
pub use outbox::{Backoff, Dispatch, DispatchError, Dispatched, WorkerPace, worker};
pub use pins::{Pin, Pins, link_pins};
pub use running::{LinkSettings, Partners, run};
pub use service::{LinkFault, LinkService};
pub use tls::{LinkIdentity, TlsError, server_config};
pub use wire::{ContentRange, RangeError, Route};
