//! What a Comity node does in a second, beside its peers; and whether it judges STIX as they do.
//!
//! The benches are run by `scripts/bench NAME`, the cross-checks by the tests of this package. This
//! library is what the two share: [`peers`] are other people's programs, [`corpus`] makes what all of
//! them are given, [`machine`] says on what they ran, [`figures`] writes what came of it. `scripts/setup test` installs the peers.

pub mod corpus;
pub mod figures;
pub mod machine;
pub mod peers;
