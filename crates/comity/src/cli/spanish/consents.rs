//! The help of what goes on to third parties, and of what stands behind a holding.

use super::BY;

const CONSENT_ID: &str = "El folio o el identificador de la solicitud";
const OBJECT_ID: &str = "El identificador STIX del objeto";

/// Every text.
pub(super) const TEXTS: &[(&str, &str)] = &[
    (
        "consent",
        "Consentimientos: si lo que entregó una contraparte puede transmitirse a un tercero, o usarse para más",
    ),
    (
        "consent ask",
        "Preguntar a quien entregó objetos si pueden transmitirse a un tercero, o usarse para más",
    ),
    ("consent ask --object", "Los objetos, por identificador STIX; puede repetirse"),
    ("consent ask --third-party", "La parte a la que se transmitirían"),
    ("consent ask --purpose", "La finalidad, una de las de una cláusula hacia el tercero"),
    (
        "consent ask --agreement",
        "Preguntar solo por lo recibido conforme a este acuerdo, por folio o identificador (si no, por la versión más reciente de cada objeto)",
    ),
    (
        "consent ask --use",
        "El uso que las instancias nacionales les darían, además de aquellos para los que se entregaron",
    ),
    ("consent ask --text", "Lo que además deba saber la contraparte"),
    ("consent ask --by", BY),
    (
        "consent answer",
        "Responder la solicitud de una contraparte, o retirar el consentimiento otorgado",
    ),
    ("consent answer ID", CONSENT_ID),
    ("consent answer --grant", "Otorgarlo: esos objetos, a esa parte, para esa finalidad"),
    ("consent answer --until", "Cuándo termina por sí mismo, como `2026-12-31T00:00:00Z`"),
    ("consent answer --deny", "Negarlo"),
    ("consent answer --withdraw", "Retirar lo otorgado; lo ya transmitido queda donde está"),
    ("consent answer --legal-basis", "Un fundamento de la lista del acuerdo; puede repetirse"),
    (
        "consent answer --reason",
        "El identificador de un motivo de la lista del acuerdo; puede repetirse",
    ),
    ("consent answer --text", "Lo que además deba saber la contraparte"),
    ("consent answer --by", BY),
    ("consent list", "Enumerar los consentimientos de ambas partes, el más reciente primero"),
    ("consent list --limit", "Cuántos mostrar, de 1 a 10000 (si no, 50)"),
    ("consent show", "Mostrar una solicitud y lo que se respondió"),
    ("consent show ID", CONSENT_ID),
    (
        "holdings provenance",
        "Mostrar de dónde procede cada versión de un objeto: de quién es, su grado, por qué manos pasó",
    ),
    ("holdings provenance ID", OBJECT_ID),
    (
        "holdings corroboration",
        "Contar las procedencias distintas que respaldan un objeto; lo que regresa por contrapartes solo cuenta para la suya",
    ),
    ("holdings corroboration ID", OBJECT_ID),
    (
        "holdings views",
        "Mostrar lo que dice cada parte de un objeto, lado a lado: versiones, opiniones, notas",
    ),
    ("holdings views ID", OBJECT_ID),
];
