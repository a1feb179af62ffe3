//! The help of what is done with what partners released: recalls, purges, legal holds, units.

use super::BY;

const RECALL_ID: &str = "La solicitud de retiro, por folio o identificador";
const LEGAL_BASIS: &str =
    "Un fundamento de la lista del acuerdo; puede omitirse cuando solo hay uno";
const REASON: &str =
    "Un motivo de la lista del acuerdo, por su identificador; puede omitirse cuando solo hay uno";
const TEXT: &str = "El texto, que lee la contraparte";
const TEXT_FILE: &str = "El archivo con el texto";
const LIMIT: &str = "Cuántas mostrar, de 1 a 10000 (si no, 50)";
const RELEASE: &str =
    "Todo lo que trajo esta entrega de una contraparte, por folio o resumen de la declaración";

const UNIT_USE: &str = "Para qué usa lo que se le da";

/// Every text.
pub(super) const TEXTS: &[(&str, &str)] = &[
    (
        "recall",
        "Solicitudes de retiro: pedir que algo se retire, responder a una contraparte que lo pide",
    ),
    (
        "recall send",
        "Solicitar el retiro en cada entrega de que se trate; es una solicitud firmada, no una orden",
    ),
    ("recall send RELEASE", "La entrega, por folio o por el resumen de su declaración"),
    (
        "recall send --original",
        "Toda versión y toda versión testada de este objeto, en toda entrega a cualquier contraparte",
    ),
    ("recall send --object", "Solo este objeto de la entrega; puede repetirse"),
    ("recall send --purge", "Pedir que se elimine"),
    (
        "recall send --correct",
        "Pedir que se corrija con esta entrega, enviada antes; una por contraparte",
    ),
    (
        "recall send --replace",
        "Pedir que se sustituya con esta entrega, enviada antes; una por contraparte",
    ),
    ("recall send --legal-basis", LEGAL_BASIS),
    ("recall send --reason", REASON),
    ("recall send --text", TEXT),
    ("recall send --text-file", TEXT_FILE),
    ("recall send --by", BY),
    ("recall answer", "Responder a la solicitud de una contraparte y hacer lo que se dice"),
    ("recall answer ID", RECALL_ID),
    ("recall answer --purge", "Eliminar lo que nombra"),
    ("recall answer --replace", "Eliminar lo que nombra; lo que lo sustituye permanece"),
    (
        "recall answer --hold",
        "Decir que una conservación por mandato legal lo conserva; nada se elimina",
    ),
    ("recall answer --refuse", "Negarla; lo que estaba inmovilizado vuelve a quienes lo consultan"),
    ("recall answer --legal-basis", LEGAL_BASIS),
    ("recall answer --reason", REASON),
    ("recall answer --text", TEXT),
    ("recall answer --text-file", TEXT_FILE),
    ("recall answer --by", BY),
    ("recall list", "Enumerar las solicitudes de retiro de ambas partes, la más reciente primero"),
    ("recall list --limit", LIMIT),
    ("recall show", "Mostrar una solicitud de retiro y lo que se respondió"),
    ("recall show ID", RECALL_ID),
    (
        "recall notices",
        "Enumerar las instancias nacionales que tuvieron algo de lo que nombra y cuáles fueron avisadas; la contraparte nunca sabe cuáles",
    ),
    ("recall notices ID", RECALL_ID),
    ("recall told", "Anotar que una instancia nacional fue avisada de una solicitud de retiro"),
    ("recall told ID", RECALL_ID),
    ("recall told --unit", "La instancia nacional"),
    ("recall told --by", BY),
    (
        "recall onward",
        "Transmitir la solicitud de una contraparte a los terceros a quienes llegó con consentimiento lo que nombra",
    ),
    ("recall onward ID", RECALL_ID),
    ("recall onward --legal-basis", LEGAL_BASIS),
    ("recall onward --reason", REASON),
    ("recall onward --by", BY),
    ("purge", "Eliminación de lo que entregaron las contrapartes y cuyo plazo venció"),
    (
        "purge run",
        "Eliminar ahora lo vencido y avisar a sus partes de origen; un nodo en operación lo hace solo, una vez por minuto",
    ),
    ("purge run --dry-run", "Decir qué se eliminaría, sin eliminar nada"),
    ("purge run --legal-basis", LEGAL_BASIS),
    ("purge run --reason", REASON),
    ("purge run --by", BY),
    ("purge list", "Enumerar los avisos de eliminación de ambas partes, el más reciente primero"),
    ("purge list --limit", LIMIT),
    ("exercise", "Nodos de ejercicio: adelantar el tiempo"),
    (
        "exercise advance",
        "Adelantar para siempre el reloj del nodo por días completos, también mientras atiende; adelante lo mismo todos los nodos del ejercicio",
    ),
    ("exercise advance DAYS", "Cuántos días, de 1 a 3650"),
    ("exercise advance --by", BY),
    ("exercise show", "Mostrar la hora del nodo y cuántos días de adelanto tiene"),
    (
        "legal-hold",
        "Conservaciones por mandato legal: lo que debe conservarse no se elimina y nadie lo consulta",
    ),
    (
        "legal-hold add",
        "Ordenar una conservación por mandato legal: lo que conserva no se elimina y nadie lo consulta",
    ),
    ("legal-hold add --object", "Todo lo que las contrapartes entregaron de este objeto"),
    ("legal-hold add --release", RELEASE),
    ("legal-hold add --grounds", "El motivo, en palabras; no sale de aquí"),
    ("legal-hold add --legal-basis", LEGAL_BASIS),
    ("legal-hold add --reason", REASON),
    ("legal-hold add --by", BY),
    (
        "legal-hold lift",
        "Levantar una conservación por mandato legal; lo que conservó más allá de su plazo se elimina en la siguiente revisión",
    ),
    ("legal-hold lift N", "Su número"),
    ("legal-hold lift --by", BY),
    (
        "legal-hold list",
        "Enumerar las conservaciones por mandato legal vigentes, la más reciente primero",
    ),
    ("legal-hold list --all", "También las que se levantaron"),
    ("unit", "Instancias nacionales de esta parte, y lo que se da a cada una"),
    ("unit add", "Agregar una instancia nacional"),
    ("unit add NAME", "Su nombre aquí: minúsculas, cifras y guiones"),
    ("unit add --title", "Su denominación"),
    ("unit add --use", UNIT_USE),
    ("unit add --as", "El responsable de entregas que firma que puede dársele información"),
    (
        "unit grant",
        "Hacer que un responsable firme de nuevo para qué usa una instancia nacional lo que se le da",
    ),
    ("unit grant NAME", "La instancia nacional"),
    ("unit grant --use", UNIT_USE),
    ("unit grant --as", "El responsable de entregas que firma"),
    ("unit list", "Enumerar las instancias nacionales"),
    (
        "unit give",
        "Dar objetos a una instancia nacional, como paquete STIX con sus condiciones de manejo; se anota quién tiene qué",
    ),
    ("unit give ID", "Los identificadores STIX de los objetos"),
    ("unit give --release", RELEASE),
    ("unit give --to", "La instancia nacional"),
    ("unit give --out", "El archivo que se escribe"),
    ("unit give --by", BY),
    (
        "holdings show --held",
        "Mostrar lo que una conservación por mandato legal o una solicitud de retiro aparta de la consulta, y cuál",
    ),
];
