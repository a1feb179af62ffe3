//! Artifact (section 6.1).

use crate::types::make::{both, may, must, observable};
use crate::types::model::{Choice, Kind, Shape, Type};
use crate::types::vocabulary;

pub(super) const TYPE: Type = Type {
    contributing: &["hashes", "payload_bin"],
    ..observable(
        Shape {
            name: "artifact",
            section: "6.1.1",
            properties: &[
                may(
                    "mime_type",
                    Kind::MediaType,
                    "the media type of the content",
                    "el tipo de medio del contenido",
                ),
                may(
                    "payload_bin",
                    Kind::Binary,
                    "the content itself, in base64",
                    "el contenido mismo, en base64",
                ),
                may(
                    "url",
                    Kind::Url,
                    "where the content can be fetched",
                    "de dónde puede obtenerse el contenido",
                ),
                may(
                    "hashes",
                    Kind::Hashes,
                    "hashes of the content, wherever it is",
                    "resúmenes criptográficos del contenido, esté donde esté",
                ),
                may(
                    "encryption_algorithm",
                    Kind::Enum(&vocabulary::ENCRYPTION_ALGORITHM),
                    "how the content was encrypted",
                    "cómo se cifró el contenido",
                ),
                may(
                    "decryption_key",
                    Kind::Text,
                    "the key or password that opens the content",
                    "la clave o contraseña que abre el contenido",
                ),
            ],
            rules: &[
                must("6.1", Choice::OneOf(&["payload_bin", "url"])),
                must("6.1.1", Choice::Needs("url", &["hashes"])),
                must("6.1.1", Choice::Needs("decryption_key", &["encryption_algorithm"])),
            ],
        },
        "6.1",
        both(
            "a run of bytes, carried here or to be fetched at a URL",
            "una serie de bytes, incluida aquí o disponible en un URL",
        ),
    )
};
