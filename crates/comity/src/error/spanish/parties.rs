//! What is wrong with a partner's descriptor, in Spanish.

/// By code, with particulars as `{name}`.
pub(super) const PARTICULARS: &[(&str, &str)] = &[
    (
        "descriptor-key-again",
        "el descriptor vuelve a enumerar la clave `{key}`, que uno anterior había retirado; pida a la contraparte que lo elabore con una \
         clave nueva",
    ),
    (
        "descriptor-time",
        "el descriptor {serial} dice que se hizo antes que el del número de serie {before}; pida a la contraparte que lo haga de nuevo",
    ),
];
