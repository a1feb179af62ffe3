//! The language of patterns: what is read, what is refused and where, how it is printed.

pub(crate) mod arbitrary;
mod canonical;
mod numbers;
mod refused;
