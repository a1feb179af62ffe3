//! The help of releases.

const RELEASE_ID: &str = "El folio o el identificador de la entrega";

/// Every text.
pub(super) const TEXTS: &[(&str, &str)] = &[
    ("release", "Entregas: preparar, aprobar, enviar, dar seguimiento"),
    (
        "release compose",
        "Preparar una entrega: decidir sobre cada objeto, conservar el contenido exacto, mostrar la vista previa",
    ),
    ("release compose --to", "La contraparte que la recibe"),
    ("release compose --clause", "La cláusula del acuerdo conforme a la cual se entrega"),
    ("release compose --purpose", "La finalidad; puede omitirse si la cláusula tiene una sola"),
    ("release compose --object", "Estos objetos, por identificador STIX; puede repetirse"),
    (
        "release compose --legal-basis",
        "Un fundamento del acuerdo o de la cláusula, a la letra; puede repetirse, y omitirse si hay uno solo",
    ),
    (
        "release compose --reason",
        "El identificador de un motivo previsto en el acuerdo; puede repetirse, y omitirse si hay uno solo",
    ),
    ("release compose --type", "Todos los objetos de un tipo STIX"),
    ("release compose --search", "Todos los objetos cuyo texto contiene estas palabras"),
    (
        "release compose --by",
        "Quién la prepara, para la bitácora interna y la regla de la cláusula sobre quien prepara (si no, el nombre de la sesión)",
    ),
    ("release preview", "Mostrar cómo sería una entrega, sin conservar nada"),
    ("release preview --to", "La contraparte que la recibiría"),
    ("release preview --clause", "La cláusula del acuerdo conforme a la cual se entregaría"),
    ("release preview --purpose", "La finalidad; puede omitirse si la cláusula tiene una sola"),
    ("release preview --object", "Estos objetos, por identificador STIX; puede repetirse"),
    ("release preview --type", "Todos los objetos de un tipo STIX"),
    ("release preview --search", "Todos los objetos cuyo texto contiene estas palabras"),
    (
        "release approve",
        "Aprobar una entrega como responsable; la frase de contraseña es la del responsable",
    ),
    ("release approve ID", RELEASE_ID),
    ("release approve --as", "El responsable"),
    (
        "release standing",
        "Aprobar por anticipado lo que se entrega conforme a una cláusula, consultarlo, revocarlo",
    ),
    (
        "release standing sign",
        "Aprobar por anticipado lo que se entrega conforme a una cláusula, hasta un tope diario; nunca sitios ni personas físicas",
    ),
    ("release standing sign --to", "La contraparte que la recibe"),
    (
        "release standing sign --clause",
        "La cláusula del acuerdo, que debe admitir aprobaciones permanentes",
    ),
    ("release standing sign --ceiling", "Objetos por día (UTC), como máximo"),
    ("release standing sign --days", "Por cuántos días a partir de ahora, de 1 a 30"),
    ("release standing sign --as", "El responsable, cuya frase de contraseña se pide"),
    (
        "release standing list",
        "Enumerar las aprobaciones permanentes, la más reciente primero, con lo que hoy queda de cada una",
    ),
    ("release standing revoke", "Revocar una aprobación permanente: nada más se entrega con ella"),
    ("release standing revoke ID", "Su identificador"),
    (
        "release standing revoke --by",
        "Quién la revoca, para la bitácora interna (si no, el nombre de la sesión)",
    ),
    ("release send", "Sellar una entrega aprobada y ponerla en la bandeja de salida"),
    ("release send ID", RELEASE_ID),
    ("release list", "Enumerar las entregas de esta parte, la más reciente primero"),
    ("release list --limit", "Cuántas mostrar, de 1 a 10000 (si no, 50)"),
    (
        "release show",
        "Mostrar una entrega: su estado, sus aprobaciones, su acuse de recibo y lo decidido sobre cada objeto",
    ),
    ("release show ID", RELEASE_ID),
    (
        "release open",
        "Abrir el compromiso de un objeto testado: escribir un archivo que prueba a partir de qué se hizo",
    ),
    ("release open ID", RELEASE_ID),
    (
        "release open OBJECT",
        "El objeto, por el identificador STIX del original o de lo que se entregó en su lugar",
    ),
    (
        "release open --out",
        "El archivo que se escribe; no debe existir. Quien lo lea conocerá el original",
    ),
    (
        "release open --by",
        "Quién lo abre, para la bitácora interna (si no, el nombre de la sesión)",
    ),
];
