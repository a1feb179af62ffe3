//! Domain objects (section 4).

mod attack_pattern;

use super::model::Type;

/// In the order of the standard.
pub(super) const ALL: &[&Type] = &[&attack_pattern::TYPE];
