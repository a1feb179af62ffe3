//! What both deciders are told of an object.

use std::borrow::Cow;

use comity_model::{Holding, domain};
use comity_policy::{Facts, Origin};
use comity_stix::Limits;
use comity_stix::json::Document;
use jiff::Timestamp;

pub(crate) fn of(holding: &Holding, now: Timestamp) -> Facts {
    let mut facts = Facts::new(holding.stix_type.clone(), Origin::Own);
    facts.labels = holding.labels.iter().cloned().collect();
    facts.tlp = holding.tlp;
    facts.grade = holding.grade;
    facts.revoked = holding.revoked;
    let since = holding.modified.unwrap_or(holding.received_at);
    let days = now.as_second().saturating_sub(since.as_second()).max(0) / 86_400;
    facts.age_days = u32::try_from(days).ok();
    if let Ok(document) = Document::parse(&holding.bytes, &Limits::default()) {
        facts.natural_person = domain::natural_person(&document);
        let root = document.root();
        facts.country = root.child("country").and_then(|it| it.text()).map(Cow::into_owned);
        let keys = root.members().filter_map(|member| member.key());
        facts.properties = keys.map(Cow::into_owned).collect();
    }
    facts
}
