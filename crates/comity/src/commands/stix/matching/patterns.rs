//! Patterns from the command line, from a file of lines, and from indicators.

use std::collections::BTreeMap;
use std::io::{BufRead as _, Read as _};
use std::path::Path;

use comity_stix::json::{Document, Value};
use comity_stix::pattern::{Pattern, PatternError, PatternLimits};
use comity_stix::reader::{Objects, RawObject};
use comity_stix::timestamp::Stamp;
use comity_stix::{Lang, Limits};
use serde::Serialize;

use super::bad::BadPattern;
use crate::commands::stix::input::Input;
use crate::error::CliError;

/// Bytes of a file of patterns.
const MOST_BYTES: u64 = 64 << 20;

/// Patterns of a file.
const MOST: usize = 100_000;

/// A pattern, and where it comes from.
#[derive(Debug, Serialize)]
pub(super) struct Standing {
    /// The identifier of its indicator, else the line of the file.
    pub(super) key: String,
    /// The pattern in its canonical form.
    #[serde(serialize_with = "canonical")]
    pub(super) pattern: Pattern,
    #[serde(flatten)]
    pub(super) indicator: Option<Indicator>,
}

/// What else an indicator says (section 4.7).
#[derive(Debug, Serialize)]
pub(super) struct Indicator {
    pub(super) name: Option<String>,
    pub(super) valid_from: Option<String>,
    pub(super) valid_until: Option<String>,
    pub(super) revoked: bool,
    modified: Option<String>,
}

/// The patterns to match.
#[derive(Debug, Default)]
pub(super) struct Patterns {
    pub(super) standing: Vec<Standing>,
    /// Indicators with patterns in another language, or with none.
    pub(super) skipped: u64,
}

impl Patterns {
    /// The one of the command line.
    pub(super) fn given(text: &str) -> Result<Self, CliError> {
        let pattern = parse(text).map_err(|error| bad("`--pattern`".to_owned(), 0, text, error))?;
        let standing = Standing { key: "1".to_owned(), pattern, indicator: None };
        Ok(Self { standing: vec![standing], skipped: 0 })
    }

    /// Those of a file that is open.
    pub(super) fn of_file(
        path: &Path,
        input: Option<Input>,
        limits: Limits,
    ) -> Result<Self, CliError> {
        let failed = |error| CliError::Read { path: path.to_owned(), error };
        let mut bytes = Vec::new();
        if let Some(input) = input {
            input.take(MOST_BYTES + 1).read_to_end(&mut bytes).map_err(failed)?;
        }
        if bytes.len() as u64 > MOST_BYTES {
            return Err(CliError::TooLarge { path: path.to_owned(), limit: MOST_BYTES });
        }
        let patterns =
            if is_json(&bytes) { indicators(path, &bytes, limits)? } else { lines(path, &bytes)? };
        if patterns.standing.is_empty() {
            return Err(CliError::NoPattern(path.to_owned()));
        }
        Ok(patterns)
    }
}

/// Whether a file holds objects. A pattern begins with a bracket too, but never with one before a brace.
fn is_json(bytes: &[u8]) -> bool {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut marks = bytes.iter().filter(|it| !it.is_ascii_whitespace());
    match marks.next() {
        Some(b'{') => true,
        Some(b'[') => matches!(marks.next(), Some(b'{' | b']')),
        _ => false,
    }
}

fn lines(path: &Path, bytes: &[u8]) -> Result<Patterns, CliError> {
    let mut patterns = Patterns::default();
    for (before, line) in bytes.lines().enumerate() {
        let line = line.map_err(|error| CliError::Read { path: path.to_owned(), error })?;
        let text = line.trim_start_matches('\u{feff}');
        if text.trim().is_empty() || text.starts_with('#') {
            continue;
        }
        let pattern = parse(text)
            .map_err(|error| bad(format!("`{}`", path.display()), before as u64, text, error))?;
        push(path, &mut patterns, (before + 1).to_string(), pattern, None)?;
    }
    Ok(patterns)
}

fn indicators(path: &Path, bytes: &[u8], limits: Limits) -> Result<Patterns, CliError> {
    let mut patterns = Patterns::default();
    let mut known: BTreeMap<String, usize> = BTreeMap::new();
    for next in Objects::new(bytes, limits) {
        let raw = next.map_err(|error| CliError::Content {
            path: path.to_owned(),
            line: error.line,
            code: error.code.as_str(),
            english: error.message_in(Lang::En),
            spanish: error.message_in(Lang::Es),
        })?;
        let Ok(document) = Document::parse(&raw.bytes, &limits) else { continue };
        let root = document.root();
        if text(root, "type").as_deref() != Some("indicator") {
            continue;
        }
        let is_stix = text(root, "pattern_type").as_deref() == Some("stix");
        let (Some(written), Some(id), true) = (text(root, "pattern"), text(root, "id"), is_stix)
        else {
            patterns.skipped += 1;
            continue;
        };
        let indicator = Indicator::of(root);
        let older = known.get(&id).and_then(|it| patterns.standing.get_mut(*it));
        let pattern =
            parse(&written).map_err(|error| in_indicator(path, &raw, &id, &written, error))?;
        if let Some(older) = older {
            let before = older.indicator.as_ref().and_then(Indicator::modified);
            if before <= indicator.modified() {
                *older = Standing { key: id, pattern, indicator: Some(indicator) };
            }
        } else {
            known.insert(id.clone(), patterns.standing.len());
            push(path, &mut patterns, id, pattern, Some(indicator))?;
        }
    }
    Ok(patterns)
}

fn push(
    path: &Path,
    patterns: &mut Patterns,
    key: String,
    pattern: Pattern,
    indicator: Option<Indicator>,
) -> Result<(), CliError> {
    if patterns.standing.len() >= MOST {
        return Err(CliError::TooManyPatterns { path: path.to_owned(), most: MOST });
    }
    patterns.standing.push(Standing { key, pattern, indicator });
    Ok(())
}

impl Indicator {
    fn of(root: Value<'_, '_>) -> Self {
        Self {
            name: text(root, "name"),
            valid_from: text(root, "valid_from"),
            valid_until: text(root, "valid_until"),
            revoked: root.child("revoked").and_then(|it| it.boolean()).unwrap_or_default(),
            modified: text(root, "modified"),
        }
    }

    fn modified(&self) -> Option<Stamp<'_>> {
        Stamp::parse(self.modified.as_deref()?).ok()
    }
}

fn text(root: Value<'_, '_>, name: &str) -> Option<String> {
    Some(root.child(name)?.text()?.into_owned())
}

fn parse(text: &str) -> Result<Pattern, PatternError> {
    Pattern::parse(text, &PatternLimits::default())
}

fn bad(place: String, before: u64, text: &str, error: PatternError) -> CliError {
    CliError::Pattern(Box::new(BadPattern::new(place, before, text, error)))
}

fn in_indicator(
    path: &Path,
    raw: &RawObject,
    id: &str,
    text: &str,
    error: PatternError,
) -> CliError {
    let place = format!("`{}:{}`, `{id}`", path.display(), raw.line);
    bad(place, 0, text, error)
}

/// The pattern as the library prints it.
fn canonical<S: serde::Serializer>(pattern: &Pattern, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(pattern)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_of_objects_and_a_pattern_are_told_apart() {
        for json in ["{}", " \n[ {\"type\":1}]", "\u{feff}[\n{", "[]"] {
            assert!(is_json(json.as_bytes()), "{json}");
        }
        for patterns in ["[a:b = 1]", "([a:b = 1])", "[ a:b = 1 ]", "# [{", "", "[(a:b = 1)]"] {
            assert!(!is_json(patterns.as_bytes()), "{patterns}");
        }
    }
}
