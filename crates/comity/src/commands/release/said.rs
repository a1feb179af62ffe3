//! Releases in words.

use comity_exchange::ports::Verdict;

use super::Line;
use crate::ctx::Ctx;
use crate::lang::Lang;
use crate::output::{short, table};

/// How far a release is.
pub(super) fn state_word(lang: Lang, state: &str) -> &str {
    match (lang, state) {
        (Lang::En, "settled-partial") => "settled in part",
        (Lang::Es, "composed") => "preparada",
        (Lang::Es, "approved") => "aprobada",
        (Lang::Es, "sealed") => "sellada",
        (Lang::Es, "delivered") => "en poder del destinatario",
        (Lang::Es, "receipted") => "con acuse de recibo",
        (Lang::Es, "settled") => "concluida",
        (Lang::Es, "settled-partial") => "concluida en parte",
        (Lang::Es, "refused") => "rechazada",
        (_, word) => word,
    }
}

/// What became of a statement.
pub(crate) fn outcome_word(lang: Lang, outcome: &str) -> &str {
    match (lang, outcome) {
        (Lang::En, "partial") => "admitted in part",
        (Lang::Es, "admitted") => "admitida",
        (Lang::Es, "partial") => "admitida en parte",
        (Lang::Es, "refused") => "rechazada",
        (_, word) => word,
    }
}

const fn verdict_word(lang: Lang, verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Released => lang.pick("released", "se entrega"),
        Verdict::Redacted => lang.pick("redacted", "testado"),
        Verdict::Withheld => lang.pick("withheld", "excluido de la entrega"),
    }
}

/// What was decided about each object, and why.
pub(super) fn preview_table(ctx: &Ctx, lines: &[Line]) -> String {
    let heading = [
        ctx.say("decision", "determinación"),
        ctx.say("object", "objeto"),
        ctx.say("name", "nombre"),
        ctx.say("taken out, or why it stays", "testado, o por qué se excluye"),
    ];
    let rows = lines.iter().map(|line| {
        let reasons = line.reasons.iter().map(|it| format!("{} ({})", it.text, it.policy));
        let details: Vec<String> = line.redacted.iter().cloned().chain(reasons).collect();
        [
            verdict_word(ctx.lang, line.verdict).to_owned(),
            line.id.clone(),
            short(line.name.as_deref().unwrap_or_default(), 40),
            short(&details.join("; "), 120),
        ]
    });
    table(&heading, rows)
}
