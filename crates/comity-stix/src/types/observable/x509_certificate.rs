//! X.509 certificate (section 6.18).

mod v3_extensions;

use crate::types::make::{WHOLE, both, may, must, observable};
use crate::types::model::{Choice, Kind, Shape, Type};

pub(super) const TYPE: Type = Type {
    contributing: &["hashes", "serial_number"],
    ..observable(
        Shape {
            name: "x509-certificate",
            section: "6.18.1",
            properties: &[
                may(
                    "is_self_signed",
                    Kind::Boolean,
                    "whether it was signed with its own key",
                    "si se firmó con su propia clave",
                ),
                may(
                    "hashes",
                    Kind::Hashes,
                    "hashes of the whole certificate",
                    "resúmenes criptográficos del certificado completo",
                ),
                may(
                    "version",
                    Kind::Text,
                    "the version of X.509 it follows",
                    "la versión de X.509 que sigue",
                ),
                may(
                    "serial_number",
                    Kind::Text,
                    "the number its issuer gave it",
                    "el número que le dio su emisor",
                ),
                may(
                    "signature_algorithm",
                    Kind::Text,
                    "how it was signed",
                    "con qué algoritmo se firmó",
                ),
                may(
                    "issuer",
                    Kind::Text,
                    "the authority that issued it",
                    "la autoridad que lo emitió",
                ),
                may(
                    "validity_not_before",
                    Kind::Timestamp,
                    "from when on it is valid",
                    "desde cuándo es válido",
                ),
                may(
                    "validity_not_after",
                    Kind::Timestamp,
                    "until when it is valid",
                    "hasta cuándo es válido",
                ),
                may("subject", Kind::Text, "whose certificate it is", "de quién es el certificado"),
                may(
                    "subject_public_key_algorithm",
                    Kind::Text,
                    "the algorithm that the subject's key is for",
                    "el algoritmo para el que sirve la clave del titular",
                ),
                may(
                    "subject_public_key_modulus",
                    Kind::Text,
                    "the modulus of the subject's RSA key",
                    "el módulo de la clave RSA del titular",
                ),
                may(
                    "subject_public_key_exponent",
                    WHOLE,
                    "the exponent of the subject's RSA key",
                    "el exponente de la clave RSA del titular",
                ),
                may(
                    "x509_v3_extensions",
                    Kind::Object(&v3_extensions::SHAPE),
                    "its X.509 version 3 extensions",
                    "sus extensiones de X.509 versión 3",
                ),
            ],
            rules: &[must("6.18", Choice::SomeBut(&[]))],
        },
        "6.18",
        both(
            "a certificate that ties a public key to a name",
            "un certificado que vincula una clave pública con un nombre",
        ),
    )
};
