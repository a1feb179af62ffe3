//! Sentences that say back what somebody typed where the general one of the code does not, in Spanish.

/// By code, with particulars as `{name}`.
pub(super) const PARTICULARS: &[(&str, &str)] = &[
    (
        "feed-claimed",
        "otro proceso consulta ahora `{name}`; consulte `comity feed show {name}` e intente de nuevo en un minuto",
    ),
    (
        "parts-purged",
        "el contenido de la declaración {statement} se purgó; lo que se envió ya no puede mostrarse",
    ),
];
