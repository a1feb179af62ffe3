//! The markings of one object, and which of them hold for what.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use crate::json::{Document, Kind, Value};

use super::selector::select;
use super::{Marking, Pap, Tlp};

/// The markings of one object, read once: `object_marking_refs`, `granular_markings` and `lang` (sections
/// 3.2 and 7.2). How they are weighed against each other stands in [the module](crate::marking).
///
/// Ids are resolved by what the caller passes, a function from the id of a marking definition to what
/// the definition says, or `None` where it is not known. The fixed definitions need not be known
/// to it and are never asked of it. Ids that stay unknown say nothing here, and
/// [`Markings::unresolved`] tells them.
///
/// Reading costs as much as the object and its selectors are long. It takes what it finds: whether
/// the properties are of the right shape is for [`crate::check`].
#[derive(Debug, Clone)]
pub struct Markings<'d, 'a> {
    document: &'d Document<'a>,
    lang: Option<Cow<'a, str>>,
    /// Each once, as written.
    object: Vec<Cow<'a, str>>,
    granular: Vec<Granular<'a>>,
    /// Places in the document that are selected, with the granular markings that select them.
    selected: BTreeMap<usize, Vec<usize>>,
    /// Granular markings some selector of which selects nothing.
    lost: BTreeSet<usize>,
}

#[derive(Debug, Clone)]
struct Granular<'a> {
    marking: Option<Cow<'a, str>>,
    lang: Option<Cow<'a, str>>,
}

/// What holds for one value of an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Effective<'m> {
    /// Marking definitions of the granular markings that cover the value, those on the value itself
    /// before those on what contains it, each once.
    pub granular: Vec<&'m str>,
    /// Marking definitions of the whole object, as written, each once.
    pub object: Vec<&'m str>,
    /// The language of the content: of the closest granular language marking, else of the object. `None`
    /// where neither says it, which section 3.2 reads as English.
    pub lang: Option<&'m str>,
}

impl<'m> Effective<'m> {
    /// All marking definitions in order of precedence: granular ones before those of the object.
    pub fn ids(&self) -> impl Iterator<Item = &'m str> {
        self.granular.iter().chain(&self.object).copied()
    }

    /// The strictest of a kind among the granular markings; where they have none of it, among those of
    /// the object.
    fn strictest<T: Ord>(&self, read: impl Fn(&str) -> Option<T>) -> Option<T> {
        let strictest = |ids: &[&str]| ids.iter().filter_map(|id| read(id)).max();
        strictest(&self.granular).or_else(|| strictest(&self.object))
    }
}

impl<'d, 'a> Markings<'d, 'a> {
    /// Reads the markings of an object.
    pub fn of(document: &'d Document<'a>) -> Self {
        let root = document.root();
        let text = |key| root.child(key).and_then(|value: Value<'_, 'a>| value.text());
        let mut seen = BTreeSet::new();
        let mut object: Vec<_> =
            list(root, "object_marking_refs").filter_map(|value| value.text()).collect();
        object.retain(|id| seen.insert(id.clone()));

        let (mut granular, mut lost) = (Vec::new(), BTreeSet::new());
        let (mut selectors, mut owners) = (Vec::new(), Vec::new());
        for (at, marking) in list(root, "granular_markings").enumerate() {
            let text = |key| marking.child(key).and_then(|value| value.text());
            granular.push(Granular { marking: text("marking_ref"), lang: text("lang") });
            let before = selectors.len();
            selectors.extend(list(marking, "selectors").filter_map(|it| it.text()));
            owners.resize(selectors.len(), at);
            if selectors.len() == before {
                lost.insert(at);
            }
        }
        let mut selected: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (place, owner) in select(root, &selectors).into_iter().zip(owners) {
            match place {
                Some(value) => selected.entry(value.place()).or_default().push(owner),
                None => {
                    lost.insert(owner);
                }
            }
        }
        Self { document, lang: text("lang"), object, granular, selected, lost }
    }

    /// What holds for a value, which must be one of the document these markings were read from. The cost
    /// grows with the depth of the value and with the markings that cover it.
    pub fn at(&self, value: Value<'_, '_>) -> Effective<'_> {
        let (mut granular, mut lang, mut seen) = (Vec::new(), None, BTreeSet::new());
        for container in std::iter::successors(Some(value), Value::parent) {
            for marking in self.on(container.place()) {
                granular.extend(marking.marking.as_deref().filter(|id| seen.insert(*id)));
                lang = lang.or(marking.lang.as_deref());
            }
        }
        let object = self.object.iter().map(AsRef::as_ref).collect();
        Effective { granular, object, lang: lang.or(self.lang.as_deref()) }
    }

    /// What holds for the value that a JSON pointer (RFC 6901) names; `None` if there is none.
    pub fn at_pointer(&self, pointer: &str) -> Option<Effective<'_>> {
        self.document.find(pointer).map(|value| self.at(value))
    }

    /// The TLP label of a value: of its granular markings if they have one, else of the object.
    pub fn tlp_at(
        &self,
        value: Value<'_, '_>,
        resolve: impl Fn(&str) -> Option<Marking>,
    ) -> Option<Tlp> {
        self.at(value).strictest(|id| says(id, &resolve)?.tlp)
    }

    /// The PAP label of a value, found as the TLP label is.
    pub fn pap_at(
        &self,
        value: Value<'_, '_>,
        resolve: impl Fn(&str) -> Option<Marking>,
    ) -> Option<Pap> {
        self.at(value).strictest(|id| says(id, &resolve)?.pap)
    }

    /// The statements that hold for a value, in order of precedence. All of them apply (section 7.2.1.3).
    pub fn statements_at(
        &self,
        value: Value<'_, '_>,
        resolve: impl Fn(&str) -> Option<Marking>,
    ) -> Vec<String> {
        self.at(value).ids().filter_map(|id| says(id, &resolve)?.statement).collect()
    }

    /// The language of a value; see [`Effective::lang`].
    pub fn lang_at(&self, value: Value<'_, '_>) -> Option<&str> {
        self.at(value).lang
    }

    /// The strictest TLP label anywhere in the object. `None` where it carries none.
    pub fn strictest(&self, resolve: impl Fn(&str) -> Option<Marking>) -> Option<Tlp> {
        self.ids().into_iter().filter_map(|id| says(id, &resolve)?.tlp).max()
    }

    /// The strictest PAP label among the markings anywhere in the object; labels are for
    /// [`Pap::of_labels`].
    pub fn strictest_pap(&self, resolve: impl Fn(&str) -> Option<Marking>) -> Option<Pap> {
        self.ids().into_iter().filter_map(|id| says(id, &resolve)?.pap).max()
    }

    /// The strictest TLP label that holds for the object whatever is taken out of it: those in
    /// `object_marking_refs`, and those of granular markings some selector of which selects nothing, since
    /// it cannot be told what they were to protect.
    pub fn whole(&self, resolve: impl Fn(&str) -> Option<Marking>) -> Option<Tlp> {
        let lost = self.lost.iter().filter_map(|at| self.granular.get(*at)?.marking.as_deref());
        let ids: BTreeSet<&str> = self.object.iter().map(AsRef::as_ref).chain(lost).collect();
        ids.into_iter().filter_map(|id| says(id, &resolve)?.tlp).max()
    }

    /// The values that granular markings select and put a TLP label on, in the order they are written,
    /// each with the strictest of the labels put on it. Labels on what contains a value are told there.
    pub fn labelled(&self, resolve: impl Fn(&str) -> Option<Marking>) -> Vec<(Value<'d, 'a>, Tlp)> {
        let known: BTreeMap<&str, Option<Tlp>> = self
            .ids()
            .into_iter()
            .map(|id| (id, says(id, &resolve).and_then(|it| it.tlp)))
            .collect();
        let strictest = |place: usize| {
            let ids = self.on(place).filter_map(|marking| marking.marking.as_deref());
            ids.filter_map(|id| *known.get(id)?).max()
        };
        self.selected
            .keys()
            .filter_map(|place| Some((self.document.at(*place)?, strictest(*place)?)))
            .collect()
    }

    /// What would have to be taken out of the object so that no TLP label above a ceiling is left in it:
    /// JSON pointers (RFC 6901), none within another, in the order they are written. `[""]`, the object
    /// itself, where taking out properties does not help: see [`Markings::whole`]. Ids that nobody
    /// knows are not in it; ask [`Markings::unresolved`] too.
    pub fn properties_above(
        &self,
        ceiling: Tlp,
        resolve: impl Fn(&str) -> Option<Marking>,
    ) -> Vec<String> {
        if self.whole(&resolve) > Some(ceiling) {
            return vec![String::new()];
        }
        let (mut above, mut covered) = (Vec::new(), 0);
        for (value, tlp) in self.labelled(resolve) {
            if tlp > ceiling && value.place() >= covered {
                covered = value.next_place();
                above.push(value.pointer());
            }
        }
        above
    }

    /// The ids of marking definitions, of the object and granular, that nobody knows: each once, sorted.
    pub fn unresolved(&self, resolve: impl Fn(&str) -> Option<Marking>) -> Vec<&str> {
        self.ids().into_iter().filter(|id| says(id, &resolve).is_none()).collect()
    }

    /// Every id of a marking definition that the object names as a marking.
    fn ids(&self) -> BTreeSet<&str> {
        let granular = self.granular.iter().filter_map(|it| it.marking.as_deref());
        self.object.iter().map(AsRef::as_ref).chain(granular).collect()
    }

    /// The granular markings that select a place.
    fn on(&self, place: usize) -> impl Iterator<Item = &Granular<'a>> {
        let markings = self.selected.get(&place).into_iter().flatten();
        markings.filter_map(|at| self.granular.get(*at))
    }
}

/// What a definition says: a fixed one by itself, every other by the caller's word.
fn says(id: &str, resolve: &impl Fn(&str) -> Option<Marking>) -> Option<Marking> {
    Marking::of_id(id).or_else(|| resolve(id))
}

fn list<'d, 'a>(
    object: Value<'d, 'a>,
    key: &str,
) -> impl Iterator<Item = Value<'d, 'a>> + use<'d, 'a> {
    let list = object.child(key).filter(|value| value.kind() == Kind::List);
    list.into_iter().flat_map(|list| list.members())
}

#[cfg(test)]
mod tests;
