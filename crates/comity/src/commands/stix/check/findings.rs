//! The findings, as many of them as are kept.

use std::collections::BTreeMap;

use comity_stix::{Finding, Severity};
use serde::Serialize;

use super::Refused;
use crate::lang::Lang;

/// Findings of each severity that are kept; beyond them they are only counted.
pub(super) const MOST: u64 = 10_000;

/// Bytes of their texts that are kept of each severity.
const MOST_BYTES: usize = 16 << 20;

/// What is wrong, in the order of the files.
#[derive(Debug, Default, Serialize)]
pub(super) struct Findings {
    /// Broken MUSTs, all of them counted.
    pub(super) must: u64,
    /// SHOULDs that were not followed, all of them counted.
    pub(super) should: u64,
    /// The findings, up to 10,000 of each severity.
    #[serde(rename = "findings")]
    pub(super) listed: Vec<Located>,
    /// Findings that are not among them.
    pub(super) omitted: u64,
    /// How often each rule was broken, by the strength of the finding and its code; all findings are counted.
    pub(super) rules: BTreeMap<Strength, BTreeMap<&'static str, u64>>,
    #[serde(skip)]
    bytes: [usize; 2],
}

/// How strongly the standard asks for what was not done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Strength {
    Must,
    Should,
}

impl From<Severity> for Strength {
    fn from(severity: Severity) -> Self {
        match severity {
            Severity::Must => Self::Must,
            Severity::Should => Self::Should,
        }
    }
}

impl Strength {
    /// The word of the standard, which is the same in every language.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Must => "MUST",
            Self::Should => "SHOULD",
        }
    }
}

/// A finding and where it is.
#[derive(Debug, Serialize)]
pub(super) struct Located {
    pub(super) file: String,
    /// From 1.
    pub(super) line: u64,
    /// In bytes from the start of the file.
    pub(super) offset: u64,
    /// What the object says that it is.
    pub(super) id: Option<String>,
    /// Where in the object, as a JSON pointer.
    pub(super) pointer: String,
    /// A stable word.
    pub(super) code: &'static str,
    /// Of the standard, or another document's name and section; null where the file could not be read.
    pub(super) section: Option<&'static str>,
    pub(super) severity: Strength,
    pub(super) message: String,
    /// The line of the version that the object does not go with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) earlier: Option<u64>,
}

impl Located {
    /// A finding about an object.
    pub(super) fn new(
        file: &str,
        (line, offset): (u64, u64),
        id: Option<String>,
        finding: &Finding,
        lang: Lang,
    ) -> Self {
        Self {
            file: file.to_owned(),
            line,
            offset,
            id,
            pointer: finding.pointer.clone(),
            code: finding.code.as_str(),
            section: Some(finding.section),
            severity: finding.severity.into(),
            message: finding.message_in(lang.stix()),
            earlier: None,
        }
    }

    /// What could not be taken for an object.
    pub(super) fn unread(file: &str, refused: Refused) -> Self {
        let Refused { line, offset, pointer, code, section, message } = refused;
        let severity = Strength::Must;
        let (file, id) = (file.to_owned(), None);
        Self { file, line, offset, id, pointer, code, section, severity, message, earlier: None }
    }

    fn bytes(&self) -> usize {
        let id = self.id.as_ref().map_or(0, String::len);
        self.file.len() + id + self.pointer.len() + self.message.len()
    }
}

impl Findings {
    /// Takes one more, or counts it alone.
    pub(super) fn push(&mut self, located: Located) {
        let [must, should] = &mut self.bytes;
        let (count, bytes) = match located.severity {
            Strength::Must => (&mut self.must, must),
            Strength::Should => (&mut self.should, should),
        };
        *count += 1;
        *self.rules.entry(located.severity).or_default().entry(located.code).or_default() += 1;
        *bytes = bytes.saturating_add(located.bytes());
        if *count > MOST || *bytes > MOST_BYTES {
            self.omitted += 1;
        } else {
            self.listed.push(located);
        }
    }
}
