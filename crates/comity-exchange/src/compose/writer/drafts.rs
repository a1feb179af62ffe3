//! The derivatives of a release, each made once, and what stays because it cannot be made one.

use std::collections::{BTreeMap, BTreeSet};

use comity_model::Digest;
use comity_model::derivative::{
    Change, DeriveError, Derived, Fate, Gathered, Hidden, How, Ids, Plan, TooMany, derive,
    opening_of, translated, with_modified,
};
use comity_stix::types::{self, Class};
use comity_stix::{Checker, Limits};
use jiff::SignedDuration;

use super::Writer;
use crate::decide::{Considered, Deliberation, follow, withhold};
use crate::error::{ExchangeError, Result};
use crate::ports::{DerivativeRecord, Verdict};

/// A derivative as it would be if it had never changed since it was first made.
pub(super) struct Draft {
    bytes: Vec<u8>,
    derived: String,
}

/// Why an object stays though the agreement lets it go.
struct Stays {
    code: &'static str,
    property: String,
    text: String,
}

impl Writer {
    /// The derivatives of a release, by the index of their originals. Withholds on the way what is too large for the
    /// partner, what would give away the id of an object that stays or goes as a derivative, and what cannot be a
    /// derivative. Others may name what is withheld so, and are decided again, until nothing changes.
    pub(super) fn draft(&self, deliberation: &mut Deliberation) -> Result<BTreeMap<usize, Draft>> {
        let mut hidden = self.hidden(deliberation).map_err(too_many)?;
        let registry = std::sync::Arc::clone(self.node.registry());
        let limits = Limits::default();
        let checker = Checker::new(&limits).with_registry(&registry);
        loop {
            let opened = hidden.as_mut().map(|hidden| hidden.open(&observed(deliberation)));
            if let Some(hidden) = &hidden {
                self.spread(hidden, deliberation);
            }
            let drafts = self.rounds(deliberation, hidden.as_ref(), &checker);
            // what an observable that stays after all says was let pass wrongly
            let goes = observed(deliberation);
            if opened.is_none_or(|opened| opened.is_subset(&goes)) {
                return Ok(drafts);
            }
        }
    }

    /// The derivatives, after rounds in which what cannot go is withheld.
    fn rounds(
        &self,
        deliberation: &mut Deliberation,
        hidden: Option<&Hidden>,
        checker: &Checker<'_>,
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
                    Ok((draft, paths)) => {
                        masked.push((index, paths));
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
                stays.push((index, Stays { code: "over-limit", property: "/".to_owned(), text }));
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

    /// The values that the release loses.
    fn hidden(&self, deliberation: &Deliberation) -> Result<Option<Hidden>, TooMany> {
        let mut gathered = Gathered::default();
        for it in deliberation.considered.iter().filter(|it| !it.changes.is_empty()) {
            gathered.add(&it.holding.bytes, &it.changes, &self.secret)?;
        }
        gathered.ready()
    }

    /// What holds a value that another object loses becomes a derivative, in which the value is replaced.
    fn spread(&self, hidden: &Hidden, deliberation: &mut Deliberation) {
        let mut any = false;
        for it in &mut deliberation.considered {
            if it.verdict == Verdict::Released && hidden.first_in(&it.holding.bytes).is_some() {
                it.verdict = Verdict::Redacted;
                it.policies.push("built-in:redacted-value".to_owned());
                any = true;
            }
        }
        if any {
            follow(&self.secret, deliberation);
        }
    }

    /// The derivative of one object, and the paths of texts in which a value was replaced.
    fn derive(
        &self,
        it: &Considered,
        deliberation: &Deliberation,
        hidden: Option<&Hidden>,
        checker: &Checker<'_>,
    ) -> std::result::Result<(Draft, BTreeSet<String>), Stays> {
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
        let Derived { bytes, masked } = derive(&it.holding.bytes, &plan).map_err(Stays::from)?;
        Ok((Draft { bytes, derived: derived.clone() }, masked))
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
                    text: "it translates an object that went redacted and is not in this release; release both"
                        .to_owned(),
                });
            }
        }
    }
    Ok(changes)
}

/// What the observables that go are, as far as it is not taken out of them.
fn observed(deliberation: &Deliberation) -> BTreeSet<String> {
    let goes = deliberation.considered.iter().filter(|it| it.verdict != Verdict::Withheld);
    let observables = goes.filter(|it| {
        types::find(&it.holding.stix_type).is_some_and(|it| it.class == Class::Observable)
    });
    observables.flat_map(|it| Hidden::observed(&it.holding.bytes, &it.changes)).collect()
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
        Self { code: "original-id", property: "/".to_owned(), text }
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
            },
        }
    }
}
