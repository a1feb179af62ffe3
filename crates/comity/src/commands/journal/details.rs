//! The details of a line of the journal, as people read them; programs read the JSON.

use comity_model::PartyRoot;
use serde_json::Value;

use crate::commands::inbox::kind_word;
use crate::lang::Lang;
use crate::output::yes_no;

/// The Spanish for the name of each detail.
const NAMES: &[(&str, &str)] = &[
    ("about", "sobre"),
    ("account", "cuenta"),
    ("act", "acto"),
    ("action", "acción"),
    ("address", "dirección"),
    ("admitted", "admitidos"),
    ("again", "reitera"),
    ("agreement", "acuerdo"),
    ("ahead_days", "días de adelanto"),
    ("among", "entre"),
    ("apart", "aparte"),
    ("at", "fecha"),
    ("attachments", "anexos"),
    ("backup", "respaldo"),
    ("bundle", "paquete"),
    ("by_file", "por archivo"),
    ("bytes", "bytes"),
    ("ceiling", "tope diario"),
    ("changed", "cambió"),
    ("channel", "canal"),
    ("cited", "citada"),
    ("clause", "cláusula"),
    ("code", "código"),
    ("collection", "colección"),
    ("collections", "colecciones"),
    ("consent", "consentimiento"),
    ("consumed", "procesadas"),
    ("cosigned", "refrendadas"),
    ("days", "días"),
    ("decision", "determinación"),
    ("derivative", "derivado"),
    ("digest", "resumen"),
    ("drawn", "elegidos"),
    ("entries", "asientos"),
    ("epoch", "época"),
    ("exercise", "ejercicio"),
    ("expires_at", "vence"),
    ("file", "archivo"),
    ("files", "archivos"),
    ("first_of_several", "primera de varias"),
    ("folder", "carpeta"),
    ("folio", "folio"),
    ("follows", "sigue a"),
    ("found", "hallazgos"),
    ("from", "desde"),
    ("gone", "ya no estaban"),
    ("grade", "grado"),
    ("grounds", "fundamento y motivación"),
    ("handle", "clave de la parte"),
    ("held", "en espera o conservación"),
    ("here", "aquí"),
    ("hours", "horas"),
    ("id", "identificador"),
    ("ids", "identificadores"),
    ("in_reply_to", "en respuesta a"),
    ("indicator", "indicador"),
    ("keys", "claves"),
    ("kind", "clase"),
    ("last", "último"),
    ("late", "fuera de plazo"),
    ("left_out", "omitidos"),
    ("legal_basis", "fundamento"),
    ("made_at", "hecho el"),
    ("missing", "faltan"),
    ("named", "nombrados"),
    ("new", "nuevos"),
    ("note", "corte firmado"),
    ("object", "objeto"),
    ("objects", "objetos"),
    ("office", "área"),
    ("officer", "responsable"),
    ("onward", "transmitido"),
    ("other", "otro"),
    ("outcome", "resultado"),
    ("parties", "partes"),
    ("partner", "contraparte"),
    ("per_minute", "por minuto"),
    ("position", "posición"),
    ("pouch", "valija"),
    ("proposal", "propuesta"),
    ("purged", "eliminados"),
    ("purpose", "finalidad"),
    ("query", "consulta"),
    ("read", "lectura"),
    ("reasons", "motivación"),
    ("recall", "solicitud de retiro"),
    ("received_at", "recepción"),
    ("redacted", "testados"),
    ("refused", "rechazados"),
    ("rejected", "no admitidos"),
    ("release", "entrega"),
    ("releases", "entregas"),
    ("repeated", "repetidas"),
    ("report", "informe"),
    ("role", "función"),
    ("root", "raíz"),
    ("seconds", "segundos"),
    ("seed", "semilla"),
    ("sequence", "secuencia"),
    ("serial", "número de serie"),
    ("sightings", "avistamientos"),
    ("signed", "firmado"),
    ("signed_by_partner", "firmado por la contraparte"),
    ("signed_here", "firmado aquí"),
    ("size", "tamaño"),
    ("software", "programa"),
    ("sought", "solicitado"),
    ("source", "origen"),
    ("standing", "aprobación permanente"),
    ("stands", "consta"),
    ("statement", "declaración"),
    ("subject", "asunto"),
    ("template", "plantilla"),
    ("text", "texto"),
    ("there", "allá"),
    ("third_party", "tercero"),
    ("thresholds", "umbrales"),
    ("title", "denominación"),
    ("to", "para"),
    ("token", "token"),
    ("told", "avisadas"),
    ("topic", "materia"),
    ("unit", "instancia nacional"),
    ("units", "instancias nacionales"),
    ("until", "hasta"),
    ("urgency", "urgencia"),
    ("use", "uso"),
    ("verb", "acción"),
    ("version", "versión"),
    ("via", "por conducto de"),
    ("why", "porque"),
    ("withheld", "excluidos"),
    ("words", "palabras"),
    ("writable", "admite escritura"),
    ("write", "escritura"),
];

/// Who reads, and what parties are called there.
pub(super) struct Reader<'a> {
    pub(super) lang: Lang,
    pub(super) party: &'a dyn Fn(PartyRoot) -> String,
}

impl Reader<'_> {
    /// The details in a line: `clause: c1, objects: 7`. What is null or empty is left out; what stands inside another
    /// thing stands in brackets.
    pub(super) fn said(&self, details: &Value) -> String {
        let Value::Object(all) = details else { return self.inside(details) };
        let filled = all.iter().filter(|(_, value)| !is_empty(value));
        let said = filled.map(|(name, value)| {
            format!("{}: {}", label(self.lang, name), self.of_detail(name, value))
        });
        said.collect::<Vec<_>>().join(", ")
    }

    fn of_detail(&self, name: &str, value: &Value) -> String {
        match (name, value) {
            ("kind", Value::String(kind)) => kind_word(self.lang, kind),
            ("outcome" | "decision", Value::String(word)) => outcome(self.lang, word).to_owned(),
            _ => self.inside(value),
        }
    }

    fn inside(&self, value: &Value) -> String {
        match value {
            Value::Null => String::new(),
            Value::Bool(yes) => yes_no(self.lang, *yes).to_owned(),
            Value::Number(number) => number.to_string(),
            Value::String(text) => text.parse().map_or_else(|_| text.clone(), self.party),
            Value::Array(all) => {
                all.iter().map(|it| self.inside(it)).collect::<Vec<_>>().join("; ")
            }
            Value::Object(_) => format!("({})", self.said(value)),
        }
    }
}

fn label(lang: Lang, name: &str) -> String {
    let spanish = || NAMES.iter().find(|(known, _)| *known == name).map(|(_, it)| *it);
    match (lang, spanish()) {
        (Lang::Es, Some(spanish)) => spanish.to_owned(),
        _ => name.replace('_', " "),
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(all) => all.is_empty(),
        Value::Object(all) => all.values().all(is_empty),
        _ => false,
    }
}

fn outcome(lang: Lang, word: &str) -> &str {
    match (lang, word) {
        (Lang::Es, "accepted") => "aceptada",
        (Lang::Es, "admitted") => "admitida",
        (Lang::Es, "complete") => "completa",
        (Lang::Es, "declined") => "no aceptada",
        (Lang::Es, "denied") => "negado",
        (Lang::Es, "done") => "atendida",
        (Lang::Es, "granted") => "otorgado",
        (Lang::Es, "held") => "en conservación por mandato legal",
        (Lang::Es, "partial") => "en parte",
        (Lang::Es, "refused") => "rechazada",
        (Lang::Es, "withdrawn") => "retirado",
        (_, word) => word,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::{Path, PathBuf};

    use serde_json::json;

    use super::*;

    #[test]
    fn details_are_read_as_words_in_either_language_and_nothing_empty_is_said() {
        let details = json!({
            "kind": "consent-answer", "outcome": "held", "late": false, "about": null, "attachments": [],
            "onward": {"parties": 2, "told": 1}, "releases": ["a", "b"], "why": {"recall": null},
        });
        let party =
            |root: PartyRoot| if root.to_string().ends_with('5') { "mx" } else { "us" }.to_owned();
        let [spanish, english] = [Lang::Es, Lang::En].map(|lang| Reader { lang, party: &party });
        let other = spanish.said(&json!({ "partner": format!("sha256:{}", "5".repeat(64)) }));
        assert_eq!(other, "contraparte: mx");
        assert_eq!(english.said(&json!({ "signed_here": true })), "signed here: yes");
        assert_eq!(spanish.said(&json!({})), "");
        let spanish = spanish.said(&details);
        for words in [
            "clase: respuesta sobre el consentimiento",
            "resultado: en conservación por mandato legal",
            "fuera de plazo: no",
            "transmitido: (partes: 2, avisadas: 1)",
            "entregas: a; b",
        ] {
            assert!(spanish.contains(words), "{spanish}");
        }
        for nothing in ["sobre:", "anexos", "porque", "{", "[", "null"] {
            assert!(!spanish.contains(nothing), "{spanish}");
        }
    }

    /// What stands as a name in the details that the use cases write.
    fn written(path: &Path, names: &mut BTreeSet<String>) {
        if path.is_dir() {
            let entries = std::fs::read_dir(path).unwrap().map(|it| it.unwrap().path());
            entries.for_each(|it: PathBuf| written(&it, names));
            return;
        }
        let text = std::fs::read_to_string(path).unwrap();
        let parts: Vec<&str> = text.split("json!({").collect();
        for pair in parts.windows(2) {
            let before: String = pair[0].chars().rev().take(160).collect();
            let before: String = before.chars().rev().collect();
            if !before.contains("details") && !before.contains("journal") {
                continue;
            }
            let body = pair[1].split("})").next().unwrap();
            let quoted: Vec<&str> = body.split('"').collect();
            for (at, name) in quoted.iter().enumerate().skip(1).step_by(2) {
                let is_name = name.bytes().all(|it| it.is_ascii_lowercase() || it == b'_');
                if is_name && quoted.get(at + 1).is_some_and(|it| it.starts_with(':')) {
                    names.insert((*name).to_owned());
                }
            }
        }
    }

    #[test]
    fn every_detail_that_is_journalled_has_a_spanish_name() {
        let crates = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        let mut names = BTreeSet::new();
        for folder in ["comity-exchange/src", "comity/src/commands"] {
            written(&crates.join(folder), &mut names);
        }
        assert!(names.len() > 80 && names.contains("legal_basis"), "{names:?}");
        let missing: Vec<_> =
            names.iter().filter(|it| !NAMES.iter().any(|(name, _)| *name == it.as_str())).collect();
        assert!(missing.is_empty(), "{missing:?}");
        for pair in NAMES.windows(2) {
            assert!(pair[0].0 < pair[1].0, "`{}` is out of order", pair[1].0);
        }
    }
}
