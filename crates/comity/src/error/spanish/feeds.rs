//! What goes wrong with feeds, in Spanish.

use comity_exchange::ports::FeedFault;

/// By code: what happened and what to do.
pub(super) const SENTENCES: &[(&str, &str)] = &[
    (
        "feed-url",
        "no es un URL que pueda consultarse; escriba `https://EQUIPO/` o el URL de un descubrimiento o de una raíz de API, sin \
         acceso, consulta ni fragmento",
    ),
    (
        "feed-https-needed",
        "una fuente externa se consulta por https; http sin cifrar es solo para servidores de este mismo equipo",
    ),
    (
        "feed-certificates",
        "no puede leerse ningún certificado de autoridad; indique un archivo PEM con `--ca` o instale los del sistema",
    ),
    (
        "feed-unreachable",
        "nadie contesta en su dirección; revise el URL, el servicio de nombres y el cortafuegos",
    ),
    (
        "feed-tls",
        "su certificado no merece confianza o falló el enlace cifrado; indique con `--ca` el certificado de la autoridad",
    ),
    ("feed-late", "no contestó a tiempo; se le consulta de nuevo más tarde"),
    (
        "feed-slow",
        "envía más despacio de lo que se espera; consulte a quien lo opera, se intenta de nuevo más tarde",
    ),
    ("feed-cut", "su respuesta terminó antes de su fin; se le consulta de nuevo más tarde"),
    ("feed-login", "no acepta el acceso; quite la fuente externa y agréguela con uno válido"),
    ("feed-denied", "el acceso no permite leer eso ahí; consulte a quien opera el servidor"),
    ("feed-not-there", "no está ahí; revise el URL y la colección"),
    ("feed-not-acceptable", "ahí no se habla TAXII 2.1 ni TAXII 2.0; revise el URL"),
    ("feed-busy", "pide que se vuelva más tarde"),
    ("feed-status", "contestó con un error; se le consulta de nuevo más tarde"),
    (
        "feed-media",
        "su respuesta es de otro tipo que los de TAXII; revise el URL, puede haber ahí una página de acceso",
    ),
    (
        "feed-packed",
        "su respuesta viene comprimida aunque se pidió sin comprimir; consulte a quien lo opera",
    ),
    (
        "feed-redirected",
        "remite a otra dirección, y un acceso no va a ninguna otra; si es la correcta, agregue la fuente externa con ella",
    ),
    (
        "feed-too-large",
        "su respuesta es mayor de lo que se lee; pida a quien lo opera páginas más pequeñas",
    ),
    ("feed-unreadable", "su respuesta no es lo que dice la norma; consulte a quien lo opera"),
    ("feed-range", "el tramo de su respuesta no es el que se pidió; consulte a quien lo opera"),
    (
        "feed-elsewhere",
        "sus raíces de API están en otras direcciones; agregue la fuente externa con el URL de la raíz de API",
    ),
    (
        "feed-collection",
        "ninguna raíz de API tiene ahí la colección para este acceso; revise su identificador y el acceso",
    ),
    (
        "feed-next-repeats",
        "remite a una página que ya se tuvo; consulte a quien lo opera, lo que llegó se conserva",
    ),
    (
        "feed-pages-repeat",
        "dice que hay más y no trae nada nuevo; consulte a quien lo opera, lo que llegó se conserva",
    ),
    (
        "feed-position",
        "no dice en orden de tiempo cuándo se agregaron los objetos; consulte a quien lo opera, lo que llegó se conserva",
    ),
    (
        "feed-rejected",
        "trajo objetos y ninguno puede incorporarse; `comity feed show` dice por qué, consulte a quien lo opera, se le consulta \
         de nuevo más tarde",
    ),
    (
        "feed-full",
        "ya conserva tanto como puede, o la colección su parte, y lo que llegó se conserva; revise qué trae y amplíe su límite con `comity feed limit`",
    ),
    (
        "feed-no-room",
        "el disco de este nodo no tiene espacio; libérelo, continúa más tarde (`comity doctor` dice cuánto hace falta)",
    ),
    (
        "feed-size",
        "una fuente externa puede conservar de 1 a 1000000000 objetos y de 1 a 16777216 MiB",
    ),
    ("feed-stopped", "la consulta se detuvo; continúa más tarde"),
    (
        "feed-claimed",
        "otro proceso consulta ahora la fuente externa; intente de nuevo en un minuto",
    ),
    ("feeds-too-many", "hay tantas fuentes externas como admite un nodo; quite una"),
    (
        "feed-collections",
        "indique de 1 a 32 colecciones por identificador o nombre corto: letras, dígitos, `-`, `.`, `_` y `~`",
    ),
    ("feed-every", "escriba un tiempo de `1m` a `30d`"),
    (
        "feed-login-form",
        "un nombre sin dos puntos, una contraseña y un token son un renglón de 1 a 4096 bytes; un token es ASCII",
    ),
];

/// The sentence for what went wrong, with its particulars, which are of no language.
pub(super) fn sentence(fault: &FeedFault) -> Option<String> {
    let code = fault.code.as_str();
    let (_, sentence) = SENTENCES.iter().find(|(known, _)| *known == code)?;
    Some(match &fault.detail {
        Some(detail) => format!("{sentence} (`{detail}`)"),
        None => (*sentence).to_owned(),
    })
}
