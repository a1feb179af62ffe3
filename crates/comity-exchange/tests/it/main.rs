//! What two nodes may rely on, with real stores and real keys in one process.

mod consume_without_effect;
mod journey;
mod order;
mod refuse_at_the_door;
mod support;
