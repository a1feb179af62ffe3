//! docs/taxii.openapi.json says what the endpoints are: held against them by hand, and by schemathesis, which makes requests out
//! of it, sound and unsound, and judges every answer by it.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use axum::http::{Method, StatusCode};
use comity_exchange::account;
use comity_testkit::{Result, indicator, indicators};
use jiff::SignedDuration;
use serde_json::Value;

use super::{Server, id_of};

/// The top folder of the project.
const TOP: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
/// Longer than schemathesis takes.
const PATIENCE: Duration = Duration::from_mins(3);

fn description() -> PathBuf {
    Path::new(TOP).join("docs/taxii.openapi.json")
}

/// The endpoints as section 3.1 of the standard lists them.
const ENDPOINTS: [(&str, &[&str]); 9] = [
    ("/taxii2/", &["get"]),
    ("/comity/", &["get"]),
    ("/comity/status/{status}/", &["get"]),
    ("/comity/collections/", &["get"]),
    ("/comity/collections/{collection}/", &["get"]),
    ("/comity/collections/{collection}/manifest/", &["get"]),
    ("/comity/collections/{collection}/objects/", &["get", "post"]),
    ("/comity/collections/{collection}/objects/{object}/", &["delete", "get"]),
    ("/comity/collections/{collection}/objects/{object}/versions/", &["get"]),
];

#[tokio::test(flavor = "multi_thread")]
async fn the_description_has_every_endpoint_and_the_server_has_no_other_method() -> Result<()> {
    let document: Value = serde_json::from_slice(&std::fs::read(description())?)?;
    let paths = document["paths"].as_object().ok_or("paths")?;
    assert_eq!(paths.len(), ENDPOINTS.len());
    let server = Server::new().await?;
    server.post(&[indicator(1)]).await;
    for (template, methods) in ENDPOINTS {
        let described: BTreeSet<&str> = paths[template]
            .as_object()
            .ok_or(template)?
            .keys()
            .map(String::as_str)
            .filter(|it| *it != "parameters")
            .collect();
        assert_eq!(described, methods.iter().copied().collect(), "{template}");
        let path = template
            .replace("{collection}", "inbox")
            .replace("{object}", &id_of(1))
            .replace("{status}", &uuid::Uuid::nil().to_string());
        for method in ["get", "post", "delete", "put", "patch", "options", "trace"] {
            let answer = server
                .does(Method::from_bytes(method.to_uppercase().as_bytes())?, &path, "desk")
                .await;
            let is_there = answer.status != StatusCode::METHOD_NOT_ALLOWED;
            assert_eq!(is_there, methods.contains(&method), "{method} {template}");
            if !is_there {
                let mut allowed: Vec<String> = answer
                    .field("allow")
                    .ok_or("allow")?
                    .split(',')
                    .map(|it| it.trim().to_lowercase())
                    .filter(|it| it != "head")
                    .collect();
                allowed.sort();
                assert_eq!(allowed, methods, "{template}");
            }
        }
    }
    Ok(())
}

/// The interpreter that `scripts/setup test` prepares.
fn schemathesis() -> PathBuf {
    let target =
        PathBuf::from(std::env::var_os("CARGO_TARGET_DIR").unwrap_or_else(|| "target".into()));
    Path::new(TOP).join(target).join("prober/bin/schemathesis")
}

/// Runs schemathesis over the description with these parameters of paths, and gives what it says where something is wrong.
fn probe(
    folder: &Path,
    (url, token): (&str, &str),
    parameters: &str,
    phases: &str,
) -> std::result::Result<(), String> {
    let config = folder.join("schemathesis.toml");
    std::fs::write(&config, format!("{parameters}{OBJECT_BY_OBJECT}"))
        .map_err(|error| error.to_string())?;
    let ran = Command::new(schemathesis())
        .arg(format!("--config-file={}", config.display()))
        .arg("run")
        .arg(description())
        .args(["--url", url, "--header", &format!("Authorization: Bearer {token}"), "--no-color"])
        .args(["--generation-deterministic", "--no-shrink"])
        .args(["--phases", phases, "--max-examples", "20"])
        .args(["--checks", CHECKS, "--continue-on-failure", "--suppress-health-check", "all"])
        .args(["--warnings", "off", "--request-timeout", "20"])
        .current_dir(folder)
        .output()
        .map_err(|error| format!("{error}; `scripts/setup test` prepares schemathesis"))?;
    if ran.status.success() {
        return Ok(());
    }
    let said = [ran.stdout, ran.stderr].concat();
    Err(String::from_utf8_lossy(&said).into_owned())
}

/// Everything about an answer that the description decides. Requests with wrong credentials are left to the tests of the
/// gate: after twenty of them nobody from that address is heard for a while.
const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,\
                      response_headers_conformance,response_schema_conformance,unsupported_method,\
                      negative_data_rejection,\
                      allow_header_conformance";

/// What is wrong with single objects stands in the status (section 5.5), and the envelope around them is taken.
const OBJECT_BY_OBJECT: &str = r#"
[[operations]]
include-name = "POST /comity/collections/{collection}/objects/"
checks.negative_data_rejection.expected-statuses = ["202", "400", "401", "403", "404", "406", "415", "422"]
"#;

#[tokio::test(flavor = "multi_thread")]
async fn schemathesis_finds_no_answer_that_the_description_does_not_have() -> Result<()> {
    let server = Server::new().await?;
    server.hold(&indicators(0..40)).await?;
    let status = server.post(&[indicator(1), indicator(2)]).await.json();
    let url = format!("http://{}", server.address);
    let (node, day) = (&server.party.node, SignedDuration::from_hours(24));
    let (_, token) = account::new_token(node, "desk", None, day, None, "an administrator").await?;
    let known = format!(
        "[parameters]\n\"path.collection\" = \"inbox\"\n\"path.object\" = \"{}\"\n\"path.status\" = {}\n",
        id_of(1),
        status["id"]
    );
    // first what is there, at the edges of what the description allows and beyond; then whatever a client comes up with
    for (parameters, phases) in [(known, "coverage,fuzzing"), (String::new(), "fuzzing")] {
        let (folder, url, token) = (server.party.folder().to_owned(), url.clone(), token.clone());
        let probing = tokio::task::spawn_blocking(move || {
            probe(&folder, (&url, &token), &parameters, phases)
        });
        let said = tokio::time::timeout(PATIENCE, probing).await??;
        assert!(said.is_ok(), "{}", said.unwrap_err());
    }
    Ok(())
}
