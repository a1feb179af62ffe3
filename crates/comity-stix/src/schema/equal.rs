//! Equality of JSON values (JSON Schema Core 2020-12 section 4.2.2): one text for all that are equal.

use super::number::Decimal;
use crate::json::{Kind, Value};

/// The canonical form of a value: keys in order, numbers and strings in one way of writing.
pub(super) fn canonical(value: Value<'_, '_>) -> String {
    let mut text = String::new();
    write(value, &mut text);
    text
}

/// Recursion is as deep as the document, which its limits bound.
fn write(value: Value<'_, '_>, text: &mut String) {
    match value.kind() {
        Kind::Object => {
            let mut members: Vec<_> =
                value.members().map(|member| (member.key().unwrap_or_default(), member)).collect();
            members.sort_by(|(one, _), (other, _)| one.cmp(other));
            text.push('{');
            for (key, member) in members {
                text.push_str(&crate::json::text::quoted(&key));
                write(member, text);
            }
            text.push('}');
        }
        Kind::List => {
            text.push('[');
            for member in value.members() {
                write(member, text);
                text.push(',');
            }
            text.push(']');
        }
        Kind::Text => {
            text.push_str(&crate::json::text::quoted(&value.text().unwrap_or_default()));
        }
        Kind::Number => text.push_str(&Decimal::of(value.raw()).canonical()),
        Kind::Boolean | Kind::Null => text.push_str(value.raw()),
    }
}

#[cfg(test)]
mod tests {
    use super::canonical;
    use crate::json::Document;

    fn form(text: &str) -> String {
        canonical(Document::parse(text.as_bytes(), &crate::Limits::default()).unwrap().root())
    }

    #[test]
    fn equal_values_have_one_form_and_others_have_their_own() {
        assert_eq!(form(r#"{"a": 1, "b": [2]}"#), form(r#"{"b":[2.0],"\u0061":10e-1}"#));
        assert_eq!(form(r#""\/""#), form(r#""/""#));
        let all = [
            "0",
            "\"0\"",
            "false",
            "null",
            "[]",
            "{}",
            "[0]",
            "[[0]]",
            "[0,0]",
            "{\"a\":0}",
            "\"\"",
            "[\"a,b\"]",
            "[\"a\",\"b\"]",
            "{\"a\":1,\"b\":2}",
            "{\"a\":2,\"b\":1}",
        ];
        let forms: std::collections::BTreeSet<String> = all.iter().map(|one| form(one)).collect();
        assert_eq!(forms.len(), all.len());
    }
}
