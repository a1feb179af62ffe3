//! Tests of the tables.

mod domain;
mod observable;
mod sections;
mod standard;
mod tables;
mod vocabulary;
