//! Patterns: read, printed, evaluated.

use comity_stix::pattern::{
    Bare, Budget, Matcher, Observations, Pattern, PatternLimits, PatternSet,
};
use comity_stix::reader::Objects;
use comity_stix::{Lang, Limits};

/// A pattern that is read is printed in a form that reads as the same pattern and prints as itself; an error points
/// into the text and can be told in both languages.
pub(crate) fn pattern(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    match Pattern::parse(&text, &PatternLimits::default()) {
        Ok(pattern) => {
            let printed = pattern.to_string();
            let larger = PatternLimits { bytes: 1 << 24, ..PatternLimits::default() };
            let again = Pattern::parse(&printed, &larger).expect("what is printed can be read");
            assert_eq!(again, pattern, "{printed}");
            assert_eq!(again.to_string(), printed);
            let _ = Matcher::new(&pattern);
            assert!(!pattern.object_types().is_empty());
        }
        Err(error) => {
            assert!(text.get(error.span.clone()).is_some(), "{error:?}");
            assert!(error.line >= 1 && error.column >= 1);
            assert!([Lang::En, Lang::Es].iter().all(|lang| !error.message_in(*lang).is_empty()));
        }
    }
}

/// Patterns beside the one that is fuzzed.
const OTHERS: &[&str] = &[
    "[ipv4-addr:value = '198.51.100.3']",
    "[file:size > 1 AND file:name LIKE '%']",
    "[url:value != 'a'] FOLLOWEDBY [ipv4-addr:value ISSUBSET '198.51.100.0/24']",
];

/// A pattern on the first line, objects behind it: a match names observations there are, the answer is the same
/// each time, a larger budget takes no answer back, and the pattern says the same among others.
pub(crate) fn matches(data: &[u8]) {
    let (text, objects) = super::two(data);
    let Ok(pattern) = String::from_utf8_lossy(text).parse::<Pattern>() else { return };
    let objects: Vec<_> = Objects::new(objects, Limits::default()).flatten().collect();
    let matcher = Matcher::new(&pattern);
    let mut set = PatternSet::new();
    for (key, other) in OTHERS.iter().enumerate() {
        set.insert(key + 1, &other.parse().expect("a pattern"));
    }
    set.insert(0, &pattern);
    for bare in [Bare::Ignored, Bare::Observed] {
        let bytes = objects.iter().map(|object| &*object.bytes);
        let observations =
            Observations::of(bytes, bare, &Limits::default()).expect("each was read before");
        let found = matcher.find(&observations, &Budget::steps(20_000));
        if let Ok(Some(found)) = &found {
            assert!(found.observations.iter().all(|at| *at < observations.len()));
            assert!(found.observations.is_sorted_by(|one, other| one < other));
        }
        let more = matcher.find(&observations, &Budget::steps(40_000));
        assert!(found.is_err() || found == more, "{found:?} {more:?}");
        let all = set.find_all(&observations, &Budget::steps(40_000));
        if let (Ok(alone), false) = (&more, all.undecided.contains(&0)) {
            let among = all.matches.iter().find(|(key, _)| *key == 0);
            assert_eq!(among.is_some(), alone.is_some(), "{pattern}");
        }
    }
}
