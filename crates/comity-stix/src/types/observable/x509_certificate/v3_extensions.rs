//! The extensions of X.509 version 3 (section 6.18.2), which are no STIX extensions.

use crate::types::make::{may, must};
use crate::types::model::{Choice, Kind, Shape};

pub(super) const SHAPE: Shape = Shape {
    name: "x509-v3-extensions-type",
    section: "6.18.2",
    properties: &[
        may(
            "basic_constraints",
            Kind::Text,
            "whether it may issue certificates, and in chains how long",
            "si puede emitir certificados, y en cadenas de qué longitud",
        ),
        may(
            "name_constraints",
            Kind::Text,
            "the names that certificates below it may have",
            "los nombres que pueden tener los certificados que dependen de él",
        ),
        may(
            "policy_constraints",
            Kind::Text,
            "how paths through it are to be checked",
            "cómo han de verificarse las rutas que pasan por él",
        ),
        may(
            "key_usage",
            Kind::Text,
            "what its key may be used for",
            "para qué puede usarse su clave",
        ),
        may(
            "extended_key_usage",
            Kind::Text,
            "further purposes of its key",
            "otros fines de su clave",
        ),
        may(
            "subject_key_identifier",
            Kind::Text,
            "what tells its own key from others",
            "lo que distingue su propia clave de otras",
        ),
        may(
            "authority_key_identifier",
            Kind::Text,
            "which key of the issuer signed it",
            "con qué clave del emisor se firmó",
        ),
        may(
            "subject_alternative_name",
            Kind::Text,
            "further names of the subject",
            "otros nombres del titular",
        ),
        may(
            "issuer_alternative_name",
            Kind::Text,
            "further names of the issuer",
            "otros nombres del emisor",
        ),
        may(
            "subject_directory_attributes",
            Kind::Text,
            "facts about the subject, such as nationality",
            "datos del titular, como la nacionalidad",
        ),
        may(
            "crl_distribution_points",
            Kind::Text,
            "where its revocation would be published",
            "dónde se publicaría su revocación",
        ),
        may(
            "inhibit_any_policy",
            Kind::Text,
            "after how many certificates any policy no longer counts",
            "después de cuántos certificados deja de admitirse cualquier política",
        ),
        may(
            "private_key_usage_period_not_before",
            Kind::Timestamp,
            "from when on its private key is in use",
            "desde cuándo se usa su clave privada",
        ),
        may(
            "private_key_usage_period_not_after",
            Kind::Timestamp,
            "until when its private key is in use",
            "hasta cuándo se usa su clave privada",
        ),
        may(
            "certificate_policies",
            Kind::Text,
            "the policies it was issued under",
            "las políticas conforme a las que se emitió",
        ),
        may(
            "policy_mappings",
            Kind::Text,
            "which policies of issuer and subject count as the same",
            "qué políticas de emisor y titular se consideran equivalentes",
        ),
    ],
    rules: &[must("6.18.2", Choice::SomeBut(&[]))],
};
