//! Random originals under random terms: nothing of what is redacted is in the pouch, and all that is in it is valid.

use std::io::Read as _;

use comity_exchange::compose::Selection;
use comity_exchange::dispatch::{DispatchState, dispatch};
use comity_model::release::OBJECTS;
use comity_pouch::{Limits, PouchReader};
use comity_stix::sample::{Fill, Sampler};
use comity_testkit::{AgreementText, CLAUSE, LoopCourier, Pair, Result, pair_with};
use proptest::strategy::{Strategy as _, ValueTree as _};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::{Value, json};

use super::{lines, secret};

/// Releases under each of the terms.
const CASES: u64 = 16;

/// Numbers spread over all of 64 bits. `COMITY_SEED` chooses others.
fn numbers(case: u64) -> impl FnMut() -> u64 {
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
/// authors of notes and the city of places.
fn terms() -> [AgreementText; 4] {
    let hides = [
        "identity.contact_information",
        "identity.description",
        "location.city",
        "location.name",
        "note.authors",
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

/// As somebody else would write it: in capitals, with other white space, or as it is.
fn retold(text: &str, how: u64) -> String {
    match how % 3 {
        0 => text.to_uppercase(),
        1 => format!("\u{201c}{}\u{201d}", text.replace(' ', " \n ")),
        _ => text.to_owned(),
    }
}

/// A quotation of a secret that stands for itself, or one word of the first, which is a name; nothing of what is too short
/// to be one.
fn part_of(secrets: &[String], random: &mut impl FnMut() -> u64) -> Option<String> {
    let mut below = |end: usize| usize::try_from(random()).unwrap_or(0) % end.max(1);
    if below(2) == 0 {
        let words = secrets[0].split(|it: char| !it.is_alphanumeric());
        // a letter in one case may be two in another
        let words: Vec<&str> = words.filter(|word| word.chars().count() >= 6).collect();
        return words.get(below(words.len())).map(|word| format!(" {word} "));
    }
    let secret = &secrets[below(secrets.len())];
    let ends: Vec<usize> = secret
        .char_indices()
        .filter(|(_, it)| !it.is_alphanumeric())
        .map(|(at, _)| at)
        .chain([secret.len()])
        .collect();
    let start = below(ends.len());
    let part = secret.get(*ends.get(start)?..*ends.get(start + below(ends.len() - start))?)?;
    let words: Vec<&str> =
        part.split(|it: char| !it.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let quoted = words.len() >= 4 || words.join(" ").chars().count() >= 24;
    quoted.then(|| format!(" {part} "))
}

/// Writes one of the secrets into some of the texts of an object that people write.
fn plant(object: &mut Value, secrets: &[String], random: &mut impl FnMut() -> u64) {
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
                    && text
                    && key != "url"
                    && random().is_multiple_of(3)
                {
                    let at = usize::try_from(random()).unwrap_or(0) % secrets.len();
                    let part =
                        if random().is_multiple_of(2) { part_of(secrets, random) } else { None };
                    let told = retold(part.as_ref().unwrap_or(&secrets[at]), random());
                    *said = format!("{said} {told}, {told}.");
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
fn originals(case: u64, secrets: &[String], random: &mut impl FnMut() -> u64) -> Vec<Value> {
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
    // the person and the place hold the secrets alone: planted there, they would be other values
    let hold = [id("identity", 1), id("location", 4)];
    for object in all.iter_mut().filter(|it| hold.iter().all(|id| it["id"] != id.as_str())) {
        plant(object, secrets, random);
    }
    all
}

/// Every byte of every part of the pouch that comes of a release, opened with the partner's key, and the objects in it.
async fn pouch(pair: &Pair, ids: Vec<String>) -> Result<Option<(Vec<u8>, String)>> {
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

/// Every string in the bytes of a pouch, as people read it, and the bytes themselves.
fn read(all: &[u8], objects: &str) -> Vec<String> {
    let mut texts = vec![String::from_utf8_lossy(all).to_lowercase()];
    for line in objects.lines() {
        let _ = comity_stix::edit::each_string(line.as_bytes(), |_, raw| {
            if let Some(text) = comity_stix::json::decode(raw) {
                texts.push(text.to_lowercase());
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
                let tree = secret().new_tree(&mut runner).map_err(|error| error.to_string())?;
                secrets.push(tree.current());
            }
            let objects = originals(case, &secrets, &mut random);
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
                let chars: Vec<char> = secret.to_lowercase().chars().collect();
                // escapes of JSON alone are everywhere
                let telling = |six: &&[char]| six.iter().any(|it| !matches!(it, '"' | '\\'));
                for stretch in chars.windows(6).filter(telling).map(String::from_iter) {
                    let found = texts.iter().find(|text| text.contains(&stretch));
                    assert!(
                        found.is_none(),
                        "case {case}: `{stretch}` of secret {which}, `{secret}`, in {found:?}"
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
