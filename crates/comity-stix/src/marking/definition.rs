//! The fixed marking definitions, by their exact content.
//!
//! TLP 1 is section 7.2.1.4. TLP 2.0 and PAP are the extensions `tlp-2.0` and
//! `pap-marking-definition-f8d` in OASIS's repository `cti-stix-common-objects`, whose texts say what
//! 7.2.1.4 says of TLP 1: these definitions and no others. PAP has its lowest level twice, as `clear`
//! and, older, as `white`.

mod table;

use crate::json::{Document, Kind, Value};
use crate::timestamp::Stamp;

use table::DEFINITIONS;

use super::{Pap, Tlp};

/// The protocols that have fixed definitions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Family {
    /// TLP 1: `definition_type` and `definition` (section 7.2.1.4).
    Tlp1,
    /// TLP 2.0: an extension of OASIS.
    Tlp2,
    /// PAP: an extension of OASIS.
    Pap,
}

impl Family {
    const ALL: [Self; 3] = [Self::Tlp1, Self::Tlp2, Self::Pap];

    /// The extension definition whose id is the key in `extensions`; `None` of TLP 1.
    pub const fn extension(self) -> Option<&'static str> {
        match self {
            Self::Tlp1 => None,
            Self::Tlp2 => Some("extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d"),
            Self::Pap => Some("extension-definition--f8d78575-edfd-406e-8e84-6162a8450f5b"),
        }
    }

    /// The family whose extension has this key in `extensions`.
    pub fn of_extension(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|family| family.extension() == Some(key))
    }

    /// The property that holds the level, in `definition` or in the extension.
    pub const fn property(self) -> &'static str {
        match self {
            Self::Tlp1 => "tlp",
            Self::Tlp2 => "tlp_2_0",
            Self::Pap => "pap",
        }
    }

    /// Where the rule stands that these definitions are the only ones: a section of the standard, or
    /// the name of the extension.
    pub const fn source(self) -> &'static str {
        match self {
            Self::Tlp1 => "7.2.1.4",
            Self::Tlp2 => "OASIS tlp-2.0",
            Self::Pap => "OASIS pap-marking-definition-f8d",
        }
    }

    /// Where a definition of this family says its level, whether well or badly.
    pub(super) fn claim<'d, 'a>(self, root: Value<'d, 'a>) -> Option<Claim<'d, 'a>> {
        let (at, content) = if let Some(extension) = self.extension() {
            let at = root.child("extensions")?.child(extension)?;
            (at, Some(at))
        } else {
            let at = root.child("definition_type").filter(|it| says(*it, "tlp"))?;
            (at, root.child("definition"))
        };
        let level = content.and_then(|content| content.child(self.property()));
        Some(Claim { at, level })
    }
}

/// What makes an object look like a definition of a family.
pub(super) struct Claim<'d, 'a> {
    at: Value<'d, 'a>,
    level: Option<Value<'d, 'a>>,
}

impl Claim<'_, '_> {
    /// The level, if it is one of the scale.
    pub(super) fn level<T: std::str::FromStr>(&self) -> Option<T> {
        self.level?.text()?.parse().ok()
    }
}

/// A fixed marking definition. All its content is here: other properties it has none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Definition {
    /// `id`.
    pub id: &'static str,
    /// `created`.
    pub created: &'static str,
    /// `name`.
    pub name: &'static str,
    /// The protocol.
    pub family: Family,
    /// The level as the content writes it.
    pub level: &'static str,
}

impl Definition {
    /// All of them: TLP 1, TLP 2.0, PAP, the least restrained of each first.
    pub const ALL: &'static [Self] = &DEFINITIONS;

    /// The TLP label it stands for, if it is one of TLP.
    pub fn tlp(&self) -> Option<Tlp> {
        (self.family != Family::Pap).then(|| self.level.parse().ok()).flatten()
    }

    /// The PAP label it stands for, if it is one of PAP.
    pub fn pap(&self) -> Option<Pap> {
        (self.family == Family::Pap).then(|| self.level.parse().ok()).flatten()
    }

    /// Where an object is another than this definition: JSON pointers (RFC 6901) to what it has
    /// otherwise or beyond it. What it lacks is pointed to by the object that lacks it, which is `""`
    /// for its own properties. Empty when it is exactly this definition; timestamps count as instants.
    pub fn differs(&self, document: &Document<'_>) -> Vec<String> {
        let root = document.root();
        let mut texts = vec![
            ("type", "marking-definition"),
            ("spec_version", "2.1"),
            ("id", self.id),
            ("created", self.created),
            ("name", self.name),
        ];
        let level = (self.family.property(), self.level);
        let mut found = Vec::new();
        if let Some(extension) = self.family.extension() {
            compare(root, &texts, &["extensions"], &mut found);
            if let Some(extensions) = root.child("extensions") {
                compare(extensions, &[], &[extension], &mut found);
                if let Some(content) = extensions.child(extension) {
                    let texts = [("extension_type", "property-extension"), level];
                    compare(content, &texts, &[], &mut found);
                }
            }
        } else {
            texts.push(("definition_type", "tlp"));
            compare(root, &texts, &["definition"], &mut found);
            if let Some(content) = root.child("definition") {
                compare(content, &[level], &[], &mut found);
            }
        }
        found
    }

    /// The object as its source has it, for a node that needs to ship it: one line of JSON.
    pub fn to_json(&self) -> String {
        let Self { id, created, name, family, level } = self;
        let property = family.property();
        let head = format!(
            r#"{{"type":"marking-definition","spec_version":"2.1","id":"{id}","created":"{created}""#
        );
        match family.extension() {
            None => format!(
                r#"{head},"definition_type":"tlp","name":"{name}","definition":{{"{property}":"{level}"}}}}"#
            ),
            Some(extension) => format!(
                r#"{head},"name":"{name}","extensions":{{"{extension}":{{"extension_type":"property-extension","{property}":"{level}"}}}}}}"#
            ),
        }
    }
}

/// The fixed definition of that id, if there is one.
pub fn canonical(id: &str) -> Option<&'static Definition> {
    DEFINITIONS.iter().find(|definition| definition.id == id)
}

/// A marking definition that speaks for a protocol under an id that is none of the protocol's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Imitation {
    /// The protocol.
    pub family: Family,
    /// What claims it, as a JSON pointer (RFC 6901): `definition_type` or the extension.
    pub pointer: String,
    /// The definition to refer to in its place, where the level it says is one of the protocol's.
    pub instead: Option<&'static Definition>,
}

/// Whether an object is a marking definition of TLP 1, TLP 2.0 or PAP that must not be: one under an id of
/// its own (section 7.2.1.4, and the two extensions, allow the fixed instances only). One that has a
/// fixed id of another protocol is such a one too. Of several protocols the first is told.
pub fn imitation(document: &Document<'_>) -> Option<Imitation> {
    let root = document.root();
    if !root.child("type").is_some_and(|it| says(it, "marking-definition")) {
        return None;
    }
    let id = root.child("id").and_then(|id| id.text()).unwrap_or_default();
    let own = canonical(&id).map(|definition| definition.family);
    Family::ALL.into_iter().filter(|family| own != Some(*family)).find_map(|family| {
        let claim = family.claim(root)?;
        let level = claim.level.and_then(|level| level.text());
        let instead = DEFINITIONS.iter().find(|definition| {
            definition.family == family && level.as_deref() == Some(definition.level)
        });
        Some(Imitation { family, pointer: claim.at.pointer(), instead })
    })
}

/// Compares an object with the texts it must have and the containers that are looked into later; nothing
/// else may be in it.
fn compare(
    object: Value<'_, '_>,
    texts: &[(&str, &str)],
    containers: &[&str],
    found: &mut Vec<String>,
) {
    let missing = |key: &&str| object.child(key).is_none();
    let keys = texts.iter().map(|(key, _)| key).chain(containers);
    if object.kind() != Kind::Object || keys.copied().any(|key| missing(&key)) {
        found.push(object.pointer());
    }
    for member in object.members() {
        let key = member.key().unwrap_or_default();
        let expected = texts.iter().find(|(text, _)| *text == key);
        let same = match expected {
            Some((key, expected)) => {
                says(member, expected) || *key == "created" && same_time(member, expected)
            }
            None => containers.contains(&&*key),
        };
        if !same {
            found.push(member.pointer());
        }
    }
}

fn says(value: Value<'_, '_>, expected: &str) -> bool {
    value.text().is_some_and(|text| text == expected)
}

fn same_time(value: Value<'_, '_>, expected: &str) -> bool {
    let time = |text: String| Stamp::parse(text).ok().map(|stamp| stamp.time());
    let given = value.text().and_then(|text| time(text.into_owned()));
    given.is_some() && given == time(expected.to_owned())
}
