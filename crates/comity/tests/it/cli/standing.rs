//! Standing approvals and quotas on the command line.

use serde_json::json;

use super::run::{Place, indicator, lines};

/// Two nodes whose clauses give indicators alone, may be approved beforehand and have a quota of ten objects a day.
fn place() -> Place {
    let place = Place::pair();
    let text = std::fs::read_to_string(place.path("agreement.toml")).unwrap();
    let mut kinds = false;
    let kept = text.lines().filter_map(|line| {
        if line.starts_with("kinds = [") {
            kinds = !line.ends_with(']');
            return Some("kinds = [\"indicator\"]");
        }
        if kinds {
            kinds = !line.ends_with(']');
            return None;
        }
        Some(match line {
            "version = 1" => "version = 2",
            "approval = \"two-person\"" => "approval = \"standing\"",
            "objects = 20000" => "objects = 10",
            line if line.starts_with("redact = [") => "redact = []",
            line => line,
        })
    });
    let text: Vec<&str> = kept.collect();
    std::fs::write(place.path("two.toml"), text.join("\n")).unwrap();
    place.ok("agreement sign two.toml --data us");
    place.ok("agreement sign two.toml --data mx");
    place.ok("agreement import two.mx.agreement --data us");
    let id =
        place.ok("agreement list --data us")["agreements"][0]["id"].as_str().unwrap().to_owned();
    place.ok(&format!("agreement activate {id} --version 2 --data us"));
    lines(&place, "in.jsonl", (1..=30).map(|number| indicator(number, 30)));
    place.ok("import in.jsonl --data us");
    place
}

fn compose(place: &Place, objects: std::ops::Range<u32>) -> serde_json::Value {
    let ids: Vec<String> =
        objects.map(|it| format!("indicator--5d0b6f1e-3c0e-4e59-8a52-{it:012x}")).collect();
    place.ok(&format!(
        "release compose --to mx --clause us-to-mx --purpose precursor-control --by an_analyst --data us --object {}",
        ids.join(" ")
    ))
}

#[test]
fn an_officer_approves_beforehand_and_takes_it_back() {
    let place = place();
    let first = compose(&place, 1..5);
    let quotas = first["quotas"].as_array().unwrap();
    let quota = quotas.iter().find(|it| it["per"] == "day").unwrap();
    assert_eq!((&quota["left"], &quota["per"]), (&json!(10), &json!("day")));
    assert_eq!(first["grounds"]["reasons"], json!(["within-purpose"]));
    let send = |composed: &serde_json::Value| {
        format!("release send {} --data us", composed["folio"].as_str().unwrap())
    };
    assert_eq!(place.refused(&send(&first), 1), "approval-missing");

    let sign = "release standing sign --to mx --clause us-to-mx --as officer-1 --data us";
    assert_eq!(place.refused(&format!("{sign} --ceiling 5 --days 31"), 2), "usage");
    assert_eq!(place.refused(&format!("{sign} --ceiling 0 --days 30"), 1), "standing-ceiling");
    let signed = place.ok(&format!("{sign} --ceiling 5 --days 30"));
    assert_eq!((&signed["state"], &signed["ceiling"]), (&json!("open"), &json!(5)));
    assert_eq!(place.refused(&format!("{sign} --ceiling 9 --days 1"), 1), "exists");
    assert_eq!(place.ok(&send(&first))["state"], "sealed");

    let second = compose(&place, 5..8);
    assert_eq!(second["quotas"][0]["left"], json!(6));
    assert_eq!(place.refused(&send(&second), 1), "ceiling-exceeded");
    let listed = place.ok("release standing list --data us");
    assert_eq!(listed["standing"][0]["used_today"], json!(4));
    let id = signed["id"].as_str().unwrap();
    let revoked = place.ok(&format!("release standing revoke {id} --by an_analyst --data us"));
    assert_eq!(revoked["state"], "revoked");
    let third = compose(&place, 8..9);
    assert_eq!(place.refused(&send(&third), 1), "approval-missing");

    // with an officer it goes, up to the quota
    let approve = |composed: &serde_json::Value| {
        let folio = composed["folio"].as_str().unwrap();
        place.ok(&format!("release approve {folio} --as officer-1 --data us"));
    };
    approve(&second);
    place.ok(&send(&second));
    let fourth = compose(&place, 9..14);
    approve(&fourth);
    assert_eq!(place.refused(&send(&fourth), 1), "quota-exceeded");
    let spanish = place.run(&format!("{} --lang es", send(&fourth)));
    assert!(spanish.stderr.contains("cupo"), "{spanish:?}");

    // one that nobody revoked ends with the version of the agreement that it is of
    place.ok(&format!("{sign} --ceiling 9 --days 1"));
    assert_eq!(place.ok("release standing list --data us")["standing"][0]["state"], "open");
    let text = std::fs::read_to_string(place.path("two.toml")).unwrap();
    std::fs::write(place.path("three.toml"), text.replace("version = 2", "version = 3")).unwrap();
    place.ok("agreement sign three.toml --data us");
    place.ok("agreement sign three.toml --data mx");
    place.ok("agreement import three.mx.agreement --data us");
    let id = place.ok("agreement list --data us")["agreements"][0]["id"].clone();
    let id = id.as_str().unwrap();
    place.ok(&format!("agreement activate {id} --version 3 --data us"));
    assert_eq!(place.ok("release standing list --data us")["standing"][0]["state"], "superseded");
    let spanish = place.run("release standing list --data us --lang es");
    assert!(spanish.stdout.contains("terminó con su versión del acuerdo"), "{spanish:?}");
}
