//! What a unit pulled by TAXII and its originator recalls: it is gone from the unit's collection, the unit is named and told,
//! and the originator hears that.

use serde_json::json;

use super::*;
use crate::support::TwoNodes;

#[tokio::test(flavor = "multi_thread")]
async fn what_a_unit_pulled_is_gone_when_it_is_recalled_and_the_answer_says_that_it_was_told() {
    let nodes = TwoNodes::new().await;
    let (us, mx) = (&nodes.us, &nodes.mx);
    let port = free_port();
    let more = format!("[taxii]\nlisten = \"127.0.0.1:{port}\"\n");
    edit(mx, |text| text.replace("[taxii]\n", &more) + COLLECTION);
    let _serving = (us.serve().await, mx.serve().await);
    let ids = nodes.stock(2).await;
    let folio = nodes.release(&ids).await;
    nodes.settled(&folio).await;

    mx.ok("officer add desk-1 --office desk --no-passphrase").await;
    mx.ok("unit add customs --title Customs --as desk-1").await;
    mx.ok("user add customs --role unit").await;
    mx.ok("collection grant all customs --read").await;
    let made = mx.ok("token new customs --collection all --expires 1d").await;
    let bearer = format!("Bearer {}", made["token"].as_str().unwrap());
    let objects = "/comity/collections/all/objects/";
    let pulled = async |expected: &[String]| {
        until("the unit sees what is left", async || {
            let (status, page) = http::get(port, objects, &bearer).await;
            assert_eq!(status, 200, "{page}");
            let all = page["objects"].as_array().cloned().unwrap_or_default();
            let seen: Vec<&str> = all.iter().filter_map(|it| it["id"].as_str()).collect();
            (seen == expected).then_some(())
        })
        .await;
    };
    pulled(&ids).await;

    let why = "--purge --by officer-1";
    us.ok(&format!("recall send {folio} --object {} {why}", ids[0])).await;
    let recall = until("the recall is there", async || {
        mx.ok("recall list").await["recalls"][0]["folio"].as_str().map(ToOwned::to_owned)
    })
    .await;
    // frozen before anybody decides
    pulled(&ids[1..]).await;
    let (status, _) = http::get(port, &format!("{objects}{}/", ids[0]), &bearer).await;
    assert_eq!(status, 404);
    let named = mx.ok(&format!("recall notices {recall}")).await;
    let unit = &named["units"][0];
    assert_eq!(
        (&unit["unit"], &unit["objects"], &unit["told_at"]),
        (&json!("customs"), &json!(1), &json!(null))
    );

    mx.ok(&format!("recall answer {recall} --purge")).await;
    let heard = async |told: u64, state: &str| {
        until("the originator has the answer", async || {
            let shown = us.ok(&format!("recall show {recall}")).await;
            let said = shown["said"].as_array().unwrap().last().unwrap()["body"].clone();
            let is_so = said["units"] == 1 && said["told"] == told && shown["state"] == state;
            is_so.then_some(())
        })
        .await;
    };
    heard(0, "partial").await;
    mx.ok(&format!("recall told {recall} --unit customs --by desk-1")).await;
    mx.ok(&format!("recall answer {recall} --purge")).await;
    heard(1, "done").await;
    pulled(&ids[1..]).await;
}
