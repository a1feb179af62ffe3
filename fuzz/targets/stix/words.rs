//! What stands in single strings.

use comity_stix::id::StixId;
use comity_stix::timestamp::{self, Stamp};
use comity_stix::{Limits, assigned, check, json, marking};

/// Timestamps, identifiers, assigned names and escapes: what is read is written again as it was.
pub(crate) fn words(data: &[u8]) {
    if let Some(text) = json::decode(data) {
        let encoded = json::encode(&text);
        assert_eq!(json::decode(&encoded), Some(text));
    }
    let Ok(text) = std::str::from_utf8(data) else { return };
    let encoded = json::encode(text);
    assert_eq!(json::decode(&encoded).as_deref(), Some(text));
    if let Ok(stamp) = Stamp::parse(text) {
        assert_eq!(stamp.written(), text);
        let short = timestamp::format(stamp.time());
        let again = Stamp::parse(&*short).expect("what is printed can be read");
        assert!(again <= stamp && again.precision() == 3);
        assert_eq!(timestamp::format(again.time()), short);
    }
    if let Ok(id) = StixId::parse(text) {
        assert_eq!((id.as_str(), id.to_string().as_str()), (text, text));
        assert_eq!(format!("{}--{}", id.type_(), id.uuid()), text.to_ascii_lowercase());
    }
    let _ = (assigned::is_country(text), assigned::is_subdivision(text));
    let _ = (assigned::charset(text), assigned::is_charset(text), assigned::is_protocol(text));
    let _ = (marking::Tlp::from_label(text), marking::Pap::from_label(text));
}

/// Objects that hold one string each of those that have a form of their own; `?` stands for it.
const TEMPLATES: &[&str] = &[
    r#"{"type":"software","id":"software--8b1aa84c-5532-5c69-a8e7-b6170facfd3d","cpe":?,"swid":?,"name":"a"}"#,
    r#"{"type":"url","id":"url--8b1aa84c-5532-5c69-a8e7-b6170facfd3d","value":?}"#,
    r#"{"type":"email-addr","id":"email-addr--8b1aa84c-5532-5c69-a8e7-b6170facfd3d","value":?}"#,
    r#"{"type":"domain-name","id":"domain-name--8b1aa84c-5532-5c69-a8e7-b6170facfd3d","value":?}"#,
    r#"{"type":"ipv4-addr","id":"ipv4-addr--8b1aa84c-5532-5c69-a8e7-b6170facfd3d","value":?}"#,
    r#"{"type":"ipv6-addr","id":"ipv6-addr--8b1aa84c-5532-5c69-a8e7-b6170facfd3d","value":?}"#,
    r#"{"type":"mac-addr","id":"mac-addr--8b1aa84c-5532-5c69-a8e7-b6170facfd3d","value":?}"#,
    r#"{"type":"windows-registry-key","id":"windows-registry-key--8b1aa84c-5532-5c69-a8e7-b6170facfd3d","key":?}"#,
    r#"{"type":"artifact","id":"artifact--8b1aa84c-5532-5c69-a8e7-b6170facfd3d","payload_bin":?,"mime_type":?}"#,
    r#"{"type":"directory","id":"directory--8b1aa84c-5532-5c69-a8e7-b6170facfd3d","path":"/","path_enc":?,"ctime":?}"#,
    r#"{"type":"file","id":"file--8b1aa84c-5532-5c69-a8e7-b6170facfd3d","magic_number_hex":?,"hashes":{"MD5":?,"SSDEEP":?,"TLSH":?}}"#,
    r#"{"type":"location","spec_version":"2.1","id":"location--f48bbb3a-5d6f-4c1f-ae8c-30dd44c4c7ed","created":?,"modified":?,"country":?,"administrative_area":?,"region":?,"lang":?}"#,
    r#"{"type":"attack-pattern","spec_version":?,"id":?,"name":"a","external_references":[{"source_name":"capec","external_id":?,"url":?}]}"#,
    r#"{"type":?,"id":"x--f48bbb3a-5d6f-4c1f-ae8c-30dd44c4c7ed","granular_markings":[{"lang":?,"selectors":[?]}]}"#,
    r#"{"type":"indicator","id":"indicator--f48bbb3a-5d6f-4c1f-ae8c-30dd44c4c7ed","pattern":?,"pattern_type":"stix"}"#,
    r#"{"type":"network-traffic","id":"network-traffic--f48bbb3a-5d6f-4c1f-ae8c-30dd44c4c7ed","protocols":[?],"src_ref":?}"#,
    r#"{"type":"tool","id":"tool--f48bbb3a-5d6f-4c1f-ae8c-30dd44c4c7ed",?:1,"extensions":{?:{?:true}}}"#,
];

/// Every form that a string can have is judged, whatever the string.
pub(crate) fn forms(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let encoded = String::from_utf8(json::encode(text)).expect("a string is UTF-8");
    for template in TEMPLATES {
        let object = template.replace('?', &encoded).into_bytes();
        super::objects::placed(&object, &check(&object, &Limits::default()));
    }
}
