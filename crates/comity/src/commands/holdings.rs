//! `comity holdings`: what this node holds.

use comity_exchange::access::{Area, Verb};
use comity_exchange::ports::HoldingQuery;
use comity_exchange::{ExchangeError, Node, partner};
use comity_model::{Grade, Handling, Holding, Origin, Tlp};
use serde::Serialize;
use serde_json::value::RawValue;

use crate::ctx::{Ctx, Names};
use crate::error::CliError;
use crate::looks::Looks;
use crate::output::{Reply, fields, short, table, time};

mod held;
mod origins;

/// Holdings shown where no number is given.
const PAGE: u32 = 50;

/// The most holdings in one page.
const MOST: i64 = 1_000;

/// What to look for, and who looks.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Who looks, and what for.
    #[command(flatten)]
    looks: Looks,
    /// What to look for.
    #[command(subcommand)]
    command: Command,
}

/// What to look for.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// List holdings in the order in which they entered, the newest version of each
    List {
        /// Only those of this STIX type
        #[arg(long = "type", value_name = "TYPE")]
        stix_type: Option<String>,
        /// Only those that this partner released
        #[arg(long, value_name = "HANDLE", conflicts_with = "own")]
        from: Option<String>,
        /// Only this party's own
        #[arg(long)]
        own: bool,
        /// How many to show, 1 to 1000 (else 50)
        #[arg(long, value_name = "N", default_value_t = PAGE, value_parser = clap::value_parser!(u32).range(1..=MOST))]
        limit: u32,
        /// Go on after this position, which the page before gave
        #[arg(long, value_name = "N")]
        after: Option<u64>,
    },
    /// Show a holding: its object byte for byte, its versions, its origin and what binds it
    Show {
        /// The object's STIX id
        #[arg(value_name = "ID")]
        id: String,
        /// Show what a legal hold or a recall keeps from readers, and which
        #[arg(long)]
        held: bool,
    },
    /// Show where every version of a holding came from: whose it is, its grade, the hands it went through
    Provenance {
        /// The object's STIX id
        #[arg(value_name = "ID")]
        id: String,
    },
    /// Count the distinct origins behind a holding; what returns through partners counts for its origin only
    Corroboration {
        /// The object's STIX id
        #[arg(value_name = "ID")]
        id: String,
    },
    /// Show what each party says of a holding, side by side: versions, opinions, notes
    Views {
        /// The object's STIX id
        #[arg(value_name = "ID")]
        id: String,
    },
    /// Find holdings by words in their text; each word may be the beginning of one
    Search {
        /// The words; all must be there
        #[arg(value_name = "WORDS", required = true)]
        words: Vec<String>,
        /// How many to show, 1 to 1000 (else 50)
        #[arg(long, value_name = "N", default_value_t = PAGE, value_parser = clap::value_parser!(u32).range(1..=MOST))]
        limit: u32,
        /// Go on after this position, which the page before gave
        #[arg(long, value_name = "N")]
        after: Option<u64>,
    },
}

#[derive(Serialize)]
struct Line {
    id: String,
    #[serde(rename = "type")]
    stix_type: String,
    version: String,
    name: Option<String>,
    tlp: Option<Tlp>,
    grade: Option<Grade>,
    origin: Origin,
    partner: Option<String>,
    received_at: jiff::Timestamp,
    handling: Option<Handling>,
}

#[derive(Serialize)]
struct Page {
    holdings: Vec<Line>,
    next: Option<u64>,
}

#[derive(Serialize)]
struct Held {
    version: String,
    digest: comity_model::Digest,
    received_at: jiff::Timestamp,
    partner: Option<String>,
}

#[derive(Serialize)]
struct Whole {
    #[serde(flatten)]
    line: Line,
    digest: comity_model::Digest,
    labels: Vec<String>,
    refs: Vec<String>,
    revoked: bool,
    object: Box<RawValue>,
    versions: Vec<Held>,
}

/// Runs the command.
pub(crate) async fn run(ctx: &Ctx, args: Args) -> Result<Reply, CliError> {
    let looks = args.looks;
    let done = look(ctx, &looks, args.command).await;
    if let Err(CliError::Exchange(ExchangeError::NotFound { what: "holding", name, .. })) = &done {
        // Who asks for what is not here is noted too, with what was typed where it can be erased.
        let node = ctx.node().await?;
        looks.search(ctx, &node, Area::Holdings, Some(name.clone()), [""; 0]).await?;
    }
    done
}

async fn look(ctx: &Ctx, looks: &Looks, command: Command) -> Result<Reply, CliError> {
    match command {
        Command::List { stix_type, from, own, limit, after } => {
            let node = ctx.node().await?;
            let partner = match (from, own) {
                (Some(from), _) => Some(Some(partner::find_party(&node, &from).await?.root)),
                (None, true) => Some(None),
                (None, false) => None,
            };
            let query =
                HoldingQuery { stix_type, partner, limit, after, ..HoldingQuery::default() };
            page(ctx, looks, &node, query).await
        }
        Command::Search { words, limit, after } => {
            let node = ctx.node().await?;
            let search = Some(words.join(" "));
            let query = HoldingQuery { search, limit, after, ..HoldingQuery::default() };
            page(ctx, looks, &node, query).await
        }
        Command::Show { id, held: true } => held::show(ctx, looks, &id).await,
        Command::Show { id, .. } => show(ctx, looks, &id).await,
        Command::Provenance { id } => origins::provenance(ctx, looks, &id).await,
        Command::Corroboration { id } => origins::corroboration(ctx, looks, &id).await,
        Command::Views { id } => origins::views(ctx, looks, &id).await,
    }
}

fn line(names: &Names, holding: &Holding) -> Line {
    Line {
        id: holding.id.clone(),
        stix_type: holding.stix_type.clone(),
        version: holding.version.clone(),
        name: holding.name.clone(),
        tlp: holding.tlp,
        grade: holding.grade,
        origin: holding.origin.clone(),
        partner: holding.origin.partner().map(|root| names.name(root)),
        received_at: holding.received_at,
        handling: holding.handling.clone(),
    }
}

async fn page(
    ctx: &Ctx,
    looks: &Looks,
    node: &Node,
    query: HoldingQuery,
) -> Result<Reply, CliError> {
    let names = Names::of(node).await?;
    let words = query.search.clone();
    let found = node.store().holdings(query).await?;
    let ids = found.holdings.iter().map(|it| &it.id);
    looks.search(ctx, node, Area::Holdings, words, ids).await?;
    let body = Page {
        holdings: found.holdings.iter().map(|it| line(&names, it)).collect(),
        next: found.next,
    };
    let mut text = if body.holdings.is_empty() {
        ctx.say("Nothing is held that matches.", "No hay fichas que correspondan.").to_owned()
    } else {
        let heading = [
            ctx.say("id", "id"),
            ctx.say("name", "nombre"),
            "TLP",
            ctx.say("grade", "grado"),
            ctx.say("from", "procedencia"),
            ctx.say("received", "recepción"),
        ];
        let rows = body.holdings.iter().map(|it| {
            [
                it.id.clone(),
                short(it.name.as_deref().unwrap_or_default(), 40),
                it.tlp.map_or("", Tlp::as_str).to_owned(),
                it.grade.map(|grade| grade.to_string()).unwrap_or_default(),
                it.partner.clone().unwrap_or_else(|| ctx.say("own", "propia").to_owned()),
                time(it.received_at),
            ]
        });
        table(&heading, rows)
    };
    if let Some(next) = body.next {
        let more = ctx.say("There is more; go on with", "Hay más; continúe con");
        text = format!("{text}\n{more} `--after {next}`");
    }
    ctx.reply(&body, text)
}

async fn show(ctx: &Ctx, looks: &Looks, id: &str) -> Result<Reply, CliError> {
    let node = ctx.node().await?;
    let names = Names::of(&node).await?;
    let holding =
        node.store().holding(id.to_owned()).await?.ok_or_else(|| ExchangeError::NotFound {
            what: "holding",
            name: short(id, 200),
            advice: "`comity holdings search WORDS` finds its id",
        })?;
    looks.note(ctx, &node, Verb::Opened, Area::Holdings, [&holding.id]).await?;
    let versions = node.store().holding_versions(id.to_owned()).await?;
    let exact = String::from_utf8(holding.bytes.clone())
        .ok()
        .and_then(|text| RawValue::from_string(text).ok())
        .ok_or_else(|| ExchangeError::Damaged(format!("the object {id}")))?;
    let body = Whole {
        line: line(&names, &holding),
        digest: holding.digest,
        labels: holding.labels.clone(),
        refs: holding.refs.clone(),
        revoked: holding.revoked,
        object: exact,
        versions: versions
            .iter()
            .map(|it| Held {
                version: it.version.clone(),
                digest: it.digest,
                received_at: it.received_at,
                partner: it.origin.partner().map(|root| names.name(root)),
            })
            .collect(),
    };
    let text = said(ctx, &names, &body);
    ctx.reply(&body, text)
}

fn said(ctx: &Ctx, names: &Names, body: &Whole) -> String {
    let line = &body.line;
    let origin = match &line.origin {
        Origin::Own { source } => format!("{} {source}", ctx.say("own, from", "propia, de")),
        Origin::Partner { party, originator, .. } => format!(
            "{} ({} {})",
            names.name(*party),
            ctx.say("originator", "originador"),
            names.name(*originator)
        ),
    };
    let mut lines = vec![
        ("id", line.id.clone()),
        (ctx.say("name", "nombre"), line.name.clone().unwrap_or_default()),
        (ctx.say("version", "versión"), line.version.clone()),
        ("TLP", line.tlp.map_or("", Tlp::as_str).to_owned()),
        (ctx.say("grade", "grado"), line.grade.map(|it| it.to_string()).unwrap_or_default()),
        (ctx.say("origin", "procedencia"), origin),
        (ctx.say("received", "recepción"), time(line.received_at)),
        (ctx.say("digest", "resumen"), body.digest.to_string()),
        (ctx.say("versions held", "versiones"), body.versions.len().to_string()),
    ];
    if let Some(it) = &line.handling {
        lines.push((ctx.say("handling", "condiciones de manejo"), handling(ctx, it)));
    }
    format!("{}\n\n{}", fields(&lines), body.object.get())
}

/// What binds this party, on one line.
fn handling(ctx: &Ctx, handling: &Handling) -> String {
    let uses: Vec<&str> = handling.use_codes.iter().map(|it| it.as_str()).collect();
    let days = ctx.say("days", "días");
    let Handling { tlp, pap, onward, retention_days, until, .. } = handling;
    let pap = pap.map(|it| format!("PAP:{}, ", it.as_str().to_uppercase())).unwrap_or_default();
    let until = until.map(|it| format!(", {} {}", ctx.say("until", "hasta"), time(it)));
    let until = until.unwrap_or_default();
    format!("{tlp}, {pap}{}, {onward}, {retention_days} {days}{until}", uses.join("+"))
}
