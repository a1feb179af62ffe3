//! The pattern vectors recorded from the OASIS matcher's own tests.

use comity_stix::Limits;
use comity_stix::pattern::{Bare, Budget, Matcher, Observations, Pattern};
use comity_stix::reader::Objects;
use serde_json::Value as Json;

const VECTORS: &str =
    concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/vectors/stix-patterns/vectors.json");

/// Where the recorded verdict is not that of the text, and ours instead.
const DIFFERENT: &[(&[usize], Option<bool>, &str)] = &[
    // "MUST NOT be equal to or later than ... plus the specified time window" (section 9.5.1): one second apart is not
    // within one second.
    (&[160, 363], Some(false), "WITHIN 1 SECONDS"),
    // A string that is no timestamp is of another type than the constant: unequal, and nothing else (section 9.6.1).
    (&[74, 272], Some(true), "!= t'"),
    (&[75, 172, 173, 174, 273, 375, 376, 377], Some(false), " t'"),
    // Two qualifiers of one kind (section 9.5.1) are no pattern.
    (&[117, 120, 315, 318], None, "TIMES REPEATS"),
    // Observed-data of another type name is no observed-data (section 4.14).
    (&[175, 176, 177, 178, 179, 180, 181, 182, 183, 184, 185, 188, 192], Some(false), "ddots"),
];

#[test]
fn the_verdicts_are_those_of_the_oasis_matcher_but_for_the_listed_ones() {
    let Ok(text) = std::fs::read(VECTORS) else {
        eprintln!("the pattern vectors are not at hand: left out");
        return;
    };
    let file: Json = serde_json::from_slice(&text).unwrap();
    let vectors = file["matcher"].as_array().unwrap();
    assert_eq!(vectors.len(), 401);
    let mut wrong = Vec::new();
    for (at, vector) in vectors.iter().enumerate() {
        let pattern = vector["pattern"].as_str().unwrap();
        // A pattern that can't be read has no verdict, as an error has none there.
        let verdict = pattern.parse::<Pattern>().ok().map(|pattern| {
            let each = vector["observations"].as_array().unwrap().iter();
            let observed = each.map(Json::to_string).collect::<Vec<_>>().join("\n");
            let objects = Objects::new(observed.as_bytes(), Limits::default());
            let objects: Vec<_> = objects.map(|object| object.unwrap().bytes).collect();
            let objects = objects.iter().map(Vec::as_slice);
            let observations =
                Observations::of(objects, Bare::Ignored, &Limits::default()).unwrap();
            Matcher::new(&pattern).find(&observations, &Budget::default()).unwrap().is_some()
        });
        let different = DIFFERENT.iter().find(|(places, ..)| places.contains(&at));
        let expected = match different {
            Some((_, expected, holds)) => {
                assert!(pattern.contains(holds), "{at} {pattern}");
                *expected
            }
            None => vector["expected_match"].as_bool(),
        };
        if verdict != expected {
            wrong.push((at, pattern, verdict));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
