//! The program as its users and its partners meet it.
#![cfg(test)]

mod arrows;
mod cli;
mod demo;
mod memory;
#[cfg(feature = "testkit")]
mod support;
#[cfg(feature = "testkit")]
mod wire;
