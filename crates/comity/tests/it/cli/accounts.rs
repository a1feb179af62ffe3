//! Accounts and what they may do, as an administrator is told of it.

use super::run::Place;

#[test]
fn who_lets_a_unit_write_is_told_what_it_can_find_out_and_who_lets_others_is_told_nothing() {
    let place = Place::new();
    place.node("us");
    place.ok("officer add officer-1 --office release_desk --no-passphrase --data us");
    place.ok("unit add customs --title Customs --as officer-1 --data us");
    place.ok("user add customs --role unit --data us");
    place.ok("user add desk --role tool --data us");
    place.ok("collection add inbox --title Inbox --writable --data us");
    for (account, rights, lang, said) in [
        ("customs", "--read --write", "en", Some("attention: whoever writes is told of an id")),
        ("customs", "--write", "es", Some("atención: a quien escribe se le avisa")),
        ("customs", "--read", "en", None),
        ("desk", "--read --write", "en", None),
    ] {
        let line = format!("collection grant inbox {account} {rights} --data us --lang {lang}");
        let ran = place.run(&line);
        assert_eq!(ran.code, 0, "{line}: {ran:?}");
        match said {
            Some(said) => assert!(ran.stderr.contains(said), "{line}: {ran:?}"),
            None => assert!(!ran.stderr.contains("attention"), "{line}: {ran:?}"),
        }
        // and so is a program
        let ran = place.run(&format!("{line} --json"));
        let told: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
        let said = said.and_then(|it| it.split_once(": ")).map(|(_, it)| it);
        match (told["attention"].as_str(), said) {
            (None, None) => assert!(told.get("attention").is_some(), "{told}"),
            (Some(told), Some(said)) => assert!(told.starts_with(said), "{told}"),
            _ => panic!("{line}: {told}"),
        }
    }
}

#[test]
fn a_query_that_is_none_is_told_by_its_term_in_both_languages() {
    let place = Place::new();
    place.node("us");
    for (query, english, spanish) in [
        ("kind=indicator", "`kind` is no term", "`kind` no es un término"),
        ("type", "`type` has no value", "`type` no tiene valor"),
        ("type=a type=b", "`type` stands there twice", "`type` aparece dos veces"),
        ("max-tlp=mauve", "`max-tlp` does not take `mauve`", "`max-tlp` no admite `mauve`"),
    ] {
        for (lang, said) in [("en", english), ("es", spanish)] {
            let query = query.replace(' ', "_");
            let ran = place.run(&format!(
                "collection add a --title A --query {query} --data us --lang {lang}"
            ));
            assert_eq!(ran.code, 2, "{query}: {ran:?}");
            assert!(ran.stderr.contains(said), "{query}: {ran:?}");
        }
    }
}

#[test]
fn what_is_not_there_is_said_with_how_to_find_what_is() {
    let place = Place::new();
    place.node("us");
    for (line, advice) in [
        ("user add customs --role unit", "`comity unit add`"),
        ("user add lab --role unit --unit customs", "`comity unit add`"),
        ("token revoke 9", "`comity token list`"),
        ("token new nobody", "`comity user add`"),
    ] {
        for lang in ["en", "es"] {
            let ran = place.run(&format!("{line} --data us --lang {lang}"));
            assert_eq!(ran.code, 1, "{line}: {ran:?}");
            assert!(ran.stderr.contains(advice), "{line}: {ran:?}");
        }
    }
    assert_eq!(place.ok("user list --data us")["users"], serde_json::json!([]));
}

#[test]
fn how_often_an_account_may_ask_is_changed_and_stands_in_the_list_and_in_the_journal() {
    let place = Place::new();
    place.node("us");
    place.ok("user add desk --role tool --per-minute 60 --data us");
    // once it is so, nothing is written
    for _ in 0..2 {
        let changed = place.ok("user limit desk --per-minute 600 --data us");
        assert_eq!(changed["per_minute"], 600, "{changed}");
    }
    for (line, exit, code) in [
        ("user limit desk --per-minute 0 --data us", 2, "bad-input"),
        ("user limit nobody --per-minute 60 --data us", 1, "not-found"),
    ] {
        assert_eq!(place.refused(line, exit), code, "{line}");
    }
    assert_eq!(place.ok("user list --data us")["users"][0]["per_minute"], 600);
    let journal = place.ok("journal list --data us").to_string();
    assert_eq!(journal.matches("account-rate-changed").count(), 1, "{journal}");
}

#[test]
fn no_foothold_the_doctor_names_an_open_account_that_would_belong_to_a_partner() {
    let place = Place::pair();
    place.ok("user add desk --role tool --data us");
    let account = || {
        let report = place.run("doctor --data us --json");
        let report: serde_json::Value = serde_json::from_str(&report.stdout).unwrap();
        let checks = report["checks"].as_array().unwrap().clone();
        checks.into_iter().find(|it| it["name"] == "account:mx")
    };
    assert_eq!(account(), None);
    // as a folder may have it from before commands refused it
    let database = place.path("us/comity.db");
    comity_testkit::sql(&database, "UPDATE account SET name = 'mx' WHERE name = 'desk'").unwrap();
    let found = account().expect("it is found");
    assert_eq!(found["state"], "fail");
    assert!(found["text"].as_str().unwrap().contains("`comity user disable`"), "{found}");
    assert_eq!(place.run("doctor --data us").code, 1);
    place.ok("user disable mx --data us");
    assert_eq!(account(), None);
}
