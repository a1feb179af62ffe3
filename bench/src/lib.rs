//! What a Comity node does in a second, beside its peers. The benches are run by `scripts/bench NAME`; this library is empty.
