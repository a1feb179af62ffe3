//! Selectors of granular markings follow what is taken out (STIX 2.1 section 7.2.3).

use std::collections::BTreeMap;

use comity_stix::json::Document;

use super::places::Places;

/// Takes out selectors that name something taken out, granular markings of which no selector is left, and moves
/// indices of lists that got shorter.
pub(super) fn follow(document: &Document<'_>, places: &mut Places) {
    let Some(markings) = document.root().child("granular_markings") else { return };
    let mut changed = Vec::new();
    let elements = places.elements();
    for marking in markings.members() {
        let Some(selectors) = marking.child("selectors") else { continue };
        for selector in selectors.members() {
            let Some(text) = selector.text() else { continue };
            let new = moved(&text, places, &elements);
            if new.as_deref() != Some(&*text) {
                changed.push((marking, selector, new));
            }
        }
    }
    let mut touched = Vec::new();
    for (marking, selector, new) in changed {
        if let Some(new) = new {
            places.replace(selector, &new);
        } else {
            places.remove(selector);
            touched.push(marking);
        }
    }
    for marking in touched {
        let mut selectors = marking.child("selectors").into_iter().flat_map(|it| it.members());
        if selectors.all(|selector| places.is_removed(selector)) {
            places.remove(marking);
        }
    }
}

/// The selector after what is gone was taken out; `None` if what it names is gone. `elements` are the elements that
/// go, by the pointer of their list.
fn moved(selector: &str, places: &Places, elements: &BTreeMap<&str, Vec<usize>>) -> Option<String> {
    let mut pointer = String::new();
    let mut out = Vec::new();
    for part in selector.split('.') {
        let index = part.strip_prefix('[').and_then(|part| part.strip_suffix(']'));
        if let Some(index) = index.and_then(|index| index.parse::<usize>().ok()) {
            let gone = elements.get(pointer.as_str()).map_or(&[][..], Vec::as_slice);
            let before = gone.partition_point(|gone| *gone < index);
            out.push(format!("[{}]", index - before));
            pointer = format!("{pointer}/{index}");
        } else {
            out.push(part.to_owned());
            pointer = format!("{pointer}/{}", part.replace('~', "~0").replace('/', "~1"));
        }
    }
    (!places.is_gone(&pointer)).then(|| out.join("."))
}
