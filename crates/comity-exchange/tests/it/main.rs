//! What two nodes may rely on, with real stores and real keys in one process.

mod journey;
mod refuse_at_the_door;
mod support;
