//! What oversight is shown.

/// Its texts.
pub(super) const TEXTS: &[(&str, &str)] = &[
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
        "audit export --by",
        "Quién lo pide, para la bitácora interna (si no, el nombre de la sesión)",
    ),
];
