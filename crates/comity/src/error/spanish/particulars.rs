//! Sentences written from the particulars of an error, in Spanish.

use comity_model::told::Told;

use super::{collections, given, parties, patterns};

/// Every sentence, by its key.
pub(super) fn all() -> impl Iterator<Item = &'static (&'static str, &'static str)> {
    let more =
        [collections::PARTICULARS, given::PARTICULARS, parties::PARTICULARS, patterns::PARTICULARS];
    PARTICULARS.iter().chain(more.into_iter().flatten())
}

/// By the name of a sentence, or by its code where it has none: the sentence, with particulars as `{name}`. Of several the
/// first is taken whose particulars are all known.
const PARTICULARS: &[(&str, &str)] = &[
    // Pouches.
    (
        "pouch-not-opened",
        "`{name}` no puede abrirse aquí: `{code}`; `comity pouch show` sin `--open` dice lo que puede verse de ella",
    ),
    (
        "no-cosignature",
        "ninguno de los archivos tiene un refrendo de `{handle}` sobre el registro de este nodo; solicite allí \
         `comity pouch export --since FECHA`, con una fecha anterior a la pérdida, e impórtelo antes",
    ),
    // Who looks at what.
    ("purpose-too-long", "una finalidad tiene {limit} caracteres como máximo; dé una más corta"),
    ("purpose-unknown", "`{purpose}` no es una finalidad de este nodo; dé una de {allowed}"),
    // Agreements.
    (
        "agreement-unknown",
        "no hay acuerdo con `{handle}`; redacte un proyecto con `comity agreement new --with {handle}`",
    ),
    (
        "agreement-unsigned",
        "al acuerdo con `{handle}` le falta una firma; ambas partes firman el mismo texto",
    ),
    (
        "first-version-unsigned",
        "a la versión 1 del acuerdo con `{handle}` le falta una firma, y una posterior solo obliga cuando se activa, o \
         en cuanto ambas la firman si dice `binds = \"signatures\"`; `comity agreement amend --by-signatures` inicia una así",
    ),
    (
        "partner-has-not-signed",
        "a la versión {version} le falta la firma de la contraparte; obliga cuando ambas firman",
    ),
    (
        "party-has-not-signed",
        "esta parte no ha firmado la versión {version}; fírmela con `comity agreement sign`",
    ),
    (
        "agreement-suspended",
        "el acuerdo con `{handle}` está suspendido; `comity agreement list` muestra por quién",
    ),
    (
        "agreement-not-begun",
        "el acuerdo con `{handle}` aún no está vigente; `comity agreement list` muestra sus fechas",
    ),
    (
        "agreement-ended",
        "el acuerdo con `{handle}` ha concluido; acuerden primero otro, o una versión nueva si solo venció su plazo",
    ),
    (
        "agreement-terminated",
        "el acuerdo con `{handle}` se dio por terminado y ninguna versión suya vuelve a regir; acuerden otro, que inicia \
         `comity agreement new --with {handle}`",
    ),
    (
        "agreement-terminated",
        "`{id}` se dio por terminado y ninguna versión suya vuelve a regir; acuerden otro, que inicia `comity agreement new`",
    ),
    (
        "asked-under-another",
        "lo que se recibió al amparo de `{came}` no puede consultarse al amparo de otro acuerdo, y aquel no está vigente; quien \
         lo dio puede entregarlo de nuevo al amparo de `{other}`, que es el vigente, y ahí se le consulta",
    ),
    (
        "consent-purpose",
        "ninguna cláusula autoriza entregar algo a esa parte para `{purpose}`; nombre una de `{known}`",
    ),
    (
        "agreement-complete",
        "ambas partes firmaron la versión {version} de `{id}` con otro texto (`{own}`), y una firma se da una sola vez: se \
         rechaza `{digest}`; acuerden un texto con un `version` más alto y fírmenlo ambas, por archivo y con `binds = \
         \"signatures\"` si ninguna declaración puede llevarlo (`comity agreement amend --by-signatures`)",
    ),
    (
        "agreement-signed-otherwise",
        "esta parte firmó la versión {version} de `{id}` con otro texto (`{own}`), y una firma se da una sola vez: se rechaza \
         `{digest}`; acuerden un texto con un `version` más alto y fírmenlo ambas, por archivo y con `binds = \
         \"signatures\"` si ninguna declaración puede llevarlo (`comity agreement amend --by-signatures`)",
    ),
    (
        "kind-unknown",
        "este nodo no conoce el tipo `{kind}`; `comity stix schema` enumera los del estándar, otro llega con su definición de \
         extensión y uno propio de las partes comienza con `x-`",
    ),
    (
        "envelope-malformed",
        "`{place}` no es un archivo firmado; indique el que escribió quien lo firmó, o pídale que lo firme de nuevo",
    ),
    (
        "officer-exists",
        "ya hay un responsable `{name}`; registre al otro con otro nombre, o consulte `comity officer list`",
    ),
    (
        "kind-unknown-in-text",
        "{place}, línea {line}: {field}: este nodo no conoce el tipo `{kind}`; `comity stix schema` enumera los del estándar, \
         otro llega con su definición de extensión y uno propio de las partes comienza con `x-`",
    ),
    ("kind-twice", "{place}: `{kind}` se nombra dos veces; nómbrelo una vez"),
    (
        "recall-incomplete",
        "no se avisó a todas las contrapartes; se solicitó a:\n  {asked}\nno se solicitó a:\n  {refused}\nlo solicitado queda \
         solicitado; corrija la causa y retire de cada una de las demás su entrega",
    ),
    (
        "legal-basis-of-none",
        "`{given}` no es fundamento de ningún acuerdo al que esto atañe; los muestra `comity agreement show`",
    ),
    (
        "reason-of-none",
        "`{given}` no es motivo para `{act}` en ningún acuerdo al que esto atañe; los muestra `comity agreement show`",
    ),
    (
        "agreement-digest",
        "el texto guardado de `{agreement}` no es el que se firmó; incorpore de nuevo el archivo firmado",
    ),
    (
        "agreement-signature",
        "la clave `{key}` firmó el acuerdo y no es de ninguna de las partes; pida de nuevo el archivo a la contraparte",
    ),
    (
        "agreement-signature",
        "la firma de {who} no es válida; pida de nuevo el archivo a quien lo firmó",
    ),
    (
        "not-a-party",
        "la parte de este nodo no está en el acuerdo; escriba `root = \"{root}\"` bajo `[parties]`",
    ),
    ("lifted-without-reason", "la suspensión se levanta sin motivo; omita `--reason`"),
    (
        "legal-basis-unnamed",
        "indique con `--legal-basis` un fundamento del acuerdo; `comity agreement show` los muestra",
    ),
    (
        "not-an-agreement-file",
        "`{place}` no es el archivo firmado de un acuerdo; `comity agreement sign` escribe uno",
    ),
    (
        "text-encoding",
        "`{place}` no contiene texto en UTF-8; pida de nuevo el archivo a quien lo envió",
    ),
    (
        "version-by-hand",
        "la versión no está en un renglón propio del texto; cópielo y escriba `version = {version}`",
    ),
    (
        "version-after-at",
        "en `{place}`, escriba una versión después de `@`, como `MX-2026-000001@2`",
    ),
    (
        "file-not-agreement",
        "`{place}` es un archivo; indique el acuerdo por su folio o su identificador, que `comity agreement list` muestra, \
         después de firmarlo con `comity agreement sign`",
    ),
    // Releases.
    ("clause-unknown", "el acuerdo no tiene la cláusula `{clause}`; tiene `{known}`"),
    (
        "clause-unknown",
        "el acuerdo no tiene la cláusula `{clause}`; `comity agreement show` muestra las que tiene",
    ),
    (
        "clause-direction",
        "al amparo de la cláusula `{clause}` entrega la contraparte, no esta parte; elija una de las propias en `comity \
         agreement show`",
    ),
    ("purpose-not-granted", "indique con `--purpose` una finalidad de la cláusula: `{purposes}`"),
    ("purpose-not-granted", "indique una sola finalidad de la cláusula `{clause}`"),
    (
        "purpose-not-theirs",
        "ninguna cláusula permite a la contraparte entregar algo para `{purpose}`; `comity agreement show` muestra las \
         finalidades de cada cláusula",
    ),
    (
        "over-limit",
        "la entrega ocupa {bytes} bytes y la contraparte recibe valijas de hasta {taken}; prepare varias menores",
    ),
    (
        "over-limit",
        "la entrega tiene {objects} objetos y la contraparte recibe hasta {taken}; prepare varias menores",
    ),
    (
        "over-limit",
        "el anexo `{name}` supera los {limit} bytes que recibe la contraparte; envíe uno menor",
    ),
    ("approved-before", "`{officer}` ya aprobó esta entrega; se requiere otro responsable"),
    (
        "composer-may-not-approve",
        "`{officer}` preparó la entrega, y la cláusula exige que la aprueben otros",
    ),
    (
        "approval-missing",
        "la entrega tiene aprobaciones de {count} responsables y su cláusula exige {required}",
    ),
    (
        "approval-missing",
        "la entrega tiene {approvals} de las aprobaciones que exige su cláusula; `comity release approve {folio}` agrega \
         una",
    ),
    (
        "release-not-sealed",
        "la entrega `{folio}` aún no se sella; `comity release send` la sella y la envía",
    ),
    ("release-not-sent", "la entrega {folio} no se ha enviado; no hay nada que abrir"),
    (
        "release-state",
        "el estado de la entrega {folio} ya no lo permite; `comity release show {folio}` lo muestra",
    ),
    (
        "not-a-derivative",
        "`{id}` no fue con la entrega {folio}; `comity release show {folio}` dice por qué",
    ),
    ("not-a-derivative", "`{object}` se entregó tal como es; no hay compromiso que abrir"),
    (
        "original-gone",
        "ya no se conserva la versión de `{original}` a partir de la cual se hizo; no puede mostrarse",
    ),
    (
        "parts-purged",
        "el contenido de la entrega {folio} se purgó; lo que se envió ya no puede mostrarse",
    ),
    (
        "payload-changed",
        "la parte `{name}` no es la que se preparó y aprobó; prepare de nuevo la entrega",
    ),
    (
        "payload-changed",
        "lo que se guarda de la declaración {statement} no es lo que se selló; restáurelo de un respaldo",
    ),
    (
        "holding-changed",
        "{objects} ya no está en el acervo como se preparó; prepare de nuevo la entrega",
    ),
    ("redacted-since", "después se testó algo de {objects}; prepare de nuevo la entrega"),
    (
        "quota-exceeded",
        "la entrega tiene {objects} objetos y a la cláusula `{clause}` le quedan {left} de su cupo, que se renueva el \
         {renews}",
    ),
    (
        "ceiling-exceeded",
        "la entrega tiene {objects} objetos y a la aprobación permanente `{standing}` le quedan hoy {left} de {ceiling}; \
         que un responsable la apruebe con `comity release approve`, o espere al día siguiente (UTC)",
    ),
    (
        "standing-over",
        "la aprobación permanente `{standing}` ya no es válida; que un responsable apruebe la entrega con `comity release \
         approve`",
    ),
    (
        "standing-not-for-this",
        "una aprobación permanente no cubre inmuebles ni personas físicas, ni lo que conduce a ellos por lo que nombra: {objects}; que \
         un responsable vea la entrega y la apruebe con `comity release approve {folio}`",
    ),
    (
        "standing-not-granted",
        "la cláusula `{clause}` exige aprobar cada entrega (`{approval}`); acuerden antes `approval = \"standing\"`",
    ),
    // Parties and keys.
    (
        "unconfirmed-party",
        "`{handle}` no está confirmada; compare su huella y ejecute `comity party confirm {handle}`",
    ),
    (
        "handle-taken",
        "`{handle}` ya es la clave de este nodo; dé otra a la contraparte con `--handle`",
    ),
    (
        "kind-not-taken",
        "`{handle}` no recibe declaraciones de la clase `{kind}`; su descriptor enumera las que recibe",
    ),
    (
        "key-expired",
        "`{handle}` no tiene una clave vigente para esto; incorpore su descriptor más reciente con `comity party import`",
    ),
    (
        "protocol-version",
        "la contraparte habla las versiones {least} a {most} del protocolo y este nodo {own_least} a {own_most}; uno de \
         los dos debe actualizarse",
    ),
    (
        "training-with-live",
        "el descriptor es de un nodo de ejercicio y este opera en real; no intercambian; pida el de un nodo en operación",
    ),
    (
        "live-with-training",
        "el descriptor es de un nodo en operación y este es de ejercicio; no intercambian; pida el de un nodo de ejercicio",
    ),
    (
        "partner-ahead",
        "la contraparte consumió {theirs} declaraciones de este canal y este nodo no recuerda la última entre sus {next}; \
         fue restaurado de un respaldo antiguo y no debe continuar en la misma época",
    ),
    // Grounds.
    (
        "legal-basis-missing",
        "no se indicó el fundamento; indique con `--legal-basis` uno de {known}",
    ),
    (
        "legal-basis-unknown",
        "`{given}` no es un fundamento del acuerdo ni de la cláusula; indique uno de {known}",
    ),
    ("legal-basis-unknown", "el acuerdo no tiene el fundamento `{other}`; tiene `{known}`"),
    (
        "legal-basis-unknown",
        "`{given}` no es un fundamento del acuerdo ni de la cláusula, que no tienen ninguno; omítalo",
    ),
    ("reason-missing", "no se indicó el motivo; indique con `--reason` uno de {known}"),
    (
        "reason-unknown",
        "`{given}` no es un motivo que el acuerdo prevea para este acto; indique uno de {known}",
    ),
    (
        "reason-unknown",
        "`{given}` no es un motivo que el acuerdo prevea para este acto, y no prevé ninguno; omítalo",
    ),
    ("grounds-duplicate", "`{given}` se indicó dos veces; indíquelo una vez"),
    // Consents.
    ("not-a-third-party", "`{id}` procede de esa misma parte; no hace falta su consentimiento"),
    ("own-object", "`{object}` es de esta misma parte; no necesita el consentimiento de nadie"),
    (
        "onward-rule",
        "`{object}` se dio con la regla de transmisión ulterior `{rule}`; no va a terceros, y a nadie puede solicitarse",
    ),
    ("object-unnamed", "indique con `--object` un objeto que haya entregado una contraparte"),
    (
        "originator-consent",
        "`{id}` no es de esta parte, y quien lo dio no ha consentido que vaya a `{third_party}` para `{purpose}`; \
         solicítelo con `comity consent ask`",
    ),
    (
        "consent-in-past",
        "un consentimiento no puede terminar antes de comenzar; indique un momento posterior",
    ),
    (
        "consent-until",
        "el consentimiento en que este se apoya termina el {most}; indique ese momento o uno anterior",
    ),
    (
        "consent-withdrawn",
        "el consentimiento para que `{id}` vaya a esta parte para `{purpose}` se retiró o terminó; solicítelo de nuevo con \
         `comity consent ask`, o prepare la entrega sin ese objeto",
    ),
    // Requests, proposals, advice, contacts.
    (
        "matter-not-yours",
        "la propuesta {folio} es de esta misma parte; la determina la contraparte",
    ),
    ("matter-closed", "la propuesta {folio} ya tiene determinación, y así queda"),
    (
        "reply-to-no-proposal",
        "`{id}` no es una propuesta de la contraparte al amparo de este acuerdo; `comity proposal list` muestra las suyas",
    ),
    (
        "again-of-no-proposal",
        "`{id}` no es una propuesta de esta parte al amparo de este acuerdo, sobre el mismo asunto y ya con determinación; \
         `comity proposal list` muestra las propias",
    ),
    (
        "proposal-not-accepted",
        "la propuesta {folio} no ha sido aceptada; solo una aceptada da lugar a un proyecto de modificación",
    ),
    (
        "operations-unrepresentable",
        "la propuesta {folio} es de una operación conjunta; el alcance de un acuerdo es inteligencia y apoyo técnico y no \
         admite más, así que de ella no se sigue nada",
    ),
    (
        "nothing-to-draft",
        "la propuesta {folio} no pide ningún cambio del acuerdo; solo las de `amendment` y `technical-support` dan lugar a \
         un proyecto de modificación",
    ),
    (
        "draft-by-hand",
        "la versión de `{id}` no está en un renglón propio de `[agreement]`; redacte a mano la versión siguiente",
    ),
    (
        "not-sealed-for-them",
        "`{name}` no es una entrega sellada por esta parte para la contraparte al amparo de este acuerdo; \
      `comity release list` las muestra",
    ),
    (
        "release-cited",
        "una respuesta completa ya citó la entrega `{digest}`; lo que dio, lo dio ahí",
    ),
    (
        "scope-not-granted",
        "el alcance del acuerdo no incluye `{scope}`; acuérdenlo antes en una modificación",
    ),
    (
        "answer-empty",
        "una respuesta que da algo cita una entrega o lleva un texto; agregue `--release FOLIO` o `--text TEXTO`",
    ),
    ("named-twice", "`{place}` se indicó dos veces; indíquelo una vez"),
    (
        "target-unknown",
        "la declaración `{about}` no está en ninguno de los canales del acuerdo; `comity inbox list` y `comity release \
         list` muestran las que están",
    ),
    ("contact-linked", "el contacto {contact} ya está vinculado a la propuesta {proposal}"),
    (
        "contact-other-party",
        "`{proposal}` no es una propuesta entre esta parte y la del contacto; `comity proposal list` muestra las que hay",
    ),
    (
        "contact-in-future",
        "un contacto se registra después de ocurrido; indique con `--at` un momento que ya pasó",
    ),
    (
        "report-written",
        "ya se escribió un informe con la plantilla `{template}` el {at}; puede verse otro sin `--out`",
    ),
    (
        "attachment-form",
        "el anexo `{name}` no puede viajar así; dele un nombre simple y uno de estos tipos: {known}",
    ),
    (
        "attachment-content",
        "el contenido del anexo `{name}` no es el de su tipo, o es un programa; viajan datos, nunca programas",
    ),
    (
        "attachment-ending",
        "los archivos con la terminación de `{place}` no viajan; dé uno csv, jpg, json, md, pdf, png, tif o txt",
    ),
    ("too-many-attachments", "con esto pueden viajar a lo más {most} archivos; retire los demás"),
    // Recalls, units, legal holds.
    (
        "never-released",
        "esta parte nunca entregó `{what}`, así que no hay nada que retirar; `comity release list` muestra lo entregado",
    ),
    (
        "recall-objects",
        "una solicitud de retiro nombra a lo más {most} objetos; solicite el retiro de la entrega entera",
    ),
    (
        "recall-replacements",
        "la corrección y la sustitución nombran las entregas en que consisten, y la purga no nombra ninguna; revise \
         `--replacement`",
    ),
    (
        "recall-asks-replacement",
        "se solicita una corrección o una sustitución; responda con `--replace` o con `--refuse`",
    ),
    ("recall-asks-purge", "se solicita una purga; responda con `--purge` o con `--refuse`"),
    (
        "replacement-missing",
        "ninguna de las entregas indicadas corrige o sustituye a {folio} ante su destinatario; envíe una antes e indíquela",
    ),
    (
        "correction-unrelated",
        "ninguna de las entregas indicadas tiene un objeto de {folio} en una versión posterior, así que no corrigen nada de \
         ella; envíe antes la versión posterior e indique esa entrega, o sustitúyala con `--replace`",
    ),
    ("replacement-not-received", "la entrega que corrige o sustituye aún no se recibe; espérela"),
    (
        "not-told",
        "la instancia nacional `{unit}` no recibió nada de ello; `comity recall notices` muestra las que sí",
    ),
    (
        "frozen",
        "una solicitud de retiro o una conservación por mandato legal aparta `{id}` de toda consulta; `comity holdings show {id} --held` \
         dice cuál",
    ),
    (
        "recall-open",
        "la solicitud de retiro {folio} está pendiente y ya lo comprende todo; `comity recall show {folio}` dice cómo va",
    ),
    (
        "unit-not-granted",
        "ningún responsable autorizó que la instancia nacional `{unit}` reciba información; `comity unit grant {unit} --as \
         NOMBRE` hace que uno firme",
    ),
    (
        "use-not-granted",
        "`{object}` se entregó con `use = {uses}` y la instancia nacional trabaja para `{wanted}`; solicite el \
         consentimiento con `comity consent ask --use {wanted} --object {object}`",
    ),
    (
        "use-granted",
        "`{object}` se entregó también para `{use_code}`; no hace falta consentimiento",
    ),
    (
        "use-not-consented",
        "`{id}` no es de esta parte, y quien lo dio no ha consentido el uso `{use_code}`; solicítelo con `comity consent ask \
         --use {use_code}`",
    ),
    (
        "onward-rule-for-units",
        "`{object}` se entregó con la regla de transmisión `{rule}`; no va a ninguna instancia nacional, sea cual sea el uso",
    ),
    (
        "pap-red",
        "`{object}` es PAP:RED, solo para quienes nombró su parte de origen; no se da a instancias nacionales",
    ),
    ("onward-never", "`{object}` se dio con la condición `onward = never` y no va a nadie"),
    ("tlp-red", "`{object}` es TLP:RED, solo para quienes lo recibieron de su parte de origen"),
    (
        "unit-name",
        "`{place}` no sirve como nombre; escriba de 1 a 64 letras minúsculas, dígitos y guiones",
    ),
    (
        "objects-count",
        "indique de 1 a {most} objetos, o una entrega de una contraparte que se haya admitido",
    ),
    // What is written on the command line.
    ("folio-of-release", "`{folio}` es el folio de una entrega; consulte `comity {command}`"),
    (
        "folio-of-arrival",
        "`{folio}` es el folio de una entrega de una contraparte; consulte `comity {command}`",
    ),
    ("folio-of-agreement", "`{folio}` es el folio de un acuerdo; consulte `comity {command}`"),
    ("folio-of-contact", "`{folio}` es el folio de un contacto; consulte `comity {command}`"),
    (
        "folio-of-request",
        "`{folio}` es el folio de una solicitud de información; consulte `comity {command}`",
    ),
    ("folio-of-proposal", "`{folio}` es el folio de una propuesta; consulte `comity {command}`"),
    (
        "folio-of-advice",
        "`{folio}` es el folio de una asesoría técnica; consulte `comity {command}`",
    ),
    (
        "folio-of-consent",
        "`{folio}` es el folio de una solicitud de consentimiento; consulte `comity {command}`",
    ),
    (
        "folio-of-recall",
        "`{folio}` es el folio de una solicitud de retiro; consulte `comity {command}`",
    ),
    (
        "folio-of-purge",
        "`{folio}` es el folio de una declaración de eliminación; consulte `comity {command}`",
    ),
    (
        "not-a-folio",
        "`{place}` no es un folio ni un identificador; escriba el folio, como `MX-2026-000123`, o el identificador",
    ),
    (
        "account-names-partner",
        "`{name}` es la clave de una contraparte, y ninguna cuenta es de otra parte; elija otro nombre",
    ),
    (
        "certificate-of-partner",
        "el certificado lleva la clave con que entrega la contraparte `{partner}`; ninguna cuenta es de otra parte",
    ),
    (
        "not-writable",
        "`{collection}` no admite nada de los clientes; cree una con `comity collection add NOMBRE --writable`",
    ),
    ("number-range", "escriba en `{place}` un número de {least} a {most}"),
    (
        "password-form",
        "una contraseña tiene {least} caracteres a lo menos y {most} bytes a lo más, sin caracteres de control",
    ),
    ("text-length", "escriba un texto de 1 a {most} bytes"),
    ("line-length", "escriba en `{place}` un renglón de 1 a {most} caracteres"),
    (
        "office-and-reference",
        "escriba en `{place}` un renglón de 1 a {most} caracteres, como ÁREA/REFERENCIA",
    ),
    (
        "statement-malformed",
        "lo que se indicó no forma una declaración; revise los valores de la orden",
    ),
    (
        "not-stix",
        "el objeto del ejemplo no es STIX en `{pointer}`; `comity stix check` dice qué le falta",
    ),
    (
        "import-stopped",
        "la lectura de `{place}` se interrumpió; repita la orden y ejecute `comity doctor`",
    ),
    (
        "ambiguous",
        "`{id}` corresponde a {count} declaraciones, entre ellas {digests}; indique una por su resumen",
    ),
];

/// The sentence of a code, or of a name of its own, written from its particulars.
pub(super) fn sentence(code: &str, told: &Told) -> Option<String> {
    let mut keys = told.name().into_iter().chain([code]);
    keys.find_map(|key| {
        let mut known = all().filter(|(known, _)| *known == key);
        known.find_map(|(_, text)| told.fill(text))
    })
}
