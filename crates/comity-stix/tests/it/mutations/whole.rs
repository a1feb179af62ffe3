//! What breaks an object as a whole: its identifier, its names.

use comity_stix::Code;
use comity_stix::types::{Class, Strength};
use serde_json::{Value as Json, json};

use super::Breaches;

/// What rules between properties may say of an object when one of its properties breaks.
pub(super) const OF_RULES: &[Code] = &[
    Code::EmptyObject,
    Code::MissingProperty,
    Code::MissingChoice,
    Code::Advised,
    Code::NeededBeside,
    Code::AdvisedBeside,
    Code::Implied,
    Code::ExtensionNeeds,
    Code::LeadsNowhere,
    Code::ObservedNothing,
    Code::TimeOrder,
    Code::ModifiedBeforeCreated,
    Code::ExternalReferenceEmpty,
    Code::GranularChoice,
    Code::LowerCaseHyphens,
    Code::RelationshipType,
];

impl Breaches<'_> {
    /// The identifier, the names of properties, and what the type does not use.
    pub(super) fn whole(&mut self) {
        self.identifier();
        self.versions();
        self.other_type();
        self.names("");
        let bundle = self.type_.class == Class::Bundle;
        for name in self.type_.unused {
            let code = if *name == "defanged" { Code::MustNotHave } else { Code::NotApplicable };
            let value = match *name {
                "created_by_ref" => json!("identity--26ffb872-1dd9-446e-b6f5-d58527e5b5d2"),
                "created" | "modified" => json!("2099-01-01T00:00:00.000Z"),
                "revoked" | "defanged" => json!(true),
                "labels" => json!(["a"]),
                "confidence" => json!(5),
                "lang" => json!("es"),
                "external_references" => json!([{ "source_name": "a", "description": "b" }]),
                _ => continue,
            };
            // An observable that has versions has an identifier of its own.
            let besides: &[Code] = if bundle { &[] } else { &[Code::IdVersioned] };
            self.set(&format!("/{name}"), value, code, besides);
        }
    }

    /// Versions: those of objects that have them out of order, and those of observables at all.
    fn versions(&mut self) {
        if self.object.get("modified").is_some() {
            let code = Code::ModifiedBeforeCreated;
            self.set_for(
                "/created",
                json!("2099-01-01T00:00:00.000Z"),
                code,
                "/modified".into(),
                &[],
            );
        }
        let id = self.object["id"].as_str().unwrap();
        if self.type_.class == Class::Observable && id.chars().nth_back(21) == Some('5') {
            let created = json!("2016-01-01T00:00:00.000Z");
            let besides = &[Code::NotApplicable];
            self.set_for("/created", created, Code::IdVersioned, "/id".into(), besides);
        }
    }

    /// Types of somebody's own, which no extension defines.
    fn other_type(&mut self) {
        if self.type_.class != Class::Domain || self.object.get("extensions").is_some() {
            return;
        }
        let uuid = self.object["id"].as_str().unwrap().split_once("--").unwrap().1;
        let prefix: &[Code] = &[Code::CustomType];
        for (name, code, besides) in [
            ("x-other", Code::CustomType, [].as_slice()),
            ("other", Code::CustomTypePrefix, prefix),
            ("Other", Code::TypeName, &[Code::IdForm]),
        ] {
            let mut object = self.object.clone();
            super::put(&mut object, "/type", Some(json!(name)));
            super::put(&mut object, "/id", Some(json!(format!("{name}--{uuid}"))));
            self.push(object, code, "/type".to_owned(), super::strength(code), besides);
        }
    }

    fn identifier(&mut self) {
        let id = self.object["id"].as_str().unwrap();
        let (type_, uuid) = id.split_once("--").unwrap();
        let set = |breaches: &mut Self, id: String, code| {
            let besides = &[Code::IdDeterministic, Code::IdVersion, Code::SelfMarking];
            breaches.set("/id", json!(id), code, besides);
        };
        let (front, last) = uuid.split_at(uuid.len() - 1);
        let other = if last == "0" { "1" } else { "0" };
        set(self, format!("{type_}-{uuid}"), Code::IdForm);
        set(self, format!("{type_}--{front}"), Code::IdForm);
        set(self, format!("x-other--{uuid}"), Code::IdType);
        // The variant of a UUID stands in its 20th character, its version in the 15th.
        let with = |at: usize, digit: char| -> String {
            let changed = uuid.chars().enumerate();
            changed.map(|(place, old)| if place == at { digit } else { old }).collect()
        };
        set(self, format!("{type_}--{}", with(19, '1')), Code::IdUuid);
        let upper = format!("{type_}--{}", uuid.to_uppercase());
        set(self, upper, Code::IdUppercase);
        let version = uuid.chars().nth(14);
        if version == Some('5') {
            set(self, format!("{type_}--{front}{other}"), Code::IdDeterministic);
        }
        let unnamed = self.type_.class == Class::Observable && version == Some('4');
        let code = if unnamed { Code::IdRandom } else { Code::IdVersion };
        let changed = with(14, if version == Some('5') { '4' } else { '5' });
        set(self, format!("{type_}--{changed}"), code);
    }

    /// Names that are no names, and names that nobody defined.
    pub(super) fn names(&mut self, pointer: &str) {
        const PREFIX: &[Code] = &[Code::CustomProperty];
        for (name, code, besides) in [
            ("Name", Code::PropertyName, [].as_slice()),
            ("ab", Code::PropertyName, &[]),
            ("1st", Code::PropertyName, &[]),
            ("a-b", Code::PropertyName, &[]),
            ("severity", Code::ReservedProperty, &[]),
            ("x_mine", Code::CustomProperty, &[]),
            ("mine", Code::CustomPropertyPrefix, PREFIX),
        ] {
            self.set(&format!("{pointer}/{name}"), json!(1), code, besides);
        }
        for (value, code) in [
            (Json::Null, Code::NullValue),
            (json!([]), Code::EmptyList),
            (json!({}), Code::EmptyObject),
            (json!(9_007_199_254_740_992_u64), Code::NumberPrecision),
        ] {
            self.set(&format!("{pointer}/x_mine"), value, code, PREFIX);
        }
        let mut object = self.object.clone();
        super::put(&mut object, &format!("{pointer}/x_mine"), Some(json!({ "a": { "b c": [1] } })));
        let told = format!("{pointer}/x_mine/a/b c");
        self.push(object, Code::DictionaryKey, told, Strength::Must, PREFIX);
        let mut object = self.object.clone();
        super::put(&mut object, &format!("{pointer}/x_mine"), Some(json!({ "Aa": 1 })));
        let told = format!("{pointer}/x_mine/Aa");
        self.push(object, Code::DictionaryCase, told, Strength::Should, PREFIX);
        self.set(
            &format!("{pointer}/x_mine_ref"),
            json!("nobody"),
            Code::CustomReferenceForm,
            PREFIX,
        );
    }
}
