//! The text of an agreement against inputs made from real ones: a bounded run of what `fuzz/` does without end.

#[path = "../../../../fuzz/bounded/group.rs"]
mod bounded;
#[path = "../../../../fuzz/targets/policy/all.rs"]
mod targets;
#[path = "../../../../fuzz/targets/policy/tokens.rs"]
mod tokens;

use comity_model::AgreementId;
use comity_policy::template;

use crate::support::{FULL, mx, us};

bounded::each_target! { agreement 600 }

#[test]
fn the_seeds_are_a_text_with_every_field_and_the_text_to_begin_with() {
    let [our, their] = ["us", "mx"].map(|it| it.parse().unwrap());
    let id: AgreementId = "agreement--5d0b6f1e-3c0e-4e59-8a52-6d1f0c6e2b11".parse().unwrap();
    let [from, until] = ["2026-02-01", "2027-01-31"].map(|it| it.parse().unwrap());
    let begun = template((&our, us()), (&their, mx()), id, from, until);
    let seeds = [("full", FULL.as_bytes().to_vec()), ("template", begun.into_bytes())];
    bounded::bless("agreement", &seeds);
}
