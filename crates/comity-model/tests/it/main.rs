//! What the crate says of itself, and what the published pages say of it.
#![cfg(test)]

mod conduct_page;
mod conduct_parts;
mod fuzz;
