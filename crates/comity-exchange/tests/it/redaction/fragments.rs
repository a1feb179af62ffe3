//! Parts of redacted values, cut anywhere, stand in nothing that goes; what everybody says stays, and can be read.

use comity_exchange::ports::Verdict;
use comity_model::release::OBJECTS;
use comity_testkit::{AgreementText, Result, pair_with};
use serde_json::{Value, json};

use super::{NOTE, OTHER, PERSON, REPORT, all_that_the_partner_has, compose, holds, lines, object};
use super::{objects, part};

const MALWARE: &str = "malware--5d0b6f1e-3c0e-4e59-8a52-000000000006";
const INDICATOR: &str = "indicator--5d0b6f1e-3c0e-4e59-8a52-000000000007";
const PLACE: &str = "location--5d0b6f1e-3c0e-4e59-8a52-000000000008";
const DOMAIN: &str = "domain-name--5d0b6f1e-3c0e-4e59-8a52-000000000009";
const SECOND: &str = "note--5d0b6f1e-3c0e-4e59-8a52-00000000000a";

fn terms(redact: &str, clause: &str) -> AgreementText {
    AgreementText {
        kinds:
            r#"["domain-name", "identity", "indicator", "location", "malware", "note", "report"]"#
                .to_owned(),
        redact: redact.to_owned(),
        clause: clause.to_owned(),
        ..AgreementText::default()
    }
}

fn malware(name: &str) -> Value {
    object(MALWARE, json!({ "name": name, "is_family": false }))
}

fn indicator(pattern: &str) -> Value {
    let more =
        json!({ "pattern": pattern, "pattern_type": "stix", "valid_from": "2026-01-10T00:00:00Z" });
    object(INDICATOR, more)
}

fn note(id: &str, content: &str) -> Value {
    object(id, json!({ "content": content, "object_refs": [OTHER] }))
}

#[tokio::test(flavor = "multi_thread")]
async fn owner_decides_a_part_of_a_redacted_value_holds_a_pattern_back() -> Result<()> {
    let pair = pair_with(&terms(r#"["malware.name"]"#, "")).await?;
    let pattern = "[file:name = 'x-perseverantia-loader.exe']";
    let objects = [malware("the perseverantia-loader of 2026"), indicator(pattern)];
    pair.us.hold(&lines(&objects)).await?;
    let composed = compose(&pair, &[MALWARE, INDICATOR]).await?;
    assert_eq!(composed.preview[1].verdict, Verdict::Withheld);
    let reason = composed.preview[1].reasons.first().ok_or("no reason")?;
    assert_eq!(reason.code, "redacted-value-remains");
    assert_eq!(reason.property.as_deref(), Some("/pattern"));
    let all = all_that_the_partner_has(&pair, &composed).await?;
    assert!(!holds(&all, "persev"));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn owner_decides_parts_of_redacted_values_are_cut_out_of_texts_which_stay_readable()
-> Result<()> {
    let redact = r#"["malware.name", "report.description", "location.street_address"]"#;
    let clause = "precision = { time = \"day\" }\npersons = \"pseudonym\"";
    let pair = pair_with(&terms(redact, clause)).await?;
    let report = json!({
        "name": "Informe", "published": "2026-04-12T12:52:33Z", "object_refs": [PLACE],
        "description": "a secretdescription about the laboratory in the north",
    });
    let place = json!({ "country": "MX", "street_address": "Calle Nopaltepec 12" });
    let person = json!({ "name": "Li Wu", "identity_class": "individual" });
    let said = "El informe dice que el laboratorio del norte, en NOPALTEPEC, se llama c\u{f3}ndor del \
                norte. Visto 2026-04-12T12:52 y a las 12:52:33 por Wu, Li; secretdescription about nothing.";
    let mut other = note(SECOND, "A report about the laboratory in the north of the city");
    other["abstract"] = json!("nopaltep");
    pair.us
        .hold(&lines(&[
            malware("Operaci\u{f3}n C\u{f3}ndor del Norte"),
            object(REPORT, report),
            object(PLACE, place),
            object(PERSON, person),
            note(NOTE, said),
            other,
        ]))
        .await?;
    let composed = compose(&pair, &[MALWARE, REPORT, PLACE, PERSON, NOTE, SECOND]).await?;
    let text = part(&composed, OBJECTS)?;
    let line = |stix_type: &str, words: &str| -> Result<Value> {
        let lines = text.lines().map(serde_json::from_str::<Value>);
        let all: Vec<Value> = lines.collect::<std::result::Result<_, _>>()?;
        let found =
            all.into_iter().find(|it| it["type"] == stix_type && it.to_string().contains(words));
        Ok(found.ok_or(words)?)
    };
    let pseudonym = objects(&composed)?["identity"]["name"].clone();
    let pseudonym = pseudonym.as_str().ok_or("no name")?;
    let expected = format!(
        "El informe dice que el laboratorio del norte, en […], se llama […] del norte. Visto 2026-04-12 y a \
         las […] por {pseudonym}; […] about nothing."
    );
    assert_eq!(line("note", "informe")?["content"], expected);
    let other = line("note", "city")?;
    assert_eq!(other["content"], "A report […] of the city", "four words in a row are a quotation");
    assert_eq!(other["abstract"], "[…]");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_goes_by_itself_is_no_secret_of_the_text_that_repeats_it() -> Result<()> {
    let pair = pair_with(&terms(r#"["report.description"]"#, "")).await?;
    let report = json!({
        "name": "A report", "published": "2026-01-10T08:00:00Z", "object_refs": [INDICATOR, OTHER],
        "description": "they sell by quetzal-shop.example and the xoloitz tablets are blue",
    });
    let domain = json!({ "value": "quetzal-shop.example" });
    let mut domain = object(DOMAIN, domain);
    for key in ["created", "modified"] {
        domain.as_object_mut().ok_or("no object")?.remove(key);
    }
    let pattern = "[domain-name:value = 'quetzal-shop.example']";
    pair.us.hold(&lines(&[object(REPORT, report), indicator(pattern), domain])).await?;
    // with the domain in the release its pattern goes, without it nobody said that it may
    let with = compose(&pair, &[REPORT, INDICATOR, DOMAIN]).await?;
    let verdicts: Vec<Verdict> = with.preview.iter().map(|line| line.verdict).collect();
    assert_eq!(verdicts[1..], [Verdict::Released, Verdict::Released], "{:?}", with.preview);
    let without = compose(&pair, &[REPORT, INDICATOR]).await?;
    assert_eq!(without.preview[1].verdict, Verdict::Withheld);
    Ok(())
}
