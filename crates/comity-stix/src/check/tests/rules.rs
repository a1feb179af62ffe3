//! One broken rule each, for the kinds and rules of the tables.

use serde_json::{Value as Json, json};

use super::found;
use crate::Code;

const UUID: &str = "84e4d88f-44ea-4bcd-bbf3-b2c1c320bcb3";

/// An object of a type with what it has to have.
pub(super) fn base(type_: &str) -> Json {
    let other = |type_: &str| format!("{type_}--26ffb872-1dd9-446e-b6f5-d58527e5b5d2");
    let at = "2026-01-31T08:30:00.000Z";
    let own = match type_ {
        "indicator" => {
            json!({"name": "i", "description": "d", "pattern": "[file:size = 1]", "pattern_type": "stix", "valid_from": at})
        }
        "malware" => json!({"is_family": false}),
        "malware-analysis" => json!({"product": "p", "result": "benign"}),
        "location" => json!({"region": "northern-america"}),
        "opinion" => json!({"opinion": "neutral", "object_refs": [other("report")]}),
        "observed-data" => {
            json!({"first_observed": at, "last_observed": at, "number_observed": 1, "object_refs": [other("file")]})
        }
        "relationship" => {
            json!({"relationship_type": "uses", "source_ref": other("malware"), "target_ref": other("tool")})
        }
        "language-content" => {
            json!({"object_ref": other("report"), "contents": {"es": {"name": "n"}}})
        }
        "marking-definition" => {
            json!({"definition_type": "statement", "definition": {"statement": "s"}})
        }
        "extension-definition" => {
            json!({"created_by_ref": other("identity"), "name": "n", "description": "d", "schema": "s", "version": "1.0.0", "extension_types": ["property-extension"]})
        }
        "attack-pattern" | "vulnerability" | "tool" | "campaign" | "infrastructure" => {
            json!({"name": "n"})
        }
        "artifact" => json!({"payload_bin": "AAAA"}),
        "directory" => json!({"path": "/tmp"}),
        "file" => json!({"name": "f"}),
        "domain-name" => json!({"value": "example.org"}),
        "email-addr" => json!({"value": "analyst@example.org"}),
        "email-message" => json!({"is_multipart": false}),
        "ipv4-addr" => json!({"value": "198.51.100.3"}),
        "ipv6-addr" => json!({"value": "2001:db8::1"}),
        "mac-addr" => json!({"value": "00:00:ab:cd:ef:01"}),
        "network-traffic" => {
            json!({"src_ref": other("ipv4-addr"), "src_port": 1, "dst_port": 2, "protocols": ["ipv4", "tcp"]})
        }
        "process" => json!({"pid": 1}),
        "software" => json!({"name": "s"}),
        "url" => json!({"value": "https://example.org"}),
        "user-account" => json!({"user_id": "1"}),
        "windows-registry-key" => json!({"key": "HKEY_USERS\\a"}),
        "x509-certificate" => json!({"serial_number": "1"}),
        other => panic!("{other}"),
    };
    let mut object =
        json!({"type": type_, "spec_version": "2.1", "id": format!("{type_}--{UUID}")});
    if crate::types::find(type_).unwrap().required.contains(&"created") {
        object["created"] = json!(at);
    }
    if crate::types::find(type_).unwrap().required.contains(&"modified") {
        object["modified"] = json!(at);
    }
    object.as_object_mut().unwrap().extend(own.as_object().unwrap().clone());
    object
}

/// Sets values by pointers, making what lies on the way; null takes a property out.
pub(super) fn set(object: &mut Json, pointer: &str, value: Json) {
    let (front, last) = pointer.rsplit_once('/').unwrap();
    let mut place = object;
    for token in front.split('/').skip(1) {
        place = match token.parse::<usize>() {
            Ok(at) if place.is_array() => &mut place[at],
            _ => &mut place[token],
        };
    }
    if value.is_null() {
        place.as_object_mut().unwrap().shift_remove(last);
    } else if let Some(list) = place.as_array_mut() {
        list[last.parse::<usize>().unwrap()] = value;
    } else {
        place[last] = value;
    }
}

type Row = (&'static str, &'static str, Json, Code, &'static str);

/// Type, what to set where, and the code and place of what that breaks. A place of `=` is where the value was set.
pub(super) fn rows() -> Vec<Row> {
    let definition = "/extensions/extension-definition--1f611280-fbe1-48f3-92ab-ff47ce02d5b7";
    vec![
        ("opinion", "/opinion", json!("netural"), Code::NotInEnum, "="),
        ("email-message", "/body_multipart", json!([{"body": "b"}]), Code::Forbidden, "="),
        ("malware", "/malware_types", json!(["torjan"]), Code::NotInVocabulary, "/malware_types/0"),
        (
            "malware",
            "/malware_types",
            json!(["Big one"]),
            Code::LowerCaseHyphens,
            "/malware_types/0",
        ),
        (
            "tool",
            "/kill_chain_phases",
            json!([{"kill_chain_name": "A b", "phase_name": "c"}]),
            Code::LowerCaseHyphens,
            "/kill_chain_phases/0/kill_chain_name",
        ),
        ("file", "/hashes", json!({"MD6": "00"}), Code::NotInVocabulary, "/hashes/MD6"),
        ("file", "/hashes", json!({"MD5": "00"}), Code::HashValue, "/hashes/MD5"),
        ("file", "/hashes", json!({"M": "00"}), Code::HashKey, "/hashes/M"),
        ("file", "/magic_number_hex", json!("0G"), Code::HexForm, "="),
        ("file", "/name_enc", json!("latin1"), Code::Charset, "="),
        ("file", "/x_path_enc", json!("windows-1252"), Code::NeededBeside, ""),
        ("file", "/mime_type", json!("paper"), Code::MediaType, "="),
        ("file", "/name", json!(null), Code::MissingChoice, ""),
        (
            "file",
            "/extensions",
            json!({"ntfs-ext": {"sid": 1}}),
            Code::WrongType,
            "/extensions/ntfs-ext/sid",
        ),
        ("file", "/extensions", json!({"ntfs-ext": {}}), Code::EmptyObject, "/extensions/ntfs-ext"),
        (
            "file",
            "/extensions",
            json!({"x-own": {"a": 1}}),
            Code::ExtensionName,
            "/extensions/x-own",
        ),
        (
            "file",
            "/extensions",
            json!({"x-own-ext": {"a": 1}}),
            Code::ExtensionKey,
            "/extensions/x-own-ext",
        ),
        (
            "file",
            "/extensions",
            json!({"own-ext": {"a": 1}}),
            Code::ExtensionPrefix,
            "/extensions/own-ext",
        ),
        (
            "file",
            "/extensions",
            json!({"windows-pebinary-ext": {"pe_type": "dll", "time_date_stamp": "2026-01-31T08:30:00.5Z"}}),
            Code::TimestampFraction,
            "/extensions/windows-pebinary-ext/time_date_stamp",
        ),
        ("artifact", "/payload_bin", json!("AAA"), Code::BinaryForm, "="),
        ("artifact", "/url", json!("https://example.org"), Code::Excluded, ""),
        ("artifact", "/decryption_key", json!("k"), Code::NeededBeside, ""),
        ("url", "/value", json!("example.org"), Code::UrlForm, "="),
        (
            "tool",
            "/external_references",
            json!([{"source_name": "s", "url": "x y"}]),
            Code::UrlAdvised,
            "/external_references/0/url",
        ),
        (
            "tool",
            "/external_references",
            json!([{"source_name": "s", "url": "https://x"}]),
            Code::AdvisedBeside,
            "/external_references/0",
        ),
        ("ipv4-addr", "/value", json!("198.51.100"), Code::Ipv4, "="),
        ("ipv6-addr", "/value", json!("198.51.100.3"), Code::Ipv6, "="),
        ("mac-addr", "/value", json!("00:00:AB:cd:ef:01"), Code::Mac, "="),
        ("domain-name", "/value", json!("example org"), Code::DomainName, "="),
        ("domain-name", "/value", json!("exa\u{200d}mple.org"), Code::DomainName, "="),
        ("domain-name", "/value", json!("r3--cdn.example.org"), Code::DomainLabel, "="),
        ("email-addr", "/value", json!("An analyst <a@example.org>"), Code::EmailAddress, "="),
        ("software", "/cpe", json!("cpe:/a:b:c"), Code::Cpe, "="),
        ("software", "/languages", json!(["español"]), Code::LangForm, "/languages/0"),
        ("windows-registry-key", "/key", json!("HKLM\\a"), Code::RegistryHive, "="),
        ("location", "/country", json!("Mexico"), Code::Country, "="),
        ("location", "/administrative_area", json!("Sonora"), Code::Subdivision, "="),
        ("location", "/latitude", json!(90.5), Code::OutOfRange, "="),
        ("location", "/latitude", json!(19.4), Code::NeededBeside, ""),
        ("network-traffic", "/protocols/1", json!("TCP!"), Code::Protocol, "="),
        ("network-traffic", "/src_port", json!(65_536), Code::OutOfRange, "="),
        ("network-traffic", "/src_port", json!(null), Code::Advised, ""),
        (
            "network-traffic",
            "/extensions",
            json!({"http-request-ext": {"request_method": "get", "request_value": "/"}}),
            Code::ExtensionNeeds,
            "/protocols",
        ),
        (
            "network-traffic",
            "/extensions",
            json!({"http-request-ext": {"request_method": "GET", "request_value": "/"}}),
            Code::LowerCase,
            "/extensions/http-request-ext/request_method",
        ),
        (
            "process",
            "/extensions",
            json!({"windows-process-ext": {"priority": "HIGH"}}),
            Code::Ending,
            "/extensions/windows-process-ext/priority",
        ),
        (
            "process",
            "/environment_variables",
            json!({"A b": "c"}),
            Code::DictionaryKey,
            "/environment_variables/A b",
        ),
        (
            "process",
            "/id",
            json!(format!("process--{}", UUID.replace("-4bcd", "-5bcd"))),
            Code::IdRandom,
            "=",
        ),
        (
            "ipv4-addr",
            "/id",
            json!(format!("ipv4-addr--{}", UUID.replace("-4bcd", "-5bcd"))),
            Code::IdDeterministic,
            "=",
        ),
        (
            "file",
            "/extensions",
            json!({"archive-ext": {"contains_refs": [format!("directory--{UUID}")]}}),
            Code::LeadsNowhere,
            "/extensions/archive-ext/contains_refs",
        ),
        ("relationship", "/relationship_type", json!("Uses it"), Code::TermForm, "="),
        ("malware", "/is_family", json!(true), Code::NeededBeside, ""),
        ("malware", "/x_Own", json!(1), Code::PropertyName, "="),
        ("malware", "/x_own", json!(1), Code::CustomProperty, "="),
        ("malware", "/own", json!(1), Code::CustomPropertyPrefix, "="),
        ("malware", "/x_own", json!({"Key": 1}), Code::DictionaryCase, "/x_own/Key"),
        (
            "malware",
            definition,
            json!({"extension_type": "new-sdo"}),
            Code::ExtensionRedefines,
            "=/extension_type",
        ),
        ("malware", "/extensions", json!({}), Code::EmptyObject, "="),
        (
            "malware",
            definition,
            json!({"extension_type": "property-extension", "a b": 1}),
            Code::PropertyName,
            "=/a b",
        ),
        (
            "file",
            "/extensions",
            json!({"x-own-ext": {"Rank": 1}}),
            Code::PropertyName,
            "/extensions/x-own-ext/Rank",
        ),
        (
            "malware",
            definition,
            json!({"extension_type": "property-extension", "rank": 9_007_199_254_740_992_u64}),
            Code::NumberPrecision,
            "=/rank",
        ),
        ("malware", "/x_own", json!({"rank": [u64::MAX]}), Code::NumberPrecision, "/x_own/rank/0"),
        (
            "extension-definition",
            "/extension_properties",
            json!(["confidence"]),
            Code::PropertyRedefined,
            "=/0",
        ),
        ("language-content", "/contents/es/name", json!(["n"]), Code::WrongType, "="),
        ("language-content", "/contents/es/labels", json!("n"), Code::WrongType, "="),
        (
            "observed-data",
            "/object_refs",
            json!([format!("relationship--{UUID}")]),
            Code::ObservedNothing,
            "=",
        ),
        (
            "observed-data",
            "/object_refs/0",
            json!(format!("tool--{UUID}")),
            Code::ReferenceType,
            "=",
        ),
        ("observed-data", "/last_observed", json!("2026-01-31T08:29:59Z"), Code::TimeOrder, "="),
        ("relationship", "/relationship_type", json!("used-by"), Code::RelationshipType, "="),
        ("relationship", "/relationship_type", json!("derived-from"), Code::RelationshipSame, "="),
        (
            "relationship",
            "/target_ref",
            json!(format!("sighting--{UUID}")),
            Code::ReferenceType,
            "=",
        ),
        (
            "vulnerability",
            "/external_references",
            json!([{"source_name": "cve", "external_id": "2016-1"}]),
            Code::ExternalIdForm,
            "/external_references/0/external_id",
        ),
        (
            "vulnerability",
            "/external_references",
            json!([{"source_name": "nvd", "external_id": "CVE-2016-1234"}]),
            Code::ExternalIdForm,
            "/external_references/0/source_name",
        ),
        (
            "attack-pattern",
            "/external_references",
            json!([{"source_name": "capec", "external_id": "163"}]),
            Code::ExternalIdForm,
            "/external_references/0/external_id",
        ),
        (
            "attack-pattern",
            "/external_references",
            json!([{"source_name": "mitre-attack", "external_id": "1566"}]),
            Code::ExternalIdAdvised,
            "/external_references/0/external_id",
        ),
        ("indicator", "/pattern", json!("[file:size = ]"), Code::PatternSyntax, "="),
        (
            "indicator",
            "/pattern",
            json!("[file:name MATCHES '(?|a|b)']"),
            Code::PatternUnsupported,
            "=",
        ),
        (
            "indicator",
            "/pattern",
            json!(format!("{}[file:size = 1]{}", "(".repeat(70), ")".repeat(70))),
            Code::PatternUnsupported,
            "=",
        ),
        ("indicator", "/valid_until", json!("2026-01-31T08:30:00Z"), Code::TimeOrder, "="),
        (
            "indicator",
            "/pattern",
            json!("[file:size = 1] START t'2026-01-31T08:29:59Z' STOP t'2026-02-01T00:00:00Z'"),
            Code::PatternTime,
            "=",
        ),
        ("indicator", "/name", json!(null), Code::Advised, ""),
        (
            "language-content",
            "/contents",
            json!({"_": {"name": "n"}}),
            Code::LangForm,
            "/contents/_",
        ),
        ("language-content", "/contents/es", json!("n"), Code::WrongType, "="),
        (
            "marking-definition",
            "/definition/statement",
            json!(null),
            Code::EmptyObject,
            "/definition",
        ),
        ("marking-definition", "/definition", json!({"other": "s"}), Code::MissingProperty, "="),
        ("marking-definition", "/definition_type", json!("tlp"), Code::MarkingImitated, "="),
        (
            "marking-definition",
            "/id",
            json!("marking-definition--f88d31f6-486f-44da-b317-01333bde0b82"),
            Code::MarkingFixed,
            "",
        ),
        (
            "extension-definition",
            "/extension_properties",
            json!(["rank"]),
            Code::Implied,
            "/extension_types",
        ),
        (
            "extension-definition",
            "/extension_types",
            json!(["toplevel-property-extension"]),
            Code::AdvisedBeside,
            "",
        ),
        ("extension-definition", "/description", json!(null), Code::Advised, ""),
    ]
}

#[test]
fn each_rule_of_the_tables_is_found_where_it_is_broken() {
    for (type_, pointer, value, code, place) in rows() {
        let mut object = base(type_);
        let before = found(&object);
        set(&mut object, pointer, value.clone());
        let found = found(&object);
        let place = match place.strip_prefix('=') {
            Some(rest) => format!("{pointer}{rest}"),
            None => place.to_owned(),
        };
        assert!(!before.iter().any(|(other, _)| *other == code), "{type_} {before:?}");
        assert!(found.contains(&(code, place)), "{type_} {pointer} {value} {found:?}");
    }
}

#[test]
fn names_in_extensions_are_names_of_properties_and_dictionaries_there_have_keys() {
    let mut file = base("file");
    let own = "/extensions/x-own-ext";
    let long = "a".repeat(250);
    set(&mut file, own, json!({"rank": {"a-B": 1}, "x_2": 1, (long): 1}));
    let told = |object: &Json| {
        let mut told: Vec<String> = found(object)
            .into_iter()
            .filter_map(|(code, place)| (code == Code::PropertyName).then_some(place))
            .collect();
        for place in &mut told {
            *place = place.replace(own, "");
        }
        told
    };
    assert_eq!(told(&file), [""; 0]);
    set(&mut file, own, json!({"a-b": 1, "aB_": 1, "id": "a", "2nd": 1, "ñame": 1, "rank": 1}));
    assert_eq!(told(&file), ["/a-b", "/aB_", "/id", "/2nd", "/ñame"]);
    // The name alone is told of, and not a second time as the key of a dictionary.
    assert!(!found(&file).iter().any(|(code, _)| *code == Code::DictionaryCase));
}

#[test]
fn an_extension_definition_adds_no_reserved_or_common_or_ill_formed_name() {
    let mut definition = base("extension-definition");
    set(&mut definition, "/extension_types", json!(["toplevel-property-extension"]));
    set(&mut definition, "/extension_properties", json!(["rank", "toxicity"]));
    assert_eq!(found(&definition), []);
    let names = json!(["rank", "severity", "labels", "A b", "id", "x"]);
    set(&mut definition, "/extension_properties", names);
    let codes: Vec<Code> = found(&definition).into_iter().map(|(code, _)| code).collect();
    let redefined = Code::PropertyRedefined;
    let name = Code::PropertyName;
    assert_eq!(codes, [Code::ReservedProperty, redefined, name, redefined, name]);
}

#[test]
fn a_number_that_no_type_of_stix_holds_is_told_of_wherever_it_stands() {
    let told = |number: &str| {
        let mut malware = base("malware");
        set(&mut malware, "/x_own", json!({"rank": ["NUMBER"]}));
        let text = malware.to_string().replace("\"NUMBER\"", number);
        let report = crate::check(text.as_bytes(), &crate::Limits::default());
        let mut findings = report.findings.into_iter();
        findings.find(|finding| finding.pointer == "/x_own/rank/0").map(|finding| finding.code)
    };
    for number in ["0", "-9007199254740991", "9007199254740991", "1e308", "-0.5", "1e20", "1e-400"]
    {
        assert_eq!(told(number), None, "{number}");
    }
    for number in ["9007199254740992", "-9007199254740992", "123456789012345678901234567890"] {
        assert_eq!(told(number), Some(Code::NumberPrecision), "{number}");
    }
    for number in ["1e400", "-1.5E309", &"9".repeat(400)] {
        assert_eq!(told(number), Some(Code::OutOfRange), "{number}");
    }
}

#[test]
fn a_translation_has_the_kind_of_what_it_translates() {
    let told = |contents: Json| {
        let mut object = base("language-content");
        set(&mut object, "/contents", json!({"es": contents}));
        found(&object)
    };
    let sound = json!({
        "name": "n",
        "labels": ["", "puerto"],
        "external_references": [{"description": "d"}, ""],
        // Nobody translates these, and readers leave them out.
        "published": 1,
        "confidence": "alta",
        "x_own": [1]
    });
    assert_eq!(told(sound), []);
    let broken =
        json!({"name": ["n"], "labels": [["a"]], "external_references": [{"description": 1}]});
    let places: Vec<String> = told(broken).into_iter().map(|(_, place)| place).collect();
    let expected = ["name", "labels/0", "external_references/0/description"];
    assert_eq!(places, expected.map(|place| format!("/contents/es/{place}")));
}

#[test]
fn a_version_in_a_bundle_is_told_of_once() {
    let bundle = json!({"type": "bundle", "id": format!("bundle--{UUID}"), "spec_version": "2.0"});
    let checker = crate::Checker::new(&crate::Limits::default());
    let report = checker.check_bundle(bundle.to_string().as_bytes());
    let codes: Vec<Code> = report.findings.iter().map(|finding| finding.code).collect();
    assert_eq!(codes, [Code::NotApplicable]);
}

#[test]
fn an_encoding_stands_beside_what_is_encoded_so() {
    let beside = (Code::NeededBeside, String::new());
    let mut file = base("file");
    set(&mut file, "/hashes", json!({"MD5": "d41d8cd98f00b204e9800998ecf8427e"}));
    set(&mut file, "/name_enc", json!("windows-1252"));
    assert!(!found(&file).contains(&beside));
    set(&mut file, "/name", json!(null));
    assert!(found(&file).contains(&beside));
    set(&mut file, "/name_enc", json!(null));
    set(&mut file, "/x_path_enc", json!("windows-1252"));
    assert!(found(&file).contains(&beside));
    set(&mut file, "/x_path", json!("C:"));
    assert!(!found(&file).contains(&beside));
    // Not every word that ends so is an encoding.
    set(&mut file, "/x_is_enc", json!("yes"));
    assert!(!found(&file).contains(&beside));
}

#[test]
fn a_pattern_asks_for_no_time_at_which_its_indicator_does_not_hold() {
    let told = |from: &str, to: &str| {
        let mut indicator = base("indicator");
        set(&mut indicator, "/valid_until", json!("2026-03-01T00:00:00Z"));
        let times = format!("START t'{from}' STOP t'{to}'");
        let pattern = format!("([file:size = 1] {times}) FOLLOWEDBY [file:size = 2]");
        set(&mut indicator, "/pattern", json!(pattern));
        found(&indicator).into_iter().filter(|(code, _)| *code == Code::PatternTime).count()
    };
    assert_eq!(told("2026-01-31T08:30:00Z", "2026-03-01T00:00:00.000Z"), 0);
    assert_eq!(told("2026-01-31T08:29:59.999Z", "2026-03-01T00:00:00Z"), 1);
    assert_eq!(told("2026-02-01T00:00:00Z", "2026-03-01T00:00:00.001Z"), 1);
    assert_eq!(told("2026-01-01T00:00:00Z", "2026-04-01T00:00:00Z"), 2);
}

#[test]
fn what_has_to_be_there_and_no_more_breaks_no_rule() {
    for type_ in crate::types::all().map(|type_| type_.name) {
        if matches!(type_, "bundle") {
            continue;
        }
        let Ok(object) = std::panic::catch_unwind(|| base(type_)) else { continue };
        let found = found(&object);
        // The identifiers are of version 4, which is advised against for observables.
        let told = |(code, _): &(Code, String)| !matches!(code, Code::IdVersion | Code::Deprecated);
        assert!(!found.iter().any(told), "{type_} {found:?}");
    }
}
