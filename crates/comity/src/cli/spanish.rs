//! The help in the Spanish of Mexico's administration. A test names what is missing here.

mod audit;
mod backup;
mod consents;
mod custody;
mod evidence;
mod keys;
mod pouch;
mod proposals;
mod record;

/// Every text.
pub(super) fn texts() -> impl Iterator<Item = &'static (&'static str, &'static str)> {
    TEXTS
        .iter()
        .chain(audit::TEXTS)
        .chain(backup::TEXTS)
        .chain(consents::TEXTS)
        .chain(custody::TEXTS)
        .chain(evidence::TEXTS)
        .chain(keys::TEXTS)
        .chain(pouch::TEXTS)
        .chain(proposals::TEXTS)
        .chain(record::TEXTS)
}

/// The text of a command (`release compose`) or of an argument (`release compose --to`, `--data`).
pub(super) fn text(key: &str) -> Option<&'static str> {
    texts().find(|(known, _)| *known == key).map(|(_, text)| *text)
}

/// What stands for an argument's value, where it is another word.
pub(super) fn value_name(english: &str) -> Option<&'static str> {
    VALUE_NAMES.iter().find(|(known, _)| *known == english).map(|(_, name)| *name)
}

/// The values that have another name in Spanish.
pub(super) const VALUE_NAMES: &[(&str, &str)] = &[
    ("ADDRESS", "DIRECCIÓN"),
    ("CHANNEL", "CANAL"),
    ("CLAUSE", "CLÁUSULA"),
    ("DATE", "FECHA"),
    ("AFTER", "DESPUÉS"),
    ("AGREEMENT", "ACUERDO"),
    ("BEFORE", "ANTES"),
    ("DIR", "CARPETA"),
    ("FILE", "ARCHIVO"),
    ("FORMAT", "FORMATO"),
    ("GRADE", "GRADO"),
    ("HANDLE", "CLAVE"),
    ("HANDLE=ROOT", "CLAVE=RAÍZ"),
    ("LANG", "IDIOMA"),
    ("KEY", "LLAVE"),
    ("KIND", "CLASE"),
    ("LABEL", "ETIQUETA"),
    ("MODULE", "MÓDULO"),
    ("NAME", "NOMBRE"),
    ("OBJECT", "OBJETO"),
    ("OFFICE", "ÁREA"),
    ("OFFICE/REFERENCE", "ÁREA/REFERENCIA"),
    ("PATH", "RUTA"),
    ("PATTERN", "PATRÓN"),
    ("PURPOSE", "FINALIDAD"),
    ("RELEASE", "ENTREGA"),
    ("REASON", "MOTIVO"),
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
const RELEASE_ID: &str = "El folio o el identificador de la entrega";
const ADVICE_ID: &str = "Su folio o su identificador";
const TOPIC: &str = "La materia";
const REQUEST_ID: &str = "El folio o el identificador de la solicitud";
const TEXT: &str = "El texto, para que lo lea la contraparte";
const TEXT_FILE: &str = "El archivo con el texto";
const LEGAL_BASIS: &str =
    "Un fundamento de la lista del acuerdo; puede omitirse donde solo hay uno";
const AFTER: &str = "Continuar después de esta posición, que dio la página anterior";

const MAX_OBJECT_BYTES: &str = "Bytes del objeto más grande que se lee, hasta 256 MiB; uno mayor se rechaza como too-large (si no, 1048576, lo que intercambian los nodos)";
const MAX_DEPTH: &str = "Cuántos objetos y listas pueden estar abiertos unos dentro de otros, hasta 1,000; uno más profundo se rechaza como too-deep (si no, 64, lo que intercambian los nodos)";

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
    ("party export", "Dar el descriptor de este nodo, para que lo incorpore una contraparte"),
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
    // agreement
    ("agreement", "Acuerdos interinstitucionales: redactar, revisar, firmar, incorporar"),
    (
        "agreement new",
        "Redactar un proyecto de acuerdo con una contraparte, con una cláusula en cada sentido, para editarlo",
    ),
    ("agreement new --with", "La clave de la contraparte"),
    ("agreement new --from", "El primer día de vigencia, en UTC (si no, hoy)"),
    (
        "agreement new --until",
        "El último día de vigencia, en UTC (si no, un año después del primero)",
    ),
    (
        "agreement new --template",
        "Hacerlo de este texto, en el que quedan por llenar `{id}`, `{from}`, `{until}`, `{own}`, `{partner}`, `{own_root}` y `{partner_root}`",
    ),
    (
        "agreement new --out",
        "Escribirlo en este archivo, que no debe existir (si no, en la salida estándar)",
    ),
    (
        "agreement check",
        "Revisar el texto de un acuerdo, cada error nombrado con su línea, y las firmas de un archivo firmado",
    ),
    ("agreement check FILE", "El texto, o un archivo de acuerdo firmado"),
    (
        "agreement sign",
        "Firmar el texto de un acuerdo con la clave raíz de esta parte y escribir el archivo para la contraparte",
    ),
    ("agreement sign FILE", "El texto, o el archivo de acuerdo que firmó la contraparte"),
    ("agreement sign --out", "Escribir aquí el archivo firmado (si no, junto al texto)"),
    ("agreement import", "Incorporar un archivo de acuerdo que firmó la contraparte"),
    ("agreement import FILE", "El archivo del acuerdo"),
    ("agreement list", "Enumerar los acuerdos, la versión más reciente al final"),
    ("agreement show", "Mostrar el texto de un acuerdo, quién lo firmó y qué se ha dicho sobre él"),
    (
        "agreement show ID",
        "El folio o el identificador del acuerdo; `ID@2` es su versión 2 (si no, la más reciente)",
    ),
    (
        "agreement explain",
        "Decir en frases sencillas lo que un acuerdo permite y lo que no permite",
    ),
    (
        "agreement explain AGREEMENT",
        "Un texto, un archivo firmado, o el folio o identificador de un acuerdo; `ID@2` es su versión 2 (si no, la que rige)",
    ),
    ("agreement diff", "Decir con palabras lo que el segundo acuerdo amplía y lo que restringe"),
    (
        "agreement diff BEFORE",
        "Un texto, un archivo firmado, o el folio o identificador de un acuerdo, también como `ID@2`",
    ),
    ("agreement diff AFTER", "El otro"),
    (
        "agreement amend",
        "Iniciar una modificación: el texto vigente con el número siguiente, para editarlo",
    ),
    ("agreement amend ID", "El folio o el identificador del acuerdo"),
    (
        "agreement amend --by-signatures",
        "Que rija en cuanto ambas partes la firmen, por archivo: la salida cuando las partes firmaron textos distintos",
    ),
    (
        "agreement amend --out",
        "Escribirlo en este archivo, que no debe existir (si no, en la salida estándar)",
    ),
    (
        "agreement send",
        "Enviar a la contraparte el texto de una versión con la firma de esta parte",
    ),
    ("agreement send ID", "El folio o el identificador del acuerdo"),
    ("agreement send --version", "Qué versión (si no, la más reciente)"),
    ("agreement send --by", BY),
    ("agreement activate", "Hacer que rija desde ahora una versión que firmaron ambas partes"),
    ("agreement activate ID", "El folio o el identificador del acuerdo"),
    ("agreement activate --version", "Qué versión"),
    ("agreement activate --by", BY),
    ("agreement suspend", "Suspender un acuerdo de inmediato, para ambas partes"),
    ("agreement suspend ID", "El folio o el identificador del acuerdo"),
    ("agreement suspend --legal-basis", LEGAL_BASIS),
    (
        "agreement suspend --reason",
        "El identificador de un motivo que el acuerdo prevé para una negativa; puede omitirse donde solo hay uno",
    ),
    ("agreement suspend --text", TEXT),
    ("agreement suspend --text-file", TEXT_FILE),
    ("agreement suspend --by", BY),
    ("agreement lift", "Levantar una suspensión de esta parte"),
    ("agreement lift ID", "El folio o el identificador del acuerdo"),
    ("agreement lift --legal-basis", LEGAL_BASIS),
    ("agreement lift --text", TEXT),
    ("agreement lift --text-file", TEXT_FILE),
    ("agreement lift --by", BY),
    ("agreement terminate", "Dar por terminado un acuerdo, de inmediato y en definitiva"),
    ("agreement terminate ID", "El folio o el identificador del acuerdo"),
    ("agreement terminate --legal-basis", LEGAL_BASIS),
    (
        "agreement terminate --reason",
        "El identificador de un motivo que el acuerdo prevé para una negativa; puede omitirse donde solo hay uno",
    ),
    ("agreement terminate --text", TEXT),
    ("agreement terminate --text-file", TEXT_FILE),
    ("agreement terminate --by", BY),
    (
        "agreement test",
        "Probar una tabla de ejemplos con un acuerdo: qué se entrega, se testa o se excluye",
    ),
    ("agreement test FILE", "La tabla"),
    (
        "agreement test --agreement",
        "El texto del acuerdo, también con nombres entre llaves por llenar (si no, el archivo que indica la tabla)",
    ),
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
    // release
    ("release", "Entregas: preparar, aprobar, enviar, dar seguimiento"),
    (
        "release compose",
        "Preparar una entrega: decidir sobre cada objeto, conservar el contenido exacto, mostrar la vista previa",
    ),
    ("release compose --to", "La contraparte que la recibe"),
    ("release compose --clause", "La cláusula del acuerdo conforme a la cual se entrega"),
    ("release compose --purpose", "La finalidad; puede omitirse si la cláusula tiene una sola"),
    ("release compose --object", "Estos objetos, por identificador STIX; puede repetirse"),
    (
        "release compose --legal-basis",
        "Un fundamento del acuerdo o de la cláusula, a la letra; puede repetirse, y omitirse si hay uno solo",
    ),
    (
        "release compose --reason",
        "El identificador de un motivo previsto en el acuerdo; puede repetirse, y omitirse si hay uno solo",
    ),
    ("release compose --type", "Todos los objetos de un tipo STIX"),
    ("release compose --search", "Todos los objetos cuyo texto contiene estas palabras"),
    (
        "release compose --by",
        "Quién la prepara, para la bitácora interna y la regla de la cláusula sobre quien prepara (si no, el nombre de la sesión)",
    ),
    ("release preview", "Mostrar cómo sería una entrega, sin conservar nada"),
    ("release preview --to", "La contraparte que la recibiría"),
    ("release preview --clause", "La cláusula del acuerdo conforme a la cual se entregaría"),
    ("release preview --purpose", "La finalidad; puede omitirse si la cláusula tiene una sola"),
    ("release preview --object", "Estos objetos, por identificador STIX; puede repetirse"),
    ("release preview --type", "Todos los objetos de un tipo STIX"),
    ("release preview --search", "Todos los objetos cuyo texto contiene estas palabras"),
    (
        "release approve",
        "Aprobar una entrega como responsable; la frase de contraseña es la del responsable",
    ),
    ("release approve ID", RELEASE_ID),
    ("release approve --as", "El responsable"),
    (
        "release standing",
        "Aprobar por anticipado lo que se entrega conforme a una cláusula, consultarlo, revocarlo",
    ),
    (
        "release standing sign",
        "Aprobar por anticipado lo que se entrega conforme a una cláusula, hasta un tope diario; nunca sitios ni personas físicas",
    ),
    ("release standing sign --to", "La contraparte que la recibe"),
    (
        "release standing sign --clause",
        "La cláusula del acuerdo, que debe admitir aprobaciones permanentes",
    ),
    ("release standing sign --ceiling", "Objetos por día (UTC), como máximo"),
    ("release standing sign --days", "Por cuántos días a partir de ahora, de 1 a 30"),
    ("release standing sign --as", "El responsable, cuya frase de contraseña se pide"),
    (
        "release standing list",
        "Enumerar las aprobaciones permanentes, la más reciente primero, con lo que hoy queda de cada una",
    ),
    ("release standing revoke", "Revocar una aprobación permanente: nada más se entrega con ella"),
    ("release standing revoke ID", "Su identificador"),
    (
        "release standing revoke --by",
        "Quién la revoca, para la bitácora interna (si no, el nombre de la sesión)",
    ),
    ("release send", "Sellar una entrega aprobada y ponerla en la bandeja de salida"),
    ("release send ID", RELEASE_ID),
    ("release list", "Enumerar las entregas de esta parte, la más reciente primero"),
    ("release list --limit", "Cuántas mostrar, de 1 a 10000 (si no, 50)"),
    (
        "release show",
        "Mostrar una entrega: su estado, sus aprobaciones, su acuse de recibo y lo decidido sobre cada objeto",
    ),
    ("release show ID", RELEASE_ID),
    (
        "release open",
        "Abrir el compromiso de un objeto testado: escribir un archivo que prueba a partir de qué se hizo",
    ),
    ("release open ID", RELEASE_ID),
    (
        "release open OBJECT",
        "El objeto, por el identificador STIX del original o de lo que se entregó en su lugar",
    ),
    (
        "release open --out",
        "El archivo que se escribe; no debe existir. Quien lo lea conocerá el original",
    ),
    (
        "release open --by",
        "Quién lo abre, para la bitácora interna (si no, el nombre de la sesión)",
    ),
    // request
    ("request", "Solicitudes de información: solicitar, aclarar, responder, seguir los plazos"),
    (
        "request send",
        "Solicitar información a una contraparte; el plazo del acuerdo corre desde que su nodo la recibe",
    ),
    ("request send --to", "La contraparte"),
    ("request send --urgency", "La urgencia: urgent, priority o routine"),
    ("request send --purpose", "La finalidad; alguna cláusula de la contraparte la autoriza"),
    ("request send --kind", "Un tipo STIX que la respondería; puede repetirse"),
    ("request send --legal-basis", LEGAL_BASIS),
    ("request send --text", TEXT),
    ("request send --text-file", TEXT_FILE),
    ("request send --by", BY),
    ("request clarify", "Pedir que se aclare una solicitud de la contraparte"),
    ("request clarify ID", REQUEST_ID),
    ("request clarify --text", TEXT),
    ("request clarify --text-file", TEXT_FILE),
    ("request clarify --by", BY),
    ("request reply", "Aclarar una solicitud propia por la que preguntó la contraparte"),
    ("request reply ID", REQUEST_ID),
    ("request reply --text", TEXT),
    ("request reply --text-file", TEXT_FILE),
    ("request reply --by", BY),
    ("request withdraw", "Retirar una solicitud propia que ya no necesita respuesta"),
    ("request withdraw ID", REQUEST_ID),
    ("request withdraw --text", TEXT),
    ("request withdraw --text-file", TEXT_FILE),
    ("request withdraw --by", BY),
    (
        "request answer",
        "Responder una solicitud de la contraparte: con entregas, sin información, o con una negativa fundada",
    ),
    ("request answer ID", REQUEST_ID),
    ("request answer --complete", "Todo lo que puede darse; concluye la solicitud"),
    ("request answer --partial", "Una parte, y habrá más; el plazo sigue corriendo"),
    ("request answer --nothing-found", "No se tiene nada que la responda; concluye la solicitud"),
    ("request answer --refuse", "No se responde; concluye la solicitud"),
    (
        "request answer --release",
        "Una entrega sellada que la compone, por folio o declaración; puede repetirse",
    ),
    ("request answer --legal-basis", LEGAL_BASIS),
    (
        "request answer --reason",
        "El identificador de un motivo que enumera el acuerdo; puede omitirse donde solo hay uno",
    ),
    ("request answer --text", TEXT),
    ("request answer --text-file", TEXT_FILE),
    ("request answer --by", BY),
    ("request list", "Enumerar las solicitudes de ambas partes, la más reciente primero"),
    ("request list --open", "Solo las pendientes"),
    ("request list --overdue", "Solo las pendientes cuya respuesta está vencida"),
    ("request list --limit", "Cuántas mostrar, de 1 a 10000 (si no, 50)"),
    (
        "request figures",
        "Contar lo que cada parte solicitó, entregó y respondió, como ambas lo calculan a partir del registro",
    ),
    ("request figures --agreement", "El folio o el identificador del acuerdo"),
    ("request figures --from", "El primer día que cuenta, en UTC (si no, desde el principio)"),
    ("request figures --until", "El último día que cuenta, en UTC (si no, hasta el final)"),
    ("request show", "Mostrar una solicitud y todo lo que se dijo sobre ella"),
    ("request show ID", REQUEST_ID),
    // advice
    ("advice", "Asesoría técnica (no vinculante): pedirla, ofrecerla, darla"),
    ("advice ask", "Pedir asesoría técnica a una contraparte"),
    ("advice ask --to", "La contraparte"),
    ("advice ask --topic", TOPIC),
    ("advice ask --text", TEXT),
    ("advice ask --text-file", TEXT_FILE),
    ("advice ask --by", BY),
    ("advice offer", "Ofrecer asesoría técnica a una contraparte"),
    ("advice offer --to", "La contraparte"),
    ("advice offer --topic", TOPIC),
    ("advice offer --text", TEXT),
    ("advice offer --text-file", TEXT_FILE),
    ("advice offer --by", BY),
    ("advice accept", "Aceptar lo ofrecido, o acceder a dar lo pedido"),
    ("advice accept ID", ADVICE_ID),
    ("advice accept --text", TEXT),
    ("advice accept --text-file", TEXT_FILE),
    ("advice accept --by", BY),
    ("advice decline", "No aceptar lo pedido, lo ofrecido o lo dado"),
    ("advice decline ID", ADVICE_ID),
    ("advice decline --text", TEXT),
    ("advice decline --text-file", TEXT_FILE),
    ("advice decline --by", BY),
    ("advice give", "Dar la asesoría: texto y archivos; no obliga a nadie"),
    (
        "advice give ID",
        "Lo que responde, por folio o identificador; se omite cuando se da sin haberse pedido",
    ),
    ("advice give --to", "La contraparte, cuando se da sin haberse pedido"),
    ("advice give --topic", "La materia, cuando se da sin haberse pedido"),
    ("advice give --text", TEXT),
    ("advice give --text-file", TEXT_FILE),
    ("advice give --attach", "Un archivo que la acompaña, de 64 MiB a lo más; puede repetirse"),
    ("advice give --by", BY),
    ("advice note", "Darse por enterado de lo que se dio"),
    ("advice note ID", ADVICE_ID),
    ("advice note --text", TEXT),
    ("advice note --text-file", TEXT_FILE),
    ("advice note --by", BY),
    ("advice adopt", "Hacer saber que se adopta lo que se dio; solo cambia el registro"),
    ("advice adopt ID", ADVICE_ID),
    ("advice adopt --text", TEXT),
    ("advice adopt --text-file", TEXT_FILE),
    ("advice adopt --by", BY),
    ("advice dispute", "Controvertir una declaración de cualquiera de las partes"),
    ("advice dispute --to", "La contraparte"),
    ("advice dispute --about", "La declaración, por su resumen o un folio"),
    ("advice dispute --text", TEXT),
    ("advice dispute --text-file", TEXT_FILE),
    ("advice dispute --by", BY),
    ("advice list", "Enumerar la asesoría de ambas partes, la más reciente primero"),
    ("advice list --open", "Solo la pendiente"),
    ("advice list --limit", "Cuántas mostrar, de 1 a 10000 (si no, 50)"),
    ("advice show", "Mostrar una asesoría y todo lo que se dijo sobre ella"),
    ("advice show ID", ADVICE_ID),
    (
        "advice save",
        "Escribir en una carpeta los archivos que llegaron con una asesoría; ninguno se sobrescribe ni puede ejecutarse",
    ),
    ("advice save ID", ADVICE_ID),
    ("advice save --out", "La carpeta; se crea si no existe"),
    // status, doctor
    ("status", "Lo que este nodo tiene y puede probar, en cifras"),
    ("doctor", "Buscar lo que está mal o pronto lo estará, y decir qué hacer"),
    // stix
    (
        "stix",
        "Archivos STIX por sí solos: revisar, comparar, enumerar, consultar tipos; no necesita ningún nodo ni cambia nada",
    ),
    (
        "stix check",
        "Revisar cada objeto conforme al estándar y nombrar cada regla incumplida, con su lugar y cómo corregirla",
    ),
    (
        "stix check FILE",
        "Paquetes STIX 2.1, listas, objetos o líneas JSON, `-` para la entrada estándar; termina con 1 si se incumple un MUST del estándar, si uno no contiene ni un objeto ni un paquete (como un archivo vacío) o si no puede leerse hasta el final",
    ),
    ("stix check --strict", "Terminar con 1 también si no se sigue un SHOULD del estándar"),
    (
        "stix check --extensions",
        "Una carpeta de extensiones conforme a las cuales revisar, NOMBRE.json con NOMBRE.schema.json al lado; puede repetirse (si no, la carpeta extensions del nodo, si existe). No se revisa conforme a lo que define un archivo revisado",
    ),
    ("stix check --max-object-bytes", MAX_OBJECT_BYTES),
    ("stix check --max-depth", MAX_DEPTH),
    (
        "stix match",
        "Comparar patrones con datos observados, y decir por cuáles observaciones coinciden",
    ),
    (
        "stix match FILE",
        "Paquetes STIX 2.1, listas, objetos o líneas JSON con observed-data, `-` para la entrada estándar; termina con 1 si no coincide ningún patrón",
    ),
    ("stix match --pattern", "El patrón; uno que no puede leerse termina con 2"),
    (
        "stix match --patterns",
        "Un archivo de patrones, uno por línea (una línea que empieza con # no lo es), o de indicadores STIX",
    ),
    (
        "stix match --bare",
        "Tomar cada observable que ningún observed-data contiene como una observación sin momento conocido; WITHIN, START, STOP y FOLLOWEDBY son falsos de ella",
    ),
    ("stix match --max-object-bytes", MAX_OBJECT_BYTES),
    ("stix match --max-depth", MAX_DEPTH),
    (
        "stix head",
        "Enumerar qué son los objetos: identificador, versión, marcas, referencias y más, una línea por objeto, en archivos de cualquier tamaño",
    ),
    (
        "stix head FILE",
        "Paquetes STIX 2.1, listas, objetos o líneas JSON, `-` para la entrada estándar; termina con 1 si algo en uno no puede leerse como objeto, o si no contiene ninguno",
    ),
    ("stix head --max-object-bytes", MAX_OBJECT_BYTES),
    ("stix head --max-depth", MAX_DEPTH),
    ("stix schema", "Imprimir el esquema JSON de un tipo, o enumerar los tipos"),
    (
        "stix schema TYPE",
        "El tipo STIX (si no, se enumeran todos); termina con 1 si no existe ninguno con ese nombre",
    ),
    (
        "stix schema --extensions",
        "Una carpeta de extensiones cuyos tipos también cuentan, NOMBRE.json con NOMBRE.schema.json al lado; puede repetirse (si no, la carpeta extensions del nodo, si existe)",
    ),
];
