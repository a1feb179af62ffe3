//! Health, readiness and metrics of a node over HTTP, on a socket of its own.
//!
//! `/healthz` says that the process lives, `/readyz` whether the node can work, `/metrics` how it fares. Nothing else is
//! here: no holding, no statement, no account. The listener has no TLS and knows no party and no key, so that nothing a
//! partner holds opens anything on it.

mod api;
mod language;
mod problem;
mod readiness;
mod routes;
mod serve;
mod taxii;

pub use api::{Api, router};
pub use language::Language;
pub use readiness::{Check, Readiness};
pub use serve::{ApiLimits, serve};
pub use taxii::{Peer, Taxii, TaxiiSettings};
