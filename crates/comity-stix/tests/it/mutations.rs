//! One thing broken at a time: for every property, value and rule of the tables, an object that is right by
//! construction is broken there, and the check says so, there, and nothing else.
//!
//! What breaks each kind of value stands in `values`, each rule between properties in `rules`, what concerns the object
//! as a whole in `whole`.

mod rules;
mod values;
mod whole;

use std::collections::BTreeSet;

use comity_stix::sample::{Fill, Sampler};
use comity_stix::types::{self, Class, Kind, Presence, Strength, Type, common};
use comity_stix::{Code, Finding, Severity};
use proptest::prelude::*;
use serde_json::Value as Json;

use crate::fuzz::bounded::mutator::numbers;
use crate::valid::checked;

/// A broken object and what is to be said of it.
pub(crate) struct Breach {
    object: Json,
    code: Code,
    /// Where the finding points.
    pointer: String,
    severity: Severity,
    /// What may be found besides, since the same change breaks it too.
    besides: &'static [Code],
}

/// What breaches are made of: an object, and those that were made of it.
pub(crate) struct Breaches<'o> {
    type_: &'static Type,
    object: &'o Json,
    all: Vec<Breach>,
}

/// Codes that are a SHOULD. Those of rules in the tables are as strong as the rule.
const ADVICE: &[Code] = &[
    Code::PatternUnsupported,
    Code::NotInVocabulary,
    Code::LowerCaseHyphens,
    Code::Ending,
    Code::UrlAdvised,
    Code::MediaType,
    Code::Country,
    Code::Subdivision,
    Code::Protocol,
    Code::DictionaryCase,
    Code::CustomProperty,
    Code::CustomPropertyPrefix,
    Code::ExtensionKey,
    Code::NotApplicable,
    Code::IdUppercase,
    Code::IdVersion,
    Code::IdDeterministic,
    Code::ExternalIdAdvised,
    Code::Deprecated,
    Code::CustomReferenceForm,
    Code::NumberPrecision,
    Code::DomainLabel,
    Code::CustomType,
    Code::CustomTypePrefix,
    Code::ExtensionPrefix,
];

impl Breaches<'_> {
    /// Sets the value at a pointer.
    fn set(&mut self, pointer: &str, value: Json, code: Code, besides: &'static [Code]) {
        self.set_for(pointer, value, code, pointer.to_owned(), besides);
    }

    /// Sets the value at one pointer, which breaks a rule at another.
    fn set_for(
        &mut self,
        pointer: &str,
        value: Json,
        code: Code,
        told: String,
        besides: &'static [Code],
    ) {
        let mut object = self.object.clone();
        put(&mut object, pointer, Some(value));
        self.push(object, code, told, strength(code), besides);
    }

    /// Notes an object that breaks a rule, if it is another object at all.
    fn push(
        &mut self,
        object: Json,
        code: Code,
        pointer: String,
        strength: Strength,
        besides: &'static [Code],
    ) {
        let severity = match strength {
            Strength::Must => Severity::Must,
            Strength::Should => Severity::Should,
        };
        if object != *self.object {
            self.all.push(Breach { object, code, pointer, severity, besides });
        }
    }
}

fn strength(code: Code) -> Strength {
    if ADVICE.contains(&code) { Strength::Should } else { Strength::Must }
}

/// Sets or removes the value at a pointer.
fn put(object: &mut Json, pointer: &str, value: Option<Json>) {
    let (front, key) = pointer.rsplit_once('/').unwrap();
    match (object.pointer_mut(front).unwrap(), value) {
        (Json::Array(list), Some(value)) => {
            *list.get_mut(key.parse::<usize>().unwrap()).unwrap() = value;
        }
        (Json::Object(members), Some(value)) => drop(members.insert(key.to_owned(), value)),
        (Json::Object(members), None) => drop(members.shift_remove(key)),
        (other, _) => unreachable!("{other}"),
    }
}

/// A text that stands in the object as it is, without quotes: numbers that no processor holds.
fn raw(text: &str) -> Json {
    Json::String(format!("@{text}@"))
}

fn written(object: &Json) -> String {
    object.to_string().replace("\"@", "").replace("@\"", "")
}

/// Every breach of an object.
fn breaches(type_: &'static Type, object: &Json) -> Vec<Breach> {
    // Selectors would lose what they select, so they are broken apart from everything else.
    let mut plain = object.clone();
    put(&mut plain, "/granular_markings", None);
    let mut breaches = Breaches { type_, object: &plain, all: Vec::new() };
    breaches.whole();
    let properties = common::COMMON.properties.iter().chain(type_.own.properties);
    for property in properties.clone() {
        let pointer = format!("/{}", property.name);
        let Some(value) = plain.pointer(&pointer) else { continue };
        let required = type_.required.contains(&property.name)
            || type_
                .own
                .properties
                .iter()
                .any(|own| own.name == property.name && own.presence == Presence::Required);
        if required && !matches!(property.name, "type" | "id") {
            let mut without = plain.clone();
            put(&mut without, &pointer, None);
            breaches.push(
                without,
                Code::MissingProperty,
                String::new(),
                Strength::Must,
                whole::OF_RULES,
            );
        }
        breaches.value(&property.kind, value, &pointer);
    }
    breaches.rules(&type_.own, "");
    let mut all = breaches.all;
    if let Some(markings) = object.get("granular_markings") {
        let mut breaches = Breaches { type_, object, all: Vec::new() };
        let kind = &common::COMMON.properties.iter().find(|p| p.name == "granular_markings");
        let Kind::List(Kind::Object(shape)) = kind.unwrap().kind else { unreachable!() };
        breaches.shape(shape, &markings[0], "/granular_markings/0");
        all.append(&mut breaches.all);
    }
    all
}

/// Whether a change at this place changes what the identifier of an observable is computed from.
fn names(type_: &Type, broken: &Json, sound: &Json) -> bool {
    type_.class == Class::Observable
        && type_.contributing.iter().any(|name| broken.get(name) != sound.get(name))
}

const IDENTIFIER: &[Code] = &[Code::IdDeterministic, Code::IdRandom, Code::IdVersion];

/// What is told of a broken object though it should not be, and what is not told though it should.
fn judge(type_: &Type, sound: &Json, breach: &Breach) -> Result<(), String> {
    let text = written(&breach.object);
    let findings = checked(type_, text.as_bytes()).findings;
    let (told, mut others): (Vec<_>, Vec<_>) = findings
        .iter()
        .partition(|finding| finding.code == breach.code && finding.pointer == breach.pointer);
    let renamed = names(type_, &breach.object, sound);
    others.retain(|other| {
        let identifier = renamed && IDENTIFIER.contains(&other.code);
        !identifier && !breach.besides.contains(&other.code)
    });
    let right = told.iter().any(|finding| finding.severity == breach.severity);
    if right && others.is_empty() {
        return Ok(());
    }
    let Breach { code, pointer, severity, .. } = breach;
    Err(format!("{code:?} ({severity:?}) at `{pointer}`: {told:?} and {others:?} in {text}"))
}

/// Codes that no change of one value of one object brings about: those of JSON and of limits, of the deprecated
/// container, of fixed marking definitions, of files, of schemas, of two versions. Each has its tests beside the code.
fn is_of_something_else(code: Code) -> bool {
    use Code::{
        BadEscape, BadNumber, ContainerKeys, ContainerType, ControlCharacter, Deprecated,
        DuplicateKey, ExtensionNewType, ExtensionTypeOther, InvalidUtf8, JsonCut, JsonSyntax,
        LocalReference, LoneSurrogate, MarkingFixed, MarkingImitated, NotABundle, NotAnObject,
        StringTooLong, TooDeep, TooLarge, TooManyProperties, UnexpectedContent, Unreadable,
    };
    let json = [
        TooLarge,
        TooDeep,
        TooManyProperties,
        StringTooLong,
        InvalidUtf8,
        JsonSyntax,
        JsonCut,
        BadEscape,
        LoneSurrogate,
        ControlCharacter,
        BadNumber,
        DuplicateKey,
        NotAnObject,
    ];
    let other = [
        LocalReference,
        ContainerType,
        ContainerKeys,
        Deprecated,
        MarkingFixed,
        MarkingImitated,
        ExtensionTypeOther,
        ExtensionNewType,
        NotABundle,
        UnexpectedContent,
        Unreadable,
    ];
    let name = code.as_str();
    json.contains(&code)
        || other.contains(&code)
        || name.starts_with("schema-")
        || name.starts_with("version-")
}

#[test]
fn each_thing_that_is_broken_is_told_where_it_is_and_nothing_else_is() {
    let (mut broken, mut wrong) = (BTreeSet::new(), Vec::new());
    for type_ in types::all() {
        for (fill, seeds) in [(Fill::Least, 1), (Fill::Some, 3), (Fill::Most, 5)] {
            for seed in 0..seeds {
                let object = Sampler::new(numbers(seed)).object(type_, fill);
                for breach in breaches(type_, &object) {
                    broken.insert(breach.code);
                    wrong.extend(judge(type_, &object, &breach).err());
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} are judged wrongly, such as {:#?}", wrong.len(), wrong.first());
    let all = Code::ALL.iter().filter(|code| !is_of_something_else(**code));
    let never: Vec<_> = all.filter(|code| !broken.contains(code)).collect();
    assert!(never.is_empty(), "{never:?}");
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 100,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn whatever_is_made_and_broken_is_judged_rightly(
        seed: u64,
        which in 0..types::all().count(),
        fill in prop::sample::select(&[Fill::Least, Fill::Some, Fill::Most][..]),
    ) {
        let type_ = types::all().nth(which).unwrap();
        let object = Sampler::new(numbers(seed)).object(type_, fill);
        for breach in breaches(type_, &object) {
            prop_assert_eq!(judge(type_, &object, &breach), Ok(()));
        }
    }
}

#[test]
fn a_key_that_stands_twice_is_told_however_it_is_written() {
    for type_ in types::all() {
        let object = Sampler::new(numbers(5)).object(type_, Fill::Some).to_string();
        let front = object.strip_suffix('}').unwrap();
        for key in ["id", "\\u0069d"] {
            let report = checked(type_, format!("{front},\"{key}\":1}}").as_bytes());
            let twice = |finding: &&Finding| finding.code == Code::DuplicateKey;
            let told: Vec<_> = report.findings.iter().filter(twice).collect();
            assert_eq!(told.len(), 1, "{}", type_.name);
            assert_eq!((told[0].pointer.as_str(), report.head), ("/id", None), "{}", type_.name);
        }
    }
}
