//! The help of feeds.

use super::BY;

const FEED: &str = "La fuente externa";
const MOST_OBJECTS: &str =
    "Objetos que puede conservar en total, contando cada versión (al principio, 1000000)";
const MOST_MIB: &str = "MiB que pueden ocupar en total sus objetos (al principio, 4096)";

/// Every text.
pub(super) const TEXTS: &[(&str, &str)] = &[
    ("feed", "Fuentes externas: servidores TAXII ajenos de los que esta parte incorpora objetos"),
    ("feed add", "Agregar una fuente externa; `comity serve` la consulta desde entonces"),
    ("feed add URL", "Un servidor TAXII 2.1 o 2.0, su descubrimiento o una raíz de su API"),
    (
        "feed add --collection",
        "Las colecciones que se quieren, por identificador; varias separadas por comas",
    ),
    (
        "feed add --grade",
        "El grado de sus objetos, digan lo que digan de sí: fuente de A a F, información de 1 a 6, como B2",
    ),
    ("feed add --every", "Cada cuánto consultarla, de 1m a 30d (si no, 15m)"),
    ("feed add --name", "Cómo se llama aquí (si no, como su equipo)"),
    ("feed add --username", "El nombre con que se entra, junto a una contraseña"),
    ("feed add --password-stdin", "Leer la contraseña de la entrada estándar, un renglón"),
    ("feed add --token-stdin", "Leer un token de la entrada estándar, un renglón"),
    (
        "feed add --ca",
        "Los certificados, PEM, de las únicas autoridades en que se confía (si no, las del sistema)",
    ),
    ("feed add --most-objects", MOST_OBJECTS),
    ("feed add --most-mib", MOST_MIB),
    ("feed add --added-after", "Solo lo que se agregó después a las colecciones"),
    ("feed add --by", BY),
    ("feed list", "Enumerar las fuentes externas y cómo van"),
    ("feed show", "Mostrar una fuente externa: hasta dónde se incorporó y qué se rechazó de ella"),
    ("feed show NAME", FEED),
    ("feed pull", "Consultar una fuente externa ahora, una vez"),
    ("feed pull NAME", FEED),
    ("feed pull --by", BY),
    ("feed limit", "Decir cuánto puede conservar en total una fuente externa, y reanudarla"),
    ("feed limit NAME", FEED),
    ("feed limit --most-objects", MOST_OBJECTS),
    ("feed limit --most-mib", MOST_MIB),
    ("feed limit --by", BY),
    ("feed pause", "Poner en pausa una fuente externa"),
    ("feed pause NAME", FEED),
    ("feed pause --by", BY),
    ("feed resume", "Reanudar una fuente externa donde quedó"),
    ("feed resume NAME", FEED),
    ("feed resume --by", BY),
    ("feed remove", "Olvidar una fuente externa y su acceso; lo que trajo se conserva"),
    ("feed remove NAME", FEED),
    ("feed remove --by", BY),
];
