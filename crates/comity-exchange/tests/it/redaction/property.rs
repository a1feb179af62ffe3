//! Random originals under random terms: nothing of what is redacted is in the pouch, and all that is in it is valid.

use std::collections::BTreeSet;
use std::io::Read as _;

use comity_exchange::compose::Selection;
use comity_exchange::dispatch::{DispatchState, dispatch};
use comity_model::release::OBJECTS;
use comity_pouch::{Limits, PouchReader};
use comity_stix::sample::{Fill, Sampler};
use comity_testkit::{AgreementText, CLAUSE, LoopCourier, Pair, Result, pair_with};
use proptest::strategy::{Strategy, ValueTree as _};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::{Value, json};

use super::{lines, secret};

/// Releases under each of the terms.
const CASES: u64 = 16;

/// Numbers spread over all of 64 bits. `COMITY_SEED` chooses others.
pub(super) fn numbers(case: u64) -> impl FnMut() -> u64 {
    let seed = std::env::var("COMITY_SEED").ok().and_then(|it| it.parse().ok()).unwrap_or(1_u64);
    let mut state = seed.rotate_left(32) ^ case;
    move || {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}

/// The terms, which all hide the name of a person, its contact and its description, the addresses of sources, the
/// authors of notes, who become pseudonyms as persons do, and the city of places.
pub(super) fn terms() -> [AgreementText; 4] {
    let hides = [
        "identity.contact_information",
        "identity.description",
        "location.city",
        "location.name",
        "report.external_references.url",
    ];
    let listed = |more: &[&str]| json!(hides.iter().chain(more).collect::<Vec<_>>()).to_string();
    let kinds = r#"["identity", "indicator", "location", "note", "observed-data", "relationship", "report", "url"]"#;
    let text = |redact: String, clause: &str| AgreementText {
        kinds: kinds.to_owned(),
        redact,
        clause: clause.to_owned(),
        ..AgreementText::default()
    };
    [
        text(listed(&[]), "persons = \"pseudonym\""),
        text(
            listed(&["report.description", "note.abstract"]),
            "persons = \"pseudonym\"\nprecision = { time = \"day\" }",
        ),
        text(
            listed(&["indicator.name"]),
            "persons = \"pseudonym\"\nprecision = { location = \"country\", time = \"day\" }",
        ),
        text(listed(&["report.labels"]), "persons = \"pseudonym\"\ndescriptions = \"withhold\""),
    ]
}

/// Words that everybody uses, which are no secrets: among those that the software leaves alone.
pub(super) const COMMON: [&str; 6] = ["the", "laboratory", "informe", "sobre", "night", "de"];

/// What people write: words of letters in both cases, with accents, and of digits, some of them common. No word is one of
/// a language.
pub(super) fn ordinary() -> impl Strategy<Value = String> {
    let letters: Vec<char> = "bcdfghjklmnpqrstvwxz\u{f1}\u{e1}\u{e9}\u{ed}\u{f3}\u{fa}BCDFGHJKLMNPQRSTVWXZ\u{c1}\u{d1}0123456789".chars().collect();
    let word = proptest::collection::vec(proptest::sample::select(letters), 5..14)
        .prop_map(String::from_iter);
    let word = proptest::prop_oneof![4 => word, 1 => proptest::sample::select(&COMMON[..]).prop_map(ToOwned::to_owned)];
    let first = proptest::string::string_regex("[b-df-hj-np-tv-xz]{6,9}").expect("a pattern");
    let mark = proptest::sample::select(vec![" ", " ", " ", ", ", "-", ": "]);
    (first, proptest::collection::vec((mark, word), 1..7)).prop_map(|(first, rest)| {
        rest.into_iter().fold(first, |text, (mark, word)| text + mark + &word)
    })
}

/// As the test compares texts, by itself: lower case, without the accents of Spanish.
fn plain(text: &str) -> String {
    let bare = |it: char| match it {
        '\u{e1}' => 'a',
        '\u{e9}' => 'e',
        '\u{ed}' => 'i',
        '\u{f3}' => 'o',
        '\u{fa}' => 'u',
        '\u{f1}' => 'n',
        it => it,
    };
    text.to_lowercase().chars().map(bare).collect()
}

/// Every six characters of a secret that must be nowhere: those within common words tell nothing.
pub(super) fn telling(secret: &str) -> Vec<String> {
    let chars: Vec<char> = plain(secret).chars().collect();
    let mut is_common = vec![true; chars.len()];
    let mut start = 0;
    for word in chars.split(|it| !it.is_alphanumeric()) {
        let text = String::from_iter(word);
        is_common[start..start + word.len()].fill(COMMON.contains(&text.as_str()));
        start += word.len() + 1;
    }
    // escapes of JSON alone are everywhere
    let says = |six: &[char]| six.iter().any(|it| !matches!(it, '"' | '\\' | ' ' | ','));
    let stretches = chars.windows(6).zip(is_common.windows(6));
    let telling = stretches.filter(|(six, common)| says(six) && !common.iter().all(|it| *it));
    telling.map(|(six, _)| String::from_iter(six)).collect()
}

/// The words of a text.
fn words(text: &str) -> Vec<String> {
    let words = text.split(|it: char| !it.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(ToOwned::to_owned).collect()
}

/// The first place of a stretch in a text with the words around it, unless it is only of words that are free.
pub(super) fn stands(stretch: &str, text: &str, free: &BTreeSet<String>) -> Option<String> {
    text.match_indices(stretch).find_map(|(at, _)| {
        let (before, rest) = text.split_at(at);
        let (within, after) = rest.split_at(stretch.len());
        let is_end = |it: char| !it.is_alphanumeric();
        let left = before.rsplit(is_end).next().unwrap_or_default();
        let right = after.split(is_end).next().unwrap_or_default();
        let touched = format!(
            "{}{within}{}",
            if within.starts_with(is_end) { "" } else { left },
            if within.ends_with(is_end) { "" } else { right }
        );
        (!words(&touched).iter().all(|word| free.contains(word))).then_some(touched)
    })
}

/// As somebody else would write it: in capitals, with other white space, or as it is.
fn retold(text: &str, how: u64) -> String {
    match how % 3 {
        0 => text.to_uppercase(),
        1 => format!("\u{201c}{}\u{201d}", text.replace(' ', " \n ")),
        _ => text.to_owned(),
    }
}

/// Some of a secret, six characters at least, cut anywhere.
fn part_of(secrets: &[String], random: &mut impl FnMut() -> u64) -> String {
    let mut below = |end: usize| usize::try_from(random() % end.max(1) as u64).unwrap_or(0);
    let chars: Vec<char> = secrets[below(secrets.len())].chars().collect();
    let start = below(chars.len() - 5);
    let length = 6 + below(chars.len() - start - 5);
    chars[start..start + length].iter().collect()
}

/// Writes one of the secrets, or a part of one, into some of the texts of an object that people write, within words and
/// beside them, into the names of files in patterns and into addresses.
pub(super) fn plant(object: &mut Value, secrets: &[String], random: &mut impl FnMut() -> u64) {
    const TEXTS: [&str; 8] = [
        "abstract",
        "content",
        "description",
        "labels",
        "name",
        "explanation",
        "url",
        "source_name",
    ];
    match object {
        Value::Object(members) => {
            for (key, member) in members.iter_mut() {
                let text = TEXTS.contains(&key.as_str());
                if let Value::String(said) = member
                    && (text || key == "pattern")
                    && random().is_multiple_of(3)
                {
                    let part = part_of(secrets, random);
                    let at = usize::try_from(random()).unwrap_or(0) % secrets.len();
                    match key.as_str() {
                        "pattern" if !part.contains(['\'', '\\', '"']) => {
                            *said = format!("[file:name = 'a{part}']");
                        }
                        "url" if part.chars().all(|it| it.is_ascii_alphanumeric()) => {
                            *said = format!("https://example.org/a{part}/b");
                        }
                        "pattern" | "url" => {}
                        _ if random().is_multiple_of(3) => {
                            let told = retold(&secrets[at], random());
                            *said = format!("{said} {told}, {told}.");
                        }
                        _ => {
                            let told = retold(&part, random());
                            *said = format!("{said} about{told}x, {told}.");
                        }
                    }
                } else {
                    plant(member, secrets, random);
                }
            }
        }
        Value::Array(elements) => elements.iter_mut().for_each(|it| plant(it, secrets, random)),
        _ => {}
    }
}

/// Originals that hold every secret where it is redacted, and some of them elsewhere.
/// Second, the words that stand in them before any secret does.
pub(super) fn originals(
    case: u64,
    secrets: &[String],
    random: &mut impl FnMut() -> u64,
) -> (Vec<Value>, BTreeSet<String>) {
    let id = |stix_type: &str, number: u64| {
        format!("{stix_type}--5d0b6f1e-3c0e-4e59-8a52-{case:08x}{number:04x}")
    };
    let whole =
        |stix_type: &str, number: u64, more: Value| super::object(&id(stix_type, number), more);
    let person = id("identity", 1);
    let mut all = vec![
        whole(
            "identity",
            1,
            json!({
                "name": secrets[0], "identity_class": "individual", "contact_information": secrets[1],
                "description": secrets[2],
            }),
        ),
        whole(
            "report",
            2,
            json!({
                "name": "A report", "published": "2026-01-10T08:00:01Z", "object_refs": [person, id("note", 3)],
                "external_references": [{ "source_name": "a source", "url": format!("https://example.org/{case}/{}", secrets[3].len()) }],
            }),
        ),
        whole(
            "note",
            3,
            json!({ "content": "A note", "object_refs": [person], "authors": [secrets[4], "x"] }),
        ),
        whole(
            "location",
            4,
            json!({ "name": secrets[5], "city": secrets[3], "country": "MX", "administrative_area": "MX-COL" }),
        ),
        whole(
            "relationship",
            5,
            json!({
                "relationship_type": "located-at", "source_ref": person, "target_ref": id("location", 4),
                "start_time": "2026-01-10T08:00:01Z", "stop_time": "2026-01-10T09:00:01Z",
            }),
        ),
    ];
    let names = ["identity", "indicator", "location", "note", "relationship", "report", "url"];
    for number in 6..12 {
        let at = usize::try_from(random()).unwrap_or(0) % names.len();
        let fill = if random().is_multiple_of(2) { Fill::Some } else { Fill::Most };
        let Some(type_) = comity_stix::types::find(names[at]) else { continue };
        let mut object = Sampler::new(numbers(random())).object(type_, fill);
        object["id"] = json!(id(names[at], number));
        // markings nobody holds would withhold everything
        if let Some(members) = object.as_object_mut() {
            members.retain(|key, _| key != "object_marking_refs" && key != "granular_markings");
            if members.contains_key("description") && random().is_multiple_of(2) {
                let marking = json!([{ "lang": "es", "selectors": ["description"] }]);
                members.insert("granular_markings".to_owned(), marking);
            }
        }
        all.push(object);
    }
    let spoken = all.iter().skip(5).flat_map(|it| words(&plain(&it.to_string()))).collect();
    for object in &mut all {
        if object["type"] == "note" {
            let text = part_of(secrets, random);
            object["extensions"] = json!({
                "extension-definition--5d0b6f1e-3c0e-4e59-8a52-6d1f0c6e2b21": {
                    "extension_type": "property-extension", "remarks": [{ "text": format!("see{text}") }],
                },
            });
        }
    }
    // the person and the place hold the secrets alone: planted there, they would be other values
    let hold = [id("identity", 1), id("location", 4)];
    for object in all.iter_mut().filter(|it| hold.iter().all(|id| it["id"] != id.as_str())) {
        plant(object, secrets, random);
    }
    (all, spoken)
}

/// Every byte of every part of the pouch that comes of a release, opened with the partner's key, and the objects in it.
pub(super) async fn pouch(pair: &Pair, ids: Vec<String>) -> Result<Option<(Vec<u8>, String)>> {
    match pair.us.release(&pair.mx, CLAUSE, Selection::Ids(ids), 1).await {
        Ok(_) => {}
        Err(error) if error.to_string().starts_with("nothing of the selection") => return Ok(None),
        Err(error) => return Err(error),
    }
    let courier = LoopCourier::new(&pair.us, &pair.mx);
    dispatch(&pair.us.node, &courier, pair.mx.node.root(), &mut DispatchState::default()).await?;
    let keys = pair.mx.serve_keys()?;
    let (mut all, mut objects) = (Vec::new(), String::new());
    for row in pair.mx.node.store().received(10).await? {
        let file = pair.mx.node.spool().open(&row.digest)?;
        let mut pouch = PouchReader::open(file, &[&keys.seal], &Limits::default())?;
        let statement = comity_pouch::Envelope::parse(pouch.statement())?;
        all.extend_from_slice(statement.unverified_payload());
        all.extend_from_slice(pouch.proof()?);
        while let Some(mut part) = pouch.next_part()? {
            let name = part.name().to_owned();
            let mut bytes = Vec::new();
            part.read_to_end(&mut bytes)?;
            if name == OBJECTS {
                objects.push_str(std::str::from_utf8(&bytes)?);
            }
            all.extend(bytes);
        }
    }
    pair.mx.round().await?;
    Ok(Some((all, objects)))
}

/// Every string in the bytes of a pouch, as the test compares it, and the bytes themselves.
pub(super) fn read(all: &[u8], objects: &str) -> Vec<String> {
    let mut texts = vec![plain(&String::from_utf8_lossy(all))];
    for line in objects.lines() {
        let _ = comity_stix::edit::each_string(line.as_bytes(), |_, raw| {
            if let Some(text) = comity_stix::json::decode(raw) {
                texts.push(plain(&text));
            }
        });
    }
    texts
}

#[tokio::test(flavor = "multi_thread")]
async fn owner_decides_nothing_of_a_redacted_value_is_anywhere_in_a_pouch_and_all_in_it_is_valid()
-> Result<()> {
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let (mut sent, mut masked, mut looked_for) = (0_u64, 0_u64, [0_u64; 6]);
    for (number, terms) in (0_u64..).zip(terms()) {
        let pair = pair_with(&terms).await?;
        for case in number * CASES..(number + 1) * CASES {
            let mut random = numbers(case);
            let mut secrets = Vec::new();
            for _ in 0..6 {
                // every fourth release has secrets of other scripts
                secrets.push(if case.is_multiple_of(4) {
                    secret().new_tree(&mut runner).map_err(|error| error.to_string())?.current()
                } else {
                    ordinary().new_tree(&mut runner).map_err(|error| error.to_string())?.current()
                });
            }
            let (objects, mut free) = originals(case, &secrets, &mut random);
            free.extend(COMMON.map(ToOwned::to_owned));
            pair.us.hold(&lines(&objects)).await?;
            let ids = objects.iter().filter_map(|it| it["id"].as_str().map(ToOwned::to_owned));
            let Some((all, objects)) = pouch(&pair, ids.collect()).await? else { continue };
            let texts = read(&all, &objects);
            let release = pair.us.node.store().releases(1).await?.remove(0);
            let preview = pair.us.node.store().preview(release.record.release).await?;
            let redacted = |number: u64, stix_type: &str| {
                let id = format!("{stix_type}--5d0b6f1e-3c0e-4e59-8a52-{case:08x}{number:04x}");
                preview.iter().any(|line| line.id == id && !line.redacted.is_empty())
            };
            // what an object that stays would have lost is not redacted: nothing of it is released
            let person = redacted(1, "identity");
            let (note, place) = (redacted(3, "note"), redacted(4, "location"));
            let lost = [person, person, person, place, note, place];
            for (which, secret) in secrets.iter().enumerate().filter(|(at, _)| lost[*at]) {
                looked_for[which] += 1;
                for stretch in telling(secret) {
                    let around = texts.iter().find_map(|text| stands(&stretch, text, &free));
                    assert!(
                        around.is_none(),
                        "case {case}: `{stretch}` of secret {which}, `{secret}`, in {around:?}"
                    );
                }
            }
            for line in objects.lines() {
                let report = comity_stix::check(line.as_bytes(), &comity_stix::Limits::default());
                assert!(report.is_valid(), "case {case}: {:?} of {line}", report.findings);
                sent += 1;
                masked += u64::from(line.contains("[…]") || line.contains("person-"));
            }
        }
    }
    // otherwise the test would promise nothing
    assert!(sent > 64 * 4 && masked > 64, "{sent} objects, {masked} with a value replaced");
    assert!(looked_for.iter().all(|times| *times > 16), "{looked_for:?}");
    Ok(())
}
