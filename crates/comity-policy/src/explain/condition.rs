//! The condition of a red line in words, where it is simple enough that the words say exactly the same.

use comity_model::Lang;
use serde_json::Value;

use crate::cedar::when;
use crate::words::{self, all, any, say};

/// The condition as the end of "it holds for an object if ..."; `None` where the words would say less or be harder to read.
pub(super) fn in_words(condition: &str, lang: Lang) -> Option<String> {
    let tree = when::tree(condition)?;
    for (operator, word) in [("&&", say(lang, " and ", " y ")), ("||", say(lang, " or ", " o "))] {
        let mut parts = Vec::new();
        if tree.get(operator).is_some() {
            flatten(&tree, operator, &mut parts);
            return told(&parts, lang).map(|told| told.join(word));
        }
    }
    told(&[&tree], lang).map(|told| told.concat())
}

fn flatten<'a>(tree: &'a Value, operator: &str, parts: &mut Vec<&'a Value>) {
    match tree.get(operator) {
        Some(both) => {
            for side in ["left", "right"].into_iter().filter_map(|side| both.get(side)) {
                flatten(side, operator, parts);
            }
        }
        None => parts.push(tree),
    }
}

fn told(parts: &[&Value], lang: Lang) -> Option<Vec<String>> {
    let mut out = Vec::new();
    let mut parts = parts.iter().peekable();
    while let Some(part) = parts.next() {
        // "has x" before what reads x only lets Cedar read it, and the words imply it
        let guarded = part.get("has").and_then(attribute);
        let reads = |next: &&&Value| comparison(next).is_some_and(|it| Some(it.1) == guarded);
        if guarded.is_some() && parts.peek().is_some_and(reads) {
            continue;
        }
        out.push(simple(part, lang)?);
    }
    Some(out)
}

fn simple(part: &Value, lang: Lang) -> Option<String> {
    let say = |english, spanish| say(lang, english, spanish);
    if let Some(inner) = part.get("!").and_then(|it| it.get("arg")) {
        let inner = fact(inner)?;
        return Some(
            match inner {
                "natural_person" => {
                    say("it is not about a natural person", "no se refiere a una persona física")
                }
                "revoked" => say("it is not revoked", "no está revocado"),
                "from_partner" => {
                    say("it is the giving party's own", "es propio de la parte que entrega")
                }
                _ => return None,
            }
            .to_owned(),
        );
    }
    if let Some(known) = fact(part) {
        return Some(
            match known {
                "natural_person" => say(
                    "it is or may be about a natural person",
                    "se refiere o puede referirse a una persona física",
                ),
                "revoked" => say("it is revoked", "está revocado"),
                "from_partner" => say("it came from a partner", "procede de una contraparte"),
                _ => return None,
            }
            .to_owned(),
        );
    }
    if let Some(words) = labels(part, lang) {
        return Some(words);
    }
    compared(part, lang)
}

/// `resource.x` on its own.
fn fact(part: &Value) -> Option<&str> {
    part.get(".").and_then(attribute)
}

fn attribute(read: &Value) -> Option<&str> {
    (read.pointer("/left/Var")?.as_str()? == "resource").then_some(())?;
    let attribute = read.get("attr")?;
    attribute.as_str().or_else(|| match attribute.as_array()?.as_slice() {
        [only] => only.as_str(),
        _ => None,
    })
}

fn labels(part: &Value, lang: Lang) -> Option<String> {
    let say = |english, spanish| say(lang, english, spanish);
    let asked = |operator: &str| {
        let operand = part.get(operator)?;
        (fact(operand.get("left")?)? == "labels").then_some(())?;
        texts(operand.get("right")?)
    };
    if let Some(labels) = asked("contains").or_else(|| asked("containsAny")) {
        let has = say("it has the label", "lleva la etiqueta");
        return Some(format!("{has} {}", any(lang, labels)));
    }
    let labels = asked("containsAll")?;
    let has = say("it has each of these labels:", "lleva cada una de estas etiquetas:");
    Some(format!("{has} {}", all(lang, labels)))
}

fn texts(value: &Value) -> Option<Vec<&str>> {
    match value.get("Set") {
        Some(set) => set.as_array()?.iter().map(|it| it.get("Value")?.as_str()).collect(),
        None => Some(vec![value.get("Value")?.as_str()?]),
    }
}

/// `resource.x OP literal`: the operator, the attribute, the literal.
fn comparison(part: &Value) -> Option<(&str, &str, &Value)> {
    let (operator, operand) = part.as_object()?.iter().next()?;
    let attribute = fact(operand.get("left")?)?;
    Some((operator, attribute, operand.get("right")?.get("Value")?))
}

fn compared(part: &Value, lang: Lang) -> Option<String> {
    let (operator, attribute, literal) = comparison(part)?;
    let say = |english, spanish| say(lang, english, spanish);
    match (attribute, operator) {
        ("kind", "==") => {
            Some(format!("{} `{}`", say("the type is", "el tipo es"), literal.as_str()?))
        }
        ("country", "==") => {
            Some(format!("{} `{}`", say("the country is", "el país es"), literal.as_str()?))
        }
        ("age_days", _) => {
            let days = words::days(lang, u32::try_from(literal.as_u64()?).ok()?);
            let than = match operator {
                ">" => say("the age is more than", "la antigüedad es mayor de"),
                ">=" => say("the age is at least", "la antigüedad es de al menos"),
                "<" => say("the age is less than", "la antigüedad es menor de"),
                "<=" => say("the age is at most", "la antigüedad es de hasta"),
                "==" => say("the age is exactly", "la antigüedad es exactamente de"),
                _ => return None,
            };
            Some(format!("{than} {days}"))
        }
        _ => None,
    }
}
