//! What two nodes may rely on, with real stores and real keys in one process.
#![cfg(test)]

mod advice;
mod agreements;
mod amendments;
mod approvals;
mod consents;
mod consume_without_effect;
mod contacts;
mod couriers;
mod crossing;
mod descriptors;
mod evidence;
mod exchange_model;
mod history;
mod import;
mod invariants;
mod journey;
mod labels;
mod matrix;
mod names;
mod opening;
mod order;
mod owner_decides;
mod proposals;
mod provenance;
mod quotas;
mod recalls;
mod receipts;
mod reciprocity;
mod redaction;
mod refuse_at_the_door;
mod requests;
mod retention;
mod support;
mod suspension;
mod tampered;
