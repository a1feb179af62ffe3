//! The demonstration: two nodes as real processes on this machine, played through this same program's command line, as
//! a user would. No use case is called from here.

use comity_exchange::ports::Clock as _;
use jiff::tz::TimeZone;
use serde::Serialize;

use crate::clock::SystemClock;
use crate::commands::demo::Args;
use crate::ctx::Ctx;
use crate::error::CliError;
use crate::output::{self, Reply};

mod answers;
mod ask;
mod examples;
mod failure;
mod folder;
mod invitation;
mod log;
mod narrator;
mod party;
mod server;
mod signals;
mod stage;
mod steps;
mod table;
mod tally;

pub(crate) use failure::DemoError;
use narrator::{Narrator, Played};
use signals::Signals;
use stage::Stage;
use steps::{Step, pick};
use tally::{Difference, Side};

/// What a program reads at the end.
#[derive(Serialize)]
struct Document {
    steps: Vec<Played>,
    agree: bool,
    differences: Vec<Difference>,
    us: Side,
    mx: Side,
}

/// Plays all steps. With `--once` both nodes are stopped then; else they stay up until a signal.
pub(crate) async fn run(ctx: &Ctx, args: &Args) -> Result<Reply, CliError> {
    let mut signals = Signals::new()?;
    let today = SystemClock.now().to_zoned(TimeZone::UTC).date();
    let mut stage = Stage::set(args.examples.as_deref(), args.dir.as_deref(), ctx.lang, today)?;
    let played = tokio::select! {
        played = perform(&mut stage, ctx, args.once) => played,
        () = signals.any() => Err(DemoError::Interrupted),
    };
    let played = match played {
        Ok(played) if args.once => Ok(played),
        Ok(played) => stay(&mut stage, &mut signals).await.map(|()| played),
        Err(error) => Err(error),
    };
    let fallen = [stage.us.fallen(), stage.mx.fallen()];
    let stopped = stage.stop().await;
    if played.as_ref().is_err_and(|error| error.code() != "node-stopped") {
        for fallen in fallen.into_iter().flatten() {
            output::note(ctx, &fallen.text(ctx.lang));
        }
    }
    leave(&stage, ctx, args.once, played.as_ref().err());
    let played = played?;
    stopped?;
    reply(ctx, stage, played)
}

/// Plays the steps, and shows what came of them.
async fn perform(stage: &mut Stage, ctx: &Ctx, once: bool) -> Result<Vec<Played>, DemoError> {
    let lang = ctx.lang;
    let mut narrator = Narrator::new(lang, !ctx.json);
    narrator.say(pick(
        lang,
        "DEMONSTRATION: two training nodes on this machine; all data is invented",
        "DEMOSTRACIÓN: dos nodos de ejercicio en este equipo; todos los datos son inventados",
    ));
    for (index, step) in Step::ALL.into_iter().enumerate() {
        narrator.begin(step);
        let told = step.play(stage).await.map_err(|error| DemoError::Step {
            number: index + 1,
            title: step.title(lang),
            error: Box::new(error),
        })?;
        narrator.end(step, told, stage.tally.as_ref().is_none_or(tally::Tally::agrees));
    }
    if let Some(tally) = &stage.tally {
        narrator.say(&table::draw(tally, lang));
    }
    if !once {
        stage.us.start().await?;
        stage.mx.start().await?;
        narrator.say(&invitation::text(stage));
    }
    Ok(narrator.finish())
}

/// Keeps the nodes up until somebody wants them down, or one goes down by itself.
async fn stay(stage: &mut Stage, signals: &mut Signals) -> Result<(), DemoError> {
    let (us, mx) = (&mut stage.us, &mut stage.mx);
    tokio::select! {
        () = signals.any() => Ok(()),
        error = us.watch() => Err(error),
        error = mx.watch() => Err(error),
    }
}

/// Removes the folder or says that it stays; after a failure, with the ends of both logs.
fn leave(stage: &Stage, ctx: &Ctx, once: bool, failed: Option<&DemoError>) {
    let lang = ctx.lang;
    let broken = failed.is_some_and(|error| !matches!(error, DemoError::Interrupted));
    if broken {
        for party in [&stage.us, &stage.mx] {
            if let Some(tail) = log::tail(&party.log()) {
                let heading = pick(lang, "the end of", "el final de");
                output::note(ctx, &format!("{heading} {}:\n{tail}", party.log().display()));
            }
        }
    }
    let removed = (once || failed.is_some()) && !broken && stage.folder.remove().unwrap_or(false);
    if !removed {
        let stays = pick(lang, "both nodes' data stays in", "los datos de ambos nodos quedan en");
        output::note(ctx, &format!("{stays} {}", stage.folder.path().display()));
    }
}

fn reply(ctx: &Ctx, stage: Stage, steps: Vec<Played>) -> Result<Reply, CliError> {
    let Some(tally) = stage.tally else {
        return Err(DemoError::Story("nothing was counted".to_owned()).into());
    };
    let agree = tally.agrees();
    let exit = if agree { crate::error::Exit::Done } else { crate::error::Exit::Refused };
    if !ctx.json {
        return Ok(Reply::silent().with_exit(exit));
    }
    let tally::Tally { us, mx, differences } = tally;
    let document = Document { steps, agree, differences, us, mx };
    Ok(Reply::document(Some(true), &document, String::new())?.with_exit(exit))
}
