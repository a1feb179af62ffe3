//! The help of `comity record`, `comity journal` and `comity inbox`.

use super::BY;

const PARTNER: &str = "Solo los canales con esta contraparte";

pub(super) const TEXTS: &[(&str, &str)] = &[
    ("record", "El registro de intercambio: lo que se declaró, en su orden, y lo que lo prueba"),
    ("record show", "Mostrar cómo está cada canal, o una declaración con la prueba de su lugar"),
    ("record show --partner", PARTNER),
    (
        "record show CHANNEL",
        "El canal de una declaración: `to-mx`, `from-mx`, `to-mx@1` para su primera época, o su nombre completo",
    ),
    (
        "record show SEQUENCE|FOLIO",
        "La declaración: su secuencia, o el folio que le dio su remitente",
    ),
    (
        "record tree",
        "Mostrar los árboles: tamaños, raíces, cortes firmados y refrendados, y las claves que los comprueban",
    ),
    ("record tree --partner", PARTNER),
    (
        "record check",
        "Calcular de nuevo cada hoja, nodo y raíz y compararlos con lo que se firmó; termina con 1 en la primera diferencia",
    ),
    ("record check --partner", "Solo los canales con esta contraparte, y la bitácora interna"),
    (
        "record check --channel",
        "Solo este canal: `to-mx`, `from-mx`, `to-mx@1` para su primera época, o su nombre completo",
    ),
    (
        "record check --tiles",
        "Revisar los archivos que `record export` escribió en esta carpeta; no necesita ningún nodo",
    ),
    (
        "record check --key",
        "Una clave de comprobación que conoce con certeza, como la imprime `record tree --json`; puede repetirse",
    ),
    (
        "record check --root",
        "La raíz de una parte, que conoce con certeza, bajo un nombre que usted elige: us=sha256:...; puede repetirse",
    ),
    (
        "record check --descriptor",
        "El descriptor de esa parte, como lo escribe `party export`; de una que cambió sus claves pueden indicarse varios",
    ),
    (
        "record export",
        "Escribir los registros con una contraparte como archivos que cualquier servidor web puede servir (C2SP tlog-tiles); solo contienen resúmenes",
    ),
    ("record export --partner", "La contraparte"),
    (
        "record export --out",
        "La carpeta; lo que una exportación anterior escribió en ella se continúa",
    ),
    ("journal", "La bitácora interna de todo lo ocurrido en este nodo"),
    ("journal list", "Enumerar líneas de la bitácora interna, la más antigua primero"),
    ("journal list --after", "Solo líneas posteriores a este número"),
    ("journal list --limit", "Cuántas mostrar, de 1 a 10000 (si no, 100)"),
    ("inbox", "Lo que enviaron los nodos de las contrapartes y su resultado"),
    (
        "inbox list",
        "Enumerar lo recibido, lo más reciente primero; sin acuses de recibo ni cortes del registro",
    ),
    ("inbox list --all", "También los acuses de recibo y los cortes firmados del registro"),
    ("inbox show", "Mostrar una declaración y por qué se rechazaron ella u objetos suyos"),
    ("inbox show ID", "Su folio, o el resumen de la declaración, o el comienzo del resumen"),
    (
        "journal sign",
        "Firmar un corte de la bitácora interna como está ahora; `serve` lo hace cada minuto",
    ),
    (
        "journal prove",
        "Probar que una línea está en la bitácora interna bajo su último corte firmado",
    ),
    ("journal prove N", "El número de la línea"),
    ("journal prove --out", "Escribir la prueba en este archivo (C2SP tlog-proof)"),
    (
        "record recover",
        "Tras una pérdida: preguntar a una contraparte qué tiene y, donde este nodo recuerde menos, continuar en una nueva época",
    ),
    (
        "record recover --to",
        "La contraparte, por su clave; su nodo debe responder, salvo que `--from` diga qué tiene",
    ),
    (
        "record recover --from",
        "Valijas, o carpetas de ellas, que escribió con `pouch export --since`, en vez de preguntar a su nodo; impórtelas antes",
    ),
    (
        "record recover --anew",
        "Abrir una época más en lugar de una que la contraparte dice que nunca podrá asumir, porque perdió también sus claves",
    ),
    ("record recover --by", BY),
    (
        "record lost",
        "Enumerar lo que las contrapartes dijeron y olvidaron tras una pérdida suya; cuenta como no dicho",
    ),
    ("record lost --from", "Solo de esta contraparte, por su clave"),
];
