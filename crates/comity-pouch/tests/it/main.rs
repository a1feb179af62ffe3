//! What users of the crate are promised, one module for each promise's subject.

mod approval;
mod archive;
mod descriptor;
mod dsse;
mod hybrid;
mod keyfile;
mod pouch;
mod properties;
mod seal;
mod support;
mod vectors;
mod words;
