//! Selectors of granular markings (section 7.2.3): `name`, `labels.[0]`, `a.b.[3].c`.

use super::forms::names;

/// Whether a selector keeps to the syntax. The object at its root is no list, so it cannot start with
/// an index.
pub(super) fn is_selector(selector: &str) -> bool {
    selector.split('.').enumerate().all(|(at, step)| match index(step) {
        Some(index) => at > 0 && !index.is_empty() && index.bytes().all(|b| b.is_ascii_digit()),
        None => names::is_dictionary_key(step),
    })
}

fn index(step: &str) -> Option<&str> {
    step.strip_prefix('[').map(|step| step.strip_suffix(']').unwrap_or_default())
}
