//! The cases: whole objects, and the same with one fault each.

use std::path::Path;

use serde_json::Value as Json;

/// An object that every judge is asked about.
pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) object: Json,
    /// Whether the standard allows it, where this project says so on its own.
    pub(crate) allowed: Option<bool>,
    /// The section of the standard that says so.
    pub(crate) section: Option<String>,
}

/// The lines of a file of ours.
pub(crate) fn lines(name: &str) -> Vec<Json> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(name);
    let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{name}: {e}"));
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// A file of the shared folder, where there is one.
pub(crate) fn shared(name: &str) -> Option<Json> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared").join(name);
    let text = std::fs::read(path).ok();
    if text.is_none() {
        eprintln!("`{name}` is not at hand: left out");
    }
    text.map(|text| serde_json::from_slice(&text).unwrap())
}

/// One good object of every type and predefined extension.
pub(crate) fn good() -> Vec<Case> {
    let case = |line: &Json| Case {
        name: text(line, "name"),
        object: line["object"].clone(),
        allowed: Some(true),
        section: None,
    };
    lines("good.jsonl").iter().map(case).collect()
}

/// The good ones, each with one change: a fault, or something odd that the standard allows.
pub(crate) fn changed() -> Vec<Case> {
    let good = good();
    let change = |line: &Json| {
        let of = text(line, "of");
        let mut object = good
            .iter()
            .find(|case| case.name == of)
            .unwrap_or_else(|| panic!("nothing good is called `{of}`"))
            .object
            .clone();
        for pointer in line["remove"].as_array().into_iter().flatten() {
            remove(&mut object, pointer.as_str().unwrap());
        }
        for (pointer, value) in line["put"].as_object().into_iter().flatten() {
            put(&mut object, pointer, value.clone());
        }
        Case {
            name: text(line, "name"),
            object,
            allowed: Some(line.get("allowed").is_some()),
            section: Some(text(line, "section")),
        }
    };
    lines("faults.jsonl").iter().map(change).collect()
}

/// The project's examples.
pub(crate) fn examples() -> Vec<Case> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples");
    let mut cases = Vec::new();
    for name in ["us/holdings.jsonl", "mx/holdings.jsonl"] {
        let text = std::fs::read_to_string(folder.join(name)).unwrap();
        let objects = text.lines().map(|line| serde_json::from_str(line).unwrap());
        cases.extend(objects.enumerate().map(|(at, object)| plain(name, at, object)));
    }
    let bundle = std::fs::read(folder.join("us/bundle.json")).unwrap();
    let bundle: Json = serde_json::from_slice(&bundle).unwrap();
    let objects = bundle["objects"].as_array().unwrap().iter().cloned();
    cases.extend(objects.enumerate().map(|(at, object)| plain("us/bundle.json", at, object)));
    cases
}

/// Objects that the benches work on.
pub(crate) fn made() -> Vec<Case> {
    let objects = comity_bench::corpus::objects(300, 7);
    let objects = objects.iter().map(|line| serde_json::from_str(line).unwrap());
    objects.enumerate().map(|(at, object)| plain("made", at, object)).collect()
}

/// The object vectors of the OASIS validator, where they are at hand. Bundles are taken apart.
pub(crate) fn vectors() -> Vec<Case> {
    let Some(file) = shared("vectors/stix-objects/vectors.json") else { return Vec::new() };
    let mut cases = Vec::new();
    for (at, vector) in file["vectors"].as_array().unwrap().iter().enumerate() {
        let object = &vector["object"];
        if object["type"] == "bundle" {
            for (within, object) in object["objects"].as_array().into_iter().flatten().enumerate() {
                cases.push(plain(&format!("vector {at}"), within, object.clone()));
            }
        } else {
            cases.push(plain("vector", at, object.clone()));
        }
    }
    cases
}

fn plain(source: &str, at: usize, object: Json) -> Case {
    Case { name: format!("{source} {at}"), object, allowed: None, section: None }
}

fn text(line: &Json, key: &str) -> String {
    line[key].as_str().unwrap_or_else(|| panic!("no `{key}` in {line}")).to_owned()
}

fn parent<'v, 'p>(object: &'v mut Json, pointer: &'p str) -> (&'v mut Json, &'p str) {
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    (object.pointer_mut(parent).unwrap_or_else(|| panic!("nothing at {pointer}")), name)
}

fn remove(object: &mut Json, pointer: &str) {
    let (parent, name) = parent(object, pointer);
    let removed = match parent {
        // the others stay in their order
        Json::Object(map) => map.shift_remove(name),
        Json::Array(list) => Some(list.remove(name.parse().unwrap())),
        _ => None,
    };
    assert!(removed.is_some(), "nothing at {pointer}");
}

fn put(object: &mut Json, pointer: &str, value: Json) {
    match parent(object, pointer) {
        (Json::Array(list), name) => list[name.parse::<usize>().unwrap()] = value,
        (parent, name) => parent[name] = value,
    }
}
