//! The demonstration, as a newcomer runs it.

use std::net::{SocketAddr, TcpStream};
#[cfg(target_os = "linux")]
use std::path::Path;
use std::process::Command;
#[cfg(target_os = "linux")]
use std::process::Stdio;
#[cfg(target_os = "linux")]
use std::time::{Duration, Instant};

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
    assert_eq!(steps.len(), 28);
    assert!(steps.iter().all(|step| step["ok"] == true), "{document}");
    let facts = |name: &str| &steps.iter().find(|step| step["name"] == name).unwrap()["facts"];

    let whole = facts("release-whole");
    assert_eq!((&whole["released"], &whole["admitted"]), (&60.into(), &60.into()));
    let dossier = facts("release-dossier");
    let count = |verdict: &str| dossier[verdict].as_u64().unwrap();
    assert_eq!((count("released"), count("redacted"), count("withheld")), (6, 1, 1));
    assert_eq!(dossier["admitted"], 7);
    let request = facts("request");
    assert_eq!((&request["hours"], request["said"].as_array().map(Vec::len)), (&8.into(), Some(5)));
    assert_eq!(facts("advice")["said"].as_array().map(Vec::len), Some(3));
    assert_eq!(facts("figures")["directions"].as_array().map(Vec::len), Some(2));
    let evidence = facts("evidence");
    assert_eq!(
        (&evidence["verdict"], &evidence["changed"]),
        (&"proved".into(), &"derivative".into())
    );
    let proposal = facts("proposal");
    assert_eq!(proposal["decisions"][1]["decision"], "declined");
    assert_eq!(proposal["history"].as_array().map(Vec::len), Some(4));
    let recall = &facts("recall")["answer"];
    assert_eq!((&recall["purged"], &recall["told"]), (&1.into(), &2.into()));
    assert_eq!(facts("legal-hold")["answer"]["held"], 1);
    assert_eq!(facts("standing")["refused"], "ceiling-exceeded");
    assert_eq!(facts("suspend")["answer"]["purged"], 1);
    assert_eq!(facts("consent")["end"], "withdrawn");
    assert_eq!(facts("counter-proposal")["decision"]["decision"], "accepted");
    assert_eq!(facts("correct")["answer"]["purged"], 1);
    assert!(facts("retention")["purged"].as_array().is_some_and(|it| it.len() > 60));
    assert_eq!(facts("terminate")["refused"], "agreement-ended");
    assert_eq!(facts("consent")["before"], "third-party");
    assert_eq!(facts("dissent")["opinion"], "disagree");
    let proofs = facts("proofs");
    let inside = proofs["inside"].as_u64().unwrap();
    assert!(inside > 40, "{proofs}");
    assert_eq!((&proofs["proved"], &proofs["caught"]), (&10.into(), &(24 + inside).into()));
    assert!(facts("agree")["refused"]["line"].is_u64());

    for party in ["us", "mx"] {
        for port in ["link", "api"] {
            let address: SocketAddr =
                facts("serve")[party][port].as_str().unwrap().parse().unwrap();
            assert!(TcpStream::connect(address).is_err(), "{party} still listens on its {port}");
        }
        for channel in document[party]["channels"].as_array().unwrap() {
            assert_eq!(channel["cosigned"], channel["statements"], "{document}");
        }
        let given = document[party]["given"].as_array().unwrap();
        assert!(given.iter().all(|it| it["outcome"] == "admitted"), "{document}");
    }
}

/// The processes that work in a folder.
#[cfg(target_os = "linux")]
fn working_in(folder: &Path) -> Vec<String> {
    let processes = std::fs::read_dir("/proc").unwrap().map(|it| it.unwrap().path());
    processes
        .filter(|it| std::fs::read_link(it.join("cwd")).is_ok_and(|cwd| cwd == folder))
        .map(|it| it.file_name().unwrap().to_str().unwrap().to_owned())
        .collect()
}

/// Looks until `there` finds something, for at most `patience`.
#[cfg(target_os = "linux")]
async fn until(patience: Duration, mut there: impl FnMut() -> bool) -> bool {
    let began = Instant::now();
    while began.elapsed() < patience {
        if there() {
            return true;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    false
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_demonstration_that_is_killed_leaves_no_node_behind() {
    let folder = tempfile::tempdir().unwrap();
    let nodes = folder.path().canonicalize().unwrap().join("nodes");
    let mut demo = Command::new(env!("CARGO_BIN_EXE_comity"))
        .args(["demo", "--json", "--lang", "en", "--examples"])
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples"))
        .arg("--dir")
        .arg(&nodes)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let runs = |party: &str| {
        let log = std::fs::read_to_string(nodes.join(format!("{party}.log"))).unwrap_or_default();
        log.contains("the node runs")
    };
    let both = until(Duration::from_mins(5), || runs("us") && runs("mx")).await;
    demo.kill().unwrap();
    demo.wait().unwrap();
    assert!(both, "the nodes never came up");
    let gone = until(Duration::from_mins(1), || working_in(&nodes).is_empty()).await;
    let left = working_in(&nodes);
    for process in &left {
        let _ = Command::new("kill").args(["-KILL", process]).status();
    }
    assert!(gone, "{left:?} still run");
}
