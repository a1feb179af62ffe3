//! Archive files (section 6.7.2).

use crate::types::make::{may, must, needed, to};
use crate::types::model::{Choice, Kind, Shape};

pub(super) const SHAPE: Shape = Shape {
    name: "archive-ext",
    section: "6.7.2",
    properties: &[
        needed(
            "contains_refs",
            Kind::List(&to(&["file", "directory"])),
            "the files and directories in the archive",
            "los archivos y directorios que contiene el paquete",
        ),
        may(
            "comment",
            Kind::Text,
            "the comment kept in the archive",
            "el comentario guardado en el paquete",
        ),
    ],
    rules: &[must("6.7.2", Choice::Leads("contains_refs", "file"))],
};
