//! The packages that people use, against a server on a socket.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use comity_exchange::account::{self, NewAccount};
use comity_exchange::collection;
use comity_exchange::ports::Role;
use comity_testkit::{Result, indicators};
use serde_json::Value;

use super::{PASSWORD, Server};

/// The interpreter that `scripts/setup` prepares for examples/taxii.
fn python() -> PathBuf {
    let target =
        PathBuf::from(std::env::var_os("CARGO_TARGET_DIR").unwrap_or_else(|| "target".into()));
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(target).join("clients/bin/python")
}

/// What one of the scripts in examples/taxii prints, which is given a password.
async fn run(script: &str, arguments: Vec<String>) -> Result<Value> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/taxii").join(script);
    let ran = tokio::task::spawn_blocking(move || {
        let mut child = Command::new(python())
            .arg("-I")
            .arg(script)
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| format!("{error}; `scripts/setup test` prepares the clients"))?;
        let mut input = child.stdin.take().ok_or("no input")?;
        writeln!(input, "{PASSWORD}").map_err(|error| error.to_string())?;
        drop(input);
        child.wait_with_output().map_err(|error| error.to_string())
    })
    .await??;
    let said = String::from_utf8_lossy(&ran.stderr).into_owned();
    assert!(ran.status.success(), "{said}");
    Ok(serde_json::from_slice(&ran.stdout)?)
}

#[tokio::test(flavor = "multi_thread")]
async fn taxii2_client_and_stix2_read_and_write_every_resource() -> Result<()> {
    let server = Server::new().await?;
    server.hold(&indicators(0..20)).await?;
    let url = format!("http://{}/taxii2/", server.address);
    let titles = ["The collection all", "The collection inbox"].map(ToOwned::to_owned);
    let seen = run("client.py", [vec![url], titles.to_vec()].concat()).await?;
    assert_eq!((&seen["objects"], &seen["roots"]), (&20.into(), &1.into()), "{seen}");
    assert!(seen["failure"].as_str().is_some_and(|it| it.starts_with("/objects/1")), "{seen}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_asks_too_often_and_waits_as_it_is_told_gets_everything() -> Result<()> {
    let server = Server::new().await?;
    server.hold(&indicators(0..2)).await?;
    let (node, by) = (&server.party.node, "an administrator");
    let name = "patient".to_owned();
    let new = NewAccount { name, role: Role::Tool, certificate: None, per_minute: 60 };
    account::add(node, new, Some(PASSWORD), by).await?;
    let all = collection::find(node, "all").await?;
    collection::grant(node, &all, "patient", (true, false), by).await?;
    let url = format!("http://{}{}", server.address, server.path(""));
    let seen = run("patient.py", vec![url, "64".to_owned()]).await?;
    assert_eq!(seen["objects"], 64, "{seen}");
    assert!(seen["told"].as_u64() > Some(0), "{seen}");
    Ok(())
}
