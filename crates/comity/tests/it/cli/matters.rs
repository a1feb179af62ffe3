//! Requests and advice, up to the outbox.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use serde_json::json;

use super::run::Place;

#[test]
fn a_request_is_sent_listed_shown_and_withdrawn_by_its_folio() {
    let place = Place::pair();
    let asking = "request send --to mx --urgency urgent --text What_is_known? --data us --purpose";
    assert_eq!(place.refused(&format!("{asking} tourism"), 1), "purpose-not-granted");
    let sent = place.ok(&format!("{asking} precursor-control --kind consignment"));
    let folio = sent["folio"].as_str().unwrap();
    assert_eq!((&sent["stage"], &sent["sequence"]), (&json!("open"), &json!(0)));

    let listed = place.ok("request list --open --data us");
    assert_eq!(listed["requests"].as_array().unwrap().len(), 1);
    assert_eq!(place.ok("request list --overdue --data us")["requests"], json!([]));
    let shown = place.ok(&format!("request show {folio} --data us"));
    assert_eq!((&shown["from"], &shown["to"]), (&json!("us"), &json!("mx")));
    assert_eq!((&shown["awaits"], &shown["due"]), (&json!("mx"), &json!(null)));
    assert_eq!((&shown["body"]["hours"], &shown["overdue"]), (&json!(8), &json!(false)));
    assert_eq!(shown["text"], "What is known?");
    let status = place.ok("status --data us");
    let open = json!([{ "kind": "request", "open": 1, "overdue": 0, "awaits_us": 0 }]);
    assert_eq!(status["matters"], open);

    let answer = format!("request answer {folio} --nothing-found --data us");
    assert_eq!(place.refused(&answer, 1), "matter-not-yours");
    assert_eq!(place.refused(&format!("request answer {folio} --data us"), 2), "usage");
    assert_eq!(place.refused("request answer US-2026-000999 --complete --data us", 1), "not-found");
    let withdraw = format!("request withdraw {folio} --data us");
    assert_eq!(place.ok(&withdraw)["stage"], "withdrawn");
    assert_eq!(place.refused(&withdraw, 1), "matter-closed");
    assert_eq!(place.ok("status --data us")["matters"], json!([]));
    let agreements = place.ok("agreement list --data us");
    let agreement = agreements["agreements"][0]["folio"].as_str().unwrap();
    let figures = place.ok(&format!("request figures --agreement {agreement} --data us"));
    assert_eq!(figures["cut"][0]["size"], 0, "nothing is cosigned yet");
}

#[test]
fn files_come_with_advice_and_are_saved_harmless() {
    let place = Place::pair();
    place.write("codes.csv", "code,name\n2915.24,acetic anhydride\n");
    place.write("tool.exe", "MZ");
    place.write("tool.txt", "#!/bin/sh\nrm -rf /\n");
    let give = "advice give --to mx --topic reference-table --text As_asked --data us --attach";
    assert_eq!(place.refused(&format!("{give} tool.exe"), 1), "bad-input");
    assert_eq!(place.refused(&format!("{give} tool.txt"), 1), "attachment-content");
    let given = place.ok(&format!("{give} codes.csv"));
    assert_eq!(given["stage"], "given");
    let folio = given["folio"].as_str().unwrap();
    let shown = place.ok(&format!("advice show {folio} --data us"));
    assert_eq!(shown["said"][0]["attachments"][0]["name"], "codes.csv");

    let save = format!("advice save {folio} --out got --data us");
    place.ok(&save);
    let saved = place.path("got").join("codes.csv");
    assert_eq!(fs::metadata(&saved).unwrap().permissions().mode() & 0o777, 0o600);
    fs::write(&saved, "mine").unwrap();
    assert_eq!(place.run(&save).code, 1);
    assert_eq!(fs::read_to_string(&saved).unwrap(), "mine", "nothing is overwritten");
}
