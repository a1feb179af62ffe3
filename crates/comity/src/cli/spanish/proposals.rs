//! The help of `comity proposal` and of `comity contact`.

use super::BY;

const CONTACT_ID: &str = "El folio o el identificador del contacto";
const PROPOSAL_ID: &str = "El folio o el identificador de la propuesta";

pub(super) const TEXTS: &[(&str, &str)] = &[
    (
        "proposal",
        "Propuestas: presentar una a una contraparte, determinar una de las suyas, ver la historia de un asunto",
    ),
    (
        "proposal put",
        "Presentar una propuesta a una contraparte; la determinación queda en el registro",
    ),
    ("proposal put --to", "La contraparte"),
    ("proposal put --subject", "Su asunto: joint-operation, amendment, technical-support u other"),
    ("proposal put --text", "Su texto"),
    ("proposal put --text-file", "El archivo con su texto"),
    ("proposal put --attach", "Un archivo que la acompaña; puede repetirse"),
    ("proposal put --legal-basis", "Un fundamento de la lista del acuerdo; puede repetirse"),
    (
        "proposal put --in-reply-to",
        "La propuesta de la contraparte a la que esta contesta, por folio o identificador",
    ),
    (
        "proposal put --again",
        "La propuesta anterior, ya determinada, que esta reitera, por folio o identificador",
    ),
    ("proposal put --by", BY),
    ("proposal decide", "Determinar una propuesta que presentó una contraparte; así queda"),
    ("proposal decide ID", PROPOSAL_ID),
    (
        "proposal decide --accept",
        "Aceptarla: puede conducir a un proyecto que ambas partes aún deben firmar, y a nada más",
    ),
    ("proposal decide --decline", "No aceptarla"),
    ("proposal decide --grounds", "La motivación en palabras, que lee la contraparte"),
    ("proposal decide --office", "El área que determina, que la contraparte ve"),
    ("proposal decide --legal-basis", "Un fundamento de la lista del acuerdo; puede repetirse"),
    (
        "proposal decide --reason",
        "Un motivo de la lista del acuerdo, por su identificador; puede repetirse",
    ),
    ("proposal decide --by", BY),
    (
        "proposal list",
        "Enumerar las propuestas de ambas partes, la más reciente primero, con el tiempo que llevan pendientes",
    ),
    ("proposal list --open", "Solo las que no tienen determinación"),
    ("proposal list --limit", "Cuántas mostrar, de 1 a 10000 (si no, 50)"),
    ("proposal show", "Mostrar una propuesta y su determinación"),
    ("proposal show ID", PROPOSAL_ID),
    (
        "proposal history",
        "Contar la historia de un asunto en orden de tiempo: presentada, reiterada, contrapropuesta, determinada",
    ),
    ("proposal history ID", "El folio o el identificador de cualquiera de sus propuestas"),
    (
        "proposal draft",
        "Escribir un proyecto de modificación tras una propuesta aceptada; no obliga mientras no lo firmen ambas partes",
    ),
    ("proposal draft ID", PROPOSAL_ID),
    ("proposal draft --out", "El archivo que se escribe, que no debe existir"),
    ("proposal draft --by", BY),
    (
        "contact",
        "Contactos fuera del sistema: llamadas, reuniones y comunicaciones escritas, y los informes sobre ellos",
    ),
    (
        "contact add",
        "Registrar una llamada, una reunión o una comunicación escrita fuera del sistema; queda en este nodo",
    ),
    ("contact add --with", "La contraparte"),
    ("contact add --kind", "Cómo tuvo lugar: call, meeting, letter, message u other"),
    (
        "contact add --at",
        "Cuándo tuvo lugar, con la diferencia horaria del lugar, como 2026-03-01T10:00:00-06:00",
    ),
    ("contact add --our-office", "El área de esta parte, nunca el nombre de una persona"),
    ("contact add --their-office", "El área de la contraparte, nunca el nombre de una persona"),
    ("contact add --subject", "Su asunto, en un renglón"),
    ("contact add --said", "Lo que se dijo"),
    ("contact add --said-file", "El archivo con lo que se dijo"),
    ("contact add --authorised-by", "El área que lo autorizó y la referencia de la autorización"),
    ("contact add --proposal", "La propuesta de la que trató, por folio o identificador"),
    ("contact add --by", BY),
    (
        "contact list",
        "Enumerar los contactos registrados, el más reciente primero, y si ya se informaron",
    ),
    ("contact list --with", "Solo los que hubo con esta contraparte"),
    ("contact list --limit", "Cuántos mostrar, de 1 a 10000 (si no, 50)"),
    ("contact show", "Mostrar un contacto"),
    ("contact show ID", CONTACT_ID),
    ("contact link", "Vincular un contacto a una propuesta de la que trató"),
    ("contact link ID", CONTACT_ID),
    ("contact link --proposal", PROPOSAL_ID),
    ("contact link --by", BY),
    (
        "contact report",
        "Informar un contacto o un intercambio con una plantilla nacional, o mostrar lo que está por informarse",
    ),
    (
        "contact report ID",
        "El folio o el identificador del contacto; o, de una declaración entregada o recibida, su folio o su resumen",
    ),
    (
        "contact report --template",
        "La plantilla: general, general-es, mx o una de la carpeta templates/contact de la carpeta de datos",
    ),
    (
        "contact report --out",
        "El archivo que se escribe, que no debe existir; el informe queda asentado y su plazo termina (si no, solo se \
         muestra)",
    ),
    ("contact report --due", "Mostrar lo que está por informarse y cuánto falta"),
    ("contact report --limit", "Cuántos mostrar con --due, de 1 a 10000 (si no, 50)"),
    ("contact report --by", BY),
];
