//! What a clause takes out of objects that are not decided about: outside the release, and within observed data.

use comity_exchange::compose::{ComposeRequest, Selection, preview};
use comity_exchange::ports::Verdict;
use comity_model::Grounds;
use comity_model::release::OBJECTS;
use comity_testkit::{AgreementText, CLAUSE, Result, pair_with};
use serde_json::json;

use super::{
    NOTE, OTHER, PERSON, REPORT, all_that_the_partner_has, compose, holds, lines, object, objects,
    part,
};

/// Observables that nobody holds, with ids of version 5 (section 2.9).
const ADDRESS: &str = "email-addr--6f2ba3a5-07d8-5d3a-9c28-5df5cb50a7a7";
const URL: &str = "url--bd1b5f0f-4a2a-55ba-8f6b-f8a1d8b3c9d2";
const MESSAGE: &str = "email-message--0b2c3d4e-5f60-5718-8293-a4b5c6d7e8f9";

fn terms(redact: &str) -> AgreementText {
    AgreementText {
        kinds: r#"["identity", "note", "observed-data", "report", "email-addr", "url"]"#.to_owned(),
        redact: redact.to_owned(),
        ..AgreementText::default()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_guesses_a_redacted_value_cannot_confirm_it_by_the_id_of_what_did_not_go() -> Result<()>
{
    let pair = pair_with(&terms(r#"["email-addr.value"]"#)).await?;
    let report = json!({
        "name": "A report", "published": "2026-01-10T08:00:00Z",
        "object_refs": [ADDRESS, URL, MESSAGE],
    });
    pair.us.hold(&object(REPORT, report).to_string()).await?;
    let composed = compose(&pair, &[REPORT]).await?;
    let refs = objects(&composed)?["report"]["object_refs"].clone();
    assert_eq!(refs[1], URL, "nothing is taken out of what this id is made of");
    let again = objects(&compose(&pair, &[REPORT]).await?)?["report"]["object_refs"].clone();
    assert_eq!(refs, again, "the partner can still see that it is the same");
    let all = all_that_the_partner_has(&pair, &composed).await?;
    // the id of the message is made of the address's
    for hidden in [ADDRESS, MESSAGE] {
        let (_, uuid) = hidden.split_once("--").ok_or("no id")?;
        assert!(!holds(&all, uuid), "`{hidden}` crossed");
    }
    assert!(refs[0].as_str().is_some_and(|id| id.starts_with("email-addr--")));

    // where nothing is taken out, nothing is renamed
    let pair = pair_with(&terms(r#"["identity.contact_information"]"#)).await?;
    let report = json!({ "name": "A report", "published": "2026-01-10T08:00:00Z", "object_refs": [ADDRESS, URL] });
    pair.us.hold(&object(REPORT, report).to_string()).await?;
    let composed = compose(&pair, &[REPORT]).await?;
    assert_eq!(composed.preview[0].verdict, Verdict::Released);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn observed_data_is_withheld_whose_nested_objects_hold_what_the_clause_takes_out()
-> Result<()> {
    const SEEN: &str = "observed-data--5d0b6f1e-3c0e-4e59-8a52-000000000006";
    const CLEAN: &str = "observed-data--5d0b6f1e-3c0e-4e59-8a52-000000000007";
    let pair = pair_with(&terms(r#"["email-addr.value"]"#)).await?;
    let seen = |objects| {
        json!({
            "first_observed": "2026-01-10T08:00:00Z", "last_observed": "2026-01-10T08:00:00Z",
            "number_observed": 1, "objects": objects,
        })
    };
    let address = json!({
        "0": { "type": "url", "value": "https://example.org/" },
        "1": { "type": "email-addr", "value": "someone@example.org" },
    });
    let url = json!({ "0": { "type": "url", "value": "https://example.org/" } });
    let note = json!({ "content": "About both", "object_refs": [SEEN, CLEAN] });
    pair.us
        .hold(&lines(&[object(SEEN, seen(address)), object(CLEAN, seen(url)), object(NOTE, note)]))
        .await?;
    let composed = compose(&pair, &[SEEN, CLEAN, NOTE]).await?;
    let verdicts: Vec<Verdict> = composed.preview.iter().map(|line| line.verdict).collect();
    assert_eq!(verdicts, [Verdict::Withheld, Verdict::Released, Verdict::Redacted]);
    let reason = composed.preview[0].reasons.first().ok_or("no reason")?;
    assert_eq!(reason.code, "redacted-value-remains");
    assert_eq!(reason.property.as_deref(), Some("/objects/1/value"));
    assert_eq!(objects(&composed)?["note"]["object_refs"], json!([CLEAN]));
    assert!(!part(&composed, OBJECTS)?.contains("someone"));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn parts_of_names_quoted_words_and_exact_times_are_in_no_other_text() -> Result<()> {
    let clause =
        "persons = \"pseudonym\"\ndescriptions = \"withhold\"\nprecision = { time = \"day\" }";
    let pair = pair_with(&AgreementText { clause: clause.to_owned(), ..terms("[]") }).await?;
    let natural = json!({
        "name": "Guadalupe Contreras", "identity_class": "individual",
        "description": "She keeps the keys of the third warehouse",
    });
    let report = json!({
        "name": "Contreras and the keys of the third warehouse", "object_refs": [PERSON],
        "published": "2026-01-10T08:09:10Z", "labels": ["seen 2026-01-10T08:09:10Z"],
    });
    let other = json!({ "name": "Another", "identity_class": "organization" });
    pair.us
        .hold(&lines(&[object(PERSON, natural), object(REPORT, report), object(OTHER, other)]))
        .await?;
    let composed = compose(&pair, &[PERSON, REPORT, OTHER]).await?;
    let released = objects(&composed)?;
    let report = &released["report"];
    let text = part(&composed, OBJECTS)?;
    let name = report["name"].as_str().ok_or("no name")?;
    let pseudonym = name.strip_suffix(" and […]").ok_or_else(|| name.to_owned())?;
    assert!(pseudonym.starts_with("person-"), "{name}");
    assert!(text.contains(&format!("\"name\":\"{pseudonym}\"")), "one pseudonym: {text}");
    assert_eq!(report["labels"], json!(["seen 2026-01-10"]));
    assert_eq!(composed.preview[2].verdict, Verdict::Released);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn owner_decides_a_preview_says_what_the_composition_does() -> Result<()> {
    let pair = pair_with(&terms(r#"["identity.contact_information"]"#)).await?;
    let at = json!([{ "source_name": "s", "url": "https://example.org/ana@example.org" }]);
    let keeps = json!({ "content": "kept", "object_refs": [PERSON], "external_references": at });
    let report = json!({ "name": "r", "published": "2026-01-10T08:00:00Z", "object_refs": [NOTE] });
    let person = json!({ "name": "An importer", "identity_class": "organization", "contact_information": "ana@example.org" });
    let objects = [object(PERSON, person), object(NOTE, keeps), object(REPORT, report)];
    pair.us.hold(&lines(&objects)).await?;
    let request = ComposeRequest {
        to: pair.mx.node.root(),
        clause: CLAUSE.to_owned(),
        purpose: None,
        selection: Selection::Ids([PERSON, NOTE, REPORT].map(ToOwned::to_owned).to_vec()),
        grounds: Grounds::default(),
        by: "an analyst".to_owned(),
    };
    let seen = preview(&pair.us.node, request).await?;
    assert!(pair.us.node.store().releases(10).await?.is_empty());
    let composed = compose(&pair, &[PERSON, NOTE, REPORT]).await?;
    assert_eq!(seen, composed.preview);
    let codes = seen.iter().map(|it| it.reasons.first().map_or("", |it| &it.code));
    assert_eq!(codes.collect::<Vec<_>>(), ["", "redacted-value-remains", "dangling-reference"]);
    Ok(())
}
