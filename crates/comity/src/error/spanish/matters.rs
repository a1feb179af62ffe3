//! What is refused in matters and contacts, in Spanish.

/// By code: what happened and, where it can be said in general, what to do.
pub(super) const SENTENCES: &[(&str, &str)] = &[
    ("contact-linked", "el contacto ya está vinculado a esa propuesta"),
    (
        "contact-other-party",
        "la propuesta no es con la parte del contacto; `comity proposal list` muestra las que hay",
    ),
    ("report-written", "ya se escribió un informe con esa plantilla; puede verse otro sin `--out`"),
    ("template", "la plantilla no puede leerse"),
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
