//! What is carried by hand, with each command killed at its steps: nothing half-written is left, and every release is
//! delivered exactly once.

use std::path::{Path, PathBuf};

use comity_model::Digest;

use crate::support::{Node, TwoNodes};

/// The steps of an import, those of the link among them.
const IN_IMPORT: &[&str] = &[
    "import:copied",
    "receive:before-commit",
    "receive:after-commit",
    "verify:done",
    "quarantine:staged",
    "admit:before-commit",
    "admit:after-commit",
    "acknowledge:sealed",
    "acknowledge:signed",
];

/// The pouches of a folder, each of them what its name promises; and nothing else is there.
fn whole(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap();
    let mut files: Vec<PathBuf> = entries.map(|it| it.unwrap().path()).collect();
    files.sort();
    for path in &files {
        let name = path.file_name().unwrap().to_str().unwrap();
        let digest = Digest::of(&std::fs::read(path).unwrap()).hex();
        assert!(name.ends_with(&format!("-{digest}.pouch")), "{name}");
    }
    files
}

async fn killed(node: &Node, command: &str, point: &str) {
    let mut child = node.command_until(command, point);
    child.at_fail_point(point).await;
    child.kill().await;
}

/// Three releases that nobody delivered yet.
async fn sealed() -> (TwoNodes, Vec<String>) {
    let nodes = TwoNodes::new().await;
    let objects = nodes.stock(3).await;
    let mut folios = Vec::new();
    for object in objects.chunks(1) {
        folios.push(nodes.release(object).await);
    }
    (nodes, folios)
}

/// Every release was taken in once and is settled.
async fn once(nodes: &TwoNodes, folios: &[String]) {
    for folio in folios {
        let shown = nodes.us.ok(&format!("release show {folio}")).await;
        assert_eq!(
            (&shown["state"], &shown["receipt"]["admitted"]),
            (&"settled".into(), &1.into())
        );
    }
    let inbox = nodes.mx.ok("inbox list").await;
    assert_eq!(inbox["inbox"].as_array().unwrap().len(), folios.len());
    let mut consumed: Vec<String> = nodes
        .mx
        .journal("statement-consumed")
        .await
        .iter()
        .map(|it| it["subject"].as_str().unwrap().to_owned())
        .collect();
    let before = consumed.len();
    consumed.sort();
    consumed.dedup();
    assert_eq!(consumed.len(), before, "each took effect once");
}

#[tokio::test]
async fn an_export_that_is_killed_goes_on_and_leaves_nothing_half_written() {
    let (nodes, folios) = sealed().await;
    let folder = nodes.folder().join("carried");
    let export = "pouch export --to mx -o carried";
    for (point, written) in [("export:written", 1), ("export:noted", 2)] {
        killed(&nodes.us, export, point).await;
        assert_eq!(whole(&folder).len(), written, "{point}");
    }
    nodes.us.ok(export).await;
    // one that was written and not noted is written again: another pouch of the same statement
    let mut files = whole(&folder);
    assert_eq!(files.len(), folios.len() + 1);
    files.reverse();
    let names: Vec<&str> = files.iter().map(|it| it.to_str().unwrap()).collect();
    let taken = nodes.mx.ok(&format!("pouch import {}", names.join(" "))).await;
    assert_eq!(
        (&taken["consumed"], &taken["repeated"], &taken["refused"]),
        (&3.into(), &1.into(), &0.into())
    );
    killed(&nodes.mx, "pouch export --to us -o back", "export:written").await;
    nodes.mx.ok("pouch export --to us -o back").await;
    nodes.us.ok("pouch import back").await;
    once(&nodes, &folios).await;
}

#[tokio::test]
async fn an_import_that_is_killed_anywhere_goes_on_in_any_order() {
    let (nodes, folios) = sealed().await;
    nodes.us.ok("pouch export --to mx -o carried").await;
    let mut names: Vec<String> = whole(&nodes.folder().join("carried"))
        .iter()
        .map(|it| it.to_str().unwrap().to_owned())
        .collect();
    for point in IN_IMPORT {
        names.rotate_left(1);
        killed(&nodes.mx, &format!("pouch import {}", names.join(" ")), point).await;
    }
    nodes.mx.ok(&format!("pouch import {}", names.join(" "))).await;
    let spool = std::fs::read_dir(nodes.mx.data().join("spool/incoming")).unwrap();
    assert_eq!(spool.count(), 0);
    nodes.mx.ok("pouch export --to us -o back").await;
    nodes.us.ok("pouch import back").await;
    once(&nodes, &folios).await;
}
