//! Sentences about evidence.

/// By code.
pub(super) const SENTENCES: &[(&str, &str)] = &[
    (
        "evidence-damaged",
        "el archivo de evidencia se alteró o se dañó: el resumen de su primera línea es de otros octetos; pídalo de nuevo",
    ),
    (
        "evidence-incomplete",
        "las dos cosas no prueban nada por sí solas; inténtelo de nuevo cuando ambas estén aquí",
    ),
    ("evidence-malformed", "no es un archivo de evidencia de este formato; indique el correcto"),
    ("evidence-not-canonical", "el archivo no está en su única forma; pídalo de nuevo"),
    ("evidence-too-large", "el archivo es más largo de lo que admite el formato; pídalo de nuevo"),
    (
        "no-place",
        "un corte firmado no tiene lugar en el registro de intercambio; pida la evidencia de lo que refrendó",
    ),
    (
        "not-settled",
        "la evidencia todavía no está completa; inténtelo más tarde o escriba lo que haya con `--partial`",
    ),
    (
        "payload-not-kept",
        "lo que dijo una contraparte no se conserva en la forma en que llegó; escríbalo de su valija con `comity pouch \
         payload` o pídaselo",
    ),
    ("not-signed", "la declaración todavía no está firmada; inicie el nodo e inténtelo de nuevo"),
];
