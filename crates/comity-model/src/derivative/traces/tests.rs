use super::*;
use crate::derivative::{Gathered, Hidden, How, Loss};

const SECRET: [u8; 32] = [3; 32];

fn lost(object: &serde_json::Value, property: &str, how: How) -> (Option<Hidden>, BTreeSet<i64>) {
    let original = object.to_string();
    let changes = [Change { property: property.to_owned(), how }];
    let mut gathered = Gathered::default();
    let loss =
        Loss { of: 0, original: original.as_bytes(), changes: &changes, goes: None, lasting: true };
    gathered.add(&loss, &SECRET).unwrap();
    (gathered.ready().unwrap(), Tracer::new(&SECRET).lost(original.as_bytes(), &changes))
}

fn said(object: &str) -> BTreeSet<i64> {
    let mut said = Said::default();
    Tracer::new(&SECRET).add(object.as_bytes(), &mut said);
    said.into_digests()
}

#[test]
fn whatever_text_a_name_or_an_identifier_would_be_masked_in_has_a_digest_of_it() {
    let names = [
        "Guadalupe Contreras",
        "Li Wu",
        "Bo",
        "Ida",
        "Ana de la O",
        "Rosa Blanco",
        "El Norte",
        "Persona no identificada",
        "Desconocido",
        "el hombre de la casa del norte",
        "5512345678",
    ];
    let codes = [
        "tel. +52 667 123 4567, ana@example.org",
        "customs",
        "tel 55 12 34 56 78",
        "calle del norte 12",
        "blanco",
        "28200",
        "K1 2B",
        "ana@example.org",
        "xy",
    ];
    let (mut found, mut looked) = (0, 0);
    let all = names.map(|it| (it, "name", How::Pseudonym)).into_iter();
    for (value, property, how) in
        all.chain(codes.map(|it| (it, "contact_information", How::Remove)))
    {
        let object = serde_json::json!({ "type": "identity", property: value });
        let (hidden, digests) = lost(&object, property, how);
        let Some(hidden) = hidden else {
            let plain = ["Bo", "Desconocido", "blanco", "calle del norte 12", "customs", "xy"];
            assert!(plain.contains(&value), "{value}");
            continue;
        };
        let chars: Vec<char> = value.chars().collect();
        let back: Vec<&str> = value.split(' ').rev().collect();
        let mut texts = vec![back.join(", "), value.to_uppercase()];
        for start in 0..chars.len() {
            for end in start + 2..=chars.len() {
                let part = String::from_iter(&chars[start..end]);
                texts.extend([part.clone(), format!("x{part}y"), format!("de {part}, el")]);
                texts.extend([part.replace(' ', ""), part.replace(' ', "-"), format!("1{part}2")]);
            }
        }
        for text in texts {
            let label = serde_json::json!({ "type": "report", "labels": [text] }).to_string();
            let key = serde_json::json!({ "type": "report", "custom": { text: true } }).to_string();
            for object in [label, key] {
                looked += 1;
                if hidden.first_in(object.as_bytes()).is_some() {
                    found += 1;
                    assert!(!digests.is_disjoint(&said(&object)), "`{value}` in {object}");
                }
            }
        }
    }
    assert!(found > 300 && looked > found, "{found} of {looked}");
}

#[test]
fn whatever_text_a_hash_or_encoded_bytes_would_be_found_in_has_a_digest_of_them() {
    let md5 = "d41d8cd98f00b204e9800998ecf8427e";
    let file = |of: serde_json::Value| {
        let mut file = serde_json::json!({ "type": "file" });
        file.as_object_mut().unwrap().extend(of.as_object().cloned().unwrap());
        file
    };
    let bytes = format!("{}==", "Zm9v".repeat(10));
    let sha512 = md5.repeat(4);
    let mut found = 0;
    for (object, property, value) in [
        (file(serde_json::json!({ "hashes": { "MD5": md5 } })), "hashes", md5),
        (file(serde_json::json!({ "hashes": { "SHA-512": sha512 } })), "hashes", sha512.as_str()),
        (file(serde_json::json!({ "magic_number_hex": "010b" })), "magic_number_hex", "010b"),
        (
            file(serde_json::json!({ "magic_number_hex": "0fdecade" })),
            "magic_number_hex",
            "0fdecade",
        ),
        (
            serde_json::json!({ "type": "artifact", "payload_bin": bytes }),
            "payload_bin",
            bytes.as_str(),
        ),
    ] {
        let (hidden, digests) = lost(&object, property, How::Remove);
        let hidden = hidden.unwrap();
        for text in [
            value.to_owned(),
            value.to_uppercase(),
            format!("MD5 {value} seen"),
            format!("[file:hashes.MD5 = '{value}']"),
            format!("x{value}y"),
            format!("_{value}_"),
            format!("http://example.org/{value}.exe"),
        ] {
            let label = serde_json::json!({ "type": "report", "labels": [text] });
            let indicator = serde_json::json!({ "type": "indicator", "pattern": text });
            let file = serde_json::json!({ "type": "file", "hashes": { "MD5": text } });
            for said_in in [label, indicator, file].map(|it| it.to_string()) {
                if hidden.first_in(said_in.as_bytes()).is_some() {
                    found += 1;
                    assert!(!digests.is_disjoint(&said(&said_in)), "`{value}` in {said_in}");
                }
            }
        }
    }
    assert!(found >= 40, "{found}");
}

#[test]
fn a_number_is_found_in_a_text() {
    let place = serde_json::json!({ "type": "location", "latitude": 19.432_608 });
    let (hidden, digests) = lost(&place, "latitude", How::Remove);
    for text in ["at 19.432608", "at 19.43260812"] {
        let note = serde_json::json!({ "type": "note", "content": text }).to_string();
        assert!(hidden.as_ref().unwrap().first_in(note.as_bytes()).is_some(), "{text}");
        assert!(!digests.is_disjoint(&said(&note)), "{text}");
    }
}

#[test]
fn sentences_labels_titles_and_towns_are_not_looked_for_everywhere() {
    for (object, property) in [
        (serde_json::json!({ "type": "identity", "description": "Xoloitzcuintle" }), "description"),
        (serde_json::json!({ "type": "identity", "labels": ["Xoloitzcuintle"] }), "labels"),
        (serde_json::json!({ "type": "report", "name": "Xoloitzcuintle" }), "name"),
        (serde_json::json!({ "type": "location", "city": "Xoloitzcuintle" }), "city"),
        (serde_json::json!({ "type": "identity", "roles": ["xoloitz".repeat(20)] }), "roles"),
    ] {
        let (hidden, digests) = lost(&object, property, How::Remove);
        assert!(hidden.is_none() && digests.is_empty(), "{object}");
    }
    // but what became a pseudonym is, and nobody without the secret finds it
    let object = serde_json::json!({ "type": "report", "name": "Xoloitzcuintle" });
    let (hidden, digests) = lost(&object, "name", How::Pseudonym);
    assert!(hidden.is_some() && !digests.is_empty());
    let other = Tracer::new(&[4; 32]);
    let mut said = Said::default();
    other.add(object.to_string().as_bytes(), &mut said);
    assert!(digests.is_disjoint(&said.into_digests()));
}
