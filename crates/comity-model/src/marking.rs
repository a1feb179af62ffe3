//! The marking definitions that everybody knows by their fixed ids (STIX 2.1 section 7.2.1.4; for TLP 2.0 the OASIS
//! STIX extension `tlp-2.0`).

use crate::{Pap, Tlp};

/// TLP labels by the id of their marking definition: those of TLP 2.0 first.
const TLP: [(&str, Tlp); 9] = [
    ("marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487", Tlp::Clear),
    ("marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb", Tlp::Green),
    ("marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421", Tlp::Amber),
    ("marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003", Tlp::AmberStrict),
    ("marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1", Tlp::Red),
    ("marking-definition--613f2e26-407d-48c7-9eca-b8e91df99dc9", Tlp::Clear),
    ("marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da", Tlp::Green),
    ("marking-definition--f88d31f6-486f-44da-b317-01333bde0b82", Tlp::Amber),
    ("marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed", Tlp::Red),
];

/// The TLP label that a marking definition's id stands for, if it is one of the fixed ones.
pub fn tlp_of(id: &str) -> Option<Tlp> {
    TLP.iter().find(|(known, _)| *known == id).map(|(_, tlp)| *tlp)
}

/// The most restrained TLP label among marking definitions.
pub fn strictest_tlp<'a>(ids: impl IntoIterator<Item = &'a str>) -> Option<Tlp> {
    ids.into_iter().filter_map(tlp_of).max()
}

/// The most restrained PAP label among an object's labels, written as MISP writes it: `PAP:AMBER`.
pub fn strictest_pap<'a>(labels: impl IntoIterator<Item = &'a str>) -> Option<Pap> {
    let pap = |label: &str| {
        let (name, value) = label.split_once(':')?;
        name.eq_ignore_ascii_case("pap").then(|| value.to_ascii_lowercase().parse().ok()).flatten()
    };
    labels.into_iter().filter_map(pap).max()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_strictest_of_several_labels_counts() {
        let [clear, amber1, strict] = [TLP[0].0, TLP[7].0, TLP[3].0];
        assert_eq!(strictest_tlp([clear, strict, amber1]), Some(Tlp::AmberStrict));
        assert_eq!(
            strictest_tlp(["marking-definition--00000000-0000-4000-8000-000000000000"]),
            None
        );
        assert_eq!(strictest_pap(["PAP:GREEN", "pap:red", "x"]), Some(Pap::Red));
        assert_eq!(strictest_pap(["PAP:", "papaya"]), None);
    }
}
