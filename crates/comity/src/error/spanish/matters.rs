//! What is refused in matters and contacts, in Spanish.

/// The codes whose sentence says everything.
pub(super) const WHOLE: &[&str] =
    &["nothing-to-draft", "operations-unrepresentable", "proposal-not-accepted"];

/// By code: what happened and, where it can be said in general, what to do.
pub(super) const SENTENCES: &[(&str, &str)] = &[
    (
        "attachment-content",
        "el contenido del archivo no es el de su tipo, o es un programa; viajan datos, nunca programas",
    ),
    (
        "proposal-not-accepted",
        "la propuesta no ha sido aceptada; solo una aceptada da lugar a un proyecto de modificación",
    ),
    (
        "operations-unrepresentable",
        "la propuesta es de una operación conjunta, que ningún acuerdo puede contener; de ella no se sigue nada",
    ),
    (
        "nothing-to-draft",
        "la propuesta no pide ningún cambio del acuerdo, así que no da lugar a un proyecto de modificación",
    ),
    (
        "draft-by-hand",
        "la versión no está en un renglón propio de `[agreement]`; redacte a mano la versión siguiente",
    ),
];
