//! The words of an agreement as people say them, in English and in Spanish.

use std::fmt::Display;

use comity_model::{Lang, Onward, UseCode};

use crate::agreement::{Period, Scope, Urgency};
use crate::clause::{Approval, Descriptions, LocationPrecision, OriginTerm, Persons};
use crate::grounds::Act;

/// One of two texts.
pub(crate) const fn say<'a>(lang: Lang, english: &'a str, spanish: &'a str) -> &'a str {
    match lang {
        Lang::En => english,
        Lang::Es => spanish,
    }
}

/// A word of the agreement, as it is written.
pub(crate) fn quoted(word: impl Display) -> String {
    format!("`{word}`")
}

/// Texts as a sentence lists them: `a`, `b` and `c`.
pub(crate) fn and(lang: Lang, items: impl IntoIterator<Item = String>) -> String {
    join(items, say(lang, "and", "y"), lang)
}

/// As [`and`], for what one of is enough.
pub(crate) fn or(lang: Lang, items: impl IntoIterator<Item = String>) -> String {
    join(items, say(lang, "or", "o"), lang)
}

fn join(items: impl IntoIterator<Item = String>, word: &str, lang: Lang) -> String {
    let mut items: Vec<String> = items.into_iter().collect();
    let Some(last) = items.pop() else { return String::new() };
    if items.is_empty() {
        return last;
    }
    let sound = last.trim_start_matches(['`', '"']).to_lowercase();
    let word = match (lang, word) {
        (Lang::Es, "y") if sound.starts_with('i') => "e",
        (Lang::Es, "o") if sound.starts_with('o') => "u",
        _ => word,
    };
    format!("{} {word} {last}", items.join(", "))
}

/// The words of a set, in backticks.
pub(crate) fn all<T: Display>(lang: Lang, items: impl IntoIterator<Item = T>) -> String {
    and(lang, items.into_iter().map(quoted))
}

/// The words of a set of which one is enough, in backticks.
pub(crate) fn any<T: Display>(lang: Lang, items: impl IntoIterator<Item = T>) -> String {
    or(lang, items.into_iter().map(quoted))
}

/// A number of days.
pub(crate) fn days(lang: Lang, days: u32) -> String {
    match (lang, days) {
        (Lang::En, 1) => "1 day".to_owned(),
        (Lang::En, _) => format!("{days} days"),
        (Lang::Es, 1) => "1 día".to_owned(),
        (Lang::Es, _) => format!("{days} días"),
    }
}

/// A number of hours.
pub(crate) fn hours(lang: Lang, hours: u32) -> String {
    match (lang, hours) {
        (Lang::En, 1) => "1 hour".to_owned(),
        (Lang::En, _) => format!("{hours} hours"),
        (Lang::Es, 1) => "1 hora".to_owned(),
        (Lang::Es, _) => format!("{hours} horas"),
    }
}

/// A TLP or PAP label, as it is shown.
pub(crate) fn label(system: &str, word: &str) -> String {
    format!("{system}:{}", word.to_uppercase())
}

pub(crate) const fn scope(lang: Lang, scope: Scope) -> &'static str {
    match scope {
        Scope::Intelligence => say(lang, "exchange information", "intercambiar información"),
        Scope::TechnicalSupport => {
            say(lang, "give each other technical support", "prestarse asesoría técnica")
        }
    }
}

pub(crate) const fn urgency(lang: Lang, urgency: Urgency) -> &'static str {
    match urgency {
        Urgency::Urgent => say(lang, "urgent", "urgente"),
        Urgency::Priority => say(lang, "priority", "prioritaria"),
        Urgency::Routine => say(lang, "routine", "ordinaria"),
    }
}

pub(crate) const fn period(lang: Lang, period: Period) -> &'static str {
    match period {
        Period::Day => say(lang, "a day", "por día"),
        Period::Month => say(lang, "a calendar month", "por mes calendario"),
    }
}

pub(crate) const fn act(lang: Lang, act: Act) -> &'static str {
    match act {
        Act::Release => say(lang, "a release", "una entrega"),
        Act::Refusal => say(lang, "a refusal", "una negativa"),
        Act::Answer => say(lang, "an answer", "una respuesta"),
        Act::Purge => say(lang, "a purge", "una eliminación"),
        Act::Recall => say(lang, "a recall", "una solicitud de retiro"),
    }
}

pub(crate) const fn approval(lang: Lang, approval: Approval) -> &'static str {
    match approval {
        Approval::Standing => say(
            lang,
            "a standing approval that an officer signed beforehand",
            "una aprobación permanente que un responsable firmó de antemano",
        ),
        Approval::OnePerson => {
            say(lang, "one officer", "la aprobación de un responsable de entregas")
        }
        Approval::TwoPerson => say(
            lang,
            "two different officers",
            "la aprobación de dos responsables de entregas distintos",
        ),
    }
}

pub(crate) const fn onward(lang: Lang, onward: Onward) -> &'static str {
    match onward {
        Onward::Never => say(lang, "nobody", "nadie"),
        Onward::Units => say(
            lang,
            "its own national units alone",
            "sus propias instancias nacionales, y a nadie más",
        ),
        Onward::OriginatorConsent => say(
            lang,
            "its own national units and, with the originator's consent, third parties",
            "sus propias instancias nacionales y, con el consentimiento de quien la originó, a terceros",
        ),
    }
}

pub(crate) const fn use_code(lang: Lang, code: UseCode) -> &'static str {
    match code {
        UseCode::IntelligenceOnly => {
            say(lang, "to inform, never as evidence", "para informar, nunca como prueba")
        }
        UseCode::Judicial => say(lang, "also before a court", "también ante un tribunal"),
    }
}

pub(crate) const fn origin(lang: Lang, origin: OriginTerm) -> &'static str {
    match origin {
        OriginTerm::Own => {
            say(lang, "its own information alone", "únicamente su información propia")
        }
        OriginTerm::Any => say(
            lang,
            "its own information and, with the originator's consent, what others gave it",
            "su información propia y, con el consentimiento de quien la originó, la que otros le entregaron",
        ),
    }
}

pub(crate) const fn persons(lang: Lang, persons: Persons) -> &'static str {
    match persons {
        Persons::Allow => {
            say(lang, "names of persons go as they stand", "los nombres de personas se entregan")
        }
        Persons::Pseudonym => say(
            lang,
            "names of natural persons are replaced by pseudonyms",
            "los nombres de personas físicas se sustituyen por seudónimos",
        ),
        Persons::Withhold => say(
            lang,
            "nothing about a natural person is given",
            "no se entrega nada sobre personas físicas",
        ),
    }
}

pub(crate) const fn descriptions(lang: Lang, descriptions: Descriptions) -> &'static str {
    match descriptions {
        Descriptions::Allow => {
            say(lang, "descriptions go as they stand", "las descripciones se entregan")
        }
        Descriptions::Withhold => {
            say(lang, "descriptions are removed", "las descripciones se testan")
        }
    }
}

pub(crate) const fn place(lang: Lang, precision: Option<LocationPrecision>) -> &'static str {
    match precision {
        None => say(lang, "as exact as they are", "con toda su exactitud"),
        Some(LocationPrecision::Admin1) => say(
            lang,
            "exact to the state, province or department, where that is written as its ISO 3166-2 code, without their name and whatever else says more",
            "con precisión de entidad federativa, provincia o departamento, si está escrito con su código ISO 3166-2, sin su nombre ni nada que diga más",
        ),
        Some(LocationPrecision::Country) => say(
            lang,
            "exact to the country, without their name and whatever else says more",
            "con precisión de país, sin su nombre ni nada que diga más",
        ),
    }
}
