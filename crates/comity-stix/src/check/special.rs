//! Rules that take a few lines of code: one function for each [`Special`] of the tables.

use super::forms::names;
use super::plan::{Field, PLANS};
use super::walk::{Going, Seen, Walk};
use crate::finding::{Code, Word};
use crate::id;
use crate::json::Value;
use crate::marking;
use crate::types::{Choice, Class, Special};

/// A source of identifiers, and how they are written.
struct Source {
    /// `source_name`.
    name: &'static str,
    /// What people call it.
    called: &'static str,
    example: &'static str,
    has_form: fn(&str) -> bool,
}

const CAPEC: Source = Source {
    name: "capec",
    called: "CAPEC",
    example: "CAPEC-163",
    has_form: |id| id.strip_prefix("CAPEC-").is_some_and(is_number),
};

const CVE: Source =
    Source { name: "cve", called: "CVE", example: "CVE-2016-1234", has_form: is_cve };

/// Sources that the rules of types do not speak of.
const ATTACK: &[Source] = &[
    Source { name: "mitre-attack", called: "ATT&CK", example: "T1566.001", has_form: is_attack },
    Source { name: "mitre-ics-attack", called: "ATT&CK", example: "T0883", has_form: is_attack },
    Source { name: "mitre-mobile-attack", called: "ATT&CK", example: "T1409", has_form: is_attack },
];

impl<'d, 'a> Walk<'d, 'a, '_> {
    /// A rule that no general form says.
    pub(super) fn special(
        &mut self,
        object: Value<'d, 'a>,
        special: Special,
        seen: &Seen,
        section: &'static str,
    ) -> Going {
        match special {
            Special::ExternalIdForm => self.external_id_advice(object, section),
            Special::CapecId => self.external_ids(object, &CAPEC, section),
            Special::CveId => self.external_ids(object, &CVE, section),
            Special::MarkingDefinition => self.marking_definition(object, seen),
            Special::RelationshipEnds => self.relationship_ends(object, section),
            Special::ObservedData => self.observed(object, section),
            Special::ExtensionProperties => self.extension_properties(object, section),
            Special::PatternTimes => self.pattern_times(object, section),
        }
    }

    /// References to a source that the type's own rule is strict about: id and source name go together.
    fn external_ids(
        &mut self,
        object: Value<'d, 'a>,
        source: &Source,
        section: &'static str,
    ) -> Going {
        let references = object.child("external_references");
        for reference in references.into_iter().flat_map(|list| list.members()) {
            let named = reference.child("source_name");
            let given = reference.child("external_id");
            let name = named.and_then(|name| name.text()).unwrap_or_default();
            let id = given.and_then(|id| id.text());
            let formed = id.as_deref().is_some_and(source.has_form);
            let (place, said, instead) = match (name == source.name, formed) {
                (true, false) => (given, id.unwrap_or_default(), source.example),
                (false, true) => (named, name, source.name),
                _ => continue,
            };
            // A reference to the source as a whole needs no identifier.
            let Some(place) = place else { continue };
            let words = [Word::said(&said), Word::said(source.called), Word::said(instead)];
            self.say(place, Code::ExternalIdForm, section, words)?;
        }
        Ok(())
    }

    /// An identifier of a well-known source, where no rule of the type speaks of it.
    fn external_id_advice(&mut self, reference: Value<'d, 'a>, section: &'static str) -> Going {
        let Some(name) = reference.child("source_name").and_then(|name| name.text()) else {
            return Ok(());
        };
        let strict = |special: Special| {
            self.type_.plan.rules.iter().any(
                |planned| matches!(planned.rule.choice, Choice::Special(other) if other == special),
            )
        };
        let source = match &*name {
            "capec" if !strict(Special::CapecId) => &CAPEC,
            "cve" if !strict(Special::CveId) => &CVE,
            _ => match ATTACK.iter().find(|source| source.name == name) {
                Some(source) => source,
                None => return Ok(()),
            },
        };
        let Some(id) = reference.child("external_id") else { return Ok(()) };
        let text = id.text().unwrap_or_default();
        if (source.has_form)(&text) {
            return Ok(());
        }
        let words = [Word::said(&text), Word::said(source.called), Word::said(source.example)];
        self.say(id, Code::ExternalIdAdvised, section, words)
    }

    /// What a marking definition says: a statement or a level in the shape of its type, and what has fixed definitions
    /// exactly so (section 7.2.1).
    fn marking_definition(&mut self, object: Value<'d, 'a>, seen: &Seen) -> Going {
        if let Some(fixed) = marking::canonical(&self.id) {
            for pointer in fixed.differs(self.document) {
                let place = self.document.find(&pointer).unwrap_or(object);
                let words = [Word::said(fixed.id), Word::said(fixed.name)];
                self.say(place, Code::MarkingFixed, fixed.family.source(), words)?;
            }
        } else if let Some(imitation) = marking::imitation(self.document) {
            let place = self.document.find(&imitation.pointer).unwrap_or(object);
            let says =
                imitation.instead.map_or_else(|| imitation.family.property(), |fixed| fixed.name);
            let instead = imitation.instead.map_or("marking-definition--…", |fixed| fixed.id);
            let words = [Word::said(says), Word::said(instead)];
            return self.say(place, Code::MarkingImitated, imitation.family.source(), words);
        }
        let at = |name| seen.at(self.document, self.type_.plan.position(name));
        let (Some(type_), Some(definition)) = (at("definition_type"), at("definition")) else {
            return Ok(());
        };
        let name = match type_.text().as_deref() {
            Some("statement") => "statement",
            Some("tlp") => "tlp",
            _ => return Ok(()),
        };
        match definition.child(name) {
            Some(value) if value.text().is_none() => {
                let words = [Word::said(name), crate::finding::Thing::Text.into()];
                self.say(value, Code::WrongType, "7.2.1", words)
            }
            Some(_) => Ok(()),
            None => self.missing(definition, name, "7.2.1"),
        }
    }

    /// A relationship type that the standard lists for both ends (sections 3.7, 4.x.2, 5.1.2, 6.x.2).
    fn relationship_ends(&mut self, object: Value<'d, 'a>, section: &'static str) -> Going {
        let text = |name: &str| object.child(name).and_then(|value| value.text());
        let (Some(name), Some(source), Some(target)) =
            (text("relationship_type"), text("source_ref"), text("target_ref"))
        else {
            return Ok(());
        };
        let ends = (id::split(&source), id::split(&target));
        let (Some((source, _)), Some((target, _))) = ends else { return Ok(()) };
        let value = object.child("relationship_type").unwrap_or(object);
        match &*name {
            "related-to" => return Ok(()),
            "derived-from" | "duplicate-of" => {
                if source == target {
                    return Ok(());
                }
                let words = [Word::said(&name), Word::said(source), Word::said(target)];
                return self.say(value, Code::RelationshipSame, "3.7", words);
            }
            _ => {}
        }
        // What a custom type may be related to is for its extension to say; what is no end at all, and what is no
        // term, is told elsewhere.
        let joins = |class| matches!(class, Some(Class::Domain | Class::Observable));
        let Some(type_) = PLANS.find(source).and_then(|plan| plan.type_) else { return Ok(()) };
        if !joins(PLANS.class(source)) || !joins(PLANS.class(target)) || !names::is_term(&name) {
            return Ok(());
        }
        let leads = |to: &crate::types::Relationship| self.allows(&to.targets, target);
        if type_.relationships.iter().any(|known| known.name == name && leads(known)) {
            return Ok(());
        }
        let listed = type_.relationships.iter().filter(|known| leads(known));
        let mut names: Vec<&str> = listed.map(|known| known.name).collect();
        names.push("related-to");
        let words = [
            Word::said(&name),
            Word::said(source),
            Word::said(target),
            Word::Said(names.join(", ")),
        ];
        self.say(value, Code::RelationshipType, section, words)
    }

    /// At least one of the references of observed data leads to an observable (section 4.14.1).
    fn observed(&mut self, object: Value<'d, 'a>, section: &'static str) -> Going {
        let Some(list) = object.child("object_refs") else { return Ok(()) };
        if list.members().next().is_none() {
            return Ok(());
        }
        let observable =
            |type_: &str| self.class_of(type_).is_none_or(|class| class == Class::Observable);
        let mut types = list.members().filter_map(|value| self.leads_to(value));
        if types.any(|type_| observable(&type_)) {
            return Ok(());
        }
        self.say(list, Code::ObservedNothing, section, [])
    }

    /// A property that the standard is leaving behind. The fixed definitions of TLP have theirs by its order.
    pub(super) fn deprecated(&mut self, value: Value<'d, 'a>, field: &'static Field) -> Going {
        if marking::canonical(&self.id).is_some() {
            return Ok(());
        }
        self.say(value, Code::Deprecated, field.section, [Word::said(field.name)])
    }
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_cve(id: &str) -> bool {
    let Some((year, number)) = id.strip_prefix("CVE-").and_then(|rest| rest.split_once('-')) else {
        return false;
    };
    year.len() == 4 && is_number(year) && number.len() >= 4 && is_number(number)
}

/// One to four letters, four digits, and of a part of a technique three more: `TA0001`, `T1566.001`.
fn is_attack(id: &str) -> bool {
    let (id, part) = id.split_once('.').map_or((id, None), |(id, part)| (id, Some(part)));
    let number = id.trim_start_matches(|first: char| first.is_ascii_uppercase());
    (1..=4).contains(&(id.len() - number.len()))
        && number.len() == 4
        && is_number(number)
        && part.is_none_or(|part| part.len() == 3 && is_number(part))
}
