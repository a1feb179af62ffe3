//! What breaks a value, by its kind.

use comity_stix::Code;
use comity_stix::types::{Kind, Presence, Shape, Strength, Targets};
use serde_json::{Value as Json, json};

use super::{Breaches, put, raw};

/// What rules between properties may say when one of them breaks.
const RULES: &[Code] = super::whole::OF_RULES;

impl Breaches<'_> {
    /// Everything that breaks one value, and what is in it.
    pub(super) fn value(&mut self, kind: &'static Kind, value: &Json, pointer: &str) {
        if matches!(kind, Kind::TypeName | Kind::Id) {
            return;
        }
        let set =
            |breaches: &mut Self, value: Json, code| breaches.set(pointer, value, code, RULES);
        // The first that is none of what the kind may hold.
        let others = [json!(true), json!("true"), json!(1)];
        if let Some(other) = others.into_iter().find(|other| !fits(kind, other)) {
            set(self, other, Code::WrongType);
        }
        set(self, Json::Null, Code::NullValue);
        match kind {
            Kind::Integer(least, most) => {
                for number in [least - 1, most + 1] {
                    set(self, json!(number), Code::OutOfRange);
                }
                set(self, raw("99999999999999999999999"), Code::OutOfRange);
                set(self, json!(1.5), Code::WrongType);
                set(self, raw("1e0"), Code::WrongType);
            }
            Kind::Float(_, most) => {
                set(self, raw("1e400"), Code::OutOfRange);
                if *most < 1e6 {
                    set(self, json!(most + 1.0), Code::OutOfRange);
                }
            }
            Kind::Enum(_) | Kind::Literal(_) => set(self, json!("no-such-term"), Code::NotInEnum),
            Kind::Open(_) => {
                set(self, json!("no-such-term"), Code::NotInVocabulary);
                let besides: &[Code] = &[
                    Code::NotInVocabulary,
                    Code::PatternSyntax,
                    Code::Implied,
                    Code::NeededBeside,
                ];
                self.set(pointer, json!("No such term"), Code::LowerCaseHyphens, besides);
            }
            Kind::Reference(targets) => self.reference(targets, pointer),
            Kind::List(of) => {
                set(self, json!([]), Code::EmptyList);
                self.value(of, &value[0], &format!("{pointer}/0"));
            }
            Kind::Object(shape) => {
                set(self, json!({}), Code::EmptyObject);
                self.shape(shape, value, pointer);
            }
            Kind::Dictionary(of) | Kind::Names(of) => {
                set(self, json!({}), Code::EmptyObject);
                let (key, member) = value.as_object().unwrap().iter().next().unwrap();
                for (other, code) in [
                    ("a b", Code::DictionaryKey),
                    ("", Code::DictionaryKey),
                    ("Aa", Code::DictionaryCase),
                ] {
                    if code == Code::DictionaryKey || matches!(kind, Kind::Dictionary(_)) {
                        set_member(self, pointer, other, member, code);
                    }
                }
                self.value(of, member, &format!("{pointer}/{key}"));
            }
            Kind::Either(kinds) => {
                let list = kinds.iter().find(|kind| fits(kind, value));
                if let Some(Kind::List(of)) = list {
                    self.value(of, &value[0], &format!("{pointer}/0"));
                }
            }
            Kind::Hashes => self.hashes(pointer),
            Kind::Extensions => self.extensions(value, pointer),
            Kind::Selector => {
                set(self, json!("no_such_property"), Code::SelectorTarget);
                set(self, json!("id.[0]"), Code::SelectorTarget);
                set(self, json!("a..b"), Code::SelectorForm);
                set(self, json!("[0]"), Code::SelectorForm);
            }
            Kind::Translations => {
                set(self, json!({}), Code::EmptyObject);
                set_member(self, pointer, "no language", &json!({ "name": "a" }), Code::LangForm);
                set_member(self, pointer, "fr", &json!("a"), Code::WrongType);
                set_member(self, pointer, "fr", &json!({}), Code::EmptyObject);
            }
            Kind::Objects => {
                self.set(&format!("{pointer}/0"), json!(1), Code::WrongType, &[]);
                let bundle = json!({ "type": "bundle" });
                self.set(&format!("{pointer}/0"), bundle, Code::BundleAsObject, &[]);
                set(self, json!([]), Code::EmptyList);
            }
            Kind::Pattern => {
                let code = Code::PatternSyntax;
                if self.object.get("pattern_type").is_some_and(|language| language == "stix") {
                    set(self, json!("[a:b = 1"), code);
                    let verb = json!("[a:b MATCHES '(*FAIL)']");
                    set(self, verb, Code::PatternUnsupported);
                }
            }
            _ => {
                for (text, code) in texts(kind, pointer) {
                    set(self, json!(text), *code);
                }
            }
        }
    }

    /// An object within the object.
    pub(super) fn shape(&mut self, shape: &'static Shape, object: &Json, pointer: &str) {
        for property in shape.properties {
            let place = format!("{pointer}/{}", property.name);
            let Some(value) = object.get(property.name) else { continue };
            if property.presence == Presence::Required {
                let mut without = self.object.clone();
                put(&mut without, &place, None);
                let besides = super::whole::OF_RULES;
                self.push(
                    without,
                    Code::MissingProperty,
                    pointer.to_owned(),
                    Strength::Must,
                    besides,
                );
            }
            self.value(&property.kind, value, &place);
        }
        self.names(pointer);
        self.rules(shape, pointer);
    }

    fn reference(&mut self, targets: &Targets, pointer: &str) {
        // The source of a relationship may have no list of relationships of its own then.
        const ENDS: &[Code] = &[
            Code::RelationshipType,
            Code::RelationshipSame,
            Code::LeadsNowhere,
            Code::ObservedNothing,
        ];
        let uuid = "26ffb872-1dd9-446e-b6f5-d58527e5b5d2";
        let name = targets.types.first().copied().unwrap_or("x-other");
        for text in ["nobody", "identity--1", "identity-26ffb872-1dd9-446e-b6f5-d58527e5b5d2"] {
            self.set(pointer, json!(text), Code::ReferenceForm, ENDS);
        }
        self.set(pointer, json!(format!("bundle--{uuid}")), Code::ReferenceType, ENDS);
        if targets.classes.is_empty() {
            self.set(pointer, json!(format!("x-other--{uuid}")), Code::ReferenceType, ENDS);
        }
        let none = uuid.replace("-b6f5-", "-16f5-");
        self.set(pointer, json!(format!("{name}--{none}")), Code::IdUuid, ENDS);
        if targets.types.contains(&"marking-definition") && self.type_.name == "marking-definition"
        {
            let own = self.object["id"].clone();
            self.set(pointer, own, Code::SelfMarking, &[]);
        }
    }

    fn hashes(&mut self, pointer: &str) {
        self.set(pointer, json!({}), Code::EmptyObject, RULES);
        let digits = json!("ab".repeat(32));
        for (key, value, code) in [
            ("ab", digits.clone(), Code::HashKey),
            ("SHA 256", digits.clone(), Code::HashKey),
            ("SHA-224", digits.clone(), Code::NotInVocabulary),
            ("MD5", digits, Code::HashValue),
            ("SHA-256", json!("xy".repeat(32)), Code::HashValue),
            ("SHA-256", json!(5), Code::WrongType),
        ] {
            set_member(self, pointer, key, &value, code);
        }
    }

    fn extensions(&mut self, value: &Json, pointer: &str) {
        let observable = self.type_.class == comity_stix::types::Class::Observable;
        let key = "extension-definition--d83fce45-ef58-4c6c-a3f4-1fbc32e98c6e";
        self.set(pointer, json!({}), Code::EmptyObject, RULES);
        let ours = json!({ "rank": 1 });
        set_member(self, pointer, key, &ours, Code::ExtensionTypeMissing);
        set_member(self, pointer, key, &json!("a"), Code::WrongType);
        let code = if observable { Code::ExtensionName } else { Code::ExtensionKey };
        set_member(self, pointer, "No Such", &ours, code);
        if observable {
            set_member(self, pointer, "x-mine-ext", &ours, Code::ExtensionKey);
            let besides = &[Code::ExtensionKey];
            self.set(&format!("{pointer}/mine-ext"), ours, Code::ExtensionPrefix, besides);
        }
        for (type_, code) in
            [("no-extension", Code::ExtensionType), ("new-sdo", Code::ExtensionRedefines)]
        {
            let mut object = self.object.clone();
            put(&mut object, &format!("{pointer}/{key}"), Some(json!({ "extension_type": type_ })));
            self.push(object, code, format!("{pointer}/{key}/extension_type"), Strength::Must, &[]);
        }
        for extension in self.type_.extensions {
            let Some(value) = value.get(extension.shape.name) else { continue };
            self.shape(extension.shape, value, &format!("{pointer}/{}", extension.shape.name));
        }
    }
}

/// Whether a value is of the JSON type of a kind.
fn fits(kind: &Kind, value: &Json) -> bool {
    match kind {
        Kind::Any => true,
        Kind::Either(kinds) => kinds.iter().any(|kind| fits(kind, value)),
        Kind::List(_) | Kind::Objects => value.is_array(),
        Kind::Boolean => value.is_boolean(),
        Kind::Integer(..) | Kind::Float(..) => value.is_number(),
        Kind::Object(_)
        | Kind::Dictionary(_)
        | Kind::Names(_)
        | Kind::Hashes
        | Kind::Extensions
        | Kind::Container
        | Kind::Marking
        | Kind::Translations => value.is_object(),
        _ => value.is_string(),
    }
}

/// Sets a member of a dictionary, which is told at its own place.
fn set_member(breaches: &mut Breaches<'_>, pointer: &str, key: &str, value: &Json, code: Code) {
    let place = format!("{pointer}/{key}");
    breaches.set(&place, value.clone(), code, &[]);
}

/// Strings that do not have the form of their kind.
fn texts(kind: &Kind, pointer: &str) -> &'static [(&'static str, Code)] {
    use Code::*;
    match kind {
        Kind::SpecVersion => &[("2.0", SpecVersion), ("", SpecVersion)],
        Kind::LowerText => &[("Ab", LowerCase)],
        Kind::Ending(_) => &[("no end of it", Ending)],
        Kind::Term => &[("A b", TermForm), ("", TermForm), ("a_b", TermForm)],
        Kind::Timestamp => &[
            ("2016-02-30T00:00:00Z", TimestampForm),
            ("2016-01-01T00:00:00+00:00", TimestampForm),
            ("2016-01-01t00:00:00z", TimestampForm),
            ("2016-01-01", TimestampForm),
            ("2016-01-01T00:00:00.Z", TimestampForm),
        ],
        Kind::FineTimestamp => &[
            ("2016-01-01T24:00:00.000Z", TimestampForm),
            ("2016-01-01T00:00:00Z", TimestampPrecision),
            ("2016-01-01T00:00:00.00Z", TimestampPrecision),
        ],
        Kind::SecondTimestamp => {
            &[("2016-01-01T00:00:00.5Z", TimestampFraction), ("2016", TimestampForm)]
        }
        Kind::Binary => &[("AA=", BinaryForm), ("A===", BinaryForm), ("A-_A", BinaryForm)],
        Kind::Hex => &[("abc", HexForm), ("AB", HexForm), ("xy", HexForm)],
        Kind::Lang => &[("español", LangForm), ("e", LangForm), ("en_US", LangForm)],
        Kind::Url if pointer.starts_with("/external_references") => &[("no url", UrlAdvised)],
        Kind::Url => &[("no url", UrlForm), ("example.org", UrlForm)],
        Kind::MediaType => &[("text", MediaType), ("a b/c", MediaType)],
        Kind::Charset => &[("no-charset", Charset)],
        Kind::Ipv4 => &[("198.51.100.256", Ipv4), ("198.51.100.0/33", Ipv4), ("::1", Ipv4)],
        Kind::Ipv6 => &[("2001:db8::g", Ipv6), ("::/129", Ipv6), ("198.51.100.7", Ipv6)],
        Kind::Mac => &[("00:00:AB:cd:ef:01", Mac), ("00-00-ab-cd-ef-01", Mac)],
        Kind::DomainName => {
            &[("a..b", DomainName), ("198.51.100.7", DomainName), ("r3--cdn.example", DomainLabel)]
        }
        Kind::EmailAddress => &[("nobody", EmailAddress), ("a desk <a@example.org>", EmailAddress)],
        Kind::Cpe => &[("cpe:/a:example:tool", Cpe), ("cpe:2.3:a:example", Cpe)],
        Kind::Country => &[("Mexico", Country), ("XX", Country)],
        Kind::Subdivision => &[("Michoacán", Subdivision)],
        Kind::Protocol => &[("no such protocol", Protocol)],
        Kind::RegistryKey => &[("HKLM\\System", RegistryHive)],
        _ => &[],
    }
}
