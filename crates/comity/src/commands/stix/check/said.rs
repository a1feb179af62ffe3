//! What people are told.

use super::findings::{Located, MOST, Strength};
use super::{Body, FileReport};
use crate::commands::stix::input::pointer;
use crate::commands::stix::section;
use crate::ctx::Ctx;
use crate::lang::Lang;
use crate::output::{fields, on_one_line, short, table};

/// Broken MUSTs that are shown one by one.
const MUSTS: u64 = 50;

/// SHOULDs that were not followed and are shown one by one.
const SHOULDS: u64 = 20;

/// Rules of each strength that are shown with their counts.
const RULES: usize = 10;

/// Types that are shown.
const TYPES: usize = 60;

/// Unknown types, and unknown extensions, that are shown.
const UNKNOWN: usize = 20;

/// Where the bounds on one object stand.
const BOUNDS: &str = "docs/protocol.md 5";

/// The findings line by line, and a summary.
pub(super) fn text(ctx: &Ctx, body: &Body) -> String {
    let mut text = findings(ctx, body);
    text.extend(body.files.iter().flat_map(|it| notes(ctx, it)));
    text.extend(rules(ctx, body));
    text.extend(types(ctx, body));
    text.extend(unknown(ctx, body));
    text.push(summary(ctx, body));
    text.join("\n")
}

fn findings(ctx: &Ctx, body: &Body) -> Vec<String> {
    let mut shown = [0, 0];
    let mut lines: Vec<String> = Vec::new();
    for it in &body.findings.listed {
        let [musts, shoulds] = &mut shown;
        let (count, limit) = match it.severity {
            Strength::Must => (musts, MUSTS),
            Strength::Should => (shoulds, SHOULDS),
        };
        if *count < limit {
            *count += 1;
            lines.push(line(ctx.lang, it));
        }
    }
    let [musts, shoulds] = shown;
    let rest = [body.findings.must - musts, body.findings.should - shoulds];
    let more = |(count, word): (u64, &str)| match ctx.lang {
        Lang::En => format!("{count} more {word}"),
        Lang::Es => format!("{count} {word} más"),
    };
    let more: Vec<String> = rest
        .into_iter()
        .zip(["MUST", "SHOULD"])
        .filter(|(count, _)| *count > 0)
        .map(more)
        .collect();
    if !more.is_empty() {
        let more = more.join(", ");
        lines.push(match ctx.lang {
            Lang::En => format!("... and {more}; `--json` lists up to {MOST} of each"),
            Lang::Es => format!("... y {more}; `--json` enumera hasta {MOST} de cada uno"),
        });
    }
    lines
}

/// One finding: where, how strongly, what, and by which rule.
fn line(lang: Lang, it: &Located) -> String {
    let earlier = it.earlier.map(|line| match lang {
        Lang::En => format!(" (the earlier version is on line {line})"),
        Lang::Es => format!(" (la versión anterior está en la línea {line})"),
    });
    // A bound of this program is no word of the standard's.
    let strength = match it.section {
        Some(BOUNDS) => lang.pick("LIMIT", "LÍMITE"),
        _ => it.severity.word(),
    };
    let id = it.id.as_ref().map(|id| format!("{} ", on_one_line(&short(id, 120))));
    format!(
        "{}:{}: {} {}{}{}{} [{}{}]",
        on_one_line(&it.file),
        it.line,
        strength,
        id.unwrap_or_default(),
        pointer(&it.pointer),
        it.message,
        earlier.unwrap_or_default(),
        it.code,
        it.section.map(|it| format!(", {}", section(lang, it))).unwrap_or_default(),
    )
}

/// What is to be said of a whole file.
fn notes(ctx: &Ctx, file: &FileReport) -> Vec<String> {
    let mut notes = Vec::new();
    if file.is_fruitless {
        notes.push(ctx.say(
            "there is no object in it; name a file with STIX 2.1 objects",
            "no contiene ningún objeto; indique un archivo con objetos STIX 2.1",
        ));
    }
    if file.bundle == Some(false) {
        notes.push(ctx.say(
            "the bundle's own properties were not checked; mend the rest first, and put one bundle in a file",
            "no se revisaron las propiedades propias del paquete; corrija antes lo demás y ponga un solo paquete por archivo",
        ));
    }
    if !file.versions {
        notes.push(ctx.say(
            "there are too many objects to compare all versions of one object; divide the file",
            "hay demasiados objetos para comparar todas las versiones de un mismo objeto; divida el archivo",
        ));
    }
    let name = on_one_line(&file.file);
    notes.into_iter().map(|note| format!("{name}: {note}")).collect()
}

/// The rules that were broken most, where not every finding is shown.
fn rules(ctx: &Ctx, body: &Body) -> Option<String> {
    let all = &body.findings;
    if all.must <= MUSTS && all.should <= SHOULDS {
        return None;
    }
    let heading = [
        ctx.say("rule", "regla"),
        ctx.say("strength", "obligación"),
        ctx.say("findings", "hallazgos"),
    ];
    let mut rows = Vec::new();
    for (strength, codes) in &all.rules {
        let mut codes: Vec<(&str, u64)> =
            codes.iter().map(|(code, count)| (*code, *count)).collect();
        codes.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        let row = |(code, count): (&str, u64)| {
            [code.to_owned(), strength.word().to_owned(), count.to_string()]
        };
        rows.extend(codes.into_iter().take(RULES).map(row));
    }
    Some(table(&heading, rows))
}

fn types(ctx: &Ctx, body: &Body) -> Option<String> {
    let types = &body.tally.types;
    if types.is_empty() {
        return None;
    }
    let heading = [
        ctx.say("type", "tipo"),
        ctx.say("objects", "objetos"),
        ctx.say("broken", "con MUST incumplidos"),
        ctx.say("with advice", "con SHOULD no seguidos"),
    ];
    let rows = types.iter().take(TYPES).map(|(name, it)| {
        let counts = [it.objects, it.broken, it.advised].map(|it| it.to_string());
        let [objects, broken, advised] = counts;
        [on_one_line(&short(name, 60)), objects, broken, advised]
    });
    Some(table(&heading, rows))
}

/// What nobody here can check.
fn unknown(ctx: &Ctx, body: &Body) -> Vec<String> {
    let unknown = &body.tally.unknown;
    let kinds = [
        (ctx.say("unknown type, not checked", "tipo desconocido, sin revisar"), &unknown.types),
        (
            ctx.say("unknown extension, not checked", "extensión desconocida, sin revisar"),
            &unknown.extensions,
        ),
    ];
    let mut lines = Vec::new();
    for (kind, names) in kinds {
        let line = |(name, count): (&String, &u64)| {
            format!("{kind}: {} ({count})", on_one_line(&short(name, 120)))
        };
        lines.extend(names.iter().take(UNKNOWN).map(line));
        let more = names.len().saturating_sub(UNKNOWN);
        if more > 0 {
            lines.push(format!("{kind}: +{more}"));
        }
    }
    lines
}

fn summary(ctx: &Ctx, body: &Body) -> String {
    let all = &body.tally.all;
    let mut lines = vec![
        (ctx.say("objects", "objetos"), all.objects.to_string()),
        (ctx.say("valid", "válidos"), all.valid.to_string()),
        (ctx.say("broken", "incumplen un MUST"), all.broken.to_string()),
        (ctx.say("valid, with advice", "válidos, con recomendaciones"), all.advised.to_string()),
    ];
    let left = body.tally.types.len().saturating_sub(TYPES);
    if left > 0 {
        lines.push((ctx.say("types not shown", "tipos no mostrados"), left.to_string()));
    }
    if body.tally.other > 0 {
        let name = ctx.say("of no type that was told", "de ningún tipo que se nombre");
        lines.push((name, body.tally.other.to_string()));
    }
    if all.unfinished > 0 {
        let name = ctx.say("with more wrong than is told", "con más fallas de las que se dicen");
        lines.push((name, all.unfinished.to_string()));
    }
    fields(&lines)
}
