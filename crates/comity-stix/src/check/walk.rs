//! The walk: an object held against the tables, each value looked at once.
//!
//! What the tables list goes to `values.rs` by its kind; what they do not list is somebody's own, and held to the rules
//! that hold for any value (`free`). Nothing is allocated where nothing is wrong, but for granular markings, the
//! deprecated container and the identifiers of observables.

use std::borrow::Cow;

use super::Unknown;
use super::extensions::Toplevel;
use super::forms::names;
use super::plan::{Field, PLANS, Plan, TypePlan, Usage, bit};
use crate::assigned;
use crate::finding::{Code, Finding, Findings, Word};
use crate::id;
use crate::json::{Document, Kind, Value};
use crate::marking::selector::select;
use crate::registry::{CustomType, Registry};
use crate::types::Class;
use crate::types::common::RESERVED;

/// `Err` when there are too many findings to go on.
pub(super) type Going = Result<(), Finding>;

/// One object on its way through the tables.
pub(super) struct Walk<'d, 'a, 'w> {
    pub(super) document: &'d Document<'a>,
    /// The object; within the deprecated container each of its objects in turn.
    pub(super) object: Value<'d, 'a>,
    pub(super) type_: &'static TypePlan,
    pub(super) type_name: Cow<'a, str>,
    /// Its identifier as written, empty where there is none.
    pub(super) id: Cow<'a, str>,
    /// Whether its values were made harmless, so that they need not have their forms (section 3.2).
    pub(super) defanged: bool,
    pub(super) registry: Option<&'w Registry>,
    /// What the registry knows of its type.
    pub(super) custom: Option<&'w CustomType>,
    /// What may stand at its top level by extension; looked up when first asked for.
    pub(super) toplevel: Option<Toplevel<'w>>,
    /// Of an object in the deprecated container: the keys there.
    pub(super) neighbours: Option<&'w super::container::Neighbours<'a>>,
    pub(super) selectors: Vec<(Value<'d, 'a>, Cow<'a, str>)>,
    pub(super) unknown: &'w mut Vec<Unknown>,
    pub(super) findings: &'w mut Findings,
}

/// Which properties of a shape an object has, and where.
pub(super) struct Seen {
    pub(super) bits: u64,
    places: [u32; super::plan::MOST],
}

impl Seen {
    fn new() -> Self {
        Self { bits: 0, places: [0; super::plan::MOST] }
    }

    fn add(&mut self, at: usize, value: Value<'_, '_>) {
        // Of a key that stands twice the first counts.
        if self.bits & bit(at) == 0
            && let Some(place) = self.places.get_mut(at)
        {
            *place = u32::try_from(value.place()).unwrap_or_default();
            self.bits |= bit(at);
        }
    }

    /// The value of the property at a position.
    pub(super) fn at<'d, 'a>(
        &self,
        document: &'d Document<'a>,
        at: Option<usize>,
    ) -> Option<Value<'d, 'a>> {
        let at = at?;
        if self.bits & bit(at) == 0 {
            return None;
        }
        document.at(usize::try_from(*self.places.get(at)?).ok()?)
    }
}

/// A property as messages name it.
#[derive(Clone, Copy)]
pub(super) struct Within {
    pub(super) name: &'static str,
    pub(super) section: &'static str,
}

impl<'d, 'a> Walk<'d, 'a, '_> {
    /// The object as a whole.
    pub(super) fn object(&mut self) -> Going {
        let type_ = self.type_;
        let seen = self.properties(self.object, &type_.plan, true)?;
        self.demands(self.object, &type_.plan, &seen)?;
        self.order_of_versions(&seen)?;
        if self.neighbours.is_none() {
            self.observable_id(&seen)?;
            self.registered_type()?;
        }
        self.selected()
    }

    /// An object within the object.
    pub(super) fn shape(&mut self, value: Value<'d, 'a>, plan: &'static Plan) -> Going {
        let seen = self.properties(value, plan, false)?;
        if value.members().next().is_none() {
            self.say(value, Code::EmptyObject, "2.3", [])?;
        }
        self.demands(value, plan, &seen)
    }

    fn properties(
        &mut self,
        object: Value<'d, 'a>,
        plan: &'static Plan,
        top: bool,
    ) -> Result<Seen, Finding> {
        let mut seen = Seen::new();
        for member in object.members() {
            let key = member.key().unwrap_or_default();
            match plan.position(&key).and_then(|at| Some((at, plan.fields.get(at)?))) {
                Some((at, field)) => {
                    seen.add(at, member);
                    self.listed(member, field)?;
                }
                None => self.unlisted(member, &key, top)?,
            }
        }
        Ok(seen)
    }

    /// A property of the tables.
    fn listed(&mut self, value: Value<'d, 'a>, field: &'static Field) -> Going {
        match field.usage {
            Usage::Used => {}
            // What the container holds may be of STIX 2.0 (section 2.13).
            Usage::Unused if self.neighbours.is_some() => return self.free(value),
            Usage::Unused if field.name == "defanged" => {
                self.say(value, Code::MustNotHave, "3.2", [Word::said(field.name)])?;
            }
            Usage::Unused => {
                let section = self.type_.plan.shape.section;
                self.say(value, Code::NotApplicable, section, [Word::said(field.name)])?;
                // Which version of STIX the objects are of, each says for itself; a bundle is none (section 8).
                if field.name == "spec_version" {
                    return self.free(value);
                }
            }
            Usage::Deprecated => self.deprecated(value, field)?,
        }
        self.value(value, &field.node, Within { name: field.name, section: field.section })
    }

    /// A property that the tables do not list.
    fn unlisted(&mut self, value: Value<'d, 'a>, key: &str, top: bool) -> Going {
        let said = || [Word::said(key)];
        if RESERVED.contains(&key) {
            self.say_key(value, Code::ReservedProperty, "3.8", said())?;
        } else if !names::is_property_name(key) {
            self.say_key(value, Code::PropertyName, "11.1.1", said())?;
        } else if !(top && (self.is_of_type(key) || self.is_extended_by(key))) {
            // The container's objects may be of STIX 2.0, whose properties are not all known here.
            if self.neighbours.is_none() {
                self.say_key(value, Code::CustomProperty, "11.1", said())?;
                if !key.starts_with("x_") {
                    self.say_key(value, Code::CustomPropertyPrefix, "11.1.1", said())?;
                }
            }
        }
        self.encoded(value, key)?;
        if value.kind() == Kind::Text {
            return self.suffixed(value, key);
        }
        let judged = top && self.is_judged(key);
        self.any(value, judged)
    }

    /// A property of somebody's own that names a character set, under the name of an encoding: what is encoded so has
    /// to stand beside it (section 3.1). What else ends in `_enc` need not be about an encoding.
    pub(super) fn encoded(&mut self, value: Value<'d, 'a>, key: &str) -> Going {
        let Some(name) = key.strip_suffix("_enc").filter(|name| !name.is_empty()) else {
            return Ok(());
        };
        let charset = value.text().is_some_and(|text| assigned::charset(&text).is_some());
        let object = value.parent().unwrap_or(self.object);
        if !charset || object.child(name).is_some() {
            return Ok(());
        }
        let words = [Word::said(name), Word::said(key)];
        self.say(object, Code::NeededBeside, "3.1", words)
    }

    /// Whether a property may belong to a type that the standard does not know: of one that the registry knows, those
    /// that its schema lists, or whatever it does not refuse itself.
    fn is_of_type(&self, key: &str) -> bool {
        match self.custom {
            Some(custom) => {
                custom.closed || custom.properties.iter().any(|property| property == key)
            }
            None => self.type_.type_.is_none(),
        }
    }

    /// A value whose properties are the choice of whoever made it: what holds for any value (sections 2, 2.3, 2.12).
    pub(super) fn free(&mut self, value: Value<'d, 'a>) -> Going {
        self.any(value, false)
    }

    /// The same; whether a schema says how large its whole numbers may be.
    pub(super) fn any(&mut self, value: Value<'d, 'a>, judged: bool) -> Going {
        let mut first = true;
        for value in value.and_within() {
            // The key of the outermost was looked at by whoever asks.
            let key = if first { None } else { value.key() };
            first = false;
            if let Some(key) = key {
                self.dictionary_key(value, &key, true)?;
            }
            match value.kind() {
                Kind::Null => self.say(value, Code::NullValue, "2", [])?,
                Kind::List if value.members().next().is_none() => {
                    self.say(value, Code::EmptyList, "2.12", [])?;
                }
                Kind::Object if value.members().next().is_none() => {
                    self.say(value, Code::EmptyObject, "2.3", [])?;
                }
                Kind::Text => {
                    let name = value.key().or_else(|| value.parent().and_then(|list| list.key()));
                    self.suffixed(value, &name.unwrap_or_default())?;
                }
                Kind::Number => self.number(value, judged)?,
                _ => {}
            }
        }
        Ok(())
    }

    /// A key of a dictionary (section 2.3). Those the standard itself defines keep the case of what they name.
    pub(super) fn dictionary_key(&mut self, value: Value<'d, 'a>, key: &str, lower: bool) -> Going {
        if !names::is_dictionary_key(key) {
            self.say_key(value, Code::DictionaryKey, "2.3", [Word::said(key)])
        } else if lower && key.bytes().any(|byte| byte.is_ascii_uppercase()) {
            self.say_key(value, Code::DictionaryCase, "2.3", [Word::said(key)])
        } else {
            Ok(())
        }
    }

    /// A string under a name that says it refers to an object (section 3.1), in a property of somebody's own.
    fn suffixed(&mut self, value: Value<'d, 'a>, name: &str) -> Going {
        let alone = value.key().is_some();
        let refers = if alone { name.ends_with("_ref") } else { name.ends_with("_refs") };
        if !refers || self.neighbours.is_some() {
            return Ok(());
        }
        let text = value.text().unwrap_or_default();
        let good = id::split(&text)
            .is_some_and(|(_, uuid)| id::version(uuid) != Err(id::UuidFault::NotRfc4122));
        if good {
            return Ok(());
        }
        self.say(value, Code::CustomReferenceForm, "3.3", [Word::said(&text)])
    }

    /// Selectors have to select something (section 7.2.3).
    fn selected(&mut self) -> Going {
        if self.selectors.is_empty() {
            return Ok(());
        }
        let selectors = std::mem::take(&mut self.selectors);
        let texts: Vec<&str> = selectors.iter().map(|(_, text)| &**text).collect();
        for ((value, text), selected) in selectors.iter().zip(select(self.object, &texts)) {
            if selected.is_none() {
                self.say(*value, Code::SelectorTarget, "7.2.3", [Word::said(text)])?;
            }
        }
        Ok(())
    }

    pub(super) fn missing(
        &mut self,
        object: Value<'d, 'a>,
        name: &str,
        section: &'static str,
    ) -> Going {
        self.say(object, Code::MissingProperty, section, [Word::said(name)])
    }

    /// The class of a type of the standard or of the registry.
    pub(super) fn class_of(&self, type_: &str) -> Option<Class> {
        PLANS.class(type_).or_else(|| Some(self.registry?.custom_type(type_)?.class))
    }

    #[cold]
    pub(super) fn say(
        &mut self,
        value: Value<'d, 'a>,
        code: Code,
        section: &'static str,
        words: impl Into<Box<[Word]>>,
    ) -> Going {
        let at = value.span().start;
        self.findings.push(Finding::new(code, section, value.pointer(), at, words))
    }

    /// The same, about the key.
    #[cold]
    pub(super) fn say_key(
        &mut self,
        value: Value<'d, 'a>,
        code: Code,
        section: &'static str,
        words: impl Into<Box<[Word]>>,
    ) -> Going {
        let at = value.key_span().map_or(0, |span| span.start);
        self.findings.push(Finding::new(code, section, value.pointer(), at, words))
    }
}
