use super::*;

const SECRET: [u8; 32] = [1; 32];

fn change(property: &str, how: How) -> Change {
    Change { property: property.to_owned(), how }
}

fn add(gathered: &mut Gathered, original: &[u8], changes: &[Change]) {
    let loss = Loss { of: 0, original, changes, goes: None, lasting: false };
    gathered.add(&loss, &SECRET).unwrap();
}

/// What is lost of names of organizations and persons.
fn hidden(values: &[(&str, How)]) -> Hidden {
    lost("name", values)
}

fn lost(property: &str, values: &[(&str, How)]) -> Hidden {
    let mut gathered = Gathered::default();
    for (value, how) in values {
        let object = serde_json::json!({ "type": "identity", property: value }).to_string();
        add(&mut gathered, object.as_bytes(), &[change(property, *how)]);
    }
    gathered.ready().unwrap().unwrap()
}

impl Hidden {
    fn text(&self, text: &str) -> String {
        self.masked(text).text
    }
}

#[test]
fn every_place_of_a_value_is_replaced_and_the_rest_stands() {
    let hidden = hidden(&[("Ana Pérez", How::Pseudonym), ("Bodega  Norte", How::Remove)]);
    let name = pseudonym(&SECRET, "Ana Pérez");
    assert_eq!(
        hidden.text("«ANA PEREZ» left bodega\nnorte, ana pe\u{301}rez came."),
        format!("«{name}» left […], {name} came.")
    );
    assert_eq!(hidden.text("Ana, Norte"), "Ana, Norte");
}

#[test]
fn values_that_overlap_go_together_under_the_name_of_the_longest() {
    let values = hidden(&[("abcdefgh", How::Remove), ("fghijk", How::Pseudonym)]);
    assert_eq!(values.text("xabcdefghijky"), "[…]");
    let long = "a long value that goes on behind its beginning";
    let values = hidden(&[(long, How::Remove), ("a long value", How::Remove)]);
    assert_eq!(values.text(&format!("{long}!")), "[…]!");
    assert_eq!(values.text("a long value which goes"), "[…] which goes");
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
    add(&mut gathered, object.to_string().as_bytes(), &changes);
    assert!(gathered.ready().unwrap().is_none());
}

#[test]
fn a_number_is_looked_for_in_texts_and_as_a_number() {
    let mut gathered = Gathered::default();
    let object = br#"{"type":"location","latitude":19.432608}"#;
    add(&mut gathered, object, &[change("latitude", How::Remove)]);
    let hidden = gathered.ready().unwrap().unwrap();
    assert_eq!(hidden.text("at 19.432608, there"), "at […], there");
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
    let whole = || Lost { name: None, is_prose: true, has_parts: true, is_bounded: false, of: 0 };
    gathered.note(format!("{long}1"), whole()).unwrap();
    assert_eq!(gathered.note(format!("{long}2"), whole()), Err(TooMany));
}

#[test]
fn a_part_of_a_persons_name_is_replaced_as_a_whole_word() {
    let values = hidden(&[("Guadalupe Ana Contreras", How::Pseudonym)]);
    let name = pseudonym(&SECRET, "Guadalupe Ana Contreras");
    assert_eq!(
        values.text("CONTRERAS's car; guadalupe\u{301}. Ana, Contrerasville"),
        format!("{name}'s car; {name}. Ana, […]")
    );
    let object = br#"{"type":"report","name":"x","labels":["of contreras"]}"#;
    assert_eq!(values.first_in(object).as_deref(), Some("/labels/0"));
    let key = br#"{"type":"report","custom":{"of_contreras":1}}"#;
    assert_eq!(values.first_in(key).as_deref(), Some("/custom/of_contreras"));
    // a word that two of them share says which of the two in neither's name
    let two = hidden(&[("Ana Contreras", How::Pseudonym), ("Luz Contreras", How::Pseudonym)]);
    assert_eq!(two.text("a Contreras"), "a […]");
}

#[test]
fn a_name_that_is_a_word_of_the_standard_keeps_nothing_back_that_only_uses_the_standard() {
    let values = hidden(&[("Malware Ruby Hashes", How::Pseudonym)]);
    let object = br#"{"type":"malware","implementation_languages":["ruby"],"hashes":{"MD5":"x"}}"#;
    assert_eq!(values.first_in(object), None);
}

#[test]
fn six_characters_of_a_removed_text_go_as_whole_words_and_so_do_four_words() {
    let text = "It left Colima by night, with two of the crew; hydroxyphenylethylamine \
                dihydrochloride aboard.";
    let values = hidden(&[(text, How::Remove)]);
    assert_eq!(
        values.text("He says \u{201c}COLIMA by  night with\u{201d} her"),
        "He says \u{201c}[…]\u{201d} her"
    );
    assert_eq!(values.text("left Colima by night with two men"), "[…] men");
    assert_eq!(values.text("left COLIMA by day"), "left […] by day");
    assert_eq!(values.text("Decolimation, xyphenyl."), "[…].");
    // what everybody says tells nothing, up to three words
    assert_eq!(values.text("by night, with the crew"), "by night, with the crew");
    let pattern = br#"{"type":"indicator","pattern":"[x:y = 'colimax']"}"#;
    assert_eq!(values.first_in(pattern).as_deref(), Some("/pattern"));
    // scripts without blanks write a sentence as one word, of which the rest stays
    let han: String = ('\u{4e00}'..'\u{4e40}').collect();
    let values = hidden(&[(&han, How::Remove)]);
    let part: String = han.chars().skip(7).take(30).collect();
    assert_eq!(values.text(&format!("a{part}b")), "a[…]b");
}

#[test]
fn words_that_follow_each_other_go_as_one_gap() {
    let values = hidden(&[("Bodega Nopaltepec, Xochitlan", How::Remove)]);
    assert_eq!(values.text("la bodega nopaltepec - xochitlan."), "la bodega […].");
}

#[test]
fn a_name_of_short_words_is_replaced_as_a_sequence_in_either_order() {
    let values =
        hidden(&[("Li Wu", How::Pseudonym), ("Bo", How::Pseudonym), ("Ida", How::Pseudonym)]);
    let name = pseudonym(&SECRET, "Li Wu");
    assert_eq!(values.text("li wu, or WU, Li"), format!("{name}, or {name}"));
    assert_eq!(values.text("li and wu, lima wu, bo"), "li and wu, lima wu, bo");
    assert_eq!(values.text("by Ida"), format!("by {}", pseudonym(&SECRET, "Ida")));
}

#[test]
fn what_an_observable_is_passes_where_a_value_repeats_all_of_it() {
    let mut values = hidden(&[("sold by quetzal-shop.example and quetzales", How::Remove)]);
    let domain = br#"{"type":"domain-name","value":"quetzal-shop.example","resolves_to_refs":[]}"#;
    let pattern =
        br#"{"type":"indicator","pattern":"[domain-name:value = 'quetzal-shop.example']"}"#;
    assert!(values.first_in(domain).is_some() && values.first_in(pattern).is_some());
    let other = br#"{"type":"domain-name","value":"my-quetzal.example"}"#;
    let mut told = Told::default();
    told.add(domain, &[]);
    told.add(other, &[]);
    assert_eq!(Vec::from_iter(values.open(&told).observed), ["quetzal-shop.example"]);
    assert!(values.first_in(domain).is_none() && values.first_in(pattern).is_none());
    assert_eq!(values.first_in(other).as_deref(), Some("/value"));
    assert_eq!(values.text("quetzal-shop.example, quetzal"), "quetzal-shop.example, […]");
    // an address that is taken out of another object does not
    let gone = [change("value", How::Remove)];
    let mut told = Told::default();
    told.add(domain, &gone);
    assert_eq!(told, Told::default());
}

#[test]
fn what_is_left_around_a_gap_is_no_run() {
    let values = hidden(&[("one two six ten", How::Remove), ("secret", How::Remove)]);
    let masked = values.text("one two secret six ten");
    assert_eq!(masked, "one two […] six ten");
    assert_eq!(values.text(&masked), masked);
}

#[test]
fn an_exact_time_that_was_cut_stands_as_its_day_elsewhere() {
    let mut gathered = Gathered::default();
    let object = br#"{"a":["2026-01-05T10:11:12.5Z","2026-01-06T00:00:00Z"]}"#;
    add(&mut gathered, object, &[change("a", How::ToDay)]);
    let hidden = gathered.ready().unwrap().unwrap();
    assert_eq!(
        hidden.text("at 2026-01-05t10:11:12.5z; 2026-01-06T00:00:00Z, 2026-01-05T10:11:12Z"),
        "at 2026-01-05; 2026-01-06T00:00:00Z, 2026-01-05"
    );
    assert_eq!(
        hidden.text("2026-01-05T10:11, at 10:11:12 or 2026-01-05 10:11:12.5Z: 10:12:13"),
        "2026-01-05, at […] or 2026-01-05 […]: 10:12:13"
    );
    let label = br#"{"type":"report","labels":["2026-01-05T10:11:12Z"]}"#;
    assert_eq!(hidden.first_in(label).as_deref(), Some("/labels/0"));
    let pattern = br#"{"type":"indicator","pattern":"[a:b = 1] START t'2026-01-05T10:11:12.5Z'"}"#;
    assert_eq!(hidden.first_in(pattern).as_deref(), Some("/pattern"));
    assert_eq!(hidden.first_in(br#"{"created":"2026-01-05T10:11:12.5Z"}"#), None);
}

#[test]
fn of_an_object_that_nothing_names_the_whole_of_an_identifier_is_looked_for_and_parts_of_a_name() {
    let mut gathered = Gathered::default();
    let address = br#"{"type":"identity","name":"Guadalupe Contreras","contact_information":"1200 Xochitl Ave"}"#;
    let changes = [change("contact_information", How::Remove), change("name", How::Pseudonym)];
    let loss = Loss { of: 0, original: address, changes: &changes, goes: None, lasting: true };
    gathered.add(&loss, &SECRET).unwrap();
    let hidden = gathered.ready().unwrap().unwrap();
    let name = pseudonym(&SECRET, "Guadalupe Contreras");
    assert_eq!(
        hidden.text("Xochitl, 1200  XOCHITL ave, contreras, contrer"),
        format!("Xochitl, […], {name}, […]")
    );
}

/// What later releases look for of a value.
fn lasting(property: &str, value: &str, how: How) -> Option<Hidden> {
    let mut gathered = Gathered::default();
    let object = serde_json::json!({ "type": "identity", property: value }).to_string();
    let changes = [change(property, how)];
    let original = object.as_bytes();
    let loss = Loss { of: 0, original, changes: &changes, goes: None, lasting: true };
    gathered.add(&loss, &SECRET).unwrap();
    gathered.ready().unwrap()
}

#[test]
fn what_stands_where_nobody_knows_a_name_is_masked_as_a_whole_and_a_single_word_of_it_never_later()
{
    let value = "Persona no identificada";
    let name = pseudonym(&SECRET, value);
    let said = "Una persona fue identificada; persona, no identificada";
    let masked = format!("Una persona fue identificada; {name}");
    let now = hidden(&[(value, How::Pseudonym)]);
    let later = lasting("name", value, How::Pseudonym).unwrap();
    assert_eq!((now.text(said), later.text(said)), (masked.clone(), masked));
    // one word is the whole name beside its object, and anybody's word in a later release
    let now = hidden(&[("Desconocido", How::Pseudonym)]);
    let name = pseudonym(&SECRET, "Desconocido");
    assert_eq!(now.text("Es desconocido"), format!("Es {name}"));
    assert!(lasting("name", "Desconocido", How::Pseudonym).is_none());
    // of a name of which another word tells
    let value = "Cristal Contreras";
    let name = pseudonym(&SECRET, value);
    let now = hidden(&[(value, How::Pseudonym)]);
    let later = lasting("name", value, How::Pseudonym).unwrap();
    assert_eq!(now.text("cristal, contreras"), format!("{name}, {name}"));
    assert_eq!(later.text("cristal, contreras"), format!("cristal, {name}"));
    assert_eq!(later.text("Cristal Contreras"), name);
}

#[test]
fn later_releases_look_for_what_was_removed_where_words_begin_and_end_and_not_for_common_words() {
    for value in ["desconocido", "laboratorio", "customs", "see description"] {
        assert!(lasting("contact_information", value, How::Remove).is_none(), "{value}");
    }
    let later = lasting("contact_information", "nopalt", How::Remove).unwrap();
    assert_eq!(later.text("nopaltepec, xnopalt, «NOPALT»."), "nopaltepec, xnopalt, «[…]».");
    // scripts without blanks have no such places
    let value = "\u{5317}\u{4eac}\u{5e02}\u{957f}\u{5b89}\u{8857}";
    let later = lasting("contact_information", value, How::Remove).unwrap();
    assert_eq!(later.text(&format!("\u{5728}{value}\u{7684}")), "\u{5728}[…]\u{7684}");
}

#[test]
fn a_telephone_number_is_hidden_in_other_groups_too() {
    for value in ["667 123 4567", "tel. +52 667 123 4567, jose@example.org"] {
        let now = lost("contact_information", &[(value, How::Remove)]);
        let later = lasting("contact_information", value, How::Remove).unwrap();
        for hidden in [now, later] {
            for number in ["667-123-4567", "6671234567", "66 71 23 45 67", "(667) 1234567"] {
                let masked = hidden.text(&format!("ring {number} today"));
                assert!(
                    ["ring […] today", "ring ([…] today"].contains(&masked.as_str()),
                    "{masked}"
                );
                assert_eq!(hidden.text(&masked), masked);
                let pattern = format!(r#"{{"type":"indicator","pattern":"[a:b = '{number}']"}}"#);
                assert_eq!(hidden.first_in(pattern.as_bytes()).as_deref(), Some("/pattern"));
            }
            assert_eq!(hidden.text("ring 668 321 7654"), "ring 668 321 7654");
        }
    }
    // one that goes by itself is no secret of a text that repeats it
    let account = br#"{"type":"user-account","user_id":"667 123 4567"}"#;
    let mut hidden = lost("description", &[("call 667 123 4567 xylotl", How::Remove)]);
    let mut told = Told::default();
    told.add(account, &[]);
    hidden.open(&told);
    assert_eq!(hidden.text("xylotl: 667 123 4567"), "[…]: 667 123 4567");
}

#[test]
fn an_exact_time_that_was_cut_is_told_in_no_other_notation() {
    let mut gathered = Gathered::default();
    let object = br#"{"a":["2026-11-20T08:31:17Z","2026-11-21T00:00:17Z"]}"#;
    add(&mut gathered, object, &[change("a", How::ToDay)]);
    let hidden = gathered.ready().unwrap().unwrap();
    for (text, masked) in [
        ("IMG 20261120T083117Z.", "IMG 20261120."),
        ("2026-11-20 08:31, then 2026-11-20 08:45", "2026-11-20 […], then 2026-11-20 08:45"),
        ("foto_20261120_083117", "foto_20261120"),
        ("since 1795163477 or 1795163477250", "since […] or […]"),
        // another second of the minute, another clock
        ("20/11/2026, 8:31:40 a.m.", "20/11/2026, […]"),
        ("2026-11-20T02:31-06:00", "2026-11-20"),
        // alone, and with its day somewhere in the text
        ("Seen at 08:31", "Seen at […]"),
        ("A las 8:31 de la mañana", "A las […]"),
        (
            "At 08:31 on 20 November 2026, and on 21 November 2026",
            "At […] on 20 November 2026, and on 21 November 2026",
        ),
        // of another day, of another minute; midnight says no more than the day
        ("On 2026-11-19 the ship left at 08:31", "On 2026-11-19 the ship left at 08:31"),
        ("2026-11-19 08:31", "2026-11-19 08:31"),
        ("at 08:32 and 10:00", "at 08:32 and 10:00"),
        ("at 00:00 on 2026-11-21", "at 00:00 on 2026-11-21"),
        ("1795163400 is 08:30", "1795163400 is 08:30"),
    ] {
        assert_eq!(hidden.text(text), masked, "{text}");
        assert_eq!(hidden.text(masked), masked, "{text}");
        let object = format!(r#"{{"modified":"2026-11-19T10:00:00Z","name":"{text}"}}"#);
        let found = hidden.first_in(object.as_bytes());
        assert_eq!(found.as_deref(), (text != masked).then_some("/name"), "{text}");
    }
    for held in [
        r#"{"type":"file","name":"IMG_20261120_083117.jpg"}"#,
        r#"{"type":"x-watch","x_seen":1795163477}"#,
        r#"{"type":"x-watch","x_seen":{"20261120T0831Z":1}}"#,
    ] {
        assert!(hidden.first_in(held.as_bytes()).is_some(), "{held}");
    }
}

#[test]
fn an_exact_time_masks_no_address_and_no_ratio() {
    let mut gathered = Gathered::default();
    let object = br#"{"a":["2026-11-20T13:10:17.250Z","2026-11-20T01:10:00Z"]}"#;
    add(&mut gathered, object, &[change("a", How::ToDay)]);
    let hidden = gathered.ready().unwrap().unwrap();
    for text in [
        "MAC 00:13:10:07:aa:bb",
        "MAC 13:10:07:11:22:33,",
        "from 2001:db8:13:10:7:1:2:3",
        "[ipv6-addr:value = '2001:db8::13:10:7']",
        "[url:value = 'http://example.com/1:10/']",
        "host 8.9.17.250.",
        "a dilution 1:10 in acetone",
        "10:1, 1:100",
    ] {
        assert_eq!(hidden.text(text), text);
        let object = serde_json::json!({ "type": "indicator", "pattern": text }).to_string();
        assert_eq!(hidden.first_in(object.as_bytes()), None, "{text}");
    }
    for (text, masked) in [
        ("left 13:10:07", "left […]"),
        ("2026:11:20:13:10:07 by camera", "[…] by camera"),
        ("at 1:10, seen", "at […], seen"),
        ("1:10 two men", "[…] two men"),
    ] {
        assert_eq!(hidden.text(text), masked, "{text}");
        let object = serde_json::json!({ "type": "note", "content": text }).to_string();
        assert_eq!(hidden.first_in(object.as_bytes()).as_deref(), Some("/content"), "{text}");
    }
}

#[test]
fn the_name_of_a_state_that_may_be_given_is_looked_for_nowhere_else_and_a_street_is() {
    let place = |area: &str, how| {
        let mut gathered = Gathered::default();
        let object =
            serde_json::json!({ "type": "location", "country": "MX", "administrative_area": area });
        add(&mut gathered, object.to_string().as_bytes(), &[change("administrative_area", how)]);
        gathered.ready().unwrap()
    };
    for area in ["Sinaloa", "Estado de México", "Nuevo León"] {
        assert!(place(area, How::Coarsen).is_none(), "{area}");
        assert!(place(area, How::Remove).is_some(), "{area}");
    }
    for street in ["Xochitl 1200", "Calle Xochitlan", "Xochitlan, Tecoman"] {
        let hidden = place(street, How::Coarsen).unwrap();
        assert_eq!(hidden.text(&format!("in {street} they")), "in […] they", "{street}");
    }
}
