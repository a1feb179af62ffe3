//! What one release hides no later one under the same agreement shows.

use comity_exchange::approve::{approve, find_release, stale};
use comity_exchange::compose::{ComposeRequest, Composed, Selection, preview};
use comity_exchange::ports::Verdict;
use comity_exchange::seal::seal;
use comity_model::Grounds;
use comity_model::release::OBJECTS;
use comity_testkit::{AgreementText, CLAUSE, Pair, Result, amend, pair_with};
use jiff::SignedDuration;
use serde_json::{Value, json};

use super::{
    LINK, NOTE, OTHER, PERSON, REPORT, all_that_the_partner_has, compose, lines, object, part,
};

/// A word that no list of ordinary ones has, and the text that is withheld in which it stands.
const SECRET: &str = "Xoloitzcuintle";
const WITHHELD: &str = "keeps the Xoloitzcuintle papers";

fn terms() -> AgreementText {
    AgreementText {
        redact: r#"["identity.description", "report.description"]"#.to_owned(),
        clause: "persons = \"pseudonym\"".to_owned(),
        ..AgreementText::default()
    }
}

fn keeper() -> Value {
    let more =
        json!({ "name": "An importer", "identity_class": "organization", "description": WITHHELD });
    object(PERSON, more)
}

fn named(id: &str, name: &str) -> Value {
    object(id, json!({ "name": name, "identity_class": "individual" }))
}

fn note(content: &str) -> Value {
    object(NOTE, json!({ "content": content, "object_refs": [OTHER] }))
}

fn later(mut object: Value, day: u32) -> Value {
    object["modified"] = json!(format!("2026-01-{day:02}T08:00:00.000Z"));
    object
}

fn only(composed: &Composed) -> Result<Value> {
    Ok(serde_json::from_str(part(composed, OBJECTS)?.lines().next().ok_or("nothing")?)?)
}

/// What the partner gets of the note when it goes alone.
async fn content(pair: &Pair) -> Result<String> {
    let note = only(&compose(pair, &[NOTE]).await?)?;
    Ok(note["content"].as_str().ok_or("no content")?.to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn owner_decides_what_was_masked_beside_another_object_stays_masked_when_it_goes_alone()
-> Result<()> {
    let pair = pair_with(&terms()).await?;
    pair.us.hold(&lines(&[keeper(), note("The Xoloitzcuintle papers are there")])).await?;
    let both = compose(&pair, &[PERSON, NOTE]).await?;
    assert!(!part(&both, OBJECTS)?.contains(SECRET));
    let first = only(&compose(&pair, &[NOTE]).await?)?;
    assert_eq!(first["content"], "The […] papers are there");
    pair.clock.advance(SignedDuration::from_hours(1));
    // a later version of the original, another of what was lost, and what was lost gone from it
    pair.us
        .hold(&lines(&[later(note("Of the XOLOITZCUINTLE papers nothing is left"), 11)]))
        .await?;
    let mut bare = later(keeper(), 12);
    bare["description"] = json!("nothing to say");
    pair.us.hold(&lines(&[bare])).await?;
    let second = only(&compose(&pair, &[NOTE]).await?)?;
    assert_eq!(second["content"], "Of the […] papers nothing is left");
    assert_eq!(second["id"], first["id"]);
    // an object that has nothing to do with either may say it
    let other = object(
        REPORT,
        json!({ "name": "Xoloitzcuintle", "published": "2026-01-10T08:00:00Z", "object_refs": [OTHER] }),
    );
    pair.us.hold(&other.to_string()).await?;
    assert_eq!(compose(&pair, &[REPORT]).await?.preview[0].verdict, Verdict::Released);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn owner_decides_what_stayed_for_a_value_of_another_object_stays_when_it_is_composed_alone()
-> Result<()> {
    let pair = pair_with(&terms()).await?;
    let pattern = "[file:name = 'xoloitzcuintle.exe']";
    let id = PERSON.replace("identity", "indicator");
    let indicator =
        json!({ "pattern": pattern, "pattern_type": "stix", "valid_from": "2026-01-10T00:00:00Z" });
    pair.us.hold(&lines(&[keeper(), object(&id, indicator), note("plain")])).await?;
    let both = compose(&pair, &[PERSON, &id]).await?;
    assert_eq!(both.preview[1].verdict, Verdict::Withheld);
    for lost in [true, false] {
        if !lost {
            pair.us.sql("DELETE FROM loss_trace; DELETE FROM loss_name; DELETE FROM loss;")?;
        }
        let alone = compose(&pair, &[&id, NOTE]).await?;
        assert_eq!(alone.preview[0].verdict, Verdict::Withheld, "{:?}", alone.preview);
        let code = alone.preview[0].reasons.first().map_or("", |it| it.code.as_str());
        assert_eq!(code, if lost { "redacted-value-remains" } else { "redacted-value-gone" });
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_masked_stays_out_when_nobody_can_look_for_it_any_more() -> Result<()> {
    let pair = pair_with(&terms()).await?;
    let mut told = note("papers of the Xoloitzcuintle");
    told["abstract"] = json!("Xoloitzcuintle");
    let mut report = object(
        REPORT,
        json!({ "name": "Xoloitzcuintle", "published": "2026-01-10T08:00:00Z", "object_refs": [NOTE] }),
    );
    report["labels"] = json!(["papers"]);
    pair.us.hold(&lines(&[keeper(), told.clone(), report])).await?;
    compose(&pair, &[PERSON, NOTE, REPORT]).await?;
    // as a purge of the object that lost it leaves the database
    pair.us.sql("DELETE FROM loss_trace; DELETE FROM loss_name; DELETE FROM loss;")?;
    told["abstract"] = json!("in other words");
    pair.us.hold(&lines(&[later(told, 11)])).await?;
    let composed = compose(&pair, &[NOTE, REPORT]).await;
    let error = composed.err().ok_or("it went")?;
    // neither has a name or a content then, without which neither is one
    assert!(error.to_string().starts_with("nothing of the selection"), "{error}");
    assert!(error.to_string().contains("held no more"), "{error}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn owner_decides_what_names_an_object_that_went_redacted_is_treated_as_if_that_stood_beside_it()
-> Result<()> {
    let about = |refs: Value| json!({ "name": "The Xoloitzcuintle papers", "published": "2026-01-10T08:00:00Z", "object_refs": refs });
    let plain =
        |name: &str| object(OTHER, json!({ "name": name, "identity_class": "organization" }));
    // by its own references
    let pair = pair_with(&terms()).await?;
    pair.us.hold(&lines(&[keeper(), object(REPORT, about(json!([PERSON])))])).await?;
    compose(&pair, &[PERSON]).await?;
    assert_eq!(only(&compose(&pair, &[REPORT]).await?)?["name"], "The […] papers");
    // by those of what went redacted
    let pair = pair_with(&terms()).await?;
    let mut report = about(json!([OTHER]));
    report["name"] = json!("A report");
    report["description"] = json!(WITHHELD);
    pair.us.hold(&lines(&[object(REPORT, report), plain("Xoloitzcuintle SA")])).await?;
    compose(&pair, &[REPORT]).await?;
    assert_eq!(only(&compose(&pair, &[OTHER]).await?)?["name"], "[…] SA");
    // by a report between them, and by one about what says something of it
    let pair = pair_with(&terms()).await?;
    let mut silent = about(json!([PERSON]));
    silent["name"] = json!("A report");
    let mut content = note("The Xoloitzcuintle papers");
    content["object_refs"] = json!([REPORT]);
    pair.us.hold(&lines(&[keeper(), object(REPORT, silent), content])).await?;
    compose(&pair, &[PERSON]).await?;
    assert_eq!(only(&compose(&pair, &[NOTE]).await?)?["content"], "The […] papers");
    let pair = pair_with(&terms()).await?;
    let link =
        json!({ "relationship_type": "related-to", "source_ref": PERSON, "target_ref": OTHER });
    let told = object(REPORT, about(json!([LINK])));
    pair.us.hold(&lines(&[keeper(), object(LINK, link), told])).await?;
    compose(&pair, &[PERSON]).await?;
    assert_eq!(only(&compose(&pair, &[REPORT]).await?)?["name"], "The […] papers");
    // by a relationship that is held and goes nowhere
    let pair = pair_with(&terms()).await?;
    let link =
        json!({ "relationship_type": "related-to", "source_ref": PERSON, "target_ref": OTHER });
    pair.us.hold(&lines(&[keeper(), object(LINK, link), plain("Xoloitzcuintle SA")])).await?;
    compose(&pair, &[PERSON]).await?;
    assert_eq!(only(&compose(&pair, &[OTHER]).await?)?["name"], "[…] SA");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn owner_decides_a_name_that_became_a_pseudonym_is_one_in_every_later_release() -> Result<()>
{
    let pair = pair_with(&terms()).await?;
    // more persons than are looked for without looking them up
    let id = |number: usize| PERSON.replace("000000000001", &format!("{number:012}"));
    let mut persons = vec![named(PERSON, "Guadalupe Contreras"), named(OTHER, "Li Wu")];
    persons.extend((100..150).map(|at| named(&id(at), &format!("Ndtzq{at} Bwrtl{at}"))));
    pair.us.hold(&lines(&persons)).await?;
    let ids: Vec<String> =
        persons.iter().filter_map(|it| it["id"].as_str().map(ToOwned::to_owned)).collect();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let composed = compose(&pair, &ids).await?;
    let text = part(&composed, OBJECTS)?;
    let pseudonyms: Vec<Value> = text
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).map(|it| it["name"].clone()))
        .collect::<std::result::Result<_, _>>()?;
    let name = |at: usize| pseudonyms[at].as_str().unwrap_or_default();
    let mut told = note("CONTRERAS met Wu, Li; xcontrerasx was Bwrtl117 too");
    told["object_refs"] = json!([REPORT]);
    pair.us.hold(&told.to_string()).await?;
    let expected = format!("{} met {}; […] was {} too", name(0), name(1), name(2 + 17));
    assert_eq!(content(&pair).await?, expected);
    // a preview says the same, and another agreement knows nothing of it
    let request = ComposeRequest {
        to: pair.mx.node.root(),
        clause: CLAUSE.to_owned(),
        purpose: None,
        selection: Selection::Ids(vec![NOTE.to_owned()]),
        grounds: Grounds::default(),
        by: "an analyst".to_owned(),
    };
    let seen = preview(&pair.us.node, request).await?;
    assert_eq!(seen, compose(&pair, &[NOTE]).await?.preview);
    assert_eq!(seen[0].redacted, ["content"]);
    // what is kept for it says nothing
    for rows in pair.us.tables()?.iter().filter(|(name, _)| name.starts_with("loss")) {
        assert!(!rows.1.iter().any(|row| row.to_lowercase().contains("contreras")), "{rows:?}");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_later_clause_lets_go_goes_with_the_object_that_says_it() -> Result<()> {
    let text = terms();
    let pair = pair_with(&text).await?;
    let report = object(
        REPORT,
        json!({ "name": "Of Guadalupe Contreras", "published": "2026-01-10T08:00:00Z", "object_refs": [PERSON] }),
    );
    pair.us.hold(&lines(&[named(PERSON, "Guadalupe Contreras"), report])).await?;
    compose(&pair, &[PERSON]).await?;
    pair.clock.advance(SignedDuration::from_hours(1));
    let second = AgreementText { version: 2, clause: String::new(), ..text };
    let second = AgreementText { clause: "persons = \"allow\"".to_owned(), ..second };
    amend(&pair.us, &pair.mx, &second.toml(pair.us.node.root(), pair.mx.node.root())).await?;
    // alone the report says what the partner was not told yet
    let name = only(&compose(&pair, &[REPORT]).await?)?["name"].clone();
    assert!(name.as_str().is_some_and(|it| it.starts_with("Of person-")), "{name}");
    let both = part(&compose(&pair, &[PERSON, REPORT]).await?, OBJECTS)?;
    assert!(both.contains("\"name\":\"Guadalupe Contreras\""), "{both}");
    assert!(both.contains("\"name\":\"Of Guadalupe Contreras\""), "{both}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn owner_decides_a_hash_that_was_taken_out_is_found_however_much_was_taken_out_since()
-> Result<()> {
    let text = AgreementText {
        kinds: r#"["file", "identity", "indicator", "note"]"#.to_owned(),
        redact: r#"["file.hashes"]"#.to_owned(),
        clause: "persons = \"pseudonym\"".to_owned(),
        ..AgreementText::default()
    };
    let hash = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
    let file = "file--5d0b6f1e-3c0e-4e59-8a52-000000000006";
    let indicator = PERSON.replace("identity", "indicator");
    // none of them, and more than are looked for without looking them up
    for persons in [0, 200] {
        let pair = pair_with(&text).await?;
        let held = json!({ "type": "file", "spec_version": "2.1", "id": file, "name": "a", "hashes": { "SHA-256": hash } });
        let id = |number: usize| PERSON.replace("000000000001", &format!("{number:012}"));
        let name = |at: usize| format!("Ndtzq{at} Bwrtl{at}");
        let mut objects = vec![held];
        objects.extend((100..100 + persons).map(|at| named(&id(at), &name(at))));
        pair.us.hold(&lines(&objects)).await?;
        let ids: Vec<&str> = objects.iter().filter_map(|it| it["id"].as_str()).collect();
        compose(&pair, &ids).await?;
        let pattern = json!({
            "pattern": format!("[file:hashes.'SHA-256' = '{hash}']"), "pattern_type": "stix",
            "valid_from": "2026-01-10T00:00:00Z",
        });
        let told = note(&format!("SHA-256 {hash} seen"));
        pair.us.hold(&lines(&[told, object(&indicator, pattern)])).await?;
        assert_eq!(content(&pair).await?, "SHA-256 […] seen", "{persons}");
        let both = compose(&pair, &[&indicator, NOTE]).await?;
        assert_eq!(both.preview[0].verdict, Verdict::Withheld, "{persons}");
        let reason = both.preview[0].reasons.first().ok_or("no reason")?;
        assert_eq!(reason.code, "redacted-value-remains");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_stands_for_a_name_or_a_contact_that_nobody_knows_takes_no_words_from_later_releases()
-> Result<()> {
    let text = terms();
    let redact = r#"["identity.contact_information", "identity.roles"]"#.to_owned();
    let pair = pair_with(&AgreementText { redact, ..text }).await?;
    let mut other = named(OTHER, "Unknown Male");
    other["contact_information"] = json!("laboratorio");
    other["roles"] = json!(["customs"]);
    pair.us.hold(&lines(&[named(PERSON, "Persona no identificada"), other])).await?;
    compose(&pair, &[PERSON, OTHER]).await?;
    let said = "Una persona fue identificada por customs en dos laboratorios; the male is unknown";
    let mut told = note(said);
    told["object_refs"] = json!([REPORT]);
    pair.us.hold(&told.to_string()).await?;
    assert_eq!(content(&pair).await?, said);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn owner_decides_a_release_that_waited_does_not_go_with_what_another_took_out_since()
-> Result<()> {
    let pair = pair_with(&terms()).await?;
    let report = object(
        REPORT,
        json!({ "name": "Of Guadalupe Contreras", "published": "2026-01-10T08:00:00Z", "object_refs": [PERSON] }),
    );
    let plain = object(NOTE, json!({ "content": "plain", "object_refs": [OTHER] }));
    pair.us.hold(&lines(&[named(PERSON, "Guadalupe Contreras"), report, plain])).await?;
    let [waits, approved, beside] = [
        compose(&pair, &[REPORT]).await?,
        compose(&pair, &[REPORT]).await?,
        compose(&pair, &[NOTE]).await?,
    ];
    assert!(part(&waits, OBJECTS)?.contains("Contreras"), "nothing was taken out of it yet");
    let (node, officer) = (&pair.us.node, &pair.us.officers[0]);
    approve(node, &approved.release, officer).await?;
    let both = compose(&pair, &[PERSON, REPORT]).await?;
    assert!(!part(&both, OBJECTS)?.contains("Contreras"));

    let error = approve(node, &waits.release, officer).await.unwrap_err();
    assert_eq!(error.code(), "redacted-since");
    assert!(error.to_string().contains(REPORT), "{error}");
    let shown = stale(node, &waits.release).await?.ok_or("it is shown as if it could be sent")?;
    assert_eq!(shown.to_string(), error.to_string());
    let folio = approved.release.record.folio.to_string();
    let error = seal(node, &find_release(node, &folio).await?).await.unwrap_err();
    assert_eq!(error.code(), "redacted-since");
    // what has nothing to do with it goes, and so does what was composed since
    for composed in [&beside, &both, &compose(&pair, &[REPORT]).await?] {
        let partner = all_that_the_partner_has(&pair, composed).await?;
        assert!(!String::from_utf8_lossy(&partner).contains("Contreras"));
    }
    Ok(())
}
