//! `comity exercise`: what only a training node can do, which is to let time pass.

use std::fs::File;
use std::path::Path;

use comity_exchange::ExchangeError;
use comity_model::Handle;
use jiff::Timestamp;
use serde::Serialize;
use serde_json::json;

use crate::clock::{MOST_DAYS, ahead};
use crate::ctx::{Ctx, actor};
use crate::error::CliError;
use crate::files;
use crate::output::{Reply, time};

/// What to do with the time of a training node.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// Put the node's clock on by whole days, for good, also while it serves; put on every node of the exercise by as many
    Advance {
        /// By how many days, 1 to 3650
        #[arg(value_name = "DAYS", value_parser = clap::value_parser!(u32).range(1..=i64::from(MOST_DAYS)))]
        days: u32,
        /// Who asks for it, for the journal (else the login name)
        #[arg(long, value_name = "NAME")]
        by: Option<String>,
    },
    /// Show the node's time, and how many days it is ahead
    Show,
}

#[derive(Serialize)]
struct Shown {
    ahead_days: u32,
    now: Timestamp,
    /// Confirmed partners, whose nodes have to be put on by as much.
    #[serde(skip_serializing_if = "Option::is_none")]
    put_on_too: Option<Vec<Handle>>,
}

/// Runs the command.
pub(crate) async fn run(ctx: &Ctx, command: Command) -> Result<Reply, CliError> {
    let node = ctx.node().await?;
    if !node.record().exercise {
        return Err(CliError::NotExercise);
    }
    let file = ctx.data.exercise_clock();
    let mut days = ahead(&file)?;
    let mut put_on_too = None;
    if let Command::Advance { days: more, by } = command {
        // two at once would both add to the same number
        let _alone = alone(&file)?;
        days = ahead(&file)?;
        let sum = days.saturating_add(more);
        if sum > MOST_DAYS {
            return Err(CliError::ExerciseEnds { ahead: days });
        }
        files::replace(&file, format!("{sum}\n").as_bytes())?;
        days = sum;
        let details = json!({ "days": more, "ahead_days": days });
        let line = node.journal_by(&actor(by), "exercise-advanced", node.root(), details);
        node.store().journal(vec![line]).await.map_err(ExchangeError::from)?;
        let known = node.store().parties().await.map_err(ExchangeError::from)?;
        let known = known.into_iter().filter(|it| it.confirmed_at.is_some());
        put_on_too = Some(known.map(|it| it.handle).collect());
    }
    let body = Shown { ahead_days: days, now: node.now(), put_on_too };
    let mut text = format!(
        "{} {} ({}: {})",
        ctx.say("The node's time is", "La hora del nodo es"),
        time(body.now),
        ctx.say(
            "days ahead of the system's clock",
            "días de adelanto respecto del reloj del sistema"
        ),
        body.ahead_days,
    );
    if let Some(others) = &body.put_on_too {
        let serving = ctx.say(
            "A process that serves goes on in this time at once.",
            "El proceso que atiende continúa de inmediato con esta hora.",
        );
        text = format!("{text}\n{serving}");
        if !others.is_empty() {
            let others: Vec<String> = others.iter().map(|it| format!("`{it}`")).collect();
            text = format!(
                "{text}\n{} {}: {}",
                ctx.say("Put these nodes on by as many days:", "Adelante los mismos días estos nodos:"),
                others.join(", "),
                ctx.say(
                    "until then they refuse what this one says as `issued-in-future`, and it is sent again",
                    "mientras tanto rechazan lo que este nodo dice con `issued-in-future`, y se envía de nuevo"
                ),
            );
        }
    }
    ctx.reply(&body, text)
}

/// Waits until no other command puts the clock on. The lock goes with the process.
fn alone(file: &Path) -> Result<File, CliError> {
    let name = files::beside(file, "lock");
    let mut options = File::options();
    let opened = options.create(true).truncate(false).write(true).open(&name);
    let alone = opened.and_then(|it| it.lock().map(|()| it));
    alone.map_err(|error| CliError::Write { path: name, error })
}
