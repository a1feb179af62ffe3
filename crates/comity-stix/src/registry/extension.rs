//! An extension and what it defines.

use crate::schema::Schema;
use crate::timestamp::Stamp;
use crate::types::Class;

/// The kinds of extensions (section 10.5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ExtensionType {
    /// A new domain object.
    NewSdo,
    /// A new cyber-observable object.
    NewSco,
    /// A new relationship object.
    NewSro,
    /// Properties under the extension's key.
    Property,
    /// Properties at the top of objects.
    ToplevelProperty,
}

impl ExtensionType {
    /// All of them, in the order of the standard.
    pub const ALL: [Self; 5] =
        [Self::NewSdo, Self::NewSco, Self::NewSro, Self::Property, Self::ToplevelProperty];

    /// The kind of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }

    /// Its name in the standard.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NewSdo => "new-sdo",
            Self::NewSco => "new-sco",
            Self::NewSro => "new-sro",
            Self::Property => "property-extension",
            Self::ToplevelProperty => "toplevel-property-extension",
        }
    }

    /// The class of the objects it makes, if it makes objects.
    pub fn class(self) -> Option<Class> {
        match self {
            Self::NewSdo => Some(Class::Domain),
            Self::NewSco => Some(Class::Observable),
            Self::NewSro => Some(Class::Relationship),
            Self::Property | Self::ToplevelProperty => None,
        }
    }
}

/// An extension that is known (section 7.3).
#[derive(Debug, Clone)]
pub struct Extension {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) description: Option<String>,
    pub(super) version: String,
    pub(super) modified: String,
    pub(super) kinds: Vec<ExtensionType>,
    pub(super) properties: Vec<String>,
    pub(super) types: Vec<String>,
    pub(super) value: Option<Schema>,
    pub(super) objects: Vec<(ExtensionType, Schema)>,
    pub(super) checked: bool,
}

impl Extension {
    /// The id of its definition, which is its key in objects.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// What its makers call it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What its makers say of it.
    pub fn description(&self) -> Option<&str> {
        self.description.as_deref()
    }

    /// `version` of its definition.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// `extension_types` of its definition.
    pub fn kinds(&self) -> &[ExtensionType] {
        &self.kinds
    }

    /// The names it adds at the top of objects: `extension_properties`, or where that is missing what its schema names.
    pub fn properties(&self) -> &[String] {
        &self.properties
    }

    /// The types it makes.
    pub fn types(&self) -> &[String] {
        &self.types
    }

    /// The schema of the value under its key, where it has one.
    pub fn value_schema(&self) -> Option<&Schema> {
        self.value.as_ref()
    }

    /// Whether there is a schema to check its uses by.
    pub fn is_checked(&self) -> bool {
        self.checked
    }

    /// Whether its definition is a later version (section 3.6) than another of the same id.
    pub(super) fn is_newer_than(&self, other: &Self) -> bool {
        match (Stamp::parse(&*self.modified), Stamp::parse(&*other.modified)) {
            (Ok(mine), Ok(others)) => mine > others,
            _ => false,
        }
    }
}

/// A type of objects that an extension makes.
#[derive(Debug, Clone)]
pub struct CustomType {
    /// The value of `type`.
    pub name: String,
    /// Which class of objects: domain, observable or relationship.
    pub class: Class,
    /// The id of the extension that makes it.
    pub extension: String,
    /// The schema of whole objects.
    pub schema: Schema,
    /// The names of the properties that the schema lists, without the common ones. Any other property of an object is a
    /// custom one (section 11.1), as it is of the standard's types.
    pub properties: Vec<String>,
    /// Whether the schema refuses properties that it does not list, so that it has the word on them.
    pub closed: bool,
    /// The properties that the identifier of an observable is computed from (section 2.9); empty when its extension
    /// names none.
    pub id_contributing: Vec<String>,
}

/// How much is known of an extension that stands in an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Coverage {
    /// Nothing.
    Unknown,
    /// Its definition, without a schema: nothing was checked.
    Unchecked,
    /// Definition and schema: what it says was checked.
    Checked,
}
