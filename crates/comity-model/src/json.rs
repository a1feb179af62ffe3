//! JSON in which an object is written as an object.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Reads one JSON value and nothing after it. Readers of structures take a list of the members in their order as well; here
/// that is refused, at any depth: there is one way to write an object (docs/protocol.md section 3.1).
///
/// # Errors
/// What is wrong, as text.
pub(crate) fn read<'a, T: Deserialize<'a> + Serialize>(text: &'a str) -> Result<T, String> {
    let read: T = serde_json::from_str(text).map_err(|error| error.to_string())?;
    let written: Value = serde_json::from_str(text).map_err(|error| error.to_string())?;
    let due = serde_json::to_value(&read).map_err(|error| error.to_string())?;
    if has_the_objects(&written, &due) {
        Ok(read)
    } else {
        Err("a list stands where an object belongs".to_owned())
    }
}

/// Whether `written` has an object wherever `due` has one. Members that `written` leaves out have a value that is implied.
fn has_the_objects(written: &Value, due: &Value) -> bool {
    match (written, due) {
        (Value::Object(written), Value::Object(due)) => due.iter().all(|(name, due)| {
            written.get(name).is_none_or(|written| has_the_objects(written, due))
        }),
        (_, Value::Object(_)) => false,
        (Value::Array(written), Value::Array(due)) => {
            written.iter().zip(due).all(|(written, due)| has_the_objects(written, due))
        }
        _ => true,
    }
}
