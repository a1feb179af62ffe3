//! `comity journal access`: who looked at what, and what for.

use comity_exchange::access::{Area, Seen, Typed, Verb, accesses};
use comity_exchange::ports::AccessQuery;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Serialize;

use crate::ctx::Ctx;
use crate::error::CliError;
use crate::lang::Lang;
use crate::looks::Looks;
use crate::output::{Reply, short, table, time};

/// Which.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Only by this officer or analyst
    #[arg(long, value_name = "NAME")]
    actor: Option<String>,
    /// Only of this object or file, by STIX id or folio
    #[arg(long, value_name = "ID")]
    object: Option<String>,
    /// Only from this day on, in UTC
    #[arg(long, value_name = "DATE")]
    since: Option<Date>,
    /// Go on before this line, the last of the page before
    #[arg(long, value_name = "N")]
    before: Option<u64>,
    /// How many to show, 1 to 10000 (else 100)
    #[arg(long, value_name = "N", default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    limit: u32,
    /// Who looks, and what for.
    #[command(flatten)]
    looks: Looks,
}

#[derive(Serialize)]
struct Body {
    accesses: Vec<Seen>,
}

/// Runs the command.
pub(super) async fn run(ctx: &Ctx, args: Args) -> Result<Reply, CliError> {
    let node = ctx.node().await?;
    let since = args.since.and_then(|day| day.to_zoned(TimeZone::UTC).ok());
    let query = AccessQuery {
        actor: args.actor,
        ids: args.object.map(|id| vec![id]),
        since: since.map(|day| day.timestamp()),
        worded: false,
        before: args.before,
        limit: args.limit,
    };
    let body = Body { accesses: accesses(&node, query).await? };
    // Reading it shows what people typed: that is an access too. The lines shown are named by their numbers.
    let numbers = body.accesses.iter().map(|it| it.number);
    args.looks.search(ctx, &node, Area::Audit, None, numbers).await?;
    let text = if body.accesses.is_empty() {
        ctx.say("Nobody looked at that.", "Nadie lo consultó.").to_owned()
    } else {
        let heading = [
            ctx.say("line", "línea"),
            ctx.say("at", "fecha"),
            ctx.say("by", "por"),
            ctx.say("did", "acción"),
            ctx.say("in", "en"),
            ctx.say("found", "hallado"),
            ctx.say("what", "qué"),
            ctx.say("words", "palabras"),
            ctx.say("what for", "para qué"),
        ];
        let rows = body.accesses.iter().map(|it| {
            [
                it.number.to_string(),
                time(it.at),
                short(&it.actor, 30),
                verb(ctx.lang, it.verb).to_owned(),
                it.area.clone(),
                it.found.to_string(),
                short(&it.ids.join(" "), 50),
                typed(ctx, &it.words),
                typed(ctx, &it.purpose),
            ]
        });
        table(&heading, rows)
    };
    ctx.reply(&body, text)
}

fn typed(ctx: &Ctx, typed: &Typed) -> String {
    match (&typed.text, typed.given) {
        (Some(text), _) => short(text, 40),
        (None, true) => ctx.say("(erased)", "(borrado)").to_owned(),
        (None, false) => String::new(),
    }
}

/// The word for what was done.
pub(crate) const fn verb(lang: Lang, verb: Verb) -> &'static str {
    match verb {
        Verb::Searched => lang.pick("searched", "buscó"),
        Verb::Opened => lang.pick("opened", "abrió"),
        Verb::Exported => lang.pick("exported", "exportó"),
        Verb::Printed => lang.pick("printed", "imprimió"),
    }
}
