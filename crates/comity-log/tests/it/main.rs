//! The promises of comity-log, seen from outside.
#![cfg(test)]

mod checkpoints;
mod cosignatures;
mod frontier;
mod fuzz;
mod names;
mod notes;
mod published;
mod subtrees;
mod support;
mod tiles;
mod tlog_proofs;
mod tree;
mod witness;
