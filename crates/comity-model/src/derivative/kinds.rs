//! What the tables of the standard say of a value, by where it stands.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use comity_stix::assigned;
use comity_stix::json::Value;
use comity_stix::types::{self, Class, Kind, Property, Shape, Type, common, vocabulary};

use super::hidden::WORDS;

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

/// Whether values of a kind are terms or codes from a list, which are no secrets.
pub(super) const fn lists_terms(kind: Option<&Kind>) -> bool {
    matches!(
        kind,
        Some(
            Kind::Enum(_)
                | Kind::Open(_)
                | Kind::Literal(_)
                | Kind::TypeName
                | Kind::SpecVersion
                | Kind::Lang
                | Kind::MediaType
                | Kind::Charset
                | Kind::Country
                | Kind::Subdivision
                | Kind::Protocol
                | Kind::Selector
        )
    )
}

/// Whether a value is a term or a code by its property, so that it tells nothing by standing elsewhere too. Where a place is
/// named anything may stand, a street too: there the value itself has to be one.
pub(super) fn is_listed(value: Value<'_, '_>) -> bool {
    let text = || value.text().unwrap_or_default();
    match kind_of(value) {
        Some(Kind::Country) => assigned::is_country(&text()),
        Some(Kind::Subdivision) => assigned::is_subdivision(&text()),
        Some(Kind::Open(list)) if list.name == vocabulary::REGION.name => {
            list.values.contains(&&*text())
        }
        kind => lists_terms(kind),
    }
}

/// Words of streets and of single places: a text with one of them names no state and no country.
const PLACED: &str = "apartado autopista av avda ave avenida barrio blvd boulevard bulevar calle calz \
    calzada camino carretera col colonia cp ejido fracc fraccionamiento highway hwy km \
    lane lote manzana rancho rd road st street suite zip";

/// Whether a folded text can be the name of a state, a country or a region, and is no address.
pub(super) fn is_area(folded: &str) -> bool {
    let is_named = |it: char| it.is_alphabetic() || matches!(it, ' ' | '-' | '.' | '\'');
    let mut words = folded.split(|it: char| !it.is_alphabetic());
    folded.chars().all(is_named) && !words.any(|word| PLACED.split(' ').any(|it| it == word))
}

/// Whether a folded value is such a term: of an open vocabulary only what stands in it.
pub(super) fn is_term(kind: Option<&Kind>, folded: &str) -> bool {
    match kind {
        Some(Kind::Open(_)) => WORDS.contains(folded),
        kind => lists_terms(kind),
    }
}

/// Whether values of a kind are encoded bytes, parts of which say nothing.
pub(super) const fn is_coded(kind: Option<&Kind>) -> bool {
    matches!(kind, Some(Kind::Hashes | Kind::Hex | Kind::Binary))
}

/// Whether a key is the name of a property or an extension of the standard.
pub(super) fn is_property(key: &str) -> bool {
    ALL_NAMES.contains(key)
}

/// The names of all properties and extensions of the standard.
pub(super) fn property_names() -> impl Iterator<Item = &'static str> {
    ALL_NAMES.iter().copied()
}

static ALL_NAMES: LazyLock<BTreeSet<&str>> = LazyLock::new(|| {
    let mut names = BTreeSet::new();
    note(&common::COMMON, &mut names);
    for type_ in types::all() {
        note(&type_.own, &mut names);
        for extension in type_.extensions {
            names.insert(extension.shape.name);
            note(extension.shape, &mut names);
        }
    }
    names
});

/// Whether a text is what an observable is: of that only subjects, bodies and names that are shown can have gaps.
pub(super) fn is_observed(value: Value<'_, '_>) -> bool {
    let steps = std::iter::successors(Some(value), Value::parent);
    let mut steps: Vec<Value<'_, '_>> = steps.collect();
    let is_observable =
        |it: Value<'_, '_>| type_of(it).is_some_and(|it| it.class == Class::Observable);
    let Some(object) = steps.iter().position(|it| is_observable(*it)) else { return false };
    steps.truncate(object);
    let Some(key) = steps.last().and_then(Value::key) else { return false };
    !matches!(&*key, "body" | "display_name" | "labels" | "subject")
}

/// Notes the names of a shape's properties and of those within them.
fn note(shape: &'static Shape, names: &mut BTreeSet<&'static str>) {
    for property in shape.properties {
        names.insert(property.name);
        let mut kind = &property.kind;
        while let Kind::List(within) | Kind::Dictionary(within) | Kind::Names(within) = kind {
            kind = within;
        }
        if let Kind::Object(shape) = kind {
            note(shape, names);
        }
    }
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
