//! `comity exercise`: what only a training node can do, which is to let time pass.

use comity_exchange::ExchangeError;
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
    /// Put the node's clock on by whole days, for good; put on every node of the exercise by as many
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
}

/// Runs the command.
pub(crate) async fn run(ctx: &Ctx, command: Command) -> Result<Reply, CliError> {
    let node = ctx.node().await?;
    if !node.record().exercise {
        return Err(CliError::NotExercise);
    }
    let file = ctx.data.exercise_clock();
    let mut days = ahead(&file)?;
    if let Command::Advance { days: more, by } = command {
        let sum = days.saturating_add(more);
        if sum > MOST_DAYS {
            return Err(CliError::ExerciseEnds { ahead: days });
        }
        files::replace(&file, format!("{sum}\n").as_bytes())?;
        days = sum;
        let details = json!({ "days": more, "ahead_days": days });
        let line = node.journal_by(&actor(by), "exercise-advanced", node.root(), details);
        node.store().journal(vec![line]).await.map_err(ExchangeError::from)?;
    }
    let body = Shown { ahead_days: days, now: node.now() };
    let text = format!(
        "{} {} ({}: {})",
        ctx.say("The node's time is", "La hora del nodo es"),
        time(body.now),
        ctx.say(
            "days ahead of the system's clock",
            "días de adelanto respecto del reloj del sistema"
        ),
        body.ahead_days,
    );
    ctx.reply(&body, text)
}
