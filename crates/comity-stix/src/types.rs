//! The types of the standard, as tables.
//!
//! A [`Type`] lists the properties of one type of object: what each may hold, whether it is required, what they demand
//! of each other, and where the standard says so. The check, the JSON schemas, the reference pages in docs/stix and
//! whoever redacts or edits objects all read these tables; none of them knows a type by its name. Adding a type is
//! adding a table and naming it in the list of its group.
//!
//! One file holds one group of types: `types/domain/`, `types/observable/`, `types/relationship.rs`, `types/meta.rs`.

pub mod common;
pub(crate) mod custom;
mod domain;
mod json_schema;
mod make;
mod meta;
mod model;
mod observable;
mod relationship;
#[cfg(test)]
mod tests;
pub mod vocabulary;
mod words;

pub use json_schema::json_schema;
pub(crate) use make::LARGEST;
pub use model::{
    Both, Choice, Class, Extension, Kind, Presence, Property, Relationship, Rule, Scalar, Shape,
    Special, Strength, Targets, Type, Vocabulary,
};

/// Every type of the standard, in its order: section 4, 5, 6, 7 and 8.
pub fn all() -> impl Iterator<Item = &'static Type> {
    [domain::ALL, relationship::ALL, observable::ALL, meta::ALL].into_iter().flatten().copied()
}

/// The table of a type, by its name.
pub fn find(name: &str) -> Option<&'static Type> {
    all().find(|type_| type_.name == name)
}
