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
    }
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
