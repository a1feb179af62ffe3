//! The link over real sockets of this machine, with what stands behind it in memory.
#![cfg(test)]

mod courier;
mod fuzz;
mod handshake;
mod outbox;
mod requests;
mod resume;
mod share;
mod support;
mod upload;
