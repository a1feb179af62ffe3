//! Incident (section 4.6).

use crate::types::common;
use crate::types::make::{both, domain};
use crate::types::model::{Shape, Type};

pub(super) const TYPE: Type = domain(
    Shape {
        name: "incident",
        section: "4.6.1",
        properties: &[common::name(), common::description()],
        rules: &[],
    },
    "4.6",
    both(
        "something that happened and is dealt with as one case",
        "algo que ocurrió y se atiende como un solo caso",
    ),
);
