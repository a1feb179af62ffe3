//! PDF files (section 6.7.4).

use crate::types::make::{may, must};
use crate::types::model::{Choice, Kind, Shape};

pub(super) const SHAPE: Shape = Shape {
    name: "pdf-ext",
    section: "6.7.4",
    properties: &[
        may(
            "version",
            Kind::Text,
            "the version of PDF that its header names",
            "la versión de PDF que indica su encabezado",
        ),
        may("is_optimized", Kind::Boolean, "whether it was optimized", "si fue optimizado"),
        may(
            "document_info_dict",
            Kind::Names(&Kind::Text),
            "the entries of its information dictionary, such as author and title",
            "las entradas de su diccionario de información, como autor y título",
        ),
        may("pdfid0", Kind::Text, "its first file identifier", "su primer identificador"),
        may("pdfid1", Kind::Text, "its second file identifier", "su segundo identificador"),
    ],
    rules: &[must("6.7.4", Choice::SomeBut(&[]))],
};
