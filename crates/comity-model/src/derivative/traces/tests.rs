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
    let names =
        ["Guadalupe Contreras", "Li Wu", "Bo", "Ida", "Ana de la O", "Rosa Blanco", "El Norte"];
    let codes = [
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
            assert!(["Bo", "xy"].contains(&value), "{value}");
            continue;
        };
        let chars: Vec<char> = value.chars().collect();
        let back: Vec<&str> = value.split(' ').rev().collect();
        let mut texts = vec![back.join(", "), value.to_uppercase()];
        for start in 0..chars.len() {
            for end in start + 2..=chars.len() {
                let part = String::from_iter(&chars[start..end]);
                texts.extend([part.clone(), format!("x{part}y"), format!("de {part}, el")]);
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
fn a_hash_and_a_number_are_found_whole() {
    let file = serde_json::json!({ "type": "file", "hashes": { "MD5": "d41d8cd98f00b204e9800998ecf8427e" } });
    let (_, digests) = lost(&file, "hashes", How::Remove);
    assert!(!digests.is_disjoint(&said(&file.to_string())));
    let place = serde_json::json!({ "type": "location", "latitude": 19.432_608 });
    let (_, digests) = lost(&place, "latitude", How::Remove);
    assert!(!digests.is_disjoint(&said(r#"{"type":"note","content":"at 19.432608"}"#)));
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
