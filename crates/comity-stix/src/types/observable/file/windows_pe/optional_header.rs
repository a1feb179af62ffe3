//! The optional header of a Windows executable (section 6.7.6).

use crate::types::make::{COUNT, WHOLE, may, must};
use crate::types::model::{Choice, Kind, Shape};

pub(super) const SHAPE: Shape = Shape {
    name: "windows-pe-optional-header-type",
    section: "6.7.6",
    properties: &[
        may(
            "magic_hex",
            Kind::Hex,
            "the number that tells 32-bit from 64-bit",
            "el número que distingue 32 bits de 64 bits",
        ),
        may(
            "major_linker_version",
            WHOLE,
            "the linker's version, before the point",
            "la versión del enlazador, antes del punto",
        ),
        may(
            "minor_linker_version",
            WHOLE,
            "the linker's version, after the point",
            "la versión del enlazador, después del punto",
        ),
        may("size_of_code", COUNT, "bytes of code, all told", "bytes de código, en total"),
        may(
            "size_of_initialized_data",
            COUNT,
            "bytes of initialized data, all told",
            "bytes de datos inicializados, en total",
        ),
        may(
            "size_of_uninitialized_data",
            COUNT,
            "bytes of uninitialized data, all told",
            "bytes de datos sin inicializar, en total",
        ),
        may(
            "address_of_entry_point",
            WHOLE,
            "where execution begins, from the image base",
            "dónde comienza la ejecución, desde la base de la imagen",
        ),
        may(
            "base_of_code",
            WHOLE,
            "where code begins, from the image base",
            "dónde comienza el código, desde la base de la imagen",
        ),
        may(
            "base_of_data",
            WHOLE,
            "where data begins, from the image base",
            "dónde comienzan los datos, desde la base de la imagen",
        ),
        may(
            "image_base",
            WHOLE,
            "the address it would like to be loaded at",
            "la dirección en que preferiría cargarse",
        ),
        may(
            "section_alignment",
            WHOLE,
            "to how many bytes sections align in memory",
            "a cuántos bytes se alinean las secciones en memoria",
        ),
        may(
            "file_alignment",
            WHOLE,
            "to how many bytes sections align in the file",
            "a cuántos bytes se alinean las secciones en el archivo",
        ),
        may(
            "major_os_version",
            WHOLE,
            "the system it needs, version before the point",
            "el sistema que requiere, versión antes del punto",
        ),
        may(
            "minor_os_version",
            WHOLE,
            "the system it needs, version after the point",
            "el sistema que requiere, versión después del punto",
        ),
        may(
            "major_image_version",
            WHOLE,
            "its own version, before the point",
            "su propia versión, antes del punto",
        ),
        may(
            "minor_image_version",
            WHOLE,
            "its own version, after the point",
            "su propia versión, después del punto",
        ),
        may(
            "major_subsystem_version",
            WHOLE,
            "the subsystem's version, before the point",
            "la versión del subsistema, antes del punto",
        ),
        may(
            "minor_subsystem_version",
            WHOLE,
            "the subsystem's version, after the point",
            "la versión del subsistema, después del punto",
        ),
        may(
            "win32_version_value_hex",
            Kind::Hex,
            "a reserved version number",
            "un número de versión reservado",
        ),
        may(
            "size_of_image",
            COUNT,
            "its size once loaded, headers included, in bytes",
            "su tamaño ya cargado, con encabezados, en bytes",
        ),
        may(
            "size_of_headers",
            COUNT,
            "the size of all headers together, in bytes",
            "el tamaño de todos los encabezados juntos, en bytes",
        ),
        may("checksum_hex", Kind::Hex, "its checksum", "su suma de verificación"),
        may(
            "subsystem_hex",
            Kind::Hex,
            "the subsystem it runs in, such as windows or a console",
            "el subsistema en que se ejecuta, como ventanas o consola",
        ),
        may(
            "dll_characteristics_hex",
            Kind::Hex,
            "its loading and protection flags",
            "sus indicadores de carga y protección",
        ),
        may(
            "size_of_stack_reserve",
            COUNT,
            "bytes to set aside for the stack",
            "bytes que se reservan para la pila",
        ),
        may(
            "size_of_stack_commit",
            COUNT,
            "bytes of the stack to have ready at once",
            "bytes de la pila que se asignan de inmediato",
        ),
        may(
            "size_of_heap_reserve",
            COUNT,
            "bytes to set aside for the heap",
            "bytes que se reservan para el montículo",
        ),
        may(
            "size_of_heap_commit",
            COUNT,
            "bytes of the heap to have ready at once",
            "bytes del montículo que se asignan de inmediato",
        ),
        may(
            "loader_flags_hex",
            Kind::Hex,
            "reserved flags for the loader",
            "indicadores reservados para el cargador",
        ),
        may(
            "number_of_rva_and_sizes",
            WHOLE,
            "how many data directories follow",
            "cuántos directorios de datos siguen",
        ),
        may(
            "hashes",
            Kind::Hashes,
            "hashes of the optional header",
            "resúmenes criptográficos del encabezado opcional",
        ),
    ],
    rules: &[must("6.7.6", Choice::SomeBut(&[]))],
};
