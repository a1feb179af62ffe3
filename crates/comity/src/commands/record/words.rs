//! What can be wrong with a log, in both languages.

use comity_exchange::record::Wrong;

use crate::lang::Lang;

/// The sentence for what is wrong in a log that this node keeps.
pub(super) fn wrong(lang: Lang, wrong: Wrong) -> String {
    if lang == Lang::En {
        return wrong.to_string();
    }
    match wrong {
        Wrong::Edge => "el borde derecho del árbol está dañado".to_owned(),
        Wrong::Missing(at) => format!("falta la número {at}"),
        Wrong::Digest(at) => {
            format!("la número {at} no es lo que se escribió: sus bytes tienen otro resumen")
        }
        Wrong::Place(at) => format!("la número {at} no es una declaración de ese lugar"),
        Wrong::Chain(at) => format!("la número {at} no sigue a la declaración anterior"),
        Wrong::Envelope(at) => format!("la número {at} tiene el sobre de otra declaración"),
        Wrong::Signer(at) => format!(
            "la número {at} no está firmada con una clave de su remitente que fuera válida en ese lugar"
        ),
        Wrong::Receipt(at) => {
            format!("la número {at} tiene el acuse de recibo de otra declaración")
        }
        Wrong::Settled(at) => {
            format!("la número {at} consta como concluida, sin acuse de recibo o sin refrendo")
        }
        Wrong::Node { level, index } => {
            format!("el nodo {index} del nivel {level} del árbol falta o es otro")
        }
        Wrong::Signature(size) => format!(
            "el corte firmado de tamaño {size} no puede leerse o no lo firmó quien debe firmarlo"
        ),
        Wrong::Cosignature(size) => {
            format!("los refrendos del corte firmado de tamaño {size} no son válidos")
        }
        Wrong::Root(size) => format!(
            "el árbol tiene en el tamaño {size} otra raíz que el corte que se firmó; conserve ambos"
        ),
        Wrong::Shorter(size) => format!(
            "se firmó un corte de tamaño {size} y aquí hay menos: algo se perdió o se repuso de un respaldo"
        ),
    }
}
