//! What is refused of standing patterns and of files of other programs, in Spanish.

/// By code: what happened and, where it can be said in general, what to do.
pub(super) const SENTENCES: &[(&str, &str)] = &[
    ("indicator-over", "el indicador está revocado o su vigencia terminó; indique uno vigente"),
    (
        "no-stix-pattern",
        "el indicador no tiene un patrón STIX dentro de los límites; escriba el patrón con `--pattern`",
    ),
    (
        "marking-not-read",
        "lleva una marca con un nivel de TLP o PAP que la norma no tiene; márquelo con una de las definiciones fijas",
    ),
    ("pattern-name", "escriba de 1 a 64 letras minúsculas, dígitos y guiones"),
    (
        "pattern-text",
        "no es un patrón STIX dentro de los límites; `comity stix match --pattern` dice dónde falla",
    ),
    (
        "patterns-full",
        "ya no caben más patrones permanentes; quite uno con `comity pattern remove NOMBRE`",
    ),
];

/// By code, with particulars as `{name}`.
pub(super) const PARTICULARS: &[(&str, &str)] = &[
    ("indicator-over", "`{id}` está revocado o su vigencia terminó; indique un indicador vigente"),
    (
        "no-stix-pattern",
        "`{id}` no tiene un patrón STIX que pueda ser permanente: {size} KiB, {comparisons} comparaciones y {expressions} \
         expresiones regulares a lo más; escriba el patrón con `--pattern`",
    ),
    (
        "patterns-full",
        "ya hay {most} patrones permanentes; quite uno con `comity pattern remove NOMBRE`",
    ),
];
