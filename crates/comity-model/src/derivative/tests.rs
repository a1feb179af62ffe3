use comity_stix::Limits;

use super::*;

mod sampled;

const ORIGINAL: &str = "identity--5d0b6f1e-3c0e-4e59-8a52-6d1f0c6e2b11";
const OTHER: &str = "identity--6d0b6f1e-3c0e-4e59-8a52-6d1f0c6e2b12";
const THIRD: &str = "identity--7d0b6f1e-3c0e-4e59-8a52-6d1f0c6e2b13";
const PARTY: &str = "identity--8d0b6f1e-3c0e-4e59-8a52-6d1f0c6e2b14";

const SECRET: [u8; 32] = [1; 32];

fn derived(
    object: &str,
    changes: &[Change],
    fate: &dyn Fn(&str) -> Fate,
) -> Result<String, DeriveError> {
    let at = "2026-03-01T10:00:00Z".parse().unwrap();
    let stix_type = serde_json::from_str::<serde_json::Value>(object).unwrap()["type"].clone();
    let id = derived_id(&SECRET, &ORIGINAL.replace("identity", stix_type.as_str().unwrap()));
    let plan = Plan {
        id: &id,
        created_by: PARTY,
        created: at,
        modified: at,
        secret: &SECRET,
        changes,
        fate,
        hidden: None,
        checker: &Checker::new(&Limits::default()),
    };
    derive(object.as_bytes(), &plan).map(|it| String::from_utf8(it.bytes).unwrap())
}

fn remove(property: &str) -> Change {
    Change { property: property.to_owned(), how: How::Remove }
}

fn object(rest: &str) -> String {
    let name = if rest.contains(r#","name":"#) { "" } else { r#","name":"A desk""# };
    format!(
        r#"{{"type": "identity","spec_version":"2.1","id":"{ORIGINAL}","created":"2026-01-01T00:00:00.000Z","modified":"2026-01-02T00:00:00.000Z","num": 1.50{name}{rest}}}"#
    )
}

#[test]
fn an_id_is_stable_under_one_secret_and_strange_under_another() {
    let one = derived_id(&[1; 32], ORIGINAL);
    assert_eq!(one, derived_id(&[1; 32], ORIGINAL));
    assert_ne!(one, derived_id(&[2; 32], ORIGINAL));
    assert_ne!(one, derived_id(&[1; 32], OTHER));
    let (stix_type, uuid) = one.split_once("--").unwrap();
    assert_eq!(stix_type, "identity");
    assert_eq!(uuid::Uuid::parse_str(uuid).unwrap().get_version_num(), 4);
}

#[test]
fn what_is_taken_out_is_gone_and_the_rest_is_as_it_was_written() {
    let text = derived(
        &object(r#","contact_information":"secret","seen":"2026-01-05T10:11:12.5Z""#),
        &[remove("contact_information"), Change { property: "seen".to_owned(), how: How::ToDay }],
        &|_| Fate::Keep,
    )
    .unwrap();
    assert!(!text.contains("secret") && !text.contains("contact_information"), "{text}");
    assert!(text.contains(r#""num": 1.50"#) && text.contains(r#""type": "identity""#), "{text}");
    assert!(text.contains("2026-01-05T00:00:00Z") && !text.contains("10:11"), "{text}");
    assert!(text.contains(PARTY) && !text.contains(ORIGINAL), "{text}");
    assert!(!text.contains("2026-01-01") && !text.contains("2026-01-02"), "{text}");
}

#[test]
fn references_are_renamed_or_dropped_wherever_they_stand() {
    let fate = |id: &str| match id {
        OTHER => Fate::Rename(PARTY.replace('8', "9")),
        THIRD => Fate::Drop,
        _ => Fate::Keep,
    };
    let rest = format!(
        r#","a_ref":"{OTHER}","b_ref":"{THIRD}","c_refs":["{THIRD}"],"d_refs":["{THIRD}","{OTHER}"],"extensions":{{"extension-definition--5d0b6f1e-3c0e-4e59-8a52-6d1f0c6e2b21":{{"extension_type":"property-extension","e_ref":"{OTHER}"}}}}"#
    );
    let text = derived(&object(&rest), &[], &fate).unwrap();
    assert!(!text.contains(OTHER) && !text.contains(THIRD), "{text}");
    assert!(!text.contains("b_ref") && !text.contains("c_refs"), "{text}");
    assert_eq!(text.matches(&PARTY.replace('8', "9")).count(), 3, "{text}");
}

#[test]
fn granular_markings_follow() {
    let marking = "marking-definition--613f2e26-407d-48c7-9eca-b8e91df99dc9";
    let rest = format!(
        r#","d_refs":["{THIRD}","{OTHER}"],"secret":"s","granular_markings":[{{"marking_ref":"{marking}","selectors":["d_refs.[0]","d_refs.[1]","num"]}},{{"marking_ref":"{marking}","selectors":["secret"]}}]"#
    );
    let fate = |id: &str| if id == THIRD { Fate::Drop } else { Fate::Keep };
    let text = derived(&object(&rest), &[remove("secret")], &fate).unwrap();
    assert!(text.contains(r#""selectors":["d_refs.[0]","num"]"#), "{text}");
    assert_eq!(text.matches("marking_ref").count(), 1, "{text}");
}

#[test]
fn an_id_that_must_not_leave_is_found_in_text_too() {
    for id in [ORIGINAL, THIRD] {
        let rest = format!(r#","b_ref":"{THIRD}","description":"see {id} there""#);
        let fate = |id: &str| if id == THIRD { Fate::Drop } else { Fate::Keep };
        assert!(matches!(derived(&object(&rest), &[], &fate), Err(DeriveError::IdInText(_))));
        derived(&object(&rest), &[remove("description")], &fate).unwrap();
    }
}

#[test]
fn a_required_reference_cannot_be_dropped() {
    let report = |refs: &str| format!(r#"{{"type":"report","object_refs":[{refs}]}}"#);
    let withheld = |id: &str| id == THIRD;
    let one = report(&format!(r#""{THIRD}""#));
    assert_eq!(requires(one.as_bytes(), withheld).as_deref(), Some("/object_refs"));
    let two = report(&format!(r#""{THIRD}","{OTHER}""#));
    assert_eq!(requires(two.as_bytes(), withheld), None);
    let relationship =
        format!(r#"{{"type":"relationship","source_ref":"{OTHER}","target_ref":"{THIRD}"}}"#);
    assert_eq!(requires(relationship.as_bytes(), withheld).as_deref(), Some("/target_ref"));
    let marked = format!(r#"{{"type":"note","object_marking_refs":["{THIRD}"]}}"#);
    assert_eq!(requires(marked.as_bytes(), withheld).as_deref(), Some("/object_marking_refs"));
}

#[test]
fn a_path_looks_into_lists() {
    let rest = r#","external_references":[{"source_name":"a","description":"d","url":"u1"},{"source_name":"b","external_id":"e","url":"u2"}],"roles":["r1","r2"]"#;
    let text =
        derived(&object(rest), &[remove("external_references.url"), remove("roles")], &|_| {
            Fate::Keep
        })
        .unwrap();
    assert!(!text.contains("u1") && !text.contains("u2") && !text.contains("roles"), "{text}");
    assert_eq!(text.matches("source_name").count(), 2, "{text}");
}

#[test]
fn a_pseudonym_stands_in_the_form_that_its_property_takes() {
    let change = |property: &str| Change { property: property.to_owned(), how: How::Pseudonym };
    let name = pseudonym(&SECRET, "Ana");
    let rest = r#","name":"Ana","sectors":["Ana"],"roles":["Ana","Bea"],"lang":"es""#;
    let changes = [change("name"), change("roles"), change("lang")];
    let text = derived(&object(rest), &changes, &|_| Fate::Keep).unwrap();
    assert!(text.contains(&format!(r#""name":"{name}""#)), "{text}");
    let bea = pseudonym(&SECRET, "Bea");
    assert!(text.contains(&format!(r#""roles":["{name}","{bea}"]"#)), "{text}");
    // no language is called so
    assert!(!text.contains("\"lang\""), "{text}");

    let address = r#"{"type":"email-addr","spec_version":"2.1","id":"email-addr--5d0b6f1e-3c0e-4e59-8a52-6d1f0c6e2b11","value":"ana@example.org","display_name":"Ana"}"#;
    let text =
        derived(address, &[change("value"), change("display_name")], &|_| Fate::Keep).unwrap();
    let mail = pseudonym(&SECRET, "ana@example.org");
    assert!(text.contains(&format!(r#""value":"{mail}@pseudonym.invalid""#)), "{text}");
    assert!(text.contains(&format!(r#""display_name":"{name}""#)), "{text}");
    assert!(comity_stix::check(text.as_bytes(), &Limits::default()).is_valid(), "{text}");
}

fn sound(text: &str) {
    let report = comity_stix::check(text.as_bytes(), &Limits::default());
    assert!(report.is_valid(), "{:?} of {text}", report.findings);
}

#[test]
fn what_cannot_be_without_what_went_goes_too() {
    let rest = r#","external_references":[{"source_name":"a","url":"u1"},{"source_name":"b","external_id":"e"}],"granular_markings":[{"lang":"es","selectors":["external_references.[1].source_name"]}]"#;
    let text =
        derived(&object(rest), &[remove("external_references.url")], &|_| Fate::Keep).unwrap();
    assert!(!text.contains(r#""source_name":"a""#), "{text}");
    assert!(text.contains("external_references.[0].source_name"), "{text}");
    sound(&text);
}

#[test]
fn without_what_it_requires_an_object_has_no_derivative() {
    let error = derived(&object(""), &[remove("name")], &|_| Fate::Keep).unwrap_err();
    assert_eq!((error.code(), error.place()), ("derivative-invalid", "/"));
}

#[test]
fn a_list_of_which_nothing_is_left_takes_its_selectors_with_it() {
    let marking = "marking-definition--613f2e26-407d-48c7-9eca-b8e91df99dc9";
    let rest = format!(
        r#","d_refs":["{THIRD}","{THIRD}"],"granular_markings":[{{"marking_ref":"{marking}","selectors":["d_refs"]}}]"#
    );
    let fate = |id: &str| if id == THIRD { Fate::Drop } else { Fate::Keep };
    let text = derived(&object(&rest), &[], &fate).unwrap();
    assert!(!text.contains("d_refs") && !text.contains("granular_markings"), "{text}");
    sound(&text);
}

fn to_day(property: &str) -> Change {
    Change { property: property.to_owned(), how: How::ToDay }
}

#[test]
fn times_of_one_day_keep_their_order() {
    let indicator = |until: &str| {
        format!(
            r#"{{"type":"indicator","spec_version":"2.1","id":"indicator--5d0b6f1e-3c0e-4e59-8a52-6d1f0c6e2b11","created":"2026-01-01T00:00:00.000Z","modified":"2026-01-02T00:00:00.000Z","pattern":"[url:value = 'x']","pattern_type":"stix","valid_from":"2026-02-28T08:00:00Z","valid_until":"{until}"}}"#
        )
    };
    let both = [to_day("valid_from"), to_day("valid_until")];
    let text = derived(&indicator("2026-02-28T09:00:00Z"), &both, &|_| Fate::Keep).unwrap();
    assert!(text.contains(r#""valid_from":"2026-02-28T00:00:00Z""#), "{text}");
    assert!(text.contains(r#""valid_until":"2026-03-01T00:00:00Z""#), "{text}");
    sound(&text);
    let text = derived(&indicator("2026-03-04T09:00:00Z"), &both, &|_| Fate::Keep).unwrap();
    assert!(text.contains(r#""valid_until":"2026-03-04T00:00:00Z""#), "{text}");
    let one = [to_day("valid_until")];
    let text = derived(&indicator("2026-02-28T09:00:00Z"), &one, &|_| Fate::Keep).unwrap();
    sound(&text);
    assert!(!text.contains("08:00") && !text.contains("09:00"), "{text}");
}

#[test]
fn times_in_lists_and_under_keys_with_stops_are_cut_too() {
    let rest = r#","times":["2026-01-05T10:11:12Z",["2026-01-05T10:11:13Z"]],"a.b":{"c.d":"2026-01-05T10:11:14Z"}"#;
    let text =
        derived(&object(rest), &[to_day("times"), to_day("a.b.c.d")], &|_| Fate::Keep).unwrap();
    assert!(!text.contains("10:11"), "{text}");
}

#[test]
fn what_belongs_together_goes_together() {
    let place = r#"{"type":"location","spec_version":"2.1","id":"location--5d0b6f1e-3c0e-4e59-8a52-6d1f0c6e2b11","created":"2026-01-01T00:00:00.000Z","modified":"2026-01-02T00:00:00.000Z","country":"MX","latitude":19.432608,"longitude":-99.133209,"precision":10.5}"#;
    let text = derived(place, &[remove("latitude")], &|_| Fate::Keep).unwrap();
    assert!(!text.contains("longitude") && !text.contains("precision"), "{text}");
    let payload = r#"{"type":"artifact","spec_version":"2.1","id":"artifact--5d0b6f1e-3c0e-4e59-8a52-6d1f0c6e2b11","payload_bin":"AAAA","hashes":{"MD5":"00000000000000000000000000000000"}}"#;
    let error = derived(payload, &[remove("payload_bin")], &|_| Fate::Keep).unwrap_err();
    assert_eq!(error.code(), "derivative-invalid");
}

#[test]
fn a_translation_loses_what_its_original_lost() {
    let translation = format!(
        r#"{{"type":"language-content","spec_version":"2.1","id":"language-content--5d0b6f1e-3c0e-4e59-8a52-6d1f0c6e2b11","created":"2026-01-01T00:00:00.000Z","modified":"2026-01-02T00:00:00.000Z","object_ref":"{THIRD}","object_modified":"2026-01-02T03:04:05.000Z","contents":{{"es":{{"name":"secreta","description":"queda"}}}}}}"#
    );
    let changes = translated(translation.as_bytes(), &[remove("name"), to_day("first_seen")]);
    assert_eq!(changes, [remove("contents.es.name")]);
    let fate = |id: &str| if id == THIRD { Fate::Rename(OTHER.to_owned()) } else { Fate::Keep };
    let text = derived(&translation, &changes, &fate).unwrap();
    assert!(!text.contains("secreta") && !text.contains("object_modified"), "{text}");
    assert!(text.contains("queda") && text.contains(OTHER), "{text}");
}

#[test]
fn an_id_is_found_though_it_is_written_with_escapes() {
    let rest = format!(r#","b_ref":"{THIRD}","description":"see {THIRD}""#)
        .replace("see identity--7d", r"see identity-\u002d\u0037d");
    let fate = |id: &str| if id == THIRD { Fate::Drop } else { Fate::Keep };
    assert!(matches!(derived(&object(&rest), &[], &fate), Err(DeriveError::IdInText(_))));
}

/// What a release hides that takes these names out of objects.
fn hiding(names: &[&str]) -> Hidden {
    let mut gathered = Gathered::default();
    for name in names {
        let original = object(&format!(r#","name":"{name}""#));
        let (original, changes) = (original.as_bytes(), &[remove("name")][..]);
        let loss = Loss { of: 0, original, changes, goes: None, lasting: false };
        gathered.add(&loss, &SECRET).unwrap();
    }
    gathered.ready().unwrap().unwrap()
}

/// An object that goes in that release, with nothing of its own taken out.
fn beside(hidden: &Hidden, rest: &str) -> Result<Derived, DeriveError> {
    let at = "2026-03-01T10:00:00Z".parse().unwrap();
    let id = derived_id(&SECRET, ORIGINAL);
    let plan = Plan {
        id: &id,
        created_by: PARTY,
        created: at,
        modified: at,
        secret: &SECRET,
        changes: &[],
        fate: &|_| Fate::Keep,
        hidden: Some(hidden),
        checker: &Checker::new(&Limits::default()),
    };
    derive(object(rest).as_bytes(), &plan)
}

#[test]
fn a_hidden_value_is_replaced_in_texts_and_stops_what_cannot_be_edited() {
    let hidden = hiding(&["Ana Pérez", "ana_perez"]);
    let rest = r#","description":"ANA  PEREZ came","labels":["x","of ana pérez"]"#;
    let done = beside(&hidden, rest).unwrap();
    let text = String::from_utf8(done.bytes).unwrap();
    assert!(text.contains(r#""[…] came""#) && text.contains(r#""of […]""#), "{text}");
    assert_eq!(done.masked.into_keys().collect::<Vec<_>>(), ["description", "labels"]);

    let rest =
        r#","external_references":[{"source_name":"s","url":"https://example.org/?q=Ana Pérez"}]"#;
    let error = beside(&hidden, rest).unwrap_err();
    assert_eq!(error.code(), "redacted-value-remains");
    assert_eq!(error.place(), "/external_references/0/url");
    let error = beside(&hidden, r#","custom":{"of_ana_perez":1}"#).unwrap_err();
    assert_eq!((error.code(), error.place()), ("redacted-value-remains", "/custom/of_ana_perez"));
}

#[test]
fn a_part_of_a_number_in_groups_is_replaced_and_a_day_is_not() {
    let hidden = hiding(&["Tel 55 12 34 56 78, from 20 11 2026"]);
    let done = beside(&hidden, r#","description":"Call 12 34 56 at once, on 20 11 2026""#).unwrap();
    let text = String::from_utf8(done.bytes).unwrap();
    assert!(text.contains("Call […] at once, on 20 11 2026"), "{text}");
}
