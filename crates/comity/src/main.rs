//! The node: configuration, command line and wiring.
fn main() {}
