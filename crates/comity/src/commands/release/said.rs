//! Releases in words.

use comity_exchange::ports::Verdict;

use super::body::{Line, Whole};
use crate::commands::reasons::{Reasons, grounds_lines};
use crate::ctx::Ctx;
use crate::lang::Lang;
use crate::output::{fields, short, table, time};

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
        (Lang::Es, "stale") => "sin efecto",
        (_, word) => word,
    }
}

/// How far a release is, with the code that says why it can't go on.
pub(super) fn state_and_why(lang: Lang, state: &str, reason: Option<&str>) -> String {
    let word = state_word(lang, state);
    reason.map_or_else(|| word.to_owned(), |code| format!("{word} [{code}]"))
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
        ctx.say("outcome", "resultado"),
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

/// A release in all its parts.
pub(super) fn said(ctx: &Ctx, body: &Whole, reasons: &Reasons) -> String {
    let summary = &body.summary;
    let mut lines = vec![
        (ctx.say("release", "entrega"), format!("{} ({})", summary.folio, summary.release)),
        (ctx.say("state", "estado"), state_and_why(ctx.lang, summary.state, summary.reason)),
        (ctx.say("to", "para"), summary.to.clone()),
        (ctx.say("clause", "cláusula"), summary.clause.clone()),
        (ctx.say("purpose", "finalidad"), summary.purpose.clone()),
    ];
    lines.extend(grounds_lines(ctx, &summary.grounds, reasons));
    lines.extend([
        (ctx.say("objects", "objetos"), summary.objects.to_string()),
        (ctx.say("of them redacted", "de ellos testados"), summary.redacted.to_string()),
        (ctx.say("withheld", "excluidos de la entrega"), body.withheld.to_string()),
        (ctx.say("digest", "resumen"), summary.digest.to_string()),
        (
            ctx.say("composed", "preparada"),
            format!("{}, {}", time(summary.composed_at), body.composer),
        ),
    ]);
    for approval in &body.approvals {
        let office = approval.office.as_deref().unwrap_or_default();
        let approved = format!("{}, {} ({office})", time(approval.at), approval.name);
        lines.push((ctx.say("approved", "aprobada"), approved));
    }
    if let Some(statement) = &body.statement {
        lines.push((ctx.say("statement", "declaración"), statement.to_string()));
    }
    if let Some(receipt) = &body.receipt {
        let why = receipt.code.as_deref().map(|code| format!(" [{code}]")).unwrap_or_default();
        let text = format!(
            "{}, {}{why}: {} {}, {} {}",
            time(receipt.received_at),
            outcome_word(ctx.lang, receipt.outcome),
            receipt.admitted,
            ctx.say("admitted", "admitidos"),
            receipt.refused,
            ctx.say("refused", "rechazados")
        );
        lines.push((ctx.say("receipt", "acuse de recibo"), text));
    }
    format!("{}\n\n{}", fields(&lines), preview_table(ctx, &body.preview))
}
