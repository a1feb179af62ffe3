//! What is fuzzed of the link: the paths and ranges that a partner asks for, and what it answers about a channel and a pouch.
//!
//! The functions panic when a promise is broken, and answer whether they took the input.

use comity_link::{ContentRange, Route, head_of, status_of};

/// A function that takes any bytes, panics where a promise is broken, and says whether it took them.
pub(crate) type Target = fn(&[u8]) -> bool;

/// Every target by its name, which is the name of its seeds' folder in `corpus` too.
pub(crate) const ALL: &[(&str, Target)] = &[("link", link), ("head", head)];

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

/// An answer: an object of the members that are due, which is written as it was read; a code in it has a code's form.
fn head(data: &[u8]) -> bool {
    let head = head_of(data);
    if let Some(head) = &head {
        let again = serde_json::to_vec(head).expect("it can be written");
        assert_eq!(head_of(&again).as_ref(), Some(head));
    }
    let status = status_of(data);
    if let Some(status) = &status {
        let again = serde_json::to_vec(status).expect("it can be written");
        assert_eq!(status_of(&again).as_ref(), Some(status));
        assert!(status.code.as_ref().is_none_or(|it| it.len() <= 64 && it.is_ascii()));
    }
    let is_object = data.trim_ascii_start().first() == Some(&b'{');
    assert!(is_object || (head.is_none() && status.is_none()));
    head.is_some() || status.is_some()
}
