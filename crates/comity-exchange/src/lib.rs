//! The use cases of a Comity node, step by step, and the ports they need.
