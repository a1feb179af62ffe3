//! Files of OpenCTI at the command line.

use super::Place;

const EXAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/opencti/export.json");

#[test]
fn what_opencti_added_is_listed_for_people_in_either_language_and_for_programs() {
    let place = Place::new();
    place.node("us");
    std::fs::copy(EXAMPLE, place.path("export.json")).unwrap();
    let body = place.ok("import export.json --from opencti --data us");
    let file = &body["files"][0];
    assert_eq!((&body["new"], &file["opencti"]["changed"]), (&6.into(), &2.into()));
    let unplaced = file["opencti"]["unplaced"].as_array().unwrap();
    assert!(unplaced.iter().any(|it| it["name"] == "x_opencti_score" && it["became"] == "kept"));
    assert!(place.ok("import export.json --data us")["files"][0].get("opencti").is_none());
    for (lang, words) in [
        ("en", ["with no place here", "cut out", "object refused"]),
        ("es", ["sin lugar aquí", "se quitó", "objeto rechazado"]),
    ] {
        let ran = place.run(&format!("import export.json --from opencti --data us --lang {lang}"));
        for word in words {
            assert!(ran.stdout.contains(word), "{ran:?}");
        }
    }
}
