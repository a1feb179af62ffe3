//! `comity request figures`: what each party asked and gave, as both compute it from the record.

use comity_exchange::reciprocity::{Reciprocity, figures};
use comity_model::PartyRoot;
use comity_model::matter::reciprocity::{Direction, Period, Requests};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::ctx::{Ctx, Names};
use crate::error::CliError;
use crate::output::{Reply, fields, table, time};

/// Runs the command. Days are whole days in UTC, the first and the last included.
pub(super) async fn run(
    ctx: &Ctx,
    agreement: &str,
    from: Option<Date>,
    until: Option<Date>,
) -> Result<Reply, CliError> {
    if let (Some(from), Some(until)) = (from, until)
        && until < from
    {
        return Err(CliError::usage(
            format!("`--until {until}` is before `--from {from}`; name a later day"),
            format!("`--until {until}` es anterior a `--from {from}`; indique un día posterior"),
        ));
    }
    let node = ctx.node().await?;
    let names = Names::of(&node).await?;
    let begin = |day: Date| day.to_zoned(TimeZone::UTC).ok().map(|it| it.timestamp());
    let before = until.and_then(|day| day.tomorrow().ok()).and_then(begin);
    let period = Period { from: from.and_then(begin), before };
    let body = figures(&node, agreement, period).await?;
    let text = said(ctx, &names, &body);
    ctx.reply(&body, text)
}

fn said(ctx: &Ctx, names: &Names, body: &Reciprocity) -> String {
    let until = |at: Option<Timestamp>| at.map(time).unwrap_or_default();
    let mut parts = vec![fields(&[
        (ctx.say("agreement", "acuerdo"), body.agreement.to_string()),
        (ctx.say("record until", "registro hasta"), until(body.as_of)),
    ])];
    let heading = [
        ctx.say("record cosigned by both", "registro con refrendo de ambas"),
        ctx.say("statements", "declaraciones"),
        ctx.say("root", "raíz"),
    ];
    let way = |from: PartyRoot, to: PartyRoot| format!("{} → {}", names.name(from), names.name(to));
    let cut =
        body.cut.iter().map(|it| [way(it.from, it.to), it.size.to_string(), it.root.to_string()]);
    parts.push(table(&heading, cut));
    for direction in &body.directions {
        parts.push(way(direction.from, direction.to));
        parts.push(requests(ctx, direction));
        parts.push(others(ctx, direction));
    }
    parts.join("\n\n")
}

fn requests(ctx: &Ctx, direction: &Direction) -> String {
    let heading = [
        ctx.say("requests", "solicitudes"),
        ctx.say("put", "presentadas"),
        ctx.say("in time", "en plazo"),
        ctx.say("late", "tarde"),
        ctx.say("open", "pendientes"),
        ctx.say("overdue", "vencidas"),
        ctx.say("refused", "negadas"),
        ctx.say("nothing found", "sin información"),
        ctx.say("withdrawn", "retiradas"),
        ctx.say("closed by termination", "cerradas por terminación"),
        ctx.say("median", "mediana"),
        ctx.say("longest", "máximo"),
    ];
    let row = |(urgency, it): (&&str, &Requests)| {
        let urgency = match *urgency {
            "urgent" => ctx.say("urgent", "urgentes"),
            "priority" => ctx.say("priority", "prioritarias"),
            _ => ctx.say("routine", "ordinarias"),
        };
        [
            urgency.to_owned(),
            it.put.to_string(),
            it.in_time.to_string(),
            it.late.to_string(),
            it.open.to_string(),
            it.overdue.to_string(),
            it.refused.to_string(),
            it.nothing_found.to_string(),
            it.withdrawn.to_string(),
            it.ended.to_string(),
            hours(it.median_minutes),
            hours(it.longest_minutes),
        ]
    };
    table(&heading, direction.requests.iter().map(row))
}

/// Minutes as hours and minutes: `7:05 h`.
fn hours(minutes: Option<u64>) -> String {
    minutes.map(|it| format!("{}:{:02} h", it / 60, it % 60)).unwrap_or_default()
}

fn others(ctx: &Ctx, direction: &Direction) -> String {
    let Direction { releases, proposals, recalls, consents, purges, .. } = direction;
    let list = |counts: &[(&str, u64)]| {
        let words: Vec<String> = counts.iter().map(|(word, n)| format!("{n} {word}")).collect();
        words.join(", ")
    };
    fields(&[
        (
            ctx.say("releases", "entregas"),
            list(&[
                (ctx.say("sealed", "selladas"), releases.releases),
                (ctx.say("objects", "objetos"), releases.objects),
                (ctx.say("redacted", "testados"), releases.redacted),
                (ctx.say("admitted", "admitidos"), releases.admitted),
                (ctx.say("refused", "rechazados"), releases.refused),
            ]),
        ),
        (
            ctx.say("proposals", "propuestas"),
            list(&[
                (ctx.say("put", "presentadas"), proposals.put),
                (ctx.say("accepted", "aceptadas"), proposals.accepted),
                (ctx.say("declined", "no aceptadas"), proposals.declined),
                (ctx.say("open", "pendientes"), proposals.open),
                (ctx.say("closed by termination", "cerradas por terminación"), proposals.ended),
            ]),
        ),
        (
            ctx.say("recalls", "solicitudes de retiro"),
            list(&[
                (ctx.say("put", "presentadas"), recalls.put),
                (ctx.say("done", "atendidas"), recalls.done),
                (ctx.say("in part", "en parte"), recalls.partial),
                (ctx.say("held", "en conservación por mandato legal"), recalls.held),
                (ctx.say("refused", "negadas"), recalls.refused),
                (ctx.say("open", "pendientes"), recalls.open),
                (ctx.say("unanswered", "sin respuesta"), recalls.unanswered),
                (ctx.say("of all late", "del total, fuera de plazo"), recalls.late),
            ]),
        ),
        (
            ctx.say("consents", "consentimientos"),
            list(&[
                (ctx.say("asked for", "solicitados"), consents.put),
                (ctx.say("granted", "otorgados"), consents.granted),
                (ctx.say("withdrawn", "retirados"), consents.withdrawn),
                (ctx.say("denied", "negados"), consents.denied),
                (ctx.say("open", "pendientes"), consents.open),
                (ctx.say("closed by termination", "cerrados por terminación"), consents.ended),
            ]),
        ),
        (
            ctx.say("purges", "eliminaciones"),
            list(&[
                (ctx.say("statements", "declaraciones"), purges.statements),
                (ctx.say("objects", "objetos"), purges.purged),
            ]),
        ),
    ])
}
