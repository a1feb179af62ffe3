//! Selectors of granular markings (section 7.2.3): `name`, `labels.[0]`, `a.b.[3].c`.

use std::collections::{BTreeMap, BTreeSet};

use super::forms::names;
use crate::json::{Kind, Value};

/// Whether a selector keeps to the syntax. The object at its root is no list, so it cannot start with
/// an index.
pub(super) fn is_selector(selector: &str) -> bool {
    selector.split('.').enumerate().all(|(at, step)| match index(step) {
        Some(index) => at > 0 && !index.is_empty() && index.bytes().all(|b| b.is_ascii_digit()),
        None => names::is_dictionary_key(step),
    })
}

/// Which of these selectors select nothing in an object, in their order.
///
/// All go down together, a level at a time, so that each container is looked through once however
/// many selectors lead into it.
pub(super) fn selecting_nothing(selectors: &[&str], object: Value<'_, '_>) -> Vec<usize> {
    let mut lost: BTreeSet<usize> = (0..selectors.len()).collect();
    let all: Vec<(usize, Option<&str>)> =
        selectors.iter().enumerate().map(|(at, selector)| (at, Some(*selector))).collect();
    let mut level = vec![(object, all)];
    while let Some((value, leading)) = level.pop() {
        let mut steps: BTreeMap<&str, Vec<(usize, Option<&str>)>> = BTreeMap::new();
        for (at, rest) in leading {
            match rest {
                Some(rest) => {
                    let (step, rest) =
                        rest.split_once('.').map_or((rest, None), |(s, r)| (s, Some(r)));
                    steps.entry(step).or_default().push((at, rest));
                }
                None => {
                    lost.remove(&at);
                }
            }
        }
        if steps.is_empty() {
            continue;
        }
        for (place, member) in value.members().enumerate() {
            let further = match value.kind() {
                Kind::Object => member.key().and_then(|key| steps.remove(&*key)),
                _ => steps.remove(format!("[{place}]").as_str()),
            };
            level.extend(further.map(|further| (member, further)));
        }
    }
    lost.into_iter().collect()
}

fn index(step: &str) -> Option<&str> {
    step.strip_prefix('[').map(|step| step.strip_suffix(']').unwrap_or_default())
}
