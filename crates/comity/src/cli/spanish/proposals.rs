//! The help of `comity proposal` and of `comity contact`.

use super::BY;

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
];
