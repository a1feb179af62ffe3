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
use super::fragments::{Fragments, is_bounded};
use super::given::Given;
use super::grams::Grams;
use super::instants::Instants;
use super::numbers::Numbers;
use super::places::each_leaf;
use super::pseudonym::{in_form, pseudonym};
use super::runs::Runs;
use super::told::Told;
use super::{Change, How, at_path, given, kinds, places, prose};

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
    values: BTreeMap<String, Lost>,
    fragments: Fragments,
    /// Of sentences.
    sentences: Parts,
    /// Of names, codes and identifiers.
    structured: Parts,
    instants: Instants,
    bytes: usize,
}

/// A folded value that is lost.
struct Lost {
    /// The pseudonym that stands in its place; nothing in particular without one.
    name: Option<String>,
    /// Whether it is sentences, and nothing else wherever it is lost.
    is_prose: bool,
    /// Whether its parts are looked for too.
    has_parts: bool,
    /// Whether it is looked for at the bounds of words alone.
    is_bounded: bool,
    /// The number of the object whose it is.
    of: u32,
}

/// Parts of values.
#[derive(Default)]
struct Parts {
    grams: Grams,
    runs: Runs,
    numbers: Numbers,
}

/// What an object loses.
#[derive(Debug, Clone, Copy)]
pub struct Loss<'a> {
    /// A number by which [`Derived::masked`](super::Derived::masked) names the object.
    pub of: u32,
    /// The version that loses it.
    pub original: &'a [u8],
    /// What is lost.
    pub changes: &'a [Change],
    /// Of what was lost before, the version that goes now and what that loses: what it says at a property of which nothing is
    /// taken out now is no secret any more.
    pub goes: Option<(&'a [u8], &'a [Change])>,
    /// Whether only names and identifiers count, as of an object that nothing here names; and of what is removed only the
    /// whole.
    pub lasting: bool,
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
    values: BTreeMap<String, Lost>,
    fragments: Fragments,
    sentences: Parts,
    structured: Parts,
    instants: Instants,
    /// What observables that go are, and some value repeats: it tells nothing new.
    observed: Option<AhoCorasick>,
    /// What else objects that go are called, and some sentences repeat: of sentences it tells nothing new.
    called: Option<AhoCorasick>,
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
    /// Adds what an object loses: every text and number in what is removed, and every text that becomes a pseudonym, with
    /// its stretches of six characters, the runs of its words and the words of names of persons; and every time that is cut
    /// to its day. Words that the standard lists, identifiers and timestamps that are removed are no secrets, and stay what
    /// they are elsewhere. A value under six characters is one as a whole, where it is a name or a code.
    pub fn add(&mut self, loss: &Loss<'_>, secret: &[u8; 32]) -> Result<(), TooMany> {
        let Some(document) = given::read(loss.original) else { return Ok(()) };
        let going = loss.goes.and_then(|(it, changes)| Some((given::read(it)?, changes)));
        let areas = areas(&document, loss.changes);
        for change in loss.changes {
            let of = |(it, changes): &(Document<'_>, &[Change])| {
                Given::of(it, changes, &change.property)
            };
            let given = going.as_ref().map(of).unwrap_or_default();
            if change.how == How::ToDay {
                at_path(document.root(), &change.property, &mut |value| {
                    each_leaf(value, &mut |leaf| {
                        if !loss.lasting && !said(leaf).is_some_and(|it| given.says(&it)) {
                            self.bytes += self.instants.add(leaf, loss.of);
                        }
                    });
                });
                self.within_limits()?;
                continue;
            }
            for (value, folded) in lost(&document, change) {
                if loss.lasting && !prose::lasts(value, &folded, change) || areas.contains(&folded)
                {
                    continue;
                }
                let name = match (change.how, value.text()) {
                    (How::Remove | How::Coarsen, _) => None,
                    (How::Pseudonym, Some(text)) => Some(pseudonym(secret, &text)),
                    _ => continue,
                };
                let is_prose = name.is_none() && !prose::is_structured(value, &folded);
                let has_parts = !loss.lasting || name.is_some();
                let is_bounded = loss.lasting && prose::has_bounds(value, &folded);
                let what = Lost { name, is_prose, has_parts, is_bounded, of: loss.of };
                self.take(value, folded, what, &change.property, &given)?;
            }
        }
        Ok(())
    }

    /// Takes a value with its parts.
    fn take(
        &mut self,
        value: Value<'_, '_>,
        folded: String,
        lost: Lost,
        property: &str,
        given: &Given,
    ) -> Result<(), TooMany> {
        if let Some(name) = lost.name.as_deref().filter(|_| names_somebody(property)) {
            let given = |word: &str| given.has_word(word);
            self.bytes += self.fragments.add_name(&folded, name, lost.of, lost.is_bounded, &given);
        }
        // a value that is lost twice has the same parts
        let known = self.values.get(&folded);
        let known = known.is_some_and(|it| it.has_parts && (!it.is_prose || lost.is_prose));
        if !known && !kinds::is_coded(kinds::kind_of(value)) {
            let parts = if lost.is_prose { &mut self.sentences } else { &mut self.structured };
            let given = |text: &str| given.says(text);
            if lost.has_parts {
                parts.grams.add(&folded, lost.of, &given)?;
            }
            if value.kind() == Json::Text {
                self.bytes += parts.numbers.add(&folded, lost.of, !lost.has_parts, &given);
                if lost.has_parts {
                    parts.runs.add(&folded, lost.of, &given)?;
                }
            }
        }
        if given.says(&folded) {
            return Ok(());
        }
        let is_short = folded.chars().count() < SHORTEST;
        if is_short && value.kind() == Json::Text && !lost.is_prose && !WORDS.contains(&folded) {
            self.bytes += self.fragments.add_short(&folded, lost.name.as_deref(), lost.of);
        }
        self.note(folded, lost)
    }

    fn note(&mut self, folded: String, lost: Lost) -> Result<(), TooMany> {
        if folded.chars().count() < SHORTEST || WORDS.contains(&folded) {
            return Ok(());
        }
        if let Some(known) = self.values.get_mut(&folded) {
            known.name = known.name.take().or(lost.name);
            known.is_prose &= lost.is_prose;
            known.has_parts |= lost.has_parts;
            known.is_bounded &= lost.is_bounded;
            return Ok(());
        }
        self.bytes = self.bytes.saturating_add(folded.len());
        self.values.insert(folded, lost);
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
        let no_parts =
            self.fragments.is_empty() && self.sentences.is_empty() && self.structured.is_empty();
        if beginnings.is_empty() && no_parts && self.instants.is_empty() {
            return Ok(None);
        }
        let finder = AhoCorasick::builder()
            .match_kind(MatchKind::Standard)
            .kind(Some(AhoCorasickKind::ContiguousNFA))
            .build(beginnings.keys())
            .map_err(|_| TooMany)?;
        let lengths = beginnings.into_values().map(|it| it.into_iter().rev().collect()).collect();
        self.sentences.ready();
        self.structured.ready();
        let Self { values, fragments, sentences, structured, instants, .. } = self;
        Ok(Some(Hidden {
            finder,
            lengths,
            values,
            fragments,
            sentences,
            structured,
            instants,
            observed: None,
            called: None,
        }))
    }
}

/// Where something hidden stands in a folded text, and what stands there instead.
pub(super) struct Found<'h> {
    pub(super) start: usize,
    pub(super) end: usize,
    /// A pseudonym or a day; [`ELLIPSIS`] where there is none.
    pub(super) name: Option<&'h str>,
    /// The number of the object that lost it.
    pub(super) of: u32,
}

/// A text without what is hidden.
pub(super) struct Masked {
    pub(super) text: String,
    /// The numbers of the objects that lost what stood in it.
    pub(super) of: BTreeSet<u32>,
}

/// Ranges of a folded text that tell nothing new.
struct Passes {
    /// Of no value.
    of_all: Vec<(usize, usize)>,
    /// Of no sentences.
    of_sentences: Vec<(usize, usize)>,
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
    /// Lets pass what objects of the release are, where a value repeats one of those texts whole: a description says the
    /// address that it describes, and that goes by itself. Names and codes pass as parts of sentences alone; addresses and
    /// names of files as parts of any value. Values that are such a text stay hidden. Gives what was let pass.
    pub fn open(&mut self, told: &Told) -> Told {
        let called: BTreeSet<String> = told.called.difference(&told.observed).cloned().collect();
        let repeated = Told {
            observed: self.repeated(&told.observed, |_| true),
            called: self.repeated(&called, |it| it.is_prose),
        };
        self.observed = finder(&repeated.observed);
        self.called = finder(&repeated.called);
        repeated
    }

    /// Those texts that some value repeats whole.
    fn repeated(&self, all: &BTreeSet<String>, by: impl Fn(&Lost) -> bool) -> BTreeSet<String> {
        let texts: Vec<&String> = all.iter().collect();
        let mut repeated: BTreeSet<String> = BTreeSet::new();
        if let Some(finder) = finder(all) {
            for (value, _) in self.values.iter().filter(|(_, lost)| by(lost)) {
                let found = finder.find_overlapping_iter(value);
                let found = found.filter_map(|it| texts.get(it.pattern().as_usize()));
                repeated.extend(found.map(|text| (*text).clone()));
            }
        }
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
            Ok(text) if !text.contains('\\') => {
                let folded = fold(text);
                self.look(&folded).any() || self.instants.may_stand_in(&folded)
            }
            _ => true,
        }
    }

    fn look(&self, folded: &str) -> Seen {
        let passes = self.passes(folded);
        let part = |(parts, passes): (&Parts, &[(usize, usize)])| {
            let free = |start, end| is_within(passes, start, end);
            let mut numbers = Vec::new();
            parts.numbers.find(folded, &free, &mut numbers);
            !numbers.is_empty()
                || !parts.grams.places(folded, &free).is_empty()
                || parts.runs.stand_in(folded, &free)
        };
        Seen {
            whole: !self.find(folded).is_empty() || self.instants.stand_in(folded),
            name: self.fragments.has_word(folded),
            part: self.parts(&passes).into_iter().any(part),
        }
    }

    /// The parts of values, with the ranges in which they tell nothing new.
    fn parts<'h>(&'h self, passes: &'h Passes) -> [(&'h Parts, &'h [(usize, usize)]); 2] {
        [(&self.sentences, &passes.of_sentences), (&self.structured, &passes.of_all)]
    }

    /// Where what was let pass stands in a folded text.
    fn passes(&self, folded: &str) -> Passes {
        let find = |finder: &Option<AhoCorasick>| -> Vec<(usize, usize)> {
            let found = finder.iter().flat_map(|it| it.find_overlapping_iter(folded));
            found.map(|it| (it.start(), it.end())).collect()
        };
        let (of_all, mut of_sentences) = (find(&self.observed), find(&self.called));
        of_sentences.extend_from_slice(&of_all);
        Passes { of_all, of_sentences }
    }

    /// Whether one of them stands in a value or in its key.
    pub(super) fn stands_in(&self, value: Value<'_, '_>) -> bool {
        if value.key().is_some_and(|key| self.stands_in_key(&key)) {
            return true;
        }
        match value.kind() {
            Json::Number => said(value).is_some_and(|number| {
                self.values.contains_key(&number) || self.instants.stand_in(&number)
            }),
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
    pub(super) fn replaced(&self, value: Value<'_, '_>) -> Option<Masked> {
        let text = value.text()?;
        let kind = kinds::kind_of(value);
        if is_prose(kind) && !kinds::is_observed(value) {
            return Some(self.masked(&text));
        }
        let lost = self.values.get(&fold(&text))?;
        let text = in_form(lost.name.as_deref()?, kind)?;
        Some(Masked { text, of: BTreeSet::from([lost.of]) })
    }

    /// The paths of the values of an object in which one of them stands, editable or not, with the numbers of the objects that
    /// lost it.
    pub fn lost_by(&self, object: &[u8]) -> BTreeMap<String, BTreeSet<u32>> {
        let mut found: BTreeMap<String, BTreeSet<u32>> = BTreeMap::new();
        let Ok(document) = Document::parse(object, &Limits::default()) else { return found };
        for value in document.values().filter(|value| self.stands_in(*value)) {
            let of = found.entry(places::path_of(value)).or_default();
            let texts = [value.key(), value.text()];
            of.extend(texts.into_iter().flatten().flat_map(|text| self.masked(&text).of));
            of.extend(said(value).and_then(|it| self.values.get(&it)).map(|lost| lost.of));
        }
        found
    }

    /// The text with every place of them replaced.
    fn masked(&self, text: &str) -> Masked {
        let folded = Folded::new(text);
        let mut found = self.find(&folded.text);
        self.fragments.find(&folded.text, &mut found);
        self.instants.find(&folded.text, &mut found);
        let passes = self.passes(&folded.text);
        for (parts, passes) in self.parts(&passes) {
            let free = |start, end| is_within(passes, start, end);
            parts.runs.find(&folded.text, &free, &mut found);
            parts.numbers.find(&folded.text, &free, &mut found);
            found.extend(parts.grams.places(&folded.text, &free));
        }
        let of = found.iter().map(|it| it.of).collect();
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
        Masked { text: out, of }
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
                    let lost = self.values.get(folded.get(start..end)?)?;
                    let stands = !lost.is_bounded || is_bounded(folded, start, end);
                    stands.then_some(Found { start, end, name: lost.name.as_deref(), of: lost.of })
                })
            })
            .collect()
    }
}

impl Parts {
    fn ready(&mut self) {
        self.grams.ready();
        self.runs.ready();
    }

    fn is_empty(&self) -> bool {
        self.grams.is_empty() && self.runs.is_empty() && self.numbers.len() == 0
    }
}

impl Seen {
    const fn any(&self) -> bool {
        self.whole || self.name || self.part
    }
}

/// Whether nothing is left of a masked text but gaps.
pub(super) fn is_gap(masked: &str) -> bool {
    masked.contains(ELLIPSIS) && !masked.replace(ELLIPSIS, "").chars().any(char::is_alphanumeric)
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

/// What a change that takes values out or gives them a pseudonym takes out, each folded.
pub(super) fn lost<'d, 'a>(
    document: &'d Document<'a>,
    change: &Change,
) -> Vec<(Value<'d, 'a>, String)> {
    let mut lost = Vec::new();
    if matches!(change.how, How::Remove | How::Coarsen | How::Pseudonym) {
        at_path(document.root(), &change.property, &mut |value| leaves(value, &mut lost));
    }
    let telling = lost.into_iter().filter(|value| tells(*value));
    let telling = telling.filter_map(|value| said(value).map(|folded| (value, folded)));
    telling.filter(|(_, folded)| change.how != How::Coarsen || !kinds::is_area(folded)).collect()
}

/// The names of areas that a place loses and that may be given: `Sinaloa`, which it may be called too.
fn areas(document: &Document<'_>, changes: &[Change]) -> BTreeSet<String> {
    let mut found = Vec::new();
    for change in changes.iter().filter(|it| it.how == How::Coarsen) {
        at_path(document.root(), &change.property, &mut |value| leaves(value, &mut found));
    }
    found.into_iter().filter_map(said).filter(|folded| kinds::is_area(folded)).collect()
}

/// Everything in a value that is no list and no object.
pub(super) fn leaves<'d, 'a>(value: Value<'d, 'a>, found: &mut Vec<Value<'d, 'a>>) {
    match value.kind() {
        Json::Object | Json::List => value.members().for_each(|member| leaves(member, found)),
        _ => found.push(value),
    }
}

/// Whether a value that is lost tells something that nobody must read elsewhere: terms of closed lists, references and
/// times do not.
fn tells(value: Value<'_, '_>) -> bool {
    let word = kinds::is_listed(value);
    !word && value.text().is_none_or(|text| !is_no_prose(&text))
}

/// Whether a property that becomes a pseudonym holds names of persons, of which every word names them; addresses and
/// accounts do not.
pub(super) fn names_somebody(property: &str) -> bool {
    let last = property.rsplit('.').next();
    matches!(last, Some("aliases" | "authors" | "display_name" | "name"))
}

/// Whether people write values of a kind, so that a part of one can be replaced.
const fn is_prose(kind: Option<&Kind>) -> bool {
    matches!(kind, None | Some(Kind::Text | Kind::LowerText | Kind::Any | Kind::Translations))
}

/// Whether a text is an identifier or a timestamp: other rules speak of these.
pub(super) fn is_no_prose(text: &str) -> bool {
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
