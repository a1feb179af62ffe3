//! Why objects stay, in Spanish: by the code of each reason.

use comity_policy::ReasonCode;

use crate::lang::Lang;

/// Why an object stays, in the reader's language. What a red line says, the parties wrote, and it stays as it is.
pub(crate) fn reason(lang: Lang, code: &str, english: String) -> String {
    if lang == Lang::En || code == ReasonCode::RedLine.as_str() {
        return english;
    }
    match sentence(code) {
        Some(sentence) => sentence.to_owned(),
        None => english,
    }
}

pub(super) fn sentence(code: &str) -> Option<&'static str> {
    Some(match code {
        "agreement-not-begun" => "el acuerdo aún no está vigente",
        "agreement-ended" => "el acuerdo ha concluido",
        "agreement-scope" => "el alcance del acuerdo no incluye inteligencia",
        "third-party" => {
            "procede de una contraparte cuyo consentimiento para este destinatario no consta"
        }
        "tlp-red" => "TLP:RED nunca pasa de una parte a otra",
        "red-line" => "una prohibición absoluta",
        "clause-unknown" => "el acuerdo no tiene tal cláusula",
        "clause-direction" => "la cláusula autoriza a la otra parte",
        "clause-purpose" => "la cláusula no autoriza esta finalidad",
        "clause-kind" => "la cláusula no autoriza este tipo de objeto",
        "clause-tlp" => "su marca de manejo es más estricta de lo que admite la cláusula",
        "clause-grade" => "su grado falta o es menor que el que exige la cláusula",
        "onward-never" => {
            "se recibió para esta sola parte, y ningún consentimiento permite entregarlo a otra"
        }
        "clause-pap" => "su marca PAP es más estricta de lo que admite la cláusula",
        "clause-age" => "es más antiguo de lo que admite la cláusula, o no consta su antigüedad",
        "clause-country" => "se refiere a un lugar fuera de los países de la cláusula",
        "clause-labels" => {
            "le falta una etiqueta que la cláusula exige, o lleva una que la cláusula excluye"
        }
        "clause-origin" => "no es información propia, y la cláusula solo autoriza esa",
        "clause-persons" => {
            "se refiere a una persona física, o repite su nombre, y la cláusula lo excluye"
        }
        "clause-descriptions" => "sin su texto no es nada, y la cláusula excluye las descripciones",
        "clause-use" => "se recibió para otros usos que los de la cláusula",
        "clause-precision" => "con la precisión que admite la cláusula no quedaría nada del lugar",
        "policy-error" => "una regla no pudo evaluarse; por seguridad se excluye",
        "retention-over" => "queda menos de un día del plazo por el que se entregó a esta parte",
        "dangling-reference" => "requiere una referencia a un objeto excluido de la entrega",
        "over-limit" => "es mayor de lo que recibe la contraparte",
        "original-id" | "id-in-text" => {
            "su texto contiene el identificador de un original, que saldría con él"
        }
        "original-unreadable" | "original-not-editable" => "no puede testarse con seguridad",
        "redacted-value-remains" => {
            "un valor testado en esta entrega o en una anterior figura donde no puede sustituirse; exclúyalo también"
        }
        "redacted-value-gone" => {
            "se testó en él un valor de otro objeto que ya no se conserva, por lo que no puede buscarse; excluya ese texto"
        }
        "derivative-invalid" => "sin lo testado el objeto no sería STIX válido",
        _ => return None,
    })
}
