//! What is fuzzed of the link: the paths and ranges that a partner asks for.
//!
//! The functions panic when a promise is broken, and answer whether they took the input.

use comity_link::{ContentRange, Route};

/// A function that takes any bytes, panics where a promise is broken, and says whether it took them.
pub(crate) type Target = fn(&[u8]) -> bool;

/// Every target by its name, which is the name of its seeds' folder in `corpus` too.
pub(crate) const ALL: &[(&str, Target)] = &[("link", link)];

/// The target of that name.
pub(crate) fn target(name: &str) -> (&'static str, Target) {
    let target = ALL.iter().find(|(other, _)| *other == name);
    *target.expect("the target is listed")
}

/// A path or a range: each has one spelling, and a range lies within its pouch.
fn link(data: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(data) else { return false };
    let route = Route::parse(text);
    if let Some(route) = &route {
        assert_eq!(route.to_string(), text);
    }
    let range = ContentRange::parse(text);
    if let Ok(range) = &range {
        assert_eq!(range.to_string(), text);
        assert!(range.length() >= 1 && range.first() + range.length() <= range.total());
        let again = ContentRange::new(range.first(), range.length(), range.total());
        assert_eq!(again.as_ref(), Some(range));
    }
    route.is_some() || range.is_ok()
}
