//! What people are told. Writing to a string does not fail.

use std::fmt::Write as _;

use super::{Body, Verdict};
use crate::ctx::Ctx;
use crate::lang::Lang;
use crate::output::{fields, on_one_line, short};

/// Patterns of each outcome that are shown one by one.
const SHOWN: usize = 50;

/// Observations of one match that are shown.
const OBSERVATIONS: usize = 8;

/// The patterns that matched and those that did not, and a summary.
pub(super) fn text(ctx: &Ctx, body: &Body) -> String {
    let mut text = Vec::new();
    for outcome in [Some(true), None, Some(false)] {
        let mut all = body.patterns.iter().filter(|it| it.matched == outcome);
        text.extend(all.by_ref().take(SHOWN).map(|it| line(ctx, it)));
        let rest = all.count();
        if rest > 0 {
            let word = word(ctx, outcome);
            text.push(match ctx.lang {
                Lang::En => format!("... and {rest} more: {word}"),
                Lang::Es => format!("... y {rest} más: {word}"),
            });
        }
    }
    if body.observations == 0 {
        text.push(nothing(ctx).to_owned());
    }
    let matched = body.patterns.iter().filter(|it| it.matched == Some(true)).count();
    let mut lines = vec![
        (ctx.say("patterns", "patrones"), body.patterns.len().to_string()),
        (ctx.say("matched", "con coincidencia"), matched.to_string()),
        (ctx.say("observations", "observaciones"), body.observations.to_string()),
    ];
    for (name, count) in [
        (ctx.say("indicators left out", "indicadores omitidos"), body.skipped),
        (ctx.say("refused and not looked at", "rechazados, sin examinar"), body.refused),
    ] {
        if count > 0 {
            lines.push((name, count.to_string()));
        }
    }
    text.push(fields(&lines));
    text.join("\n")
}

fn line(ctx: &Ctx, verdict: &Verdict) -> String {
    let Verdict { standing, matched, by } = verdict;
    let word = word(ctx, *matched);
    let mut line = format!("{}: {word}", on_one_line(&short(&standing.key, 120)));
    if !by.is_empty() {
        let id = |id: &Option<String>| match id {
            Some(id) => on_one_line(&short(id, 120)),
            None => ctx.say("one without an id", "una sin identificador").to_owned(),
        };
        let ids: Vec<String> = by.iter().take(OBSERVATIONS).map(id).collect();
        let _ = write!(line, " {} {}", ctx.say("by", "por"), ids.join(", "));
        let more = by.len().saturating_sub(OBSERVATIONS);
        if more > 0 {
            let _ = write!(line, ", +{more}");
        }
    }
    if let Some(indicator) = &standing.indicator {
        let shown = |time: &Option<String>| {
            time.as_ref().map_or_else(|| "-".to_owned(), |it| on_one_line(&short(it, 40)))
        };
        let valid = ctx.say("valid", "vigencia");
        let (from, until) = (shown(&indicator.valid_from), shown(&indicator.valid_until));
        let _ = write!(line, " ({valid} {from} .. {until})");
        if indicator.revoked {
            line.push_str(ctx.say(" (revoked)", " (revocado)"));
        }
    }
    line
}

const fn word(ctx: &Ctx, matched: Option<bool>) -> &'static str {
    match matched {
        Some(true) => ctx.lang.pick("matched", "coincide"),
        Some(false) => ctx.lang.pick("not matched", "no coincide"),
        None => ctx.lang.pick(
            "not decided within its budget; narrow the pattern or give fewer observations",
            "sin resolver dentro de su límite de trabajo; acote el patrón o dé menos observaciones",
        ),
    }
}

const fn nothing(ctx: &Ctx) -> &'static str {
    ctx.lang.pick(
        "nothing was observed: there is no observed-data in the files; `--bare` takes observables that stand alone",
        "no hay nada observado: los archivos no contienen observed-data; `--bare` toma los observables sueltos",
    )
}
