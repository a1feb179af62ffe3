//! The arrows of docs/architecture.md, held over what cargo says.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use cargo_metadata::{CargoOpt, DependencyKind, Metadata, MetadataCommand, Package};

fn metadata() -> Metadata {
    // what this machine builds; what other systems would need is not at hand
    let platform = format!("{}-unknown-linux-gnu", std::env::consts::ARCH);
    MetadataCommand::new()
        .manifest_path(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"))
        .features(CargoOpt::AllFeatures)
        .other_options(["--offline", "--locked", "--filter-platform", &platform].map(str::to_owned))
        .exec()
        .unwrap()
}

/// Every crate of the house and those of the house that it may use. The arrows point one way.
fn allowed() -> BTreeMap<&'static str, Vec<&'static str>> {
    let pure = ["comity-policy", "comity-log", "comity-pouch", "comity-model", "comity-stix"];
    let exchange = [&["comity-exchange"][..], &pure].concat();
    let outer = ["comity-api", "comity-feed", "comity-link", "comity-store"];
    BTreeMap::from([
        ("comity-stix", vec![]),
        ("comity-model", vec!["comity-stix"]),
        ("comity-policy", vec!["comity-model", "comity-stix"]),
        ("comity-log", vec!["comity-model", "comity-stix"]),
        ("comity-pouch", vec!["comity-model", "comity-stix"]),
        ("comity-exchange", pure.to_vec()),
        ("comity-api", exchange.clone()),
        ("comity-feed", exchange.clone()),
        ("comity-link", exchange.clone()),
        ("comity-store", exchange.clone()),
        ("comity-testkit", [&outer[..], &exchange].concat()),
        ("comity", [&outer[..], &exchange].concat()),
        ("comity-bench", vec!["comity-stix"]),
    ])
}

fn house(metadata: &Metadata) -> BTreeMap<String, Package> {
    let packages = metadata.workspace_packages().into_iter().cloned();
    packages.map(|package| (package.name.to_string(), package)).collect()
}

#[test]
fn the_arrows_between_the_crates_point_one_way() {
    let house = house(&metadata());
    let allowed = allowed();
    let names: BTreeSet<&str> = house.keys().map(String::as_str).collect();
    let known: BTreeSet<&str> = allowed.keys().copied().collect();
    assert_eq!(names, known, "a crate has no place among the arrows");
    for (name, package) in &house {
        for dependency in &package.dependencies {
            let is_used = dependency.kind != DependencyKind::Development;
            if is_used && names.contains(dependency.name.as_str()) {
                let fits = allowed[name.as_str()].contains(&dependency.name.as_str());
                assert!(fits, "`{name}` must not use `{}`", dependency.name);
            }
        }
    }
}

#[test]
fn the_testkit_is_used_by_tests_alone() {
    for (name, package) in house(&metadata()) {
        for dependency in package.dependencies.iter().filter(|it| it.name == "comity-testkit") {
            assert_eq!(dependency.kind, DependencyKind::Development, "`{name}`");
        }
    }
}

/// Everything that crates bring along when this machine builds them with every feature, by `cargo tree`, which knows what the
/// features really choose. What only their tests need is left out.
fn brings(crates: &[&str]) -> BTreeSet<String> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(["tree", "--offline", "--locked", "--all-features", "--edges", "normal,build"])
        .args(["--prefix", "none", "--format", "{p}"])
        .args(crates.iter().flat_map(|name| ["--package", name]))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().filter_map(|line| line.split_whitespace().next().map(str::to_owned)).collect()
}

#[test]
fn the_pure_crates_know_no_socket_no_database_and_no_runtime() {
    let outside = [
        "tokio",
        "rusqlite",
        "libsqlite3-sys",
        "axum",
        "rustls",
        "tokio-rustls",
        "hyper",
        "reqwest",
    ];
    for name in ["comity-stix", "comity-model", "comity-policy", "comity-log", "comity-pouch"] {
        let brought = brings(&[name]);
        assert!(brought.len() > 3, "{name}: {brought:?}");
        for outside in outside {
            assert!(!brought.contains(outside), "`{name}` brings `{outside}`");
        }
    }
}

#[test]
fn the_use_cases_know_neither_sql_nor_http_nor_tls() {
    let brought = brings(&["comity-exchange"]);
    for outside in
        ["rusqlite", "libsqlite3-sys", "axum", "rustls", "tokio-rustls", "hyper", "reqwest"]
    {
        assert!(!brought.contains(outside), "`comity-exchange` brings `{outside}`");
    }
}

#[test]
fn one_cryptographic_library_is_in_the_house() {
    let all: Vec<&str> = allowed().into_keys().collect();
    let brought = brings(&all);
    assert!(brought.contains("aws-lc-rs"), "{brought:?}");
    for other in ["ring", "openssl", "openssl-sys", "native-tls"] {
        assert!(!brought.contains(other), "`{other}` is in the graph");
    }
}
