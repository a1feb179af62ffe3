//! The help of standing patterns, and of files that other programs wrote.

const PATTERN: &str = "El patrón";

/// Every text.
pub(super) const TEXTS: &[(&str, &str)] = &[
    (
        "pattern",
        "Patrones permanentes: lo que detectan en todo lo que se admite se vuelve un avistamiento",
    ),
    (
        "pattern add",
        "Agregar un patrón; mientras el nodo está en servicio, revisa también lo que ya está en el acervo",
    ),
    ("pattern add NAME", "Su nombre: letras minúsculas, dígitos y guiones"),
    (
        "pattern add --pattern",
        "El patrón, del que se forma un indicador de esta parte (STIX 2.1, sección 9)",
    ),
    (
        "pattern add --indicator",
        "Un indicador del acervo: su patrón, como está escrito en la versión de ahora",
    ),
    (
        "pattern add --grade",
        "La calificación que tienen sus avistamientos a lo más: fuente A a F, información 1 a 6, como B2",
    ),
    ("pattern add --note", "Para qué es; no sale de este nodo"),
    ("pattern list", "Enumerar los patrones permanentes"),
    ("pattern show", "Mostrar un patrón y lo que detectó, lo más reciente primero"),
    ("pattern show NAME", PATTERN),
    ("pattern show --limit", "Cuántos avistamientos mostrar, de 1 a 1000 (si no, 50)"),
    (
        "pattern remove",
        "Quitar un patrón; los avistamientos propios quedan en el acervo, los de lo que entregaron contrapartes no",
    ),
    ("pattern remove NAME", PATTERN),
    (
        "import --from",
        "El programa que escribió los archivos: se enumera lo que agregó y no tiene lugar aquí",
    ),
];
