//! The derivatives of a release, each made once, and what stays because it cannot be made one.

use std::collections::{BTreeMap, BTreeSet};

use comity_model::Digest;
use comity_model::derivative::{
    Change, DeriveError, Derived, Fate, Hidden, How, Ids, Plan, Told, TooMany, derive, opening_of,
    translated, with_modified,
};
use comity_stix::{Checker, Limits};
use jiff::SignedDuration;

use super::Writer;
use crate::decide::{Considered, Deliberation, follow, withhold};
use crate::error::{ExchangeError, Result};
use crate::ports::{DerivativeRecord, Verdict};

mod lost;

use lost::Lost;

/// The derivatives of a release, by the index of their originals.
pub(super) struct Drafted {
    pub(super) drafts: BTreeMap<usize, Draft>,
    /// The objects and versions that lost what is masked, by their numbers.
    pub(super) sources: Vec<(String, String)>,
    /// What clauses take out of the objects of the release, by their indices; also of those that stay after all.
    pub(super) changes: BTreeMap<usize, Vec<Change>>,
    /// What is masked in those that go, or would have to be in those that stay for it.
    pub(super) masked: BTreeMap<usize, Texts>,
}

/// The texts of an object in which something is hidden, each with the numbers of those who lost it.
pub(super) type Texts = BTreeMap<String, BTreeSet<u32>>;

/// A derivative as it would be if it had never changed since it was first made.
pub(super) struct Draft {
    bytes: Vec<u8>,
    derived: String,
    masked: Texts,
}

/// Why an object stays though the agreement lets it go.
struct Stays {
    code: &'static str,
    property: String,
    text: String,
    /// Where a value stands for which it stays.
    hidden: Texts,
}

impl Writer {
    /// The derivatives of a release. Withholds on the way what is too large for the
    /// partner, what would give away the id of an object that stays or goes as a derivative, and what cannot be a
    /// derivative. Others may name what is withheld so, and are decided again, until nothing changes.
    pub(super) fn draft(&self, deliberation: &mut Deliberation) -> Result<Drafted> {
        let changes = lost::changes(deliberation);
        let mut lost =
            Lost::of(deliberation, &changes, &self.past, &self.secret).map_err(too_many)?;
        let registry = std::sync::Arc::clone(self.node.registry());
        let limits = Limits::default();
        let checker = Checker::new(&limits).with_registry(&registry);
        let mut remains = BTreeMap::new();
        loop {
            let opened = lost.hidden.as_mut().map(|hidden| hidden.open(&told(deliberation)));
            self.spread(lost.hidden.as_ref(), deliberation);
            let drafts = self.rounds(deliberation, lost.hidden.as_ref(), &checker, &mut remains);
            if lost.is_lifted_by_what_stays(deliberation) {
                lost =
                    Lost::of(deliberation, &changes, &self.past, &self.secret).map_err(too_many)?;
                continue;
            }
            // what an object says that stays after all was let pass wrongly
            if opened.is_none_or(|opened| opened.is_within(&told(deliberation))) {
                let masked = drafts.iter().map(|(index, draft)| (*index, draft.masked.clone()));
                let masked = remains.into_iter().chain(masked).collect();
                return Ok(Drafted { drafts, sources: lost.sources, changes, masked });
            }
        }
    }

    /// The derivatives, after rounds in which what cannot go is withheld.
    fn rounds(
        &self,
        deliberation: &mut Deliberation,
        hidden: Option<&Hidden>,
        checker: &Checker<'_>,
        remains: &mut BTreeMap<usize, Texts>,
    ) -> BTreeMap<usize, Draft> {
        let mut drafts = BTreeMap::new();
        loop {
            let stays = self.round(deliberation, hidden, checker, &mut drafts);
            if stays.is_empty() {
                return drafts;
            }
            let before = fates(deliberation);
            for (index, why) in stays {
                let Some(it) = deliberation.considered.get_mut(index) else { continue };
                deliberation.withheld.insert(it.holding.id.clone());
                withhold(it, why.code, &why.property, &why.text);
                if !why.hidden.is_empty() {
                    remains.insert(index, why.hidden);
                }
            }
            follow(&self.secret, deliberation);
            let after = fates(deliberation);
            let changed: BTreeSet<&String> =
                before.symmetric_difference(&after).map(|it| &it.0).collect();
            drafts.retain(|index, _| {
                let it = deliberation.considered.get(*index);
                it.is_some_and(|it| {
                    it.verdict == Verdict::Redacted
                        && !it.holding.refs.iter().any(|id| changed.contains(id))
                })
            });
        }
    }

    /// Makes the derivatives that are not made yet, and says what stays.
    fn round(
        &self,
        deliberation: &mut Deliberation,
        hidden: Option<&Hidden>,
        checker: &Checker<'_>,
        drafts: &mut BTreeMap<usize, Draft>,
    ) -> Vec<(usize, Stays)> {
        let ids: Ids = deliberation.derived.keys().chain(&deliberation.withheld).collect();
        let (mut stays, mut masked) = (Vec::new(), Vec::new());
        for (index, it) in deliberation.considered.iter().enumerate() {
            let bytes = match (it.verdict, drafts.get(&index)) {
                (Verdict::Withheld, _) => continue,
                (Verdict::Released, _) => &it.holding.bytes,
                (Verdict::Redacted, Some(draft)) => &draft.bytes,
                (Verdict::Redacted, None) => match self.derive(it, deliberation, hidden, checker) {
                    Ok(draft) => {
                        masked.push((index, draft.masked.keys().cloned().collect::<Vec<_>>()));
                        &drafts.entry(index).or_insert(draft).bytes
                    }
                    Err(why) => {
                        stays.push((index, why));
                        continue;
                    }
                },
            };
            if bytes.len() as u64 > self.limits.object {
                let text = "it is larger than the partner takes".to_owned();
                let why = Stays {
                    code: "over-limit",
                    property: "/".to_owned(),
                    text,
                    hidden: Texts::new(),
                };
                stays.push((index, why));
            } else if ids.first_in(bytes).is_some() {
                stays.push((index, Stays::id()));
            }
        }
        for (index, paths) in masked {
            let Some(it) = deliberation.considered.get_mut(index) else { continue };
            for property in paths {
                let change = Change { property, how: How::Mask };
                if !it.changes.contains(&change) {
                    it.changes.push(change);
                }
            }
        }
        stays
    }

    /// What holds a value that another object loses becomes a derivative, in which the value is replaced.
    fn spread(&self, hidden: Option<&Hidden>, deliberation: &mut Deliberation) {
        if hidden.is_none() && self.past.gone.is_empty() {
            return;
        }
        let holds = |it: &Considered| {
            hidden.is_some_and(|hidden| hidden.first_in(&it.holding.bytes).is_some())
                || self.past.gone.contains_key(&it.holding.id)
        };
        let mut any = false;
        for it in &mut deliberation.considered {
            if it.verdict == Verdict::Released && holds(it) {
                it.verdict = Verdict::Redacted;
                it.policies.push("built-in:redacted-value".to_owned());
                any = true;
            }
        }
        if any {
            follow(&self.secret, deliberation);
        }
    }

    /// The derivative of one object.
    fn derive(
        &self,
        it: &Considered,
        deliberation: &Deliberation,
        hidden: Option<&Hidden>,
        checker: &Checker<'_>,
    ) -> std::result::Result<Draft, Stays> {
        let original = &it.holding.id;
        let Some(derived) = deliberation.derived.get(original) else { return Err(Stays::id()) };
        let created = self.known.get(original).map_or(self.now, |known| known.created);
        let fate = |id: &str| {
            if let Some(derived) = deliberation.derived.get(id) {
                Fate::Rename(derived.clone())
            } else if deliberation.withheld.contains(id) {
                Fate::Drop
            } else {
                Fate::Keep
            }
        };
        let mut changes = it.changes.clone();
        if it.holding.stix_type == "language-content" {
            changes.extend(translation(it, deliberation)?);
        }
        let gone = self.past.gone.get(original);
        let removed = |path: &String| Change { property: path.clone(), how: How::Remove };
        changes.extend(gone.into_iter().flatten().map(removed));
        let plan = Plan {
            id: derived,
            created_by: &self.created_by,
            created,
            modified: created,
            secret: &self.secret,
            changes: &changes,
            fate: &fate,
            hidden,
            checker,
        };
        let Derived { bytes, mut masked } =
            derive(&it.holding.bytes, &plan).map_err(|error| match gone {
                Some(_) if matches!(error, DeriveError::Invalid { .. }) => Stays::gone(&error),
                _ => {
                    let remains = matches!(error, DeriveError::ValueRemains(_));
                    let hidden = hidden.filter(|_| remains);
                    let hidden =
                        hidden.map(|hidden| hidden.lost_by(&it.holding.bytes)).unwrap_or_default();
                    Stays { hidden, ..Stays::from(error) }
                }
            })?;
        for path in gone.into_iter().flatten() {
            masked.entry(path.clone()).or_default();
        }
        Ok(Draft { bytes, derived: derived.clone(), masked })
    }

    /// The derivative as it goes, and what is kept about it. Its `modified` moves only when something else in it changed.
    pub(super) fn finish(
        &self,
        it: &Considered,
        draft: Draft,
    ) -> Result<(Vec<u8>, DerivativeRecord)> {
        let original = &it.holding.id;
        let known = self.known.get(original);
        let created = known.map_or(self.now, |known| known.created);
        let content = Digest::of(&draft.bytes);
        let modified = match known {
            Some(known) if known.content == content => known.modified,
            Some(known) => {
                let next = known.modified.checked_add(SignedDuration::from_millis(1));
                next.map_or(self.now, |next| next.max(self.now))
            }
            None => self.now,
        };
        let bytes = if modified == created {
            draft.bytes
        } else {
            with_modified(&draft.bytes, modified)
                .map_err(|error| ExchangeError::refused(error.code(), error.to_string()))?
        };
        let opening = match known {
            Some(known) if known.original_version == it.holding.version => known.opening,
            _ => opening_of(&self.secret, &it.holding.bytes),
        };
        let record = DerivativeRecord {
            agreement: self.agreement,
            original: original.clone(),
            original_version: it.holding.version.clone(),
            derived: draft.derived,
            created,
            modified,
            content,
            opening,
        };
        Ok((bytes, record))
    }
}

/// What a translation loses because what it translates loses it. Of a derivative that is not in this release nobody
/// knows here what it lost.
fn translation(
    it: &Considered,
    deliberation: &Deliberation,
) -> std::result::Result<Vec<Change>, Stays> {
    let considered = || deliberation.considered.iter();
    let mut changes = Vec::new();
    for id in it.holding.refs.iter().filter(|id| deliberation.derived.contains_key(*id)) {
        match considered().find(|other| other.holding.id == *id) {
            Some(target) => changes.extend(translated(&it.holding.bytes, &target.changes)),
            None => {
                return Err(Stays {
                    code: "redacted-value-remains",
                    property: "/contents".to_owned(),
                    hidden: Texts::new(),
                    text: "it translates an object that went redacted and is not in this release; release both"
                        .to_owned(),
                });
            }
        }
    }
    Ok(changes)
}

/// What the objects that go say by themselves, as far as it is not taken out of them.
fn told(deliberation: &Deliberation) -> Told {
    let mut told = Told::default();
    for it in deliberation.considered.iter().filter(|it| it.verdict != Verdict::Withheld) {
        told.add(&it.holding.bytes, &it.changes);
    }
    told
}

/// What becomes of references: the ids, with whether each goes as a derivative.
fn fates(deliberation: &Deliberation) -> BTreeSet<(String, bool)> {
    let derived = deliberation.derived.keys().map(|id| (id.clone(), true));
    derived.chain(deliberation.withheld.iter().map(|id| (id.clone(), false))).collect()
}

fn too_many(error: TooMany) -> ExchangeError {
    ExchangeError::refused("over-limit", error.to_string())
}

impl Stays {
    fn id() -> Self {
        let text = "an original's id stands in its text and would go with it".to_owned();
        Self { code: "original-id", property: "/".to_owned(), text, hidden: Texts::new() }
    }

    fn gone(error: &DeriveError) -> Self {
        let text = "a value was masked in it that another object lost which is held no more, so that nobody can look for \
                    the value; take that text out"
            .to_owned();
        let property = error.place().to_owned();
        Self { code: "redacted-value-gone", property, text, hidden: Texts::new() }
    }
}

impl From<DeriveError> for Stays {
    fn from(error: DeriveError) -> Self {
        match error {
            DeriveError::IdInText(_) => Self::id(),
            other => Self {
                code: other.code(),
                property: other.place().to_owned(),
                text: other.to_string(),
                hidden: Texts::new(),
            },
        }
    }
}
