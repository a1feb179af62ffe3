//! Sovereignty as a matrix: every kind of statement, in every state of an agreement, from everybody who might send it.
//!
//! What is to become of each is written out by hand in `comity_testkit::conduct`. The node is real; the partner signs with its real keys.

mod sealing;
mod statements;
mod world;

use comity_exchange::ports::{JournalLine, PouchState};
use comity_model::statement::Kind;
use comity_testkit::{Forge, Result};
use tokio::task::JoinSet;

use comity_testkit::conduct::{FATES, NONE, Place, Sender, TAKEN, Target, UNKNOWN, may_change};
use world::{Tables, World};

/// Statements that the receiving node made which nobody asked for: all but receipts and cosignatures.
const UNASKED: &str =
    "SELECT count(*) FROM statement_out WHERE kind NOT IN ('receipt', 'checkpoint')";
/// Lines in the journal.
const LINES: &str = "SELECT count(*) FROM journal";

#[tokio::test(flavor = "multi_thread")]
async fn closed_set_every_kind_in_every_phase_from_every_sender_does_what_the_table_says()
-> Result<()> {
    let mut walks = JoinSet::new();
    for place in Place::ALL {
        walks.spawn(async move {
            Box::pin(walk(place)).await.map_err(|error| format!("{place:?}: {error}"))
        });
    }
    let (mut cells, mut wrong) = (0, Vec::new());
    while let Some(walked) = walks.join_next().await {
        let (played, found) = walked??;
        cells += played;
        wrong.extend(found);
    }
    println!("matrix of conduct: {cells} cells");
    assert!(wrong.is_empty(), "{} cells are wrong:\n{}", wrong.len(), wrong.join("\n"));
    Ok(())
}

#[test]
fn closed_set_the_hand_written_table_has_every_kind_and_an_admitted_cell_for_each_that_is_spoken() {
    for kind in Kind::ALL {
        let rows = || FATES.iter().filter(|(word, ..)| *word == kind.as_str());
        assert!(rows().next().is_some(), "{kind} is not in the table");
        let in_force = rows().any(|(_, _, fates)| fates[2] == TAKEN);
        assert_eq!(in_force, Kind::SPOKEN.contains(kind), "{kind} is taken in force");
    }
}

/// Plays one column, and everybody else's attempts before it. Gives the number of cells, and what is wrong in them.
async fn walk(place: Place) -> Result<(u64, Vec<String>)> {
    let mut world = World::new(place).await?;
    let (mut cells, mut wrong) = (0, Vec::new());
    for sender in Sender::OTHERS {
        let mut words: Vec<_> = FATES.iter().map(|(word, target, _)| (*word, *target)).collect();
        words.retain(|(_, target)| *target == Target::There);
        for (word, target) in words {
            let there = statements::forge(&mut world, word, target).await?;
            let forge = if let Some(forge) = there {
                forge
            } else {
                let made_up = statements::forge(&mut world, word, Target::MadeUp).await?;
                made_up.ok_or("nothing can be made up")?
            };
            let refusal = sender.refusal().ok_or("the partner is no other")?;
            wrong.extend(cell(&mut world, sender, forge, (word, refusal, false)).await?);
            cells += 1;
        }
    }
    let column = Place::ALL.iter().position(|it| *it == place).ok_or("no such column")?;
    for (word, target, fates) in FATES {
        let fate = fates[column];
        let Some(forge) = statements::forge(&mut world, word, *target).await? else {
            if fate != NONE {
                wrong.push(format!("{place:?}: {word} {target:?} speaks of what is not there"));
            }
            continue;
        };
        let consumed = fate != UNKNOWN;
        wrong.extend(cell(&mut world, Sender::Partner, forge, (word, fate, consumed)).await?);
        cells += 1;
    }
    Ok((cells, wrong))
}

/// Sends one statement. Gives what is wrong with what became of it, with what the journal says of it, and with what else
/// changed.
async fn cell(
    world: &mut World,
    sender: Sender,
    mut forge: Forge,
    (kind, fate, consumed): (&str, &str, bool),
) -> Result<Vec<String>> {
    let (hands, via) = world.hands(sender)?;
    if hands.node.root() != forge.from {
        forge.from = hands.node.root();
        (forge.sequence, forge.before) = (0, Vec::new());
    }
    let forged = forge.forge(&hands.serve_keys()?, &world.mx().descriptor()?)?;
    let mx = world.mx();
    let (unasked, heard) = (mx.count(UNASKED)?, mx.count(LINES)?);
    let pouch = mx.put(&forged.pouch, Some(via)).await?;
    mx.round().await?;

    let mut wrong = Vec::new();
    let what = format!("{:?}, {sender:?}, {kind}: expected {fate}", world.place);
    let code = Some(fate).filter(|it| *it != TAKEN);
    let state = if consumed { PouchState::Consumed } else { PouchState::Refused };
    let row = world.wire.row(pouch).await?;
    // what answers is not answered: why it was refused stands in the journal alone
    let told = code.filter(|_| !consumed || !["receipt", "checkpoint"].contains(&kind));
    if (row.state, row.code.as_deref()) != (state, told) {
        wrong.push(format!("{what}, found {:?} {:?}", row.state, row.code));
    }
    let (event, subject) =
        if consumed { ("statement-consumed", forged.digest) } else { ("pouch-refused", pouch) };
    let lines = mx.node.store().journal_lines(heard, 100).await?;
    let says =
        |it: &&JournalLine| it.entry.event == event && it.entry.subject == subject.to_string();
    let line = lines.iter().find(says);
    if line.is_none_or(|line| line.entry.details["code"].as_str() != code) {
        wrong.push(format!("{what}, in the journal {line:?}"));
    }
    let now = mx.tables()?;
    let mut foreign = changed(&world.tables, &now);
    foreign.retain(|table| !may_change(table, kind, fate, consumed));
    if !foreign.is_empty() {
        wrong.push(format!("{what}, and {foreign:?} changed"));
    }
    if mx.count(UNASKED)? != unasked {
        wrong.push(format!("{what}, and the node said something by itself"));
    }
    world.tables = now;
    if row.state == PouchState::Consumed && sender == Sender::Partner && forge.more.is_empty() {
        world.wire.before.push(forged.digest);
    }
    Ok(wrong)
}

/// The tables that are not what they were.
fn changed(before: &Tables, after: &Tables) -> Vec<String> {
    let differs = |(table, rows): &(&String, &Vec<String>)| before.get(*table) != Some(*rows);
    after.iter().filter(differs).map(|(table, _)| table.clone()).collect()
}
