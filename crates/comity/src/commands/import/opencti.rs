//! What of a file of OpenCTI has no place here, as people read it.

use comity_exchange::opencti::{Became, Survey, What};

use crate::ctx::Ctx;
use crate::output::{fields, short, table};

/// Lines that are shown to people; `--json` has them all.
const SHOWN: usize = 100;

/// The list for one file.
pub(super) fn said(ctx: &Ctx, file: &str, survey: &Survey) -> String {
    let mut text = vec![format!(
        "{file}: {}",
        ctx.say("of OpenCTI, with no place here:", "de OpenCTI, sin lugar aquí:")
    )];
    if survey.unplaced.is_empty() {
        text.push(ctx.say("nothing", "nada").to_owned());
    } else {
        let heading = [
            ctx.say("type", "tipo"),
            ctx.say("what", "qué"),
            ctx.say("name", "nombre"),
            ctx.say("became", "qué se hizo"),
            ctx.say("objects", "objetos"),
        ];
        let rows = survey.unplaced.iter().take(SHOWN).map(|it| {
            [
                short(&it.stix_type, 40),
                what(ctx, it.what).to_owned(),
                short(&it.name, 90),
                became(ctx, it.became).to_owned(),
                it.objects.to_string(),
            ]
        });
        text.push(table(&heading, rows));
        let rest = survey.unplaced.len().saturating_sub(SHOWN);
        if rest > 0 {
            let more =
                ctx.say("more lines; `--json` has them", "renglones más; `--json` los tiene");
            text.push(format!("{rest} {more}"));
        }
    }
    let mut lines = vec![
        (ctx.say("as written", "como venían"), survey.as_written.to_string()),
        (ctx.say("changed", "con cambios"), survey.changed.to_string()),
    ];
    if survey.unlisted > 0 {
        lines.push((ctx.say("not listed", "no enumerados"), survey.unlisted.to_string()));
    }
    text.push(fields(&lines));
    text.join("\n")
}

fn what(ctx: &Ctx, what: What) -> &'static str {
    match what {
        What::Type => ctx.say("type", "tipo"),
        What::Property => ctx.say("property", "propiedad"),
        What::Extension => ctx.say("extension", "extensión"),
        What::File => ctx.say("file", "archivo"),
        What::Marking => ctx.say("marking", "marca de manejo"),
    }
}

fn became(ctx: &Ctx, became: Became) -> &'static str {
    match became {
        Became::Kept => ctx.say("kept, not read", "se conserva, no se lee"),
        Became::CutOut => ctx.say("cut out", "se quitó"),
        Became::Added => ctx.say("the standard's added", "se agregó la de la norma"),
        Became::Refused => ctx.say("object refused", "objeto rechazado"),
    }
}
