//! What single protocols add to network traffic (sections 6.12.2 to 6.12.5).

use crate::types::make::{COUNT, WHOLE, may, must, needed, to};
use crate::types::model::{Choice, Kind, Shape};
use crate::types::vocabulary;

/// Section 6.12.2.
pub(super) const HTTP_REQUEST: Shape = Shape {
    name: "http-request-ext",
    section: "6.12.2",
    properties: &[
        needed(
            "request_method",
            Kind::LowerText,
            "the method, in lower case",
            "el método, en minúsculas",
        ),
        needed(
            "request_value",
            Kind::Text,
            "what was asked for, mostly a path",
            "lo que se solicitó, por lo general una ruta",
        ),
        may(
            "request_version",
            Kind::LowerText,
            "the version of HTTP, in lower case",
            "la versión de HTTP, en minúsculas",
        ),
        may(
            "request_header",
            Kind::Names(&Kind::List(&Kind::Text)),
            "the header fields, each with all its values",
            "los campos del encabezado, cada uno con todos sus valores",
        ),
        may(
            "message_body_length",
            WHOLE,
            "the length of the body in bytes",
            "la longitud del cuerpo en bytes",
        ),
        may("message_body_data_ref", to(&["artifact"]), "the body", "el cuerpo"),
    ],
    rules: &[],
};

/// Section 6.12.3.
pub(super) const ICMP: Shape = Shape {
    name: "icmp-ext",
    section: "6.12.3",
    properties: &[
        needed("icmp_type_hex", Kind::Hex, "the type of the message", "el tipo del mensaje"),
        needed("icmp_code_hex", Kind::Hex, "the code within the type", "el código dentro del tipo"),
    ],
    rules: &[],
};

/// Section 6.12.4.
pub(super) const SOCKET: Shape = Shape {
    name: "socket-ext",
    section: "6.12.4",
    properties: &[
        needed(
            "address_family",
            Kind::Enum(&vocabulary::NETWORK_SOCKET_ADDRESS_FAMILY),
            "the family of addresses it is for",
            "la familia de direcciones a la que sirve",
        ),
        may(
            "is_blocking",
            Kind::Boolean,
            "whether its calls wait until they are done",
            "si sus llamadas esperan hasta concluir",
        ),
        may(
            "is_listening",
            Kind::Boolean,
            "whether it waits for connections",
            "si espera conexiones",
        ),
        may(
            "options",
            Kind::Names(&WHOLE),
            "its options and their values",
            "sus opciones y los valores de estas",
        ),
        may(
            "socket_type",
            Kind::Enum(&vocabulary::NETWORK_SOCKET_TYPE),
            "what sort of socket it is",
            "qué clase de socket es",
        ),
        may("socket_descriptor", COUNT, "its file descriptor", "su descriptor de archivo"),
        may("socket_handle", WHOLE, "its handle or inode", "su manejador o inodo"),
    ],
    rules: &[],
};

/// Section 6.12.5.
pub(super) const TCP: Shape = Shape {
    name: "tcp-ext",
    section: "6.12.5",
    properties: &[
        may(
            "src_flags_hex",
            Kind::Hex,
            "every flag that the source set",
            "todos los indicadores que activó el origen",
        ),
        may(
            "dst_flags_hex",
            Kind::Hex,
            "every flag that the destination set",
            "todos los indicadores que activó el destino",
        ),
    ],
    rules: &[must("6.12.5", Choice::SomeBut(&[]))],
};
