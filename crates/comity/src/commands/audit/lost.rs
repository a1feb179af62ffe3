//! What a node knows that it lost, for whoever looks through what is left.

use comity_exchange::audit::Lost;

use crate::ctx::{Ctx, Names};
use crate::output::{on_one_line, table};

/// What is lost, in words; `None` where nothing is known to be.
pub(super) fn said(ctx: &Ctx, names: &Names, lost: &Lost) -> Option<String> {
    if lost.is_empty() {
        return None;
    }
    let title = ctx.say(
        "Known to be LOST here, so that nothing can be told of it",
        "Consta que aquí SE PERDIÓ, y nada puede decirse de ello",
    );
    let mut parts = vec![title.to_owned()];
    if !lost.statements.is_empty() {
        let heading = [
            ctx.say("from", "de"),
            ctx.say("to", "para"),
            ctx.say("agreement", "acuerdo"),
            ctx.say("epoch", "época"),
            ctx.say("statements", "declaraciones"),
        ];
        let rows = lost.statements.iter().map(|it| {
            let (from, to) = (names.name(it.from), names.name(it.to));
            let range = range(it.first, it.last);
            [from, to, it.agreement.to_string(), it.epoch.to_string(), range]
        });
        parts.push(table(&heading, rows));
    }
    for it in &lost.journal {
        let signed = it.signed;
        let text = match it.line {
            Some(line) => format!(
                "{} {signed} {} {line}",
                ctx.say(
                    "lines of the journal: it was signed with",
                    "líneas de la bitácora interna: se firmó con"
                ),
                ctx.say(
                    "before an older copy took its place; what was put back goes on at line",
                    "antes de que una copia anterior ocupara su lugar; lo repuesto continúa en la línea"
                ),
            ),
            None => format!(
                "{} {signed}; {}",
                ctx.say(
                    "lines of the journal: it was signed with",
                    "líneas de la bitácora interna: se firmó con"
                ),
                ctx.say("it is not that one", "no es esa")
            ),
        };
        parts.push(text);
    }
    if !lost.unasked.is_empty() {
        let partners: Vec<String> = lost.unasked.iter().map(|it| names.name(*it)).collect();
        parts.push(on_one_line(&format!(
            "{} {}",
            ctx.say(
                "there may be more, which is known when these have said what they have:",
                "puede haber más, lo que se sabrá cuando digan qué tienen:"
            ),
            partners.join(", ")
        )));
    }
    Some(parts.join("\n"))
}

/// `7`, or `7-9`.
pub(super) fn range(first: u64, last: u64) -> String {
    if first == last { first.to_string() } else { format!("{first}-{last}") }
}
