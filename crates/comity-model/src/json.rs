//! JSON in which an object is written as an object.

use std::collections::BTreeMap;
use std::fmt::{self, Display};
use std::marker::PhantomData;
use std::str::FromStr;

use serde::de::Visitor;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;

/// Reads one JSON value and nothing after it. Readers of structures take a list of the members in their order as well; here
/// that is refused, at any depth: there is one way to write an object (docs/protocol.md section 3.1).
///
/// # Errors
/// What is wrong, as text.
pub(crate) fn read<'a, T: Deserialize<'a> + Serialize>(text: &'a str) -> Result<T, String> {
    let read: T = serde_json::from_str(text).map_err(|error| error.to_string())?;
    if is_as_written(text, &read) {
        return Ok(read);
    }
    let due = serde_json::to_value(&read).map_err(|error| error.to_string())?;
    has_the_objects(text, &due)?;
    Ok(read)
}

/// Whether `text` is what this software writes for the value that it read there. Then every object in it is written as one:
/// nothing has to be looked at member by member.
pub(crate) fn is_as_written<T: Serialize>(text: &str, read: &T) -> bool {
    serde_json::to_string(read).is_ok_and(|written| written == text)
}

/// Reads a value from its text form.
pub(crate) fn parsed<'de, T, D>(deserializer: D) -> Result<T, D::Error>
where
    T: FromStr<Err: Display>,
    D: Deserializer<'de>,
{
    deserializer.deserialize_str(Text(PhantomData))
}

/// Reads a `T` off a string, wherever that stands, without a copy of it.
struct Text<T>(PhantomData<T>);

impl<T: FromStr<Err: Display>> Visitor<'_> for Text<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<T, E> {
        text.parse().map_err(E::custom)
    }
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
