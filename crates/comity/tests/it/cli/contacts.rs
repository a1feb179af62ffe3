//! Contacts outside the system and the reports on them, as they are entered and asked for on the command line.

use serde_json::json;

use super::run::Place;

const ADD: &str = "contact add --with us --kind meeting --at 2026-01-15T10:00:00Z --our-office liaison_office \
                   --their-office embassy --subject Joint_operation --said They_asked_again \
                   --authorised-by legal_office/2026-17 --by officer-1 --data mx";

#[test]
fn a_contact_is_entered_reported_by_the_national_template_and_its_clock_ends() {
    let place = Place::pair();
    let folio = place.ok(ADD)["folio"].as_str().unwrap().to_owned();
    assert!(folio.starts_with("MX-"), "{folio}");
    let shown = place.ok(&format!("contact show {folio} --data mx"));
    assert_eq!((&shown["said"], &shown["with"]), (&json!("They asked again"), &json!("us")));
    assert_eq!(shown["authorisation"], "2026-17");
    assert_eq!(shown["due"][0]["overdue"], true, "three days have passed: {shown}");
    let due = place.ok("contact report --due --data mx");
    assert_eq!((&due["overdue"], &due["due"][0]["folio"]), (&json!(1), &json!(folio)));
    assert_eq!(place.ok("status --data mx")["reports"], json!({ "due": 1, "overdue": 1 }));
    let listed = place.run("contact list --data mx --lang es");
    assert!(listed.stdout.contains("vencido hace"), "{}", listed.stdout);

    // shown is not written, and ends nothing
    let report = format!("contact report {folio} --template mx --data mx");
    let body = place.ok(&report);
    assert_eq!((&body["recorded"], &body["confirmed"]), (&json!(false), &json!(false)));
    let text = body["text"].as_str().unwrap();
    for part in [
        "Secretaría de Relaciones Exteriores",
        "por confirmarse por un abogado",
        "They asked again",
    ] {
        assert!(text.contains(part), "{text}");
    }
    assert_eq!(place.ok("contact report --due --data mx")["overdue"], 1);
    assert_eq!(place.ok(&format!("{report} --out report.md"))["recorded"], true);
    assert!(std::fs::read_to_string(place.path("report.md")).unwrap().contains("They asked again"));
    assert_eq!(place.refused(&format!("{report} --out again.md"), 1), "report-written");
    assert!(!place.path("again.md").exists());
    assert_eq!(place.ok("contact report --due --data mx")["due"], json!([]));
    let shown = place.ok(&format!("contact show {folio} --data mx"));
    assert_eq!((&shown["due"], &shown["reports"][0]["template"]), (&json!([]), &json!("mx")));
    // no national clock runs at the other node
    assert_eq!(place.ok("contact report --due --data us")["due"], json!([]));
    assert_eq!(place.ok("contact list --data us")["contacts"], json!([]));
}

#[test]
fn a_contact_is_told_by_the_clock_of_the_place_at_which_it_was() {
    let place = Place::pair();
    let late = ADD.replace("2026-01-15T10:00:00Z", "2026-01-15T23:30:00-06:00");
    let folio = place.ok(&late)["folio"].as_str().unwrap().to_owned();
    // one instant, which is of the next day in UTC
    let shown = place.ok(&format!("contact show {folio} --data mx"));
    assert_eq!(shown["at"], "2026-01-16T05:30:00Z", "{shown}");
    let report = place.ok(&format!("contact report {folio} --template mx --data mx"));
    let text = report["text"].as_str().unwrap();
    assert!(text.contains("2026-01-15") && text.contains("23:30 -06:00"), "{text}");
    assert!(text.contains("2026-01-18, 23:30 -06:00"), "three days from then: {text}");
    assert!(!text.contains("2026-01-16"), "{text}");
    let unzoned = ADD.replace("2026-01-15T10:00:00Z", "2026-01-15T23:30:00");
    assert_eq!(place.refused(&unzoned, 2), "usage");
}

#[test]
fn a_contact_is_linked_to_its_proposal_and_stands_in_the_history() {
    let place = Place::pair();
    let put = place.ok("proposal put --to us --subject other --text A_question --data mx");
    let proposal = put["folio"].as_str().unwrap();
    let folio = place.ok(ADD)["folio"].as_str().unwrap().to_owned();
    let link = format!("contact link {folio} --proposal {proposal} --data mx");
    assert_eq!(place.ok(&link)["proposal"], put["proposal"]);
    assert_eq!(place.refused(&link, 1), "contact-linked");
    let told = place.ok(&format!("proposal history {proposal} --data mx"))["events"].clone();
    assert_eq!((&told[0]["event"], &told[1]["event"]), (&json!("contact"), &json!("put")));
    assert_eq!(told[0]["office"], "liaison office");
    for (line, exit, code) in [
        (ADD.replace("2026-01-15", "2999-01-15"), 1, "bad-input"),
        (ADD.replace("legal_office/2026-17", "nobody"), 2, "bad-input"),
        (ADD.replace("--with us", "--with xx"), 1, "not-found"),
        ("contact show MX-2026-000404 --data mx".to_owned(), 1, "not-found"),
        (format!("contact report {folio} --template zz --data mx"), 1, "not-found"),
    ] {
        assert_eq!(place.refused(&line, exit), code, "{line}");
    }
    std::fs::create_dir_all(place.path("mx/templates/contact")).unwrap();
    place.write("mx/templates/contact/own.toml", "name = \"own\"\nlanguage = \"en\"\n");
    assert_eq!(place.refused("contact list --data mx", 1), "template");
}
