//! JSON in which an object is written as an object.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;

/// Reads one JSON value and nothing after it. Readers of structures take a list of the members in their order as well; here
/// that is refused, at any depth: there is one way to write an object (docs/protocol.md section 3.1).
///
/// # Errors
/// What is wrong, as text.
pub(crate) fn read<'a, T: Deserialize<'a> + Serialize>(text: &'a str) -> Result<T, String> {
    let read: T = serde_json::from_str(text).map_err(|error| error.to_string())?;
    let due = serde_json::to_value(&read).map_err(|error| error.to_string())?;
    has_the_objects(text, &due)?;
    Ok(read)
}

/// Checks that `text`, which was read, has an object wherever `due` has one. Members that the text leaves out have a value
/// that is implied; of what `due` has no object in nothing but the frame is looked at.
///
/// # Errors
/// That it has not.
pub(crate) fn has_the_objects(text: &str, due: &Value) -> Result<(), String> {
    match due {
        Value::Object(due) => {
            let members: BTreeMap<String, &RawValue> = serde_json::from_str(text)
                .map_err(|_| "a list stands where an object belongs".to_owned())?;
            let both = due.iter().filter_map(|(name, due)| Some((members.get(name)?, due)));
            both.into_iter().try_for_each(|(member, due)| has_the_objects(member.get(), due))
        }
        Value::Array(due) if due.iter().any(|it| it.is_object() || it.is_array()) => {
            let elements: Vec<&RawValue> =
                serde_json::from_str(text).map_err(|error| error.to_string())?;
            elements.iter().zip(due).try_for_each(|(it, due)| has_the_objects(it.get(), due))
        }
        _ => Ok(()),
    }
}
