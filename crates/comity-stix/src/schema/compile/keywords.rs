//! The keywords, one by one.

use super::Compiler;
use crate::json::{Kind, Value};
use crate::schema::equal;
use crate::schema::error::{SchemaError, SchemaFault};
use crate::schema::format::Format;
use crate::schema::node::{Allowed, Bound, Many, Node, NodeId, Properties, Rule, Types};
use crate::schema::number::{Decimal, Divisor};
use crate::schema::pattern::{Pattern, PatternFault};

type Done<T = ()> = Result<T, SchemaError>;

/// Regular expressions of one schema.
const MOST_PATTERNS: usize = 256;

/// Values of `$schema` that are read, without their scheme and empty fragment.
const DIALECTS: [&str; 4] = [
    "json-schema.org/draft/2020-12/schema",
    "json-schema.org/draft/2019-09/schema",
    "json-schema.org/draft-07/schema",
    "json-schema.org/draft-06/schema",
];

/// What JSON Schema has, or had, and this engine does not follow.
const UNSUPPORTED: [&str; 7] = [
    "$dynamicRef",
    "$dynamicAnchor",
    "$recursiveRef",
    "$recursiveAnchor",
    "$vocabulary",
    "divisibleBy",
    "contentSchema",
];

/// Keywords that are read with others, each group at once.
const TOGETHER: [&str; 14] = [
    "properties",
    "patternProperties",
    "additionalProperties",
    "prefixItems",
    "items",
    "additionalItems",
    "contains",
    "minContains",
    "maxContains",
    "if",
    "then",
    "else",
    "unevaluatedProperties",
    "unevaluatedItems",
];

impl<'d, 'a> Compiler<'d, 'a> {
    /// Reads all keywords of a schema.
    pub(super) fn keywords(&mut self, schema: Value<'d, 'a>, node: &mut Node) -> Done {
        self.properties(schema, node)?;
        self.items(schema, node)?;
        self.contains(schema, node)?;
        self.condition(schema, node)?;
        for member in schema.members() {
            let key = member.key().unwrap_or_default();
            if !TOGETHER.contains(&&*key) {
                self.keyword(&key, member, node)?;
            }
        }
        for (name, rule) in [
            ("unevaluatedProperties", Rule::UnevaluatedProperties as fn(NodeId) -> Rule),
            ("unevaluatedItems", Rule::UnevaluatedItems),
        ] {
            if let Some(rest) = schema.child(name) {
                node.rules.push(rule(self.schema(rest)?));
            }
        }
        Ok(())
    }

    fn keyword(&mut self, key: &str, value: Value<'d, 'a>, node: &mut Node) -> Done {
        let rule = match key {
            "$schema" => return self.dialect(value),
            "$id" if value.parent().and_then(|schema| schema.parent()).is_some() => {
                return Err(self.fault(value, SchemaFault::UnsupportedKeyword, &[key]));
            }
            "$id" | "$anchor" => return self.text(key, value).map(|_| ()),
            "$defs" | "definitions" => return self.definitions(key, value),
            "$ref" => self.reference(value)?,
            "type" => Rule::Types(self.types(value)?),
            "enum" => self.allowed(value, value.members(), value.kind() == Kind::List)?,
            "const" => self.allowed(value, std::iter::once(value), true)?,
            "minimum" => Rule::Least(self.bound(key, value, false)?),
            "maximum" => Rule::Most(self.bound(key, value, false)?),
            "exclusiveMinimum" => Rule::Least(self.bound(key, value, true)?),
            "exclusiveMaximum" => Rule::Most(self.bound(key, value, true)?),
            "multipleOf" => Rule::MultipleOf(self.divisor(value)?),
            "minLength" => Rule::MinLength(self.number(key, value)?),
            "maxLength" => Rule::MaxLength(self.number(key, value)?),
            "pattern" => Rule::Pattern(self.pattern(&self.text(key, value)?, value)?),
            "format" => Rule::Format(self.format(value)?),
            "propertyNames" => Rule::PropertyNames(self.schema(value)?),
            "required" => Rule::Required(self.names(key, value)?),
            "dependentRequired" | "dependentSchemas" | "dependencies" => {
                return self.dependent(key, value, node);
            }
            "minProperties" => self.count(key, value, Kind::Object, Many::AtLeast)?,
            "maxProperties" => self.count(key, value, Kind::Object, Many::AtMost)?,
            "minItems" => self.count(key, value, Kind::List, Many::AtLeast)?,
            "maxItems" => self.count(key, value, Kind::List, Many::AtMost)?,
            "uniqueItems" if !self.boolean(key, value)? => return Ok(()),
            "uniqueItems" => Rule::Unique,
            "allOf" => Rule::All(self.schemas(key, value)?),
            "anyOf" => Rule::Any(self.schemas(key, value)?),
            "oneOf" => Rule::One(self.schemas(key, value)?),
            "not" => Rule::Not(self.schema(value)?),
            "x-stix-ref-types" => Rule::ReferenceTypes(self.names(key, value)?),
            "x-stix-id-contributing" => {
                node.id_contributing = Some(self.names(key, value)?);
                return Ok(());
            }
            _ => return self.note(key, value, node),
        };
        node.rules.push(rule);
        Ok(())
    }

    /// Keywords that demand nothing.
    fn note(&mut self, key: &str, value: Value<'d, 'a>, node: &mut Node) -> Done {
        let notes = &mut node.notes;
        match key {
            "title" => notes.title = Some(self.text(key, value)?),
            "description" => notes.description = Some(self.text(key, value)?),
            "$comment" => notes.comment = Some(self.text(key, value)?),
            "default" => notes.default = Some(value.raw().to_owned()),
            "examples" if value.kind() != Kind::List => {
                return Err(self.expected(key, value, "[...]"));
            }
            "examples" => {
                notes.examples = value.members().map(|one| one.raw().to_owned()).collect();
            }
            "deprecated" => notes.deprecated = self.boolean(key, value)?,
            "readOnly" => notes.read_only = self.boolean(key, value)?,
            "writeOnly" => notes.write_only = self.boolean(key, value)?,
            "contentEncoding" | "contentMediaType" => {}
            _ if key.starts_with("x-") => {}
            _ if UNSUPPORTED.contains(&key) => {
                return Err(self.fault(value, SchemaFault::UnsupportedKeyword, &[key]));
            }
            _ => return Err(self.fault(value, SchemaFault::UnknownKeyword, &[key])),
        }
        Ok(())
    }

    fn dialect(&self, value: Value<'d, 'a>) -> Done {
        let text = self.text("$schema", value)?;
        let bare = text.trim_start_matches("https://").trim_start_matches("http://");
        if DIALECTS.contains(&bare.trim_end_matches('#')) {
            return Ok(());
        }
        Err(self.fault(value, SchemaFault::Dialect, &[&text]))
    }

    fn definitions(&mut self, key: &str, value: Value<'d, 'a>) -> Done {
        self.object(key, value)?;
        value.members().try_for_each(|member| self.schema(member).map(|_| ()))
    }

    fn properties(&mut self, schema: Value<'d, 'a>, node: &mut Node) -> Done {
        let mut properties = Properties::default();
        if let Some(named) = schema.child("properties") {
            self.object("properties", named)?;
            for member in named.members() {
                let key = member.key().unwrap_or_default().into_owned();
                properties.named.insert(key, self.schema(member)?);
            }
        }
        if let Some(patterns) = schema.child("patternProperties") {
            self.object("patternProperties", patterns)?;
            for member in patterns.members() {
                let key = member.key().unwrap_or_default();
                let pattern = self.pattern(&key, member)?;
                properties.patterns.push((pattern, self.schema(member)?));
            }
        }
        let rest = schema.child("additionalProperties");
        properties.rest = rest.map(|rest| self.schema(rest)).transpose()?;
        let some = !properties.named.is_empty() || !properties.patterns.is_empty();
        if some || properties.rest.is_some() {
            node.rules.push(Rule::Properties(properties));
        }
        Ok(())
    }

    /// `prefixItems` and `items`, or `items` and `additionalItems` as draft-07 has them.
    fn items(&mut self, schema: Value<'d, 'a>, node: &mut Node) -> Done {
        let items = schema.child("items");
        let (first, rest) = match items.filter(|items| items.kind() == Kind::List) {
            Some(list) => (Some(("items", list)), schema.child("additionalItems")),
            None => (schema.child("prefixItems").map(|list| ("prefixItems", list)), items),
        };
        let first = first.map_or(Ok(Vec::new()), |(key, list)| self.schemas(key, list))?;
        let rest = rest.map(|rest| self.schema(rest)).transpose()?;
        if !first.is_empty() || rest.is_some() {
            node.rules.push(Rule::Items { first, rest });
        }
        Ok(())
    }

    fn contains(&mut self, schema: Value<'d, 'a>, node: &mut Node) -> Done {
        let bound = |key| schema.child(key).map(|v| self.number(key, v)).transpose();
        let (least, most) = (bound("minContains")?.unwrap_or(1), bound("maxContains")?);
        if let Some(contains) = schema.child("contains") {
            let contains = self.schema(contains)?;
            node.rules.push(Rule::Contains { node: contains, least, most });
        }
        Ok(())
    }

    fn condition(&mut self, schema: Value<'d, 'a>, node: &mut Node) -> Done {
        let mut branch = |key| schema.child(key).map(|value| self.schema(value)).transpose();
        let (test, then, otherwise) = (branch("if")?, branch("then")?, branch("else")?);
        node.rules.extend(test.map(|test| Rule::If { test, then, otherwise }));
        Ok(())
    }

    fn dependent(&mut self, key: &str, value: Value<'d, 'a>, node: &mut Node) -> Done {
        self.object(key, value)?;
        let (mut required, mut schemas) = (Vec::new(), Vec::new());
        for member in value.members() {
            let name = member.key().unwrap_or_default().into_owned();
            if key == "dependentRequired" || key == "dependencies" && member.kind() == Kind::List {
                required.push((name, self.names(key, member)?));
            } else {
                schemas.push((name, self.schema(member)?));
            }
        }
        node.rules.extend((!required.is_empty()).then_some(Rule::DependentRequired(required)));
        node.rules.extend((!schemas.is_empty()).then_some(Rule::DependentSchemas(schemas)));
        Ok(())
    }

    fn types(&self, value: Value<'d, 'a>) -> Done<Types> {
        let mut types = Types::default();
        let mut add = |name: Value<'d, 'a>| name.text().is_some_and(|name| types.add(&name));
        let good = match value.kind() {
            Kind::List => value.members().all(add),
            _ => add(value),
        };
        if good && types != Types::default() {
            return Ok(types);
        }
        let names =
            "\"string\", \"integer\", \"number\", \"boolean\", \"array\", \"object\", \"null\"";
        Err(self.expected("type", value, names))
    }

    fn allowed(
        &self,
        value: Value<'d, 'a>,
        values: impl Iterator<Item = Value<'d, 'a>>,
        good: bool,
    ) -> Done<Rule> {
        if !good {
            return Err(self.expected("enum", value, "[...]"));
        }
        let mut allowed = Allowed::default();
        let mut shown = Vec::new();
        for one in values {
            if shown.len() < 12 {
                shown.push(crate::finding::Word::said(
                    &one.text().unwrap_or_else(|| one.raw().into()),
                ));
            }
            match one.text() {
                Some(text) => allowed.texts.insert(text.into_owned()),
                None => allowed.others.insert(equal::canonical(one)),
            };
        }
        let more = allowed.texts.len() + allowed.others.len() > shown.len();
        allowed.shown = crate::finding::Word::list(&shown, more);
        Ok(Rule::Allowed(allowed))
    }

    fn bound(&self, key: &str, value: Value<'d, 'a>, exclusive: bool) -> Done<Bound> {
        if value.kind() != Kind::Number {
            return Err(self.expected(key, value, "1"));
        }
        let written = value.raw().to_owned();
        Ok(Bound { number: Decimal::of(&written), exclusive, written })
    }

    fn divisor(&self, value: Value<'d, 'a>) -> Done<Divisor> {
        let divisor = (value.kind() == Kind::Number).then(|| Divisor::of(value.raw())).flatten();
        divisor.ok_or_else(|| self.expected("multipleOf", value, "> 0 (18)"))
    }

    fn count(
        &self,
        key: &str,
        value: Value<'d, 'a>,
        kind: Kind,
        many: impl Fn(u64) -> Many,
    ) -> Done<Rule> {
        Ok(Rule::Count(kind, many(self.number(key, value)?)))
    }

    fn number(&self, key: &str, value: Value<'d, 'a>) -> Done<u64> {
        let number = (value.kind() == Kind::Number).then(|| Decimal::of(value.raw()).to_count());
        number.flatten().ok_or_else(|| self.expected(key, value, "0, 1, 2 …"))
    }

    fn pattern(&mut self, written: &str, value: Value<'d, 'a>) -> Done<Pattern> {
        self.patterns += 1;
        let most = MOST_PATTERNS.to_string();
        if self.patterns > MOST_PATTERNS {
            return Err(self.fault(value, SchemaFault::PatternTooLarge, &[&most]));
        }
        Pattern::compile(written).map_err(|fault| match fault {
            PatternFault::TooLarge => self.fault(value, SchemaFault::PatternTooLarge, &[&most]),
            PatternFault::Syntax => self.fault(value, SchemaFault::Pattern, &[written]),
        })
    }

    fn format(&self, value: Value<'d, 'a>) -> Done<Format> {
        let name = self.text("format", value)?;
        let known = Format::names().collect::<Vec<_>>().join(" ");
        Format::named(&name).ok_or_else(|| self.fault(value, SchemaFault::Format, &[&name, &known]))
    }

    fn schemas(&mut self, key: &str, value: Value<'d, 'a>) -> Done<Vec<NodeId>> {
        if value.kind() != Kind::List || value.members().next().is_none() {
            return Err(self.expected(key, value, "[{...}]"));
        }
        value.members().map(|member| self.schema(member)).collect()
    }

    fn names(&self, key: &str, value: Value<'d, 'a>) -> Done<Vec<String>> {
        let names: Option<Vec<String>> = (value.kind() == Kind::List)
            .then(|| value.members().map(|name| name.text().map(Into::into)).collect())
            .flatten();
        names.ok_or_else(|| self.expected(key, value, "[\"name\"]"))
    }

    fn object(&self, key: &str, value: Value<'d, 'a>) -> Done {
        if value.kind() == Kind::Object { Ok(()) } else { Err(self.expected(key, value, "{...}")) }
    }

    fn text(&self, key: &str, value: Value<'d, 'a>) -> Done<String> {
        value.text().map(Into::into).ok_or_else(|| self.expected(key, value, "\"...\""))
    }

    fn boolean(&self, key: &str, value: Value<'d, 'a>) -> Done<bool> {
        value.boolean().ok_or_else(|| self.expected(key, value, "true, false"))
    }

    fn expected(&self, key: &str, value: Value<'d, 'a>, expected: &str) -> SchemaError {
        self.fault(value, SchemaFault::KeywordValue, &[key, expected])
    }
}
