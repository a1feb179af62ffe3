//! Heads, the check, and markings.

use comity_stix::json::Document;
use comity_stix::marking::{self, Marking, Markings, Tlp};
use comity_stix::{Lang, Limits, Report, check, head};

/// A head is the same however it is had, what is valid has one, and every finding stands where it says and can be
/// told in both languages.
pub(crate) fn object(data: &[u8]) {
    let limits = Limits::default();
    let report = check(data, &limits);
    let head = head(data, &limits);
    assert_eq!(report.head, head.clone().ok().map(comity_stix::Head::into_owned));
    assert!(head.is_ok() || !report.is_valid(), "valid, and without a head: {head:?}");
    placed(data, &report);
    let again = check(data, &limits);
    assert_eq!(again.findings, report.findings);
}

/// Findings stand in their order, at places that there are.
pub(crate) fn placed(data: &[u8], report: &Report) {
    assert!(report.findings.is_sorted_by_key(|finding| finding.offset));
    let document = Document::parse(data, &Limits::default());
    for finding in &report.findings {
        assert!(finding.offset <= data.len());
        for lang in [Lang::En, Lang::Es] {
            let message = finding.message_in(lang);
            assert!(!message.is_empty() && !message.chars().any(char::is_control), "{message}");
        }
        if let Ok(document) = &document {
            assert!(document.find(&finding.pointer).is_some(), "{finding:?}");
        }
    }
}

/// Markings hold for every value, and what is named to be taken out is there.
pub(crate) fn markings(data: &[u8]) {
    let Ok(document) = Document::parse(data, &Limits::default()) else { return };
    let _ = Marking::read(&document);
    if let Some(imitation) = marking::imitation(&document) {
        assert!(document.find(&imitation.pointer).is_some(), "{}", imitation.pointer);
    }
    let id = document.root().child("id").and_then(|id| id.text()).unwrap_or_default();
    if let Some(fixed) = marking::canonical(&id) {
        for pointer in fixed.differs(&document) {
            assert!(document.find(&pointer).is_some(), "{pointer}");
        }
    }
    let markings = Markings::of(&document);
    let strictest = markings.strictest(Marking::of_id);
    for value in document.values().take(256) {
        let tlp = markings.tlp_at(value, Marking::of_id);
        assert!(tlp <= strictest, "{tlp:?} {strictest:?}");
        let _ = (markings.pap_at(value, Marking::of_id), markings.lang_at(value));
    }
    for ceiling in [Tlp::Clear, Tlp::Amber] {
        let above = markings.properties_above(ceiling, Marking::of_id);
        assert_eq!(above.is_empty(), strictest <= Some(ceiling), "{above:?} {strictest:?}");
        assert!(above.iter().all(|pointer| document.find(pointer).is_some()));
    }
}
