//! Mutex (section 6.11).

use crate::types::common;
use crate::types::make::{both, observable};
use crate::types::model::{Shape, Type};

pub(super) const TYPE: Type = Type {
    contributing: &["name"],
    ..observable(
        Shape { name: "mutex", section: "6.11.1", properties: &[common::name()], rules: &[] },
        "6.11",
        both(
            "a lock by which programs keep out of each other's way",
            "un candado con que los programas evitan estorbarse entre sí",
        ),
    )
};
