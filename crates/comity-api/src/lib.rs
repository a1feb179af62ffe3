//! What a node serves over HTTP, each on a socket of its own: its health, and TAXII 2.1 for this party's own programs and units.
//!
//! Health: `/healthz` says that the process lives, `/readyz` whether the node can work, `/metrics` how it fares. That listener
//! has no TLS and knows no party and no key, so that nothing a partner holds opens anything on it. TAXII: [`Taxii`] answers,
//! [`serve_taxii`] listens; its accounts are this party's own and none of them is a partner's.

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
pub use taxii::{
    Peer, Taxii, TaxiiLimits, TaxiiSettings, TaxiiTls, TaxiiTlsError, key_of_certificate,
    serve_taxii,
};
