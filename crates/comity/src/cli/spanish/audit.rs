//! What oversight is shown.

/// Its texts.
pub(super) const TEXTS: &[(&str, &str)] = &[
    ("--purpose", "Para qué, para la bitácora interna; un nodo puede exigirlo"),
    ("--by", "Quién consulta, para la bitácora interna (si no, el nombre de la sesión)"),
    (
        "journal access",
        "Mostrar quién buscó, abrió, exportó e imprimió qué, de lo más reciente a lo más antiguo, y para qué",
    ),
    ("journal access --actor", "Sólo de esta persona facultada o analista"),
    ("journal access --object", "Sólo de este objeto o expediente, por identificador STIX o folio"),
    ("journal access --since", "Sólo desde este día, en UTC"),
    ("journal access --before", "Seguir antes de esta línea, la última de la página anterior"),
    ("journal access --limit", "Cuántas mostrar, de 1 a 10000 (si no, 100)"),
    ("audit", "Supervisión: lo que se muestra a un órgano de control, sin contenido"),
    (
        "audit export",
        "Escribir un periodo del registro en cuentas, para un órgano de control: sin contenido y sin nombres de personas",
    ),
    ("audit export --from", "El primer día del periodo, en UTC"),
    ("audit export --until", "El último día, en UTC"),
    (
        "audit export --partner",
        "Sólo lo intercambiado con esta contraparte; entonces no se incluye lo que sabe la bitácora interna",
    ),
    ("audit export --out", "El archivo que se escribe"),
    (
        "audit export --format",
        "json (firmado; `comity verify` lo comprueba), csv o html (si no, según termine el nombre del archivo)",
    ),
    ("audit export --force", "Escribir sobre un archivo que ya existe"),
    (
        "audit sample",
        "Sortear expedientes para examinarlos, con una semilla que se trae o que proviene de las contrapartes",
    ),
    ("audit sample --count", "Cuántos expedientes, de 1 a 1000"),
    (
        "audit sample --seed",
        "Con qué se sortea; la misma semilla da lo mismo de los mismos expedientes (si no, un resumen de lo que dijeron las contrapartes y este nodo refrendó por última vez)",
    ),
    (
        "audit person",
        "Decir quién recibió datos de una persona, como qué, qué fue de ellos y quién los consultó aquí",
    ),
    (
        "audit person NAME|ID",
        "La persona: un nombre o alias, sin importar mayúsculas ni acentos, o el identificador STIX de un objeto. Debe darse --purpose",
    ),
    ("audit patterns --unpurposed", "Búsquedas de una persona sin decir para qué (si no, 10)"),
    (
        "audit patterns --opened",
        "Veces que una persona abrió una ficha que ninguna entrega, retiro o consentimiento nombra (si no, 5)",
    ),
    (
        "audit patterns --days",
        "Días en que una persona abrió el objeto de una misma persona (si no, 3)",
    ),
    (
        "audit patterns --minutes",
        "Minutos antes de renovarse un tope, dentro de los cuales se selló una entrega (si no, 60)",
    ),
    (
        "audit patterns",
        "Contar hábitos en las aprobaciones y consultas que conviene mirar; no es un juicio",
    ),
    (
        "audit patterns --together",
        "Entregas que las mismas dos personas facultadas aprobaron juntas (si no, 5)",
    ),
    (
        "audit patterns --seconds",
        "Segundos entre componer y aprobar por debajo de los cuales se muestra (si no, 5)",
    ),
    ("audit patterns --night-from", "La hora UTC en que empieza la noche, de 0 a 23 (si no, 22)"),
    ("audit patterns --night-until", "La hora UTC en que termina, de 0 a 23 (si no, 6)"),
];
