//! Labels on single properties: what carries one that may not cross stays, or goes without that property.

use comity_exchange::compose::Selection;
use comity_exchange::ports::{PartContent, Verdict};
use comity_model::Tlp;
use comity_model::release::{MANIFEST, OBJECTS};
use comity_testkit::{AgreementText, CLAUSE, Pair, Result, pair_with, pump};
use serde_json::{Value, json};

const GREEN: &str = "marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb";
const RED: &str = "marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed";
const IMPORTER: &str = "identity--5d0b6f1e-3c0e-4e59-8a52-000000000001";
const BROKER: &str = "identity--5d0b6f1e-3c0e-4e59-8a52-000000000002";

fn organization(id: &str, red: &[&str]) -> Value {
    json!({
        "type": "identity", "spec_version": "2.1", "id": id,
        "created": "2026-01-10T08:00:00.000Z", "modified": "2026-01-10T08:00:00.000Z",
        "name": "An importer", "identity_class": "organization", "contact_information": "555-0100",
        "object_marking_refs": [GREEN],
        "granular_markings": [{ "marking_ref": RED, "selectors": red }],
    })
}

async fn two(redact: &str) -> Result<Pair> {
    let pair =
        pair_with(&AgreementText { redact: redact.to_owned(), ..AgreementText::default() }).await?;
    let objects = [
        organization(IMPORTER, &["contact_information"]),
        organization(BROKER, &["contact_information", "name"]),
    ];
    pair.us.hold(&objects.map(|it| it.to_string()).join("\n")).await?;
    Ok(pair)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_red_only_where_the_clause_takes_out_goes_without_it() -> Result<()> {
    let pair = two(r#"["identity.contact_information"]"#).await?;
    let ids = Selection::Ids(vec![IMPORTER.to_owned(), BROKER.to_owned()]);
    let composed = pair.us.compose(&pair.mx, CLAUSE, ids).await?;
    let [importer, broker] = &composed.preview[..] else { return Err("not two".into()) };
    assert_eq!(importer.verdict, Verdict::Redacted);
    assert_eq!(broker.verdict, Verdict::Withheld);
    let reason = broker.reasons.first().ok_or("no reason")?;
    assert_eq!((reason.code.as_str(), reason.property.as_deref()), ("tlp-red", Some("name")));

    let text = |name: &str| {
        let part = composed.release.parts.iter().find(|part| part.name == name)?;
        match &part.content {
            PartContent::Inline(bytes) => serde_json::from_slice::<Value>(bytes).ok(),
            PartContent::Blob(_) => None,
        }
    };
    let object = text(OBJECTS).ok_or("no object")?;
    assert_eq!(object.get("granular_markings"), None);
    assert_eq!(object.get("contact_information"), None);
    assert_eq!(object["object_marking_refs"], json!([GREEN]));
    assert_eq!(text(MANIFEST).ok_or("no manifest")?["handling"]["tlp"], "green");

    let officer = &pair.us.officers[0];
    comity_exchange::approve::approve(&pair.us.node, &composed.release, officer).await?;
    let folio = composed.release.record.folio.to_string();
    let row = comity_exchange::approve::find_release(&pair.us.node, &folio).await?;
    comity_exchange::seal::seal(&pair.us.node, &row).await?;
    pump(&pair.us, &pair.mx).await?;
    let query = comity_exchange::ports::HoldingQuery {
        stix_type: Some("identity".to_owned()),
        limit: 10,
        ..Default::default()
    };
    let taken = pair.mx.node.store().holdings(query).await?.holdings;
    let labels: Vec<_> =
        taken.iter().map(|it| (it.tlp, it.handling.as_ref().map(|it| it.tlp))).collect();
    assert_eq!(labels, [(Some(Tlp::Green), Some(Tlp::Green))]);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_red_in_a_property_that_stays_never_leaves() -> Result<()> {
    let pair = two("[]").await?;
    for id in [IMPORTER, BROKER] {
        let refused = pair.us.compose(&pair.mx, CLAUSE, Selection::Ids(vec![id.to_owned()])).await;
        assert!(refused.is_err_and(|error| error.to_string().contains("TLP:RED")), "{id}");
    }
    Ok(())
}
