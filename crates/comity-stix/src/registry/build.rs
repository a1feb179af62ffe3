//! From a definition and a schema to an extension.

use std::collections::BTreeSet;

use super::{CustomType, Extension, ExtensionType, RegistryError, RegistryFault};
use crate::check::check;
use crate::check::forms::names::is_extension_property;
use crate::finding::{Code, Severity};
use crate::id;
use crate::json::{Document, Value};
use crate::limits::Limits;
use crate::schema::Schema;
use crate::types::common::COMMON;
use crate::types::{self, Class};

type Built<T> = Result<T, RegistryError>;

/// An extension and the types it makes.
pub(super) fn build(
    definition: &[u8],
    schema: Option<&[u8]>,
    limits: &Limits,
) -> Built<(Extension, Vec<CustomType>)> {
    let report = check(definition, limits);
    let mut broken = report.findings.into_iter().filter(|one| one.severity == Severity::Must);
    if let Some(finding) = broken.next() {
        return Err(RegistryError::definition(finding));
    }
    let document = Document::parse(definition, limits).map_err(RegistryError::definition)?;
    let object = document.root();
    let mut extension = read(object)?;
    let inline = text(object, "schema").unwrap_or_default();
    let inline = Some(inline.trim()).filter(|text| text.starts_with('{'));
    let Some(bytes) = schema.or_else(|| inline.map(str::as_bytes)) else {
        return Ok((extension, Vec::new()));
    };
    let beside = schema.is_some();
    let schema =
        Schema::compile(bytes, limits).map_err(|error| RegistryError::schema(error, beside))?;
    let mut made = Vec::new();
    for (kind, part) in parts(&schema, &extension.kinds)? {
        match kind.class() {
            Some(class) => made.push(custom_type(&part, kind, class, &extension.id)?),
            None if kind == ExtensionType::Property => property(&mut extension, part)?,
            None => toplevel(&mut extension, part)?,
        }
    }
    let mut names = BTreeSet::new();
    for custom in &made {
        if !names.insert(&custom.name) {
            let words = [&*custom.name, &*extension.id];
            return Err(RegistryError::in_schema(&custom.schema, RegistryFault::TypeTaken, &words));
        }
    }
    extension.types = made.iter().map(|custom| custom.name.clone()).collect();
    extension.checked = true;
    Ok((extension, made))
}

/// What the definition itself says.
fn read(object: Value<'_, '_>) -> Built<Extension> {
    let required = |name: &str| text(object, name).unwrap_or_default();
    if required("type") != "extension-definition" {
        let words = [&*required("type")];
        return Err(RegistryError::at("/type", RegistryFault::NotADefinition, &words));
    }
    if object.child("revoked").and_then(|revoked| revoked.boolean()) == Some(true) {
        return Err(RegistryError::at("/revoked", RegistryFault::Revoked, &[]));
    }
    let kinds: Vec<_> = texts(object, "extension_types")
        .iter()
        .filter_map(|name| ExtensionType::named(name))
        .collect();
    if kinds.is_empty() {
        return Err(RegistryError::at("/extension_types", RegistryFault::NotADefinition, &[]));
    }
    let properties = texts(object, "extension_properties");
    Ok(Extension {
        id: required("id"),
        name: required("name"),
        description: text(object, "description"),
        version: required("version"),
        modified: required("modified"),
        kinds,
        properties,
        types: Vec::new(),
        value: None,
        objects: Vec::new(),
        checked: false,
    })
}

/// The schemas of a document, each with the kind of extension it is for.
fn parts(schema: &Schema, kinds: &[ExtensionType]) -> Built<Vec<(ExtensionType, Schema)>> {
    let mut parts = Vec::new();
    for (name, part) in schema.definitions() {
        let kind = name.split_once(':').map_or(name, |(kind, _)| kind);
        let Some(kind) = ExtensionType::named(kind) else { continue };
        if !kinds.contains(&kind) {
            return Err(RegistryError::in_schema(
                &part,
                RegistryFault::PartUnlisted,
                &[kind.as_str()],
            ));
        }
        parts.push((kind, part));
    }
    match kinds {
        [kind] if parts.is_empty() => return Ok(vec![(*kind, schema.clone())]),
        _ => {}
    }
    let missing = kinds.iter().find(|kind| !parts.iter().any(|(of, _)| of == *kind));
    missing.map_or(Ok(parts), |kind| {
        Err(RegistryError::in_schema(schema, RegistryFault::PartMissing, &[kind.as_str()]))
    })
}

fn custom_type(
    schema: &Schema,
    kind: ExtensionType,
    class: Class,
    extension: &str,
) -> Built<CustomType> {
    let fault = |fault, words: &[&str]| Err(RegistryError::in_schema(schema, fault, words));
    let Some(name) = schema.only_text_of("type") else {
        return fault(RegistryFault::TypeMissing, &[kind.as_str()]);
    };
    if !id::is_type_name(&name) {
        return fault(RegistryFault::TypeName, &[&name]);
    }
    if types::find(&name).is_some() {
        return fault(RegistryFault::StandardType, &[&name]);
    }
    let own = own_properties(schema)?;
    if own.is_empty() {
        return fault(RegistryFault::NoProperties, &[&name]);
    }
    if let Some(refused) = refused_common(schema, class, &name) {
        return fault(RegistryFault::CommonRefused, &[&refused]);
    }
    let id_contributing = schema.id_contributing().unwrap_or_default().to_vec();
    let strange = id_contributing
        .iter()
        .find(|property| !own.contains(property) && *property != "extensions");
    if let Some(property) =
        strange.or_else(|| id_contributing.first().filter(|_| class != Class::Observable))
    {
        return fault(RegistryFault::IdContributing, &[property]);
    }
    let extension = extension.to_owned();
    // Whether the schema itself refuses what it does not list is seen by asking it.
    let closed = refused(schema, r#"{"listed_nowhere":""}"#, &["listed_nowhere"]).is_some();
    Ok(CustomType {
        closed,
        name,
        class,
        extension,
        schema: schema.clone(),
        properties: own,
        id_contributing,
    })
}

fn property(extension: &mut Extension, schema: Schema) -> Built<()> {
    if let Some(value) = schema.along(&["extensions", &extension.id]) {
        own_properties(&value)?;
        extension.objects.push((ExtensionType::Property, schema));
        return Ok(());
    }
    own_properties(&schema)?;
    let sample = r#"{"extension_type":"property-extension"}"#;
    if let Some(refused) = refused(&schema, sample, &["extension_type"]) {
        return Err(RegistryError::in_schema(&schema, RegistryFault::CommonRefused, &[&refused]));
    }
    extension.value = Some(schema);
    Ok(())
}

fn toplevel(extension: &mut Extension, schema: Schema) -> Built<()> {
    let own = own_properties(&schema)?;
    if extension.properties.is_empty() {
        extension.properties = own;
    }
    extension.objects.push((ExtensionType::ToplevelProperty, schema));
    Ok(())
}

/// The properties a schema names beside the common ones; their names have to keep section 7.3.2.
fn own_properties(schema: &Schema) -> Built<Vec<String>> {
    let mut own = Vec::new();
    for (name, part) in schema.properties() {
        if is_common(name) || name == "extension_type" || part.is_never() {
            continue;
        }
        if !is_extension_property(name) {
            return Err(RegistryError::in_schema(&part, RegistryFault::PropertyName, &[name]));
        }
        own.push(name.to_owned());
    }
    Ok(own)
}

/// A common property that the schema of a new type does not let stand, although section 7.3 asks for all of them.
fn refused_common(schema: &Schema, class: Class, name: &str) -> Option<String> {
    let observable = |name: &str| {
        let used = ["type", "spec_version", "id", "object_marking_refs", "granular_markings"];
        used.contains(&name) || matches!(name, "defanged" | "extensions")
    };
    let common = COMMON.properties.iter().map(|common| common.name);
    let used: Vec<&str> = match class {
        Class::Observable => common.filter(|name| observable(name)).collect(),
        _ => common.filter(|name| *name != "defanged").collect(),
    };
    let members = used.iter().map(|common| match *common {
        "type" => format!(r#""type":"{name}""#),
        other => format!(r#""{other}":"""#),
    });
    let sample = format!("{{{}}}", members.collect::<Vec<_>>().join(","));
    refused(schema, &sample, &used)
}

/// The first of the properties that a schema refuses for its name, whatever its value.
fn refused(schema: &Schema, sample: &str, names: &[&str]) -> Option<String> {
    let document = Document::parse(sample.as_bytes(), &Limits::default()).ok()?;
    let findings = schema.check(document.root());
    let for_its_name = findings.iter().filter(|finding| {
        matches!(
            finding.code,
            Code::SchemaUnknownProperty | Code::SchemaNothing | Code::SchemaPropertyName
        )
    });
    let mut tokens = for_its_name.filter_map(|finding| finding.pointer.strip_prefix('/'));
    tokens.find(|token| names.contains(token)).map(str::to_owned)
}

fn is_common(name: &str) -> bool {
    COMMON.properties.iter().any(|common| common.name == name)
}

fn text(object: Value<'_, '_>, name: &str) -> Option<String> {
    object.child(name).and_then(|value| value.text()).map(Into::into)
}

fn texts(object: Value<'_, '_>, name: &str) -> Vec<String> {
    let members = object.child(name).into_iter().flat_map(|list| list.members());
    members.filter_map(|value| value.text().map(Into::into)).collect()
}
