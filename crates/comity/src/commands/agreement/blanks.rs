//! Templates: the text of an agreement in which names in braces stand for what differs from one pair of parties to the next.
//!
//! `{id}`, `{from}`, `{until}`; `{own}` and `{partner}`, the two handles; `{own_root}`, `{partner_root}` and for each party
//! `{<handle>_root}`. One template makes the several agreements of a group.

use comity_model::{AgreementId, Digest, PartyRoot};
use jiff::civil::Date;

/// What a template leaves open.
pub(super) struct Blanks<'a> {
    pub(super) id: AgreementId,
    pub(super) from: Date,
    pub(super) until: Date,
    /// This party and the partner: handle and root.
    pub(super) parties: [(&'a str, PartyRoot); 2],
}

/// Fills a template in. What it leaves open beside the blanks stays as it is, and is no agreement.
pub(super) fn fill(template: &str, blanks: &Blanks<'_>) -> String {
    let mut text = template
        .replace("{id}", &blanks.id.to_string())
        .replace("{from}", &blanks.from.to_string())
        .replace("{until}", &blanks.until.to_string());
    for (role, (handle, root)) in ["own", "partner"].into_iter().zip(blanks.parties) {
        text = text.replace(&format!("{{{role}}}"), handle);
        for name in [role, handle] {
            text = text.replace(&format!("{{{name}_root}}"), &root.to_string());
        }
    }
    text
}

/// Fills a template in for a trial: any id, all days, any roots.
pub(super) fn for_trial(template: &str) -> String {
    let mut text = template
        .replace("{id}", "agreement--00000000-0000-4000-8000-000000000000")
        .replace("{from}", "2000-01-01")
        .replace("{until}", "2999-12-31")
        .replace("{own}", "own")
        .replace("{partner}", "partner");
    for handle in open_roots(template) {
        let root = PartyRoot::new(Digest::of(handle.as_bytes()));
        text = text.replace(&format!("{{{handle}_root}}"), &root.to_string());
    }
    text
}

/// The handles of the roots that a template leaves open.
fn open_roots(template: &str) -> Vec<String> {
    let pieces = template.split('{').skip(1);
    let named = pieces.filter_map(|piece| piece.split_once("_root}").map(|(handle, _)| handle));
    named.filter(|it| !it.contains(['\n', '}', ' '])).map(ToOwned::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_template_makes_an_agreement_with_each_partner() {
        let template =
            "id={id} from={from} until={until} {own}={own_root} {partner}={partner_root} {us_root}";
        let root = |name: &str| PartyRoot::new(Digest::of(name.as_bytes()));
        for partner in ["mx", "ca"] {
            let blanks = Blanks {
                id: "agreement--5d0b6f1e-3c0e-4e59-8a52-6d1f0c6e2b11".parse().unwrap(),
                from: "2026-02-01".parse().unwrap(),
                until: "2027-01-31".parse().unwrap(),
                parties: [("us", root("us")), (partner, root(partner))],
            };
            let text = fill(template, &blanks);
            assert!(!text.contains('{'), "{text}");
            assert!(text.contains(&format!("{partner}={}", root(partner))), "{text}");
        }
        assert!(!for_trial(template).contains('{'), "{}", for_trial(template));
    }
}
