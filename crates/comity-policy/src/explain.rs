//! An agreement in plain sentences, which a person can hold beside the text that was signed.

mod clause;
mod condition;

use comity_model::Lang;

use crate::agreement::{Agreement, Binds, Quota, RedLine, Urgency};
use crate::grounds::GivenReason;
use crate::words::{self, and, quoted, say};

/// The agreement as plain sentences, a line each, in the order of its tables: the agreement, its parties, the clauses,
/// answer times, quotas, reasons and red lines, each list in the order of the text. Every term that the text states is
/// there; so is what holds where the text says nothing, for the clocks of requests. Texts of the parties stay as they
/// wrote them.
pub fn explain(agreement: &Agreement, lang: Lang) -> String {
    let mut out = Vec::new();
    header(agreement, lang, &mut out);
    for (index, clause) in agreement.clauses.iter().enumerate() {
        out.push(String::new());
        clause::explain(clause, index + 1, lang, &mut out);
    }
    out.push(String::new());
    out.extend(Urgency::ALL.into_iter().map(|urgency| answer_time(agreement, urgency, lang)));
    out.extend(agreement.quotas.iter().map(|it| quota(it, lang)));
    if !agreement.reasons.is_empty() {
        out.push(String::new());
        out.extend(agreement.reasons.iter().map(|it| reason(it, lang)));
    }
    if !agreement.red_lines.is_empty() {
        out.push(String::new());
        let lines = agreement.red_lines.iter().zip(1..);
        out.extend(lines.map(|(line, number)| red_line(line, number, lang)));
    }
    out.join("\n") + "\n"
}

fn header(agreement: &Agreement, lang: Lang, out: &mut Vec<String>) {
    let Agreement { title, version, id, language, in_force, .. } = agreement;
    let (from, until) = (in_force.from, in_force.until);
    let scope = and(lang, agreement.scope.iter().map(|it| words::scope(lang, *it).to_owned()));
    let bases = listed(&agreement.legal_basis, lang);
    let tlp = words::label("TLP", agreement.default_tlp.as_str());
    match lang {
        Lang::En => {
            out.push(format!("\"{title}\""));
            out.push(format!("This is version {version} of {id}, written in {language}."));
            out.push(format!("Under it the parties may {scope}, and nothing else."));
            out.push(match bases.as_str() {
                "" => "It names no legal basis.".to_owned(),
                bases => format!("Its legal basis: {bases}."),
            });
            out.push(format!(
                "It is in force from {from} to {until}, both days included, by the time of UTC."
            ));
            if agreement.binds == Binds::Signatures {
                let sentence = "It binds as soon as both parties signed it, instead of every version before it.";
                out.push(sentence.to_owned());
            }
            out.push(format!("An object without a TLP label is treated as {tlp}."));
        }
        Lang::Es => {
            out.push(format!("«{title}»"));
            out.push(format!(
                "Versión {version} del acuerdo interinstitucional {id}, redactada en {language}."
            ));
            out.push(format!("Conforme a él las partes pueden {scope}, y nada más."));
            out.push(match bases.as_str() {
                "" => "No señala fundamento.".to_owned(),
                bases => format!("Fundamento: {bases}."),
            });
            out.push(format!(
                "Está vigente del {from} al {until}, ambos días inclusive, en hora UTC."
            ));
            if agreement.binds == Binds::Signatures {
                let sentence =
                    "Rige en cuanto ambas partes la firman, en lugar de toda versión anterior.";
                out.push(sentence.to_owned());
            }
            out.push(format!("Un objeto sin marca de manejo TLP se trata como {tlp}."));
        }
    }
    for (handle, root) in &agreement.parties {
        let is = say(lang, "is the party with the root key", "es la parte con la clave raíz");
        out.push(format!("`{handle}` {is} {root}."));
    }
}

fn listed(texts: &[String], lang: Lang) -> String {
    let (open, close) = (say(lang, "\"", "«"), say(lang, "\"", "»"));
    texts.iter().map(|text| format!("{open}{text}{close}")).collect::<Vec<_>>().join("; ")
}

fn answer_time(agreement: &Agreement, urgency: Urgency, lang: Lang) -> String {
    let hours = words::hours(lang, agreement.answer_hours(urgency));
    let stated = agreement.answer_times.iter().any(|it| it.urgency == urgency);
    let word = words::urgency(lang, urgency);
    match (lang, stated) {
        (Lang::En, true) => format!("A request marked {word} is answered within {hours}."),
        (Lang::En, false) => format!(
            "A request marked {word} is answered within {hours}, since the text says nothing else."
        ),
        (Lang::Es, true) => format!("Una solicitud {word} se responde en un plazo de {hours}."),
        (Lang::Es, false) => format!(
            "Una solicitud {word} se responde en un plazo de {hours}, pues el texto no dispone otra cosa."
        ),
    }
}

fn quota(quota: &Quota, lang: Lang) -> String {
    let Quota { clause, objects, per } = quota;
    let per = words::period(lang, *per);
    match lang {
        Lang::En => format!(
            "Under clause `{clause}` at most {objects} objects {per} are given, by the time of UTC."
        ),
        Lang::Es => format!(
            "Conforme a la cláusula `{clause}` se entregan como máximo {objects} objetos {per}, en hora UTC."
        ),
    }
}

fn reason(reason: &GivenReason, lang: Lang) -> String {
    let GivenReason { id, acts, en, es } = reason;
    let acts = words::or(lang, acts.iter().map(|it| words::act(lang, *it).to_owned()));
    match lang {
        Lang::En => format!("Reason `{id}`, for {acts}: \"{en}\"; in Spanish: \"{es}\"."),
        Lang::Es => format!("Motivo `{id}`, para {acts}: «{es}»; en inglés: «{en}»."),
    }
}

fn red_line(line: &RedLine, number: usize, lang: Lang) -> String {
    let condition = condition::in_words(&line.when, lang).unwrap_or_else(|| {
        format!("{}: {}", say(lang, "this is true", "esto es verdadero"), quoted(&line.when))
    });
    match lang {
        Lang::En => format!(
            "Red line {number}, which no clause overrides: \"{}\". It holds for an object if {condition}.",
            line.text
        ),
        Lang::Es => format!(
            "Prohibición absoluta {number}, que ninguna cláusula exceptúa: «{}». Se aplica a un objeto si {condition}.",
            line.text
        ),
    }
}
