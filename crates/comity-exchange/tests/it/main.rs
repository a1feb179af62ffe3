//! What two nodes may rely on, with real stores and real keys in one process.
#![cfg(test)]

mod advice;
mod agreements;
mod approvals;
mod consents;
mod consume_without_effect;
mod couriers;
mod crossing;
mod exchange_model;
mod history;
mod import;
mod invariants;
mod journey;
mod labels;
mod names;
mod opening;
mod order;
mod owner_decides;
mod quotas;
mod receipts;
mod reciprocity;
mod redaction;
mod refuse_at_the_door;
<<<<<<< HEAD
mod requests;
=======
mod retention;
>>>>>>> c4d9d96 (custody: what a partner released is purged when its term is over, with tombstones beside the database; legal holds and early recalls freeze it for every reader)
mod support;
mod tampered;
