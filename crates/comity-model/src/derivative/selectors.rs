//! Selectors of granular markings follow what is taken out (STIX 2.1 section 7.2.3).

use std::collections::{BTreeMap, BTreeSet};

use comity_stix::json::Document;

use super::{quoted, within};

/// Takes out selectors that name something taken out, granular markings of which no selector is left, and moves
/// indices of lists that got shorter.
pub(super) fn follow(
    document: &Document<'_>,
    removed: &mut BTreeSet<String>,
    replaced: &mut BTreeMap<String, String>,
) {
    let Some(markings) = document.root().child("granular_markings") else { return };
    let gone = removed.clone();
    for marking in markings.members() {
        let Some(selectors) = marking.child("selectors") else { continue };
        let (mut left, mut dropped) = (0, Vec::new());
        for selector in selectors.members() {
            let Some(text) = selector.text() else { continue };
            match moved(&text, &gone) {
                None => dropped.push(selector.pointer()),
                Some(new) => {
                    left += 1;
                    if new != text {
                        replaced.insert(selector.pointer(), quoted(&new));
                    }
                }
            }
        }
        if left == 0 && !dropped.is_empty() {
            removed.insert(marking.pointer());
        } else {
            removed.extend(dropped);
        }
    }
}

/// The selector after `gone` was taken out; `None` if what it names is gone.
fn moved(selector: &str, gone: &BTreeSet<String>) -> Option<String> {
    let mut pointer = String::new();
    let mut out = Vec::new();
    for part in selector.split('.') {
        let index = part.strip_prefix('[').and_then(|part| part.strip_suffix(']'));
        if let Some(index) = index.and_then(|index| index.parse::<usize>().ok()) {
            let before =
                (0..index).filter(|earlier| gone.contains(&format!("{pointer}/{earlier}"))).count();
            out.push(format!("[{}]", index - before));
            pointer = format!("{pointer}/{index}");
        } else {
            out.push(part.to_owned());
            pointer = format!("{pointer}/{}", part.replace('~', "~0").replace('/', "~1"));
        }
    }
    let is_gone = gone.iter().any(|gone| within(&pointer, gone));
    (!is_gone).then(|| out.join("."))
}
