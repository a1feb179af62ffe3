//! The demonstration, as a newcomer runs it.

use std::net::{SocketAddr, TcpStream};
use std::process::Command;

use serde_json::Value;

#[test]
fn the_demonstration_ends_with_both_sides_agreeing_and_nothing_left_running() {
    let folder = tempfile::tempdir().unwrap();
    let nodes = folder.path().join("nodes");
    let output = Command::new(env!("CARGO_BIN_EXE_comity"))
        .args(["demo", "--once", "--json", "--lang", "en", "--examples"])
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples"))
        .arg("--dir")
        .arg(&nodes)
        .output()
        .unwrap();
    let (said, errors) = (String::from_utf8(output.stdout).unwrap(), output.stderr);
    let logs = ["us.log", "mx.log"].map(|log| std::fs::read_to_string(nodes.join(log)));
    assert!(
        output.status.success(),
        "{}\n{said}\n{}\n{logs:?}",
        output.status,
        String::from_utf8_lossy(&errors)
    );

    let document: Value = serde_json::from_str(&said).unwrap();
    assert_eq!(document["agree"], true, "{document}");
    assert_eq!(document["exercise"], true);
    assert_eq!(document["differences"].as_array().map(Vec::len), Some(0));
    let steps = document["steps"].as_array().unwrap();
    assert_eq!(steps.len(), 11);
    assert!(steps.iter().all(|step| step["ok"] == true), "{document}");
    let facts = |name: &str| &steps.iter().find(|step| step["name"] == name).unwrap()["facts"];

    let whole = facts("release-whole");
    assert_eq!((&whole["released"], &whole["admitted"]), (&60.into(), &60.into()));
    let dossier = facts("release-dossier");
    let count = |verdict: &str| dossier[verdict].as_u64().unwrap();
    assert_eq!((count("released"), count("redacted"), count("withheld")), (6, 1, 1));
    assert_eq!(dossier["admitted"], 7);
    assert_eq!(facts("proposal")["decision"]["decision"], "declined");
    assert!(facts("agree")["refused"]["line"].is_u64());

    for party in ["us", "mx"] {
        for port in ["link", "api"] {
            let address: SocketAddr =
                facts("serve")[party][port].as_str().unwrap().parse().unwrap();
            assert!(TcpStream::connect(address).is_err(), "{party} still listens on its {port}");
        }
        let given = document[party]["given"].as_array().unwrap();
        assert!(given.iter().all(|it| it["outcome"] == "admitted"), "{document}");
    }
}
