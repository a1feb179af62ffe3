//! The help of backups.

use super::BY;

/// Every text.
pub(super) const TEXTS: &[(&str, &str)] = &[
    ("backup", "Respaldar la carpeta de datos mientras el nodo opera"),
    (
        "backup --out",
        "La carpeta nueva del respaldo; dentro de una que existe, otra con el nombre de la parte y la hora",
    ),
    ("backup --by", BY),
    ("backup check", "Leer un respaldo hasta el final y decir si está íntegro; no necesita nodo"),
    ("backup check DIR", "La carpeta del respaldo"),
    ("restore", "Restituir un nodo desde un respaldo, en una carpeta de datos vacía"),
    ("restore DIR", "La carpeta del respaldo"),
    ("restore --by", BY),
];
