//! What the tables of the standard say of a value, by where it stands.

use comity_stix::json::Value;
use comity_stix::types::{self, Kind, Property, Shape, Type, common};

/// The kind of a value; `None` where no table speaks of it. Of an element of a list it is that of the elements.
pub(super) fn kind_of(value: Value<'_, '_>) -> Option<&'static Kind> {
    let mut steps: Vec<Value<'_, '_>> = std::iter::successors(Some(value), Value::parent).collect();
    let mut here = Here::Object(type_of(steps.pop()?)?);
    for step in steps.into_iter().rev() {
        here = here.step(step)?;
    }
    match here {
        Here::Value(kind) => Some(kind),
        Here::Object(_) | Here::Extensions(_) | Here::Shape(_) => None,
    }
}

/// The table of an object's type.
pub(super) fn type_of(object: Value<'_, '_>) -> Option<&'static Type> {
    object.child("type").and_then(|name| name.text()).and_then(|name| types::find(&name))
}

/// Where one is on the way down.
enum Here {
    /// At an object of a type.
    Object(&'static Type),
    /// At its extensions.
    Extensions(&'static Type),
    /// At an object within it.
    Shape(&'static Shape),
    /// At anything else.
    Value(&'static Kind),
}

impl Here {
    fn step(&self, to: Value<'_, '_>) -> Option<Self> {
        let kind = match self {
            Self::Object(type_) => {
                let key = to.key()?;
                let kind = named(&type_.own, &key).or_else(|| named(&common::COMMON, &key))?;
                if matches!(kind, Kind::Extensions) {
                    return Some(Self::Extensions(type_));
                }
                kind
            }
            Self::Extensions(type_) => {
                let key = to.key()?;
                let known = type_.extensions.iter().find(|known| known.shape.name == key)?;
                return Some(Self::Shape(known.shape));
            }
            Self::Shape(shape) => named(shape, &to.key()?)?,
            Self::Value(Kind::List(kind) | Kind::Dictionary(kind) | Kind::Names(kind)) => kind,
            Self::Value(Kind::Hashes) => &Kind::Hashes,
            Self::Value(Kind::Container) => return type_of(to).map(Self::Object),
            Self::Value(_) => return None,
        };
        Some(match kind {
            Kind::Object(shape) => Self::Shape(shape),
            Kind::Either(kinds) => Self::Value(kinds.iter().find(|it| matches!(it, Kind::Text))?),
            kind => Self::Value(kind),
        })
    }
}

fn named(shape: &'static Shape, key: &str) -> Option<&'static Kind> {
    let property: Option<&Property> = shape.properties.iter().find(|it| it.name == key);
    property.map(|property| &property.kind)
}
