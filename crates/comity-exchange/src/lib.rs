//! The use cases of a Comity node, one function for each step of a release, and the ports they need.
//!
//! `import -> hold -> compose -> decide -> approve -> seal -> dispatch | receive -> verify -> quarantine -> admit ->
//! acknowledge | settle`

pub mod ports;
