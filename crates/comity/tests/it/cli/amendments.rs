//! The life of an agreement on the command line: explained, compared, amended, activated, suspended, ended, and tried out.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use super::run::Place;

fn folio(place: &Place, data: &str) -> String {
    let listed = place.ok(&format!("agreement list --data {data}"));
    listed["agreements"][0]["folio"].as_str().unwrap().to_owned()
}

fn states(place: &Place, data: &str) -> Vec<Value> {
    let listed = place.ok(&format!("agreement list --data {data}"));
    listed["agreements"].as_array().unwrap().iter().map(|it| it["state"].clone()).collect()
}

#[test]
fn an_amendment_is_begun_compared_signed_and_binds_once_it_is_activated() {
    let place = Place::pair();
    let id = folio(&place, "us");
    let begun = place.ok(&format!("agreement amend {id} -o second.toml --data us"));
    assert_eq!((&begun["version"], &begun["file"]), (&json!(2), &json!("second.toml")));
    let text = fs::read_to_string(place.path("second.toml")).unwrap();
    assert!(text.contains("version = 2\n") && !text.contains("version = 1\n"));
    place.write("second.toml", text.replacen("retention_days = 180", "retention_days = 90", 1));

    let compared = place.ok(&format!("agreement diff {id} second.toml --data us"));
    assert_eq!(compared["narrowed"][0]["term"], "retention_days");
    assert_eq!(compared["widened"], json!([]));
    let spanish = place.run(&format!("agreement diff {id} second.toml --data us --lang es"));
    assert!(spanish.stdout.contains("Se restringe"), "{}", spanish.stdout);

    place.ok("agreement sign second.toml --out one --data us");
    let refused = place.refused(&format!("agreement activate {id} --version 2 --data us"), 1);
    assert_eq!(refused, "agreement-unsigned");
    let sent = place.ok(&format!("agreement send {id} --data us"));
    assert_eq!((&sent["active"], &sent["phase"]), (&json!(1), &json!("in-force")));
    place.ok("agreement sign one --out both --data mx");
    place.ok("agreement import both --data us");
    assert_eq!(states(&place, "us"), ["in-force", "signed"]);
    let active = place.ok(&format!("agreement activate {id} --version 2 --data us"));
    assert_eq!(active["active"], 2);
    assert_eq!(states(&place, "us"), ["superseded", "in-force"]);
    let shown = place.ok(&format!("agreement show {id} --data us"));
    let said: Vec<_> = shown["events"].as_array().unwrap().iter().map(|it| &it["event"]).collect();
    assert_eq!(said, ["offered", "activated"]);
    let explained = place.run(&format!("agreement explain {id}@2 --data us"));
    assert!(explained.stdout.contains("90"), "{}", explained.stdout);
    let refused = place.refused(&format!("agreement explain {id}@7 --data us"), 1);
    assert_eq!(refused, "not-found");
}

#[test]
fn a_suspension_names_its_reason_and_is_seen_lifted_and_ended() {
    let place = Place::pair();
    let id = folio(&place, "us");
    let refused = place.refused(&format!("agreement suspend {id} --data us"), 1);
    assert_eq!(refused, "reason-missing");
    let made = place.ok(&format!(
        "agreement suspend {id} --reason inquiry-at-risk --text Until_it_is_cleared_up --data us"
    ));
    assert_eq!((&made["phase"], &made["suspended_by"]), (&json!("suspended"), &json!(["us"])));
    assert_eq!(states(&place, "us"), ["suspended"]);
    let shown = place.run(&format!("agreement show {id} --data us --lang es"));
    for word in ["suspendido", "inquiry-at-risk", "Until it is cleared up"] {
        assert!(shown.stdout.contains(word), "{word}: {}", shown.stdout);
    }
    let put = "proposal put --to mx --subject other --text x --data us";
    assert_eq!(place.refused(put, 1), "agreement-suspended");
    let lifted = place.ok(&format!("agreement lift {id} --data us"));
    assert_eq!((&lifted["phase"], &lifted["suspended_by"]), (&json!("in-force"), &json!([])));
    assert_eq!(place.refused(&format!("agreement lift {id} --data us"), 1), "not-suspended");
    let end = format!("agreement terminate {id} --reason not-granted --data us");
    assert_eq!(place.ok(&end)["phase"], "ended");
    assert_eq!(place.refused(&end, 1), "agreement-ended");
    let lines = place.run("journal list --data us --json").stdout;
    for event in ["agreement-suspended", "agreement-lifted", "agreement-terminated"] {
        assert!(lines.contains(event), "{event}");
    }
}

#[test]
fn what_a_text_would_stand_beside_is_said_before_it_is_signed() {
    let place = Place::pair();
    place.ok("agreement new --with mx --out other.toml --data us");
    let last = |document: &Value| document["warnings"].as_array().unwrap().last().cloned().unwrap();
    let overlap = last(&place.ok("agreement check other.toml --data us"));
    assert_eq!(overlap["code"], "agreements-overlap");
    let first = place.ok(&format!("agreement show {} --data us", folio(&place, "us")));
    let id = first["id"].as_str().unwrap();
    assert!(overlap["message"].as_str().unwrap().contains(id), "{overlap}");
    let signed = place.run("agreement sign other.toml --data us");
    assert!(signed.stderr.contains("agreements-overlap"), "{}", signed.stderr);

    place.ok(&format!("agreement amend {id} -o late.toml --data us"));
    let text = fs::read_to_string(place.path("late.toml")).unwrap();
    let days = text.lines().find(|line| line.starts_with("in_force")).unwrap();
    let later = "in_force = { from = 2099-01-01, until = 2099-12-31 }";
    place.write("late.toml", text.replace(days, later));
    let checked = place.ok("agreement check late.toml --data us");
    assert_eq!(last(&checked)["code"], "version-gap");
}

#[test]
fn one_template_makes_an_agreement_with_each_partner_of_a_group() {
    let place = Place::pair();
    let text = fs::read_to_string(place.path("agreement.toml")).unwrap();
    let shown = place.ok(&format!("agreement show {} --data us", folio(&place, "us")));
    let mut template = text.replace(shown["id"].as_str().unwrap(), "{id}");
    for (name, root) in roots(&text) {
        let role = if name == "us" { "own" } else { "partner" };
        template = template
            .replace(&root, &format!("{{{role}_root}}"))
            .replace(&format!("[parties.{name}]"), &format!("[parties.{{{role}}}]"))
            .replace(&format!("= \"{name}\""), &format!("= \"{{{role}}}\""));
    }
    place.write("group.toml", &template);
    let made = place.ok("agreement new --with mx --template group.toml --out made.toml --data us");
    let written = fs::read_to_string(place.path("made.toml")).unwrap();
    assert!(written.contains(made["id"].as_str().unwrap()) && !written.contains("{own"));
    assert_eq!(place.ok("agreement check made.toml --data us")["ok"], true);
    place.write("bad.toml", template.replace("{own_root}", "{nobody}"));
    let refused = place.refused("agreement new --with mx --template bad.toml --data us", 1);
    assert_eq!(refused, "bad-input");
}

/// The handles and roots of a text.
fn roots(text: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut name = None;
    for line in text.lines() {
        if let Some(handle) = line.strip_prefix("[parties.") {
            name = Some(handle.trim_end_matches(']').to_owned());
        } else if let (Some(root), Some(handle)) = (line.strip_prefix("root = \""), name.take()) {
            found.push((handle, root.trim_end_matches('"').to_owned()));
        }
    }
    found
}

#[test]
fn the_table_of_examples_holds_and_every_difference_is_named() {
    let place = Place::new();
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples");
    for name in ["agreement.test.toml", "agreement.template.toml"] {
        fs::copy(examples.join(name), place.path(name)).unwrap();
    }
    let ran = place.ok("agreement test agreement.test.toml");
    assert_eq!(ran["ok"], true, "{ran}");
    assert!(ran["examples"].as_array().unwrap().len() >= 6);

    let table = fs::read_to_string(place.path("agreement.test.toml")).unwrap();
    let wrong = table
        .replacen("expect = \"released\"", "expect = \"withheld\"", 1)
        .replacen("properties = [\"street_address\"]", "properties = [\"city\"]", 1)
        .replacen("because = \"red-line:1\"", "because = \"red-line:2\"", 1);
    place.write("wrong.toml", wrong);
    let ran = place.run("agreement test wrong.toml --json").document(1);
    let differ = |it: &&Value| it["ok"] == false;
    assert_eq!(ran["examples"].as_array().unwrap().iter().filter(differ).count(), 3, "{ran}");
    let people = place.run("agreement test wrong.toml");
    assert!(people.stdout.contains("3 / "), "{}", people.stdout);

    // an unknown field is named by its own line, a bad value by that of its example
    let line_of = |what: &str| 1 + table.lines().take_while(|it| !it.starts_with(what)).count();
    let (field, example) = (line_of("purpose = "), line_of("[[example]]"));
    for (from, to, line) in [
        ("\npurpose = ", "\nporpoise = ", field),
        ("\"B2\"", "\"Z9\"", example),
        ("clause = \"precursors-south\"", "clause = \"nowhere\"", example),
    ] {
        place.write("bad.toml", table.replacen(from, to, 1));
        let bad = place.run("agreement test bad.toml");
        assert_eq!(bad.code, 1, "{bad:?}");
        assert!(bad.stderr.contains(&format!("line {line}")), "{to}: {}", bad.stderr);
    }
    place.write("bare.toml", "example = []\n");
    assert_eq!(place.run("agreement test bare.toml").code, 2);
}
