//! The first thing in a file that does not hold, in plain words.

use comity_exchange::evidence::{Field, Flaw};
use serde::Serialize;

use super::Judged;
use crate::error::CliError;
use crate::lang::Lang;
use crate::output::on_one_line;

#[derive(Serialize)]
struct Body<'a> {
    field: &'static str,
    code: &'static str,
    message: &'a str,
}

/// The answer about a file that does not hold.
pub(super) fn broken(lang: Lang, format: &'static str, flaw: &Flaw) -> Result<Judged, CliError> {
    let body = Body { field: flaw.field.as_str(), code: flaw.code, message: &flaw.message };
    Judged::broken(format, body, text(lang, flaw))
}

fn text(lang: Lang, flaw: &Flaw) -> String {
    let (field, message) = (flaw.field.as_str(), on_one_line(&flaw.message));
    match lang {
        Lang::En => format!("DOES NOT HOLD, in `{field}`: {message}"),
        Lang::Es => {
            format!("NO SE SOSTIENE, en `{field}` ({}): {}", field_es(flaw.field), flaw_es(flaw))
        }
    }
}

const fn field_es(field: Field) -> &'static str {
    match field {
        Field::File => "el archivo",
        Field::Descriptors => "los descriptores de las partes",
        Field::Agreement => "el acuerdo firmado",
        Field::Statement => "la declaración firmada",
        Field::Release => "lo que se aprobó",
        Field::Approvals => "las aprobaciones",
        Field::Proof => "la prueba de su lugar en el registro",
        Field::Receipt => "el acuse de recibo",
        Field::ReceiptProof => "la prueba del lugar del acuse en el registro",
        Field::Statements => "las dos declaraciones",
        Field::Checkpoints => "los dos cortes firmados del registro",
        Field::Content => "lo que acompaña al archivo",
    }
}

fn flaw_es(flaw: &Flaw) -> String {
    let text = match flaw.code {
        "evidence-too-large" | "envelope-too-large" => "es más largo de lo que admite el formato",
        "evidence-malformed" | "envelope-malformed" | "envelope-base64" | "envelope-bounds" => {
            "no es de este formato"
        }
        "evidence-damaged" => {
            "se alteró o se dañó: el resumen de su primera línea es de otros octetos"
        }
        "evidence-not-canonical" => "no está en su única forma",
        "root-not-pinned" => {
            "habla de una parte cuya raíz no se fijó; obténgala de alguien de confianza e indíquela con `--root`"
        }
        "descriptor-missing" => "falta el descriptor de una de las dos partes",
        "descriptor-strange" => "hay descriptores de otras partes",
        "descriptor-order" => "los descriptores no están por orden",
        "descriptor-forked" => {
            "una parte firmó dos descriptores con un mismo número de serie; pregúntele cuál está en vigor"
        }
        "descriptor-malformed" | "descriptor-root" | "descriptor-root-key" => {
            "no es un descriptor firmado por la raíz que lleva"
        }
        "another-party" => "es de otra parte",
        "another-channel" => "responde a otra parte o conforme a otro acuerdo",
        "another-place" => "es de otro lugar del registro que el que dice la declaración",
        "no-place" => "una declaración de esta clase no tiene lugar en el registro",
        "key-expired" => "firmó una clave que entonces no estaba vigente",
        "signature-bad" | "signature-missing" | "signature-unknown" | "signature-repeated" => {
            "las firmas no son de la clave que corresponde"
        }
        "unknown-kind" => "la clase de la declaración no es de esta versión",
        "malformed" | "bad-body" => "su contenido no corresponde",
        "approval-missing" => "faltan aprobaciones de las que exige la cláusula",
        "approval-bad" | "approval-signature" | "approval-malformed" => {
            "una aprobación no se sostiene"
        }
        "approval-release" => "una aprobación es de otra entrega",
        "approval-officer" => "una aprobación es de otro responsable que su certificado",
        "approval-expired" => "una aprobación se dio fuera de la vigencia del certificado",
        "officer-signature" | "officer-office" | "officer-validity" => {
            "el certificado de un responsable no se sostiene"
        }
        "standing-elsewhere" | "standing-over" | "standing-window" | "standing-ceiling"
        | "ceiling-exceeded" => "la aprobación permanente no cubre esta entrega",
        "agreement-digest" => "es otro texto que el que cita la declaración",
        "agreement-differs" => {
            "el acuerdo que se indicó es otro texto que el del archivo; indique aquél o ninguno"
        }
        "agreement-unreadable" => "su texto no es un acuerdo de esta versión",
        "agreement-unknown" => "es otro acuerdo, o entre otras partes",
        "agreement-not-in-force" => "el acuerdo no estaba vigente el día en que se selló",
        "clause-unknown" => "el acuerdo no tiene esa cláusula para quien entregó",
        "purpose-not-granted" => "la cláusula no tiene esa finalidad",
        "grounds-not-given" => "el fundamento o los motivos no son de la lista del acuerdo",
        "not-a-receipt" => "no es un acuse de recibo",
        "receipt-of-another" => "ninguna de sus partidas responde a esta declaración",
        "tlog-proof-log-unsigned" => "no firmaron las dos claves del registro",
        "tlog-proof-shape" | "tlog-proof-too-large" => {
            "no es una prueba de inclusión de este formato"
        }
        "tlog-proof-index" => "el lugar que indica no está en el árbol del corte",
        "cosignature-half" => "no refrendaron las dos claves de la otra parte",
        "note-signature-invalid" | "note-no-known-signature" => {
            "las firmas del corte no son de las claves del registro"
        }
        "no-collision" => "las dos cosas pueden ser a la vez",
        "part-changed" => "no es lo que la declaración ampara",
        "part-unknown" => "la declaración no tiene esa parte",
        "part-missing" => "falta `manifest.jsonl`, por el que se amparan los objetos",
        "part-unreadable" => "no se puede leer",
        other => return format!("no se sostiene (`{other}`)"),
    };
    match (flaw.field, flaw.message.split('`').nth(1)) {
        (Field::Content, Some(part)) => format!("`{}`: {text}", on_one_line(part)),
        (Field::File, Some(place)) if flaw.code == "evidence-not-canonical" => {
            format!("{text}; la primera diferencia está en `{}`", on_one_line(place))
        }
        _ => text.to_owned(),
    }
}
