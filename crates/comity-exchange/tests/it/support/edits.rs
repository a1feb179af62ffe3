//! What somebody can do to a JSON document without making anything up: move, double and leave out elements of lists, lines
//! of texts and members, at any depth, in documents that stand inside as text too. What stands in a `payload` is left alone:
//! it is under signatures, which hold for no other byte.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use comity_model::opening::{Contents, Opening};
use serde_json::Value;

/// Lists that are no longer than this have every two elements changed about; longer ones those that are neighbours.
const SHORT: usize = 8;

/// A step into a document.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
    Member(String),
    Element(usize),
    /// Into the JSON that a text is.
    Inside,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Change {
    Swap(usize, usize),
    Double(usize),
    Drop(usize),
    /// A member is left out.
    Leave(String),
    Null,
    Text(String),
}

/// One edit of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Edit {
    path: Vec<Step>,
    change: Change,
}

impl Edit {
    /// Another text at a place, as a path of members.
    pub(crate) fn text(pointer: &str, text: String) -> Self {
        let members = pointer.split('/').skip(1).map(|it| Step::Member(it.to_owned()));
        Self { path: members.collect(), change: Change::Text(text) }
    }

    /// The edited document; `None` where nothing is another than before.
    pub(crate) fn made(&self, document: &Value) -> Option<Value> {
        let mut other = document.clone();
        change(&mut other, &self.path, &self.change)?;
        (other != *document).then_some(other)
    }
}

impl fmt::Display for Edit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for step in &self.path {
            match step {
                Step::Member(name) => write!(f, "/{name}")?,
                Step::Element(at) => write!(f, "/{at}")?,
                Step::Inside => write!(f, "/{{}}")?,
            }
        }
        match &self.change {
            Change::Null => write!(f, " null"),
            change => write!(f, " {change:?}"),
        }
    }
}

/// Every edit of a document.
pub(crate) fn all(document: &Value) -> Vec<Edit> {
    let mut edits = Vec::new();
    walk(document, &mut Vec::new(), &mut edits);
    edits
}

fn walk(value: &Value, path: &mut Vec<Step>, edits: &mut Vec<Edit>) {
    let into = |step: Step, inner: &Value, path: &mut Vec<Step>, edits: &mut Vec<Edit>| {
        path.push(step);
        walk(inner, path, edits);
        path.pop();
    };
    match value {
        Value::Array(elements) => {
            list(elements.len(), path, edits);
            for (at, element) in elements.iter().enumerate() {
                into(Step::Element(at), element, path, edits);
            }
        }
        Value::Object(members) => {
            for (name, member) in members {
                edits.push(Edit { path: path.clone(), change: Change::Leave(name.clone()) });
                if name != "payload" {
                    into(Step::Member(name.clone()), member, path, edits);
                }
                let path = [path.as_slice(), &[Step::Member(name.clone())]].concat();
                edits.push(Edit { path, change: Change::Null });
            }
        }
        Value::String(text) => match inside(text) {
            Some(inner) => into(Step::Inside, &inner, path, edits),
            None if text.contains('\n') => list(text.lines().count(), path, edits),
            None => {}
        },
        _ => {}
    }
}

fn list(length: usize, path: &[Step], edits: &mut Vec<Edit>) {
    let mut push = |change| edits.push(Edit { path: path.to_vec(), change });
    for at in 0..length {
        push(Change::Double(at));
        push(Change::Drop(at));
        let last = if length <= SHORT { length } else { length.min(at + 2) };
        (at + 1..last).for_each(|other| push(Change::Swap(at, other)));
    }
}

fn inside(text: &str) -> Option<Value> {
    serde_json::from_str(text).ok().filter(Value::is_object)
}

fn change(value: &mut Value, path: &[Step], by: &Change) -> Option<()> {
    match path.split_first() {
        Some((Step::Member(name), rest)) => change(value.get_mut(name)?, rest, by),
        Some((Step::Element(at), rest)) => change(value.get_mut(at)?, rest, by),
        Some((Step::Inside, rest)) => {
            let mut inner = inside(value.as_str()?)?;
            change(&mut inner, rest, by)?;
            *value = Value::String(inner.to_string());
            Some(())
        }
        None => apply(value, by),
    }
}

fn apply(value: &mut Value, by: &Change) -> Option<()> {
    match (by, &mut *value) {
        (Change::Null, it) => *it = Value::Null,
        (Change::Text(text), it) => *it = Value::String(text.clone()),
        (Change::Leave(name), Value::Object(members)) => {
            members.shift_remove(name)?;
        }
        (_, Value::Array(elements)) => in_list(elements, by)?,
        (_, Value::String(text)) => {
            let mut lines: Vec<&str> = text.split_inclusive('\n').collect();
            in_list(&mut lines, by)?;
            *text = lines.concat();
        }
        _ => return None,
    }
    Some(())
}

fn in_list<T: Clone>(list: &mut Vec<T>, by: &Change) -> Option<()> {
    match by {
        Change::Swap(one, other) if one.max(other) < &list.len() => list.swap(*one, *other),
        Change::Double(at) => list.insert(*at, list.get(*at)?.clone()),
        Change::Drop(at) if *at < list.len() => drop(list.remove(*at)),
        _ => return None,
    }
    Some(())
}

/// The file of an opening with these members, under sums that fit.
pub(crate) fn mended(document: &Value) -> Option<Vec<u8>> {
    let text = |name: &str| document.get(name)?.as_str().map(str::to_owned);
    let path = document.get("path")?.as_array()?.iter();
    let contents = Contents {
        descriptor: text("descriptor")?,
        statement: text("statement")?,
        line: text("line")?,
        derivative: text("derivative")?,
        original: text("original")?,
        opening: STANDARD.decode(text("opening")?).ok()?.try_into().ok()?,
        path: path.map(|it| it.as_str()?.parse().ok()).collect::<Option<_>>()?,
    };
    Opening::new(contents).to_bytes().ok()
}
