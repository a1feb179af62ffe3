//! What is no secret of a withheld description, because the release says it by itself or everybody does.

use comity_model::release::OBJECTS;
use comity_testkit::{AgreementText, Result, pair_with};
use serde_json::{Value, json};

use super::{NOTE, OTHER, PERSON, REPORT, compose, lines, object, objects, part};

const PLACE: &str = "location--5d0b6f1e-3c0e-4e59-8a52-000000000008";
const TOOL: &str = "malware--5d0b6f1e-3c0e-4e59-8a52-000000000009";

fn terms(redact: &str) -> AgreementText {
    AgreementText {
        kinds: r#"["identity", "location", "malware", "note", "report"]"#.to_owned(),
        redact: redact.to_owned(),
        clause: "persons = \"pseudonym\"".to_owned(),
        ..AgreementText::default()
    }
}

fn report(description: &str) -> Value {
    let more = json!({ "name": "A report", "published": "2026-01-10T08:00:00Z", "object_refs": [PERSON], "description": description });
    object(REPORT, more)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_objects_of_the_release_are_called_is_no_secret_of_a_description_that_says_it()
-> Result<()> {
    let pair = pair_with(&terms(r#"["report.description"]"#)).await?;
    let said = "Xochitl Trading of Nopaltepec, with Guadalupe Contreras; quetzalpapalotl and metanfetamina.";
    let town = json!({ "name": "Nopaltepec", "city": "Nopaltepec", "country": "MX" });
    let company = json!({ "name": "Xochitl Trading", "identity_class": "organization" });
    let person = json!({ "name": "Guadalupe Contreras", "identity_class": "individual" });
    let note = json!({
        "content": "In Nopaltepec the Xochitl Trading company sold metanfetamina, embarcadas for Contreras; quetzalpapalotl.",
        "object_refs": [PERSON], "labels": ["quetzalpapalotl", "nopaltepec", "sold"], "abstract": "quetzalpapalotl",
    });
    pair.us
        .hold(&lines(&[
            report(said),
            object(PLACE, town),
            object(OTHER, company),
            object(PERSON, person),
            object(NOTE, note),
        ]))
        .await?;
    let composed = compose(&pair, &[REPORT, PLACE, OTHER, PERSON, NOTE]).await?;
    let text = part(&composed, OBJECTS)?;
    assert!(text.contains("\"city\":\"Nopaltepec\""), "{text}");
    assert!(text.contains("\"name\":\"Xochitl Trading\""), "{text}");
    let note = objects(&composed)?["note"].clone();
    let content = note["content"].as_str().ok_or("no content")?;
    let begin =
        "In Nopaltepec the Xochitl Trading company sold metanfetamina, embarcadas for person-";
    assert!(content.starts_with(begin) && content.ends_with("; […]."), "{content}");
    // a label of which only the gap is left goes
    assert_eq!(note["labels"], json!(["nopaltepec", "sold"]));
    assert_eq!(note["abstract"], "[…]");

    // without the town it is the description's alone
    let composed = compose(&pair, &[REPORT, OTHER, PERSON, NOTE]).await?;
    let note = objects(&composed)?["note"].clone();
    assert!(
        note["content"].as_str().is_some_and(|it| it.starts_with("In […] the Xochitl")),
        "{note}"
    );
    assert_eq!(note["labels"], json!(["sold"]));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn owner_decides_a_name_or_a_redacted_code_is_hidden_though_another_object_is_called_so()
-> Result<()> {
    let redact =
        r#"["report.description", "location.city", "location.postal_code", "malware.name"]"#;
    let pair = pair_with(&terms(redact)).await?;
    let person = json!({ "name": "Guadalupe Contreras", "identity_class": "individual" });
    let company = json!({ "name": "Contreras Trading", "identity_class": "organization" });
    let town = json!({ "name": "Nopaltepec", "city": "Nopaltepec", "country": "MX", "postal_code": "28200" });
    let tool = json!({ "name": "Quetzal of Nopaltepec", "is_family": false });
    let note = json!({
        "content": "Contreras Trading, in Nopaltepec 28200, number 282001",
        "object_refs": [PERSON], "labels": ["28200"],
    });
    pair.us
        .hold(&lines(&[
            report("Contreras Trading is in Nopaltepec"),
            object(PERSON, person),
            object(OTHER, company),
            object(PLACE, town),
            object(TOOL, tool),
            object(NOTE, note),
        ]))
        .await?;
    let composed = compose(&pair, &[REPORT, PERSON, OTHER, PLACE, TOOL, NOTE]).await?;
    let text = part(&composed, OBJECTS)?;
    assert!(!text.to_lowercase().contains("contreras"), "{text}");
    assert!(!text.to_lowercase().contains("nopaltepec"), "{text}");
    let note = objects(&composed)?["note"].clone();
    let content = note["content"].as_str().ok_or("no content")?;
    assert!(content.ends_with(" Trading, in […], number 282001"), "{content}");
    assert_eq!(note.get("labels"), None, "no label is left");
    Ok(())
}
