//! What is wrong with an agreement's text, in Spanish.

use comity_policy::ErrorCode;

use super::detailed;

/// Why a line of an agreement is refused, with the English particulars behind it.
pub(crate) fn agreement_error(code: ErrorCode, english: &str) -> String {
    match agreement_sentence(code.as_str()) {
        Some(sentence) => detailed(sentence, english),
        None => english.to_owned(),
    }
}

pub(super) fn agreement_sentence(code: &str) -> Option<&'static str> {
    Some(match code {
        "syntax" => "el texto no es TOML",
        "too-large" => "el texto, una lista o un valor excede lo que admite el lenguaje",
        "hidden-character" => "un carácter que no se ve o que cambia el sentido de la lectura",
        "unknown-field" => "un campo que el lenguaje no tiene",
        "missing-field" => "falta un campo obligatorio",
        "wrong-type" => "el campo lleva otro tipo de valor",
        "empty-text" => "un texto vacío donde debe decirse algo",
        "duplicate-value" => "el mismo valor dos veces en una lista",
        "empty-list" => "una lista vacía que debe nombrar algo",
        "unknown-language" => "el lenguaje no es `comity-agreement/1`",
        "operations-unrepresentable" => {
            "el alcance nombra operaciones conjuntas, que ningún acuerdo puede expresar"
        }
        "unknown-scope" => "el alcance solo admite `intelligence` y `technical-support`",
        "bad-id" => "no es el identificador de un acuerdo",
        "out-of-range" => "un número fuera de su intervalo",
        "bad-date" => "no es una fecha del calendario",
        "period-reversed" => "el periodo termina antes de comenzar",
        "not-two-parties" => "no son exactamente dos partes",
        "same-root" => "ambas partes tienen la misma raíz",
        "bad-handle" => "no es la clave de una parte",
        "bad-root" => "no es la raíz de una parte",
        "unknown-party" => "una cláusula nombra una parte que el acuerdo no tiene",
        "same-party" => "una cláusula va de una parte a ella misma",
        "no-clause" => "no hay ninguna cláusula",
        "duplicate-clause" => "dos cláusulas con el mismo identificador",
        "unknown-clause" => "una cuota nombra una cláusula que el acuerdo no tiene",
        "bad-clause-id" => "no es el identificador de una cláusula",
        "bad-purpose" => "no es una finalidad",
        "bad-kind" => "no es el nombre de un tipo STIX",
        "bad-tlp" => "no es una marca TLP",
        "tlp-red" => "TLP:RED es para personas nombradas y nunca pasa de una parte a otra",
        "bad-grade" => "no es un grado",
        "bad-redact-path" => "no es una propiedad de un tipo, como `location.street_address`",
        "redact-kind" => "se testa un tipo que la cláusula no entrega",
        "redact-required" => "se testa una propiedad sin la cual no hay objeto",
        "bad-pap" => "no es una marca PAP",
        "bad-country" => "no es la clave de un país",
        "bad-origin" => "no es una regla sobre el origen",
        "bad-persons" => "no es una regla sobre los nombres de personas",
        "bad-descriptions" => "no es una regla sobre las descripciones",
        "bad-precision" => "no es una precisión",
        "bad-onward" => "no es una regla de transmisión ulterior",
        "bad-use" => "no es un uso",
        "bad-approval" => "no es una forma de aprobación",
        "bad-urgency" => "no es una urgencia",
        "duplicate-rule" => {
            "dos plazos para una urgencia, o dos cuotas para una cláusula y periodo"
        }
        "bad-act" => "no es un acto para el que pueda darse un motivo",
        "bad-reason-id" => "no es el identificador de un motivo",
        "duplicate-reason" => "dos motivos con el mismo identificador",
        "standing-approval" => {
            "una aprobación permanente para lo que un responsable debe ver cada vez: un inmueble o una persona física"
        }
        "bad-period" => "no es el periodo de una cuota",
        "when-syntax" => "la condición de una prohibición absoluta no es una expresión de Cedar",
        "when-operator" => {
            "la condición de una prohibición absoluta usa algo que el lenguaje no admite"
        }
        "when-type" => {
            "la condición de una prohibición absoluta no corresponde a lo que se sabe de un objeto"
        }
        _ => return None,
    })
}
