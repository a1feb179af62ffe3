use proptest::prelude::*;

use super::{Definition, Family, LevelError, Marking, Pap, Tlp, canonical, imitation};
use crate::Limits;
use crate::json::Document;

fn document(json: &str) -> Document<'_> {
    Document::parse(json.as_bytes(), &Limits::default()).unwrap()
}

fn fixed(family: Family, level: &str) -> &'static Definition {
    Definition::ALL.iter().find(|it| it.family == family && it.level == level).unwrap()
}

fn read(json: &str) -> Option<Marking> {
    Marking::read(&document(json))
}

/// A marking definition under an id of its own.
fn own(content: &str) -> String {
    format!(
        r#"{{"type":"marking-definition","spec_version":"2.1","id":"marking-definition--089a6ecb-cc15-43cc-9494-767639779123","created":"2026-01-01T00:00:00.000Z",{content}}}"#
    )
}

const TLP2: &str = "extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d";
const PAP: &str = "extension-definition--f8d78575-edfd-406e-8e84-6162a8450f5b";

#[test]
fn tlp_1_and_2_are_one_scale() {
    let of = |family, level| Tlp::of_id(fixed(family, level).id);
    assert_eq!(of(Family::Tlp1, "white"), Some(Tlp::Clear));
    assert_eq!(of(Family::Tlp1, "white"), of(Family::Tlp2, "clear"));
    for level in ["green", "amber", "red"] {
        assert_eq!(of(Family::Tlp1, level), of(Family::Tlp2, level), "{level}");
        assert_eq!(of(Family::Tlp1, level).map(Tlp::as_str), Some(level));
    }
    assert!(of(Family::Tlp1, "amber") < of(Family::Tlp2, "amber+strict"));
    assert!(of(Family::Tlp2, "amber+strict") < of(Family::Tlp1, "red"));
    assert_eq!(Tlp::of_id("marking-definition--00000000-0000-4000-8000-000000000000"), None);
    assert_eq!(Tlp::of_id(fixed(Family::Pap, "red").id), None);
    assert_eq!(Pap::of_id(fixed(Family::Tlp2, "red").id), None);
    assert_eq!(Pap::of_id(fixed(Family::Pap, "white").id), Some(Pap::Clear));
    assert!(Tlp::ALL.is_sorted() && Pap::ALL.is_sorted());
}

#[test]
fn a_label_is_written_as_its_protocol_writes_it_and_read_back() {
    assert_eq!(Tlp::AmberStrict.to_string(), "TLP:AMBER+STRICT");
    for level in Tlp::ALL {
        assert_eq!(Tlp::from_label(&level.to_string()), Some(*level));
        assert_eq!(level.as_str().parse(), Ok(*level));
    }
    for level in Pap::ALL {
        assert_eq!(Pap::from_label(&level.to_string()), Some(*level));
        assert_eq!(level.as_str().parse(), Ok(*level));
    }
    assert_eq!(Pap::of_labels(["PAP:GREEN", "pap:red", "x", "tlp:amber"]), Some(Pap::Red));
    assert_eq!(Pap::of_labels(["PAP:", "papaya", "PAP:WHITE"]), Some(Pap::Clear));
    assert_eq!(Pap::of_labels(["PAP:PURPLE", "AMBER"]), None);
    let error: LevelError = "AMBER".parse::<Tlp>().unwrap_err();
    assert!(error.to_string().starts_with("`AMBER` is not a TLP label"), "{error}");
}

#[test]
fn the_words_of_a_manifest_are_the_levels_in_lower_case() {
    for (level, json) in [(Tlp::Clear, r#""clear""#), (Tlp::AmberStrict, r#""amber+strict""#)] {
        assert_eq!(serde_json::to_string(&level).unwrap(), json);
        assert_eq!(serde_json::from_str::<Tlp>(json).unwrap(), level);
    }
    assert!(serde_json::from_str::<Tlp>(r#""TLP:RED""#).is_err());
    assert!(serde_json::from_str::<Pap>(r#""white""#).is_err());
}

#[test]
fn every_fixed_definition_is_sound_and_exactly_itself() {
    for definition in Definition::ALL {
        let json = definition.to_json();
        let report = crate::check(json.as_bytes(), &Limits::default());
        assert!(report.is_valid(), "{}: {:?}", definition.name, report.findings);
        assert_eq!(report.head.unwrap().id, definition.id);
        assert_eq!(definition.differs(&document(&json)), Vec::<String>::new(), "{json}");
        assert_eq!(imitation(&document(&json)), None, "{json}");
        assert_eq!(canonical(definition.id), Some(definition));
        let said = Marking::read(&document(&json)).unwrap();
        assert_eq!((said.tlp, said.pap), (definition.tlp(), definition.pap()));
        assert_ne!(said.tlp.is_some(), said.pap.is_some());
        // The content says the same under an id that is not fixed.
        let other =
            json.replace(definition.id, "marking-definition--00000000-0000-4000-8000-000000000000");
        assert_eq!(Marking::read(&document(&other)), Some(said));
        assert_eq!(imitation(&document(&other)).unwrap().instead, Some(definition));
    }
}

#[test]
fn the_standard_s_own_text_of_tlp_amber_is_the_one_held_here() {
    let text = r#"{
  "type": "marking-definition",
  "spec_version": "2.1",
  "id": "marking-definition--f88d31f6-486f-44da-b317-01333bde0b82",
  "created": "2017-01-20T00:00:00.000Z",
  "definition_type": "tlp",
  "name": "TLP:AMBER",
  "definition": {
    "tlp": "amber"
  }
}"#;
    assert!(fixed(Family::Tlp1, "amber").differs(&document(text)).is_empty());
    let document = document(text);
    assert_eq!(fixed(Family::Tlp1, "red").differs(&document), ["/id", "/name", "/definition/tlp"]);
}

#[test]
fn whatever_is_otherwise_in_a_fixed_definition_is_pointed_to() {
    let amber = fixed(Family::Tlp1, "amber");
    let strict = fixed(Family::Tlp2, "amber+strict");
    let [tlp2, pap] = [TLP2, PAP].map(|extension| format!("/extensions/{extension}"));
    let (kind, level) = (format!("{tlp2}/extension_type"), format!("{tlp2}/tlp_2_0"));
    let cases = [
        (amber, r#""tlp":"amber""#, r#""tlp":"green""#, vec!["/definition/tlp"]),
        (amber, r#""tlp":"amber""#, r#""tlp":"amber","more":1"#, vec!["/definition/more"]),
        (amber, r#""tlp":"amber""#, r#""t~/p":1"#, vec!["/definition", "/definition/t~0~1p"]),
        (amber, r#","name":"TLP:AMBER""#, "", vec![""]),
        (amber, r#"{"tlp":"amber"}"#, "[]", vec!["/definition"]),
        (amber, r#""name":"#, r#""created_by_ref":"x","name":"#, vec!["/created_by_ref"]),
        (amber, "2017-01-20T00:00:00.000Z", "2017-01-21T00:00:00.000Z", vec!["/created"]),
        (amber, "2017-01-20T00:00:00.000Z", "2017-01-20T00:00:00Z", vec![]),
        (amber, "TLP:AMBER", r"TLP\u003aAMBER", vec![]),
        (strict, "property-extension", "new-sdo", vec![kind.as_str()]),
        (strict, "amber+strict", "amber", vec![level.as_str()]),
        (strict, TLP2, PAP, vec!["/extensions", pap.as_str()]),
        (strict, r#""extensions":"#, r#""extension":"#, vec!["", "/extension"]),
    ];
    for (definition, was, is, expected) in cases {
        let json = definition.to_json();
        let altered = json.replacen(was, is, 1);
        assert_ne!(json, altered, "{was}");
        assert_eq!(definition.differs(&document(&altered)), expected, "{altered}");
    }
}

#[test]
fn a_definition_that_imitates_a_protocol_is_told_with_the_one_to_use() {
    let told = |content: &str| {
        let json = own(content);
        imitation(&document(&json)).map(|it| (it.family, it.pointer, it.instead))
    };
    assert_eq!(
        told(r#""definition_type":"tlp","definition":{"tlp":"amber"}"#),
        Some((Family::Tlp1, "/definition_type".into(), Some(fixed(Family::Tlp1, "amber"))))
    );
    assert_eq!(
        told(r#""definition_type":"tlp","definition":{"tlp":"amber+strict"}"#),
        Some((Family::Tlp1, "/definition_type".into(), None))
    );
    assert_eq!(
        told(&format!(r#""extensions":{{"{TLP2}":{{"tlp_2_0":"red"}}}}"#)),
        Some((Family::Tlp2, format!("/extensions/{TLP2}"), Some(fixed(Family::Tlp2, "red"))))
    );
    assert_eq!(
        told(&format!(r#""extensions":{{"{PAP}":7}}"#)),
        Some((Family::Pap, format!("/extensions/{PAP}"), None))
    );
    assert_eq!(told(r#""definition_type":"statement","definition":{"statement":"x"}"#), None);
    let indicator = format!(r#"{{"type":"indicator","extensions":{{"{TLP2}":{{}}}}}}"#);
    assert_eq!(imitation(&document(&indicator)), None);
    // The id of one protocol does not cover another.
    let json = fixed(Family::Tlp1, "red").to_json();
    let both = json.replacen(
        r#""name""#,
        &format!(r#""extensions":{{"{PAP}":{{"pap":"red"}}}},"name""#),
        1,
    );
    assert_eq!(imitation(&document(&both)).unwrap().family, Family::Pap);
}

#[test]
fn a_definition_says_all_that_stands_in_it() {
    let statement = r#""definition_type":"statement","definition":{"statement":"Terms of use"}"#;
    let said = read(&own(statement)).unwrap();
    assert_eq!(said, Marking { statement: Some("Terms of use".into()), ..Marking::default() });

    let levels = format!(
        r#"{statement},"extensions":{{"{TLP2}":{{"tlp_2_0":"amber+strict"}},"{PAP}":{{"pap":"white"}},"extension-definition--3a65884d-005a-4290-8335-cb2d778a83ce":{{}}}}"#
    );
    let said = read(&own(&levels)).unwrap();
    assert_eq!((said.tlp, said.pap), (Some(Tlp::AmberStrict), Some(Pap::Clear)));
    assert_eq!(said.statement.as_deref(), Some("Terms of use"));
    assert_eq!(said.other, ["extension-definition--3a65884d-005a-4290-8335-cb2d778a83ce"]);

    let said = read(&own(r#""definition_type":"iep","definition":{}"#)).unwrap();
    assert_eq!(said.other, ["iep"]);
    // Two labels in one definition: the strictest.
    let both = format!(
        r#""definition_type":"tlp","definition":{{"tlp":"red"}},"extensions":{{"{TLP2}":{{"tlp_2_0":"green"}}}}"#
    );
    assert_eq!(read(&own(&both)).unwrap().tlp, Some(Tlp::Red));
}

#[test]
fn a_definition_whose_level_cannot_be_told_says_nothing_at_all() {
    for content in [
        r#""definition_type":"tlp","definition":{"tlp":"purple"}"#,
        r#""definition_type":"tlp","definition":{}"#,
        r#""definition_type":"tlp""#,
    ] {
        assert_eq!(read(&own(content)), None, "{content}");
    }
    assert_eq!(read(&own(&format!(r#""extensions":{{"{PAP}":{{"pap":3}}}}"#))), None);
    assert_eq!(read(r#"{"type":"indicator","definition_type":"tlp"}"#), None);
    assert_eq!(read("[]"), None);
    // A fixed id stands for its label, whatever is written under it.
    let forged = fixed(Family::Tlp1, "red").to_json().replace(r#""red""#, r#""white""#);
    assert_eq!(read(&forged).unwrap().tlp, Some(Tlp::Red));
}

proptest! {
    #[test]
    fn any_one_change_of_a_fixed_definition_is_noticed(
        index in 0..Definition::ALL.len(),
        byte in any::<prop::sample::Index>(),
        replacement in "[a-z0-9:+-]",
    ) {
        let definition = &Definition::ALL[index];
        let json = definition.to_json();
        let at = byte.index(json.len());
        let mut altered = json.clone();
        altered.replace_range(at..=at, &replacement);
        prop_assume!(altered != json);
        if let Ok(document) = Document::parse(altered.as_bytes(), &Limits::default()) {
            let differs = definition.differs(&document);
            prop_assert!(!differs.is_empty(), "{}", altered);
            for pointer in differs {
                prop_assert!(document.find(&pointer).is_some());
            }
        }
    }

    #[test]
    fn reading_labels_never_fails_badly(label in ".{0,40}") {
        let _ = (Tlp::from_label(&label), Pap::from_label(&label), label.parse::<Tlp>());
    }
}
