//! The forms of words: slugs, type names, property paths, scope.

use comity_model::told;
use comity_model::told::Told;

use crate::agreement::Scope;
use crate::clause::RedactPath;
use crate::error::ErrorCode;

/// Whether a reader would not see this character, or would be misled by it: controls but line breaks and
/// tabs, zero-width and direction marks, tags and line separators.
pub(super) fn is_hidden(character: char) -> bool {
    match character {
        '\n' | '\r' | '\t' => false,
        '\u{ad}'
        | '\u{61c}'
        | '\u{180e}'
        | '\u{feff}'
        | '\u{200b}'..='\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e007f}' => true,
        _ => character.is_control(),
    }
}

/// Lower-case letters, digits and single inner hyphens, beginning with a letter.
fn is_slug(text: &str, lengths: std::ops::RangeInclusive<usize>) -> bool {
    lengths.contains(&text.len())
        && text.starts_with(|first: char| first.is_ascii_lowercase())
        && !text.ends_with('-')
        && !text.contains("--")
        && text
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

fn shown(text: &str) -> String {
    text.chars().take(60).collect()
}

/// One word of a list.
pub(super) fn one_of<T: Copy>(
    text: &str,
    all: &[T],
    word: impl Fn(&T) -> &'static str,
) -> Result<T, String> {
    all.iter().find(|it| word(it) == text).copied().ok_or_else(|| {
        let shown: String = text.chars().take(60).collect();
        let words: Vec<String> = all.iter().map(|it| format!("`{}`", word(it))).collect();
        format!("`{shown}` is not known here; write one of {}", words.join(", "))
    })
}

pub(super) fn clause_id(text: &str) -> Result<String, String> {
    slug(text, "a clause's id", "precursors-south")
}

pub(super) fn reason_id(text: &str) -> Result<String, String> {
    slug(text, "a reason's id", "ongoing-inquiry")
}

/// One purpose. Like a scope, it cannot name operations.
pub(super) fn purpose(text: &str) -> Result<String, (ErrorCode, Told)> {
    let purpose = slug(text, "a purpose", "public-health").map_err(|message| {
        (ErrorCode::BadPurpose, Told::from(message).with("value", shown(text)))
    })?;
    if names_operations_as_purpose(&purpose) {
        let message = told!(
            "`{value}` can't be written: information is given for no operation of both parties; a joint operation can be \
             proposed and answered on the record",
            value = shown(text)
        )
        .named("purpose-operations");
        return Err((ErrorCode::OperationsUnrepresentable, message));
    }
    Ok(purpose)
}

fn slug(text: &str, what: &str, example: &str) -> Result<String, String> {
    if is_slug(text, 1..=64) {
        Ok(text.to_owned())
    } else {
        Err(format!(
            "`{}` is not {what}; write up to 64 lower-case letters, digits and inner hyphens, as `{example}`",
            shown(text)
        ))
    }
}

/// A STIX type name (STIX 2.1 section 3.1).
pub(super) fn kind(text: &str) -> Result<String, String> {
    if is_slug(text, 3..=250) {
        Ok(text.to_owned())
    } else {
        Err(format!(
            "`{}` is not a type name; write 3 to 250 lower-case letters, digits and inner hyphens, as `observed-data`",
            shown(text)
        ))
    }
}

/// A property of a type, as `location.street_address`.
pub(super) fn redact_path(text: &str) -> Result<RedactPath, String> {
    let legal_part = |part: &str| {
        (1..=250).contains(&part.len())
            && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-')
    };
    let read = text.split_once('.').filter(|(stix_type, property)| {
        is_slug(stix_type, 3..=250)
            && property.split('.').count() <= 16
            && property.split('.').all(legal_part)
    });
    match read {
        Some((stix_type, property)) => {
            Ok(RedactPath { stix_type: stix_type.to_owned(), property: property.to_owned() })
        }
        None => Err(format!(
            "`{}` is not a property; write the type, a full stop and the property, as `location.street_address`",
            shown(text)
        )),
    }
}

/// One word of a scope. There are two; no other can be represented.
pub(super) fn scope(text: &str) -> Result<Scope, (ErrorCode, Told)> {
    if let Some(scope) = Scope::ALL.into_iter().find(|scope| scope.as_str() == text) {
        return Ok(scope);
    }
    let shown = shown(text);
    let advice = "the scope is `intelligence`, `technical-support` or both";
    if names_operations(text) {
        let message = told!(
            "`{value}` can't be written: {advice}; a joint operation can be proposed and answered on the record",
            value = shown,
            advice
        );
        Err((ErrorCode::OperationsUnrepresentable, message))
    } else {
        let message = told!("`{value}` is not a scope; {advice}", value = shown, advice);
        Err((ErrorCode::UnknownScope, message))
    }
}

/// Whether a purpose names an operation. A purpose says what information is for, so that words which only a scope would
/// use of acting together (`law-enforcement`, `field`) are none here.
fn names_operations_as_purpose(text: &str) -> bool {
    const WORDS: [&str; 10] = [
        "operation",
        "operations",
        "operativo",
        "operativos",
        "operacion",
        "operaciones",
        "raid",
        "raids",
        "redada",
        "redadas",
    ];
    text.split('-').any(|word| WORDS.contains(&word))
}

/// Whether a word speaks of acting together or on somebody else's soil, in English or in Spanish.
fn names_operations(text: &str) -> bool {
    const STEMS: [&str; 20] = [
        "operat", "operac", "joint", "conjunt", "command", "mando", "task", "tarea", "deploy",
        "desplieg", "pursuit", "persecuc", "raid", "redada", "arrest", "detenc", "enforce",
        "interven", "strike", "field",
    ];
    let plain: String = text.to_lowercase().chars().filter(|it| it.is_alphanumeric()).collect();
    STEMS.iter().any(|stem| plain.contains(stem))
}
