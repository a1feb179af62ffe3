//! Half a year passes on both training nodes: what each received is purged when its term is over, and its owner is told.

use std::collections::BTreeSet;

use serde_json::json;

use super::pick;
use super::release::Given;
use crate::demo::answers::{Purges, Verdict};
use crate::demo::failure::{DemoError, Result};
use crate::demo::narrator::Told;
use crate::demo::party::Party;
use crate::demo::stage::{Stage, until};

/// A day more than the shorter terms of the agreement.
const DAYS: u32 = 181;
/// The reason from the agreement's list.
const REASON: &str = "retention-ended";

pub(super) async fn play(stage: &mut Stage) -> Result<Told> {
    let kept =
        |given: &&Given| Ok(stage.examples.retention(&stage.agreement, &given.clause)? > DAYS);
    let mut stay: BTreeSet<&str> = BTreeSet::new();
    let mut go: BTreeSet<&str> = BTreeSet::new();
    for given in &stage.given {
        let lines = given.preview.iter().filter(|it| it.verdict != Verdict::Withheld);
        let into = if kept(&given)? { &mut stay } else { &mut go };
        into.extend(lines.map(|it| it.id.as_str()));
    }
    let gone = go.difference(&stay).map(|it| (*it).to_owned());
    let gone: Vec<String> = gone.filter(|it| !stage.withdrawn.contains(it)).collect();
    let witness = gone.first().cloned();
    let witness = witness.ok_or_else(|| DemoError::story("nothing has a term so short"))?;

    stage.stop().await?;
    let days = DAYS.to_string();
    for party in [&stage.us, &stage.mx] {
        party.ask(["exercise", "advance", &days]).done().await?;
    }
    tokio::try_join!(stage.us.start(), stage.mx.start())?;
    let (us, mx) = (&stage.us, &stage.mx);
    for party in [us, mx] {
        // a node that serves does it unasked, within a minute
        party.ask(["purge", "run", "--reason", REASON]).done().await?;
    }
    mx.ask(["holdings", "show", &witness]).refused_as("not-found").await?;
    let by_mx = told(us, mx).await?;
    told(mx, us).await?;
    let told = Told {
        line: pick(
            stage.lang,
            format!(
                "{DAYS} days pass: {} objects reach the end of their term and are purged on the side that received them; {by_mx}: mx tells us so",
                gone.len()
            ),
            format!(
                "pasan {DAYS} días: vence el plazo de {} objetos y se eliminan en la parte que los recibió; {by_mx}: mx lo avisa a us",
                gone.len()
            ),
        ),
        details: Vec::new(),
        facts: json!({ "days": DAYS, "purged": gone, "purge": by_mx }),
    };
    stage.withdrawn.extend(gone);
    Ok(told)
}

/// Waits until a party reads that the other purged; gives the folio of that.
async fn told(owner: &Party, receiver: &Party) -> Result<String> {
    let what = format!("the purge of `{}` to arrive at `{}`", receiver.handle, owner.handle);
    until(what, async || {
        let all: Purges = owner.ask(["purge", "list"]).json().await?;
        Ok(all.purges.into_iter().find(|it| it.from == receiver.handle).map(|it| it.folio))
    })
    .await
}
