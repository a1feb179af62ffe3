//! Errors in Spanish: whole sentences for those of the command line, and by code for those of the libraries, written from
//! their particulars and never from their English words.

use comity_exchange::ExchangeError;
use comity_model::Refusal;
use comity_model::told::Told;
use comity_store::backup::BackupError;

use super::{CliError, one_of};
use crate::extensions;
use crate::lang::Lang;
use crate::unlock::SHORTEST;

mod agreement;
mod backup;
mod collections;
mod custody;
mod evidence;
mod exercise;
mod feeds;
mod given;
mod matters;
mod not_found;
mod particulars;
mod parties;
mod patterns;
mod reasons;
mod record;
mod system;

pub(crate) use agreement::agreement_error;
pub(crate) use reasons::reason;
pub(crate) use record::sentence_of_files;
pub(crate) use system::system;

/// The sentence for an error.
pub(super) fn of(error: &CliError) -> String {
    match error {
        CliError::Usage { spanish, .. } => spanish.clone(),
        CliError::LiveNeedsPassphrase => {
            "solo los nodos de ejercicio pueden prescindir de la frase de contraseña; agregue `--exercise` u omita \
             `--no-passphrase`"
                .to_owned()
        }
        CliError::NoNode(dir) => format!(
            "no hay ningún nodo en `{}`; cree uno con `comity init` o indique su carpeta con `--data`",
            dir.display()
        ),
        CliError::NotExercise => exercise::LIVE.to_owned(),
        CliError::ExerciseEnds { ahead } => exercise::ends(*ahead),
        CliError::ExerciseClock(path) => exercise::clock(path),
        CliError::ReadOnly(path) => format!(
            "no se puede escribir en `{}`; ejecute la orden como el usuario al que pertenece, o monte su disco con \
             escritura",
            path.display()
        ),
        CliError::NodeExists(dir) => format!(
            "`{}` ya existe; indique con `--data` una carpeta que no exista",
            dir.display()
        ),
        CliError::Config { path, line, message } => format!(
            "`{}`, línea {line}: la configuración no puede leerse; detalle: {message}",
            path.display()
        ),
        CliError::KeysInUse(path) => format!(
            "otra orden está cambiando las claves de `{}`; repita esta cuando termine",
            path.display()
        ),
        CliError::NoPassphrase => {
            "se necesita una frase de contraseña y no hay terminal donde pedirla; indique un archivo con \
             `--passphrase-file`"
                .to_owned()
        }
        CliError::ShortPassphrase => format!(
            "la frase de contraseña tiene menos de {SHORTEST} caracteres; elija una más larga"
        ),
        CliError::PassphrasesDiffer => {
            "las dos frases de contraseña no coinciden; escriba dos veces la misma".to_owned()
        }
        CliError::BadPassphraseFile(path) => format!(
            "`{}` no contiene una frase de contraseña; escriba en él una línea de texto",
            path.display()
        ),
        CliError::NoPin(label) => format!(
            "se necesita el NIP del dispositivo `{label}` y no hay terminal donde pedirlo; indique un archivo con `--pin-file`"
        ),
        CliError::Token(error) => error.spanish(),
        CliError::Exposed { path, mode } => format!(
            "`{}` tiene el modo {mode:04o} y otros pueden leerlo; ejecute `chmod 600` sobre él",
            path.display()
        ),
        CliError::FingerprintDiffers(party) => format!(
            "la huella no es la de `{party}`; no la confirme y consulte a la parte por otro canal"
        ),
        CliError::NotCompared(party) => format!(
            "`{party}` no se ha confirmado; compare su huella e indíquela con `--fingerprint`, o declare `--yes`"
        ),
        CliError::Read { path, error } => format!(
            "no se puede leer `{}`; revise el nombre y los permisos; detalle: {}",
            path.display(),
            system(error)
        ),
        CliError::Write { path, error } => format!(
            "no se puede escribir `{}`; revise la carpeta, sus permisos y el disco; detalle: {}",
            path.display(),
            system(error)
        ),
        CliError::UnknownEvidence(path) => format!(
            "`{}` no es un archivo de evidencia que esta versión conozca; `comity release evidence` escribe uno",
            path.display()
        ),
        CliError::NotAPouch(path) => format!(
            "`{}` no es una valija, o está cortada en su encabezado; indique un archivo escrito por `comity pouch export`",
            path.display()
        ),
        CliError::Exists(path) => {
            format!("`{}` ya existe; muévalo o indique otro archivo", path.display())
        }
        CliError::NotAFile(path) => format!(
            "`{}` no es un archivo ordinario y no se sustituye por uno; indique otro archivo",
            path.display()
        ),
        CliError::OtherLog(dir) => format!(
            "`{}` contiene los archivos de otro registro, o de otra historia suya; consérvelo y exporte a otra carpeta",
            dir.display()
        ),
        CliError::NoTiles(dir) => format!(
            "`{}` no contiene archivos de un registro; indique una carpeta que haya escrito `comity record export`",
            dir.display()
        ),
        CliError::TooLarge { path, limit } => format!(
            "`{}` mide más de {limit} bytes; indique el archivo correcto",
            path.display()
        ),
        CliError::UnknownType { name, near } => format!(
            "no existe el tipo `{name}`{}; `comity stix schema` enumera los tipos",
            one_of("; ¿será", near)
        ),
        CliError::Content { path, line, spanish, .. } => {
            format!("`{}`, línea {line}: {spanish}", path.display())
        }
        CliError::Certificate { path, error } => {
            format!("`{}`: {}", path.display(), in_general(error.code()))
        }
        CliError::Extensions(errors) => extensions::said(errors, Lang::Es),
        CliError::TooManyFiles { path, most } => format!(
            "hay más de {most} archivos en `{}`; deje ahí solo los necesarios",
            path.display()
        ),
        CliError::Pattern(bad) => bad.said(Lang::Es),
        CliError::NoPattern(path) => format!(
            "no hay ningún patrón en `{}`; escriba uno por línea, o indique un archivo con indicadores cuyo \
             `pattern_type` sea `stix`",
            path.display()
        ),
        CliError::TooManyPatterns { path, most } => {
            format!("`{}` contiene más de {most} patrones; divídalo", path.display())
        }
        CliError::Terminal(error) => format!(
            "falló la terminal; indique la frase de contraseña con `--passphrase-file`; detalle: {}",
            system(error)
        ),
        CliError::Runtime(error) => {
            format!("falló el proceso; ejecute `comity doctor`; detalle: {}", system(error))
        }
        CliError::Listen { address, error } => format!(
            "no se puede escuchar en `{address}`; elija otra dirección en `comity.toml` o detenga lo que la ocupa; detalle: {}",
            system(error)
        ),
        CliError::Backup(BackupError::Store(error)) => in_general(error.code()),
        CliError::Backup(error) => backup::of(error),
        CliError::Demo(error) => error.text(Lang::Es),
        CliError::Exchange(error) => of_use_case(error),
        CliError::KeyFile(error) => {
            system::key_file(error).unwrap_or_else(|| in_general(error.code()))
        }
        CliError::Keys(_) | CliError::Descriptor(_) | CliError::Link(_) => in_general(error.code()),
    }
}

/// The sentence for an error by its code. What the code does not have a sentence for is said by its code alone: the
/// English words would help nobody.
fn in_general(code: &str) -> String {
    sentence(code).map_or_else(
        || format!("no se hizo; el programa lo llama `{code}`; vea qué significa en la ayuda de la orden"),
        str::to_owned,
    )
}

/// The sentence for a use case that was refused: of its particulars where they are known.
fn of_use_case(error: &ExchangeError) -> String {
    let told = |code, told: &Told| {
        let named = || told.name().and_then(sentence).map(str::to_owned);
        particulars::sentence(code, told).or_else(named).unwrap_or_else(|| in_general(code))
    };
    match error {
        ExchangeError::NotFound { what, name, .. } => not_found::sentence(what, name),
        ExchangeError::Refused { code, message } => Some(told(code, message)),
        ExchangeError::Input { place, message } => {
            Some(told(error.code(), &message.clone().with("place", place)))
        }
        ExchangeError::Agreement { place, errors } => Some(agreement::lines(place, errors)),
        ExchangeError::Store(error) => system::store(error),
        ExchangeError::Courier(error) => system::courier(error),
        ExchangeError::Feed(fault) => feeds::sentence(fault),
        ExchangeError::Blob(error) => system::blob(error),
        ExchangeError::Locked | ExchangeError::Key(_) | ExchangeError::Damaged(_) => None,
    }
    .unwrap_or_else(|| in_general(error.code()))
}

/// The sentence for a code of a library.
pub(super) fn sentence(code: &str) -> Option<&'static str> {
    let all = SENTENCES.iter().chain(backup::SENTENCES).chain(custody::SENTENCES);
    let all = all.chain(matters::SENTENCES).chain(collections::SENTENCES).chain(feeds::SENTENCES);
    let all = all.chain(matters::SENTENCES).chain(collections::SENTENCES);
    let all = all.chain(patterns::SENTENCES);
    let mut all = all.chain(evidence::SENTENCES).chain(record::SENTENCES);
    let known = all.find(|(known, _)| *known == code).map(|(_, sentence)| *sentence);
    known.or_else(|| Refusal::from_code(code).map(Refusal::spanish))
}

/// By code: what happened and, where it can be said in general, what to do.
const SENTENCES: &[(&str, &str)] = &[
    ("not-found", "no existe lo que se nombró; revise el nombre o el folio"),
    ("bad-input", "lo que se indicó no puede leerse; revise la orden con `--help`"),
    ("partners-object", "el objeto no es propio: lo entregó una contraparte"),
    (
        "agreements-overlap",
        "otro acuerdo vigente con la misma contraparte autoriza lo mismo; revise cuál debe regir",
    ),
    (
        "version-gap",
        "entre esta versión y la anterior hay días en que ninguna está vigente; revise las fechas",
    ),
    (
        "locked",
        "esto necesita las claves del nodo; dé la frase de contraseña con `--passphrase-file`",
    ),
    ("key", "falló una clave de este nodo; ejecute `comity doctor`"),
    (
        "damaged",
        "los datos propios de este nodo están dañados; ejecute `comity doctor` y restaure un respaldo",
    ),
    ("conflict", "cambió entretanto; revíselo y repita la orden"),
    ("exists", "ya existe"),
    ("misuse", "una falla del programa; repórtela"),
    ("schema", "la base de datos es de otra versión del programa"),
    (
        "corrupt",
        "la base de datos contiene algo ilegible; ejecute `comity doctor` y restaure un respaldo",
    ),
    ("database", "falló la base de datos"),
    ("wrong-offset", "el tramo no comienza donde terminó el anterior"),
    (
        "wrong-digest",
        "los bytes no son los que indica el resumen; envíe de nuevo desde el principio",
    ),
    ("already-refused", "esta valija ya fue rechazada"),
    ("file-missing", "falta un archivo en la carpeta de datos; restáurelo de un respaldo"),
    ("disk", "falló el disco"),
    (
        "unreachable",
        "el nodo de la contraparte no responde; revise la red y la dirección de su descriptor, y pregúntele si opera",
    ),
    (
        "wrong-link-key",
        "el nodo en la dirección de la contraparte no tiene su clave de enlace; confirme con ella su descriptor",
    ),
    ("partner-refused", "el nodo de la contraparte no aceptó la valija"),
    ("partner-protocol", "el nodo de la contraparte respondió fuera del protocolo"),
    ("local", "este nodo no pudo leer lo que debe enviar"),
    (
        "agreement-changed",
        "rige otra versión del acuerdo que cuando se preparó la entrega; prepárela de nuevo",
    ),
    (
        "agreement-digest",
        "el texto guardado no es el que se firmó; incorpore de nuevo el archivo firmado",
    ),
    (
        "agreement-complete",
        "ambas partes firmaron esa versión con otro texto; dé a este una versión más alta y fírmenlo ambas",
    ),
    (
        "agreement-signed-otherwise",
        "esta parte firmó otro texto de esa versión, y una firma se da una sola vez; acuerden un texto con una versión más alta \
         que diga `binds = \"signatures\"` y fírmenlo ambas",
    ),
    (
        "recall-incomplete",
        "no se avisó a todas las contrapartes; lo solicitado queda solicitado, y de cada una de las demás se retira su entrega",
    ),
    (
        "kind-unknown",
        "un tipo que este nodo no conoce; `comity stix schema` enumera los del estándar",
    ),
    ("agreement-signature", "una firma del acuerdo no es válida"),
    (
        "agreement-unsigned",
        "al acuerdo le falta una firma; fírmelo con `comity agreement sign` o incorpore el archivo que firmó la contraparte",
    ),
    (
        "agreement-unknown",
        "no hay acuerdo con esta parte; redacte un proyecto con `comity agreement new`",
    ),
    (
        "agreement-not-begun",
        "el acuerdo aún no está vigente; `comity agreement list` muestra sus fechas",
    ),
    (
        "agreement-ended",
        "el acuerdo ha concluido; acuerden primero otro, o una versión nueva si solo venció su plazo",
    ),
    (
        "approval-missing",
        "faltan aprobaciones que exige la cláusula; `comity release approve` agrega una",
    ),
    ("ambiguous", "lo indicado corresponde a varias declaraciones; indique una por su resumen"),
    ("approved-before", "este responsable ya aprobó la entrega; se requiere otro"),
    (
        "clause-direction",
        "la cláusula autoriza a la contraparte, no a esta parte; elija una de las propias en `comity agreement show`",
    ),
    (
        "clause-unknown",
        "el acuerdo no tiene tal cláusula; `comity agreement show` muestra las que tiene",
    ),
    (
        "composer-may-not-approve",
        "quien preparó la entrega no puede aprobarla; la cláusula exige a otros",
    ),
    ("protocol-version", "las dos partes no tienen en común ninguna versión del protocolo"),
    (
        "exercise-mismatch",
        "los nodos de ejercicio y los nodos en operación no intercambian; pida a la contraparte el descriptor de un \
         nodo de la misma clase que este",
    ),
    ("descriptor-other", "el descriptor es de otra parte; firme uno con la raíz de esta parte"),
    ("descriptor-time", "el descriptor no se hizo después del anterior; elabórelo de nuevo"),
    (
        "descriptor-key-again",
        "el descriptor vuelve a enumerar una clave que uno anterior había retirado; pida a la contraparte que lo elabore con una clave nueva",
    ),
    (
        "descriptor-serial",
        "el descriptor no lleva el número de serie siguiente; elabórelo de nuevo",
    ),
    (
        "own-key-expired",
        "venció una clave de este nodo con la que se firman las declaraciones o el registro; cree otras con `comity key \
         rotate statement log --by-file` y entregue el descriptor nuevo a cada contraparte",
    ),
    (
        "key-not-served",
        "la raíz y la clave registradora no están entre las claves con que opera un nodo; indique otro uso",
    ),
    ("handle-taken", "la clave ya es la de este nodo; dé otra a la contraparte con `--handle`"),
    (
        "key-expired",
        "la contraparte no tiene una clave vigente; incorpore su descriptor más reciente",
    ),
    (
        "consent-until",
        "el consentimiento no puede terminar en ese momento; indique uno posterior a ahora y no posterior al del \
         consentimiento en que se apoya",
    ),
    (
        "consent-withdrawn",
        "el consentimiento en que se apoya la entrega fue retirado o terminó; solicítelo de nuevo o prepare la entrega \
         sin ese objeto",
    ),
    ("kind-not-taken", "la contraparte no recibe declaraciones de esta clase"),
    (
        "legal-basis-missing",
        "falta el fundamento; indique uno de los del acuerdo o la cláusula con `--legal-basis`",
    ),
    ("legal-basis-unknown", "el acuerdo y la cláusula no tienen ese fundamento"),
    ("reason-missing", "falta el motivo; indique uno de los del acuerdo con `--reason`"),
    ("grounds-duplicate", "un fundamento o motivo se indicó dos veces; indíquelo una vez"),
    ("not-a-third-party", "el objeto procede de esa misma parte; no hace falta su consentimiento"),
    (
        "attachment-content",
        "el contenido del archivo no es el de su tipo, o es un programa; viajan datos, nunca programas",
    ),
    ("reason-unknown", "el acuerdo no tiene ese motivo para este acto"),
    ("not-a-party", "la parte de este nodo no está en el acuerdo"),
    (
        "nothing-selected",
        "ninguna ficha corresponde a la selección; `comity holdings list` muestra el acervo",
    ),
    (
        "nothing-to-release",
        "nada de lo seleccionado puede entregarse; `comity release preview` muestra los motivos de cada objeto",
    ),
    (
        "originator-consent",
        "el objeto no es de esta parte y quien lo dio no ha consentido; solicítelo con `comity consent ask`",
    ),
    ("over-limit", "la entrega supera lo que recibe la contraparte; prepare varias menores"),
    ("own-descriptor", "este es el descriptor del propio nodo; incorpore el de la contraparte"),
    ("own-object", "el objeto es de esta misma parte; no necesita el consentimiento de nadie"),
    (
        "payload-changed",
        "el contenido guardado no es el que se preparó y aprobó; prepare de nuevo la entrega, y ejecute `comity doctor`",
    ),
    (
        "holding-changed",
        "un objeto ya no está en el acervo como se preparó; prepare de nuevo la entrega",
    ),
    (
        "redacted-since",
        "desde que se preparó la entrega se testó en otra algo de sus objetos; prepárela de nuevo",
    ),
    ("quota-exceeded", "la entrega supera lo que queda del cupo de la cláusula"),
    (
        "ceiling-exceeded",
        "la entrega supera lo que hoy queda de la aprobación permanente; que un responsable la apruebe con `comity release \
         approve`, o espere al día siguiente (UTC)",
    ),
    (
        "standing-over",
        "la aprobación permanente ya no es válida; que un responsable apruebe la entrega con `comity release approve`",
    ),
    (
        "standing-elsewhere",
        "la aprobación permanente es de otra cláusula o de otra versión del acuerdo",
    ),
    (
        "standing-not-for-this",
        "una aprobación permanente no cubre sitios ni personas físicas; que un responsable apruebe la entrega con `comity \
         release approve`",
    ),
    (
        "standing-not-granted",
        "la cláusula exige aprobar cada entrega; acuerden antes `approval = \"standing\"`",
    ),
    ("standing-window", "una aprobación permanente vale a lo más 30 días desde su firma; acórtela"),
    ("standing-ceiling", "el tope diario debe ser de 1 a 100000000 objetos; cámbielo"),
    (
        "purpose-not-granted",
        "falta la finalidad o la cláusula no la autoriza; indique con `--purpose` una de las que muestra `comity \
         agreement show`",
    ),
    ("release-not-sent", "la entrega no se ha enviado; no hay nada que abrir"),
    (
        "folio-kind",
        "el folio es de otra clase de asunto; el comando `list` de esa clase lo muestra",
    ),
    (
        "not-a-derivative",
        "el objeto no se entregó testado; no hay compromiso que abrir; `comity release show` lo muestra",
    ),
    ("parts-purged", "el contenido de la entrega se purgó; lo que se envió ya no puede mostrarse"),
    (
        "original-gone",
        "ya no se conserva la versión del original a partir de la cual se hizo; no puede mostrarse",
    ),
    ("release-state", "el estado de la entrega ya no lo permite; `comity release show` lo muestra"),
    (
        "unconfirmed-party",
        "la parte no está confirmada; compare su huella y ejecute `comity party confirm`",
    ),
    ("wrong-root-key", "la clave raíz no es la de este nodo; use la de esta carpeta de datos"),
    ("id-in-text", "el texto del objeto contiene el identificador del original, que no debe salir"),
    ("original-unreadable", "el objeto original no puede leerse"),
    ("original-not-editable", "el objeto original no puede testarse"),
    // Key files and keys.
    (
        "key-file-exists",
        "ya existe un archivo de clave con ese nombre; las claves nunca se sobrescriben",
    ),
    (
        "key-file-missing",
        "falta un archivo de clave; ejecute `comity init` o indique la carpeta correcta",
    ),
    ("wrong-passphrase", "la frase de contraseña no abre el archivo; escríbala de nuevo"),
    ("passphrase-needed", "el archivo está protegido con una frase de contraseña; proporciónela"),
    (
        "key-file-unprotected",
        "el archivo no tiene frase de contraseña, lo que solo se permite en nodos de ejercicio",
    ),
    (
        "key-file-exposed",
        "otros pueden leer el archivo de clave; genere claves nuevas, pues pueden ser conocidas",
    ),
    ("key-file-malformed", "el archivo de clave está dañado; restáurelo del respaldo"),
    ("key-file-use", "el archivo contiene una clave de otro uso; indique el correcto"),
    ("work-factor", "el esfuerzo de la frase de contraseña está fuera de sus límites"),
    ("key-file-io", "falló el disco al leer o escribir un archivo de clave"),
    ("link-certificate", "el certificado del enlace no corresponde a su clave; genérela de nuevo"),
    ("key-validity", "la vigencia de las claves no es un periodo"),
    ("key-length", "una clave no tiene la longitud correcta"),
    ("key-refused", "una clave fue rechazada"),
    ("key-weak", "una clave es débil"),
    ("seal-recipient", "la clave de sellado del destinatario no es válida"),
    ("seal-identity", "la clave de sellado no es válida"),
    ("seal-low-order", "la clave de sellado no es segura"),
    (
        "link-identity",
        "el certificado del enlace no puede usarse; genere una clave de enlace nueva",
    ),
    ("signing-failed", "no se pudo firmar"),
    ("token-signing", "el dispositivo que guarda la raíz no firmó"),
    ("token-signature", "lo que firmó el dispositivo no corresponde a la clave pública de la raíz"),
    ("root-in-token", "una mitad de la raíz está en un dispositivo criptográfico"),
    (
        "token-place",
        "un dispositivo se indica con la ruta absoluta de su módulo y una etiqueta de 1 a 32 bytes",
    ),
    // Signed documents.
    ("envelope-too-large", "el sobre firmado es demasiado grande"),
    ("envelope-malformed", "no es un sobre firmado; pida al remitente que lo firme de nuevo"),
    (
        "envelope-base64",
        "el sobre firmado no está en base64 canónico; pida al remitente que lo firme de nuevo",
    ),
    (
        "envelope-bounds",
        "el sobre firmado excede sus límites; pida al remitente que lo firme de nuevo",
    ),
    ("envelope-differs", "los dos sobres no contienen lo mismo"),
    ("payload-type", "el sobre firmado es de otro tipo"),
    ("signature-repeated", "una firma aparece más de una vez"),
    ("signature-unknown", "una firma es de una clave desconocida"),
    ("descriptor-malformed", "no es un descriptor; pida a la parte que lo exporte de nuevo"),
    (
        "descriptor-root-key",
        "el descriptor debe llevar exactamente una clave raíz; pida a la parte que lo exporte de nuevo",
    ),
    ("descriptor-root", "el descriptor nombra una parte y lleva la clave raíz de otra; rechácelo"),
    ("descriptor-party", "el descriptor es de otra parte; tome el archivo correcto"),
    ("officer-signature", "el certificado del responsable no es válido"),
    ("officer-office", "el nombre del área tiene de 1 a 80 caracteres imprimibles"),
    ("officer-validity", "el certificado terminaría antes de comenzar"),
    ("approval-signature", "la firma de la aprobación no es válida"),
    ("approval-malformed", "la aprobación o el certificado no pueden leerse; solicítelos de nuevo"),
    ("approval-officer", "la aprobación es de otro responsable que el certificado"),
    ("approval-release", "la aprobación es de otra entrega; haga aprobar esta"),
    ("approval-expired", "la aprobación está fuera de la vigencia del certificado; renuévelo"),
];

#[cfg(test)]
mod tests;
