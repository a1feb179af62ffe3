//! The standard's own kinds of values (section 2), for properties of one's own to be made of.

use super::evaluate::Run;
use super::format::Format;
use super::number::Decimal;
use crate::check::forms::{hash, lang};
use crate::finding::{Code, Thing, Word};
use crate::id;
use crate::json::{self, Value};
use crate::timestamp::Stamp;
use crate::types::common::COMMON;

/// A kind that a schema may refer to as `stix:NAME`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kind {
    /// A string of base64 (section 2.1).
    Binary,
    /// A dictionary (section 2.3).
    Dictionary,
    /// An external reference (section 2.5).
    ExternalReference,
    /// Hashes (section 2.7).
    Hashes,
    /// Hexadecimal digits (section 2.8).
    Hex,
    /// An identifier (section 2.9).
    Identifier,
    /// A whole number of 54 bits, written without point or exponent (section 2.10).
    Integer,
    /// A kill chain phase (section 2.11).
    KillChainPhase,
    /// A term of an open vocabulary (section 2.14).
    OpenVocab,
    /// A timestamp (section 2.16).
    Timestamp,
    /// A URL (RFC 3986), as external references and many properties have them.
    Url,
    /// A confidence, 0 to 100 (section 3.2).
    Confidence,
    /// A language code (section 3.2).
    Lang,
    /// A granular marking (section 7.2.3).
    GranularMarking,
    /// An object with the common properties (section 3.2), which the check of the object reads.
    Core,
    /// An object of a type of the standard, which the check of the object reads.
    Object(String),
}

impl Kind {
    const NAMES: [(&'static str, Self); 21] = [
        ("binary", Self::Binary),
        ("dictionary", Self::Dictionary),
        ("external-reference", Self::ExternalReference),
        ("hashes", Self::Hashes),
        ("hashes-type", Self::Hashes),
        ("hex", Self::Hex),
        ("identifier", Self::Identifier),
        ("integer", Self::Integer),
        ("kill-chain-phase", Self::KillChainPhase),
        ("open-vocab", Self::OpenVocab),
        ("timestamp", Self::Timestamp),
        ("confidence", Self::Confidence),
        ("lang", Self::Lang),
        ("granular-marking", Self::GranularMarking),
        ("core", Self::Core),
        ("cyber-observable-core", Self::Core),
        ("object", Self::Core),
        ("url", Self::Url),
        ("url-regex", Self::Url),
        ("properties", Self::Dictionary),
        ("extension", Self::Dictionary),
    ];

    /// The names that may follow `stix:`.
    pub(super) fn names() -> impl Iterator<Item = &'static str> {
        Self::NAMES.iter().map(|(name, _)| *name)
    }

    /// The kind a `$ref` names, in our spelling or in that of the OASIS schemas: relative to their
    /// folders, or as an address into their repository.
    pub(super) fn referred(reference: &str) -> Option<Self> {
        if let Some(name) = reference.strip_prefix("stix:") {
            return match name.strip_prefix("object/") {
                Some(type_) => Self::object(type_),
                None => Self::named(name),
            };
        }
        let path = match reference.split_once("oasis-open/cti-stix2-json-schemas/") {
            Some((front, path)) if front.starts_with("http") => path.split_once("schemas/")?.1,
            Some(_) => return None,
            None => reference.trim_start_matches("../"),
        };
        let (folder, file) = path.split_once('/')?;
        let name = file.strip_suffix(".json")?;
        match folder {
            "common" if META.contains(&name) => Self::object(name),
            "common" => Self::named(name),
            "sdos" | "sros" | "observables" => Self::object(name),
            _ => None,
        }
    }

    fn named(name: &str) -> Option<Self> {
        Self::NAMES.iter().find(|(known, _)| *known == name).map(|(_, kind)| kind.clone())
    }

    fn object(type_: &str) -> Option<Self> {
        id::is_type_name(type_).then(|| Self::Object(type_.to_owned()))
    }

    /// Whether the properties of a value of this kind are known although the schema lists none.
    pub(super) fn describes(&self, property: &str) -> bool {
        match self {
            Self::Core => COMMON.properties.iter().any(|common| common.name == property),
            Self::Object(_) | Self::Hashes | Self::Dictionary => true,
            Self::ExternalReference => EXTERNAL_REFERENCE.contains(&property),
            Self::KillChainPhase => KILL_CHAIN_PHASE.contains(&property),
            Self::GranularMarking => GRANULAR_MARKING.contains(&property),
            _ => false,
        }
    }

    fn thing(&self) -> (Thing, json::Kind) {
        match self {
            Self::Dictionary
            | Self::ExternalReference
            | Self::Hashes
            | Self::KillChainPhase
            | Self::GranularMarking
            | Self::Core
            | Self::Object(_) => (Thing::Object, json::Kind::Object),
            Self::Integer | Self::Confidence => (Thing::Integer, json::Kind::Number),
            _ => (Thing::Text, json::Kind::Text),
        }
    }

    fn section(&self) -> &'static str {
        match self {
            Self::Binary => "2.1",
            Self::Dictionary => "2.3",
            Self::ExternalReference | Self::Url => "2.5.1",
            Self::Hashes => "2.7",
            Self::Hex => "2.8",
            Self::Identifier => "2.9",
            Self::Integer => "2.10",
            Self::KillChainPhase => "2.11",
            Self::OpenVocab => "2.14",
            Self::Timestamp => "2.16.1",
            Self::GranularMarking => "7.2.3",
            Self::Confidence | Self::Lang | Self::Core | Self::Object(_) => "3.2",
        }
    }
}

/// Types of objects whose schemas OASIS keeps beside those of kinds.
const META: [&str; 3] = ["marking-definition", "language-content", "extension-definition"];

const EXTERNAL_REFERENCE: &[&str] = &["source_name", "description", "url", "hashes", "external_id"];
const KILL_CHAIN_PHASE: &[&str] = &["kill_chain_name", "phase_name"];
const GRANULAR_MARKING: &[&str] = &["lang", "marking_ref", "selectors"];

impl<'d, 'a> Run<'_, 'd, 'a> {
    /// Holds a value against a kind; true when it is of it.
    pub(super) fn kind(&mut self, kind: &Kind, value: Value<'d, 'a>) -> bool {
        let (thing, shape) = kind.thing();
        if value.kind() != shape {
            let words = [super::evaluate::name(value), thing.into()];
            return self.breach(value, Code::WrongType, kind.section(), words);
        }
        match kind {
            Kind::Core => true,
            Kind::Object(type_) => self.object(value, type_),
            Kind::Integer => self.whole(value, kind, -(1 << 53) + 1, (1 << 53) - 1),
            Kind::Confidence => self.whole(value, kind, 0, 100),
            Kind::Dictionary => self.dictionary(value),
            Kind::Hashes => self.hashes(value),
            Kind::ExternalReference => self.external_reference(value),
            Kind::KillChainPhase => self.texts(value, kind, KILL_CHAIN_PHASE, KILL_CHAIN_PHASE),
            Kind::GranularMarking => self.granular_marking(value),
            _ => self.scalar(kind, value),
        }
    }

    fn scalar(&mut self, kind: &Kind, value: Value<'d, 'a>) -> bool {
        let text = value.text().unwrap_or_default();
        let code = match kind {
            Kind::Binary if !hash::is_base64(&text) => Code::SchemaBinary,
            Kind::Hex if !hash::is_hex(&text) => Code::SchemaHex,
            Kind::Lang if !lang::is_tag(&text) => Code::LangForm,
            Kind::Url if !Format::Uri.holds(&text) => {
                let (name, example) = Format::Uri.shown();
                let words = [Word::said(&text), Word::said(name), Word::said(example)];
                return self.breach(value, Code::SchemaFormat, kind.section(), words);
            }
            Kind::Timestamp if Stamp::parse(&*text).is_err() => Code::TimestampForm,
            Kind::OpenVocab if !super::names::is_term(&text) => Code::SchemaTerm,
            Kind::Identifier => return self.identifier(value, &text),
            _ => return true,
        };
        self.breach(value, code, kind.section(), [Word::said(&text)])
    }

    /// An identifier of an object (section 2.9).
    fn identifier(&mut self, value: Value<'d, 'a>, text: &str) -> bool {
        let code = match id::split(text) {
            None => Code::ReferenceForm,
            Some((type_, _)) if !id::is_type_name(type_) => Code::ReferenceForm,
            Some((_, uuid)) if !super::names::is_rfc_4122(uuid) => Code::IdUuid,
            Some(_) => return true,
        };
        self.breach(value, code, "2.9", [Word::said(text)])
    }

    /// The keyword `x-stix-ref-types`.
    pub(super) fn reference_types(&mut self, types: &[String], value: Value<'d, 'a>) -> bool {
        if !self.kind(&Kind::Identifier, value) {
            return false;
        }
        let text = value.text().unwrap_or_default();
        let target = id::split(&text).map_or("", |(type_, _)| type_);
        if types.iter().any(|type_| type_ == target) {
            return true;
        }
        let words = [Word::said(&text), Word::said(&types.join(", "))];
        self.breach(value, Code::ReferenceType, super::SECTION, words)
    }

    fn whole(&mut self, value: Value<'d, 'a>, kind: &Kind, least: i64, most: i64) -> bool {
        let number = value.integer();
        if number.is_some_and(|number| (least..=most).contains(&number)) {
            return true;
        }
        if number.is_none() && !value.raw().bytes().all(|b| b.is_ascii_digit() || b == b'-') {
            let whole = Decimal::of(value.raw()).is_whole();
            let code = if whole { Code::SchemaWholeForm } else { Code::WrongType };
            let name = if whole { Word::said(value.raw()) } else { super::evaluate::name(value) };
            return self.breach(value, code, kind.section(), [name, Thing::Integer.into()]);
        }
        let words = [Word::said(value.raw()), Word::Said(format!("{least}..{most}"))];
        self.breach(value, Code::OutOfRange, kind.section(), words)
    }

    fn object(&mut self, value: Value<'d, 'a>, type_: &str) -> bool {
        let named = value.child("type").and_then(|name| name.text());
        if named.as_deref() == Some(type_) {
            return true;
        }
        let at = value.child("type").unwrap_or(value);
        let words = [Word::said(&named.unwrap_or_default()), Word::said(type_)];
        self.breach(at, Code::SchemaObjectType, super::SECTION, words)
    }

    fn dictionary(&mut self, value: Value<'d, 'a>) -> bool {
        if value.members().next().is_none() {
            return self.breach(value, Code::EmptyObject, "2.3", []);
        }
        self.keys(value, Code::DictionaryKey, "2.3", 1)
    }

    fn keys(
        &mut self,
        value: Value<'d, 'a>,
        code: Code,
        section: &'static str,
        least: usize,
    ) -> bool {
        let mut fits = true;
        for member in value.members() {
            let key = member.key().unwrap_or_default();
            if key.len() < least || !super::names::is_dictionary_key(&key) {
                fits = self.breach(member, code, section, [Word::said(&key)]);
            }
        }
        fits
    }

    fn hashes(&mut self, value: Value<'d, 'a>) -> bool {
        if value.members().next().is_none() {
            return self.breach(value, Code::EmptyObject, "2.3", []);
        }
        let mut fits = self.keys(value, Code::HashKey, "2.7", 3);
        for member in value.members() {
            let text = self.is_text(member, "2.7");
            fits &= text && self.hash_value(member);
        }
        fits
    }

    /// A value of an algorithm of section 10.7; of others nothing is known.
    fn hash_value(&mut self, value: Value<'d, 'a>) -> bool {
        let (key, text) = (value.key().unwrap_or_default(), value.text().unwrap_or_default());
        let words = [Word::said(&text), Word::said(&key)];
        hash::is_value(&key, &text) || self.breach(value, Code::HashValue, "10.7", words)
    }

    fn is_text(&mut self, value: Value<'d, 'a>, section: &'static str) -> bool {
        if value.kind() == json::Kind::Text {
            return true;
        }
        let words = [super::evaluate::name(value), Thing::Text.into()];
        self.breach(value, Code::WrongType, section, words)
    }

    /// Properties that are strings, some of them required.
    fn texts(
        &mut self,
        value: Value<'d, 'a>,
        kind: &Kind,
        all: &[&str],
        required: &[&str],
    ) -> bool {
        let mut fits = true;
        for name in all {
            match value.child(name) {
                Some(child) => fits &= self.is_text(child, kind.section()),
                None if required.contains(name) => {
                    let words = [Word::said(name)];
                    fits = self.breach(value, Code::MissingProperty, kind.section(), words);
                }
                None => {}
            }
        }
        fits
    }

    fn external_reference(&mut self, value: Value<'d, 'a>) -> bool {
        let names = ["source_name", "description", "url", "external_id"];
        let mut fits = self.texts(value, &Kind::ExternalReference, &names, &["source_name"]);
        if names.iter().skip(1).all(|name| value.child(name).is_none()) {
            fits = self.breach(value, Code::ExternalReferenceEmpty, "2.5.2", []);
        }
        match value.child("hashes") {
            Some(hashes) => self.kind(&Kind::Hashes, hashes) && fits,
            None => fits,
        }
    }

    fn granular_marking(&mut self, value: Value<'d, 'a>) -> bool {
        let (lang, marking) = (value.child("lang"), value.child("marking_ref"));
        let mut fits = true;
        if lang.is_some() == marking.is_some() {
            fits = self.breach(value, Code::GranularChoice, "7.2.3", []);
        }
        if let Some(lang) = lang {
            fits &= self.kind(&Kind::Lang, lang);
        }
        if let Some(marking) = marking {
            fits &= self.reference_types(&["marking-definition".to_owned()], marking);
        }
        match value.child("selectors") {
            None => self.breach(value, Code::MissingProperty, "7.2.3", [Word::said("selectors")]),
            Some(list) if list.kind() != json::Kind::List => {
                let words = [Word::said("selectors"), Thing::List.into()];
                self.breach(list, Code::WrongType, "7.2.3", words)
            }
            Some(list) => {
                list.members().fold(fits, |fits, selector| self.is_text(selector, "7.2.3") && fits)
            }
        }
    }
}
