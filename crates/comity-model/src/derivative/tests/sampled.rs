//! Whatever is taken out of whatever object: the derivative is valid, or there is none.

use comity_stix::sample::{Fill, Sampler};
use comity_stix::types;
use comity_stix::{Checker, Limits};
use proptest::prelude::*;
use serde_json::Value as Json;

use super::*;

/// Numbers spread over all of 64 bits.
fn numbers(mut seed: u64) -> impl FnMut() -> u64 {
    move || {
        seed = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = seed;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}

/// The dotted path of every property.
fn paths(value: &Json, path: &str, found: &mut Vec<String>) {
    match value {
        Json::Object(members) => {
            for (key, member) in members {
                let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                paths(member, &path, found);
                found.push(path);
            }
        }
        Json::Array(elements) => elements.iter().for_each(|element| paths(element, path, found)),
        _ => {}
    }
}

fn changes_of(object: &Json, random: &mut impl FnMut() -> u64) -> Vec<Change> {
    let mut all = Vec::new();
    paths(object, "", &mut all);
    let fixed = ["type", "id", "spec_version", "created", "modified", "granular_markings"];
    all.retain(|path| !fixed.contains(&path.split('.').next().unwrap_or_default()));
    let one_in = 1 + random() % 8;
    all.retain(|_| random().is_multiple_of(one_in + 1));
    let how = |number| match number % 4 {
        0 | 1 => How::Remove,
        2 => How::ToDay,
        _ => How::Pseudonym,
    };
    all.into_iter().map(|property| Change { property, how: how(random()) }).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn a_derivative_is_valid_or_there_is_none(seed in any::<u64>()) {
        let mut random = numbers(seed);
        let all: Vec<_> = types::all().filter(|it| it.class != types::Class::Bundle).collect();
        let type_ = all[usize::try_from(random() % all.len() as u64).unwrap()];
        let fill = [Fill::Least, Fill::Some, Fill::Most][usize::try_from(random() % 3).unwrap()];
        let object = Sampler::new(numbers(random())).object(type_, fill);
        let bytes = object.to_string().into_bytes();
        let changes = changes_of(&object, &mut random);
        let (withheld, renamed) = (random() % 4, random() % 4);
        let fate = |id: &str| match id.bytes().map(u64::from).sum::<u64>() % 4 {
            it if it == withheld && !id.starts_with("marking-definition") => Fate::Drop,
            it if it == renamed => Fate::Rename(derived_id(&SECRET, id)),
            _ => Fate::Keep,
        };
        let mut gathered = Gathered::default();
        let (original, changes) = (&bytes[..], &changes[..]);
        let loss = Loss { of: 0, original, changes, goes: None, lasting: false };
        gathered.add(&loss, &SECRET).unwrap();
        let hidden = gathered.ready().unwrap();
        let (limits, at) = (Limits::default(), "2026-03-01T10:00:00Z".parse().unwrap());
        let checker = Checker::new(&limits);
        let id = derived_id(&SECRET, object["id"].as_str().unwrap());
        let plan = Plan {
            id: &id,
            created_by: PARTY,
            created: at,
            modified: at,
            secret: &SECRET,
            changes,
            fate: &fate,
            hidden: hidden.as_ref(),
            checker: &checker,
        };
        match derive(&bytes, &plan) {
            Ok(derived) => {
                let text = String::from_utf8_lossy(&derived.bytes).into_owned();
                let report = checker.check(&derived.bytes);
                prop_assert!(report.is_valid(), "{:?} of {text} from {object}", report.findings);
                prop_assert!(!text.contains(object["id"].as_str().unwrap()));
                if let Some(hidden) = &hidden {
                    prop_assert_eq!(hidden.first_in(&derived.bytes), None);
                }
                let later = with_modified(&derived.bytes, "2026-03-02T10:00:00Z".parse().unwrap()).unwrap();
                prop_assert!(checker.check(&later).is_valid());
            }
            Err(error) => {
                let known = ["derivative-invalid", "redacted-value-remains", "id-in-text"];
                prop_assert!(known.contains(&error.code()), "{error} of {object}");
            }
        }
    }
}
