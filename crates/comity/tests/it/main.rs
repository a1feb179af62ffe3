//! The program as its users and its partners meet it.
#![cfg(test)]

mod arrows;
#[cfg(feature = "testkit")]
mod audit;
mod cli;
#[cfg(feature = "testkit")]
mod consent;
#[cfg(feature = "testkit")]
mod crash;
mod demo;
#[cfg(feature = "testkit")]
mod evidence;
#[cfg(feature = "testkit")]
mod exercise;
#[cfg(feature = "testkit")]
mod feeds;
mod memory;
#[cfg(feature = "testkit")]
mod patterns;
#[cfg(feature = "pkcs11")]
mod pkcs11;
#[cfg(feature = "testkit")]
mod processes;
mod readme;
#[cfg(feature = "testkit")]
mod recovery;
#[cfg(feature = "testkit")]
mod requests;
#[cfg(feature = "testkit")]
mod rotation;
#[cfg(feature = "testkit")]
mod support;
#[cfg(feature = "testkit")]
mod taxii;
#[cfg(feature = "testkit")]
mod wire;
