//! What the words of a report are called on a page.

use crate::commands::inbox::kind_word;
use crate::commands::journal::event_word;
use crate::lang::Lang;

/// The parts of a report, in the order of the page: word, English, Spanish.
pub(super) const PARTS: &[(&str, &str, &str)] = &[
    ("kinds", "Statements by kind", "Declaraciones por clase"),
    ("clauses", "Releases by clause", "Entregas por cláusula"),
    ("approvals", "Approvals by officer", "Aprobaciones por persona facultada"),
    ("refusals", "Refused by the receiver, by code", "Rechazos de quien recibió, por código"),
    ("requests", "Requests by urgency", "Solicitudes por urgencia"),
    ("proposals", "Proposals", "Propuestas"),
    ("recalls", "Recalls", "Solicitudes de retiro"),
    ("consents", "Consents", "Consentimientos"),
    ("purges", "Purges by cause", "Eliminaciones por causa"),
    ("refused", "Refused in this node, by code", "Negado en este nodo, por código"),
    ("journal", "Lines of the journal by event", "Líneas de la bitácora interna por suceso"),
];

/// What is measured, in the order of the columns.
pub(super) const MEASURES: &[(&str, &str, &str)] = &[
    ("statements", "statements", "declaraciones"),
    ("releases", "releases", "entregas"),
    ("standing", "releases under a standing approval", "entregas con aprobación permanente"),
    ("put", "put", "presentadas"),
    ("admitted", "admitted", "admitidas"),
    ("partial", "in part", "en parte"),
    ("in_time", "in time", "en plazo"),
    ("late", "late", "tarde"),
    ("done", "done", "atendidas"),
    ("accepted", "accepted", "aceptadas"),
    ("granted", "granted", "otorgados"),
    ("complete", "complete", "completas"),
    ("nothing_found", "nothing found", "sin información"),
    ("refused", "refused", "rechazadas"),
    ("declined", "declined", "no aceptadas"),
    ("denied", "denied", "negados"),
    ("withdrawn", "withdrawn", "desistidas"),
    ("open", "open", "pendientes"),
    ("overdue", "overdue", "vencidas"),
    ("unanswered", "without a receipt", "sin acuse"),
    ("objects", "objects", "objetos"),
    ("redacted", "redacted", "testados"),
    ("objects_admitted", "objects admitted", "objetos admitidos"),
    ("objects_refused", "objects refused", "objetos rechazados"),
    ("purged", "objects purged", "objetos eliminados"),
    ("held", "objects held", "objetos retenidos"),
    ("lines", "lines", "líneas"),
];

/// What stands in the first column of some parts: word, English, Spanish.
const NAMES: &[(&str, &str, &str)] = &[
    ("all", "all", "en total"),
    ("no-need", "no longer needed", "ya no se necesita"),
    ("other", "other", "otros"),
    ("priority", "priority", "prioritaria"),
    ("retention", "end of retention", "fin de la conservación"),
    ("routine", "routine", "ordinaria"),
    ("termination", "end of the agreement", "terminación del acuerdo"),
    ("urgent", "urgent", "urgente"),
];

/// What happens to an agreement.
const CHANGES: &[(&str, &str, &str)] = &[
    ("activated", "version in force", "versión en vigor"),
    ("lifted", "suspension lifted", "suspensión levantada"),
    ("offered", "text sent", "texto enviado"),
    ("suspended", "suspended", "suspendido"),
    ("terminated", "terminated", "terminado"),
];

/// What happened to an agreement.
pub(super) fn change(lang: Lang, word: &str) -> &str {
    text(lang, CHANGES, word)
}

/// What a line of a part is called: kinds and events by their words, and ids, clauses and codes as they are.
pub(super) fn name_in(lang: Lang, part: &str, name: &str) -> String {
    match part {
        "kinds" => kind_word(lang, name),
        "journal" => event_word(lang, name),
        "requests" | "proposals" | "recalls" | "consents" | "purges" | "refusals" | "refused" => {
            text(lang, NAMES, name).to_owned()
        }
        _ => name.to_owned(),
    }
}

/// The text for a word; a word that is in no list stands for itself.
pub(super) fn text<'a>(
    lang: Lang,
    list: &[(&str, &'static str, &'static str)],
    word: &'a str,
) -> &'a str {
    let known = list.iter().find(|(known, _, _)| *known == word);
    known.map_or(word, |(_, english, spanish)| lang.pick(english, spanish))
}
