//! Tests of the tables.

mod observable;
mod standard;
