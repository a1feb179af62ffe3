//! Relationship objects (section 5).

use super::model::Type;

/// In the order of the standard.
pub(super) const ALL: &[&Type] = &[];
