//! What a marking definition says.

use crate::json::{Document, Kind, Value};

use super::definition::{Definition, Family, canonical};
use super::{Pap, Tlp};

/// What one marking definition says (section 7.2.1). A definition can say several things at once: a
/// statement in `definition`, and levels in extensions.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Marking {
    /// The TLP label, of TLP 1 or 2.0.
    pub tlp: Option<Tlp>,
    /// The PAP label.
    pub pap: Option<Pap>,
    /// The text of a statement marking (section 7.2.1.3).
    pub statement: Option<String>,
    /// What it says beyond that: other values of `definition_type`, other keys of `extensions`, in the
    /// order they are written.
    pub other: Vec<String>,
}

impl Marking {
    /// Reads a marking definition. `None` when the object is none, or claims a protocol and says a level
    /// that is not on its scale: what it restrains cannot be told then, and it has to count as a
    /// definition that nobody knows. A fixed id stands for its label whatever the object says;
    /// [`Definition::differs`] tells where it says something else.
    pub fn read(document: &Document<'_>) -> Option<Self> {
        let root = document.root();
        root.child("type")?.text().filter(|of| of == "marking-definition")?;
        if let Some(fixed) = root.child("id").and_then(|id| Self::of_id(&id.text()?)) {
            return Some(fixed);
        }
        let mut marking = Self::default();
        for family in [Family::Tlp1, Family::Tlp2] {
            if let Some(claim) = family.claim(root) {
                marking.tlp = marking.tlp.max(Some(claim.level::<Tlp>()?));
            }
        }
        if let Some(claim) = Family::Pap.claim(root) {
            marking.pap = Some(claim.level::<Pap>()?);
        }
        let statement = root.child("definition").and_then(|it| it.child("statement")?.text());
        match root.child("definition_type").and_then(|it| it.text()).as_deref() {
            None | Some("tlp") => {}
            Some("statement") if statement.is_some() => {
                marking.statement = statement.map(std::borrow::Cow::into_owned);
            }
            Some(other) => marking.other.push(other.to_owned()),
        }
        let extensions = root.child("extensions").filter(|it| it.kind() == Kind::Object);
        let keys = extensions.iter().flat_map(Value::members).filter_map(|it| it.key());
        let known = [Family::Tlp2.extension(), Family::Pap.extension()];
        marking.other.extend(keys.filter(|key| !known.contains(&Some(key))).map(Into::into));
        Some(marking)
    }

    /// What a fixed definition says, by its id. `None` of every other id.
    pub fn of_id(id: &str) -> Option<Self> {
        canonical(id).map(Self::from)
    }
}

impl From<&Definition> for Marking {
    fn from(definition: &Definition) -> Self {
        Self { tlp: definition.tlp(), pap: definition.pap(), ..Self::default() }
    }
}
