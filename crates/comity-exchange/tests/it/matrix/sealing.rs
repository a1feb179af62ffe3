//! The same from this side: what a node's own people may not say is not sealed.

use comity_exchange::agreement::{send, suspend, terminate};
use comity_exchange::compose::{ComposeRequest, Selection, compose};
use comity_exchange::propose::{self, Put};
use comity_exchange::recall::{AnswerAct, What, recall};
use comity_exchange::{ExchangeError, advice, consent, recall as recalls, request};
use comity_model::matter::{
    AdviceAct, AdviceTopic, AnswerOutcome, ClarificationAct, ConsentDecision, Decided, Grounds,
    ProposalSubject, RecallAction, Urgency,
};
use comity_model::{Digest, PartyRoot};
use comity_testkit::conduct::{CONSENT, NONE, PROPOSAL, Place, RECALL, REQUEST, TAKEN};
use comity_testkit::{OTHER_CLAUSE, Result, grounds};
use tokio::task::JoinSet;

use super::changed;
use super::world::{World, halt};

const OK: &str = TAKEN;
const DR: &str = "agreement-unsigned";
const NB: &str = "agreement-not-begun";
const SU: &str = "agreement-suspended";
const EN: &str = "agreement-ended";

/// What this party's people try, in this order, and with which code it is refused in each [`Place`]; here *there* is the
/// partner, and *here* this party. Receipts and checkpoints are made by nobody's wish.
#[rustfmt::skip]
const TRIED: &[(&str, [&str; 8])] = &[
    //                  draft  not begun  in force  suspended: here, there  ended  terminated: here, there
    ("release",        [DR,    NB,        OK,       SU,        SU,          EN,    EN,         EN]),
    ("request",        [DR,    NB,        OK,       SU,        SU,          EN,    EN,         EN]),
    ("clarification",  [NONE,  NONE,      OK,       SU,        SU,          EN,    EN,         EN]),
    ("answer",         [NONE,  NONE,      OK,       SU,        SU,          EN,    EN,         EN]),
    ("consent",        [NONE,  NONE,      OK,       SU,        SU,          EN,    EN,         EN]),
    ("consent-answer", [NONE,  NONE,      OK,       SU,        SU,          EN,    EN,         EN]),
    ("proposal",       [DR,    NB,        OK,       SU,        SU,          EN,    EN,         EN]),
    ("decision",       [NONE,  NONE,      OK,       SU,        SU,          EN,    EN,         EN]),
    ("advice",         [DR,    NB,        OK,       SU,        SU,          EN,    EN,         EN]),
    ("recall",         [NONE,  NONE,      OK,       OK,        OK,          OK,    OK,         OK]),
    ("recall-answer",  [NONE,  NONE,      OK,       OK,        OK,          OK,    OK,         OK]),
    ("agreement",      [DR,    OK,        OK,       OK,        OK,          OK,    EN,         EN]),
    ("suspension",     [DR,    OK,        OK,       SU,        OK,          OK,    EN,         EN]),
    ("termination",    [DR,    OK,        OK,       OK,        OK,          OK,    EN,         EN]),
];

#[tokio::test(flavor = "multi_thread")]
async fn owner_decides_what_the_phase_does_not_let_be_said_is_not_sealed_and_stands_in_the_journal()
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
    println!("matrix of what is sealed: {cells} cells");
    assert!(wrong.is_empty(), "{} cells are wrong:\n{}", wrong.len(), wrong.join("\n"));
    Ok(())
}

async fn walk(place: Place) -> Result<(u64, Vec<String>)> {
    let world = World::new(place).await?;
    let column = Place::ALL.iter().position(|it| *it == place).ok_or("no such column")?;
    let (mut cells, mut wrong) = (0, Vec::new());
    for (kind, fates) in TRIED {
        if fates[column] == NONE {
            continue;
        }
        cells += 1;
        wrong.extend(cell(&world, kind, fates[column]).await?);
    }
    Ok((cells, wrong))
}

/// Tries one thing. Gives what is wrong.
async fn cell(world: &World, kind: &str, expected: &str) -> Result<Vec<String>> {
    let mx = world.mx();
    let sealed = "SELECT count(*) FROM statement_out";
    let lines = "SELECT count(*) FROM journal";
    let (before, said, line) = (mx.tables()?, mx.count(sealed)?, mx.count(lines)?);
    let found = attempt(world, kind).await.err();
    let what = format!("{:?}, {kind}: expected {expected}", world.place);
    let code = found.as_ref().map_or(TAKEN, ExchangeError::code);
    let mut wrong = Vec::new();
    if code != expected {
        wrong.push(format!("{what}, found {code}: {found:?}"));
    }
    if expected == TAKEN {
        return Ok(wrong);
    }
    if mx.count(sealed)? != said {
        wrong.push(format!("{what}, and something was sealed"));
    }
    let new = mx.node.store().journal_lines(line, 100).await?;
    if !new.iter().any(|it| it.entry.details["code"] == expected) {
        wrong.push(format!("{what}, and the journal does not say so: {new:?}"));
    }
    let mut foreign = changed(&before, &mx.tables()?);
    foreign.retain(|table| {
        !["counter", "journal", "journal_actor", "journal_head", "journal_tile"]
            .contains(&table.as_str())
    });
    if !foreign.is_empty() {
        wrong.push(format!("{what}, and {foreign:?} changed"));
    }
    Ok(wrong)
}

fn by() -> String {
    "an analyst".to_owned()
}

/// What a person of this party does.
async fn attempt(world: &World, kind: &str) -> Result<(), ExchangeError> {
    let (node, to) = (&world.mx().node, world.wire.pair.us.node.root());
    let agreement = world.wire.agreement.id;
    let targets = world.targets.as_ref();
    let put =
        |place: usize| targets.map_or_else(String::new, |it| it.put_to_us[place].0.to_string());
    let text = || Some("What it is about".to_owned());
    match kind {
        "release" => {
            let request = ComposeRequest {
                to,
                clause: OTHER_CLAUSE.to_owned(),
                purpose: None,
                selection: Selection::Type("indicator".to_owned()),
                grounds: Grounds::default(),
                by: by(),
            };
            compose(node, request).await.map(drop)
        }
        "request" => {
            let ask = request::Ask {
                to,
                urgency: Urgency::Urgent,
                purpose: "precursor-control".to_owned(),
                kinds: Vec::new(),
                legal_basis: Vec::new(),
                text: "What is known?".to_owned(),
                by: by(),
            };
            request::ask(node, ask).await.map(drop)
        }
        "clarification" => {
            let act = ClarificationAct::Ask;
            request::clarify(node, &put(REQUEST), act, text(), "an analyst").await.map(drop)
        }
        "answer" => {
            let answer = request::Answer {
                outcome: AnswerOutcome::NothingFound,
                releases: Vec::new(),
                legal_basis: Vec::new(),
                reasons: Vec::new(),
                text: None,
                by: by(),
            };
            request::answer(node, &put(REQUEST), answer).await.map(drop)
        }
        "consent" => {
            let ask = consent::Ask {
                agreement: None,
                objects: targets.map(|it| it.theirs.1.clone()).into_iter().collect(),
                sought: consent::AskFor::Onward {
                    third_party: third(world),
                    purpose: "precursor-control".to_owned(),
                },
                text: None,
                by: by(),
            };
            consent::ask(node, ask).await.map(drop)
        }
        "consent-answer" => {
            let row = consent::find_consent(node, &put(CONSENT)).await?;
            let answer = consent::Answer {
                decision: ConsentDecision::Denied,
                until: None,
                legal_basis: Vec::new(),
                reasons: Vec::new(),
                text: None,
                by: by(),
            };
            consent::answer(node, &row, answer).await.map(drop)
        }
        "proposal" => {
            let put = Put::new(to, ProposalSubject::JointOperation, "A visit", "an analyst");
            propose::propose(node, put).await.map(drop)
        }
        "decision" => {
            let row = propose::find_proposal(node, &put(PROPOSAL)).await?;
            let answer = propose::Answer {
                decided: Decided::Accepted,
                text: "Agreed".to_owned(),
                office: "Legal department".to_owned(),
                legal_basis: grounds().legal_basis,
                reasons: Vec::new(),
                by: by(),
            };
            propose::answer(node, &row, answer).await.map(drop)
        }
        "advice" => {
            let content = advice::Content { text: text(), attachments: Vec::new(), by: by() };
            let (act, topic) = (AdviceAct::Offer, AdviceTopic::TrainingMaterial);
            advice::open(node, advice::Open { to, act, topic, content }).await.map(drop)
        }
        "recall" => {
            let name = targets.map_or_else(|| Digest::of(b""), |it| it.ours.0).to_string();
            let wish = recalls::Recall {
                what: What::Release { name, objects: Vec::new() },
                action: RecallAction::Purge,
                replacements: Vec::new(),
                grounds: Grounds::default(),
                text: None,
                by: by(),
            };
            recall(node, wish).await.map(drop)
        }
        "recall-answer" => {
            let act = AnswerAct::Refuse;
            let answer = recalls::Answer { act, grounds: Grounds::default(), text: None, by: by() };
            recalls::answer(node, &put(RECALL), answer).await.map(drop)
        }
        "agreement" => send(node, agreement, 1, "an analyst").await.map(drop),
        "suspension" => suspend(node, agreement, halt()).await.map(drop),
        _ => terminate(node, agreement, halt()).await.map(drop),
    }
}

/// A confirmed party with an agreement of its own.
fn third(world: &World) -> PartyRoot {
    let hands = world.hands(comity_testkit::conduct::Sender::Third);
    hands.map_or_else(|_| world.wire.pair.us.node.root(), |(party, _)| party.node.root())
}
