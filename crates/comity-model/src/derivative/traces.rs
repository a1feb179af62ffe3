//! How a later release finds what names and identifiers an earlier one lost, though nothing in it names their objects: by keyed
//! digests, which say nothing to whoever has no secret.

use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use aws_lc_rs::hmac;
use comity_stix::Limits;
use comity_stix::json::{Document, Kind as Json, Value};

use super::folded::{fold, said};
use super::fragments::{words, words_of_name};
use super::hidden::{is_no_prose, lost, names_somebody};
use super::{Change, How, common, grams, kinds, numbers, prose, runs};

/// What separates these digests from everything else that is made under the same secret.
const DOMAIN: &[u8] = b"comity/trace/v1\n";
/// Characters under which a word of a name is not looked for by itself.
const SHORT: usize = 4;

/// What is digested of a text.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Part {
    /// A stretch of six characters.
    Stretch = 1,
    /// A word.
    Word = 2,
    /// Two words that follow each other.
    Pair = 3,
    /// The digits of a number.
    Number = 4,
}

/// Makes digests under the secret of an agreement.
#[derive(Debug)]
pub struct Tracer {
    key: hmac::Key,
}

/// The digests of what objects say.
#[derive(Debug, Default)]
pub struct Said {
    digests: BTreeSet<i64>,
    /// Hashes of what was digested: most of it comes again and again.
    known: BTreeSet<u64>,
}

impl Said {
    /// The digests.
    pub fn into_digests(self) -> BTreeSet<i64> {
        self.digests
    }
}

impl Tracer {
    /// Under the secret of an agreement.
    pub fn new(secret: &[u8; 32]) -> Self {
        Self { key: hmac::Key::new(hmac::HMAC_SHA256, secret) }
    }

    /// The digests by which the names and identifiers that an object loses by changes are found: one of them at least is
    /// among those of any text that [`Hidden`](super::Hidden) would find one of them in.
    pub fn lost(&self, original: &[u8], changes: &[Change]) -> BTreeSet<i64> {
        let mut digests = BTreeSet::new();
        let Ok(document) = Document::parse(original, &Limits::default()) else { return digests };
        for change in changes {
            for (value, folded) in lost(&document, change) {
                if prose::lasts(value, &folded, change) {
                    self.value(value, &folded, change, &mut digests);
                }
            }
        }
        digests
    }

    fn value(
        &self,
        value: Value<'_, '_>,
        folded: &str,
        change: &Change,
        digests: &mut BTreeSet<i64>,
    ) {
        let mut found = BTreeSet::new();
        let is_coded = kinds::is_coded(kinds::kind_of(value));
        grams::telling(folded, grams::ROW, &mut |stretch, _| {
            // encoded bytes are looked for whole: any stretch of them stands where they do
            if !is_coded || found.is_empty() {
                found.insert(self.digest(Part::Stretch, stretch));
            }
        });
        let has_parts = change.how == How::Pseudonym;
        let is_name = has_parts && names_somebody(&change.property);
        let is_short = || words(folded).any(|word| word.text.chars().count() < SHORT);
        if found.is_empty() {
            // within other words it is no ordinary one
            let stretches = grams::stretches(folded);
            let said = stretches.filter_map(|(start, end, _)| folded.get(start..end));
            found.extend(said.map(|stretch| self.digest(Part::Stretch, stretch)));
            found.extend(self.ends(folded));
        } else if is_name && is_short() {
            found.extend(self.ends(folded));
        }
        if is_name {
            let telling = words_of_name(folded).filter(|word| !common::is_common(word));
            found.extend(telling.map(|word| self.digest(Part::Word, word)));
        }
        if is_coded {
            digests.append(&mut found);
            return;
        }
        if has_parts {
            // four words of it tell, wherever they begin
            let all: Vec<&str> = words(folded).map(|word| word.text).collect();
            let pairs = all.iter().zip(all.iter().skip(1)).filter(|_| all.len() >= runs::RUN);
            found.extend(pairs.map(|(first, second)| self.pair(first, second)));
        }
        if value.kind() == Json::Text {
            let numbers = numbers::sought(folded, !has_parts, &|_| false);
            found.extend(numbers.iter().map(|it| self.digest(Part::Number, it)));
        }
        digests.append(&mut found);
    }

    /// The digests of how a value begins, and how it begins backwards.
    fn ends(&self, folded: &str) -> Vec<i64> {
        let all: Vec<&str> = words(folded).map(|word| word.text).collect();
        match all.as_slice() {
            [] => Vec::new(),
            [word] => vec![self.digest(Part::Word, word)],
            [first, second, ..] => {
                let mut back = all.iter().rev();
                let back = back.next().zip(back.next());
                let back = back.map(|(last, before)| self.pair(last, before));
                back.into_iter().chain([self.pair(first, second)]).collect()
            }
        }
    }

    fn pair(&self, first: &str, second: &str) -> i64 {
        self.digest(Part::Pair, &format!("{first} {second}"))
    }

    /// Adds the digests of everything that an object says.
    pub fn add(&self, object: &[u8], to: &mut Said) {
        let Ok(document) = Document::parse(object, &Limits::default()) else { return };
        for value in document.values() {
            if let Some(key) =
                value.key().filter(|key| !kinds::is_property(key) && !is_no_prose(key))
            {
                self.text(&fold(&key), to);
            }
            let is_text = value.kind() == Json::Text;
            if is_text && value.text().is_some_and(|text| is_no_prose(&text)) {
                continue;
            }
            if let Some(folded) = said(value) {
                self.text(&folded, to);
            }
        }
    }

    fn text(&self, folded: &str, to: &mut Said) {
        let mut before = None;
        for word in words(folded) {
            self.note(Part::Word, word.text, to);
            if let Some(before) = before.replace(word.text) {
                self.note(Part::Pair, &format!("{before} {}", word.text), to);
            }
        }
        grams::telling(folded, grams::LEAST, &mut |stretch, _| {
            self.note(Part::Stretch, stretch, to);
        });
        numbers::each(folded, &mut |digits, _, _| self.note(Part::Number, digits, to));
    }

    fn note(&self, part: Part, text: &str, to: &mut Said) {
        let mut hasher = DefaultHasher::new();
        (part, text).hash(&mut hasher);
        if to.known.insert(hasher.finish()) {
            to.digests.insert(self.digest(part, text));
        }
    }

    /// The first 8 bytes of an HMAC-SHA-256.
    fn digest(&self, part: Part, text: &str) -> i64 {
        let mut context = hmac::Context::with_key(&self.key);
        context.update(DOMAIN);
        context.update(&[part as u8]);
        context.update(text.as_bytes());
        let mut first = [0; 8];
        for (to, from) in first.iter_mut().zip(context.sign().as_ref()) {
            *to = *from;
        }
        i64::from_be_bytes(first)
    }
}

#[cfg(test)]
mod tests;
