//! The API listener over real sockets of this machine.
#![cfg(test)]

mod fuzz;
mod listener;
mod resources;
mod support;
mod taxii;
