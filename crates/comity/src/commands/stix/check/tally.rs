//! The counts.

use std::collections::BTreeMap;
use std::ops::AddAssign;

use comity_stix::{Report, UnknownKind};
use serde::Serialize;

use super::findings::Strength;

/// Names of types, and of what is unknown, that are counted by themselves: whoever writes a file chooses how many it has.
const NAMES: usize = 1_000;

/// Bytes of the longest name that is counted by itself; the standard has none longer (section 3.1).
const LONGEST: usize = 250;

/// Counts of objects.
#[derive(Debug, Clone, Copy, Default, Serialize)]
pub(super) struct Counts {
    /// Objects, and what stands where one should.
    pub(super) objects: u64,
    /// Those that break no MUST.
    pub(super) valid: u64,
    /// Those that break one.
    pub(super) broken: u64,
    /// Valid ones that do not follow a SHOULD.
    pub(super) advised: u64,
    /// Broken ones that could not even be taken for an object.
    pub(super) unread: u64,
    /// Broken ones with more wrong than is told of one object.
    pub(super) unfinished: u64,
}

impl Counts {
    /// One object that was checked.
    pub(super) fn of(report: &Report) -> Self {
        let is_valid = report.is_valid();
        Self {
            objects: 1,
            valid: u64::from(is_valid),
            broken: u64::from(!is_valid),
            advised: u64::from(is_valid && !report.findings.is_empty()),
            unread: 0,
            unfinished: u64::from(!report.complete),
        }
    }

    /// The object does not go with another version of it.
    pub(super) const fn clash(&mut self, strength: Strength) {
        match strength {
            Strength::Must => (self.valid, self.broken, self.advised) = (0, 1, 0),
            Strength::Should => self.advised = self.valid,
        }
    }

    /// One thing that could not be taken for an object.
    pub(super) const fn unread() -> Self {
        Self { objects: 1, valid: 0, broken: 1, advised: 0, unread: 1, unfinished: 0 }
    }
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.objects += other.objects;
        self.valid += other.valid;
        self.broken += other.broken;
        self.advised += other.advised;
        self.unread += other.unread;
        self.unfinished += other.unfinished;
    }
}

/// The counts of all files.
#[derive(Debug, Default, Serialize)]
pub(super) struct Tally {
    #[serde(flatten)]
    pub(super) all: Counts,
    /// By type, up to 1,000 types.
    pub(super) types: BTreeMap<String, TypeCounts>,
    /// Objects of types that are not among them, and objects that say no type.
    pub(super) other: u64,
    /// Types and extensions that nobody here can check, up to 1,000.
    pub(super) unknown: Unknown,
}

/// How often what is unknown stands in the files, by its name.
#[derive(Debug, Default, Serialize)]
pub(super) struct Unknown {
    pub(super) types: BTreeMap<String, u64>,
    pub(super) extensions: BTreeMap<String, u64>,
    /// Those that are not among them.
    pub(super) omitted: u64,
}

/// Counts of the objects of one type.
#[derive(Debug, Clone, Copy, Default, Serialize)]
pub(super) struct TypeCounts {
    pub(super) objects: u64,
    pub(super) broken: u64,
    pub(super) advised: u64,
}

impl Tally {
    /// Adds one object of a type.
    pub(super) fn object(&mut self, type_: Option<String>, counts: Counts) {
        self.all += counts;
        let Some(of_type) = type_.and_then(|name| named(&mut self.types, &name)) else {
            self.other += counts.objects;
            return;
        };
        of_type.objects += counts.objects;
        of_type.broken += counts.broken;
        of_type.advised += counts.advised;
    }
}

impl Unknown {
    /// Adds what was unknown in one object.
    pub(super) fn add(&mut self, found: &[comity_stix::Unknown]) {
        for comity_stix::Unknown { name, kind, .. } in found {
            let names = match kind {
                UnknownKind::Type => &mut self.types,
                UnknownKind::Extension => &mut self.extensions,
            };
            match named(names, name) {
                Some(count) => *count += 1,
                None => self.omitted += 1,
            }
        }
    }
}

/// What is counted under a name, unless it is too long or there are too many.
fn named<'a, V: Default>(names: &'a mut BTreeMap<String, V>, name: &str) -> Option<&'a mut V> {
    if name.len() > LONGEST || (names.len() >= NAMES && !names.contains_key(name)) {
        return None;
    }
    Some(names.entry(name.to_owned()).or_default())
}
