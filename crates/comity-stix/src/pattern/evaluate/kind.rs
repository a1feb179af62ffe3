//! What the tables of types tell about the property at the end of a path.

use crate::pattern::ast::{Constant, ObjectPath, Step};
use crate::types::{self, Kind};

/// Whether a string at the end of a path may be compared with a constant (section 9.2). Timestamps and strings look the
/// same in JSON, so that the type of the property decides; where the tables do not know it, as in custom objects and
/// behind references, the value does.
pub(super) fn goes_with(path: &ObjectPath, constant: &Constant) -> bool {
    let is_time = match constant {
        Constant::Timestamp(_) => true,
        Constant::Text(_) | Constant::Hex(_) | Constant::Binary(_) => false,
        Constant::Boolean(_) | Constant::Number(_) => return true,
    };
    match kind(path) {
        Some(Kind::Timestamp | Kind::FineTimestamp | Kind::SecondTimestamp) => is_time,
        None | Some(Kind::Any | Kind::Either(_) | Kind::Extensions | Kind::Container) => true,
        Some(_) => !is_time,
    }
}

fn kind(path: &ObjectPath) -> Option<Kind> {
    let type_ = types::find(&path.object_type)?;
    let mut steps = path.steps.iter();
    let Some(Step::Property(first)) = steps.next() else { return None };
    let mut kind = type_.own.properties.iter().find(|property| property.name == first)?.kind;
    for step in steps {
        kind = match (kind, step) {
            (Kind::List(element), Step::Index(_) | Step::Any) => *element,
            (Kind::Object(shape), Step::Property(name)) => {
                shape.properties.iter().find(|property| property.name == name)?.kind
            }
            (Kind::Dictionary(value) | Kind::Names(value), Step::Property(_)) => *value,
            (Kind::Hashes, Step::Property(_)) => Kind::Text,
            _ => return None,
        };
    }
    Some(kind)
}
