//! Values that were taken out of one object of a release stand in no other text of it (docs/protocol.md section 6).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use comity_stix::Limits;
use comity_stix::id::StixId;
use comity_stix::json::{Document, Kind as Json, Value};
use comity_stix::timestamp::Stamp;
use comity_stix::types::{Kind, vocabulary};

use super::folded::{Folded, fold, said};
use super::fragments::Fragments;
use super::grams::Grams;
use super::instants::Instants;
use super::places::each_leaf;
use super::pseudonym::{in_form, pseudonym};
use super::{Change, How, at_path, kinds, places};

/// Characters that a value has at least, folded, to be looked for: shorter ones stand everywhere.
const SHORTEST: usize = 6;
/// Values that are looked for in one release.
const MOST: usize = 100_000;
/// Their bytes.
const MOST_BYTES: usize = 64 << 20;
/// Bytes of a value by which it is found; the rest is compared where that was.
const BEGINNING: usize = 24;

/// What stands in the place of a value that was taken out.
const ELLIPSIS: &str = "[…]";

/// The values that the objects of a release lose, gathered before any of them is written.
#[derive(Default)]
pub struct Gathered {
    /// What each folded value is replaced by: its pseudonym, or nothing in particular.
    values: BTreeMap<String, Option<String>>,
    fragments: Fragments,
    grams: Grams,
    instants: Instants,
    bytes: usize,
}

/// A release loses more values than can be looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "the release loses more than {MOST} different values or {MOST_BYTES} bytes of them; compose several smaller ones"
)]
pub struct TooMany;

/// The values that must stand in no text of a release, ready to be looked for.
pub struct Hidden {
    finder: AhoCorasick,
    /// Lengths of the values with each beginning, longest first.
    lengths: Vec<Vec<usize>>,
    values: BTreeMap<String, Option<String>>,
    fragments: Fragments,
    grams: Grams,
    instants: Instants,
    /// What observables that go are, and some value repeats: it tells nothing new.
    open: Option<AhoCorasick>,
}

impl std::fmt::Debug for Gathered {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Gathered").field("values", &self.values.len()).finish_non_exhaustive()
    }
}

impl std::fmt::Debug for Hidden {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Hidden").field("values", &self.values.len()).finish_non_exhaustive()
    }
}

impl Gathered {
    /// Adds what an object loses by changes: every text and number in what is removed, and every text that becomes a
    /// pseudonym, with its stretches of six characters, the runs of its words and the words of names of persons; and every
    /// time that is cut to its day. Words that the standard lists, identifiers and timestamps that are removed are no
    /// secrets, and stay what they are elsewhere; so do values under six characters.
    pub fn add(
        &mut self,
        original: &[u8],
        changes: &[Change],
        secret: &[u8; 32],
    ) -> Result<(), TooMany> {
        let Ok(document) = Document::parse(original, &Limits::default()) else { return Ok(()) };
        for change in changes {
            if change.how == How::ToDay {
                at_path(document.root(), &change.property, &mut |value| {
                    each_leaf(value, &mut |leaf| self.bytes += self.instants.add(leaf));
                });
                self.within_limits()?;
                continue;
            }
            let mut lost = Vec::new();
            at_path(document.root(), &change.property, &mut |value| leaves(value, &mut lost));
            for value in lost.into_iter().filter(|value| tells(*value)) {
                let Some(folded) = said(value) else { continue };
                let name = match (change.how, value.text()) {
                    (How::Remove, _) => None,
                    (How::Pseudonym, Some(text)) => Some(pseudonym(secret, &text)),
                    _ => continue,
                };
                if let Some(name) = name.as_deref().filter(|_| names_somebody(&change.property)) {
                    self.bytes += self.fragments.add_name(&folded, name);
                }
                // a value that is lost twice has the same parts
                if !kinds::is_coded(kinds::kind_of(value)) && !self.values.contains_key(&folded) {
                    self.grams.add(&folded)?;
                    if value.kind() == Json::Text {
                        self.fragments.add_runs(&folded)?;
                    }
                }
                self.note(folded, name)?;
            }
        }
        Ok(())
    }

    fn note(&mut self, folded: String, name: Option<String>) -> Result<(), TooMany> {
        if folded.chars().count() < SHORTEST || WORDS.contains(&folded) {
            return Ok(());
        }
        if let Some(known) = self.values.get_mut(&folded) {
            *known = known.take().or(name);
            return Ok(());
        }
        self.bytes = self.bytes.saturating_add(folded.len());
        self.values.insert(folded, name);
        self.within_limits()
    }

    fn within_limits(&self) -> Result<(), TooMany> {
        let many = self.values.len() > MOST || self.fragments.len() > MOST;
        if many || self.bytes > MOST_BYTES { Err(TooMany) } else { Ok(()) }
    }

    /// Makes them ready; `None` if there are none.
    pub fn ready(mut self) -> Result<Option<Hidden>, TooMany> {
        let mut beginnings: BTreeMap<&str, BTreeSet<usize>> = BTreeMap::new();
        for value in self.values.keys() {
            beginnings.entry(beginning(value)).or_default().insert(value.len());
        }
        let no_parts = self.fragments.is_empty() && self.grams.is_empty();
        if beginnings.is_empty() && no_parts && self.instants.is_empty() {
            return Ok(None);
        }
        let finder = AhoCorasick::builder()
            .match_kind(MatchKind::Standard)
            .kind(Some(AhoCorasickKind::ContiguousNFA))
            .build(beginnings.keys())
            .map_err(|_| TooMany)?;
        let lengths = beginnings.into_values().map(|it| it.into_iter().rev().collect()).collect();
        self.fragments.ready();
        self.grams.ready();
        let Self { values, fragments, grams, instants, .. } = self;
        Ok(Some(Hidden { finder, lengths, values, fragments, grams, instants, open: None }))
    }
}

/// Where something hidden stands in a folded text, and what stands there instead.
pub(super) struct Found<'h> {
    pub(super) start: usize,
    pub(super) end: usize,
    /// A pseudonym or a day; [`ELLIPSIS`] where there is none.
    pub(super) name: Option<&'h str>,
}

/// What of a release is in a folded text.
struct Seen {
    /// A whole value, or a part of a time.
    whole: bool,
    /// A word of a name, or a name.
    name: bool,
    /// A part of a value.
    part: bool,
}

impl Hidden {
    /// The texts of an observable that goes with these changes, folded: what [`Hidden::open`] takes.
    pub fn observed(object: &[u8], changes: &[Change]) -> BTreeSet<String> {
        let mut texts = BTreeSet::new();
        let Ok(document) = Document::parse(object, &Limits::default()) else { return texts };
        let goes = |value: Value<'_, '_>| {
            let path = places::path_of(value);
            let within = |lost: &str| path.strip_prefix(lost).is_some_and(is_end);
            !changes.iter().any(|change| within(&change.property))
        };
        for value in document.values().filter(|value| value.kind() == Json::Text) {
            if kinds::is_observed(value) && goes(value) {
                let Some(text) = value.text().filter(|text| !is_no_prose(text)) else { continue };
                let folded = fold(&text);
                if kinds::is_term(kinds::kind_of(value), &folded) {
                    continue;
                }
                if folded.chars().count() >= SHORTEST {
                    texts.insert(folded);
                }
            }
        }
        texts
    }

    /// Lets pass what observables of the release are, where a value repeats one of them whole: a description says the address
    /// that it describes, and that goes by itself. Values that are such a text stay hidden. Gives what was let pass.
    pub fn open(&mut self, observed: &BTreeSet<String>) -> BTreeSet<String> {
        let texts: Vec<&String> = observed.iter().collect();
        let mut repeated: BTreeSet<String> = BTreeSet::new();
        if let Some(finder) = finder(observed) {
            for value in self.values.keys() {
                let found = finder.find_overlapping_iter(value);
                let found = found.filter_map(|it| texts.get(it.pattern().as_usize()));
                repeated.extend(found.map(|text| (*text).clone()));
            }
        }
        self.open = finder(&repeated);
        repeated
    }

    /// The first value or key of an object that holds one of them, as a JSON pointer, editable or not; `None` if there
    /// is none.
    pub fn first_in(&self, object: &[u8]) -> Option<String> {
        if !self.may_be_in(object) {
            return None;
        }
        let document = Document::parse(object, &Limits::default()).ok()?;
        let found = document.values().find(|value| self.stands_in(*value));
        found.map(|value| value.pointer())
    }

    /// Whether one of them may stand in an object: false is certain, and costs no look at its structure. Texts without
    /// escapes fold to the same alone and within the whole.
    pub(super) fn may_be_in(&self, object: &[u8]) -> bool {
        match str::from_utf8(object) {
            Ok(text) if !text.contains('\\') => self.look(&fold(text)).any(),
            _ => true,
        }
    }

    fn look(&self, folded: &str) -> Seen {
        let passes = self.passes(folded);
        let free = |start, end| is_within(&passes, start, end);
        Seen {
            whole: !self.find(folded).is_empty() || self.instants.stand_in(folded),
            name: self.fragments.has_word(folded),
            part: !self.grams.places(folded, &free).is_empty()
                || self.fragments.has_run(folded, &free),
        }
    }

    /// Where what was let pass stands in a folded text.
    fn passes(&self, folded: &str) -> Vec<(usize, usize)> {
        let found = self.open.iter().flat_map(|open| open.find_overlapping_iter(folded));
        found.map(|it| (it.start(), it.end())).collect()
    }

    /// Whether one of them stands in a value or in its key.
    pub(super) fn stands_in(&self, value: Value<'_, '_>) -> bool {
        if value.key().is_some_and(|key| self.stands_in_key(&key)) {
            return true;
        }
        match value.kind() {
            Json::Number => said(value).is_some_and(|number| self.values.contains_key(&number)),
            Json::Text => value.text().is_some_and(|text| self.stands_in_text(value, &text)),
            _ => false,
        }
    }

    fn stands_in_key(&self, key: &str) -> bool {
        let seen = self.look(&fold(key));
        seen.whole || (seen.name || seen.part) && !kinds::is_property(key) && !is_no_prose(key)
    }

    fn stands_in_text(&self, value: Value<'_, '_>, text: &str) -> bool {
        let folded = fold(text);
        let seen = self.look(&folded);
        if !seen.any() {
            return false;
        }
        let kind = kinds::kind_of(value);
        let is_written = matches!(kind, Some(Kind::Text));
        if is_no_prose(text) && !(is_written && Stamp::parse(text).is_ok()) {
            return false;
        }
        if kinds::is_coded(kind) {
            // digits of a hash that happen to be somebody's telephone number say nothing
            return self.values.contains_key(&folded);
        }
        seen.whole || is_prose(kind) || !kinds::is_term(kind, &folded)
    }

    /// What a text that holds some of them is replaced by, as its property takes it; `None` if it can't be edited.
    pub(super) fn replaced(&self, value: Value<'_, '_>) -> Option<String> {
        let text = value.text()?;
        let kind = kinds::kind_of(value);
        if is_prose(kind) && !kinds::is_observed(value) {
            return Some(self.masked(&text));
        }
        let name = self.values.get(&fold(&text))?.as_deref()?;
        in_form(name, kind)
    }

    /// The text with every place of them replaced.
    fn masked(&self, text: &str) -> String {
        let folded = Folded::new(text);
        let mut found = self.find(&folded.text);
        self.fragments.find_names(&folded.text, &mut found);
        self.instants.find(&folded.text, &mut found);
        let passes = self.passes(&folded.text);
        let free = |start, end| is_within(&passes, start, end);
        self.fragments.find_runs(&folded.text, &free, &mut found);
        let words = self.grams.places(&folded.text, &free);
        found.extend(words.into_iter().map(|(start, end)| Found { start, end, name: None }));
        found.sort_by_key(|it| (it.start, std::cmp::Reverse(it.end)));
        let (mut out, mut done) = (String::new(), 0);
        let mut places = found.into_iter().peekable();
        while let Some(mut place) = places.next() {
            let mut longest = place.end - place.start;
            // what is only parted by a blank or a comma goes as one
            let parted = |from: usize, to: usize| {
                let between = folded.text.get(from..to).unwrap_or_default();
                between.chars().any(char::is_alphanumeric)
            };
            let joined = |next: &Found<'_>, place: &Found<'_>| {
                next.start < place.end
                    || next.name.is_none() && place.name.is_none() && !parted(place.end, next.start)
            };
            while let Some(next) = places.next_if(|next| joined(next, &place)) {
                place.end = place.end.max(next.end);
                if next.end - next.start > longest {
                    longest = next.end - next.start;
                    place.name = next.name;
                }
            }
            let (from, to) = folded.written(place.start, place.end);
            out.push_str(text.get(done..from).unwrap_or_default());
            out.push_str(place.name.unwrap_or(ELLIPSIS));
            done = to.max(done);
        }
        out.push_str(text.get(done..).unwrap_or_default());
        out
    }

    /// Every place of every value in a folded text; of values with one beginning, the longest that stands there.
    fn find(&self, folded: &str) -> Vec<Found<'_>> {
        let matches = self.finder.find_overlapping_iter(folded);
        matches
            .filter_map(|found| {
                let lengths = self.lengths.get(found.pattern().as_usize())?;
                let start = found.start();
                lengths.iter().find_map(|length| {
                    let end = start.checked_add(*length)?;
                    let name = self.values.get(folded.get(start..end)?)?.as_deref();
                    Some(Found { start, end, name })
                })
            })
            .collect()
    }
}

impl Seen {
    const fn any(&self) -> bool {
        self.whole || self.name || self.part
    }
}

/// Finds these texts; `None` where there are none.
fn finder(texts: &BTreeSet<String>) -> Option<AhoCorasick> {
    if texts.is_empty() {
        return None;
    }
    AhoCorasick::builder().kind(Some(AhoCorasickKind::ContiguousNFA)).build(texts).ok()
}

/// Whether a range lies within one of these.
fn is_within(ranges: &[(usize, usize)], start: usize, end: usize) -> bool {
    ranges.iter().any(|range| range.0 <= start && end <= range.1)
}

/// Whether what stands behind a property in a path goes on within it.
fn is_end(rest: &str) -> bool {
    rest.is_empty() || rest.starts_with('.')
}

/// Everything in a value that is no list and no object.
fn leaves<'d, 'a>(value: Value<'d, 'a>, found: &mut Vec<Value<'d, 'a>>) {
    match value.kind() {
        Json::Object | Json::List => value.members().for_each(|member| leaves(member, found)),
        _ => found.push(value),
    }
}

/// Whether a value that is lost tells something that nobody must read elsewhere: terms of closed lists, references and
/// times do not.
fn tells(value: Value<'_, '_>) -> bool {
    let word = kinds::lists_terms(kinds::kind_of(value));
    !word && value.text().is_none_or(|text| !is_no_prose(&text))
}

/// Whether a property that becomes a pseudonym holds names of persons, of which every word names them; addresses and
/// accounts do not.
fn names_somebody(property: &str) -> bool {
    let last = property.rsplit('.').next();
    matches!(last, Some("aliases" | "authors" | "display_name" | "name"))
}

/// Whether people write values of a kind, so that a part of one can be replaced.
const fn is_prose(kind: Option<&Kind>) -> bool {
    matches!(kind, None | Some(Kind::Text | Kind::LowerText | Kind::Any | Kind::Translations))
}

/// Whether a text is an identifier or a timestamp: other rules speak of these.
fn is_no_prose(text: &str) -> bool {
    Stamp::parse(text).is_ok() || text.contains("--") && StixId::parse(text).is_ok()
}

/// The terms of the standard's vocabularies, folded.
pub(super) static WORDS: LazyLock<BTreeSet<String>> = LazyLock::new(|| {
    vocabulary::ALL.iter().flat_map(|list| list.values).map(|term| fold(term)).collect()
});

/// The first bytes of a value, whole characters.
fn beginning(value: &str) -> &str {
    let end = (0..=BEGINNING.min(value.len())).rev().find(|end| value.is_char_boundary(*end));
    end.and_then(|end| value.get(..end)).unwrap_or(value)
}

#[cfg(test)]
mod tests;
