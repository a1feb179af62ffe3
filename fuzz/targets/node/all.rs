//! What is fuzzed of the program itself, in its own tests alone: no other crate can call it.

use crate::config::Config;

/// A function that takes any bytes, panics where a promise is broken, and says whether it took them.
pub(crate) type Target = fn(&[u8]) -> bool;

/// Every target by its name, which is the name of its seeds' folder in `corpus` too.
pub(crate) const ALL: &[(&str, Target)] = &[("configuration", configuration)];

/// The target of that name.
pub(crate) fn target(name: &str) -> (&'static str, Target) {
    let target = ALL.iter().find(|(other, _)| *other == name);
    *target.expect("the target is listed")
}

/// A configuration: what is read is the same when it is written and read again, and an error names a line that there is.
fn configuration(data: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(data) else { return false };
    match Config::parse(text) {
        Ok(config) => {
            let again = toml::to_string(&config).expect("every setting can be written");
            assert_eq!(Config::parse(&again).as_ref(), Ok(&config));
            true
        }
        Err((line, message)) => {
            let lines = text.bytes().filter(|it| *it == b'\n').count() + 1;
            assert!((1..=lines).contains(&line), "line {line} of {lines}");
            assert!(!message.is_empty());
            false
        }
    }
}
