//! Sentences that say back what somebody typed where the general one of the code does not, in Spanish.

/// By code, with particulars as `{name}`.
pub(super) const PARTICULARS: &[(&str, &str)] = &[
    (
        "account-has-handle",
        "una cuenta abierta se llama `{name}`, y ninguna cuenta es de otra parte; dé a la contraparte otra clave con `comity party import ARCHIVO --handle CLAVE`, o cierre la cuenta con `comity user disable {name}`",
    ),
    (
        "account-has-link-key",
        "la cuenta `{name}` abre con la clave con que entrega `{partner}`, y ninguna cuenta es de otra parte; ciérrela con `comity user disable {name}` e intente de nuevo",
    ),
    (
        "feed-claimed",
        "otro proceso consulta ahora `{name}`; consulte `comity feed show {name}` e intente de nuevo en un minuto",
    ),
    (
        "parts-purged",
        "el contenido de la declaración {statement} se purgó; lo que se envió ya no puede mostrarse",
    ),
];
