//! The help in the Spanish of Mexico's administration. A test names what is missing here.

mod agreements;
mod audit;
mod backup;
mod collections;
mod consents;
mod custody;
mod evidence;
mod feeds;
mod keys;
mod matters;
mod patterns;
mod pouch;
mod proposals;
mod record;
mod releases;
mod stix;

/// Every text.
pub(super) fn texts() -> impl Iterator<Item = &'static (&'static str, &'static str)> {
    TEXTS
        .iter()
        .chain(agreements::TEXTS)
        .chain(audit::TEXTS)
        .chain(backup::TEXTS)
        .chain(collections::TEXTS)
        .chain(consents::TEXTS)
        .chain(custody::TEXTS)
        .chain(evidence::TEXTS)
        .chain(feeds::TEXTS)
        .chain(keys::TEXTS)
        .chain(matters::TEXTS)
        .chain(patterns::TEXTS)
        .chain(pouch::TEXTS)
        .chain(proposals::TEXTS)
        .chain(record::TEXTS)
        .chain(releases::TEXTS)
        .chain(stix::TEXTS)
}

/// The text of a command (`release compose`) or of an argument (`release compose --to`, `--data`).
pub(super) fn text(key: &str) -> Option<&'static str> {
    texts().find(|(known, _)| *known == key).map(|(_, text)| *text)
}

/// What stands for an argument's value, where it is another word.
pub(super) fn value_name(english: &str) -> Option<&'static str> {
    VALUE_NAMES.iter().find(|(known, _)| *known == english).map(|(_, name)| *name)
}

/// The English name of what stands for an argument's value; itself where it has no other in Spanish.
pub(super) fn english_value_name(name: &str) -> &str {
    VALUE_NAMES.iter().find(|(_, spanish)| *spanish == name).map_or(name, |(english, _)| english)
}

/// The values that have another name in Spanish.
pub(super) const VALUE_NAMES: &[(&str, &str)] = &[
    ("ACCOUNT", "CUENTA"),
    ("ADDRESS", "DIRECCIÓN"),
    ("ALIAS", "NOMBRE-CORTO"),
    ("CHANNEL", "CANAL"),
    ("CLAUSE", "CLÁUSULA"),
    ("DATE", "FECHA"),
    ("AFTER", "DESPUÉS"),
    ("AGREEMENT", "ACUERDO"),
    ("BEFORE", "ANTES"),
    ("DIR", "CARPETA"),
    ("DURATION", "DURACIÓN"),
    ("FILE", "ARCHIVO"),
    ("FORMAT", "FORMATO"),
    ("GRADE", "GRADO"),
    ("HANDLE", "CLAVE"),
    ("HANDLE=ROOT", "CLAVE=RAÍZ"),
    ("NAME|ID", "NOMBRE|ID"),
    ("LANG", "IDIOMA"),
    ("KEY", "LLAVE"),
    ("KIND", "CLASE"),
    ("LABEL", "ETIQUETA"),
    ("MODULE", "MÓDULO"),
    ("DAYS", "DÍAS"),
    ("NAME", "NOMBRE"),
    ("OBJECT", "OBJETO"),
    ("OFFICE", "ÁREA"),
    ("OFFICE/REFERENCE", "ÁREA/REFERENCIA"),
    ("PATH", "RUTA"),
    ("PATTERN", "PATRÓN"),
    ("PERIOD", "PERIODO"),
    ("PURPOSE", "FINALIDAD"),
    ("QUERY", "CONSULTA"),
    ("RELEASE", "ENTREGA"),
    ("REASON", "MOTIVO"),
    ("ROLE", "FUNCIÓN"),
    ("SEQUENCE|FOLIO", "SECUENCIA|FOLIO"),
    ("SUBJECT", "ASUNTO"),
    ("TEXT", "TEXTO"),
    ("TIME", "HORA"),
    ("TOPIC", "MATERIA"),
    ("TYPE", "TIPO"),
    ("URGENCY", "URGENCIA"),
    ("USE", "USO"),
    ("WORDS", "PALABRAS"),
];

const PIN_FILE: &str = "El archivo con el NIP del dispositivo criptográfico que guarda la raíz, modo 0600 (si no, una credencial de systemd; si no, se pide)";
const BY: &str = "Quién lo hace, para la bitácora interna (si no, el nombre de la sesión)";
const TOPIC: &str = "La materia";
const TEXT: &str = "El texto, para que lo lea la contraparte";
const TEXT_FILE: &str = "El archivo con el texto";
const LEGAL_BASIS: &str =
    "Un fundamento de la lista del acuerdo; puede omitirse donde solo hay uno";
const AFTER: &str = "Continuar después de esta posición, que dio la página anterior";

/// The texts of the commands that have no file of their own.
const TEXTS: &[(&str, &str)] = &[
    (
        "",
        "Intercambia inteligencia con autoridades contrapartes conforme a acuerdos firmados; cada una conserva su propio nodo",
    ),
    ("--data", "La carpeta de datos del nodo (COMITY_DATA; si no, ./comity-data)"),
    ("--json", "Imprimir un solo documento JSON y nada más, también los errores"),
    (
        "--lang",
        "El idioma de los textos y mensajes, en o es (COMITY_LANG; si no, el del nodo; si no, el del sistema)",
    ),
    (
        "--passphrase-file",
        "El archivo con la frase de contraseña, modo 0600 (COMITY_PASSPHRASE_FILE; si no, una credencial de systemd; si no, se pide)",
    ),
    ("--help", "Imprimir esta ayuda"),
    ("--version", "Imprimir la versión"),
    // init
    ("init", "Crear un nodo: sus claves, su base de datos, su configuración y su descriptor"),
    (
        "init --handle",
        "La clave de la parte: de 2 a 16 letras minúsculas, dígitos o guiones interiores",
    ),
    ("init --name", "El nombre completo de la parte"),
    ("init --exercise", "Crear un nodo de ejercicio; solo intercambia con nodos de ejercicio"),
    (
        "init --no-passphrase",
        "Conservar las claves sin frase de contraseña; solo en nodos de ejercicio",
    ),
    (
        "init --link-listen",
        "Dónde se escucha a los nodos de las contrapartes (si no, 127.0.0.1:7443)",
    ),
    ("init --api-listen", "Dónde se sirven la salud y las métricas (si no, 127.0.0.1:7480)"),
    (
        "init --root-token",
        "El módulo PKCS #11 de un dispositivo que crea y guarda la mitad Ed25519 de la raíz",
    ),
    ("init --token-label", "La etiqueta de ese dispositivo"),
    ("init --pin-file", PIN_FILE),
    ("agreement sign --pin-file", PIN_FILE),
    (
        "init --url",
        "Una dirección en la que las contrapartes alcanzan este nodo; puede repetirse (si no, la de --link-listen)",
    ),
    // serve, demo
    (
        "serve",
        "Operar el nodo: escuchar a las contrapartes, enviar lo sellado, contestar lo que llega",
    ),
    ("demo", "Representar una entrega entre dos nodos en este equipo, de principio a fin"),
    (
        "demo --once",
        "Detener ambos nodos al final; termina con 0 solo si coinciden en todas las cuentas",
    ),
    (
        "demo --dir",
        "Conservar los dos nodos en esta carpeta, nueva o vacía (si no, una nueva entre los archivos temporales)",
    ),
    (
        "demo --examples",
        "La carpeta con los datos de ejemplo (si no, ./examples; si no, la que está junto al código)",
    ),
    // party
    ("party", "Contrapartes: intercambiar descriptores, comparar huellas, confirmar"),
    (
        "party export",
        "Dar el descriptor de este nodo, para que lo incorpore una contraparte, o uno que estuvo vigente antes, para quien \
         compruebe evidencia",
    ),
    (
        "party export HANDLE",
        "El de una contraparte, por su clave o raíz, tal como ella lo firmó (si no, el de este nodo)",
    ),
    ("party export --serial", "El que tiene este número (si no, el más nuevo que tiene este nodo)"),
    ("party export --out", "Escribirlo en este archivo (si no, en la salida estándar)"),
    ("party import", "Incorporar el descriptor de una contraparte; queda sin confirmar"),
    ("party import FILE", "El archivo del descriptor"),
    ("party import --handle", "Llamar así a la contraparte (si no, como propone su descriptor)"),
    ("party confirm", "Confirmar a una contraparte cuya huella se comparó por otro canal"),
    ("party confirm HANDLE", "La clave o la raíz de la contraparte"),
    (
        "party confirm --fingerprint",
        "La huella como la dio la contraparte: los dígitos, las palabras en cualquiera de los dos idiomas, o la raíz",
    ),
    ("party confirm --yes", "Declarar que se comparó y es la misma"),
    ("party confirm --by", BY),
    ("party list", "Enumerar las contrapartes que conoce este nodo"),
    // officer
    ("officer", "Responsables de entregas, que las aprueban"),
    ("officer add", "Registrar a un responsable: generar su clave y certificarla para un área"),
    ("officer add NAME", "Cómo se llama aquí al responsable; nunca sale de este nodo"),
    ("officer add --office", "El área que ocupa, que las contrapartes ven"),
    (
        "officer add --officer-passphrase-file",
        "El archivo con la frase de contraseña propia del responsable, modo 0600 (si no, se pide)",
    ),
    (
        "officer add --no-passphrase",
        "Conservar la clave del responsable sin frase de contraseña; solo en nodos de ejercicio",
    ),
    ("officer list", "Enumerar a los responsables"),
    // import
    ("import", "Incorporar objetos propios de esta parte desde paquetes STIX o líneas JSON"),
    (
        "import FILE",
        "Paquetes STIX 2.1, listas o líneas JSON; termina con 1 si alguno no contiene ningún objeto válido",
    ),
    (
        "import --grade",
        "El grado de los objetos que no lo llevan: fuente de A a F, información de 1 a 6, como B2",
    ),
    ("import --by", BY),
    (
        "import --strict",
        "Terminar con 1 si se rechaza algún objeto; los válidos se incorporan de todos modos",
    ),
    // holdings
    ("holdings", "El acervo de este nodo"),
    (
        "holdings list",
        "Enumerar las fichas en el orden en que entraron, la versión más reciente de cada una",
    ),
    ("holdings list --type", "Solo las de este tipo STIX"),
    ("holdings list --from", "Solo las que entregó esta contraparte"),
    ("holdings list --own", "Solo las propias de esta parte"),
    ("holdings list --limit", "Cuántas mostrar, de 1 a 1000 (si no, 50)"),
    ("holdings list --after", AFTER),
    (
        "holdings show",
        "Mostrar una ficha: su objeto byte por byte, sus versiones, su procedencia y sus condiciones de manejo",
    ),
    ("holdings show ID", "El identificador STIX del objeto"),
    (
        "holdings search",
        "Buscar fichas por palabras de su texto; cada una puede ser el comienzo de una palabra",
    ),
    ("holdings search WORDS", "Las palabras; deben estar todas"),
    ("holdings search --limit", "Cuántas mostrar, de 1 a 1000 (si no, 50)"),
    ("holdings search --after", AFTER),
    // status, doctor
    ("status", "Lo que este nodo tiene y puede probar, en cifras"),
    ("doctor", "Buscar lo que está mal o pronto lo estará, y decir qué hacer"),
];
