//! What a refused command leaves behind, and what it advises.

use serde_json::{Value, json};

use super::run::Place;

fn id(place: &Place) -> String {
    place.ok("agreement list --data us")["agreements"][0]["id"].as_str().unwrap().to_owned()
}

/// The journal without the lines of those who look at it.
fn journal(place: &Place, data: &str) -> Vec<Value> {
    let lines = place.ok(&format!("journal list --limit 10000 --data {data}"));
    let mut lines = lines["lines"].as_array().unwrap().clone();
    lines.retain(|it| {
        (&it["event"], &it["subject"]) != (&json!("access-searched"), &json!("audit"))
    });
    lines
}

#[test]
fn a_refused_command_leaves_one_line_in_the_journal_and_one_that_shows_leaves_none() {
    let place = Place::pair();
    let id = id(&place);
    let text = std::fs::read_to_string(place.path("agreement.toml")).unwrap();
    place.write("junk", "junk");
    let when = text.lines().find(|line| line.starts_with("when = ")).unwrap();
    place.write("untyped.toml", text.replace(when, "when = 'resource.labels > 3'"));
    place.write("other.toml", text.replacen("retention_days = 180", "retention_days = 90", 1));
    let tried = [
        ("agreement sign untyped.toml", "bad-input"),
        ("agreement sign other.toml", "agreement-complete"),
        ("agreement import junk", "bad-input"),
        (&format!("agreement activate {id} --version 9"), "not-found"),
        ("release approve US-2026-000999 --as nobody", "not-found"),
        ("recall answer MX-2026-000999 --refuse", "not-found"),
        ("legal-hold lift 7", "not-found"),
        ("consent answer MX-2026-000999 --deny", "not-found"),
        ("purge run --legal-basis bogus", "legal-basis-unknown"),
        ("pattern remove nothing", "not-found"),
        ("unit grant nobody --use judicial --as officer-1", "not-found"),
        ("record recover --to mx --anew", "epoch-taken-up"),
    ];
    for (command, code) in tried {
        let before = journal(&place, "us");
        assert_eq!(place.refused(&format!("{command} --data us"), 1), code, "{command}");
        let after = journal(&place, "us");
        let new: Vec<&Value> = after.iter().skip(before.len()).collect();
        assert_eq!(new.len(), 1, "{command}: {new:?}");
        assert_eq!(new[0]["details"]["code"], code, "{command}");
    }
    let before = journal(&place, "us").len();
    for command in ["agreement show US-2026-000999", "recall show US-2026-000999"] {
        assert_eq!(place.refused(&format!("{command} --data us"), 1), "not-found");
    }
    assert_eq!(journal(&place, "us").len(), before);
}

#[test]
fn two_texts_that_cross_are_refused_and_the_advice_that_is_given_works() {
    let place = Place::pair();
    let id = id(&place);
    let begin = |data: &str, file: &str, days: &str| {
        place.ok(&format!("agreement amend {id} -o {file} --data {data}"));
        let text = std::fs::read_to_string(place.path(file)).unwrap();
        place.write(file, text.replacen("retention_days = 180", days, 1));
        place.ok(&format!("agreement sign {file} --out {file}.signed --data {data}"));
    };
    begin("us", "a.toml", "retention_days = 90");
    begin("mx", "b.toml", "retention_days = 60");
    for (file, data) in [("a.toml.signed", "mx"), ("b.toml.signed", "us")] {
        for command in ["sign", "import"] {
            let refused = place.refused(&format!("agreement {command} {file} --data {data}"), 1);
            assert_eq!(refused, "agreement-signed-otherwise");
        }
    }
    let third = place.ok(&format!("agreement amend {id} --by-signatures -o c.toml --data us"));
    assert_eq!(third["version"], 3);
    place.ok("agreement sign c.toml --out one --data us");
    place.ok("agreement sign one --out both --data mx");
    place.ok("agreement import both --data us");
    for data in ["us", "mx"] {
        let shown = place.ok(&format!("agreement show {id} --data {data}"));
        assert_eq!((&shown["active"], &shown["phase"]), (&json!(3), &json!("in-force")));
    }
    let explained = place.run(&format!("agreement explain {id} --data us --lang es"));
    assert!(explained.stdout.contains("Rige en cuanto ambas partes"), "{}", explained.stdout);
}

#[test]
fn what_was_terminated_is_not_amended_and_the_advice_is_another_agreement() {
    let place = Place::pair();
    let id = id(&place);
    place.ok(&format!("agreement amend {id} -o two.toml --data us"));
    place.ok("agreement sign two.toml --out one --data us");
    place.ok("agreement sign one --out both --data mx");
    place.ok("agreement import both --data us");
    place.ok(&format!("agreement terminate {id} --reason not-granted --data us"));
    let listed = place.ok("agreement list --data us");
    let states: Vec<&Value> =
        listed["agreements"].as_array().unwrap().iter().map(|it| &it["state"]).collect();
    assert_eq!(states, ["ended", "never-active"]);
    for command in [
        format!("agreement amend {id} -o three.toml"),
        format!("agreement send {id}"),
        format!("agreement activate {id} --version 2"),
        "release preview --to mx --clause us-to-mx --purpose precursor-control --type indicator"
            .to_owned(),
    ] {
        let ran = place.run(&format!("{command} --data us"));
        assert!(ran.stderr.contains("comity agreement new"), "{command}: {}", ran.stderr);
    }
}

#[test]
fn figures_of_a_period_that_ends_before_it_begins_are_not_given() {
    let place = Place::pair();
    let command = format!("request figures --agreement {} --data us", id(&place));
    place.ok(&format!("{command} --from 2026-02-01 --until 2026-02-01"));
    let wrong = format!("{command} --from 2026-02-02 --until 2026-02-01");
    assert_eq!(place.refused(&wrong, 2), "usage");
}
