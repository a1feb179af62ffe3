use super::*;

const SECRET: [u8; 32] = [1; 32];

fn change(property: &str, how: How) -> Change {
    Change { property: property.to_owned(), how }
}

fn hidden(values: &[(&str, How)]) -> Hidden {
    let mut gathered = Gathered::default();
    for (value, how) in values {
        let object = serde_json::json!({ "type": "identity", "name": value }).to_string();
        gathered.add(object.as_bytes(), &[change("name", *how)], &SECRET).unwrap();
    }
    gathered.ready().unwrap().unwrap()
}

#[test]
fn every_place_of_a_value_is_replaced_and_the_rest_stands() {
    let hidden = hidden(&[("Ana Pérez", How::Pseudonym), ("Bodega  Norte", How::Remove)]);
    let name = pseudonym(&SECRET, "Ana Pérez");
    assert_eq!(
        hidden.masked("«ANA PEREZ» left bodega\nnorte, ana pe\u{301}rez came."),
        format!("«{name}» left […], {name} came.")
    );
    assert_eq!(hidden.masked("Ana, Norte"), "Ana, Norte");
}

#[test]
fn values_that_overlap_go_together_under_the_name_of_the_longest() {
    let values = hidden(&[("abcdefgh", How::Remove), ("fghijk", How::Pseudonym)]);
    assert_eq!(values.masked("xabcdefghijky"), "x[…]y");
    let long = "a long value that goes on behind its beginning";
    let values = hidden(&[(long, How::Remove), ("a long value", How::Remove)]);
    assert_eq!(values.masked(&format!("{long}!")), "[…]!");
    assert_eq!(values.masked("a long value that goes"), "[…] that goes");
}

#[test]
fn words_of_the_standard_short_values_ids_and_times_are_not_looked_for() {
    let mut gathered = Gathered::default();
    let object = serde_json::json!({
        "type": "identity", "name": "Short", "description": "Individual", "identity_class": "made up class",
        "a": "2026-01-01T10:00:00Z", "b": "identity--5d0b6f1e-3c0e-4e59-8a52-6d1f0c6e2b11", "c": { "d": [1234, true] },
    });
    let all = ["name", "description", "identity_class", "a", "b", "c"];
    let changes: Vec<Change> = all.into_iter().map(|it| change(it, How::Remove)).collect();
    gathered.add(object.to_string().as_bytes(), &changes, &SECRET).unwrap();
    assert!(gathered.ready().unwrap().is_none());
}

#[test]
fn a_number_is_looked_for_in_texts_and_as_a_number() {
    let mut gathered = Gathered::default();
    let object = br#"{"type":"location","latitude":19.432608}"#;
    gathered.add(object, &[change("latitude", How::Remove)], &SECRET).unwrap();
    let hidden = gathered.ready().unwrap().unwrap();
    assert_eq!(hidden.masked("at 19.432608, there"), "at […], there");
    assert_eq!(hidden.first_in(br#"{"x":[1,19.432608]}"#).as_deref(), Some("/x/1"));
    assert_eq!(hidden.first_in(br#"{"x":19.43260812}"#), None);
}

#[test]
fn keys_are_looked_through_and_ids_and_hashes_are_no_texts() {
    let hidden = hidden(&[("123456", How::Remove)]);
    assert_eq!(hidden.first_in(br#"{"x":{"n123456":1}}"#).as_deref(), Some("/x/n123456"));
    let id = br#"{"id":"identity--123456ff-3c0e-4e59-8a52-6d1f0c6e2b11","created":"2026-01-01T00:00:00.123456Z"}"#;
    assert_eq!(hidden.first_in(id), None);
    let hash = br#"{"type":"file","hashes":{"MD5":"123456d41d8cd98f00b204e980099800"}}"#;
    assert_eq!(hidden.first_in(hash), None);
    assert_eq!(hidden.first_in(br#"{"type":"file","name":"x123456"}"#).as_deref(), Some("/name"));
}

#[test]
fn there_is_a_limit_to_what_is_looked_for() {
    let mut gathered = Gathered::default();
    let long = "x".repeat(MOST_BYTES / 2);
    gathered.note(format!("{long}1"), None).unwrap();
    assert_eq!(gathered.note(format!("{long}2"), None), Err(TooMany));
}
