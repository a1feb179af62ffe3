//! The help of the keys.

use super::{BY, PIN_FILE};

/// Every text.
pub(super) const TEXTS: &[(&str, &str)] = &[
    (
        "key",
        "Claves de esta parte: enumerarlas, rotarlas, revocarlas, ponerles otra frase de contraseña",
    ),
    (
        "key list",
        "Enumerar las claves de esta parte: para qué sirve cada una, dónde se guarda y hasta cuándo está vigente",
    ),
    (
        "key rotate",
        "Crear claves nuevas y anunciarlas a cada contraparte; las anteriores siguen vigentes treinta días",
    ),
    (
        "key rotate USE",
        "Para qué son: statement, log, witness, seal o link; registrar conserva su clave y la prolonga",
    ),
    (
        "key rotate --by-file",
        "No anunciar nada: las claves que lo harían se perdieron o vencieron, y cada contraparte incorpora el archivo",
    ),
    (
        "key rotate --after",
        "El número de serie del descriptor de esta parte que una contraparte tiene y este nodo perdió, como allí lo muestra `party list`",
    ),
    ("key rotate --by", BY),
    ("key rotate --pin-file", PIN_FILE),
    (
        "key revoke",
        "Revocar una clave de inmediato y anunciarlo; si ninguna otra hace su trabajo, se crea una nueva",
    ),
    ("key revoke KEY", "La clave, como la nombra `comity key list`"),
    ("key revoke --by-file", "No anunciar nada: cada contraparte incorpora el archivo"),
    ("key revoke --by", BY),
    ("key revoke --pin-file", PIN_FILE),
    (
        "key passphrase",
        "Poner otra frase de contraseña a los archivos de claves del nodo, o al de un responsable",
    ),
    (
        "key passphrase --officer",
        "El responsable cuya clave es (si no, los tres archivos del nodo)",
    ),
    (
        "key passphrase --new-passphrase-file",
        "El archivo con la frase de contraseña nueva, modo 0600 (si no, se pide)",
    ),
    ("key passphrase --by", BY),
];
