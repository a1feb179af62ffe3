//! Agreements, by files alone.

use std::fs;

use base64::Engine as _;
use serde_json::json;

use super::run::Place;

#[test]
fn an_agreement_is_in_force_only_when_both_signed_the_same_bytes() {
    let place = Place::pair();
    let both =
        |data: &str| place.ok(&format!("agreement list --data {data}"))["agreements"].clone();
    let (us, mx) = (both("us"), both("mx"));
    assert_eq!(us.as_array().unwrap().len(), 1);
    assert_eq!(us[0]["state"], "in-force");
    assert_eq!(us[0]["partner"], "mx");
    assert_eq!(us[0]["version"], 1);
    for member in ["id", "digest", "from", "until", "title", "state"] {
        assert_eq!(us[0][member], mx[0][member], "{member}");
    }
    let shown = place.ok(&format!("agreement show {} --data mx", us[0]["id"].as_str().unwrap()));
    // each side numbers its own papers, by the year of the day
    let folio = |own: &serde_json::Value, handle: &str| {
        let folio = own[0]["folio"].as_str().unwrap().to_owned();
        assert!(folio.starts_with(handle) && folio.ends_with("-000001"), "{folio}");
        folio
    };
    folio(&us, "US-");
    let by_folio = place.ok(&format!("agreement show {} --data mx", folio(&mx, "MX-")));
    assert_eq!(by_folio, shown);
    assert_eq!(shown["signed_here"], true);
    assert_eq!(shown["signed_by_partner"], true);
    let text = fs::read_to_string(place.path("agreement.toml")).unwrap();
    assert_eq!(shown["text"], text);
}

#[test]
fn one_signature_makes_a_draft_and_the_partners_file_can_be_signed_as_it_is() {
    let place = Place::pair();
    place.ok("agreement new --with mx --out second.toml --data us");
    let signed = place.ok("agreement sign second.toml --data us");
    assert_eq!(signed["file"], "second.us.agreement");
    assert_eq!(
        (&signed["signed_here"], &signed["signed_by_partner"], &signed["state"]),
        (&json!(true), &json!(false), &json!("draft"))
    );
    let taken = place.ok("agreement import second.us.agreement --data mx");
    assert_eq!((&taken["signed_here"], &taken["signed_by_partner"]), (&json!(false), &json!(true)));
    let answered = place.ok("agreement sign second.us.agreement --out back --data mx");
    assert_eq!(answered["state"], "in-force");
    assert_eq!(answered["digest"], signed["digest"]);
    assert_eq!(place.ok("agreement import back --data us")["state"], "in-force");
}

#[test]
fn a_text_that_was_changed_after_it_was_signed_is_refused() {
    let place = Place::pair();
    place.ok("agreement new --with mx --out second.toml --data us");
    place.ok("agreement sign second.toml --data us");
    let file = fs::read_to_string(place.path("second.us.agreement")).unwrap();
    let mut envelope: serde_json::Value = serde_json::from_str(&file).unwrap();
    let text = fs::read_to_string(place.path("second.toml")).unwrap();
    let wider = text.replace("retention_days = 180", "retention_days = 181");
    assert_ne!(text, wider);
    envelope["payload"] = base64::engine::general_purpose::STANDARD.encode(wider).into();
    place.write("forged", envelope.to_string());
    let before = place.ok("agreement list --data mx");
    assert_eq!(place.refused("agreement import forged --data mx", 1), "agreement-signature");
    assert_eq!(place.ok("agreement list --data mx"), before);
}

#[test]
fn check_names_every_error_with_its_line_and_needs_no_node() {
    let place = Place::pair();
    let good = place.ok("agreement check agreement.toml");
    assert_eq!(good["ok"], true);
    assert_eq!(good["errors"], json!([]));
    let text = fs::read_to_string(place.path("agreement.toml")).unwrap();
    let bad = text.replace("scope = [\"intelligence\"", "scope = [\"joint-operations\"").replacen(
        "max_tlp = \"amber+strict\"",
        "max_tlp = \"red\"",
        1,
    );
    let line_of = |needle: &str| bad.lines().position(|line| line.contains(needle)).unwrap() + 1;
    place.write("bad.toml", &bad);
    let report = place.run("agreement check bad.toml --json").document(1);
    assert_eq!(report["ok"], false);
    let errors = report["errors"].as_array().unwrap();
    let found: Vec<(&str, u64)> = errors
        .iter()
        .map(|it| (it["code"].as_str().unwrap(), it["line"].as_u64().unwrap()))
        .collect();
    assert!(
        found.contains(&("operations-unrepresentable", line_of("joint-operations") as u64)),
        "{found:?}"
    );
    assert!(found.contains(&("tlp-red", line_of("max_tlp = \"red\"") as u64)), "{found:?}");
    for data in ["us", "mx"] {
        assert_eq!(
            place.refused(&format!("agreement sign bad.toml --data {data}"), 1),
            "bad-input"
        );
    }
    let spanish = place.run("agreement check bad.toml --lang es");
    assert!(spanish.stdout.contains("`joint-operations` no puede escribirse"), "{spanish:?}");
}

#[test]
fn a_signed_file_is_checked_with_the_signatures_on_it() {
    let place = Place::pair();
    let text = place.ok("agreement check agreement.toml --data us");
    assert_eq!(text["signed_here"], json!(null), "{text}");
    let file = place.ok("agreement check agreement.us.agreement --data us");
    assert_eq!(text["digest"], file["digest"]);
    assert_eq!((&file["signed_here"], &file["signed_by_partner"]), (&json!(true), &json!(false)));
    let there = place.ok("agreement check agreement.us.agreement --data mx");
    assert_eq!((&there["signed_here"], &there["signed_by_partner"]), (&json!(false), &json!(true)));
}

#[test]
fn one_byte_changed_under_a_signature_is_not_in_order() {
    let place = Place::pair();
    let file = fs::read_to_string(place.path("agreement.us.agreement")).unwrap();
    let mut envelope: serde_json::Value = serde_json::from_str(&file).unwrap();
    let text = fs::read_to_string(place.path("agreement.toml")).unwrap();
    let wider = text.replace("retention_days = 180", "retention_days = 181");
    assert_ne!(text, wider);
    envelope["payload"] = base64::engine::general_purpose::STANDARD.encode(wider).into();
    place.write("forged", envelope.to_string());
    for data in ["us", "mx"] {
        let report = place.run(&format!("agreement check forged --data {data} --json")).document(1);
        assert_eq!((&report["ok"], &report["digest"]), (&json!(false), &json!(null)), "{report}");
        assert_eq!(report["errors"][0]["code"], "agreement-signature", "{report}");
    }
    let said = place.run("agreement check forged --data us");
    assert!(!said.stdout.contains("in order"), "{said:?}");
}

#[test]
fn the_signature_of_a_stranger_is_not_in_order() {
    let place = Place::pair();
    let read = |name: &str| -> serde_json::Value {
        serde_json::from_slice(&fs::read(place.path(name)).unwrap()).unwrap()
    };
    let mut file = read("agreement.us.agreement");
    let descriptor = {
        place.node("ca");
        place.ok("party export --out ca.descriptor --data ca");
        read("ca.descriptor")
    };
    let stranger = descriptor["signatures"][0].clone();
    file["signatures"].as_array_mut().unwrap().push(stranger);
    place.write("more", file.to_string());
    let report = place.run("agreement check more --data us --json").document(1);
    assert_eq!(report["errors"][0]["code"], "agreement-signature", "{report}");
}

#[test]
fn a_check_without_keys_to_judge_by_says_that_it_judged_no_signature() {
    let place = Place::pair();
    place.node("ca");
    for data in ["nowhere", "ca"] {
        let report = place.ok(&format!("agreement check agreement.us.agreement --data {data}"));
        let warnings = report["warnings"].as_array().unwrap();
        let not_checked = |it: &serde_json::Value| it["code"] == "signatures-not-checked";
        assert!(warnings.iter().any(not_checked), "{report}");
        assert_eq!(
            (&report["signed_here"], &report["signed_by_partner"]),
            (&json!(null), &json!(null))
        );
        assert!(report.as_object().unwrap().contains_key("signed_here"));
    }
}

#[test]
fn a_draft_is_never_written_over_what_somebody_edited() {
    let place = Place::pair();
    let before = fs::read(place.path("agreement.toml")).unwrap();
    let line = "agreement new --with mx --out agreement.toml --data us";
    assert_eq!(place.refused(line, 1), "file-exists");
    assert_eq!(fs::read(place.path("agreement.toml")).unwrap(), before);
    let back = "agreement new --with mx --from 2026-05-01 --until 2026-04-30 --data us";
    assert_eq!(place.refused(back, 2), "usage");
}

#[test]
fn an_agreement_between_others_is_none_of_ours() {
    let place = Place::pair();
    place.node("ca");
    assert_eq!(place.refused("agreement sign agreement.toml --data ca", 1), "not-a-party");
    assert_eq!(
        place.refused("agreement import agreement.us.agreement --data ca", 1),
        "not-a-party"
    );
    assert_eq!(place.ok("agreement list --data ca")["agreements"], json!([]));
}

#[test]
fn what_a_red_line_names_and_nobody_writes_is_told_with_what_was_meant() {
    let place = Place::pair();
    let text = fs::read_to_string(place.path("agreement.toml")).unwrap();
    let line = |when: &str| {
        let line = format!("\n[[red_line]]\ntext = \"No shipments\"\nwhen = '{when}'\n");
        place.write("red.toml", [&text, line.as_str()].concat());
    };
    line("resource.kind == \"consigment\"");
    let checked = place.ok("agreement check red.toml --data us");
    let warned = |code: &str| {
        let all = checked["warnings"].as_array().unwrap();
        let found = all.iter().find(|it| it["code"] == code);
        found.unwrap_or_else(|| panic!("{checked}"))["message"].as_str().unwrap().to_owned()
    };
    let said = warned("red-line-unknown-kind");
    assert!(said.contains("`consigment` (did you mean `consignment`?)"), "{said}");
    let spanish = place.run("agreement check red.toml --data us --lang es");
    assert!(spanish.stdout.contains("(¿quiso decir `consignment`?)"), "{spanish:?}");
    line("resource has country && resource.country == \"mx\"");
    let spanish = place.run("agreement check red.toml --data us --lang es");
    assert!(spanish.stdout.contains("nombra el país `mx`"), "{spanish:?}");
    assert!(spanish.stdout.contains("[red-line-unknown-country]"), "{spanish:?}");
    // what can be no type is an error
    line("resource.kind == \"Consignment\"");
    let wrong = place.run("agreement check red.toml --data us --json").document(1);
    assert_eq!(wrong["errors"][0]["code"], "bad-kind", "{wrong}");
    let spanish = place.run("agreement check red.toml --data us --lang es");
    assert!(spanish.stdout.contains("`Consignment` no es el nombre de un tipo"), "{spanish:?}");
}
