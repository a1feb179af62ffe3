//! One clause in plain sentences.

use comity_model::{Grade, Lang, Onward, Reliability};

use crate::cedar::least_confidence;
use crate::clause::{Clause, Descriptions, OriginTerm, Persons, TimePrecision};
use crate::words::{self, all, any, say};

/// The heading, then a sentence for each term, in the order in which a text states them.
pub(super) fn explain(clause: &Clause, number: usize, lang: Lang, out: &mut Vec<String>) {
    let Clause { id, from, to, .. } = clause;
    out.push(match lang {
        Lang::En => format!("Clause {number}, `{id}`: `{from}` may give information to `{to}`."),
        Lang::Es => {
            format!("Cláusula {number}, `{id}`: `{from}` puede entregar información a `{to}`.")
        }
    });
    let mut line = |text: String| out.push(format!("- {text}."));
    what(clause, lang, &mut line);
    selection(clause, lang, &mut line);
    redaction(clause, lang, &mut line);
    handling(clause, lang, &mut line);
}

/// Purposes, types, labels, grade.
fn what(clause: &Clause, lang: Lang, line: &mut impl FnMut(String)) {
    let say = |english, spanish| say(lang, english, spanish);
    line(format!("{} {}", say("For", "Para"), any(lang, &clause.purposes)));
    line(format!("{}: {}", say("Of these types", "De estos tipos"), all(lang, &clause.kinds)));
    let tlp = words::label("TLP", clause.max_tlp.as_str());
    line(format!("{} {tlp}", say("With a TLP label of at most", "Con una marca TLP de hasta")));
    if let Some(pap) = clause.max_pap {
        let pap = words::label("PAP", pap.as_str());
        line(match lang {
            Lang::En => {
                format!("With a PAP label of at most {pap}; what has none counts as PAP:CLEAR")
            }
            Lang::Es => format!(
                "Con una marca PAP de hasta {pap}; lo que no lleva ninguna cuenta como PAP:CLEAR"
            ),
        });
    }
    if let Some(grade) = clause.min_grade {
        line(graded(grade, lang) + &ungraded(clause, grade, lang));
    }
}

/// What becomes of an object without a grade.
fn ungraded(clause: &Clause, grade: Grade, lang: Lang) -> String {
    if !clause.takes_confidence() {
        let stays = say(lang, "what has no grade stays", "lo que no tiene grado queda excluido");
        return stays.to_owned();
    }
    let least = least_confidence(grade.credibility);
    match lang {
        Lang::En => format!(
            "what has no grade goes if its `confidence` is {least} or more, and stays if it has none"
        ),
        Lang::Es => format!(
            "lo que no tiene grado se entrega si su `confidence` es de {least} o más, y queda excluido si no la tiene"
        ),
    }
}

fn graded(grade: Grade, lang: Lang) -> String {
    let source = match grade.reliability {
        Reliability::A => say(lang, "completely reliable", "totalmente confiable"),
        Reliability::B => say(lang, "usually reliable", "normalmente confiable"),
        Reliability::C => say(lang, "fairly reliable", "medianamente confiable"),
        Reliability::D => say(lang, "not usually reliable", "normalmente no confiable"),
        Reliability::E => say(lang, "unreliable", "no confiable"),
        Reliability::F => say(lang, "of any reliability", "de cualquier confiabilidad"),
    };
    let information = match grade.credibility.digit() {
        1 => say(lang, "confirmed", "confirmada"),
        2 => say(lang, "probably true", "probablemente cierta"),
        3 => say(lang, "possibly true", "posiblemente cierta"),
        4 => say(lang, "doubtful", "dudosa"),
        5 => say(lang, "improbable", "improbable"),
        _ => say(lang, "of any credibility", "de cualquier credibilidad"),
    };
    match lang {
        Lang::En => format!(
            "With a grade of at least {grade}: a source that is {source} or better, information that is {information} or better; "
        ),
        Lang::Es => format!(
            "Con un grado de al menos {grade}: fuente {source} o mejor, información {information} o mejor; "
        ),
    }
}

/// Age, place, labels, origin.
fn selection(clause: &Clause, lang: Lang, line: &mut impl FnMut(String)) {
    if let Some(days) = clause.max_age_days {
        let days = words::days(lang, days);
        line(match lang {
            Lang::En => format!("Not older than {days}; what is of unknown age stays"),
            Lang::Es => format!(
                "Con una antigüedad máxima de {days}; aquello cuya antigüedad no consta queda excluido"
            ),
        });
    }
    if !clause.countries.is_empty() {
        let countries = any(lang, &clause.countries);
        line(match lang {
            Lang::En => format!("What is about a place must be about {countries}"),
            Lang::Es => format!("Lo que se refiere a un lugar debe referirse a {countries}"),
        });
    }
    if !clause.labels.any.is_empty() {
        let labels = any(lang, &clause.labels.any);
        let only = say(lang, "Only with the label", "Solo con la etiqueta");
        line(format!("{only} {labels}"));
    }
    if !clause.labels.none.is_empty() {
        let labels = any(lang, &clause.labels.none);
        let never = say(lang, "Never with the label", "Nunca con la etiqueta");
        line(format!("{never} {labels}"));
    }
    if clause.origin == OriginTerm::Own {
        let party = &clause.from;
        let alone = words::origin(lang, clause.origin);
        line(match lang {
            Lang::En => format!("`{party}` gives {alone}"),
            Lang::Es => format!("`{party}` entrega {alone}"),
        });
    }
}

/// What is changed before it goes.
fn redaction(clause: &Clause, lang: Lang, line: &mut impl FnMut(String)) {
    if clause.persons != Persons::Allow {
        line(capital(words::persons(lang, clause.persons)));
    }
    if clause.descriptions == Descriptions::Withhold {
        line(match lang {
            Lang::En => {
                "Descriptions are removed; a note, which is nothing without its text, stays"
                    .to_owned()
            }
            Lang::Es => {
                "Las descripciones se testan; una nota, que sin su texto no es nada, queda excluida"
                    .to_owned()
            }
        });
    }
    if !clause.redact.is_empty() {
        let removed = say(lang, "Removed before anything leaves", "Se testa antes de entregar");
        line(format!("{removed}: {}", all(lang, &clause.redact)));
    }
    if clause.precision.location.is_some() {
        let place = words::place(lang, clause.precision.location);
        line(format!("{} {place}", say(lang, "Places go", "Los lugares se entregan")));
    }
    if clause.precision.time == Some(TimePrecision::Day) {
        line(
            say(
                lang,
                "Times go exact to the day, in UTC",
                "Las fechas y horas se entregan con precisión de día, en UTC",
            )
            .to_owned(),
        );
    }
}

/// What binds the receiver, and who approves.
fn handling(clause: &Clause, lang: Lang, line: &mut impl FnMut(String)) {
    let to = &clause.to;
    let onward = words::onward(lang, clause.onward);
    line(match lang {
        Lang::En => format!("`{to}` may pass it on to {onward}"),
        Lang::Es if clause.onward == Onward::Never => {
            format!("`{to}` no puede transmitirla a {onward}")
        }
        Lang::Es => format!("`{to}` puede transmitirla a {onward}"),
    });
    let uses = words::and(
        lang,
        clause.use_codes.iter().map(|it| format!("`{it}` ({})", words::use_code(lang, *it))),
    );
    line(match lang {
        Lang::En => format!("`{to}` may use it as {uses}"),
        Lang::Es => format!("`{to}` puede usarla como {uses}"),
    });
    let kept = words::days(lang, clause.retention_days);
    line(match lang {
        Lang::En => format!("`{to}` keeps it for {kept} from reception and then purges it"),
        Lang::Es => {
            format!("`{to}` la conserva {kept} a partir de su recepción y después la elimina")
        }
    });
    let approval = words::approval(lang, clause.approval);
    let composer = if clause.composer_may_approve {
        say(
            lang,
            "; whoever composed the release may approve it",
            "; quien preparó la entrega puede aprobarla",
        )
    } else {
        say(
            lang,
            "; whoever composed the release may not approve it",
            "; quien preparó la entrega no puede aprobarla",
        )
    };
    line(match lang {
        Lang::En => format!("Each release is approved by {approval}{composer}"),
        Lang::Es => format!("Cada entrega requiere {approval}{composer}"),
    });
    if !clause.legal_basis.is_empty() {
        let bases = super::listed(&clause.legal_basis, lang);
        line(format!("{}: {bases}", say(lang, "Its own legal basis", "Fundamento propio")));
    }
}

fn capital(text: &str) -> String {
    let mut characters = text.chars();
    let first = characters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(characters).collect()
}
