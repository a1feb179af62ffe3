//! The packages that people use, against a server on a socket.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use comity_testkit::{Result, indicators};

use super::{PASSWORD, Server};

/// The interpreter that `scripts/setup` prepares for examples/taxii.
fn python() -> PathBuf {
    let target =
        PathBuf::from(std::env::var_os("CARGO_TARGET_DIR").unwrap_or_else(|| "target".into()));
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(target).join("clients/bin/python")
}

#[tokio::test(flavor = "multi_thread")]
async fn taxii2_client_and_stix2_read_and_write_every_resource() -> Result<()> {
    let server = Server::new().await?;
    server.hold(&indicators(0..20)).await?;
    let url = format!("http://{}/taxii2/", server.address);
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/taxii/client.py");
    let ran = tokio::task::spawn_blocking(move || {
        let mut child = Command::new(python())
            .arg("-I")
            .arg(script)
            .args([&url, "The collection all", "The collection inbox"])
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
    let seen: serde_json::Value = serde_json::from_slice(&ran.stdout)?;
    assert_eq!((&seen["objects"], &seen["roots"]), (&20.into(), &1.into()), "{seen}");
    assert!(seen["failure"].as_str().is_some_and(|it| it.starts_with("/objects/1")), "{seen}");
    Ok(())
}
