//! `comity pattern`: patterns that run over everything that is admitted while the node serves, and what they sighted.

use comity_exchange::access::{Area, Verb};
use comity_exchange::pattern::{self, From, LIMITS, NewPattern, Sighting, Standing, State};
use comity_model::{Grade, Handling};
use comity_stix::pattern::Pattern;
use serde::Serialize;
use serde_json::Value;

use crate::commands::stix::BadPattern;
use crate::ctx::{Ctx, actor};
use crate::error::CliError;
use crate::looks::Looks;
use crate::output::{Reply, fields, short, table, time, yes_no};

/// What to do, and who does it.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Who looks, and what for.
    #[command(flatten)]
    looks: Looks,
    /// What to do.
    #[command(subcommand)]
    command: Command,
}

impl Args {
    /// Whether it is to change something.
    pub(crate) const fn is_acting(&self) -> bool {
        matches!(self.command, Command::Add(_) | Command::Remove { .. })
    }
}

/// What to do about standing patterns.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// Add a pattern; it looks at what is held already too, while the node serves
    Add(Add),
    /// List the patterns that stand
    List,
    /// Show a pattern and what it sighted, the newest first
    Show {
        /// The pattern
        #[arg(value_name = "NAME")]
        name: String,
        /// How many sightings to show, 1 to 1000 (else 50)
        #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=1_000))]
        limit: u32,
    },
    /// Remove a pattern; sightings of this party's own stay held, those of what partners released go
    Remove {
        /// The pattern
        #[arg(value_name = "NAME")]
        name: String,
    },
}

/// The arguments of `pattern add`.
#[derive(Debug, clap::Args)]
pub(crate) struct Add {
    /// Its name: lower-case letters, digits and hyphens
    #[arg(value_name = "NAME")]
    name: String,
    /// The pattern, of which an indicator of this party is made (STIX 2.1 section 9)
    #[arg(
        long,
        value_name = "PATTERN",
        conflicts_with = "indicator",
        required_unless_present = "indicator"
    )]
    pattern: Option<String>,
    /// An indicator that is held: its pattern, as it is written in the version of now
    #[arg(long, value_name = "ID")]
    indicator: Option<String>,
    /// The grade that its sightings have at best: source A to F, information 1 to 6, as B2
    #[arg(long, value_name = "GRADE")]
    grade: Option<Grade>,
    /// What it is for; does not leave this node
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
}

/// A pattern. The words of a partner's indicator are in what `show` prints alone.
#[derive(Serialize)]
struct Line {
    name: String,
    indicator: String,
    state: State,
    pattern: Option<String>,
    partners: bool,
    grade: Option<Grade>,
    note: Option<String>,
    added_at: jiff::Timestamp,
    /// Whether what was held before the pattern has been looked at.
    looked_back: bool,
    sightings: u64,
    apart: u64,
    undecided: u64,
}

impl Line {
    fn of(it: Standing, shown: bool) -> Self {
        let record = it.row.record;
        Self {
            name: record.name,
            indicator: record.indicator.id,
            state: it.state,
            pattern: it.text.filter(|_| shown || !it.foreign),
            partners: it.foreign,
            grade: record.grade,
            note: record.note,
            added_at: record.added_at,
            looked_back: it.row.looked >= it.row.goal,
            sightings: it.figures.own,
            apart: it.figures.apart,
            undecided: it.row.undecided,
        }
    }
}

#[derive(Serialize)]
struct All {
    patterns: Vec<Line>,
}

#[derive(Serialize)]
struct Shown {
    #[serde(flatten)]
    pattern: Line,
    shown: Vec<SightingLine>,
}

/// One sighting.
#[derive(Serialize)]
struct SightingLine {
    id: String,
    made_at: jiff::Timestamp,
    count: Option<u64>,
    first_seen: Option<String>,
    last_seen: Option<String>,
    observed: Vec<String>,
    /// The terms that bind it, if it rests on what partners released.
    handling: Option<Handling>,
}

impl SightingLine {
    fn of(it: Sighting) -> Self {
        let object: Value = serde_json::from_slice(&it.bytes).unwrap_or_default();
        let text = |key: &str| object.get(key).and_then(Value::as_str).map(ToOwned::to_owned);
        let observed = object.get("observed_data_refs").and_then(Value::as_array);
        let observed = observed.into_iter().flatten().filter_map(Value::as_str);
        Self {
            id: it.id,
            made_at: it.at,
            count: object.get("count").and_then(Value::as_u64),
            first_seen: text("first_seen"),
            last_seen: text("last_seen"),
            observed: observed.map(ToOwned::to_owned).collect(),
            handling: it.handling,
        }
    }
}

/// Runs the command.
pub(crate) async fn run(ctx: &Ctx, args: Args) -> Result<Reply, CliError> {
    let Args { looks, command } = args;
    let node = ctx.node().await?;
    match command {
        Command::Add(add) => {
            let new = add.read()?;
            let added = pattern::add(&node, new, &actor(looks.by.clone())).await?;
            let line = Line::of(added, false);
            let text =
                format!("{}: {} {}", ctx.say("Added", "Se agregó"), line.name, line.indicator);
            ctx.reply(&line, text)
        }
        Command::List => {
            let all = pattern::list(&node).await?;
            let body = All { patterns: all.into_iter().map(|it| Line::of(it, false)).collect() };
            let text = listed(ctx, &body);
            ctx.reply(&body, text)
        }
        Command::Show { name, limit } => {
            let found = pattern::find(&node, &name).await?;
            let shown = pattern::sightings(&node, &found.row, limit).await?;
            let body = Shown {
                pattern: Line::of(found, true),
                shown: shown.into_iter().map(SightingLine::of).collect(),
            };
            let ids = body.shown.iter().flat_map(|it| it.observed.iter().chain([&it.id]));
            let ids = ids.chain([&body.pattern.indicator]);
            looks.note(ctx, &node, Verb::Opened, Area::Holdings, ids).await?;
            let text = described(ctx, &body);
            ctx.reply(&body, text)
        }
        Command::Remove { name } => {
            let removed = pattern::remove(&node, &name, &actor(looks.by.clone())).await?;
            let line = Line::of(removed, false);
            let text = format!("{}: {}", ctx.say("Removed", "Se quitó"), line.name);
            ctx.reply(&line, text)
        }
    }
}

impl Add {
    /// What is to be added. A pattern that is none is shown with the place where it fails.
    fn read(self) -> Result<NewPattern, CliError> {
        let from = match (self.pattern, self.indicator) {
            (Some(text), _) => match Pattern::parse(&text, &LIMITS) {
                Ok(_) => From::Text(text),
                Err(error) => {
                    let bad = BadPattern::new("--pattern".to_owned(), 0, &text, error);
                    return Err(CliError::Pattern(Box::new(bad)));
                }
            },
            (None, id) => From::Indicator(id.unwrap_or_default()),
        };
        Ok(NewPattern { name: self.name, from, grade: self.grade, note: self.note })
    }
}

fn listed(ctx: &Ctx, body: &All) -> String {
    if body.patterns.is_empty() {
        return ctx.say("No pattern stands.", "No hay ningún patrón permanente.").to_owned();
    }
    let heading = [
        ctx.say("name", "nombre"),
        ctx.say("state", "estado"),
        ctx.say("sightings", "avistamientos"),
        ctx.say("apart", "aparte"),
        ctx.say("undecided", "sin decidir"),
        ctx.say("pattern", "patrón"),
    ];
    let rows = body.patterns.iter().map(|it| {
        let pattern = it.pattern.as_deref().unwrap_or(&it.indicator);
        [
            it.name.clone(),
            state(ctx, it).to_owned(),
            it.sightings.to_string(),
            it.apart.to_string(),
            it.undecided.to_string(),
            short(pattern, 60),
        ]
    });
    table(&heading, rows)
}

/// How it stands, as people say it.
fn state(ctx: &Ctx, it: &Line) -> &'static str {
    match it.state {
        State::Stands if it.looked_back => ctx.say("stands", "vigente"),
        State::Stands => ctx.say("stands, looks back", "vigente, revisa lo anterior"),
        State::Revoked => ctx.say("revoked", "revocado"),
        State::Ended => ctx.say("ended", "vencido"),
        State::Hidden => ctx.say("not to be seen", "no disponible"),
    }
}

fn described(ctx: &Ctx, body: &Shown) -> String {
    let it = &body.pattern;
    let text = fields(&[
        (ctx.say("name", "nombre"), it.name.clone()),
        (ctx.say("state", "estado"), state(ctx, it).to_owned()),
        (ctx.say("pattern", "patrón"), short(it.pattern.as_deref().unwrap_or_default(), 2_000)),
        (ctx.say("indicator", "indicador"), it.indicator.clone()),
        (ctx.say("a partner's", "de una contraparte"), yes_no(ctx.lang, it.partners).to_owned()),
        (ctx.say("grade", "calificación"), it.grade.map(|it| it.to_string()).unwrap_or_default()),
        (ctx.say("note", "nota"), short(it.note.as_deref().unwrap_or_default(), 1_000)),
        (ctx.say("added", "agregado"), time(it.added_at)),
        (ctx.say("sightings held", "avistamientos en el acervo"), it.sightings.to_string()),
        (ctx.say("sightings apart", "avistamientos aparte"), it.apart.to_string()),
        (ctx.say("undecided", "sin decidir"), it.undecided.to_string()),
    ]);
    if body.shown.is_empty() {
        let nothing = ctx.say("Nothing was sighted.", "No hay ningún avistamiento.");
        return format!("{text}\n{nothing}");
    }
    let heading = [
        ctx.say("last seen", "visto por última vez"),
        ctx.say("count", "veces"),
        ctx.say("terms", "condiciones"),
        ctx.say("observed", "observado"),
        ctx.say("sighting", "avistamiento"),
    ];
    let rows = body.shown.iter().map(|it| {
        [
            short(it.last_seen.as_deref().unwrap_or_default(), 30),
            it.count.map(|it| it.to_string()).unwrap_or_default(),
            it.handling.as_ref().map_or_else(String::new, |it| terms(ctx, it)),
            short(&it.observed.join(" "), 120),
            it.id.clone(),
        ]
    });
    format!("{text}\n{}", table(&heading, rows))
}

/// What binds a sighting of what partners released.
fn terms(ctx: &Ctx, handling: &Handling) -> String {
    let until = handling.until.map(|at| format!(" {} {}", ctx.say("until", "hasta"), time(at)));
    format!("TLP:{}{}", handling.tlp.as_str().to_uppercase(), until.unwrap_or_default())
}
