//! Windows executables (section 6.7.6).

mod optional_header;

use crate::types::make::{COUNT, may, must, needed};
use crate::types::model::{Choice, Kind, Shape};
use crate::types::vocabulary;

/// Entropy by the byte, so 8 bits at most (section 6.7.6).
const ENTROPY: Kind = Kind::Float(0.0, 8.0);

const SECTION: Shape = Shape {
    name: "windows-pe-section-type",
    section: "6.7.6",
    properties: &[
        needed("name", Kind::Text, "what the section is called", "cómo se llama la sección"),
        may("size", COUNT, "its size in bytes", "su tamaño en bytes"),
        may(
            "entropy",
            ENTROPY,
            "the Shannon entropy of its bytes, from 0 to 8",
            "la entropía de Shannon de sus bytes, de 0 a 8",
        ),
        may(
            "hashes",
            Kind::Hashes,
            "hashes of the section",
            "resúmenes criptográficos de la sección",
        ),
    ],
    rules: &[],
};

pub(super) const SHAPE: Shape = Shape {
    name: "windows-pebinary-ext",
    section: "6.7.6",
    properties: &[
        needed(
            "pe_type",
            Kind::Open(&vocabulary::WINDOWS_PEBINARY_TYPE),
            "what sort of executable it is",
            "qué clase de ejecutable es",
        ),
        may(
            "imphash",
            Kind::Text,
            "a hash of the functions it imports",
            "un resumen de las funciones que importa",
        ),
        may(
            "machine_hex",
            Kind::Hex,
            "the sort of machine it is made for",
            "la clase de máquina para la que está hecho",
        ),
        may("number_of_sections", COUNT, "how many sections it has", "cuántas secciones tiene"),
        may(
            "time_date_stamp",
            Kind::SecondTimestamp,
            "when it was built, as its header says",
            "cuándo se compiló, según su encabezado",
        ),
        may(
            "pointer_to_symbol_table_hex",
            Kind::Hex,
            "where in the file its symbol table begins",
            "dónde comienza en el archivo su tabla de símbolos",
        ),
        may(
            "number_of_symbols",
            COUNT,
            "how many symbols the table has",
            "cuántos símbolos tiene la tabla",
        ),
        may(
            "size_of_optional_header",
            COUNT,
            "the size of its optional header in bytes",
            "el tamaño de su encabezado opcional en bytes",
        ),
        may(
            "characteristics_hex",
            Kind::Hex,
            "the flags of its header",
            "los indicadores de su encabezado",
        ),
        may(
            "file_header_hashes",
            Kind::Hashes,
            "hashes of its file header",
            "resúmenes criptográficos de su encabezado de archivo",
        ),
        may(
            "optional_header",
            Kind::Object(&optional_header::SHAPE),
            "its optional header",
            "su encabezado opcional",
        ),
        may("sections", Kind::List(&Kind::Object(&SECTION)), "its sections", "sus secciones"),
    ],
    rules: &[must("6.7.6", Choice::SomeBut(&["pe_type"]))],
};
