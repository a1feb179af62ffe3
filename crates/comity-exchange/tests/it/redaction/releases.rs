//! Several releases under one agreement, of random originals in random parts and versions: what one of them hides none of the
//! later ones shows.

use std::collections::{BTreeMap, BTreeSet};

use comity_exchange::ports::{PreviewLine, Verdict};
use comity_testkit::{Pair, Result, pair_with};
use jiff::SignedDuration;
use proptest::strategy::{Strategy as _, ValueTree as _};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::{Value, json};

use super::property::{
    COMMON, numbers, ordinary, originals, plant, pouch, read, stands, telling, terms,
};
use super::{lines, secret};

/// Courses of releases under each of the terms.
const CASES: u64 = 6;
/// Releases of a course.
const RELEASES: usize = 5;

/// Where each of the secrets is redacted: the number and the type of its object.
const WHERE: [(u64, &str); 6] = [
    (1, "identity"),
    (1, "identity"),
    (1, "identity"),
    (4, "location"),
    (3, "note"),
    (4, "location"),
];

/// Which of them become pseudonyms, a person's name and an author: no later release says them, whatever it is of.
const LASTING: [usize; 2] = [0, 4];

fn id(case: u64, number: u64, stix_type: &str) -> String {
    format!("{stix_type}--5d0b6f1e-3c0e-4e59-8a52-{case:08x}{number:04x}")
}

/// What is known of a course of releases.
#[derive(Default)]
struct Course {
    /// The secrets that were redacted in some release.
    lost: BTreeSet<usize>,
    /// Those that were in the texts of an object when it was composed and had to be masked there.
    masked: BTreeMap<String, BTreeSet<usize>>,
    /// Times that something was looked for which an earlier release had redacted, and that an object had been masked before.
    looked_for: (u64, u64),
}

impl Course {
    /// Notes what a release redacts, and what it masks in which object.
    fn note(
        &mut self,
        case: u64,
        preview: &[PreviewLine],
        held: &BTreeMap<String, String>,
        secrets: &[String],
    ) {
        let goes = |line: &&PreviewLine| line.verdict != Verdict::Withheld;
        let redacts = |(number, stix_type): (u64, &str)| {
            let id = id(case, number, stix_type);
            let mut lines = preview.iter().filter(goes);
            lines.any(|line| line.id == id && !line.redacted.is_empty())
        };
        let now: BTreeSet<usize> = (0..WHERE.len()).filter(|at| redacts(WHERE[*at])).collect();
        self.lost.extend(&now);
        for line in preview.iter().filter(goes) {
            let text = held.get(&line.id).map(String::as_str).unwrap_or_default();
            let says =
                |at: &&usize| telling(&secrets[**at]).iter().any(|it| text.contains(it.as_str()));
            let hidden: Vec<usize> = now.iter().filter(says).copied().collect();
            self.masked.entry(line.id.clone()).or_default().extend(hidden);
        }
    }
}

/// Every text of an object, as the test compares it.
fn texts(object: &Value) -> String {
    read(b"", &object.to_string()).join("\n")
}

async fn last_preview(pair: &Pair) -> Result<Vec<PreviewLine>> {
    let release = pair.us.node.store().releases(1).await?.remove(0);
    Ok(pair.us.node.store().preview(release.record.release).await?)
}

#[tokio::test(flavor = "multi_thread")]
async fn owner_decides_what_a_release_hides_no_later_one_shows_in_any_order_and_version()
-> Result<()> {
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let mut looked_for = (0, 0);
    for (number, terms) in (0_u64..).zip(terms()) {
        let pair = pair_with(&terms).await?;
        for case in number * CASES..(number + 1) * CASES {
            let mut random = numbers(case.wrapping_add(1_000));
            let mut secrets = Vec::new();
            for _ in 0..WHERE.len() {
                secrets.push(if case.is_multiple_of(3) {
                    secret().new_tree(&mut runner).map_err(|error| error.to_string())?.current()
                } else {
                    ordinary().new_tree(&mut runner).map_err(|error| error.to_string())?.current()
                });
            }
            let (mut objects, mut free) = originals(case, &secrets, &mut random);
            free.extend(COMMON.map(ToOwned::to_owned));
            pair.us.hold(&lines(&objects)).await?;
            let mut course = Course::default();
            for round in 0..RELEASES {
                pair.clock.advance(SignedDuration::from_mins(10));
                if round > 0 {
                    renew(&pair, &mut objects, &secrets, round, &mut random).await?;
                }
                // in the first releases the persons and places go, alone or with others
                let some = objects.iter().filter(|_| random().is_multiple_of(2));
                let mut ids: Vec<String> =
                    some.filter_map(|it| it["id"].as_str().map(ToOwned::to_owned)).collect();
                if ids.is_empty() {
                    ids.push(id(case, 1, "identity"));
                }
                let before = course.lost.clone();
                let masked = course.masked.clone();
                let Some((all, went)) = pouch(&pair, ids).await? else { continue };
                let preview = last_preview(&pair).await?;
                let held: BTreeMap<String, String> = objects
                    .iter()
                    .filter_map(|it| Some((it["id"].as_str()?.to_owned(), texts(it))))
                    .collect();
                course.note(case, &preview, &held, &secrets);
                let all = read(&all, &went);
                for at in LASTING.into_iter().filter(|at| course.lost.contains(at)) {
                    course.looked_for.0 += u64::from(before.contains(&at));
                    for stretch in telling(&secrets[at]) {
                        let around = all.iter().find_map(|text| stands(&stretch, text, &free));
                        assert!(
                            around.is_none(),
                            "case {case}, release {round}: `{stretch}` of secret {at}, `{}`, in {around:?}",
                            secrets[at]
                        );
                    }
                }
                must_stay_masked(&pair, &went, &masked, &secrets, &free, &mut course).await?;
            }
            looked_for.0 += course.looked_for.0;
            looked_for.1 += course.looked_for.1;
        }
    }
    // otherwise the test would promise nothing
    assert!(looked_for.0 > 40 && looked_for.1 > 60, "{looked_for:?}");
    Ok(())
}

/// Nothing stands in an object of a release that was masked in an earlier version of it.
async fn must_stay_masked(
    pair: &Pair,
    went: &str,
    masked: &BTreeMap<String, BTreeSet<usize>>,
    secrets: &[String],
    free: &BTreeSet<String>,
    course: &mut Course,
) -> Result<()> {
    let lines: Vec<Value> =
        went.lines().map(serde_json::from_str).collect::<std::result::Result<_, _>>()?;
    let ids = lines.iter().filter_map(|it| it["id"].as_str().map(ToOwned::to_owned)).collect();
    let known = pair.us.node.store().derivatives_known_as(ids).await?;
    for line in &lines {
        let Some(derivative) = known.iter().find(|it| line["id"] == it.derived.as_str()) else {
            continue;
        };
        for at in masked.get(&derivative.original).into_iter().flatten() {
            course.looked_for.1 += 1;
            let text = texts(line);
            for stretch in telling(&secrets[*at]) {
                let around = stands(&stretch, &text, free);
                assert!(
                    around.is_none(),
                    "`{stretch}` of secret {at}, `{}`, in {around:?} of {}, which was masked there",
                    secrets[*at],
                    derivative.original
                );
            }
        }
    }
    Ok(())
}

/// New versions of some of the objects, in some of which the secrets stand in other places.
async fn renew(
    pair: &Pair,
    objects: &mut [Value],
    secrets: &[String],
    round: usize,
    random: &mut impl FnMut() -> u64,
) -> Result<()> {
    let mut new = Vec::new();
    for object in objects.iter_mut().filter(|it| it.get("modified").is_some()) {
        if !random().is_multiple_of(3) {
            continue;
        }
        object["modified"] = json!(format!("2027-01-1{round}T08:00:00.000Z"));
        let stix_type = object["type"].as_str().unwrap_or_default().to_owned();
        if stix_type == "identity" && object["identity_class"] == "individual" {
            // what it loses is another one from now on
            object["description"] = json!("said nothing");
        } else if stix_type != "location" {
            plant(object, secrets, random);
        }
        new.push(object.clone());
    }
    pair.us.hold(&lines(&new)).await?;
    Ok(())
}
