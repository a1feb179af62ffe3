//! The help of what is carried by hand.

use super::BY;

/// Every text.
pub(super) const TEXTS: &[(&str, &str)] = &[
    (
        "pouch",
        "Valijas selladas que alguien lleva en mano: escribirlas, incorporarlas, examinar una",
    ),
    (
        "pouch export",
        "Escribir en una carpeta lo que espera a una contraparte, una valija por archivo; solo sus acuses lo concluyen",
    ),
    ("pouch export --to", "La contraparte, por clave o raíz"),
    (
        "pouch export --out",
        "La carpeta donde se escribe; se crea si no existe, y lo que está completo en ella se conserva",
    ),
    ("pouch export --again", "También lo que se escribió o envió antes y aún no tiene respuesta"),
    (
        "pouch export --since",
        "Todo lo sellado desde esta hora, con respuesta o sin ella: para una contraparte que lo perdió",
    ),
    ("pouch export --by", BY),
    (
        "pouch import",
        "Incorporar valijas que alguien trajo, en cualquier orden y cuantas veces lleguen",
    ),
    (
        "pouch import PATH",
        "Valijas, o carpetas con ellas; termina con 1 si una no se incorpora, lo que no detiene a las demás",
    ),
    ("pouch import --by", BY),
    ("pouch show", "Decir lo que puede verse de una valija sin abrirla; no requiere ningún nodo"),
    ("pouch show FILE", "La valija"),
    (
        "pouch show --open",
        "Abrirla con las claves de este nodo y decir qué contiene; queda en la bitácora interna",
    ),
    ("pouch show --by", BY),
];
