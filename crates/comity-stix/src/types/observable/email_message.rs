//! Email message (section 6.6).

use crate::types::make::{both, may, must, needed, observable, to};
use crate::types::model::{Choice, Kind, Scalar, Shape, Type};

/// One part of a multipart body (section 6.6.2).
const MIME_PART: Shape = Shape {
    name: "email-mime-part-type",
    section: "6.6.2",
    properties: &[
        may(
            "body",
            Kind::Text,
            "the text of the part, decoded",
            "el texto de la parte, ya descodificado",
        ),
        may(
            "body_raw_ref",
            to(&["artifact", "file"]),
            "the content of a part that is not text",
            "el contenido de una parte que no es texto",
        ),
        may(
            "content_type",
            Kind::Text,
            "its Content-Type field, parameters included",
            "su campo Content-Type, con sus parámetros",
        ),
        may(
            "content_disposition",
            Kind::Text,
            "its Content-Disposition field",
            "su campo Content-Disposition",
        ),
    ],
    // Only the absence of both is forbidden; an artifact, by contrast, may not have both of its two (section 6.1.1).
    rules: &[must("6.6.2", Choice::SomeOf(&[&["body"], &["body_raw_ref"]]))],
};

pub(super) const TYPE: Type = Type {
    contributing: &["from_ref", "subject", "body"],
    ..observable(
        Shape {
            name: "email-message",
            section: "6.6.1",
            properties: &[
                needed(
                    "is_multipart",
                    Kind::Boolean,
                    "whether the body has several MIME parts",
                    "si el cuerpo consta de varias partes MIME",
                ),
                may("date", Kind::Timestamp, "when it was sent", "cuándo se envió"),
                may("content_type", Kind::Text, "its Content-Type field", "su campo Content-Type"),
                may("from_ref", to(&["email-addr"]), "who wrote it", "quién lo escribió"),
                may(
                    "sender_ref",
                    to(&["email-addr"]),
                    "who sent it on the author's behalf",
                    "quién lo envió por cuenta del autor",
                ),
                may(
                    "to_refs",
                    Kind::List(&to(&["email-addr"])),
                    "whom it is addressed to",
                    "a quién va dirigido",
                ),
                may(
                    "cc_refs",
                    Kind::List(&to(&["email-addr"])),
                    "who gets a copy",
                    "quién recibe copia",
                ),
                may(
                    "bcc_refs",
                    Kind::List(&to(&["email-addr"])),
                    "who gets a copy that the others don't see",
                    "quién recibe copia oculta",
                ),
                may("message_id", Kind::Text, "its Message-ID field", "su campo Message-ID"),
                may("subject", Kind::Text, "its subject line", "su asunto"),
                may(
                    "received_lines",
                    Kind::List(&Kind::Text),
                    "its Received fields, in their order in the message",
                    "sus campos Received, en el orden en que aparecen en el mensaje",
                ),
                may(
                    "additional_header_fields",
                    Kind::Names(&Kind::List(&Kind::Text)),
                    "its other header fields, each with all its values",
                    "los demás campos de su encabezado, cada uno con todos sus valores",
                ),
                may(
                    "body",
                    Kind::Text,
                    "the body of a message that is not multipart",
                    "el cuerpo de un mensaje que no es multiparte",
                ),
                may(
                    "body_multipart",
                    Kind::List(&Kind::Object(&MIME_PART)),
                    "the parts of a multipart message",
                    "las partes de un mensaje multiparte",
                ),
                may(
                    "raw_email_ref",
                    to(&["artifact"]),
                    "the whole message as it was received, byte by byte",
                    "el mensaje completo tal como se recibió, byte por byte",
                ),
            ],
            rules: &[
                must(
                    "6.6.1",
                    Choice::ForbidsWhen("is_multipart", Scalar::Boolean(true), &["body"]),
                ),
                must(
                    "6.6.1",
                    Choice::ForbidsWhen(
                        "is_multipart",
                        Scalar::Boolean(false),
                        &["body_multipart"],
                    ),
                ),
            ],
        },
        "6.6",
        both("an email, with header and body", "un correo electrónico, con encabezado y cuerpo"),
    )
};
