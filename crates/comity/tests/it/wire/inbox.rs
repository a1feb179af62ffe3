//! What people see of statements that were refused, and how they name them.

use comity_exchange::ports::{Clock as _, PouchState};
use serde_json::{Value, json};

use super::Case;
use crate::cli::comity;
use crate::support::{Node, Object, Rival, SystemClock, TwoNodes, until};

const FOLIO: &str = "US-2026-000901";

fn told(case: &Case, lang: &str) -> String {
    let output = comity()
        .args(["inbox", "list", "--lang", lang, "--data"])
        .arg(case.nodes.mx.data())
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// A release whose second part is not the one that was announced, refused as a whole.
async fn refused_release(case: &mut Case, seed: &str) -> String {
    let mut forge = case.us.release(seed, &[Object::indicator(1, "")]);
    let last = forge.parts[1].1.len() - 2;
    forge.parts[1].1[last] ^= 1;
    let forged = case.us.forge(&forge);
    let (state, code) = case.us.deliver(&forged).await;
    assert_eq!(state, PouchState::Consumed);
    case.us.went(&forged);
    code.unwrap()
}

#[tokio::test]
async fn a_refused_release_is_listed_with_its_folio_and_code_and_found_by_them() {
    let mut case = Case::new().await;
    let code = refused_release(&mut case, "changed").await;
    let line = case.nodes.mx.ok("inbox list").await["inbox"][0].clone();
    assert_eq!((&line["folio"], &line["outcome"]), (&FOLIO.into(), &"refused".into()), "{line}");
    let digest = line["digest"].as_str().unwrap();

    let shown = told(&case, "en");
    assert!(shown.contains(FOLIO) && shown.contains(&format!("refused [{code}]")), "{shown}");
    let spanish = told(&case, "es");
    assert!(spanish.contains("entrega") && spanish.contains("rechazada"), "{spanish}");
    assert!(!spanish.contains("release"), "{spanish}");

    for id in [FOLIO, "us-2026-000901", digest, digest.get(7..).unwrap(), digest.get(..19).unwrap()]
    {
        let found = case.nodes.mx.ok(&format!("inbox show {id}")).await;
        assert_eq!(found["digest"], digest, "{id}");
    }
}

#[tokio::test]
async fn what_has_no_folio_is_listed_by_a_digest_that_finds_it() {
    let case = Case::new().await;
    let forge = case.us.statement("request", "a request");
    let forged = case.us.forge(&forge);
    case.us.deliver(&forged).await;
    let shown = told(&case, "en");
    let brief = forged.digest.to_string().get(..19).unwrap().to_owned();
    assert!(shown.contains(&brief), "{shown}");
    let found = case.nodes.mx.ok(&format!("inbox show {brief}")).await;
    assert_eq!(found["digest"], Value::String(forged.digest.to_string()));
    for id in ["sha256:0000000000", "US-2026-000777", "nothing"] {
        let (code, message) = case.nodes.mx.refused(&format!("inbox show {id}")).await;
        assert_eq!(code, "not-found", "{id}: {message}");
    }
}

#[tokio::test]
async fn a_folio_that_a_partner_claims_twice_is_not_guessed_about() {
    let mut case = Case::new().await;
    refused_release(&mut case, "first").await;
    refused_release(&mut case, "second").await;
    let (code, message) = case.nodes.mx.refused(&format!("inbox show {FOLIO}")).await;
    assert_eq!(code, "ambiguous", "{message}");
    let inbox = case.nodes.mx.ok("inbox list").await;
    for line in inbox["inbox"].as_array().unwrap() {
        assert!(message.contains(line["digest"].as_str().unwrap()), "{message}");
    }
}

/// What the doctor of a node says of this name.
async fn diagnosis(node: &Node, name: &str) -> Option<Value> {
    let (_, report) = node.json("doctor").await;
    report["checks"].as_array().unwrap().iter().find(|it| it["name"] == name).cloned()
}

#[tokio::test]
async fn the_doctor_names_what_was_refused_here_for_thirty_days() {
    let mut case = Case::new().await;
    let code = refused_release(&mut case, "changed").await;
    let name = format!("inbox:{FOLIO}");
    let found = diagnosis(&case.nodes.mx, &name).await.unwrap();
    assert_eq!(found["state"], "warn", "{found}");
    assert!(found["text"].as_str().unwrap().contains(&format!("[{code}]")), "{found}");
    case.nodes.mx.move_clock(31 * 24 * 3600);
    assert_eq!(diagnosis(&case.nodes.mx, &name).await, None);
}

#[tokio::test]
async fn the_doctor_names_releases_that_the_partner_refused() {
    let nodes = TwoNodes::new().await;
    let objects = nodes.stock(2).await;
    let (first, second) = (nodes.release(&objects[..1]).await, nodes.release(&objects[1..]).await);
    let _us = nodes.us.serve().await;
    let mx = Rival::playing(&nodes.mx, &nodes.us, nodes.agreement);
    until("mx is known to the link", async || mx.connects().await.then_some(())).await;
    let mut entries = Vec::new();
    for (folio, outcome) in [(&first, "refused"), (&second, "partial")] {
        let shown = nodes.us.ok(&format!("release show {folio}")).await;
        let mut entry = json!({
            "sequence": shown["sequence"], "digest": shown["statement"], "outcome": outcome,
            "received_at": "2026-01-01T00:00:00Z", "admitted": 0, "refused": 1,
            "objects": [{ "index": 0, "code": "too-deep", "pointer": "" }],
        });
        entry["received_at"] = json!(SystemClock.now());
        if outcome == "refused" {
            entry["code"] = json!("part-digest");
        }
        entries.push(entry);
    }
    let mut forge = mx.statement("receipt", "a receipt");
    forge.body = json!({ "entries": entries });
    let (_, code) = mx.deliver(&mx.forge(&forge)).await;
    assert_eq!(code, None);
    for (folio, code) in [(first, "refused [part-digest]"), (second, "in part [too-deep]")] {
        let found = diagnosis(&nodes.us, &format!("release:{folio}")).await.unwrap();
        assert_eq!(found["state"], "warn", "{found}");
        assert!(found["text"].as_str().unwrap().contains(code), "{found}");
    }
}
