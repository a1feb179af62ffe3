//! Values by their kinds (section 2).

use super::forms::{address, hash, lang, media, names, software, url};
use super::plan::Node;
use super::walk::{Going, Walk, Within};
use super::{nearest, selectors};
use crate::assigned;
use crate::finding::{Code, Thing, Word};
use crate::json::{self, Value};
use crate::timestamp::Stamp;
use crate::types::{Kind, LARGEST, Vocabulary, vocabulary};

impl<'d, 'a> Walk<'d, 'a, '_> {
    /// A value that the tables know.
    pub(super) fn value(
        &mut self,
        value: Value<'d, 'a>,
        node: &'static Node,
        within: Within,
    ) -> Going {
        if value.kind() == json::Kind::Null {
            return self.say(value, Code::NullValue, "2", []);
        }
        if value.kind() != expected(node).1 {
            if let Node::Either(nodes) = node {
                let fits = |node: &&Node| value.kind() == expected(node).1;
                if let Some(node) = nodes.iter().find(fits) {
                    return self.value(value, node, within);
                }
            }
            if !matches!(node, Node::Plain(Kind::Any)) {
                return self.mistyped(value, node, within);
            }
        }
        match node {
            Node::List(of) => {
                if value.members().next().is_none() {
                    return self.say(value, Code::EmptyList, "2.12", []);
                }
                value.members().try_for_each(|member| self.value(member, of, within))
            }
            Node::Object(plan) => self.shape(value, plan),
            Node::Dictionary(of, lower) => {
                if value.members().next().is_none() {
                    return self.say(value, Code::EmptyObject, "2.3", []);
                }
                value.members().try_for_each(|member| {
                    let key = member.key().unwrap_or_default();
                    self.dictionary_key(member, &key, *lower)?;
                    self.value(member, of, within)
                })
            }
            Node::Either(nodes) => {
                let fits = |node: &&Node| value.kind() == expected(node).1;
                nodes.iter().find(fits).map_or(Ok(()), |node| self.value(value, node, within))
            }
            Node::Plain(kind) => self.plain(value, kind, within),
        }
    }

    fn mistyped(&mut self, value: Value<'d, 'a>, node: &'static Node, within: Within) -> Going {
        let words = [Word::said(within.name), expected(node).0.into()];
        self.say(value, Code::WrongType, within.section, words)
    }

    fn plain(&mut self, value: Value<'d, 'a>, kind: &'static Kind, within: Within) -> Going {
        match kind {
            // Any will do; what a long text says is not even read.
            Kind::Boolean | Kind::Text => Ok(()),
            Kind::Integer(least, most) => self.integer(value, *least, *most, within),
            Kind::Float(least, most) => self.float(value, *least, *most, within),
            Kind::Hashes => self.hashes(value),
            Kind::Extensions => self.extensions(value),
            Kind::Container => self.container(value),
            Kind::Translations => self.translations(value, within),
            Kind::Any | Kind::Marking => self.free(value),
            Kind::Objects => self.objects(value),
            _ => self.text(value, kind, within),
        }
    }

    fn text(&mut self, value: Value<'d, 'a>, kind: &'static Kind, within: Within) -> Going {
        let text = value.text().unwrap_or_default();
        let text = &*text;
        // What was defanged need not have its form (section 3.2).
        let plain = !self.defanged;
        let (good, code, section) = match kind {
            Kind::TypeName => return self.type_name(value, text),
            Kind::Id => return self.own_id(value, text),
            Kind::Reference(targets) => return self.reference(value, text, targets, within),
            Kind::Timestamp | Kind::FineTimestamp | Kind::SecondTimestamp => {
                return self.timestamp(value, text, kind, within);
            }
            Kind::Selector if selectors::is_selector(text) => {
                self.selectors.push((value, value.text().unwrap_or_default()));
                return Ok(());
            }
            Kind::Enum(vocabulary) => return self.closed(value, text, vocabulary.values, within),
            Kind::Literal(values) => return self.closed(value, text, values, within),
            Kind::Pattern => return self.pattern(value, text),
            Kind::Open(vocabulary) => return self.open(value, text, vocabulary),
            Kind::Selector => (false, Code::SelectorForm, "7.2.3"),
            Kind::SpecVersion => (text == "2.1", Code::SpecVersion, "3.2"),
            Kind::LowerText => {
                (!text.chars().any(char::is_uppercase), Code::LowerCase, within.section)
            }
            Kind::Ending(end) if !text.ends_with(end) => {
                let words = [Word::said(text), Word::said(end)];
                return self.say(value, Code::Ending, within.section, words);
            }
            Kind::Subdivision => {
                (assigned::is_subdivision(text), Code::Subdivision, within.section)
            }
            Kind::Term => (names::is_term(text), Code::TermForm, within.section),
            Kind::Lang => (lang::is_tag(text), Code::LangForm, within.section),
            Kind::Binary => (hash::is_base64(text), Code::BinaryForm, "2.1"),
            Kind::Hex => (hash::is_hex(text), Code::HexForm, "2.8"),
            Kind::Url if within.section == "2.5.1" => {
                (url::is_url(text), Code::UrlAdvised, within.section)
            }
            Kind::Url => (!plain || url::is_url(text), Code::UrlForm, within.section),
            Kind::MediaType => (media::is_media_type(text), Code::MediaType, within.section),
            Kind::Charset if !assigned::is_charset(text) => {
                let preferred = assigned::charset(text).unwrap_or("windows-1252");
                let words = [Word::said(text), Word::said(preferred)];
                return self.say(value, Code::Charset, "3.9.1", words);
            }
            Kind::Ipv4 => (!plain || address::is_ipv4(text), Code::Ipv4, within.section),
            Kind::Ipv6 => (!plain || address::is_ipv6(text), Code::Ipv6, within.section),
            Kind::Mac => (!plain || address::is_mac(text), Code::Mac, within.section),
            Kind::DomainName if address::is_domain(text) => {
                (!plain || !address::has_reserved_label(text), Code::DomainLabel, within.section)
            }
            Kind::DomainName => (!plain, Code::DomainName, within.section),
            Kind::EmailAddress => {
                (!plain || address::is_email(text), Code::EmailAddress, within.section)
            }
            Kind::Cpe => (software::is_cpe(text), Code::Cpe, within.section),
            Kind::Country => (assigned::is_country(text), Code::Country, within.section),
            Kind::Protocol => (assigned::is_protocol(text), Code::Protocol, within.section),
            Kind::RegistryKey => {
                (software::is_registry_key(text), Code::RegistryHive, within.section)
            }
            _ => return Ok(()),
        };
        if good { Ok(()) } else { self.say(value, code, section, [Word::said(text)]) }
    }

    /// The objects of a bundle, of which each is checked for itself (section 8).
    fn objects(&mut self, value: Value<'d, 'a>) -> Going {
        let mut any = false;
        for member in value.members() {
            any = true;
            if member.kind() != json::Kind::Object {
                let words = [Word::said("objects"), Thing::Object.into()];
                self.say(member, Code::WrongType, "8.1", words)?;
            } else if member.child("type").and_then(|t| t.text()).is_some_and(|t| t == "bundle") {
                self.say(member, Code::BundleAsObject, "8.1", [])?;
            }
        }
        if any { Ok(()) } else { self.say(value, Code::EmptyList, "2.12", []) }
    }

    fn timestamp(
        &mut self,
        value: Value<'d, 'a>,
        text: &str,
        kind: &Kind,
        within: Within,
    ) -> Going {
        match Stamp::parse(text) {
            Err(_) => self.say(value, Code::TimestampForm, "2.16.1", [Word::said(text)]),
            Ok(stamp) if matches!(kind, Kind::FineTimestamp) && stamp.precision() < 3 => {
                self.say(value, Code::TimestampPrecision, within.section, [Word::said(text)])
            }
            Ok(stamp) if matches!(kind, Kind::SecondTimestamp) && stamp.precision() > 0 => {
                self.say(value, Code::TimestampFraction, within.section, [Word::said(text)])
            }
            Ok(_) => Ok(()),
        }
    }

    fn integer(&mut self, value: Value<'d, 'a>, least: i64, most: i64, within: Within) -> Going {
        let written = value.raw();
        if !written.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-') {
            let words = [Word::said(within.name), Thing::Integer.into()];
            return self.say(value, Code::WrongType, within.section, words);
        }
        if value.integer().is_some_and(|number| (least..=most).contains(&number)) {
            return Ok(());
        }
        let words = [Word::said(written), Word::Said(format!("{least}..{most}"))];
        self.say(value, Code::OutOfRange, within.section, words)
    }

    /// A number that may be of any type: one that a float can come near to (section 2.6). A whole one that is no integer
    /// of STIX (section 2.10) is not kept exactly by all readers, unless a schema says how large it may be.
    pub(super) fn number(&mut self, value: Value<'d, 'a>, judged: bool) -> Going {
        let written = value.raw();
        let whole = !written.bytes().any(|byte| matches!(byte, b'.' | b'e' | b'E'));
        let integer = value.integer().is_some_and(|number| (-LARGEST..=LARGEST).contains(&number));
        self.float(value, f64::MIN, f64::MAX, Within { name: "", section: "2.6" })?;
        if !whole || integer || judged {
            return Ok(());
        }
        self.say(value, Code::NumberPrecision, "2.10", [Word::said(written)])
    }

    fn float(&mut self, value: Value<'d, 'a>, least: f64, most: f64, within: Within) -> Going {
        let number: Option<f64> = value.raw().parse().ok();
        if number.is_some_and(|number| (least..=most).contains(&number)) {
            return Ok(());
        }
        let range = if least <= f64::MIN && most >= f64::MAX {
            "±1.7976931348623157e308".to_owned()
        } else {
            format!("{least}..{most}")
        };
        self.say(
            value,
            Code::OutOfRange,
            within.section,
            [Word::said(value.raw()), Word::Said(range)],
        )
    }

    /// Names of algorithms and what they gave (sections 2.7 and 10.7).
    fn hashes(&mut self, value: Value<'d, 'a>) -> Going {
        let mut any = false;
        for member in value.members() {
            any = true;
            let key = member.key().unwrap_or_default();
            let known = vocabulary::HASH_ALGORITHM.values.contains(&&*key);
            if !names::is_hash_name(&key) {
                self.say_key(member, Code::HashKey, "2.7", [Word::said(&key)])?;
            } else if !known && !key.starts_with("x_") {
                let words = Self::alternatives(&key, vocabulary::HASH_ALGORITHM.values);
                self.say_key(member, Code::NotInVocabulary, "2.7", words)?;
            }
            let Some(text) = member.text() else {
                let words = [Word::said(&key), Thing::Text.into()];
                self.say(member, Code::WrongType, "2.7", words)?;
                continue;
            };
            if known && !hash::is_value(&key, &text) {
                let words = [Word::said(&text), Word::said(&key)];
                self.say(member, Code::HashValue, "10.7", words)?;
            }
        }
        if any { Ok(()) } else { self.say(value, Code::EmptyObject, "2.3", []) }
    }

    /// A term of a closed list (section 2.4).
    fn closed(
        &mut self,
        value: Value<'d, 'a>,
        text: &str,
        values: &[&str],
        within: Within,
    ) -> Going {
        if values.contains(&text) {
            return Ok(());
        }
        let words = Self::alternatives(text, values);
        self.say(value, Code::NotInEnum, within.section, words)
    }

    /// A term of an open vocabulary (section 2.14).
    fn open(&mut self, value: Value<'d, 'a>, text: &str, vocabulary: &'static Vocabulary) -> Going {
        if vocabulary.values.contains(&text) {
            return Ok(());
        }
        let words = Self::alternatives(text, vocabulary.values);
        self.say(value, Code::NotInVocabulary, vocabulary.section, words)?;
        self.lower_case_with_hyphens(value, text, "2.14")
    }

    /// The form that terms of one's own should have (sections 2.11 and 2.14).
    pub(super) fn lower_case_with_hyphens(
        &mut self,
        value: Value<'d, 'a>,
        text: &str,
        section: &'static str,
    ) -> Going {
        if names::is_lower_case_with_hyphens(text) {
            return Ok(());
        }
        self.say(value, Code::LowerCaseHyphens, section, [Word::said(text)])
    }

    /// The text and the term that comes nearest to it.
    fn alternatives(text: &str, values: &[&str]) -> [Word; 2] {
        [Word::said(text), Word::said(nearest::term(text, values))]
    }
}

/// What a message calls it, and what JSON does.
pub(super) fn expected(node: &Node) -> (Thing, json::Kind) {
    match node {
        Node::List(_) => (Thing::List, json::Kind::List),
        Node::Object(_) | Node::Dictionary(..) => (Thing::Object, json::Kind::Object),
        Node::Either(nodes) => nodes.first().map_or((Thing::Text, json::Kind::Text), expected),
        Node::Plain(kind) => match kind {
            Kind::Boolean => (Thing::Boolean, json::Kind::Boolean),
            Kind::Integer(..) => (Thing::Integer, json::Kind::Number),
            Kind::Float(..) => (Thing::Number, json::Kind::Number),
            Kind::Hashes
            | Kind::Extensions
            | Kind::Container
            | Kind::Marking
            | Kind::Translations => (Thing::Object, json::Kind::Object),
            Kind::Objects => (Thing::List, json::Kind::List),
            _ => (Thing::Text, json::Kind::Text),
        },
    }
}
