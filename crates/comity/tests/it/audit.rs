//! Reports for an inspectorate, from the data folders of two real nodes that stopped.

use serde_json::Value;

use crate::rotation::current;
use crate::support::{TwoNodes, until};

const PERIOD: &str = "--from 2020-01-01 --until 2040-12-31";

#[tokio::test(flavor = "multi_thread")]
async fn both_nodes_report_the_same_of_what_they_share_and_the_report_is_checked_without_them() {
    let nodes = TwoNodes::new().await;
    let objects = nodes.stock(3).await;
    let (us, mx) = tokio::join!(nodes.us.serve(), nodes.mx.serve());
    let folio = nodes.release(&objects).await;
    nodes.settled(&folio).await;
    nodes.us.move_clock(61);
    nodes.mx.move_clock(61);
    for (node, partner) in [(&nodes.us, "mx"), (&nodes.mx, "us")] {
        let written = format!("audit export {PERIOD} --partner {partner} -o early.json --force");
        until("both have the cosignatures of the other", async || {
            let report = node.ok(&written).await;
            let waits = report["report"]["waiting"].as_object().is_none_or(|it| !it.is_empty());
            (!waits).then_some(())
        })
        .await;
    }
    us.kill().await;
    mx.kill().await;

    let ours = nodes.us.ok(&format!("audit export {PERIOD} --partner mx -o us.json")).await;
    let theirs = nodes.mx.ok(&format!("audit export {PERIOD} --partner us -o mx.json")).await;
    assert_eq!(ours["report"]["shared"], theirs["report"]["shared"]);
    let directions = ours["report"]["shared"][0]["directions"].as_array().unwrap();
    let given = directions.iter().find(|it| it["counts"]["clauses"].is_object()).unwrap();
    assert_eq!(given["counts"]["kinds"]["release"]["admitted"], 1);
    let (code, _) = nodes.us.refused(&format!("audit export {PERIOD} -o us.json")).await;
    assert_eq!(code, "file-exists");

    let root = nodes.us.ok("status").await["root"].as_str().unwrap().to_owned();
    let proved = nodes.us.ok(&format!("verify us.json --root us={root}")).await;
    assert_eq!(proved["verdict"], "signed by the party");
    assert_eq!(proved["signed"]["report"], ours["report"]);
    let both = nodes.us.ok(&format!("verify us.json us.json --root us={root}")).await;
    assert_eq!(both["verdict"], "signed by the party");
    for beside in ["--with us.json", "--agreement us.json"] {
        let asked = format!("verify us.json --root us={root} {beside}");
        assert_eq!(nodes.us.json(&asked).await.0, 2, "{beside}");
    }
    let (exit, unpinned) = nodes.us.json("verify us.json").await;
    assert_eq!((exit, &unpinned["verdict"]), (1, &Value::from("consistent, roots not pinned")));
    let mut edited = std::fs::read_to_string(nodes.us.file("us.json")).unwrap();
    edited = edited.replacen("\"objects\":3", "\"objects\":4", 1);
    std::fs::write(nodes.us.file("edited.json"), edited).unwrap();
    let (exit, edited) = nodes.us.json(&format!("verify edited.json --root us={root}")).await;
    assert_eq!((exit, &edited["flaw"]["code"]), (1, &Value::from("signature-bad")));

    let table = nodes.us.ok(&format!("audit export {PERIOD} --partner mx -o us.csv")).await;
    let page = nodes.us.ok(&format!("audit export {PERIOD} --partner mx -o us.html")).await;
    assert_eq!((&table["digest"], &page["digest"]), (&ours["digest"], &ours["digest"]));
    let table = std::fs::read_to_string(nodes.us.file("us.csv")).unwrap();
    assert!(table.lines().any(|it| it.ends_with(",objects_admitted,3")), "{table}");
    let page = std::fs::read_to_string(nodes.us.file("us.html")).unwrap();
    assert!(page.contains("Releases by clause") && !page.contains("<script"));
    assert!(page.contains(ours["digest"].as_str().unwrap()));
    assert!(nodes.us.journal("audit-exported").await.len() > 3);

    nodes.us.ok(&format!("key revoke {}", current(&nodes.us, "statement").await)).await;
    nodes.us.ok("party export --out later").await;
    let asked = format!("verify us.json --root us={root} --descriptor later");
    let (exit, revoked) = nodes.us.json(&asked).await;
    assert_eq!((exit, &revoked["verdict"]), (1, &"consistent, a key was revoked".into()));
}
