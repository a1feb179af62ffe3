//! The head of a document that was taken apart already.

use super::{Head, once, refers};
use crate::id;
use crate::json::{Document, Kind, Members, Value};
use crate::timestamp::Stamp;

impl<'a> Head<'a> {
    /// What [`super::head`] gives of the document's text; `None` where that gives a finding. Keys must not stand twice.
    pub(crate) fn of(document: &Document<'a>) -> Option<Self> {
        let root = document.root();
        let mut head = Self {
            id: "".into(),
            type_: "".into(),
            spec_version: None,
            created: None,
            modified: None,
            revoked: false,
            created_by_ref: None,
            object_marking_refs: Vec::new(),
            granular_marking_refs: Vec::new(),
            refs: Vec::new(),
            labels: Vec::new(),
            extensions: Vec::new(),
            confidence: None,
            lang: None,
            name: None,
        };
        for member in root.members() {
            head.member(member)?;
        }
        let (type_, _) = id::split(&head.id)?;
        if type_ != head.type_ || type_ == "bundle" || !id::is_type_name(type_) {
            return None;
        }
        head.object_marking_refs = once(head.object_marking_refs);
        head.granular_marking_refs = once(head.granular_marking_refs);
        head.refs = once(head.refs);
        head.refs.retain(|reference| *reference != head.id);
        Some(head)
    }

    /// A property of the object itself, and all that is in it.
    fn member(&mut self, member: Value<'_, 'a>) -> Option<()> {
        let key = member.key().unwrap_or_default();
        let key = &*key;
        match key {
            "id" => self.id = member.text()?,
            "type" => self.type_ = member.text()?,
            "spec_version" => self.spec_version = Some(member.text()?),
            "lang" => self.lang = Some(member.text()?),
            "name" if member.kind() == Kind::Text => self.name = member.text(),
            "created" => self.created = Some(Stamp::parse(member.text()?).ok()?),
            "modified" => self.modified = Some(Stamp::parse(member.text()?).ok()?),
            "revoked" => self.revoked = member.boolean()?,
            "confidence" => {
                let confidence = member.raw().parse().ok().filter(|number: &u8| *number <= 100);
                self.confidence = Some(confidence?);
            }
            "created_by_ref" => {
                let text = member.text().filter(|text| id::split(text).is_some())?;
                self.refs.push(text.clone());
                self.created_by_ref = Some(text);
            }
            "labels" => {
                for label in held(member, Kind::List)? {
                    self.labels.push(label.text()?);
                }
            }
            "object_marking_refs" => {
                for reference in held(member, Kind::List)? {
                    let text = reference.text().filter(|text| id::split(text).is_some())?;
                    self.object_marking_refs.push(text);
                }
            }
            "extensions" => {
                let containers = held(member, Kind::Object)?
                    .filter(|value| matches!(value.kind(), Kind::Object | Kind::List));
                self.extensions.extend(containers.filter_map(|value| value.key()));
                self.within(member, key);
            }
            "granular_markings" | "external_references" => {
                held(member, Kind::List)?;
                self.within(member, key);
            }
            _ => self.within(member, key),
        }
        Some(())
    }

    /// The references in a property, however deep.
    fn within(&mut self, member: Value<'_, 'a>, root_key: &str) {
        for value in member.and_within() {
            if value.kind() != Kind::Text {
                continue;
            }
            // Of a list, the property that it is the value of, through any lists around it.
            let named = std::iter::successors(Some(value), Value::parent);
            let Some(key) = named.take_while(|v| v.place() > 0).find_map(|v| v.key()) else {
                continue;
            };
            if !refers(&key) {
                continue;
            }
            let Some(text) = value.text().filter(|text| id::split(text).is_some()) else {
                continue;
            };
            if key == "marking_ref" && root_key == "granular_markings" {
                self.granular_marking_refs.push(text.clone());
            }
            self.refs.push(text);
        }
    }
}

/// What a container of this kind holds; `None` of other values.
fn held<'d, 'a>(value: Value<'d, 'a>, kind: Kind) -> Option<Members<'d, 'a>> {
    (value.kind() == kind).then(|| value.members())
}
