//! `comity audit patterns`: habits in approvals that are worth a look.

use comity_exchange::access::Reader;
use comity_exchange::audit::{Habit, Thresholds, patterns};
use serde::Serialize;

use crate::ctx::Ctx;
use crate::error::CliError;
use crate::output::{Reply, table};

/// From when on something is shown.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Releases that the same two officers approved together (else 5)
    #[arg(long, value_name = "N", default_value_t = 5)]
    together: u32,
    /// Seconds from compose to approval, fewer than which are shown (else 5)
    #[arg(long, value_name = "N", default_value_t = 5)]
    seconds: u32,
    /// Searches of one person without a purpose (else 10)
    #[arg(long, value_name = "N", default_value_t = 10)]
    unpurposed: u32,
    /// Times that one person opened a holding that no release, recall or consent names (else 5)
    #[arg(long, value_name = "N", default_value_t = 5)]
    opened: u32,
    /// Days on which one person opened the same person's object (else 3)
    #[arg(long, value_name = "N", default_value_t = 3)]
    days: u32,
    /// Minutes before a quota renews, within which a release was sealed (else 60)
    #[arg(long, value_name = "N", default_value_t = 60)]
    minutes: u32,
    /// The hour in UTC at which the night begins, 0 to 23 (else 22)
    #[arg(long, value_name = "N", default_value_t = 22, value_parser = clap::value_parser!(i8).range(0..=23))]
    night_from: i8,
    /// The hour in UTC at which it ends, 0 to 23 (else 6)
    #[arg(long, value_name = "N", default_value_t = 6, value_parser = clap::value_parser!(i8).range(0..=23))]
    night_until: i8,
}

#[derive(Serialize)]
struct Body {
    thresholds: Thresholds,
    habits: Vec<Habit>,
}

/// Runs the command.
pub(super) async fn run(ctx: &Ctx, reader: &Reader, args: Args) -> Result<Reply, CliError> {
    let node = ctx.node().await?;
    let size = |it: u32| it.try_into().unwrap_or(usize::MAX);
    let thresholds = Thresholds {
        together: size(args.together),
        seconds: args.seconds.into(),
        night: (args.night_from, args.night_until),
        unpurposed: size(args.unpurposed),
        opened: size(args.opened),
        days: size(args.days),
        minutes: args.minutes.into(),
    };
    let habits = patterns(&node, thresholds, reader).await?;
    let body = Body { thresholds, habits };
    ctx.reply(&body, said(ctx, &body))
}

fn said(ctx: &Ctx, body: &Body) -> String {
    let rule = |it: &Habit| match it.rule {
        "same-pair" => ctx.say(
            "the same two officers approved together",
            "las mismas dos personas facultadas aprobaron juntas",
        ),
        "quick-approval" => ctx
            .say("approved within seconds of its composition", "aprobada a segundos de componerse"),
        "own-composition" => {
            ctx.say("approved by who composed it", "aprobada por quien la compuso")
        }
        "before-renewal" => ctx.say(
            "sealed shortly before a quota renewed",
            "sellada poco antes de renovarse un tope",
        ),
        "no-purpose" => ctx.say("searched without a purpose", "buscó sin decir para qué"),
        "opened-unused" => ctx.say(
            "opened often what no release, recall or consent names",
            "abrió a menudo lo que ninguna entrega, retiro o consentimiento nombra",
        ),
        "same-person" => ctx
            .say("opened the same person on many days", "abrió a la misma persona en muchos días"),
        _ => ctx.say("approved at night (UTC)", "aprobada de noche (UTC)"),
    };
    if body.habits.is_empty() {
        let nothing = ctx.say(
            "No rule found anything. That is a count, and no verdict.",
            "Ninguna regla encontró nada. Es una cuenta, no un juicio.",
        );
        return nothing.to_owned();
    }
    let heading = [
        ctx.say("rule", "regla"),
        ctx.say("times", "veces"),
        ctx.say("officers, or who looked", "personas facultadas, o quién consultó"),
        ctx.say("folios, or the object", "folios, o el objeto"),
    ];
    let list = |all: Vec<String>| all.join(" ");
    let rows = body.habits.iter().map(|it| {
        [
            rule(it).to_owned(),
            it.count.to_string(),
            list(it.officers.iter().map(ToString::to_string).chain(it.actor.clone()).collect()),
            list(it.folios.iter().map(ToString::to_string).chain(it.object.clone()).collect()),
        ]
    });
    let note = ctx.say(
        "These are counts by plain rules, and no verdict: there may be good reasons.",
        "Son cuentas según reglas simples, no un juicio: puede haber buenas razones.",
    );
    format!("{}\n\n{note}", table(&heading, rows))
}
