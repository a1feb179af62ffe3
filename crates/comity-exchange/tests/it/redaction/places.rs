//! What is left of places where a clause coarsens them, and of times where it cuts them to the day.

use super::*;

fn place(number: u8, more: Value) -> Value {
    object(&format!("location--5d0b6f1e-3c0e-4e59-8a52-0000000000{number:02x}"), more)
}

fn id(it: &Value) -> &str {
    it["id"].as_str().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_place_keeps_its_subdivision_where_that_is_a_code_and_no_street() -> Result<()> {
    let terms = AgreementText {
        clause: "precision = { location = \"admin1\" }".to_owned(),
        ..AgreementText::default()
    };
    let pair = pair_with(&terms).await?;
    let street = "Calle Quetzalcoatl 57, Tecoman";
    let all = [
        place(1, json!({ "country": "MX", "administrative_area": "MX-COL", "city": "Tecoman" })),
        place(2, json!({ "country": "MX", "administrative_area": street })),
        place(3, json!({ "country": "MX", "administrative_area": "US-TX" })),
        // without its country nothing is left of it
        place(4, json!({ "country": street })),
    ];
    let note = object(NOTE, json!({ "content": street, "object_refs": [id(&all[1])] }));
    pair.us.hold(&lines(&[&all[..], std::slice::from_ref(&note)].concat())).await?;
    let ids: Vec<&str> = all.iter().chain([&note]).map(id).collect();
    let composed = compose(&pair, &ids).await?;
    let withheld: Vec<&str> = composed
        .preview
        .iter()
        .filter(|it| it.verdict == Verdict::Withheld)
        .map(|it| it.id.as_str())
        .collect();
    assert_eq!(withheld, [id(&all[3])]);
    let text = part(&composed, OBJECTS)?;
    let places: Vec<Value> = text
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
        .filter(|it| it["type"] == "location")
        .collect();
    let areas: Vec<&Value> = places.iter().map(|it| &it["administrative_area"]).collect();
    assert_eq!(areas, [&json!("MX-COL"), &Value::Null, &Value::Null]);
    assert!(places.iter().all(|it| it["country"] == "MX"), "{places:?}");
    let everything = all_that_the_partner_has(&pair, &composed).await?;
    let everything = String::from_utf8_lossy(&everything);
    for gone in ["Quetzalcoatl", "Tecoman", "US-TX"] {
        assert!(!everything.contains(gone), "{gone}");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_time_that_was_cut_to_its_day_is_told_by_no_text_of_the_release() -> Result<()> {
    let terms = AgreementText {
        clause: "precision = { time = \"day\" }".to_owned(),
        kinds: r#"["report", "note", "file"]"#.to_owned(),
        redact: "[]".to_owned(),
        ..AgreementText::default()
    };
    let pair = pair_with(&terms).await?;
    let report = object(
        REPORT,
        json!({ "name": "r", "published": "2026-01-20T08:31:17Z",
        "object_refs": ["indicator--5d0b6f1e-3c0e-4e59-8a52-0000000000aa"] }),
    );
    let content = "Seen at 8:31 am. Photo 20260120_083117, log line 1768897877. The ship left on 2026-01-19 at 08:31.";
    let note = object(NOTE, json!({ "content": content, "object_refs": [REPORT] }));
    let file = "file--5d0b6f1e-3c0e-4e59-8a52-0000000000ab";
    let photo = json!({ "type": "file", "spec_version": "2.1", "id": file, "name": "IMG_20260120_083117.jpg" });
    pair.us.hold(&lines(&[report, note, photo])).await?;
    let composed = compose(&pair, &[REPORT, NOTE, file]).await?;
    let stays = composed.preview.iter().find(|it| it.verdict == Verdict::Withheld).unwrap();
    assert_eq!(
        (stays.id.as_str(), stays.reasons[0].code.as_str()),
        (file, "redacted-value-remains")
    );
    let objects = objects(&composed)?;
    assert_eq!(objects["report"]["published"], "2026-01-20T00:00:00Z");
    assert_eq!(
        objects["note"]["content"],
        "Seen at […]. Photo 20260120, log line […]. The ship left on 2026-01-19 at 08:31."
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_name_of_a_state_stays_in_texts_where_the_clause_gives_states() -> Result<()> {
    let area =
        place(1, json!({ "country": "MX", "administrative_area": "Sinaloa", "name": "Sinaloa" }));
    let content = "Cartel de Sinaloa";
    let note = object(NOTE, json!({ "content": content, "object_refs": [id(&area)] }));
    for (precision, said) in [("admin1", content), ("country", "Cartel de […]")] {
        let terms = AgreementText {
            clause: format!("precision = {{ location = \"{precision}\" }}"),
            ..AgreementText::default()
        };
        let pair = pair_with(&terms).await?;
        pair.us.hold(&lines(&[area.clone(), note.clone()])).await?;
        let objects = objects(&compose(&pair, &[id(&area), NOTE]).await?)?;
        assert_eq!(objects["location"]["administrative_area"], Value::Null, "{precision}");
        assert_eq!(objects["note"]["content"], said, "{precision}");
    }
    Ok(())
}
