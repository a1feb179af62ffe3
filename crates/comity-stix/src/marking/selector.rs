//! Where the selectors of granular markings lead (section 7.2.3).

use std::collections::BTreeMap;

use crate::json::{Kind, Value};
use crate::pointer;

/// Which selector leads somewhere, and what is left of it there.
type Leading<'s> = (usize, Option<&'s str>);

/// The values that selectors select in an object, in the order of the selectors; `None` where one
/// selects nothing.
///
/// All of them go down together, a container at a time, so that each container is looked through at most
/// once however many selectors lead into it: the cost is that of the object and of the selectors.
pub(crate) fn select<'d, 'a>(
    object: Value<'d, 'a>,
    selectors: &[impl AsRef<str>],
) -> Vec<Option<Value<'d, 'a>>> {
    let mut selected = vec![None; selectors.len()];
    let all = selectors.iter().map(|selector| Some(selector.as_ref())).enumerate().collect();
    let mut open: Vec<(Value<'d, 'a>, Vec<Leading<'_>>)> = vec![(object, all)];
    while let Some((value, leading)) = open.pop() {
        let mut steps: BTreeMap<&str, Vec<Leading<'_>>> = BTreeMap::new();
        for (at, rest) in leading {
            match rest {
                Some(rest) => {
                    let (step, rest) = rest
                        .split_once('.')
                        .map_or((rest, None), |(step, rest)| (step, Some(rest)));
                    steps.entry(step).or_default().push((at, rest));
                }
                None => {
                    if let Some(place) = selected.get_mut(at) {
                        *place = Some(value);
                    }
                }
            }
        }
        if steps.is_empty() {
            continue;
        }
        match value.kind() {
            Kind::Object => open.extend(
                value.members().filter_map(|member| Some((member, steps.remove(&*member.key()?)?))),
            ),
            Kind::List => {
                let mut steps: BTreeMap<usize, _> = steps
                    .into_iter()
                    .filter_map(|(step, further)| Some((index(step)?, further)))
                    .collect();
                open.extend(
                    value
                        .members()
                        .enumerate()
                        .filter_map(|(place, member)| Some((member, steps.remove(&place)?))),
                );
            }
            _ => {}
        }
    }
    selected
}

fn index(step: &str) -> Option<usize> {
    pointer::index(step.strip_prefix('[')?.strip_suffix(']')?)
}
