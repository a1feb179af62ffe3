//! The objects that conditions are tried on, and what varies among them.

use std::collections::BTreeSet;

use comity_model::{
    Credibility, Grade, Handling, Onward, Pap, PartyRoot, Reliability, Tlp, UseCode,
};

use super::{Condition, Place};
use crate::clause::persons::ABOUT_PERSONS;
use crate::clause::{Clause, OriginTerm, Persons};
use crate::facts::{Facts, Origin};

/// Labels and properties of which every combination is tried; of more, each one, each two and all together.
const COMBINED: usize = 10;

/// A text that no agreement names: a type, a label, a purpose beside those that are named.
const OTHER: &str = "x-other";
/// A country beside those that are named; the code is set free for such uses (ISO 3166-1).
const NOWHERE: &str = "XX";

const RELIABILITIES: [Reliability; 6] = [
    Reliability::A,
    Reliability::B,
    Reliability::C,
    Reliability::D,
    Reliability::E,
    Reliability::F,
];

/// An object as conditions see it, and what is asked about it. As made it has nothing that it need not have.
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
#[derive(Debug, Clone)]
pub(crate) struct Object {
    pub(crate) clause: String,
    pub(crate) purpose: String,
    pub(crate) kind: String,
    pub(crate) labels: BTreeSet<String>,
    pub(crate) properties: BTreeSet<String>,
    pub(crate) tlp: Tlp,
    pub(crate) pap: Option<Pap>,
    pub(crate) grade: Option<Grade>,
    /// Its own.
    pub(crate) confidence: Option<u8>,
    pub(crate) from_partner: bool,
    /// Whether its originator consented to the recipient.
    pub(crate) consented: bool,
    pub(crate) natural_person: bool,
    pub(crate) revoked: bool,
    pub(crate) age_days: Option<u32>,
    pub(crate) country: Option<String>,
    pub(crate) onward: Option<Onward>,
    pub(crate) uses: Option<BTreeSet<UseCode>>,
}

impl Object {
    pub(super) fn at(clause: &str) -> Self {
        Self {
            clause: clause.to_owned(),
            purpose: OTHER.to_owned(),
            kind: OTHER.to_owned(),
            labels: BTreeSet::new(),
            properties: BTreeSet::new(),
            tlp: Tlp::Clear,
            pap: None,
            grade: None,
            confidence: None,
            from_partner: false,
            consented: false,
            natural_person: false,
            revoked: false,
            age_days: None,
            country: None,
            onward: None,
            uses: None,
        }
    }

    /// How confident it is, or failing that, how credible its grade says that it is.
    pub(super) fn confidence(&self) -> Option<u8> {
        self.confidence.or_else(|| self.grade?.credibility.confidence())
    }

    /// What a decision would know of it, if its originator and the recipient are these.
    pub(crate) fn facts(&self, originator: PartyRoot, recipient: PartyRoot) -> Facts {
        let origin = if self.from_partner { Origin::Partner(originator) } else { Origin::Own };
        let received = self.onward.is_some() || self.uses.is_some();
        let handling = received.then(|| Handling {
            tlp: Tlp::Clear,
            pap: None,
            use_codes: self.uses.iter().flatten().copied().collect(),
            onward: self.onward.unwrap_or(Onward::OriginatorConsent),
            retention_days: 36_500,
            until: None,
        });
        Facts {
            labels: self.labels.clone(),
            tlp: Some(self.tlp),
            pap: self.pap,
            grade: self.grade,
            confidence: self.confidence,
            natural_person: self.natural_person,
            revoked: self.revoked,
            properties: self.properties.clone(),
            age_days: self.age_days,
            country: self.country.clone(),
            consents: self.consented.then_some(recipient).into_iter().collect(),
            handling,
            ..Facts::new(&self.kind, origin)
        }
    }
}

/// One value of one thing that varies.
#[derive(Debug, Clone)]
pub(super) enum Setting {
    Purpose(String),
    Kind(String),
    Labels(BTreeSet<String>),
    Properties(BTreeSet<String>),
    Tlp(Tlp),
    Pap(Option<Pap>),
    Grade(Option<Grade>),
    Confidence(Option<u8>),
    FromPartner(bool),
    Consented(bool),
    NaturalPerson(bool),
    Revoked(bool),
    Age(Option<u32>),
    Country(Option<String>),
    Onward(Option<Onward>),
    Uses(Option<BTreeSet<UseCode>>),
}

impl Setting {
    pub(super) fn apply(&self, object: &mut Object) {
        match self.clone() {
            Self::Purpose(purpose) => object.purpose = purpose,
            Self::Kind(kind) => object.kind = kind,
            Self::Labels(labels) => object.labels = labels,
            Self::Properties(properties) => object.properties = properties,
            Self::Tlp(tlp) => object.tlp = tlp,
            Self::Pap(pap) => object.pap = pap,
            Self::Grade(grade) => object.grade = grade,
            Self::Confidence(confidence) => object.confidence = confidence,
            Self::FromPartner(it) => object.from_partner = it,
            Self::Consented(it) => object.consented = it,
            Self::NaturalPerson(it) => object.natural_person = it,
            Self::Revoked(it) => object.revoked = it,
            Self::Age(age) => object.age_days = age,
            Self::Country(country) => object.country = country,
            Self::Onward(onward) => object.onward = onward,
            Self::Uses(uses) => object.uses = uses,
        }
    }
}

/// Everything that some of the conditions tell apart.
pub(super) fn settings(conditions: &[&Condition], place: &Place) -> Vec<Vec<Setting>> {
    let reads = |attribute: &str| conditions.iter().any(|it| it.reads.reads(attribute));
    let texts: BTreeSet<&String> = conditions.iter().flat_map(|it| &it.texts).collect();
    let numbers: BTreeSet<i64> = conditions.iter().flat_map(|it| &it.numbers).copied().collect();
    let named = || texts.iter().map(|it| (*it).clone());
    let both = [false, true];
    let mut out: Vec<Vec<Setting>> = Vec::new();
    let mut vary = |attribute: &str, all: &mut dyn Iterator<Item = Setting>| {
        if reads(attribute) {
            out.push(all.collect());
        }
    };
    vary("kind", &mut named().chain([OTHER.to_owned()]).map(Setting::Kind));
    vary("labels", &mut asked(conditions, "labels").into_iter().map(Setting::Labels));
    vary("properties", &mut asked(conditions, "properties").into_iter().map(Setting::Properties));
    vary("tlp", &mut Tlp::ALL.iter().copied().map(Setting::Tlp));
    vary("pap", &mut optional(Pap::ALL.iter().copied()).map(Setting::Pap));
    vary("grade", &mut optional(grades()).map(Setting::Grade));
    vary("from_partner", &mut both.into_iter().map(Setting::FromPartner));
    vary("consents", &mut both.into_iter().map(Setting::Consented));
    vary("natural_person", &mut both.into_iter().map(Setting::NaturalPerson));
    vary("revoked", &mut both.into_iter().map(Setting::Revoked));
    let steps = numbers.iter().flat_map(|it| [it.saturating_sub(1), *it, it.saturating_add(1)]);
    let steps: BTreeSet<i64> = steps.chain([0]).collect();
    let percent: BTreeSet<u8> =
        steps.iter().chain(&[100]).filter_map(|it| u8::try_from(*it).ok()).collect();
    let percent = percent.into_iter().filter(|it| *it <= 100);
    vary("confidence", &mut optional(percent).map(Setting::Confidence));
    let ages: BTreeSet<u32> = steps.iter().filter_map(|it| u32::try_from(*it).ok()).collect();
    vary("age_days", &mut optional(ages.into_iter()).map(Setting::Age));
    let countries = named().chain([NOWHERE.to_owned()]);
    vary("country", &mut optional(countries).map(Setting::Country));
    vary("onward", &mut optional(Onward::ALL.iter().copied()).map(Setting::Onward));
    let uses = subsets(UseCode::ALL.iter().copied().collect());
    vary("uses", &mut optional(uses.into_iter()).map(Setting::Uses));
    if !place.purposes.is_empty() {
        out.push(place.purposes.iter().cloned().map(Setting::Purpose).collect());
    }
    out
}

/// What a clause speaks of by its own terms, of what a condition reads: the values that its terms list, and of what
/// everything has, its label and whose it is, all that they allow. Of the rest each object has what the clause asks for.
pub(super) fn named_by(condition: &Condition, clause: &Clause) -> Vec<Vec<Setting>> {
    let reads = |attribute: &str| condition.reads.reads(attribute);
    let upto = |attribute: &str, all: Vec<Setting>| {
        let most = if reads(attribute) { all.len() } else { 1 };
        all.into_iter().take(most).collect::<Vec<Setting>>()
    };
    let mut out = vec![
        clause.kinds.iter().cloned().map(Setting::Kind).collect(),
        clause.purposes.iter().cloned().map(Setting::Purpose).collect(),
    ];
    let below = Tlp::ALL.iter().copied().filter(|it| *it <= clause.max_tlp);
    out.push(upto("tlp", below.map(Setting::Tlp).collect()));
    let pap = clause.max_pap.into_iter().flat_map(|most| {
        Pap::ALL.iter().copied().filter(move |it| *it <= most).map(|it| Setting::Pap(Some(it)))
    });
    out.push(upto("pap", [Setting::Pap(None)].into_iter().chain(pap).collect()));
    if let Some(floor) = clause.min_grade {
        let mut met: Vec<Grade> = grades().filter(|it| it.meets(floor)).collect();
        met.sort_by_key(|it| (it.reliability, it.credibility));
        let read = if reads("confidence") { "confidence" } else { "grade" };
        out.push(upto(read, met.into_iter().map(|it| Setting::Grade(Some(it))).collect()));
    }
    if let Some(oldest) = clause.max_age_days {
        let numbers = condition.numbers.iter();
        let steps = numbers.flat_map(|it| [it.saturating_sub(1), *it, it.saturating_add(1)]);
        let steps = steps.filter_map(|it| u32::try_from(it).ok()).filter(|it| *it <= oldest);
        let ages: BTreeSet<u32> = steps.chain([0, oldest]).collect();
        out.push(upto("age_days", ages.into_iter().map(|it| Setting::Age(Some(it))).collect()));
    }
    if !clause.countries.is_empty() {
        let countries = clause.countries.iter().cloned().map(|it| Setting::Country(Some(it)));
        out.push(upto("country", countries.collect()));
    }
    if !clause.labels.any.is_empty() {
        let one = clause.labels.any.iter().map(|it| BTreeSet::from([it.clone()]));
        let all = one.chain([clause.labels.any.clone()]).map(Setting::Labels);
        out.push(upto("labels", all.collect()));
    }
    let persons = clause.kinds.iter().any(|it| ABOUT_PERSONS.contains(&it.as_str()));
    if persons && clause.persons != Persons::Withhold {
        out.push(upto("natural_person", [false, true].map(Setting::NaturalPerson).to_vec()));
    }
    if clause.origin == OriginTerm::Any {
        out.push(upto("from_partner", [false, true].map(Setting::FromPartner).to_vec()));
    }
    out
}

/// Combinations of the members of a set that the conditions ask for.
fn asked(conditions: &[&Condition], attribute: &str) -> Vec<BTreeSet<String>> {
    let members = conditions.iter().flat_map(|it| it.reads.asked(attribute).map(str::to_owned));
    let mut members: BTreeSet<String> = members.collect();
    // one that is read in another way may be compared with any text
    for whole in conditions.iter().filter(|it| it.reads.reads_whole(attribute)) {
        members.extend(whole.texts.iter().cloned());
        members.insert(OTHER.to_owned());
    }
    if members.len() <= COMBINED {
        return subsets(members);
    }
    let mut out = vec![BTreeSet::new(), members.clone()];
    for one in &members {
        let others = members.iter().filter(|other| one <= *other);
        out.extend(others.map(|other| [one.clone(), other.clone()].into()));
    }
    out
}

/// Whether [`asked`] gives every combination.
pub(super) fn is_combined(conditions: &[&Condition], attribute: &str) -> bool {
    let mut members: BTreeSet<&str> =
        conditions.iter().flat_map(|it| it.reads.asked(attribute)).collect();
    for whole in conditions.iter().filter(|it| it.reads.reads_whole(attribute)) {
        members.extend(whole.texts.iter().map(String::as_str));
        members.insert(OTHER);
    }
    members.len() <= COMBINED
}

fn subsets<T: Ord + Clone>(members: BTreeSet<T>) -> Vec<BTreeSet<T>> {
    let mut out = vec![BTreeSet::new()];
    for member in members {
        let with: Vec<BTreeSet<T>> =
            out.iter().map(|it| it.iter().cloned().chain([member.clone()]).collect()).collect();
        out.extend(with);
    }
    out
}

fn optional<T>(all: impl Iterator<Item = T>) -> impl Iterator<Item = Option<T>> {
    [None].into_iter().chain(all.map(Some))
}

fn grades() -> impl Iterator<Item = Grade> {
    RELIABILITIES.into_iter().flat_map(|reliability| {
        let credibilities = (1..=6).filter_map(Credibility::new);
        credibilities.map(move |credibility| Grade { reliability, credibility })
    })
}
