//! Meta objects (section 7) and the bundle (section 8).

use super::model::Type;

/// In the order of the standard.
pub(super) const ALL: &[&Type] = &[];
