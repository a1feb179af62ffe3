use super::*;

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
    let stix_type = if object.contains("email-addr") { "email-addr" } else { "identity" };
    let id = derived_id(&SECRET, &ORIGINAL.replace("identity", stix_type));
    let plan = Plan {
        id: &id,
        created_by: PARTY,
        created: at,
        modified: at,
        secret: &SECRET,
        changes,
        fate,
    };
    derive(object.as_bytes(), &plan).map(|bytes| String::from_utf8(bytes).unwrap())
}

fn remove(property: &str) -> Change {
    Change { property: property.to_owned(), how: How::Remove }
}

fn object(rest: &str) -> String {
    format!(
        r#"{{"type": "identity","id":"{ORIGINAL}","created":"2026-01-01T00:00:00Z","modified":"2026-01-02T00:00:00Z","n": 1.50{rest}}}"#
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
    assert!(text.contains(r#""n": 1.50"#) && text.contains(r#""type": "identity""#), "{text}");
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
        r#","a_ref":"{OTHER}","b_ref":"{THIRD}","c_refs":["{THIRD}"],"d_refs":["{THIRD}","{OTHER}"],"extensions":{{"x":{{"e_ref":"{OTHER}"}}}}"#
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
        r#","d_refs":["{THIRD}","{OTHER}"],"secret":"s","granular_markings":[{{"marking_ref":"{marking}","selectors":["d_refs.[0]","d_refs.[1]","n"]}},{{"marking_ref":"{marking}","selectors":["secret"]}}]"#
    );
    let fate = |id: &str| if id == THIRD { Fate::Drop } else { Fate::Keep };
    let text = derived(&object(&rest), &[remove("secret")], &fate).unwrap();
    assert!(text.contains(r#""selectors":["d_refs.[0]","n"]"#), "{text}");
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
    let rest = r#","external_references":[{"source_name":"a","url":"u1"},{"source_name":"b","url":"u2"}],"roles":["r1","r2"]"#;
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

    let address = r#"{"type":"email-addr","id":"email-addr--5d0b6f1e-3c0e-4e59-8a52-6d1f0c6e2b11","value":"ana@example.org","display_name":"Ana"}"#;
    let text =
        derived(address, &[change("value"), change("display_name")], &|_| Fate::Keep).unwrap();
    let mail = pseudonym(&SECRET, "ana@example.org");
    assert!(text.contains(&format!(r#""value":"{mail}@pseudonym.invalid""#)), "{text}");
    assert!(text.contains(&format!(r#""display_name":"{name}""#)), "{text}");
    assert!(comity_stix::check(text.as_bytes(), &Limits::default()).is_valid(), "{text}");
}
