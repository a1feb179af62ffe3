//! Partners, by files alone.

use super::run::{Place, comity};

fn two() -> Place {
    let place = Place::new();
    for handle in ["us", "mx"] {
        place.node(handle);
        place.ok(&format!("party export --out {handle}.descriptor --data {handle}"));
    }
    place
}

#[test]
fn an_imported_party_is_known_and_not_trusted_until_its_fingerprint_is_confirmed() {
    let place = two();
    let imported = place.ok("party import mx.descriptor --data us");
    assert_eq!(imported["handle"], "mx");
    assert_eq!(imported["name"], "Authority mx");
    assert_eq!(imported["serial"], 1);
    assert_eq!(imported["test"], true);
    assert_eq!(imported["confirmed"], false);
    let own = place.ok("party import us.descriptor --data mx");
    assert_ne!(own["fingerprint"], imported["fingerprint"]);

    // nobody signs anything with a party that nobody confirmed
    place.ok("agreement new --with mx --out a.toml --data us");
    assert_eq!(place.refused("agreement sign a.toml --data us", 1), "unconfirmed-party");

    assert_eq!(place.refused("party confirm mx --data us", 1), "not-compared");
    let words = |party: &serde_json::Value, member: &str| {
        let words: Vec<&str> = party["fingerprint"][member]
            .as_array()
            .unwrap()
            .iter()
            .map(|word| word.as_str().unwrap())
            .collect();
        words.join("-")
    };
    let wrong = format!("party confirm mx --fingerprint {} --data us", words(&own, "words_en"));
    assert_eq!(place.refused(&wrong, 1), "fingerprint-differs");
    assert_eq!(place.ok("party list --data us")["parties"][0]["confirmed"], false);
    let journal = place.ok("journal list --data us");
    let events: Vec<&str> = journal["lines"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|line| line["event"].as_str())
        .collect();
    assert_eq!(events.iter().filter(|it| **it == "party-not-confirmed").count(), 1, "{events:?}");

    let right =
        format!("party confirm mx --fingerprint {} --data us", words(&imported, "words_es"));
    assert_eq!(place.ok(&right)["confirmed"], true);
    let listed = place.ok("party list --data us");
    assert_eq!(listed["parties"][0]["confirmed"], true);
    assert_eq!(listed["parties"][0]["root"], imported["root"]);
    place.ok("agreement sign a.toml --data us");
}

#[test]
fn an_exported_descriptor_is_the_same_in_a_file_and_on_standard_output() {
    let place = two();
    let shown = place.run("party export --data us");
    assert_eq!(shown.code, 0);
    assert_eq!(shown.stdout, std::fs::read_to_string(place.path("us.descriptor")).unwrap());
    assert!(shown.stderr.starts_with("EXERCISE"), "the banner does not spoil the file");
    let document = place.ok("party export --data us");
    assert_eq!(document["descriptor"].as_str().unwrap(), shown.stdout.trim_end());
}

#[test]
fn a_party_gets_the_nickname_that_its_partner_chooses() {
    let place = two();
    assert_eq!(place.ok("party import mx.descriptor --handle south --data us")["handle"], "south");
    place.ok("party confirm south --yes --data us");
    assert_eq!(place.refused("party confirm mx --yes --data us", 1), "not-found");
    let other = "party import us.descriptor --handle mx --data mx";
    assert_eq!(place.refused(other, 1), "handle-taken");
}

#[test]
fn what_is_no_partners_descriptor_is_refused() {
    let place = two();
    assert_eq!(place.refused("party import us.descriptor --data us", 1), "own-descriptor");
    assert_eq!(place.refused("party import nothing --data us", 1), "cannot-read");
    place.write("letter", "dear partner");
    assert_eq!(place.refused("party import letter --data us", 1), "bad-input");
    let text = std::fs::read_to_string(place.path("mx.descriptor")).unwrap();
    let mut altered: serde_json::Value = serde_json::from_str(&text).unwrap();
    let signature = altered["signatures"][0]["sig"].as_str().unwrap();
    let first = if signature.starts_with('A') { 'B' } else { 'A' };
    let flipped: String = std::iter::once(first).chain(signature.chars().skip(1)).collect();
    assert_ne!(signature, flipped);
    altered["signatures"][0]["sig"] = flipped.into();
    place.write("altered", altered.to_string());
    assert_eq!(place.refused("party import altered --data us", 1), "bad-input");
    place.write("endless", vec![b' '; 3 << 20]);
    assert_eq!(place.refused("party import endless --data us", 1), "file-too-large");
    assert_eq!(place.ok("party list --data us")["parties"], serde_json::json!([]));
}

#[test]
fn training_nodes_and_live_nodes_do_not_know_each_other() {
    let place = two();
    let pass = place.write("pass", "correct horse battery");
    std::fs::set_permissions(&pass, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    place.ok("init --handle live --name L --data live --passphrase-file pass");
    place.ok("party export --out live.descriptor --data live");
    assert_eq!(place.refused("party import live.descriptor --data us", 1), "exercise-mismatch");
    assert_eq!(place.refused("party import us.descriptor --data live", 1), "exercise-mismatch");
}

#[test]
fn the_data_folder_comes_from_the_environment_too() {
    let place = two();
    let output = comity()
        .args(["party", "list", "--json"])
        .env("COMITY_DATA", place.path("us"))
        .output()
        .unwrap();
    assert!(output.status.success());
}
