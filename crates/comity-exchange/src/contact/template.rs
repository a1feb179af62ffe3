//! Templates of reports: data that a nation writes, read strictly.
//!
//! A template is TOML. Its texts may hold `{placeholders}` of a closed list; whatever else stands in braces is an error, and so
//! is a placeholder in a section about something that has no such thing.

use std::fmt;

use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use toml::Spanned;

mod placeholder;

pub use placeholder::Placeholder;

/// Bytes of the longest template.
const MAX_BYTES: usize = 64 * 1024;
/// Sections of the longest template.
const MAX_SECTIONS: usize = 64;
/// Hours of the longest clock: a year.
const MAX_HOURS: u32 = 8_784;

/// The language of a template.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// English.
    En,
    /// Spanish.
    Es,
}

impl Language {
    /// The text in this language.
    pub const fn pick(self, english: &'static str, spanish: &'static str) -> &'static str {
        match self {
            Self::En => english,
            Self::Es => spanish,
        }
    }
}

/// On what reports are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum About {
    /// Contacts outside the system.
    Contact,
    /// Statements that were given or received.
    Exchange,
}

/// Within which time a report is due, and on what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReportClock {
    /// Hours from the contact or the exchange; a day is 24 of them, working or not.
    pub hours: u32,
    /// Whether each contact starts it.
    pub contacts: bool,
    /// Whether each statement that is given or received starts it.
    pub exchanges: bool,
}

impl ReportClock {
    /// When the report on something that took place `at` is due.
    pub fn due(&self, at: Timestamp) -> Timestamp {
        at.checked_add(SignedDuration::from_hours(i64::from(self.hours))).unwrap_or(Timestamp::MAX)
    }
}

/// A template that was read. One that exists can be filled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    /// How it is called: 1 to 32 lower-case letters, digits and hyphens.
    pub name: String,
    /// The language of its texts.
    pub language: Language,
    /// The heading of the report.
    pub title: String,
    /// To whom the report goes; at least one.
    pub recipients: Vec<String>,
    /// The law that asks for it.
    pub basis: Option<String>,
    /// Whether a lawyer confirmed its wording. A report of one that is not says so.
    pub confirmed: bool,
    /// Its clock.
    pub clock: Option<ReportClock>,
    sections: Vec<Section>,
}

/// A section of a report.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Section {
    heading: Vec<Piece>,
    of: Vec<About>,
    text: Vec<Piece>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Text(String),
    Value(Placeholder),
}

/// Why a template cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct TemplateError {
    /// The line, from 1.
    pub line: usize,
    /// The field, where it is one.
    pub field: Option<&'static str>,
    /// What is wrong and what to do.
    pub message: String,
}

impl fmt::Display for TemplateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}", self.line)?;
        if let Some(field) = self.field {
            write!(f, ", `{field}`")?;
        }
        write!(f, ": {}", self.message)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    name: Spanned<String>,
    language: Language,
    title: Spanned<String>,
    recipients: Spanned<Vec<String>>,
    basis: Option<String>,
    confirmed: bool,
    clock: Option<Spanned<FileClock>>,
    section: Vec<FileSection>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileClock {
    hours: Option<u32>,
    days: Option<u32>,
    starts_at: Vec<About>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileSection {
    heading: Spanned<String>,
    of: Option<Vec<About>>,
    text: Spanned<String>,
}

impl Template {
    /// Reads a template, whole or not at all.
    pub fn parse(source: &str) -> Result<Self, TemplateError> {
        if source.len() > MAX_BYTES {
            let message = format!("it is longer than {MAX_BYTES} bytes; shorten it");
            return Err(TemplateError { line: 1, field: None, message });
        }
        let file: File = toml::from_str(source).map_err(|error| TemplateError {
            line: line_at(source, error.span().map_or(0, |span| span.start)),
            field: None,
            message: error.message().replace('\n', " "),
        })?;
        let wrong = |at: usize, field: &'static str, message: String| TemplateError {
            line: line_at(source, at),
            field: Some(field),
            message,
        };
        let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        let name = file.name.get_ref();
        if !(1..=32).contains(&name.len()) || !name.bytes().all(plain) {
            let message = "write 1 to 32 lower-case letters, digits and hyphens".to_owned();
            return Err(wrong(file.name.span().start, "name", message));
        }
        let blank = |text: &String| text.trim().is_empty() || text.contains('\n');
        if blank(file.title.get_ref()) {
            return Err(wrong(file.title.span().start, "title", "write one line".to_owned()));
        }
        let to = file.recipients.get_ref();
        if to.is_empty() || to.iter().any(blank) {
            let message = "name at least one, each in one line".to_owned();
            return Err(wrong(file.recipients.span().start, "recipients", message));
        }
        let clock = file.clock.map(|clock| {
            let at = clock.span().start;
            read_clock(&clock.into_inner()).map_err(|message| wrong(at, "clock", message))
        });
        if file.section.is_empty() || file.section.len() > MAX_SECTIONS {
            let message = format!("write 1 to {MAX_SECTIONS} of them");
            return Err(wrong(0, "section", message));
        }
        let sections = file.section.into_iter().map(|it| read_section(source, it));
        Ok(Self {
            name: file.name.into_inner(),
            language: file.language,
            title: file.title.into_inner(),
            recipients: file.recipients.into_inner(),
            basis: file.basis,
            confirmed: file.confirmed,
            clock: clock.transpose()?,
            sections: sections.collect::<Result<_, _>>()?,
        })
    }

    /// The report about something, its values taken from `value`. What a value holds is never read as a placeholder.
    pub(super) fn fill(&self, about: About, value: impl Fn(Placeholder) -> String) -> String {
        let say = |english, spanish| self.language.pick(english, spanish);
        let (to, recipients) = (say("To", "Para"), self.recipients.join("; "));
        let mut out = format!("# {}\n\n{to}: {recipients}\n", self.title);
        if let Some(basis) = &self.basis {
            out.extend([say("Legal basis", "Fundamento"), ": ", basis, "\n"]);
        }
        if !self.confirmed {
            out.push('\n');
            out.push_str(say(
                "The wording of this template is to be confirmed by a lawyer.",
                "La redacción de esta plantilla está por confirmarse por un abogado.",
            ));
            out.push('\n');
        }
        let put = |out: &mut String, pieces: &[Piece]| {
            for piece in pieces {
                match piece {
                    Piece::Text(text) => out.push_str(text),
                    Piece::Value(name) => out.push_str(&value(*name)),
                }
            }
        };
        for section in self.sections.iter().filter(|it| it.of.contains(&about)) {
            out.push_str("\n## ");
            put(&mut out, &section.heading);
            out.push_str("\n\n");
            put(&mut out, &section.text);
            if !out.ends_with('\n') {
                out.push('\n');
            }
        }
        out
    }
}

fn read_clock(clock: &FileClock) -> Result<ReportClock, String> {
    let hours = match (clock.hours, clock.days) {
        (Some(hours), None) => Some(hours),
        (None, Some(days)) => days.checked_mul(24),
        _ => return Err("give it either `hours` or `days`".to_owned()),
    };
    let hours = hours.filter(|hours| (1..=MAX_HOURS).contains(hours));
    let Some(hours) = hours else { return Err(format!("it runs for 1 to {MAX_HOURS} hours")) };
    let starts = |about| clock.starts_at.contains(&about);
    let (contacts, exchanges) = (starts(About::Contact), starts(About::Exchange));
    if !contacts && !exchanges {
        return Err("`starts_at` names `contact`, `exchange` or both".to_owned());
    }
    Ok(ReportClock { hours, contacts, exchanges })
}

fn read_section(source: &str, section: FileSection) -> Result<Section, TemplateError> {
    let of = section.of.unwrap_or_else(|| vec![About::Contact, About::Exchange]);
    let heading = pieces(source, "heading", &section.heading, &of)?;
    let text = pieces(source, "text", &section.text, &of)?;
    Ok(Section { heading, of, text })
}

/// Takes a text apart at its placeholders.
fn pieces(
    source: &str,
    field: &'static str,
    text: &Spanned<String>,
    of: &[About],
) -> Result<Vec<Piece>, TemplateError> {
    let wrong = |near: &str, message: String| {
        let span = text.span();
        let within = source.get(span.clone()).and_then(|it| it.find(near)).unwrap_or(0);
        TemplateError { line: line_at(source, span.start + within), field: Some(field), message }
    };
    let mut pieces = Vec::new();
    let mut rest = text.get_ref().as_str();
    if rest.trim().is_empty() {
        return Err(wrong("", "write something".to_owned()));
    }
    while let Some((before, after)) = rest.split_once(['{', '}']) {
        let opens = rest.as_bytes().get(before.len()) == Some(&b'{');
        let word = after.split_once('}').filter(|_| opens);
        let Some((word, behind)) = word else {
            let message = "a brace stands alone; only placeholders stand in braces".to_owned();
            return Err(wrong(if opens { "{" } else { "}" }, message));
        };
        let whole = format!("{{{word}}}");
        let Some(known) = Placeholder::of(word) else {
            let all: Vec<&str> = Placeholder::ALL.iter().map(|it| it.word()).collect();
            let shown: String = word.chars().take(40).collect();
            let message =
                format!("there is no placeholder `{shown}`; there are {}", all.join(", "));
            return Err(wrong(&whole, message));
        };
        if let Some(about) = of.iter().find(|about| !known.fits(**about)) {
            let message = format!(
                "`{word}` has no value for {}; give the section another `of`",
                match about {
                    About::Contact => "a contact",
                    About::Exchange => "an exchange",
                }
            );
            return Err(wrong(&whole, message));
        }
        pieces.push(Piece::Text(before.to_owned()));
        pieces.push(Piece::Value(known));
        rest = behind;
    }
    pieces.push(Piece::Text(rest.to_owned()));
    Ok(pieces)
}

/// The line of a byte, from 1.
fn line_at(source: &str, at: usize) -> usize {
    source.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1
}

#[cfg(test)]
mod tests;
