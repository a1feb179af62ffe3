//! Domain objects (section 4).

mod attack_pattern;
mod campaign;
mod course_of_action;
mod grouping;
mod identity;
mod incident;
mod indicator;
mod infrastructure;
mod intrusion_set;
mod location;
mod malware;
mod malware_analysis;
mod note;
mod observed_data;
mod opinion;
mod report;
mod threat_actor;
mod tool;
mod vulnerability;

use super::model::Type;

/// In the order of the standard.
pub(super) const ALL: &[&Type] = &[
    &attack_pattern::TYPE,
    &campaign::TYPE,
    &course_of_action::TYPE,
    &grouping::TYPE,
    &identity::TYPE,
    &incident::TYPE,
    &indicator::TYPE,
    &infrastructure::TYPE,
    &intrusion_set::TYPE,
    &location::TYPE,
    &malware::TYPE,
    &malware_analysis::TYPE,
    &note::TYPE,
    &observed_data::TYPE,
    &opinion::TYPE,
    &report::TYPE,
    &threat_actor::TYPE,
    &tool::TYPE,
    &vulnerability::TYPE,
];
