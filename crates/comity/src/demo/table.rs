//! The table at the end: what each side holds and can prove.

use super::steps::pick;
use super::tally::{Channel, Direction, Side, Tally};
use crate::lang::Lang;
use crate::output;

/// Draws it.
pub(super) fn draw(tally: &Tally, lang: Lang) -> String {
    [holdings(tally, lang), channels(tally, lang), receipts(tally, lang)].join("\n")
}

fn holdings(tally: &Tally, lang: Lang) -> String {
    let heading = pick(
        lang,
        ["objects", "own", "from the partner", "given to the partner"],
        ["objetos", "propios", "de la contraparte", "entregados a ella"],
    );
    let row = |side: &Side| {
        [
            side.status.handle.clone(),
            side.held_own().to_string(),
            side.held_from_partner().to_string(),
            side.distinct.to_string(),
        ]
    };
    output::table(&heading, [row(&tally.us), row(&tally.mx)])
}

/// One row a channel: what its giver says, and what its mirror says.
fn channels(tally: &Tally, lang: Lang) -> String {
    let heading = pick(
        lang,
        ["record", "kept by", "statements", "root", "cosigned by the partner"],
        ["registro", "en", "declaraciones", "raíz", "refrendadas por la contraparte"],
    );
    let mut rows = Vec::new();
    for (giver, mirror) in [(&tally.us, &tally.mx), (&tally.mx, &tally.us)] {
        let way = way(giver, mirror);
        for (side, direction) in [(giver, Direction::Out), (mirror, Direction::In)] {
            rows.extend(side.status.channels(direction).map(|channel| {
                [
                    way.clone(),
                    side.status.handle.clone(),
                    channel.statements.to_string(),
                    channel
                        .root
                        .as_deref()
                        .map_or_else(|| "-".to_owned(), |it| output::short(it, 23)),
                    channel.cosigned.to_string(),
                ]
            }));
        }
    }
    output::table(&heading, rows)
}

/// What the partner's receipts say of each kind of statement.
fn receipts(tally: &Tally, lang: Lang) -> String {
    let heading = pick(
        lang,
        ["record", "statements", "receipt", "count", "objects admitted", "objects refused"],
        [
            "registro",
            "declaraciones",
            "acuse",
            "cuántas",
            "objetos admitidos",
            "objetos rechazados",
        ],
    );
    let mut rows = Vec::new();
    for (giver, mirror) in [(&tally.us, &tally.mx), (&tally.mx, &tally.us)] {
        let way = way(giver, mirror);
        rows.extend(giver.status.channels(Direction::Out).flat_map(|it| kinds(it, &way, lang)));
    }
    output::table(&heading, rows)
}

fn kinds(channel: &Channel, way: &str, lang: Lang) -> Vec<[String; 6]> {
    let rows = channel.kinds.iter().map(|it| {
        [
            way.to_owned(),
            kind_word(&it.kind, lang).to_owned(),
            outcome_word(it.outcome.as_deref(), lang).to_owned(),
            it.count.to_string(),
            it.admitted.to_string(),
            it.refused.to_string(),
        ]
    });
    rows.collect()
}

fn way(giver: &Side, receiver: &Side) -> String {
    format!("{} → {}", giver.status.handle, receiver.status.handle)
}

fn kind_word(kind: &str, lang: Lang) -> &str {
    if lang == Lang::En {
        return kind;
    }
    match kind {
        "release" => "entrega",
        "receipt" => "acuse de recibo",
        "proposal" => "propuesta",
        "decision" => "determinación",
        "request" => "solicitud",
        "clarification" => "aclaración",
        "answer" => "respuesta",
        "advice" => "asesoría técnica",
        "consent" => "solicitud de consentimiento",
        "consent-answer" => "respuesta de consentimiento",
        "recall" => "solicitud de retiro",
        "recall-answer" => "respuesta de retiro",
        "purge" => "aviso de eliminación",
        "agreement" => "acuerdo",
        "suspension" => "suspensión",
        "termination" => "terminación",
        "checkpoint" => "corte firmado",
        other => other,
    }
}

fn outcome_word(outcome: Option<&str>, lang: Lang) -> &str {
    match (lang, outcome) {
        (Lang::Es, Some("admitted")) => "admitida",
        (Lang::Es, Some("partial")) => "admitida en parte",
        (Lang::Es, Some("refused")) => "rechazada",
        (_, Some(outcome)) => outcome,
        (_, None) => "-",
    }
}
