//! The parameters of a request (TAXII 2.1 section 3.4), read strictly: each stands there once, has its form, and is one that
//! the resource takes.

use std::collections::{BTreeMap, BTreeSet};

use comity_exchange::ports::Versions;
use jiff::Timestamp;

use super::Fault;

/// Bytes of a query string.
const BYTES: usize = 16 << 10;
/// Values in one list.
const VALUES: usize = 256;

/// What a request asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Params {
    /// Added after this time, in microseconds since 1970.
    pub(crate) added_after: Option<i64>,
    /// At most so many objects.
    pub(crate) limit: Option<u32>,
    /// Where to go on.
    pub(crate) next: Option<String>,
    /// Of these ids.
    pub(crate) ids: Option<Vec<String>>,
    /// Of these types.
    pub(crate) types: Vec<String>,
    /// Of these versions.
    pub(crate) versions: Versions,
    /// Whether a version was asked for.
    pub(crate) has_versions: bool,
    /// Whether STIX 2.1 is among the specification versions asked for.
    pub(crate) is_spoken: bool,
}

/// The parameters that a resource takes.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Takes {
    /// None.
    Nothing,
    /// All of them: objects and manifests.
    All,
    /// Pages and versions: one object.
    Object,
    /// Pages: the versions of one object.
    Pages,
    /// Versions: one object that is to be deleted.
    Versions,
}

impl Takes {
    const fn names(self) -> &'static [&'static str] {
        match self {
            Self::Nothing => &[],
            Self::All => &[
                "added_after",
                "limit",
                "next",
                "match[id]",
                "match[type]",
                "match[version]",
                "match[spec_version]",
            ],
            Self::Object => {
                &["added_after", "limit", "next", "match[version]", "match[spec_version]"]
            }
            Self::Pages => &["added_after", "limit", "next", "match[spec_version]"],
            Self::Versions => &["match[version]", "match[spec_version]"],
        }
    }
}

impl Params {
    /// Reads the query string of a request to a resource that takes `takes`.
    pub(crate) fn read(query: Option<&str>, takes: Takes) -> Result<Self, Fault> {
        let mut given = pairs(query.unwrap_or_default(), takes)?;
        let mut take = |name: &str| given.remove(name);
        let (versions, has_versions) = match take("match[version]") {
            None => (Versions::Newest, false),
            Some(text) => (versions(&text)?, true),
        };
        Ok(Self {
            // rounded down: what was added within the same microsecond was not added after it
            added_after: take("added_after")
                .map(|it| time("added_after", &it).map(Timestamp::as_microsecond))
                .transpose()?,
            limit: take("limit").map(|it| limit(&it)).transpose()?,
            next: take("next"),
            ids: take("match[id]").map(|it| list("match[id]", &it, is_id)).transpose()?,
            types: take("match[type]")
                .map(|it| list("match[type]", &it, is_type))
                .transpose()?
                .unwrap_or_default(),
            versions,
            has_versions,
            is_spoken: match take("match[spec_version]") {
                None => true,
                Some(text) => {
                    let list = list("match[spec_version]", &text, is_spec_version)?;
                    list.iter().any(|it| it == "2.1")
                }
            },
        })
    }
}

/// Every name and value, decoded.
fn pairs(query: &str, takes: Takes) -> Result<BTreeMap<String, String>, Fault> {
    if query.len() > BYTES {
        return Err(Fault::bad("query-long", format!("the query has more than {BYTES} bytes")));
    }
    let mut given = BTreeMap::new();
    for pair in query.split('&').filter(|it| !it.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let (name, value) = (decoded(name)?, decoded(value)?);
        if !takes.names().contains(&name.as_str()) {
            let known = takes.names().join("`, `");
            let advice = if known.is_empty() {
                "this resource takes none".to_owned()
            } else {
                format!("this resource takes `{known}`")
            };
            let text = format!("`{}` is no parameter; {advice}", shown(&name));
            return Err(Fault::bad("parameter-unknown", text));
        }
        if given.insert(name.clone(), value).is_some() {
            let text = format!("`{name}` stands there twice; give it once, its values with commas");
            return Err(Fault::bad("parameter-twice", text));
        }
    }
    Ok(given)
}

/// Percent-decoding as forms have it: a plus is a blank, and after a time zone's digits it was meant as one that was not encoded.
fn decoded(text: &str) -> Result<String, Fault> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => {
                let digit = |it: Option<u8>| it.and_then(|it| char::from(it).to_digit(16));
                match (digit(rest.next()), digit(rest.next())) {
                    (Some(high), Some(low)) => u8::try_from(high * 16 + low).unwrap_or_default(),
                    _ => return Err(malformed(text)),
                }
            }
            b'+' => b' ',
            other => other,
        });
    }
    match String::from_utf8(bytes) {
        Ok(text) if !text.contains('\0') => Ok(text),
        _ => Err(malformed(text)),
    }
}

fn malformed(text: &str) -> Fault {
    let text = format!("`{}` is not percent-encoded UTF-8", shown(text));
    Fault::bad("parameter-encoding", text)
}

fn time(name: &str, text: &str) -> Result<Timestamp, Fault> {
    // in a query a plus means a blank, and an offset is often written with a bare plus
    let text = text.replace(' ', "+");
    super::time::read(&text).ok_or_else(|| {
        let text = format!(
            "`{name}`: `{}` is no time; write it as `2026-02-01T10:00:00.123456Z`",
            shown(&text)
        );
        Fault::bad("time-form", text)
    })
}

fn limit(text: &str) -> Result<u32, Fault> {
    let plain = !text.is_empty() && text.bytes().all(|it| it.is_ascii_digit());
    match text.parse::<u64>() {
        Ok(limit) if plain && limit > 0 => Ok(u32::try_from(limit).unwrap_or(u32::MAX)),
        // of so many there are fewer
        Err(_) if plain && text.bytes().any(|it| it != b'0') => Ok(u32::MAX),
        _ => {
            let text = format!("`limit`: `{}` is no whole number greater than zero", shown(text));
            Err(Fault::bad("limit-form", text))
        }
    }
}

/// The values of a list, each once.
fn list(name: &str, text: &str, fits: fn(&str) -> bool) -> Result<Vec<String>, Fault> {
    let mut values = BTreeSet::new();
    for value in text.split(',') {
        if !fits(value) {
            let text = format!("`{name}`: `{}` has not the form of one", shown(value));
            return Err(Fault::bad("match-form", text));
        }
        values.insert(value.to_owned());
        if values.len() > VALUES {
            let text = format!("`{name}` has more than {VALUES} values; ask in several requests");
            return Err(Fault::bad("match-long", text));
        }
    }
    Ok(values.into_iter().collect())
}

/// Whether a text has the form of a STIX id.
pub(crate) fn is_id(text: &str) -> bool {
    text.split_once("--").is_some_and(|(kind, uuid)| {
        is_type(kind) && uuid.len() == 36 && uuid.parse::<uuid::Uuid>().is_ok()
    })
}

fn is_type(text: &str) -> bool {
    (1..=250).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

/// Whether a text has the form of a version of STIX: two numbers with a dot between them.
fn is_spec_version(text: &str) -> bool {
    let number = |it: &str| (1..=4).contains(&it.len()) && it.bytes().all(|b| b.is_ascii_digit());
    text.split_once('.').is_some_and(|(major, minor)| number(major) && number(minor))
}

/// Which versions (section 3.4.1).
fn versions(text: &str) -> Result<Versions, Fault> {
    let (mut oldest, mut newest, mut all, mut at) = (false, false, false, Vec::new());
    let twice = |value: &str| {
        let text = format!("`match[version]`: `{}` stands there twice", shown(value));
        Err(Fault::bad("version-twice", text))
    };
    for value in text.split(',') {
        let known = match value {
            "first" => std::mem::replace(&mut oldest, true),
            "last" => std::mem::replace(&mut newest, true),
            "all" => std::mem::replace(&mut all, true),
            other => {
                let stamp = time("match[version]", other)?;
                let known = at.contains(&stamp);
                at.push(stamp);
                known
            }
        };
        if known {
            return twice(value);
        }
        if at.len() > VALUES {
            let text = format!("`match[version]` has more than {VALUES} values");
            return Err(Fault::bad("match-long", text));
        }
    }
    if all && (oldest || newest || !at.is_empty()) {
        let text = "`match[version]`: `all` stands alone";
        return Err(Fault::bad("version-all", text));
    }
    Ok(match (all, oldest, newest, at.is_empty()) {
        (true, ..) => Versions::All,
        (false, false, true, true) => Versions::Newest,
        _ => Versions::Of { oldest, newest, at },
    })
}

/// A text of a client as it is shown to one: cut, and without control characters.
pub(crate) fn shown(text: &str) -> String {
    text.chars().take(80).collect::<String>().escape_debug().to_string()
}
