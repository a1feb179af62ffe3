//! The parts of a statement as files beside its evidence, on both sides.

use serde_json::{Value, json};

use super::pouches::{carry, place, pouches};
use super::run::Place;

/// One settled release of `us`, its folio, and the roots as a reader pins them.
fn settled() -> (Place, String, String) {
    let (place, folios) = place(1);
    for (from, to, folder) in [("us", "mx", "there"), ("mx", "us", "back"), ("us", "mx", "again")] {
        carry(&place, from, to, folder);
    }
    let root = |of: &str, at: &str| {
        let parties = place.ok(&format!("party list --data {at}"));
        format!("--root {of}={}", parties["parties"][0]["root"].as_str().unwrap())
    };
    let roots = format!("{} {}", root("us", "mx"), root("mx", "us"));
    (place, folios[0].clone(), roots)
}

fn events(place: &Place, node: &str) -> Vec<Value> {
    let journal = place.ok(&format!("journal list --limit 1000 --data {node}"));
    journal["lines"].as_array().unwrap().iter().map(|it| it["event"].clone()).collect()
}

#[test]
fn what_was_sent_is_written_out_and_proved_beside_its_evidence_and_a_changed_byte_is_not() {
    let (place, folio, roots) = settled();
    place.ok(&format!("release evidence {folio} -o us.comity-proof --data us"));
    let write = format!("release payload {folio} -o given --by analyst --data us");
    let written = place.ok(&write);
    let names: Vec<&Value> =
        written["files"].as_array().unwrap().iter().map(|it| &it["name"]).collect();
    assert_eq!(names, ["manifest.jsonl", "objects.jsonl"]);
    let verify = format!("verify us.comity-proof --with given {roots}");
    let proved = place.ok(&verify);
    assert_eq!(proved["verdict"], "proved");
    assert_eq!(proved["proof"]["content"]["not_given"], json!([]));
    let seen = events(&place, "us");
    assert!(seen.contains(&"payload-written".into()) && seen.contains(&"access-exported".into()));
    assert_eq!(place.refused(&write, 1), "file-exists");

    for name in ["manifest.jsonl", "objects.jsonl"] {
        let path = place.path("given").join(name);
        let whole = std::fs::read(&path).unwrap();
        let mut changed = whole.clone();
        changed[whole.len() / 2] ^= 1;
        std::fs::write(&path, &changed).unwrap();
        let broken = place.run(&format!("{verify} --json")).document(1);
        assert_eq!(
            (&broken["verdict"], &broken["flaw"]["field"]),
            (&"does-not-hold".into(), &"content".into())
        );
        std::fs::write(&path, &whole).unwrap();
    }
    assert_eq!(place.ok(&verify)["verdict"], "proved");

    // a folder without any of it was not checked, and two parties under one name cannot be told apart
    std::fs::create_dir(place.path("empty")).unwrap();
    let empty = format!("verify us.comity-proof --with empty {roots}");
    assert_eq!(place.refused(&empty, 2), "usage");
    let one_name = roots.replace("mx=", "us=");
    let one_name = format!("verify us.comity-proof {one_name}");
    assert_eq!(place.refused(&one_name, 2), "usage");
}

#[test]
fn the_receiver_writes_it_out_of_the_pouch_and_a_pouch_that_is_not_whole_leaves_no_folder() {
    let (place, folio, roots) = settled();
    let given = place.ok(&format!("release payload {folio} -o given --data us"));
    let statement = given["statement"].as_str().unwrap();
    let kept = place.refused(&format!("release payload {statement} -o taken --data mx"), 1);
    assert_eq!(kept, "payload-not-kept");
    assert!(!place.path("taken").exists());

    let pouch = pouches(&place, "there").remove(0);
    let whole = std::fs::read(&pouch).unwrap();
    place.write("cut", &whole[..whole.len() - 1]);
    assert_eq!(place.refused("pouch payload cut -o taken --data mx", 1), "truncated");
    assert!(!place.path("taken").exists());

    let line = format!("pouch payload {} -o taken --data mx", pouch.display());
    assert_eq!(place.ok(&line)["statement"], statement);
    for name in ["manifest.jsonl", "objects.jsonl"] {
        let read = |folder: &str| std::fs::read(place.path(folder).join(name)).unwrap();
        assert_eq!(read("given"), read("taken"));
    }
    place.ok(&format!("release evidence {statement} -o mx.comity-proof --data mx"));
    let proved = place.ok(&format!("verify mx.comity-proof --with taken {roots}"));
    assert_eq!(proved["verdict"], "proved");
    let seen = events(&place, "mx");
    assert!(seen.contains(&"payload-written".into()) && seen.contains(&"access-exported".into()));
    // the files lie in three folders, and nothing half written beside them
    let left = std::fs::read_dir(place.path("")).unwrap();
    let left = left.map(|it| it.unwrap().file_name().into_string().unwrap());
    assert!(left.filter(|it| it.contains(".tmp")).count() == 0);
}
