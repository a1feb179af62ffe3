//! Who looked at what: a line before anything is shown, and nothing shown without one.

use serde_json::{Value, json};

use super::run::{Place, indicator, lines};

/// A node with two objects, and the id of the first.
fn stocked() -> (Place, String) {
    let place = Place::new();
    place.node("us");
    let object = indicator(1, 40);
    let id = serde_json::from_str::<Value>(&object).unwrap()["id"].as_str().unwrap().to_owned();
    lines(&place, "in.jsonl", [object, indicator(2, 40)]);
    place.ok("import in.jsonl --data us");
    (place, id)
}

/// Every command that reads holdings at a node without partners.
fn reading(id: &str) -> Vec<(String, &'static str)> {
    [
        ("holdings list".to_owned(), "searched"),
        ("holdings search indicator".to_owned(), "searched"),
        (format!("holdings show {id}"), "opened"),
        (format!("holdings provenance {id}"), "opened"),
        (format!("holdings corroboration {id}"), "opened"),
        (format!("holdings views {id}"), "opened"),
        ("request list".to_owned(), "searched"),
        ("proposal list".to_owned(), "searched"),
        ("advice list".to_owned(), "searched"),
        ("consent list".to_owned(), "searched"),
        ("recall list".to_owned(), "searched"),
        ("contact list".to_owned(), "searched"),
        ("journal access".to_owned(), "searched"),
        ("journal list".to_owned(), "searched"),
        ("audit patterns".to_owned(), "searched"),
        ("audit sample -n 1 --seed s".to_owned(), "searched"),
        (
            "audit export --from 2020-01-01 --until 2020-01-02 -o a.csv --force".to_owned(),
            "exported",
        ),
        (
            "audit export --from 2020-01-01 --until 2020-01-02 -o a.html --force".to_owned(),
            "printed",
        ),
    ]
    .into()
}

#[test]
fn whoever_reads_leaves_a_line_with_name_purpose_and_ids() {
    let (place, id) = stocked();
    for (command, verb) in reading(&id) {
        place.ok(&format!("{command} --by analyst-7 --purpose case-7 --data us"));
        let last = place.ok("journal access --limit 1 --data us");
        let last = &last["accesses"][0];
        assert_eq!(
            (&last["actor"], &last["verb"]),
            (&json!("analyst-7"), &json!(verb)),
            "{command}"
        );
        assert_eq!(last["purpose"]["text"], "case-7", "{command}");
        if command.contains(&id) {
            assert_eq!(last["ids"], json!([id]), "{command}");
        }
    }
    let of_object = place.ok(&format!("journal access --object {id} --data us"));
    assert_eq!(of_object["accesses"].as_array().unwrap().len(), 6, "{of_object}");
    place.ok("holdings search Mar%C3%ADa --by analyst-8 --data us");
    let of_analyst = place.ok("journal access --actor analyst-8 --data us");
    assert_eq!(of_analyst["accesses"][0]["words"]["text"], "Mar%C3%ADa");
    let journal = place.ok("journal list --limit 10000 --data us");
    let searched = |it: &&Value| it["event"] == "access-searched" && it["actor"] == "analyst-8";
    let line = journal["lines"].as_array().unwrap().iter().find(searched).unwrap();
    assert!(!line.to_string().contains("Mar%"), "what was typed stands apart: {line}");
}

#[test]
fn where_a_purpose_is_required_nothing_is_shown_without_one() {
    let (place, id) = stocked();
    let config = std::fs::read_to_string(place.path("us/comity.toml")).unwrap();
    let strict = config.replace("purpose = \"optional\"", "purpose = \"required\"");
    let strict = strict.replace("purposes = []", "purposes = [\"case-7\"]");
    assert_ne!(strict, config);
    std::fs::write(place.path("us/comity.toml"), strict).unwrap();
    let reading = reading(&id);
    for (command, _) in &reading {
        let ran = place.run(&format!("{command} --by analyst-7 --json --data us"));
        assert_eq!(ran.document(1)["error"]["code"], "purpose-required", "{command}");
        assert!(!ran.stdout.contains("indicator--"), "{ran:?}");
        assert!(!place.path("a.csv").exists() && !place.path("a.html").exists(), "{command}");
    }
    let gossip = "holdings list --purpose gossip --by analyst-7 --data us";
    assert_eq!(place.refused(gossip, 1), "purpose-unknown");
    let journal = place.ok("journal list --limit 10000 --purpose case-7 --data us");
    let lines = journal["lines"].as_array().unwrap();
    let own: Vec<&Value> = lines.iter().filter(|it| it["actor"] == "analyst-7").collect();
    assert_eq!(own.len(), reading.len() + 1, "a line for each refusal");
    assert!(own.iter().all(|it| it["event"] == "access-refused"), "and nothing else");
    assert!(!journal.to_string().contains("gossip"));
    for (command, _) in &reading {
        place.ok(&format!("{command} --purpose case-7 --data us"));
    }
}

#[test]
fn who_asks_for_what_is_not_here_is_noted_and_what_was_typed_can_go() {
    let (place, _) = stocked();
    assert_eq!(place.run("holdings show Somebody --by analyst-7 --data us").code, 1);
    let last = place.ok("journal access --limit 1 --data us")["accesses"][0].clone();
    assert_eq!((&last["actor"], &last["found"]), (&json!("analyst-7"), &json!(0)));
    assert_eq!((&last["ids"], &last["words"]["text"]), (&json!([]), &json!("Somebody")));
}

#[test]
fn where_the_journal_cannot_be_written_nothing_is_shown() {
    let (place, id) = stocked();
    place.ok("journal sign --data us");
    let mut reading = reading(&id);
    reading.extend([
        (format!("audit person {id}"), "searched"),
        ("journal prove 0".to_owned(), "opened"),
        ("journal prove 0 -o line.proof".to_owned(), "exported"),
    ]);
    let shown = |place: &Place, command: &str| {
        place.run(&format!("{command} --by analyst-7 --purpose case-7 --data us"))
    };
    let before: Vec<_> = reading.iter().map(|(command, _)| shown(&place, command)).collect();
    assert!(before.iter().all(|it| it.code == 0), "{before:?}");
    let written = ["a.csv", "a.html", "line.proof"].map(|it| place.path(it));
    for file in &written {
        std::fs::remove_file(file).unwrap();
    }
    // as on a full disk: everything can be read, and no line is added
    let full =
        "CREATE TRIGGER full BEFORE INSERT ON journal BEGIN SELECT raise(ABORT, 'full'); END";
    comity_testkit::sql(&place.path("us/comity.db"), full).unwrap();
    for (command, _) in &reading {
        let ran = shown(&place, command);
        assert_eq!(ran.code, 1, "{command}: {ran:?}");
        assert!(ran.stdout.is_empty() && ran.stderr.contains("error: "), "{command}: {ran:?}");
        assert!(!ran.stderr.contains("Indicator"), "{command}: {ran:?}");
    }
    assert!(written.iter().all(|it| !it.exists()), "and nothing is written into a file");
}
