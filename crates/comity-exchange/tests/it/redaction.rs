//! Redaction: what is taken out is nowhere in what the partner gets, and neither are the originals' ids.

use std::collections::BTreeMap;
use std::io::Read as _;

use base64::Engine as _;
use comity_exchange::compose::{Composed, Selection};
use comity_exchange::dispatch::{DispatchState, dispatch};
use comity_exchange::ports::{PartContent, Verdict};
use comity_model::release::{MANIFEST, OBJECTS};
use comity_pouch::{Limits, PouchReader};
use comity_testkit::{AgreementText, CLAUSE, LoopCourier, Pair, Result, pair, pair_with, pump};
use jiff::SignedDuration;
use proptest::strategy::{Strategy, ValueTree as _};
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value, json};

mod beyond;
mod fragments;
mod ids;
mod later;
mod ordinary;
mod places;
mod property;
mod releases;

const PERSON: &str = "identity--5d0b6f1e-3c0e-4e59-8a52-000000000001";
const OTHER: &str = "identity--5d0b6f1e-3c0e-4e59-8a52-000000000002";
const LINK: &str = "relationship--5d0b6f1e-3c0e-4e59-8a52-000000000003";
const REPORT: &str = "report--5d0b6f1e-3c0e-4e59-8a52-000000000004";
const NOTE: &str = "note--5d0b6f1e-3c0e-4e59-8a52-000000000005";

fn object(id: &str, more: Value) -> Value {
    let stix_type = id.split_once("--").map_or("", |(stix_type, _)| stix_type);
    let mut object = json!({
        "type": stix_type, "spec_version": "2.1", "id": id,
        "created": "2026-01-10T08:00:00.000Z", "modified": "2026-01-10T08:00:00.000Z",
    });
    if let (Some(members), Value::Object(more)) = (object.as_object_mut(), more) {
        members.extend(more);
    }
    object
}

fn person(id: &str, contact: &str) -> Value {
    let more = json!({ "name": "An importer", "identity_class": "organization", "contact_information": contact });
    object(id, more)
}

fn lines(objects: &[Value]) -> String {
    objects.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

async fn compose(pair: &Pair, ids: &[&str]) -> Result<Composed> {
    let ids = ids.iter().map(|&id| id.to_owned()).collect();
    pair.us.compose(&pair.mx, CLAUSE, Selection::Ids(ids)).await
}

/// A part of a release, as text.
fn part(composed: &Composed, name: &str) -> Result<String> {
    let part = composed.release.parts.iter().find(|part| part.name == name).ok_or("no part")?;
    match &part.content {
        PartContent::Inline(bytes) => Ok(String::from_utf8(bytes.clone())?),
        PartContent::Blob(_) => Err("a large part".into()),
    }
}

/// The objects of a release by their type.
fn objects(composed: &Composed) -> Result<BTreeMap<String, Value>> {
    let text = part(composed, OBJECTS)?;
    let values = text.lines().map(serde_json::from_str::<Value>);
    let by_type =
        values.map(|value| value.map(|it| (it["type"].as_str().unwrap_or("").to_owned(), it)));
    Ok(by_type.collect::<std::result::Result<_, _>>()?)
}

/// Sends what was composed, and gives every byte that the partner can read in it: the pouch opened with its key, and what
/// it then holds.
async fn all_that_the_partner_has(pair: &Pair, composed: &Composed) -> Result<Vec<u8>> {
    comity_exchange::approve::approve(&pair.us.node, &composed.release, &pair.us.officers[0])
        .await?;
    let folio = composed.release.record.folio.to_string();
    let row = comity_exchange::approve::find_release(&pair.us.node, &folio).await?;
    comity_exchange::seal::seal(&pair.us.node, &row).await?;
    let courier = LoopCourier::new(&pair.us, &pair.mx);
    let mut state = DispatchState::default();
    dispatch(&pair.us.node, &courier, pair.mx.node.root(), &mut state).await?;
    let keys = pair.mx.serve_keys()?;
    let mut all = Vec::new();
    for row in pair.mx.node.store().received(10).await? {
        let file = pair.mx.node.spool().open(&row.digest)?;
        let mut pouch = PouchReader::open(file, &[&keys.seal], &Limits::default())?;
        let statement: Value = serde_json::from_slice(pouch.statement())?;
        let payload = statement["payload"].as_str().ok_or("no payload")?;
        all.extend(base64::engine::general_purpose::STANDARD.decode(payload)?);
        all.extend_from_slice(pouch.proof()?);
        while let Some(mut part) = pouch.next_part()? {
            part.read_to_end(&mut all)?;
        }
    }
    pair.mx.round().await?;
    for holding in pair.mx.node.store().holdings(all_of_it()).await?.holdings {
        all.extend(format!("{holding:?}").into_bytes());
        all.extend(holding.bytes);
    }
    Ok(all)
}

fn all_of_it() -> comity_exchange::ports::HoldingQuery {
    comity_exchange::ports::HoldingQuery { limit: 1_000, ..Default::default() }
}

fn holds(haystack: &[u8], needle: &str) -> bool {
    haystack.windows(needle.len()).any(|window| window == needle.as_bytes())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_redacted_property_and_the_originals_ids_are_nowhere_in_the_pouch() -> Result<()> {
    let pair = pair().await?;
    let link =
        json!({ "relationship_type": "related-to", "source_ref": PERSON, "target_ref": OTHER });
    let report = json!({ "name": "A report", "published": "2026-01-10T08:00:00Z", "object_refs": [PERSON, OTHER, LINK] });
    pair.us
        .hold(&lines(&[
            person(PERSON, "call 555-0100 after dark"),
            object(OTHER, json!({ "name": "Another", "identity_class": "organization" })),
            object(LINK, link),
            object(REPORT, report),
        ]))
        .await?;
    let composed = compose(&pair, &[PERSON, OTHER, LINK, REPORT]).await?;
    let verdicts: Vec<Verdict> = composed.preview.iter().map(|line| line.verdict).collect();
    // what names the derivative is one itself; what names nothing of it goes as it is
    assert_eq!(
        verdicts,
        [Verdict::Redacted, Verdict::Released, Verdict::Redacted, Verdict::Redacted]
    );
    assert_eq!(composed.preview[0].redacted, ["contact_information"]);

    let objects = objects(&composed)?;
    let derived = objects["relationship"]["source_ref"].clone();
    assert_eq!(objects["relationship"]["target_ref"], OTHER);
    let relationship = objects["relationship"]["id"].clone();
    assert_eq!(objects["report"]["object_refs"], json!([derived, OTHER, relationship]));
    let all = all_that_the_partner_has(&pair, &composed).await?;
    assert!(holds(&all, derived.as_str().ok_or("no id")?));
    for hidden in [PERSON, LINK, REPORT, "555-0100", "after dark"] {
        assert!(!holds(&all, hidden), "`{hidden}` crossed");
    }
    assert!(holds(&all, OTHER));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_original_has_the_same_derivative_and_modified_moves_with_its_content()
-> Result<()> {
    let pair = pair().await?;
    pair.us.hold(&lines(&[person(PERSON, "first")])).await?;
    let first = objects(&compose(&pair, &[PERSON]).await?)?["identity"].clone();
    pair.clock.advance(SignedDuration::from_hours(1));
    let again = objects(&compose(&pair, &[PERSON]).await?)?["identity"].clone();
    assert_eq!(first, again, "nothing changed, so nothing moves");

    // what changed is taken out: to the partner nothing changed
    let mut hidden = person(PERSON, "second");
    hidden["modified"] = json!("2026-01-11T08:00:00.000Z");
    pair.us.hold(&lines(&[hidden])).await?;
    let third = objects(&compose(&pair, &[PERSON]).await?)?["identity"].clone();
    assert_eq!(first, third);

    let mut seen = person(PERSON, "second");
    seen["modified"] = json!("2026-01-12T08:00:00.000Z");
    seen["name"] = json!("The importer, renamed");
    pair.us.hold(&lines(&[seen])).await?;
    let fourth = objects(&compose(&pair, &[PERSON]).await?)?["identity"].clone();
    assert_eq!((&fourth["id"], &fourth["created"]), (&first["id"], &first["created"]));
    assert!(fourth["modified"].as_str() > first["modified"].as_str());
    let identity = &pair.us.descriptor()?.identity;
    let own: Value = serde_json::from_str(identity.get())?;
    assert_eq!(fourth["created_by_ref"], own["id"]);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_object_that_went_as_a_derivative_once_always_does() -> Result<()> {
    let pair = pair().await?;
    pair.us.hold(&lines(&[person(PERSON, "first")])).await?;
    let first = objects(&compose(&pair, &[PERSON]).await?)?["identity"].clone();
    // the next version has nothing to take out
    let mut clean =
        object(PERSON, json!({ "name": "An importer", "identity_class": "organization" }));
    clean["modified"] = json!("2026-01-11T08:00:00.000Z");
    pair.us.hold(&lines(&[clean])).await?;
    let next = compose(&pair, &[PERSON]).await?;
    assert_eq!(next.preview[0].verdict, Verdict::Redacted);
    assert_eq!(objects(&next)?["identity"]["id"], first["id"]);
    assert!(!part(&next, OBJECTS)?.contains(PERSON) && !part(&next, MANIFEST)?.contains(PERSON));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_red_line_withholds_with_its_reason_and_what_needs_it_is_withheld_too() -> Result<()> {
    let pair = pair().await?;
    let mut minor = person(PERSON, "nothing");
    minor["labels"] = json!(["minor"]);
    let link =
        json!({ "relationship_type": "related-to", "source_ref": PERSON, "target_ref": OTHER });
    let report = json!({ "name": "A report", "published": "2026-01-10T08:00:00Z", "object_refs": [PERSON, OTHER] });
    let note = json!({ "content": "About the link", "object_refs": [LINK] });
    pair.us
        .hold(&lines(&[
            minor,
            object(OTHER, json!({ "name": "Another", "identity_class": "organization" })),
            object(LINK, link),
            object(REPORT, report),
            object(NOTE, note),
        ]))
        .await?;
    let composed = compose(&pair, &[PERSON, OTHER, LINK, REPORT, NOTE]).await?;
    let reasons: Vec<(Verdict, &str)> = composed
        .preview
        .iter()
        .map(|line| (line.verdict, line.reasons.first().map_or("", |reason| reason.code.as_str())))
        .collect();
    assert_eq!(
        reasons,
        [
            (Verdict::Withheld, "red-line"),
            (Verdict::Released, ""),
            (Verdict::Withheld, "dangling-reference"),
            (Verdict::Redacted, ""),
            (Verdict::Withheld, "dangling-reference"),
        ]
    );
    assert_eq!(composed.preview[0].policies, ["red-line:1"]);
    let reason = composed.preview[0].reasons.first().ok_or("no reason")?;
    assert_eq!((reason.policy.as_str(), reason.text.is_empty()), ("red-line:1", false));
    assert_eq!(objects(&composed)?["report"]["object_refs"], json!([OTHER]));
    let all = all_that_the_partner_has(&pair, &composed).await?;
    for hidden in [PERSON, LINK, NOTE, REPORT] {
        assert!(!holds(&all, hidden), "`{hidden}` crossed");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn owner_decides_an_id_of_what_stays_does_not_leave_in_somebody_elses_text() -> Result<()> {
    let pair = pair().await?;
    let mut minor = person(OTHER, "nothing");
    minor["labels"] = json!(["minor"]);
    let shouted = PERSON.to_ascii_uppercase().replace("IDENTITY", "identity");
    let plain = json!({ "content": format!("compare with {OTHER}."), "object_refs": [REPORT] });
    let report = json!({ "name": format!("About {shouted}"), "published": "2026-01-10T08:00:00Z", "object_refs": [PERSON] });
    let link =
        json!({ "relationship_type": "related-to", "source_ref": REPORT, "target_ref": PERSON });
    pair.us
        .hold(&lines(&[
            person(PERSON, "hidden"),
            minor,
            object(REPORT, report),
            object(NOTE, plain),
            object(LINK, link),
        ]))
        .await?;
    let composed = compose(&pair, &[PERSON, OTHER, REPORT, NOTE, LINK]).await?;
    let codes: Vec<&str> = composed
        .preview
        .iter()
        .map(|line| line.reasons.first().map_or("", |reason| reason.code.as_str()))
        .collect();
    // the report names one in its text; the note would dangle, and so would the link
    assert_eq!(codes[..3], ["", "red-line", "original-id"]);
    assert!(codes[3..].iter().all(|code| !code.is_empty()), "{codes:?}");
    assert_eq!(composed.release.record.objects, 1);
    let all = all_that_the_partner_has(&pair, &composed).await?;
    for hidden in [PERSON, OTHER, REPORT, NOTE, LINK, &shouted] {
        assert!(!holds(&all, hidden), "`{hidden}` crossed");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_too_large_for_the_partner_takes_what_needs_it_with_it() -> Result<()> {
    let clock = comity_testkit::TestClock::at("2026-03-01T10:00:00Z".parse()?);
    let us = comity_testkit::Party::new("us", &clock, false).await?;
    let mx = comity_testkit::Party::with("mx", &clock, |it| it.limits.object = 2_000).await?;
    comity_testkit::agree(&us, &mx, &AgreementText::default()).await?;
    let pair = Pair { us, mx, clock };
    let large = json!({ "name": "n".repeat(3_000), "identity_class": "organization" });
    let link =
        json!({ "relationship_type": "related-to", "source_ref": OTHER, "target_ref": PERSON });
    let report = json!({ "name": "A report", "published": "2026-01-10T08:00:00Z", "object_refs": [PERSON, OTHER] });
    let plain = json!({ "name": "Small", "identity_class": "organization" });
    pair.us
        .hold(&lines(&[
            object(OTHER, large),
            object(PERSON, plain),
            object(LINK, link),
            object(REPORT, report),
        ]))
        .await?;
    let composed = compose(&pair, &[OTHER, PERSON, LINK, REPORT]).await?;
    let verdicts: Vec<Verdict> = composed.preview.iter().map(|line| line.verdict).collect();
    assert_eq!(
        verdicts,
        [Verdict::Withheld, Verdict::Released, Verdict::Withheld, Verdict::Redacted]
    );
    assert_eq!(objects(&composed)?["report"]["object_refs"], json!([PERSON]));
    assert!(!part(&composed, OBJECTS)?.contains(OTHER));
    Ok(())
}

/// Text in which every stretch of six characters is worth hiding: nothing else in a release could have it by chance.
fn secret() -> impl Strategy<Value = String> {
    proptest::collection::vec(
        proptest::char::ranges(
            vec!['\u{4e00}'..='\u{9fff}', 'Α'..='ω', '"'..='"', '\\'..='\\'].into(),
        ),
        6..60,
    )
    .prop_map(String::from_iter)
}

#[tokio::test(flavor = "multi_thread")]
async fn owner_decides_no_stretch_of_a_redacted_value_is_in_what_the_partner_holds() -> Result<()> {
    let redact = r#"["identity.contact_information", "identity.description", "report.external_references.url", "note.authors"]"#;
    let terms = AgreementText { redact: redact.to_owned(), ..AgreementText::default() };
    let mut runner = TestRunner::new_with_rng(
        Config::default(),
        proptest::test_runner::TestRng::deterministic_rng(
            proptest::test_runner::RngAlgorithm::ChaCha,
        ),
    );
    for _ in 0..6 {
        let pair = pair_with(&terms).await?;
        let mut draw = || -> Result<String> {
            Ok(secret().new_tree(&mut runner).map_err(|error| error.to_string())?.current())
        };
        let secrets = [draw()?, draw()?, draw()?, draw()?];
        let mut identity = person(PERSON, &secrets[0]);
        identity["description"] = json!(secrets[1]);
        let report = json!({
            "name": "A report", "published": "2026-01-10T08:00:00Z", "object_refs": [PERSON],
            "external_references": [{ "source_name": "a source", "url": secrets[2] }],
        });
        let note =
            json!({ "content": "A note", "object_refs": [REPORT], "authors": [secrets[3], "x"] });
        pair.us.hold(&lines(&[identity, object(REPORT, report), object(NOTE, note)])).await?;
        let composed = compose(&pair, &[PERSON, REPORT, NOTE]).await?;
        assert_eq!(composed.release.record.redacted, 3);
        let all = all_that_the_partner_has(&pair, &composed).await?;
        for secret in &secrets {
            let escaped = serde_json::to_string(secret)?;
            for text in [secret.as_str(), escaped.trim_matches('"')] {
                let chars: Vec<char> = text.chars().collect();
                for stretch in chars.windows(6) {
                    let stretch = String::from_iter(stretch);
                    assert!(!holds(&all, &stretch), "`{stretch}` of `{secret}` crossed");
                }
            }
        }
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_redacted_release_settles_like_any_other() -> Result<()> {
    let pair = pair().await?;
    pair.us.hold(&lines(&[person(PERSON, "hidden")])).await?;
    let selection = Selection::Ids(vec![PERSON.to_owned()]);
    pair.us.release(&pair.mx, CLAUSE, selection, 1).await?;
    pump(&pair.us, &pair.mx).await?;
    let releases = pair.us.node.store().releases(1).await?;
    let release = releases.first().ok_or("no release")?;
    assert_eq!(release.state, comity_exchange::ports::ReleaseState::Settled);
    assert_eq!(release.record.redacted, 1);
    Ok(())
}
