//! The use cases of a Comity node, one function for each step of a release, and the ports they need.
//!
//! ```text
//! import -> hold -> compose -> decide -> approve -> seal -> dispatch
//!                          | receive -> verify -> quarantine -> admit -> acknowledge | settle
//! ```
//!
//! Each step is a function of that name in the module of that name. What a step needs of the world it asks of a port
//! ([`ports`]); this crate knows no socket, no SQL and no file.

pub mod access;
pub mod account;
pub mod acknowledge;
pub mod admit;
pub mod advice;
pub mod agreement;
pub mod approve;
pub mod audit;
pub mod ceilings;
pub mod collection;
pub mod compose;
pub mod consent;
pub mod contact;
pub mod courier;
pub mod decide;
pub mod descriptor;
pub mod dispatch;
mod error;
pub mod evidence;
mod failpoint;
pub mod feed;
pub mod grounds;
pub mod hold;
pub mod import;
pub mod journal;
pub mod keys;
pub mod kinds;
pub mod legal_hold;
pub mod matter;
mod node;
pub mod opencti;
pub mod opening;
pub mod partner;
mod parts;
pub mod pattern;
pub mod payload;
pub mod ports;
pub mod posting;
pub mod propose;
pub mod provenance;
pub mod purge;
mod quarantine;
pub mod recall;
pub mod receive;
pub mod reciprocity;
pub mod record;
pub mod recovery;
pub mod request;
pub mod seal;
mod settle;
pub mod standing;
pub mod trial;
pub mod unit;
mod verify;
pub mod view;
pub mod worker;

pub use error::{ExchangeError, Result};
pub use failpoint::{FAIL_POINTS, fail_point};
pub use node::{Node, Ports};
