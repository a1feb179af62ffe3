//! The help of agreements.

use super::{BY, LEGAL_BASIS, TEXT, TEXT_FILE};

/// Every text.
pub(super) const TEXTS: &[(&str, &str)] = &[
    ("agreement", "Acuerdos interinstitucionales: redactar, revisar, firmar, incorporar"),
    (
        "agreement new",
        "Redactar un proyecto de acuerdo con una contraparte, con una cláusula en cada sentido, para editarlo",
    ),
    ("agreement new --with", "La clave de la contraparte"),
    ("agreement new --from", "El primer día de vigencia, en UTC (si no, hoy)"),
    (
        "agreement new --until",
        "El último día de vigencia, en UTC (si no, un año después del primero)",
    ),
    (
        "agreement new --template",
        "Hacerlo de este texto, en el que quedan por llenar `{id}`, `{from}`, `{until}`, `{own}`, `{partner}`, `{own_root}` y `{partner_root}`",
    ),
    (
        "agreement new --out",
        "Escribirlo en este archivo, que no debe existir (si no, en la salida estándar)",
    ),
    (
        "agreement check",
        "Revisar el texto de un acuerdo, cada error nombrado con su línea, y las firmas de un archivo firmado",
    ),
    ("agreement check FILE", "El texto, o un archivo de acuerdo firmado"),
    (
        "agreement sign",
        "Firmar el texto de un acuerdo con la clave raíz de esta parte y escribir el archivo para la contraparte",
    ),
    ("agreement sign FILE", "El texto, o el archivo de acuerdo que firmó la contraparte"),
    ("agreement sign --out", "Escribir aquí el archivo firmado (si no, junto al texto)"),
    ("agreement import", "Incorporar un archivo de acuerdo que firmó la contraparte"),
    ("agreement import FILE", "El archivo del acuerdo"),
    ("agreement list", "Enumerar los acuerdos, la versión más reciente al final"),
    ("agreement show", "Mostrar el texto de un acuerdo, quién lo firmó y qué se ha dicho sobre él"),
    (
        "agreement show ID",
        "El folio o el identificador del acuerdo; `ID@2` es su versión 2 (si no, la más reciente)",
    ),
    (
        "agreement explain",
        "Decir en frases sencillas lo que un acuerdo permite y lo que no permite",
    ),
    (
        "agreement explain AGREEMENT",
        "Un texto, un archivo firmado, o el folio o identificador de un acuerdo; `ID@2` es su versión 2 (si no, la que rige)",
    ),
    ("agreement diff", "Decir con palabras lo que el segundo acuerdo amplía y lo que restringe"),
    (
        "agreement diff BEFORE",
        "Un texto, un archivo firmado, o el folio o identificador de un acuerdo, también como `ID@2`",
    ),
    ("agreement diff AFTER", "El otro"),
    (
        "agreement amend",
        "Iniciar una modificación: el texto vigente con el número siguiente, para editarlo",
    ),
    ("agreement amend ID", "El folio o el identificador del acuerdo"),
    (
        "agreement amend --by-signatures",
        "Que rija en cuanto ambas partes la firmen, por archivo: la salida cuando las partes firmaron textos distintos",
    ),
    (
        "agreement amend --out",
        "Escribirlo en este archivo, que no debe existir (si no, en la salida estándar)",
    ),
    (
        "agreement send",
        "Enviar a la contraparte el texto de una versión con la firma de esta parte",
    ),
    ("agreement send ID", "El folio o el identificador del acuerdo"),
    ("agreement send --version", "Qué versión (si no, la más reciente)"),
    ("agreement send --by", BY),
    ("agreement activate", "Hacer que rija desde ahora una versión que firmaron ambas partes"),
    ("agreement activate ID", "El folio o el identificador del acuerdo"),
    ("agreement activate --version", "Qué versión"),
    ("agreement activate --by", BY),
    ("agreement suspend", "Suspender un acuerdo de inmediato, para ambas partes"),
    ("agreement suspend ID", "El folio o el identificador del acuerdo"),
    ("agreement suspend --legal-basis", LEGAL_BASIS),
    (
        "agreement suspend --reason",
        "El identificador de un motivo que el acuerdo prevé para una negativa; puede omitirse donde solo hay uno",
    ),
    ("agreement suspend --text", TEXT),
    ("agreement suspend --text-file", TEXT_FILE),
    ("agreement suspend --by", BY),
    ("agreement lift", "Levantar una suspensión de esta parte"),
    ("agreement lift ID", "El folio o el identificador del acuerdo"),
    ("agreement lift --legal-basis", LEGAL_BASIS),
    ("agreement lift --text", TEXT),
    ("agreement lift --text-file", TEXT_FILE),
    ("agreement lift --by", BY),
    ("agreement terminate", "Dar por terminado un acuerdo, de inmediato y en definitiva"),
    ("agreement terminate ID", "El folio o el identificador del acuerdo"),
    ("agreement terminate --legal-basis", LEGAL_BASIS),
    (
        "agreement terminate --reason",
        "El identificador de un motivo que el acuerdo prevé para una negativa; puede omitirse donde solo hay uno",
    ),
    ("agreement terminate --text", TEXT),
    ("agreement terminate --text-file", TEXT_FILE),
    ("agreement terminate --by", BY),
    (
        "agreement test",
        "Probar una tabla de ejemplos con un acuerdo: qué se entrega, se testa o se excluye",
    ),
    ("agreement test FILE", "La tabla"),
    (
        "agreement test --agreement",
        "El texto del acuerdo, también con nombres entre llaves por llenar (si no, el archivo que indica la tabla)",
    ),
];
