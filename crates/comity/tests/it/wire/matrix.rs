//! Sovereignty as a matrix, against a process that serves: every kind of statement, in the draft and in every state of the
//! agreement that statements lead to, from the partner and from others, over the real link. What is to become of each is the hand-written
//! table of `comity_testkit::conduct`; the journal and every table of the node are read before and after.

use std::collections::BTreeMap;

use comity_exchange::ports::{Clock as _, PouchState};
use comity_testkit::conduct::{
    self, FATES, NONE, Place, Spoken, TAKEN, Target, UNKNOWN, may_change,
};
use comity_testkit::{Forge, tables};
use serde_json::{Value, json};

use super::Case;
use crate::support::{Node, Object, Rival, SystemClock, meet, until};

/// The kinds that lead to another state; they are sent when that state is wanted.
const LEADING: [&str; 2] = ["suspension", "termination"];

/// A statement of `by` that speaks of nothing before it, or of what never was. `None` for those that need a history.
fn statement(by: &Rival, word: &str, target: Target, seed: &str) -> Option<Forge> {
    let there = target != Target::MadeUp;
    let alone = ["run", "match-query", "request", "proposal", "advice"];
    if word == "release" {
        return there.then(|| by.release(seed, &[Object::indicator(7, "")]));
    }
    if there && !alone.contains(&word) && !LEADING.contains(&word) {
        return None;
    }
    let mut forge = by.statement(word, seed);
    forge.body = match word {
        "receipt" | "checkpoint" => conduct::settles_nothing(word, SystemClock.now()),
        _ => conduct::body(word, there, &Spoken::made_up()),
    };
    if word == "checkpoint" {
        forge.more = ["sequence", "previous"].map(|it| (it.to_owned(), Value::Null)).into();
    }
    let bare = ["receipt", "checkpoint", "purge", "descriptor"].contains(&word);
    Some(if bare { forge } else { forge.with_text(&format!("What a {word} says")) })
}

/// The matrix as it is played.
struct Matrix {
    case: Case,
    cells: u32,
    wrong: Vec<String>,
}

impl Matrix {
    fn tables(&self) -> BTreeMap<String, Vec<String>> {
        tables(&self.case.nodes.mx.data().join("comity.db")).unwrap()
    }

    /// Sends one statement over the link of `us`, and notes what is wrong with what became of it.
    async fn cell(&mut self, what: &str, forge: Forge, by: Option<&Rival>, fate: &str) {
        let consumed = by.is_none() && fate != UNKNOWN;
        let before = self.tables();
        let forged = by.unwrap_or(&self.case.us).forge(&forge);
        let found = self.case.us.deliver(&forged).await;
        let code = Some(fate).filter(|it| *it != TAKEN);
        let state = if consumed { PouchState::Consumed } else { PouchState::Refused };
        let answers = ["receipt", "checkpoint"].contains(&forge.kind.as_str());
        // what answers is not answered: why it was refused stands in the journal alone
        let told = code.filter(|_| !(consumed && answers)).map(str::to_owned);
        if found != (state, told) {
            self.wrong.push(format!("{what}: expected {fate}, found {found:?}"));
        }
        let after = self.tables();
        let subject = if consumed { forged.digest } else { forged.pouch_digest }.to_string();
        let new = after["journal"].iter().skip(before["journal"].len());
        let about = |line: &&String| {
            line.contains(&subject)
                && code.is_none_or(|code| line.contains(&format!("\"code\":\"{code}\"")))
        };
        if !new.clone().any(|line| about(&line)) {
            let new: Vec<&String> = new.collect();
            self.wrong.push(format!("{what}: the journal does not say {fate} of it: {new:?}"));
        }
        // receipts and checkpoints over what was consumed before are made meanwhile
        let changed = after.iter().filter(|(table, rows)| before.get(*table) != Some(*rows));
        let foreign: Vec<&String> = changed
            .map(|(table, _)| table)
            .filter(|table| !may_change(table, &forge.kind, fate, true))
            .collect();
        if !foreign.is_empty() {
            self.wrong.push(format!("{what}: {foreign:?} changed"));
        }
        if found.0 == PouchState::Consumed && forge.more.is_empty() {
            self.case.us.went(&forged);
        }
        self.cells += 1;
    }

    /// The signed descriptor of another party than the partner.
    fn of_another(&self) -> String {
        let file = self.case.nodes.mx.file("mx.descriptor");
        std::fs::read_to_string(file).unwrap().trim_end().to_owned()
    }

    /// Everything that leads to no other state, from the partner.
    async fn column(&mut self, place: Place) {
        let column = Place::ALL.iter().position(|it| *it == place).unwrap();
        for (word, target, fates) in FATES {
            let fate = fates[column];
            if fate == NONE || LEADING.contains(word) {
                continue;
            }
            let what = format!("{place:?}, {word} {target:?}");
            if let Some(mut forge) = statement(&self.case.us, word, *target, &what) {
                if *word == "descriptor" {
                    forge.body = json!({ "descriptor": self.of_another() });
                }
                self.cell(&what, forge, None, fate).await;
            }
        }
    }

    /// One statement that may lead to another state.
    async fn step(&mut self, place: Place, word: &str, target: Target) {
        let column = Place::ALL.iter().position(|it| *it == place).unwrap();
        let row = FATES.iter().find(|(kind, it, _)| *kind == word && *it == target).unwrap();
        let what = format!("{place:?}, {word} {target:?}");
        let forge = statement(&self.case.us, word, target, &what).unwrap();
        self.cell(&what, forge, None, row.2[column]).await;
    }

    /// One of every kind, signed by somebody else and brought over the link of `us`.
    async fn others(&mut self, by: &Rival, refusal: &str) {
        let words: Vec<&str> = FATES.iter().map(|(word, ..)| *word).collect();
        for (at, word) in words.iter().enumerate().filter(|(at, word)| !words[..*at].contains(word))
        {
            let what = format!("somebody else, {refusal}, {word} {at}");
            let made_up = statement(by, word, Target::MadeUp, &what);
            let forge = made_up.or_else(|| statement(by, word, Target::There, &what)).unwrap();
            self.cell(&what, forge, Some(by), refusal).await;
        }
    }
}

#[tokio::test]
async fn closed_set_a_running_node_does_with_every_kind_in_every_phase_what_the_table_says() {
    let case = Case::new().await;
    let third = Node::init(case.nodes.folder(), "xx", false).await;
    let xx = Rival::playing(&third, &case.nodes.mx, case.nodes.agreement);
    let id = case.nodes.agreement.id;
    let mut matrix = Matrix { case, cells: 0, wrong: Vec::new() };

    matrix.others(&xx, "unconfirmed-party").await;
    meet(&matrix.case.nodes.mx, &third).await;
    until("its link is known", async || xx.connects().await.then_some(())).await;
    matrix.others(&xx, "not-from-this-link").await;

    let mx = matrix.case.nodes.mx.clone();
    let draft = "agreement new --with us --out draft.toml";
    mx.ok(draft).await;
    let drafted = mx.ok("agreement sign draft.toml").await;
    let bound = matrix.case.us.cites(Some(&drafted));
    matrix.column(Place::Draft).await;
    matrix.case.us.cites(None);
    assert_eq!(bound, id);

    matrix.column(Place::InForce).await;
    matrix.step(Place::InForce, "suspension", Target::MadeUp).await;
    mx.ok(&format!("agreement suspend {id}")).await;
    matrix.column(Place::SuspendedByReceiver).await;
    matrix.step(Place::SuspendedByReceiver, "suspension", Target::MadeUp).await;
    mx.ok(&format!("agreement lift {id}")).await;
    matrix.step(Place::InForce, "suspension", Target::There).await;
    matrix.column(Place::SuspendedBySender).await;
    matrix.step(Place::SuspendedBySender, "suspension", Target::Again).await;
    matrix.step(Place::SuspendedBySender, "suspension", Target::MadeUp).await;
    mx.ok(&format!("agreement terminate {id}")).await;
    matrix.column(Place::TerminatedByReceiver).await;
    matrix.step(Place::TerminatedByReceiver, "suspension", Target::MadeUp).await;
    matrix.step(Place::TerminatedByReceiver, "termination", Target::There).await;
    matrix.step(Place::TerminatedBySender, "termination", Target::Again).await;

    println!("matrix of conduct over the link: {} cells", matrix.cells);
    let wrong = matrix.wrong;
    assert!(matrix.cells > 100 && wrong.is_empty(), "{} cells:\n{}", wrong.len(), wrong.join("\n"));
}
